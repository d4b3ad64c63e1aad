export const id = 734;
export const ids = [734];
export const modules = {

/***/ 430:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ matrix)
/* harmony export */ });
/* unused harmony export selectRows */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(916);

/**
 * Checks a shape at the door.
 * @throws shape-mismatch when `data.length` is not `rows × columns`
 */
function matrix(data, rows, columns) {
    if (!Number.isInteger(rows) ||
        !Number.isInteger(columns) ||
        rows < 0 ||
        columns < 0 ||
        data.length !== rows * columns)
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .TransferEvidenceError */ .Bh('shape-mismatch', `A ${rows} × ${columns} matrix needs ${rows * columns} numbers; ${data.length} were given.`);
    return { data, rows, columns };
}
/** The matrix of the given rows, in the given order (copied). */
function selectRows(source, rows) {
    const { columns } = source;
    const data = new source.data.constructor(rows.length * columns);
    rows.forEach((row, i) => {
        if (!(row >= 0 && row < source.rows))
            throw new TransferEvidenceError('shape-mismatch', `Row ${row} was asked of a matrix with ${source.rows} rows.`);
        data.set(source.data.subarray(row * columns, (row + 1) * columns), i * columns);
    });
    return { data, rows: rows.length, columns };
}


/***/ }),

/***/ 734:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runProbeWorker: () => (/* binding */ runProbeWorker)
});

// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(919);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(916);
// EXTERNAL MODULE: ./src/matrix.ts
var matrix = __webpack_require__(430);
;// CONCATENATED MODULE: ./src/linear-algebra/dot-products.ts
/**
 * All dot products of the rows of `a` (m × length, row-major) with the rows of `b` (n × length): m × n, row-major. With
 * `a === b` the lower triangle is mirrored, so the result is symmetric to the bit. Each product is summed in the order of
 * the columns whatever its place, so equal rows give equal numbers to the bit.
 * @param out that the products are written to; default new memory
 */
function dotProducts(a, m, b, n, length, out = new Float64Array(m * n)) {
    const symmetric = a === b && m === n;
    // Bands of b small enough to stay in the second-level cache while all of a passes by.
    const band = Math.max(4, (32768 / Math.max(1, length)) & ~3);
    for (let from = 0; from < n; from += band) {
        const to = Math.min(n, from + band);
        for (let i = 0; i < m; i += 2) {
            // A symmetric result needs only the tiles that reach the diagonal.
            const last = symmetric ? Math.min(to, i + 2) : to;
            for (let j = from; j < last; j += 4)
                tile(a, b, out, length, i, m, j, n);
        }
    }
    if (symmetric)
        mirrorLower(out, n);
    return out;
}
/** Copies the lower triangle of a square onto the upper. */
function mirrorLower(square, n) {
    // In squares that stay in the cache on both sides.
    const side = 32;
    for (let top = 0; top < n; top += side)
        for (let left = 0; left <= top; left += side) {
            const bottom = Math.min(n, top + side);
            for (let i = top; i < bottom; i++) {
                const right = Math.min(i, left + side);
                for (let j = left; j < right; j++)
                    square[j * n + i] = square[i * n + j];
            }
        }
}
/** Two rows of a times four of b. Past an edge a row is taken twice and its product written once more, unchanged. */
function tile(a, b, out, d, i, aRows, j, bRows) {
    const i1 = Math.min(i + 1, aRows - 1);
    const j1 = Math.min(j + 1, bRows - 1);
    const j2 = Math.min(j + 2, bRows - 1);
    const j3 = Math.min(j + 3, bRows - 1);
    let p = i * d;
    let p1 = i1 * d;
    let q = j * d;
    let q1 = j1 * d;
    let q2 = j2 * d;
    let q3 = j3 * d;
    let s00 = 0;
    let s01 = 0;
    let s02 = 0;
    let s03 = 0;
    let s10 = 0;
    let s11 = 0;
    let s12 = 0;
    let s13 = 0;
    for (const end = p + d; p < end;) {
        const x = a[p++];
        const y = a[p1++];
        const v0 = b[q++];
        const v1 = b[q1++];
        const v2 = b[q2++];
        const v3 = b[q3++];
        s00 += x * v0;
        s01 += x * v1;
        s02 += x * v2;
        s03 += x * v3;
        s10 += y * v0;
        s11 += y * v1;
        s12 += y * v2;
        s13 += y * v3;
    }
    out[i * bRows + j] = s00;
    out[i * bRows + j1] = s01;
    out[i * bRows + j2] = s02;
    out[i * bRows + j3] = s03;
    out[i1 * bRows + j] = s10;
    out[i1 * bRows + j1] = s11;
    out[i1 * bRows + j2] = s12;
    out[i1 * bRows + j3] = s13;
}
/** Dot product of `length` numbers of `a` from `aStart` and of `b` from `bStart`. */
function dot(a, aStart, b, bStart, length) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let k = 0;
    for (; k + 3 < length; k += 4) {
        s0 += a[aStart + k] * b[bStart + k];
        s1 += a[aStart + k + 1] * b[bStart + k + 1];
        s2 += a[aStart + k + 2] * b[bStart + k + 2];
        s3 += a[aStart + k + 3] * b[bStart + k + 3];
    }
    for (; k < length; k++)
        s0 += a[aStart + k] * b[bStart + k];
    return s0 + s1 + (s2 + s3);
}

;// CONCATENATED MODULE: ./src/linear-algebra/products.ts



/** Products in loops: for small matrices, and where no runtime is at hand. */
const products_plainProducts = {
    compiled: false,
    rows: async (a, b, room) => {
        requireEqual('columns', a.columns, 'columns', b.columns);
        const left = inDoubles(a);
        const right = a === b ? left : inDoubles(b);
        const out = outOf(room, a.rows * b.rows);
        dotProducts(left.data, a.rows, right.data, b.rows, a.columns, out);
        return (0,matrix/* matrix */.U)(out, a.rows, b.rows);
    },
    product: async (a, b, room) => {
        requireEqual('columns', a.columns, 'rows', b.rows);
        const out = outOf(room, a.rows * b.columns);
        dotProducts(a.data, a.rows, transposed(b).data, b.columns, a.columns, out);
        return (0,matrix/* matrix */.U)(out, a.rows, b.columns);
    },
};
/** The beginning of the room that is given, or new memory where there is none. */
function outOf(room, count) {
    return room === undefined ? new Float64Array(count) : room.subarray(0, count);
}
/** @throws shape-mismatch */
function requireEqual(of, first, and, second) {
    if (first !== second)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `A product needs as many ${of} in the first matrix as ${and} in the second; ${first} and ${second} were given.`);
}
/** Rows become columns. */
function transposed({ data, rows, columns }) {
    const out = new Float64Array(data.length);
    // In squares that stay in the cache on both sides; each is written as it will lie, which is quickest for few columns.
    const side = 32;
    for (let fromColumn = 0; fromColumn < columns; fromColumn += side)
        for (let fromRow = 0; fromRow < rows; fromRow += side) {
            const toRow = Math.min(rows, fromRow + side);
            const toColumn = Math.min(columns, fromColumn + side);
            for (let j = fromColumn; j < toColumn; j++)
                for (let i = fromRow, from = fromRow * columns + j; i < toRow; i++, from += columns)
                    out[j * rows + i] = data[from];
        }
    return (0,matrix/* matrix */.U)(out, columns, rows);
}
/** The same numbers in float64; copied only where they are not. */
function inDoubles({ data, rows, columns }) {
    return { data: data instanceof Float64Array ? data : new Float64Array(data), rows, columns };
}

// EXTERNAL MODULE: ./src/onnx/build.ts
var build = __webpack_require__(847);
// EXTERNAL MODULE: ./src/onnx/write.ts
var write = __webpack_require__(208);
// EXTERNAL MODULE: ./src/runtime/run-into.ts
var run_into = __webpack_require__(540);
;// CONCATENATED MODULE: ./src/linear-algebra/runtime-products.ts






/** Multiplications below which a call of the runtime costs more than loops do: about a tenth of a millisecond. */
const fewestForRuntime = 2 ** 18;
/** Multiplications below which waking a second thread costs what it saves. */
const fewestForThreads = 2 ** 22;
/** Bands of rows that a symmetric product is taken in, each up to the diagonal only: 9/16 of the work. */
const symmetricBands = 8;
/** Rows below which a band is too thin to run at full speed. */
const thinnestBand = 64;
/**
 * Products on ONNX Runtime's processor kernels in float64; small ones in loops. The tiny networks that multiply are opened
 * when they are first needed.
 * @param threads inside one product; default the runtime's own choice, which is one a core
 */
function runtimeProducts(onnxruntime, threads = 0) {
    const sessions = new Map();
    const sessionOf = (turned, multiplications) => {
        const used = multiplications < fewestForThreads ? 1 : threads;
        const key = `${turned} ${used}`;
        const found = sessions.get(key) ?? runtime_products_open(onnxruntime, turned, used);
        sessions.set(key, found);
        return found;
    };
    /** `a` times `b`, or times `b` with rows and columns exchanged, written to `out`. */
    const multiply = async (a, b, turned, out) => {
        const tensor = ({ data, rows, columns }) => new onnxruntime.Tensor('float64', data, [rows, columns]);
        const columns = turned ? b.rows : b.columns;
        const session = await sessionOf(turned, a.rows * a.columns * columns);
        await (0,run_into/* runInto */.E)(session, { a: tensor(a), b: tensor(b) }, { y: tensor((0,matrix/* matrix */.U)(out, a.rows, columns)) });
    };
    return {
        compiled: true,
        rows: async (a, b, room) => {
            requireEqual('columns', a.columns, 'columns', b.columns);
            if (a.rows * b.rows * a.columns < fewestForRuntime)
                return products_plainProducts.rows(a, b, room);
            const left = inDoubles(a);
            const out = outOf(room, a.rows * b.rows);
            if (a !== b)
                await multiply(left, inDoubles(b), true, out);
            else
                await multiplyBySelf(left, out, multiply);
            return (0,matrix/* matrix */.U)(out, a.rows, b.rows);
        },
        product: async (a, b, room) => {
            requireEqual('columns', a.columns, 'rows', b.rows);
            if (a.rows * b.columns * a.columns < fewestForRuntime)
                return products_plainProducts.product(a, b, room);
            const out = outOf(room, a.rows * b.columns);
            await multiply(a, b, false, out);
            return (0,matrix/* matrix */.U)(out, a.rows, b.columns);
        },
        close: async () => {
            const open = [...sessions.values()];
            sessions.clear();
            for (const session of open)
                await (await session).release();
        },
    };
}
async function multiplyBySelf(set, out, multiply) {
    const { rows, columns } = set;
    const first = (to, from = 0) => (0,matrix/* matrix */.U)(set.data.subarray(from * columns, to * columns), to - from, columns);
    const height = Math.max(thinnestBand, Math.ceil(rows / symmetricBands));
    const band = new Float64Array(Math.min(height, rows) * rows);
    for (let from = 0; from < rows; from += height) {
        const to = Math.min(rows, from + height);
        const products = band.subarray(0, (to - from) * to);
        await multiply(first(to, from), first(to), true, products);
        for (let i = from; i < to; i++)
            out.set(products.subarray((i - from) * to, (i - from) * to + i + 1), i * rows);
    }
    mirrorLower(out, rows);
}
function runtime_products_open(onnxruntime, turned, threads) {
    const graph = new build/* GraphBuilder */.Q('product');
    graph.input('a', ['rows', 'inner'], 'float64');
    graph.input('b', turned ? ['columns', 'inner'] : ['inner', 'columns'], 'float64');
    (0,run_into/* withholdOutputs */.S)(graph);
    graph.output(graph.node('Gemm', ['a', 'b'], { transB: turned ? 1 : 0 }, 'y'), ['rows', 'columns'], 'float64');
    return onnxruntime.InferenceSession.create((0,write/* writeModel */.B)(graph.model()), {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        enableMemPattern: false,
        logSeverityLevel: 3,
        // Between products there is other work to do: threads that wait for the next one by spinning would be in its way.
        extra: { session: { 'intra_op.allow_spinning': '0' } },
    });
}

// EXTERNAL MODULE: ./src/runtime/require-native.ts
var require_native = __webpack_require__(587);
;// CONCATENATED MODULE: ./src/probe/metrics.ts

/**
 * The score of predictions by a metric of the manifest.
 * `balanced_accuracy`: mean recall of the classes among the images. `auc`: binary, of class 1. `macro_auc`: mean of the
 * labels' AUCs, each label against the rest; labels that all or none of the images have are left out and counted.
 * @throws measure-refused when the metric does not fit the task, or no label can be scored
 */
function scoreOf(metric, predicted) {
    const { labels, classes, task } = predicted;
    switch (metric) {
        case 'accuracy':
        case 'balanced_accuracy': {
            if (task === 'multilabel')
                return refuse(metric, task, 'macro_auc');
            const truth = labels.map((own) => own[0]);
            const found = metrics_mostProbable(predicted);
            return {
                score: metric === 'accuracy' ? accuracy(truth, found) : balancedAccuracy(truth, found, classes),
                skippedLabels: 0,
            };
        }
        case 'auc':
            if (task !== 'binary')
                return refuse(metric, task, 'macro_auc');
            return meanAuc(predicted, [1]);
        case 'macro_auc':
            return meanAuc(predicted, task === 'binary' ? [1] : Array.from({ length: classes }, (_, label) => label));
    }
}
/** Share of images predicted right. */
function accuracy(truth, predicted) {
    return truth.filter((label, i) => label === predicted[i]).length / truth.length;
}
/** Mean over the classes among `truth` of the share of their images predicted right. */
function balancedAccuracy(truth, predicted, classes) {
    const right = new Float64Array(classes);
    const all = new Float64Array(classes);
    truth.forEach((label, i) => {
        all[label] = all[label] + 1;
        if (predicted[i] === label)
            right[label] = right[label] + 1;
    });
    let sum = 0;
    let present = 0;
    for (let c = 0; c < classes; c++) {
        if (all[c] === 0)
            continue;
        sum += right[c] / all[c];
        present++;
    }
    return sum / present;
}
/**
 * Probability that a positive scores above a negative, ties counting half: the Mann–Whitney statistic over all pairs
 * (Hanley & McNeil 1982). `undefined` when all are positive or all negative.
 */
function auc(positive, scores) {
    const order = positive.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
    const positives = positive.filter(Boolean).length;
    const negatives = positive.length - positives;
    if (positives === 0 || negatives === 0)
        return undefined;
    let ranks = 0;
    for (let from = 0; from < order.length;) {
        let to = from;
        while (to < order.length && scores[order[to]] === scores[order[from]])
            to++;
        for (let i = from; i < to; i++)
            if (positive[order[i]])
                ranks += (from + to + 1) / 2;
        from = to;
    }
    return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
/** The class predicted for each image; the lower index where two are equally probable. */
function metrics_mostProbable({ probabilities, classes, task }) {
    const outputs = task === 'binary' ? 1 : classes;
    const found = [];
    for (let i = 0; i < probabilities.length; i += outputs) {
        let best = 0;
        if (outputs === 1)
            best = probabilities[i] > 0.5 ? 1 : 0;
        else
            for (let k = 1; k < outputs; k++)
                if (probabilities[i + k] > probabilities[i + best])
                    best = k;
        found.push(best);
    }
    return found;
}
function meanAuc({ labels, probabilities, classes, task }, wanted) {
    const outputs = task === 'binary' ? 1 : classes;
    const found = [];
    for (const label of wanted) {
        const scores = labels.map((_, i) => probabilities[i * outputs + (outputs === 1 ? 0 : label)]);
        const value = auc(labels.map((own) => own.includes(label)), scores);
        if (value !== undefined)
            found.push(value);
    }
    if (found.length === 0)
        throw new errors/* TransferEvidenceError */.Bh('measure-refused', 'AUC needs images with and without a label in every test fold, and a test fold has only one side of every label. Add groups (patients, slides, images) of the rarest class, at least one for each fold.');
    return { score: found.reduce((sum, x) => sum + x, 0) / found.length, skippedLabels: wanted.length - found.length };
}
function refuse(metric, task, instead) {
    throw new errors/* TransferEvidenceError */.Bh('measure-refused', `The metric ${metric} is not defined for a ${task} task; name ${instead} as target.task.metric.`);
}

// EXTERNAL MODULE: ./src/probe/protocol.ts
var probe_protocol = __webpack_require__(856);
;// CONCATENATED MODULE: ./src/probe/result.ts


/** Puts the splits' results, in the order of the protocol's splits, into one. */
function result_gatherResults(protocol, results) {
    const { labels, classes, task, splits } = protocol;
    const outputs = outputsOf(task, classes);
    const images = labels.length;
    const repeats = Math.max(...splits.map(({ repeat }) => repeat)) + 1;
    const probabilities = new Array(repeats * images * outputs).fill(0);
    const predicted = task === 'multilabel' ? null : new Array(repeats * images).fill(0);
    splits.forEach(({ repeat, test }, index) => {
        const own = results[index].probabilities;
        const found = predicted && mostProbable({ probabilities: own, classes, task });
        test.forEach((image, i) => {
            const at = repeat * images + image;
            for (let k = 0; k < outputs; k++)
                probabilities[at * outputs + k] = Math.round(own[i * outputs + k] * 1e5) / 1e5;
            if (found)
                predicted[at] = found[i];
        });
    });
    return {
        scores: results.map(({ score }) => score),
        skippedLabels: results.reduce((sum, { skippedLabels }) => sum + skippedLabels, 0),
        configurations: results.map(({ configuration }) => configuration),
        converged: results.every(({ converged }) => converged),
        iterations: results.reduce((sum, { iterations }) => sum + iterations, 0),
        predictions: { repeats, images, outputs, probabilities, classes: predicted },
        sameness: sameness(protocol, results.map((result) => result.probabilities), predicted),
    };
}
/**
 * How near predictions are to being the same whatever the image. For accuracies: the share of the images of all other
 * classes that were given the class predicted most often. For AUCs, which need no class to be named: the share of a
 * fold's images that have the fold's commonest probabilities, averaged over folds.
 * @param folds of each fold: test images × outputs, row-major
 * @param predicted the class given to each image, repeat by repeat; null for multi-label
 * @returns 0 … 1; NaN when accuracies have no image of another class to go by
 */
function sameness({ labels, classes, metric, task }, folds, predicted) {
    if (predicted && (metric === 'accuracy' || metric === 'balanced_accuracy')) {
        const counts = new Float64Array(classes);
        for (const found of predicted)
            counts[found] = counts[found] + 1;
        const commonest = counts.indexOf(Math.max(...counts));
        const others = predicted.filter((_, at) => labels[at % labels.length][0] !== commonest);
        return others.filter((found) => found === commonest).length / others.length;
    }
    const outputs = outputsOf(task, classes);
    const shares = folds.map((probabilities) => commonestShare(probabilities, outputs));
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
function commonestShare(probabilities, outputs) {
    const counts = new Map();
    for (let i = 0; i < probabilities.length; i += outputs) {
        const key = probabilities
            .slice(i, i + outputs)
            .map((p) => p.toFixed(6))
            .join(' ');
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return (Math.max(...counts.values()) * outputs) / probabilities.length;
}

// EXTERNAL MODULE: ./src/random.ts + 3 modules
var src_random = __webpack_require__(639);
;// CONCATENATED MODULE: ./src/probe/splits.ts


/**
 * Repeated stratified grouped k-fold. No group is on both sides of a split, every image is tested once a repeat, and
 * classes are spread over the folds as evenly as whole groups permit.
 *
 * One class an image: groups in random order, those that bend the class balance most first, each to the fold where the
 * spread of class shares over folds stays smallest. Multi-label: iterative stratification (Sechidis, Tsoumakas &
 * Vlahavas 2011, algorithm 1) over groups: the rarest label left goes first, to the fold that wants most of it.
 *
 * @throws measure-refused when some class has too few groups for every train fold to hold it
 * @throws shape-mismatch when labels and groups differ in number
 */
function groupedStratifiedFolds(request) {
    const { labels, groups, classes, folds, repeats, seed, groupsInTrain = 2 } = request;
    if (labels.length !== groups.length)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `Every image needs a group: ${labels.length} images, ${groups.length} groups were given.`);
    const gathered = gather(request);
    refuseRareClasses(request, gathered);
    const splits = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
        const assignment = assign(request, gathered, seed, repeat);
        for (let fold = 0; fold < folds; fold++) {
            const test = gathered.flatMap(({ images }, g) => (assignment[g] === fold ? images : [])).sort((a, b) => a - b);
            const held = new Set(test);
            splits.push({ repeat, fold, train: labels.map((_, image) => image).filter((image) => !held.has(image)), test });
        }
    }
    return splits;
    /** The first random order whose train folds all hold every class: groups of several classes can defeat a greedy one. */
    function assign({ multilabel }, items, from, repeat) {
        for (let attempt = 0; attempt < 20; attempt++) {
            const random = (0,src_random/* seededRandom */.I)(from, 'folds', repeat, attempt);
            const assignment = multilabel
                ? iterativeStratification(items, classes, folds, random)
                : evenShares(items, classes, folds, random);
            if (trainsHoldEveryClass(assignment, items, request, groupsInTrain))
                return assignment;
        }
        throw new errors/* TransferEvidenceError */.Bh('measure-refused', `No division into ${folds} folds was found whose train folds all hold ${groupsInTrain} groups of every class. Add groups (patients, slides, or images where there are no groups) of the rarest classes.`);
    }
}
function gather({ labels, groups, classes }) {
    const byName = new Map();
    groups.forEach((name, image) => {
        let group = byName.get(name);
        if (!group) {
            group = { images: [], counts: new Float64Array(classes) };
            byName.set(name, group);
        }
        group.images.push(image);
        for (const label of labels[image]) {
            if (!(Number.isInteger(label) && label >= 0 && label < classes))
                throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `Labels are class indices from 0 to ${classes - 1}; image ${image} has ${label}.`);
            group.counts[label] = group.counts[label] + 1;
        }
    });
    return [...byName.values()];
}
/** For multi-label a label must be absent somewhere as well as present. */
function sides(group, label, multilabel) {
    const count = group.counts[label];
    return [count > 0, !multilabel || count < group.images.length];
}
function refuseRareClasses({ classes, folds, multilabel, groupsInTrain = 2 }, groups) {
    const needed = groupsInTrain + 1;
    if (groups.length < folds)
        throw new errors/* TransferEvidenceError */.Bh('measure-refused', `${folds} folds need at least ${folds} groups; the target has ${groups.length}.`);
    for (let label = 0; label < classes; label++) {
        const found = [0, 1].map((side) => groups.filter((group) => sides(group, label, multilabel)[side]).length);
        const few = Math.min(found[0], found[1]);
        if (few < needed)
            throw new errors/* TransferEvidenceError */.Bh('measure-refused', `Every class needs at least ${needed} groups (patients, slides, or images where there are no groups) that ${found[0] < needed ? 'have' : 'lack'} it; class ${label} has ${few}. Add images or leave the class out.`);
    }
}
function trainsHoldEveryClass(assignment, groups, request, needed) {
    const { classes, folds, multilabel } = request;
    for (let fold = 0; fold < folds; fold++)
        for (let label = 0; label < classes; label++) {
            const held = [0, 0];
            groups.forEach((group, g) => {
                if (assignment[g] === fold)
                    return;
                const [present, absent] = sides(group, label, multilabel);
                held[0] += Number(present);
                held[1] += Number(absent);
            });
            if (Math.min(held[0], held[1]) < needed)
                return false;
        }
    return true;
}
function evenShares(groups, classes, folds, random) {
    const totals = new Float64Array(classes);
    for (const { counts } of groups)
        for (let c = 0; c < classes; c++)
            totals[c] = totals[c] + counts[c];
    const order = random
        .shuffled(groups.map((_, g) => g))
        .map((g) => ({ g, weight: deviation(groups[g].counts) }))
        .sort((a, b) => b.weight - a.weight);
    const shares = Array.from({ length: classes }, () => new Float64Array(folds));
    const sizes = new Float64Array(folds);
    const assignment = new Int32Array(groups.length);
    for (const { g } of order) {
        const { counts, images } = groups[g];
        let best = 0;
        let least = Number.POSITIVE_INFINITY;
        for (let fold = 0; fold < folds; fold++) {
            let spread = 0;
            for (let c = 0; c < classes; c++) {
                const row = shares[c];
                const before = row[fold];
                if (totals[c] > 0)
                    row[fold] = before + counts[c] / totals[c];
                spread += deviation(row);
                row[fold] = before;
            }
            // Rounding makes equal spreads differ in the last digits; ties go to the smaller fold.
            if (spread < least - 1e-12 || (spread < least + 1e-12 && sizes[fold] < sizes[best])) {
                best = fold;
                least = spread;
            }
        }
        assignment[g] = best;
        sizes[best] = sizes[best] + images.length;
        for (let c = 0; c < classes; c++)
            if (totals[c] > 0)
                shares[c][best] = shares[c][best] + counts[c] / totals[c];
    }
    return assignment;
}
function deviation(values) {
    let sum = 0;
    for (const x of values)
        sum += x;
    const mean = sum / values.length;
    let squares = 0;
    for (const x of values)
        squares += (x - mean) ** 2;
    return Math.sqrt(squares / values.length);
}
function iterativeStratification(groups, classes, folds, random) {
    const images = groups.reduce((sum, group) => sum + group.images.length, 0);
    const wanted = new Float64Array(folds).fill(images / folds);
    const wantedOf = Array.from({ length: classes }, (_, c) => new Float64Array(folds).fill(groups.reduce((sum, { counts }) => sum + counts[c], 0) / folds));
    const assignment = new Int32Array(groups.length).fill(-1);
    const left = new Set(random.shuffled(groups.map((_, g) => g)));
    const place = (g, preferred) => {
        const { counts, images: members } = groups[g];
        let fold = 0;
        for (let other = 1; other < folds; other++) {
            const deciding = preferred.find((wants) => Math.abs(wants[other] - wants[fold]) > 1e-9);
            if (deciding && deciding[other] > deciding[fold])
                fold = other;
        }
        assignment[g] = fold;
        left.delete(g);
        wanted[fold] = wanted[fold] - members.length;
        for (let c = 0; c < classes; c++)
            wantedOf[c][fold] = wantedOf[c][fold] - counts[c];
    };
    for (;;) {
        let rarest = -1;
        let fewest = Number.POSITIVE_INFINITY;
        for (let c = 0; c < classes; c++) {
            let count = 0;
            for (const g of left)
                count += groups[g].counts[c];
            if (count > 0 && count < fewest) {
                rarest = c;
                fewest = count;
            }
        }
        if (rarest < 0)
            break;
        const bearers = [...left].filter((g) => groups[g].counts[rarest] > 0);
        bearers.sort((a, b) => groups[b].counts[rarest] - groups[a].counts[rarest]);
        for (const g of bearers)
            place(g, [wantedOf[rarest], wanted]);
    }
    for (const g of [...left].sort((a, b) => groups[b].images.length - groups[a].images.length))
        place(g, [wanted]);
    return assignment;
}

;// CONCATENATED MODULE: ./src/probe/linear/tile.ts
/**
 * The nine dot products, over columns `from` to `to`, of three rows of `a` with three rows of `b`, into `sums` row by row
 * of `a`. Three by three running sums and their six operands are what the floating-point registers hold.
 */
function tileSums(a, aStart, aStride, b, bStart, bStride, from, to, sums) {
    let s00 = 0;
    let s01 = 0;
    let s02 = 0;
    let s10 = 0;
    let s11 = 0;
    let s12 = 0;
    let s20 = 0;
    let s21 = 0;
    let s22 = 0;
    let p0 = aStart + from;
    let p1 = p0 + aStride;
    let p2 = p1 + aStride;
    let q0 = bStart + from;
    let q1 = q0 + bStride;
    let q2 = q1 + bStride;
    for (let k = from; k < to; k++) {
        const x0 = a[p0++];
        const x1 = a[p1++];
        const x2 = a[p2++];
        const y0 = b[q0++];
        const y1 = b[q1++];
        const y2 = b[q2++];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s20 += x2 * y0;
        s21 += x2 * y1;
        s22 += x2 * y2;
    }
    sums[0] = s00;
    sums[1] = s01;
    sums[2] = s02;
    sums[3] = s10;
    sums[4] = s11;
    sums[5] = s12;
    sums[6] = s20;
    sums[7] = s21;
    sums[8] = s22;
}

;// CONCATENATED MODULE: ./src/probe/linear/cholesky.ts


/**
 * Factors A = L Lᵀ by rows, three at a time (Cholesky–Banachiewicz), so that almost all of the work is dot products
 * of contiguous rows.
 * @param entry the matrix, n × n, row-major; only its lower triangle is read
 * @throws measure-refused when A is not positive definite
 */
function cholesky(entry, n) {
    // Padded with rows of the identity to whole blocks of three.
    const size = n + ((3 - (n % 3)) % 3);
    const lower = new Float64Array(size * size);
    for (let i = 0; i < n; i++)
        lower.set(entry.subarray(i * n, i * n + i + 1), i * size);
    for (let i = n; i < size; i++)
        lower[i * size + i] = 1;
    const sums = new Float64Array(9);
    for (let i = 0; i < size; i += 3) {
        for (let j = 0; j <= i; j += 3) {
            tileSums(lower, i * size, size, lower, j * size, size, 0, j, sums);
            for (let r = 0; r < 3; r++) {
                const row = (i + r) * size;
                for (let c = 0; c < 3 && j + c <= i + r; c++) {
                    const column = (j + c) * size;
                    let rest = lower[row + j + c] - sums[r * 3 + c];
                    for (let k = j; k < j + c; k++)
                        rest -= lower[row + k] * lower[column + k];
                    if (i + r !== j + c)
                        lower[row + j + c] = rest / lower[column + j + c];
                    else if (rest > 0)
                        lower[row + j + c] = Math.sqrt(rest);
                    else
                        throw new errors/* TransferEvidenceError */.Bh('measure-refused', `A positive definite matrix was expected; pivot ${i + r} of ${n} is ${rest}. Check the features for values that are not finite.`);
                }
            }
        }
    }
    const upper = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
        for (let j = i; j < size; j++)
            upper[i * size + j] = lower[j * size + i];
    return { solve: (values, count, out) => solve(lower, upper, size, n, values, count, out) };
}
function solve(lower, upper, size, n, values, count, out) {
    const x = new Float64Array(count * size);
    for (let k = 0; k < count; k++)
        x.set(values.subarray(k * n, k * n + n), k * size);
    const sums = new Float64Array(9);
    const tiled = count - (count % 3);
    for (let i = 0; i < size; i += 3) {
        for (let k = 0; k < count; k += k < tiled ? 3 : 1) {
            const width = k < tiled ? 3 : 1;
            if (width === 3)
                tileSums(lower, i * size, size, x, k * size, size, 0, i, sums);
            else
                columnSums(lower, i * size, size, x, k * size, 0, i, sums);
            for (let c = 0; c < width; c++) {
                const at = (k + c) * size + i;
                const x0 = (x[at] - sums[c]) / lower[i * size + i];
                const x1 = (x[at + 1] - sums[3 + c] - lower[(i + 1) * size + i] * x0) / lower[(i + 1) * size + i + 1];
                const row = (i + 2) * size + i;
                x[at + 2] = (x[at + 2] - sums[6 + c] - lower[row] * x0 - lower[row + 1] * x1) / lower[row + 2];
                x[at] = x0;
                x[at + 1] = x1;
            }
        }
    }
    for (let i = size - 3; i >= 0; i -= 3) {
        for (let k = 0; k < count; k += k < tiled ? 3 : 1) {
            const width = k < tiled ? 3 : 1;
            if (width === 3)
                tileSums(upper, i * size, size, x, k * size, size, i + 3, size, sums);
            else
                columnSums(upper, i * size, size, x, k * size, i + 3, size, sums);
            for (let c = 0; c < width; c++) {
                const at = (k + c) * size + i;
                const x2 = (x[at + 2] - sums[6 + c]) / upper[(i + 2) * size + i + 2];
                const x1 = (x[at + 1] - sums[3 + c] - upper[(i + 1) * size + i + 2] * x2) / upper[(i + 1) * size + i + 1];
                const row = i * size + i;
                x[at] = (x[at] - sums[c] - upper[row + 1] * x1 - upper[row + 2] * x2) / upper[row];
                x[at + 1] = x1;
                x[at + 2] = x2;
            }
        }
    }
    for (let k = 0; k < count; k++)
        out.set(x.subarray(k * size, k * size + n), k * n);
}
/** As {@link tileSums} for one row of `b`: `sums` 0, 3 and 6. Two running sums a row hide the additions' latency. */
function columnSums(a, aStart, aStride, b, bStart, from, to, sums) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let t0 = 0;
    let t1 = 0;
    let t2 = 0;
    let k = from;
    for (; k + 1 < to; k += 2) {
        const p = aStart + k;
        const y0 = b[bStart + k];
        const y1 = b[bStart + k + 1];
        s0 += a[p] * y0;
        t0 += a[p + 1] * y1;
        s1 += a[p + aStride] * y0;
        t1 += a[p + aStride + 1] * y1;
        s2 += a[p + 2 * aStride] * y0;
        t2 += a[p + 2 * aStride + 1] * y1;
    }
    if (k < to) {
        const y = b[bStart + k];
        s0 += a[aStart + k] * y;
        s1 += a[aStart + aStride + k] * y;
        s2 += a[aStart + 2 * aStride + k] * y;
    }
    sums[0] = s0 + t0;
    sums[3] = s1 + t1;
    sums[6] = s2 + t2;
}

;// CONCATENATED MODULE: ./src/probe/linear/lbfgs.ts

/** Limited-memory BFGS (Nocedal 1980; Nocedal & Wright 2006, algorithm 7.4) with a weak-Wolfe line search. */
function lbfgs(objective, start, options) {
    const search = searchFrom(objective, start, options);
    let step = search.next(Number.NaN);
    while (!step.done) {
        const { kind, at, into } = step.value;
        if (kind === 'evaluate')
            step = search.next(objective.evaluate(at, into));
        else {
            objective[kind](at, into);
            step = search.next(Number.NaN);
        }
    }
    return step.value;
}
/** As {@link lbfgs}, for an objective whose numbers are waited for. */
async function awaitedLbfgs(objective, start, options) {
    const search = searchFrom(objective, start, options);
    let step = search.next(Number.NaN);
    while (!step.done) {
        const { kind, at, into } = step.value;
        if (kind === 'evaluate')
            step = search.next(await objective.evaluate(at, into));
        else {
            await objective[kind](at, into);
            step = search.next(Number.NaN);
        }
    }
    return step.value;
}
function* searchFrom(objective, start, { tolerance, maxIterations, memory = 5 }) {
    const pair = objective.pair ?? ((gradient, direction) => dot(gradient, 0, direction, 0, gradient.length));
    const free = start.length - (objective.carried ?? 0);
    const length = objective.gradientLength ?? free;
    const corrections = [];
    let position = Float64Array.from(start);
    let gradient = new Float64Array(length);
    let value = yield { kind: 'evaluate', at: position, into: gradient };
    let turned;
    for (let iterations = 0;; iterations++) {
        if (objective.precondition && objective.rescaled) {
            const next = new Float64Array(free);
            yield { kind: 'precondition', at: gradient, into: next };
            const newest = corrections.at(-1);
            if (turned && newest && !newest.turned)
                newest.turned = difference(next, turned);
            turned = next;
        }
        const along = new Float64Array(start.length);
        const direction = along.subarray(0, free);
        yield* newton(objective, pair, { gradient, turned, corrections, direction });
        const slope = pair(gradient, direction);
        if (-slope / 2 <= tolerance * Math.abs(value))
            return { position, value, iterations, converged: true };
        if (iterations === maxIterations)
            return { position, value, iterations, converged: false };
        if (free < start.length)
            yield { kind: 'complete', at: direction, into: along.subarray(free) };
        const found = yield* lineSearch(pair, { position, value, along, direction, slope, length });
        if (!found)
            return { position, value, iterations, converged: false };
        const step = difference(found.position.subarray(0, free), position.subarray(0, free));
        const change = difference(found.gradient, gradient);
        const curvature = pair(change, step);
        if (curvature > 0) {
            corrections.push({ step, change, curvature });
            if (corrections.length > memory)
                corrections.shift();
        }
        ({ position, gradient, value } = found);
    }
}
/** Writes −Hg into the direction, by the two-loop recursion. @param from.turned H₀g, where H₀ is rescaled */
function* newton({ precondition }, pair, from) {
    const { gradient, turned, corrections, direction } = from;
    const rest = Float64Array.from(gradient);
    const weights = [];
    for (let i = corrections.length - 1; i >= 0; i--) {
        const { step, change, curvature } = corrections[i];
        weights[i] = pair(rest, step) / curvature;
        addScaled(rest, -weights[i], change);
    }
    const newest = corrections.at(-1);
    if (turned) {
        // H₀ is linear, so that H₀ times the rest comes from what H₀ made of the gradients: it is asked for once a step.
        const expected = newest ? pair(newest.change, newest.turned) : 0;
        const scale = newest && expected > 0 ? newest.curvature / expected : 1;
        addScaled(direction, -scale, turned);
        corrections.forEach((correction, i) => {
            addScaled(direction, scale * weights[i], correction.turned);
        });
    }
    else {
        for (let i = 0; i < rest.length; i++)
            rest[i] = -rest[i];
        if (precondition)
            yield { kind: 'precondition', at: rest, into: direction };
        else {
            const scale = newest ? newest.curvature / pair(newest.change, newest.change) : 1;
            for (let i = 0; i < direction.length; i++)
                direction[i] = scale * rest[i];
        }
    }
    for (let i = 0; i < corrections.length; i++) {
        const { step, change, curvature } = corrections[i];
        addScaled(direction, -weights[i] - pair(change, direction) / curvature, step);
    }
}
/** Step by bisection and doubling (Lewis & Overton 2013, algorithm 2.6); `undefined` when rounding leaves no decrease. */
function* lineSearch(pair, from) {
    const { along, direction, slope, length } = from;
    const rounding = 1e-15 * Math.abs(from.value);
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let t = 1;
    for (let trial = 0; trial < 40; trial++) {
        const position = Float64Array.from(from.position);
        addScaled(position, t, along);
        const gradient = new Float64Array(length);
        const value = yield { kind: 'evaluate', at: position, into: gradient };
        if (!(value <= from.value + 1e-4 * t * slope + rounding))
            high = t;
        else if (pair(gradient, direction) < 0.9 * slope)
            low = t;
        else
            return { position, gradient, value };
        t = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
    }
    return undefined;
}
function difference(a, b) {
    const out = new Float64Array(a.length);
    for (let i = 0; i < out.length; i++)
        out[i] = a[i] - b[i];
    return out;
}
function addScaled(target, factor, values) {
    let i = 0;
    for (; i + 3 < target.length; i += 4) {
        target[i] = target[i] + factor * values[i];
        target[i + 1] = target[i + 1] + factor * values[i + 1];
        target[i + 2] = target[i + 2] + factor * values[i + 2];
        target[i + 3] = target[i + 3] + factor * values[i + 3];
    }
    for (; i < target.length; i++)
        target[i] = target[i] + factor * values[i];
}

;// CONCATENATED MODULE: ./src/probe/linear/positive-inverse.ts




/** Rows up to which loops invert faster than products of quarters do. */
const fewestRows = 64;
/**
 * The inverse of a symmetric positive definite matrix, n × n and symmetric to the bit. A is taken in quarters: its first
 * quarter and what that leaves of the last (the Schur complement) are inverted likewise, and the rest is products of
 * matrices, ⅔ n³ multiplications. Banachiewicz 1937; Golub & Van Loan 2013, section 3.2.11. Errors grow with the condition
 * of A as in every explicit inverse: good for preconditioning, not for the last digits of a solution.
 * @throws measure-refused when A is not positive definite
 */
async function positiveInverse(a, products) {
    const n = a.rows;
    if (n <= fewestRows)
        return inverseInLoops(a);
    const half = n >> 1;
    const first = await positiveInverse(quarter(a, 0, half, 0, half), products);
    const below = quarter(a, half, n, 0, half);
    // P = A₁₁⁻¹ A₁₂, by rows of its transpose: A is symmetric.
    const p = await products.product(below, first);
    const schur = quarter(a, half, n, half, n);
    const taken = await products.rows(p, below);
    for (let i = 0; i < schur.data.length; i++)
        schur.data[i] = schur.data[i] - taken.data[i];
    const last = await positiveInverse(schur, products);
    const q = await products.product(last, p);
    const change = await products.product(transposed(p), q);
    const out = (0,matrix/* matrix */.U)(new Float64Array(n * n), n, n);
    for (let i = 0; i < half; i++)
        for (let j = 0; j <= i; j++)
            out.data[i * n + j] = first.data[i * half + j] + change.data[i * half + j];
    for (let i = half; i < n; i++) {
        const row = i - half;
        for (let j = 0; j < half; j++)
            out.data[i * n + j] = -q.data[row * half + j];
        out.data.set(last.data.subarray(row * (n - half), row * (n - half) + row + 1), i * n + half);
    }
    mirrorLower(out.data, n);
    return out;
}
function inverseInLoops({ data, rows }) {
    const unit = new Float64Array(rows * rows);
    for (let i = 0; i < rows; i++)
        unit[i * rows + i] = 1;
    const out = new Float64Array(rows * rows);
    cholesky(data, rows).solve(unit, rows, out);
    mirrorLower(out, rows);
    return (0,matrix/* matrix */.U)(out, rows, rows);
}
function quarter({ data, columns }, top, bottom, left, right) {
    const out = (0,matrix/* matrix */.U)(new Float64Array((bottom - top) * (right - left)), bottom - top, right - left);
    for (let i = top; i < bottom; i++)
        out.data.set(data.subarray(i * columns + left, i * columns + right), (i - top) * (right - left));
    return out;
}

;// CONCATENATED MODULE: ./src/probe/linear/softmax-regression.ts



/** What one fit of a path must reach. */
function limitsOf({ tolerance = 1e-12, onTheWay = tolerance, maxIterations = 300 }, last) {
    return { tolerance: last ? tolerance : onTheWay, maxIterations };
}
/**
 * Minimises C · Σ log-loss + ½‖W‖² over weights W and unpenalised intercepts, for each C in turn, each from the
 * optimum before it.
 *
 * No weight vector is formed. Any part of W orthogonal to the train rows costs penalty and changes no score, so the
 * optimum is W = Σᵢ aᵢ xᵢ (the representer theorem: Kimeldorf & Wahba 1971) and the problem is exactly one in the
 * coefficients a, with scores Ga and penalty ½aᵀGa, whatever the number of columns. Its gradient with respect to W is
 * Σᵢ gᵢ xᵢ with g = C(P − Y) + a. L-BFGS starts from the inverse of I + C·XᵀSX, where S is the curvature of the loss
 * at each image; applied to the gradient that is Σᵢ zᵢ xᵢ with (S⁻¹ + C·G) z = S⁻¹g. As C·Gz = S⁻¹(g − z), one
 * triangular solve is all the matrix work of an iteration: scores and line search need no product with G.
 *
 * @param costs C, ascending; larger is less regularised
 */
function softmaxRegressionPath(problem, costs, options = {}) {
    const { outputs } = problem;
    const n = problem.targets.length / outputs;
    const size = outputs * n;
    const gram = centred(problem.gram, n);
    let position = new Float64Array(2 * size + outputs);
    return costs.map((cost, at) => {
        const limits = limitsOf(options, at === costs.length - 1);
        const minimum = lbfgs(objectiveOf(problem, gram, cost, position), position, limits);
        position = minimum.position;
        // The scores were carried along, not computed from the coefficients; where the two disagree the value is not true.
        position.set(dotProducts(position.subarray(0, size), outputs, gram, n, n), size);
        const objective = evaluate(position, new Float64Array(size + outputs), problem, n, cost);
        return {
            ...uncentred(position, problem.gram, outputs, n),
            objective,
            iterations: minimum.iterations,
            converged: minimum.converged && Math.abs(objective - minimum.value) <= 10 * limits.tolerance * objective,
        };
    });
}
/** The objective in positions [a | Ga | intercepts] and gradients [g | its intercept part]. */
function objectiveOf(problem, gram, cost, start) {
    const { outputs } = problem;
    const n = problem.targets.length / outputs;
    const size = outputs * n;
    const { inverses, total } = curvatures(start, problem, n);
    const matrix = gram.map((x) => cost * x);
    for (let i = 0; i < n; i++)
        matrix[i * n + i] = matrix[i * n + i] + inverses[i];
    const factor = cholesky(matrix, n);
    const scaled = new Float64Array(size);
    return {
        gradientLength: size + outputs,
        evaluate: (at, gradient) => evaluate(at, gradient, problem, n, cost),
        pair: (gradient, direction) => dot(gradient, 0, direction, size, gradient.length),
        precondition: (gradient, direction) => {
            for (let i = 0; i < size; i++)
                scaled[i] = inverses[i % n] * gradient[i];
            factor.solve(scaled, outputs, direction);
            for (let i = 0; i < size; i++)
                direction[size + i] = (inverses[i % n] * (gradient[i] - direction[i])) / cost;
            for (let k = 0; k < outputs; k++)
                direction[2 * size + k] = gradient[size + k] / (cost * total);
        },
    };
}
/**
 * S⁻¹ and the sum of S: p(1 − p) of each image, averaged over outputs. It is halved because probabilities sharpen
 * on the way to the optimum, and mixed with its mean because an image can leave the flat part of the loss.
 */
function curvatures(at, problem, n) {
    const { outputs, link } = problem;
    const size = outputs * n;
    const probabilities = new Float64Array(size);
    scoresAt(at, outputs, n, probabilities);
    toProbabilities(probabilities, outputs, link);
    const curvature = new Float64Array(n);
    const freedom = link === 'softmax' ? outputs - 1 : outputs;
    for (let i = 0; i < size; i++)
        curvature[i % n] = curvature[i % n] + (probabilities[i] * (1 - probabilities[i])) / freedom;
    const mean = curvature.reduce((sum, x) => sum + x, 0) / n;
    const mixed = curvature.map((x) => Math.max(1e-4, (0.9 * x + 0.1 * mean) / 2));
    return { inverses: mixed.map((x) => 1 / x), total: mixed.reduce((sum, x) => sum + x, 0) };
}
/** Scores of further rows from their dot products with the train rows (m × n): outputs × m. */
function scoresOf(model, cross, m) {
    const outputs = model.intercepts.length;
    const n = model.coefficients.length / outputs;
    const scores = new Float64Array(outputs * m);
    for (let k = 0; k < outputs; k++)
        for (let j = 0; j < m; j++)
            scores[k * m + j] = dot(model.coefficients, k * n, cross, j * n, n) + model.intercepts[k];
    return scores;
}
/**
 * Turns scores (outputs × m) into probabilities in place.
 * @returns Σ −log p(target) over images, for sigmoid over outputs too, when targets of the same shape are given
 */
function toProbabilities(scores, outputs, link, targets) {
    const m = scores.length / outputs;
    let loss = 0;
    if (link === 'sigmoid') {
        for (let i = 0; i < scores.length; i++) {
            const score = scores[i];
            if (targets)
                loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - targets[i] * score;
            scores[i] = sigmoid(score);
        }
        return loss;
    }
    const largest = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
    const sums = new Float64Array(m);
    for (let k = 0; k < outputs; k++)
        for (let i = 0; i < m; i++)
            if (scores[k * m + i] > largest[i])
                largest[i] = scores[k * m + i];
    for (let k = 0; k < outputs; k++)
        for (let i = 0; i < m; i++) {
            const score = scores[k * m + i] - largest[i];
            if (targets)
                loss -= targets[k * m + i] * score;
            const exponential = Math.exp(score);
            sums[i] = sums[i] + exponential;
            scores[k * m + i] = exponential;
        }
    if (targets)
        for (let i = 0; i < m; i++)
            loss += Math.log(sums[i]);
    for (let k = 0; k < outputs; k++)
        for (let i = 0; i < m; i++)
            scores[k * m + i] = scores[k * m + i] / sums[i];
    return loss;
}
function scoresAt(at, outputs, n, scores) {
    const size = outputs * n;
    for (let k = 0; k < outputs; k++) {
        const intercept = at[2 * size + k];
        for (let i = k * n; i < (k + 1) * n; i++)
            scores[i] = at[size + i] + intercept;
    }
}
function evaluate(at, gradient, problem, n, cost) {
    const { outputs, targets, link } = problem;
    const size = outputs * n;
    scoresAt(at, outputs, n, gradient);
    const loss = toProbabilities(gradient.subarray(0, size), outputs, link, targets);
    for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let i = k * n; i < (k + 1) * n; i++) {
            const residual = cost * (gradient[i] - targets[i]);
            sum += residual;
            gradient[i] = residual + at[i];
        }
        gradient[size + k] = sum;
    }
    return cost * loss + dot(at, 0, at, size, size) / 2;
}
function sigmoid(x) {
    if (x >= 0)
        return 1 / (1 + Math.exp(-x));
    const e = Math.exp(x);
    return e / (1 + e);
}
/** Dot products about the mean of the rows. An unpenalised intercept makes the optimum the same, and the start better. */
function centred(gram, n) {
    const means = new Float64Array(n);
    for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = i * n; j < (i + 1) * n; j++)
            sum += gram[j];
        means[i] = sum / n;
    }
    const grand = means.reduce((sum, x) => sum + x, 0) / n;
    const out = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
            out[i * n + j] = gram[i * n + j] - means[i] - means[j] + grand;
    return out;
}
/**
 * The model on rows as they came: Σ aᵢ(xᵢ − mean) = Σ (aᵢ − mean a) xᵢ, and the intercept gives back the score of the mean.
 */
function uncentred(position, gram, outputs, n) {
    const coefficients = position.slice(0, outputs * n);
    const intercepts = position.slice(2 * outputs * n);
    const columnSums = new Float64Array(n);
    for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
            columnSums[j] = columnSums[j] + gram[i * n + j];
    for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let i = k * n; i < (k + 1) * n; i++)
            sum += coefficients[i];
        for (let i = k * n; i < (k + 1) * n; i++)
            coefficients[i] = coefficients[i] - sum / n;
        intercepts[k] = intercepts[k] - dot(coefficients, k * n, columnSums, 0, n) / n;
    }
    return { coefficients, intercepts };
}

;// CONCATENATED MODULE: ./src/probe/linear/regression-on-columns.ts







/** Multiplications from which a compiled product is quickest with the tall matrix first: it is read as it lies. */
const fewestForTall = 2 ** 21;
/** Columns from which an inverse by compiled products costs less than factoring and solving in loops. */
const fewestForInverse = 256;
/**
 * The problem of {@link import('./softmax-regression.ts').softmaxRegressionPath}, with the same optimum, in the weights
 * themselves: for more images than columns, where the matrix of all products of images is the larger one. L-BFGS starts from
 * the inverse of I + C·s·XᵀX, s being the mean curvature of the loss, rescaled as it goes because few images keep that
 * curvature where classes come apart; XᵀX is made once for all C. Scores are carried along with the weights, so that a step
 * costs one product with X and one with Xᵀ, however often its length is tried.
 *
 * @param costs C, ascending; larger is less regularised
 * @param options.products what multiplies matrices; loops where none is given
 */
async function softmaxRegressionOnColumns(problem, costs, { products = products_plainProducts, ...options } = {}) {
    const { columns, outputs } = problem;
    const n = problem.targets.length / outputs;
    const { rows, mean } = centredColumns(problem.rows, n, columns);
    const turned = transposed(rows);
    const centred = { ...problem, n, x: rows, turned, products, moments: await products.rows(turned, turned) };
    const size = outputs * columns;
    let position = new Float64Array(size + outputs * n + outputs);
    const models = [];
    for (const [at, cost] of costs.entries()) {
        const limits = limitsOf(options, at === costs.length - 1);
        const minimum = await awaitedLbfgs(await regression_on_columns_objectiveOf(centred, cost, position), position, limits);
        position = minimum.position;
        // The scores were carried along, not computed from the weights; where the two disagree the value is not true.
        position.set(await scoresBy(centred, position.subarray(0, size)), size + outputs);
        const objective = valueAt(centred, cost, position, regression_on_columns_scoresAt(centred, position));
        const weights = position.slice(0, size);
        const intercepts = position
            .slice(size, size + outputs)
            .map((own, k) => own - dot(weights, k * columns, mean, 0, columns));
        models.push({
            weights,
            intercepts,
            objective,
            iterations: minimum.iterations,
            converged: minimum.converged && Math.abs(objective - minimum.value) <= 10 * limits.tolerance * objective,
        });
    }
    return models;
}
/** Scores of rows (m × columns): outputs × m. */
async function scoresOnColumns({ weights, intercepts }, rows, m, products = products_plainProducts) {
    const outputs = intercepts.length;
    const columns = weights.length / outputs;
    const scores = await fewByTall(products, (0,matrix/* matrix */.U)(weights, outputs, columns), (0,matrix/* matrix */.U)(rows, m, columns));
    return withIntercepts(scores, intercepts, m);
}
/** The objective in positions [W | intercepts | XW], the last carried along. */
async function regression_on_columns_objectiveOf(problem, cost, start) {
    const { n, columns, outputs } = problem;
    const size = outputs * columns;
    const curvature = meanCurvature(problem, start);
    const solve = await solverOf(problem, cost * curvature);
    return {
        rescaled: true,
        carried: outputs * n,
        complete: async (direction, scores) => scores.set(await scoresBy(problem, direction.subarray(0, size))),
        evaluate: (at, gradient) => regression_on_columns_evaluate(problem, cost, at, gradient),
        precondition: async (gradient, direction) => {
            direction.set(await solve(gradient.subarray(0, size)));
            for (let k = 0; k < outputs; k++)
                direction[size + k] = gradient[size + k] / (cost * curvature * n);
        },
    };
}
/** Multiplies the rows of outputs × columns by the inverse of I + scale · XᵀX. */
async function solverOf({ moments, columns, outputs, products }, scale) {
    const a = (0,matrix/* matrix */.U)(new Float64Array(columns * columns), columns, columns);
    for (let i = 0; i < a.data.length; i++)
        a.data[i] = scale * moments.data[i];
    for (let j = 0; j < columns; j++)
        a.data[j * columns + j] = a.data[j * columns + j] + 1;
    if (products.compiled && columns >= fewestForInverse) {
        const inverse = await positiveInverse(a, products);
        return (values) => fewByTall(products, (0,matrix/* matrix */.U)(values, outputs, columns), inverse);
    }
    const factor = cholesky(a.data, columns);
    return async (values) => {
        const out = new Float64Array(values.length);
        factor.solve(values, outputs, out);
        return out;
    };
}
/** XW for weights outputs × columns: outputs × n. */
function scoresBy({ x, outputs, columns, products }, weights) {
    return fewByTall(products, (0,matrix/* matrix */.U)(weights, outputs, columns), x);
}
/** Dot products of a few rows with those of a tall matrix: few.rows × tall.rows. */
async function fewByTall(products, few, tall) {
    if (products.compiled && few.rows * tall.data.length >= fewestForTall)
        return transposed(await products.rows(tall, few)).data;
    return (await products.rows(few, tall)).data;
}
/** p(1 − p) averaged over images and outputs, halved because probabilities sharpen on the way to the optimum. */
function meanCurvature(problem, at) {
    const { n, outputs, link } = problem;
    const probabilities = regression_on_columns_scoresAt(problem, at);
    toProbabilities(probabilities, outputs, link);
    const sum = probabilities.reduce((total, p) => total + p * (1 - p), 0);
    return Math.max(1e-4, sum / (n * (link === 'softmax' ? outputs - 1 : outputs)) / 2);
}
/** XW and intercepts: outputs × n. */
function regression_on_columns_scoresAt({ n, columns, outputs }, at) {
    const size = outputs * columns;
    return withIntercepts(at.slice(size + outputs), at.subarray(size, size + outputs), n);
}
/** Adds its own number to each row of n, in place. */
function withIntercepts(scores, intercepts, n) {
    for (const [k, intercept] of intercepts.entries())
        for (let i = k * n; i < (k + 1) * n; i++)
            scores[i] = scores[i] + intercept;
    return scores;
}
/** @param scores outputs × n with intercepts; probabilities afterwards */
function valueAt({ columns, outputs, targets, link }, cost, at, scores) {
    return cost * toProbabilities(scores, outputs, link, targets) + dot(at, 0, at, 0, outputs * columns) / 2;
}
async function regression_on_columns_evaluate(problem, cost, at, gradient) {
    const { n, columns, outputs, targets, turned, products } = problem;
    const size = outputs * columns;
    const residuals = regression_on_columns_scoresAt(problem, at);
    const value = valueAt(problem, cost, at, residuals);
    for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let i = k * n; i < (k + 1) * n; i++) {
            residuals[i] = cost * (residuals[i] - targets[i]);
            sum += residuals[i];
        }
        gradient[size + k] = sum;
    }
    const ofLoss = await fewByTall(products, (0,matrix/* matrix */.U)(residuals, outputs, n), turned);
    for (let j = 0; j < size; j++)
        gradient[j] = ofLoss[j] + at[j];
    return value;
}
/** A mean below this is rounding: rows that were standardised are about it already, and are not copied. */
const noMean = 1e-12;
/** Rows about their mean, which an unpenalised intercept makes the same problem with a better start. */
function centredColumns(data, n, columns) {
    const mean = new Float64Array(columns);
    for (let i = 0; i < n; i++)
        for (let j = 0; j < columns; j++)
            mean[j] = mean[j] + data[i * columns + j];
    for (let j = 0; j < columns; j++)
        mean[j] = mean[j] / n;
    if (mean.every((value) => Math.abs(value) < noMean))
        return { rows: (0,matrix/* matrix */.U)(data, n, columns), mean: new Float64Array(columns) };
    const rows = new Float64Array(n * columns);
    for (let i = 0; i < n; i++)
        for (let j = 0; j < columns; j++)
            rows[i * columns + j] = data[i * columns + j] - mean[j];
    return { rows: (0,matrix/* matrix */.U)(rows, n, columns), mean };
}

;// CONCATENATED MODULE: ./src/probe/linear/standardised-gram.ts


/** Dot products of standardised rows; see standardisedRows. */
async function standardisedGram(features, train, test, products) {
    const { columns, ...rows } = standardisedRows(features, train, test);
    const ofTrain = (0,matrix/* matrix */.U)(rows.train, train.length, columns);
    const ofTest = (0,matrix/* matrix */.U)(rows.test, test.length, columns);
    return {
        train: (await products.rows(ofTrain, ofTrain)).data,
        test: (await products.rows(ofTest, ofTrain)).data,
    };
}
/**
 * Rows whose columns were standardised by the mean and standard deviation (of the population) of the train rows alone.
 * Columns that do not vary there, within the rounding of single precision, become 0.
 */
function standardisedRows(features, train, test) {
    const { columns } = features;
    const { mean, scale } = trainStatistics(features, train);
    const rows = (images) => {
        const out = new Float64Array(images.length * columns);
        images.forEach((image, i) => {
            for (let j = 0; j < columns; j++)
                out[i * columns + j] = (features.data[image * columns + j] - mean[j]) * scale[j];
        });
        return out;
    };
    return { train: rows(train), test: rows(test), columns };
}
/** @throws measure-refused when a feature is not a finite number */
function standardised_gram_refuseNonFinite(features) {
    const at = features.data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0)
        throw new TransferEvidenceError('measure-refused', `Features must be finite; row ${Math.floor(at / features.columns)}, column ${at % features.columns} is ${features.data[at]}. Check the network and its preprocessing.`);
}
function trainStatistics({ data, columns }, train) {
    const mean = new Float64Array(columns);
    const largest = new Float64Array(columns);
    for (const image of train)
        for (let j = 0; j < columns; j++) {
            const x = data[image * columns + j];
            mean[j] = mean[j] + x;
            if (Math.abs(x) > largest[j])
                largest[j] = Math.abs(x);
        }
    for (let j = 0; j < columns; j++)
        mean[j] = mean[j] / train.length;
    const variance = new Float64Array(columns);
    for (const image of train)
        for (let j = 0; j < columns; j++)
            variance[j] = variance[j] + (data[image * columns + j] - mean[j]) ** 2;
    const scale = variance.map((sum, j) => {
        const deviation = Math.sqrt(sum / train.length);
        return deviation > 1e-6 * largest[j] ? 1 / deviation : 0;
    });
    return { mean, scale };
}

;// CONCATENATED MODULE: ./src/probe/linear/fitting.ts



/**
 * Regressions on a split's features, by products of images or, where there are more images than features, by the features
 * themselves: the optimum is the same, and the smaller of the two matrices is factored.
 */
async function fittingOf(features, train, test, products) {
    return train.length > features.columns
        ? byColumns(standardisedRows(features, train, test), products)
        : byProducts(await standardisedGram(features, train, test, products), train.length, test.length);
}
function byProducts(gram, n, m) {
    return {
        path: async (images, problem, costs, options) => {
            const own = picked(gram.train, n, images, images);
            const every = Array.from({ length: m }, (_, row) => row);
            return softmaxRegressionPath({ gram: own, ...problem }, costs, options).map((model) => ({
                iterations: model.iterations,
                converged: model.converged,
                ofTrain: async (held) => scoresOf(model, picked(gram.train, n, held, images), held.length),
                ofTest: async () => scoresOf(model, picked(gram.test, n, every, images), m),
            }));
        },
    };
}
function byColumns({ train, test, columns }, products) {
    const rowsOf = (images) => {
        const rows = new Float64Array(images.length * columns);
        images.forEach((image, i) => {
            rows.set(train.subarray(image * columns, (image + 1) * columns), i * columns);
        });
        return rows;
    };
    return {
        path: async (images, problem, costs, options) => {
            const own = { rows: rowsOf(images), columns, ...problem };
            return (await softmaxRegressionOnColumns(own, costs, { ...options, products })).map((model) => ({
                iterations: model.iterations,
                converged: model.converged,
                ofTrain: (held) => scoresOnColumns(model, rowsOf(held), held.length, products),
                ofTest: () => scoresOnColumns(model, test, test.length / columns, products),
            }));
        },
    };
}
/** Rows and columns of a matrix with `n` columns. */
function picked(matrix, n, rows, columns) {
    const out = new Float64Array(rows.length * columns.length);
    let at = 0;
    for (const row of rows)
        for (const column of columns)
            out[at++] = matrix[row * n + column];
    return out;
}

;// CONCATENATED MODULE: ./src/probe/linear/evaluate.ts









const innerFolds = 3;
/**
 * Of fits that only choose a strength or start the next one. Strengths are ten times apart by default: their losses differ
 * long before the sixth digit.
 */
const innerTolerance = 1e-6;
/**
 * The linear probe: logistic or softmax regression on frozen features, on every split of the protocol.
 * @param features images × columns, in the order of the protocol's labels
 * @param products what multiplies matrices; loops where none is given
 * @throws measure-refused for features that are not finite, or a metric that cannot be had
 * @throws shape-mismatch when features and labels differ in number
 */
async function linearProbe(features, protocol, products = plainProducts) {
    checkFeatures(features, protocol);
    const results = [];
    for (const index of protocol.splits.keys())
        results.push(await linearProbeSplit(features, protocol, index, products));
    return gatherResults(protocol, results);
}
/** What {@link linearProbe} asks of features before any split is run. */
function checkFeatures(features, { labels }) {
    if (features.rows !== labels.length)
        throw new TransferEvidenceError('shape-mismatch', `Features need one row an image: ${features.rows} rows, ${labels.length} images.`);
    refuseNonFinite(features);
}
/**
 * One split. Features are standardised by its train images; C is chosen among them by grouped, stratified 3-fold
 * cross-validation on mean log-loss (a proper score: it still tells strengths apart where accuracy, on a few images,
 * ties), the smaller C winning ties; the model is then fitted to all of them. The inner folds share the outer train
 * fold's standardisation, which uses no label and no test image.
 */
async function linearProbeSplit(features, protocol, index, products = products_plainProducts) {
    const { labels, classes, task, metric } = protocol;
    const { train, test } = protocol.splits[index];
    const outputs = (0,probe_protocol/* outputsOf */.Y)(task, classes);
    const link = task === 'multiclass' ? 'softmax' : 'sigmoid';
    const fitting = await fittingOf(features, train, test, products);
    const targets = targetsOf(train.map((image) => labels[image]), outputs);
    const problemOf = (images) => ({ targets: columnsOf(targets, outputs, images), outputs, link });
    const costs = costGrid(protocol.configurations);
    const fits = [];
    let chosen = 0;
    if (costs.length > 1) {
        const losses = new Float64Array(costs.length);
        for (const inner of innerSplits(protocol, index)) {
            const heldTargets = columnsOf(targets, outputs, inner.test);
            const path = await fitting.path(inner.train, problemOf(inner.train), costs, { tolerance: innerTolerance });
            for (const [c, model] of path.entries())
                losses[c] = losses[c] + toProbabilities(await model.ofTrain(inner.test), outputs, link, heldTargets);
            fits.push(...path);
        }
        chosen = losses.indexOf(Math.min(...losses));
    }
    const all = [...train.keys()];
    const path = await fitting.path(all, problemOf(all), costs.slice(0, chosen + 1), { onTheWay: innerTolerance });
    fits.push(...path);
    const scores = await path.at(-1).ofTest();
    toProbabilities(scores, outputs, link);
    const probabilities = [];
    for (let i = 0; i < test.length; i++)
        for (let k = 0; k < outputs; k++)
            probabilities.push(scores[k * test.length + i]);
    const predicted = { labels: test.map((image) => labels[image]), probabilities, classes, task };
    return {
        ...scoreOf(metric, predicted),
        configuration: costs[chosen],
        converged: fits.every((fit) => fit.converged),
        iterations: fits.reduce((sum, fit) => sum + fit.iterations, 0),
        probabilities,
    };
}
/** C from 0.001 to 10, evenly in its logarithm; a single one is 0.1, the middle. */
function costGrid(configurations) {
    if (configurations === 1)
        return [0.1];
    return Array.from({ length: configurations }, (_, i) => 10 ** (-3 + (4 * i) / (configurations - 1)));
}
function innerSplits({ labels, groups, classes, task, seed, splits }, index) {
    const { train } = splits[index];
    return groupedStratifiedFolds({
        labels: train.map((image) => labels[image]),
        groups: train.map((image) => groups[image]),
        classes,
        folds: innerFolds,
        repeats: 1,
        seed: seed + index,
        multilabel: task === 'multilabel',
        groupsInTrain: 1,
    });
}
/** 0 or 1, outputs × images. */
function targetsOf(labels, outputs) {
    const targets = new Float64Array(outputs * labels.length);
    labels.forEach((own, i) => {
        for (const label of own) {
            if (outputs > 1)
                targets[label * labels.length + i] = 1;
            else
                targets[i] = label;
        }
    });
    return targets;
}
function columnsOf(values, outputs, columns) {
    return picked(values, values.length / outputs, Array.from({ length: outputs }, (_, k) => k), columns);
}

;// CONCATENATED MODULE: ./src/probe/probe-worker.ts






/**
 * Answers tasks, one after the other, until the thread is asked to stop: then the one under way ends at its next product.
 * An error that is not the program's own ends the thread.
 */
function runProbeWorker({ natives, ...data }) {
    const port = external_node_worker_threads_.parentPort;
    // One thread a product: the splits already keep every core busy, and the numbers do not depend on how many there are.
    const runtime = natives === undefined ? null : runtimeProducts((0,require_native/* requireNative */.l)('onnxruntime-node', natives), 1);
    let stopping = false;
    const products = untilStopped(runtime ?? products_plainProducts, () => stopping);
    let last = Promise.resolve();
    port.on('message', (message) => {
        if (message === 'stop') {
            stopping = true;
            void last.then(() => runtime?.close()).finally(() => port.close());
            return;
        }
        last = last.then(async () => {
            if (stopping)
                return;
            try {
                const answer = await runProbeTask(data, message, products);
                if (!stopping)
                    port.postMessage(answer);
            }
            catch (error) {
                setImmediate(() => {
                    throw error;
                });
            }
        });
    });
}
function untilStopped(products, stopped) {
    const checked = () => {
        if (stopped())
            throw new errors/* TransferEvidenceError */.Bh('cancelled', 'The probe was stopped before it was done.');
        return products;
    };
    return {
        compiled: products.compiled,
        rows: async (...factors) => checked().rows(...factors),
        product: async (...factors) => checked().product(...factors),
    };
}
async function runProbeTask({ features, protocol }, task, products) {
    try {
        return { task, result: await linearProbeSplit(features[task.job], protocol, task.split, products) };
    }
    catch (error) {
        if (!(error instanceof errors/* TransferEvidenceError */.Bh))
            throw error;
        return { task, error: { code: error.code, message: error.message } };
    }
}


/***/ }),

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


/***/ })

};
