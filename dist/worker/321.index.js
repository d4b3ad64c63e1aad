export const id = 321;
export const ids = [321];
export const modules = {

/***/ 856:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Y: () => (/* binding */ outputsOf)
/* harmony export */ });
/** Columns of probabilities that a task has. */
function outputsOf(task, classes) {
    return task === 'binary' ? 1 : classes;
}


/***/ }),

/***/ 540:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ runInto),
/* harmony export */   S: () => (/* binding */ withholdOutputs)
/* harmony export */ });
/**
 * Gives a graph, as the first of its outputs, the one that keeps a run from handing over the others; see {@link runInto}. It is a
 * sequence, which onnxruntime-node computes and cannot hand over.
 */
function withholdOutputs(graph) {
    const nothing = graph.constant('nothing', new Float32Array(1));
    graph.sequenceOutput(graph.node('SequenceConstruct', [nothing], {}, 'withheld'));
}
/** What onnxruntime-node says, word for word, when all has been computed and it comes to an output that is no tensor. */
const noTensor = 'Non tensor type is temporarily not supported.';
/**
 * Runs a graph and leaves its outputs where they were asked to be, and nowhere else.
 *
 * onnxruntime-node 1.30 copies each output into a new array, also one that lies in an array of the caller's already (mended by its
 * change 32346, in no release yet). Of all weights and moments, once a training step, the copies cost up to a quarter of the step's
 * time and more memory than the weights themselves. It copies after the run, in the order of the graph's outputs, and ends
 * with an error at the first that is not a tensor. So that error is what is expected here: where a sequence comes first, it
 * says that all is computed and nothing was copied. The program runs the one version of onnxruntime-node that this was seen of.
 * @param graph as {@link withholdOutputs} leaves it
 * @param into where the other outputs go, by their names
 * @throws what the runtime throws when it could not compute the outputs
 */
async function runInto(graph, feeds, into) {
    const [withheld, ...outputs] = graph.outputNames;
    // The runtime passes over names that it does not know.
    for (const name of Object.keys(into))
        if (!outputs.includes(name))
            throw new Error(`The graph has no output ${name} beside its first.`);
    try {
        await graph.run(feeds, { [withheld]: null, ...into });
    }
    catch (error) {
        if (error.message !== noTensor)
            throw error;
    }
}


/***/ }),

/***/ 321:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runTrainWorker: () => (/* binding */ runTrainWorker)
});

// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(919);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(916);
// EXTERNAL MODULE: ./src/onnx/read.ts + 1 modules
var read = __webpack_require__(711);
// EXTERNAL MODULE: ./src/runtime/require-native.ts
var require_native = __webpack_require__(587);
// EXTERNAL MODULE: ./src/onnx/model.ts
var model = __webpack_require__(826);
// EXTERNAL MODULE: ./src/probe/protocol.ts
var protocol = __webpack_require__(856);
// EXTERNAL MODULE: ./src/runtime/run-into.ts
var run_into = __webpack_require__(540);
;// CONCATENATED MODULE: ./src/training/shape.ts


/** The shape of a result whose operands are broadcast against each other (ONNX, “multidirectional broadcasting”). */
function broadcastShape(a, b) {
    const rank = Math.max(a.length, b.length);
    return Array.from({ length: rank }, (_, i) => {
        const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
        if (x !== y && x !== 1 && y !== 1)
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `[${a.join()}] and [${b.join()}] cannot be broadcast.`);
        return x === 1 ? y : x;
    });
}
/** One number, broadcast to anything. */
function isScalarLike(shape) {
    return (0,model/* elements */.Yt)(shape) === 1;
}
/** An axis counted from the end when negative. */
function axisOf(axis, rank) {
    return axis < 0 ? axis + rank : axis;
}
/** 0, 1, …, length − 1. */
function range(length) {
    return Array.from({ length }, (_, i) => i);
}

;// CONCATENATED MODULE: ./src/training/augmentation.ts

/** The shape of one image as the network takes it. */
function dimsOf({ layout, channels, height, width }) {
    return layout === 'NCHW' ? [channels, height, width] : [height, width, channels];
}
/** The parts that are on, with what one image needs of each. */
function partsOf({ flip, shift, brightness, }) {
    return [
        ...(flip || shift > 0 ? [{ name: 'columns', perImage: [2] }] : []),
        ...(shift > 0 ? [{ name: 'rows', perImage: [] }] : []),
        ...(brightness > 0 ? [{ name: 'brightness', perImage: [] }] : []),
    ].map(({ name, perImage }) => ({ name, perImage: [...perImage] }));
}
/**
 * The draws of images as numbers, of the parts that are on; shifts are rounded to whole pixels of this network's input.
 */
function drawsOf(changes, augmentation, { height, width }) {
    const draws = {};
    for (const { name } of partsOf(augmentation))
        if (name === 'columns') {
            const columns = changes.flatMap(({ flip, right }) => {
                const shift = augmentation.shift > 0 ? Math.round(right * width) : 0;
                // The picture is mirrored first and moved then.
                return augmentation.flip && flip ? [width - 1 + shift, -1] : [-shift, 1];
            });
            draws.columns = Float32Array.from(columns);
        }
        else if (name === 'rows')
            draws.rows = Float32Array.from(changes, ({ down }) => -Math.round(down * height));
        else
            draws.brightness = Float32Array.from(changes, ({ brightness }) => brightness);
    return draws;
}
/**
 * What (mean − low) ÷ std is in each channel: with x = (raw − mean) ÷ std and raw = low + p · (high − low), an
 * intensity p times f is f · x + (f − 1) · offset.
 */
function brightnessOffset({ mean, std, range: [low] }, channels) {
    return Float32Array.from({ length: channels }, (_, c) => (mean[c] - low) / std[c]);
}
/**
 * Emits the change of a batch: brightness first, then mirroring and moving. What is moved in from outside is 0, the
 * mean colour after normalisation. Brightness multiplies the intensity 0 … 1 that a pixel had before normalisation;
 * nothing is cut off at white.
 *
 * Rows and columns are chosen by matrix products with one 1 a row, which every device computes fast, and on processors
 * exactly.
 * @param images [B, …] in the given layout
 * @param offset see brightnessOffset; read only where brightness is drawn
 */
function emitAugmentation(ops, images, { layout, channels, height, width }, { columns, rows, brightness }, offset) {
    const batch = images.shape[0];
    const first = layout === 'NCHW';
    let changed = images;
    if (brightness) {
        const factor = ops.reshape(brightness, [batch, 1, 1, 1]);
        const brighter = ops.mul(changed, factor);
        const perChannel = ops.constant(offset, first ? [1, channels, 1, 1] : [1, 1, 1, channels]);
        const moved = ops.mul(ops.sub(factor, ops.scalar(1)), perChannel);
        changed = offset.every((value) => value === 0) ? brighter : ops.add(brighter, moved);
    }
    if (rows) {
        // [B, to, from]
        const chosen = selection(ops, ops.reshape(rows, [batch, 1]), ops.scalar(1), height, 'to, from');
        changed = first
            ? ops.matmul(ops.reshape(chosen, [batch, 1, height, height]), changed)
            : ops.reshape(ops.matmul(chosen, ops.reshape(changed, [batch, height, width * channels])), changed.shape);
    }
    if (columns) {
        const [start, direction] = ops.split(columns, 1, [1, 1]);
        const chosen = selection(ops, start, direction, width, first ? 'from, to' : 'to, from');
        const spread = ops.reshape(chosen, [batch, 1, width, width]);
        changed = first ? ops.matmul(changed, spread) : ops.matmul(spread, changed);
    }
    return changed;
}
/** 1 where place `to` takes what was at place `from` = start + direction · to; [B, size, size]. */
function selection(ops, start, direction, size, order) {
    const batch = start.shape[0];
    const places = ops.constant(Float32Array.from(range(size)), [1, size], 'places');
    const from = ops.add(start, ops.mul(direction, places));
    const [source, place] = order === 'to, from'
        ? [ops.reshape(from, [batch, size, 1]), ops.reshape(places, [1, 1, size])]
        : [ops.reshape(from, [batch, 1, size]), ops.reshape(places, [1, size, 1])];
    return ops.cast(ops.binary('Equal', source, place, 'bool'), 'float32');
}

;// CONCATENATED MODULE: ./src/training/optimisers.ts


const defaults = { betas: [0.9, 0.999], epsilon: 1e-8 };
/** @throws input-invalid naming the setting that is out of its range */
function checkOptimiser(optimiser) {
    const refuse = (expected, found) => {
        throw new errors/* TransferEvidenceError */.Bh('input-invalid', `An optimiser needs ${expected}; ${found} was given.`);
    };
    const { decay, clip } = optimiser;
    if (!(decay >= 0 && decay < Infinity))
        refuse('a weight decay ≥ 0', decay);
    if (clip !== undefined && !(clip > 0))
        refuse('a positive norm to clip gradients to', clip);
    if (optimiser.kind === 'sgd') {
        const { momentum } = optimiser;
        if (!(momentum >= 0 && momentum < 1))
            refuse('a momentum in [0, 1)', momentum);
    }
    else {
        const { betas = defaults.betas, epsilon = defaults.epsilon } = optimiser;
        for (const beta of betas)
            if (!(beta >= 0 && beta < 1))
                refuse('betas in [0, 1)', beta);
        if (!(epsilon > 0))
            refuse('an epsilon > 0', epsilon);
    }
}
/** How many tensors of a pack's shape the optimiser carries along; they start at zero. */
function momentsOf(optimiser) {
    if (optimiser.kind === 'adamw')
        return 2;
    return optimiser.momentum === 0 ? 0 : 1;
}
/**
 * The numbers that change from step to step, worked out here because 1 − βᵗ loses digits in float32.
 * @param step from 1
 * @returns SGD: η. AdamW, which keeps m ÷ (1 − β₁) and v ÷ (1 − β₂) and so saves two products a weight:
 *   η, then with c₁ = (1 − β₁) ÷ (1 − β₁ᵗ) and c₂ likewise η · c₁ ÷ √c₂ and ε ÷ √c₂
 */
function scalarsOf(optimiser, rate, step) {
    if (optimiser.kind === 'sgd')
        return [rate];
    const { betas = defaults.betas, epsilon = defaults.epsilon } = optimiser;
    const [first, second] = betas.map((beta) => (1 - beta) / (1 - beta ** step));
    return [rate, (rate * first) / Math.sqrt(second), epsilon / Math.sqrt(second)];
}
/**
 * Emits the norm of all gradients together.
 * @param gradients by weight, in the order in which the way back finds them
 */
function emitNorm(ops, gradients) {
    const squares = [...gradients].map(([name, value]) => [name, ops.node('ReduceSumSquare', [value], { shape: [] }, { keepdims: 0 })]);
    const upTo = new Map();
    let sum;
    for (const [name, square] of squares) {
        sum = sum ? ops.add(sum, square) : square;
        upTo.set(name, sum);
    }
    return { norm: ops.unary('Sqrt', sum), upTo };
}
/**
 * Emits one step of the optimiser.
 *
 * The runtime computes results in turn, from the one that was listed last, with all that they need (see gradientsLast). So packs
 * are listed from the first layer's to the last's, which makes it change a weight as soon as the way back has its gradient and let
 * go of that. All gradients that were found before it, of biases above all, which are changed together at the end, have to be in the
 * norm by then, or it would keep what they are made from: that is what the rate, plus zero times the sum so far, waits for.
 *
 * Where new weights overwrite the old ones, all rates wait for the whole norm. It depends on every gradient, and a weight is read
 * for nothing but the loss and gradients of others; so when the first weight is written, all have been read. Moments are
 * read only to become their successors, number by number.
 * @param scalars see scalarsOf, each of shape []
 * @param overwriting whether new tensors lie where the old ones do
 * @returns a pack's new tensors each
 */
function emitUpdate(ops, optimiser, slots, { scalars, norm, upTo, overwriting }) {
    const { clip } = optimiser;
    const bound = clip === undefined ? undefined : ops.scalar(clip);
    const factor = bound && ops.div(bound, ops.binary('Max', norm, bound));
    const update = (slot) => {
        const gradient = factor ? ops.mul(slot.gradient, factor) : slot.gradient;
        const { members } = slot.pack;
        const soFar = members.length === 1 ? upTo.get(members[0].name) : undefined;
        const before = overwriting ? norm : soFar;
        const waiting = before && !factor ? ops.scale(before, 0) : undefined;
        const own = waiting ? scalars.map((scalar) => ops.add(scalar, waiting)) : scalars;
        return optimiser.kind === 'sgd'
            ? updateSgd(ops, optimiser, { ...slot, gradient }, own)
            : updateAdamW(ops, optimiser, { ...slot, gradient }, own);
    };
    const isShared = ({ pack }) => pack.members.length > 1;
    const listed = [...slots.filter(isShared), ...slots.filter((slot) => !isShared(slot))];
    const updated = new Map(listed.map((slot) => [slot, update(slot)]));
    return slots.map((slot) => updated.get(slot));
}
function updateSgd(ops, { momentum, nesterov, decay }, slot, [rate]) {
    const { pack, weights, moments } = slot;
    const pull = perElement(ops, pack, (own) => (own.decays ? decay : 0));
    const gradient = pull ? ops.add(slot.gradient, ops.mul(weights, pull)) : slot.gradient;
    const eta = ratesOf(ops, pack, rate);
    if (moments.length === 0)
        return { weights: ops.sub(weights, ops.mul(gradient, eta)), moments };
    const moment = ops.add(ops.scale(moments[0], momentum), gradient);
    const direction = nesterov ? ops.add(gradient, ops.scale(moment, momentum)) : moment;
    return { weights: ops.sub(weights, ops.mul(direction, eta)), moments: [moment] };
}
function updateAdamW(ops, { betas = defaults.betas, decay }, slot, scalars) {
    const { pack, weights, gradient } = slot;
    const [rate, corrected, epsilon] = scalars;
    const [first, second] = slot.moments;
    const mean = ops.add(ops.scale(first, betas[0]), gradient);
    const square = ops.add(ops.scale(second, betas[1]), ops.square(gradient));
    const ratio = ops.div(mean, ops.add(ops.unary('Sqrt', square), epsilon));
    const change = ops.mul(ratio, ratesOf(ops, pack, corrected));
    const pull = perElement(ops, pack, (own) => (own.decays ? decay * own.rate : 0));
    const kept = pull ? ops.mul(weights, ops.sub(ops.scalar(1), ops.mul(pull, rate))) : weights;
    return { weights: ops.sub(kept, change), moments: [mean, square] };
}
/** The rate of each parameter of a pack, from the step's. */
function ratesOf(ops, pack, rate) {
    if (pack.members.every((own) => own.rate === 1))
        return rate;
    const multiples = perElement(ops, pack, (own) => own.rate);
    return multiples ? ops.mul(multiples, rate) : ops.scalar(0);
}
/** A number for each parameter, spread over the pack; a scalar where all are alike, undefined where all are 0. */
function perElement(ops, { members, shape }, numberOf) {
    const numbers = members.map(numberOf);
    if (numbers.every((number) => number === numbers[0]))
        return numbers[0] === 0 ? undefined : ops.scalar(numbers[0]);
    const data = new Float32Array((0,model/* elements */.Yt)(shape));
    let offset = 0;
    members.forEach((own, i) => {
        const length = (0,model/* elements */.Yt)(own.shape);
        data.fill(numbers[i], offset, offset + length);
        offset += length;
    });
    return ops.constant(data, shape, 'per weight');
}

// EXTERNAL MODULE: ./src/onnx/constants.ts
var constants = __webpack_require__(478);
;// CONCATENATED MODULE: ./src/training/operator.ts
/** An integer attribute, or its default. */

function floatAttribute(node, name, otherwise) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'float' ? attribute.value : otherwise;
}
function stringAttribute(node, name, otherwise) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'string' ? attribute.value : otherwise;
}

;// CONCATENATED MODULE: ./src/training/windows.ts

/**
 * Windows as ONNX defines them (Conv, MaxPool, AveragePool, LpPool of opset 18) and as the runtime has them where the standard leaves
 * room: SAME pads for the kernel without its dilations, never less than nothing, and a window that `ceil_mode` adds must start inside
 * the input or the pads in front of it, as in PyTorch.
 * @param inputShape [N, C, …spatial]
 * @param kernel spatial sizes
 */
function windowsOf(node, inputShape, kernel) {
    const sizes = inputShape.slice(2);
    const strides = (0,constants/* intsAttribute */.R6)(node, 'strides') ?? kernel.map(() => 1);
    const dilations = (0,constants/* intsAttribute */.R6)(node, 'dilations') ?? kernel.map(() => 1);
    const pads = sizes.map((size, i) => padsAlong(node, i, { size, kernel: kernel[i], stride: strides[i] }));
    const ceil = (0,constants/* intAttribute */.ux)(node, 'ceil_mode', 0) === 1;
    const output = sizes.map((size, i) => {
        const [before, after] = pads[i];
        const stride = strides[i];
        const steps = (size + before + after - dilations[i] * (kernel[i] - 1) - 1) / stride;
        if (!ceil)
            return Math.floor(steps) + 1;
        const count = Math.ceil(steps) + 1;
        return (count - 1) * stride >= size + before ? count - 1 : count;
    });
    const padsBefore = pads.map(([before]) => before);
    return { kernel, strides, dilations, padsBefore, padsAfter: pads.map(([, after]) => after), output };
}
function padsAlong(node, axis, { size, kernel, stride }) {
    const mode = stringAttribute(node, 'auto_pad', 'NOTSET');
    if (mode === 'VALID')
        return [0, 0];
    if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
        const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
        const less = Math.floor(total / 2);
        return mode === 'SAME_UPPER' ? [less, total - less] : [total - less, less];
    }
    const pads = (0,constants/* intsAttribute */.R6)(node, 'pads');
    return pads ? [pads[axis], pads[axis + pads.length / 2]] : [0, 0];
}

;// CONCATENATED MODULE: ./src/training/convolution/shape.ts



function convolutionShape({ node, inputs }) {
    const [x, w] = [inputs[0].shape, inputs[1].shape];
    const { kernel, strides, dilations, padsBefore, padsAfter, output } = windowsOf(node, x, w.slice(2));
    return {
        images: x[0],
        channels: x[1],
        outputs: w[0],
        groups: (0,constants/* intAttribute */.ux)(node, 'group', 1),
        input: x.slice(2),
        kernel,
        strides,
        dilations,
        before: padsBefore,
        after: padsAfter,
        output,
    };
}
/** Its attributes as the runtime takes them. */
function convolutionAttributes({ groups, kernel, strides, dilations, before, after }) {
    return {
        group: groups,
        kernel_shape: [...kernel],
        strides: [...strides],
        dilations: [...dilations],
        pads: [...before, ...after],
    };
}
/** One number a channel sees: a matrix product. */
function isPointwise(shape) {
    const { groups, kernel, strides, before, after } = shape;
    return (groups === 1 &&
        (0,model/* elements */.Yt)(kernel) === 1 &&
        [...strides].every((s) => s === 1) &&
        [...before, ...after].every((p) => p === 0));
}
function hasUnitStride({ strides }) {
    return strides.every((stride) => stride === 1);
}
/** Each channel on its own. */
function isDepthwise({ groups, channels, outputs }) {
    return groups > 1 && groups === channels && outputs === channels;
}
/** Positions in one output map. */
function positions({ output }) {
    return (0,model/* elements */.Yt)(output);
}
/** The convolution without strides that takes ∂L/∂Y to ∂L/∂X: inputs and outputs exchanged, pads such that X's positions come out. */
function turnedBack(shape) {
    const { channels, outputs, input, kernel, dilations, before, after, output } = shape;
    const around = (pads) => pads.map((pad, i) => dilations[i] * (kernel[i] - 1) - pad);
    return {
        ...shape,
        channels: outputs,
        outputs: channels,
        input: output,
        output: input,
        before: around(before),
        after: around(after),
    };
}

;// CONCATENATED MODULE: ./src/training/convolution/taps.ts



/** Offsets of the kernel's positions, in the order in which it lies. */
function tapsOf({ kernel }) {
    return kernel.reduce((taps, size) => taps.flatMap((tap) => range(size).map((offset) => [...tap, offset])), [[]]);
}
/**
 * [taps, pixels · positions], or turned [taps, positions · pixels]: 1 where a kernel position takes a pixel to a result, of a
 * convolution over two axes.
 */
function tapMask(ops, shape, { turned } = { turned: false }) {
    const { input, kernel } = shape;
    const results = positions(shape);
    const pixels = (0,model/* elements */.Yt)(input);
    return ops.shared(`taps ${nameOf(shape)}${turned ? ' turned' : ''}`, () => {
        const numbers = new Float32Array((0,model/* elements */.Yt)(kernel) * pixels * results);
        tapsOf(shape).forEach((tap, i) => {
            const start = i * pixels * results;
            for (const { pixel, position } of pairsOf(shape, tap))
                numbers[start + (turned ? position * pixels + pixel : pixel * results + position)] = 1;
        });
        return ops.constant(numbers, [(0,model/* elements */.Yt)(kernel), pixels * results], 'taps');
    });
}
/** The positions whose window holds a pixel, and no pad, at that kernel position. */
function pairsOf({ input, strides, dilations, before, output }, tap) {
    const [rows, columns] = [0, 1].map((axis) => range(output[axis]).flatMap((position) => {
        const pixel = position * strides[axis] + tap[axis] * dilations[axis] - before[axis];
        return pixel >= 0 && pixel < input[axis] ? [{ pixel, position }] : [];
    }));
    return rows.flatMap((row) => columns.map((column) => ({
        pixel: row.pixel * input[1] + column.pixel,
        position: row.position * output[1] + column.position,
    })));
}
/** What sets the geometry of a convolution apart from others'. */
function nameOf({ input, kernel, strides, dilations, before, output }) {
    return [input, kernel, strides, dilations, before, output].map((list) => list.join('x')).join(' ');
}
/** A kernel [O, C, …] as [positions, O, C]. */
function positionsFirst(ops, w) {
    const [outputs, channels, ...kernel] = w.shape;
    return ops.transpose(ops.reshape(w, [outputs, channels, (0,model/* elements */.Yt)(kernel)]), [2, 0, 1]);
}
/** The matrix [O, C] of each position of a kernel [O, C, …]. */
function matricesOf(ops, w) {
    const [outputs, channels, ...kernel] = w.shape;
    const count = (0,model/* elements */.Yt)(kernel);
    const together = ops.reshape(positionsFirst(ops, w), [count * outputs, channels]);
    return ops.split(together, 0, new Array(count).fill(outputs));
}
/** Likewise, each made when it is read. */
function matricesOneByOne(ops, w) {
    const [outputs, channels, ...kernel] = w.shape;
    const count = (0,model/* elements */.Yt)(kernel);
    if (count === 1)
        return matricesOf(ops, w);
    const together = ops.reshape(positionsFirst(ops, w), [count * outputs, channels]);
    return range(count).map((position) => ops.slice(together, 0, position * outputs, (position + 1) * outputs));
}
/** The kernel of that shape, [O, C, …], of which `matrices` holds [O, C] of each position, one after the other. */
function fromPositions(ops, matrices, shape) {
    const [outputs, channels, ...kernel] = shape;
    const together = ops.reshape(matrices, [(0,model/* elements */.Yt)(kernel), outputs, channels]);
    return ops.reshape(ops.transpose(together, [1, 2, 0]), shape);
}

;// CONCATENATED MODULE: ./src/training/parameters.ts


/** Elements up to which a parameter shares a pack: the cost of copying it is below the cost of a few operators. */
const smallest = 4096;
/**
 * Whether a kernel [O, C, h, w] travels as [h · w · O, C]: products take one kernel position at a time, and what brings kernels to
 * the blocked layout or back moves larger pieces.
 */
function travelsPositionsFirst([, channels = 1, ...kernel]) {
    return kernel.length === 2 && channels > 1 && (0,model/* elements */.Yt)(kernel) > 1;
}
function packsOf(parameters) {
    const small = parameters.filter(({ shape }) => (0,model/* elements */.Yt)(shape) <= smallest);
    const own = parameters.filter(({ shape }) => (0,model/* elements */.Yt)(shape) > smallest || small.length === 1);
    const packs = own.map((parameter) => {
        const { name, shape } = parameter;
        const turned = travelsPositionsFirst(shape);
        const [outputs, channels, ...kernel] = shape;
        const packed = turned ? [(0,model/* elements */.Yt)(kernel) * outputs, channels] : withoutOnes(shape);
        return { name, shape: packed, members: [parameter], turned };
    });
    if (small.length <= 1)
        return packs;
    const length = small.reduce((sum, { shape }) => sum + (0,model/* elements */.Yt)(shape), 0);
    return [...packs, { name: 'small weights', shape: [length], members: small, turned: false }];
}
/**
 * Multiplied by a scalar, [1280, 320, 1, 1] takes the runtime's kernel for processors ten times as long as [1280, 320].
 */
function withoutOnes(shape) {
    return shape.filter((size) => size !== 1);
}
/** The parameters out of their packs, by name. */
function emitUnpacked(ops, packs, values) {
    const found = new Map();
    for (const [i, { members, turned }] of packs.entries()) {
        if (turned) {
            const [{ name, shape }] = members;
            found.set(name, fromPositions(ops, values[i], shape));
            continue;
        }
        const parts = ops.split(values[i], 0, members.length === 1 ? [1] : members.map(({ shape }) => (0,model/* elements */.Yt)(shape)));
        for (const [j, { name, shape }] of members.entries())
            found.set(name, ops.reshape(parts[j], shape));
    }
    return found;
}
/** Gradients put together as the packs are; zeros where the loss does not depend on a parameter. */
function emitPacked(ops, packs, gradients) {
    return packs.map(({ shape: packed, members, turned }) => {
        if (turned) {
            const gradient = gradients.get(members[0].name);
            if (!gradient)
                return ops.zeros(packed);
            return ops.reshape(positionsFirst(ops, gradient), packed);
        }
        const parts = members.map(({ name, shape }) => {
            const gradient = gradients.get(name);
            const plain = gradient ? ops.plain(gradient) : ops.zeros(shape);
            return members.length === 1 ? plain : ops.reshape(plain, [(0,model/* elements */.Yt)(shape)]);
        });
        return members.length === 1 ? ops.reshape(parts[0], packed) : ops.concat(parts, 0);
    });
}
/**
 * The numbers of each pack, copied once: a network's weights are the largest thing that a process holds.
 * @param bytesOf the bytes of any parameter's numbers, float32
 * @param into where they go; default: new arrays
 */
function packed(packs, bytesOf, into = packs.map(({ shape }) => new Float32Array((0,model/* elements */.Yt)(shape)))) {
    for (const [i, { members, turned }] of packs.entries()) {
        if (turned) {
            const { buffer, byteOffset, byteLength } = bytesOf(members[0].name);
            const view = new DataView(buffer, byteOffset, byteLength);
            const number = (index) => view.getFloat32(Float32Array.BYTES_PER_ELEMENT * index, true);
            transpose(number, into[i], into[i].length / kernelSize(members[0]));
            continue;
        }
        const bytes = bytesIn(into[i]);
        let offset = 0;
        for (const { name, shape } of members) {
            bytes.set(bytesOf(name), offset);
            offset += Float32Array.BYTES_PER_ELEMENT * (0,model/* elements */.Yt)(shape);
        }
    }
    return into;
}
/** The same memory, seen as bytes. */
function bytesIn({ buffer, byteOffset, byteLength }) {
    return new Uint8Array(buffer, byteOffset, byteLength);
}
/** Copies of the parameters' numbers, by name. */
function unpacked(packs, numbers) {
    const weights = new Map();
    for (const [i, { members, turned }] of packs.entries()) {
        if (turned) {
            const kernel = new Float32Array(numbers[i].length);
            const own = numbers[i];
            transpose((index) => own[index], kernel, kernelSize(members[0]));
            weights.set(members[0].name, kernel);
            continue;
        }
        let offset = 0;
        for (const { name, shape } of members) {
            const length = (0,model/* elements */.Yt)(shape);
            weights.set(name, numbers[i].slice(offset, offset + length));
            offset += length;
        }
    }
    return weights;
}
function kernelSize({ shape }) {
    return (0,model/* elements */.Yt)(shape.slice(2));
}
/** Writes the transpose of a row-major matrix with so many rows. */
function transpose(numberAt, to, rows) {
    const columns = to.length / rows;
    for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
            to[column * rows + row] = numberAt(row * columns + column);
}

// EXTERNAL MODULE: ./src/onnx/build.ts
var build = __webpack_require__(847);
// EXTERNAL MODULE: ./src/onnx/check.ts
var check = __webpack_require__(703);
;// CONCATENATED MODULE: ./src/training/gradients/elementwise.ts
/**
 * A function of one tensor, number by number, computed and differentiated in whatever layout the tensor has.
 * @param derivative dy · f′(x); undefined where that is zero everywhere. One that reads y and not x lets go of x early. Products and
 * differences of dy keep filled-up channels zero, so that they are written as dy − dy · y² rather than dy · (1 − y²).
 * @param attributes of the node, defaults included
 */
function elementwise(derivative, attributes = () => ({})) {
    return {
        forward: ({ node, inputs, ops }) => [ops.unary(node.op, inputs[0], attributes(node))],
        backward: ({ node, inputs, outputs, grads, ops }) => [
            derivative({ x: inputs[0], y: outputs[0], dy: grads[0], node, ops }),
        ],
    };
}

;// CONCATENATED MODULE: ./src/training/gradients/heaviside.ts
/**
 * Masks of 0 and 1 by one pass of HardSigmoid, max(0, min(1, alpha · x + beta)), with so steep a ramp that no number falls on it. On
 * processors that takes less time than two Casts, a comparison, Where or Sign. A power of two only moves the
 * exponent, so that the mask is exact: where x equals the bound, alpha · x + beta is 0 to the last bit.
 */
const steep = 2 ** 100;
/** 1 where x > bound, elsewhere 0; to be multiplied with a gradient. Numbers within 2⁻¹⁰⁰ of 0 count as a part of 1. */
function above(ops, x, bound = 0) {
    const slope = slopeFor(bound);
    return ops.factor('HardSigmoid', x, { alpha: { float: slope }, beta: { float: -bound * slope } });
}
/** 1 where x < bound, elsewhere 0; to be multiplied with a gradient. */
function below(ops, x, bound = 0) {
    const slope = slopeFor(bound);
    return ops.factor('HardSigmoid', x, { alpha: { float: -slope }, beta: { float: bound * slope } });
}
/** 1 where x > 0, ½ where x = 0, 0 where x < 0: what a maximum hands to either side. */
function half(ops, x) {
    return ops.factor('HardSigmoid', x, { alpha: { float: steep }, beta: { float: 0.5 } });
}
/** −1, 0 or 1; two passes that take half the time of Sign. */
function signOf(ops, x) {
    return ops.unary('Clip', ops.scale(x, steep), {}, [ops.scalar(-1), ops.scalar(1)]);
}
/** As steep as it may be while bound · slope stays finite; one step of float32 beside the bound still reaches the end of the ramp. */
function slopeFor(bound) {
    return bound === 0 ? steep : Math.min(steep, 2 ** (125 - Math.ceil(Math.log2(Math.abs(bound)))));
}

;// CONCATENATED MODULE: ./src/training/gradients/elementary.ts


/** Constant almost everywhere. */
const flat = elementwise(() => undefined);
/** Elementary functions. Where a function has no derivative the limit stands, infinite for Sqrt at 0 as in PyTorch; Abs has 0 at 0. */
const elementary = {
    Abs: elementwise(({ x, dy, ops }) => ops.mul(dy, signOf(ops, x))),
    Neg: elementwise(({ dy, ops }) => ops.neg(dy)),
    Exp: elementwise(({ y, dy, ops }) => ops.mul(dy, y)),
    Log: elementwise(({ x, dy, ops }) => ops.div(dy, x)),
    Sqrt: elementwise(({ y, dy, ops }) => ops.div(ops.scale(dy, 0.5), y)),
    Reciprocal: elementwise(({ y, dy, ops }) => ops.neg(ops.mul(dy, ops.square(y)))),
    Erf: elementwise(({ x, dy, ops }) => ops.mul(ops.scale(dy, 2 / Math.sqrt(Math.PI)), ops.factor('Exp', ops.neg(ops.square(x))))),
    Sin: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.factor('Cos', x))),
    Cos: elementwise(({ x, dy, ops }) => ops.neg(ops.mul(dy, ops.unary('Sin', x)))),
    Tan: elementwise(({ y, dy, ops }) => ops.add(dy, ops.mul(dy, ops.square(y)))),
    Asin: elementwise(({ x, dy, ops }) => ops.div(dy, ops.unary('Sqrt', ops.sub(ops.scalar(1), ops.square(x))))),
    Acos: elementwise(({ x, dy, ops }) => ops.neg(ops.div(dy, ops.unary('Sqrt', ops.sub(ops.scalar(1), ops.square(x)))))),
    Atan: elementwise(({ x, dy, ops }) => ops.div(dy, ops.add(ops.square(x), ops.scalar(1)))),
    Sinh: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.factor('Cosh', x))),
    Cosh: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.unary('Sinh', x))),
    Tanh: elementwise(({ y, dy, ops }) => ops.sub(dy, ops.mul(dy, ops.square(y)))),
    Asinh: elementwise(({ x, dy, ops }) => ops.div(dy, ops.unary('Sqrt', ops.add(ops.square(x), ops.scalar(1))))),
    Acosh: elementwise(({ x, dy, ops }) => ops.div(dy, ops.unary('Sqrt', ops.sub(ops.square(x), ops.scalar(1))))),
    Atanh: elementwise(({ x, dy, ops }) => ops.div(dy, ops.sub(ops.scalar(1), ops.square(x)))),
    Floor: flat,
    Ceil: flat,
    Round: flat,
    Sign: flat,
};

;// CONCATENATED MODULE: ./src/training/gradients/gaussian-units.ts

/** dy · (Φ(x) + x · φ(x)), Φ and φ the standard normal distribution and density. */
function exact(ops, x, dy) {
    const u = ops.scale(x, Math.SQRT1_2);
    const density = ops.factor('Exp', ops.neg(ops.square(u)));
    const slope = ops.add(ops.unary('Erf', u), ops.mul(ops.scale(x, Math.sqrt(2 / Math.PI)), density));
    return gaussian_units_half(ops, dy, slope);
}
/** The derivative of x · (1 + t) ÷ 2 with t = tanh(x · (c + k · x²)). */
function tanhApproximation(ops, x, dy) {
    const c = Math.sqrt(2 / Math.PI);
    const k = c * 0.044715;
    const squared = ops.square(x);
    const t = ops.unary('Tanh', ops.mul(x, ops.add(ops.scale(squared, k), ops.scalar(c))));
    const inner = ops.mul(x, ops.add(ops.scale(squared, 3 * k), ops.scalar(c)));
    return gaussian_units_half(ops, dy, ops.add(t, ops.sub(inner, ops.mul(inner, ops.square(t)))));
}
/** dy · (1 + slope) ÷ 2. */
function gaussian_units_half(ops, dy, slope) {
    const halved = ops.scale(dy, 0.5);
    return ops.add(halved, ops.mul(halved, slope));
}
/** An error-linear unit of the runtime's own domain, with a bias along the last axis added to x where one is given. */
function unit(derivative) {
    return {
        backward: ({ inputs: [given, bias], grads: [grad], wants, ops }) => {
            const [x, dy] = [ops.plain(given), ops.plain(grad)];
            const dx = derivative(ops, bias ? ops.add(x, bias) : x, dy);
            return [dx, wants[1] ? ops.sumTo(dx, bias.shape) : undefined];
        },
    };
}
/**
 * Gelu (Hendrycks & Gimpel 2016) as the runtime's optimiser and its exporters write it. The standard operator comes written out in Erf
 * or Tanh.
 */
const gaussianUnits = {
    'com.microsoft:Gelu': unit(exact),
    'com.microsoft:BiasGelu': unit(exact),
    'com.microsoft:FastGelu': unit(tanhApproximation),
    // x · σ(alpha · x)
    'com.microsoft:QuickGelu': {
        backward: ({ node, inputs: [x], outputs: [y], grads: [grad], ops }) => {
            const alpha = floatAttribute(node, 'alpha', 1.702);
            const [s, dy] = [ops.unary('Sigmoid', ops.scale(ops.plain(x), alpha)), ops.plain(grad)];
            const scaled = ops.scale(y, alpha);
            return [ops.mul(dy, ops.add(s, ops.sub(scaled, ops.mul(scaled, s))))];
        },
    },
};

;// CONCATENATED MODULE: ./src/training/gradients/rectifiers.ts



/** Beyond this a bound bounds nothing: exporters write float32’s largest number for “none”. */
const unbounded = 3.4e38;
/**
 * dy · slope where x > 0 and dy · (y + offset) elsewhere: the exponential units. With positive parameters y has the sign of x, so
 * that x need not be kept.
 */
function exponentialUnit({ x, y, dy, ops }, slope, offset, keepsSign) {
    const right = ops.mul(dy, above(ops, keepsSign ? y : x));
    const left = ops.sub(dy, right);
    return ops.add(ops.scale(right, slope), ops.add(ops.scale(left, offset), ops.mul(left, y)));
}
/** dy where x > 0 and dy · (1 + y ÷ alpha) elsewhere, without a mask since both are 1 + min(y, 0) ÷ alpha (Barron 2017). */
function continuousUnit({ y, dy, ops }, alpha) {
    const negative = ops.unary('Clip', y, {}, [undefined, ops.scalar(0)]);
    return ops.add(dy, ops.mul(ops.scale(dy, 1 / alpha), negative));
}
const alphaOf = (otherwise) => (point) => floatAttribute(point.node, 'alpha', otherwise);
const leak = alphaOf(0.01);
const one = alphaOf(1);
/** Klambauer et al. 2017, as ONNX rounds them. */
const seluAlpha = alphaOf(1.6732631921768188);
const seluGamma = ({ node }) => floatAttribute(node, 'gamma', 1.0507010221481323);
/**
 * A leaky unit’s slope is 1 above 0 and `alpha` at and below it. Between 0 and 1 y has the sign of x and one Clip of a steep line
 * makes both slopes.
 */
function leakyRelu(point) {
    const { x, y, dy, ops } = point;
    const alpha = leak(point);
    if (alpha === 0)
        return ops.mul(dy, above(ops, y));
    if (alpha > 0 && alpha < 1)
        return ops.mul(dy, ops.factor('Clip', ops.scale(y, 2 ** 100), {}, [ops.scalar(alpha), ops.scalar(1)]));
    const right = ops.mul(dy, above(ops, x));
    return ops.add(right, ops.scale(ops.sub(dy, right), alpha));
}
/**
 * x where x > 0, slope · x elsewhere (He et al. 2015, equation 1). Written out, because the runtime’s kernel takes longer
 * than the four operators together and knows no layout but the plain one. At 0 the gradient is dy · slope, as PyTorch has it.
 */
const pRelu = {
    forward: ({ inputs: [x, slope], ops }) => [
        ops.add(ops.unary('Relu', x), ops.mul(ops.unary('Clip', x, {}, [undefined, ops.scalar(0)]), slope)),
    ],
    backward: ({ inputs: [x, slope], grads: [dy], wants, ops }) => {
        const right = ops.mul(dy, above(ops, x));
        return [
            wants[0] ? ops.add(right, ops.mul(ops.sub(dy, right), slope)) : undefined,
            wants[1]
                ? ops.sumTo(ops.mul(dy, ops.unary('Clip', x, {}, [undefined, ops.scalar(0)])), slope.shape)
                : undefined,
        ];
    },
};
/** A bound as a number, infinite when there is none; undefined when it is not the same for every image. */
function boundOf(step, input) {
    if (!step.inputs[input])
        return input === 1 ? -Infinity : Infinity;
    return step.wants[input] ? undefined : step.numbers(input)?.[0];
}
/**
 * Clip, ReLU6 among others: dy strictly between the bounds, 0 at and beyond them, as PyTorch’s relu6 and hardtanh have it
 * (torch.clamp has dy at the bounds themselves). Known from y, which lies at the bound exactly where x is at or beyond it, so that x
 * need not be kept.
 */
function clip(step) {
    const { inputs: [x, low, high], outputs: [y], grads: [dy], wants, ops, } = step;
    const [least, most] = [boundOf(step, 1), boundOf(step, 2)];
    const inside = [
        least === undefined ? above(ops, ops.sub(y, low)) : least > -unbounded && above(ops, y, least),
        most === undefined ? below(ops, ops.sub(y, high)) : most < unbounded && below(ops, y, most),
    ].filter((mask) => mask !== false);
    const outside = (bound, mask) => ops.reshape(ops.sumTo(ops.mul(dy, mask), []), bound.shape);
    return [
        wants[0] ? inside.reduce((grad, mask) => ops.mul(grad, mask), dy) : undefined,
        wants[1] ? outside(low, below(ops, ops.sub(x, low))) : undefined,
        wants[2] ? outside(high, above(ops, ops.sub(x, high))) : undefined,
    ];
}
/** Piecewise functions. At a kink the gradient is that of the flat side (Relu: 0 at 0). */
const rectifiers = {
    // From y: the pre-activation, the larger part of what training keeps, is let go.
    Relu: elementwise(({ y, dy, ops }) => ops.mul(dy, above(ops, y))),
    LeakyRelu: elementwise(leakyRelu, (node) => ({ alpha: { float: leak({ node }) } })),
    PRelu: pRelu,
    Elu: elementwise((point) => {
        const alpha = one(point);
        return alpha === 1 ? continuousUnit(point, 1) : exponentialUnit(point, 1, alpha, alpha > 0);
    }, (node) => ({ alpha: { float: one({ node }) } })),
    Selu: elementwise((point) => {
        const [alpha, gamma] = [seluAlpha(point), seluGamma(point)];
        return exponentialUnit(point, gamma, gamma * alpha, alpha > 0 && gamma > 0);
    }, (node) => ({ alpha: { float: seluAlpha({ node }) }, gamma: { float: seluGamma({ node }) } })),
    Celu: elementwise((point) => continuousUnit(point, one(point)), (node) => ({ alpha: { float: one({ node }) } })),
    ThresholdedRelu: elementwise((point) => {
        const { x, y, dy, ops } = point;
        const threshold = one(point);
        return ops.mul(dy, threshold >= 0 ? above(ops, y) : above(ops, x, threshold));
    }, (node) => ({ alpha: { float: one({ node }) } })),
    Clip: {
        forward: (step) => {
            const bounds = [1, 2].map((input) => {
                const bound = boundOf(step, input);
                if (bound === undefined)
                    return step.inputs[input];
                return Number.isFinite(bound) ? step.ops.scalar(bound) : undefined;
            });
            return [step.ops.unary('Clip', step.inputs[0], {}, bounds)];
        },
        backward: clip,
    },
};

;// CONCATENATED MODULE: ./src/training/gradients/activations.ts









/** dy · y · (1 − y). */
function sigmoid({ y, dy, ops }) {
    const product = ops.mul(dy, y);
    return ops.sub(product, ops.mul(product, y));
}
const slopeOf = ({ node }) => floatAttribute(node, 'alpha', 0.2);
const offsetOf = ({ node }) => floatAttribute(node, 'beta', 0.5);
/** x · h with h = max(0, min(1, x ÷ 6 + ½)): dy · (h + x ÷ 6) between −3 and 3, dy · h beyond (Howard et al. 2019). */
function hardSwish({ x, dy, ops }) {
    const h = ops.factor('HardSigmoid', x, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
    const bend = ops.mul(ops.mul(x, below(ops, ops.unary('Abs', x), 3)), ops.scale(dy, 1 / 6));
    return ops.add(ops.mul(dy, h), bend);
}
/** x · t with t = tanh(softplus(x)): dy · (t + x · σ(x) · (1 − t²)) (Misra 2020). */
function mish({ x, dy, ops }) {
    const t = ops.unary('Tanh', ops.unary('Softplus', x));
    const s = ops.mul(x, ops.factor('Sigmoid', x));
    return ops.mul(dy, ops.add(t, ops.sub(s, ops.mul(s, ops.square(t)))));
}
/** y = x ÷ (1 + |x|): dy · (1 − |y|)². */
function softsign({ y, dy, ops }) {
    const size = ops.unary('Abs', y);
    const once = ops.sub(dy, ops.mul(dy, size));
    return ops.sub(once, ops.mul(once, size));
}
/** Hands on what it is given. */
const passing = {
    forward: ({ inputs }) => [inputs[0]],
    backward: ({ grads }) => [grads[0]],
};
function refuseTraining(step) {
    if (!step.inputs[2] || step.numbers(2)?.[0] === 0)
        return;
    throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(step.node)} drops elements at random. Export the network for inference (in PyTorch: after model.eval()).`);
}
/** Functions of one tensor, number by number. */
const activations = {
    ...elementary,
    ...rectifiers,
    ...gaussianUnits,
    Sigmoid: elementwise(sigmoid),
    HardSigmoid: elementwise((point) => {
        const { y, dy, ops } = point;
        return ops.mul(ops.mul(ops.scale(dy, slopeOf(point)), above(ops, y)), below(ops, y, 1));
    }, (node) => ({ alpha: { float: slopeOf({ node }) }, beta: { float: offsetOf({ node }) } })),
    HardSwish: elementwise(hardSwish),
    Mish: elementwise(mish),
    Softplus: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.factor('Sigmoid', x))),
    Softsign: elementwise(softsign),
    Identity: passing,
    // Networks are trained as they are evaluated, with nothing dropped.
    Dropout: {
        forward: (step) => {
            refuseTraining(step);
            return step.node.outputs[1] ? step.ops.nodes('Dropout', [step.inputs[0]], step.made) : [step.inputs[0]];
        },
        backward: passing.backward,
    },
    Cast: {
        // What has a gradient is float32 on both sides, so that there is nothing to convert.
        forward: ({ node, inputs, made, ops }) => inputs[0].type === 'float32' && (0,constants/* intAttribute */.ux)(node, 'to', 1) === 1
            ? [inputs[0]]
            : ops.nodes('Cast', inputs, made, { to: (0,constants/* intAttribute */.ux)(node, 'to', 1) }),
        backward: passing.backward,
    },
    CastLike: passing,
};

;// CONCATENATED MODULE: ./src/training/gradients/arithmetic.ts


/** The gradient of each input that wants one, summed over the axes along which it was broadcast. */
function each({ inputs, wants, ops }, gradients) {
    return inputs.map((input, i) => (wants[i] ? ops.sumTo(gradients[i](), input.shape) : undefined));
}
/** The exponent, where it is one and the same number for all. */
function exponentOf({ wants, numbers }) {
    const exponents = wants[1] ? undefined : numbers(1);
    return exponents?.every((exponent) => exponent === exponents[0]) ? exponents[0] : undefined;
}
/** dy · p · x^(p − 1), without Pow for the exponents that networks use. */
function powerSlope({ inputs: [x], outputs: [y], ops }, dy, p) {
    if (p === 0)
        return undefined;
    if (p === 1)
        return dy;
    if (p === 2)
        return ops.mul(ops.scale(dy, 2), x);
    if (p === 3)
        return ops.mul(ops.scale(dy, 3), ops.square(x));
    if (p === 0.5)
        return ops.div(ops.scale(dy, 0.5), y);
    if (p === -1)
        return ops.neg(ops.mul(dy, ops.square(y)));
    return ops.mul(ops.scale(dy, p), ops.binary('Pow', x, ops.scalar(p - 1)));
}
/** As PyTorch has it: nothing goes to the base where the exponent is 0, and nothing to the exponent where the base is not positive. */
function power(step) {
    const { inputs: [x, exponents], outputs: [y], grads: [dy], wants, ops, } = step;
    const known = exponentOf(step);
    if (known !== undefined) {
        const slope = powerSlope(step, dy, known);
        return [slope && ops.sumTo(slope, x.shape)];
    }
    const p = ops.cast(exponents, 'float32');
    const base = () => {
        const slope = ops.mul(p, ops.binary('Pow', x, ops.sub(p, ops.scalar(1))));
        return ops.mul(dy, ops.where(ops.binary('Equal', p, ops.scalar(0), 'bool'), ops.scalar(0), slope));
    };
    const exponent = () => {
        const positive = ops.binary('Greater', x, ops.scalar(0), 'bool');
        const logarithm = ops.unary('Log', ops.where(positive, x, ops.scalar(1)));
        return ops.mul(ops.mul(dy, y), logarithm);
    };
    return [wants[0] ? ops.sumTo(base(), x.shape) : undefined, wants[1] ? ops.sumTo(exponent(), p.shape) : undefined];
}
function folded(op) {
    return ({ inputs, ops }) => [inputs.map((value) => value).reduce((a, b) => ops.binary(op, a, b))];
}
/** Maximum or minimum of several tensors; those that tie share the gradient equally (PyTorch’s maximum; amax for more than two). */
function extreme(op) {
    return {
        forward: folded(op),
        backward: (step) => {
            const { inputs, outputs, grads, ops } = step;
            const [[a, b], dy] = [inputs, grads[0]];
            if (inputs.length === 1)
                return [dy];
            if (inputs.length === 2) {
                const first = ops.mul(dy, half(ops, op === 'Max' ? ops.sub(a, b) : ops.sub(b, a)));
                return each(step, [() => first, () => ops.sub(dy, first)]);
            }
            const winners = inputs.map((value) => ops.cast(ops.binary('Equal', value, outputs[0], 'bool'), 'float32'));
            const share = ops.div(dy, ops.sum(winners));
            return each(step, winners.map((winner) => () => ops.mul(share, winner)));
        },
    };
}
/** Sum or, divided by their number, mean of several tensors. */
function total(divisor) {
    return {
        forward: ({ inputs, ops }) => [ops.scale(ops.sum(inputs.map((value) => value)), 1 / divisor(inputs.length))],
        backward: (step) => {
            const { inputs, grads, ops } = step;
            const share = ops.scale(grads[0], 1 / divisor(inputs.length));
            return each(step, range(inputs.length).map(() => () => share));
        },
    };
}
/** The part of dy that goes to what a condition chose. */
function chosen(ops, dy, condition) {
    return ops.mul(dy, ops.cast(condition, 'float32'));
}
/** Arithmetic on tensors that are broadcast against each other. */
const arithmetic = {
    Add: { backward: (step) => each(step, [() => step.grads[0], () => step.grads[0]]) },
    Sub: { backward: (step) => each(step, [() => step.grads[0], () => step.ops.neg(step.grads[0])]) },
    Mul: {
        backward: (step) => {
            const { inputs, grads, ops } = step;
            return each(step, [() => ops.mul(grads[0], inputs[1]), () => ops.mul(grads[0], inputs[0])]);
        },
    },
    Div: {
        backward: (step) => {
            const { inputs, outputs, grads, ops } = step;
            // The same quotient serves both.
            const quotient = () => ops.div(grads[0], inputs[1]);
            return each(step, [quotient, () => ops.neg(ops.mul(quotient(), outputs[0]))]);
        },
    },
    Pow: { forward: ({ inputs, ops }) => [ops.binary('Pow', inputs[0], inputs[1])], backward: power },
    Max: extreme('Max'),
    Min: extreme('Min'),
    Sum: total(() => 1),
    Mean: total((count) => count),
    Where: {
        backward: (step) => {
            const { inputs, grads, wants, ops } = step;
            const [condition, dy] = [inputs[0], grads[0]];
            const yes = wants[1] ? chosen(ops, dy, condition) : undefined;
            const no = () => yes
                ? ops.sub(dy, yes)
                : chosen(ops, dy, ops.raw('Not', [condition], [{ shape: condition.shape, type: 'bool' }])[0]);
            return [
                undefined,
                yes && ops.sumTo(yes, inputs[1].shape),
                wants[2] ? ops.sumTo(no(), inputs[2].shape) : undefined,
            ];
        },
    },
};

;// CONCATENATED MODULE: ./src/training/layouts.ts
/** The runtime's own operators on blocked tensors. */
const blockedDomain = 'com.microsoft.nchwc';
/** The same tensor in another layout. */
function inLayout(ops, value, to) {
    if (value.layout === to)
        return value;
    if (to === 'positions-first')
        return layouts_positionsFirst(ops, value);
    if (value.layout === 'plain')
        return fromPlain(ops, value, to);
    if (value.layout === 'positions-first' && to === 'blocked' && !isPadded(ops, { ...value, layout: to })) {
        // Whole rows of channels move.
        const made = { shape: value.shape, type: value.type, layout: to };
        return ops.raw('ReorderInput', [channelsLast(ops, value)], [made], { channels_last: 1 }, blockedDomain)[0];
    }
    const plain = toPlain(ops, value);
    return to === 'plain' ? plain : fromPlain(ops, plain, to);
}
/** [N, C, H, W] in any layout as a plain tensor [N, H, W, C]. */
function channelsLast(ops, value) {
    const [n, c, h, w] = value.shape;
    if (value.layout === 'blocked') {
        const made = { shape: [n, h, w, c], type: value.type };
        return ops.raw('ReorderOutput', [value], [made], { channels: c, channels_last: 1 }, blockedDomain)[0];
    }
    if (value.layout === 'channels-first')
        return ops.transpose(asItLies(value), [1, 2, 3, 0]);
    if (value.layout === 'positions-first')
        return ops.transpose(asItLies(value), [2, 0, 1, 3]);
    return ops.transpose(value, [0, 2, 3, 1]);
}
/** The plain tensor that it is in memory: [C, N, …] of [N, C, …] that lies channels first, […, N, C] of what lies positions first. */
function asItLies(value) {
    const [images, channels, ...rest] = value.shape;
    const shape = value.layout === 'positions-first' ? [...rest, images, channels] : [channels, images, ...rest];
    return { ...value, shape, layout: 'plain' };
}
/** Whether numbers that fill up the channels lie beside the real ones, so that only operators that keep 0 at 0 may touch them. */
function isPadded({ block }, { layout, shape }) {
    return layout === 'blocked' && shape[1] % block !== 0;
}
function fromPlain(ops, value, to) {
    const { shape, type } = value;
    if (to === 'channels-first') {
        const turned = ops.transpose(value, [1, 0, 2, 3]);
        return { ...turned, shape, layout: to };
    }
    return ops.raw('ReorderInput', [padded(ops, value)], [{ shape, type, layout: to }], {}, blockedDomain)[0];
}
/** From blocks by way of channels last: whole rows of channels move. */
function layouts_positionsFirst(ops, value) {
    const { shape, layout } = value;
    const turned = layout === 'blocked'
        ? ops.transpose(channelsLast(ops, value), [1, 2, 0, 3])
        : layout === 'channels-first'
            ? ops.transpose(asItLies(value), [2, 3, 1, 0])
            : ops.transpose(value, [2, 3, 0, 1]);
    return { ...turned, shape, layout: 'positions-first' };
}
function toPlain(ops, value) {
    const { shape, type, layout } = value;
    if (layout === 'channels-first')
        return ops.transpose(asItLies(value), [1, 0, 2, 3]);
    if (layout === 'positions-first')
        return ops.transpose(asItLies(value), [2, 3, 0, 1]);
    return ops.raw('ReorderOutput', [value], [{ shape, type }], { channels: shape[1] }, blockedDomain)[0];
}
function padded(ops, value) {
    const missing = -value.shape[1] % ops.block;
    return missing === 0 ? value : ops.pad(value, [0, 0, 0, 0], [0, ops.block + missing, 0, 0]);
}

;// CONCATENATED MODULE: ./src/training/convolution/depthwise.ts




/*
 * Depthwise convolutions on small maps as matrix products: per channel, Y = X · T with a Toeplitz matrix T [input pixels, output
 * pixels] made of the kernel by a constant 0/1 matrix, T = w · M. The gradients follow: ∂L/∂X = ∂L/∂Y · Tᵀ, ∂L/∂w = (Xᵀ · ∂L/∂Y) · Mᵀ.
 * Everything is channels first. It is more arithmetic than the convolution, but arithmetic that processors do fastest.
 */
function convolveByToeplitz(ops, shape, x, w, bias) {
    const { images, channels, output } = shape;
    const product = ops.matmul(perChannel(ops, x), toeplitz(ops, shape, w));
    const biased = bias ? ops.add(product, ops.reshape(bias, [channels, 1, 1])) : product;
    return {
        ...ops.reshape(biased, [channels, images, ...output]),
        shape: [images, channels, ...output],
        layout: 'channels-first',
    };
}
function inputGradientByToeplitz(ops, shape, dy, w) {
    const { images, channels, input } = shape;
    const product = ops.matmulTransposed(perChannel(ops, dy), toeplitz(ops, shape, w));
    return {
        ...ops.reshape(product, [channels, images, ...input]),
        shape: [images, channels, ...input],
        layout: 'channels-first',
    };
}
function weightGradientByToeplitz(ops, shape, x, dy) {
    const { channels, input, kernel } = shape;
    const [pixels, results] = [(0,model/* elements */.Yt)(input), positions(shape)];
    // There are fewer results than pixels, and it is the left factor whose transposition costs.
    const product = ops.matmulTransposedFirst(perChannel(ops, dy), perChannel(ops, x));
    const mask = tapMask(ops, shape, { turned: true });
    const sum = ops.gemm(ops.reshape(product, [channels, results * pixels]), mask, { transB: true });
    return ops.reshape(sum, [channels, 1, ...kernel]);
}
/** [C, pixels, positions] */
function toeplitz(ops, shape, w) {
    const { channels, input } = shape;
    const kernel = ops.reshape(w, [channels, (0,model/* elements */.Yt)(shape.kernel)]);
    return ops.reshape(ops.matmul(kernel, tapMask(ops, shape)), [channels, (0,model/* elements */.Yt)(input), positions(shape)]);
}
/** [N, C, …] in any layout → [C, N, pixels] */
function perChannel(ops, value) {
    const [images, channels, ...spatial] = value.shape;
    return ops.reshape(asItLies(ops.as('channels-first', value)), [channels, images, (0,model/* elements */.Yt)(spatial)]);
}

;// CONCATENATED MODULE: ./src/training/convolution/bands.ts





/** Columns from which on a second row in a band costs more arithmetic than it saves copies. */
const wide = 48;
/** Two rows of a result share most of the rows that they see, unless strides part them. */
function rowsTogether(rows, columns, stride) {
    return stride === 1 && rows % 2 === 0 && columns < wide ? 2 : 1;
}
/** Bands of rows of the result, with all that they see. */
function bandsOfResult(shape) {
    const { images, input, kernel, strides, dilations, before, after, output } = shape;
    const rows = rowsTogether(output[0], output[1], strides[0]);
    const perImage = output[0] / rows;
    const seen = (rows - 1) * strides[0] + (kernel[0] - 1) * dilations[0] + 1;
    const own = {
        ...shape,
        images: images * perImage,
        input: [seen, input[1]],
        output: [rows, output[1]],
        before: [0, before[1]],
        after: [0, after[1]],
    };
    return { shape: own, perImage, first: -before[0], apart: rows * strides[0] };
}
/** Bands of rows of the input, with all results that see them. */
function bandsOfInput(shape) {
    const { images, input, kernel, strides, dilations, before, output } = shape;
    const stride = strides[0];
    const rows = stride * rowsTogether(input[0], input[1], stride);
    const perImage = Math.ceil(input[0] / rows);
    const first = Math.ceil((before[0] - (kernel[0] - 1) * dilations[0]) / stride);
    const last = Math.floor((rows - 1 + before[0]) / stride);
    const own = {
        ...shape,
        images: images * perImage,
        input: [rows, input[1]],
        output: [last - first + 1, output[1]],
        before: [before[0] - stride * first, before[1]],
    };
    return { shape: own, perImage, first, apart: rows / stride };
}
function convolveByBands(ops, shape, x, w, bias) {
    const bands = bandsOfResult(shape);
    const seen = cutIntoBands(ops, x, bands, bands.shape.input[0]);
    return seenAs(ops, convolveByToeplitz(ops, bands.shape, seen, w, bias), [
        shape.images,
        shape.channels,
        ...shape.output,
    ]);
}
function weightGradientByBands(ops, shape, x, dy) {
    const bands = bandsOfResult(shape);
    const { images, channels, output, input } = bands.shape;
    const errors = seenAs(ops, ops.as('channels-first', dy), [images, channels, ...output]);
    return weightGradientByToeplitz(ops, bands.shape, cutIntoBands(ops, x, bands, input[0]), errors);
}
function inputGradientByBands(ops, shape, dy, w) {
    const { images, channels, input } = shape;
    const bands = bandsOfInput(shape);
    const errors = cutIntoBands(ops, dy, bands, bands.shape.output[0]);
    const found = inputGradientByToeplitz(ops, bands.shape, errors, w);
    const rows = bands.perImage * bands.shape.input[0];
    const all = asItLies(seenAs(ops, found, [images, channels, rows, input[1]]));
    return { ...ops.slice(all, 2, 0, input[0]), shape: [images, channels, ...input], layout: 'channels-first' };
}
/** [N, C, H, W] → [N · bands, C, height, W], channels first, with zeros for rows that there are not. */
function cutIntoBands(ops, value, { perImage, first, apart }, height) {
    const [images, channels, rows, width] = value.shape;
    const indices = range(perImage).flatMap((band) => range(height).map((row) => first + band * apart + row));
    const above = Math.max(0, -Math.min(...indices));
    const below = Math.max(0, Math.max(...indices) + 1 - rows);
    const padded = ops.pad(asItLies(ops.as('channels-first', value)), [0, 0, above, 0], [0, 0, below, 0]);
    const made = { shape: [channels, images, indices.length, width] };
    const places = ops.ints(indices.map((row) => row + above));
    const cut = ops.reshape(ops.node('Gather', [padded, places], made, { axis: 2 }), [
        channels,
        images * perImage,
        height,
        width,
    ]);
    return { ...cut, shape: [images * perImage, channels, height, width], layout: 'channels-first' };
}
/** The same numbers, with bands as images or the other way round. */
function seenAs(ops, value, shape) {
    const [images, channels, ...rest] = shape;
    return { ...ops.reshape(asItLies(value), [channels, images, ...rest]), shape, layout: 'channels-first' };
}
/**
 * As the standard convolution of one image whose channels are all channels of all images, for which the layout need not change.
 */
function convolveChannelsFirst(ops, shape, x, w, bias) {
    const { images, channels, input, output, kernel } = shape;
    const all = images * channels;
    const each = (value) => {
        const size = (0,model/* elements */.Yt)(value.shape) / channels;
        const column = ops.reshape(value, [channels, 1, size]);
        return ops.reshape(ops.mul(column, ops.full([1, images, 1], 1)), [all * size]);
    };
    const one = ops.reshape(asItLies(ops.as('channels-first', x)), [1, all, ...input]);
    const weights = ops.reshape(each(w), [all, 1, ...kernel]);
    const made = { shape: [1, all, ...output] };
    const attributes = { ...convolutionAttributes(shape), group: all };
    const [y] = ops.nodes('Conv', [one, weights, bias && each(bias)], [made], attributes);
    const shaped = ops.reshape(y, [channels, images, ...output]);
    return { ...shaped, shape: [images, channels, ...output], layout: 'channels-first' };
}
/** ∂L/∂X likewise, where canFlip. */
function inputGradientChannelsFirst(ops, shape, dy, w) {
    const { channels, input, output, kernel, dilations, before, after } = shape;
    const around = (pads) => pads.map((pad, i) => dilations[i] * (kernel[i] - 1) - pad);
    const back = { ...shape, input: output, output: input, before: around(before), after: around(after) };
    const taps = (0,model/* elements */.Yt)(kernel);
    const turned = ops.slice(ops.reshape(w, [channels, taps]), 1, 0, taps, -1);
    return convolveChannelsFirst(ops, back, dy, ops.reshape(turned, [channels, 1, ...kernel]));
}

;// CONCATENATED MODULE: ./src/training/convolution/blocked.ts




/*
 * Convolutions on the runtime's own blocked layout, with kernels that change from step to step. The runtime itself uses these
 * operators only for constant kernels; given kernels in the order that it would bring them to, they take any. Channels that fill up
 * a block are zero on both sides, so they add nothing.
 */
/** Whether {@link convolveBlocked} computes it: two spatial axes, dense or depthwise. */
function canBlock(ops, shape) {
    return ops.block !== undefined && shape.kernel.length === 2 && (shape.groups === 1 || isDepthwise(shape));
}
/** Few channels, as of an image, are read as they lie. */
function readsPlain(ops, shape) {
    return shape.groups === 1 && shape.channels < ops.block;
}
/** Y = X ∗ W + b, blocked. `w` is [O, C/groups, h, w], plain. */
function convolveBlocked(ops, shape, x, w, bias) {
    const kernel = isDepthwise(shape)
        ? depthwiseKernel(ops, shape, w)
        : readsPlain(ops, shape)
            ? imageKernel(ops, shape, w)
            : denseKernel(ops, shape, w, { turned: false });
    const data = readsPlain(ops, shape) ? ops.plain(x) : ops.as('blocked', x);
    return run(ops, shape, data, kernel, bias && filledUp(ops, bias, [shape.outputs]));
}
/** ∂L/∂X of a convolution without strides whose pads allow it (see canFlip); blocked. */
function inputGradientBlocked(ops, shape, dy, w) {
    const turned = isDepthwise(shape)
        ? depthwiseKernel(ops, shape, w, { turned: true })
        : denseKernel(ops, shape, w, { turned: true });
    return run(ops, turnedBack(shape), ops.as('blocked', dy), turned);
}
/**
 * ∂L/∂X of a convolution with strides, as that of one without on a gradient with zeros between; undefined where the pads do not
 * allow it.
 */
function inputGradientBlockedByZeros(ops, shape, dy, w) {
    const { images, outputs, input, kernel, strides, dilations, before, output } = shape;
    const apart = output.map((size, i) => size * strides[i]);
    const after = input.map((size, i) => apart[i] - size + dilations[i] * (kernel[i] - 1) - before[i]);
    const dense = { ...shape, strides: strides.map(() => 1), output: apart, after };
    const reach = kernel.map((k, i) => dilations[i] * (k - 1));
    if (reach.some((size, i) => after[i] > size || before[i] > size || after[i] < 0))
        return undefined;
    const block = ops.block;
    const planes = images * (filled(ops, outputs) / block);
    const [height, width] = output;
    const [down, right] = strides;
    const lying = physical(ops, ops.as('blocked', dy), [planes * height * width, block]);
    const across = right === 1 ? lying : ops.concat([lying, ops.full([planes * height * width, block * (right - 1)], 0)], 1);
    const rows = physical(ops, across, [planes * height, apart[1] * block]);
    const whole = down === 1 ? rows : ops.concat([rows, ops.full([planes * height, apart[1] * block * (down - 1)], 0)], 1);
    const spread = {
        ...physical(ops, whole, [images, filled(ops, outputs), ...apart]),
        shape: [images, outputs, ...apart],
        layout: 'blocked',
    };
    return inputGradientBlocked(ops, dense, spread, w);
}
/**
 * ∂L/∂W of a depthwise convolution as one convolution: every channel of every image is a channel, and ∂L/∂Y, as it lies in
 * memory, is the kernel. [C, 1, h, w], plain.
 */
function depthwiseWeightGradientBlocked(ops, shape, x, dy) {
    const { images, channels, input, kernel, strides, dilations, before, after, output } = shape;
    const all = filled(ops, channels);
    const [height, width] = kernel;
    // The pads at the far side are such that exactly the kernel's positions come out.
    const far = input.map((size, i) => strides[i] * (output[i] - 1) + dilations[i] * (kernel[i] - 1) + 1 - size - before[i]);
    if (far.some((pad) => pad < 0))
        return depthwiseCut(ops, shape, x, dy, far);
    void after;
    const correlated = {
        images: 1,
        channels: images * all,
        outputs: images * all,
        groups: images * all,
        input,
        kernel: output,
        strides: dilations,
        dilations: strides,
        before,
        after: far,
        output: kernel,
    };
    const data = physical(ops, ops.as('blocked', x), [1, images * all, ...input]);
    const asKernel = physical(ops, ops.as('blocked', dy), [images * all, 1, ...output]);
    const found = run(ops, correlated, data, asKernel);
    const taps = height * width;
    const perImage = physical(ops, found, [images, (all / ops.block) * taps * ops.block]);
    const sum = ops.reduce('ReduceSum', perImage, [0], false);
    const unblocked = ops.transpose(ops.reshape(sum, [all / ops.block, taps, ops.block]), [0, 2, 1]);
    return ops.slice(ops.reshape(unblocked, [all, 1, height, width]), 0, 0, channels);
}
/** Rows that no window reached are cut off first. */
function depthwiseCut(ops, shape, x, dy, far) {
    const cut = far.reduce((kept, pad, i) => (pad < 0 ? ops.slice(kept, i + 2, 0, kept.shape[i + 2] + pad) : kept), ops.plain(x));
    return depthwiseWeightGradientBlocked(ops, { ...shape, input: cut.shape.slice(2) }, cut, dy);
}
/** ∂L/∂b of a blocked gradient: the mean over positions times their number, summed over images. */
function biasGradientBlocked(ops, dy) {
    const [images, channels, height, width] = dy.shape;
    const all = filled(ops, channels);
    const [mean] = ops.raw('GlobalAveragePool', [dy], [{ shape: [images, channels, 1, 1], layout: 'blocked' }], {}, blockedDomain);
    const sum = ops.reduce('ReduceSum', physical(ops, mean, [images, all]), [0], false);
    return ops.slice(ops.scale(sum, height * width), 0, 0, channels);
}
/** The runtime's blocked convolution. `x` and `kernel` lie as it needs them. */
function run(ops, shape, x, kernel, bias) {
    const made = { shape: [shape.images, shape.outputs, ...shape.output], layout: 'blocked' };
    const attributes = convolutionAttributes(shape);
    const groups = isDepthwise(shape) ? filled(ops, shape.channels) : 1;
    return ops.raw('Conv', [x, kernel, bias], [made], { ...attributes, group: groups }, blockedDomain)[0];
}
/**
 * [O, C, h, w] → [O/B, C/B, h, w, B (in), B (out)]; turned: inputs and outputs exchanged and the kernel reversed. For what is not turned
 * the outputs are brought innermost as channels of an image would be, and then whole squares of blocks move: one transpose takes
 * the runtime four times as long, and it makes one of two.
 */
function denseKernel(ops, shape, w, { turned }) {
    const { channels, outputs, kernel } = shape;
    const block = ops.block;
    const [all, allOut] = [filled(ops, channels), filled(ops, outputs)];
    const taps = (0,model/* elements */.Yt)(kernel);
    const missing = [0, allOut - outputs, all - channels];
    const whole = ops.pad(positionsFirst(ops, w), [0, 0, 0], missing);
    if (!turned) {
        const images = ops.reshape(whole, [(taps * allOut) / block, block, all, 1]);
        const squares = physical(ops, ops.as('blocked', images), [taps, allOut / block, all / block, block * block]);
        return ops.reshape(ops.transpose(squares, [1, 2, 0, 3]), [allOut, all, ...kernel]);
    }
    const reversed = taps > 1 ? ops.slice(whole, 0, 0, taps, -1) : whole;
    const parted = ops.reshape(reversed, [taps, allOut / block, block, all / block, block]);
    return ops.reshape(ops.transpose(parted, [3, 1, 0, 2, 4]), [all, allOut, ...kernel]);
}
/** [C, 1, h, w] → [C/B, h, w, B] */
function depthwiseKernel(ops, shape, w, { turned } = { turned: false }) {
    const all = filled(ops, shape.channels);
    const taps = (0,model/* elements */.Yt)(shape.kernel);
    const parted = ops.reshape(filledUp(ops, w, [shape.channels]), [all / ops.block, ops.block, taps]);
    const ordered = ops.transpose(parted, [0, 2, 1]);
    return ops.reshape(turned ? ops.slice(ordered, 1, 0, taps, -1) : ordered, [all, 1, ...shape.kernel]);
}
/** [O, C, h, w] → [O/B, C, h, w, B], for an image that is read as it lies. */
function imageKernel(ops, { channels, outputs, kernel }, w) {
    const all = filled(ops, outputs);
    const parted = ops.reshape(filledUp(ops, w, [outputs]), [all / ops.block, ops.block, channels * (0,model/* elements */.Yt)(kernel)]);
    return ops.reshape(ops.transpose(parted, [0, 2, 1]), [all, channels, ...kernel]);
}
/** A multiple of the block. */
function filled(ops, channels) {
    return Math.ceil(channels / ops.block) * ops.block;
}
/** Zeros behind the leading axes, whose sizes are given, so that each is a multiple of the block. */
function filledUp(ops, value, leading) {
    const missing = value.shape.map((_, i) => (i < leading.length ? filled(ops, leading[i]) - leading[i] : 0));
    return ops.pad(value, missing.map(() => 0), missing);
}
/** The numbers of a blocked tensor as they lie, under another shape. */
function physical(ops, value, shape) {
    return ops.raw('Reshape', [value, ops.ints(shape)], [{ shape }])[0];
}

;// CONCATENATED MODULE: ./src/training/convolution/general.ts


/*
 * A convolution and its two gradients from the standard operators, for any number of spatial axes, groups, strides, dilations and
 * pads. With Y = X ∗ W: ∂L/∂X is the transposed convolution of ∂L/∂Y with W, and ∂L/∂W the correlation of X with ∂L/∂Y, in which
 * images take the place of channels and strides and dilations change places (Dumoulin & Visin 2016, chapter 4).
 */
function convolve(ops, shape, x, w, bias) {
    const made = { shape: [shape.images, shape.outputs, ...shape.output] };
    return ops.node('Conv', [x, w, bias], made, convolutionAttributes(shape));
}
/** ∂L/∂X as a transposed convolution; right for every convolution. */
function inputGradientTransposed(ops, shape, dy, w) {
    const { images, channels, input, kernel, strides, dilations, before, after, output } = shape;
    // Rows at the far side that no window reached.
    const left = input.map((size, i) => size - ((output[i] - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1 - before[i] - after[i]));
    const made = { shape: [images, channels, ...input] };
    return ops.node('ConvTranspose', [dy, w], made, { ...convolutionAttributes(shape), output_padding: left });
}
/** Whether {@link inputGradientFlipped} is defined. */
function canFlip(shape) {
    const { kernel, dilations, before, after } = shape;
    return hasUnitStride(shape) && kernel.every((k, i) => dilations[i] * (k - 1) >= Math.max(before[i], after[i]));
}
/** ∂L/∂X of a convolution without strides: a convolution with the kernel turned round, inputs and outputs exchanged. */
function inputGradientFlipped(ops, shape, dy, w) {
    return convolve(ops, turnedBack(shape), dy, turnedRound(ops, shape, w));
}
/** [O, C/g, k…] → [C, O/g, k…] with every kernel reversed along its spatial axes. */
function turnedRound(ops, { channels, outputs, groups, kernel }, w) {
    const axes = range(kernel.length);
    const grouped = ops.reshape(w, [groups, outputs / groups, channels / groups, ...kernel]);
    const exchanged = ops.transpose(grouped, [0, 2, 1, ...axes.map((axis) => axis + 3)]);
    const turned = ops.reshape(exchanged, [channels, outputs / groups, ...kernel]);
    return axes.reduce((kept, axis) => (kernel[axis] === 1 ? kept : ops.slice(kept, axis + 2, 0, kernel[axis], -1)), turned);
}
/** ∂L/∂W as a convolution of X with ∂L/∂Y in the place of the kernel; right for every convolution. */
function weightGradientSwapped(ops, shape, x, dy) {
    const { images, channels, outputs, groups, input, kernel, strides, dilations, before, after, output } = shape;
    const spatial = range(kernel.length);
    // Images become channels, groups stay together: [N, g·c, …] → [c, g·N, …] and [N, g·o, …] → [g·o, N, …].
    const data = ops.transpose(ops.reshape(x, [images, groups, channels / groups, ...input]), [
        2,
        1,
        0,
        ...spatial.map((axis) => axis + 3),
    ]);
    const correlated = {
        images: channels / groups,
        channels: groups * images,
        outputs,
        groups,
        input,
        kernel: output,
        strides: dilations,
        dilations: strides,
        before,
        after,
        output: input.map((size, i) => {
            const extent = size + before[i] + after[i] - strides[i] * (output[i] - 1) - 1;
            return Math.floor(extent / dilations[i]) + 1;
        }),
    };
    const found = convolve(ops, correlated, ops.reshape(data, [channels / groups, groups * images, ...input]), ops.transpose(dy, [1, 0, ...spatial.map((axis) => axis + 2)]));
    // What strides left over at the far side gives kernel positions that do not exist.
    const cut = spatial.reduce((kept, axis) => ops.slice(kept, axis + 2, 0, kernel[axis]), found);
    return ops.transpose(cut, [1, 0, ...spatial.map((axis) => axis + 2)]);
}
/** ∂L/∂b: the sum over images and positions. */
function biasGradient(ops, dy) {
    return ops.reduce('ReduceSum', dy, range(dy.shape.length).filter((axis) => axis !== 1), false);
}

;// CONCATENATED MODULE: ./src/training/convolution/image-gradient.ts


/** Whether {@link imageWeightGradientBlocked} computes it: channels that do not fill a block, images that do. */
function canBlockImages(ops, shape) {
    return canBlock(ops, shape) && shape.groups === 1 && shape.channels < ops.block && shape.images % ops.block === 0;
}
/**
 * ∂L/∂W of a convolution over an image as one blocked convolution, in which images take the place of channels and ∂L/∂Y that of the
 * kernel. [O, C, h, w], plain.
 */
function imageWeightGradientBlocked(ops, shape, x, dy) {
    const { images, channels, outputs, input, kernel, strides, dilations, before, output } = shape;
    const block = ops.block;
    const all = filled(ops, outputs);
    // The pads at the far side are such that exactly the kernel's positions come out. They are laid round the image itself: with pads of
    // the convolution's own every result would be one at a border, which the runtime computes one by one.
    const far = input.map((size, i) => strides[i] * (output[i] - 1) + dilations[i] * (kernel[i] - 1) + 1 - size - before[i]);
    const kept = far.reduce((value, pad, i) => (pad < 0 ? ops.slice(value, i + 2, 0, input[i] + pad) : value), ops.transpose(ops.plain(x), [1, 0, 2, 3]));
    const after = far.map((pad) => Math.max(0, pad));
    const data = ops.pad(kept, [0, 0, ...before], [0, 0, ...after]);
    const lying = physical(ops, ops.as('blocked', dy), [images / block, block, all / block, positions(shape), block]);
    const asKernel = physical(ops, ops.transpose(lying, [2, 0, 3, 1, 4]), [all, images, ...output]);
    const correlated = {
        images: channels,
        channels: images,
        outputs,
        groups: 1,
        input: data.shape.slice(2),
        kernel: output,
        strides: dilations,
        dilations: strides,
        before: [0, 0],
        after: [0, 0],
        output: kernel,
    };
    return ops.transpose(ops.plain(run(ops, correlated, ops.as('blocked', data), asKernel)), [1, 0, 2, 3]);
}

;// CONCATENATED MODULE: ./src/training/convolution/products.ts





/*
 * Convolutions whose outputs see one pixel each, channels first: every pixel of every image is a column [C, N · positions], the kernel a
 * matrix [O, C], and Y = W · X, ∂L/∂W = ∂L/∂Y · Xᵀ and ∂L/∂X = Wᵀ · ∂L/∂Y.
 */
function convolveByColumns(ops, shape, x, w, bias) {
    const { images, channels, outputs, output } = shape;
    const kernel = ops.reshape(w, [outputs, channels]);
    const product = ops.gemm(kernel, products_flat(ops, x), bias ? { c: ops.reshape(bias, [outputs, 1]) } : {});
    return channelsFirst(ops, product, [images, outputs, ...output]);
}
function weightGradientByColumns(ops, shape, x, dy) {
    const { channels, outputs, kernel } = shape;
    return ops.reshape(ops.gemm(products_flat(ops, dy), products_flat(ops, x), { transB: true }), [outputs, channels, ...kernel]);
}
function inputGradientByColumns(ops, shape, dy, w) {
    const { images, channels, outputs, input } = shape;
    const product = ops.gemm(ops.reshape(w, [outputs, channels]), products_flat(ops, dy), { transA: true });
    return channelsFirst(ops, product, [images, channels, ...input]);
}
function biasGradientByColumns(ops, dy) {
    return ops.reduce('ReduceSum', products_flat(ops, dy), [1], false);
}
/** Positions from which on each image makes a product of its own, whose factors stay in the cache. */
const products_long = 200;
/**
 * ∂L/∂W one kernel position at a time: ∂L/∂Y · (the pixels that it saw), pixel by pixel with channels last. All that
 * windows see would be each pixel as often as the kernel has positions, and leave the cache.
 */
function weightGradientByTaps(ops, shape, x, dy) {
    const { images, channels, outputs, kernel, input } = shape;
    const seen = ops.reshape(channelsLast(ops, x), [images * (0,model/* elements */.Yt)(input), channels]);
    const product = positions(shape) < products_long ? productOfAll(ops, shape, seen, dy) : productsOfImages(ops, shape, seen, dy);
    return fromPositions(ops, ops.concat(tapsOf(shape).map(product), 0), [outputs, channels, ...kernel]);
}
/** [O, C] by one product over all images. Positions that saw a pad take no part, which on small maps saves up to half of it. */
function productOfAll(ops, shape, seen, dy) {
    const { images, channels, outputs, input } = shape;
    const errors = ops.reshape(channelsLast(ops, dy), [images * positions(shape), outputs]);
    return (tap) => {
        const pairs = pairsOf(shape, tap);
        if (pairs.length === 0)
            return ops.full([outputs, channels], 0);
        const ofAll = (each, size) => range(images).flatMap((image) => each.map((place) => image * size + place));
        const own = ofAll(pairs.map(({ position }) => position), positions(shape));
        const pixels = ofAll(pairs.map(({ pixel }) => pixel), (0,model/* elements */.Yt)(input));
        const name = `${images} images ${nameOf(shape)} at ${tap.join()}`;
        const left = rows(ops, errors, own, `positions of ${name}`);
        return ops.gemm(left, rows(ops, seen, pixels, `pixels of ${name}`), { transA: true });
    };
}
/** [O, C] by a product an image, added up; what a position sees of a pad is a pixel of zeros. */
function productsOfImages(ops, shape, seen, dy) {
    const { images, channels, outputs, input } = shape;
    const results = positions(shape);
    const none = seen.shape[0];
    const withPad = ops.concat([seen, ops.full([1, channels], 0)], 0);
    const errors = ops.reshape(ops.plain(dy), [images, outputs, results]);
    return (tap) => {
        const pairs = new Map(pairsOf(shape, tap).map(({ pixel, position }) => [position, pixel]));
        const pixels = range(images).flatMap((image) => range(results).map((position) => {
            const pixel = pairs.get(position);
            return pixel === undefined ? none : image * (0,model/* elements */.Yt)(input) + pixel;
        }));
        const name = `pixels of ${images} images ${nameOf(shape)} with pads at ${tap.join()}`;
        const cut = rows(ops, pairs.size === results ? seen : withPad, pixels, name);
        const products = ops.matmul(errors, ops.reshape(cut, [images, results, channels]));
        return ops.reduce('ReduceSum', products, [0], false);
    };
}
/** The rows of a matrix that a constant names. */
function rows(ops, matrix, indices, name) {
    const [count, width] = matrix.shape;
    if (indices.length === count && indices.every((index, i) => index === i))
        return matrix;
    const constant = ops.shared(name, () => ops.constant(indices, [indices.length], 'rows'));
    return ops.node('Gather', [matrix, constant], { shape: [indices.length, width] }, { axis: 0 });
}
/** ∂L/∂W where each output sees one pixel: ∂L/∂Y · Xᵀ image by image, as they lie. */
function pointwiseWeightGradient(ops, shape, x, dy) {
    const { images, channels, outputs, kernel } = shape;
    const seen = ops.reshape(ops.plain(x), [images, channels, positions(shape)]);
    const errors = ops.reshape(ops.plain(dy), [images, outputs, positions(shape)]);
    const sum = ops.reduce('ReduceSum', ops.matmulTransposed(errors, seen), [0], false);
    return ops.reshape(sum, [outputs, channels, ...kernel]);
}
/** The pixels that a kernel without extent sees: with strides, one in so many. */
function seenBy(ops, { strides, input }, x) {
    return strides.reduce((kept, stride, i) => (stride === 1 ? kept : ops.slice(kept, i + 2, 0, input[i], stride)), x);
}
/** [N, O, …] in any layout → [O, N · positions] */
function products_flat(ops, dy) {
    const [images, outputs, ...output] = dy.shape;
    const turned = { ...ops.as('channels-first', dy), shape: [outputs, images, ...output], layout: 'plain' };
    return ops.reshape(turned, [outputs, images * (0,model/* elements */.Yt)(output)]);
}
/** [O, N · positions] → [N, O, …], channels first. */
function channelsFirst(ops, product, shape) {
    const [images, outputs, ...output] = shape;
    return { ...ops.reshape(product, [outputs, images, ...output]), shape, layout: 'channels-first' };
}

;// CONCATENATED MODULE: ./src/training/convolution/rows.ts




function convolveByRows(ops, shape, x, w, bias) {
    const terms = seenWith(shape, matricesOf(ops, w)).map(({ seen, matrix }) => {
        const rows = ops.matmulTransposed(rowsAt(ops, x, seen.pixels), matrix);
        return { rows, places: seen.positions };
    });
    const sum = added(ops, terms, [positions(shape), shape.images, shape.outputs]);
    return mapsOf(ops, bias ? ops.add(sum, bias) : sum, shape.output);
}
function inputGradientByRows(ops, shape, dy, w) {
    // Not the matrices of the way forward, which would be kept until here.
    const terms = seenWith(shape, matricesOneByOne(ops, w)).map(({ seen, matrix }) => {
        const rows = ops.matmul(rowsAt(ops, dy, seen.positions), matrix);
        return { rows, places: seen.pixels };
    });
    return mapsOf(ops, added(ops, terms, [(0,model/* elements */.Yt)(shape.input), shape.images, shape.channels]), shape.input);
}
function weightGradientByRows(ops, shape, x, dy) {
    const { images, channels, outputs, kernel } = shape;
    const matrix = (rows) => ops.reshape(rows, [rows.shape[0] * images, rows.shape[2]]);
    const products = rows_seenBy(shape).map((seen) => seen.pixels.length === 0
        ? ops.full([outputs, channels], 0)
        : ops.gemm(matrix(rowsAt(ops, dy, seen.positions)), matrix(rowsAt(ops, x, seen.pixels)), { transA: true }));
    return fromPositions(ops, ops.concat(products, 0), [outputs, channels, ...kernel]);
}
function biasGradientByRows(ops, dy) {
    return ops.reduce('ReduceSum', rowsOf(ops, dy), [0, 1], false);
}
function rows_seenBy(shape) {
    return tapsOf(shape).map((tap) => {
        const pairs = pairsOf(shape, tap);
        return { pixels: pairs.map(({ pixel }) => pixel), positions: pairs.map(({ position }) => position) };
    });
}
/** The kernel positions that see more than pads, each with its matrix. */
function seenWith(shape, matrices) {
    return rows_seenBy(shape).flatMap((seen, i) => (seen.pixels.length === 0 ? [] : [{ seen, matrix: matrices[i] }]));
}
/** [N, C, …] in any layout → [positions, N, C] */
function rowsOf(ops, value) {
    const [images, channels, ...spatial] = value.shape;
    return ops.reshape(asItLies(ops.as('positions-first', value)), [(0,model/* elements */.Yt)(spatial), images, channels]);
}
/** [places, N, C]; a place of all images is one piece. */
function rowsAt(ops, value, places) {
    const rows = rowsOf(ops, value);
    const all = places.length === rows.shape[0] && places.every((place, i) => place === i);
    return all ? rows : ops.gather(rows, places, 0);
}
/** The sum of all terms; `shape` is that of all places. */
function added(ops, terms, shape) {
    const whole = terms.find(({ places }) => places.length === shape[0]);
    return terms.reduce((sum, term) => {
        if (term === whole)
            return sum;
        const where = ops.reshape(ops.ints(term.places), [term.places.length, 1]);
        return ops.node('ScatterND', [sum, where, term.rows], { shape }, { reduction: 'add' });
    }, whole?.rows ?? ops.zeros(shape));
}
/** [positions, N, C] → [N, C, …], positions first. */
function mapsOf(ops, rows, spatial) {
    const [, images, channels] = rows.shape;
    const shape = [images, channels, ...spatial];
    return { ...ops.reshape(rows, [...spatial, images, channels]), shape, layout: 'positions-first' };
}

;// CONCATENATED MODULE: ./src/training/convolution/choose.ts









/**
 * The formulation that is fastest for a convolution of this shape. All give the same numbers up to rounding; which one wins was
 * measured operator by operator on a processor with two cores (onnxruntime 1.30), and on graphics devices the standard operators do.
 */
function formulationOf(ops, shape) {
    if (shape.kernel.length !== 2 || ops.portable)
        return standard(ops, shape);
    if (isDepthwise(shape))
        return depthwise(ops, shape);
    if (shape.groups > 1)
        return standard(ops, shape);
    return dense(ops, shape);
}
/** From standard operators on plain tensors. */
function standard(ops, shape) {
    const products = shape.groups === 1 && shape.kernel.length === 2 && shape.channels > 8;
    return {
        forward: (x, w, bias) => convolve(ops, shape, x, w, bias),
        inputGradient: (dy, w) => canFlip(shape) ? inputGradientFlipped(ops, shape, dy, w) : inputGradientTransposed(ops, shape, dy, w),
        weightGradient: (x, dy) => products ? weightGradientByTaps(ops, shape, x, dy) : weightGradientSwapped(ops, shape, x, dy),
        biasGradient: (dy) => biasGradient(ops, dy),
    };
}
/** Maps of at most so many positions are matrix products over all images at once; dense: with fewer channels than wide, and with more. */
const smallMap = {
    dense: 64,
    denseWide: 196,
    denseBlocked: 4,
    pointwise: 16,
    depthwise: 64,
    depthwiseBlocked: 16,
    bands: 256,
    rows: 64,
};
/** Channels from which on a product over rows is as fast as one can be. */
const choose_wide = 128;
/** Numbers in a kernel from which on bringing it to blocks takes longer than blocks save, unless maps are large. */
const largeKernel = { numbers: 2 ** 20, positions: 49 };
function isSmall(ops, shape) {
    const size = positions(shape);
    if ((0,model/* elements */.Yt)(shape.kernel) === 1)
        return size <= smallMap.pointwise;
    const { channels, outputs, kernel, input } = shape;
    const isWide = Math.min(channels, outputs) >= choose_wide;
    // Rows of few channels are thin products.
    if (!isWide && (0,model/* elements */.Yt)(input) > outputs)
        return false;
    const isLarge = channels * outputs * (0,model/* elements */.Yt)(kernel) > largeKernel.numbers;
    if (isLarge && size <= largeKernel.positions)
        return true;
    if (canBlock(ops, shape))
        return size <= smallMap.denseBlocked;
    return size <= (isWide ? smallMap.denseWide : smallMap.dense);
}
function dense(ops, shape) {
    const byColumns = {
        forward: (x, w, bias) => convolveByColumns(ops, shape, x, w, bias),
        inputGradient: (dy, w) => inputGradientByColumns(ops, shape, dy, w),
        weightGradient: (x, dy) => weightGradientByColumns(ops, shape, x, dy),
        biasGradient: (dy) => biasGradientByColumns(ops, dy),
    };
    const byRows = {
        forward: (x, w, bias) => convolveByRows(ops, shape, x, w, bias),
        inputGradient: (dy, w) => inputGradientByRows(ops, shape, dy, w),
        weightGradient: (x, dy) => weightGradientByRows(ops, shape, x, dy),
        biasGradient: (dy) => biasGradientByRows(ops, dy),
    };
    const small = isSmall(ops, shape);
    if (!isPointwise(shape))
        return small ? byRows : onLargeMaps(ops, shape);
    const otherwise = small ? byColumns : onLargeMaps(ops, shape);
    // What comes channels first or positions first is a matrix as it lies.
    const suiting = ({ layout }) => layout === 'channels-first' ? byColumns : layout === 'positions-first' ? byRows : otherwise;
    return {
        forward: (x, w, bias) => suiting(x).forward(x, w, bias),
        inputGradient: (dy, w) => suiting(dy).inputGradient(dy, w),
        weightGradient: (x, dy) => suiting(x).weightGradient(x, dy),
        biasGradient: (dy) => suiting(dy).biasGradient(dy),
    };
}
function onLargeMaps(ops, shape) {
    const own = standard(ops, shape);
    const blocked = canBlock(ops, shape);
    const size = positions(shape);
    const withoutExtent = (0,model/* elements */.Yt)(shape.kernel) === 1 && [...shape.before, ...shape.after].every((pad) => pad === 0);
    return {
        forward: (x, w, bias) => (blocked ? convolveBlocked(ops, shape, x, w, bias) : own.forward(x, w, bias)),
        inputGradient: (dy, w) => blocked && canFlip(shape) && shape.channels >= ops.block
            ? inputGradientBlocked(ops, shape, dy, w)
            : hasUnitStride(shape) && canFlip(shape)
                ? own.inputGradient(dy, w)
                : inputGradientTransposed(ops, shape, dy, w),
        weightGradient: (x, dy) => {
            if (withoutExtent && x.layout === 'blocked' && size <= smallMap.rows)
                return weightGradientByTaps(ops, shape, x, dy);
            if (withoutExtent)
                return pointwiseWeightGradient(ops, shape, seenBy(ops, shape, ops.plain(x)), dy);
            if (canBlockImages(ops, shape))
                return imageWeightGradientBlocked(ops, shape, x, dy);
            return own.weightGradient(x, dy);
        },
        biasGradient: (dy) => (dy.layout === 'blocked' ? biasGradientBlocked(ops, dy) : biasGradient(ops, dy)),
    };
}
function depthwise(ops, shape) {
    const blocked = canBlock(ops, shape);
    const size = Math.max(positions(shape), (0,model/* elements */.Yt)(shape.input) / (0,model/* elements */.Yt)(shape.strides));
    if (size <= (blocked ? smallMap.depthwiseBlocked : smallMap.depthwise))
        return {
            forward: (x, w, bias) => convolveByToeplitz(ops, shape, x, w, bias),
            inputGradient: (dy, w) => inputGradientByToeplitz(ops, shape, dy, w),
            weightGradient: (x, dy) => weightGradientByToeplitz(ops, shape, x, dy),
            biasGradient: (dy) => biasGradientByColumns(ops, dy),
        };
    if (!blocked)
        return depthwiseByBands(ops, shape, size > smallMap.bands);
    const own = standard(ops, shape);
    return {
        forward: (x, w, bias) => convolveBlocked(ops, shape, x, w, bias),
        inputGradient: (dy, w) => canFlip(shape)
            ? inputGradientBlocked(ops, shape, dy, w)
            : (inputGradientBlockedByZeros(ops, shape, dy, w) ?? own.inputGradient(dy, w)),
        weightGradient: (x, dy) => depthwiseWeightGradientBlocked(ops, shape, x, dy),
        biasGradient: (dy) => (dy.layout === 'blocked' ? biasGradientBlocked(ops, dy) : biasGradient(ops, dy)),
    };
}
/** Channels first like the products around it; on large maps the runtime's own convolution is faster where it serves. */
function depthwiseByBands(ops, shape, isLarge) {
    return {
        forward: (x, w, bias) => (isLarge ? convolveChannelsFirst : convolveByBands)(ops, shape, x, w, bias),
        inputGradient: (dy, w) => (isLarge && canFlip(shape) ? inputGradientChannelsFirst : inputGradientByBands)(ops, shape, dy, w),
        weightGradient: (x, dy) => weightGradientByBands(ops, shape, x, dy),
        biasGradient: (dy) => biasGradientByColumns(ops, dy),
    };
}

;// CONCATENATED MODULE: ./src/training/gradients/convolution.ts




const conv = {
    forward: (step) => {
        const [x, w, bias] = step.inputs;
        return [formulationOf(step.ops, convolutionShape(step)).forward(x, w, bias)];
    },
    backward: (step) => {
        const { ops, inputs, grads, wants } = step;
        const formulation = formulationOf(ops, convolutionShape(step));
        const [x, w] = inputs;
        const dy = grads[0];
        return [
            wants[0] ? formulation.inputGradient(dy, w) : undefined,
            wants[1] ? formulation.weightGradient(x, dy) : undefined,
            wants[2] ? formulation.biasGradient(dy) : undefined,
        ];
    },
};
/** Y = Wᵀ ∗ X is what takes ∂L/∂Y to ∂L/∂X in a convolution from Y's maps to X's; its gradients are therefore that convolution's own. */
const convTranspose = {
    backward: (step) => {
        const { ops, inputs, grads, wants } = step;
        const shape = adjoint(step);
        const [x, w] = inputs;
        const dy = grads[0];
        return [
            wants[0] ? convolve(ops, shape, dy, w) : undefined,
            wants[1] ? weightGradientSwapped(ops, shape, dy, x) : undefined,
            wants[2] ? biasGradient(ops, dy) : undefined,
        ];
    },
};
/** The convolution of which a transposed one is the adjoint. */
function adjoint({ node, inputs, outputs }) {
    const [x, w, y] = [inputs[0].shape, inputs[1].shape, outputs[0].shape];
    const kernel = w.slice(2);
    const given = (name, otherwise) => (0,constants/* intsAttribute */.R6)(node, name) ?? kernel.map(() => otherwise);
    const strides = given('strides', 1);
    const dilations = given('dilations', 1);
    const added = given('output_padding', 0);
    const groups = (0,constants/* intAttribute */.ux)(node, 'group', 1);
    const total = kernel.map((k, i) => strides[i] * (x[i + 2] - 1) + added[i] + dilations[i] * (k - 1) + 1 - y[i + 2]);
    // An output size or “same” says how much is cut off; which side takes the odd one depends on it.
    const padded = stringAttribute(node, 'auto_pad', 'NOTSET');
    const computed = padded.startsWith('SAME') || node.attributes.output_shape !== undefined;
    const before = computed
        ? total.map((pad) => (padded === 'SAME_UPPER' ? Math.floor(pad / 2) : pad - Math.floor(pad / 2)))
        : ((0,constants/* intsAttribute */.R6)(node, 'pads')?.slice(0, kernel.length) ?? kernel.map(() => 0));
    return {
        images: x[0],
        channels: y[1],
        outputs: x[1],
        groups,
        input: y.slice(2),
        kernel,
        strides,
        dilations,
        before,
        // What the convolution needs so that exactly X's positions come out; output_padding leaves the rest unread.
        after: kernel.map((k, i) => strides[i] * (x[i + 2] - 1) + dilations[i] * (k - 1) + 1 - y[i + 2] - before[i]),
        output: x.slice(2),
    };
}
const convolutions = { Conv: conv, ConvTranspose: convTranspose };

;// CONCATENATED MODULE: ./src/training/gradients/fixed-input.ts


/**
 * The numbers of an input that says where elements go.
 * @param role what they are, for the message: “starts”
 * @throws model-unsupported when they are not the same for every image
 */
function fixedInput(step, input, role) {
    const numbers = step.numbers(input);
    if (numbers)
        return numbers;
    throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The ${role} of node ${(0,check/* describe */.q0)(step.node)} depend on the image or on a trained weight. Training needs constant ones; export the network with fixed shapes.`);
}

;// CONCATENATED MODULE: ./src/training/gradients/placing.ts


/** The gradient of reading elements at regular distances: `dy` where they were, zeros elsewhere. */
function placed(ops, dy, strides) {
    if ((0,model/* elements */.Yt)(dy.shape) === 0) {
        const sizeOf = new Map(strides.map(({ axis, size }) => [axis, size]));
        return ops.zeros(dy.shape.map((own, axis) => sizeOf.get(axis) ?? own));
    }
    const before = dy.shape.map(() => 0);
    const after = dy.shape.map(() => 0);
    let value = dy;
    for (const { axis, start, step, size } of strides) {
        const count = dy.shape[axis];
        if (step < 0 && count > 1)
            value = ops.slice(value, axis, 0, 0, -1);
        const first = step < 0 ? start + (count - 1) * step : start;
        const gap = count === 1 ? 1 : Math.abs(step);
        const lead = first % gap;
        if (gap > 1)
            value = interleaved(ops, value, axis, { gap, lead });
        before[axis] = first - lead;
        after[axis] = size - before[axis] - count * gap;
    }
    return ops.pad(value, before, after);
}
/** Every element followed by zeros, `gap` in all, with `lead` of those zeros in front of it. */
function interleaved(ops, x, axis, { gap, lead }) {
    const outer = (0,model/* elements */.Yt)(x.shape.slice(0, axis + 1));
    const inner = (0,model/* elements */.Yt)(x.shape.slice(axis + 1));
    // Joining long rows is several times faster than padding an axis of size 1.
    const zeros = (count) => count === 0 ? [] : [ops.shared(`zeros ${outer}x${count * inner}`, () => ops.zeros([outer, count * inner]))];
    const rows = ops.concat([...zeros(lead), ops.reshape(x, [outer, inner]), ...zeros(gap - 1 - lead)], 1);
    return ops.reshape(rows, x.shape.map((size, i) => (i === axis ? size * gap : size)));
}
/** Up to this size of an axis a product with a matrix of zeros and ones takes less time than adding element by element. */
const largestProduct = 512;
/** Elements of such a matrix that a session may hold. */
const largestMatrix = 2 ** 21;
/**
 * The gradient of Gather along one axis: each slice of `dy` added to the slice of the result that it was read from.
 * @param dy of the shape that was read from, but with k slices along `axis`
 * @param indices k of them, negative ones from the end; an int64 or int32 vector where they differ from image to image
 */
function addedAt(ops, dy, indices, axis, size) {
    const shape = dy.shape.map((own, i) => (i === axis ? size : own));
    if (!('name' in indices)) {
        if (indices.length === 0)
            return ops.zeros(shape);
        const places = indices.map((index) => (index < 0 ? index + size : index));
        const step = places.length > 1 ? places[1] - places[0] : 1;
        if (step !== 0 && places.every((place, i) => place === places[0] + i * step))
            return placed(ops, dy, [{ axis, start: places[0], step, size }]);
        if (new Set(places).size === places.length)
            return rearranged(ops, dy, places, axis, size);
        if (size <= largestProduct && size * places.length <= largestMatrix)
            return summed(ops, dy, places, axis, size);
        return addedAt(ops, dy, ops.ints(places), axis, size);
    }
    const each = ops.reshape(indices, dy.shape.map((own, i) => (i === axis ? own : 1)));
    // Not ScatterND: the runtime adds in parallel without a lock, so that repeated indices lose some of their gradients.
    return ops.node('ScatterElements', [ops.zeros(shape), ops.expand(each, dy.shape), dy], { shape }, { axis, reduction: 'add' });
}
/** Every slice was read at most once: the same moves the other way. */
function rearranged(ops, dy, places, axis, size) {
    const origins = new Array(size).fill(places.length);
    places.forEach((place, i) => {
        origins[place] = i;
    });
    if (size === places.length)
        return ops.gather(dy, origins, axis);
    const none = dy.shape.map(() => 0);
    // A slice of zeros at the end is what comes where nothing was read.
    const withNone = ops.pad(dy, none, none.with(axis, 1));
    return ops.gather(withNone, origins, axis);
}
function summed(ops, dy, places, axis, size) {
    const count = places.length;
    const outer = (0,model/* elements */.Yt)(dy.shape.slice(0, axis));
    const inner = (0,model/* elements */.Yt)(dy.shape.slice(axis + 1));
    const isRow = inner === 1;
    const [read, all] = [
        ops.constant(places, isRow ? [count, 1] : [1, count]),
        ops.constant(range(size), isRow ? [1, size] : [size, 1]),
    ];
    const matrix = ops.cast(ops.binary('Equal', read, all, 'bool'), 'float32');
    const sum = isRow
        ? ops.matmul(ops.reshape(dy, [outer, count]), matrix)
        : ops.matmul(matrix, ops.reshape(dy, outer === 1 ? [count, inner] : [outer, count, inner]));
    return ops.reshape(sum, dy.shape.map((own, i) => (i === axis ? size : own)));
}

;// CONCATENATED MODULE: ./src/training/gradients/padding.ts




/** Pad: with a value of its own, or with what lies near the edge. Negative pads cut off. */
const padding = {
    backward: (step) => (stringAttribute(step.node, 'mode', 'constant') === 'constant' ? framed(step) : [copied(step)]),
};
/** By axis. */
function padsOf(step) {
    const { shape } = step.inputs[0];
    const pads = fixedInput(step, 1, 'pads');
    const axes = step.inputs[3] ? fixedInput(step, 3, 'axes') : range(shape.length);
    const before = shape.map(() => 0);
    const after = shape.map(() => 0);
    axes.forEach((given, i) => {
        const axis = axisOf(given, shape.length);
        before[axis] = pads[i];
        after[axis] = pads[i + axes.length];
    });
    return { before, after };
}
function framed(step) {
    const { inputs, grads, wants, ops } = step;
    const { before, after } = padsOf(step);
    const dy = grads[0];
    const inside = ops.pad(dy, before.map((size) => -size), after.map((size) => -size));
    if (!wants[2])
        return [inside];
    const total = (value) => ops.reduce('ReduceSum', value, range(value.shape.length));
    const frame = ops.sub(total(dy), total(inside));
    return [inside, undefined, ops.reshape(frame, inputs[2].shape)];
}
/** The frame repeats elements of the input: it is Gather along each axis. */
function copied(step) {
    const { node, inputs, grads, ops } = step;
    const { before, after } = padsOf(step);
    const isReflected = stringAttribute(node, 'mode', 'constant') === 'reflect';
    return inputs[0].shape.reduce((dy, size, axis) => {
        if (before[axis] === 0 && after[axis] === 0)
            return dy;
        const places = range(dy.shape[axis]).map((i) => isReflected ? reflected(i - before[axis], size) : Math.min(Math.max(i - before[axis], 0), size - 1));
        return addedAt(ops, dy, places, axis, size);
    }, grads[0]);
}
/** The place that a mirror at the first and at the last element shows; these are not repeated. */
function reflected(place, size) {
    if (size === 1)
        return 0;
    const period = 2 * (size - 1);
    const within = ((place % period) + period) % period;
    return within < size ? within : period - within;
}

;// CONCATENATED MODULE: ./src/training/gradients/rows-read.ts



/** The tuples of indices of GatherND as places in a row of rows. */
function rowsRead(step) {
    const { node, inputs, ops } = step;
    const { shape } = inputs[0];
    const tuples = inputs[1];
    const batchRank = (0,constants/* intAttribute */.ux)(node, 'batch_dims', 0);
    const width = tuples.shape.at(-1);
    const sizes = shape.slice(batchRank, batchRank + width);
    const distances = sizes.map((_, i) => (0,model/* elements */.Yt)(sizes.slice(i + 1)));
    const batches = (0,model/* elements */.Yt)(shape.slice(0, batchRank));
    const count = (0,model/* elements */.Yt)(tuples.shape.slice(0, -1));
    const each = count / batches;
    const size = batches * (0,model/* elements */.Yt)(sizes);
    const numbers = step.numbers(1);
    if (numbers) {
        const indices = range(count).map((row) => sizes.reduce((place, own, i) => {
            const index = numbers[row * width + i];
            return place + (index < 0 ? index + own : index) * distances[i];
        }, Math.floor(row / each) * (0,model/* elements */.Yt)(sizes)));
        return { count, size, indices };
    }
    const rows = ops.reshape(tuples, [batches, each, width]);
    const isBelow = ops.binary('Less', rows, ops.constant([0], []), 'bool');
    const counted = ops.where(isBelow, ops.binary('Add', rows, ops.ints(sizes), 'int64'), rows);
    const terms = ops.binary('Mul', counted, ops.ints(distances), 'int64');
    const kept = { shape: [batches, each], type: 'int64' };
    const places = ops.node('ReduceSum', [terms, ops.ints([2])], kept, { keepdims: 0 });
    const firsts = ops.constant(range(batches).map((batch) => batch * (0,model/* elements */.Yt)(sizes)), [batches, 1]);
    return { count, size, indices: ops.reshape(ops.binary('Add', places, firsts, 'int64'), [count]) };
}

;// CONCATENATED MODULE: ./src/training/gradients/indexing.ts









/** Operators that join, cut and read at places, and those that write at places. */
const indexing = {
    Concat: { backward: concat },
    Split: { forward: parts, backward: split },
    Slice: {
        forward: (step) => [sliced(step)],
        backward: (step) => [placed(step.ops, step.grads[0], stridesOf(step))],
    },
    Gather: { backward: gather },
    GatherElements: {
        backward: ({ node, inputs: [x, indices], grads: [dy], ops }) => {
            const { shape } = x;
            const attributes = { axis: axisOf((0,constants/* intAttribute */.ux)(node, 'axis', 0), shape.length), reduction: 'add' };
            return [ops.node('ScatterElements', [ops.zeros(shape), indices, dy], { shape }, attributes)];
        },
    },
    GatherND: {
        backward: (step) => {
            const { ops, inputs, grads } = step;
            const { count, size, indices } = rowsRead(step);
            const inner = (0,model/* elements */.Yt)(inputs[0].shape) / size;
            const rows = addedAt(ops, ops.reshape(grads[0], [count, inner]), indices, 0, size);
            return [ops.reshape(rows, inputs[0].shape)];
        },
    },
    ScatterElements: {
        backward: (step) => written(step, 'ScatterElements', 'GatherElements', { axis: (0,constants/* intAttribute */.ux)(step.node, 'axis', 0) }),
    },
    ScatterND: { backward: (step) => written(step, 'ScatterND', 'GatherND', {}) },
    Pad: padding,
};
function concat({ node, inputs, grads: [dy], wants, ops }) {
    const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', 0), dy.shape.length);
    const sizes = inputs.map((x) => x.shape[axis]);
    if (wants.filter(Boolean).length > 1)
        return ops.split(dy, axis, sizes);
    const only = wants.indexOf(true);
    const start = sizes.slice(0, only).reduce((sum, size) => sum + size, 0);
    return sizes.map((size, i) => (i === only ? ops.slice(dy, axis, start, start + size) : undefined));
}
/** Into the sizes that are given, or into equal parts of which the last is the smaller. */
function parts({ node, inputs: [x], made, numbers, ops }) {
    const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', 0), x.shape.length);
    const size = x.shape[axis];
    const each = Math.ceil(size / made.length);
    return ops.split(x, axis, numbers(1) ?? made.map((_, i) => Math.min(each, size - i * each)));
}
function split({ node, inputs: [x], made, grads, ops }) {
    const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', 0), x.shape.length);
    const known = grads.flatMap((dy, i) => (dy ? [i] : []));
    if (known.length > 1)
        return [
            ops.concat(grads.map((dy, i) => dy ?? ops.zeros(made[i].shape)), axis),
        ];
    const only = known[0];
    const start = made.slice(0, only).reduce((sum, { shape }) => sum + shape[axis], 0);
    return [placed(ops, grads[only], [{ axis, start, step: 1, size: x.shape[axis] }])];
}
/** On graphics devices the runtime (1.30) starts at the wrong element where it steps back by more than one. */
function sliced(step) {
    const { inputs, made, ops } = step;
    const steps = inputs[4] ? fixedInput(step, 4, 'steps') : [];
    if (!(ops.portable && steps.some((own) => own < -1)))
        return ops.node('Slice', inputs, made[0]);
    return stridesOf(step).reduce((value, { axis, start, step: own }) => {
        const places = range(made[0].shape[axis]).map((i) => start + i * own);
        return ops.gather(value, places, axis);
    }, inputs[0]);
}
/** Starts count from the end when negative, and those beyond the axis are moved to its ends (ONNX Slice 13). */
function stridesOf(step) {
    const { shape } = step.inputs[0];
    const starts = fixedInput(step, 1, 'starts');
    const axes = step.inputs[3] ? fixedInput(step, 3, 'axes') : range(starts.length);
    const steps = step.inputs[4] ? fixedInput(step, 4, 'steps') : starts.map(() => 1);
    return axes.map((given, i) => {
        const axis = axisOf(given, shape.length);
        const size = shape[axis];
        const start = starts[i] < 0 ? starts[i] + size : starts[i];
        const last = steps[i] < 0 ? size - 1 : size;
        return { axis, start: Math.min(Math.max(start, 0), last), step: steps[i], size };
    });
}
function gather(step) {
    const { node, inputs, grads, ops } = step;
    const { shape } = inputs[0];
    const indices = inputs[1];
    const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', 0), shape.length);
    const count = (0,model/* elements */.Yt)(indices.shape);
    const dy = ops.reshape(grads[0], shape.with(axis, count));
    return [addedAt(ops, dy, step.numbers(1) ?? ops.reshape(indices, [count]), axis, shape[axis])];
}
/** What was written over has no say in the result; what was written has the gradient at its place. */
function written({ node, inputs: [, indices, updates], grads: [dy], wants, ops }, write, read, attributes) {
    const reduction = stringAttribute(node, 'reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add')
        throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(node)} writes with reduction “${reduction}”, for which there is no gradient rule here; “none” and “add” have one. Export the network with other operators, or probe it with frozen features (probe.linear).`);
    const { shape } = dy;
    const cleared = () => ops.node(write, [dy, indices, ops.zeros(updates.shape)], { shape }, attributes);
    return [
        wants[0] ? (reduction === 'add' ? dy : cleared()) : undefined,
        undefined,
        wants[2] ? ops.node(read, [dy, indices], { shape: updates.shape }, attributes) : undefined,
    ];
}

;// CONCATENATED MODULE: ./src/training/gradients/einsum.ts



const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/**
 * The gradient of Σ Πₖ Xₖ by one operand is an Einsum itself: dY in place of that operand, the operand in place of the result.
 * @throws model-unsupported when a letter comes twice in an operand (a diagonal)
 */
function einsum({ node, inputs, grads, wants, ops }) {
    const operands = inputs.map((value) => value);
    const { terms, output, spare } = parsed(node, operands);
    const sizes = sizesOf(terms, operands);
    return operands.map((operand, i) => {
        if (!wants[i])
            return undefined;
        const own = terms[i];
        const others = [
            { letters: output, value: grads[0] },
            ...terms.flatMap((letters, j) => (j === i ? [] : [{ letters, value: operands[j] }])),
        ];
        const known = sizesOf(others.map(({ letters }) => letters), others.map(({ value }) => value));
        // Along an axis of size 1 that was broadcast the gradient is summed; along one that was summed alone it is the same everywhere.
        const kept = own.filter((letter, axis) => known.has(letter) && (operand.shape[axis] !== 1 || sizes.get(letter) === 1));
        const product = emitted(ops, others, kept, kept.map((letter) => known.get(letter)), spare);
        const aligned = own.map((letter) => (kept.includes(letter) ? known.get(letter) : 1));
        return ops.expand(ops.reshape(product, aligned), operand.shape);
    });
}
function emitted(ops, operands, kept, shape, spare) {
    // A scalar has no letters to write; as a vector of one it has.
    const given = operands.map(({ letters, value }) => letters.length === 0 ? { letters: [spare], value: ops.reshape(value, [1]) } : { letters, value });
    const equation = `${given.map(({ letters }) => letters.join('')).join()}->${kept.join('')}`;
    return ops.node('Einsum', given.map(({ value }) => value), { shape }, { equation });
}
/** Each letter's size: the largest, as one of size 1 is broadcast. */
function sizesOf(terms, operands) {
    const sizes = new Map();
    terms.forEach((letters, i) => {
        letters.forEach((letter, axis) => {
            sizes.set(letter, Math.max(sizes.get(letter) ?? 1, operands[i].shape[axis]));
        });
    });
    return sizes;
}
/** The equation with letters for the axes of an ellipsis and, where it names none, the result that numpy.einsum would give. */
function parsed(node, operands) {
    const equation = stringAttribute(node, 'equation', '').replaceAll(' ', '');
    const [left = '', right] = equation.split('->');
    const [spare, ...free] = alphabet.filter((letter) => !equation.includes(letter));
    const written = left.split(',');
    const hidden = written.map((term, i) => (term.includes('...') ? operands[i].shape.length - (term.length - 3) : 0));
    const most = Math.max(0, ...hidden);
    if (spare === undefined || free.length < most)
        refuse(node, equation, 'uses too many letters');
    const ellipsis = free.slice(0, most);
    const terms = written.map((term, i) => lettersOf(term, ellipsis.slice(most - hidden[i])));
    if (terms.some((letters) => new Set(letters).size < letters.length))
        refuse(node, equation, 'takes a diagonal');
    if (right !== undefined)
        return { terms, output: lettersOf(right, ellipsis), spare };
    const all = terms.flat();
    const once = all.filter((letter) => !ellipsis.includes(letter) && all.indexOf(letter) === all.lastIndexOf(letter));
    return { terms, output: [...ellipsis, ...once.sort()], spare };
}
function lettersOf(term, ellipsis) {
    const [before = '', after = ''] = term.split('...');
    return term.includes('...') ? [...before, ...ellipsis, ...after] : [...term];
}
function refuse(node, equation, why) {
    throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(node)} ${why} in the Einsum “${equation}”, for which there is no gradient rule. Export the network with other operators.`);
}

;// CONCATENATED MODULE: ./src/training/gradients/matrix-products.ts




/** Y = alpha · A′ · B′ + beta · C, where A′ and B′ are A and B or their transposes. */
function gemm({ node, inputs: [a, b, c], grads: [dy], wants, ops }) {
    const transA = (0,constants/* intAttribute */.ux)(node, 'transA', 0) === 1;
    const transB = (0,constants/* intAttribute */.ux)(node, 'transB', 0) === 1;
    const alpha = floatAttribute(node, 'alpha', 1);
    const dA = () => transA ? ops.gemm(b, dy, { transA: transB, transB: true, alpha }) : ops.gemm(dy, b, { transB: !transB, alpha });
    const dB = () => transB ? ops.gemm(dy, a, { transA: true, transB: transA, alpha }) : ops.gemm(a, dy, { transA: !transA, alpha });
    const dC = () => ops.scale(ops.sumTo(dy, c.shape), floatAttribute(node, 'beta', 1));
    return [wants[0] ? dA() : undefined, wants[1] ? dB() : undefined, wants[2] ? dC() : undefined];
}
/** As numpy.matmul: a vector on the left is a row, one on the right a column, and the axis so added goes from the result. */
function matMul({ inputs, grads, wants, ops }) {
    const [a, b] = [inputs[0], inputs[1]];
    const left = a.shape.length === 1 ? ops.reshape(a, [1, ...a.shape]) : a;
    const right = b.shape.length === 1 ? ops.reshape(b, [...b.shape, 1]) : b;
    const lead = left.shape.length > right.shape.length ? left.shape.slice(0, -2) : right.shape.slice(0, -2);
    const batch = lead.map((_, i) => {
        const sizes = [left, right].map(({ shape }) => shape.slice(0, -2).at(i - lead.length) ?? 1);
        return sizes[0] === 1 ? sizes[1] : sizes[0];
    });
    const dy = ops.reshape(grads[0], [...batch, left.shape.at(-2), right.shape.at(-1)]);
    // One matrix for the whole batch: one product over all rows at once instead of one each, summed.
    if ((0,model/* elements */.Yt)(right.shape.slice(0, -2)) === 1) {
        const [inner, columns] = [right.shape.at(-2), right.shape.at(-1)];
        const [rows, matrix, gradient] = [
            ops.reshape(left, [(0,model/* elements */.Yt)(left.shape) / inner, inner]),
            ops.reshape(right, [inner, columns]),
            ops.reshape(dy, [(0,model/* elements */.Yt)(dy.shape) / columns, columns]),
        ];
        return [
            wants[0] ? ops.reshape(ops.gemm(gradient, matrix, { transB: true }), a.shape) : undefined,
            wants[1] ? ops.reshape(ops.gemm(rows, gradient, { transA: true }), b.shape) : undefined,
        ];
    }
    const sum = (value, to, shape) => ops.reshape(ops.sumTo(value, to.shape), shape);
    return [
        wants[0] ? sum(ops.matmul(dy, transposed(ops, right)), left, a.shape) : undefined,
        wants[1] ? sum(ops.matmul(transposed(ops, left), dy), right, b.shape) : undefined,
    ];
}
/** The last two axes exchanged; the runtime takes it into the product that follows. */
function transposed(ops, value) {
    const rank = value.shape.length;
    return ops.transpose(value, [...range(rank - 2), rank - 1, rank - 2]);
}
const matrixProducts = {
    Gemm: { backward: gemm },
    MatMul: { backward: matMul },
    Einsum: { backward: einsum },
};

;// CONCATENATED MODULE: ./src/training/gradients/layer-normalisation.ts





/**
 * With x̂ = (x − mean) · inverse and g = dy · scale: dx = inverse · (g − mean(g) − x̂ · mean(g · x̂)), dscale = Σ dy · x̂ (Ba et al.
 * 2016; without the second term for Zhang & Sennrich 2019, which centres nothing). Both means are products of a matrix and the
 * vector of scales, which reads dy and dy · x̂ once and writes neither g · x̂.
 */
function derivative(ops, { x, mean, inverse, scale, axis, dy }, wantsX) {
    const row = x.shape.slice(axis);
    const [width, height] = [(0,model/* elements */.Yt)(row), (0,model/* elements */.Yt)(x.shape.slice(0, axis))];
    const centred = mean ? ops.sub(x, mean) : x;
    const normal = ops.mul(centred, inverse);
    const product = ops.mul(dy, normal);
    const whole = ops.expand(scale, row);
    // The scales carry the 1 ÷ width: a product with one column is four times as fast where alpha is 1.
    const column = ops.reshape(ops.scale(whole, 1 / width), [width, 1]);
    const averages = (value) => ops.reshape(ops.matmul(ops.reshape(value, [height, width]), column), inverse.shape);
    const dx = () => {
        const own = ops.sub(ops.mul(dy, whole), ops.mul(normal, averages(product)));
        return ops.mul(mean ? ops.sub(own, averages(dy)) : own, inverse);
    };
    return { dx: wantsX ? dx() : undefined, dscale: () => columnSums(ops, product, axis, scale.shape) };
}
/** The sum over the axes before `axis`, and down to `shape`. As a product with a row of ones it takes half of ReduceSum's time. */
function columnSums(ops, value, axis, shape) {
    const row = value.shape.slice(axis);
    const [width, height] = [(0,model/* elements */.Yt)(row), (0,model/* elements */.Yt)(value.shape.slice(0, axis))];
    const sums = ops.matmul(ops.full([1, height], 1), ops.reshape(value, [height, width]));
    return ops.sumTo(ops.reshape(sums, row), shape);
}
function refuseStatistics({ node, grads }, last) {
    if (grads.slice(1, last).every((grad) => grad === undefined))
        return;
    throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network computes with the statistics that node ${(0,check/* describe */.q0)(node)} gives beside its result; there is no gradient rule for them. Export the network without them.`);
}
/** Shapes of the result and of the statistics beside it. */
function statistics(x, axis, count) {
    const each = x.shape.map((size, i) => (i < axis ? size : 1));
    return [{ shape: x.shape }, ...Array.from({ length: count }, () => ({ shape: each }))];
}
const epsilonOf = ({ node }, otherwise) => floatAttribute(node, 'epsilon', otherwise);
/** The result and its statistics: (the mean and) the inverse. */
function normalise(ops, [x, scale, shift], { axis, epsilon, centres }) {
    const attributes = { axis, epsilon: { float: epsilon } };
    if (centres)
        return ops.nodes('LayerNormalization', [x, scale, shift], statistics(x, axis, 2), attributes);
    if (!ops.portable)
        return ops.nodes('SimplifiedLayerNormalization', [x, scale], statistics(x, axis, 1), attributes);
    // On graphics devices the runtime (1.30) gives the mean where the inverse belongs.
    const plain = ops.plain(x);
    const squares = ops.reduce('ReduceMean', ops.square(plain), range(plain.shape.length).slice(axis));
    const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(squares, ops.scalar(epsilon))));
    return [ops.mul(ops.mul(plain, inverse), scale), inverse];
}
/** LayerNormalization, and RMS normalisation as the runtime's optimiser writes it. Outputs: the result, (the mean,) the inverse. */
function layerNormalisation(centres) {
    const axisIn = ({ node, inputs }) => axisOf((0,constants/* intAttribute */.ux)(node, 'axis', -1), inputs[0].shape.length);
    return {
        forward: (step) => normalise(step.ops, step.inputs, { axis: axisIn(step), epsilon: epsilonOf(step, 1e-5), centres }),
        backward: (step) => {
            const { inputs, outputs, grads, wants, ops } = step;
            refuseStatistics(step, outputs.length);
            const [axis, dy] = [axisIn(step), ops.plain(grads[0])];
            const [x, scale, bias] = [ops.plain(inputs[0]), inputs[1], inputs[2]];
            const of = { x, inverse: outputs.at(-1), scale, axis, dy, ...(centres && { mean: outputs[1] }) };
            const { dx, dscale } = derivative(ops, of, wants[0] === true);
            return [dx, wants[1] ? dscale() : undefined, wants[2] ? columnSums(ops, dy, axis, bias.shape) : undefined];
        },
    };
}
/**
 * x + skip (+ bias) and its normalisation in one node of the runtime's own domain; the sum is its fourth output. Taken apart again, so
 * that gradients go through the parts. Inputs: x, skip, scale, (bias of the normalisation,) bias of the sum.
 */
function skipNormalisation(centres) {
    const parts = ({ inputs: [x, skip, scale, ...biases], wants: [, , , ...wanted] }) => ({
        x: x,
        skip: skip,
        scale: scale,
        shift: centres ? biases[0] : undefined,
        bias: biases[centres ? 1 : 0],
        wantsShift: centres && wanted[0] === true,
        wantsBias: wanted[centres ? 1 : 0] === true,
    });
    return {
        forward: (step) => {
            const { ops } = step;
            const { x, skip, scale, shift, bias } = parts(step);
            const both = ops.add(ops.plain(x), ops.plain(skip));
            const sum = bias ? ops.add(both, bias) : both;
            const axis = sum.shape.length - 1;
            const [y, ...beside] = normalise(ops, [sum, scale, shift], { axis, epsilon: epsilonOf(step, 1e-12), centres });
            return [y, ...(centres ? beside : [beside[0], beside[0]]), sum];
        },
        backward: (step) => {
            const { outputs, grads, wants, ops } = step;
            refuseStatistics(step, 3);
            const { x, skip, scale, shift, bias, wantsShift, wantsBias } = parts(step);
            const sum = outputs[3];
            const axis = sum.shape.length - 1;
            const dy = grads[0] && ops.plain(grads[0]);
            const of = dy && { x: sum, inverse: outputs[2], scale, axis, dy, ...(centres && { mean: outputs[1] }) };
            const through = of && derivative(ops, of, true);
            const both = [through?.dx, grads[3]].filter((grad) => grad !== undefined);
            const dSum = ops.sum(both);
            const biases = [
                ...(centres ? [wantsShift && dy ? columnSums(ops, dy, axis, shift.shape) : undefined] : []),
                wantsBias ? ops.sumTo(dSum, bias.shape) : undefined,
            ];
            return [
                wants[0] ? ops.sumTo(dSum, x.shape) : undefined,
                wants[1] ? ops.sumTo(dSum, skip.shape) : undefined,
                wants[2] ? through?.dscale() : undefined,
                ...biases,
            ];
        },
    };
}
const layerNormalisations = {
    LayerNormalization: layerNormalisation(true),
    SimplifiedLayerNormalization: layerNormalisation(false),
    'com.microsoft:SkipLayerNormalization': skipNormalisation(true),
    'com.microsoft:SkipSimplifiedLayerNormalization': skipNormalisation(false),
};

;// CONCATENATED MODULE: ./src/training/gradients/per-channel.ts




/** [C] as [C, 1, …], to be broadcast against [N, C, …]. */
function alongChannels(ops, perChannel, rank) {
    return ops.reshape(perChannel, [...perChannel.shape, ...range(rank - 2).map(() => 1)]);
}
/**
 * scale · x + shift, channel by channel, in the layout of x.
 * @param x [N, C, …]
 * @param scale [C]
 * @param shift [C]
 */
function affine(ops, x, scale, shift) {
    if (x.layout === 'blocked' && x.shape[1] > 1) {
        // The runtime's blocked layout broadcasts nothing, but a depthwise convolution with one tap is this very map, in one pass.
        const [images, channels, ...input] = x.shape;
        const still = { strides: [1, 1], dilations: [1, 1], before: [0, 0], after: [0, 0], kernel: [1, 1] };
        const shape = { ...still, images, channels, outputs: channels, groups: channels, input, output: input };
        return convolveBlocked(ops, shape, x, ops.reshape(scale, [channels, 1, 1, 1]), shift);
    }
    const rank = x.shape.length;
    const scaled = ops.mul(x, alongChannels(ops, scale, rank));
    return shift ? ops.add(scaled, alongChannels(ops, shift, rank)) : scaled;
}
/** The sum over images and positions: [C]. */
function channelSums(ops, x) {
    if (x.layout === 'blocked')
        return biasGradientBlocked(ops, x);
    if (x.layout === 'channels-first')
        return ops.reduce('ReduceSum', asItLies(x), range(x.shape.length).slice(1), false);
    if (x.layout === 'positions-first')
        return biasGradientByRows(ops, x);
    const axes = range(x.shape.length).filter((axis) => axis !== 1);
    return ops.reduce('ReduceSum', x, axes, false);
}

;// CONCATENATED MODULE: ./src/training/gradients/normalisations.ts






/** 1 ÷ √(variance + ε). */
function inverseDeviation({ node, ops }, variance) {
    const epsilon = ops.scalar(floatAttribute(node, 'epsilon', 1e-5));
    return ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(variance, epsilon)));
}
/** By running statistics, an affine map of each channel. Where the layout lets it, the runtime's kernel: one pass. */
function batchNormalise(step) {
    const { node, inputs, made, ops } = step;
    const [x, scale, bias, mean, variance] = inputs.map((value) => value);
    if (x.layout === 'plain')
        return ops.nodes('BatchNormalization', inputs, made.slice(0, 1), {
            epsilon: { float: floatAttribute(node, 'epsilon', 1e-5) },
        });
    const slope = ops.mul(scale, inverseDeviation(step, variance));
    return [affine(ops, x, slope, ops.sub(bias, ops.mul(mean, slope)))];
}
/**
 * With i = 1 ÷ √(variance + ε): dx = dy · scale · i, dbias = Σ dy, dscale = i · (Σ dy · x − mean · Σ dy), where the large tensor is
 * read but once more than for dx; the statistics, where they are trained too, follow from these sums.
 */
function batchNormalisation(step) {
    const { inputs, grads, wants, ops } = step;
    const [x, scale, , mean, variance] = inputs.map((value) => value);
    const dy = grads[0];
    const inverse = inverseDeviation(step, variance);
    const slope = ops.mul(scale, inverse);
    const dBias = () => channelSums(ops, dy);
    const dScale = () => ops.mul(inverse, ops.sub(channelSums(ops, ops.mul(dy, x)), ops.mul(mean, dBias())));
    return [
        wants[0] ? affine(ops, dy, slope) : undefined,
        wants[1] ? dScale() : undefined,
        wants[2] ? dBias() : undefined,
        wants[3] ? ops.neg(ops.mul(slope, dBias())) : undefined,
        wants[4] ? ops.scale(ops.mul(ops.mul(dScale(), slope), inverse), -0.5) : undefined,
    ];
}
/** x̂ = (x − mean) ÷ deviation over some axes, on the way back: what dy · scale becomes. */
function standardisation(ops, x, axes, epsilon) {
    const centred = ops.sub(x, ops.reduce('ReduceMean', x, axes));
    const variance = ops.reduce('ReduceMean', ops.square(centred), axes);
    const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(variance, ops.scalar(epsilon))));
    return { normal: ops.mul(centred, inverse), inverse };
}
/**
 * Each channel of each image by its own statistics (Ulyanov et al. 2016): as layer normalisation, where the means over positions of dy
 * and of dy · x̂ serve the gradients of scale and bias too.
 */
function instanceNormalisation({ node, inputs, grads, wants, ops }) {
    const [x, dy] = [ops.plain(inputs[0]), ops.plain(grads[0])];
    const rank = x.shape.length;
    const axes = range(rank).slice(2);
    const count = (0,model/* elements */.Yt)(x.shape.slice(2));
    const { normal, inverse } = standardisation(ops, x, axes, floatAttribute(node, 'epsilon', 1e-5));
    const mean = ops.reduce('ReduceMean', dy, axes);
    const projection = ops.reduce('ReduceMean', ops.mul(dy, normal), axes);
    const overImages = (means) => {
        const sum = ops.reduce('ReduceSum', means, [0]);
        return ops.reshape(ops.scale(sum, count), [x.shape[1]]);
    };
    const dx = () => {
        const slope = ops.mul(inverse, alongChannels(ops, inputs[1], rank));
        return ops.mul(ops.sub(ops.sub(dy, mean), ops.mul(normal, projection)), slope);
    };
    return [
        wants[0] ? dx() : undefined,
        wants[1] ? overImages(projection) : undefined,
        wants[2] ? overImages(mean) : undefined,
    ];
}
/** (x − mean) ÷ deviation over some axes; 10⁻⁹, which ONNX adds to the deviation, as it adds it. */
function meanVarianceNormalisation({ node, inputs, outputs, grads, ops }) {
    const [x, y, dy] = [ops.plain(inputs[0]), ops.plain(outputs[0]), ops.plain(grads[0])];
    const axes = ((0,constants/* intsAttribute */.R6)(node, 'axes') ?? [0, 2, 3]).map((axis) => axisOf(axis, x.shape.length));
    const { inverse } = standardisation(ops, x, axes, 1e-18);
    const mean = ops.reduce('ReduceMean', dy, axes);
    const projection = ops.reduce('ReduceMean', ops.mul(dy, y), axes);
    return [ops.mul(ops.sub(ops.sub(dy, mean), ops.mul(y, projection)), inverse)];
}
/** y = x ÷ ‖x‖ₚ along an axis: dx = (dy − ∂‖x‖ · Σ dy · y) ÷ ‖x‖, with ∂‖x‖ = y for p = 2 and sign(x) for p = 1; 0 where x is 0. */
function lpNormalisation({ node, inputs, outputs, grads, ops }) {
    const [x, y, dy] = [ops.plain(inputs[0]), ops.plain(outputs[0]), ops.plain(grads[0])];
    const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', -1), x.shape.length);
    const p = (0,constants/* intAttribute */.ux)(node, 'p', 2);
    const shape = x.shape.map((size, i) => (i === axis ? 1 : size));
    const norm = ops.node(p === 1 ? 'ReduceL1' : 'ReduceL2', [x, ops.ints([axis])], { shape }, { keepdims: 1 });
    const positive = above(ops, norm);
    const inverse = ops.div(positive, ops.add(norm, ops.sub(ops.scalar(1), positive)));
    const along = ops.mul(p === 1 ? signOf(ops, x) : y, ops.reduce('ReduceSum', ops.mul(dy, y), [axis]));
    return [ops.mul(ops.sub(dy, along), inverse)];
}
/**
 * y = x · D^−β with D = bias + α ÷ size · Σ x² over `size` neighbouring channels (Krizhevsky et al. 2012):
 * dx = dy · D^−β − 2 · α · β ÷ size · x · Σ dy · y ÷ D, the sum over the channels in whose window x is, which are those in its own. The sums are products with a
 * matrix of 0 and 1.
 */
function localResponseNormalisation({ node, inputs, outputs, grads, ops }) {
    const [x, y, dy] = [ops.plain(inputs[0]), ops.plain(outputs[0]), ops.plain(grads[0])];
    const size = (0,constants/* intAttribute */.ux)(node, 'size', 1);
    const alpha = floatAttribute(node, 'alpha', 1e-4);
    const beta = floatAttribute(node, 'beta', 0.75);
    const bias = floatAttribute(node, 'bias', 1);
    const [images, channels, ...rest] = x.shape;
    // The runtime computes odd sizes alone, whose window lies evenly about its channel: the matrix is its own transpose.
    const reach = (size - 1) / 2;
    const window = (value) => {
        const band = new Float32Array(channels * channels);
        for (let row = 0; row < channels; row++)
            for (let column = Math.max(0, row - reach); column <= Math.min(channels - 1, row + reach); column++)
                band[row * channels + column] = 1;
        const matrix = ops.shared(`band of ${channels} by ${size}`, () => ops.constant(band, [channels, channels]));
        return ops.reshape(ops.matmul(matrix, ops.reshape(value, [images, channels, (0,model/* elements */.Yt)(rest)])), x.shape);
    };
    const divisor = ops.add(ops.scale(window(ops.square(x)), alpha / size), ops.scalar(bias));
    const own = ops.mul(dy, ops.binary('Pow', divisor, ops.scalar(-beta)));
    const neighbours = window(ops.div(ops.mul(dy, y), divisor));
    return [ops.sub(own, ops.scale(ops.mul(x, neighbours), (2 * alpha * beta) / size))];
}
/** GroupNormalization comes written out in reductions and arithmetic. */
const normalisations = {
    ...layerNormalisations,
    BatchNormalization: { forward: batchNormalise, backward: batchNormalisation },
    InstanceNormalization: { backward: instanceNormalisation },
    MeanVarianceNormalization: { backward: meanVarianceNormalisation },
    LpNormalization: { backward: lpNormalisation },
    LRN: { backward: localResponseNormalisation },
};

;// CONCATENATED MODULE: ./src/training/gradients/linear-map.ts


/** Up to this many elements one matrix for all axes takes less time than one an axis, which makes many small products. */
const largestWhole = 10_000;
/**
 * The gradient of such an operator, Kᵀ · dy. K is what the operator makes of the identity matrix: the session computes it once as it is
 * made, so that it is the runtime’s own arithmetic to the last bit, for every mode and version.
 * @param shape of the operator’s input
 * @param axes that it changes, ascending
 */
function linear_map_transposed(ops, dy, shape, axes, along) {
    const product = (sizes, of) => (0,model/* elements */.Yt)(of.map((axis) => sizes[axis]));
    const areLast = axes.every((axis, i) => axis === shape.length - axes.length + i);
    if (areLast && axes.length > 1 && product(shape, axes) * product(dy.shape, axes) <= largestWhole) {
        const matrix = matrixOf(ops, shape, axes, along);
        const rows = ops.reshape(dy, [(0,model/* elements */.Yt)(dy.shape) / matrix.shape[1], matrix.shape[1]]);
        return ops.reshape(ops.gemm(rows, matrix, { transB: true }), shape);
    }
    return axes.toReversed().reduce((value, axis) => alongOne(ops, value, axis, matrixOf(ops, shape, [axis], along)), dy);
}
/** [elements before, elements after], of the axes named. */
function matrixOf(ops, shape, axes, along) {
    const sizes = axes.map((axis) => shape[axis]);
    const count = (0,model/* elements */.Yt)(sizes);
    const identity = ops.shared(`identity ${count}`, () => ops.node('EyeLike', [ops.zeros([count, count])], { shape: [count, count] }));
    const mapped = along(ops.reshape(identity, [count, 1, ...sizes]), axes);
    return ops.reshape(mapped, [count, (0,model/* elements */.Yt)(mapped.shape) / count]);
}
/** matrix · x along one axis. */
function alongOne(ops, x, axis, matrix) {
    const [size, count] = [matrix.shape[0], matrix.shape[1]];
    const shape = x.shape.with(axis, size);
    if (axis === x.shape.length - 1) {
        const rows = ops.reshape(x, [(0,model/* elements */.Yt)(x.shape) / count, count]);
        return ops.reshape(ops.matmul(rows, ops.transpose(matrix, [1, 0])), shape);
    }
    const outer = (0,model/* elements */.Yt)(x.shape.slice(0, axis));
    const inner = (0,model/* elements */.Yt)(x.shape.slice(axis + 1));
    return ops.reshape(ops.matmul(matrix, ops.reshape(x, [outer, count, inner])), shape);
}
/** Each element repeated `factors[i]` times along axis i: nearest-neighbour enlargement. */
function repeated(ops, x, factors) {
    if (factors.every((factor) => factor === 1))
        return x;
    const shape = x.shape.map((size, axis) => size * factors[axis]);
    // One number a channel: a product with a small constant takes a fraction of the time.
    if (range(x.shape.length).every((axis) => factors[axis] === 1 || x.shape[axis] === 1))
        return ops.mul(x, ops.full([...factors], 1));
    const scales = ops.constant(Float32Array.from(factors));
    return ops.node('Resize', [x, undefined, scales], { shape }, {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
    });
}

;// CONCATENATED MODULE: ./src/training/gradients/window-sums.ts





/** The windows of a pool. */
function poolWindows({ node, inputs }) {
    return windowsOf(node, inputs[0].shape, (0,constants/* intsAttribute */.R6)(node, 'kernel_shape'));
}
/** Whether windows lie side by side from the first element on, each wholly inside. What is left at the end belongs to none. */
function areTiles({ kernel, strides, dilations, padsBefore, output }, sizes) {
    return kernel.every((size, i) => (size === strides[i] || output[i] === 1) &&
        (dilations[i] === 1 || size === 1) &&
        padsBefore[i] === 0 &&
        output[i] * size <= sizes[i]);
}
/**
 * The gradient of the mean (AveragePool) or the sum of absolute values (LpPool, of what is not negative) of windows: each element
 * gets what the windows that hold it have to give.
 * @param dy of the pool's output shape
 */
function spreadOver(step, dy, op, windows) {
    const { ops, inputs } = step;
    const { shape } = inputs[0];
    const { kernel } = windows;
    if (areTiles(windows, shape.slice(2))) {
        const each = op === 'AveragePool' ? ops.scale(dy, 1 / (0,model/* elements */.Yt)(kernel)) : dy;
        return tiled(step, each, kernel);
    }
    const axes = range(shape.length).slice(2);
    return linear_map_transposed(ops, dy, shape, axes, (x, some) => {
        const made = [...x.shape.slice(0, 2), ...some.map((axis) => windows.output[axis - 2])];
        const attributes = poolAttributes(step, op, windows, some);
        return ops.node(op, [x], { shape: made }, op === 'LpPool' ? { ...attributes, p: 1 } : attributes);
    });
}
/** Every element of a pool's output at all places of its window; zeros where no window is. */
function tiled({ ops, inputs }, values, kernel) {
    const whole = repeated(ops, values, [1, 1, ...kernel]);
    return ops.pad(whole, whole.shape.map(() => 0), whole.shape.map((size, axis) => inputs[0].shape[axis] - size));
}
/**
 * A pool’s attributes, for some of its axes, with all that is automatic written out. Where the last window hangs over the end, pads
 * say so instead of `ceil_mode`: the standard and the runtime do not agree on how many windows that makes, and a session that expects
 * the standard’s number cannot be made.
 */
function poolAttributes({ node, inputs }, op, windows, axes = range(inputs[0].shape.length).slice(2)) {
    const pick = (list) => axes.map((axis) => list[axis - 2]);
    const { kernel, padsBefore, padsAfter } = windows;
    const after = padsToLast(windows, inputs[0].shape.slice(2));
    const counts = op === 'AveragePool' ? (0,constants/* intAttribute */.ux)(node, 'count_include_pad', 0) : 0;
    const hangsOver = after.some((size, i) => size > padsAfter[i]);
    // Pads may not be as large as the kernel, and a mean that counts pads does not count what hangs over.
    const isSayable = after.every((size, i) => size < kernel[i]) && !(counts === 1 && hangsOver);
    return {
        kernel_shape: pick(kernel),
        strides: pick(windows.strides),
        pads: [...pick(padsBefore), ...pick(isSayable ? after : padsAfter)],
        ceil_mode: isSayable ? 0 : (0,constants/* intAttribute */.ux)(node, 'ceil_mode', 0),
        ...(op === 'AveragePool' ? { count_include_pad: counts } : { dilations: pick(windows.dilations) }),
    };
}
/** Pads after each axis that hold the whole of its last window. */
function padsToLast({ kernel, strides, dilations, padsBefore, padsAfter, output }, sizes) {
    return sizes.map((size, i) => {
        const end = (output[i] - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1;
        return Math.max(padsAfter[i], end - size - padsBefore[i]);
    });
}

;// CONCATENATED MODULE: ./src/training/gradients/max-pool.ts




/**
 * MaxPool, whose gradient is found in three ways. Windows side by side: elements are compared with the maximum of their window; those
 * that tie share its gradient equally. Elsewhere, on a processor, the runtime says where it found each maximum, the first of those
 * that tie. On graphics devices it cannot, so that every window that may hold an element is compared with it, and elements that tie
 * get the whole gradient each; after a rectifier that makes no difference, because it hands on nothing where it makes equal values.
 */
const maxPool = {
    forward: (step) => {
        const { node, inputs, made, ops } = step;
        const windows = poolWindows(step);
        const isColumnMajor = (0,constants/* intAttribute */.ux)(node, 'storage_order', 0) === 1;
        if (node.outputs[1] && isColumnMajor)
            return ops.nodes('MaxPool', [inputs[0]], made, { ...poolAttributes(step, 'MaxPool', windows), storage_order: 1 });
        const needsPlaces = !ops.portable && !areTiles(windows, inputs[0].shape.slice(2));
        if (node.outputs[1] || needsPlaces)
            return withPlaces(step, windows);
        return [ops.node('MaxPool', [inputs[0]], made[0], poolAttributes(step, 'MaxPool', windows))];
    },
    backward: (step) => {
        const windows = poolWindows(step);
        const [y, dy] = [step.outputs[0], step.grads[0]];
        if (areTiles(windows, step.inputs[0].shape.slice(2)))
            return [fromTiles(step, windows, y, dy)];
        return [step.ops.portable ? fromComparisons(step, windows, y, dy) : fromPlaces(step, windows, dy)];
    },
};
/** The maxima, and where in the whole row-major tensor each was found. */
function withPlaces(step, windows) {
    const made = [step.made[0], { shape: step.made[0].shape, type: 'int64', name: 'places of maxima' }];
    return step.ops.nodes('MaxPool', [step.inputs[0]], made, poolAttributes(step, 'MaxPool', windows));
}
function fromPlaces(step, windows, dy) {
    const { ops, inputs } = step;
    const places = withPlaces(step, windows)[1];
    const size = (0,model/* elements */.Yt)(inputs[0].shape);
    const count = (0,model/* elements */.Yt)(dy.shape);
    const flat = [ops.zeros([size]), ops.reshape(places, [count]), ops.reshape(dy, [count])];
    const sums = ops.node('ScatterElements', flat, { shape: [size] }, { axis: 0, reduction: 'add' });
    return ops.reshape(sums, inputs[0].shape);
}
function fromTiles(step, { kernel, strides }, y, dy) {
    const { ops } = step;
    const winners = winnersOf(step, tiled(step, ops.plain(y), kernel));
    const windows = { kernel_shape: [...kernel], strides: [...strides] };
    const share = ops.node('AveragePool', [winners], { shape: dy.shape }, windows);
    const each = ops.div(ops.scale(dy, 1 / (0,model/* elements */.Yt)(kernel)), share);
    return ops.mul(winners, tiled(step, each, kernel));
}
function fromComparisons(step, windows, y, dy) {
    const { ops, inputs } = step;
    const { shape } = inputs[0];
    const axes = range(shape.length).slice(2);
    // A further window at the end of each axis, whose gradient is 0, is where there is no window.
    const none = dy.shape.map(() => 0);
    const further = dy.shape.map((_, axis) => (axis < 2 ? 0 : 1));
    const start = [{ maxima: ops.plain(y), slopes: ops.pad(dy, none, further) }];
    const terms = axes.reduce((partial, axis) => partial.flatMap(({ maxima, slopes }) => holdersOf(windows, axis - 2, shape[axis]).map((holders) => ({
        maxima: ops.gather(maxima, holders.map((window) => Math.min(window, windows.output[axis - 2] - 1)), axis),
        slopes: ops.gather(slopes, holders, axis),
    }))), start);
    return ops.sum(terms.map(({ maxima, slopes }) => ops.mul(winnersOf(step, maxima), slopes)));
}
/**
 * The windows along one axis that hold each of its elements, as lists with one window an element; where an element has fewer than
 * another, the number of windows stands in.
 */
function holdersOf({ kernel, strides, dilations, padsBefore, output }, i, size) {
    const holders = range(size).map((place) => range(output[i]).filter((window) => {
        const within = place + padsBefore[i] - window * strides[i];
        return within >= 0 && within % dilations[i] === 0 && within / dilations[i] < kernel[i];
    }));
    const most = Math.max(1, ...holders.map(({ length }) => length));
    return range(most).map((turn) => holders.map((own) => own[turn] ?? output[i]));
}
/** 1 where x is the maximum that stands at its place, elsewhere 0. */
function winnersOf({ inputs, ops }, maxima) {
    return ops.cast(ops.binary('Equal', ops.plain(inputs[0]), maxima, 'bool'), 'float32');
}

;// CONCATENATED MODULE: ./src/training/gradients/pooling.ts






/** Operators that summarise windows, or whole maps, of each channel. */
const pooling = {
    MaxPool: maxPool,
    AveragePool: {
        forward: (step) => [pooled(step, 'AveragePool')],
        backward: (step) => [spreadOver(step, step.grads[0], 'AveragePool', poolWindows(step))],
    },
    // y = (Σ |x|ᵖ)^(1/p), so dx = sign(x) · |x|^(p−1) · Σ dy · y^(1−p) over the windows that hold x.
    LpPool: {
        forward: (step) => [pooled(step, 'LpPool')],
        backward: (step) => {
            const p = (0,constants/* intAttribute */.ux)(step.node, 'p', 2);
            const shares = normShares(step, step.outputs[0], step.grads[0], p);
            return [normSlopes(step, spreadOver(step, shares, 'LpPool', poolWindows(step)), p)];
        },
    },
    GlobalAveragePool: {
        backward: ({ inputs: [x], grads: [dy], ops }) => {
            const map = x.shape.map((size, axis) => (axis < 2 ? 1 : size));
            // A product with a small constant takes a fraction of Expand’s time.
            return [ops.mul(dy, ops.full(map, 1 / (0,model/* elements */.Yt)(map)))];
        },
    },
    /** Elements that tie share the gradient equally. */
    GlobalMaxPool: {
        backward: ({ inputs: [x], outputs: [y], grads: [dy], ops }) => {
            const winners = ops.cast(ops.binary('Equal', ops.plain(x), ops.plain(y), 'bool'), 'float32');
            const count = ops.reduce('ReduceSum', winners, range(x.shape.length).slice(2));
            return [ops.mul(winners, ops.div(dy, count))];
        },
    },
    GlobalLpPool: {
        backward: (step) => {
            const { node, outputs, grads } = step;
            const p = (0,constants/* intAttribute */.ux)(node, 'p', 2);
            return [normSlopes(step, normShares(step, outputs[0], grads[0], p), p)];
        },
    },
};
/** The same pool with its windows written out. */
function pooled(step, op) {
    const { node, inputs, made, ops } = step;
    const attributes = poolAttributes(step, op, poolWindows(step));
    return ops.node(op, [inputs[0]], made[0], op === 'LpPool' ? { ...attributes, p: (0,constants/* intAttribute */.ux)(node, 'p', 2) } : attributes);
}
/** dy · y^(1−p); where a norm is 0 a finite number, because there x is 0 and makes the gradient 0, as PyTorch has it. */
function normShares({ ops }, y, dy, p) {
    if (p === 1)
        return dy;
    const isZero = ops.cast(ops.binary('Equal', y, ops.scalar(0), 'bool'), 'float32');
    const divisor = ops.add(y, isZero);
    const power = p === 2 ? divisor : ops.binary('Pow', divisor, ops.scalar(p - 1));
    return ops.div(dy, power);
}
/** `shares` · sign(x) · |x|^(p−1). */
function normSlopes({ inputs: [x], ops }, shares, p) {
    if (p === 1)
        return ops.mul(shares, signOf(ops, x));
    if (p === 2)
        return ops.mul(shares, x);
    const size = ops.binary('Pow', ops.unary('Abs', x), ops.scalar(p - 1));
    return ops.mul(shares, ops.mul(size, signOf(ops, x)));
}

;// CONCATENATED MODULE: ./src/training/gradients/reductions.ts






function axesOf(step) {
    const rank = step.inputs[0].shape.length;
    const axes = step.inputs[1] ? step.numbers(1) : [];
    if (!axes)
        throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(step.node)} reduces axes that depend on the image. Export the network with fixed axes.`);
    if (axes.length > 0)
        return axes.map((axis) => axisOf(axis, rank));
    return (0,constants/* intAttribute */.ux)(step.node, 'noop_with_empty_axes', 0) === 1 ? [] : range(rank);
}
function reduction(derivative) {
    return {
        backward: (step) => {
            const { inputs, outputs, grads, ops } = step;
            const axes = axesOf(step);
            const x = inputs[0];
            const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
            return [derivative({ x, y: ops.reshape(outputs[0], kept), dy: ops.reshape(grads[0], kept), axes, ops })];
        },
    };
}
/** dy · factor along the axes that were summed away: a product with a small constant takes no longer than Expand and scales as well. */
function spread({ x, dy, axes, ops }, factor = 1) {
    if ((0,model/* elements */.Yt)(dy.shape) === 1)
        return ops.expand(ops.scale(dy, factor), x.shape);
    const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
    return ops.mul(dy, ops.full(shape, factor));
}
const reductions_extreme = reduction(({ x, y, dy, axes, ops }) => {
    const winners = ops.cast(ops.binary('Equal', ops.plain(x), y, 'bool'), 'float32');
    return ops.mul(winners, ops.div(dy, ops.reduce('ReduceSum', winners, axes)));
});
/** x ÷ ‖x‖₂, and 0 where all of x is 0, as PyTorch has it. */
const euclidean = reduction(({ x, y, dy, ops }) => {
    const isZero = ops.cast(ops.binary('Equal', y, ops.scalar(0), 'bool'), 'float32');
    return ops.mul(ops.plain(x), ops.div(dy, ops.add(y, isZero)));
});
/**
 * The product of all others, also where one or several are 0: p ÷ x′ where as many zeros are among them as x is itself, with zeros
 * taken as 1 in both.
 */
const product = reduction(({ x, dy, axes, ops }) => {
    if (axes.length === 0)
        return dy;
    const kept = { shape: dy.shape };
    const zero = ops.cast(ops.binary('Equal', ops.plain(x), ops.scalar(0), 'bool'), 'float32');
    const nonzero = ops.add(ops.plain(x), zero);
    const whole = ops.node('ReduceProd', [nonzero, ops.ints(axes)], kept, { keepdims: 1 });
    const zeros = ops.reduce('ReduceSum', zero, axes);
    const counts = ops.cast(ops.binary('Equal', zeros, zero, 'bool'), 'float32');
    return ops.mul(ops.div(ops.mul(dy, whole), nonzero), counts);
});
/** Reductions along axes; those that tie for a maximum or minimum share its gradient equally, as PyTorch’s amax has it. */
const reductions = {
    ReduceSum: reduction((reduced) => spread(reduced)),
    ReduceMean: reduction((reduced) => spread(reduced, (0,model/* elements */.Yt)(reduced.dy.shape) / (0,model/* elements */.Yt)(reduced.x.shape))),
    ReduceMax: reductions_extreme,
    ReduceMin: reductions_extreme,
    ReduceL1: reduction(({ x, dy, ops }) => ops.mul(dy, signOf(ops, x))),
    ReduceL2: euclidean,
    ReduceSumSquare: reduction(({ x, dy, ops }) => ops.mul(ops.scale(dy, 2), x)),
    ReduceLogSum: reduction((reduced) => spread({ ...reduced, dy: reduced.ops.div(reduced.dy, reduced.ops.unary('Exp', reduced.y)) })),
    ReduceLogSumExp: reduction(({ x, y, dy, ops }) => ops.mul(dy, ops.unary('Exp', ops.sub(x, y)))),
    ReduceProd: product,
    CumSum: {
        // What came before is added to what comes after: the same sum, from the other end.
        backward: ({ node, inputs: [, axis], grads: [dy], ops }) => {
            const attributes = {
                exclusive: (0,constants/* intAttribute */.ux)(node, 'exclusive', 0),
                reverse: 1 - (0,constants/* intAttribute */.ux)(node, 'reverse', 0),
            };
            return [ops.node('CumSum', [dy, axis], { shape: dy.shape }, attributes)];
        },
    },
};

;// CONCATENATED MODULE: ./src/training/gradients/reshaping.ts


/** The same elements in the same order. */
const view = {
    // The runtime’s four ways of saying it become one, which vanishes where nothing changes.
    forward: ({ inputs: [x], made, ops }) => [ops.reshape(x, made[0].shape)],
    backward: ({ inputs: [x], grads: [dy], ops }) => [ops.reshape(dy, x.shape)],
};
/** Operators that show the elements of one tensor in another shape, some of them more than once. */
const reshaping = {
    Reshape: view,
    Flatten: view,
    Squeeze: view,
    Unsqueeze: view,
    Transpose: {
        forward: ({ node, inputs: [x], ops }) => [ops.transpose(x, permutation((0,constants/* intsAttribute */.R6)(node, 'perm'), x.shape))],
        backward: ({ node, inputs: [x], grads: [dy], ops }) => {
            const perm = permutation((0,constants/* intsAttribute */.R6)(node, 'perm'), x.shape);
            const inverse = perm.map((_, axis) => perm.indexOf(axis));
            return [ops.transpose(dy, inverse)];
        },
    },
    Expand: {
        backward: ({ inputs: [x], grads: [dy], ops }) => [ops.sumTo(dy, x.shape)],
    },
    Tile: {
        // Copies of an axis lie one after the other: seen as an axis of their own, they are summed.
        backward: ({ inputs: [x], grads: [dy], ops }) => {
            const copies = x.shape.map((size, axis) => (size === 0 ? 1 : dy.shape[axis] / size));
            const parts = x.shape.flatMap((size, axis) => (copies[axis] === 1 ? [size] : [copies[axis], size]));
            const axes = copies.flatMap((count, axis) => count === 1 ? [] : [axis + copies.slice(0, axis).filter((other) => other !== 1).length]);
            return [ops.reduce('ReduceSum', ops.reshape(dy, parts), axes, false)];
        },
    },
};
/** Where each axis comes from; reversed when not given. */
function permutation(perm, shape) {
    return perm ?? range(shape.length).reverse();
}

;// CONCATENATED MODULE: ./src/training/gradients/resizing.ts







/** Operators that change the resolution of maps: by interpolation, or by trading channels for pixels. */
const resizing = {
    Resize: { backward: (step) => [resized(step)] },
    DepthToSpace: {
        backward: ({ node, inputs: [x], grads: [dy], ops }) => {
            const { shape } = x;
            const block = (0,constants/* intAttribute */.ux)(node, 'blocksize', 1);
            if (stringAttribute(node, 'mode', 'DCR') === 'DCR')
                return [ops.node('SpaceToDepth', [dy], { shape }, { blocksize: block })];
            const [images, channels, height, width] = shape;
            const pixels = ops.reshape(dy, [images, channels / block ** 2, height, block, width, block]);
            return [ops.reshape(ops.transpose(pixels, [0, 1, 3, 5, 2, 4]), shape)];
        },
    },
    SpaceToDepth: {
        backward: ({ node, inputs: [x], grads: [dy], ops }) => [
            ops.node('DepthToSpace', [dy], { shape: x.shape }, { blocksize: (0,constants/* intAttribute */.ux)(node, 'blocksize', 1), mode: 'DCR' }),
        ],
    },
};
function resized(step) {
    const { inputs, grads, ops } = step;
    const { shape } = inputs[0];
    const dy = grads[0];
    const factors = repetitions(step, dy.shape);
    if (factors) {
        const windows = { kernel_shape: factors.slice(2), strides: factors.slice(2) };
        return ops.scale(ops.node('AveragePool', [dy], { shape }, windows), (0,model/* elements */.Yt)(factors));
    }
    const changed = scalesOf(step).flatMap(({ axis, isSame }) => (isSame ? [] : [axis]));
    return linear_map_transposed(ops, dy, shape, changed.sort((a, b) => a - b), (x, axes) => along(step, x, axes, dy.shape));
}
/**
 * How often each element is repeated by axis, where the mode comes to that; then the gradient is a sum over blocks.
 * Whole factors only: with others the runtime’s rounding decides.
 */
function repetitions({ node, inputs: [x] }, made) {
    const { shape } = x;
    const factors = shape.map((size, axis) => made[axis] / size);
    const isSpatial = shape.length >= 3 && shape.length <= 5 && factors[0] === 1 && factors[1] === 1;
    if (!isSpatial || stringAttribute(node, 'mode', 'nearest') !== 'nearest')
        return undefined;
    const rounding = stringAttribute(node, 'nearest_mode', 'round_prefer_floor');
    const repeats = {
        asymmetric: rounding === 'floor',
        tf_half_pixel_for_nn: rounding === 'floor',
        half_pixel: rounding.startsWith('round'),
        pytorch_half_pixel: rounding.startsWith('round'),
    };
    const mode = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
    return repeats[mode] && factors.every(Number.isInteger) ? factors : undefined;
}
/** What the node says of each axis: a scale where it has scales, else the size that comes out, which then defines the scale. */
function scalesOf(step) {
    const { node, inputs, made } = step;
    const { shape } = inputs[0];
    if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch' && inputs[3])
        throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(node)} resizes with keep_aspect_ratio_policy “${stringAttribute(node, 'keep_aspect_ratio_policy', '')}”, for which there is no gradient rule here; “stretch” has one. Export the network with the sizes that come out.`);
    const axes = ((0,constants/* intsAttribute */.R6)(node, 'axes') ?? range(shape.length)).map((axis) => axisOf(axis, shape.length));
    const isCropped = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize';
    const roi = isCropped ? fixedInput(step, 1, 'regions') : [];
    const scales = inputs[2] && (0,model/* elements */.Yt)(inputs[2].shape) > 0 ? fixedInput(step, 2, 'scales') : undefined;
    return axes.map((axis, i) => {
        const region = isCropped ? [roi[i], roi[i + axes.length]] : [0, 1];
        const isWhole = region[0] === 0 && region[1] === 1;
        const isSame = isWhole && (scales ? scales[i] === 1 : made[0].shape[axis] === shape[axis]);
        return { axis, ...(scales && { scale: scales[i] }), isSame, roi: region };
    });
}
/** The same resizing of some axes, of a tensor with an axis of size 1 before them. */
function along(step, x, axes, made) {
    const { node, ops } = step;
    const known = scalesOf(step);
    const own = axes.map((axis) => known.find((entry) => entry.axis === axis));
    const shape = [...x.shape.slice(0, 2), ...axes.map((axis) => made[axis])];
    // Interpolation needs two axes to work on.
    const lone = axes.length === 1 ? [1] : [];
    const [from, to] = [
        [...x.shape, ...lone],
        [...shape, ...lone],
    ];
    const byScale = own[0].scale !== undefined;
    const regions = own.map(({ roi }) => roi);
    const roi = [0, 1].map((end) => [end, end, ...regions.map((region) => region[end]), ...lone.map(() => end)]);
    const isCropped = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize';
    const inputs = [
        ops.reshape(x, from),
        isCropped ? ops.constant(Float32Array.from(roi.flat())) : undefined,
        byScale ? ops.constant(Float32Array.of(1, 1, ...own.map(({ scale }) => scale), ...lone)) : undefined,
        byScale ? undefined : ops.ints(to),
    ];
    const text = (name, otherwise) => ({ [name]: stringAttribute(node, name, otherwise) });
    const attributes = {
        ...text('mode', 'nearest'),
        ...text('coordinate_transformation_mode', 'half_pixel'),
        ...text('nearest_mode', 'round_prefer_floor'),
        antialias: (0,constants/* intAttribute */.ux)(node, 'antialias', 0),
        exclude_outside: (0,constants/* intAttribute */.ux)(node, 'exclude_outside', 0),
        cubic_coeff_a: { float: floatAttribute(node, 'cubic_coeff_a', -0.75) },
        // What lies outside the image is a constant, whose gradient is 0.
        extrapolation_value: { float: 0 },
    };
    return ops.reshape(ops.node('Resize', inputs, { shape: to }, attributes), shape);
}

;// CONCATENATED MODULE: ./src/training/gradients/softmax.ts


const softmax = {
    // dx = y · (dy − Σ dy · y), from the output alone.
    Softmax: {
        backward: ({ node, outputs: [y], grads: [dy], ops }) => {
            const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', -1), y.shape.length);
            const product = ops.mul(dy, y);
            return [ops.sub(product, ops.mul(y, ops.reduce('ReduceSum', product, [axis])))];
        },
    },
    // dx = dy − softmax(x) · Σ dy.
    LogSoftmax: {
        backward: ({ node, outputs: [y], grads: [dy], ops }) => {
            const axis = axisOf((0,constants/* intAttribute */.ux)(node, 'axis', -1), y.shape.length);
            return [ops.sub(dy, ops.mul(ops.unary('Exp', y), ops.reduce('ReduceSum', dy, [axis])))];
        },
    },
};

;// CONCATENATED MODULE: ./src/training/gradients/index.ts











const families = [
    activations,
    arithmetic,
    convolutions,
    indexing,
    matrixProducts,
    normalisations,
    pooling,
    reductions,
    reshaping,
    resizing,
    softmax,
];
const operators = new Map(families.flatMap((family) => Object.entries(family)));
/** What is known of a node's operator; undefined where nobody has taught it. */
function operatorOf({ domain, op }) {
    return operators.get(domain === '' ? op : `${domain}:${op}`);
}
/** The names of all operators that can be differentiated. */
const differentiable = [...operators.keys()].sort();

;// CONCATENATED MODULE: ./src/training/other-formats.ts


/** Real numbers in formats other than float32. */
const otherFloats = new Set([
    'float16',
    'bfloat16',
    'float64',
    'float8e4m3fn',
    'float8e4m3fnuz',
    'float8e5m2',
    'float8e5m2fnuz',
]);
/** Whole numbers that stand for real ones. */
const quantised = new Set(['uint8', 'int8', 'uint16', 'int16', 'int32']);
/**
 * Follows what depends on a trained weight through number formats in which no gradient is derived, so that none is lost on the way
 * without a word. Counts, places and truth values are another matter: they are constant almost everywhere, and their gradient is 0.
 */
class OtherFormats {
    #origins = new Map();
    /**
     * @param depends whether a float32 input of the node depends on a trained weight
     * @param types of its outputs
     * @throws model-unsupported when numbers of such a format come back to float32
     */
    follow(node, depends, types) {
        const origin = this.#originAmong(node.inputs) ?? (depends ? startingAt(node, types) : undefined);
        if (!origin)
            return;
        node.outputs.forEach((name, i) => {
            const type = types[i];
            if (type === undefined)
                return;
            if (origin.types.has(type))
                this.#origins.set(name, origin);
            else if (type === 'float32' && origin.node !== node)
                other_formats_refuse(origin);
        });
    }
    /** @throws model-unsupported when a result of the network is in such a format */
    refuseAmong(names) {
        const origin = this.#originAmong(names);
        if (origin)
            other_formats_refuse(origin);
    }
    #originAmong(names) {
        for (const name of names) {
            const origin = this.#origins.get(name);
            if (origin)
                return origin;
        }
        return undefined;
    }
}
function startingAt(node, types) {
    if (node.op === 'QuantizeLinear' || node.op === 'DynamicQuantizeLinear')
        return { node, format: `quantised numbers (${types[0]})`, types: quantised };
    const found = types.find((type) => type && otherFloats.has(type));
    return found && { node, format: found, types: otherFloats };
}
function other_formats_refuse({ node, format }) {
    throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(node)} gives ${format}, between a trained weight and the result of the network; gradients are derived in float32 alone. Export the network in float32 throughout (in PyTorch: model.float() before the export; not quantised), or probe it with frozen features (probe.linear).`);
}

;// CONCATENATED MODULE: ./src/training/differentiate.ts





/**
 * Emits the network's own computation and remembers what its gradient needs. What is the same for every image becomes a constant.
 * @throws model-unsupported for an operator without a gradient rule, or a number format other than float32, between a trained weight and
 *   the result
 */
function emitForward({ graph, facts, given, trained, ops }) {
    const values = new Map(given);
    const needs = new Set(trained);
    const entries = [];
    const formats = new OtherFormats();
    const tensor = (name) => {
        const known = values.get(name);
        if (known)
            return known;
        const constant = facts.get(name)?.value;
        if (!constant)
            throw new errors/* TransferEvidenceError */.Bh('model-invalid', `Tensor ${name} was read before it was made.`);
        const value = ops.tensor({ ...constant, name });
        values.set(name, value);
        return value;
    };
    for (const node of graph.nodes) {
        if (node.outputs.every((name) => name === '' || values.has(name) || facts.get(name)?.value))
            continue;
        const inputs = node.inputs.map((name) => (name === '' ? undefined : tensor(name)));
        const wants = node.inputs.map((name) => needs.has(name));
        const made = node.outputs.map((name) => {
            const fact = facts.get(name);
            return fact ? { shape: fact.shape, type: fact.type, name } : { shape: [], name: `${node.op} unused` };
        });
        const numbers = (input) => {
            const value = facts.get(node.inputs[input] ?? '')?.value;
            return value && (0,model/* numbersOf */.cZ)(value);
        };
        const step = { node, inputs, made, wants, ops, numbers };
        formats.follow(node, wants.includes(true), node.outputs.map((name) => facts.get(name)?.type));
        // What is not a real number has no derivative; a count or a mask is constant almost everywhere.
        const differentiable = wants.includes(true) && made.some(({ type }) => type === 'float32');
        const operator = operatorOf(node);
        if (differentiable && !operator)
            differentiate_refuse(node, graph, facts, trained);
        const outputs = differentiable && operator?.forward ? operator.forward(step) : asItStands(step);
        node.outputs.forEach((name, i) => {
            if (name === '' || !outputs[i])
                return;
            values.set(name, outputs[i]);
            if (differentiable && outputs[i].type === 'float32')
                needs.add(name);
        });
        if (differentiable && operator)
            entries.push({ step, operator, outputs });
    }
    formats.refuseAmong(graph.outputs.map(({ name }) => name));
    return { entries, tensor };
}
/**
 * Emits the gradients of a scalar with respect to trained weights: reverse accumulation (Linnainmaa 1970; Griewank & Walther 2008,
 * chapter 3) over the tape. Tied weights get the sum.
 * @param seeds gradients of that scalar with respect to tensors of the network
 * @returns by weight; a weight that the scalar does not depend on is missing
 */
function emitBackward({ entries }, seeds, { ops, trained }) {
    const grads = new Map(seeds);
    for (const { step, operator, outputs } of entries.toReversed()) {
        const own = step.node.outputs.map((name) => grads.get(name));
        if (own.every((grad) => grad === undefined))
            continue;
        const backward = { ...step, outputs, grads: own };
        operator.backward(backward).forEach((grad, i) => {
            const name = step.node.inputs[i];
            if (!grad || !step.wants[i] || !name)
                return;
            checkShape(step, i, grad);
            const before = grads.get(name);
            grads.set(name, before ? ops.add(before, grad) : grad);
        });
    }
    return new Map([...trained].flatMap((name) => (grads.has(name) ? [[name, grads.get(name)]] : [])));
}
function checkShape({ node, inputs }, i, grad) {
    const expected = inputs[i].shape;
    if (grad.shape.length === expected.length && grad.shape.every((size, axis) => size === expected[axis]))
        return;
    throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `The gradient of input ${i} of node ${(0,check/* describe */.q0)(node)} has shape [${grad.shape.join()}] where [${expected.join()}] belongs.`);
}
/** The node as the network has it, on plain tensors; simple functions keep the layout of what they read. */
function asItStands({ node, inputs, made, ops }) {
    if (node.domain === '' && inputs.length === 2 && /^(Add|Sub|Mul|Div)$/.test(node.op) && made[0].type === 'float32')
        return [ops.binary(node.op, inputs[0], inputs[1])];
    return ops.raw(node.op, inputs.map((value) => value && ops.plain(value)), made, attributesOf(node), node.domain);
}
/** A node's attributes as the builder takes them. */
function attributesOf(node) {
    return Object.fromEntries(Object.entries(node.attributes).map(([name, attribute]) => [name, attributeValue(node, attribute)]));
}
function attributeValue(node, attribute) {
    switch (attribute.kind) {
        case 'int':
        case 'string':
        case 'ints':
        case 'strings':
            return attribute.value;
        case 'float':
            return { float: attribute.value };
        case 'floats':
            return { floats: attribute.value };
        case 'tensor':
            return { tensor: attribute.value };
        default:
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `Node ${(0,check/* describe */.q0)(node)} computes with an inner graph (a branch or a loop) that depends on the image. Training needs a network without; export it with fixed control flow.`);
    }
}
function differentiate_refuse(node, graph, facts, trained) {
    const size = (names) => [...names].reduce((sum, name) => sum + (0,model/* elements */.Yt)(facts.get(name)?.shape ?? []), 0);
    const makers = new Map(graph.nodes.flatMap((other) => other.outputs.map((name) => [name, other])));
    const behind = new Set();
    const seen = new Set();
    const waiting = [node];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
        if (seen.has(next))
            continue;
        seen.add(next);
        for (const name of next.inputs) {
            if (trained.has(name))
                behind.add(name);
            const maker = makers.get(name);
            if (maker)
                waiting.push(maker);
        }
    }
    const share = (100 * size(behind)) / size(trained);
    const percent = share > 0 && share < 1 ? 'less than 1' : `${Math.round(share)}`;
    const domain = node.domain === '' ? '' : ` (${node.domain})`;
    throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The operator ${node.op}${domain} of node ${(0,check/* describe */.q0)(node)} has no gradient rule here, and ${percent} % of the network’s weights lie behind it. Export the network with other operators, or probe it with frozen features (probe.linear).`);
}

// EXTERNAL MODULE: ./src/onnx/prune.ts
var prune = __webpack_require__(515);
;// CONCATENATED MODULE: ./src/training/execution-order.ts

/**
 * The same graph, its nodes listed so that the runtime computes for the way back only what the way back has reached. It goes from
 * results to what they need, and of a node's inputs it sees first to the one that was listed last. So whatever does not depend on
 * `gradient`, the gradient from which the way back starts, is listed before all that does: of a product of a gradient and a
 * mask, the gradient comes first and the mask when it is needed. The other way round the masks, the turned activations and all
 * else that only the way back reads would be made on the way forward and kept, several times the activations themselves.
 */
function gradientsLast(graph, gradient) {
    const behind = new Set([gradient]);
    const [early, late] = [[], []];
    for (const node of withoutUnread(graph).nodes) {
        const depends = node.inputs.some((name) => behind.has(name));
        if (depends)
            for (const name of node.outputs)
                behind.add(name);
        (depends ? late : early).push(node);
    }
    return { ...graph, nodes: [...early, ...late] };
}
/** The same graph without nodes that no output needs: the runtime would compute them, and keep what they make to the end. */
function withoutUnread(graph) {
    return { ...graph, nodes: (0,prune/* pruned */.F)(graph, graph.outputs).nodes };
}

;// CONCATENATED MODULE: ./src/training/head.ts

/** Names that no network's own weights have; a `head.weight` is common. */
const headKernel = 'appended head: weight';
const headBias = 'appended head: bias';
/**
 * The two parameters of a head, which start at zero: deterministic, and the same for every network.
 * @param rate multiple of the step's learning rate
 */
function headParameters(features, outputs, rate = 1) {
    return [
        { name: headKernel, shape: [features, outputs], decays: true, rate },
        { name: headBias, shape: [outputs], decays: false, rate },
    ];
}
/**
 * Emits a linear classifier on standardised features: logits = ((x − mean) · scale) · W + b. Standardised, one learning
 * rate means the same for networks whose features differ in size by orders of magnitude.
 * @param features [N, D]
 */
function emitHead(ops, features, { mean, scale }, { kernel, bias }) {
    const standardised = ops.mul(ops.sub(features, mean), scale);
    return {
        logits: ops.gemm(standardised, kernel, { c: bias }),
        backward: (gradient) => ({
            kernel: ops.gemm(standardised, gradient, { transA: true }),
            bias: ops.reduce('ReduceSum', gradient, [0], false),
            features: ops.mul(ops.gemm(gradient, kernel, { transB: true }), scale),
        }),
    };
}
/** Features count as varying at least this much, as a share of how much they vary on average. */
const leastDeviation = 0.1;
/**
 * Features that vary less than this share of their size are the same for every image but for the rounding of float32.
 */
const rounding = 1e-5;
/**
 * Mean and 1 ÷ standard deviation (of the population) of each feature, summed in float64. A feature that hardly varies
 * among these images, or is dead, would be blown up as soon as training moves it: its deviation is taken to be a tenth
 * of the root mean square of all deviations. That leaves training the same for features of any size. Where all are
 * dead, 1.
 * @param features images × dimension, row-major
 * @throws shape-mismatch when there is no whole number of rows, or none
 */
function standardisationOf(features, dimension) {
    const images = features.length / dimension;
    if (!(Number.isInteger(images) && images > 0))
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `Features of whole images, ${dimension} each, were expected; ${features.length} numbers were given.`);
    const mean = new Float64Array(dimension);
    const variance = new Float64Array(dimension);
    features.forEach((value, i) => {
        mean[i % dimension] += value / images;
    });
    features.forEach((value, i) => {
        variance[i % dimension] += (value - mean[i % dimension]) ** 2 / images;
    });
    const typical = Math.sqrt(average(variance));
    const size = Math.sqrt(average(mean.map((value) => value ** 2)));
    const dead = typical <= rounding * size;
    const scale = variance.map((own) => (dead ? 1 : 1 / Math.max(Math.sqrt(own), leastDeviation * typical)));
    return { mean: Float32Array.from(mean), scale: Float32Array.from(scale) };
}
function average(values) {
    return values.reduce((sum, value) => sum + value, 0) / values.length;
}

// EXTERNAL MODULE: ./src/encoder/trainable.ts + 1 modules
var trainable = __webpack_require__(488);
// EXTERNAL MODULE: ./src/onnx/upgrade/rewriting.ts
var rewriting = __webpack_require__(727);
;// CONCATENATED MODULE: ./src/onnx/upgrade/activation.ts

/**
 * Gelu (20), x Φ(x) of Hendrycks & Gimpel 2016, exact or by their tanh approximation, in the order of operations that runtimes recognise
 * and fuse.
 */
const gelu = (node, to) => {
    const x = node.inputs[0] ?? '';
    const nodes = [];
    const add = (op, ...inputs) => {
        const made = to.node(node, op, inputs);
        nodes.push(made);
        return made.outputs[0];
    };
    const one = to.scalar(node, 'one', 1);
    const half = to.scalar(node, 'half', 0.5);
    if ((0,rewriting/* stringAttribute */.MR)(node, 'approximate', 'none') !== 'tanh') {
        const error = add('Erf', add('Div', x, to.scalar(node, 'root_of_two', Math.SQRT2)));
        const product = add('Mul', x, add('Add', error, one));
        return [...nodes, { ...node, op: 'Mul', inputs: [product, half], attributes: {} }];
    }
    const cube = add('Mul', add('Mul', x, x), x);
    const inner = add('Add', x, add('Mul', cube, to.scalar(node, 'cubic', 0.044715)));
    const tanh = add('Tanh', add('Mul', inner, to.scalar(node, 'slope', Math.sqrt(2 / Math.PI))));
    const halves = [add('Mul', x, half), add('Add', tanh, one)];
    return [...nodes, { ...node, op: 'Mul', inputs: halves, attributes: {} }];
};

;// CONCATENATED MODULE: ./src/onnx/upgrade/attributes-to-inputs.ts


/** Squeeze and Unsqueeze since 13, ReduceSum since 13, the other reductions since 18: `axes` is an input. */
const axesAsInput = (node, to) => {
    if (!('axes' in node.attributes))
        return [node];
    const axes = (0,constants/* intsAttribute */.R6)(node, 'axes') ?? [];
    const attributes = (0,rewriting/* without */.FF)(node.attributes, 'axes');
    const data = node.inputs[0] ?? '';
    // No axes mean all of them in either form: `noop_with_empty_axes` is 0 unless said.
    return [(0,rewriting/* changed */.tD)(node, axes.length === 0 ? [data] : [data, to.integers(node, 'axes', axes)], attributes)];
};
/** Clip since 11: the bounds are inputs. */
const attributes_to_inputs_clip = (node, to) => {
    const bounds = ['min', 'max'].map((name) => {
        const value = (0,rewriting/* floatAttribute */.fC)(node, name);
        return value === undefined ? '' : to.scalar(node, name, value);
    });
    if (!('min' in node.attributes || 'max' in node.attributes))
        return [node];
    return [(0,rewriting/* changed */.tD)(node, [node.inputs[0] ?? '', ...bounds], (0,rewriting/* without */.FF)(node.attributes, 'min', 'max'))];
};
/** Slice since 10: starts, ends and axes are inputs. */
const slice = (node, to) => {
    const starts = (0,constants/* intsAttribute */.R6)(node, 'starts');
    const ends = (0,constants/* intsAttribute */.R6)(node, 'ends');
    if (starts === undefined || ends === undefined)
        return [node];
    const axes = (0,constants/* intsAttribute */.R6)(node, 'axes');
    const inputs = [node.inputs[0] ?? '', to.integers(node, 'starts', starts), to.integers(node, 'ends', ends)];
    if (axes)
        inputs.push(to.integers(node, 'axes', axes));
    return [(0,rewriting/* changed */.tD)(node, inputs, (0,rewriting/* without */.FF)(node.attributes, 'starts', 'ends', 'axes'))];
};
/** TopK since 10: k is an input. */
const topK = (node, to) => {
    if (!('k' in node.attributes))
        return [node];
    const k = to.integers(node, 'k', [(0,constants/* intAttribute */.ux)(node, 'k', 1)]);
    return [(0,rewriting/* changed */.tD)(node, [node.inputs[0] ?? '', k], (0,rewriting/* without */.FF)(node.attributes, 'k'))];
};
/** Split's sizes: an attribute before 13, then an input; where neither is given (and since 18 `num_outputs` may be) they are written out. */
const attributes_to_inputs_split = (node, to) => {
    if (to.opset >= 13 && (node.inputs[1] ?? '') !== '')
        return [node];
    const shape = to.shape(node);
    const size = shape.at((0,constants/* intAttribute */.ux)(node, 'axis', 0)) ?? to.refuse(node, 'its axis does not exist');
    const count = node.outputs.length;
    const chunk = Math.ceil(size / count);
    const sizes = (0,constants/* intsAttribute */.R6)(node, 'split') ?? node.outputs.map((_, i) => Math.max(0, Math.min(chunk, size - i * chunk)));
    const inputs = [node.inputs[0] ?? '', to.integers(node, 'split', sizes)];
    return [(0,rewriting/* changed */.tD)(node, inputs, (0,rewriting/* without */.FF)(node.attributes, 'split', 'num_outputs'))];
};
/** Pad since 11: pads and the value are inputs. 19 brought mode `wrap`, which is written as slices put side by side. */
const pad = (node, to) => {
    if (to.opset >= 11)
        return (0,rewriting/* stringAttribute */.MR)(node, 'mode', 'constant') === 'wrap' ? wrap(node, to) : [node];
    const pads = (0,constants/* intsAttribute */.R6)(node, 'pads') ?? to.refuse(node, 'it does not say how much to pad');
    const inputs = [node.inputs[0] ?? '', to.integers(node, 'pads', pads)];
    const value = (0,rewriting/* floatAttribute */.fC)(node, 'value');
    if (value !== undefined)
        inputs.push(to.scalar(node, 'value', value));
    return [(0,rewriting/* changed */.tD)(node, inputs, (0,rewriting/* without */.FF)(node.attributes, 'pads', 'value'))];
};
const wrap = (node, to) => {
    const shape = to.shape(node);
    const pads = to.whole(node, 1);
    const axes = (node.inputs[3] ?? '') === '' ? shape.map((_, i) => i) : to.whole(node, 3);
    const nodes = [];
    const part = (data, axis, start, end) => {
        const bounds = [start, end, axis].map((value, i) => to.integers(node, ['start', 'end', 'axis'][i], [value]));
        const cut = to.node(node, 'Slice', [data, ...bounds]);
        nodes.push(cut);
        return cut.outputs[0];
    };
    let data = node.inputs[0] ?? '';
    axes.forEach((axis, i) => {
        const size = shape.at(axis) ?? 0;
        const before = pads[i] ?? 0;
        const after = pads[i + axes.length] ?? 0;
        if (before < 0 || after < 0 || before > size || after > size)
            to.refuse(node, `it wraps ${before} and ${after} elements around an axis of ${size}`);
        if (before === 0 && after === 0)
            return;
        const parts = [data];
        if (before > 0)
            parts.unshift(part(data, axis, size - before, size));
        if (after > 0)
            parts.push(part(data, axis, 0, after));
        const joined = to.node(node, 'Concat', parts, { axis: { kind: 'int', value: axis } });
        nodes.push(joined);
        data = joined.outputs[0];
    });
    return [...nodes, { ...node, op: 'Identity', inputs: [data], attributes: {} }];
};

// EXTERNAL MODULE: ./src/onnx/protobuf.ts
var protobuf = __webpack_require__(144);
;// CONCATENATED MODULE: ./src/onnx/upgrade/constant.ts


const utf8 = new TextEncoder();
/** “To the end” markers lie beyond what a JavaScript number holds exactly: they saturate. */
function integers(values, dims) {
    return { name: '', type: 'int64', dims, data: new Uint8Array(BigInt64Array.from(values, protobuf/* int64 */.Gk).buffer) };
}
/** The tensor that a Constant node makes, however it is written; undefined for a sparse one. */
function tensorMade({ attributes }) {
    const { value, value_int, value_ints, value_float, value_floats, value_string, value_strings } = attributes;
    if (value?.kind === 'tensor')
        return value.value;
    if (value_int?.kind === 'int')
        return integers([value_int.value], []);
    if (value_ints?.kind === 'ints')
        return integers(value_ints.value, [value_ints.value.length]);
    if (value_float?.kind === 'float')
        return (0,build/* tensorOf */.z)('', Float32Array.of(value_float.value), []);
    if (value_floats?.kind === 'floats')
        return (0,build/* tensorOf */.z)('', Float32Array.from(value_floats.value));
    const strings = (values, dims) => ({
        name: '',
        type: 'string',
        dims,
        data: new Uint8Array(),
        strings: values.map((text) => utf8.encode(text)),
    });
    if (value_string?.kind === 'string')
        return strings([value_string.value], []);
    if (value_strings?.kind === 'strings')
        return strings(value_strings.value, [value_strings.value.length]);
    return undefined;
}
/** A Constant's number, list or text as a tensor, so that readers know one form. */
const constant = (node, to) => {
    if (node.attributes.value?.kind === 'tensor')
        return [node];
    const value = tensorMade(node) ?? to.refuse(node, 'it holds a sparse tensor', 'Export it as a dense one.');
    return [{ ...node, attributes: { value: { kind: 'tensor', value } } }];
};

;// CONCATENATED MODULE: ./src/onnx/upgrade/normalization.ts


const forInference = 'Export the network for inference (in PyTorch: after model.eval()).';
/** BatchNormalization as inference: before 14 further outputs, since then an attribute, ask for training. */
const batchNormalization = (node, to) => {
    const further = node.outputs.slice(1).some((output) => output !== '');
    if ((0,constants/* intAttribute */.ux)(node, 'training_mode', 0) === 1 || further)
        to.refuse(node, 'it normalises each batch by its own statistics, as in training', forInference);
    if ((0,constants/* intAttribute */.ux)(node, 'spatial', 1) === 0)
        to.refuse(node, 'it keeps statistics for every pixel (spatial = 0)', 'Export it with statistics per channel.');
    if (node.outputs.length === 1 && !('spatial' in node.attributes))
        return [node];
    return [{ ...node, outputs: node.outputs.slice(0, 1), attributes: (0,rewriting/* without */.FF)(node.attributes, 'spatial') }];
};
/** Dropout does nothing at inference. */
const dropout = (node, to) => {
    if (to.isRead(node.outputs[1]))
        to.refuse(node, `its mask ${node.outputs[1]} is used`, forInference);
    if ((node.inputs[2] ?? '') !== '' && to.flag(node, 2) !== false)
        to.refuse(node, 'it drops elements at random, as in training', forInference);
    return [
        { ...node, op: 'Identity', inputs: node.inputs.slice(0, 1), outputs: node.outputs.slice(0, 1), attributes: {} },
    ];
};
/**
 * GroupNormalization (Wu & He 2018) written out: its scale and bias belong to groups in 18 and to channels since 21, and few runtimes
 * have a kernel for either. Mean and variance are over each group's elements, population variance.
 */
const groupNormalization = (node, to) => {
    const [x = '', scale = '', bias = ''] = node.inputs;
    const shape = to.shape(node);
    const groups = (0,constants/* intAttribute */.ux)(node, 'num_groups', 1);
    const nodes = [];
    const add = (op, ...inputs) => {
        const made = to.node(node, op, inputs);
        nodes.push(made);
        return made.outputs[0];
    };
    const lastAxis = to.integers(node, 'axes', [2]);
    const grouped = add('Reshape', x, to.integers(node, 'groups', [0, groups, -1]));
    const centred = add('Sub', grouped, add('ReduceMean', grouped, lastAxis));
    const variance = add('ReduceMean', add('Mul', centred, centred), lastAxis);
    const epsilon = to.scalar(node, 'epsilon', (0,rewriting/* floatAttribute */.fC)(node, 'epsilon') ?? 1e-5);
    const normal = add('Div', centred, add('Sqrt', add('Add', variance, epsilon)));
    const whole = to.integers(node, 'shape', [-1, ...shape.slice(1)]);
    if (to.opset < 21) {
        const each = to.integers(node, 'each_group', [1, groups, 1]);
        const affine = add('Add', add('Mul', normal, add('Reshape', scale, each)), add('Reshape', bias, each));
        return [...nodes, ending(node, to, 'Reshape', affine, whole)];
    }
    const each = to.integers(node, 'each_channel', [1, shape[1] ?? 1, ...shape.slice(2).map(() => 1)]);
    const scaled = add('Mul', add('Reshape', normal, whole), add('Reshape', scale, each));
    const shift = add('Reshape', bias, each);
    return [...nodes, ending(node, to, 'Add', scaled, shift)];
};
function ending(node, to, op, ...inputs) {
    return { ...to.node(node, op, inputs, {}, node.outputs[0]), name: node.name };
}

;// CONCATENATED MODULE: ./src/onnx/upgrade/resize.ts

const resize_text = (value) => ({ kind: 'string', value });
/**
 * Resize 10 and its predecessor Upsample know one rule for coordinates, x / scale. “nearest” rounds down when it enlarges; when it shrinks,
 * the runtime rounds up (the standard is silent).
 */
const resize10 = (node, to) => {
    if (to.opset > 10)
        return [node];
    const mode = (0,rewriting/* stringAttribute */.MR)(node, 'mode', 'nearest');
    const [x = '', scales = ''] = node.inputs;
    const attributes = {
        mode: resize_text(mode),
        coordinate_transformation_mode: resize_text('asymmetric'),
        nearest_mode: resize_text('floor'),
    };
    const factors = to.floats(node, 1) ?? to.refuse(node, 'its scales are no constant');
    if (mode !== 'nearest' || factors.every((factor) => factor >= 1))
        return [(0,rewriting/* changed */.tD)(node, [x, '', scales], attributes, 'Resize')];
    const shrinking = { ...attributes, nearest_mode: resize_text('ceil') };
    if (factors.every((factor) => factor <= 1))
        return [(0,rewriting/* changed */.tD)(node, [x, '', scales], shrinking, 'Resize')];
    // Axes do not depend on each other: first those that shrink, then those that grow.
    const shrunk = to.node(node, 'Resize', [x, '', resize_scalesOf(node, to, factors, Math.min)], shrinking);
    const grown = [shrunk.outputs[0], '', resize_scalesOf(node, to, factors, Math.max)];
    return [shrunk, (0,rewriting/* changed */.tD)(node, grown, attributes, 'Resize')];
};
function resize_scalesOf(node, to, factors, pick) {
    return to.floatVector(node, 'scales', factors.map((factor) => pick(factor, 1)));
}
/** 19 brought half_pixel_symmetric, which is half_pixel wherever the sizes come out whole before rounding. */
const resize19 = (node, to) => {
    if ((0,rewriting/* stringAttribute */.MR)(node, 'coordinate_transformation_mode', 'half_pixel') !== 'half_pixel_symmetric')
        return [node];
    if (!comesOutWhole(node, to))
        to.refuse(node, 'it resizes with half_pixel_symmetric to sizes that are rounded', 'Export it with half_pixel.');
    return [{ ...node, attributes: { ...node.attributes, coordinate_transformation_mode: resize_text('half_pixel') } }];
};
function comesOutWhole(node, to) {
    if ((0,rewriting/* stringAttribute */.MR)(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
        return false;
    if ((node.inputs[3] ?? '') !== '')
        return true;
    const shape = to.shape(node);
    const factors = to.floats(node, 2);
    const axes = node.attributes.axes?.kind === 'ints' ? node.attributes.axes.value : shape.map((_, i) => i);
    return factors?.every((factor, i) => Number.isInteger(factor * (shape.at(axes[i] ?? i) ?? 1))) ?? false;
}

;// CONCATENATED MODULE: ./src/onnx/upgrade/softmax.ts


/**
 * Softmax, LogSoftmax and Hardmax before 13 see their input as a matrix, split at `axis` (default 1), and work along its rows. That is
 * today's operator where one axis is left right of the split, and today's operator between two reshapes elsewhere.
 */
const softmax_softmax = (node, to) => {
    if (to.opset >= 13)
        return [node];
    const shape = to.shape(node);
    const given = (0,constants/* intAttribute */.ux)(node, 'axis', 1);
    const axis = given < 0 ? given + shape.length : given;
    if (axis < shape.length && shape.slice(axis + 1).every((size) => size === 1))
        return 'axis' in node.attributes ? [node] : [{ ...node, attributes: { axis: { kind: 'int', value: axis } } }];
    const inner = (0,model/* elements */.Yt)(shape.slice(axis));
    // −1 stands for the batch where it can, so that the graph serves any.
    const rows = to.node(node, 'Reshape', [
        node.inputs[0] ?? '',
        to.integers(node, 'rows', axis === 0 ? [1, -1] : [-1, inner]),
    ]);
    const along = to.node(node, node.op, rows.outputs, { axis: { kind: 'int', value: -1 } });
    const back = [...along.outputs, to.integers(node, 'shape', [-1, ...shape.slice(1)])];
    return [rows, along, { ...node, op: 'Reshape', inputs: back, attributes: {} }];
};

;// CONCATENATED MODULE: ./src/onnx/upgrade.ts










const oldest = 9;
const newest = 22;
/**
 * A graph of the standard operators of opset 9 to 22 as one of opset 18 that computes the same. `facts` holds the shapes, and the constants
 * among the tensors, of the graph as it is given; tensors that are added have none yet. Nodes that mean the same in both, and nodes of other
 * domains, come back as the same objects; every tensor keeps its name.
 * @throws model-unsupported for another opset, naming it, and naming the node for what opset 18 cannot say or a network in training mode
 */
function upgraded(graph, opset, facts) {
    if (!(opset >= oldest && opset <= newest))
        throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `This network cannot be trained: it is written in opset ${opset}, and ${oldest} to ${newest} are understood. Export it at opset ${rewriting/* canonicalOpset */.gm}.`);
    return rewritten(graph, opset, facts, (0,rewriting/* namesIn */.wX)(graph));
}
function rewritten(graph, opset, facts, taken) {
    const to = new rewriting/* Rewriting */.CY(graph, opset, facts, taken);
    let same = true;
    const nodes = graph.nodes.flatMap((node) => {
        if (node.domain !== '')
            return [node];
        const whole = withInnerGraphs(node, (inner) => rewritten(inner, opset, facts, taken));
        const result = rules.get(node.op)?.(whole, to) ?? [whole];
        same &&= result.length === 1 && result[0] === node;
        return result;
    });
    return same ? graph : { ...graph, nodes, initializers: [...graph.initializers, ...to.added] };
}
/** A node with the graphs in its attributes mapped; the same object when none changes. */
function withInnerGraphs(node, map) {
    let same = true;
    const through = (graph) => {
        const result = map(graph);
        same &&= result === graph;
        return result;
    };
    const entries = Object.entries(node.attributes).map(([name, attribute]) => {
        if (attribute.kind === 'graph')
            return [name, { kind: 'graph', value: through(attribute.value) }];
        if (attribute.kind === 'graphs')
            return [name, { kind: 'graphs', value: attribute.value.map(through) }];
        return [name, attribute];
    });
    return same ? node : { ...node, attributes: Object.fromEntries(entries) };
}
/** Cast and CastLike since 19 say what float8 does with numbers too large for it; nothing else heeds it. */
const cast = (node, to) => {
    const target = (0,constants/* intAttribute */.ux)(node, 'to', 1);
    if (target >= 17 && target <= 20)
        to.refuse(node, 'it casts to float8', 'Export the network in float32.');
    return 'saturate' in node.attributes ? [{ ...node, attributes: (0,rewriting/* without */.FF)(node.attributes, 'saturate') }] : [node];
};
/** AveragePool since 19 can leave gaps in its window. */
const averagePool = (node, to) => {
    const dilations = (0,constants/* intsAttribute */.R6)(node, 'dilations');
    if (dilations === undefined)
        return [node];
    if (dilations.some((gap) => gap !== 1))
        to.refuse(node, `it averages with dilations [${dilations.join(', ')}]`);
    return [{ ...node, attributes: (0,rewriting/* without */.FF)(node.attributes, 'dilations') }];
};
/** GridSample's modes were renamed in 20, when it learnt volumes. */
const gridSample = (node, to) => {
    if (to.opset < 20)
        return [node];
    if (to.shape(node).length !== 4)
        to.refuse(node, 'it samples a volume');
    const older = { linear: 'bilinear', cubic: 'bicubic' };
    const mode = older[(0,rewriting/* stringAttribute */.MR)(node, 'mode', '')];
    return mode === undefined
        ? [node]
        : [{ ...node, attributes: { ...node.attributes, mode: { kind: 'string', value: mode } } }];
};
/** RoiAlign before 16 takes coordinates without the shift by half a pixel. */
const roiAlign = (node, to) => {
    if (to.opset >= 16)
        return [node];
    const mode = { kind: 'string', value: 'output_half_pixel' };
    return [{ ...node, attributes: { ...node.attributes, coordinate_transformation_mode: mode } }];
};
/** DFT's axis, an attribute in 17 (default 1), is an input since 20 (default −2). */
const dft = (node, to) => {
    if (to.opset < 20)
        return [node];
    const given = (node.inputs[2] ?? '') === '' ? -2 : (to.whole(node, 2)[0] ?? -2);
    const axis = { kind: 'int', value: given };
    const inputs = node.inputs.slice(0, (node.inputs[1] ?? '') === '' ? 1 : 2);
    return [{ ...node, inputs, attributes: { ...node.attributes, axis } }];
};
const scatter = (node) => [{ ...node, op: 'ScatterElements' }];
const unknownThen = (node, to) => to.refuse(node, `opset ${rewriting/* canonicalOpset */.gm} has no such operator`);
/** By operator; those not named mean the same in opsets 9 to 22. */
const rules = new Map(Object.entries({
    Squeeze: axesAsInput,
    Unsqueeze: axesAsInput,
    ReduceSum: axesAsInput,
    ReduceMean: axesAsInput,
    ReduceMax: axesAsInput,
    ReduceMin: axesAsInput,
    ReduceProd: axesAsInput,
    ReduceL1: axesAsInput,
    ReduceL2: axesAsInput,
    ReduceLogSum: axesAsInput,
    ReduceLogSumExp: axesAsInput,
    ReduceSumSquare: axesAsInput,
    Split: attributes_to_inputs_split,
    Clip: attributes_to_inputs_clip,
    Pad: pad,
    Slice: slice,
    TopK: topK,
    Softmax: softmax_softmax,
    LogSoftmax: softmax_softmax,
    Hardmax: softmax_softmax,
    Dropout: dropout,
    BatchNormalization: batchNormalization,
    GroupNormalization: groupNormalization,
    Upsample: resize10,
    Resize: (node, to) => (to.opset <= 10 ? resize10(node, to) : resize19(node, to)),
    Gelu: gelu,
    Constant: constant,
    Cast: cast,
    CastLike: cast,
    AveragePool: averagePool,
    GridSample: gridSample,
    RoiAlign: roiAlign,
    DFT: dft,
    Scatter: scatter,
    AffineGrid: unknownThen,
    DeformConv: unknownThen,
    ImageDecoder: unknownThen,
    RegexFullMatch: unknownThen,
    StringConcat: unknownThen,
    StringSplit: unknownThen,
}));

// EXTERNAL MODULE: ./src/onnx/write.ts
var write = __webpack_require__(208);
;// CONCATENATED MODULE: ./src/training/trace.ts




/**
 * Type, shape and, where it is the same for every image, value of every tensor of a graph. Nothing is inferred: the runtime
 * computes the graph once on an empty image, so that whatever it can run has facts, arithmetic on shapes included.
 * @param inputs the shape of each graph input
 * @param trained initialisers and outputs of Constant nodes whose values will change
 * @throws model-unsupported when the runtime cannot compute the graph
 */
async function traceFacts(model, { inputs, trained, runtime, }) {
    const { graph } = model;
    const facts = new Map();
    for (const tensor of graph.initializers)
        facts.set(tensor.name, {
            type: tensor.type,
            shape: tensor.dims,
            ...(trained.has(tensor.name) ? {} : { value: tensor }),
        });
    const fixed = fixedTensors(graph, trained);
    const made = graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
    const builder = new build/* GraphBuilder */.Q({
        ...graph,
        inputs: graph.inputs
            .filter(({ name }) => inputs[name])
            .map((info) => ({ ...info, tensor: { ...info.tensor, dims: [...inputs[info.name]] } })),
        // Declared shapes may name a batch size that is not the one asked for.
        outputs: made.map((name) => ({ name, rest: [] })),
        valueInfo: [],
    });
    const shapes = new Map();
    for (const name of made) {
        if (fixed.has(name))
            continue;
        const shape = builder.node('Shape', [name], {}, 'shape of tensor');
        builder.output(shape, undefined, 'int64');
        shapes.set(name, shape);
    }
    const session = await attempt(() => runtime.InferenceSession.create((0,write/* writeModel */.B)({ ...model, graph: builder.graph() }), {
        graphOptimizationLevel: 'disabled',
        logSeverityLevel: 4,
    }));
    try {
        const types = new Map(session.outputMetadata.map((entry) => [entry.name, entry.isTensor ? entry.type : undefined]));
        const feeds = Object.entries(inputs).map(([name, dims]) => {
            const type = graph.inputs.find((info) => info.name === name)?.tensor?.type ?? 'float32';
            facts.set(name, { type, shape: dims });
            return [name, new runtime.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims)];
        });
        const wanted = made.map((name) => shapes.get(name) ?? name);
        const found = await attempt(() => session.run(Object.fromEntries(feeds), wanted));
        for (const name of made) {
            const shape = shapes.get(name);
            const type = types.get(name);
            if (shape !== undefined)
                facts.set(name, { type, shape: Array.from(found[shape].data, Number) });
            else
                facts.set(name, { type, shape: found[name].dims, value: tensorFrom(name, type, found[name]) });
        }
    }
    finally {
        await session.release();
    }
    return facts;
}
/** Outputs of nodes that depend on neither the image nor a trained weight; a shape depends on neither. */
function fixedTensors(graph, trained) {
    const initializers = new Set(graph.initializers.map(({ name }) => name).filter((name) => !trained.has(name)));
    const fixed = new Set();
    const isFixed = (node) => {
        if (node.outputs.some((name) => trained.has(name)) || /^(Random|Multinomial|Bernoulli)/.test(node.op))
            return false;
        if (node.domain === '' && (node.op === 'Shape' || node.op === 'Size'))
            return true;
        return (0,check/* readBy */.as)(node).every((name) => name === '' || fixed.has(name) || initializers.has(name));
    };
    for (const node of graph.nodes)
        if (isFixed(node))
            for (const output of node.outputs)
                if (output !== '')
                    fixed.add(output);
    return fixed;
}
function tensorFrom(name, type, { data, dims }) {
    const view = data;
    // A copy: the runtime keeps the memory of its outputs.
    return {
        name,
        type,
        dims: [...dims],
        data: Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
    };
}
async function attempt(work) {
    try {
        return await work();
    }
    catch (error) {
        throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network cannot be run: ${String(error.message).split('\n')[0]}`, { cause: error });
    }
}

;// CONCATENATED MODULE: ./src/training/prepare.ts





/**
 * Brings a network to opset 18 and finds the shape of every tensor in it.
 * @param inputs the shape of each graph input
 * @param trained names of weights; default: all that training would change (running statistics stay as they are)
 * @throws model-unsupported when the runtime cannot compute it, or it uses an operator set that is not known
 */
async function prepare(model, options) {
    const { inputs, runtime } = options;
    const trained = options.trained ?? trainableWeights(model);
    const origins = (0,constants/* originsOf */.TZ)(model.graph);
    const weights = new Map([...trained].map((name) => [name, { ...origins.constant(name), name }]));
    const opset = model.opsets.find(({ domain }) => domain === '')?.version ?? 0;
    const traced = await traceFacts(model, { inputs, trained, runtime });
    const graph = upgraded(withoutHeldConstants(model.graph, weights), opset, traced);
    const opsets = model.opsets.map((own) => (own.domain === '' ? { domain: '', version: rewriting/* canonicalOpset */.gm } : own));
    // The runtime refuses newer operators in files that claim an older format.
    const canonical = { ...model, irVersion: Math.max(model.irVersion, 8), opsets, graph };
    const facts = await traceFacts(canonical, { inputs, trained, runtime });
    return { graph: (0,prune/* pruned */.F)(graph, graph.outputs), facts, weights };
}
/** What fine-tuning changes: kernels, biases, scales, slopes, tokens and positions. */
function trainableWeights(model) {
    const fixed = new Set(['running mean', 'running variance']);
    return new Set([...(0,trainable/* trainableOf */.aU)(model)].filter(([, { kind }]) => !fixed.has(kind)).map(([name]) => name));
}
/** Trained weights that Constant nodes hold become initialisers, which is where weights are looked for from here on. */
function withoutHeldConstants(graph, weights) {
    const held = new Set(graph.nodes.filter((node) => node.op === 'Constant' && weights.has(node.outputs[0] ?? '')));
    if (held.size === 0)
        return graph;
    return {
        ...graph,
        nodes: graph.nodes.filter((node) => !held.has(node)),
        initializers: [...graph.initializers, ...[...held].map((node) => weights.get(node.outputs[0]))],
    };
}

;// CONCATENATED MODULE: ./src/training/network.ts








/**
 * Brings a network to the form in which it is trained.
 * @throws model-unsupported when the runtime cannot compute it; shape-mismatch when the features are not one row an
 *   image
 */
async function trainee(request) {
    const { model, input, features, image, batch, outputs, trained, headRate, runtime } = request;
    const info = model.graph.outputs.find(({ name }) => name === features) ?? { name: features, rest: [] };
    const reduced = { ...model, graph: (0,prune/* pruned */.F)(model.graph, [info]) };
    const shape = [batch, ...dimsOf(image)];
    const prepared = await prepare(reduced, { inputs: { [input]: shape }, trained, runtime });
    const found = prepared.facts.get(features)?.shape ?? [];
    if (found.length !== 2 || found[0] !== batch)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `The features ${features} should be one row an image, [${batch}, D]; they are [${found.join()}].`);
    const roles = (0,trainable/* trainableOf */.aU)(reduced);
    const own = [...prepared.weights].map(([name, { dims }]) => {
        const kind = roles.get(name)?.kind;
        return { name, shape: dims, decays: kind === 'kernel' || kind === 'embedding', rate: 1 };
    });
    const dimension = found[1];
    const packs = packsOf([...own, ...headParameters(dimension, outputs, headRate)]);
    return { prepared, opsets: model.opsets, input, features, dimension, outputs, image, batch, packs };
}
/** A graph as a model with all operator sets that it uses, those of the network in its versions. */
function modelWith(builder, opsets) {
    const used = domainsOf(builder.graph());
    const own = opsets.filter(({ domain }) => domain !== '' && used.delete(domain));
    used.delete('');
    const model = builder.model(rewriting/* canonicalOpset */.gm, [...used]);
    return { ...model, opsets: [...model.opsets, ...own] };
}
function domainsOf(graph) {
    const inner = graph.nodes.flatMap(({ attributes }) => Object.values(attributes).flatMap((attribute) => attribute.kind === 'graph' ? [...domainsOf(attribute.value)] : []));
    return new Set([...graph.nodes.map(({ domain }) => domain), ...inner]);
}

;// CONCATENATED MODULE: ./src/training/ops.ts




/** Operators for which f(0, 0) = 0. */
const keepsZeroPairs = new Set(['Add', 'Sub', 'Mul', 'Max', 'Min']);
/** Operators for which f(0) = 0, so that channels filled up with zeros stay zero. */
const keepsZero = new Set([
    'Relu',
    'LeakyRelu',
    'Elu',
    'HardSwish',
    'Tanh',
    'Erf',
    'Abs',
    'Neg',
    'Sqrt',
    'Identity',
    'Sign',
]);
/** WebGPU lets a program of a graphics device see 8 tensors at least, and the runtime splits in one program: the whole and so many parts. */
const mostParts = 7;
/**
 * Emits operators (opset 18) with the shapes of what they make known as they are emitted. Asking for the same node twice gives the
 * same tensor, so that whoever writes a rule need not think of what others have computed already.
 */
class Ops {
    builder;
    /** Only operators that every device computes, and what is fast on graphics devices rather than on processors. */
    portable;
    /** Channels in a block of the runtime's own layout on this processor; undefined where it must not be used. */
    block;
    #made = new Map();
    #shared = new Map();
    #numbers = new Map();
    /** What a Reshape or a Transpose was made from. */
    #reshaped = new Map();
    #transposed = new Map();
    constructor(builder, { portable = false, block } = {}) {
        this.builder = builder;
        this.portable = portable;
        this.block = block;
    }
    // ── any operator ──────────────────────────────────────────────────────────────────────────────────────────────────────────
    /** A node with one output. Inputs are brought to the plain layout. */
    node(op, inputs, made, attributes = {}) {
        return this.nodes(op, inputs, [made], attributes)[0];
    }
    /** A node with several outputs. */
    nodes(op, inputs, made, attributes = {}) {
        return this.raw(op, inputs.map((value) => value && this.plain(value)), made, attributes);
    }
    /** A node as it stands: inputs in whatever layout they are. */
    raw(op, inputs, made, attributes = {}, domain = '') {
        const names = inputs.map((value) => value?.name ?? '');
        while (names.at(-1) === '')
            names.pop();
        const hasGraph = Object.values(attributes).some((value) => typeof value === 'object' && ('graph' in value || 'tensor' in value));
        const key = hasGraph ? undefined : JSON.stringify([domain, op, names, attributes, made.length, made[0]?.layout]);
        const known = key === undefined ? undefined : this.#made.get(key);
        if (known)
            return known;
        const outputs = this.builder.nodes(op, names, attributes, made.map(({ name }) => name ?? op), domain);
        const values = outputs.map((name, i) => {
            const { shape, type = 'float32', layout = 'plain' } = made[i];
            return { name, shape, type, layout };
        });
        if (key !== undefined)
            this.#made.set(key, values);
        return values;
    }
    // ── constants ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
    constant(data, shape = [data.length], name = 'constant') {
        // Small ones are shared; large ones are made once anyway.
        const key = data.length <= 64 ? `${data instanceof Float32Array ? 'f' : 'i'}${[...data].join()}|${shape.join()}` : undefined;
        const known = key === undefined ? undefined : this.#shared.get(key);
        if (known)
            return known;
        const value = {
            name: this.builder.constant(name, data, shape),
            shape,
            type: data instanceof Float32Array ? 'float32' : 'int64',
            layout: 'plain',
        };
        if (key !== undefined)
            this.#shared.set(key, value);
        this.#numbers.set(value.name, data);
        return value;
    }
    /** A constant of the network. */
    tensor(tensor) {
        return { name: this.builder.tensor(tensor), shape: tensor.dims, type: tensor.type, layout: 'plain' };
    }
    /** A large constant that several nodes of the network need alike: made once under that name. */
    shared(name, make) {
        const known = this.#shared.get(name);
        if (known)
            return known;
        const value = make();
        this.#shared.set(name, value);
        return value;
    }
    /** The numbers of a constant made here; undefined for anything else. */
    numbersOf(value) {
        return value && this.#numbers.get(value.name);
    }
    scalar(value) {
        return this.constant(Float32Array.of(value), [], 'scalar');
    }
    /** A vector of int64: axes, shapes, starts, … */
    ints(values) {
        return this.constant(values, [values.length], 'ints');
    }
    zeros(shape) {
        return this.full(shape, 0);
    }
    full(shape, value) {
        if ((0,model/* elements */.Yt)(shape) <= 64)
            return this.constant(new Float32Array((0,model/* elements */.Yt)(shape)).fill(value), shape);
        return this.node('ConstantOfShape', [this.ints(shape)], { shape }, {
            value: {
                tensor: { name: '', type: 'float32', dims: [1], data: new Uint8Array(Float32Array.of(value).buffer) },
            },
        });
    }
    // ── layouts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
    plain(value) {
        return inLayout(this, value, 'plain');
    }
    /** The same tensor in another layout. */
    as(layout, value) {
        return inLayout(this, value, layout);
    }
    // ── number by number ──────────────────────────────────────────────────────────────────────────────────────────────────────
    /** y = f(x), in the layout that x has. `inputs` beyond x are scalars. */
    unary(op, x, attributes = {}, inputs = []) {
        const keeps = keepsZero.has(op) || (op === 'Clip' && this.#boundsHoldZero(inputs));
        const own = keeps || !isPadded(this, x) ? x : this.plain(x);
        return this.raw(op, [own, ...inputs], [{ shape: x.shape, type: x.type, layout: own.layout }], attributes)[0];
    }
    /**
     * f(x) as a factor of something: stays in the layout of x even where f(0) is not 0, because what it is multiplied with holds zeros
     * where channels are filled up. f(0) must be finite.
     */
    factor(op, x, attributes = {}, inputs = []) {
        return this.raw(op, [x, ...inputs], [{ shape: x.shape, type: x.type, layout: x.layout }], attributes)[0];
    }
    #boundsHoldZero([low, high]) {
        const [least, most] = [low, high].map((bound) => (bound ? this.numbersOf(bound)?.[0] : 0));
        return least !== undefined && most !== undefined && least <= 0 && most >= 0;
    }
    add(a, b) {
        return this.binary('Add', a, b);
    }
    sub(a, b) {
        return this.binary('Sub', a, b);
    }
    mul(a, b) {
        return this.binary('Mul', a, b);
    }
    div(a, b) {
        return this.binary('Div', a, b);
    }
    neg(x) {
        return this.unary('Neg', x);
    }
    /** x · factor. */
    scale(x, factor) {
        return factor === 1 ? x : this.mul(x, this.scalar(factor));
    }
    square(x) {
        return this.mul(x, x);
    }
    /** The sum of several tensors of one shape. */
    sum(values) {
        return values.reduce((total, value) => this.add(total, value));
    }
    /** Add, Sub, Mul, Div, Pow, Max, Min, Equal, Greater, …, broadcast; blocked where both sides allow it. */
    binary(op, a, b, type = 'float32') {
        const [x, y, layout] = this.#aligned(op, a, b);
        return this.raw(op, [x, y], [{ shape: broadcastShape(a.shape, b.shape), type, layout }])[0];
    }
    #aligned(op, a, b) {
        const layout = a.layout === 'plain' ? b.layout : a.layout;
        if (layout === 'plain')
            return [a, b, 'plain'];
        const same = a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
        const padded = isPadded(this, a) || isPadded(this, b);
        if (same && (!padded || keepsZeroPairs.has(op)))
            return [this.as(layout, a), this.as(layout, b), layout];
        if (isScalarLike(b.shape) && (!padded || op === 'Mul' || op === 'Div'))
            return [a, this.plain(b), layout];
        if (isScalarLike(a.shape) && (!padded || op === 'Mul'))
            return [this.plain(a), b, layout];
        // Broadcast along any axes: the smaller operand is turned the same way.
        if (layout !== 'blocked' && a.shape.length <= 4 && b.shape.length <= 4)
            return [this.as(layout, this.#rank4(a)), this.as(layout, this.#rank4(b)), layout];
        return [this.plain(a), this.plain(b), 'plain'];
    }
    #rank4(value) {
        return value.shape.length === 4 ? value : this.reshape(value, [1, 1, 1, 1, ...value.shape].slice(-4));
    }
    /** condition ? a : b. */
    where(condition, a, b) {
        const shape = broadcastShape(broadcastShape(condition.shape, a.shape), b.shape);
        return this.node('Where', [condition, a, b], { shape, type: a.type });
    }
    cast(x, type) {
        const to = { float32: 1, int64: 7, bool: 9 }[type];
        return x.type === type ? x : this.raw('Cast', [x], [{ shape: x.shape, type, layout: x.layout }], { to })[0];
    }
    // ── shapes ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    reshape(x, shape) {
        if ((0,model/* elements */.Yt)(x.shape) !== (0,model/* elements */.Yt)(shape))
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `[${x.shape.join()}] cannot be seen as [${shape.join()}].`);
        if (shape.length === x.shape.length && shape.every((size, i) => size === x.shape[i]))
            return x;
        const plain = this.plain(x);
        const before = this.#reshaped.get(plain.name);
        if (before)
            return this.reshape(before, shape);
        const made = this.node('Reshape', [plain, this.ints(shape)], { shape, type: x.type });
        this.#reshaped.set(made.name, plain);
        return made;
    }
    transpose(x, perm) {
        if (perm.every((axis, i) => axis === i))
            return x;
        const shape = perm.map((axis) => x.shape[axis]);
        // Moving only axes of size 1 moves nothing in memory.
        const moved = perm.filter((axis) => x.shape[axis] > 1);
        if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]))
            return this.reshape(x, shape);
        const plain = this.plain(x);
        const before = this.#transposed.get(plain.name);
        if (before)
            return this.transpose(before.from, perm.map((axis) => before.perm[axis]));
        const made = this.node('Transpose', [plain], { shape, type: x.type }, { perm: [...perm] });
        this.#transposed.set(made.name, { from: plain, perm });
        return made;
    }
    expand(x, shape) {
        if (x.shape.length === shape.length && shape.every((size, i) => size === x.shape[i]))
            return x;
        return this.node('Expand', [x, this.ints(shape)], { shape, type: x.type });
    }
    concat(values, axis) {
        if (values.length === 1)
            return values[0];
        const shape = [...values[0].shape];
        shape[axis] = values.reduce((sum, value) => sum + value.shape[axis], 0);
        return this.node('Concat', values, { shape, type: values[0].type }, { axis });
    }
    split(x, axis, sizes) {
        if (sizes.length === 1)
            return [x];
        if (this.portable && sizes.length > mostParts) {
            const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
            return sizes.map((size, i) => this.slice(x, axis, starts[i], starts[i] + size));
        }
        const made = sizes.map((size) => ({ shape: x.shape.map((own, i) => (i === axis ? size : own)), type: x.type }));
        return this.nodes('Split', [x, this.ints(sizes)], made, { axis });
    }
    /** x[start : end : step] along one axis; `start` may be anything from 0 to the size, `step` positive or −1 (the whole axis reversed). */
    slice(x, axis, start, end, step = 1) {
        const size = step > 0 ? Math.max(0, Math.ceil((end - start) / step)) : x.shape[axis];
        if (step === 1 && start === 0 && end === x.shape[axis])
            return x;
        const [from, to] = step > 0 ? [start, end] : [-1, -(2 ** 31)];
        const shape = x.shape.map((own, i) => (i === axis ? size : own));
        const inputs = [x, this.ints([from]), this.ints([to]), this.ints([axis]), this.ints([step])];
        return this.node('Slice', inputs, { shape, type: x.type });
    }
    /** Several axes cut at once: x[…, starts[i] : ends[i] : steps[i], …], steps positive. */
    slices(x, axes, starts, ends, steps) {
        const shape = x.shape.map((size, axis) => {
            const i = axes.indexOf(axis);
            return i < 0 ? size : Math.ceil((ends[i] - starts[i]) / steps[i]);
        });
        if (shape.every((size, axis) => size === x.shape[axis]))
            return x;
        const inputs = [x, this.ints(starts), this.ints(ends), this.ints(axes), this.ints(steps)];
        return this.node('Slice', inputs, { shape, type: x.type });
    }
    /** Zeros around: `before` and `after` by axis; negative ones cut off. */
    pad(x, before, after) {
        if ([...before, ...after].every((size) => size === 0))
            return x;
        const shape = x.shape.map((size, i) => size + before[i] + after[i]);
        return this.node('Pad', [x, this.ints([...before, ...after])], { shape, type: x.type });
    }
    /** Elements of x at constant places along one axis. */
    gather(x, indices, axis) {
        const shape = x.shape.map((size, i) => (i === axis ? indices.length : size));
        return this.node('Gather', [x, this.ints(indices)], { shape, type: x.type }, { axis });
    }
    // ── sums and products ─────────────────────────────────────────────────────────────────────────────────────────────────────
    reduce(op, x, axes, keep = true) {
        if (axes.length === 0)
            return x;
        const shape = x.shape.flatMap((size, i) => (axes.includes(i) ? (keep ? [1] : []) : [size]));
        if (axes.every((axis) => x.shape[axis] === 1))
            return this.reshape(x, shape);
        return this.node(op, [x, this.ints(axes)], { shape }, { keepdims: keep ? 1 : 0 });
    }
    /** The gradient of a broadcast: x summed down to `shape`. */
    sumTo(x, shape) {
        const lead = x.shape.length - shape.length;
        const axes = x.shape.flatMap((size, i) => (i < lead || (shape[i - lead] === 1 && size !== 1) ? [i] : []));
        return this.reshape(this.reduce('ReduceSum', x, axes), shape);
    }
    /** Matrix product over the last two axes, the others broadcast. Both have at least two. */
    matmul(a, b) {
        const lead = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
        return this.node('MatMul', [a, b], { shape: [...lead, a.shape.at(-2), b.shape.at(-1)] });
    }
    /** A · Bᵀ over the last two axes, the others equal. */
    matmulTransposed(a, b) {
        const shape = [...a.shape.slice(0, -1), b.shape.at(-2)];
        if (!this.portable) {
            const [x, y] = [this.plain(a), this.plain(b)];
            return this.raw('FusedMatMul', [x, y], [{ shape }], { transB: 1 }, 'com.microsoft')[0];
        }
        const axes = b.shape.map((_, i) => i);
        return this.matmul(a, this.transpose(b, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]));
    }
    /** Aᵀ · B over the last two axes, the others equal. */
    matmulTransposedFirst(a, b) {
        const shape = [...a.shape.slice(0, -2), a.shape.at(-1), b.shape.at(-1)];
        if (!this.portable) {
            const [x, y] = [this.plain(a), this.plain(b)];
            return this.raw('FusedMatMul', [x, y], [{ shape }], { transA: 1 }, 'com.microsoft')[0];
        }
        const axes = a.shape.map((_, i) => i);
        return this.matmul(this.transpose(a, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]), b);
    }
    /** alpha · A·B + beta · C of matrices, either transposed. */
    gemm(a, b, options = {}) {
        const { transA = false, transB = false, c, alpha = 1, beta = 1 } = options;
        const shape = [a.shape[transA ? 1 : 0], b.shape[transB ? 0 : 1]];
        return this.node('Gemm', [a, b, c], { shape }, {
            transA: transA ? 1 : 0,
            transB: transB ? 1 : 0,
            alpha: { float: alpha },
            beta: { float: beta },
        });
    }
}

;// CONCATENATED MODULE: ./src/training/step-graph.ts










/** Names of the training graph's inputs. S is the number of steps of a run. Its outputs: see stepOutputs. */
const stepNames = {
    /** int64, []: S. Only a Loop has it. */
    steps: 'train: steps',
    /** [n, …]: all images. */
    images: 'train: images',
    /** [n, K]: one-hot, or 0 and 1 for multi-label. */
    targets: 'train: targets',
    /** int64, [S, B]: which images each step sees. */
    order: 'train: order',
    /** [S, …]: see scalarsOf. */
    scalars: 'train: scalars',
    /** [S, B, …]: see Draws. */
    draws: (part) => `train: ${part}`,
    /** [1, D]: see Standardisation. */
    mean: 'train: mean',
    scale: 'train: scale',
    /** A pack, and the optimiser's moments of it, before the run. */
    state: (pack, moment) => `train: state ${pack} ${moment}`,
};
/**
 * Names of a training graph's outputs, by their places: a network may call tensors of its own the same. What became of the
 * states, in the order of the packs, and of weights before moments; then, [S] each, the loss that each step started from
 * and the norm of its gradient before clipping.
 */
function stepOutputs(names, inLoop) {
    // A single step has one more before them, see withholdOutputs.
    return { states: names.slice(inLoop ? 0 : 1, -2), losses: names.at(-2), norms: names.at(-1) };
}
/**
 * Whether the steps of a run are a Loop in one graph: that spares graphics devices the way of all weights to JavaScript and back. But
 * a Loop holds the weights and moments that it was given, those of the step before and those of the step under way, whereas a
 * single step on a processor overwrites them where they lie.
 */
function stepsInLoop(device) {
    return device !== 'cpu';
}
/**
 * S training steps as one graph: a Loop whose body is forward, backward and update, with weights and moments carried
 * from step to step, so that nothing crosses over to JavaScript in between; or the body by itself, for which S is 1. S steps
 * give the same numbers as S runs of one step. Weights that are not trained are constants inside, which lets the runtime
 * lay them out to its liking.
 * @throws model-unsupported for an operator without a gradient rule between a trained weight and the features
 */
function stepGraph(request) {
    return request.inLoop ? loopOfSteps(request) : singleStep(request);
}
function singleStep(request) {
    const graph = new build/* GraphBuilder */.Q('training');
    const ops = new Ops(graph, request.lowering);
    const read = (name, dims, free, type = 'float32') => {
        graph.input(name, free === undefined ? [...dims] : [free, ...dims], type);
        return { name, shape: free === undefined ? dims : [-1, ...dims], type, layout: 'plain' };
    };
    const iteration = ops.constant([0], [], 'iteration');
    const step = emitStep(request, { ops, iteration, read, state: read, overwriting: true });
    // A tensor can be only one output, and a loss may be a tensor of the network's own.
    const told = [step.loss, step.norm].map((value, i) => graph.node('Reshape', [ops.plain(value).name, ops.ints([1]).name], {}, toldOfSteps[i]));
    (0,run_into/* withholdOutputs */.S)(graph);
    for (const { name, shape } of step.update())
        graph.output(name, [...shape]);
    for (const name of told)
        graph.output(name, [1]);
    return modelWith(new build/* GraphBuilder */.Q(gradientsLast(graph.graph(), step.lossGradient)), request.trainee.opsets);
}
function loopOfSteps(request) {
    const outer = new build/* GraphBuilder */.Q('training');
    const body = new build/* GraphBuilder */.Q('step');
    const ops = new Ops(body, request.lowering);
    const iteration = { name: body.input('iteration', [], 'int64'), shape: [], type: 'int64', layout: 'plain' };
    const goesOn = body.input('goes on', [], 'bool');
    const states = [];
    const step = emitStep(request, {
        ops,
        iteration,
        read: (name, dims, free, type = 'float32') => {
            outer.input(name, free === undefined ? [...dims] : [free, ...dims], type);
            return { name: body.outer(name), shape: free === undefined ? dims : [-1, ...dims], type, layout: 'plain' };
        },
        state: (name, shape) => {
            states.push({ name: outer.input(name, [...shape]), shape });
            return { name: body.input(`step: ${name}`, [...shape]), shape, type: 'float32', layout: 'plain' };
        },
        overwriting: false,
    });
    body.output(body.node('Identity', [goesOn]), [], 'bool');
    const told = [step.loss, step.norm].map((value) => body.node('Identity', [ops.plain(value).name]));
    for (const { name, shape } of step.update())
        body.output(name, [...shape]);
    for (const name of told)
        body.output(name, []);
    outer.input(stepNames.steps, [], 'int64');
    const after = states.map(({ name }) => `new ${name}`);
    const graph = gradientsLast(body.graph(), step.lossGradient);
    const before = [stepNames.steps, '', ...states.map(({ name }) => name)];
    outer.nodes('Loop', before, { body: { graph } }, [...after, ...toldOfSteps]);
    states.forEach(({ shape }, i) => {
        outer.output(after[i], [...shape]);
    });
    for (const name of toldOfSteps)
        outer.output(name, ['steps']);
    return modelWith(outer, request.trainee.opsets);
}
const toldOfSteps = ['losses', 'norms'];
/** One step: forward, backward and, when it is asked for, the update of weights and moments, in the order of the states. */
function emitStep({ trainee, optimiser, augmentation, offset, loss }, { ops, iteration, read, state, overwriting }) {
    const { prepared, input, features, image, batch, outputs, dimension, packs } = trainee;
    /** What belongs to this step of something that lies ready for all. */
    const ofStep = (all) => pick(ops, all, iteration);
    const indices = ofStep(read(stepNames.order, [batch], 'steps', 'int64'));
    const original = pick(ops, read(stepNames.images, dimsOf(image), 'images'), indices);
    const targets = pick(ops, read(stepNames.targets, [outputs], 'images'), indices);
    const numbers = scalarsOf(optimiser, 0, 1).length;
    const scalars = ops
        .split(ofStep(read(stepNames.scalars, [numbers], 'steps')), 0, new Array(numbers).fill(1))
        .map((value) => ops.reshape(value, []));
    const draws = Object.fromEntries(partsOf(augmentation).map(({ name, perImage }) => [
        name,
        ofStep(read(stepNames.draws(name), [batch, ...perImage], 'steps')),
    ]));
    const standardisation = {
        mean: read(stepNames.mean, [1, dimension]),
        scale: read(stepNames.scale, [1, dimension]),
    };
    const states = packs.map(({ shape }, i) => ['weights', ...new Array(momentsOf(optimiser)).keys()].map((moment) => state(stepNames.state(i, moment), shape)));
    const weights = emitUnpacked(ops, packs, states.map(([value]) => value));
    const images = emitAugmentation(ops, original, image, draws, offset);
    const trained = new Set(prepared.weights.keys());
    const given = new Map([...weights, [input, images]]);
    const tape = emitForward({ graph: prepared.graph, facts: prepared.facts, given, trained, ops });
    const head = emitHead(ops, ops.plain(tape.tensor(features)), standardisation, {
        kernel: weights.get(headKernel),
        bias: weights.get(headBias),
    });
    const found = loss(ops, head.logits, targets);
    const ofHead = head.backward(found.gradient);
    const gradients = emitBackward(tape, new Map([[features, ofHead.features]]), { ops, trained });
    gradients.set(headKernel, ofHead.kernel).set(headBias, ofHead.bias);
    const packed = emitPacked(ops, packs, gradients);
    const alone = new Map(packs.flatMap(({ members }, i) => (members.length === 1 ? [[members[0].name, packed[i]]] : [])));
    // The head's and the last layers' gradients are found first.
    const each = [...gradients].map(([name, value]) => [name, alone.get(name) ?? value]);
    const norm = emitNorm(ops, new Map(each.toReversed()));
    const slots = packs.map((pack, i) => {
        const [own, ...moments] = states[i];
        return { pack, weights: own, moments, gradient: packed[i] };
    });
    return {
        loss: found.loss,
        norm: norm.norm,
        lossGradient: found.gradient.name,
        update: () => emitUpdate(ops, optimiser, slots, { scalars, ...norm, overwriting }).flatMap((slot) => [
            slot.weights,
            ...slot.moments,
        ]),
    };
}
/** Rows of a tensor, by a scalar or a vector of indices. */
function pick(ops, rows, indices) {
    const shape = [...indices.shape, ...rows.shape.slice(1)];
    return ops.node('Gather', [rows, indices], { shape, type: rows.type }, { axis: 0 });
}

;// CONCATENATED MODULE: ./src/training/carried.ts




/**
 * All that is carried from step to step: weights and the optimiser's moments. A run reads and writes the same tensors. A Loop
 * copies what it ends with into them when it has done its last step, and a single step writes to each what it has computed from
 * all (see emitUpdate). So there is one of each, the runtime allocates nothing for them, and memory does not grow however
 * long the training.
 */
class Carried {
    #packs;
    #states;
    #outputs;
    /** @param outputs names of the states that the training graph ends with */
    constructor({ Tensor }, packs, optimiser, outputs) {
        this.#packs = packs;
        this.#states = packs.flatMap(({ shape }, i) => ['weights', ...Array(momentsOf(optimiser)).keys()].map((moment) => ({
            name: stepNames.state(i, moment),
            isWeights: moment === 'weights',
            tensor: new Tensor('float32', new Float32Array((0,model/* elements */.Yt)(shape)), shape),
        })));
        this.#outputs = outputs;
    }
    /**
     * Starts with moments of zero.
     * @param bytesOf the weights to start from; see packed
     */
    reset(bytesOf) {
        packed(this.#packs, bytesOf, this.#weights());
        for (const { isWeights, tensor } of this.#states)
            if (!isWeights)
                tensor.data.fill(0);
    }
    /** A copy of all there is, weights and moments. */
    state() {
        const all = new Float32Array(this.#states.reduce((sum, { tensor }) => sum + tensor.size, 0));
        let at = 0;
        for (const { tensor } of this.#states) {
            all.set(tensor.data, at);
            at += tensor.size;
        }
        return all;
    }
    /** @returns whether that state is one of this network and optimiser, which it is set to */
    restore(state) {
        if (state.length !== this.#states.reduce((sum, { tensor }) => sum + tensor.size, 0))
            return false;
        let at = 0;
        for (const { tensor } of this.#states) {
            tensor.data.set(state.subarray(at, at + tensor.size));
            at += tensor.size;
        }
        return true;
    }
    /** Copies of the weights, by name. */
    weights() {
        return unpacked(this.#packs, this.#weights());
    }
    #weights() {
        return this.#states.flatMap(({ isWeights, tensor }) => (isWeights ? [tensor.data] : []));
    }
    /** What the training graph reads, by its names. */
    feeds() {
        return Object.fromEntries(this.#states.map(({ name, tensor }) => [name, tensor]));
    }
    /** What the inference graph reads. */
    weightFeeds() {
        return Object.fromEntries(this.#states.flatMap(({ name, isWeights, tensor }) => (isWeights ? [[name, tensor]] : [])));
    }
    /** Where the training graph writes. */
    fetches() {
        return Object.fromEntries(this.#states.map(({ tensor }, i) => [this.#outputs[i], tensor]));
    }
}

;// CONCATENATED MODULE: ./src/training/inference-graph.ts









/**
 * Names of the inference graph beside those that it shares with the training graph: states' weights, mean and scale.
 */
const inferenceNames = {
    /** [B, …]: a batch of images, not changed. */
    images: 'infer: images',
    /** [B, D]: what the head reads. */
    features: 'infer: features',
    /** [B, K]: softmax, or a sigmoid a label. */
    probabilities: 'infer: probabilities',
};
/** The trained network without training: what it makes of a batch of images, with the weights as inputs. */
function inferenceGraph(trainee, { multilabel, lowering }) {
    const { prepared, input, features, image, batch, outputs, dimension, packs } = trainee;
    const builder = new build/* GraphBuilder */.Q('inference');
    const ops = new Ops(builder, lowering);
    const declare = (name, shape) => ({
        name: builder.input(name, [...shape]),
        shape,
        type: 'float32',
        layout: 'plain',
    });
    const images = declare(inferenceNames.images, [batch, ...dimsOf(image)]);
    const standardisation = {
        mean: declare(stepNames.mean, [1, dimension]),
        scale: declare(stepNames.scale, [1, dimension]),
    };
    const states = packs.map(({ shape }, i) => declare(stepNames.state(i, 'weights'), shape));
    const weights = emitUnpacked(ops, packs, states);
    const tape = emitForward({
        graph: prepared.graph,
        facts: prepared.facts,
        given: new Map([...weights, [input, images]]),
        trained: new Set(prepared.weights.keys()),
        ops,
    });
    const read = ops.plain(tape.tensor(features));
    const { logits } = emitHead(ops, read, standardisation, {
        kernel: weights.get(headKernel),
        bias: weights.get(headBias),
    });
    const probabilities = multilabel
        ? ops.unary('Sigmoid', logits)
        : ops.node('Softmax', [logits], { shape: logits.shape }, { axis: 1 });
    const publish = (value, name, width) => {
        builder.node('Identity', [value.name], {}, name);
        builder.output(name, [batch, width]);
    };
    publish(read, inferenceNames.features, dimension);
    publish(probabilities, inferenceNames.probabilities, outputs);
    return modelWith(new build/* GraphBuilder */.Q(withoutUnread(builder.graph())), trainee.opsets);
}

;// CONCATENATED MODULE: ./src/training/losses.ts

/**
 * Softmax cross-entropy: L = Σₙ Σₖ Tₙₖ · (−ln softmax(z)ₙₖ) ÷ Σₙ w(yₙ) with Tₙₖ = wₖ · ((1 − ε) · [k = yₙ] + ε ÷ K), the mean
 * weighted as PyTorch and scikit-learn weight it; label smoothing ε after Szegedy et al. 2016, equation 7.
 * @param logits [N, K]
 * @param targets one-hot, [N, K]
 * @param classWeights K numbers; default all 1
 */
function softmaxCrossEntropy(ops, logits, targets, { smoothing = 0, classWeights } = {}) {
    const [images, classes] = dimensions(logits, targets);
    const weights = classWeights && ops.constant(classWeights, [1, classes]);
    const smooth = smoothing === 0 ? targets : ops.add(ops.scale(targets, 1 - smoothing), ops.scalar(smoothing / classes));
    const weighted = weights ? ops.mul(smooth, weights) : smooth;
    const shifted = ops.sub(logits, ops.reduce('ReduceMax', logits, [1]));
    const exponentials = ops.unary('Exp', shifted);
    const total = ops.reduce('ReduceSum', exponentials, [1]);
    const logProbabilities = ops.sub(shifted, ops.unary('Log', total));
    const norm = weights ? ops.reduce('ReduceSum', ops.mul(targets, weights), [0, 1], false) : ops.scalar(images);
    const sum = ops.reduce('ReduceSum', ops.mul(weighted, logProbabilities), [0, 1], false);
    const share = ops.reduce('ReduceSum', weighted, [1]);
    const difference = ops.sub(ops.mul(ops.div(exponentials, total), share), weighted);
    return { loss: ops.neg(ops.div(sum, norm)), gradient: ops.div(difference, norm) };
}
/**
 * Sigmoid cross-entropy over independent labels: the mean over images and labels of
 * max(z, 0) − z · t + ln(1 + exp(−|z|)), which does not overflow; gradient (σ(z) − t) ÷ (N · K).
 * @param logits [N, K]
 * @param targets 0 or 1, [N, K]
 * @param options smoothing ε moves targets to t · (1 − ε) + ε ÷ 2; classWeights K numbers, one a label
 */
function sigmoidCrossEntropy(ops, logits, targets, { smoothing = 0, classWeights } = {}) {
    const [images, classes] = dimensions(logits, targets);
    const weights = classWeights && ops.constant(classWeights, [1, classes]);
    const wanted = smoothing === 0 ? targets : ops.add(ops.scale(targets, 1 - smoothing), ops.scalar(smoothing / 2));
    const rectified = ops.unary('Relu', logits);
    const tail = ops.unary('Log', ops.add(ops.unary('Exp', ops.neg(ops.unary('Abs', logits))), ops.scalar(1)));
    const each = ops.add(ops.sub(rectified, ops.mul(logits, wanted)), tail);
    const difference = ops.sub(ops.unary('Sigmoid', logits), wanted);
    const count = images * classes;
    const weighted = (value) => (weights ? ops.mul(value, weights) : value);
    return {
        loss: ops.scale(ops.reduce('ReduceSum', weighted(each), [0, 1], false), 1 / count),
        gradient: ops.scale(weighted(difference), 1 / count),
    };
}
function dimensions(logits, targets) {
    const [images, classes] = logits.shape;
    if (logits.shape.length !== 2 ||
        targets.shape.length !== 2 ||
        targets.shape[1] !== classes ||
        targets.shape[0] !== images)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `A loss needs logits and targets of one shape [images, classes]; [${logits.shape.join()}] and [${targets.shape.join()}] were given.`);
    return [images, classes];
}

// EXTERNAL MODULE: ./src/random.ts + 3 modules
var src_random = __webpack_require__(639);
;// CONCATENATED MODULE: ./src/training/blocked-support.ts










let known;
/**
 * Channels in a block of the runtime's own layout on this processor, once for the process; undefined where the layout must not be
 * used. The operators are the runtime's private ones and a wrong block would give wrong numbers in silence, so the block is
 * asked for and then every kind of convolution is computed both ways: a difference, a refusal or a block that is not known rules
 * the layout out.
 */
function blockOfThisProcessor(runtime) {
    known ??= findBlock(runtime);
    return known;
}
async function findBlock(runtime) {
    try {
        const block = await askForBlock(runtime);
        if (block !== 8 && block !== 16)
            return undefined;
        for (const shape of checked)
            if (!(await computesAlike(runtime, block, shape)))
                return undefined;
        return block;
    }
    catch {
        return undefined;
    }
}
/** One channel brought to the layout comes back as a whole block. */
async function askForBlock(runtime) {
    const g = new build/* GraphBuilder */.Q('block');
    g.input('x', [1, 4, 1, 1]);
    const [y] = g.nodes('ReorderInput', ['x'], {}, ['y'], blockedDomain);
    g.output(y);
    const found = await blocked_support_run(runtime, g, { x: [1, 4, 1, 1] });
    return found.y.dims[1];
}
const square = { strides: [1, 1], dilations: [1, 1], before: [1, 1], after: [1, 1], kernel: [3, 3], images: 2 };
/** Two stems, one of as many images as any block holds, a dense and a pointwise one whose channels fill no block, depthwise ones with and without stride. */
const checked = [
    { ...square, channels: 3, outputs: 24, groups: 1, input: [7, 6], strides: [2, 2], output: [4, 3] },
    { ...square, images: 16, channels: 3, outputs: 24, groups: 1, input: [7, 6], strides: [2, 2], output: [4, 3] },
    { ...square, channels: 40, outputs: 24, groups: 1, input: [5, 6], output: [5, 6] },
    {
        ...square,
        channels: 24,
        outputs: 40,
        groups: 1,
        input: [5, 4],
        kernel: [1, 1],
        before: [0, 0],
        after: [0, 0],
        output: [5, 4],
    },
    { ...square, channels: 24, outputs: 24, groups: 24, input: [5, 7], output: [5, 7] },
    { ...square, channels: 32, outputs: 32, groups: 32, input: [6, 7], strides: [2, 2], output: [3, 4] },
];
async function computesAlike(runtime, block, shape) {
    const { images, channels, outputs, groups, input, kernel, output, strides } = shape;
    const g = new build/* GraphBuilder */.Q('self-check');
    const ops = new Ops(g, { block });
    const dims = {
        x: [images, channels, ...input],
        w: [outputs, channels / groups, ...kernel],
        b: [outputs],
        dy: [images, outputs, ...output],
    };
    const given = (name) => ({
        name: g.input(name, dims[name]),
        shape: dims[name],
        type: 'float32',
        layout: 'plain',
    });
    const [x, w, b, dy] = [given('x'), given('w'), given('b'), given('dy')];
    const pairs = [
        [convolveBlocked(ops, shape, x, w, b), convolve(ops, shape, x, w, b)],
        [biasGradientBlocked(ops, ops.as('blocked', dy)), biasGradient(ops, dy)],
    ];
    if (strides[0] === 1 && channels >= block)
        pairs.push([inputGradientBlocked(ops, shape, dy, w), inputGradientTransposed(ops, shape, dy, w)]);
    if (canBlockImages(ops, shape))
        pairs.push([imageWeightGradientBlocked(ops, shape, x, dy), weightGradientSwapped(ops, shape, x, dy)]);
    if (groups === 1) {
        const [seen, errors] = [ops.as('blocked', x), ops.as('blocked', dy)];
        pairs.push([weightGradientByTaps(ops, shape, seen, errors), weightGradientSwapped(ops, shape, x, dy)]);
    }
    if (groups > 1)
        pairs.push([depthwiseWeightGradientBlocked(ops, shape, x, dy), weightGradientSwapped(ops, shape, x, dy)]);
    const named = pairs.map(([one, other]) => [ops.plain(one).name, other.name]);
    for (const name of new Set(named.flat()))
        g.output(name);
    const found = await blocked_support_run(runtime, g, dims);
    return named.every(([one, other]) => alike(found[one].data, found[other].data));
}
function alike(values, expected) {
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return (values.length === expected.length && values.every((value, i) => Math.abs(value - expected[i]) <= 1e-5 * scale));
}
async function blocked_support_run(runtime, g, shapes) {
    const random = (0,src_random/* seededRandom */.I)(0, 'blocked self-check');
    const model = (0,write/* writeModel */.B)(g.model(rewriting/* canonicalOpset */.gm, [blockedDomain]));
    const session = await runtime.InferenceSession.create(model, { logSeverityLevel: 4 });
    try {
        const feeds = Object.entries(shapes).map(([name, dims]) => {
            const length = dims.reduce((a, b) => a * b, 1);
            return [
                name,
                new runtime.Tensor('float32', Float32Array.from({ length }, () => random.normal()), dims),
            ];
        });
        return await session.run(Object.fromEntries(feeds));
    }
    finally {
        await session.release();
    }
}

;// CONCATENATED MODULE: ./src/training/lowering.ts

/** The fastest one that is right: on a processor the runtime's own blocked layout, where its self-check allows it. */
async function loweringFor(device, runtime) {
    return device === 'cpu' ? { block: await blockOfThisProcessor(runtime) } : { portable: true };
}

// EXTERNAL MODULE: ./src/runtime/device.ts + 1 modules
var runtime_device = __webpack_require__(683);
;// CONCATENATED MODULE: ./src/training/open-graph.ts



/**
 * Opens a graph that is trained or evaluated. When a graphics device refuses it, the processor is asked: what both refuse is the
 * network's fault, what the processor takes is the device's.
 * @throws model-unsupported when the network is at fault; device-unavailable when the device is
 */
async function openGraph(runtime, model, { device, threads, name }) {
    const file = (0,write/* writeModel */.B)(model);
    // A pattern would be one more block as large as all that a step keeps, beside the blocks that the first step made; none is as fast.
    const settings = { threads, name, memoryPattern: false };
    try {
        return (await (0,runtime_device/* openSession */.fA)(runtime, file, { ...settings, device })).session;
    }
    catch (error) {
        if (device === 'cpu')
            throw error;
        const { session } = await (0,runtime_device/* openSession */.fA)(runtime, file, { ...settings, device: 'cpu' });
        await session.release();
        throw new errors/* TransferEvidenceError */.Bh('device-unavailable', error.message, { cause: error });
    }
}

;// CONCATENATED MODULE: ./src/training/step-feeds.ts



/**
 * What the training graph reads of a run's steps, by its names: which images each step sees and how they are changed, and the
 * numbers of the optimiser.
 * @param done steps that were taken before
 */
function stepFeeds({ Tensor }, { batches, learningRates }, { batch, optimiser, augmentation, image, done }) {
    const steps = batches.length;
    const order = batches.flatMap(({ images }) => images);
    const scalars = batches.map((_, i) => scalarsOf(optimiser, learningRates[i], done + i + 1));
    const feeds = {
        [stepNames.order]: new Tensor('int64', BigInt64Array.from(order, BigInt), [steps, batch]),
        [stepNames.scalars]: new Tensor('float32', Float32Array.from(scalars.flat()), [steps, scalars[0].length]),
    };
    const draws = drawsOf(batches.flatMap(({ changes }) => changes), augmentation, image);
    for (const { name, perImage } of partsOf(augmentation))
        feeds[stepNames.draws(name)] = new Tensor('float32', draws[name], [steps, batch, ...perImage]);
    return feeds;
}

;// CONCATENATED MODULE: ./src/training/timing.ts
/** Seconds that some work takes. */
async function timed(work) {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
}
/** The median of at least three timings, of more while the time allows them. */
async function medianOf(time, seconds) {
    const times = [];
    for (let sum = 0; times.length < 3 || (sum < seconds && times.length < 25);) {
        const own = await time();
        times.push(own);
        sum += own;
    }
    return times.sort((a, b) => a - b)[times.length >> 1];
}

;// CONCATENATED MODULE: ./src/training/training-data.ts



/** @throws shape-mismatch when images, labels and what is said of them do not fit each other */
function checkData({ images, labels }, { image, classes, task }) {
    const refuse = (expected) => {
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `Training needs ${expected}.`);
    };
    const length = (0,model/* elements */.Yt)(dimsOf(image));
    if (labels.length === 0)
        refuse('images; none were given');
    if (images.length !== labels.length * length)
        refuse(`${labels.length} images of ${length} numbers; ${images.length} numbers were given`);
    for (const [i, own] of labels.entries()) {
        if (task !== 'multilabel' && own.length !== 1)
            refuse(`one class for each image; image ${i} has ${own.length}`);
        for (const label of own)
            if (!(Number.isInteger(label) && label >= 0 && label < classes))
                refuse(`classes below ${classes}; image ${i} has ${label}`);
    }
}
/** n × outputs, row-major: 1 for each class that an image shows, else 0. */
function targetsOf(labels, outputs) {
    const targets = new Float32Array(labels.length * outputs);
    labels.forEach((own, row) => {
        for (const label of own)
            targets[row * outputs + label] = 1;
    });
    return targets;
}

;// CONCATENATED MODULE: ./src/training/trainer-options.ts



/**
 * @throws input-invalid for a setting out of its range; shape-mismatch for images, labels and settings that do not fit
 *   each other
 */
function checkOptions(options) {
    const { data, optimiser, batch, image, offset } = options;
    checkOptimiser(optimiser);
    checkData(data, options);
    if (!(Number.isInteger(batch) && batch >= 1))
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `A step needs a whole number of images; ${batch} was given.`);
    if (offset.length !== image.channels)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `One brightness offset for each of ${image.channels} channels was expected; ${offset.length} were given.`);
}
/** @throws shape-mismatch for rates, batches and images that do not fit the trainer */
function checkRun({ batches, learningRates }, { batch, data }) {
    if (learningRates.length !== batches.length)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `One learning rate a step was expected; there are ${batches.length} steps and ${learningRates.length} rates.`);
    for (const { images, changes } of batches) {
        if (images.length !== batch || changes.length !== batch)
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `Batches of ${batch} images were expected; one of ${images.length} with ${changes.length} changes was given.`);
        checkImages(images, data);
    }
}
/** @throws shape-mismatch for an index of no image */
function checkImages(images, { labels }) {
    const wrong = images.find((index) => !(Number.isInteger(index) && index >= 0 && index < labels.length));
    if (wrong !== undefined)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `There is no image ${wrong} among ${labels.length}.`);
}
/** What to throw when a signal has fired. */
function cancelled({ reason }) {
    if (reason instanceof errors/* TransferEvidenceError */.Bh)
        return reason;
    return new errors/* TransferEvidenceError */.Bh('cancelled', 'Training was stopped before it was done.');
}

;// CONCATENATED MODULE: ./src/training/trainer.ts


















/** What a run is to take between two looks at whether to go on. */
const secondsPerChunk = 1;
const longestChunk = 100;
/**
 * Trains one network with a new head on one set of images, as often as wanted: opening costs, starting again does not.
 * Runs in the calling thread and holds it while a chunk of steps is under way (see train-thread.ts for one that does
 * not).
 */
class Trainer {
    #runtime;
    #options;
    #trainee;
    #training;
    #inference;
    /** The images and what they show, by the training graph's names. */
    #fixed;
    #outputs;
    #carried;
    #standardisation;
    #stepsDone = 0;
    #secondsPerStep;
    constructor(runtime, options, opened) {
        const { trainee, training, inference } = opened;
        this.#runtime = runtime;
        this.#options = options;
        this.#trainee = trainee;
        this.#training = training;
        this.#inference = inference;
        const { images, labels } = options.data;
        const tensor = (data, dims) => new runtime.Tensor('float32', data, dims);
        this.#fixed = {
            [stepNames.images]: tensor(images, [labels.length, ...dimsOf(options.image)]),
            [stepNames.targets]: tensor(targetsOf(labels, trainee.outputs), [labels.length, trainee.outputs]),
        };
        this.#outputs = stepOutputs(training.outputNames, this.#inLoop);
        this.#carried = new Carried(runtime, trainee.packs, options.optimiser, this.#outputs.states);
    }
    /**
     * @throws input-invalid for a setting out of its range; shape-mismatch when images, labels and network do not fit
     *   each other; model-unsupported when the network cannot be run or differentiated; device-unavailable when a graphics
     *   device fails, here and in every later call
     */
    static async open(runtime, options) {
        checkOptions(options);
        const { task, classes, device, loss = {} } = options;
        const multilabel = task === 'multilabel';
        const outputs = multilabel ? classes : Math.max(2, classes);
        const lowering = options.lowering ?? (await loweringFor(device, runtime));
        const prepared = await trainee({ ...options, runtime, outputs });
        const training = stepGraph({
            ...options,
            trainee: prepared,
            loss: (ops, logits, targets) => (multilabel ? sigmoidCrossEntropy : softmaxCrossEntropy)(ops, logits, targets, loss),
            lowering,
            inLoop: options.inLoop ?? stepsInLoop(device),
        });
        const session = await openGraph(runtime, training, options);
        try {
            const inference = await openGraph(runtime, inferenceGraph(prepared, { multilabel, lowering }), options);
            return new Trainer(runtime, options, { trainee: prepared, training: session, inference });
        }
        catch (error) {
            await session.release();
            throw error;
        }
    }
    /** Numbers that are trained, the head's included. */
    get parameters() {
        return this.#trainee.packs.reduce((sum, { shape }) => sum + (0,model/* elements */.Yt)(shape), 0);
    }
    /**
     * Starts anew: the weights as they came (or those given), a head of zeros on features standardised by the given
     * images, an optimiser without memory.
     * @param standardiseBy indices of the training images
     * @param weights other values for trained weights, by name; those not named start as they came
     * @throws shape-mismatch for a weight that is not trained here or has another length
     */
    async reset(standardiseBy, weights = new Map()) {
        const { packs, prepared } = this.#trainee;
        const lengths = new Map(packs.flatMap(({ members }) => members.map(({ name, shape }) => [name, (0,model/* elements */.Yt)(shape)])));
        for (const [name, { length }] of weights)
            if (lengths.get(name) !== length)
                throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `The weight ${name} of ${length} numbers is not among the trained weights of ${this.#options.name}, or has ${lengths.get(name) ?? 'no'} numbers there.`);
        this.#carried.reset((name) => {
            const given = weights.get(name);
            if (given)
                return bytesIn(given);
            // Of all trained weights only the head's are not in the file; they start at zero.
            return prepared.weights.get(name)?.data ?? new Uint8Array(4 * lengths.get(name));
        });
        this.#stepsDone = 0;
        await this.#standardise(standardiseBy);
    }
    /** A copy of what later steps depend on: weights, the optimiser's memory, and how many steps were taken. */
    state() {
        return { steps: this.#stepsDone, numbers: this.#carried.state() };
    }
    /**
     * Goes on from where this network once was, after a reset as that one had: the steps that follow give the same numbers.
     * @throws shape-mismatch for the state of another network or optimiser
     */
    restore({ steps, numbers }) {
        if (!this.#carried.restore(numbers))
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `A state of ${numbers.length} numbers is not one of the network ${this.#options.name} and its optimiser.`);
        this.#stepsDone = steps;
    }
    async #standardise(images) {
        const { dimension } = this.#trainee;
        const neutral = { mean: new Float32Array(dimension), scale: new Float32Array(dimension).fill(1) };
        const tensors = ({ mean, scale }) => ({
            mean: new this.#runtime.Tensor('float32', mean, [1, dimension]),
            scale: new this.#runtime.Tensor('float32', scale, [1, dimension]),
        });
        this.#standardisation = tensors(neutral);
        const features = await this.#infer(images, 'features');
        if (!features.every(Number.isFinite))
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${this.#options.name} gives features that are not finite numbers before any training. Check its preprocessing (range, mean, std) and its weights.`);
        this.#standardisation = tensors(standardisationOf(features, dimension));
    }
    /**
     * Takes as many steps as there are batches, from where the last call ended. Whether they are taken in few large or
     * many small chunks changes no number.
     * @param onChunk called after each chunk of about a second, with the steps of this call that are done
     * @throws shape-mismatch for a batch of another size or an image that does not exist; when the signal fires its
     *   reason, where that is one of the program's errors, otherwise cancelled
     */
    async train(run, options = {}) {
        checkRun(run, this.#options);
        const result = { losses: [], norms: [], diverged: null };
        const { batches } = run;
        for (let from = 0; from < batches.length && result.diverged === null;) {
            // Between two chunks is when the signal counts.
            await new Promise((resolve) => setImmediate(resolve));
            if (options.signal?.aborted)
                throw cancelled(options.signal);
            const to = Math.min(batches.length, from + this.#chunk());
            const { losses, norms } = await this.#steps(run, from, to);
            const wrong = losses.findIndex((loss, i) => !Number.isFinite(loss) || !Number.isFinite(norms[i]));
            if (wrong >= 0)
                result.diverged = from + wrong;
            const kept = wrong >= 0 ? wrong + 1 : losses.length;
            const chunk = { losses: losses.slice(0, kept), norms: norms.slice(0, kept) };
            result.losses.push(...chunk.losses);
            result.norms.push(...chunk.norms);
            options.onChunk?.(result.losses.length, chunk);
            from = to;
        }
        return result;
    }
    #chunk() {
        return this.#secondsPerStep === undefined ? 1 : stepsWithin(secondsPerChunk, this.#secondsPerStep);
    }
    /** Whether a run can take more than one step; see stepsInLoop. */
    get #inLoop() {
        return this.#training.inputNames.includes(stepNames.steps);
    }
    async #steps(run, from, to) {
        const found = { losses: [], norms: [] };
        const started = performance.now();
        const perRun = this.#inLoop ? to - from : 1;
        for (let at = from; at < to; at += perRun) {
            const { losses, norms } = await this.#stepsOfRun(run, at, at + perRun);
            found.losses.push(...losses);
            found.norms.push(...norms);
        }
        const seconds = (performance.now() - started) / 1000 / (to - from);
        // The first run of a session is slower than all that follow.
        const isFirst = this.#stepsDone === to - from && this.#secondsPerStep === undefined;
        if (!isFirst)
            this.#secondsPerStep = seconds;
        return found;
    }
    async #stepsOfRun({ batches, learningRates }, from, to) {
        const { Tensor } = this.#runtime;
        const steps = to - from;
        const ahead = {
            batches: batches.slice(from, to),
            learningRates: Array.from({ length: steps }, (_, i) => learningRates[from + i]),
        };
        const feeds = {
            ...this.#fixed,
            ...this.#standardised(),
            ...this.#carried.feeds(),
            ...stepFeeds(this.#runtime, ahead, { ...this.#options, done: this.#stepsDone }),
            ...(this.#inLoop && { [stepNames.steps]: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []) }),
        };
        // A norm is not negative: one that still is has not been computed.
        const [losses, norms] = [new Float32Array(steps), new Float32Array(steps).fill(-1)];
        const into = {
            ...this.#carried.fetches(),
            [this.#outputs.losses]: new Tensor('float32', losses, [steps]),
            [this.#outputs.norms]: new Tensor('float32', norms, [steps]),
        };
        const training = this.#training;
        await this.#explained(this.#inLoop ? training.run(feeds, into) : (0,run_into/* runInto */.E)(training, feeds, into));
        if (norms.includes(-1))
            throw this.#failure(new Error('The runtime ended a step without its results.'));
        this.#stepsDone += steps;
        return { losses, norms };
    }
    /**
     * What the network says about images as it is now.
     * @param images indices
     * @returns images × outputs, row-major; outputs: 1 for binary (the probability of class 1), otherwise one a class
     */
    async predict(images) {
        const { task, classes } = this.#options;
        const probabilities = await this.#infer(images, 'probabilities');
        if ((0,protocol/* outputsOf */.Y)(task, classes) !== 1)
            return probabilities;
        return probabilities.filter((_, i) => i % 2 === 1);
    }
    /** Features of images as the network is now, images × dimension, row-major. */
    features(images) {
        return this.#infer(images, 'features');
    }
    async #infer(images, what) {
        const { batch, dimension, outputs } = this.#trainee;
        const { data, image } = this.#options;
        checkImages(images, data);
        const name = inferenceNames[what];
        const width = what === 'features' ? dimension : outputs;
        const length = (0,model/* elements */.Yt)(dimsOf(image));
        const input = new Float32Array(batch * length);
        const feeds = { ...this.#standardised(), ...this.#carried.weightFeeds() };
        feeds[inferenceNames.images] = new this.#runtime.Tensor('float32', input, [batch, ...dimsOf(image)]);
        const rows = new Float32Array(images.length * width);
        for (let from = 0; from < images.length; from += batch) {
            const own = images.slice(from, from + batch);
            // A last batch that is not full goes with what the one before left behind.
            own.forEach((index, row) => {
                input.set(data.images.subarray(index * length, (index + 1) * length), row * length);
            });
            const isLast = from + batch >= images.length;
            const found = await this.#explained(this.#inference.run(feeds, { [name]: null }, isLast ? this.#lettingGo() : {}));
            rows.set(found[name].data.subarray(0, own.length * width), from * width);
        }
        return rows;
    }
    /** Copies of all trained weights as they are now, the head's included. */
    weights() {
        return this.#carried.weights();
    }
    /**
     * Times a few steps and evaluations, on images in their order. Afterwards the trainer has to be reset.
     * @param seconds about what the measurement may take
     */
    async measure(seconds = 3) {
        const { batch } = this.#trainee;
        const count = this.#options.data.labels.length;
        const images = Array.from({ length: batch }, (_, i) => i % count);
        await this.reset(images);
        const unchanged = { flip: false, down: 0, right: 0, brightness: 1 };
        const one = { images, changes: images.map(() => unchanged) };
        // A learning rate of 0: the numbers stay those of a healthy network, whose speed is meant.
        const time = (steps) => {
            const run = { batches: new Array(steps).fill(one), learningRates: new Float64Array(steps) };
            return timed(() => this.#steps(run, 0, steps));
        };
        await time(1);
        const perRun = stepsWithin(seconds / 6, await time(1));
        const secondsPerStep = (await medianOf(() => time(perRun), seconds / 2)) / perRun;
        const evaluate = () => timed(() => this.#infer(images, 'probabilities'));
        await evaluate();
        const secondsPerImage = (await medianOf(evaluate, seconds / 4)) / batch;
        this.#secondsPerStep = secondsPerStep;
        return { secondsPerStep, secondsPerImage };
    }
    /** Gives the memory of both sessions back. */
    async close() {
        await this.#training.release();
        await this.#inference.release();
    }
    #standardised() {
        if (!this.#standardisation)
            throw new errors/* TransferEvidenceError */.Bh('input-invalid', 'A trainer has to be reset before its first use.');
        const { mean, scale } = this.#standardisation;
        return { [stepNames.mean]: mean, [stepNames.scale]: scale };
    }
    /** Training would otherwise go on beside what the last evaluation needed. */
    #lettingGo() {
        const { device } = this.#options;
        return device === 'cpu' ? { extra: { memory: { enable_memory_arena_shrinkage: 'cpu:0' } } } : {};
    }
    /** Its error, if it has one, says which network on which device. */
    #explained(work) {
        return work.catch((error) => Promise.reject(this.#failure(error)));
    }
    #failure(error) {
        const { name, device } = this.#options;
        return new errors/* TransferEvidenceError */.Bh(
        // The processor has computed the network before (see trace.ts), so what another device cannot is the device's fault.
        device === 'cpu' ? 'model-unsupported' : 'device-unavailable', `The network ${name} cannot be trained on ${device}: ${String(error.message).split('\n')[0]}`, { cause: error });
    }
}
/** Steps that take about so long together. */
function stepsWithin(seconds, secondsPerStep) {
    return Math.max(1, Math.min(longestChunk, Math.floor(seconds / secondsPerStep)));
}

;// CONCATENATED MODULE: ./src/training/train-worker.ts





/** The life of a thread that trains: it does one task after the other, in the order asked, until it is told to stop. */
function runTrainWorker({ natives }) {
    const port = external_node_worker_threads_.parentPort;
    const runtime = (0,require_native/* requireNative */.l)('onnxruntime-node', natives);
    const cancelling = new Map();
    let trainer;
    let last = Promise.resolve();
    let stopping = false;
    const tell = (message) => port.postMessage(message);
    const work = async (task) => {
        if (stopping)
            return;
        try {
            if (task.task === 'open') {
                await trainer?.close();
                trainer = undefined;
                trainer = await openTrainer(runtime, task.given);
                tell({ kind: 'answer', id: task.id, answer: { parameters: trainer.parameters } });
                return;
            }
            if (!trainer)
                throw new errors/* TransferEvidenceError */.Bh('input-invalid', 'A network has to be opened before it is trained.');
            await answer(port, trainer, task, cancelling.get(task.id)?.signal);
        }
        catch (error) {
            // Anything that is not the program's own is a fault and ends the thread with its stack.
            if (!(error instanceof errors/* TransferEvidenceError */.Bh))
                setImmediate(() => {
                    throw error;
                });
            else
                tell({ kind: 'failed', id: task.id, code: error.code, message: error.message });
        }
        finally {
            cancelling.delete(task.id);
        }
    };
    port.on('message', (message) => {
        if (message.kind === 'cancel')
            cancelling.get(message.id)?.abort();
        else if (message.kind === 'stop') {
            stopping = true;
            for (const controller of cancelling.values())
                controller.abort();
            // Terminated while inside the runtime, whose binding throws where nothing can catch it, a thread takes down the
            // whole process.
            void last.then(() => trainer?.close()).finally(() => port.close());
        }
        else {
            if (message.task === 'train')
                cancelling.set(message.id, new AbortController());
            last = last.then(() => work(message));
        }
    });
}
async function answer(port, trainer, task, signal) {
    const { id } = task;
    const tell = (message, transfer = []) => port.postMessage(message, transfer);
    switch (task.task) {
        case 'reset':
            await trainer.reset(task.given.standardiseBy, task.given.weights);
            return tell({ kind: 'answer', id, answer: null });
        case 'train': {
            const result = await trainer.train(task.given, {
                onChunk: (done, steps) => tell({ kind: 'chunk', id, done, steps }),
                ...(signal && { signal }),
            });
            return tell({ kind: 'answer', id, answer: result });
        }
        case 'state': {
            const found = trainer.state();
            return tell({ kind: 'answer', id, answer: found }, [found.numbers.buffer]);
        }
        case 'restore':
            trainer.restore(task.given);
            return tell({ kind: 'answer', id, answer: null });
        case 'predict': {
            const found = await trainer.predict(task.given);
            return tell({ kind: 'answer', id, answer: found }, [found.buffer]);
        }
        case 'weights': {
            const found = trainer.weights();
            return tell({ kind: 'answer', id, answer: found }, [...found.values()].map(({ buffer }) => buffer));
        }
        case 'measure':
            return tell({ kind: 'answer', id, answer: await trainer.measure(task.given.seconds) });
    }
}
function openTrainer(runtime, { model, data, ...rest }) {
    // The runtime does not read shared memory.
    return Trainer.open(runtime, {
        ...rest,
        model: (0,read/* readModel */.k)(Uint8Array.from(model)),
        data: { ...data, images: Float32Array.from(data.images) },
    });
}


/***/ })

};
