export const id = 250;
export const ids = [250];
export const modules = {

/***/ 488:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  aU: () => (/* binding */ trainableOf)
});

// UNUSED EXPORTS: countParameters, kernelOf, sourcesOf

// EXTERNAL MODULE: ./src/onnx/constants.ts
var constants = __webpack_require__(478);
// EXTERNAL MODULE: ./src/onnx/model.ts
var model = __webpack_require__(826);
// EXTERNAL MODULE: ./src/onnx/upgrade/rewriting.ts
var rewriting = __webpack_require__(727);
;// CONCATENATED MODULE: ./src/onnx/least-size.ts



/** Tensors of more dimensions are nobody's: their dimensions are not followed, so that each step stays cheap. */
const mostDimensions = 64;
const unknown = { count: 1 };
function sized(dims) {
    const clean = dims.map((size) => Math.max(0, Math.floor(size)));
    const count = clean.includes(0) ? 0 : (0,model/* elements */.Yt)(clean);
    return clean.length > mostDimensions || Number.isNaN(count) ? { count: count || 1 } : { count, dims: clean };
}
/** A lower bound for every output of a standard operator; 1 element where nothing better is known. */
function leastSizeOf(node, known) {
    return rules.get(node.op)?.(node, known) ?? unknown;
}
const same = (_, known) => known.size(0);
/** Another arrangement of the same elements. */
const rearranged = (_, known) => ({ count: known.size(0).count });
const broadcast = (node, known) => together(node.inputs.map((_, i) => known.size(i)));
/** Not Math.max(…values): a stranger's node may have more inputs than a call has arguments. At least 1. */
const largest = (values) => values.reduce((a, b) => Math.max(a, b), 1);
function together(sizes) {
    const lists = sizes.map(({ dims }) => dims);
    if (!lists.every((dims) => dims !== undefined))
        return { count: largest(sizes.map(({ count }) => count)) };
    const rank = lists.reduce((most, dims) => Math.max(most, dims.length), 0);
    return sized(Array.from({ length: rank }, (_, i) => largest(lists.map((dims) => dims[i - rank + dims.length] ?? 1))));
}
const integers = (known, input) => {
    const tensor = known.constant(input);
    return tensor && (0,model/* integersOf */.n6)(tensor);
};
const floats = (known, input) => {
    const tensor = known.constant(input);
    return tensor?.type === 'float32' ? [...(0,model/* float32Of */.FU)(tensor)] : undefined;
};
/** An output whose shape, or a part of it, is the constant at `input`. */
const shapedBy = (input) => (_, known) => {
    const shape = integers(known, input);
    return shape ? { count: sized(shape).count } : unknown;
};
const concat = (node, known) => {
    const sizes = node.inputs.map((_, i) => known.size(i));
    const count = sizes.reduce((sum, size) => sum + size.count, 0);
    const axis = (0,constants/* intAttribute */.ux)(node, 'axis', 0);
    const [first, ...others] = sizes.map(({ dims }) => dims);
    if (!first || !others.every((dims) => dims?.length === first.length))
        return { count };
    const along = axis < 0 ? axis + first.length : axis;
    const all = [first, ...others];
    return sized(first.map((_, i) => i === along ? all.reduce((sum, dims) => sum + dims[i], 0) : largest(all.map((dims) => dims[i]))));
};
const tile = (_, known) => {
    const { dims, count } = known.size(0);
    const repeats = integers(known, 1);
    if (!repeats)
        return unknown;
    return dims ? sized(dims.map((size, i) => size * (repeats[i] ?? 1))) : { count: count * sized(repeats).count };
};
const expand = (_, known) => {
    const shape = integers(known, 1);
    return shape ? together([known.size(0), sized(shape)]) : known.size(0);
};
const reshape = (_, known) => {
    const { count, dims = [] } = known.size(0);
    const shape = integers(known, 1);
    if (!shape)
        return { count };
    const fixed = shape.map((size, i) => (size === 0 ? (dims[i] ?? 1) : size));
    const rest = Math.floor(count / (0,model/* elements */.Yt)(fixed.filter((size) => size > 0)));
    return sized(fixed.map((size) => (size < 0 ? Math.max(1, rest) : size)));
};
const pad = (node, known) => {
    const pads = (0,constants/* intsAttribute */.R6)(node, 'pads') ?? integers(known, 1);
    if (!pads)
        return unknown;
    const half = pads.length >> 1;
    const amounts = pads.slice(0, half).map((before, i) => before + pads[i + half]);
    const { dims } = known.size(0);
    const axes = (node.inputs[3] ?? '') === '' ? amounts.map((_, i) => i) : integers(known, 3);
    if (!dims || !axes)
        return { count: sized(amounts.map((amount) => Math.max(1, amount + 1))).count };
    const padded = [...dims];
    axes.forEach((axis, i) => {
        const at = axis < 0 ? axis + dims.length : axis;
        if (at in padded)
            padded[at] = Math.max(1, padded[at] + (amounts[i] ?? 0));
    });
    return sized(padded);
};
const resize = (node, known) => {
    const { dims, count } = known.size(0);
    if ((0,rewriting/* stringAttribute */.MR)(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
        return unknown;
    const sizes = integers(known, 3);
    // Upsample and Resize 10 take the scales second, later ones third.
    const scales = floats(known, node.inputs.length === 2 ? 1 : 2);
    const axes = (0,constants/* intsAttribute */.R6)(node, 'axes') ?? (sizes ?? scales ?? []).map((_, i) => i);
    const along = (change) => {
        const all = [...dims];
        axes.forEach((axis, i) => {
            const at = axis < 0 ? axis + all.length : axis;
            if (at in all)
                all[at] = Math.max(1, change(all[at], i));
        });
        return sized(all);
    };
    if (sizes && sizes.length > 0)
        return dims ? along((_, i) => sizes[i] ?? 1) : { count: sized(sizes).count };
    if (!scales || scales.length === 0)
        return unknown;
    return dims
        ? along((size, i) => size * (scales[i] ?? 1))
        : { count: Math.max(1, Math.floor(count * (0,model/* elements */.Yt)(scales))) };
};
const range = (_, known) => {
    const [start, limit, step] = [0, 1, 2].map((i) => (integers(known, i) ?? floats(known, i))?.[0]);
    if (start === undefined || limit === undefined || !step)
        return unknown;
    return sized([Math.ceil((limit - start) / step)]);
};
const oneHot = (_, known) => {
    const depth = (integers(known, 1) ?? floats(known, 1))?.[0];
    return depth === undefined ? unknown : { count: known.size(0).count * Math.max(0, depth) };
};
const transpose = (node, known) => {
    const { dims, count } = known.size(0);
    if (!dims)
        return { count };
    const perm = (0,constants/* intsAttribute */.R6)(node, 'perm') ?? dims.map((_, i) => dims.length - 1 - i);
    return sized(perm.map((axis) => dims[axis] ?? 1));
};
const matMul = (_, known) => {
    const [a, b] = [known.size(0).dims, known.size(1).dims];
    if (!a || !b || a.length < 2 || b.length < 2)
        return unknown;
    const batch = together([sized(a.slice(0, -2)), sized(b.slice(0, -2))]).dims ?? [];
    return sized([...batch, a.at(-2), b.at(-1)]);
};
const gemm = (node, known) => {
    const [a, b] = [known.size(0).dims, known.size(1).dims];
    if (a?.length !== 2 || b?.length !== 2)
        return unknown;
    return sized([a[(0,constants/* intAttribute */.ux)(node, 'transA', 0) === 1 ? 1 : 0], b[(0,constants/* intAttribute */.ux)(node, 'transB', 0) === 1 ? 0 : 1]]);
};
const gather = (node, known) => {
    const [data, indices] = [known.size(0).dims, known.size(1).dims];
    if (!data || !indices)
        return { count: known.size(1).count };
    const axis = (0,constants/* intAttribute */.ux)(node, 'axis', 0);
    const at = axis < 0 ? axis + data.length : axis;
    return sized([...data.slice(0, at), ...indices, ...data.slice(at + 1)]);
};
/** Convolutions and pooling: `channels` of the output from those of the input. */
function windowed(node, known, channels) {
    const { dims } = known.size(0);
    const weight = known.size(1).dims ?? [];
    if (!dims || dims.length < 3)
        return unknown;
    const spatial = dims.slice(2);
    const kernel = (0,constants/* intsAttribute */.R6)(node, 'kernel_shape') ?? weight.slice(2);
    const pads = (0,constants/* intsAttribute */.R6)(node, 'pads') ?? [];
    const auto = (0,rewriting/* stringAttribute */.MR)(node, 'auto_pad', 'NOTSET');
    const out = spatial.map((size, i) => {
        const stride = (0,constants/* intsAttribute */.R6)(node, 'strides')?.[i] ?? 1;
        const reach = ((kernel[i] ?? 1) - 1) * ((0,constants/* intsAttribute */.R6)(node, 'dilations')?.[i] ?? 1) + 1;
        const padding = auto === 'NOTSET' ? (pads[i] ?? 0) + (pads[i + spatial.length] ?? 0) : 0;
        if (node.op !== 'ConvTranspose')
            return auto.startsWith('SAME') ? size / stride : (size + padding - reach) / stride + 1;
        const asked = (0,constants/* intsAttribute */.R6)(node, 'output_shape');
        if (asked)
            return asked.at(i - spatial.length) ?? 1;
        if (auto.startsWith('SAME'))
            return size * stride;
        return stride * (size - 1) + ((0,constants/* intsAttribute */.R6)(node, 'output_padding')?.[i] ?? 0) + reach - padding;
    });
    return sized([dims[0], channels(dims[1], weight), ...out.map((size) => Math.max(1, size))]);
}
const conv = (node, known) => windowed(node, known, (_, weight) => weight[0] ?? 1);
const convTranspose = (node, known) => windowed(node, known, (_, weight) => (weight[1] ?? 1) * (0,constants/* intAttribute */.ux)(node, 'group', 1));
const pool = (node, known) => windowed(node, known, (channels) => channels);
const named = (names, rule) => names.split(' ').map((name) => [name, rule]);
const rules = new Map([
    ...named('Relu LeakyRelu Elu Selu Celu ThresholdedRelu HardSigmoid HardSwish Sigmoid Tanh Softplus Softsign Gelu Mish Erf Exp Log Sqrt Neg Abs ' +
        'Reciprocal Floor Ceil Round Clip Softmax LogSoftmax Hardmax Identity Dropout Cast CastLike BatchNormalization InstanceNormalization ' +
        'LayerNormalization GroupNormalization LpNormalization LRN CumSum Not Sign RandomNormalLike RandomUniformLike EyeLike', same),
    ...named('Add Sub Mul Div Pow Min Max Sum Mean Where Equal Less Greater And Or Xor PRelu', broadcast),
    ...named('Flatten Squeeze Unsqueeze DepthToSpace SpaceToDepth', rearranged),
    ...named('HannWindow HammingWindow BlackmanWindow ConstantOfShape', shapedBy(0)),
    ...named('Col2Im CenterCropPad', shapedBy(1)),
    ...named('MaxUnpool', shapedBy(2)),
    ...named('MaxPool AveragePool LpPool', pool),
    ...named('RandomNormal RandomUniform', (node) => sized((0,constants/* intsAttribute */.R6)(node, 'shape') ?? [])),
    ...named('Upsample Resize', resize),
    ['Concat', concat],
    ['Tile', tile],
    ['Expand', expand],
    ['Reshape', reshape],
    ['Pad', pad],
    ['Range', range],
    ['OneHot', oneHot],
    ['Transpose', transpose],
    ['MatMul', matMul],
    ['Gemm', gemm],
    ['Gather', gather],
    ['Conv', conv],
    ['ConvTranspose', convTranspose],
]);

;// CONCATENATED MODULE: ./src/encoder/trainable.ts



const rectifiers = new Set([
    'Relu',
    'Clip',
    'LeakyRelu',
    'PRelu',
    'HardSwish',
    'Gelu',
    'Elu',
    'Selu',
    'Mish',
    'Erf',
    'Sigmoid',
    'HardSigmoid',
]);
const copies = new Set(['Identity', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Expand', 'Cast']);
/** Operators whose result is linear in a kernel. */
const linear = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
/** The constants behind the tensors of a graph; tensors that depend on the image have none. */
function sourcesOf(graph) {
    const sources = new Map();
    const add = (name, tensor) => {
        if (tensor.dims.length <= mostDimensions)
            sources.set(name, { name, tensor, shape: tensor.dims });
    };
    for (const tensor of graph.initializers)
        add(tensor.name, tensor);
    // In the order of the nodes: a stranger's chain of copies may be longer than the stack is deep.
    for (const node of graph.nodes) {
        const [output = ''] = node.outputs;
        const value = node.op === 'Constant' && node.domain === '' ? node.attributes.value : undefined;
        if (value?.kind === 'tensor')
            add(output, value.value);
        const copied = copies.has(node.op) ? sources.get(node.inputs[0] ?? '') : undefined;
        if (!copied)
            continue;
        const shape = node.op === 'Transpose' ? transposed(node, copied.shape) : copied.tensor.dims;
        sources.set(output, { ...copied, shape });
    }
    return sources;
}
function transposed(node, shape) {
    const perm = (0,constants/* intsAttribute */.R6)(node, 'perm') ?? shape.map((_, i) => shape.length - 1 - i);
    return perm.length === shape.length ? perm.map((axis) => shape[axis] ?? 1) : shape;
}
/**
 * The trainable tensors of a network, by name, with what they do; constants held by Constant nodes and by initialisers alike. Scalars,
 * shapes, clipping bounds and whatever touches the image before the first layer (its normalisation) are not among them.
 */
function trainableOf({ graph }) {
    const sources = sourcesOf(graph);
    const roles = new Map();
    const shapeOf = (name) => sources.get(name)?.shape;
    const assign = (name, role) => {
        const source = sources.get(name ?? '');
        if (source && isTrainableType(source.tensor) && !roles.has(source.name))
            roles.set(source.name, role);
    };
    const learnt = afterFirstLayer(graph.nodes);
    const rectified = beforeRectifiers(graph.nodes, sources);
    for (const node of graph.nodes) {
        if (node.domain !== '')
            continue;
        const [, second, third, fourth, fifth] = node.inputs;
        if (linear.has(node.op)) {
            for (const name of node.inputs.slice(0, 2)) {
                const shape = shapeOf(name);
                if (shape)
                    assign(name, {
                        kind: 'kernel',
                        fanIn: fanInOf(node, shape),
                        rectified: rectified.has(node.outputs[0] ?? ''),
                    });
            }
            assign(third, { kind: 'bias' });
        }
        else if (node.op === 'BatchNormalization') {
            assign(second, { kind: 'scale' });
            assign(third, { kind: 'bias' });
            assign(fourth, { kind: 'running mean' });
            assign(fifth, { kind: 'running variance' });
        }
        else if (/^(Layer|Instance|Group|RMS)Normalization$/.test(node.op)) {
            assign(second, { kind: 'scale' });
            assign(third, { kind: 'bias' });
        }
        else if (node.op === 'PRelu')
            assign(second, { kind: 'slope' });
        else if (node.op === 'Gather' || node.op === 'Concat' || node.op === 'Where') {
            for (const name of node.op === 'Gather' ? node.inputs.slice(0, 1) : node.inputs)
                assign(name, { kind: 'embedding' });
        }
        else if ((node.op === 'Mul' || node.op === 'Add') && learnt.has(node)) {
            for (const name of node.inputs) {
                const shape = shapeOf(name);
                if (shape)
                    assign(name, node.op === 'Mul' ? { kind: 'scale' } : isVector(shape) ? { kind: 'bias' } : { kind: 'embedding' });
            }
        }
    }
    return roles;
}
/** The number of trainable numbers, the running statistics of batch normalisation not counted. */
function countParameters(model) {
    const sources = sourcesOf(model.graph);
    let sum = 0;
    for (const [name, { kind }] of trainableOf(model))
        if (kind !== 'running mean' && kind !== 'running variance')
            sum += elements(sources.get(name)?.tensor.dims ?? []);
    return sum;
}
/** The kernel of a linear layer among the trainable tensors `roles`; undefined for any other node, and for products of two activations. */
function kernelOf(node, roles, sources) {
    if (!linear.has(node.op) || node.domain !== '')
        return undefined;
    const factors = node.inputs.slice(0, 2).map((name) => sources.get(name));
    return factors.find((factor) => factor && roles.get(factor.name)?.kind === 'kernel');
}
function isTrainableType({ type, dims }) {
    return type === 'float32' && (0,model/* elements */.Yt)(dims) > 1;
}
/** He et al. 2015: the connections into one unit. */
function fanInOf(node, shape) {
    if (node.op === 'Conv')
        return (0,model/* elements */.Yt)(shape.slice(1));
    if (node.op === 'ConvTranspose')
        return (shape[0] / (0,constants/* intAttribute */.ux)(node, 'group', 1)) * (0,model/* elements */.Yt)(shape.slice(2));
    const transposed = node.op === 'Gemm' && (0,constants/* intAttribute */.ux)(node, 'transB', 0) === 1;
    return shape.at(transposed ? -1 : -2) ?? shape[0];
}
/** Tensors that go through a rectifier, past a bias and a normalisation. */
function beforeRectifiers(nodes, sources) {
    const before = new Set();
    // From the end, so that what follows a node is known.
    for (const node of nodes.toReversed()) {
        const passes = node.op === 'BatchNormalization' || (node.op === 'Add' && node.inputs.some((name) => sources.has(name)));
        if (rectifiers.has(node.op) || (passes && before.has(node.outputs[0] ?? '')))
            for (const name of node.inputs)
                if (name !== '')
                    before.add(name);
    }
    return before;
}
function isVector(shape) {
    return shape.filter((size) => size > 1).length === 1;
}
/** Nodes that depend on a layer with weights: before the first one, constants normalise the image. */
function afterFirstLayer(nodes) {
    const after = new Set();
    const made = new Set();
    for (const node of nodes) {
        const isLayer = linear.has(node.op) || node.op === 'BatchNormalization';
        if (!isLayer && !node.inputs.some((input) => made.has(input)))
            continue;
        after.add(node);
        for (const output of node.outputs)
            made.add(output);
    }
    return after;
}


/***/ }),

/***/ 703:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   PX: () => (/* binding */ checkGraph),
/* harmony export */   as: () => (/* binding */ readBy),
/* harmony export */   q0: () => (/* binding */ describe)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(916);

/**
 * A graph whose every tensor has exactly one origin, with its nodes in an order in which each follows what it reads (a stable sort:
 * an ordered graph comes back as it is).
 * @throws model-invalid naming the node that reads a tensor nobody makes, makes one twice, or waits for itself
 */
function checkGraph(graph, outer = new Set()) {
    const known = new Set();
    for (const { name } of graph.inputs)
        known.add(name);
    for (const { name } of graph.initializers)
        known.add(name);
    const makers = new Map();
    graph.nodes.forEach((node, i) => {
        if (node.op === '')
            invalid(`node ${describe(node, i)} names no operator`);
        for (const output of node.outputs) {
            if (output === '')
                continue;
            if (makers.has(output) || known.has(output))
                invalid(`node ${describe(node, i)} makes tensor ${output}, which exists already`);
            makers.set(output, i);
        }
    });
    const here = new Set([...known, ...makers.keys()]);
    // Not one set: a stranger's graph may hold as many inner graphs as there are names around them.
    const scope = { has: (name) => here.has(name) || outer.has(name) };
    const order = sorted(graph, makers, scope);
    for (const { name } of graph.outputs)
        if (!scope.has(name))
            invalid(`the graph's output ${name} is made by no node`);
    const nodes = order.map((i) => checkInner(graph.nodes[i], scope));
    return { ...graph, nodes };
}
/** “conv1 (Conv)”, or its place when it has no name. */
function describe(node, index) {
    const place = index === undefined ? '(unnamed)' : `${index + 1}`;
    return `${node.name || node.outputs[0] || place} (${node.op})`;
}
function sorted(graph, makers, scope) {
    const { nodes } = graph;
    const waits = new Int32Array(nodes.length);
    const readers = nodes.map(() => []);
    let ordered = true;
    nodes.forEach((node, i) => {
        for (const input of readBy(node)) {
            if (input === '')
                continue;
            const maker = makers.get(input);
            if (maker === undefined) {
                if (!scope.has(input))
                    invalid(`node ${describe(node, i)} reads tensor ${input}, which is made by no node`);
                continue;
            }
            if (maker >= i)
                ordered = false;
            readers[maker].push(i);
            waits[i]++;
        }
    });
    if (ordered)
        return nodes.map((_, i) => i);
    const ready = nodes.flatMap((_, i) => (waits[i] === 0 ? [i] : []));
    const order = [];
    for (let at = 0; at < ready.length; at++) {
        const i = ready[at];
        order.push(i);
        for (const reader of readers[i])
            if (--waits[reader] === 0)
                ready.push(reader);
    }
    if (order.length < nodes.length) {
        const stuck = nodes.findIndex((_, i) => waits[i] > 0);
        invalid(`node ${describe(nodes[stuck], stuck)} waits for its own result (a cycle)`);
    }
    return order;
}
/** Every tensor a node reads, those that its inner graphs take from outside included. */
function readBy(node) {
    const inner = innerGraphs(node);
    return inner.length === 0 ? node.inputs : [...node.inputs, ...inner.flatMap(takenFromOutside)];
}
function innerGraphs(node) {
    return Object.values(node.attributes).flatMap((attribute) => attribute.kind === 'graph' ? [attribute.value] : attribute.kind === 'graphs' ? attribute.value : []);
}
function takenFromOutside(graph) {
    const made = new Set();
    for (const { name } of graph.inputs)
        made.add(name);
    for (const { name } of graph.initializers)
        made.add(name);
    for (const node of graph.nodes)
        for (const output of node.outputs)
            made.add(output);
    const read = [...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)];
    return read.filter((name) => name !== '' && !made.has(name));
}
function checkInner(node, scope) {
    if (innerGraphs(node).length === 0)
        return node;
    const attributes = { ...node.attributes };
    for (const [name, attribute] of Object.entries(attributes)) {
        if (attribute.kind === 'graph')
            attributes[name] = { kind: 'graph', value: checkGraph(attribute.value, scope) };
        if (attribute.kind === 'graphs')
            attributes[name] = { kind: 'graphs', value: attribute.value.map((graph) => checkGraph(graph, scope)) };
    }
    return { ...node, attributes };
}
function invalid(what) {
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('model-invalid', `The network cannot be computed: ${what}. Export it again.`);
}


/***/ }),

/***/ 478:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R6: () => (/* binding */ intsAttribute),
/* harmony export */   TZ: () => (/* binding */ originsOf),
/* harmony export */   ux: () => (/* binding */ intAttribute)
/* harmony export */ });
function originsOf(graph) {
    const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
    const makers = new Map();
    for (const node of graph.nodes)
        for (const output of node.outputs)
            makers.set(output, node);
    /** Where chains of copies start, so that none is walked along twice. */
    const starts = new Map();
    const constant = (tensor) => {
        let name = tensor;
        const walked = [];
        // A loop, because a stranger's chain of copies may be longer than the stack is deep; checkGraph leaves it no cycle.
        for (let node = makers.get(name); node?.op === 'Identity' && node.domain === ''; node = makers.get(name)) {
            walked.push(name);
            name = starts.get(name) ?? node.inputs[0] ?? '';
        }
        for (const copy of walked)
            starts.set(copy, name);
        const initializer = initializers.get(name);
        if (initializer)
            return initializer;
        const node = makers.get(name);
        const value = node?.op === 'Constant' && node.domain === '' ? node.attributes.value : undefined;
        return value?.kind === 'tensor' ? value.value : undefined;
    };
    return { maker: (name) => makers.get(name), constant };
}
/** An integer attribute, or its default. */
function intAttribute(node, name, otherwise) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'int' ? attribute.value : otherwise;
}
function intsAttribute(node, name) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'ints' ? attribute.value : undefined;
}


/***/ }),

/***/ 515:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ pruned)
/* harmony export */ });
/* harmony import */ var _check_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(703);

/** The part of a graph that `outputs` need, with those as its outputs: unread inputs, constants and nodes are gone. */
function pruned(graph, outputs) {
    const needed = new Set(outputs.map(({ name }) => name));
    const nodes = graph.nodes.toReversed().filter((node) => {
        if (!node.outputs.some((output) => needed.has(output)))
            return false;
        for (const input of (0,_check_js__WEBPACK_IMPORTED_MODULE_0__/* .readBy */ .as)(node))
            needed.add(input);
        return true;
    });
    const isNeeded = ({ name }) => needed.has(name);
    const made = new Set(outputs.map(({ name }) => name));
    return {
        ...graph,
        nodes: nodes.reverse(),
        outputs,
        inputs: graph.inputs.filter(isNeeded),
        initializers: graph.initializers.filter(isNeeded),
        valueInfo: graph.valueInfo.filter((info) => isNeeded(info) && !made.has(info.name)),
    };
}


/***/ }),

/***/ 711:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  k: () => (/* binding */ readModel)
});

// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(916);
// EXTERNAL MODULE: ./src/onnx/check.ts
var check = __webpack_require__(703);
// EXTERNAL MODULE: ./src/onnx/model.ts
var model = __webpack_require__(826);
// EXTERNAL MODULE: ./src/onnx/protobuf.ts
var protobuf = __webpack_require__(144);
;// CONCATENATED MODULE: ./src/onnx/read-tensor.ts


/** Reads a TensorProto; elements given number by number are rewritten as the little-endian bytes that `raw_data` would hold. */
function readTensor(bytes) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'a constant');
    const dims = [];
    const strings = [];
    const typed = [];
    let name = '';
    let code = 0;
    let raw;
    let isExternal = false;
    const external = new Map();
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            reader.integers(wire, dims);
        else if (field === 2)
            code = reader.number(wire);
        else if (field === 8)
            name = reader.string(wire);
        else if (field === 9)
            raw = reader.field(wire);
        else if (field === 6)
            strings.push(reader.field(wire));
        else if (field === 13) {
            const [key, value] = readStringEntry(reader.field(wire), 'a reference to external data');
            external.set(key, value);
        }
        else if (field === 14)
            isExternal = reader.number(wire) === 1;
        else if (field === 4 || field === 5 || field === 7 || field === 10 || field === 11)
            typed.push({ field, wire, chunk: reader.skip(wire) });
        else
            reader.skip(wire);
    }
    const constant = new protobuf/* ProtobufReader */.te(bytes, `constant ${name || '(unnamed)'}`);
    const type = model/* elementTypes */.Wk[code];
    if (type === undefined)
        constant.fail(`its element type ${code} does not exist`);
    if (dims.some((size) => size < 0) || !Number.isSafeInteger((0,model/* elements */.Yt)(dims)))
        constant.fail(`its shape [${dims.join(', ')}] is impossible`);
    const tensor = { name, type, dims, data: new Uint8Array() };
    if (isExternal)
        return { ...tensor, external: externalOf(external, constant) };
    if (type === 'string') {
        if (strings.length !== (0,model/* elements */.Yt)(dims))
            constant.fail(`${(0,model/* elements */.Yt)(dims)} strings belong and ${strings.length} are there`);
        return { ...tensor, strings };
    }
    tensor.data = raw ?? typedData(type, typed, constant);
    const expected = Math.ceil(((0,model/* elements */.Yt)(dims) * model/* bitsOf */.e4[type]) / 8);
    if (tensor.data.length !== expected)
        constant.fail(`${expected} bytes belong (${type}, shape [${dims.join(', ')}]) and ${tensor.data.length} are there`);
    return tensor;
}
/** A StringStringEntryProto; `what` names it in messages. */
function readStringEntry(bytes, what) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, what);
    const entry = ['', ''];
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            entry[0] = reader.string(wire);
        else if (field === 2)
            entry[1] = reader.string(wire);
        else
            reader.skip(wire);
    }
    return entry;
}
function externalOf(entries, constant) {
    const location = entries.get('location');
    if (!location)
        return constant.fail('its elements are said to lie in another file, which is not named');
    const number = (key) => {
        const value = entries.get(key);
        if (value === undefined)
            return undefined;
        if (!/^\d{1,15}$/.test(value))
            constant.fail(`the ${key} “${value}” of its external data is no number of bytes`);
        return Number(value);
    };
    const length = number('length');
    return { location, offset: number('offset') ?? 0, ...(length !== undefined && { length }) };
}
/** float_data 4, int32_data 5, int64_data 7, double_data 10, uint64_data 11, each packed or one by one. */
function typedData(type, fields, constant) {
    const chunks = [];
    for (const { field, wire, chunk } of fields) {
        const reader = new protobuf/* ProtobufReader */.te(chunk, constant.subject);
        reader.tag();
        const body = wire === protobuf/* wireType */.Wy.bytes ? reader.field(wire) : reader.remaining();
        chunks.push(field === 4 || field === 10 ? body : integerBytes(type, body, constant));
    }
    const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
        out.set(chunk, at);
        at += chunk.length;
    }
    return out;
}
/** Varints to elements. int32_data also carries the small types: float16 as its bits, 4-bit types two to a byte. */
function integerBytes(type, body, constant) {
    const width = Math.max(1, model/* bitsOf */.e4[type] / 8);
    const reader = new protobuf/* ProtobufReader */.te(body, constant.subject);
    // Every varint is at least one byte: the body bounds what is allocated.
    const out = new Uint8Array(body.length * width);
    const view = new DataView(out.buffer);
    let at = 0;
    for (; !reader.done; at += width) {
        const value = reader.varint();
        if (width === 8)
            view.setBigUint64(at, value, true);
        else if (width === 4)
            view.setUint32(at, Number(value & 0xffffffffn), true);
        else if (width === 2)
            view.setUint16(at, Number(value & 0xffffn), true);
        else if (width === 1)
            view.setUint8(at, Number(value & 0xffn));
        else
            constant.fail(`elements of type ${type} cannot be given as integers`);
    }
    return out.subarray(0, at);
}

;// CONCATENATED MODULE: ./src/onnx/read.ts





/** Graphs inside If and Loop; deeper than any export, shallow enough for the stack. */
const deepest = 32;
/**
 * Reads an ONNX ModelProto. The result views `bytes`; do not change them afterwards. Nodes come out in an order in which each follows
 * what it reads. Tensors in other files stay `external` (see external-data).
 * @throws model-invalid for anything that is not a whole, acyclic model with every tensor accounted for
 */
function readModel(bytes) {
    const model = { irVersion: 0, opsets: [], graph: emptyGraph(), metadata: {}, rest: [] };
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'the model');
    let graphs = 0;
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            model.irVersion = reader.number(wire);
        else if (field === 7) {
            model.graph = readGraph(reader.field(wire), 0);
            graphs++;
        }
        else if (field === 8)
            model.opsets.push(readOpset(reader.field(wire)));
        else if (field === 14) {
            const [key, value] = readStringEntry(reader.field(wire), 'an entry of metadata');
            Object.defineProperty(model.metadata, key, { value, enumerable: true, configurable: true, writable: true });
        }
        else
            model.rest.push(reader.skip(wire));
    }
    if (graphs !== 1 || model.opsets.length === 0)
        throw new errors/* TransferEvidenceError */.Bh('model-invalid', graphs + model.opsets.length === 0
            ? 'This file holds nothing of an ONNX model: it is empty or of another kind. Export or download it again.'
            : `An ONNX model holds one graph and the operator sets it uses; this file holds ${graphs} graphs and ${model.opsets.length} operator sets. Is it an ONNX file?`);
    return { ...model, graph: (0,check/* checkGraph */.PX)(model.graph) };
}
function emptyGraph() {
    return { name: '', nodes: [], inputs: [], outputs: [], initializers: [], valueInfo: [], rest: [] };
}
function readOpset(bytes) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'an operator set');
    const opset = { domain: '', version: 0 };
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            opset.domain = reader.string(wire);
        else if (field === 2)
            opset.version = reader.number(wire);
        else
            reader.skip(wire);
    }
    if (opset.domain === 'ai.onnx')
        opset.domain = '';
    return opset;
}
function readGraph(bytes, depth) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'the graph');
    if (depth > deepest)
        reader.fail(`graphs are nested more than ${deepest} deep`);
    const graph = emptyGraph();
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            graph.nodes.push(readNode(reader.field(wire), graph.nodes.length, depth));
        else if (field === 2)
            graph.name = reader.string(wire);
        else if (field === 5)
            graph.initializers.push(readTensor(reader.field(wire)));
        else if (field === 11)
            graph.inputs.push(readValueInfo(reader.field(wire)));
        else if (field === 12)
            graph.outputs.push(readValueInfo(reader.field(wire)));
        else if (field === 13)
            graph.valueInfo.push(readValueInfo(reader.field(wire)));
        else
            graph.rest.push(reader.skip(wire));
    }
    return graph;
}
function readNode(bytes, index, depth) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, `node ${index + 1}`);
    const node = { name: '', op: '', domain: '', inputs: [], outputs: [], attributes: {}, rest: [] };
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            node.inputs.push(reader.string(wire));
        else if (field === 2)
            node.outputs.push(reader.string(wire));
        else if (field === 3)
            node.name = reader.string(wire);
        else if (field === 4)
            node.op = reader.string(wire);
        else if (field === 7)
            node.domain = reader.string(wire);
        else if (field === 5) {
            const [name, value] = readAttribute(reader.field(wire), depth);
            Object.defineProperty(node.attributes, name, { value, enumerable: true, configurable: true, writable: true });
        }
        else
            node.rest.push(reader.skip(wire));
    }
    if (node.domain === 'ai.onnx')
        node.domain = '';
    return node;
}
const attributeKinds = {
    1: 'float',
    2: 'int',
    3: 'string',
    4: 'tensor',
    5: 'graph',
    6: 'floats',
    7: 'ints',
    8: 'strings',
    10: 'graphs',
};
function readAttribute(bytes, depth) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'an attribute');
    let name = '';
    let kind;
    const value = {
        float: 0,
        int: 0,
        string: '',
        tensor: undefined,
        graph: undefined,
        floats: [],
        ints: [],
        strings: [],
        graphs: [],
    };
    let seen = 'other';
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            name = reader.string(wire);
        else if (field === 20)
            kind = attributeKinds[reader.number(wire)] ?? 'other';
        else if (field === 13)
            reader.skip(wire);
        else if (field === 2)
            [value.float, seen] = [reader.float(wire), 'float'];
        else if (field === 3)
            [value.int, seen] = [reader.number(wire), 'int'];
        else if (field === 4)
            [value.string, seen] = [reader.string(wire), 'string'];
        else if (field === 5)
            [value.tensor, seen] = [readTensor(reader.field(wire)), 'tensor'];
        else if (field === 6)
            [value.graph, seen] = [readGraph(reader.field(wire), depth + 1), 'graph'];
        else if (field === 7) {
            reader.floats(wire, value.floats);
            seen = 'floats';
        }
        else if (field === 8) {
            reader.integers(wire, value.ints);
            seen = 'ints';
        }
        else if (field === 9) {
            value.strings.push(reader.string(wire));
            seen = 'strings';
        }
        else if (field === 11) {
            value.graphs.push(readGraph(reader.field(wire), depth + 1));
            seen = 'graphs';
        }
        else {
            reader.skip(wire);
            kind = 'other';
        }
    }
    // IR versions before 2 carry no type: the field that is there tells it.
    const known = kind ?? seen;
    if (known === 'other')
        return [name, { kind: 'other', value: bytes }];
    if (known === 'tensor' && value.tensor === undefined)
        reader.fail(`attribute ${name} should hold a tensor and holds none`);
    if (known === 'graph' && value.graph === undefined)
        reader.fail(`attribute ${name} should hold a graph and holds none`);
    return [name, { kind: known, value: value[known] }];
}
function readValueInfo(bytes) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'a value’s type');
    const info = { name: '', rest: [] };
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field === 1)
            info.name = reader.string(wire);
        else if (field === 2) {
            const type = reader.field(wire);
            const tensor = readType(type);
            if (tensor)
                info.tensor = tensor;
            else
                info.otherType = type;
        }
        else
            info.rest.push(reader.skip(wire));
    }
    return info;
}
/** A TypeProto's tensor type; undefined when it is a sequence, a map, … */
function readType(bytes) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'a type');
    let found;
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field !== 1) {
            reader.skip(wire);
            continue;
        }
        const inner = new protobuf/* ProtobufReader */.te(reader.field(wire), 'a tensor type');
        let code = 0;
        let dims;
        while (!inner.done) {
            const part = inner.tag();
            if (part.field === 1)
                code = inner.number(part.wire);
            else if (part.field === 2)
                dims = readShape(inner.field(part.wire));
            else
                inner.skip(part.wire);
        }
        const type = model/* elementTypes */.Wk[code];
        if (type)
            found = { type, ...(dims && { dims }) };
    }
    return found;
}
function readShape(bytes) {
    const reader = new protobuf/* ProtobufReader */.te(bytes, 'a shape');
    const dims = [];
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field !== 1) {
            reader.skip(wire);
            continue;
        }
        const inner = new protobuf/* ProtobufReader */.te(reader.field(wire), 'a dimension');
        let size;
        while (!inner.done) {
            const part = inner.tag();
            if (part.field === 1)
                size = inner.number(part.wire);
            else if (part.field === 2)
                size = inner.string(part.wire) || undefined;
            else
                inner.skip(part.wire);
        }
        dims.push(size);
    }
    return dims;
}


/***/ }),

/***/ 727:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CY: () => (/* binding */ Rewriting),
/* harmony export */   FF: () => (/* binding */ without),
/* harmony export */   MR: () => (/* binding */ stringAttribute),
/* harmony export */   fC: () => (/* binding */ floatAttribute),
/* harmony export */   gm: () => (/* binding */ canonicalOpset),
/* harmony export */   tD: () => (/* binding */ changed),
/* harmony export */   wX: () => (/* binding */ namesIn)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(916);
/* harmony import */ var _check_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(703);
/* harmony import */ var _model_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(826);
/* harmony import */ var _names_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(339);
/* harmony import */ var _protobuf_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(144);





/** The operator set that every graph is brought to before it is differentiated (ONNX 1.13). */
const canonicalOpset = 18;
/** What the rules for one graph share: the facts they may rely on, fresh names, and the constants they add. */
class Rewriting {
    /** The operator set that the graph was written in. */
    opset;
    /** Constants that the new nodes read. */
    added = [];
    #facts;
    #taken;
    #read;
    /** `taken` holds every name of the whole model and grows. */
    constructor(graph, opset, facts, taken) {
        this.opset = opset;
        this.#facts = facts;
        this.#taken = taken;
        this.#read = new Set([...graph.nodes.flatMap(_check_js__WEBPACK_IMPORTED_MODULE_1__/* .readBy */ .as), ...graph.outputs.map(({ name }) => name)]);
    }
    /** An int64 constant for `node`; returns its name. */
    integers(node, role, values, dims = [values.length]) {
        return this.#add(node, role, 'int64', values, dims);
    }
    /** A scalar of the element type of the node's first input; returns its name. */
    scalar(node, role, value) {
        return this.#add(node, role, this.type(node), [value], []);
    }
    /** A float32 vector; returns its name. */
    floatVector(node, role, values) {
        return this.#add(node, role, 'float32', [...values], [values.length]);
    }
    /** A helper of `node`, with one output of a fresh name unless `output` names it. */
    node(node, op, inputs, attributes = {}, output = this.#taken.free(`${titleOf(node)}/${op}`)) {
        const name = this.#taken.free(`${titleOf(node)}/${op}/node`);
        return { name, op, domain: '', inputs: [...inputs], outputs: [output], attributes, rest: [] };
    }
    /** The shape of a node's input. @throws model-unsupported when it is not known before the network runs */
    shape(node, input = 0) {
        const fact = this.#facts.get(node.inputs[input] ?? '');
        return fact?.shape ?? this.refuse(node, `the shape of its input ${node.inputs[input] ?? ''} is not known`);
    }
    /** The element type of a node's first input. @throws model-unsupported when it is not known */
    type(node) {
        const fact = this.#facts.get(node.inputs[0] ?? '');
        return fact?.type ?? this.refuse(node, `the type of its input ${node.inputs[0] ?? ''} is not known`);
    }
    /** Whole numbers that a node takes as a constant input. @throws model-unsupported when they depend on the image */
    whole(node, input) {
        const value = this.#facts.get(node.inputs[input] ?? '')?.value;
        const found = value && (0,_model_js__WEBPACK_IMPORTED_MODULE_2__/* .integersOf */ .n6)(value);
        return found ?? this.refuse(node, `its input ${node.inputs[input] ?? ''} is no constant of whole numbers`);
    }
    /** float32 numbers that a node takes as a constant input; undefined when they depend on the image. */
    floats(node, input) {
        const value = this.#facts.get(node.inputs[input] ?? '')?.value;
        return value?.type === 'float32' ? (0,_model_js__WEBPACK_IMPORTED_MODULE_2__/* .float32Of */ .FU)(value) : undefined;
    }
    /** A boolean scalar that a node takes; undefined when it depends on the image. */
    flag(node, input) {
        const value = this.#facts.get(node.inputs[input] ?? '')?.value;
        return value?.type === 'bool' ? value.data[0] === 1 : undefined;
    }
    isRead(tensor) {
        return tensor !== undefined && tensor !== '' && this.#read.has(tensor);
    }
    /** @throws model-unsupported, naming the node */
    refuse(node, found, advice = `Export the network at opset ${canonicalOpset}, with fixed shapes.`) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('model-unsupported', `This network cannot be trained: node ${(0,_check_js__WEBPACK_IMPORTED_MODULE_1__/* .describe */ .q0)(node)}: ${found}. ${advice}`);
    }
    #add(node, role, type, values, dims) {
        const data = bytesOf(type, values);
        if (data === undefined || (0,_model_js__WEBPACK_IMPORTED_MODULE_2__/* .elements */ .Yt)(dims) !== values.length)
            return this.refuse(node, `its elements are ${type}`, 'Export the network in float32.');
        const name = this.#taken.free(`${titleOf(node)}/${role}`);
        this.added.push({ name, type, dims: [...dims], data });
        return name;
    }
}
function titleOf(node) {
    return node.name || node.outputs.find((output) => output !== '') || node.op;
}
function bytesOf(type, values) {
    if (type === 'float32')
        return new Uint8Array(Float32Array.from(values).buffer);
    if (type === 'float64')
        return new Uint8Array(Float64Array.from(values).buffer);
    if (type === 'int32')
        return new Uint8Array(Int32Array.from(values).buffer);
    if (type === 'int64')
        return new Uint8Array(BigInt64Array.from(values, _protobuf_js__WEBPACK_IMPORTED_MODULE_3__/* .int64 */ .Gk).buffer);
    return undefined;
}
/** Every name that a graph and those inside it use, of tensors and of nodes. */
function namesIn(graph, into = new _names_js__WEBPACK_IMPORTED_MODULE_4__/* .Names */ .f()) {
    for (const { name } of [...graph.inputs, ...graph.outputs, ...graph.initializers])
        into.add(name);
    for (const node of graph.nodes) {
        into.add(node.name);
        for (const name of [...node.inputs, ...node.outputs])
            into.add(name);
        for (const attribute of Object.values(node.attributes))
            if (attribute.kind === 'graph')
                namesIn(attribute.value, into);
            else if (attribute.kind === 'graphs')
                for (const inner of attribute.value)
                    namesIn(inner, into);
    }
    return into;
}
/** Attributes without some of them. */
function without(attributes, ...names) {
    return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}
function stringAttribute(node, name, otherwise) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'string' ? attribute.value : otherwise;
}
function floatAttribute(node, name) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'float' ? attribute.value : undefined;
}
/** A node with other inputs and attributes that makes the same tensors under the same name. */
function changed(node, inputs, attributes, op = node.op) {
    // Optional inputs left out at the end are not written at all.
    const given = inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1);
    return { ...node, op, inputs: given, attributes };
}


/***/ }),

/***/ 683:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  fA: () => (/* binding */ openSession)
});

// UNUSED EXPORTS: chooseDevice, devices, knownConvolution

// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(916);
// EXTERNAL MODULE: ./src/onnx/build.ts
var build = __webpack_require__(847);
// EXTERNAL MODULE: ./src/onnx/write.ts
var write = __webpack_require__(208);
// EXTERNAL MODULE: ./src/runtime/require-native.ts
var require_native = __webpack_require__(587);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(421);
;// CONCATENATED MODULE: ./src/runtime/self-check.ts

/**
 * Runs as a process of its own with `node -e`: a bad graphics driver ends the process it is loaded into, and that must
 * not be the review. It computes a known convolution on the device, without a way back to the processor; where there is
 * a choice it then races the processor.
 */
const script = (/* unused pure expression or super */ null && (`
const { createRequire } = require('node:module');
const [folder, provider, model, input, expected, race] = process.argv.slice(1);
const numbers = (text) => new Float32Array(JSON.parse(text));
(async () => {
  const { InferenceSession, Tensor } = createRequire(folder + '/package.json')('onnxruntime-node');
  const open = (bytes, on) => InferenceSession.create(Buffer.from(bytes, 'base64'), {
    executionProviders: [on], logSeverityLevel: 3, extra: { session: { disable_cpu_ep_fallback: on === 'cpu' ? '0' : '1' } },
  });
  const session = await open(model, provider);
  const { y } = await session.run({ x: new Tensor('float32', numbers(input), [1, 1, 4, 4]) });
  const wrong = [...numbers(expected)].findIndex((value, i) => Math.abs(y.data[i] - value) > 1e-3);
  if (wrong >= 0) throw new Error('it computed ' + y.data[wrong] + ' where ' + numbers(expected)[wrong] + ' is right');
  const time = async (on) => {
    const runner = await open(race, on);
    const feed = { x: new Tensor('float32', new Float32Array(1), [1, 1]) };
    await runner.run(feed);
    const start = performance.now();
    await runner.run(feed);
    return performance.now() - start;
  };
  if (race) {
    const [device, processor] = [await time(provider), await time('cpu')];
    // A real device may lose a little on work this small; a driver in software was seen to take 200 times as long.
    if (device > 10 * processor) throw new Error('it is far slower than the processor, as drivers in software are: ' + device.toFixed(1) + ' against ' + processor.toFixed(1) + ' ms');
  }
  process.stdout.write('correct\\n', () => process.kill(process.pid, 'SIGKILL'));
})().catch((error) => process.stdout.write(String(error.message).split('\\n')[0].replace(/^.* was false\\. /, '').slice(0, 400) + '\\n', () => process.exit(1)));
`));
/** Tries an execution provider in a short-lived process of its own. Never throws. */
function self_check_selfCheck(folder, provider, known, timeout = 60_000) {
    const args = [
        folder,
        provider,
        Buffer.from(known.model).toString('base64'),
        JSON.stringify(known.input),
        JSON.stringify(known.expected),
        known.race ? Buffer.from(known.race).toString('base64') : '',
    ];
    return new Promise((resolve) => {
        const child = spawn(process.execPath, ['-e', script, '--', ...args], {
            stdio: ['ignore', 'pipe', 'ignore'],
            timeout,
            killSignal: 'SIGKILL',
        });
        let output = '';
        child.stdout.on('data', (chunk) => {
            output += chunk.toString();
        });
        child.on('error', (error) => resolve({ works: false, reason: error.message }));
        child.on('close', (status, signal) => {
            const said = output.trim();
            // Drivers are known to crash at exit: the child says "correct" and then kills itself.
            if (said.endsWith('correct'))
                resolve({ works: true });
            else
                resolve({
                    works: false,
                    reason: said || (signal ? `the driver ended the process (${signal})` : `the process ended with status ${status}`),
                });
        });
    });
}

;// CONCATENATED MODULE: ./src/runtime/device.ts





/** What a user can ask for. */
const devices = (/* unused pure expression or super */ null && (['auto', 'cuda', 'webgpu', 'cpu']));
/**
 * The device that networks will run on. `auto` takes the first of cuda, webgpu and cpu that computes a known
 * convolution correctly and is not far slower than the processor; the graphics devices are tried in a process of their own.
 * @param folder that holds the node_modules with onnxruntime-node (see loadNatives)
 * @throws device-unavailable when the named device does not work here, with the reason
 */
async function chooseDevice(wanted, folder, check = selfCheck) {
    const passedOver = [];
    if (wanted === 'cpu')
        return { device: 'cpu', passedOver };
    for (const device of wanted === 'auto' ? ['cuda', 'webgpu'] : [wanted]) {
        const known = knownConvolution();
        const reason = await whyNot(device, folder, check, wanted === 'auto' ? { ...known, race: matrixProduct() } : known);
        if (reason === null)
            return { device, passedOver };
        passedOver.push({ device, reason });
    }
    if (wanted === 'auto')
        return { device: 'cpu', passedOver };
    throw new TransferEvidenceError('device-unavailable', `The device ${wanted} was asked for and does not work here: ${passedOver[0].reason}. Mend it, or ask for auto or cpu.`);
}
async function whyNot(device, folder, check, known) {
    const backend = requireNative('onnxruntime-node', folder)
        .listSupportedBackends()
        .find(({ name }) => name === device);
    if (backend === undefined)
        return `onnxruntime-node has no ${device} on ${process.platform}-${process.arch}`;
    if (!backend.bundled)
        return `the ${device} provider libraries are not beside onnxruntime-node in ${folder}; install it there with its install script allowed (ONNXRUNTIME_NODE_INSTALL=${device}12), and give that folder as runtime-path`;
    const result = await check(folder, device, known);
    return result.works ? null : result.reason;
}
/** A 3 × 3 convolution of 0 … 15 on a 4 × 4 grid with the weights 0 … 8, taken from 312 and rectified. */
function knownConvolution() {
    const input = Array.from({ length: 16 }, (_, i) => i);
    const kernel = Float32Array.from({ length: 9 }, (_, i) => i);
    const limit = 312;
    const graph = new GraphBuilder('self-check');
    const sums = graph.node('Conv', [graph.input('x', [1, 1, 4, 4]), graph.constant('kernel', kernel, [1, 1, 3, 3])]);
    const rest = graph.node('Sub', [graph.constant('limit', Float32Array.of(limit)), sums]);
    graph.output(graph.node('Relu', [rest], {}, 'y'), [1, 1, 2, 2]);
    const expected = [0, 1, 4, 5].map((corner) => {
        let sum = 0;
        for (let i = 0; i < 9; i++)
            sum += kernel[i] * input[corner + Math.floor(i / 3) * 4 + (i % 3)];
        return Math.max(0, limit - sum);
    });
    return { model: writeModel(graph.model()), input, expected };
}
/** The product of two 640 × 640 matrices, averaged to one number so that little is carried back. */
function matrixProduct() {
    const graph = new GraphBuilder('race');
    const shape = graph.constant('shape', [640, 640]);
    const matrix = graph.node('Expand', [graph.input('x', [1, 1]), shape]);
    const product = graph.node('MatMul', [matrix, matrix]);
    graph.output(graph.node('ReduceMean', [product], { keepdims: 1 }, 'y'), [1, 1]);
    return writeModel(graph.model());
}
/**
 * Opens a network on one device. On a graphics device it is first tried without a way back to the processor, so that
 * falling back is known and can be told.
 * @param threads processor threads inside one operator
 * @throws model-unsupported when the runtime refuses the network
 */
async function openSession(onnxruntime, model, options) {
    const { device, threads, name, memoryPattern = true } = options;
    const common = {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        enableMemPattern: memoryPattern,
        logSeverityLevel: 3,
    };
    const open = (more) => onnxruntime.InferenceSession.create(model, { ...common, ...more });
    try {
        if (device === 'cpu')
            return { session: await open({ executionProviders: ['cpu'] }), wholly: true };
        try {
            const session = await open({
                executionProviders: [device],
                extra: { session: { disable_cpu_ep_fallback: '1' } },
            });
            return { session, wholly: true };
        }
        catch {
            return { session: await open({ executionProviders: [device, 'cpu'] }), wholly: false };
        }
    }
    catch (error) {
        throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} cannot be opened on ${device}: ${String(error.message).split('\n')[0]}`, { cause: error });
    }
}


/***/ })

};
