export const id = 604;
export const ids = [604];
export const modules = {

/***/ 187:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ sha256)
/* harmony export */ });
/* unused harmony export digestOf */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);


/** Hex SHA-256 of bytes or text. */
function sha256(content) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(content).digest('hex');
}
/** Hex SHA-256 of a JSON value in canonical form (RFC 8785), so that the order of keys does not matter. */
function digestOf(value) {
    return sha256(canonicalize(value) ?? 'undefined');
}


/***/ }),

/***/ 916:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bh: () => (/* binding */ TransferEvidenceError)
/* harmony export */ });
/* unused harmony exports isInfrastructure, exitCodeOf */
/** The one error type. Its message says what was expected, what was found and what to do. */
class TransferEvidenceError extends Error {
    code;
    location;
    constructor(code, message, options = {}) {
        super(message, options.cause === undefined ? undefined : { cause: options.cause });
        this.name = 'TransferEvidenceError';
        this.code = code;
        this.location = options.location;
    }
}
const infrastructure = new Set([
    'runtime-missing',
    'device-unavailable',
    'download-failed',
    'github-denied',
    'github-failed',
    'cancelled',
    'time-out',
]);
/** Infrastructure trouble means "no evidence", never a red gate. */
function isInfrastructure(error) {
    return error instanceof TransferEvidenceError && infrastructure.has(error.code);
}
/** The command line's exit code for an error: 2 the manifest, its data or the call is wrong, 3 infrastructure. */
function exitCodeOf(error) {
    return error instanceof TransferEvidenceError && !infrastructure.has(error.code) ? 2 : 3;
}


/***/ }),

/***/ 847:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ GraphBuilder),
/* harmony export */   z: () => (/* binding */ tensorOf)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(916);
/* harmony import */ var _model_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(826);
/* harmony import */ var _names_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(339);
/* harmony import */ var _protobuf_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(144);




/** Composes a graph node by node; each call returns the name of the tensor it made. */
class GraphBuilder {
    #graph;
    #names = new _names_js__WEBPACK_IMPORTED_MODULE_3__/* .Names */ .f();
    #nodeNames = new _names_js__WEBPACK_IMPORTED_MODULE_3__/* .Names */ .f();
    /** Starts empty, or from a graph to extend (which is not changed). */
    constructor(start) {
        this.#graph =
            typeof start === 'string'
                ? { name: start, nodes: [], inputs: [], outputs: [], initializers: [], valueInfo: [], rest: [] }
                : {
                    ...start,
                    nodes: [...start.nodes],
                    inputs: [...start.inputs],
                    outputs: [...start.outputs],
                    initializers: [...start.initializers],
                };
        for (const info of this.#graph.inputs)
            this.#names.add(info.name);
        for (const tensor of this.#graph.initializers)
            this.#names.add(tensor.name);
        for (const node of this.#graph.nodes) {
            this.#nodeNames.add(node.name);
            for (const output of node.outputs)
                this.#names.add(output);
        }
    }
    input(name, dims, type = 'float32') {
        this.#claim(name);
        this.#graph.inputs.push({ name, tensor: { type, dims }, rest: [] });
        return name;
    }
    /** Makes a tensor of the graph around this one readable: the body of a Loop may read what lies outside. */
    outer(name) {
        this.#claim(name);
        return name;
    }
    output(name, dims, type = 'float32') {
        return this.#output({ name, tensor: { type, ...(dims && { dims }) }, rest: [] });
    }
    /** An output that is a sequence of float32 tensors. */
    sequenceOutput(name) {
        return this.#output({ name, otherType: sequenceOfFloats(), rest: [] });
    }
    #output(info) {
        const { name } = info;
        if (!this.#names.has(name))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('model-invalid', `The output ${name} is made by no node.`);
        this.#graph.outputs.push(info);
        return name;
    }
    /** A constant as it stands, under a name of its own. */
    tensor(tensor) {
        const own = this.#names.free(tensor.name);
        this.#graph.initializers.push({ ...tensor, name: own });
        return own;
    }
    /** A float32 (Float32Array) or int64 (number[]) constant. */
    constant(name, values, dims = [values.length]) {
        return this.tensor(tensorOf(name, values, dims));
    }
    /** Appends a node with one output, named after `name` or the operator. */
    node(op, inputs, attributes = {}, name = op) {
        return this.nodes(op, inputs, attributes, [name])[0];
    }
    /** Appends a node with as many outputs as names. `domain` '' stands for the standard operators. */
    nodes(op, inputs, attributes, names, domain = '') {
        for (const input of inputs)
            if (input !== '' && !this.#names.has(input))
                throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('model-invalid', `Node ${op} reads tensor ${input}, which is made by no node.`);
        const outputs = names.map((name) => this.#names.free(name));
        const node = {
            name: this.#nodeNames.free(outputs[0]),
            op,
            domain,
            inputs: [...inputs],
            outputs,
            attributes: {},
            rest: [],
        };
        for (const [key, value] of Object.entries(attributes))
            node.attributes[key] = attributeOf(value);
        this.#graph.nodes.push(node);
        return outputs;
    }
    graph() {
        return this.#graph;
    }
    /**
     * The graph as a model of its own. IR version 8 and opset 17 (ONNX 1.12) are read by every runtime in use.
     * @param domains other operator sets than the standard one, each in its version 1
     */
    model(opset = 17, domains = []) {
        const opsets = [{ domain: '', version: opset }, ...domains.map((domain) => ({ domain, version: 1 }))];
        return { irVersion: 8, opsets, graph: this.#graph, metadata: {}, rest: [] };
    }
    #claim(name) {
        if (this.#names.has(name))
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('model-invalid', `There is a tensor ${name} already.`);
        this.#names.add(name);
    }
}
/** As protobuf: TypeProto { sequence_type: { elem_type: TypeProto { tensor_type: { elem_type: FLOAT } } } }. */
function sequenceOfFloats() {
    const writer = new _protobuf_js__WEBPACK_IMPORTED_MODULE_2__/* .ProtobufWriter */ .FI();
    writer.message(4, (sequence) => sequence.message(1, (type) => type.message(1, (tensor) => tensor.integer(1, 1))));
    return writer.finish();
}
/** A float32 (Float32Array) or int64 (number[], saturating) constant; `dims` defaults to a vector's. */
function tensorOf(name, values, dims = [values.length]) {
    if ((0,_model_js__WEBPACK_IMPORTED_MODULE_1__/* .elements */ .Yt)(dims) !== values.length)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('shape-mismatch', `Constant ${name}: shape [${dims.join(', ')}] does not hold ${values.length} values.`);
    if (values instanceof Float32Array)
        return {
            name,
            type: 'float32',
            dims: [...dims],
            data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        };
    return { name, type: 'int64', dims: [...dims], data: new Uint8Array(BigInt64Array.from(values, _protobuf_js__WEBPACK_IMPORTED_MODULE_2__/* .int64 */ .Gk).buffer) };
}
function attributeOf(value) {
    if (typeof value === 'number')
        return { kind: 'int', value };
    if (typeof value === 'string')
        return { kind: 'string', value };
    if (Array.isArray(value))
        return typeof value[0] === 'string'
            ? { kind: 'strings', value: value }
            : { kind: 'ints', value: value };
    if ('float' in value)
        return { kind: 'float', value: value.float };
    if ('floats' in value)
        return { kind: 'floats', value: value.floats };
    if ('graph' in value)
        return { kind: 'graph', value: value.graph };
    return { kind: 'tensor', value: value.tensor };
}


/***/ }),

/***/ 826:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FU: () => (/* binding */ float32Of),
/* harmony export */   Wk: () => (/* binding */ elementTypes),
/* harmony export */   Yt: () => (/* binding */ elements),
/* harmony export */   cZ: () => (/* binding */ numbersOf),
/* harmony export */   e4: () => (/* binding */ bitsOf),
/* harmony export */   n6: () => (/* binding */ integersOf)
/* harmony export */ });
/** ONNX's element types, by their code. */
const elementTypes = {
    1: 'float32',
    2: 'uint8',
    3: 'int8',
    4: 'uint16',
    5: 'int16',
    6: 'int32',
    7: 'int64',
    8: 'string',
    9: 'bool',
    10: 'float16',
    11: 'float64',
    12: 'uint32',
    13: 'uint64',
    14: 'complex64',
    15: 'complex128',
    16: 'bfloat16',
    17: 'float8e4m3fn',
    18: 'float8e4m3fnuz',
    19: 'float8e5m2',
    20: 'float8e5m2fnuz',
    21: 'uint4',
    22: 'int4',
    23: 'float4e2m1',
    24: 'float8e8m0',
    25: 'uint2',
    26: 'int2',
};
/** Bits of one element; strings have none. */
const bitsOf = {
    float32: 32,
    uint8: 8,
    int8: 8,
    uint16: 16,
    int16: 16,
    int32: 32,
    int64: 64,
    bool: 8,
    float16: 16,
    float64: 64,
    uint32: 32,
    uint64: 64,
    complex64: 64,
    complex128: 128,
    bfloat16: 16,
    float8e4m3fn: 8,
    float8e4m3fnuz: 8,
    float8e5m2: 8,
    float8e5m2fnuz: 8,
    uint4: 4,
    int4: 4,
    float4e2m1: 4,
    float8e8m0: 8,
    uint2: 2,
    int2: 2,
};
/** Elements of a tensor as float32; a copy only when the file does not align them. `type` must be float32. */
function float32Of(tensor) {
    const { data } = tensor;
    const aligned = data.byteOffset % 4 === 0 ? data : Uint8Array.from(data);
    return new Float32Array(aligned.buffer, aligned.byteOffset, data.byteLength >> 2);
}
/** Elements of an int64 or int32 tensor as numbers, or undefined for another type. */
function integersOf(tensor) {
    const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
    if (tensor.type === 'int64')
        return Array.from({ length: view.byteLength >> 3 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
    if (tensor.type === 'int32')
        return Array.from({ length: view.byteLength >> 2 }, (_, i) => view.getInt32(4 * i, true));
    return undefined;
}
/** Elements of a tensor of numbers or truth values as numbers, or undefined for a type that is seldom a parameter. */
function numbersOf(tensor) {
    if (tensor.type === 'float32')
        return Array.from(float32Of(tensor));
    if (tensor.type === 'bool')
        return Array.from(tensor.data);
    return integersOf(tensor);
}
/** The number of elements that a shape holds. */
function elements(dims) {
    return dims.reduce((product, size) => product * size, 1);
}


/***/ }),

/***/ 339:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ Names)
/* harmony export */ });
/** Names in use, and names that are not. */
class Names {
    #taken = new Set();
    /** By name, the least number that may still be free behind it: names are never given back. */
    #next = new Map();
    has(name) {
        return this.#taken.has(name);
    }
    add(name) {
        this.#taken.add(name);
    }
    /** `name` itself or, when taken, `name_2`, `name_3`, …; takes it. */
    free(name) {
        let found = name;
        let number = this.#next.get(name) ?? 2;
        while (this.#taken.has(found))
            found = `${name}_${number++}`;
        this.#next.set(name, number);
        this.#taken.add(found);
        return found;
    }
}


/***/ }),

/***/ 144:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FI: () => (/* binding */ ProtobufWriter),
/* harmony export */   Gk: () => (/* binding */ int64),
/* harmony export */   Wy: () => (/* binding */ wireType),
/* harmony export */   te: () => (/* binding */ ProtobufReader)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(916);

/** Protocol Buffers' wire types. 3 and 4 (groups) are long obsolete and never occur in ONNX. */
const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };
const text = new TextDecoder();
const utf8 = new TextEncoder();
/**
 * Walks over one message of untrusted bytes. Length-delimited fields are views, never copies, and every length is checked
 * against what is left, so that nothing is allocated on a hostile number's word.
 */
class ProtobufReader {
    bytes;
    /** What is being read, for messages: “node conv1”. */
    subject;
    #position = 0;
    #fieldStart = 0;
    #view;
    constructor(bytes, subject) {
        this.bytes = bytes;
        this.subject = subject;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    get done() {
        return this.#position >= this.bytes.length;
    }
    /** Reads the next field's number and wire type. */
    tag() {
        this.#fieldStart = this.#position;
        const key = this.varint();
        const field = Number(key >> 3n);
        const wire = Number(key & 7n);
        if (field < 1 || field > 536_870_911)
            this.fail(`field number ${field} does not exist`);
        return { field, wire };
    }
    /** An unsigned 64-bit varint. */
    varint() {
        let low = 0;
        let high = 0n;
        for (let i = 0; i < 10; i++) {
            const byte = this.bytes[this.#position++];
            if (byte === undefined)
                this.fail('it ends in the middle of a number');
            if (i < 4)
                low |= (byte & 127) << (7 * i);
            else
                high |= BigInt(byte & 127) << BigInt(7 * i);
            if (byte < 128)
                return BigInt.asUintN(64, high | BigInt(low));
        }
        return this.fail('a number has more than 10 bytes');
    }
    /** A signed 64-bit integer (int64, int32, enum). */
    integer(wire) {
        this.#expect(wire, wireType.varint);
        return BigInt.asIntN(64, this.varint());
    }
    /** A signed integer as a number; values beyond 2⁵³ lose their last bits, which only “to the end” markers use. */
    number(wire) {
        return Number(this.integer(wire));
    }
    float(wire) {
        this.#expect(wire, wireType.fixed32);
        return this.#view.getFloat32(this.#take(4), true);
    }
    /** A view of a length-delimited field. */
    field(wire) {
        this.#expect(wire, wireType.bytes);
        const length = this.varint();
        if (length > BigInt(this.bytes.length - this.#position))
            this.fail(`a field wants ${length} bytes and ${this.bytes.length - this.#position} are left`);
        const start = this.#take(Number(length));
        return this.bytes.subarray(start, start + Number(length));
    }
    string(wire) {
        return text.decode(this.field(wire));
    }
    /** One or more values of a repeated number, packed or not. */
    integers(wire, into) {
        if (wire === wireType.bytes) {
            const packed = new ProtobufReader(this.field(wire), this.subject);
            while (!packed.done)
                into.push(Number(BigInt.asIntN(64, packed.varint())));
        }
        else
            into.push(this.number(wire));
    }
    floats(wire, into) {
        if (wire === wireType.bytes) {
            const packed = new ProtobufReader(this.field(wire), this.subject);
            while (!packed.done)
                into.push(packed.float(wireType.fixed32));
        }
        else
            into.push(this.float(wire));
    }
    /** Skips the current field's value and returns the whole field, tag included, as it stands. */
    skip(wire) {
        if (wire === wireType.varint)
            this.varint();
        else if (wire === wireType.fixed64)
            this.#take(8);
        else if (wire === wireType.bytes)
            this.field(wire);
        else if (wire === wireType.fixed32)
            this.#take(4);
        else
            this.fail(`wire type ${wire} does not exist`);
        return this.bytes.subarray(this.#fieldStart, this.#position);
    }
    /** What follows the last thing read. */
    remaining() {
        return this.bytes.subarray(this.#position);
    }
    fail(what) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('model-invalid', `This is not a whole ONNX model: in ${this.subject}, at byte ${this.#position}, ${what}. Export or download the file again.`);
    }
    #take(length) {
        const start = this.#position;
        if (start + length > this.bytes.length)
            this.fail('it ends too early');
        this.#position = start + length;
        return start;
    }
    #expect(found, expected) {
        if (found !== expected)
            this.fail(`a field has wire type ${found} where ${expected} belongs`);
    }
}
/** Collects one message. Large byte fields are kept by reference and copied once, in {@link finish}. */
class ProtobufWriter {
    #parts = [];
    #length = 0;
    get length() {
        return this.#length;
    }
    raw(bytes) {
        this.#parts.push(bytes);
        this.#length += bytes.length;
    }
    varint(value) {
        const bytes = [];
        let rest = BigInt.asUintN(64, value);
        while (rest > 127n) {
            bytes.push(Number(rest & 127n) | 128);
            rest >>= 7n;
        }
        bytes.push(Number(rest));
        this.raw(Uint8Array.from(bytes));
    }
    /** An int64; numbers beyond its range saturate, so that “to the end” survives the way through a JavaScript number. */
    integer(field, value) {
        this.#tag(field, wireType.varint);
        this.varint(int64(value));
    }
    float(field, value) {
        this.#tag(field, wireType.fixed32);
        this.raw(new Uint8Array(Float32Array.of(value).buffer));
    }
    bytes(field, value) {
        this.#tag(field, wireType.bytes);
        this.varint(BigInt(value.length));
        this.raw(value);
    }
    string(field, value) {
        this.bytes(field, utf8.encode(value));
    }
    message(field, write) {
        const inner = new ProtobufWriter();
        write(inner);
        this.#tag(field, wireType.bytes);
        this.varint(BigInt(inner.length));
        for (const part of inner.#parts)
            this.raw(part);
    }
    /** A packed repeated int64. */
    integers(field, values) {
        const inner = new ProtobufWriter();
        for (const value of values)
            inner.varint(int64(value));
        this.bytes(field, inner.finish());
    }
    floats(field, values) {
        this.bytes(field, new Uint8Array(Float32Array.from(values).buffer));
    }
    finish() {
        const out = new Uint8Array(this.#length);
        let at = 0;
        for (const part of this.#parts) {
            out.set(part, at);
            at += part.length;
        }
        return out;
    }
    #tag(field, wire) {
        this.varint(BigInt(field * 8 + wire));
    }
}
/** A whole number as an int64; beyond its range it saturates. */
function int64(value) {
    if (value >= 2 ** 63)
        return 2n ** 63n - 1n;
    if (value <= -(2 ** 63))
        return -(2n ** 63n);
    return BigInt(value);
}


/***/ }),

/***/ 208:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ writeModel)
/* harmony export */ });
/* harmony import */ var _model_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(826);
/* harmony import */ var _protobuf_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(144);


const codes = Object.fromEntries(Object.entries(_model_js__WEBPACK_IMPORTED_MODULE_0__/* .elementTypes */ .Wk).map(([code, type]) => [type, Number(code)]));
/** The model as an ONNX file's bytes. The same model gives the same bytes. */
function writeModel(model) {
    const writer = new _protobuf_js__WEBPACK_IMPORTED_MODULE_1__/* .ProtobufWriter */ .FI();
    writer.integer(1, model.irVersion);
    for (const { domain, version } of model.opsets)
        writer.message(8, (opset) => {
            if (domain !== '')
                opset.string(1, domain);
            opset.integer(2, version);
        });
    for (const rest of model.rest)
        writer.raw(rest);
    for (const [key, value] of Object.entries(model.metadata))
        writer.message(14, (entry) => writeEntry(entry, key, value));
    writer.message(7, (graph) => writeGraph(graph, model.graph));
    return writer.finish();
}
function writeEntry(writer, key, value) {
    writer.string(1, key);
    writer.string(2, value);
}
function writeGraph(writer, graph) {
    for (const node of graph.nodes)
        writer.message(1, (inner) => writeNode(inner, node));
    writer.string(2, graph.name);
    for (const tensor of graph.initializers)
        writer.message(5, (inner) => writeTensor(inner, tensor));
    for (const info of graph.inputs)
        writer.message(11, (inner) => writeValueInfo(inner, info));
    for (const info of graph.outputs)
        writer.message(12, (inner) => writeValueInfo(inner, info));
    for (const info of graph.valueInfo)
        writer.message(13, (inner) => writeValueInfo(inner, info));
    for (const rest of graph.rest)
        writer.raw(rest);
}
function writeNode(writer, node) {
    for (const input of node.inputs)
        writer.string(1, input);
    for (const output of node.outputs)
        writer.string(2, output);
    if (node.name !== '')
        writer.string(3, node.name);
    writer.string(4, node.op);
    if (node.domain !== '')
        writer.string(7, node.domain);
    for (const [name, attribute] of Object.entries(node.attributes))
        if (attribute.kind === 'other')
            writer.bytes(5, attribute.value);
        else
            writer.message(5, (inner) => writeAttribute(inner, name, attribute));
    for (const rest of node.rest)
        writer.raw(rest);
}
const attributeCodes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8, graphs: 10 };
function writeAttribute(writer, name, attribute) {
    const { kind, value } = attribute;
    writer.string(1, name);
    writer.integer(20, attributeCodes[kind]);
    if (kind === 'float')
        writer.float(2, value);
    else if (kind === 'int')
        writer.integer(3, value);
    else if (kind === 'string')
        writer.string(4, value);
    else if (kind === 'tensor')
        writer.message(5, (inner) => writeTensor(inner, value));
    else if (kind === 'graph')
        writer.message(6, (inner) => writeGraph(inner, value));
    else if (kind === 'floats')
        writer.floats(7, value);
    else if (kind === 'ints')
        writer.integers(8, value);
    else if (kind === 'strings')
        for (const text of value)
            writer.string(9, text);
    else
        for (const graph of value)
            writer.message(11, (inner) => writeGraph(inner, graph));
}
function writeTensor(writer, tensor) {
    if (tensor.dims.length > 0)
        writer.integers(1, tensor.dims);
    writer.integer(2, codes[tensor.type]);
    if (tensor.name !== '')
        writer.string(8, tensor.name);
    if (tensor.external) {
        const { location, offset, length } = tensor.external;
        writer.message(13, (entry) => writeEntry(entry, 'location', location));
        writer.message(13, (entry) => writeEntry(entry, 'offset', `${offset}`));
        if (length !== undefined)
            writer.message(13, (entry) => writeEntry(entry, 'length', `${length}`));
        writer.integer(14, 1);
    }
    else if (tensor.strings)
        for (const value of tensor.strings)
            writer.bytes(6, value);
    else
        writer.bytes(9, tensor.data);
}
function writeValueInfo(writer, info) {
    writer.string(1, info.name);
    const { tensor } = info;
    if (info.otherType)
        writer.bytes(2, info.otherType);
    else if (tensor)
        writer.message(2, (type) => type.message(1, (inner) => {
            inner.integer(1, codes[tensor.type]);
            const { dims } = tensor;
            if (dims)
                inner.message(2, (shape) => {
                    for (const size of dims)
                        shape.message(1, (dim) => {
                            if (typeof size === 'number')
                                dim.integer(1, size);
                            else if (size !== undefined)
                                dim.string(2, size);
                        });
                });
        }));
    for (const rest of info.rest)
        writer.raw(rest);
}


/***/ }),

/***/ 639:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  I: () => (/* binding */ seededRandom)
});

;// CONCATENATED MODULE: ./node_modules/pure-rand/lib/esm/distribution/uniformFloat64.js
//#region src/distribution/uniformFloat64.ts
const scale26 = 1.4901161193847656e-8;
const scale53 = 11102230246251565e-32;
const mask1 = 67108863;
const mask2 = 134217727;
/**
* Uniformly generate random 64-bit floating point values between 0 (included) and 1 (excluded)
*
* @remarks Generated values are multiples of 2**-53, providing 53 bits of randomness.
*
* @param rng - Instance of RandomGenerator to extract random values from
*
* @public
*/
function uniformFloat64(rng) {
	const value1 = rng.next() & mask1;
	const value2 = rng.next() & mask2;
	return value1 * scale26 + value2 * scale53;
}
//#endregion


;// CONCATENATED MODULE: ./node_modules/pure-rand/lib/esm/distribution/uniformInt.js
//#region src/distribution/internals/uniformIntInternal.ts
/**
* Uniformly generate number in range [0 ; rangeSize[
* With rangeSize <= 0x100000000
* @internal
*/
function uniformIntInternal(rng, rangeSize) {
	const MaxAllowed = rangeSize > 2 ? ~~(4294967296 / rangeSize) * rangeSize : 4294967296;
	let deltaV = rng.next() + 2147483648;
	while (deltaV >= MaxAllowed) deltaV = rng.next() + 2147483648;
	return deltaV % rangeSize;
}
//#endregion
//#region src/distribution/internals/ArrayInt64.ts
/**
* We only accept safe integers here
* @internal
*/
function fromNumberToArrayInt64(out, n) {
	if (n < 0) {
		const posN = -n;
		out.sign = -1;
		out.data[0] = ~~(posN / 4294967296);
		out.data[1] = posN >>> 0;
	} else {
		out.sign = 1;
		out.data[0] = ~~(n / 4294967296);
		out.data[1] = n >>> 0;
	}
	return out;
}
/**
* Substract two ArrayInt of 64 bits on 64 bits.
* With arrayIntA - arrayIntB >= 0
* @internal
*/
function substractArrayInt64(out, arrayIntA, arrayIntB) {
	const lowA = arrayIntA.data[1];
	const highA = arrayIntA.data[0];
	const signA = arrayIntA.sign;
	const lowB = arrayIntB.data[1];
	const highB = arrayIntB.data[0];
	const signB = arrayIntB.sign;
	out.sign = 1;
	if (signA === 1 && signB === -1) {
		const low = lowA + lowB;
		const high = highA + highB + (low > 4294967295 ? 1 : 0);
		out.data[0] = high >>> 0;
		out.data[1] = low >>> 0;
		return out;
	}
	let lowFirst = lowA;
	let highFirst = highA;
	let lowSecond = lowB;
	let highSecond = highB;
	if (signA === -1) {
		lowFirst = lowB;
		highFirst = highB;
		lowSecond = lowA;
		highSecond = highA;
	}
	let reminderLow = 0;
	let low = lowFirst - lowSecond;
	if (low < 0) {
		reminderLow = 1;
		low = low >>> 0;
	}
	out.data[0] = highFirst - highSecond - reminderLow;
	out.data[1] = low;
	return out;
}
//#endregion
//#region src/distribution/internals/uniformArrayIntInternal.ts
/**
* Uniformly generate ArrayInt64 in range [0 ; rangeSize[
*
* @remarks
* In the worst case scenario it may discard half of the randomly generated value.
* Worst case being: most significant number is 1 and remaining part evaluates to 0.
*
* @internal
*/
function uniformArrayIntInternal(rng, out, rangeSize) {
	const maxIndex0 = rangeSize[0] + 1;
	out[0] = uniformIntInternal(rng, maxIndex0);
	out[1] = uniformIntInternal(rng, 4294967296);
	while (out[0] >= rangeSize[0] && (out[0] !== rangeSize[0] || out[1] >= rangeSize[1])) {
		out[0] = uniformIntInternal(rng, maxIndex0);
		out[1] = uniformIntInternal(rng, 4294967296);
	}
	return out;
}
//#endregion
//#region src/distribution/uniformInt.ts
const safeNumberMaxSafeInteger = Number.MAX_SAFE_INTEGER;
const sharedA = {
	sign: 1,
	data: [0, 0]
};
const sharedB = {
	sign: 1,
	data: [0, 0]
};
const sharedC = {
	sign: 1,
	data: [0, 0]
};
const sharedData = [0, 0];
function uniformLargeIntInternal(rng, from, to, rangeSize) {
	const rangeSizeArrayIntValue = rangeSize <= safeNumberMaxSafeInteger ? fromNumberToArrayInt64(sharedC, rangeSize) : substractArrayInt64(sharedC, fromNumberToArrayInt64(sharedA, to), fromNumberToArrayInt64(sharedB, from));
	if (rangeSizeArrayIntValue.data[1] === 4294967295) {
		rangeSizeArrayIntValue.data[0] += 1;
		rangeSizeArrayIntValue.data[1] = 0;
	} else rangeSizeArrayIntValue.data[1] += 1;
	uniformArrayIntInternal(rng, sharedData, rangeSizeArrayIntValue.data);
	return sharedData[0] * 4294967296 + sharedData[1] + from;
}
/**
* Uniformly generate random integer values between `from` (included) and `to` (included)
*
* @param rng - Instance of RandomGenerator to extract random values from
* @param from - Lower bound of the range (included)
* @param to - Upper bound of the range (included)
*
* @public
*/
function uniformInt(rng, from, to) {
	const rangeSize = to - from;
	if (rangeSize <= 4294967295) return uniformIntInternal(rng, rangeSize + 1) + from;
	return uniformLargeIntInternal(rng, from, to, rangeSize);
}
//#endregion


;// CONCATENATED MODULE: ./node_modules/pure-rand/lib/esm/generator/xoroshiro128plus.js
//#region src/generator/xoroshiro128plus.ts
const jumps = [
	3639956645,
	3750757012,
	1261568508,
	386426335
];
var XoroShiro128Plus = class XoroShiro128Plus {
	constructor(s01, s00, s11, s10) {
		this.s01 = s01;
		this.s00 = s00;
		this.s11 = s11;
		this.s10 = s10;
	}
	clone() {
		return new XoroShiro128Plus(this.s01, this.s00, this.s11, this.s10);
	}
	next() {
		const out = this.s00 + this.s10 | 0;
		const a0 = this.s10 ^ this.s00;
		const a1 = this.s11 ^ this.s01;
		const s00 = this.s00;
		const s01 = this.s01;
		this.s00 = s00 << 24 ^ s01 >>> 8 ^ a0 ^ a0 << 16;
		this.s01 = s01 << 24 ^ s00 >>> 8 ^ a1 ^ (a1 << 16 | a0 >>> 16);
		this.s10 = a1 << 5 ^ a0 >>> 27;
		this.s11 = a0 << 5 ^ a1 >>> 27;
		return out;
	}
	jump() {
		let ns01 = 0;
		let ns00 = 0;
		let ns11 = 0;
		let ns10 = 0;
		let s01 = this.s01;
		let s00 = this.s00;
		let s11 = this.s11;
		let s10 = this.s10;
		for (let i = 0; i !== 4; ++i) {
			const ji = jumps[i];
			for (let mask = 1; mask; mask <<= 1) {
				if (ji & mask) {
					ns01 ^= s01;
					ns00 ^= s00;
					ns11 ^= s11;
					ns10 ^= s10;
				}
				const a0 = s10 ^ s00;
				const a1 = s11 ^ s01;
				const s00_ = s00;
				const s01_ = s01;
				s00 = s00_ << 24 ^ s01_ >>> 8 ^ a0 ^ a0 << 16;
				s01 = s01_ << 24 ^ s00_ >>> 8 ^ a1 ^ (a1 << 16 | a0 >>> 16);
				s10 = a1 << 5 ^ a0 >>> 27;
				s11 = a0 << 5 ^ a1 >>> 27;
			}
		}
		this.s01 = ns01;
		this.s00 = ns00;
		this.s11 = ns11;
		this.s10 = ns10;
	}
	getState() {
		return [
			this.s01,
			this.s00,
			this.s11,
			this.s10
		];
	}
};
function xoroshiro128plusFromState(state) {
	if (!(state.length === 4)) throw new Error("The state must have been produced by a xoroshiro128plus RandomGenerator");
	return new XoroShiro128Plus(state[0], state[1], state[2], state[3]);
}
function xoroshiro128plus(seed) {
	return new XoroShiro128Plus(-1, ~seed, seed | 0, 0);
}
//#endregion


// EXTERNAL MODULE: ./src/digest.ts
var digest = __webpack_require__(187);
;// CONCATENATED MODULE: ./src/random.ts




/**
 * A generator for one purpose. Two purposes under one seed are independent, so that adding a measure
 * never moves the numbers of another.
 */
function seededRandom(seed, ...purpose) {
    const generator = xoroshiro128plus(Number.parseInt((0,digest/* sha256 */.s)([seed, ...purpose].join('\u0000')).slice(0, 8), 16) | 0);
    const next = () => uniformFloat64(generator);
    const integer = (below) => uniformInt(generator, 0, below - 1);
    return {
        next,
        integer,
        normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
        shuffled: (items) => {
            const out = [...items];
            for (let i = out.length - 1; i > 0; i--) {
                const j = integer(i + 1);
                [out[i], out[j]] = [out[j], out[i]];
            }
            return out;
        },
    };
}


/***/ }),

/***/ 587:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ requireNative)
/* harmony export */ });
/* harmony import */ var node_module__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(995);
/* harmony import */ var node_module__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_module__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);


function requireNative(name, folder) {
    return (0,node_module__WEBPACK_IMPORTED_MODULE_0__.createRequire)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(folder), 'package.json'))(name);
}


/***/ })

};
