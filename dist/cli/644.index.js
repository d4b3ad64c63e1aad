export const id = 644;
export const ids = [644];
export const modules = {

/***/ 30644:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCommandLine: () => (/* binding */ runCommandLine)
});

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(31421);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(73024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(51455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(48161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
;// CONCATENATED MODULE: ./src/errors.ts
/** The one error type. Its message says what was expected, what was found and what to do. */
class errors_TransferEvidenceError extends Error {
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
    return error instanceof errors_TransferEvidenceError && infrastructure.has(error.code);
}
/** The command line's exit code for an error: 2 the manifest, its data or the call is wrong, 3 infrastructure. */
function exitCodeOf(error) {
    return error instanceof errors_TransferEvidenceError && !infrastructure.has(error.code) ? 2 : 3;
}

;// CONCATENATED MODULE: ./src/manifest/find.ts



/** Where a manifest is looked for when no path was given. */
const defaultPlaces = ['transfer.yml', 'transfer.yaml', '.github/transfer.yml', '.github/transfer.yaml'];
/**
 * The manifests of a workspace, as paths relative to it with forward slashes, sorted.
 * @param patterns paths or globs, one a line or separated by commas; empty for the default places
 * @returns an empty list when nothing matches; a path without wildcards is returned even when it does not exist, so
 *   that its absence can be told by name
 */
async function findManifests(workspace, patterns = '') {
    const wanted = patterns
        // A comma in braces is the pattern's own.
        .split(/\n|,(?![^{}\n]*\})/)
        .map((pattern) => pattern.trim())
        .filter(Boolean);
    if (wanted.length === 0)
        return defaultPlaces.filter((place) => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, place))).slice(0, 1);
    const found = new Set();
    for (const pattern of wanted) {
        if (!/[*?[{]/.test(pattern))
            found.add(pattern.split(external_node_path_.sep).join('/'));
        else
            for await (const path of (0,promises_.glob)(pattern, { cwd: workspace, exclude: ['**/node_modules/**', '**/.git/**'] }))
                found.add(path.split(external_node_path_.sep).join('/'));
    }
    return [...found].sort();
}

;// CONCATENATED MODULE: ./src/manifest/smallest.ts
/** Stands where the reason belongs. Left as it is, the choice counts as undocumented. */
const templateReason = 'Write here, in a sentence or two, why this source and not the others.';
/** The shortest useful manifest, ready to paste. */
const smallestManifest = `version: 1
target:
  name: my-task
  data: data/target            # a folder per class
candidates:
  - id: imagenet
    weights: weights/imagenet.onnx
    sample: data/imagenet-sample
  - id: radimagenet
    weights: weights/radimagenet.onnx
chosen: radimagenet
justification: ${templateReason}
`;

// EXTERNAL MODULE: external "node:url"
var external_node_url_ = __webpack_require__(73136);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 6 modules
var schemas = __webpack_require__(26921);
;// CONCATENATED MODULE: ./src/runtime/npm.ts



/**
 * npm beside the running Node (as runners lay it out), else on PATH. npm is run by the running Node itself, so that no
 * shell takes part and an older Node on PATH does not matter.
 */
function findNpm(execPath = process.execPath, path = process.env.PATH ?? '') {
    const bin = (0,external_node_path_.dirname)(execPath);
    const script = ['npm', 'bin', 'npm-cli.js'];
    const beside = [(0,external_node_path_.join)(bin, '..', 'lib', 'node_modules', ...script), (0,external_node_path_.join)(bin, 'node_modules', ...script)];
    const onPath = path
        .split(external_node_path_.delimiter)
        .filter((folder) => folder !== '')
        .flatMap((folder) => [(0,external_node_path_.join)(folder, 'npm'), (0,external_node_path_.join)(folder, 'node_modules', ...script)])
        .filter((file) => (0,external_node_fs_.existsSync)(file))
        .map((file) => (0,external_node_fs_.realpathSync)(file));
    const cli = [...beside, ...onPath].find((file) => file.endsWith('.js') && (0,external_node_fs_.existsSync)(file));
    if (cli !== undefined)
        return { command: execPath, leading: [cli] };
    // A version manager's wrapper is a program of its own; Windows cannot start one without a shell.
    const wrapper = process.platform === 'win32' ? undefined : onPath[0];
    return wrapper === undefined ? undefined : { command: wrapper, leading: [] };
}
/**
 * Runs npm in a folder and resolves with its exit status and the end of what it printed. The job's secrets are kept from it.
 */
function runNpm(npm, args, folder, timeout) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$|GH_TOKEN$|HF_TOKEN$)/i.test(name)));
    return new Promise((resolve) => {
        const child = (0,external_node_child_process_.spawn)(npm.command, [...npm.leading, ...args], {
            cwd: folder,
            env: { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
            stdio: ['ignore', 'pipe', 'pipe'],
            timeout,
        });
        let output = '';
        const keep = (chunk) => {
            output = (output + chunk.toString()).slice(-2000);
        };
        child.stdout.on('data', keep);
        child.stderr.on('data', keep);
        child.on('error', (error) => resolve({ status: null, output: error.message }));
        child.on('close', (status) => resolve({ status, output }));
    });
}

;// CONCATENATED MODULE: ./src/runtime/install.ts






const marker = 'complete.json';
const markerSchema = schemas/* object */.Ikc({ lock: schemas/* string */.YjP(), files: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* number */.aig()) });
const installMinutes = 10;
/** Where installed natives are kept: the runner's tool cache, or the user's cache folder on other machines. */
function defaultToolCache(environment = process.env) {
    return (environment.RUNNER_TOOL_CACHE || (0,external_node_path_.join)(environment.XDG_CACHE_HOME || (0,external_node_path_.join)((0,external_node_os_.homedir)(), '.cache'), 'transfer-evidence'));
}
/** The one folder of a tool cache that may hold this lock's packages for this platform. */
function cachedFolder(toolCache, pinned) {
    const { 'onnxruntime-node': onnxruntime, sharp } = pinned.versions;
    const version = `${onnxruntime}-${sharp}-${pinned.digest.slice(0, 12)}`;
    return (0,external_node_path_.join)(toolCache, 'transfer-evidence-natives', version, `${process.platform}${libc()}-${process.arch}`);
}
/** True when the folder was installed to the end from this lock and none of its native files is missing or cut short. */
function isComplete(folder, pinned) {
    try {
        const { lock, files } = markerSchema.parse(JSON.parse((0,external_node_fs_.readFileSync)((0,external_node_path_.join)(folder, marker), 'utf8')));
        return (lock === pinned.digest &&
            Object.entries(files).every(([file, size]) => (0,external_node_fs_.statSync)((0,external_node_path_.join)(folder, file)).size === size));
    }
    catch {
        return false;
    }
}
/**
 * Installs the pinned packages into the tool cache: hashes checked by npm against the lock, no install scripts, other
 * platforms' binaries removed. It happens in a folder of its own that is renamed at the end, so that jobs at the same
 * time never see each other's halves; whoever renames first wins.
 * @returns the folder that holds node_modules
 * @throws runtime-missing when there is no npm or npm failed
 */
async function installPinned(pinned, toolCache, npm = findNpm()) {
    const target = cachedFolder(toolCache, pinned);
    if (npm === undefined)
        throw new errors_TransferEvidenceError('runtime-missing', `npm was found neither beside ${process.execPath} nor on PATH, so the pinned packages cannot be installed.`);
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(target), { recursive: true });
    const work = (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)((0,external_node_path_.dirname)(target), '.installing-'));
    try {
        for (const file of ['package.json', 'package-lock.json'])
            (0,external_node_fs_.copyFileSync)((0,external_node_path_.join)(pinned.folder, file), (0,external_node_path_.join)(work, file));
        const { status, output } = await runNpm(npm, ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'], work, installMinutes * 60_000);
        if (status !== 0)
            throw new errors_TransferEvidenceError('runtime-missing', `npm ci of the pinned packages ${status === null ? `did not finish within ${installMinutes} minutes or could not start` : `ended with status ${status}`}: ${lastLines(output)}`);
        removeOtherPlatforms((0,external_node_path_.join)(work, 'node_modules', 'onnxruntime-node', 'bin'));
        (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(work, marker), JSON.stringify({ lock: pinned.digest, files: nativeFiles(work) }));
        publish(work, target, pinned);
        return target;
    }
    finally {
        (0,external_node_fs_.rmSync)(work, { recursive: true, force: true });
    }
}
function publish(work, target, pinned) {
    if ((0,external_node_fs_.existsSync)(target) && !isComplete(target, pinned)) {
        // Damaged after it was installed (a disk that filled up, a cleaner): moved aside, never repaired in place.
        const aside = (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)((0,external_node_path_.dirname)(target), '.damaged-'));
        (0,external_node_fs_.renameSync)(target, (0,external_node_path_.join)(aside, 'old'));
        (0,external_node_fs_.rmSync)(aside, { recursive: true, force: true });
    }
    try {
        (0,external_node_fs_.renameSync)(work, target);
    }
    catch (error) {
        if (!isComplete(target, pinned))
            throw new errors_TransferEvidenceError('runtime-missing', `The installed packages could not be moved to ${target}: ${error.message}`, { cause: error });
    }
}
/** bin/napi-v6/PLATFORM/ARCH: everything but this machine's is 250 MB that nothing here can load. */
function removeOtherPlatforms(bin) {
    for (const api of (0,external_node_fs_.readdirSync)(bin))
        for (const platform of (0,external_node_fs_.readdirSync)((0,external_node_path_.join)(bin, api)))
            for (const arch of (0,external_node_fs_.readdirSync)((0,external_node_path_.join)(bin, api, platform)))
                if (platform !== process.platform || arch !== process.arch)
                    (0,external_node_fs_.rmSync)((0,external_node_path_.join)(bin, api, platform, arch), { recursive: true });
}
function nativeFiles(folder) {
    const files = (0,external_node_fs_.readdirSync)((0,external_node_path_.join)(folder, 'node_modules'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && (/\.(node|dylib|dll)$|\.so(\.|$)/.test(entry.name) || entry.name === 'package.json'))
        .map((entry) => (0,external_node_path_.join)(entry.parentPath, entry.name));
    return Object.fromEntries(files.map((file) => [(0,external_node_path_.relative)(folder, file), (0,external_node_fs_.statSync)(file).size]));
}
/** sharp's binaries differ between glibc and musl. */
function libc() {
    if (process.platform !== 'linux')
        return '';
    // Without this the report looks up host names, which can take seconds.
    const report = process.report;
    report.excludeNetwork = true;
    const { header } = report.getReport();
    return header.glibcVersionRuntime === undefined ? 'musl' : '';
}
function lastLines(output) {
    return output.trim().split('\n').slice(-4).join(' / ');
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ./node_modules/canonicalize/lib/canonicalize.js
var canonicalize = __webpack_require__(98799);
;// CONCATENATED MODULE: ./src/digest.ts


/** Hex SHA-256 of bytes or text. */
function sha256(content) {
    return (0,external_node_crypto_.createHash)('sha256').update(content).digest('hex');
}
/** Hex SHA-256 of a JSON value in canonical form (RFC 8785), so that the order of keys does not matter. */
function digestOf(value) {
    return sha256((0,canonicalize/* default */.A)(value) ?? 'undefined');
}

;// CONCATENATED MODULE: ./src/runtime/pinned.ts




/** The packages with native code: never bundled, loaded only when a run needs them. */
const nativeNames = ['onnxruntime-node', 'sharp'];
const packageFile = schemas/* object */.Ikc({ dependencies: schemas/* record */.g1P(schemas/* enum */.k5n(nativeNames), schemas/* string */.YjP()) });
/** Reads the pinned package.json and lock that lie beside the sources or beside the bundles (see worker-entry.ts). */
function readPinned() {
    const parents = import.meta.url.endsWith('.ts') ? ['.'] : ['.', '..'];
    const folders = parents.map((parent) => (0,external_node_url_.fileURLToPath)(new URL([parent, 'pinned', ''].join('/'), import.meta.url)));
    const folder = folders.find((candidate) => (0,external_node_fs_.existsSync)(`${candidate}package-lock.json`)) ?? folders[0];
    const { dependencies } = packageFile.parse(JSON.parse((0,external_node_fs_.readFileSync)(`${folder}package.json`, 'utf8')));
    return { folder, versions: dependencies, digest: sha256((0,external_node_fs_.readFileSync)(`${folder}package-lock.json`)) };
}

// EXTERNAL MODULE: external "node:module"
var external_node_module_ = __webpack_require__(98995);
;// CONCATENATED MODULE: ./src/runtime/require-native.ts


function requireNative(name, folder) {
    return (0,external_node_module_.createRequire)((0,external_node_path_.join)((0,external_node_path_.resolve)(folder), 'package.json'))(name);
}

;// CONCATENATED MODULE: ./src/runtime/natives.ts







/**
 * Finds and loads the native packages that a run needs: a local copy, the program's own node_modules, the workspace's
 * (same version only), the tool cache, and at last a pinned install into that cache.
 * @throws runtime-missing when one of them cannot be had, with what to do about it
 */
async function loadNatives(options) {
    const pinned = readPinned();
    const natives = { from: {} };
    let installed;
    for (const name of options.need) {
        const found = options.localCopy === undefined
            ? fromPlaces(name, pinned, options)
            : fromLocalCopy(name, options.localCopy, pinned, options.log);
        if (found !== undefined) {
            keep(natives, name, found);
            continue;
        }
        installed ??= install(name, pinned, options);
        const folder = await installed;
        keep(natives, name, natives_open(name, { folder, version: pinned.versions[name], how: 'installed' }, pinned));
    }
    return natives;
}
function keep(natives, name, { module, origin }) {
    natives.from[name] = origin;
    if (name === 'sharp')
        natives.sharp = module;
    else
        natives.onnxruntime = module;
}
function fromPlaces(name, pinned, options) {
    const cached = cachedFolder(options.toolCache ?? defaultToolCache(), pinned);
    const places = [
        ['program', holderAbove(options.program ?? (0,external_node_path_.dirname)((0,external_node_url_.fileURLToPath)(import.meta.url)), name)],
        ['workspace', options.workspace],
        ['tool-cache', isComplete(cached, pinned) ? cached : undefined],
    ];
    for (const [how, folder] of places) {
        const version = folder === undefined ? undefined : versionIn(folder, name);
        if (folder === undefined || version !== pinned.versions[name])
            continue;
        try {
            return natives_open(name, { folder, version, how }, pinned);
        }
        catch (error) {
            // The copy in the cache is whole (checked above): installing the same files once more would not help.
            if (how === 'tool-cache')
                throw error;
            options.log(`${error.message} Looking further.`);
        }
    }
    return undefined;
}
function fromLocalCopy(name, localCopy, pinned, log) {
    const folder = (0,external_node_path_.resolve)(localCopy);
    const version = versionIn(folder, name);
    if (version === undefined)
        throw new errors_TransferEvidenceError('runtime-missing', `The folder ${folder} that runtime-path names was expected to hold node_modules/${name}, and does not. ${howToCopy(pinned)}`);
    if (version !== pinned.versions[name])
        log(`The folder that runtime-path names holds ${name} ${version}; this program is tested with ${pinned.versions[name]}.`);
    return natives_open(name, { folder, version, how: 'local-copy' }, pinned);
}
async function install(name, pinned, options) {
    if (options.offline)
        throw new errors_TransferEvidenceError('runtime-missing', `${name} ${pinned.versions[name]} is not on this machine, and --offline forbids fetching it. ${howToCopy(pinned)}`);
    const toolCache = options.toolCache ?? defaultToolCache();
    options.log(`Installing onnxruntime-node ${pinned.versions['onnxruntime-node']} and sharp ${pinned.versions.sharp} into ${toolCache} (once; about 120 MB to fetch).`);
    try {
        return await installPinned(pinned, toolCache);
    }
    catch (error) {
        throw new errors_TransferEvidenceError('runtime-missing', `${error.message} ${howToCopy(pinned)}`, {
            cause: error,
        });
    }
}
function natives_open(name, origin, pinned) {
    try {
        return { module: requireNative(name, origin.folder), origin };
    }
    catch (error) {
        throw new errors_TransferEvidenceError('runtime-missing', `${name} ${origin.version} in ${origin.folder} could not be loaded on ${process.platform}-${process.arch}: ${firstLine(error)} ${howToCopy(pinned)}`, { cause: error });
    }
}
function howToCopy(pinned) {
    const wanted = Object.entries(pinned.versions).map(([name, version]) => `${name}@${version}`);
    return `To provide it yourself, run "npm install --ignore-scripts --prefix FOLDER ${wanted.join(' ')}" on a machine of the same platform and give FOLDER as the input runtime-path or the option --runtime-path.`;
}
function versionIn(folder, name) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)((0,external_node_path_.join)(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
    }
    catch {
        return undefined;
    }
}
/** The nearest folder upwards that holds node_modules/NAME, as Node itself would look. */
function holderAbove(folder, name) {
    if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, 'node_modules', name, 'package.json')))
        return folder;
    const parent = (0,external_node_path_.dirname)(folder);
    return parent === folder ? undefined : holderAbove(parent, name);
}
function firstLine(error) {
    return String(error.message ?? error).split('\n')[0];
}

;// CONCATENATED MODULE: ./src/matrix.ts

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
        throw new errors_TransferEvidenceError('shape-mismatch', `A ${rows} × ${columns} matrix needs ${rows * columns} numbers; ${data.length} were given.`);
    return { data, rows, columns };
}
/** The matrix of the given rows, in the given order (copied). */
function selectRows(source, rows) {
    const { columns } = source;
    const data = new source.data.constructor(rows.length * columns);
    rows.forEach((row, i) => {
        if (!(row >= 0 && row < source.rows))
            throw new errors_TransferEvidenceError('shape-mismatch', `Row ${row} was asked of a matrix with ${source.rows} rows.`);
        data.set(source.data.subarray(row * columns, (row + 1) * columns), i * columns);
    });
    return { data, rows: rows.length, columns };
}

;// CONCATENATED MODULE: ./src/onnx/model.ts
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
function model_float32Of(tensor) {
    const { data } = tensor;
    const aligned = data.byteOffset % 4 === 0 ? data : Uint8Array.from(data);
    return new Float32Array(aligned.buffer, aligned.byteOffset, data.byteLength >> 2);
}
/** Elements of an int64 or int32 tensor as numbers, or undefined for another type. */
function model_integersOf(tensor) {
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
        return Array.from(model_float32Of(tensor));
    if (tensor.type === 'bool')
        return Array.from(tensor.data);
    return model_integersOf(tensor);
}
/** The number of elements that a shape holds. */
function model_elements(dims) {
    return dims.reduce((product, size) => product * size, 1);
}

;// CONCATENATED MODULE: ./src/onnx/names.ts
/** Names in use, and names that are not. */
class names_Names {
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

;// CONCATENATED MODULE: ./src/onnx/protobuf.ts

/** Protocol Buffers' wire types. 3 and 4 (groups) are long obsolete and never occur in ONNX. */
const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 };
const protobuf_text = new TextDecoder();
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
        return protobuf_text.decode(this.field(wire));
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
        throw new errors_TransferEvidenceError('model-invalid', `This is not a whole ONNX model: in ${this.subject}, at byte ${this.#position}, ${what}. Export or download the file again.`);
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
        this.varint(protobuf_int64(value));
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
            inner.varint(protobuf_int64(value));
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
function protobuf_int64(value) {
    if (value >= 2 ** 63)
        return 2n ** 63n - 1n;
    if (value <= -(2 ** 63))
        return -(2n ** 63n);
    return BigInt(value);
}

;// CONCATENATED MODULE: ./src/onnx/build.ts




/** Composes a graph node by node; each call returns the name of the tensor it made. */
class build_GraphBuilder {
    #graph;
    #names = new names_Names();
    #nodeNames = new names_Names();
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
        if (!this.#names.has(name))
            throw new errors_TransferEvidenceError('model-invalid', `The output ${name} is made by no node.`);
        const info = { name, tensor: { type, ...(dims && { dims }) }, rest: [] };
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
                throw new errors_TransferEvidenceError('model-invalid', `Node ${op} reads tensor ${input}, which is made by no node.`);
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
            throw new errors_TransferEvidenceError('model-invalid', `There is a tensor ${name} already.`);
        this.#names.add(name);
    }
}
/** A float32 (Float32Array) or int64 (number[], saturating) constant; `dims` defaults to a vector's. */
function tensorOf(name, values, dims = [values.length]) {
    if (model_elements(dims) !== values.length)
        throw new errors_TransferEvidenceError('shape-mismatch', `Constant ${name}: shape [${dims.join(', ')}] does not hold ${values.length} values.`);
    if (values instanceof Float32Array)
        return {
            name,
            type: 'float32',
            dims: [...dims],
            data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
        };
    return { name, type: 'int64', dims: [...dims], data: new Uint8Array(BigInt64Array.from(values, protobuf_int64).buffer) };
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

;// CONCATENATED MODULE: ./src/onnx/write.ts


const codes = Object.fromEntries(Object.entries(elementTypes).map(([code, type]) => [type, Number(code)]));
/** The model as an ONNX file's bytes. The same model gives the same bytes. */
function write_writeModel(model) {
    const writer = new ProtobufWriter();
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

;// CONCATENATED MODULE: ./src/runtime/self-check.ts

/**
 * Runs as a process of its own with `node -e`: a bad graphics driver ends the process it is loaded into, and that must
 * not be the review. It computes a known convolution on the device, without a way back to the processor; where there is
 * a choice it then races the processor.
 */
const script = `
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
`;
/** Tries an execution provider in a short-lived process of its own. Never throws. */
function selfCheck(folder, provider, known, timeout = 60_000) {
    const args = [
        folder,
        provider,
        Buffer.from(known.model).toString('base64'),
        JSON.stringify(known.input),
        JSON.stringify(known.expected),
        known.race ? Buffer.from(known.race).toString('base64') : '',
    ];
    return new Promise((resolve) => {
        const child = (0,external_node_child_process_.spawn)(process.execPath, ['-e', script, '--', ...args], {
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
const devices = ['auto', 'cuda', 'webgpu', 'cpu'];
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
    throw new errors_TransferEvidenceError('device-unavailable', `The device ${wanted} was asked for and does not work here: ${passedOver[0].reason}. Mend it, or ask for auto or cpu.`);
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
    const graph = new build_GraphBuilder('self-check');
    const sums = graph.node('Conv', [graph.input('x', [1, 1, 4, 4]), graph.constant('kernel', kernel, [1, 1, 3, 3])]);
    const rest = graph.node('Sub', [graph.constant('limit', Float32Array.of(limit)), sums]);
    graph.output(graph.node('Relu', [rest], {}, 'y'), [1, 1, 2, 2]);
    const expected = [0, 1, 4, 5].map((corner) => {
        let sum = 0;
        for (let i = 0; i < 9; i++)
            sum += kernel[i] * input[corner + Math.floor(i / 3) * 4 + (i % 3)];
        return Math.max(0, limit - sum);
    });
    return { model: write_writeModel(graph.model()), input, expected };
}
/** The product of two 640 × 640 matrices, averaged to one number so that little is carried back. */
function matrixProduct() {
    const graph = new build_GraphBuilder('race');
    const shape = graph.constant('shape', [640, 640]);
    const matrix = graph.node('Expand', [graph.input('x', [1, 1]), shape]);
    const product = graph.node('MatMul', [matrix, matrix]);
    graph.output(graph.node('ReduceMean', [product], { keepdims: 1 }, 'y'), [1, 1]);
    return write_writeModel(graph.model());
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
        throw new errors_TransferEvidenceError('model-unsupported', `The network ${name} cannot be opened on ${device}: ${String(error.message).split('\n')[0]}`, { cause: error });
    }
}

;// CONCATENATED MODULE: ./src/similarity/visual/lab.ts
/** From linear RGB to X, Y, Z over those of the white point. */
const matrixRows = [
    [0.412453 / 0.95047, 0.35758 / 0.95047, 0.180423 / 0.95047],
    [0.212671, 0.71516, 0.072169],
    [0.019334 / 1.08883, 0.119193 / 1.08883, 0.950227 / 1.08883],
];
/** Steps of the table of f(t); linear interpolation between them is within 1e-5, 0.005 ΔE in a*. */
const rootSteps = 4096;
/** f(t) at t = index / rootSteps. White may pass 1 by a rounding error, hence the entries past the end. */
const roots = Float64Array.from({ length: rootSteps + 3 }, (_, step) => cubeRoot(step / rootSteps));
/** [value · 9 + channel · 3 + (X, Y, Z)]: what a channel at a value adds, in steps of {@link roots}. */
const shares = Float64Array.from({ length: 256 * 9 }, (_, at) => {
    const axis = matrixRows[(at % 3)];
    return axis[(Math.floor(at / 3) % 3)] * linear(Math.floor(at / 9)) * rootSteps;
});
/**
 * Colour in CIE L*a*b* (CIE 15:2004) from 8-bit sRGB (IEC 61966-2-1), white point D65 (2° observer).
 * L* 0 … 100, a* −86.2 … 98.3 (green to red), b* −107.9 … 94.5 (blue to yellow).
 */
function labOf(red, green, blue) {
    const [x, y, z] = matrixRows.map((row) => row[0] * linear(red) + row[1] * linear(green) + row[2] * linear(blue));
    const [fx, fy, fz] = [cubeRoot(x), cubeRoot(y), cubeRoot(z)];
    return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}
/** The whole numbers that the sRGB gamut reaches, rounded outwards. */
const lightnessBins = { lowest: 0, count: 101 };
const greenRedBins = { lowest: -87, count: 187 };
const blueYellowBins = { lowest: -108, count: 204 };
/**
 * Each pixel's mass is shared between the two nearest bins in proportion to its distance from them, so a histogram has
 * the mean of its pixels (to 0.01 ΔE, the error of the tables) and a W1 between two histograms is off by less than
 * 1 ΔE at worst and by about 0.1 ΔE for distributions that are smooth over one bin.
 */
function labHistograms(rgb) {
    const lightness = new Float64Array(lightnessBins.count + 1);
    const greenRed = new Float64Array(greenRedBins.count + 1);
    const blueYellow = new Float64Array(blueYellowBins.count + 1);
    const pixels = rgb.length / 3;
    for (let at = 0; at < rgb.length; at += 3) {
        const r = rgb[at] * 9;
        const g = rgb[at + 1] * 9 + 3;
        const b = rgb[at + 2] * 9 + 6;
        const x = shares[r] + shares[g] + shares[b];
        const y = shares[r + 1] + shares[g + 1] + shares[b + 1];
        const z = shares[r + 2] + shares[g + 2] + shares[b + 2];
        const ix = x | 0;
        const iy = y | 0;
        const iz = z | 0;
        const fx = roots[ix] + (x - ix) * (roots[ix + 1] - roots[ix]);
        const fy = roots[iy] + (y - iy) * (roots[iy + 1] - roots[iy]);
        const fz = roots[iz] + (z - iz) * (roots[iz + 1] - roots[iz]);
        const l = Math.max(0, 116 * fy - 16);
        const a = 500 * (fx - fy) - greenRedBins.lowest;
        const c = 200 * (fy - fz) - blueYellowBins.lowest;
        const il = l | 0;
        const ia = a | 0;
        const ic = c | 0;
        const pl = l - il;
        const pa = a - ia;
        const pc = c - ic;
        lightness[il] += 1 - pl;
        lightness[il + 1] += pl;
        greenRed[ia] += 1 - pa;
        greenRed[ia + 1] += pa;
        blueYellow[ic] += 1 - pc;
        blueYellow[ic + 1] += pc;
    }
    // The last entry only takes the second share of a pixel on the highest bin, which is 0 up to rounding.
    const finished = (counts, count) => {
        counts[count - 1] += counts[count];
        return counts.subarray(0, count).map((mass) => mass / pixels);
    };
    return {
        lightness: finished(lightness, lightnessBins.count),
        greenRed: finished(greenRed, greenRedBins.count),
        blueYellow: finished(blueYellow, blueYellowBins.count),
    };
}
function linear(value) {
    const share = value / 255;
    return share > 0.04045 ? ((share + 0.055) / 1.055) ** 2.4 : share / 12.92;
}
function cubeRoot(t) {
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}

;// CONCATENATED MODULE: ./src/similarity/rows.ts
/** Row numbers 0, 1, … rows − 1. */
function rows_allRows(rows) {
    return Int32Array.from({ length: rows }, (_, row) => row);
}

;// CONCATENATED MODULE: ./src/similarity/visual/planes.ts


const lumaScale = 1000;
/** An image with the planes that several measures read, each computed once and only when asked for. */
class Planes {
    data;
    width;
    height;
    #luma;
    #lab;
    constructor(image) {
        const { data, width, height } = image;
        if (!(width >= 1 && height >= 1 && data.length === width * height * 3))
            throw new errors_TransferEvidenceError('shape-mismatch', `An RGB image of ${width} × ${height} pixels needs ${width * height * 3} bytes and at least one pixel; ${data.length} were given.`);
        this.data = data;
        this.width = width;
        this.height = height;
    }
    get luma() {
        this.#luma ??= lumaOf(this);
        return this.#luma;
    }
    get lab() {
        this.#lab ??= labHistograms(this.data);
        return this.#lab;
    }
}
function planes_planesOf(image) {
    return image instanceof Planes ? image : new Planes(image);
}
/** Y′ = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values. ITU-R BT.601. */
function lumaOf({ data, width, height }) {
    const luma = new Int32Array(width * height);
    for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3)
        luma[pixel] = 299 * data[at] + 587 * data[at + 1] + 114 * data[at + 2];
    return { data: luma, width, height };
}

;// CONCATENATED MODULE: ./src/similarity/visual/wasserstein.ts
/**
 * 1-Wasserstein distance between two samples of numbers, ∫|F⁻¹ − G⁻¹|, in their unit; exact for unequal sizes.
 * Both are sorted in place and hold at least one number.
 */
function wasserstein(a, b) {
    a.sort();
    b.sort();
    let total = 0;
    let i = 0;
    let j = 0;
    // Shares are counted in whole steps of 1 / (a.length · b.length), so that no rounding can lose the last one.
    let done = 0;
    const all = a.length * b.length;
    while (done < all) {
        const next = Math.min((i + 1) * b.length, (j + 1) * a.length);
        total += (next - done) * Math.abs(a[i] - b[j]);
        if (next === (i + 1) * b.length)
            i++;
        if (next === (j + 1) * a.length)
            j++;
        done = next;
    }
    return total / all;
}
/** 1-Wasserstein distance between two histograms of equal mass over the same bins, ∫|F − G|, in units of `width`. */
function histogramWasserstein(a, b, width) {
    let difference = 0;
    let total = 0;
    for (let bin = 0; bin < a.length; bin++) {
        difference += a[bin] - b[bin];
        total += Math.abs(difference);
    }
    return total * width;
}

;// CONCATENATED MODULE: ./src/similarity/visual/measure.ts



/**
 * What binning and 8-bit rounding may move a W1 between histograms by, in bins. Without it two sets of grey images would
 * be told apart by the last digits of the white point.
 */
const binningError = 0.05;
/** A measure with one number an image; sets are as far apart as the distributions of their numbers (W1). */
function scalarMeasure(name, version, describe, between = wasserstein) {
    const pick = (set, rows) => Float64Array.from(rows, (row) => set.data[row]);
    return {
        name,
        version,
        columns: 1,
        describe: (image) => Float64Array.of(describe(planes_planesOf(image))),
        distance: (source, target) => between(Float64Array.from(source.data), Float64Array.from(target.data)),
        between: (source, sourceRows, target, targetRows) => between(pick(source, sourceRows), pick(target, targetRows)),
        mean: (set) => Float64Array.from(set.data).reduce((sum, value) => sum + value, 0) / set.rows,
    };
}
/** A measure with a histogram an image; every image has equal weight and sets are compared by pooled histograms (W1). */
function histogramMeasure(name, version, bins, describe) {
    const pooled = (set, rows) => {
        const sum = new Float64Array(bins.count);
        for (const row of rows)
            for (let bin = 0, at = row * bins.count; bin < bins.count; bin++, at++)
                sum[bin] += set.data[at];
        return sum.map((mass) => mass / rows.length);
    };
    const between = (source, sourceRows, target, targetRows) => histogramWasserstein(pooled(source, sourceRows), pooled(target, targetRows), 1);
    return {
        name,
        version,
        columns: bins.count,
        describe: (image) => describe(planes_planesOf(image)),
        distance: (source, target) => between(source, rows_allRows(source.rows), target, rows_allRows(target.rows)),
        between,
        standardErrorFloor: () => binningError,
        mean: (set) => pooled(set, rows_allRows(set.rows)).reduce((sum, mass, bin) => sum + mass * (bins.lowest + bin), 0),
    };
}

;// CONCATENATED MODULE: ./src/similarity/visual/blue-yellow.ts


/** W1 between the sets' pooled distributions of b*, in ΔE (CIE 1976); 0 … 203, lower is closer. 2.3 is just visible. */
const blueYellow = histogramMeasure('visual.blue_yellow', '1', blueYellowBins, ({ lab }) => lab.blueYellow);

;// CONCATENATED MODULE: ./src/similarity/visual/contrast.ts


/** W1 between the sets' distributions of RMS contrast on native pixels; 0 … 0.5, lower is closer. */
const contrast = scalarMeasure('visual.contrast', '1', ({ luma }) => rmsContrast(luma));
/** Standard deviation of luma ÷ 255 over all pixels. Peli 1990, J. Opt. Soc. Am. A 7:2032. */
function rmsContrast({ data }) {
    // Counted from the first pixel, an image of one colour has exactly none.
    const first = data[0];
    let sum = 0;
    let squares = 0;
    for (let at = 0; at < data.length; at++) {
        const value = data[at] - first;
        sum += value;
        squares += value * value;
    }
    const variance = Math.max(0, squares / data.length - (sum / data.length) ** 2);
    return Math.sqrt(variance) / (lumaScale * 255);
}

;// CONCATENATED MODULE: ./src/similarity/visual/entropy.ts


/** W1 between the sets' distributions of luma entropy on native pixels, in bits; 0 … 8, lower is closer. */
const entropy = scalarMeasure('visual.entropy', '1', ({ luma }) => lumaEntropy(luma));
/** Shannon entropy in bits of luma rounded to whole grey levels, halves to even. */
function lumaEntropy({ data }) {
    const counts = new Float64Array(256);
    for (let at = 0; at < data.length; at++) {
        const value = data[at];
        const down = (value / lumaScale) | 0;
        const rest = value - down * lumaScale;
        counts[rest > lumaScale / 2 || (rest === lumaScale / 2 && (down & 1) === 1) ? down + 1 : down]++;
    }
    let bits = 0;
    for (const count of counts)
        if (count > 0) {
            const share = count / data.length;
            bits -= share * Math.log2(share);
        }
    return bits;
}

;// CONCATENATED MODULE: ./src/similarity/visual/green-red.ts


/** W1 between the sets' pooled distributions of a*, in ΔE (CIE 1976); 0 … 186, lower is closer. 2.3 is just visible. */
const greenRed = histogramMeasure('visual.green_red', '1', greenRedBins, ({ lab }) => lab.greenRed);

;// CONCATENATED MODULE: ./src/similarity/visual/grey-share.ts

/** Channels that differ by no more than this are grey; compression moves them by as much. */
const tolerance = 3;
/**
 * Difference of the sets' shares of grey images, 0 … 1, lower is closer. An image is grey when in no pixel the largest
 * and smallest of R, G, B differ by more than 3.
 */
const greyShare = {
    ...scalarMeasure('visual.grey_share', '1', ({ data }) => Number(isGrey(data)), shareDifference),
    // Agresti & Caffo 2000: a share of 0 or 1 in n is uncertain as if one image more of each kind had been seen.
    standardErrorFloor: (groups) => Math.sqrt(groups + 1) / (groups + 2) ** 1.5,
};
function isGrey(rgb) {
    for (let at = 0; at < rgb.length; at += 3) {
        const r = rgb[at];
        const g = rgb[at + 1];
        const b = rgb[at + 2];
        if (Math.max(r, g, b) - Math.min(r, g, b) > tolerance)
            return false;
    }
    return true;
}
function shareDifference(source, target) {
    const share = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.abs(share(source) - share(target));
}

;// CONCATENATED MODULE: ./src/similarity/visual/lightness.ts


/** W1 between the sets' pooled distributions of L*, in ΔE (CIE 1976); 0 … 100, lower is closer. 2.3 is just visible. */
const lightness = histogramMeasure('visual.lightness', '1', lightnessBins, ({ lab }) => lab.lightness);

;// CONCATENATED MODULE: ./src/similarity/visual/noise.ts


/** W1 between the sets' distributions of noise σ on native pixels, in grey levels; lower is closer. */
const noise = scalarMeasure('visual.noise', '1', ({ luma }) => noiseDeviation(luma));
/**
 * Noise standard deviation in grey levels: √(π/2) / (6 (W − 2)(H − 2)) · Σ|I ∗ N| over the inner pixels, where N is the
 * difference of two Laplacians. Fine texture counts as noise. 0 for an image without inner pixels (below 3 × 3).
 * Immerkær 1996, Computer Vision and Image Understanding 64:300, equation 3.
 */
function noiseDeviation({ data, width, height }) {
    if (width < 3 || height < 3)
        return 0;
    let total = 0;
    for (let y = 1; y < height - 1; y++) {
        const row = y * width;
        for (let at = row + 1, end = row + width - 1; at < end; at++) {
            const corners = data[at - width - 1] + data[at - width + 1] + data[at + width - 1] + data[at + width + 1];
            const sides = data[at - width] + data[at - 1] + data[at + 1] + data[at + width];
            total += Math.abs(corners - 2 * sides + 4 * data[at]);
        }
    }
    return (Math.sqrt(Math.PI / 2) * total) / (6 * (width - 2) * (height - 2) * lumaScale);
}

;// CONCATENATED MODULE: ./src/similarity/visual/resolution.ts

/** W1 between the sets' distributions of log₂ of the short side, in doublings of pixels; lower is closer. */
const resolution = scalarMeasure('visual.resolution', '1', ({ width, height }) => Math.log2(Math.min(width, height)));

;// CONCATENATED MODULE: ./src/similarity/visual/sharpness.ts


/** Rounding to whole grey levels has this variance; an image below it counts as flat. */
const flat = 1 / 12;
/**
 * W1 between the sets' distributions of ln Var(Laplacian of luma), on native pixels, in ln grey²; lower is closer.
 * A set further up is sharper or noisier. Pech-Pacheco et al. 2000.
 */
const sharpness = scalarMeasure('visual.sharpness', '1', ({ luma }) => Math.log(Math.max(flat, laplacianVariance(luma))));
/** Variance of the 4-neighbour Laplacian in grey², divided by the number of pixels; the border is mirrored (reflect-101). */
function laplacianVariance({ data, width, height }) {
    let sum = 0;
    let squares = 0;
    for (let y = 0; y < height; y++) {
        const row = y * width;
        const above = mirrored(y - 1, height) * width;
        const below = mirrored(y + 1, height) * width;
        for (let x = 0; x < width; x++) {
            const left = x > 0 ? x - 1 : mirrored(-1, width);
            const right = x + 1 < width ? x + 1 : mirrored(width, width);
            const value = data[above + x] + data[below + x] + data[row + left] + data[row + right] - 4 * data[row + x];
            sum += value;
            squares += value * value;
        }
    }
    const pixels = data.length;
    return Math.max(0, squares / pixels - (sum / pixels) ** 2) / lumaScale ** 2;
}
/** −1 is 1 and `length` is length − 2, as long as there are such pixels. */
function mirrored(index, length) {
    if (length === 1)
        return 0;
    if (index < 0)
        return -index;
    return index < length ? index : 2 * length - 2 - index;
}

;// CONCATENATED MODULE: ./src/similarity/visual/index.ts












/** Every visual measure, in the order of their columns in a description. */
const visualMeasures = [
    lightness,
    greenRed,
    blueYellow,
    greyShare,
    sharpness,
    noise,
    contrast,
    entropy,
    resolution,
];
/** Numbers that all measures together describe an image by. */
const visualColumns = visualMeasures.reduce((sum, { columns }) => sum + columns, 0);
/**
 * All measures' descriptions of one image on its native pixels, {@link visualColumns} numbers.
 * @throws shape-mismatch when the image's data are not width × height × 3
 */
function describeVisually(image) {
    const planes = planesOf(image);
    const description = new Float64Array(visualColumns);
    let at = 0;
    for (const measure of visualMeasures) {
        description.set(measure.describe(planes), at);
        at += measure.columns;
    }
    return description;
}
/**
 * One measure's columns of described images.
 * @param set images × {@link visualColumns}
 * @throws shape-mismatch when the matrix has other columns, measure-refused when the measure is not a visual one
 */
function visualSlice(set, name) {
    if (set.columns !== visualColumns)
        throw new errors_TransferEvidenceError('shape-mismatch', `A visual description has ${visualColumns} columns; ${set.columns} were given.`);
    const measure = visualMeasureOf(name);
    const first = visualMeasures.slice(0, visualMeasures.indexOf(measure)).reduce((sum, { columns }) => sum + columns, 0);
    const data = new Float64Array(set.rows * measure.columns);
    for (let row = 0; row < set.rows; row++) {
        const from = row * visualColumns + first;
        data.set(set.data.subarray(from, from + measure.columns), row * measure.columns);
    }
    return matrix(data, set.rows, measure.columns);
}
/** @throws measure-refused when the measure is not a visual one */
function visualMeasureOf(name) {
    const measure = visualMeasures.find((one) => one.name === name);
    if (!measure)
        throw new errors_TransferEvidenceError('measure-refused', `${name} is not read off an image's pixels.`);
    return measure;
}

;// CONCATENATED MODULE: ./src/encoder/describe-protocol.ts
/** Numbers of one image in the network's input. */
function inputLength({ channels, height, width }) {
    return channels * height * width;
}

// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(75919);
;// CONCATENATED MODULE: ./src/worker-entry.ts


/** Starts a worker thread of this program, from the sources or from any of the bundles. */
function startWorker(kind, data, resourceLimits = {}) {
    return new external_node_worker_threads_.Worker(workerFile(), { workerData: { kind, data }, resourceLimits });
}
/**
 * The sources keep the worker beside this file; the bundles keep it at dist/worker, seen from dist/index.js or
 * dist/cli/index.js. The names are put together at run time so that the bundler leaves them alone.
 */
function workerFile() {
    const places = import.meta.url.endsWith('.ts')
        ? [['.', 'worker.ts']]
        : [
            ['.', 'worker', 'index.js'],
            ['..', 'worker', 'index.js'],
        ];
    const candidates = places.map((parts) => new URL(parts.join('/'), import.meta.url));
    return candidates.find((url) => (0,external_node_fs_.existsSync)(url)) ?? candidates[0];
}

;// CONCATENATED MODULE: ./src/encoder/describe-threads.ts


/** Pixels are garbage at once; in a small nursery their memory is given back before much of it gathers. */
const memory = { maxYoungGenerationSizeMb: 8 };
/**
 * Runs one thread per setup until the conductor calls `finish`. Whatever happens, no thread is left behind.
 * @returns false when a device left some operators to the processor
 * @throws cancelled when the signal fires; the first error of any thread
 */
async function runThreads(setups, signal, conduct) {
    const workers = [];
    let wholly = true;
    let onAbort;
    try {
        await new Promise((resolve, reject) => {
            onAbort = () => reject(new errors_TransferEvidenceError('cancelled', 'Describing images was cancelled.'));
            if (signal?.aborted)
                return onAbort();
            signal?.addEventListener('abort', onAbort, { once: true });
            workers.push(...setups.map((setup) => startWorker('describe', setup, memory)));
            const answered = conduct((thread, task, transfer) => workers[thread].postMessage(task, transfer ?? []), resolve);
            for (const [thread, worker] of workers.entries()) {
                worker.on('error', reject);
                worker.on('exit', (code) => reject(new Error(`A thread that describes images ended by itself (${code}).`)));
                worker.on('message', (message) => {
                    if (message.kind === 'ready')
                        wholly &&= message.wholly;
                    else if (message.kind === 'failed')
                        reject(new errors_TransferEvidenceError(message.code, message.message));
                    else
                        try {
                            answered(thread, message);
                        }
                        catch (error) {
                            reject(error);
                        }
                });
            }
        });
        return wholly;
    }
    finally {
        if (onAbort)
            signal?.removeEventListener('abort', onAbort);
        await Promise.all(workers.map(stopped));
    }
}
/**
 * Asks a thread to end and waits until it has. Terminating it instead would take down the whole process when the thread
 * is inside the runtime, whose binding throws where nothing can catch it.
 */
function stopped(worker) {
    return new Promise((resolve) => {
        // A thread that is gone has no id any more.
        if (worker.threadId === -1)
            return resolve();
        worker.once('exit', () => resolve());
        worker.postMessage({ kind: 'stop' });
    });
}

;// CONCATENATED MODULE: ./src/encoder/describe-apart.ts


/** Batches that may be under way: one that runs, one that waits for it, one that fills. */
const batchesUnderWay = 3;
/**
 * Describes images on a graphics device: one thread runs the networks in batches, the others decode beside it. A batch
 * is made of fixed positions in the list and padded with zeros, so that its shape and its content do not depend on which
 * image came first.
 */
function describeApart(images, setup, options, sink, signal) {
    const { encoders } = setup;
    const sizes = encoders.map(({ fixedBatch }) => fixedBatch ?? options.batch);
    const window = batchesUnderWay * Math.max(...sizes);
    const preparers = Math.max(1, options.threads - 1);
    const setups = [
        { ...setup, role: 'infer' },
        ...Array.from({ length: preparers }, () => ({ ...setup, role: 'prepare' })),
    ];
    return runThreads(setups, signal, (send, finish) => {
        const filling = encoders.map(() => new Map());
        const left = new Uint8Array(images.length).fill(encoders.length);
        let firstUnfinished = 0;
        let next = 0;
        const feed = () => {
            while (next < Math.min(images.length, firstUnfinished + window)) {
                const task = { kind: 'image', index: next, file: images[next].file };
                send(1 + (next % preparers), task);
                next++;
            }
        };
        const finishImage = (index) => {
            left[index] = 0;
            sink.finished();
            while (firstUnfinished < images.length && left[firstUnfinished] === 0)
                firstUnfinished++;
            feed();
            if (firstUnfinished === images.length)
                finish();
        };
        const arrive = (encoder, index, input) => {
            const size = sizes[encoder];
            const number = Math.floor(index / size);
            const length = inputLength(encoders[encoder]);
            const batch = filling[encoder].get(number) ?? {
                data: new Float32Array(size * length),
                missing: Math.min(size, images.length - number * size),
                readable: [],
            };
            filling[encoder].set(number, batch);
            if (input) {
                batch.data.set(input, (index % size) * length);
                batch.readable.push(index);
            }
            if (--batch.missing > 0)
                return;
            if (batch.readable.length === 0)
                filling[encoder].delete(number);
            else
                send(0, { kind: 'batch', batch: number, encoder, images: size, data: batch.data }, [
                    batch.data.buffer,
                ]);
        };
        feed();
        return (_, answer) => {
            switch (answer.kind) {
                case 'unreadable':
                    sink.unreadable(answer.index, answer.reason);
                    for (const encoder of encoders.keys())
                        arrive(encoder, answer.index, null);
                    finishImage(answer.index);
                    break;
                case 'image':
                    if (answer.visual)
                        sink.visual(answer.index, answer.visual);
                    for (const [encoder, input] of answer.rows.entries())
                        arrive(encoder, answer.index, input);
                    break;
                case 'batch': {
                    const size = sizes[answer.encoder];
                    const columns = answer.features.length / size;
                    const { readable } = filling[answer.encoder].get(answer.batch);
                    filling[answer.encoder].delete(answer.batch);
                    for (const index of readable) {
                        const row = index % size;
                        sink.features(answer.encoder, index, answer.features.subarray(row * columns, (row + 1) * columns));
                        if (--left[index] === 0)
                            finishImage(index);
                    }
                }
            }
        };
    });
}

;// CONCATENATED MODULE: ./src/encoder/describe-whole.ts

/**
 * Images that one thread has been given and not finished. Decoding an image takes several turns of the thread's event
 * loop and each turn waits for a network to finish, so that fewer would leave the thread waiting for pixels.
 */
const ahead = 16;
/**
 * Describes images on the processor: every thread decodes, prepares and runs the networks, one image at a time, so that
 * a row depends on its image alone and neither on its neighbours nor on the number of threads.
 */
function describeWhole(images, setup, threads, sink, signal) {
    const setups = Array.from({ length: threads }, () => ({ ...setup, role: 'whole' }));
    return runThreads(setups, signal, (send, finish) => {
        const outstanding = setups.map(() => 0);
        let next = 0;
        let finished = 0;
        const feed = (thread) => {
            // Towards the end each thread takes its share only, so that none is left with a queue while others are idle.
            const share = () => Math.max(2, Math.min(ahead, Math.ceil((images.length - next) / threads)));
            while (next < images.length && outstanding[thread] < share()) {
                send(thread, { kind: 'image', index: next, file: images[next].file });
                outstanding[thread]++;
                next++;
            }
        };
        setups.forEach((_, thread) => {
            feed(thread);
        });
        return (thread, answer) => {
            if (answer.kind === 'unreadable')
                sink.unreadable(answer.index, answer.reason);
            if (answer.kind === 'image') {
                if (answer.visual)
                    sink.visual(answer.index, answer.visual);
                for (const [encoder, row] of answer.rows.entries())
                    sink.features(encoder, answer.index, row);
            }
            sink.finished();
            outstanding[thread]--;
            feed(thread);
            if (++finished === images.length)
                finish();
        };
    });
}

;// CONCATENATED MODULE: ./src/encoder/describe.ts







/**
 * Decodes every image once and computes all that needs its pixels: the visual row and each encoder's features. On the
 * processor the numbers depend on the image and the encoder alone; memory does not grow with the number of images beyond
 * the rows themselves. Images that cannot be read are named and left out.
 * @throws device-unavailable, model-unsupported, cancelled
 */
async function describeImages(images, options) {
    const { encoders, natives, signal } = options;
    const choice = encoders.length === 0
        ? { device: 'cpu', passedOver: [] }
        : await chosenDevice(options, natives['onnxruntime-node'].folder);
    try {
        return await describeOn(choice.device, images, options);
    }
    catch (error) {
        const mayMove = options.device === 'auto' && choice.device !== 'cpu' && !signal?.aborted;
        if (!mayMove || !(error instanceof errors_TransferEvidenceError))
            throw error;
        options.onPassedOver?.(choice.device, error.message);
        // A network that this graphics device cannot run may still run on the processor; if not, that error is the one to show.
        return describeOn('cpu', images, options);
    }
}
const choices = new Map();
/** The device that networks run on. Devices are tried once per process. */
function chosenDevice({ device, onPassedOver }, folder) {
    const key = `${device} ${folder}`;
    const known = choices.get(key);
    if (known)
        return known;
    const choice = chooseDevice(device, folder).then((made) => {
        for (const { device: passed, reason } of made.passedOver)
            onPassedOver?.(passed, reason);
        return made;
    });
    choices.set(key, choice);
    return choice;
}
async function describeOn(device, images, options) {
    const { encoders, visual, natives, pixelLimit, signal } = options;
    const rows = new Rows(images.length, encoders, visual, options.onProgress);
    const { workers, threadsEach } = shareCores(Math.min(options.threads ?? (0,external_node_os_.availableParallelism)(), Math.max(1, images.length)), encoders);
    const setup = {
        natives,
        encoders: encoders.map((encoder) => ({ ...encoder, model: shared(encoder.model) })),
        visual,
        device,
        threads: device === 'cpu' ? threadsEach : 1,
        pixelLimit,
    };
    let wholly = true;
    if (images.length > 0)
        wholly =
            device === 'cpu'
                ? await describeWhole(images, setup, workers, rows, signal)
                : await describeApart(images, setup, { threads: options.threads ?? (0,external_node_os_.availableParallelism)(), batch: options.batch ?? 16 }, rows, signal);
    return { ...rows.finish(images), device: wholly ? device : `${device}, some operators on cpu` };
}
/**
 * Every thread holds its own copy of each network, about three times the file while it opens. Networks too large for
 * that many copies get fewer threads with more cores each.
 */
function shareCores(cores, encoders) {
    const copy = 3 * encoders.reduce((sum, { model }) => sum + model.byteLength, 0);
    const workers = Math.max(1, Math.min(cores, Math.floor(process.availableMemory() / 2 / Math.max(1, copy))));
    return { workers, threadsEach: Math.max(1, Math.floor(cores / workers)) };
}
function shared(model) {
    const copy = new Uint8Array(new SharedArrayBuffer(model.byteLength));
    copy.set(model);
    return copy;
}
/** The matrices while they fill. */
class Rows {
    #total;
    #encoders;
    #features;
    #visual;
    #reasons = new Map();
    #onProgress;
    #finished = 0;
    constructor(total, encoders, visual, onProgress) {
        this.#total = total;
        this.#encoders = encoders;
        this.#features = encoders.map(({ dimension }) => new Float32Array(total * dimension));
        this.#visual = visual ? new Float64Array(total * visualColumns) : null;
        this.#onProgress = onProgress;
    }
    features(encoder, index, row) {
        const { name, dimension } = this.#encoders[encoder];
        if (row.length !== dimension)
            throw new errors_TransferEvidenceError('model-unsupported', `The network ${name} was expected to give ${dimension} features an image; it gives ${row.length}.`);
        this.#features[encoder].set(row, index * dimension);
    }
    visual(index, row) {
        this.#visual.set(row, index * visualColumns);
    }
    unreadable(index, reason) {
        this.#reasons.set(index, reason);
    }
    finished() {
        this.#onProgress?.(++this.#finished, this.#total);
    }
    finish(images) {
        const kept = images.map((_, index) => index).filter((index) => !this.#reasons.has(index));
        const keep = (data, columns) => {
            const all = matrix(data, this.#total, columns);
            return kept.length === this.#total ? all : selectRows(all, kept);
        };
        return {
            kept,
            unreadable: [...this.#reasons]
                .sort(([a], [b]) => a - b)
                .map(([index, reason]) => ({ id: images[index].id, reason })),
            features: new Map(this.#encoders.map(({ id, dimension }, i) => [id, keep(this.#features[i], dimension)])),
            visual: this.#visual && keep(this.#visual, visualColumns),
        };
    }
}

;// CONCATENATED MODULE: ./src/evidence/describe-sets.ts




/** A dataset in which a larger share than this cannot be read is refused: what is left may no longer be it. */
const unreadableShare = 0.05;
/** Raised when decoding or resizing changes the pixels that encoders see. */
const pixelVersion = 1;
/**
 * Features and visual descriptors of a set: from the store where it has them, else in one pass over the images.
 * @throws dataset-unreadable when more than 5 % of the images cannot be read
 */
async function describeSet({ set, path, encoders }, store, options) {
    const decoder = options.natives.sharp?.version ?? null;
    const keyOf = (what) => digestOf({ pixelVersion, decoder, set: set.digest, what });
    const visualKey = keyOf(`visual ${visualMeasures.map(({ name, version }) => `${name} ${version}`).join()}`);
    const featureKey = (encoder) => keyOf(`features ${encoder.digest}`);
    const readable = (await store.readJson('unreadable', keyOf('unreadable')));
    const features = new Map();
    let looks = (await store.readMatrix(visualKey));
    for (const encoder of encoders) {
        const known = await store.readMatrix(featureKey(encoder));
        const ran = (await store.readJson('device', featureKey(encoder)));
        if (known && ran)
            features.set(encoder.digest, { matrix: known, device: ran.device });
    }
    const missing = encoders.filter(({ digest }) => !features.has(digest));
    const lookAgain = looks === undefined;
    if (readable && missing.length === 0 && !lookAgain)
        return finish(readable.unreadable);
    const described = await describeImages(set.sample, {
        ...options,
        // By digest, since a candidate and a common encoder may have one name.
        encoders: missing.map((encoder) => ({ ...encoder, id: encoder.digest })),
        visual: lookAgain,
    });
    for (const encoder of missing) {
        const matrix = described.features.get(encoder.digest);
        const { device } = described;
        features.set(encoder.digest, { matrix, device });
        await store.writeMatrix(featureKey(encoder), matrix);
        await store.writeJson('device', featureKey(encoder), { device });
    }
    if (described.visual) {
        looks = described.visual;
        await store.writeMatrix(visualKey, looks);
    }
    await store.writeJson('unreadable', keyOf('unreadable'), { unreadable: described.unreadable });
    return finish(described.unreadable);
    function finish(unreadable) {
        if (unreadable.length > unreadableShare * set.sample.length)
            throw new errors_TransferEvidenceError('dataset-unreadable', `${unreadable.length} of ${set.sample.length} images in ${path} cannot be read; at most ${unreadableShare * 100} % may be. First: ${unreadable
                .slice(0, 5)
                .map(({ id, reason }) => `${id} (${reason})`)
                .join('; ')}. Mend or remove them.`);
        const lost = new Set(unreadable.map(({ id }) => id));
        const images = set.sample.filter(({ id }) => !lost.has(id));
        return {
            digest: set.digest,
            groups: images.map(({ group }) => group),
            images,
            unreadable,
            visual: looks ?? null,
            features: new Map([...features].map(([digest, { matrix }]) => [digest, matrix])),
            devices: [...new Set([...features.values()].map(({ device }) => device))],
        };
    }
}
/** The set as the evidence records it. */
function imageSetOf(set, read) {
    const images = read?.images ?? set.sample;
    return {
        fingerprint: set.digest,
        images: set.dataset.images.length,
        sampled: images.map(({ id }) => id),
        classes: set.dataset.classes,
        groups: new Set(images.map(({ group }) => group)).size,
        unreadable: read?.unreadable.map(({ id }) => id) ?? [],
    };
}

;// CONCATENATED MODULE: ./package.json
const package_namespaceObject = {"rE":"0.1.0"};
;// CONCATENATED MODULE: ./src/version.ts

/** The program's version, as in package.json. */
const version = package_namespaceObject.rE;

;// CONCATENATED MODULE: ./src/evidence/environment.ts


/** Fingerprint of hardware and software, for the evidence. */
function environment(ran) {
    return {
        program: `transfer-evidence ${version}`,
        node: process.versions.node,
        onnxruntime: ran.onnxruntime,
        sharp: ran.sharp,
        platform: `${process.platform}-${process.arch}`,
        cpu: (0,external_node_os_.cpus)()[0]?.model.trim() ?? 'unknown',
        cores: (0,external_node_os_.availableParallelism)(),
        device: ran.device,
    };
}

;// CONCATENATED MODULE: ./src/controls.ts
/** Random initialisation of the candidates' network; claims and rankings name it so. */
const scratchId = 'scratch';
/** The shortcut: a probe on nothing but the mean colour of each image. */
const meanColourId = 'mean_colour';
/** Random initialisation of one candidate's own network, where the candidates have several architectures. */
function scratchOf(candidate) {
    return `${scratchId} of ${candidate}`;
}
/** Random initialisation, of the one architecture or of one candidate's own. */
function isScratch(id) {
    return id === scratchId || id.startsWith(scratchOf(''));
}
/** Controls that the program adds. */
function isControl(id) {
    return id === meanColourId || isScratch(id);
}

;// CONCATENATED MODULE: ./src/probe/chance.ts
/**
 * What guessing scores without looking: ½ for AUCs, 1 ÷ classes for balanced accuracy whatever is guessed, and for
 * accuracy the share of the commonest class.
 * @param commonestShare needed for accuracy only; default 1 ÷ classes, right when all classes are equally common
 */
function chanceLevel(metric, classes, commonestShare = 1 / classes) {
    switch (metric) {
        case 'auc':
        case 'macro_auc':
            return 0.5;
        case 'balanced_accuracy':
            return 1 / classes;
        case 'accuracy':
            return commonestShare;
    }
}
/** Whether a score's interval leaves open that it is no better than guessing. */
function atChance(estimate, chance) {
    return estimate.low <= chance;
}
/** Whether nearly all images (95 %) get one and the same prediction although they are not of one class. */
function collapsed({ sameness }) {
    return sameness >= 0.95;
}

;// CONCATENATED MODULE: ./src/dataset/content-index.ts




/** More files than any one sample; beyond it, files that were not asked for this time are forgotten. */
const mostEntries = 200_000;
/**
 * Opens the index of one dataset below `cacheDir`: a first line with the SHA-256 of the rest, then one JSON entry a
 * line. Whatever does not check out is taken as empty.
 */
async function openIndex(cacheDir, root) {
    const path = (0,external_node_path_.join)(cacheDir, `${sha256(root).slice(0, 32)}.jsonl`);
    const known = new Map();
    for (const [file, state, digest] of await entriesOf(path))
        known.set(file, { state, digest });
    const asked = new Set();
    let changed = false;
    return {
        get(file, state) {
            asked.add(file);
            const entry = known.get(file);
            return entry?.state === keyOf(state) ? entry.digest : undefined;
        },
        set(file, state, digest) {
            known.set(file, { state: keyOf(state), digest });
            changed = true;
        },
        async save() {
            if (!changed)
                return;
            const kept = [...known].filter(([file]) => known.size <= mostEntries || asked.has(file));
            await replace(path, kept.map(([file, { state, digest }]) => [file, state, digest]));
        },
    };
}
function keyOf({ size, mtimeNs, ctimeNs, ino, dev }) {
    return [size, mtimeNs, ctimeNs, ino, dev].join(' ');
}
async function entriesOf(path) {
    const text = await (0,promises_.readFile)(path, 'utf8').catch(() => '');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (end < 0 || sha256(body) !== text.slice(0, end))
        return [];
    return body.split('\n').map((line) => JSON.parse(line));
}
async function replace(path, entries) {
    const body = entries.map((entry) => JSON.stringify(entry)).join('\n');
    const draft = `${path}.${(0,external_node_crypto_.randomUUID)()}`;
    try {
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
        await (0,promises_.writeFile)(draft, `${sha256(body)}\n${body}`, { flag: 'wx' });
        await (0,promises_.rename)(draft, path);
    }
    catch {
        await (0,promises_.rm)(draft, { force: true }).catch(() => undefined);
    }
}

// EXTERNAL MODULE: ./node_modules/fastest-levenshtein/mod.js
var mod = __webpack_require__(21916);
;// CONCATENATED MODULE: ./src/dataset/names.ts

/** At most five names for a message: `a, b, c, d, e and 12 more`. */
function someNames(names) {
    const shown = names.slice(0, 5).join(', ');
    return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
/** A count with its noun: `1 image`, `12 images`. */
function counted(count, noun, plural = `${noun}s`) {
    return `${count} ${count === 1 ? noun : plural}`;
}
/** The names from nearest to farthest by edit distance, upper and lower case alike; ties by code unit. */
function byNearness(name, names) {
    const wanted = name.toLowerCase();
    return names
        .map((candidate) => ({ candidate, edits: (0,mod/* distance */.Io)(wanted, candidate.toLowerCase()) }))
        .sort((a, b) => a.edits - b.edits || compareCodeUnits(a.candidate, b.candidate))
        .map(({ candidate }) => candidate);
}
/** Orders text by UTF-16 code unit: the same on every machine, whatever its locale. */
function compareCodeUnits(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

;// CONCATENATED MODULE: ./src/dataset/fingerprint.ts





/** Part of every digest: raised when the way of computing it changes. */
const formatVersion = 1;
/** What stands in place of the content of a file that cannot be read. */
const unreadable = 'unreadable';
/** Files read at a time; the pool that serves them has four threads. */
const readers = 8;
/** A file changed so shortly before it was read can change again within the same tick of the file system's clock. */
const racyNanoseconds = 2000000000n;
/**
 * The SHA-256 of every image's bytes, by id; of one that cannot be read the reason.
 * @param options.cacheDir where digests of files are remembered by size, times and inode. A file changed within two
 *   seconds before it was read is read again next time.
 */
async function readContents({ root, images }, options = {}) {
    const index = options.cacheDir === undefined ? undefined : await openIndex(options.cacheDir, root);
    const contents = await contentDigests(images.map(({ file }) => file), index);
    await index?.save();
    return new Map(images.map(({ id }, i) => [id, contents[i]]));
}
/**
 * Digest of what a dataset is: its classes and, for every image in order of id, the id, the SHA-256 of the bytes, the
 * labels, the group and the split. Where it lies and in which order it was listed play no part. An image that cannot be
 * read counts as that, so that decoding can name it later.
 * @param contents from {@link readContents}
 * @returns hex SHA-256
 */
function fingerprint(dataset, contents) {
    const images = [...dataset.images].sort((a, b) => compareCodeUnits(a.id, b.id));
    const hash = (0,external_node_crypto_.createHash)('sha256');
    hash.update(`${JSON.stringify(['dataset', formatVersion, dataset.classes])}\n`);
    for (const { id, labels, group, split } of images) {
        const sorted = [...labels].sort((a, b) => a - b);
        hash.update(`${JSON.stringify([id, contents.get(id), sorted, group, split ?? null])}\n`);
    }
    return hash.digest('hex');
}
async function contentDigests(files, index) {
    const digests = new Array(files.length);
    let next = 0;
    const reader = async (chunk) => {
        while (next < files.length) {
            const at = next++;
            digests[at] = await contentDigest(files[at], index, chunk);
        }
    };
    await Promise.all(Array.from({ length: Math.min(readers, files.length) }, () => reader(Buffer.allocUnsafe(1 << 18))));
    return digests;
}
async function contentDigest(file, index, chunk) {
    let handle;
    try {
        const remembered = index?.get(file, (0,external_node_fs_.statSync)(file, { bigint: true }));
        if (remembered !== undefined)
            return remembered;
        handle = await (0,promises_.open)(file);
        const now = BigInt(Date.now()) * 1000000n;
        const state = await handle.stat({ bigint: true });
        const digest = await hashOf(handle, Number(state.size), chunk);
        if (isSettled(state, now))
            index?.set(file, state, digest);
        return digest;
    }
    catch (error) {
        return `${unreadable} ${error.code}`;
    }
    finally {
        await handle?.close();
    }
}
async function hashOf(handle, size, chunk) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    for (let read = 0; read < size;) {
        const { bytesRead } = await handle.read(chunk, 0, chunk.length);
        if (bytesRead === 0)
            break;
        hash.update(chunk.subarray(0, bytesRead));
        read += bytesRead;
    }
    return hash.digest('hex');
}
function isSettled({ mtimeNs, ctimeNs }, now) {
    return now - mtimeNs > racyNanoseconds && now - ctimeNs > racyNanoseconds;
}

;// CONCATENATED MODULE: ./src/dataset/duplicates.ts

/**
 * Puts images of the same bytes, and with them all images of their groups, into one group: a copy on both sides of a
 * split is an image known from training, and counted as images of their own copies make every interval too narrow.
 * @param contents by image id
 * @returns the same records where there is no copy
 */
function groupCopies(images, contents) {
    const parent = new Map(images.map(({ group }) => [group, group]));
    const rootOf = (group) => {
        let root = group;
        while (parent.get(root) !== root)
            root = parent.get(root);
        return root;
    };
    const first = new Map();
    for (const { id, group } of images) {
        const content = contents.get(id);
        if (content === undefined || content.startsWith(unreadable))
            continue;
        const known = first.get(content);
        if (known === undefined)
            first.set(content, group);
        else {
            const [a, b] = [rootOf(known), rootOf(group)].sort();
            parent.set(b, a);
        }
    }
    return images.map((image) => {
        const group = rootOf(image.group);
        return group === image.group ? image : { ...image, group };
    });
}

// EXTERNAL MODULE: ./node_modules/csv-parse/lib/sync.js + 9 modules
var sync = __webpack_require__(25175);
;// CONCATENATED MODULE: ./src/dataset/csv-table.ts


/**
 * Parses comma-, semicolon- or tab-separated text (RFC 4180 quoting) with a header line. UTF-8 or UTF-16 with or without
 * a byte-order mark; any line ending.
 * @throws dataset-invalid for another encoding, no header, no rows, rows of another length or broken quoting
 */
function readTable(bytes, name) {
    const text = decodeText(bytes, name);
    const delimiter = delimiterOf(text);
    let rows;
    try {
        rows = (0,sync/* parse */.qg)(text, { delimiter, trim: true, skip_empty_lines: true, info: true });
    }
    catch (error) {
        if (!(error instanceof sync/* CsvError */.J$))
            throw error;
        throw invalid(name, `${error.message}. Separator found: ${delimiter === '\t' ? 'tab' : delimiter}`, error);
    }
    const [header, ...body] = rows;
    if (header === undefined)
        throw invalid(name, 'the file is empty; expected a header line and one row per image');
    if (body.length === 0)
        throw invalid(name, `there is a header (${header.record.slice(0, 5).join(', ')}) but no row`);
    return {
        header: header.record,
        column: (index) => body.map(({ record }) => record[index]),
        line: (row) => body[row].info.lines,
    };
}
function decodeText(bytes, name) {
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
    try {
        return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    }
    catch (error) {
        throw invalid(name, `the text is not ${encoding.toUpperCase()}. Save the file as UTF-8`, error);
    }
}
/** The most frequent separator of the header line outside quotes; a file of one column has none, and comma will do. */
function delimiterOf(text) {
    const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.trimStart())[0].replace(/"(?:[^"]|"")*"/g, '');
    const count = (separator) => header.split(separator).length;
    return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}
function invalid(name, message, cause) {
    return new errors_TransferEvidenceError('dataset-invalid', `${name}: ${message}.`, { cause });
}

// EXTERNAL MODULE: external "node:vm"
var external_node_vm_ = __webpack_require__(30714);
;// CONCATENATED MODULE: ./src/dataset/group-pattern.ts



/** Far above what 100,000 names take, far below a job's patience. */
const patternMilliseconds = 2000;
/**
 * The group of each file: the first capture of `pattern` on its name.
 * @throws dataset-invalid when the pattern is no regular expression, captures nothing, does not match some name, or runs
 *   away (nested quantifiers): the matching is stopped after two seconds
 */
function groupsByPattern(pattern, fileNames) {
    let expression;
    try {
        expression = new RegExp(pattern, 'u');
    }
    catch (error) {
        throw group_pattern_invalid(`group_pattern is not a regular expression: ${error.message}.`, error);
    }
    if (new RegExp(`${pattern}|`, 'u').exec('').length < 2)
        throw group_pattern_invalid(`group_pattern ${pattern} captures nothing. Put the part that names the group into parentheses, as in ^(\\d{8})_.`);
    const groups = matchAll(expression, fileNames);
    const unmatched = fileNames.filter((_, i) => !groups[i]);
    if (unmatched.length > 0)
        throw group_pattern_invalid(`group_pattern ${pattern} finds no group in ${counted(unmatched.length, 'file name')} of ${fileNames.length}: ` +
            `${someNames(unmatched)}. It has to match every name.`);
    return groups;
}
/** In a context of its own, because that is what a time limit can be put on. */
function matchAll(expression, names) {
    try {
        const matched = (0,external_node_vm_.runInNewContext)('names.map((name) => expression.exec(name)?.[1])', { names, expression }, { timeout: patternMilliseconds });
        return Array.from(matched);
    }
    catch (error) {
        throw group_pattern_invalid(`group_pattern ${expression.source} takes too long to match. Write it without nested repetition.`, error);
    }
}
function group_pattern_invalid(message, cause) {
    return new errors_TransferEvidenceError('dataset-invalid', message, { cause });
}

;// CONCATENATED MODULE: ./src/dataset/listing.ts

/** Class names in code-unit order, and each image's index into them. */
function indexClasses(names) {
    const classes = [...new Set(names.filter((name) => name !== undefined))].sort(compareCodeUnits);
    const index = new Map(classes.map((name, i) => [name, i]));
    return { classes, labels: names.map((name) => (name === undefined ? [] : [index.get(name)])) };
}

;// CONCATENATED MODULE: ./src/dataset/roots.ts




/**
 * Where a path really leads, links followed. What does not exist comes back as its place below the nearest directory
 * that does, so that the caller can say in its own words what is missing; nothing is said about what exists outside.
 * @throws path-outside when the path leads, by `..`, by a link or as an absolute path, out of every root
 */
async function resolveInside(path, { base, roots }) {
    if (path.includes('\0'))
        throw new errors_TransferEvidenceError('path-outside', `The path ${JSON.stringify(path)} contains a NUL character.`);
    const real = await realOrNearest((0,external_node_path_.resolve)(base, path), path);
    if (!isInside(real, await realRoots(roots)))
        throw outside(path);
    return real;
}
/** The roots with links followed; a root that does not exist allows nothing. */
async function realRoots(roots) {
    const found = await Promise.all(roots.map((root) => (0,promises_.realpath)(root).catch(() => undefined)));
    return found.filter((root) => root !== undefined);
}
/** Whether a real path is one of the real roots or below one. */
function isInside(real, roots) {
    return roots.some((root) => real === root || real.startsWith(root.endsWith(external_node_path_.sep) ? root : root + external_node_path_.sep));
}
function outside(asWritten) {
    return new errors_TransferEvidenceError('path-outside', `${asWritten} leads outside the directories that may be read (by "..", a link or an absolute path). ` +
        'Move the files into the repository, or name their directory in the input `data-roots`.');
}
/** A sentence on what exists where `missing` was expected. */
async function whatIsNear(missing) {
    const parent = (0,external_node_path_.dirname)(missing);
    const entries = await (0,promises_.readdir)(parent).catch(() => undefined);
    if (entries === undefined)
        return parent === missing ? '' : whatIsNear(parent);
    const visible = entries.filter((name) => !name.startsWith('.'));
    const where = (0,external_node_path_.basename)(parent);
    if (visible.length === 0)
        return `The directory ${where} is there, but empty.`;
    return `In ${where} there is: ${someNames(byNearness((0,external_node_path_.basename)(missing), visible))}.`;
}
async function realOrNearest(path, asWritten) {
    try {
        return await (0,promises_.realpath)(path);
    }
    catch (error) {
        const { code } = error;
        const parent = (0,external_node_path_.dirname)(path);
        if ((code === 'ENOENT' || code === 'ENOTDIR') && parent !== path)
            return (0,external_node_path_.join)(await realOrNearest(parent, asWritten), (0,external_node_path_.basename)(path));
        throw new errors_TransferEvidenceError('dataset-unreadable', `The path ${asWritten} cannot be followed (${code}).`, {
            cause: error,
        });
    }
}

;// CONCATENATED MODULE: ./src/dataset/csv.ts









/**
 * Lists the images that a CSV file names, one a row, by paths relative to the file (a backslash counts as a slash).
 *
 * A label column holds a class a row. Label columns hold 1 or 0 (1.0 and 0.0 as well), and an empty field is 0, as in
 * the files of CheXpert and MIMIC-CXR where only findings that were mentioned are filled in. Their −1 for "uncertain" is
 * refused: how to count it is a decision about the data that belongs to its authors.
 *
 * @throws dataset-invalid (columns, fields, duplicate rows), dataset-missing (images), path-outside
 */
async function listCsv(options) {
    const { file, source, labelled } = options;
    const table = readTable(await (0,promises_.readFile)(file), source.path);
    const column = columnFinder(table, source);
    const imageColumn = column('image', source.image ?? 'path');
    if (source.label !== undefined && source.labels !== undefined)
        throw csv_invalid(source, 'label and labels are both given. Use label for one class a row, labels for columns of 0 and 1.');
    const labelColumn = source.label === undefined ? undefined : column('label', source.label);
    const labelColumns = source.labels?.map((name) => column('labels', name));
    const groupColumn = source.group === undefined ? undefined : column('group', source.group);
    const splitColumn = source.split === undefined ? undefined : column('split', source.split);
    if (labelled && !labelColumn && !labelColumns)
        throw csv_invalid(source, `expected label (a column with the class) or labels (columns of 0 and 1). Columns: ${someNames(table.header)}.`);
    if (groupColumn && source.group_pattern !== undefined)
        throw csv_invalid(source, 'group and group_pattern are both given. Keep one.');
    const images = locate(table, imageColumn.values, options);
    const { classes, labels } = labelColumns
        ? { classes: labelColumns.map(({ name }) => name), labels: manyLabels(table, labelColumns, source) }
        : indexClasses(labelColumn ? classNames(table, labelColumn, options) : images.map(() => undefined));
    const groups = groupColumn
        ? filled(table, groupColumn, source)
        : source.group_pattern === undefined
            ? undefined
            : groupsByPattern(source.group_pattern, images.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)));
    const splits = splitColumn?.values.map((value, row) => splitOf(value, table, row, splitColumn, source));
    return {
        root: (0,external_node_path_.dirname)(file),
        classes,
        kind: labelColumns ? 'many' : labelColumn ? 'one' : 'none',
        grouped: groups !== undefined,
        images: images
            .map(({ id, file }, i) => {
            const split = splits?.[i];
            return { id, file, labels: labels[i], group: groups?.[i] ?? id, ...(split === undefined ? {} : { split }) };
        })
            .sort((a, b) => compareCodeUnits(a.id, b.id)),
    };
}
function columnFinder(table, source) {
    return (key, name) => {
        const at = table.header.indexOf(name);
        if (at < 0) {
            const nearest = byNearness(name, table.header);
            throw csv_invalid(source, `there is no column "${name}" (${key}). Columns, nearest first: ${someNames(nearest)}. Set ${key} to one of them.`);
        }
        if (table.header.lastIndexOf(name) !== at)
            throw csv_invalid(source, `the column "${name}" (${key}) is there more than once. Rename one.`);
        return { name, values: table.column(at) };
    };
}
/** Checks containment and existence row by row, without decoding anything. */
function locate(table, paths, { file, source, roots }) {
    const directory = (0,external_node_path_.dirname)(file);
    const realDirectories = new Map();
    const realDirectory = (path) => {
        if (!realDirectories.has(path))
            realDirectories.set(path, realOf(path));
        return realDirectories.get(path);
    };
    const missing = [];
    const rowOf = new Map();
    const repeated = [];
    const images = paths.map((written, row) => {
        if (written === '')
            throw csv_invalid(source, `the image path is empty in line ${table.line(row)}.`);
        const path = written.replaceAll('\\', '/');
        const absolute = (0,external_node_path_.resolve)(directory, path);
        const parent = realDirectory((0,external_node_path_.dirname)(absolute));
        const place = parent === undefined ? absolute : (0,external_node_path_.join)(parent, (0,external_node_path_.basename)(absolute));
        // What is not there is judged by its written place, so that nothing is learnt about what exists outside.
        if (!isInside(place, roots))
            throw outside(`${written} (${source.path}, line ${table.line(row)})`);
        const found = parent === undefined ? undefined : (0,external_node_fs_.lstatSync)(place, { throwIfNoEntry: false });
        const real = found?.isSymbolicLink() ? realOf(place) : found && place;
        if (real === undefined)
            missing.push(written);
        else if (!isInside(real, roots))
            throw outside(`${written} (${source.path}, line ${table.line(row)})`);
        else if (found.isDirectory())
            throw csv_invalid(source, `line ${table.line(row)} names the directory ${written} as an image.`);
        const id = ((0,external_node_path_.isAbsolute)(path) ? (0,external_node_path_.relative)(directory, place) : (0,external_node_path_.relative)(directory, absolute)).replaceAll('\\', '/');
        const before = rowOf.get(id);
        if (before === undefined)
            rowOf.set(id, row);
        else
            repeated.push(`${id} (lines ${table.line(before)} and ${table.line(row)})`);
        return { id, file: real ?? place };
    });
    if (missing.length > 0)
        throw new errors_TransferEvidenceError('dataset-missing', `${counted(missing.length, 'image')} of ${paths.length} in ${source.path} do not exist: ${someNames(missing)}. ` +
            'Paths are relative to the CSV file.');
    if (repeated.length > 0)
        throw csv_invalid(source, `${counted(repeated.length, 'image')} named more than once: ${someNames(repeated)}. Keep one row each; for several labels use label columns (labels).`);
    return images;
}
function realOf(path) {
    try {
        return external_node_fs_.realpathSync.native(path);
    }
    catch {
        return undefined;
    }
}
function classNames(table, column, { source, labelled }) {
    return labelled ? filled(table, column, source) : column.values.map((value) => value || undefined);
}
function filled(table, column, source) {
    const empty = column.values.flatMap((value, row) => (value === '' ? [`line ${table.line(row)}`] : []));
    if (empty.length > 0)
        throw csv_invalid(source, `the column "${column.name}" is empty in ${counted(empty.length, 'row')} of ${column.values.length}: ${someNames(empty)}. Fill them in or remove the rows.`);
    return column.values;
}
function manyLabels(table, columns, source) {
    const labels = table.column(0).map(() => []);
    columns.forEach(({ name, values }, index) => {
        values.forEach((value, row) => {
            if (value === '' || Number(value) === 0)
                return;
            if (Number(value) === 1)
                labels[row].push(index);
            else if (Number(value) === -1)
                throw csv_invalid(source, `the column "${name}" holds ${value}, "uncertain", in ${counted(values.filter((v) => v !== '' && Number(v) === -1).length, 'row')} (first in line ${table.line(row)}). ` +
                    'Decide in the file whether that counts as 1 or as 0, or remove the rows.');
            else
                throw csv_invalid(source, `the column "${name}" holds "${value}" in line ${table.line(row)}; expected 0, 1 or nothing.`);
        });
    });
    return labels;
}
const splits = {
    train: 'train',
    training: 'train',
    val: 'validation',
    valid: 'validation',
    validation: 'validation',
    test: 'test',
    testing: 'test',
};
function splitOf(value, table, row, column, source) {
    if (value === '')
        return undefined;
    const split = splits[value.toLowerCase()];
    if (split === undefined)
        throw csv_invalid(source, `the column "${column.name}" holds "${value}" in line ${table.line(row)}; expected train, validation, test or nothing.`);
    return split;
}
function csv_invalid(source, message) {
    return new errors_TransferEvidenceError('dataset-invalid', `${source.path}: ${message}`);
}

;// CONCATENATED MODULE: ./src/image/signature.ts
/** File extensions, lower case, that are listed as images. The content decides in the end, see {@link signatureOf}. */
const imageExtensions = new Set([
    '.png',
    '.jpg',
    '.jpeg',
    '.jpe',
    '.jfif',
    '.webp',
    '.tif',
    '.tiff',
    '.gif',
]);
/**
 * Recognises a format by its magic number, never by its name. Only these five reach the decoder: libvips itself would
 * also open formats that run code or follow references (SVG, PDF).
 */
function signatureOf(bytes) {
    const text = (from, to) => String.fromCharCode(...bytes.subarray(from, to));
    if (text(0, 8) === '\x89PNG\r\n\x1a\n')
        return { format: 'png' };
    if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff)
        return { format: 'jpeg' };
    if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP')
        return { format: 'webp' };
    if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4)))
        return { format: 'tiff' };
    if (['GIF87a', 'GIF89a'].includes(text(0, 6)))
        return { format: 'gif' };
    return { format: undefined, found: signature_describe(text, bytes.length) };
}
function signature_describe(text, length) {
    if (length === 0)
        return 'an empty file (0 bytes)';
    if (text(0, 40).startsWith('version https://git-lfs'))
        return 'a Git LFS pointer instead of the image; fetch the content (`lfs: true` in actions/checkout, or `git lfs pull`)';
    if (text(128, 132) === 'DICM')
        return 'a DICOM file; export it as PNG (8 or 16 bit) first';
    if (text(0, 2) === 'BM')
        return 'a BMP file; convert it to PNG';
    if (text(0, 5) === '%PDF-')
        return 'a PDF; export the image as PNG';
    if (['ftypavif', 'ftypheic', 'ftypmif1'].includes(text(4, 12)))
        return 'an AVIF or HEIC file; convert it to PNG or JPEG';
    if (text(0, 12).startsWith('\0\0\0\x0cjP  ') || text(0, 4) === '\xff\x4f\xff\x51')
        return 'a JPEG 2000 file; convert it to PNG';
    const start = text(0, 200).trimStart().toLowerCase();
    if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg')))
        return 'an SVG drawing; export it as PNG';
    if (start.startsWith('<!doctype html') || start.startsWith('<html'))
        return 'an HTML page, perhaps a failed download';
    const hex = Array.from(text(0, 8), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
    return `a file that begins with the bytes ${hex}`;
}

;// CONCATENATED MODULE: ./src/dataset/folder.ts








/**
 * Lists a folder with one sub-folder per class; below a class any depth. Hidden files, other files than images (by
 * extension) and what archivers leave behind are passed over; links are followed where they stay inside the roots.
 * @throws dataset-invalid, dataset-unreadable, path-outside
 */
async function listFolder(options) {
    const { folder, asWritten, labelled } = options;
    const walk = { ...options, found: [], broken: [] };
    const top = await walkDirectory(walk, [folder], '');
    if (walk.broken.length > 0)
        throw folder_invalid(`${counted(walk.broken.length, 'link')} in ${asWritten} lead nowhere: ${someNames(walk.broken)}. ` +
            'If the images are kept by git-annex, DVC or Git LFS, fetch their content first.');
    const images = walk.found.sort((a, b) => compareCodeUnits(a.id, b.id));
    const names = images.map(({ id }) => (id.includes('/') ? id.slice(0, id.indexOf('/')) : undefined));
    if (labelled)
        checkLayout(asWritten, top, names);
    // A flat folder, or one that holds splits, has no classes to speak of.
    const classless = names.includes(undefined) || areSplits(top) || new Set(names).size < 2;
    const { classes, labels } = indexClasses(classless && !labelled ? names.map(() => undefined) : names);
    const groups = options.groupPattern === undefined
        ? undefined
        : groupsByPattern(options.groupPattern, images.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)));
    return {
        root: folder,
        classes,
        kind: classes.length === 0 ? 'none' : 'one',
        grouped: groups !== undefined,
        images: images.map(({ id, file }, i) => ({ id, file, labels: labels[i], group: groups?.[i] ?? id })),
    };
}
function checkLayout(asWritten, top, names) {
    const loose = names.filter((name) => name === undefined).length;
    if (loose > 0)
        throw folder_invalid(`Expected ${asWritten} to hold one sub-folder per class; ${counted(loose, 'image')} of ${names.length} lie directly in it. ` +
            'Move each image into the folder of its class, or describe the classes in a CSV file (format: csv).');
    if (names.length > 0 && areSplits(top))
        throw folder_invalid(`Expected the sub-folders of ${asWritten} to be classes; ${someNames(top)} look like splits. ` +
            'Name one of them in path, or describe the splits in a CSV file (format: csv, split: COLUMN).');
    const filled = new Set(names);
    const empty = top.filter((name) => !filled.has(name));
    if (names.length > 0 && empty.length > 0)
        throw folder_invalid(`${counted(empty.length, 'class', 'classes')} of ${top.length} in ${asWritten} hold no image: ${someNames(empty)}. ` +
            `Add images (${[...imageExtensions].join(' ')}) or remove the folder.`);
}
function areSplits(top) {
    return top.length > 0 && top.every((name) => /^(train|training|val|valid|validation|dev|test|testing)$/i.test(name));
}
/**
 * @param ancestors real directories on the way here, so that a link to one of them does not go round
 * @returns the names of the sub-directories
 */
async function walkDirectory(walk, ancestors, prefix) {
    const here = ancestors.at(-1);
    const directories = [];
    for (const entry of await folder_entriesOf(here, prefix || walk.asWritten)) {
        if (entry.name.startsWith('.') || leftovers.has(entry.name))
            continue;
        const id = prefix + entry.name;
        const place = entry.isSymbolicLink() ? await follow(walk, (0,external_node_path_.join)(here, entry.name), id) : placeOf(here, entry);
        if (place?.directory) {
            directories.push(entry.name);
            if (!ancestors.includes(place.path))
                await walkDirectory(walk, [...ancestors, place.path], `${id}/`);
        }
        else if (place && isImageName(entry.name))
            walk.found.push({ id, file: place.path });
    }
    return directories.sort(compareCodeUnits);
}
function placeOf(parent, entry) {
    if (!entry.isDirectory() && !entry.isFile())
        return undefined;
    return { path: (0,external_node_path_.join)(parent, entry.name), directory: entry.isDirectory() };
}
async function follow(walk, link, id) {
    const path = await (0,promises_.realpath)(link).catch(() => undefined);
    const found = path === undefined ? undefined : await (0,promises_.stat)(path).catch(() => undefined);
    if (path === undefined || found === undefined) {
        if (isImageName(id))
            walk.broken.push(id);
        return undefined;
    }
    if (!found.isDirectory() && !(found.isFile() && isImageName(id)))
        return undefined;
    if (!isInside(path, walk.roots))
        throw outside((0,external_node_path_.join)(walk.asWritten, id));
    return { path, directory: found.isDirectory() };
}
async function folder_entriesOf(directory, name) {
    try {
        return await (0,promises_.readdir)(directory, { withFileTypes: true });
    }
    catch (error) {
        const { code } = error;
        throw new errors_TransferEvidenceError('dataset-unreadable', `The folder ${name} cannot be listed (${code}). Give the user that runs this permission to read it.`, {
            cause: error,
        });
    }
}
/** Directories that archivers and tools leave in a data set. */
const leftovers = new Set(['__MACOSX', '__pycache__', '@eaDir']);
function isImageName(name) {
    return imageExtensions.has((0,external_node_path_.extname)(name).toLowerCase());
}
function folder_invalid(message) {
    return new errors_TransferEvidenceError('dataset-invalid', message);
}

;// CONCATENATED MODULE: ./src/dataset/labels.ts


/**
 * The task that labels describe: two classes are binary, more are multi-class, columns of 0 and 1 are multi-label.
 * @throws dataset-invalid when the declared task does not fit, and for a labelled dataset when a class cannot be learnt:
 *   a single class, a class that occurs once, a label column with one value only
 */
function taskOf(listing, options) {
    const { asWritten, labelled, declared } = options;
    const found = kindOf(listing);
    if (labelled) {
        if (listing.kind === 'many')
            checkColumns(listing, asWritten);
        else
            checkClasses(listing, asWritten);
    }
    if (declared !== undefined && declared !== found)
        throw misfit(listing, declared, found, asWritten);
    return found;
}
function kindOf({ kind, classes }) {
    if (kind === 'many')
        return 'multilabel';
    return classes.length < 2 ? 'unlabelled' : classes.length === 2 ? 'binary' : 'multiclass';
}
/** How many images carry each class. */
function classCounts({ images, classes }) {
    const counts = classes.map(() => 0);
    for (const { labels } of images)
        for (const label of labels)
            counts[label]++;
    return counts;
}
function checkClasses(listing, asWritten) {
    const { classes, images } = listing;
    if (classes.length < 2)
        throw labels_invalid(`Expected at least two classes in ${asWritten}; found ${classes.length === 0 ? 'none' : `only ${classes[0]}`} with ${counted(images.length, 'image')}. ` +
            'Nothing can be told apart in one class: add the others.');
    const counts = classCounts(listing);
    const once = classes.filter((_, i) => counts[i] === 1);
    if (once.length > 0)
        throw labels_invalid(`Expected at least two images in each class of ${asWritten}; ${counted(once.length, 'class has', 'classes have')} one: ${someNames(once)}. ` +
            'Cross-validation needs an image to learn from and one to test on: add images or remove the class.');
}
function checkColumns(listing, asWritten) {
    const { classes, images } = listing;
    const counts = classCounts(listing);
    const constant = classes.filter((_, i) => counts[i] === 0 || counts[i] === images.length);
    if (constant.length > 0)
        throw labels_invalid(`Expected 0 and 1 in each label column of ${asWritten}; ${counted(constant.length, 'column holds', 'columns hold')} one value in all ${counted(images.length, 'row')}: ` +
            `${someNames(constant.map((name) => `${name} (${counts[classes.indexOf(name)] === 0 ? 0 : 1})`))}. Take them out of labels.`);
    const once = classes.filter((_, i) => counts[i] === 1 || counts[i] === images.length - 1);
    if (once.length > 0)
        throw labels_invalid(`Expected at least two images with and two without each label in ${asWritten}; for ${counted(once.length, 'column')} one side has a single image: ${someNames(once)}. ` +
            'Take them out of labels or add images.');
}
function misfit({ kind, classes }, declared, found, asWritten) {
    const what = kind === 'many'
        ? `${counted(classes.length, 'label column')}, which is multilabel`
        : `${counted(classes.length, 'class', 'classes')} (${someNames(classes)}), which is ${found}`;
    const expected = {
        binary: 'exactly two classes',
        multiclass: 'three classes or more',
        multilabel: 'label columns (labels, in a CSV file)',
        unlabelled: 'no labels',
    }[declared];
    return labels_invalid(`The task type is ${declared}: expected ${expected} in ${asWritten}; found ${what}. Correct task.type, or leave it out.`);
}
function labels_invalid(message) {
    return new errors_TransferEvidenceError('dataset-invalid', message);
}

;// CONCATENATED MODULE: ./src/dataset/open.ts







/**
 * Lists the images of a dataset in code-unit order of their ids, decoding none.
 * @throws dataset-missing, dataset-invalid, dataset-unreadable, path-outside
 */
async function openDataset(source, options) {
    const described = typeof source === 'string' ? { format: 'folder', path: source } : source;
    const labelled = options.labelled ?? true;
    const place = await resolveInside(described.path, options);
    const found = await (0,promises_.stat)(place).catch(() => undefined);
    const roots = await realRoots(options.roots);
    if (found === undefined)
        throw new errors_TransferEvidenceError('dataset-missing', `Expected ${described.format === 'csv' ? 'a CSV file' : 'a folder with one sub-folder per class'} at ${described.path}; nothing is there. ` +
            `${await whatIsNear(place)} Relative paths start from the manifest's directory.`);
    let listing;
    if (described.format === 'csv') {
        if (!found.isFile())
            throw await notACsv(described.path, place);
        listing = await listCsv({ file: place, source: described, roots, labelled });
    }
    else {
        if (!found.isDirectory())
            throw open_invalid(`Expected a folder at ${described.path}; found a file. For a CSV file write data as {format: csv, path: ${described.path}, label: COLUMN}.`);
        refuseColumns(described);
        listing = await listFolder({
            folder: place,
            asWritten: described.path,
            roots,
            groupPattern: 'group_pattern' in described ? described.group_pattern : undefined,
            labelled,
        });
    }
    if (listing.images.length === 0)
        throw open_invalid(`Expected images (PNG, JPEG, WebP, TIFF or GIF) in ${described.path}; found none. Hidden files do not count.`);
    const task = taskOf(listing, { asWritten: described.path, labelled, declared: options.task });
    const { root, images, classes, grouped } = listing;
    return { root, images, classes, task, grouped };
}
/** Columns mean nothing to a folder; staying silent about them would drop a group that someone relies on. */
function refuseColumns(source) {
    const columns = ['image', 'label', 'labels', 'group', 'split'].filter((key) => source[key] !== undefined);
    if (columns.length > 0)
        throw open_invalid(`${someNames(columns)} in data name CSV columns, but the format is folder. Set format: csv, or use group_pattern for the groups of a folder.`);
}
async function notACsv(asWritten, place) {
    const files = (await (0,promises_.readdir)(place).catch(() => [])).filter((name) => /\.(csv|tsv|txt)$/i.test(name));
    return open_invalid(`Expected a CSV file at ${asWritten}; found a folder${files.length > 0 ? ` with ${someNames(files.sort())}` : ''}. Name the file in path.`);
}
function open_invalid(message) {
    return new errors_TransferEvidenceError('dataset-invalid', message);
}

// EXTERNAL MODULE: ./node_modules/pure-rand/lib/esm/distribution/uniformFloat64.js
var uniformFloat64 = __webpack_require__(18460);
// EXTERNAL MODULE: ./node_modules/pure-rand/lib/esm/distribution/uniformInt.js
var uniformInt = __webpack_require__(72577);
// EXTERNAL MODULE: ./node_modules/pure-rand/lib/esm/generator/xoroshiro128plus.js
var xoroshiro128plus = __webpack_require__(19821);
;// CONCATENATED MODULE: ./src/random.ts




/**
 * A generator for one purpose. Two purposes under one seed are independent, so that adding a measure
 * never moves the numbers of another.
 */
function seededRandom(seed, ...purpose) {
    const generator = (0,xoroshiro128plus/* xoroshiro128plus */.b)(Number.parseInt(sha256([seed, ...purpose].join('\u0000')).slice(0, 8), 16) | 0);
    const next = () => (0,uniformFloat64/* uniformFloat64 */.d)(generator);
    const integer = (below) => (0,uniformInt/* uniformInt */.C)(generator, 0, below - 1);
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

;// CONCATENATED MODULE: ./src/dataset/sample.ts


/** With fewer groups than this no verdict is reached, so no group may take the place of the thirtieth. */
const groupsWanted = 30;
/**
 * Draws at most `count` images at random, the same ones for the same content, seed and purpose. All images when there
 * are no more than that.
 *
 * Classes keep their proportions, and each keeps two images where it has them and the count allows it (2 × classes).
 * Several labels an image are balanced as in iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011): the class
 * that is furthest behind its share is served next. Groups come whole, except that one group gives at most a thirtieth
 * of the sample as long as other groups are left: 500 tiles of one slide say little about slides.
 *
 * @returns records in code-unit order of their ids
 */
function drawSample(dataset, options) {
    const images = [...dataset.images].sort((a, b) => compareCodeUnits(a.id, b.id));
    const { count, seed, purpose } = options;
    if (images.length <= count)
        return images;
    const random = seededRandom(seed, 'sample', purpose);
    const groups = groupsOf(images, random);
    const cap = largestShare(groups, count);
    const strata = strataOf(groups, images.length, dataset.classes.length, count);
    const taken = [];
    while (taken.length < count) {
        const stratum = furthestBehind(strata);
        if (stratum === undefined)
            break;
        const group = stratum.waiting.pop();
        if (group.used)
            continue;
        group.used = true;
        const room = Math.min(cap, count - taken.length);
        for (const image of group.images.length <= room ? group.images : cut(group, stratum.index, room, random)) {
            taken.push(image);
            for (const index of strataIndices(image, dataset.classes.length))
                strata[index].have++;
        }
    }
    return taken.sort((a, b) => compareCodeUnits(a.id, b.id));
}
function groupsOf(images, random) {
    const byName = new Map();
    for (const image of images) {
        const group = byName.get(image.group);
        if (group)
            group.images.push(image);
        else
            byName.set(image.group, { images: [image], used: false });
    }
    return random.shuffled([...byName.values()]);
}
/** The smallest number of images a group may give so that the sample is filled, but at least a thirtieth of it. */
function largestShare(groups, count) {
    const fills = (cap) => groups.reduce((sum, { images }) => sum + Math.min(images.length, cap), 0) >= count;
    let enough = count;
    let low = Math.max(1, Math.floor(count / Math.min(groupsWanted, groups.length)));
    while (low < enough) {
        const middle = Math.floor((low + enough) / 2);
        if (fills(middle))
            enough = middle;
        else
            low = middle + 1;
    }
    return low;
}
function strataOf(groups, images, classes, count) {
    const least = Math.min(2, Math.floor(count / Math.max(1, classes)));
    const strata = Array.from({ length: classes + 1 }, (_, index) => ({
        index,
        size: 0,
        share: 0,
        least: 0,
        have: 0,
        waiting: [],
    }));
    for (const group of groups.toReversed()) {
        const present = new Set();
        for (const image of group.images)
            for (const index of strataIndices(image, classes)) {
                strata[index].size++;
                present.add(index);
            }
        for (const index of present)
            strata[index].waiting.push(group);
    }
    for (const stratum of strata) {
        stratum.least = stratum.index < classes ? Math.min(least, stratum.size) : 0;
        stratum.share = (stratum.size / images) * count;
    }
    return strata;
}
function strataIndices(image, classes) {
    return image.labels.length > 0 ? image.labels : [classes];
}
/** Classes short of their least number first, the rarest of them before the others; then the one furthest behind. */
function furthestBehind(strata) {
    let best;
    for (const stratum of strata) {
        if (stratum.waiting.length === 0)
            continue;
        if (best === undefined || precedes(stratum, best))
            best = stratum;
    }
    return best;
}
function precedes(a, b) {
    const aShort = a.have < a.least;
    const bShort = b.have < b.least;
    if (aShort !== bShort)
        return aShort;
    if (aShort)
        return a.size < b.size;
    return (a.share - a.have) / a.share > (b.share - b.have) / b.share;
}
/** Part of a group: the class that it was drawn for first. */
function cut(group, stratum, room, random) {
    const order = random.shuffled(group.images);
    const wanted = (image) => image.labels.includes(stratum) || image.labels.length === 0;
    return [...order.filter(wanted), ...order.filter((image) => !wanted(image))].slice(0, room);
}

// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(46466);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(58500);
;// CONCATENATED MODULE: ./src/encoder/download.ts





const attempts = 5;
const redirects = 5;
const longestWait = 60_000;
const stallAfter = 60_000;
const repeatable = new Set([408, 429, 500, 502, 503, 504]);
/**
 * Fetches one file of a known digest. A cut connection is taken up where it broke off, 429 and 5xx are repeated after
 * the time that the server asks for, and the digest is compared before the file gets its name.
 * @throws weights-missing when the server does not have it; weights-mismatch when it has something else;
 *   download-failed for everything that may pass; cancelled
 */
async function download(options) {
    const part = `${options.file}.${process.pid}-${Date.now().toString(36)}.part`;
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(options.file), { recursive: true });
    try {
        const received = await receive(options, part);
        if (received !== options.sha256)
            throw new errors_TransferEvidenceError('weights-mismatch', `${options.name} was expected to have SHA-256 ${options.sha256}; what was downloaded has ${received}. It was deleted. Correct sha256, or find out why the file changed.`);
        await (0,promises_.rename)(part, options.file);
    }
    finally {
        await (0,promises_.rm)(part, { force: true });
    }
}
async function receive(options, part) {
    const output = await (0,promises_.open)(part, 'w');
    const so = { bytes: 0, hash: (0,external_node_crypto_.createHash)('sha256') };
    try {
        for (let attempt = 1;; attempt++) {
            const before = so.bytes;
            const trouble = await attemptOnce(options, output, so);
            if (trouble === undefined)
                return so.hash.digest('hex');
            // What came through counts: only attempts that brought nothing use up the patience.
            if (so.bytes > before)
                attempt = 1;
            if (attempt >= attempts)
                throw failed(options, `${trouble.reason}, ${attempts} times in a row. It may work later; a local file always does.`);
            const wait = trouble.retryAfter ?? options.backoff * 2 ** (attempt - 1);
            if (wait > longestWait)
                throw failed(options, `${trouble.reason}, and the server asks to wait ${Math.ceil(wait / 1000)} s. Run again then.`);
            await (0,external_node_timers_promises_.setTimeout)(wait, undefined, options.signal ? { signal: options.signal } : {}).catch(() => {
                throw cancelled(options);
            });
        }
    }
    finally {
        await output.close();
    }
}
async function attemptOnce(options, output, so) {
    const stalled = new AbortController();
    const timer = setTimeout(() => stalled.abort(new Error(`nothing came for ${stallAfter / 1000} s`)), stallAfter);
    const signal = options.signal ? AbortSignal.any([options.signal, stalled.signal]) : stalled.signal;
    try {
        const response = await download_follow(options, so.bytes, signal);
        const { status } = response;
        if (status === 416 || (status === 200 && so.bytes > 0)) {
            // The server cannot or will not continue: from the start.
            await output.truncate(0);
            so.bytes = 0;
            so.hash = (0,external_node_crypto_.createHash)('sha256');
        }
        if (status !== 200 && status !== 206)
            return await refused(options, response);
        const announced = so.bytes + Number(response.headers.get('content-length') ?? 0);
        if (announced > options.limitBytes)
            throw tooLarge(options, announced);
        for await (const chunk of response.body ?? []) {
            timer.refresh();
            if (so.bytes + chunk.length > options.limitBytes)
                throw tooLarge(options, so.bytes + chunk.length);
            await output.write(chunk, 0, chunk.length, so.bytes);
            so.hash.update(chunk);
            so.bytes += chunk.length;
        }
        return so.bytes < announced
            ? { reason: `the connection ended after ${so.bytes} of ${announced} bytes` }
            : undefined;
    }
    catch (error) {
        if (options.signal?.aborted)
            throw cancelled(options);
        if (error instanceof errors_TransferEvidenceError)
            throw error;
        const { message, cause } = error;
        return { reason: cause instanceof Error && cause.message ? cause.message : message };
    }
    finally {
        clearTimeout(timer);
    }
}
/** Redirects are followed by hand: the authorization is for the first host alone, and https never becomes http. */
async function download_follow(options, from, signal) {
    const first = new URL(options.url);
    let url = first;
    for (let hop = 0; hop <= redirects; hop++) {
        const headers = { 'accept-encoding': 'identity' };
        if (from > 0)
            headers.range = `bytes=${from}-`;
        if (options.authorization !== undefined && url.origin === first.origin)
            headers.authorization = options.authorization;
        const response = await options.fetch(url, { headers, redirect: 'manual', signal });
        const location = response.headers.get('location');
        if (response.status < 300 || response.status >= 400 || location === null)
            return response;
        await response.body?.cancel();
        url = new URL(location, url);
        if (url.protocol !== 'https:' && url.protocol !== first.protocol)
            throw failed(options, `${first.host} redirects to ${url.protocol}//${url.host}, which is not encrypted.`);
    }
    throw failed(options, `${first.host} redirects more than ${redirects} times.`);
}
async function refused(options, response) {
    const { status, headers } = response;
    await response.body?.cancel();
    const host = new URL(options.url).host;
    if (status === 404 || status === 410)
        throw new errors_TransferEvidenceError('weights-missing', `${options.name} does not exist on ${host} (${status}). Check the name, the revision and the path.`);
    if (status === 401 || status === 403)
        throw failed(options, `${host} refuses access (${status}). Private and gated files need a token in the environment variable HF_TOKEN.`);
    if (status !== 416 && !repeatable.has(status))
        throw failed(options, `${host} answers ${status}.`);
    const retryAfter = retryAfterOf(headers.get('retry-after'));
    return { reason: `${host} answers ${status}`, ...(retryAfter === undefined ? {} : { retryAfter }) };
}
/** Milliseconds of a Retry-After header: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header) {
    if (header === null)
        return undefined;
    const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
function tooLarge(options, bytes) {
    return failed(options, `it has ${bytes} bytes or more; at most ${options.limitBytes} are fetched. Keep the file on the machine and name its path instead.`);
}
function failed(options, why) {
    return new errors_TransferEvidenceError('download-failed', `${options.name} could not be downloaded: ${why}`);
}
function cancelled(options) {
    return new errors_TransferEvidenceError('cancelled', `The download of ${options.name} was cancelled.`);
}

;// CONCATENATED MODULE: ./src/encoder/weights.ts









const twoGigabytes = 2_000_000_000;
/**
 * Finds a network's file: a path, an https URL, or `hf:owner/name@revision/path/file.onnx` on the Hugging Face Hub.
 * Whatever was downloaded is verified before anyone sees it.
 * @throws weights-missing, weights-mismatch, path-outside, manifest-invalid (a reference of no known form),
 *   download-failed, cancelled
 */
async function locateWeights(ref, options) {
    const remote = remoteOf(ref, options);
    return remote === null ? localFile(ref, options) : remoteFile(ref, remote, options);
}
function remoteOf(ref, options) {
    if (ref.startsWith('hf:')) {
        const match = /^hf:([\w.-]+)\/([\w.-]+)@([\w.-]+)\/(.+)$/.exec(ref);
        if (match === null || match[4].split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
            throw new errors_TransferEvidenceError('manifest-invalid', `"${ref}" was expected to read hf:owner/name@revision/path/file.onnx, with a commit as the revision.`);
        const [, owner, name, revision, path] = match;
        const endpoint = (options.endpoint ?? process.env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
        const token = 'token' in options ? options.token : process.env.HF_TOKEN;
        return {
            url: `${endpoint}/${owner}/${name}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`,
            ...(token ? { authorization: `Bearer ${token}` } : {}),
        };
    }
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(ref)) {
        const url = URL.canParse(ref) ? new URL(ref) : null;
        if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
            throw new errors_TransferEvidenceError('manifest-invalid', `"${ref}" was expected to be a path, an https URL without user or password, or hf:owner/name@revision/file.onnx.`);
        return { url: url.href };
    }
    return null;
}
async function remoteFile(ref, remote, options) {
    const { sha256 } = options;
    if (sha256 === undefined)
        throw new errors_TransferEvidenceError('weights-mismatch', `${ref} is downloaded, so the manifest must say which bytes are meant: add sha256 (64 hexadecimal digits, from "sha256sum FILE" or the hub's page of the file).`);
    const file = (0,external_node_path_.join)(options.cacheDir, `${sha256}.onnx`);
    if ((await isFile(file)) && (await digestOfFile(file)) === sha256)
        return { file, digest: sha256 };
    if (options.offline)
        throw new errors_TransferEvidenceError('download-failed', `${ref} is not among the downloads in ${options.cacheDir}, and --offline forbids fetching it.`);
    await download({
        ...remote,
        sha256,
        file,
        limitBytes: options.limitBytes ?? twoGigabytes,
        fetch: options.fetch ?? fetch,
        backoff: options.backoff ?? 500,
        name: ref,
        signal: options.signal,
    });
    return { file, digest: sha256 };
}
async function localFile(ref, options) {
    const file = await resolveInside(ref, options);
    if (!(await isFile(file)))
        throw new errors_TransferEvidenceError('weights-missing', `${ref} was expected to be an ONNX file. ${await nearFiles(file)}`);
    const refused = await (0,promises_.access)(file, external_node_fs_.constants.R_OK).then(() => null, (error) => error);
    if (refused !== null)
        throw new errors_TransferEvidenceError('weights-missing', `${ref} is there but cannot be read (${refused.code}). Give the user that runs this permission to read it.`, { cause: refused });
    if (await isLfsPointer(file))
        throw new errors_TransferEvidenceError('weights-missing', `${ref} is a Git LFS pointer, not the file itself. Run "git lfs pull", or set lfs: true on the checkout step.`);
    const digest = await digestOfFile(file);
    if (options.sha256 !== undefined && digest !== options.sha256)
        throw new errors_TransferEvidenceError('weights-mismatch', `${ref} was expected to have SHA-256 ${options.sha256}; it has ${digest}. Correct sha256, or restore the file.`);
    return { file, digest };
}
async function isFile(file) {
    return (0,promises_.stat)(file).then((entry) => entry.isFile(), () => false);
}
async function digestOfFile(file) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(file, { highWaterMark: 1 << 20 }), hash);
    return hash.digest('hex');
}
async function isLfsPointer(file) {
    const handle = await (0,promises_.open)(file);
    try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(42), 0, 42, 0);
        return buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs.github.com/spec/v1');
    }
    finally {
        await handle.close();
    }
}
/** The ONNX files beside a path that does not exist, the most similar names first. */
async function nearFiles(file) {
    let folder = (0,external_node_path_.dirname)(file);
    while (!(await (0,promises_.stat)(folder).catch(() => null))?.isDirectory() && (0,external_node_path_.dirname)(folder) !== folder)
        folder = (0,external_node_path_.dirname)(folder);
    const found = (await (0,promises_.readdir)(folder)).filter((name) => name.endsWith('.onnx'));
    if (found.length === 0)
        return `There is no .onnx file in ${folder}.`;
    const nearest = byNearness((0,external_node_path_.basename)(file), found).slice(0, 3);
    return `In ${folder} there is ${nearest.join(', ')}.`;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/core/json-schema-processors.js
var json_schema_processors = __webpack_require__(98439);
;// CONCATENATED MODULE: ./src/measures.ts
/**
 * Every measure that a claim can name, by the name it has in the manifest and the evidence.
 * A distance is between a source and the target; a probe score belongs to a candidate.
 */
const measures = {
    'embedding.mmd': { title: 'RBF-MMD²', unit: '', direction: 'lower_closer', family: 'embedding' },
    'embedding.kid': { title: 'KID', unit: 'feature³', direction: 'lower_closer', family: 'embedding' },
    'embedding.fid': { title: 'FID', unit: 'feature²', direction: 'lower_closer', family: 'embedding' },
    'visual.lightness': { title: 'lightness L*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
    'visual.green_red': { title: 'green–red a*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
    'visual.blue_yellow': { title: 'blue–yellow b*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
    'visual.grey_share': { title: 'share of grey images', unit: 'share', direction: 'lower_closer', family: 'visual' },
    'visual.sharpness': { title: 'sharpness', unit: 'ln grey²', direction: 'lower_closer', family: 'visual' },
    'visual.noise': { title: 'noise', unit: 'grey levels', direction: 'lower_closer', family: 'visual' },
    'visual.contrast': { title: 'contrast', unit: 'RMS', direction: 'lower_closer', family: 'visual' },
    'visual.entropy': { title: 'entropy', unit: 'bits', direction: 'lower_closer', family: 'visual' },
    'visual.resolution': { title: 'resolution', unit: 'log₂ px', direction: 'lower_closer', family: 'visual' },
    'probe.linear': { title: 'linear probe', unit: 'points', direction: 'higher_better', family: 'probe' },
    'probe.finetune': { title: 'fine-tuning probe', unit: 'points', direction: 'higher_better', family: 'probe' },
    'probe.last_block': { title: 'last-block probe', unit: 'points', direction: 'higher_better', family: 'probe' },
};
const measureNames = Object.keys(measures);
/** What a manifest calls the probes that it asks for. */
const probeNames = ['finetune', 'last_block', 'linear'];
/** The measures of performance. The first is the nearest to how a network is used, so it decides where there are several. */
const probeMeasures = probeNames.map((name) => `probe.${name}`);
const trainedProbes = ['probe.finetune', 'probe.last_block'];
function isProbe(measure) {
    return measures[measure].family === 'probe';
}
function isTrainedProbe(measure) {
    return trainedProbes.includes(measure);
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/iso.js
var iso = __webpack_require__(64377);
;// CONCATENATED MODULE: ./src/manifest/source-schema.ts

const id = schemas/* string */.YjP()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit');
const source_schema_text = schemas/* string */.YjP()
    .trim()
    .min(1)
    .max(4000)
    .regex(/^(?:\P{Cc}|[\t\n\r])*$/u, 'text without control characters');
const source_schema_name = schemas/* string */.YjP()
    .trim()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}*$/u, 'one line without control characters');
const path = schemas/* string */.YjP()
    .min(1)
    .max(1000)
    .regex(/^\P{Cc}*$/u, 'one line without control characters');
const source_schema_sha256 = schemas/* string */.YjP().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
const isoDate = iso/* date */.p6();
const duration = schemas/* string */.YjP().regex(/^[1-9]\d{0,5}(s|m|h)$/, 'a whole number from 1 and s, m or h, as in 15m');
const triple = schemas/* tuple */.PVZ([schemas/* number */.aig(), schemas/* number */.aig(), schemas/* number */.aig()]);
const pixels = schemas/* int */.Whr().min(8).max(2048);
const data = schemas/* union */.KCZ([
    path.describe('A folder with one sub-folder per class.'),
    schemas/* strictObject */.rej({
        format: schemas/* enum */.k5n(['folder', 'csv'])
            .default('folder')
            .describe('folder: one sub-folder per class. csv: a table with one row per image.'),
        path: path.describe('The folder or the CSV file, relative to the repository.'),
        image: source_schema_name.optional().describe('CSV column with the image path, relative to the CSV file. Default: path.'),
        label: source_schema_name.optional().describe('CSV column with the class.'),
        labels: schemas/* array */.YOg(source_schema_name).min(1).optional().describe('CSV columns with 0 or 1, one per label (multi-label).'),
        group: source_schema_name
            .optional()
            .describe('CSV column with what must stay together: patient, slide, site. For folders: see group_pattern.'),
        group_pattern: schemas/* string */.YjP()
            .max(200)
            .optional()
            .describe('Folders: a regular expression whose first group, matched on the file name, is the patient or slide.'),
        split: source_schema_name.optional().describe('CSV column with train, validation or test.'),
    }),
]);
const coding = schemas/* strictObject */.rej({
    modality: schemas/* union */.KCZ([source_schema_name, schemas/* array */.YOg(source_schema_name).min(1)])
        .optional()
        .describe('DICOM modality codes (CR, DX, CT, MR, US, OP, SM, XC, …).'),
    body_part: source_schema_name.optional().describe('DICOM body part examined, e.g. CHEST.'),
    domain: source_schema_name.optional().describe('What the images show, in the field’s words, e.g. natural photographs.'),
});
/** How pixels become a network's input: x = (scaled − mean) / std, scaled to `range` first. */
const preprocessing = schemas/* strictObject */.rej({
    size: schemas/* union */.KCZ([pixels, schemas/* tuple */.PVZ([pixels, pixels])])
        .optional()
        .describe('Input height and width in pixels. Default: what the network declares.'),
    resize: schemas/* enum */.k5n(['squash', 'crop', 'pad'])
        .default('squash')
        .describe('squash ignores the aspect; crop scales the short side and takes the centre; pad scales the long side and fills with black.'),
    channels: schemas/* enum */.k5n(['rgb', 'bgr', 'grey']).default('rgb').describe('Channel order that the network was trained with.'),
    range: schemas/* tuple */.PVZ([schemas/* number */.aig(), schemas/* number */.aig()])
        .default([0, 1])
        .describe('What pixel values 0 and 255 become, before mean and std.'),
    mean: triple.default([0, 0, 0]).describe('Subtracted from each channel, in the units of `range`.'),
    std: triple.default([1, 1, 1]).describe('Divides each channel, in the units of `range`.'),
});
const weights = schemas/* union */.KCZ([
    path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
    schemas/* strictObject */.rej({
        ref: path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
        sha256: source_schema_sha256.optional().describe('SHA-256 of the file. Required for anything that is downloaded.'),
        license: source_schema_name.optional().describe('Licence of the weights: an SPDX id, or LicenseRef-… with a name.'),
        input: source_schema_name.optional().describe('Name of the input tensor. Default: the only one.'),
        features: source_schema_name
            .optional()
            .describe('Name of the tensor that holds the features. Default: an output named features, else the classifier’s input.'),
    }),
]);
const card = schemas/* strictObject */.rej({
    name: source_schema_name.optional().describe('Name of the dataset that the network was trained on.'),
    images: schemas/* int */.Whr().positive().optional().describe('Number of images.'),
    classes: schemas/* int */.Whr().positive().optional().describe('Number of classes.'),
    patients: schemas/* int */.Whr().positive().optional().describe('Number of patients.'),
    doi: source_schema_name.optional().describe('DOI of the dataset.'),
    license: source_schema_name.optional().describe('Licence of the dataset: an SPDX id, or LicenseRef-… with a name.'),
});
const candidate = schemas/* strictObject */.rej({
    id: id.describe('Short name by which claims and rankings refer to this source.'),
    weights: weights
        .optional()
        .describe('The pretrained network: an ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx. A candidate has weights, a sample, or both; `none` is the same as leaving it out.'),
    preprocessing: preprocessing
        .optional()
        .describe('How this network wants its input. A wrong one silently handicaps it.'),
    data: card.optional().describe('What the source dataset is.'),
    sample: data.optional().describe('Images of the source, labelled or not.'),
    coding: coding.optional().describe('What the source’s images show, in a controlled vocabulary.'),
    license: source_schema_name.optional().describe('Licence of the source as a whole: an SPDX id, or LicenseRef-… with a name.'),
    card: source_schema_name.optional().describe('Where the source is described: a URL, DOI or path.'),
});
const encoder = schemas/* union */.KCZ([
    schemas/* literal */.euz('scattering').describe('The built-in wavelet scattering network.'),
    schemas/* strictObject */.rej({
        id: id.describe('Short name by which claims refer to this encoder.'),
        ref: path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
        sha256: source_schema_sha256.optional().describe('SHA-256 of the file. Required for anything that is downloaded.'),
        input: source_schema_name.optional().describe('Name of the input tensor. Default: the only one.'),
        features: source_schema_name.optional().describe('Name of the tensor that holds the features.'),
        preprocessing: preprocessing.optional().describe('How this network wants its input.'),
    }),
]);

;// CONCATENATED MODULE: ./src/manifest/fine-tuning-schema.ts



const probes = schemas/* array */.YOg(schemas/* enum */.k5n(probeNames))
    .min(1)
    .default(['linear', 'finetune'])
    .describe('How performance on the target is measured. linear: a head on frozen features. finetune: the whole network is trained. last_block: its last block is. Where there are several, finetune decides before last_block, last_block before linear.');
const onByDefault = (meaning) => schemas/* boolean */.zMY().default(true).describe(meaning);
const augment = schemas/* strictObject */.rej({
    flip: onByDefault('Mirror half of the images left to right. Set false where left and right mean something.'),
    crop: onByDefault('Move images by a few pixels.'),
    brightness: onByDefault('Make images a little brighter or darker. Set false where brightness is the finding.'),
})
    .prefault({})
    .describe('How training images are changed, for every candidate alike.');
const fineTuning = schemas/* strictObject */.rej({
    budget: duration
        .default('15m')
        .describe('Time for all fine-tuning of this manifest. When it is too short, all candidates alike get fewer seeds, then fewer learning rates, then fewer images.'),
    seeds: schemas/* int */.Whr()
        .min(3)
        .max(20)
        .default(5)
        .describe('Repeats, each with its own training, validation and test images. The budget may make them fewer, never below 3.'),
    learning_rates: schemas/* int */.Whr()
        .min(1)
        .max(5)
        .default(3)
        .describe('Learning rates tried for every candidate alike; each seed takes the one that validation images favour.'),
    epochs: schemas/* int */.Whr().min(1).max(100).default(10).describe('Passes over the training images.'),
    batch: schemas/* int */.Whr().min(4).max(64).default(16).describe('Images in one training step.'),
    optimiser: schemas/* enum */.k5n(['sgd', 'adamw'])
        .default('sgd')
        .describe('sgd: stochastic gradient descent with momentum. adamw: Adam with decoupled weight decay.'),
    augment,
    proxy: schemas/* enum */.k5n(['residual', 'convnext', 'off'])
        .default('residual')
        .describe('The small built-in network that is pretrained here on the labelled images of a candidate without weights. Such a proxy says something about the images, nothing about any published weights. off: none.'),
})
    .prefault({})
    .describe('How networks are trained for finetune and last_block.');

;// CONCATENATED MODULE: ./src/manifest/schema.ts





/** The reasons a source can be chosen for: the manifest's vocabulary. */
const factors = [
    'semantic_similarity',
    'visual_similarity',
    'embedding_similarity',
    'dataset_size',
    'diversity',
    'image_quality',
    'label_quality',
    'availability',
    'license',
    'community_norm',
    'prior_experience',
    'prior_evidence',
    'ethics_fairness',
    'robustness',
    'performance',
];
/** Policy rules with the level each has when the manifest does not say otherwise. */
const defaultPolicy = {
    undocumented: 'fail',
    contradicted: 'acknowledge',
    inconclusive: 'note',
    no_evidence: 'note',
    untestable: 'note',
    vague_term: 'warn',
    only_winner: 'warn',
    norm_only: 'warn',
    unmeasured_quantity: 'warn',
    similarity_as_performance: 'warn',
    ethics_missing: 'warn',
    license_unknown: 'note',
    unreadable_images: 'warn',
};
const level = schemas/* enum */.k5n(['off', 'note', 'warn', 'acknowledge', 'fail']);
const rule = schemas/* enum */.k5n(Object.keys(defaultPolicy));
const factor = schemas/* enum */.k5n(factors);
const factorStatement = schemas/* strictObject */.rej({
    text: source_schema_text.optional().describe('The reason, in words.'),
    rank: schemas/* array */.YOg(id).min(1).optional().describe('Candidates from best to worst on this factor.'),
    refs: schemas/* array */.YOg(source_schema_name).optional().describe('Sources for the statement: DOIs, URLs.'),
    define: source_schema_text
        .optional()
        .describe('What the words in `text` mean here: a measure, a direction and a threshold, or one line.'),
    not_considered: source_schema_text.optional().describe('Why this factor played no part. An honest answer, never punished.'),
});
const test = schemas/* strictObject */.rej({
    measure: schemas/* enum */.k5n(measureNames)
        .describe('What is measured. embedding and visual measures compare a sample with the target; probes compare weights: probe.finetune trains the whole network, probe.last_block its last block, probe.linear a head on frozen features.'),
    subject: id.describe('The candidate that the claim is about.'),
    relation: schemas/* enum */.k5n(['greater_than', 'not_worse_than', 'closer_than'])
        .describe('closer_than for embedding and visual measures; greater_than and not_worse_than for probes.'),
    object: id.describe('Another candidate, or `scratch` (random initialisation).'),
    margin: schemas/* number */.aig().min(0).default(0).describe('In the measure’s own unit: 0.1 is ten points of accuracy or AUC.'),
    encoder: id.optional().describe('For embedding measures: which encoder. Default: the first.'),
});
const claim = schemas/* strictObject */.rej({
    id: id.describe('Short name of the claim, e.g. C1.'),
    factor: factor.describe('The reason that the claim appeals to.'),
    text: source_schema_text.describe('The claim, in words.'),
    test: schemas/* union */.KCZ([schemas/* literal */.euz('untestable'), test])
        .describe('What would show it, or `untestable` (counted, never failed).'),
    depends_on: schemas/* array */.YOg(id).optional().describe('Claims this one is drawn from: “more similar, therefore better”.'),
    response: source_schema_text.optional().describe('The authors’ answer when the evidence contradicts the claim.'),
});
const justification = schemas/* union */.KCZ([
    source_schema_text.describe('Why this source and not the others, in a sentence or two.'),
    schemas/* strictObject */.rej({
        summary: source_schema_text.describe('Why this source and not the others, in a sentence or two.'),
        factors: schemas/* partialRecord */.jgl(factor, factorStatement)
            .optional()
            .describe('The reasons one by one; for each what was thought, or why it was not considered.'),
        claims: schemas/* array */.YOg(claim).max(50).optional().describe('Statements that evidence can support or contradict.'),
    }),
]);
const rater = schemas/* strictObject */.rej({
    id: id.describe('A pseudonym, not a name.'),
    role: source_schema_name.optional().describe('What this person does, e.g. radiologist.'),
    years: schemas/* number */.aig().min(0).max(80).optional().describe('Years of experience.'),
    at: isoDate.optional().describe('When the rating was written down: before the evidence, or it is no intuition.'),
    expected_rank: schemas/* array */.YOg(id)
        .min(1)
        .describe('Candidates from best to worst expected performance; may include `scratch`.'),
    confidence: schemas/* number */.aig().min(0).max(1).optional().describe('0 a guess, 1 certain.'),
    ratings: schemas/* record */.g1P(id, schemas/* partialRecord */.jgl(factor, schemas/* number */.aig().min(1).max(7)))
        .optional()
        .describe('Per candidate and factor: 1 (least) to 7 (most).'),
});
const manifestSchema = schemas/* strictObject */.rej({
    version: schemas/* literal */.euz(1).describe('Version of this format.'),
    decision: schemas/* strictObject */.rej({
        id: id.optional().describe('Identifier of this decision, e.g. TL-0007.'),
        status: schemas/* enum */.k5n(['proposed', 'accepted', 'rejected', 'superseded'])
            .optional()
            .describe('Where the decision stands.'),
        date: isoDate.optional().describe('When it was last updated.'),
        deciders: schemas/* array */.YOg(source_schema_name).optional().describe('Who decides.'),
        consulted: schemas/* array */.YOg(source_schema_name).optional().describe('Whose opinion was sought.'),
        question: source_schema_text.optional().describe('The question that the decision answers.'),
        supersedes: id.optional().describe('Identifier of the decision that this one replaces.'),
    })
        .optional()
        .describe('The decision record, in the words of MADR (Markdown Any Decision Records).'),
    target: schemas/* strictObject */.rej({
        name: source_schema_name.describe('Name of the target task, as the report shows it.'),
        data: data.describe('The target’s images: a folder with one sub-folder per class, or a CSV file.'),
        task: schemas/* strictObject */.rej({
            type: schemas/* enum */.k5n(['multiclass', 'binary', 'multilabel']).optional().describe('Default: read off the labels.'),
            metric: schemas/* enum */.k5n(['balanced_accuracy', 'accuracy', 'auc', 'macro_auc'])
                .optional()
                .describe('Default: balanced_accuracy, auc or macro_auc by task type.'),
        })
            .optional()
            .describe('What is predicted and how it is scored.'),
        coding: coding.optional().describe('What the target’s images show, in a controlled vocabulary.'),
        license: source_schema_name.optional().describe('Licence of the target’s data: an SPDX id, or LicenseRef-… with a name.'),
        subgroups: schemas/* array */.YOg(source_schema_name).optional().describe('Subgroups that must not be served worse, e.g. sex.'),
        deployment_shift: source_schema_text
            .optional()
            .describe('How the images in use will differ from these: other hospitals, other scanners.'),
        croissant: path.optional().describe('Croissant metadata file of the target dataset.'),
        card: source_schema_name.optional().describe('Where the target is described: a URL, DOI or path.'),
    })
        .describe('The task that the network is wanted for.'),
    candidates: schemas/* array */.YOg(candidate)
        .min(1)
        .max(40)
        .describe('The sources that were considered. Random initialisation is always added as a control.'),
    chosen: id.describe('The id of the candidate that was chosen, or `scratch` for training from random initialisation.'),
    not_considered: schemas/* array */.YOg(schemas/* strictObject */.rej({
        name: source_schema_name.describe('The source that was ruled out before any comparison.'),
        because: schemas/* strictObject */.rej({
            factor: factor.describe('The factor that ruled it out.'),
            text: source_schema_text.describe('How it ruled the source out.'),
        })
            .describe('What ruled it out.'),
    }))
        .optional()
        .describe('Other sources, each with what ruled it out. Never punished.'),
    justification: justification
        .optional()
        .describe('Why this source and not the others: a text, or a summary with factors and claims.'),
    intuition: schemas/* strictObject */.rej({ raters: schemas/* array */.YOg(rater).min(1).max(100).describe('One entry per person.') })
        .optional()
        .describe('What people expect before anything is measured; compared with the evidence afterwards.'),
    evidence: schemas/* strictObject */.rej({
        encoders: schemas/* array */.YOg(encoder)
            .min(1)
            .max(5)
            .default(['scattering'])
            .describe('Networks in whose features datasets are compared. The first is the default of claims.'),
        images: schemas/* int */.Whr()
            .min(20)
            .max(2000)
            .default(500)
            .describe('At most this many images per dataset, drawn at random by group and class.'),
        seeds: schemas/* int */.Whr()
            .min(3)
            .max(20)
            .default(5)
            .describe('Linear probe: repeats of the five-fold cross-validation, each with its own split.'),
        configurations: schemas/* int */.Whr()
            .min(1)
            .max(9)
            .default(5)
            .describe('Linear probe: regularisation strengths tried for every candidate alike, chosen by inner cross-validation.'),
        probes: probes,
        finetune: fineTuning,
        budget: duration.default('30m').describe('Time limit for measuring; what is not done by then is “no evidence”.'),
    })
        .prefault({})
        .describe('How much is measured.'),
    policy: schemas/* partialRecord */.jgl(rule, level)
        .default({})
        .describe('Rule → off, note, warn, acknowledge (merge needs an answer in the manifest) or fail.'),
    waivers: schemas/* array */.YOg(schemas/* strictObject */.rej({
        rule: rule.describe('The rule that is waived.'),
        claim: id.optional().describe('Only for this claim. Default: wherever the rule fires.'),
        reason: source_schema_text.describe('Why the rule does not count here.'),
        by: source_schema_name.describe('Who answers for it.'),
        expires: isoDate.describe('Last day on which the waiver holds.'),
    }))
        .default([])
        .describe('Rules that are told but do not count, each with a reason, a name and an end.'),
});

;// CONCATENATED MODULE: ./src/manifest/vocabulary.ts
/** What each factor means, for editors and for messages. */
const factorMeanings = {
    semantic_similarity: 'Source and target show the same kind of thing: modality, anatomy, classes.',
    visual_similarity: 'Source and target look alike: colour, sharpness, noise, contrast.',
    embedding_similarity: 'Source and target lie close together in a network’s features.',
    dataset_size: 'How many images, classes or patients the source has.',
    diversity: 'How varied the source is: effective images, sites, scanners.',
    image_quality: 'Sharpness, noise, resolution of the source’s images.',
    label_quality: 'How the source was labelled and how often wrongly.',
    availability: 'The weights could be had, or others could not.',
    license: 'The terms of weights and data allow the use.',
    community_norm: 'Others use it, or reviewers expect it. Recorded as what it is, never as evidence.',
    prior_experience: 'It worked for us before.',
    prior_evidence: 'Published results.',
    ethics_fairness: 'Whom the source shows and leaves out, consent, subgroup gaps.',
    robustness: 'Behaviour under a named shift: other scanners, other hospitals.',
    performance: 'It will score better on the target.',
};
/** When each policy rule fires, for editors and for messages. */
const ruleMeanings = {
    undocumented: 'No reason is given for the choice.',
    contradicted: 'The evidence contradicts a claim.',
    inconclusive: 'The evidence does not decide a claim.',
    no_evidence: 'Nothing could be measured for a claim.',
    untestable: 'A claim is declared untestable.',
    vague_term: 'A reason leans on a word that means different things to different people, without a definition or test.',
    only_winner: 'Only one candidate is listed and nothing is under not_considered.',
    norm_only: 'That others do it is the only reason.',
    unmeasured_quantity: 'Size, diversity or quality is a reason, without a number or definition.',
    similarity_as_performance: 'Better performance is concluded from similarity, without a claim that tests it.',
    ethics_missing: 'Factors are listed, but ethics_fairness is neither addressed nor not_considered.',
    license_unknown: 'The chosen candidate has no licence.',
    unreadable_images: 'Some images could not be read.',
};

;// CONCATENATED MODULE: ./src/manifest/json-schema.ts



const meanings = { ...factorMeanings, ...ruleMeanings };
/**
 * The manifest as a file holds it (defaults may be left out), for editors: JSON Schema, draft 2020-12. Cross-references
 * between ids are beyond it; the program checks those.
 */
function manifestJsonSchema() {
    const schema = json_schema_processors/* toJSONSchema */.bl(manifestSchema, {
        io: 'input',
        target: 'draft-2020-12',
        override: ({ jsonSchema }) => spellOutKeys(jsonSchema),
    });
    const { $schema, ...rest } = schema;
    return {
        $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema',
        title: 'Transfer-learning manifest',
        description: 'Which pretraining source was chosen for a target task, among which candidates, and why.',
        ...rest,
    };
}
/** Editors complete and explain `properties`, but not keys that only `propertyNames` lists. */
function spellOutKeys(schema) {
    const keys = schema.propertyNames?.enum;
    const value = schema.additionalProperties;
    if (keys === undefined || !value)
        return;
    schema.properties = Object.fromEntries(keys.map((key) => [String(key), { ...value, description: meanings[String(key)] ?? String(key) }]));
    schema.additionalProperties = false;
    delete schema.propertyNames;
}

;// CONCATENATED MODULE: ./src/manifest/expected.ts


let root;
/** What the schema allows at a path, one entry for each form; empty when the path leads nowhere. */
function formsAt(path) {
    root ??= manifestJsonSchema();
    let forms = [root];
    for (const segment of path)
        forms = forms.flatMap(branches).flatMap((form) => {
            if (typeof segment === 'number')
                return form.prefixItems?.[segment] ?? form.items ?? [];
            return ((Object.hasOwn(form.properties ?? {}, segment) && form.properties?.[segment]) || form.additionalProperties || []);
        });
    return forms.flatMap(branches);
}
function branches(schema) {
    if (schema.anyOf === undefined)
        return [schema];
    const { description } = schema;
    return schema.anyOf
        .flatMap(branches)
        .map((branch) => ({ ...branch, ...(description === undefined ? {} : { description }) }));
}
/** The forms in words: `text`, `a whole number from 3 to 20`, `one of folder, csv`. */
function describeForms(forms) {
    return [...new Set(forms.map(expected_describe))].join(', or ') || 'nothing';
}
function expected_describe(form) {
    if (form.const !== undefined)
        return `\`${form.const}\``;
    if (form.enum)
        return `one of ${form.enum.join(', ')}`;
    if (form.format === 'date')
        return 'a date as in 2026-03-01';
    if (form.type === 'string')
        return form.maxLength === undefined || form.maxLength > 200
            ? 'text'
            : `text of at most ${form.maxLength} characters`;
    if (form.type === 'integer' || form.type === 'number') {
        const number = form.type === 'integer' ? 'a whole number' : 'a number';
        const low = form.minimum ?? form.exclusiveMinimum;
        const high = form.maximum === undefined || form.maximum >= Number.MAX_SAFE_INTEGER ? undefined : form.maximum;
        if (low !== undefined && low > Number.MIN_SAFE_INTEGER && high !== undefined)
            return `${number} from ${low} to ${high}`;
        return low !== undefined && low > Number.MIN_SAFE_INTEGER
            ? `${number} ${form.minimum === undefined ? 'above' : 'from'} ${low}`
            : number;
    }
    if (form.prefixItems)
        return `a list of ${form.prefixItems.length} numbers`;
    if (form.type === 'array')
        return 'a list';
    const required = form.required ?? [];
    return required.length > 0 ? `a mapping with ${required.join(', ')}` : 'a mapping';
}
/** The keys that a mapping at this path may have. */
function keysAt(path) {
    return [...new Set(formsAt(path).flatMap((form) => Object.keys(form.properties ?? {})))];
}
/** The one known word that a misspelt one most likely stands for, or null. */
function nearest(word, known) {
    const wanted = bare(word).slice(0, 200);
    if (wanted === '')
        return null;
    let best = null;
    let least = Number.POSITIVE_INFINITY;
    for (const candidate of known) {
        const apart = (0,mod/* distance */.Io)(wanted, bare(candidate));
        // Two letters changed places count as two edits, so that a word of four needs two.
        const bound = Math.max(1, Math.round(0.4 * Math.max(wanted.length, bare(candidate).length)));
        if (apart <= bound && apart < least) {
            best = candidate;
            least = apart;
        }
    }
    return best;
}
function bare(text) {
    return text.toLowerCase().replace(/[\s._-]/g, '');
}
/** Known words of which this one is a part (`similarity` may be any of three), else the nearest, else by beginning. */
function likely(word, known) {
    const wanted = bare(word);
    if (wanted === '')
        return [];
    const withPart = (test) => known.filter((candidate) => candidate.split(/[._]/).some(test)).slice(0, 4);
    const whole = withPart((part) => part === wanted);
    if (whole.length > 0)
        return whole;
    const close = nearest(word, known);
    if (close !== null)
        return [close];
    return wanted.length < 3 ? [] : withPart((part) => part.startsWith(wanted));
}
/** ` Did you mean \`a\` or \`b\`?`, or nothing. */
function didYouMean(words) {
    return words.length === 0 ? '' : ` Did you mean ${words.map((word) => `\`${word}\``).join(' or ')}?`;
}
/** Where else in a manifest a key stands, as `justification.claims`; at most three places. */
function placesOfKey(key) {
    root ??= manifestJsonSchema();
    const places = new Set();
    const walk = (schema, path) => {
        for (const form of branches(schema)) {
            if (form.items)
                walk(form.items, `${path}[]`);
            for (const [name, value] of Object.entries(form.properties ?? {})) {
                const at = path === '' ? name : `${path}.${name}`;
                if (name === key)
                    places.add(at);
                walk(value, at);
            }
        }
    };
    walk(root, '');
    return [...places].sort((a, b) => a.length - b.length).slice(0, 3);
}
/** Words that people write for a key of this format. */
const otherNames = {
    rationale: 'justification',
    reason: 'justification',
    reasons: 'justification',
    reasoning: 'justification',
    why: 'justification',
    sources: 'candidates',
    source: 'candidates',
    options: 'candidates',
    alternatives: 'candidates',
    choice: 'chosen',
    selected: 'chosen',
    model: 'weights',
    checkpoint: 'weights',
    network: 'weights',
    onnx: 'weights',
    url: 'ref',
    file: 'ref',
    hash: 'sha256',
    checksum: 'sha256',
    digest: 'sha256',
    dataset: 'data',
    images: 'sample',
    folder: 'path',
    classes: 'label',
    target_column: 'label',
    patient: 'group',
    patients: 'group',
    threshold: 'margin',
    convention: 'community_norm',
    practice: 'community_norm',
    fine_tuning: 'finetune',
    finetuning: 'finetune',
    learning_rate: 'learning_rates',
    lr: 'learning_rates',
    batch_size: 'batch',
    optimizer: 'optimiser',
    augmentation: 'augment',
};

;// CONCATENATED MODULE: ./src/manifest/path.ts
/** `candidates[1].weights.sha256`; a key that is not a plain word is quoted: `ratings["a.b"]`. The root is ''. */
function formatPath(segments) {
    let path = '';
    for (const segment of segments) {
        if (typeof segment === 'number')
            path += `[${segment}]`;
        else if (!/^[A-Za-z_][\w-]*$/.test(segment))
            path += `[${quote(segment)}]`;
        else
            path += path === '' ? segment : `.${segment}`;
    }
    return path;
}
/** The path one level up, or null at the root. */
function parentPath(path) {
    if (path === '')
        return null;
    if (!path.endsWith(']'))
        return path.slice(0, Math.max(0, path.lastIndexOf('.')));
    const opening = path.endsWith('"]') ? openingQuote(path) : path.lastIndexOf('[');
    return path.slice(0, Math.max(0, opening));
}
function openingQuote(path) {
    for (let at = path.length - 3; at >= 1; at--) {
        if (path[at] !== '"' || path[at - 1] !== '[')
            continue;
        try {
            JSON.parse(path.slice(at, -1));
            return at - 1;
        }
        catch {
            // a bracket and quote inside the quoted key
        }
    }
    return 0;
}
/**
 * Text from the file as a message shows it: in double quotes, shortened, with everything escaped that could act on a
 * terminal or reorder the line.
 */
function quote(text, longest = 60) {
    return harmless(JSON.stringify(text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text));
}
/** Controls, bidirectional marks and line separators written out; at most 300 characters. */
function harmless(text) {
    return text
        .slice(0, 300)
        .toWellFormed()
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
}

;// CONCATENATED MODULE: ./src/manifest/names.ts


/** Every id stands once. */
function checkUnique(ids, path, what, refuse) {
    const first = new Map();
    ids.forEach((id, index) => {
        const before = first.get(id);
        if (before === undefined)
            first.set(id, index);
        else
            refuse('duplicate-id', path(index), `Two ${what} are called ${quote(id)} (the first at \`${path(before)}\`). Rename one.`);
    });
}
/** “there is no candidate "x". Did you mean `y`? Candidates: y, z.” */
function unknownName(what, name, known) {
    const list = known.length === 0 ? 'none' : known.slice(0, 20).join(', ');
    return `there is no ${what} ${quote(name)}.${didYouMean(likely(name, known))} Known: ${list}.`;
}

;// CONCATENATED MODULE: ./src/manifest/check-sources.ts


/** Everything that names files: the target's data, samples, weights, encoders, and how they are read. */
function checkSources(manifest, refuse) {
    check_sources_checkData(manifest.target.data, 'target.data', refuse);
    checkTargetLabels(manifest, refuse);
    manifest.candidates.forEach((candidate, index) => {
        checkCandidate(candidate, `candidates[${index}]`, refuse);
    });
    const { encoders } = manifest.evidence;
    const ids = encoders.map((encoder) => (encoder === 'scattering' ? encoder : encoder.id));
    checkUnique(ids, (index) => (ids[index] === 'scattering' ? `evidence.encoders[${index}]` : `evidence.encoders[${index}].id`), 'encoders', refuse);
    encoders.forEach((encoder, index) => {
        if (encoder === 'scattering')
            return;
        const path = `evidence.encoders[${index}]`;
        if (encoder.id === 'scattering')
            refuse('reserved-id', `${path}.id`, '"scattering" is the name of the built-in encoder. Rename this one.');
        checkReference(encoder.ref, `${path}.ref`, encoder.sha256, refuse);
        checkPreprocessing(encoder.preprocessing, `${path}.preprocessing`, refuse);
    });
}
function checkCandidate(candidate, path, refuse) {
    const { weights, sample } = candidate;
    if (weights === undefined || weights === 'none') {
        if (sample === undefined)
            refuse('nothing-to-measure', path, `Candidate ${quote(candidate.id)} has neither \`weights\` (a network, .onnx) nor \`sample\` (images). Add at least one.`);
    }
    else if (typeof weights === 'string')
        checkReference(weights, `${path}.weights`, undefined, refuse);
    else
        checkReference(weights.ref, `${path}.weights.ref`, weights.sha256, refuse);
    if (sample !== undefined)
        check_sources_checkData(sample, `${path}.sample`, refuse);
    checkPreprocessing(candidate.preprocessing, `${path}.preprocessing`, refuse);
}
const otherFormats = /\.(pth?|ckpt|safetensors|h5|hdf5|keras|tflite|pb|msgpack|npz|pkl)$/i;
/** A file in the repository, an https URL or a Hugging Face reference; whatever is downloaded is pinned. */
function checkReference(ref, path, sha256, refuse) {
    const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(ref)?.[1]?.toLowerCase();
    const found = `found ${quote(ref)}`;
    if (scheme === 'http') {
        refuse('insecure-download', path, `Downloads need https, ${found}. Write https:, or put the file into the repository.`);
        return;
    }
    if (scheme !== undefined && scheme !== 'https' && scheme !== 'hf') {
        refuse('unsupported-reference', path, `\`${path}\` must be a path in the repository, an https URL or hf:owner/name@revision/file.onnx, ${found}.`);
        return;
    }
    if (scheme === 'https' && !URL.canParse(ref)) {
        refuse('unsupported-reference', path, `\`${path}\` is not a URL that can be fetched, ${found}.`);
        return;
    }
    if (scheme === 'hf' && !/^hf:[^/@\s]+\/[^/@\s]+@[^/@\s]+\/[^\s]+$/.test(ref)) {
        const missing = ref.includes('@') ? 'must have the form' : 'names no revision: branches move. Write';
        refuse('unpinned-reference', path, `\`${path}\` ${missing} hf:owner/name@revision/file.onnx, ${found}.`);
    }
    const file = scheme === 'https' ? new URL(ref).pathname : ref;
    const other = otherFormats.exec(file)?.[0];
    if (other)
        refuse('not-onnx', path, `\`${path}\` must be an ONNX file, found ${other}. Export the network to .onnx first.`);
    if (scheme !== undefined && sha256 === undefined) {
        const where = path.endsWith('.ref') ? 'Add `sha256:` beside it' : 'Write it as {ref: …, sha256: …}';
        refuse('missing-sha256', path, `\`${path}\` is downloaded, so its SHA-256 must be stated. ${where} (sha256sum FILE prints it).`);
    }
}
function checkPreprocessing(preprocessing, path, refuse) {
    if (preprocessing === undefined)
        return;
    preprocessing.std.forEach((value, index) => {
        if (value <= 0)
            refuse('bad-preprocessing', `${path}.std[${index}]`, `Pixels are divided by \`std\`: it must be above 0, found ${value}.`);
    });
    const [low, high] = preprocessing.range;
    if (low === high)
        refuse('bad-preprocessing', `${path}.range`, `\`range\` must span something, found ${low} to ${high}.`);
}
const csvKeys = ['image', 'label', 'labels', 'group', 'split'];
function check_sources_checkData(data, path, refuse) {
    const file = typeof data === 'string' ? data : data.path;
    const at = typeof data === 'string' ? path : `${path}.path`;
    if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(file) || file.startsWith('hf:')) {
        refuse('data-not-local', at, `Images are read from disk, found ${quote(file)}. Fetch them in a step before, and name the folder.`);
        return;
    }
    const format = typeof data === 'string' ? 'folder' : data.format;
    if (format === 'folder' && /\.(csv|tsv)$/i.test(file)) {
        refuse('format-mismatch', at, `${quote(file)} is a table, but without a format a folder is expected. Write {format: csv, path: ${file}, label: …}.`);
        return;
    }
    if (typeof data === 'string')
        return;
    if (format === 'folder') {
        for (const key of csvKeys)
            if (data[key] !== undefined) {
                const instead = key === 'group' ? 'Use group_pattern, or' : 'Write';
                refuse('key-unused', `${path}.${key}`, `\`${key}\` names a CSV column, but the format is folder. ${instead} format: csv.`);
            }
        if (data.group_pattern !== undefined)
            checkPattern(data.group_pattern, `${path}.group_pattern`, refuse);
        return;
    }
    if (data.group_pattern !== undefined)
        refuse('key-unused', `${path}.group_pattern`, '`group_pattern` is for folders. For a CSV file name its column with `group`.');
    if (data.label !== undefined && data.labels !== undefined)
        refuse('label-and-labels', `${path}.labels`, 'Give `label` (one column with the class) or `labels` (one column of 0 and 1 per label), not both.');
    if (data.labels)
        checkUnique(data.labels, (index) => `${path}.labels[${index}]`, 'label columns', refuse);
}
function checkPattern(pattern, path, refuse) {
    let groups;
    try {
        // An empty alternative makes every pattern match, so that its groups can be counted.
        groups = new RegExp(`${pattern}|`, 'u').exec('').length - 1;
        new RegExp(pattern, 'u');
    }
    catch (error) {
        refuse('bad-pattern', path, `\`group_pattern\` is no regular expression: ${error.message.slice(0, 200)}.`);
        return;
    }
    if (groups === 0)
        refuse('bad-pattern', path, `\`group_pattern\` needs a group in parentheses that holds the patient or slide, as in ^(p\\d+)_, found ${quote(pattern)}.`);
}
/** The metrics that each task can be scored by. The first is its default. */
const metricsOf = {
    multiclass: ['balanced_accuracy', 'accuracy', 'macro_auc'],
    binary: ['auc', 'balanced_accuracy', 'accuracy', 'macro_auc'],
    multilabel: ['macro_auc'],
};
function checkTargetLabels({ target }, refuse) {
    const { data, task } = target;
    const csv = typeof data === 'object' && data.format === 'csv';
    if (csv && data.label === undefined && data.labels === undefined)
        refuse('no-labels', 'target.data', 'A target in a CSV file needs `label` (the column with the class) or `labels` (columns of 0 and 1).');
    const multilabel = csv && data.labels !== undefined;
    const { type, metric } = task ?? {};
    if (type !== undefined &&
        (type === 'multilabel') !== multilabel &&
        !(csv && data.label === undefined && !multilabel)) {
        const why = multilabel
            ? '`labels` makes the task multilabel'
            : 'one label per image is not multilabel; that needs a CSV file with `labels`';
        refuse('task-mismatch', 'target.task.type', `\`target.task.type\` is ${type}, but ${why}.`);
        return;
    }
    const actual = type ?? (multilabel ? 'multilabel' : undefined);
    if (metric === undefined)
        return;
    const allowed = actual === undefined ? [...metricsOf.multiclass, ...metricsOf.binary] : metricsOf[actual];
    if (!allowed.includes(metric))
        refuse('metric-mismatch', 'target.task.metric', `${metric} does not fit a ${actual} task. Allowed: ${allowed.join(', ')}.`);
}

;// CONCATENATED MODULE: ./src/manifest/probes.ts


/** The probes that the manifest asks for, the strongest first. */
function probesOf({ evidence }) {
    const asked = evidence.probes.map((name) => `probe.${name}`);
    return probeMeasures.filter((measure) => asked.includes(measure));
}
/** The probe that a claim about performance had best name. */
function strongestProbe(manifest) {
    return probesOf(manifest)[0];
}
/** The list of probes, and the settings of training, which only a probe that trains reads. */
function checkProbes({ evidence }, refuse) {
    const { probes, finetune } = evidence;
    probes.forEach((name, index) => {
        if (probes.indexOf(name) < index)
            refuse('duplicate-id', `evidence.probes[${index}]`, `\`evidence.probes\` names ${name} twice. Remove one.`);
    });
    if (probes.some((name) => name !== 'linear'))
        return;
    // Defaults are filled in by now; a key that repeats one changes nothing and does no harm.
    const defaults = fineTuning.parse({});
    const changed = Object.keys(defaults).find((key) => JSON.stringify(finetune[key]) !== JSON.stringify(defaults[key]));
    if (changed !== undefined)
        refuse('key-unused', `evidence.finetune.${changed}`, `\`evidence.finetune\` sets how networks are trained, but \`evidence.probes\` is [${probes.join(', ')}], which trains none. Add finetune to it, or remove these keys.`);
}
/** A claim can only be tested by a probe that runs. */
function checkProbeAsked({ measure }, path, { evidence: { probes } }, refuse) {
    const name = probes.find((asked) => `probe.${asked}` === measure);
    if (name !== undefined || !probeMeasures.includes(measure))
        return;
    const wanted = measure.slice('probe.'.length);
    refuse('probe-not-asked', `${path}.measure`, `${measure} is not measured: \`evidence.probes\` is [${probes.join(', ')}]. Write \`probes: [${[...probes, wanted].join(', ')}]\` under \`evidence\`, or test the claim with ${probes.map((asked) => `probe.${asked}`).join(' or ')}.`);
}

;// CONCATENATED MODULE: ./src/onnx/external-data.ts




/** An ONNX model is one Protocol Buffers message when it is run, which holds less than this. */
const mostBytes = 2 ** 31;
/**
 * The model with the tensors that lie in files beside it read in: initialisers and constants in attributes, those of inner graphs included.
 * A location is a stranger's word: it must lead, links followed, to a file inside `folder`, and no more is read than the tensors' shapes need.
 * @throws path-outside when a location leaves the folder, weights-missing when its file is not there, model-invalid when it is too short,
 *   model-unsupported when all of them together are more than a model can hold
 */
async function withExternalData(model, folder) {
    const outside = externalIn(model.graph);
    if (outside.length === 0)
        return model;
    // Many tensors may name the same bytes: the files' sizes do not bound what would be reserved.
    const bytes = outside.reduce((sum, tensor) => sum + Math.max(0, bytesOf(tensor)), 0);
    if (bytes >= mostBytes)
        throw new errors_TransferEvidenceError('model-unsupported', `The constants that this network keeps in other files take ${bytes} bytes, and a network of less than ${mostBytes} can be run. Take a smaller one.`);
    const files = new Map();
    const root = await (0,promises_.realpath)(folder);
    const read = new Map();
    try {
        for (const tensor of outside) {
            const { location } = tensor.external;
            const file = files.get(location) ?? (await (0,promises_.open)(await external_data_placeOf(root, location, tensor.name)));
            files.set(location, file);
            read.set(tensor, await readInto(tensor, file));
        }
    }
    finally {
        for (const file of files.values())
            await file.close();
    }
    return { ...model, graph: replaced(model.graph, read) };
}
function externalIn(graph) {
    const inAttributes = graph.nodes.flatMap(({ attributes }) => Object.values(attributes).flatMap((attribute) => {
        if (attribute.kind === 'tensor')
            return attribute.value.external ? [attribute.value] : [];
        if (attribute.kind === 'graph')
            return externalIn(attribute.value);
        return attribute.kind === 'graphs' ? attribute.value.flatMap(externalIn) : [];
    }));
    return [...graph.initializers.filter(({ external }) => external), ...inAttributes];
}
/** The graph with some tensors, in it and in the graphs inside it, exchanged. */
function replaced(graph, by) {
    const through = (attribute) => {
        if (attribute.kind === 'tensor')
            return { kind: 'tensor', value: by.get(attribute.value) ?? attribute.value };
        if (attribute.kind === 'graph')
            return { kind: 'graph', value: replaced(attribute.value, by) };
        if (attribute.kind !== 'graphs')
            return attribute;
        return { kind: 'graphs', value: attribute.value.map((inner) => replaced(inner, by)) };
    };
    const nodes = graph.nodes.map((node) => {
        const entries = Object.entries(node.attributes).map(([name, attribute]) => [name, through(attribute)]);
        return { ...node, attributes: Object.fromEntries(entries) };
    });
    return { ...graph, nodes, initializers: graph.initializers.map((tensor) => by.get(tensor) ?? tensor) };
}
async function external_data_placeOf(root, location, tensor) {
    const outside = () => {
        throw new errors_TransferEvidenceError('path-outside', `Constant ${tensor || '(unnamed)'} is said to lie in ${location}, outside the model’s folder. Keep a model’s files together.`);
    };
    const written = (0,external_node_path_.resolve)(root, location);
    if ((0,external_node_path_.isAbsolute)(location) || !external_data_isInside(root, written))
        outside();
    let real;
    try {
        real = await (0,promises_.realpath)(written);
    }
    catch (cause) {
        throw new errors_TransferEvidenceError('weights-missing', `Constant ${tensor || '(unnamed)'} lies in ${location}, which is not beside the model. Put it there, or export the model as one file.`, { cause });
    }
    if (!external_data_isInside(root, real))
        outside();
    return real;
}
function external_data_isInside(root, path) {
    const way = (0,external_node_path_.relative)(root, path);
    return way !== '' && !(0,external_node_path_.isAbsolute)(way) && way.split(/[\\/]/)[0] !== '..';
}
/** Negative for strings, which cannot lie elsewhere. */
function bytesOf({ type, dims }) {
    return type === 'string' ? -1 : Math.ceil((model_elements(dims) * bitsOf[type]) / 8);
}
async function readInto({ external, ...tensor }, file) {
    const { location, offset, length } = external;
    const expected = bytesOf(tensor);
    const stat = await file.stat();
    if (!stat.isFile() || expected < 0 || (length ?? expected) !== expected || offset + expected > stat.size)
        throw new errors_TransferEvidenceError('model-invalid', `Constant ${tensor.name || '(unnamed)'} needs ${expected} bytes from ${offset} on in ${location}, which holds ${stat.size}. Export or download the model again.`);
    const data = new Uint8Array(expected);
    let read = 0;
    while (read < expected) {
        const { bytesRead } = await file.read(data, read, expected - read, offset + read);
        if (bytesRead === 0)
            break;
        read += bytesRead;
    }
    return { ...tensor, data };
}

;// CONCATENATED MODULE: ./src/onnx/check.ts

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
            check_invalid(`node ${check_describe(node, i)} names no operator`);
        for (const output of node.outputs) {
            if (output === '')
                continue;
            if (makers.has(output) || known.has(output))
                check_invalid(`node ${check_describe(node, i)} makes tensor ${output}, which exists already`);
            makers.set(output, i);
        }
    });
    const here = new Set([...known, ...makers.keys()]);
    // Not one set: a stranger's graph may hold as many inner graphs as there are names around them.
    const scope = { has: (name) => here.has(name) || outer.has(name) };
    const order = sorted(graph, makers, scope);
    for (const { name } of graph.outputs)
        if (!scope.has(name))
            check_invalid(`the graph's output ${name} is made by no node`);
    const nodes = order.map((i) => checkInner(graph.nodes[i], scope));
    return { ...graph, nodes };
}
/** “conv1 (Conv)”, or its place when it has no name. */
function check_describe(node, index) {
    const place = index === undefined ? '(unnamed)' : `${index + 1}`;
    return `${node.name || node.outputs[0] || place} (${node.op})`;
}
function sorted(graph, makers, scope) {
    const { nodes } = graph;
    const waits = new Int32Array(nodes.length);
    const readers = nodes.map(() => []);
    let ordered = true;
    nodes.forEach((node, i) => {
        for (const input of check_readBy(node)) {
            if (input === '')
                continue;
            const maker = makers.get(input);
            if (maker === undefined) {
                if (!scope.has(input))
                    check_invalid(`node ${check_describe(node, i)} reads tensor ${input}, which is made by no node`);
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
        check_invalid(`node ${check_describe(nodes[stuck], stuck)} waits for its own result (a cycle)`);
    }
    return order;
}
/** Every tensor a node reads, those that its inner graphs take from outside included. */
function check_readBy(node) {
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
    const read = [...graph.nodes.flatMap(check_readBy), ...graph.outputs.map(({ name }) => name)];
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
function check_invalid(what) {
    throw new errors_TransferEvidenceError('model-invalid', `The network cannot be computed: ${what}. Export it again.`);
}

;// CONCATENATED MODULE: ./src/onnx/constants.ts
function constants_originsOf(graph) {
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
function constants_intAttribute(node, name, otherwise) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'int' ? attribute.value : otherwise;
}
function intsAttribute(node, name) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'ints' ? attribute.value : undefined;
}

;// CONCATENATED MODULE: ./src/onnx/upgrade/rewriting.ts





/** The operator set that every graph is brought to before it is differentiated (ONNX 1.13). */
const rewriting_canonicalOpset = 18;
/** What the rules for one graph share: the facts they may rely on, fresh names, and the constants they add. */
class rewriting_Rewriting {
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
        this.#read = new Set([...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)]);
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
        const found = value && integersOf(value);
        return found ?? this.refuse(node, `its input ${node.inputs[input] ?? ''} is no constant of whole numbers`);
    }
    /** float32 numbers that a node takes as a constant input; undefined when they depend on the image. */
    floats(node, input) {
        const value = this.#facts.get(node.inputs[input] ?? '')?.value;
        return value?.type === 'float32' ? float32Of(value) : undefined;
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
    refuse(node, found, advice = `Export the network at opset ${rewriting_canonicalOpset}, with fixed shapes.`) {
        throw new TransferEvidenceError('model-unsupported', `This network cannot be trained: node ${describe(node)}: ${found}. ${advice}`);
    }
    #add(node, role, type, values, dims) {
        const data = rewriting_bytesOf(type, values);
        if (data === undefined || elements(dims) !== values.length)
            return this.refuse(node, `its elements are ${type}`, 'Export the network in float32.');
        const name = this.#taken.free(`${titleOf(node)}/${role}`);
        this.added.push({ name, type, dims: [...dims], data });
        return name;
    }
}
function titleOf(node) {
    return node.name || node.outputs.find((output) => output !== '') || node.op;
}
function rewriting_bytesOf(type, values) {
    if (type === 'float32')
        return new Uint8Array(Float32Array.from(values).buffer);
    if (type === 'float64')
        return new Uint8Array(Float64Array.from(values).buffer);
    if (type === 'int32')
        return new Uint8Array(Int32Array.from(values).buffer);
    if (type === 'int64')
        return new Uint8Array(BigInt64Array.from(values, int64).buffer);
    return undefined;
}
/** Every name that a graph and those inside it use, of tensors and of nodes. */
function rewriting_namesIn(graph, into = new Names()) {
    for (const { name } of [...graph.inputs, ...graph.outputs, ...graph.initializers])
        into.add(name);
    for (const node of graph.nodes) {
        into.add(node.name);
        for (const name of [...node.inputs, ...node.outputs])
            into.add(name);
        for (const attribute of Object.values(node.attributes))
            if (attribute.kind === 'graph')
                rewriting_namesIn(attribute.value, into);
            else if (attribute.kind === 'graphs')
                for (const inner of attribute.value)
                    rewriting_namesIn(inner, into);
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

;// CONCATENATED MODULE: ./src/onnx/least-size.ts



/** Tensors of more dimensions are nobody's: their dimensions are not followed, so that each step stays cheap. */
const mostDimensions = 64;
const unknown = { count: 1 };
function sized(dims) {
    const clean = dims.map((size) => Math.max(0, Math.floor(size)));
    const count = clean.includes(0) ? 0 : model_elements(clean);
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
    return tensor && model_integersOf(tensor);
};
const floats = (known, input) => {
    const tensor = known.constant(input);
    return tensor?.type === 'float32' ? [...model_float32Of(tensor)] : undefined;
};
/** An output whose shape, or a part of it, is the constant at `input`. */
const shapedBy = (input) => (_, known) => {
    const shape = integers(known, input);
    return shape ? { count: sized(shape).count } : unknown;
};
const concat = (node, known) => {
    const sizes = node.inputs.map((_, i) => known.size(i));
    const count = sizes.reduce((sum, size) => sum + size.count, 0);
    const axis = constants_intAttribute(node, 'axis', 0);
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
    const rest = Math.floor(count / model_elements(fixed.filter((size) => size > 0)));
    return sized(fixed.map((size) => (size < 0 ? Math.max(1, rest) : size)));
};
const pad = (node, known) => {
    const pads = intsAttribute(node, 'pads') ?? integers(known, 1);
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
    if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
        return unknown;
    const sizes = integers(known, 3);
    // Upsample and Resize 10 take the scales second, later ones third.
    const scales = floats(known, node.inputs.length === 2 ? 1 : 2);
    const axes = intsAttribute(node, 'axes') ?? (sizes ?? scales ?? []).map((_, i) => i);
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
        : { count: Math.max(1, Math.floor(count * model_elements(scales))) };
};
const least_size_range = (_, known) => {
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
    const perm = intsAttribute(node, 'perm') ?? dims.map((_, i) => dims.length - 1 - i);
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
    return sized([a[constants_intAttribute(node, 'transA', 0) === 1 ? 1 : 0], b[constants_intAttribute(node, 'transB', 0) === 1 ? 0 : 1]]);
};
const gather = (node, known) => {
    const [data, indices] = [known.size(0).dims, known.size(1).dims];
    if (!data || !indices)
        return { count: known.size(1).count };
    const axis = constants_intAttribute(node, 'axis', 0);
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
    const kernel = intsAttribute(node, 'kernel_shape') ?? weight.slice(2);
    const pads = intsAttribute(node, 'pads') ?? [];
    const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
    const out = spatial.map((size, i) => {
        const stride = intsAttribute(node, 'strides')?.[i] ?? 1;
        const reach = ((kernel[i] ?? 1) - 1) * (intsAttribute(node, 'dilations')?.[i] ?? 1) + 1;
        const padding = auto === 'NOTSET' ? (pads[i] ?? 0) + (pads[i + spatial.length] ?? 0) : 0;
        if (node.op !== 'ConvTranspose')
            return auto.startsWith('SAME') ? size / stride : (size + padding - reach) / stride + 1;
        const asked = intsAttribute(node, 'output_shape');
        if (asked)
            return asked.at(i - spatial.length) ?? 1;
        if (auto.startsWith('SAME'))
            return size * stride;
        return stride * (size - 1) + (intsAttribute(node, 'output_padding')?.[i] ?? 0) + reach - padding;
    });
    return sized([dims[0], channels(dims[1], weight), ...out.map((size) => Math.max(1, size))]);
}
const conv = (node, known) => windowed(node, known, (_, weight) => weight[0] ?? 1);
const convTranspose = (node, known) => windowed(node, known, (_, weight) => (weight[1] ?? 1) * constants_intAttribute(node, 'group', 1));
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
    ...named('RandomNormal RandomUniform', (node) => sized(intsAttribute(node, 'shape') ?? [])),
    ...named('Upsample Resize', resize),
    ['Concat', concat],
    ['Tile', tile],
    ['Expand', expand],
    ['Reshape', reshape],
    ['Pad', pad],
    ['Range', least_size_range],
    ['OneHot', oneHot],
    ['Transpose', transpose],
    ['MatMul', matMul],
    ['Gemm', gemm],
    ['Gather', gather],
    ['Conv', conv],
    ['ConvTranspose', convTranspose],
]);

;// CONCATENATED MODULE: ./src/onnx/upgrade/constant.ts


const constant_utf8 = new TextEncoder();
/** “To the end” markers lie beyond what a JavaScript number holds exactly: they saturate. */
function constant_integers(values, dims) {
    return { name: '', type: 'int64', dims, data: new Uint8Array(BigInt64Array.from(values, protobuf_int64).buffer) };
}
/** The tensor that a Constant node makes, however it is written; undefined for a sparse one. */
function tensorMade({ attributes }) {
    const { value, value_int, value_ints, value_float, value_floats, value_string, value_strings } = attributes;
    if (value?.kind === 'tensor')
        return value.value;
    if (value_int?.kind === 'int')
        return constant_integers([value_int.value], []);
    if (value_ints?.kind === 'ints')
        return constant_integers(value_ints.value, [value_ints.value.length]);
    if (value_float?.kind === 'float')
        return tensorOf('', Float32Array.of(value_float.value), []);
    if (value_floats?.kind === 'floats')
        return tensorOf('', Float32Array.from(value_floats.value));
    const strings = (values, dims) => ({
        name: '',
        type: 'string',
        dims,
        data: new Uint8Array(),
        strings: values.map((text) => constant_utf8.encode(text)),
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

;// CONCATENATED MODULE: ./src/onnx/limits.ts





/** Elements of one tensor, of one image: 8 GiB in float32. */
const mostElements = 2 ** 31;
/**
 * Refuses a network that would have the runtime, or us, reserve memory without measure: a declared shape, or a tensor that follows from
 * constants and attributes, of more than `most` elements. Sizes are lower bounds (dimensions that are not told count as 1),
 * so that nothing reasonable is refused; model-local functions and operators of other domains are not looked into.
 * @throws model-unsupported naming the node or the declared tensor
 */
function refuseAbsurdShapes(model, most = mostElements) {
    limits_follow(model.graph, { size: () => undefined, constant: () => undefined }, most);
}
function limits_follow(graph, outer, most) {
    const sizes = new Map();
    const constants = new Map();
    for (const tensor of graph.initializers) {
        sizes.set(tensor.name, sized(tensor.dims));
        constants.set(tensor.name, tensor);
    }
    for (const info of [...graph.inputs, ...graph.outputs, ...graph.valueInfo]) {
        const declared = declaredSize(info);
        if (declared && declared.count > most)
            refuse(`tensor ${info.name} is declared with`, declared.count, most);
    }
    for (const info of graph.inputs)
        if (!sizes.has(info.name))
            sizes.set(info.name, declaredSize(info) ?? { count: 1 });
    const scope = {
        size: (tensor) => sizes.get(tensor) ?? outer.size(tensor),
        constant: (tensor) => constants.get(tensor) ?? outer.constant(tensor),
    };
    graph.nodes.forEach((node, index) => {
        for (const attribute of Object.values(node.attributes))
            if (attribute.kind === 'graph')
                limits_follow(attribute.value, scope, most);
            else if (attribute.kind === 'graphs')
                for (const inner of attribute.value)
                    limits_follow(inner, scope, most);
        if (node.domain !== '')
            return;
        const value = constantMade(node, scope);
        const size = value ? sized(value.dims) : leastSizeOf(node, inputsOf(node, scope));
        if (size.count > most)
            refuse(`node ${check_describe(node, index)} makes a tensor of`, size.count, most);
        // Further outputs (indices, masks, statistics) may be smaller than the first.
        const [output] = node.outputs;
        if (output === undefined)
            return;
        sizes.set(output, size);
        if (value)
            constants.set(output, value);
    });
}
function declaredSize({ tensor }) {
    return tensor?.dims && sized(tensor.dims.map((size) => (typeof size === 'number' && size > 0 ? size : 1)));
}
function constantMade(node, scope) {
    if (node.op === 'Constant')
        return tensorMade(node);
    return node.op === 'Identity' ? scope.constant(node.inputs[0] ?? '') : undefined;
}
function inputsOf(node, scope) {
    return {
        size: (input) => scope.size(node.inputs[input] ?? '') ?? { count: 1 },
        constant: (input) => {
            const found = scope.constant(node.inputs[input] ?? '');
            return found && !found.external && model_elements(found.dims) <= 2 * mostDimensions ? found : undefined;
        },
    };
}
function refuse(subject, count, most) {
    const number = Number.isFinite(count) && count < 1e21 ? count.toLocaleString('en') : 'more than 10²¹';
    throw new errors_TransferEvidenceError('model-unsupported', `This network cannot be run: ${subject} at least ${number} elements; at most ${most.toLocaleString('en')} are taken. Export it for images of an ordinary size.`);
}

;// CONCATENATED MODULE: ./src/onnx/read-tensor.ts


/** Reads a TensorProto; elements given number by number are rewritten as the little-endian bytes that `raw_data` would hold. */
function readTensor(bytes) {
    const reader = new ProtobufReader(bytes, 'a constant');
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
    const constant = new ProtobufReader(bytes, `constant ${name || '(unnamed)'}`);
    const type = elementTypes[code];
    if (type === undefined)
        constant.fail(`its element type ${code} does not exist`);
    if (dims.some((size) => size < 0) || !Number.isSafeInteger(model_elements(dims)))
        constant.fail(`its shape [${dims.join(', ')}] is impossible`);
    const tensor = { name, type, dims, data: new Uint8Array() };
    if (isExternal)
        return { ...tensor, external: externalOf(external, constant) };
    if (type === 'string') {
        if (strings.length !== model_elements(dims))
            constant.fail(`${model_elements(dims)} strings belong and ${strings.length} are there`);
        return { ...tensor, strings };
    }
    tensor.data = raw ?? typedData(type, typed, constant);
    const expected = Math.ceil((model_elements(dims) * bitsOf[type]) / 8);
    if (tensor.data.length !== expected)
        constant.fail(`${expected} bytes belong (${type}, shape [${dims.join(', ')}]) and ${tensor.data.length} are there`);
    return tensor;
}
/** A StringStringEntryProto; `what` names it in messages. */
function readStringEntry(bytes, what) {
    const reader = new ProtobufReader(bytes, what);
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
        const reader = new ProtobufReader(chunk, constant.subject);
        reader.tag();
        const body = wire === wireType.bytes ? reader.field(wire) : reader.remaining();
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
    const width = Math.max(1, bitsOf[type] / 8);
    const reader = new ProtobufReader(body, constant.subject);
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
    const reader = new ProtobufReader(bytes, 'the model');
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
        throw new errors_TransferEvidenceError('model-invalid', graphs + model.opsets.length === 0
            ? 'This file holds nothing of an ONNX model: it is empty or of another kind. Export or download it again.'
            : `An ONNX model holds one graph and the operator sets it uses; this file holds ${graphs} graphs and ${model.opsets.length} operator sets. Is it an ONNX file?`);
    return { ...model, graph: checkGraph(model.graph) };
}
function emptyGraph() {
    return { name: '', nodes: [], inputs: [], outputs: [], initializers: [], valueInfo: [], rest: [] };
}
function readOpset(bytes) {
    const reader = new ProtobufReader(bytes, 'an operator set');
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
    const reader = new ProtobufReader(bytes, 'the graph');
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
    const reader = new ProtobufReader(bytes, `node ${index + 1}`);
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
    const reader = new ProtobufReader(bytes, 'an attribute');
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
    const reader = new ProtobufReader(bytes, 'a value’s type');
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
    const reader = new ProtobufReader(bytes, 'a type');
    let found;
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field !== 1) {
            reader.skip(wire);
            continue;
        }
        const inner = new ProtobufReader(reader.field(wire), 'a tensor type');
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
        const type = elementTypes[code];
        if (type)
            found = { type, ...(dims && { dims }) };
    }
    return found;
}
function readShape(bytes) {
    const reader = new ProtobufReader(bytes, 'a shape');
    const dims = [];
    while (!reader.done) {
        const { field, wire } = reader.tag();
        if (field !== 1) {
            reader.skip(wire);
            continue;
        }
        const inner = new ProtobufReader(reader.field(wire), 'a dimension');
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

;// CONCATENATED MODULE: ./src/onnx/prune.ts

/** The part of a graph that `outputs` need, with those as its outputs: unread inputs, constants and nodes are gone. */
function prune_pruned(graph, outputs) {
    const needed = new Set(outputs.map(({ name }) => name));
    const nodes = graph.nodes.toReversed().filter((node) => {
        if (!node.outputs.some((output) => needed.has(output)))
            return false;
        for (const input of check_readBy(node))
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

;// CONCATENATED MODULE: ./src/onnx/rank.ts


/** Operators whose every output has the rank of their first input. */
const keepRank = new Set(('Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu HardSigmoid HardSwish Sigmoid Tanh Softplus Softsign Gelu Mish Erf Exp Log Sqrt Neg ' +
    'Abs Reciprocal Floor Ceil Round Clip Softmax LogSoftmax Hardmax Identity Dropout Cast BatchNormalization InstanceNormalization ' +
    'LayerNormalization GroupNormalization LpNormalization LRN Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool ' +
    'Pad Slice Split Transpose Concat Resize Upsample DepthToSpace SpaceToDepth CumSum Tile').split(' '));
/** Operators that broadcast. */
const rank_broadcast = new Set('Add Sub Mul Div Pow Min Max Sum Mean Where Equal Less Greater And Or'.split(' '));
/** The number of dimensions of every tensor of a graph for which it follows from declarations, constants and operators. */
function ranksOf(graph) {
    const ranks = new Map();
    /** Lengths of vectors, because a vector of sizes decides the rank of what is reshaped with it. */
    const lengths = new Map();
    for (const info of [...graph.inputs, ...graph.valueInfo, ...graph.outputs])
        if (info.tensor?.dims)
            ranks.set(info.name, info.tensor.dims.length);
    for (const { name, dims } of graph.initializers) {
        ranks.set(name, dims.length);
        if (dims.length === 1)
            lengths.set(name, dims[0]);
    }
    const origins = constants_originsOf(graph);
    for (const { op, inputs, domain } of graph.nodes) {
        const [data = '', weight = ''] = inputs;
        if (domain !== '' || ranks.has(data))
            continue;
        // What reads a tensor can tell its rank as well.
        const kernel = origins.constant(weight)?.dims.length;
        if (op === 'Gemm')
            ranks.set(data, 2);
        else if (op === 'Conv' && kernel !== undefined)
            ranks.set(data, kernel);
    }
    for (const node of graph.nodes) {
        const length = vectorLength(node, ranks, lengths, origins);
        if (length !== undefined)
            lengths.set(node.outputs[0], length);
        const rank = length === undefined ? rankOf(node, ranks, lengths, origins) : 1;
        for (const output of node.outputs)
            if (rank !== undefined && !ranks.has(output))
                ranks.set(output, rank);
    }
    return ranks;
}
function vectorLength(node, ranks, lengths, origins) {
    const input = node.inputs[0] ?? '';
    if (node.domain !== '')
        return undefined;
    if (node.op === 'Constant') {
        const dims = origins.constant(node.outputs[0])?.dims;
        return dims?.length === 1 ? dims[0] : (intsAttribute(node, 'value_ints')?.length ?? undefined);
    }
    if (node.op === 'Shape')
        return ranks.get(input);
    if (node.op === 'Unsqueeze')
        return ranks.get(input) === 0 ? 1 : undefined;
    if (node.op === 'Cast' || node.op === 'Identity')
        return lengths.get(input);
    if (node.op !== 'Concat')
        return undefined;
    const parts = node.inputs.map((part) => lengths.get(part));
    return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}
function rankOf(node, ranks, lengths, origins) {
    if (node.domain !== '')
        return undefined;
    const rank = (i) => ranks.get(node.inputs[i] ?? '');
    const first = rank(0);
    if (keepRank.has(node.op))
        return first;
    if (rank_broadcast.has(node.op))
        return rank_largest(node.inputs.map((_, i) => rank(i)));
    if (node.op === 'Flatten' || node.op === 'Gemm')
        return 2;
    if (node.op === 'Shape')
        return 1;
    if (node.op === 'Constant')
        return origins.constant(node.outputs[0])?.dims.length ?? 0;
    if (node.op === 'ConstantOfShape')
        return lengths.get(node.inputs[0] ?? '');
    if (node.op === 'Reshape')
        return lengths.get(node.inputs[1] ?? '');
    if (node.op === 'Expand')
        return rank_largest([first, lengths.get(node.inputs[1] ?? '')]);
    if (first === undefined)
        return undefined;
    if (node.op === 'MatMul') {
        const second = rank(1);
        return first >= 2 && second !== undefined && second >= 2 ? Math.max(first, second) : undefined;
    }
    if (node.op === 'Gather') {
        const indices = rank(1);
        return indices === undefined ? undefined : first + indices - 1;
    }
    const axes = axesOf(node, origins)?.length;
    if (node.op === 'Unsqueeze')
        return axes === undefined ? undefined : first + axes;
    if (node.op === 'Squeeze')
        return axes === undefined ? undefined : first - axes;
    if (node.op.startsWith('Reduce')) {
        if (constants_intAttribute(node, 'keepdims', 1) === 1)
            return first;
        if (axes !== undefined)
            return first - axes;
        return (node.inputs[1] ?? '') === '' ? 0 : undefined;
    }
    return undefined;
}
/** The axes of Squeeze, Unsqueeze and Reduce…: an attribute, since opset 13 (18 for most reductions) a constant input. */
function axesOf(node, origins) {
    const constant = origins.constant(node.inputs[1] ?? '');
    return intsAttribute(node, 'axes') ?? (constant && model_integersOf(constant));
}
function rank_largest(values) {
    return values.reduce((max, value) => (max === undefined || value === undefined ? undefined : Math.max(max, value)), 0);
}

;// CONCATENATED MODULE: ./src/encoder/network-input.ts



/**
 * The network's image input: the one named, or the only one.
 * @throws model-unsupported for a network that is not float32 throughout or does not take one image tensor of rank 4
 */
function inputOf(model, wanted) {
    const { graph } = model;
    const constants = new Set(graph.initializers.map(({ name }) => name));
    const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
    const names = inputs.map(({ name }) => name).join(', ') || 'none';
    const found = wanted === undefined ? inputs[0] : inputs.find(({ name }) => name === wanted);
    if (!found || (wanted === undefined && inputs.length !== 1))
        throw new errors_TransferEvidenceError(wanted === undefined ? 'model-unsupported' : 'input-invalid', wanted === undefined
            ? `The network should take one input, the image; it takes ${inputs.length}: ${names}. Export it with the image alone.`
            : `The network has no input ${wanted}; it has ${names}. Name one of these in weights.input, or leave it out.`);
    if (inputs.length > 1)
        network_input_refuse(`it takes ${inputs.length} inputs (${names})`, 'Export it with the image as its only input.');
    checkPrecision(model, found);
    const dims = found.tensor?.dims;
    if (dims?.length !== 4)
        network_input_refuse(`its input ${found.name} has ${dims ? `${dims.length} dimensions` : 'no declared shape'}`, 'An image input has four, batch × channels × height × width; export it so.');
    const layout = layoutOf(model, found.name, dims);
    const [batch, a, b, c] = dims.map((size) => (typeof size === 'number' && size > 0 ? size : undefined));
    const [channels, height, width] = layout === 'NCHW' ? [a, b, c] : [c, a, b];
    if (channels !== undefined && channels !== 1 && channels !== 3)
        network_input_refuse(`its input ${found.name} takes ${channels} channels`, 'Images have 1 (grey) or 3 (RGB).');
    return { name: found.name, layout, channels, height, width, batch, type: 'float32' };
}
function layoutOf(model, input, dims) {
    const isChannels = (size) => size === 1 || size === 3;
    if (isChannels(dims[1]) !== isChannels(dims[3]))
        return isChannels(dims[1]) ? 'NCHW' : 'NHWC';
    // Both or neither: TensorFlow's exporters start with a transposition to channels first.
    const reader = model.graph.nodes.find((node) => node.inputs.includes(input));
    const perm = reader?.op === 'Transpose' ? reader.attributes.perm : undefined;
    return perm?.kind === 'ints' && perm.value[1] === 3 ? 'NHWC' : 'NCHW';
}
const reduced = {
    float16: 'float16',
    bfloat16: 'bfloat16',
    int8: 'int8',
    uint8: 'uint8',
};
const network_input_layers = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
const quantised = /^(QLinear|QGemm|QAttention|QuantizeLinear$|DequantizeLinear$|DynamicQuantize|ConvInteger$|MatMulInteger|MatMulNBits$)/;
function checkPrecision(model, input) {
    const again = 'Export the network in float32 (for a quantised one: the model it was made from).';
    const type = input.tensor?.type;
    if (type !== 'float32')
        network_input_refuse(`its input ${input.name} is ${type ?? 'no tensor'} where float32 belongs`, again);
    const origins = constants_originsOf(model.graph);
    for (const node of model.graph.nodes) {
        if (quantised.test(node.op))
            network_input_refuse(`node ${check_describe(node)} is quantised`, again);
        if (!network_input_layers.has(node.op))
            continue;
        for (const name of node.inputs) {
            const weight = origins.constant(name);
            const found = weight && (reduced[weight.type] ?? (weight.type === 'float64' ? 'float64' : undefined));
            if (found)
                network_input_refuse(`the weights of node ${check_describe(node)} are ${found}`, again);
        }
    }
}
function network_input_refuse(found, advice) {
    throw new errors_TransferEvidenceError('model-unsupported', `This network cannot be measured: ${found}. ${advice}`);
}

;// CONCATENATED MODULE: ./src/encoder/feature-tensor.ts







/** Names of outputs that hold features, from the surest. */
const featureNames = [/^features?$/i, /embed/i, /feature/i, /pool/i, /hidden_state|representation/i];
const scoreNames = /logit|prob|score|class|softmax|pred/i;
/**
 * Chooses the tensor that holds a network's features: the one `wanted` (any tensor of the graph), else an output named for it, else the
 * input of the classifier, found by walking back from the scores to the last linear layer with constant weights. Maps [N, C, H, W] are
 * averaged over space and token sequences [N, T, D] over all tokens: the average exists in every transformer, a class token does
 * not (a classifier that reads the class token leads the cut to that token by itself).
 * @throws input-invalid when `wanted` does not exist, model-unsupported when no features can be found
 */
function chooseFeatures(model, wanted) {
    const { graph } = model;
    if (wanted !== undefined) {
        checkExists(graph, wanted);
        return feature_tensor_reduced(model, wanted, 'named', `The features are tensor ${wanted}, as the manifest says`);
    }
    for (const pattern of featureNames) {
        const output = graph.outputs.find(({ name }) => pattern.test(name) && !scoreNames.test(name));
        if (output)
            return feature_tensor_reduced(model, output.name, 'output', `The features are the network’s output ${output.name}`);
    }
    const scores = graph.outputs.find(({ name }) => scoreNames.test(name)) ?? graph.outputs[0];
    if (!scores)
        throw new errors_TransferEvidenceError('model-unsupported', 'The network has no output. Export it with one.');
    const input = classifierInput(graph, scores.name);
    if (input !== undefined)
        return feature_tensor_reduced(model, input, 'cut', `The network was cut before its classifier: the features are tensor ${input}`);
    return feature_tensor_reduced(model, scores.name, 'output', `No classifier was found: the features are the network’s output ${scores.name}`);
}
const passed = new Set([
    'Softmax',
    'LogSoftmax',
    'Sigmoid',
    'Identity',
    'Reshape',
    'Flatten',
    'Squeeze',
    'Unsqueeze',
    'Cast',
    'Dropout',
]);
const pooling = new Set(['GlobalAveragePool', 'ReduceMean', 'AveragePool']);
const affine = new Set(['Add', 'Sub', 'Mul', 'Div']);
/** What the last linear layer before `scores` reads, or undefined when something else ends the network. */
function classifierInput(graph, scores) {
    const origins = constants_originsOf(graph);
    const constants = constantsOf(graph, origins);
    let surelyScores = scoreNames.test(scores);
    let pooled = false;
    for (let tensor = scores;;) {
        const node = origins.maker(tensor);
        const [data = '', weight = ''] = node?.inputs ?? [];
        if (node === undefined || node.domain !== '')
            return undefined;
        if (node.op === 'Softmax' || node.op === 'LogSoftmax' || node.op === 'Sigmoid')
            surelyScores = true;
        if (node.op === 'Gemm' || node.op === 'MatMul')
            return !pooled && constants.has(weight) && constants_intAttribute(node, 'transA', 0) === 0 ? data : undefined;
        if (node.op === 'Conv') {
            const kernel = origins.constant(weight)?.dims.slice(2);
            // Scores averaged over space (SqueezeNet) look like the end of a headless network: only their name tells them apart.
            return kernel?.every((size) => size === 1) && (!pooled || surelyScores) ? data : undefined;
        }
        if (passed.has(node.op) || (pooled && node.op === 'Relu'))
            tensor = data;
        else if (pooling.has(node.op)) {
            pooled = true;
            tensor = data;
        }
        else if (affine.has(node.op) && constants.has(weight))
            tensor = data;
        else if (affine.has(node.op) && constants.has(data))
            tensor = weight;
        else
            return undefined;
    }
}
/** The constants among the tensors of a graph, and what Transpose or Reshape make of them. */
function constantsOf(graph, origins) {
    const constants = new Set(graph.initializers.map(({ name }) => name));
    for (const { op, inputs, outputs } of graph.nodes) {
        const isCopy = (op === 'Transpose' || op === 'Reshape') && constants.has(inputs[0] ?? '');
        for (const output of outputs)
            if (isCopy || origins.constant(output))
                constants.add(output);
    }
    return constants;
}
function feature_tensor_reduced(model, tensor, how, note) {
    const { graph } = model;
    const rank = ranksOf(graph).get(tensor);
    if (rank === undefined || rank < 2 || rank > 4)
        throw new errors_TransferEvidenceError('model-unsupported', `Features are expected as [N, D], [N, T, D] or [N, C, H, W]; tensor ${tensor} has ${rank === undefined ? 'an unknown number of' : rank} dimensions. Name another tensor in weights.features, or export the network with shapes inferred.`);
    const dimension = widthOf(graph, tensor, rank);
    const cut = prune_pruned(graph, [{ name: tensor, tensor: { type: 'float32' }, rest: [] }]);
    const output = { name: tensor, tensor: { type: 'float32', dims: ['N', dimension] }, rest: [] };
    const average = rank === 4 ? ' averaged over space' : rank === 3 ? ' averaged over its tokens' : '';
    return {
        model: { ...model, graph: rank === 2 ? { ...cut, outputs: [output] } : averaged(cut, tensor, rank, output) },
        tensor,
        how,
        dimension,
        note: `${note}${average}${dimension === undefined ? '' : ` (${dimension} numbers an image)`}.`,
    };
}
/** Appends the average under the features' own name; what made them gets another. */
function averaged(graph, tensor, rank, output) {
    if (!graph.nodes.some((node) => node.outputs.includes(tensor)))
        throw new errors_TransferEvidenceError('model-unsupported', `Tensor ${tensor} is the network’s input. Name another one in weights.features.`);
    const g = new build_GraphBuilder({
        ...graph,
        outputs: [],
        nodes: graph.nodes.map((node) => renamed(node, tensor, `${tensor}:maps`)),
    });
    const maps = `${tensor}:maps`;
    if (rank === 4)
        g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 }, tensor);
    else {
        // ReduceMean takes its axes as an attribute or as an input, depending on the opset: pooling has one form in all of them.
        const channelsFirst = g.node('Transpose', [maps], { perm: [0, 2, 1] });
        g.node('Flatten', [g.node('GlobalAveragePool', [channelsFirst])], { axis: 1 }, tensor);
    }
    return { ...g.graph(), outputs: [output] };
}
function renamed(node, from, to) {
    const rename = (name) => (name === from ? to : name);
    return node.outputs.includes(from) ? { ...node, outputs: node.outputs.map(rename) } : node;
}
/** The number of features, from the declared shape or from the weights of whoever makes or reads the tensor. */
function widthOf(graph, tensor, rank) {
    const declared = [...graph.outputs, ...graph.valueInfo].find(({ name }) => name === tensor)?.tensor?.dims;
    const size = declared?.[rank === 4 ? 1 : rank - 1];
    if (typeof size === 'number')
        return size;
    const origins = constants_originsOf(graph);
    for (const node of graph.nodes) {
        const weight = origins.constant(node.inputs[1] ?? '');
        if (node.inputs[0] !== tensor || !weight)
            continue;
        if (node.op === 'Gemm')
            return weight.dims[constants_intAttribute(node, 'transB', 0) === 1 ? 1 : 0];
        if (node.op === 'MatMul')
            return weight.dims.at(-2);
        if (node.op === 'Conv')
            return weight.dims[1] * constants_intAttribute(node, 'group', 1);
        if (node.op === 'BatchNormalization')
            return weight.dims[0];
    }
    return madeWidth(tensor, origins);
}
const keepsWidth = new Set([
    'Relu',
    'Clip',
    'Flatten',
    'GlobalAveragePool',
    'ReduceMean',
    'BatchNormalization',
    'Identity',
    'Dropout',
]);
/** From the layer that made the tensor, or the nearest before it that tells. */
function madeWidth(tensor, origins) {
    const seen = new Set();
    const waiting = [tensor];
    // A loop: sums of sums have more ways to their start than could be gone, and chains may be longer than the stack is deep.
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        const node = origins.maker(name);
        if (seen.has(name) || !node)
            continue;
        seen.add(name);
        const [data = '', second = ''] = node.inputs;
        const width = ownWidth(node, origins.constant(second));
        if (width !== undefined)
            return width;
        const flattensPooled = node.op === 'Flatten' && pooling.has(origins.maker(data)?.op ?? '');
        if (affine.has(node.op))
            waiting.push(second, data);
        else if (keepsWidth.has(node.op) || flattensPooled)
            waiting.push(data);
    }
    return undefined;
}
function ownWidth(node, weight) {
    if (node.op === 'Conv')
        return weight?.dims[0];
    if (node.op === 'MatMul')
        return weight?.dims.at(-1);
    return node.op === 'Gemm' ? weight?.dims[constants_intAttribute(node, 'transB', 0) === 1 ? 0 : 1] : undefined;
}
function checkExists(graph, wanted) {
    const names = graph.nodes.filter(({ op }) => op !== 'Constant').flatMap(({ outputs }) => outputs);
    if (names.includes(wanted))
        return;
    const nearest = names
        .filter((name) => name !== '')
        .map((name) => ({ name, far: (0,mod/* distance */.Io)(name, wanted) }))
        .sort((a, b) => a.far - b.far)
        .slice(0, 3)
        .map(({ name }) => name);
    throw new errors_TransferEvidenceError('input-invalid', `The network has no tensor ${wanted}. The nearest names are ${nearest.join(', ')}; its outputs are ${graph.outputs.map(({ name }) => name).join(', ')}. Correct weights.features, or leave it out.`);
}

;// CONCATENATED MODULE: ./src/encoder/normal-weights.ts

/**
 * Random weights: normal, mean 0. Each tensor has a stream of its own: the same seed and name, the same numbers. For tens of millions of
 * numbers, hence a small generator (sfc32, Doty-Humphrey), seeded from the project's, and both results of each Box–Muller pair.
 */
function normalWeights(length, deviation, seed, name) {
    const values = new Float32Array(length);
    const random = seededRandom(seed, 'random initialisation', name);
    let [a, b, c, counter] = [0, 0, 0, 0].map(() => random.integer(2 ** 31));
    const next = () => {
        const out = (((a + b) | 0) + counter) | 0;
        counter = (counter + 1) | 0;
        a = b ^ (b >>> 9);
        b = (c + (c << 3)) | 0;
        c = (((c << 21) | (c >>> 11)) + out) | 0;
        return (out >>> 0) / 4294967296;
    };
    for (let i = 0; i < 12; i++)
        next();
    for (let i = 0; i < values.length; i += 2) {
        const radius = deviation * Math.sqrt(-2 * Math.log(1 - next()));
        const angle = 2 * Math.PI * next();
        values[i] = radius * Math.cos(angle);
        if (i + 1 < values.length)
            values[i + 1] = radius * Math.sin(angle);
    }
    return values;
}

;// CONCATENATED MODULE: ./src/encoder/replace-constants.ts
/**
 * The same network with other numbers in some of its float32 constants, held by initialisers and by Constant nodes alike; the
 * network that is given stays as it is.
 * @param replacement the new elements of a constant, or undefined to keep it
 */
function replaceConstants(model, replacement) {
    const replaced = (tensor, name) => {
        const values = replacement(name, tensor);
        if (!values)
            return tensor;
        const { external: _, ...own } = tensor;
        return { ...own, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
    };
    const nodes = model.graph.nodes.map((node) => {
        const value = node.op === 'Constant' ? node.attributes.value : undefined;
        if (value?.kind !== 'tensor')
            return node;
        const tensor = replaced(value.value, node.outputs[0] ?? '');
        return tensor === value.value
            ? node
            : { ...node, attributes: { ...node.attributes, value: { kind: 'tensor', value: tensor } } };
    });
    const initializers = model.graph.initializers.map((tensor) => replaced(tensor, tensor.name));
    return { ...model, graph: { ...model.graph, nodes, initializers } };
}

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
const trainable_linear = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
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
    const perm = intsAttribute(node, 'perm') ?? shape.map((_, i) => shape.length - 1 - i);
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
        if (trainable_linear.has(node.op)) {
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
            sum += model_elements(sources.get(name)?.tensor.dims ?? []);
    return sum;
}
/** The kernel of a linear layer among the trainable tensors `roles`; undefined for any other node, and for products of two activations. */
function kernelOf(node, roles, sources) {
    if (!trainable_linear.has(node.op) || node.domain !== '')
        return undefined;
    const factors = node.inputs.slice(0, 2).map((name) => sources.get(name));
    return factors.find((factor) => factor && roles.get(factor.name)?.kind === 'kernel');
}
function isTrainableType({ type, dims }) {
    return type === 'float32' && model_elements(dims) > 1;
}
/** He et al. 2015: the connections into one unit. */
function fanInOf(node, shape) {
    if (node.op === 'Conv')
        return model_elements(shape.slice(1));
    if (node.op === 'ConvTranspose')
        return (shape[0] / constants_intAttribute(node, 'group', 1)) * model_elements(shape.slice(2));
    const transposed = node.op === 'Gemm' && constants_intAttribute(node, 'transB', 0) === 1;
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
        const isLayer = trainable_linear.has(node.op) || node.op === 'BatchNormalization';
        if (!isLayer && !node.inputs.some((input) => made.has(input)))
            continue;
        after.add(node);
        for (const output of node.outputs)
            made.add(output);
    }
    return after;
}

;// CONCATENATED MODULE: ./src/encoder/random-initialisation.ts





/**
 * The same network before any training: every trainable tensor re-drawn. Kernels are normal with variance gain / fan-in, gain 2 where a
 * rectifier follows and 1 elsewhere (He et al. 2015, equations 10 and 14; the linear case keeps residual and bottleneck branches from growing), biases 0, normalisations
 * the identity, tokens and positions normal with deviation 0.02. Each tensor has a stream of its own: the same seed and name, the same numbers.
 */
function randomlyInitialised(model, seed) {
    const roles = trainableOf(model);
    return replaceConstants(model, (name, { dims }) => {
        const role = roles.get(name);
        return role && initial(role, model_elements(dims), seed, name);
    });
}
function initial(role, length, seed, name) {
    switch (role.kind) {
        case 'kernel':
            return normalWeights(length, heDeviation(role.fanIn, role.rectified ? 2 : 1), seed, name);
        case 'embedding':
            return normalWeights(length, 0.02, seed, name);
        case 'scale':
        case 'running variance':
            return new Float32Array(length).fill(1);
        case 'slope':
            return new Float32Array(length).fill(0.25);
        case 'bias':
        case 'running mean':
            return new Float32Array(length);
    }
}
/** Standard deviation of weights that keep the size of what passes through (He et al. 2015): √(gain / fan-in). */
function heDeviation(fanIn, gain) {
    return Math.sqrt(gain / fanIn);
}

;// CONCATENATED MODULE: ./src/encoder/morlet.ts
/**
 * Filters of the scattering transform, in the Fourier domain: Morlet wavelets (a Gabor function made zero-mean by subtracting its envelope)
 * and a Gaussian low-pass, with the parameters of Oyallon & Mallat (2015), as kymatio has them: width 0.8 · 2^j, frequency 3π/4 · 2^−j,
 * eccentricity 4 / L. All spectra are real. Row-major squares of `size`² values, index (k, l) = frequency 2π(k, l) / size.
 */
const slant = 0.5;
/**
 * The spectrum of an elliptic Gaussian window times a plane wave, sampled on the integers and made periodic, in closed form: the
 * continuous spectrum summed over its aliases (Poisson's formula). `sigma` is the width along the wave, `sigma / slant` across it.
 */
function gaborSpectrum(size, sigma, angle, frequency) {
    const out = new Float64Array(size * size);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const aliases = [-2, -1, 0, 1, 2];
    for (let k = 0; k < size; k++)
        for (let l = 0; l < size; l++)
            for (const a of aliases)
                for (const b of aliases) {
                    const x = 2 * Math.PI * (k / size + a) - frequency * cos;
                    const y = 2 * Math.PI * (l / size + b) - frequency * sin;
                    const along = x * cos + y * sin;
                    const across = (y * cos - x * sin) / slant;
                    const exponent = 0.5 * sigma * sigma * (along * along + across * across);
                    if (exponent < 40)
                        out[k * size + l] += Math.exp(-exponent);
                }
    return out;
}
/** The wavelet of scale 2^j and orientation `theta` of `angles`. */
function morletSpectrum(size, j, theta, angles) {
    const sigma = 0.8 * 2 ** j;
    const angle = ((angles / 2 - 1 - theta) * Math.PI) / angles;
    const wave = gaborSpectrum(size, sigma, angle, ((3 / 4) * Math.PI) / 2 ** j);
    const envelope = gaborSpectrum(size, sigma, angle, 0);
    const ratio = wave[0] / envelope[0];
    return wave.map((value, i) => value - ratio * envelope[i]);
}
/** One axis of the separable Gaussian low-pass of scale 2^J. */
function lowPassSpectrum(size, J) {
    const sigma = 0.8 * 2 ** (J - 1);
    return Float64Array.from({ length: size }, (_, k) => {
        let sum = 0;
        for (const a of [-2, -1, 0, 1, 2])
            sum += Math.exp(-0.5 * (sigma * 2 * Math.PI * (k / size + a)) ** 2);
        return sum;
    });
}
/**
 * The spectrum of a filter for maps subsampled by 2^resolution: the band beyond the coarser grid's Nyquist frequency is cut off, what
 * remains is folded. Indices along one axis that survive, in the order of the coarse grid.
 */
function survivingFrequencies(size, resolution) {
    const coarse = size / 2 ** resolution;
    const from = size / 2 ** (resolution + 1);
    const to = from + size - coarse;
    return Array.from({ length: coarse }, (_, k) => Array.from({ length: 2 ** resolution }, (_, i) => k + i * coarse).filter((index) => index < from || index >= to));
}
function coarsened(spectrum, size, resolution) {
    const surviving = survivingFrequencies(size, resolution);
    const coarse = surviving.length;
    const out = new Float64Array(coarse * coarse);
    surviving.forEach((rows, k) => {
        surviving.forEach((columns, l) => {
            for (const row of rows)
                for (const column of columns)
                    out[k * coarse + l] += spectrum[row * size + column];
        });
    });
    return out;
}
function coarsenedAxis(spectrum, resolution) {
    return Float64Array.from(survivingFrequencies(spectrum.length, resolution), (indices) => indices.reduce((sum, index) => sum + spectrum[index], 0));
}

;// CONCATENATED MODULE: ./src/encoder/scattering-graph.ts

/** Scales, orientations, and sizes: an image, the image with its reflected border, the grid of coefficients. */
const J = 3;
const L = 8;
const size = 64;
const border = 2 ** J;
const padded = size + 2 * border;
const grid = size / 2 ** J;
/** Paths of order 0, 1 and 2. */
const paths = 1 + J * L + (L * L * J * (J - 1)) / 2;
/**
 * Appends the scattering transform to a graph: `image` [N, C, 64, 64] → one tensor [8·8, paths, C, N] of coefficients; paths are the mean,
 * then the first order (scale, angle), then the second (scale₁, angle₁, scale₂ > scale₁, angle₂).
 *
 * Convolutions are products in the Fourier domain, and a DFT of so small a map is fastest as a product with a constant matrix. Maps are laid out
 * with space first and channels × images last, so that every step is one large matrix product from the left.
 */
function appendScattering(g, image, channels) {
    const x = g.node('Transpose', [image], { perm: [2, 3, 1, 0] }, 'space_first');
    const rows = reflection();
    const spectrum0 = appendDft(g, x, padded, rows);
    const pieces = [appendLowPass(g, x, 0, 1, rows)];
    const wavelets = Array.from({ length: J }, (_, j) => Array.from({ length: L }, (_, theta) => morletSpectrum(padded, j, theta, L)));
    const second = [];
    const first = [];
    for (let j1 = 0; j1 < J; j1++) {
        const u1 = appendWaveletModulus(g, spectrum0, wavelets, 0, j1);
        first.push(appendLowPass(g, u1, j1, L));
        if (j1 === J - 1)
            continue;
        const spectrum1 = appendDft(g, u1, padded / 2 ** j1);
        const finer = [];
        for (let j2 = j1 + 1; j2 < J; j2++) {
            const u2 = appendWaveletModulus(g, spectrum1, wavelets, j1, j2);
            // [64, angle₂, angle₁ · C · N] → [64, 1, angle₂, angle₁, C · N]
            const s2 = appendLowPass(g, u2, j2, L);
            finer.push(scattering_graph_reshape(g, s2, [grid * grid, 1, L, L, -1]));
        }
        const stacked = finer.length === 1 ? finer[0] : g.node('Concat', finer, { axis: 1 });
        const ordered = g.node('Transpose', [stacked], { perm: [0, 3, 1, 2, 4] });
        second.push(scattering_graph_reshape(g, ordered, [grid * grid, finer.length * L * L, -1]));
    }
    pieces.push(...first, ...second);
    const all = g.node('Concat', pieces, { axis: 1 });
    return scattering_graph_reshape(g, all, [grid * grid, paths, channels, -1]);
}
function scattering_graph_reshape(g, tensor, dims) {
    return g.node('Reshape', [tensor, g.constant('shape', dims)]);
}
/** The border's reflection (the edge itself not repeated) as a padded × size matrix of zeros and ones. */
function reflection() {
    const out = new Float64Array(padded * size);
    for (let p = 0; p < padded; p++) {
        const at = Math.abs(p - border);
        out[p * size + (at < size ? at : 2 * (size - 1) - at)] = 1;
    }
    return out;
}
/** a (m × n) times b (n × k). */
function product(a, b, n) {
    const m = a.length / n;
    const k = b.length / n;
    const out = new Float64Array(m * k);
    for (let i = 0; i < m; i++)
        for (let t = 0; t < n; t++) {
            const factor = a[i * n + t];
            if (factor !== 0)
                for (let j = 0; j < k; j++)
                    out[i * k + j] += factor * b[t * k + j];
        }
    return out;
}
function matrixConstant(g, name, values, columns) {
    return g.constant(name, Float32Array.from(values), [values.length / columns, columns]);
}
/**
 * The DFT of real maps [n, n · m] (or, with `rows`, of smaller maps which that matrix extends) → [(n/2 + 1) · 2 · n, m]: the upper half of the
 * frequencies' rows, each as real part and imaginary part; the lower half is its mirror image.
 */
function appendDft(g, maps, n, rows) {
    const half = n / 2 + 1;
    const from = rows ? rows.length / n : n;
    const left = new Float64Array(half * 2 * n);
    for (let k = 0; k < half; k++)
        for (let p = 0; p < n; p++) {
            left[2 * k * n + p] = Math.cos((2 * Math.PI * ((k * p) % n)) / n);
            left[(2 * k + 1) * n + p] = -Math.sin((2 * Math.PI * ((k * p) % n)) / n);
        }
    const right = new Float64Array(4 * n * from);
    const columns = 2 * from;
    const cos = new Float64Array(n * n);
    const sin = new Float64Array(n * n);
    for (let l = 0; l < n; l++)
        for (let q = 0; q < n; q++) {
            cos[l * n + q] = Math.cos((2 * Math.PI * ((l * q) % n)) / n);
            sin[l * n + q] = Math.sin((2 * Math.PI * ((l * q) % n)) / n);
        }
    const [c, s] = rows ? [product(cos, rows, n), product(sin, rows, n)] : [cos, sin];
    for (let l = 0; l < n; l++)
        for (let q = 0; q < from; q++) {
            right[l * columns + q] = c[l * from + q];
            right[l * columns + from + q] = s[l * from + q];
            right[(n + l) * columns + q] = -s[l * from + q];
            right[(n + l) * columns + from + q] = c[l * from + q];
        }
    const flat = scattering_graph_reshape(g, maps, [from, -1]);
    const e = matrixConstant(g, 'dft_rows', rows ? product(left, rows, n) : left, from);
    const y = scattering_graph_reshape(g, g.node('MatMul', [e, flat]), [half, 2 * from, -1]);
    const spectrum = g.node('MatMul', [matrixConstant(g, 'dft_columns', right, columns), y]);
    return scattering_graph_reshape(g, spectrum, [half * 2 * n, -1]);
}
/**
 * |maps ⋆ ψ| for the L wavelets of scale 2^to, from the spectrum of maps subsampled by 2^from, on the grid subsampled by 2^to:
 * [rows, m] → [n, n, L, m] (flattened to [n, −1]).
 */
function appendWaveletModulus(g, spectrum, wavelets, from, to) {
    const n = padded / 2 ** from;
    const factor = 2 ** (to - from);
    const coarse = n / factor;
    const aliases = factor * factor;
    const filters = wavelets[to].map((wavelet) => coarsened(wavelet, padded, from));
    const indices = [];
    const weights = new Float32Array(coarse * 2 * coarse * L * aliases);
    let at = 0;
    for (let k = 0; k < coarse; k++)
        for (let part = 0; part < 2; part++)
            for (let l = 0; l < coarse; l++) {
                for (let a = 0; a < factor; a++)
                    for (let b = 0; b < factor; b++) {
                        const [row, column] = [k + a * coarse, l + b * coarse];
                        const mirrored = row > n / 2;
                        const stored = mirrored ? ((n - row) * 2 + part) * n + ((n - column) % n) : (row * 2 + part) * n + column;
                        indices.push(stored);
                        const sign = mirrored && part === 1 ? -1 : 1;
                        filters.forEach((filter, theta) => {
                            weights[at + theta * aliases + a * factor + b] = (sign * filter[row * n + column]) / aliases;
                        });
                    }
                at += L * aliases;
            }
    const gathered = g.node('Gather', [spectrum, g.constant('frequencies', indices, [coarse, 2, coarse, aliases])], {
        axis: 0,
    });
    const bank = g.constant('wavelets', weights, [coarse, 2, coarse, L, aliases]);
    const filtered = aliases === 1 ? g.node('Mul', [bank, gathered]) : g.node('MatMul', [bank, gathered]);
    const [left, right] = inverseDft(coarse);
    const y = g.node('MatMul', [
        matrixConstant(g, 'idft_rows', left, 2 * coarse),
        scattering_graph_reshape(g, filtered, [2 * coarse, -1]),
    ]);
    const z = g.node('MatMul', [
        matrixConstant(g, 'idft_columns', right, 2 * coarse),
        scattering_graph_reshape(g, y, [coarse, 2 * coarse, -1]),
    ]);
    const parts = scattering_graph_reshape(g, z, [coarse, 2, -1]);
    const energy = g.node('ReduceSum', [g.node('Mul', [parts, parts]), g.constant('axis', [1])], { keepdims: 0 });
    return g.node('Sqrt', [energy], {}, 'modulus');
}
/** Inverse DFT over rows, (row, part) ← (frequency, part), and over columns, (part, column) ← (part, frequency). */
function inverseDft(n) {
    const left = new Float64Array(4 * n * n);
    const right = new Float64Array(4 * n * n);
    for (let p = 0; p < n; p++)
        for (let k = 0; k < n; k++) {
            const cos = Math.cos((2 * Math.PI * ((k * p) % n)) / n) / n;
            const sin = Math.sin((2 * Math.PI * ((k * p) % n)) / n) / n;
            left[2 * p * 2 * n + 2 * k] = cos;
            left[2 * p * 2 * n + 2 * k + 1] = -sin;
            left[(2 * p + 1) * 2 * n + 2 * k] = sin;
            left[(2 * p + 1) * 2 * n + 2 * k + 1] = cos;
            right[p * 2 * n + k] = cos;
            right[p * 2 * n + n + k] = -sin;
            right[(n + p) * 2 * n + k] = sin;
            right[(n + p) * 2 * n + n + k] = cos;
        }
    return [left, right];
}
/** Gaussian averages on the grid: maps [n, n · angles · m] subsampled by 2^from → [64, angles, m]. */
function appendLowPass(g, maps, from, angles, rows) {
    const n = padded / 2 ** from;
    const spectrum = coarsenedAxis(lowPassSpectrum(padded, J), from);
    const kernel = Float64Array.from({ length: n }, (_, p) => {
        let sum = 0;
        for (let k = 0; k < n; k++)
            sum += spectrum[k] * Math.cos((2 * Math.PI * ((k * p) % n)) / n);
        return sum / n;
    });
    const average = new Float64Array(grid * n);
    for (let i = 0; i < grid; i++)
        for (let p = 0; p < n; p++)
            average[i * n + p] = kernel[((i + 1) * 2 ** (J - from) - p + n) % n];
    const width = rows ? rows.length / n : n;
    const matrix = matrixConstant(g, 'low_pass', rows ? product(average, rows, n) : average, width);
    const y = scattering_graph_reshape(g, g.node('MatMul', [matrix, scattering_graph_reshape(g, maps, [width, -1])]), [grid, width, -1]);
    return scattering_graph_reshape(g, g.node('MatMul', [matrix, y]), [grid * grid, angles, -1]);
}

;// CONCATENATED MODULE: ./src/encoder/scattering.ts



const channels = 3;
/** First-order paths. */
const firstOrder = J * L;
/** Side of the coarse grid of the layout. */
const layoutGrid = 4;
/** 651 means, 25 deviations, 48 of the layout. */
const scatteringDimension = paths * channels + (1 + firstOrder) + J * layoutGrid * layoutGrid;
/** Keeps the logarithm finite where a path is silent. */
const floor = 1e-3;
/** ITU-R BT.601. */
const luma = Float32Array.of(0.299, 0.587, 0.114);
/**
 * The built-in encoder: a wavelet scattering network (Bruna & Mallat 2013, second order, J = 3, 8 orientations) as an ONNX model
 * of standard operators, made on the spot. Input `input` [N, 3, 64, 64] RGB in [0, 1]; output `features` [N, 724], each the
 * logarithm of a non-negative number plus 0.001:
 * - 651 means over the image, of 217 paths in each colour channel, channel by channel;
 * - 25 deviations over the image of the paths of order 0 and 1, averaged over colours by luma;
 * - 48 means over the orientations of the first order, in luma, of each scale on a grid of 4 × 4.
 * The means are the usual scattering features; the rest is what texture alone misses, how it varies and roughly where it lies. Memory
 * for intermediate maps is about 25 MB an image: batches of 8 to 16 are fastest.
 */
function scatteringModel() {
    const g = new build_GraphBuilder('scattering');
    const image = g.input('input', ['N', channels, size, size]);
    const coefficients = appendScattering(g, image, channels);
    const low = slicePaths(g, coefficients, 0, 1 + firstOrder);
    const features = [
        meansOfPaths(g, coefficients),
        deviations(g, low),
        layout(g, slicePaths(g, coefficients, 1, 1 + firstOrder)),
    ];
    g.node('Concat', features, { axis: 1 }, 'features');
    g.output('features', ['N', scatteringDimension]);
    return write_writeModel(g.model());
}
/** Paths from..to of [64, paths, C, N]. */
function slicePaths(g, coefficients, from, to) {
    return g.node('Slice', [
        coefficients,
        g.constant('from', [from]),
        g.constant('to', [to]),
        g.constant('path_axis', [1]),
    ]);
}
/** [64, P, C, N] → [N, C · P]. */
function meansOfPaths(g, coefficients) {
    return rows(g, logarithm(g, g.node('ReduceMean', [coefficients], { axes: [0], keepdims: 0 })), [2, 1, 0]);
}
/** [64, P, C, N] → [N, P]. */
function deviations(g, coefficients) {
    const mean = g.node('ReduceMean', [coefficients], { axes: [0], keepdims: 1 });
    const centred = g.node('Sub', [coefficients, mean]);
    const variance = g.node('ReduceMean', [g.node('Mul', [centred, centred])], { axes: [0], keepdims: 0 });
    const deviation = inLuma(g, g.node('Sqrt', [variance]), 1);
    return rows(g, logarithm(g, deviation), [1, 0]);
}
/** [64, J · L, C, N] → [N, J · 16]. */
function layout(g, firstOrderPaths) {
    const orientations = scattering_flat(g, firstOrderPaths, [grid * grid, J, L, -1]);
    const scales = g.node('ReduceMean', [orientations], { axes: [2], keepdims: 0 });
    const pooled = g.node('MatMul', [scattering_pooling(g, layoutGrid), scattering_flat(g, scales, [grid * grid, -1])]);
    const energy = inLuma(g, scattering_flat(g, pooled, [layoutGrid * layoutGrid, J, channels, -1]), 2);
    return rows(g, logarithm(g, energy), [2, 1, 0]);
}
/** The weighted mean over colour channels, which lie on `axis`. */
function inLuma(g, values, axis) {
    const weighted = g.node('Mul', [values, g.constant('luma', luma, [channels, 1])]);
    return g.node('ReduceSum', [weighted, g.constant('channel_axis', [axis])], { keepdims: 0 });
}
/** Averages of the 8 × 8 positions on a side × side grid. */
function scattering_pooling(g, side) {
    const cell = grid / side;
    const weights = new Float32Array(side * side * grid * grid);
    for (let row = 0; row < grid; row++)
        for (let column = 0; column < grid; column++) {
            const target = Math.floor(row / cell) * side + Math.floor(column / cell);
            weights[target * grid * grid + row * grid + column] = 1 / (cell * cell);
        }
    return g.constant('pooling', weights, [side * side, grid * grid]);
}
function logarithm(g, values) {
    return g.node('Log', [g.node('Add', [values, g.constant('floor', Float32Array.of(floor), [])])]);
}
function scattering_flat(g, values, dims) {
    return g.node('Reshape', [values, g.constant('shape', dims)]);
}
/** Brings the images, which lie last, to the front. */
function rows(g, values, perm) {
    return g.node('Flatten', [g.node('Transpose', [values], { perm })], { axis: 1 });
}
const scattering_preprocessing = {
    size: size,
    resize: 'squash',
    channels: 'rgb',
    range: [0, 1],
    mean: [0, 0, 0],
    std: [1, 1, 1],
};
/** How the built-in encoder presents itself. */
const scatteringEncoder = {
    id: 'scattering',
    sees: 'texture, contrast and colour at scales up to 8 of 64 pixels, and their coarse layout; no objects or meaning: nothing in it was learnt',
    model: scatteringModel,
    preprocessing: scattering_preprocessing,
    output: 'features',
    dimension: scatteringDimension,
};

;// CONCATENATED MODULE: ./src/encoder/encoder.ts












/** Input height and width where neither the network nor the manifest says: the convention of ImageNet's networks. */
const conventionalSize = 224;
/** The wavelet scattering network that the program builds itself (see scattering.ts). */
function builtInEncoder() {
    const { id, sees, output, dimension, preprocessing } = scatteringEncoder;
    const [height, width] = sides(preprocessing.size);
    return withDigest({
        id,
        name: id,
        model: scatteringEncoder.model(),
        input: 'input',
        layout: 'NCHW',
        channels: 3,
        height,
        width,
        preprocessing,
        fixedBatch: null,
        output,
        dimension,
        sees,
        parameters: 0,
        notes: [],
    });
}
/**
 * Reads an ONNX file and reduces it to its features.
 * @throws model-invalid when the file is no ONNX model; model-unsupported when it takes no image, its features cannot be
 *   told or it would take memory without measure; input-invalid when a tensor that the manifest names does not exist
 */
async function loadEncoder(request) {
    const { id, file } = request;
    const whole = await withExternalData(readModel(await (0,promises_.readFile)(file)), (0,external_node_path_.dirname)(file));
    refuseAbsurdShapes(whole);
    const input = inputOf(whole, request.input);
    const { model, tensor, dimension, note } = chooseFeatures(whole, request.features);
    if (dimension === undefined)
        throw new errors_TransferEvidenceError('model-unsupported', `The network ${id} does not tell how many features tensor ${tensor} holds. Export it with shapes inferred, or name another tensor in weights.features.`);
    const wanted = request.preprocessing ?? preprocessing.parse({});
    const size = sizeOf(input, wanted, id);
    const grey = input.channels === 1;
    const notes = [note, ...size.notes];
    if (grey && wanted.channels !== 'grey')
        notes.push('The network takes one channel: images are converted to grey.');
    return withDigest({
        id,
        name: id,
        model: write_writeModel(model),
        input: input.name,
        layout: input.layout,
        channels: grey ? 1 : 3,
        height: size.height,
        width: size.width,
        preprocessing: { ...wanted, channels: grey ? 'grey' : wanted.channels, size: [size.height, size.width] },
        fixedBatch: input.batch ?? null,
        output: tensor,
        dimension,
        sees: 'what it was trained to tell apart, and what its images had in common',
        parameters: countParameters(model),
        notes,
    });
}
/** The same network before any training: what its architecture alone is worth. Networks of one architecture share it. */
function randomTwin(encoder, seed) {
    const { graph, ...rest } = randomlyInitialised(readModel(encoder.model), seed);
    // What exporters write beside the graph would tell twins apart that compute the same.
    const bare = { ...rest, metadata: {}, rest: [], graph: { ...graph, name: 'random', rest: [] } };
    return withDigest({ ...encoder, model: write_writeModel(bare), sees: 'nothing that was learnt: its weights are random' });
}
function sizeOf(input, wanted, name) {
    const given = sides(wanted.size);
    const height = input.height ?? given?.[0];
    const width = input.width ?? given?.[1];
    if (given && (given[0] !== height || given[1] !== width))
        throw new errors_TransferEvidenceError('model-unsupported', `The network ${name} takes images of ${height} × ${width} pixels (height × width); preprocessing.size says ${given[0]} × ${given[1]}. Leave preprocessing.size out.`);
    if (height !== undefined && width !== undefined)
        return { height, width, notes: [] };
    const assumed = `The network takes images of any size and the manifest names none: ${conventionalSize} × ${conventionalSize} pixels are used. Set preprocessing.size to change it.`;
    return { height: height ?? conventionalSize, width: width ?? conventionalSize, notes: [assumed] };
}
function sides(size) {
    return typeof size === 'number' ? [size, size] : size;
}
/** With the digest of all that determines the features. */
function withDigest(encoder) {
    const { model, input, output, height, width, preprocessing } = encoder;
    return { ...encoder, digest: digestOf({ model: sha256(model), input, output, height, width, preprocessing }) };
}

;// CONCATENATED MODULE: ./src/encoder/built-in/weights.ts




/** Both networks look at every 16th pixel in the end: below this, less than 2 × 2 positions are left. */
const smallest = 32;
/** The options with their defaults. @throws input-invalid when the images are too small */
function sizeAndSeed({ height = 64, width = 64, seed = 1 }) {
    if (![height, width].every((side) => Number.isInteger(side) && side >= smallest))
        throw new errors_TransferEvidenceError('input-invalid', `A built-in network takes images of at least ${smallest} × ${smallest} whole pixels (height × width); ${height} × ${width} was asked for. Set preprocessing.size to ${smallest} or more.`);
    return { height, width, seed };
}
/** Draws the initial weights of a network that is being built; each call adds a constant and returns its name. */
class InitialWeights {
    #g;
    #seed;
    constructor(g, seed) {
        this.#g = g;
        this.#seed = seed;
    }
    /** Normal with variance gain / fan-in: 2 where what comes in was rectified (He et al. 2015, equation 10). */
    kernel(name, dims, fanIn, gain) {
        return this.#g.constant(name, normalWeights(model_elements(dims), heDeviation(fanIn, gain), this.#seed, name), dims);
    }
    filled(name, dims, value) {
        return this.#g.constant(name, new Float32Array(model_elements(dims)).fill(value), dims);
    }
}

;// CONCATENATED MODULE: ./src/encoder/built-in/convnext.ts


const stages = [
    { channels: 32, blocks: 2 },
    { channels: 64, blocks: 2 },
    { channels: 128, blocks: 2 },
];
/** Pixels of a patch of the stem. */
const patch = 4;
/** Width of a block's hidden layer in widths of the block. */
const expansion = 4;
/**
 * Where the factors of the residual branches start. Liu et al. take 10⁻⁶ for deep networks and 300 epochs; the value that Touvron et al. 2021
 * (Going deeper with image transformers) take for up to 18 blocks lets few steps move a branch.
 */
const layerScale = 0.1;
/**
 * A small network after ConvNeXt (Liu et al. 2022) with random weights, to be trained on small images: patches of 4 × 4 pixels, three stages
 * of blocks of a depthwise 7 × 7 convolution, layer normalisation over channels and two linear layers with GELU between, 0.4 million parameters.
 * Input `input` [batch, 3, height, width], output `features` [batch, 128], normalised averages over space.
 * @throws input-invalid when height or width is below 32
 */
function convnextNetwork(options = {}) {
    const { height, width, seed } = sizeAndSeed(options);
    const g = new build_GraphBuilder('convnext');
    const weights = new InitialWeights(g, seed);
    g.input('input', ['batch', 3, height, width]);
    let from = stages[0].channels;
    let maps = normalisedMaps(g, weights, 'stem.norm', patches(g, weights, 'stem', 'input', 3, from, patch), from);
    for (const [i, { channels, blocks }] of stages.entries()) {
        const name = `stage${i + 1}`;
        if (i > 0)
            maps = patches(g, weights, `${name}.reduction`, normalisedMaps(g, weights, `${name}.reduction.norm`, maps, from), from, channels, 2);
        from = channels;
        for (let block = 0; block < blocks; block++)
            maps = convnextBlock(g, weights, `${name}.block${block + 1}`, maps, channels);
    }
    const averages = g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 });
    normalised(g, weights, 'norm', averages, from, 'features');
    g.output('features', ['batch', from]);
    return g.model(18);
}
/** x + factor · linear₂(gelu(linear₁(norm(depthwise(x))))), the layers after the convolution with the channels last. */
function convnextBlock(g, weights, name, maps, channels) {
    const kernel = weights.kernel(`${name}.depthwise.weight`, [channels, 1, 7, 7], 49, 1);
    const mixed = g.node('Conv', [maps, kernel, weights.filled(`${name}.depthwise.bias`, [channels], 0)], { group: channels, kernel_shape: [7, 7], pads: [3, 3, 3, 3] }, `${name}.depthwise`);
    const rows = normalised(g, weights, `${name}.norm`, channelsLast(g, mixed), channels);
    const hidden = gelu(g, convnext_linear(g, weights, `${name}.linear1`, rows, [channels, expansion * channels], 1));
    const back = convnext_linear(g, weights, `${name}.linear2`, hidden, [expansion * channels, channels], 2);
    const branch = g.node('Mul', [back, weights.filled(`${name}.factor`, [channels], layerScale)]);
    return g.node('Add', [maps, channelsFirst(g, branch)], {}, name);
}
/** A convolution of patches that do not overlap. */
function patches(g, weights, name, maps, from, to, side) {
    const kernel = weights.kernel(`${name}.weight`, [to, from, side, side], from * side * side, 1);
    const bias = weights.filled(`${name}.bias`, [to], 0);
    return g.node('Conv', [maps, kernel, bias], { kernel_shape: [side, side], strides: [side, side] }, name);
}
function convnext_linear(g, weights, name, rows, [from, to], gain) {
    const product = g.node('MatMul', [rows, weights.kernel(`${name}.weight`, [from, to], from, gain)]);
    return g.node('Add', [product, weights.filled(`${name}.bias`, [to], 0)], {}, name);
}
/** Hendrycks & Gimpel 2016: x · ½ (1 + erf(x / √2)). The operator Gelu exists from opset 20 on; the runtime fuses these five. */
function gelu(g, x) {
    const scalar = (name, value) => g.constant(name, Float32Array.of(value), []);
    const erf = g.node('Erf', [g.node('Div', [x, scalar('sqrt2', Math.SQRT2)])]);
    const twice = g.node('Mul', [x, g.node('Add', [erf, scalar('one', 1)])]);
    return g.node('Mul', [twice, scalar('half', 0.5)], {}, 'Gelu');
}
/** Layer normalisation of each position's channels in maps [N, C, H, W]. */
function normalisedMaps(g, weights, name, maps, channels) {
    return channelsFirst(g, normalised(g, weights, name, channelsLast(g, maps), channels));
}
/** Layer normalisation (Ba et al. 2016) over the last axis. */
function normalised(g, weights, name, rows, channels, output = name) {
    const scale = weights.filled(`${name}.weight`, [channels], 1);
    const shift = weights.filled(`${name}.bias`, [channels], 0);
    return g.node('LayerNormalization', [rows, scale, shift], { axis: -1, epsilon: { float: 1e-6 } }, output);
}
function channelsLast(g, maps) {
    return g.node('Transpose', [maps], { perm: [0, 2, 3, 1] });
}
function channelsFirst(g, rows) {
    return g.node('Transpose', [rows], { perm: [0, 3, 1, 2] });
}

;// CONCATENATED MODULE: ./src/encoder/built-in/residual.ts


/** Channels of the stages: multiples of 16, so that the processor's blocked convolutions have nothing to pad. */
const residual_channels = [16, 32, 64, 128];
const blocksPerStage = 2;
/**
 * A narrow residual network (He et al. 2016: basic blocks of two 3 × 3 convolutions, projection shortcuts) with random weights, to be
 * trained on small images: ResNet-18 at a quarter of its width, 0.7 million parameters, its stem a 3 × 3 convolution of stride 2 without pooling. Input
 * `input` [batch, 3, height, width], output `features` [batch, 128], the average over space of rectified maps.
 *
 * Nothing is normalised, as statistics of a network that starts from nothing cannot be frozen. Instead each residual branch ends in a factor a
 * channel that starts at 0 (SkipInit, De & Smith 2020): the network starts as its shortcuts and grows no larger with depth.
 * @throws input-invalid when height or width is below 32
 */
function residualNetwork(options = {}) {
    const { height, width, seed } = sizeAndSeed(options);
    const g = new build_GraphBuilder('residual');
    const weights = new InitialWeights(g, seed);
    g.input('input', ['batch', 3, height, width]);
    let maps = g.node('Relu', [convolution(g, weights, 'stem', 'input', [3, residual_channels[0], 3], 2)]);
    let from = residual_channels[0];
    for (const [stage, to] of residual_channels.entries())
        for (let block = 0; block < blocksPerStage; block++) {
            const stride = block === 0 && stage > 0 ? 2 : 1;
            maps = basicBlock(g, weights, `stage${stage + 1}.block${block + 1}`, maps, [from, to], stride);
            from = to;
        }
    g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 }, 'features');
    g.output('features', ['batch', from]);
    return g.model(18);
}
/** relu(shortcut(x) + factor · conv₂(relu(conv₁(x)))). */
function basicBlock(g, weights, name, maps, [from, to], stride) {
    const first = g.node('Relu', [convolution(g, weights, `${name}.conv1`, maps, [from, to, 3], stride)]);
    const second = convolution(g, weights, `${name}.conv2`, first, [to, to, 3], 1);
    const branch = g.node('Mul', [second, weights.filled(`${name}.factor`, [1, to, 1, 1], 0)]);
    const shortcut = stride === 1 && from === to ? maps : convolution(g, weights, `${name}.shortcut`, maps, [from, to, 1], stride);
    return g.node('Relu', [g.node('Add', [shortcut, branch])], {}, name);
}
function convolution(g, weights, name, maps, [from, to, side], stride) {
    const kernel = weights.kernel(`${name}.weight`, [to, from, side, side], from * side * side, 2);
    const bias = weights.filled(`${name}.bias`, [to], 0);
    const margin = (side - 1) / 2;
    const attributes = {
        kernel_shape: [side, side],
        strides: [stride, stride],
        pads: [margin, margin, margin, margin],
    };
    return g.node('Conv', [maps, kernel, bias], attributes, name);
}

;// CONCATENATED MODULE: ./src/encoder/built-in/index.ts





/** The networks that the program can build itself and train from random weights. */
const builtInNetworks = { residual: residualNetwork, convnext: convnextNetwork };
/** Pixels of their input, each side: small enough to be trained on a processor. */
const side = 64;
/** A built-in network with random weights, as any other network. */
function builtInNetwork(name, seed) {
    const model = builtInNetworks[name]({ height: side, width: side, seed });
    return withDigest({
        id: name,
        name: `the built-in ${name} network`,
        model: write_writeModel(model),
        input: 'input',
        layout: 'NCHW',
        channels: 3,
        height: side,
        width: side,
        preprocessing: {
            channels: 'rgb',
            range: [0, 1],
            mean: [0.5, 0.5, 0.5],
            std: [0.25, 0.25, 0.25],
            size: [side, side],
            resize: 'squash',
        },
        fixedBatch: null,
        output: 'features',
        dimension: 128,
        sees: 'what its short training here taught it',
        parameters: countParameters(model),
        notes: [],
    });
}

;// CONCATENATED MODULE: ./src/image/samples.ts
/**
 * Turns a decoder's samples into 8-bit RGB. Pure arithmetic on whole numbers, so that every machine gets the same bytes.
 */
/** Composites 8- or 16-bit RGBA (straight alpha) over black: colour · alpha / full, to the nearest. In place, then packed. */
function overBlack(rgba) {
    const full = rgba.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
    const pixels = rgba.length / 4;
    for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
        const alpha = rgba[from + 3];
        rgba[to] = (rgba[from] * alpha) / full + 0.5;
        rgba[to + 1] = (rgba[from + 1] * alpha) / full + 0.5;
        rgba[to + 2] = (rgba[from + 2] * alpha) / full + 0.5;
    }
    return rgba.subarray(0, pixels * 3);
}
/** CMYK (0 = no ink) to RGB without a profile: (255 − ink) · (255 − black) / 255, as Pillow converts. */
function fromCmyk(cmyk) {
    const pixels = cmyk.length / 4;
    for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
        const light = 255 - cmyk[from + 3];
        cmyk[to] = ((255 - cmyk[from]) * light) / 255 + 0.5;
        cmyk[to + 1] = ((255 - cmyk[from + 1]) * light) / 255 + 0.5;
        cmyk[to + 2] = ((255 - cmyk[from + 2]) * light) / 255 + 0.5;
    }
    return cmyk.subarray(0, pixels * 3);
}
/**
 * 16-bit samples linearly to 8 bits. Scanners with 10, 12 or 14 bits store their values unscaled in 16-bit files; read
 * against 65535, a 12-bit film would keep sixteen grey levels and turn black. So white is 2^b − 1 for the smallest
 * depth b of 8, 10, 12, 14, 16 (the depths DICOM devices store) that holds the image's brightest sample. The rule looks
 * at one image alone. Its price: within a 12-bit set, an image whose brightest sample is below 1024 comes out four times
 * brighter than its neighbours; convert such sets to 8 bits with one window for all.
 */
function toEightBits(samples) {
    let brightest = 0;
    for (let i = 0; i < samples.length; i++)
        if (samples[i] > brightest)
            brightest = samples[i];
    const white = 2 ** [8, 10, 12, 14, 16].find((bits) => brightest < 2 ** bits) - 1;
    const out = new Uint8Array(samples.length);
    for (let i = 0; i < samples.length; i++)
        out[i] = (samples[i] * 255) / white + 0.5;
    return out;
}

;// CONCATENATED MODULE: ./src/image/decode.ts





/** Larger than any radiograph or photograph; smaller than what a decompression bomb or a whole slide unpacks to. */
const defaultPixelLimit = 100_000_000;
/**
 * Reads PNG, JPEG, WebP, TIFF (first page) or GIF (first frame) into upright 8-bit RGB.
 *
 * Grey is written to all three channels; palettes are resolved; transparency is composited over black; 16-bit samples
 * are scaled linearly (see {@link toEightBits}); CMYK is converted without a profile; embedded ICC profiles and gamma
 * are ignored, as they were when the usual networks were trained; the EXIF orientation is applied.
 *
 * @param sharp the loaded library: `src/runtime` owns finding it
 * @param options.pixelLimit width × height beyond which the image is refused before decoding; default 100 million
 * @throws image-unreadable (missing, empty, truncated, damaged, another format, signed or floating-point samples),
 *   image-too-large
 */
async function decode(sharp, file, options = {}) {
    const pixelLimit = options.pixelLimit ?? defaultPixelLimit;
    const bytes = await read(file);
    const signature = signatureOf(bytes);
    if (signature.format === undefined)
        throw decode_unreadable(file, `expected PNG, JPEG, WebP, TIFF or GIF; found ${signature.found}`);
    try {
        const { width, height, depth, space } = await sharp(bytes, { limitInputPixels: false }).metadata();
        if (width * height > pixelLimit)
            throw decode_tooLarge(file, width, height, pixelLimit);
        if (depth !== 'uchar' && depth !== 'ushort')
            throw decode_unreadable(file, `expected 8- or 16-bit unsigned samples; found ${depth}. Export it as 8- or 16-bit PNG`);
        const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: pixelLimit }).autoOrient();
        if (space === 'cmyk')
            image.pipelineColourspace('cmyk').toColourspace('cmyk');
        else if (depth === 'ushort')
            image.pipelineColourspace('rgb16').toColourspace('rgb16');
        const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
        if (info.channels > 4 || (space === 'cmyk' && info.channels !== 4))
            throw decode_unreadable(file, `expected grey, RGB or CMYK; found ${info.channels} channels`);
        return { data: toRgb(data, info.channels, depth, space === 'cmyk'), width: info.width, height: info.height };
    }
    catch (error) {
        if (error instanceof errors_TransferEvidenceError)
            throw error;
        throw decode_unreadable(file, `the ${signature.format.toUpperCase()} data is damaged or cut short (${reason(error)})`, error);
    }
}
function toRgb(data, channels, depth, cmyk) {
    if (depth === 'uchar') {
        const samples = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        if (channels === 3)
            return samples;
        return cmyk ? fromCmyk(samples) : overBlack(samples);
    }
    const samples = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    return toEightBits(channels === 3 ? samples : overBlack(samples));
}
async function read(file) {
    try {
        return await (0,promises_.readFile)(file);
    }
    catch (error) {
        const { code } = error;
        if (code === 'ENOENT')
            throw decode_unreadable(file, 'the file does not exist', error);
        if (code === 'ERR_FS_FILE_TOO_LARGE')
            throw new errors_TransferEvidenceError('image-too-large', `Image ${(0,external_node_path_.basename)(file)} is a file of more than 2 GiB. Cut it into tiles.`, { cause: error });
        throw decode_unreadable(file, `the file cannot be opened (${code})`, error);
    }
}
function decode_unreadable(file, why, cause) {
    return new errors_TransferEvidenceError('image-unreadable', `Image ${(0,external_node_path_.basename)(file)} cannot be read: ${why}.`, { cause });
}
function decode_tooLarge(file, width, height, limit) {
    const millions = (pixels) => `${Number((pixels / 1e6).toPrecision(3))} million`;
    return new errors_TransferEvidenceError('image-too-large', `Image ${(0,external_node_path_.basename)(file)} is ${width} × ${height} pixels (${millions(width * height)}); at most ${millions(limit)} are read. ` +
        'Scale it down or cut it into tiles.');
}
function reason(error) {
    return (error instanceof Error ? error.message : String(error)).trim().split('\n')[0];
}

;// CONCATENATED MODULE: ./src/image/triangle.ts
/** Fixed-point fraction bits: 255 · 2^22 still fits a signed 32-bit sum. */
const fractionBits = 22;
/**
 * Scales to width × height with a triangle filter as wide as the reduction, so that shrinking averages (no aliasing) and
 * enlarging interpolates linearly between pixel centres. This is the "antialiased bilinear" of Pillow's BILINEAR,
 * torchvision and most training pipelines, to the bit: horizontal pass first, 22-bit weights, 8-bit rows between the
 * passes. libvips' own resize differs from it by up to 5/255 on average when it enlarges.
 */
function triangleResize(image, width, height) {
    const narrowed = width === image.width ? image : { ...image, width, data: alongRows(image, width) };
    return height === narrowed.height ? narrowed : { ...narrowed, height, data: alongColumns(narrowed, height) };
}
function tapsFor(inputSize, outputSize) {
    const scale = inputSize / outputSize;
    const support = Math.max(1, scale);
    const stride = Math.ceil(support) * 2 + 1;
    const first = new Int32Array(outputSize);
    const count = new Int32Array(outputSize);
    const weights = new Int32Array(outputSize * stride);
    for (let out = 0; out < outputSize; out++) {
        const centre = (out + 0.5) * scale;
        const from = Math.max(0, Math.trunc(centre - support + 0.5));
        const to = Math.min(inputSize, Math.trunc(centre + support + 0.5));
        const exact = [];
        let total = 0;
        for (let at = from; at < to; at++) {
            const weight = Math.max(0, 1 - Math.abs((at - centre + 0.5) / support));
            exact.push(weight);
            total += weight;
        }
        first[out] = from;
        count[out] = exact.length;
        exact.forEach((weight, i) => {
            weights[out * stride + i] = Math.trunc(0.5 + (weight / total) * 2 ** fractionBits);
        });
    }
    return { first, count, weights, stride };
}
const half = 1 << (fractionBits - 1);
function alongRows(image, width) {
    const { data, height } = image;
    const { first, count, weights, stride } = tapsFor(image.width, width);
    const out = new Uint8Array(width * height * 3);
    for (let y = 0, to = 0; y < height; y++) {
        const row = y * image.width * 3;
        for (let x = 0; x < width; x++, to += 3) {
            let red = half;
            let green = half;
            let blue = half;
            const end = x * stride + count[x];
            for (let tap = x * stride, from = row + first[x] * 3; tap < end; tap++, from += 3) {
                const weight = weights[tap];
                red += data[from] * weight;
                green += data[from + 1] * weight;
                blue += data[from + 2] * weight;
            }
            out[to] = red >> fractionBits;
            out[to + 1] = green >> fractionBits;
            out[to + 2] = blue >> fractionBits;
        }
    }
    return out;
}
function alongColumns(image, height) {
    const { data } = image;
    const rowLength = image.width * 3;
    const { first, count, weights, stride } = tapsFor(image.height, height);
    const out = new Uint8Array(rowLength * height);
    const sums = new Int32Array(rowLength);
    for (let y = 0; y < height; y++) {
        sums.fill(half);
        for (let tap = 0; tap < count[y]; tap++) {
            const weight = weights[y * stride + tap];
            const from = (first[y] + tap) * rowLength;
            for (let i = 0; i < rowLength; i++)
                sums[i] = sums[i] + data[from + i] * weight;
        }
        const to = y * rowLength;
        for (let i = 0; i < rowLength; i++)
            out[to + i] = sums[i] >> fractionBits;
    }
    return out;
}

;// CONCATENATED MODULE: ./src/image/preprocess.ts


/**
 * Brings an image to a network's input size with antialiased bilinear filtering (see {@link triangleResize}).
 *
 * - `squash`: both sides to size, the aspect is lost;
 * - `crop`: the short side to size (the long one rounded down), then the centre is cut out, as torchvision's Resize and CenterCrop;
 * - `pad`: the long side to size, then centred on black, as Pillow's ImageOps.pad.
 *
 * @throws shape-mismatch when the size is not whole and positive, or the data is not width × height × 3
 */
function preprocess_resize(image, options) {
    const { height, width, mode } = options;
    if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1)
        throw new errors_TransferEvidenceError('shape-mismatch', `An image cannot be resized to ${width} × ${height} pixels.`);
    checkPixels(image);
    switch (mode) {
        case 'squash':
            return triangleResize(image, width, height);
        case 'crop':
            return centreCrop(image, width, height);
        case 'pad':
            return preprocess_pad(image, width, height);
    }
}
function centreCrop(image, width, height) {
    const byHeight = width * image.height < height * image.width;
    const scaled = byHeight
        ? triangleResize(image, Math.max(width, Math.trunc((height * image.width) / image.height)), height)
        : triangleResize(image, width, Math.max(height, Math.trunc((width * image.height) / image.width)));
    const left = halfToEven((scaled.width - width) / 2);
    const top = halfToEven((scaled.height - height) / 2);
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++) {
        const from = ((y + top) * scaled.width + left) * 3;
        data.set(scaled.data.subarray(from, from + width * 3), y * width * 3);
    }
    return { data, width, height };
}
function preprocess_pad(image, width, height) {
    const byHeight = width * image.height > height * image.width;
    const scaled = byHeight
        ? triangleResize(image, Math.max(1, halfToEven((image.width / image.height) * height)), height)
        : triangleResize(image, width, Math.max(1, halfToEven((image.height / image.width) * width)));
    const left = halfToEven((width - scaled.width) / 2);
    const top = halfToEven((height - scaled.height) / 2);
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < scaled.height; y++)
        data.set(scaled.data.subarray(y * scaled.width * 3, (y + 1) * scaled.width * 3), ((y + top) * width + left) * 3);
    return { data, width, height };
}
/** Python's round(): ties go to the even neighbour. The reference pipelines place their crops with it. */
function halfToEven(value) {
    const below = Math.floor(value);
    if (value - below !== 0.5)
        return Math.round(value);
    return below % 2 === 0 ? below : below + 1;
}
/**
 * Writes an image into a batch as channels × height × width: x = (low + pixel / 255 · (high − low) − mean) / std, with
 * `mean` and `std` in the order of the written channels. `grey` writes the luma of ITU-R BT.601
 * (0.299 R + 0.587 G + 0.114 B) to all three channels.
 *
 * @param offset where in `out` the image's 3 · height · width numbers begin
 * @throws shape-mismatch when they do not fit
 */
function toTensor(image, preprocessing, out, offset) {
    checkPixels(image);
    const { data } = image;
    const plane = image.width * image.height;
    if (!(offset >= 0 && offset + 3 * plane <= out.length))
        throw new errors_TransferEvidenceError('shape-mismatch', `An image of ${image.width} × ${image.height} needs ${3 * plane} numbers from ${offset} on; the batch holds ${out.length}.`);
    const { channels, range, mean, std } = preprocessing;
    for (let c = 0; c < 3; c++) {
        const to = offset + c * plane;
        const value = (pixel) => (range[0] + (pixel / 255) * (range[1] - range[0]) - mean[c]) / std[c];
        if (channels === 'grey') {
            for (let i = 0; i < plane; i++)
                out[to + i] = value(0.299 * data[3 * i] + 0.587 * data[3 * i + 1] + 0.114 * data[3 * i + 2]);
            continue;
        }
        const table = Float32Array.from({ length: 256 }, (_, pixel) => value(pixel));
        const source = channels === 'rgb' ? c : 2 - c;
        for (let i = 0; i < plane; i++)
            out[to + i] = table[data[3 * i + source]];
    }
}
function checkPixels({ data, width, height }) {
    if (width < 1 || height < 1 || data.length !== width * height * 3)
        throw new errors_TransferEvidenceError('shape-mismatch', `An image of ${width} × ${height} pixels needs ${width * height * 3} samples; ${data.length} were given.`);
}

;// CONCATENATED MODULE: ./src/encoder/network-pixels.ts




/**
 * A resized image as the network's input.
 * @param planes memory for three planes; what is returned may lie in it
 */
function networkInput(image, { channels, layout, preprocessing }, planes) {
    const plane = image.height * image.width;
    toTensor(image, preprocessing, planes, 0);
    // Grey fills three equal planes; one is enough for a network that takes one.
    if (channels === 1)
        return planes.slice(0, plane);
    if (layout === 'NCHW')
        return planes;
    const interleaved = new Float32Array(3 * plane);
    for (let c = 0; c < 3; c++)
        for (let i = 0; i < plane; i++)
            interleaved[3 * i + c] = planes[c * plane + i];
    return interleaved;
}
/** Files that are decoded at once: decoding happens on threads of its own. */
const atOnce = 8;
/**
 * Images as one network takes them, one after the other, in memory that threads can share.
 * @throws dataset-unreadable when an image that was read before cannot be read now
 */
async function readNetworkImages(images, demand, sharp, options = {}) {
    const { height, width } = demand;
    const length = inputLength(demand);
    const all = new Float32Array(new SharedArrayBuffer(4 * length * images.length));
    const planes = new Float32Array(3 * height * width);
    let next = 0;
    let done = 0;
    const readOn = async () => {
        for (let index = next++; index < images.length; index = next++) {
            options.signal?.throwIfAborted();
            const decoded = await readOne(sharp, images[index]);
            const scaled = preprocess_resize(decoded, { height, width, mode: demand.preprocessing.resize });
            all.set(networkInput(scaled, demand, planes), index * length);
            options.onProgress?.(++done, images.length);
        }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, images.length) }, readOn));
    return all;
}
async function readOne(sharp, { file, id }) {
    try {
        return await decode(sharp, file);
    }
    catch (cause) {
        throw new errors_TransferEvidenceError('dataset-unreadable', `The image ${id} could be read a moment ago and cannot now: ${cause.message} Keep the images as they are during a run.`, { cause });
    }
}

;// CONCATENATED MODULE: ./src/probe/finetune/order.ts


/** The mild changes that are common to natural and medical images. */
const defaultAugmentation = { flip: true, shift: 1 / 8, brightness: 0.2 };
/**
 * The batches of one seed. They depend on nothing that a candidate brings, so that all candidates see the same images,
 * changed alike, in the same order. Each pass over the train images is shuffled anew, and a batch that a pass does not
 * fill goes on with the next, so that all batches are full; fewer steps are a prefix of more.
 * @param batch images a step
 * @throws measure-refused when there is nothing to train on, or a number is out of its range
 */
function batchesOf({ train, batch, steps, seed, seedIndex, augmentation = defaultAugmentation, }) {
    check({ train, batch, steps, augmentation });
    const order = seededRandom(seed, 'fine-tune order', seedIndex);
    const change = changes(augmentation, seed, seedIndex);
    let pass = [];
    const next = () => {
        if (pass.length === 0)
            pass = order.shuffled(train);
        return pass.pop();
    };
    return Array.from({ length: steps }, () => ({
        images: Array.from({ length: batch }, next),
        changes: Array.from({ length: batch }, change),
    }));
}
function changes({ flip, shift, brightness }, seed, seedIndex) {
    const random = seededRandom(seed, 'fine-tune augmentation', seedIndex);
    const within = (largest) => {
        const drawn = 2 * random.next() - 1;
        return largest === 0 ? 0 : largest * drawn;
    };
    return () => {
        const flipped = random.next() < 0.5;
        return { flip: flip && flipped, down: within(shift), right: within(shift), brightness: 1 + within(brightness) };
    };
}
function check({ train, batch, steps, augmentation: { shift, brightness }, }) {
    const refuse = (expected) => {
        throw new errors_TransferEvidenceError('measure-refused', `Fine-tuning needs ${expected}.`);
    };
    if (train.length === 0)
        refuse('train images; none were given');
    if (!(Number.isInteger(batch) && batch >= 1))
        refuse(`a whole number of images a step; ${batch} was given`);
    if (!(Number.isInteger(steps) && steps >= 0))
        refuse(`a whole number of steps; ${steps} was given`);
    if (!(shift >= 0 && shift < 1))
        refuse(`a largest shift in [0, 1) of the side; ${shift} was given`);
    if (!(brightness >= 0 && brightness < 1))
        refuse(`a change of brightness in [0, 1); ${brightness} was given`);
}

;// CONCATENATED MODULE: ./src/probe/finetune/schedule.ts

/**
 * The learning rate of each step: in `warmUp` equal stairs up to `peak`, then down half a cosine that would reach 0 one
 * step after the last, ½ · peak · (1 + cos(π · t ÷ T)) with t and T counted from the end of the warm-up. Loshchilov & Hutter
 * 2017, “SGDR”, equation 5, with one period and no restart.
 * @param steps training steps
 * @param warmUp steps of the warm-up, fewer than `steps`; 0 for none
 * @throws measure-refused when the peak is not positive or the warm-up leaves no step
 */
function learningRates({ peak, steps, warmUp }) {
    if (!(peak > 0 && peak < Infinity))
        throw new errors_TransferEvidenceError('measure-refused', `A learning rate must be positive; ${peak} was given.`);
    if (!(Number.isInteger(steps) && Number.isInteger(warmUp) && warmUp >= 0 && warmUp < steps))
        throw new errors_TransferEvidenceError('measure-refused', `A warm-up must be a whole number of steps that leaves at least one step; ${warmUp} of ${steps} were given.`);
    return Float64Array.from({ length: steps }, (_, step) => step < warmUp
        ? (peak * (step + 1)) / warmUp
        : (peak * (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp)))) / 2);
}

;// CONCATENATED MODULE: ./src/training/shape.ts


/** The shape of a result whose operands are broadcast against each other (ONNX, “multidirectional broadcasting”). */
function broadcastShape(a, b) {
    const rank = Math.max(a.length, b.length);
    return Array.from({ length: rank }, (_, i) => {
        const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
        if (x !== y && x !== 1 && y !== 1)
            throw new errors_TransferEvidenceError('shape-mismatch', `[${a.join()}] and [${b.join()}] cannot be broadcast.`);
        return x === 1 ? y : x;
    });
}
/** One number, broadcast to anything. */
function isScalarLike(shape) {
    return model_elements(shape) === 1;
}
/** An axis counted from the end when negative. */
function axisOf(axis, rank) {
    return axis < 0 ? axis + rank : axis;
}
/** 0, 1, …, length − 1. */
function shape_range(length) {
    return Array.from({ length }, (_, i) => i);
}

;// CONCATENATED MODULE: ./src/training/augmentation.ts

/** The shape of one image as the network takes it. */
function augmentation_dimsOf({ layout, channels, height, width }) {
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

;// CONCATENATED MODULE: ./src/onnx/upgrade/activation.ts

/**
 * Gelu (20), x Φ(x) of Hendrycks & Gimpel 2016, exact or by their tanh approximation, in the order of operations that runtimes recognise
 * and fuse.
 */
const activation_gelu = (node, to) => {
    const x = node.inputs[0] ?? '';
    const nodes = [];
    const add = (op, ...inputs) => {
        const made = to.node(node, op, inputs);
        nodes.push(made);
        return made.outputs[0];
    };
    const one = to.scalar(node, 'one', 1);
    const half = to.scalar(node, 'half', 0.5);
    if (stringAttribute(node, 'approximate', 'none') !== 'tanh') {
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
    const axes = intsAttribute(node, 'axes') ?? [];
    const attributes = without(node.attributes, 'axes');
    const data = node.inputs[0] ?? '';
    // No axes mean all of them in either form: `noop_with_empty_axes` is 0 unless said.
    return [changed(node, axes.length === 0 ? [data] : [data, to.integers(node, 'axes', axes)], attributes)];
};
/** Clip since 11: the bounds are inputs. */
const clip = (node, to) => {
    const bounds = ['min', 'max'].map((name) => {
        const value = floatAttribute(node, name);
        return value === undefined ? '' : to.scalar(node, name, value);
    });
    if (!('min' in node.attributes || 'max' in node.attributes))
        return [node];
    return [changed(node, [node.inputs[0] ?? '', ...bounds], without(node.attributes, 'min', 'max'))];
};
/** Slice since 10: starts, ends and axes are inputs. */
const slice = (node, to) => {
    const starts = intsAttribute(node, 'starts');
    const ends = intsAttribute(node, 'ends');
    if (starts === undefined || ends === undefined)
        return [node];
    const axes = intsAttribute(node, 'axes');
    const inputs = [node.inputs[0] ?? '', to.integers(node, 'starts', starts), to.integers(node, 'ends', ends)];
    if (axes)
        inputs.push(to.integers(node, 'axes', axes));
    return [changed(node, inputs, without(node.attributes, 'starts', 'ends', 'axes'))];
};
/** TopK since 10: k is an input. */
const topK = (node, to) => {
    if (!('k' in node.attributes))
        return [node];
    const k = to.integers(node, 'k', [constants_intAttribute(node, 'k', 1)]);
    return [changed(node, [node.inputs[0] ?? '', k], without(node.attributes, 'k'))];
};
/** Split's sizes: an attribute before 13, then an input; where neither is given (and since 18 `num_outputs` may be) they are written out. */
const split = (node, to) => {
    if (to.opset >= 13 && (node.inputs[1] ?? '') !== '')
        return [node];
    const shape = to.shape(node);
    const size = shape.at(constants_intAttribute(node, 'axis', 0)) ?? to.refuse(node, 'its axis does not exist');
    const count = node.outputs.length;
    const chunk = Math.ceil(size / count);
    const sizes = intsAttribute(node, 'split') ?? node.outputs.map((_, i) => Math.max(0, Math.min(chunk, size - i * chunk)));
    const inputs = [node.inputs[0] ?? '', to.integers(node, 'split', sizes)];
    return [changed(node, inputs, without(node.attributes, 'split', 'num_outputs'))];
};
/** Pad since 11: pads and the value are inputs. 19 brought mode `wrap`, which is written as slices put side by side. */
const attributes_to_inputs_pad = (node, to) => {
    if (to.opset >= 11)
        return stringAttribute(node, 'mode', 'constant') === 'wrap' ? wrap(node, to) : [node];
    const pads = intsAttribute(node, 'pads') ?? to.refuse(node, 'it does not say how much to pad');
    const inputs = [node.inputs[0] ?? '', to.integers(node, 'pads', pads)];
    const value = floatAttribute(node, 'value');
    if (value !== undefined)
        inputs.push(to.scalar(node, 'value', value));
    return [changed(node, inputs, without(node.attributes, 'pads', 'value'))];
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

;// CONCATENATED MODULE: ./src/onnx/upgrade/normalization.ts


const forInference = 'Export the network for inference (in PyTorch: after model.eval()).';
/** BatchNormalization as inference: before 14 further outputs, since then an attribute, ask for training. */
const batchNormalization = (node, to) => {
    const further = node.outputs.slice(1).some((output) => output !== '');
    if (constants_intAttribute(node, 'training_mode', 0) === 1 || further)
        to.refuse(node, 'it normalises each batch by its own statistics, as in training', forInference);
    if (constants_intAttribute(node, 'spatial', 1) === 0)
        to.refuse(node, 'it keeps statistics for every pixel (spatial = 0)', 'Export it with statistics per channel.');
    if (node.outputs.length === 1 && !('spatial' in node.attributes))
        return [node];
    return [{ ...node, outputs: node.outputs.slice(0, 1), attributes: without(node.attributes, 'spatial') }];
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
    const groups = constants_intAttribute(node, 'num_groups', 1);
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
    const epsilon = to.scalar(node, 'epsilon', floatAttribute(node, 'epsilon') ?? 1e-5);
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
    const mode = stringAttribute(node, 'mode', 'nearest');
    const [x = '', scales = ''] = node.inputs;
    const attributes = {
        mode: resize_text(mode),
        coordinate_transformation_mode: resize_text('asymmetric'),
        nearest_mode: resize_text('floor'),
    };
    const factors = to.floats(node, 1) ?? to.refuse(node, 'its scales are no constant');
    if (mode !== 'nearest' || factors.every((factor) => factor >= 1))
        return [changed(node, [x, '', scales], attributes, 'Resize')];
    const shrinking = { ...attributes, nearest_mode: resize_text('ceil') };
    if (factors.every((factor) => factor <= 1))
        return [changed(node, [x, '', scales], shrinking, 'Resize')];
    // Axes do not depend on each other: first those that shrink, then those that grow.
    const shrunk = to.node(node, 'Resize', [x, '', scalesOf(node, to, factors, Math.min)], shrinking);
    const grown = [shrunk.outputs[0], '', scalesOf(node, to, factors, Math.max)];
    return [shrunk, changed(node, grown, attributes, 'Resize')];
};
function scalesOf(node, to, factors, pick) {
    return to.floatVector(node, 'scales', factors.map((factor) => pick(factor, 1)));
}
/** 19 brought half_pixel_symmetric, which is half_pixel wherever the sizes come out whole before rounding. */
const resize19 = (node, to) => {
    if (stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel') !== 'half_pixel_symmetric')
        return [node];
    if (!comesOutWhole(node, to))
        to.refuse(node, 'it resizes with half_pixel_symmetric to sizes that are rounded', 'Export it with half_pixel.');
    return [{ ...node, attributes: { ...node.attributes, coordinate_transformation_mode: resize_text('half_pixel') } }];
};
function comesOutWhole(node, to) {
    if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
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
const softmax = (node, to) => {
    if (to.opset >= 13)
        return [node];
    const shape = to.shape(node);
    const given = constants_intAttribute(node, 'axis', 1);
    const axis = given < 0 ? given + shape.length : given;
    if (axis < shape.length && shape.slice(axis + 1).every((size) => size === 1))
        return 'axis' in node.attributes ? [node] : [{ ...node, attributes: { axis: { kind: 'int', value: axis } } }];
    const inner = model_elements(shape.slice(axis));
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
function upgrade_upgraded(graph, opset, facts) {
    if (!(opset >= oldest && opset <= newest))
        throw new TransferEvidenceError('model-unsupported', `This network cannot be trained: it is written in opset ${opset}, and ${oldest} to ${newest} are understood. Export it at opset ${canonicalOpset}.`);
    return rewritten(graph, opset, facts, namesIn(graph));
}
function rewritten(graph, opset, facts, taken) {
    const to = new Rewriting(graph, opset, facts, taken);
    let same = true;
    const nodes = graph.nodes.flatMap((node) => {
        if (node.domain !== '')
            return [node];
        const whole = withInnerGraphs(node, (inner) => rewritten(inner, opset, facts, taken));
        const result = upgrade_rules.get(node.op)?.(whole, to) ?? [whole];
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
    const target = constants_intAttribute(node, 'to', 1);
    if (target >= 17 && target <= 20)
        to.refuse(node, 'it casts to float8', 'Export the network in float32.');
    return 'saturate' in node.attributes ? [{ ...node, attributes: without(node.attributes, 'saturate') }] : [node];
};
/** AveragePool since 19 can leave gaps in its window. */
const averagePool = (node, to) => {
    const dilations = intsAttribute(node, 'dilations');
    if (dilations === undefined)
        return [node];
    if (dilations.some((gap) => gap !== 1))
        to.refuse(node, `it averages with dilations [${dilations.join(', ')}]`);
    return [{ ...node, attributes: without(node.attributes, 'dilations') }];
};
/** GridSample's modes were renamed in 20, when it learnt volumes. */
const gridSample = (node, to) => {
    if (to.opset < 20)
        return [node];
    if (to.shape(node).length !== 4)
        to.refuse(node, 'it samples a volume');
    const older = { linear: 'bilinear', cubic: 'bicubic' };
    const mode = older[stringAttribute(node, 'mode', '')];
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
const unknownThen = (node, to) => to.refuse(node, `opset ${rewriting_canonicalOpset} has no such operator`);
/** By operator; those not named mean the same in opsets 9 to 22. */
const upgrade_rules = new Map(Object.entries({
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
    Split: split,
    Clip: clip,
    Pad: attributes_to_inputs_pad,
    Slice: slice,
    TopK: topK,
    Softmax: softmax,
    LogSoftmax: softmax,
    Hardmax: softmax,
    Dropout: dropout,
    BatchNormalization: batchNormalization,
    GroupNormalization: groupNormalization,
    Upsample: resize10,
    Resize: (node, to) => (to.opset <= 10 ? resize10(node, to) : resize19(node, to)),
    Gelu: activation_gelu,
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

;// CONCATENATED MODULE: ./src/training/trace.ts




/**
 * Type, shape and, where it is the same for every image, value of every tensor of a graph. Nothing is inferred: the runtime
 * computes the graph once on an empty image, so that whatever it can run has facts, arithmetic on shapes included.
 * @param inputs the shape of each graph input
 * @param trained initialisers and outputs of Constant nodes whose values will change
 * @throws model-unsupported when the runtime cannot compute the graph
 */
async function trace_traceFacts(model, { inputs, trained, runtime, }) {
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
    const builder = new GraphBuilder({
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
    const session = await attempt(() => runtime.InferenceSession.create(writeModel({ ...model, graph: builder.graph() }), {
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
        return readBy(node).every((name) => name === '' || fixed.has(name) || initializers.has(name));
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
        throw new TransferEvidenceError('model-unsupported', `The network cannot be run: ${String(error.message).split('\n')[0]}`, { cause: error });
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
    const origins = originsOf(model.graph);
    const weights = new Map([...trained].map((name) => [name, { ...origins.constant(name), name }]));
    const opset = model.opsets.find(({ domain }) => domain === '')?.version ?? 0;
    const traced = await traceFacts(model, { inputs, trained, runtime });
    const graph = upgraded(withoutHeldConstants(model.graph, weights), opset, traced);
    const opsets = model.opsets.map((own) => (own.domain === '' ? { domain: '', version: canonicalOpset } : own));
    // The runtime refuses newer operators in files that claim an older format.
    const canonical = { ...model, irVersion: Math.max(model.irVersion, 8), opsets, graph };
    const facts = await traceFacts(canonical, { inputs, trained, runtime });
    return { graph: pruned(graph, graph.outputs), facts, weights };
}
/** What fine-tuning changes: kernels, biases, scales, slopes, tokens and positions. */
function trainableWeights(model) {
    const fixed = new Set(['running mean', 'running variance']);
    return new Set([...trainableOf(model)].filter(([, { kind }]) => !fixed.has(kind)).map(([name]) => name));
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

;// CONCATENATED MODULE: ./src/evidence/training-protocol.ts

/** Raised whenever the same networks and images would be trained to another result. */
const trainingVersion = 1;
/** Fewer steps than this train a head of zeros to nothing worth comparing. */
const leastSteps = 60;
/** Seeds below which an interval says nothing. */
const leastSeeds = 3;
/** Share of a run's steps in which the learning rate rises. */
const warmUpShare = 0.1;
function warmUpOf(steps) {
    return Math.round(warmUpShare * steps);
}
/** The settings that no candidate sees differently: momentum, decay and clipping as fine-tuning recipes commonly have them. */
function optimiserOf({ optimiser }) {
    return optimiser === 'sgd'
        ? { kind: 'sgd', momentum: 0.9, nesterov: true, decay: 1e-4, clip: 5 }
        : { kind: 'adamw', decay: 0.01, clip: 5 };
}
function augmentationOf({ augment }) {
    return {
        flip: augment.flip,
        shift: augment.crop ? defaultAugmentation.shift : 0,
        brightness: augment.brightness ? defaultAugmentation.brightness : 0,
    };
}
/** In words, for the report. */
function augmentationWords({ flip, shift, brightness }) {
    const parts = [...(flip ? ['flip'] : []), ...(shift > 0 ? ['crop'] : []), ...(brightness > 0 ? ['brightness'] : [])];
    return parts.join(', ') || 'none';
}
/** What tells pixel tensors apart: networks that want their image alike share one copy. */
function pixelKey({ channels, layout, height, width, preprocessing }) {
    return JSON.stringify([channels, layout, height, width, preprocessing]);
}

;// CONCATENATED MODULE: ./src/evidence/proxies.ts















/** The pretraining that every proxy gets, whatever its images: less than a minute on one core. */
const pretraining = {
    steps: 400,
    batch: 32,
    rate: 2e-3,
    optimiser: { kind: 'adamw', decay: 0.05, clip: 5 },
};
/** The proxy as the store has it, if this was ever pretrained before. */
async function keptProxy(request, task, store) {
    const start = builtInNetwork(request.network, task.seed);
    const kept = await store.readMatrix(proxies_keyOf(start, request, task));
    return kept && withWeights(start, request, Float32Array.from(kept.data));
}
/**
 * A built-in network, pretrained on a candidate's labelled images: what the images teach a small network in a short while, in place
 * of weights that nobody has. The same network, initial weights and number of steps for every candidate. Kept in the store.
 * @throws model-unsupported when pretraining breaks down
 */
async function pretrainedProxy(request, thread, task, means) {
    const start = builtInNetwork(request.network, task.seed);
    const weights = await pretrain(start, request, thread, task, means);
    const { of, total } = placesOf(readModel(start.model));
    const numbers = new Float32Array(total);
    for (const [name, [from]] of of)
        numbers.set(weights.get(name), from);
    await means.store.writeMatrix(proxies_keyOf(start, request, task), matrix(numbers, 1, total));
    return withWeights(start, request, numbers);
}
function proxies_keyOf(start, { candidate, images }, { fineTuning, seed, device, lowering }) {
    return digestOf({
        trainingVersion: trainingVersion,
        pretraining: { ...pretraining, steps: fineTuning.pretrainingSteps },
        augmentation: augmentationOf(fineTuning),
        network: start.digest,
        images: [candidate.sample.digest, images.length],
        seed,
        device,
        lowering,
    });
}
function withWeights(start, { candidate }, numbers) {
    const model = readModel(start.model);
    const { of } = placesOf(model);
    const trained = replaceConstants(model, (name) => {
        const place = of.get(name);
        return place && numbers.slice(...place);
    });
    return withDigest({ ...start, name: `the proxy of ${candidate.id}`, model: write_writeModel(trained) });
}
/** Where the numbers of each weight lie among those of all. */
function placesOf(model) {
    const lengths = new Map(model.graph.initializers.map(({ name, dims }) => [name, model_elements(dims)]));
    const of = new Map();
    let total = 0;
    for (const name of [...trainableWeights(model)].sort()) {
        const from = total;
        total += lengths.get(name);
        of.set(name, [from, total]);
    }
    return { of, total };
}
async function pretrain(start, { candidate, images, sharp }, thread, { fineTuning, seed, device, threads, lowering }, { signal, onProgress }) {
    const { dataset } = candidate.sample;
    const multilabel = images.some(({ labels }) => labels.length > 1);
    // Of several labels an image may have none; of one class each, an image without has nothing to teach.
    const used = multilabel ? images : images.filter(({ labels }) => labels.length === 1);
    const pixels = await readNetworkImages(used, start, sharp, { signal });
    const labels = used.map((image) => image.labels);
    const all = [...used.keys()];
    const augmentation = augmentationOf(fineTuning);
    const { batch, rate, optimiser } = pretraining;
    const steps = fineTuning.pretrainingSteps;
    const { trainer } = thread;
    await thread.open(`pretraining ${candidate.id}`, () => ({
        name: start.name,
        model: start.model,
        input: start.input,
        features: start.output,
        image: start,
        data: { images: pixels, labels },
        classes: dataset.classes.length,
        task: multilabel ? 'multilabel' : 'multiclass',
        trained: trainableWeights(readModel(start.model)),
        batch,
        optimiser,
        augmentation,
        offset: brightnessOffset(start.preprocessing, start.channels),
        device,
        threads,
        lowering,
    }));
    await trainer.reset(all);
    const { diverged } = await trainer.train({
        batches: batchesOf({ train: all, batch, steps, seed, seedIndex: 0, augmentation }),
        learningRates: learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) }),
    }, { signal, onChunk: onProgress });
    if (diverged !== null)
        throw new errors_TransferEvidenceError('model-unsupported', `Pretraining on the images of ${candidate.id} broke down at step ${diverged + 1}: the loss grew beyond all bounds. Check that its labels and images belong together.`);
    return trainer.weights();
}

;// CONCATENATED MODULE: ./src/evidence/plan.ts













/** Raised whenever a change here or in a measure makes older evidence incomparable. */
const planVersion = 3;
/**
 * Opens what the manifest names, without decoding an image or loading a network.
 * @returns the plan, or every problem that stood in its way at once
 */
async function planEvidence(loaded, options) {
    const { manifest } = loaded;
    const base = dataBase(loaded.directory);
    const problems = [];
    const attempt = async (path, work) => {
        options.signal?.throwIfAborted();
        try {
            return await work();
        }
        catch (error) {
            if (!(error instanceof errors_TransferEvidenceError))
                throw error;
            if (error.code === 'download-failed' || error.code === 'cancelled')
                throw error;
            problems.push({ level: 'error', code: error.code, path, location: loaded.locate(path), message: error.message });
            return null;
        }
    };
    const openSet = async (source, purpose, labelled) => {
        const task = labelled ? manifest.target.task?.type : undefined;
        const whole = await openDataset(source, {
            base,
            roots: options.roots,
            labelled,
            ...(task === undefined ? {} : { task }),
        });
        // A source chosen on test images spoils them.
        const dataset = { ...whole, images: whole.images.filter(({ split }) => split !== 'test') };
        if (dataset.images.length === 0)
            throw new errors_TransferEvidenceError('dataset-invalid', `All ${whole.images.length} images are marked test, and test images are never looked at: a source chosen on them would spoil them. Mark some as train or validation.`);
        const drawn = drawSample(dataset, { count: manifest.evidence.images, seed: options.seed, purpose });
        const contents = await readContents({ ...dataset, images: drawn }, { cacheDir: (0,external_node_path_.join)(options.cacheDir, 'fingerprints') });
        const sample = groupCopies(drawn, contents);
        const digest = fingerprint({ ...dataset, images: sample }, contents);
        return { dataset, sample, digest };
    };
    const network = async (choice, preprocessing) => {
        const located = await locateWeights(choice.ref, {
            base,
            roots: options.roots,
            cacheDir: (0,external_node_path_.join)(options.cacheDir, 'weights'),
            offline: options.offline,
            ...(choice.sha256 === undefined ? {} : { sha256: choice.sha256 }),
            ...(options.signal ? { signal: options.signal } : {}),
        });
        const { input, features } = choice;
        const digest = digestOf({
            weights: located.digest,
            input: input ?? null,
            features: features ?? null,
            preprocessing: preprocessing ?? null,
        });
        return { located, input, features, preprocessing, digest };
    };
    const target = await attempt('target.data', () => openSet(manifest.target.data, 'target', true));
    const metric = target &&
        (await attempt('target.task.metric', async () => metricFor(target.dataset, manifest.target.task?.metric)));
    const candidates = [];
    for (const [index, candidate] of manifest.candidates.entries()) {
        const path = `candidates[${index}]`;
        const { weights, sample, id } = candidate;
        const choice = typeof weights === 'string' ? { ref: weights } : weights;
        const ownNetwork = choice === undefined || choice.ref === 'none'
            ? null
            : await attempt(`${path}.weights`, () => network(choice, candidate.preprocessing));
        // The purpose is the same for all, so that one folder under two names gives the same images.
        const images = sample === undefined ? null : await attempt(`${path}.sample`, () => openSet(sample, 'source', false));
        candidates.push({ id, network: ownNetwork, sample: images, labelled: images !== null && isLabelled(images) });
    }
    const encoders = [];
    for (const [index, choice] of manifest.evidence.encoders.entries()) {
        const planned = await attempt(`evidence.encoders[${index}]`, () => planEncoder(choice, network));
        if (planned)
            encoders.push(planned);
    }
    if (target === null || problems.length > 0)
        return { problems };
    options.signal?.throwIfAborted();
    const task = target.dataset.task;
    const { seeds, configurations, budget, finetune } = manifest.evidence;
    const probes = probesOf(manifest);
    const budgetSeconds = secondsOf(budget);
    const fineTuning = probes.some(isTrainedProbe) ? planFineTuning(finetune, budgetSeconds) : null;
    const plan = {
        seed: options.seed,
        targetName: manifest.target.name,
        target,
        task,
        metric,
        candidates,
        encoders,
        seeds,
        configurations,
        probes,
        fineTuning,
        budgetSeconds,
    };
    const digest = digestOf({
        planVersion,
        program: version,
        seed: plan.seed,
        task,
        metric,
        seeds,
        configurations,
        probes,
        fineTuning,
        targetName: plan.targetName,
        target: target.digest,
        candidates: candidates.map((c) => [c.id, c.network?.digest ?? null, c.sample?.digest ?? null]),
        encoders: encoders.map((e) => [e.id, e.network?.digest ?? null]),
    });
    return { plan: { ...plan, digest } };
}
/** Two classes or more among the images drawn: in one there is nothing to tell apart, so nothing to learn from. */
function isLabelled({ sample }) {
    return new Set(sample.flatMap(({ labels }) => labels)).size > 1;
}
function planFineTuning({ budget, seeds, learning_rates, epochs, batch, optimiser, augment, proxy }, wholeBudget) {
    return {
        budgetSeconds: Math.min(secondsOf(budget), wholeBudget),
        seeds,
        learningRates: learning_rates,
        epochs,
        batch,
        optimiser,
        augment,
        proxy: proxy === 'off' ? null : proxy,
        pretrainingSteps: pretraining.steps,
    };
}
/** Whether a candidate's own images stand in for its weights: a built-in network is pretrained on them here. */
function isProxied({ task, fineTuning }, { network, labelled }) {
    return task !== 'unlabelled' && network === null && labelled && (fineTuning?.proxy ?? null) !== null;
}
async function planEncoder(choice, network) {
    return choice === 'scattering'
        ? { id: 'scattering', network: null }
        : { id: choice.id, network: await network(choice, choice.preprocessing) };
}
/** Paths are relative to the manifest, or to the repository when the manifest lies in its `.github` folder. */
function dataBase(directory) {
    const full = (0,external_node_path_.resolve)(directory);
    return (0,external_node_path_.basename)(full) === '.github' ? (0,external_node_path_.dirname)(full) : full;
}
/** @throws dataset-invalid when the labels are of another task than the metric is for */
function metricFor({ task, classes }, wanted) {
    if (task === 'unlabelled')
        return null;
    const fitting = metricsOf[task];
    if (wanted === undefined || fitting.includes(wanted))
        return wanted ?? fitting[0];
    throw new errors_TransferEvidenceError('dataset-invalid', `${wanted} does not fit the target's ${classes.length} classes, a ${task} task. Allowed: ${fitting.join(', ')}.`);
}
/** Seconds of a duration as in `15m`. */
function secondsOf(duration) {
    const factor = { s: 1, m: 60, h: 3600 }[duration.at(-1)] ?? Number.NaN;
    return Number(duration.slice(0, -1)) * factor;
}

;// CONCATENATED MODULE: ./src/evidence/findings.ts



/** Fewer groups, or images where there are no groups, than this say nothing about a population. */
const enoughGroups = 30;
/** A score that is less than this above another is not worth a choice: two points. */
const worthwhile = 0.02;
/** What the plan alone tells: what is missing, and what would mend it. */
function planFindings(plan) {
    const findings = [];
    for (const candidate of plan.candidates) {
        const { id, network, sample } = candidate;
        if (network === null)
            findings.push(withoutWeights(plan, candidate));
        if (sample === null)
            findings.push({
                code: 'no_sample',
                about: id,
                text: `${id} has no sample images, so its similarity cannot be measured. Give it a sample folder.`,
            });
    }
    const { dataset, sample } = plan.target;
    const groups = new Set(sample.map(({ group }) => group)).size;
    if (groups < enoughGroups)
        findings.push({
            code: 'few_groups',
            about: 'target',
            text: `The target has ${groups} ${dataset.grouped ? 'groups' : 'images'}; at least ${enoughGroups} are needed before a verdict means anything.`,
        });
    if (plan.task === 'unlabelled')
        findings.push({
            code: 'unlabelled_target',
            about: 'target',
            text: 'The target has no labels, so no probe can be trained.',
        });
    return findings;
}
function withoutWeights(plan, candidate) {
    const { id, sample, labelled } = candidate;
    if (isProxied(plan, candidate))
        return {
            code: 'proxy',
            about: id,
            text: `${id} has no weights; a proxy stands in for them, a small built-in network (${plan.fineTuning.proxy}) pretrained here on its ${sample.sample.length} images. It says something about these images, nothing about any published weights.`,
        };
    const proxies = plan.task !== 'unlabelled' && (plan.fineTuning?.proxy ?? null) !== null;
    const orLabels = proxies && sample !== null && !labelled
        ? ', or sort its sample into one sub-folder per class, so that a small network can be pretrained on it here'
        : '';
    return {
        code: 'no_weights',
        about: id,
        text: `${id} has no weights, so nothing can be said about its performance. Give it a weights file (ONNX)${orLabels}.`,
    };
}
/** What the probes' own results tell about how far to trust them. */
function probeFindings(evidence, candidates) {
    const findings = [];
    const measure = 'probe.linear';
    const scores = candidates.map((id) => evidence.scores.get(id));
    if (scores.every((score) => atChance(score, evidence.chance)))
        findings.push({
            code: 'target_at_chance',
            about: 'target',
            measure,
            text: 'No candidate does better than chance on this target, so their order says nothing.',
        });
    else if (Math.max(...scores.map(({ value }) => value)) < evidence.scores.get(meanColourId).value + worthwhile)
        findings.push({
            code: 'solved_by_mean_colour',
            about: 'target',
            measure,
            text: 'The mean colour of each image alone does as well as the best candidate: a shortcut solves the task, so it does not tell sources apart.',
        });
    for (const id of candidates) {
        const result = evidence.results.get(id);
        if (collapsed(result))
            findings.push({
                code: 'collapsed',
                about: id,
                measure,
                text: `The probe on ${id} predicts one class almost always.`,
            });
        if (!result.converged)
            findings.push({
                code: 'not_converged',
                about: id,
                measure,
                text: `The probe on ${id} did not converge in every fold.`,
            });
    }
    return findings;
}
/** Measures that declined, once per measure and reason. */
function refusalFindings(measurements) {
    const seen = new Map();
    for (const { measure, encoder, refused } of measurements) {
        if (refused === undefined)
            continue;
        const key = `${measure} ${encoder ?? ''} ${refused}`;
        if (!seen.has(key))
            seen.set(key, { code: 'measure_refused', about: 'run', measure, text: refused });
    }
    return [...seen.values()];
}

// EXTERNAL MODULE: ./node_modules/@stdlib/stats-base-dists-t-quantile/lib/index.js
var lib = __webpack_require__(74455);
var lib_default = /*#__PURE__*/__webpack_require__.n(lib);
;// CONCATENATED MODULE: ./src/statistics/estimate.ts


/** The quantile of Student's t distribution: the x below which a share `probability` lies. */
function tQuantile(probability, degreesOfFreedom) {
    return lib_default()(probability, degreesOfFreedom);
}
/**
 * A value with its two-sided t interval, `value ± t(1 − (1 − level)/2, df) · standardError`.
 * A standard error of 0 gives an interval of no width.
 * @throws measure-refused when a number is not finite, the standard error is negative, df ≤ 0 or the level is outside (0, 1)
 */
function estimateFrom(from) {
    const { value, standardError, degreesOfFreedom, method, level = 0.95 } = from;
    if (!Number.isFinite(value) || !(standardError >= 0 && standardError < Infinity))
        estimate_refuse(`a finite value and a finite standard error ≥ 0; ${value} and ${standardError} were given`);
    if (!(degreesOfFreedom > 0))
        estimate_refuse(`degrees of freedom > 0; ${degreesOfFreedom} were given`);
    if (!(level > 0 && level < 1))
        estimate_refuse(`a level between 0 and 1; ${level} was given`);
    const halfWidth = standardError === 0 ? 0 : tQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
    return { value, standardError, degreesOfFreedom, low: value - halfWidth, high: value + halfWidth, level, method };
}
/** The same estimate with its interval at another level; corrected claims are judged on these. */
function atLevel(estimate, level) {
    return estimateFrom({ ...estimate, level });
}
function estimate_refuse(found) {
    throw new errors_TransferEvidenceError('measure-refused', `An interval needs ${found}.`);
}

;// CONCATENATED MODULE: ./src/statistics/draws.ts

/**
 * What holds of random draws in general, from the same quantity estimated on each of some: their mean. Its error has two
 * parts, that of each estimate and that of having drawn so few, SE² = mean(SEᵢ²) + s² ÷ draws with s the standard
 * deviation between draws; degrees of freedom by Welch (1947) and Satterthwaite (1946).
 * @param draws independent draws behind the estimates; default: as many as there are estimates
 */
function overDraws(estimates, draws = estimates.length) {
    const first = estimates[0];
    if (estimates.length === 1)
        return first;
    const mean = (of) => estimates.reduce((sum, estimate) => sum + of(estimate), 0) / estimates.length;
    const value = mean((estimate) => estimate.value);
    const within = mean(({ standardError }) => standardError ** 2);
    const between = estimates.reduce((sum, estimate) => sum + (estimate.value - value) ** 2, 0) / (estimates.length - 1) / draws;
    const variance = within + between;
    const spread = within ** 2 / first.degreesOfFreedom + between ** 2 / (draws - 1);
    return estimateFrom({
        value,
        standardError: Math.sqrt(variance),
        degreesOfFreedom: spread === 0 ? first.degreesOfFreedom : variance ** 2 / spread,
        method: `${first.method}, mean of ${draws} random draws`,
        level: first.level,
    });
}

;// CONCATENATED MODULE: ./src/evidence/scratch-draws.ts


/**
 * Random initialisations drawn of each architecture. One draw says little of random initialisation: between draws the
 * scores of small networks were seen to differ by several points.
 */
const scratchDraws = 3;
/** Name of one draw, as long as the draws are told apart. */
function drawName(control, draw) {
    return `${control} #${draw}`;
}
/** The same evidence with the draws of each control put together under the control's name. */
function withDrawsMerged(evidence, controls) {
    const drawsOf = new Map(controls.map((control) => [control, Array.from({ length: scratchDraws }, (_, draw) => drawName(control, draw))]));
    const controlOf = new Map([...drawsOf].flatMap(([control, draws]) => draws.map((draw) => [draw, control])));
    const named = (id) => controlOf.get(id) ?? id;
    const known = new Set([...evidence.known].filter((id) => !controlOf.has(id)));
    const results = new Map(evidence.results);
    const scores = new Map(evidence.scores);
    const keys = new Map(evidence.keys);
    for (const [control, draws] of drawsOf) {
        const all = draws.map((draw) => evidence.results.get(draw));
        results.set(control, { ...all[0], converged: all.every(({ converged }) => converged) });
        scores.set(control, overDraws(draws.map((draw) => evidence.scores.get(draw))));
        keys.set(control, digestOf(draws.map((draw) => evidence.keys.get(draw))));
        if (draws.every((draw) => evidence.known.has(draw)))
            known.add(control);
        for (const map of [results, scores, keys])
            for (const draw of draws)
                map.delete(draw);
    }
    const pairs = new Map();
    for (const comparison of evidence.comparisons) {
        const [subject, object] = [named(comparison.subject), named(comparison.object)];
        if (subject === object)
            continue;
        const key = `${subject}\u0000${object}`;
        pairs.set(key, [...(pairs.get(key) ?? []), { ...comparison, subject, object }]);
    }
    const comparisons = [...pairs.values()].map((of) => {
        const [first] = of;
        if (of.length === 1)
            return first;
        const estimates = of.map(({ estimate }) => estimate).filter((estimate) => estimate !== null);
        return { ...first, estimate: overDraws(estimates, scratchDraws), key: digestOf(of.map(({ key }) => key)) };
    });
    return { ...evidence, results, scores, keys, known, comparisons };
}

;// CONCATENATED MODULE: ./src/evidence/networks.ts


async function readNetworks(plan, attempt) {
    const encoders = [];
    for (const [index, { id, network }] of plan.encoders.entries()) {
        const encoder = await attempt(`evidence.encoders[${index}]`, async () => network === null ? builtInEncoder() : loadEncoder(request(id, network)));
        if (encoder)
            encoders.push(encoder);
    }
    const own = new Map();
    const random = new Map();
    const known = new Map();
    for (const [index, { id, network }] of plan.candidates.entries()) {
        if (network === null)
            continue;
        const path = `candidates[${index}].weights`;
        const encoder = await attempt(path, () => loadEncoder(request(id, network)));
        const first = encoder && (await attempt(path, async () => randomTwin(encoder, drawSeed(plan.seed, 0))));
        if (encoder === null || first === null)
            continue;
        own.set(id, encoder);
        const draws = known.get(first.digest) ?? [first];
        known.set(first.digest, draws);
        while (draws.length < scratchDraws)
            draws.push(randomTwin(encoder, drawSeed(plan.seed, draws.length)));
        random.set(id, draws);
    }
    return { encoders, own, random };
}
/** Far apart, so that neighbouring seeds share no draw. */
function drawSeed(seed, draw) {
    return seed + draw * 1_000_003;
}
function request(id, network) {
    const { located, input, features, preprocessing } = network;
    return { id, file: located.file, input, features, preprocessing };
}

;// CONCATENATED MODULE: ./src/training/layouts.ts
/** The runtime's own operators on blocked tensors. */
const blockedDomain = 'com.microsoft.nchwc';
/** The same tensor in another layout. */
function inLayout(ops, value, to) {
    if (value.layout === to)
        return value;
    if (value.layout === 'plain')
        return fromPlain(ops, value, to);
    const plain = toPlain(ops, value);
    return to === 'plain' ? plain : fromPlain(ops, plain, to);
}
/** [N, C, H, W] in any layout as a plain tensor [N, H, W, C]. */
function layouts_channelsLast(ops, value) {
    const [n, c, h, w] = value.shape;
    if (value.layout === 'blocked') {
        const made = { shape: [n, h, w, c], type: value.type };
        return ops.raw('ReorderOutput', [value], [made], { channels: c, channels_last: 1 }, blockedDomain)[0];
    }
    if (value.layout === 'channels-first')
        return ops.transpose({ ...value, shape: [c, n, h, w], layout: 'plain' }, [1, 2, 3, 0]);
    return ops.transpose(value, [0, 2, 3, 1]);
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
    return ops.raw('ReorderInput', [layouts_padded(ops, value)], [{ shape, type, layout: to }], {}, blockedDomain)[0];
}
function toPlain(ops, value) {
    const { shape, type, layout } = value;
    if (layout === 'channels-first') {
        const [n, c, h, w] = shape;
        return ops.transpose({ ...value, shape: [c, n, h, w], layout: 'plain' }, [1, 0, 2, 3]);
    }
    return ops.raw('ReorderOutput', [value], [{ shape, type }], { channels: shape[1] }, blockedDomain)[0];
}
function layouts_padded(ops, value) {
    const missing = -value.shape[1] % ops.block;
    return missing === 0 ? value : ops.pad(value, [0, 0, 0, 0], [0, ops.block + missing, 0, 0]);
}

;// CONCATENATED MODULE: ./src/training/convolution/shape.ts



function convolutionShape({ node, inputs }) {
    const [x, w] = [inputs[0].shape, inputs[1].shape];
    const { kernel, strides, dilations, padsBefore, padsAfter, output } = windowsOf(node, x, w.slice(2));
    return {
        images: x[0],
        channels: x[1],
        outputs: w[0],
        groups: intAttribute(node, 'group', 1),
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
        elements(kernel) === 1 &&
        [...strides].every((s) => s === 1) &&
        [...before, ...after].every((p) => p === 0));
}
function shape_hasUnitStride({ strides }) {
    return strides.every((stride) => stride === 1);
}
/** Each channel on its own. */
function isDepthwise({ groups, channels, outputs }) {
    return groups > 1 && groups === channels && outputs === channels;
}
/** Positions in one output map. */
function shape_positions({ output }) {
    return model_elements(output);
}
/** The convolution without strides that takes ∂L/∂Y to ∂L/∂X: inputs and outputs exchanged, pads such that X's positions come out. */
function shape_turnedBack(shape) {
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
    return run(ops, shape_turnedBack(shape), ops.as('blocked', dy), turned);
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
    const planes = images * (blocked_filled(ops, outputs) / block);
    const [height, width] = output;
    const [down, right] = strides;
    const lying = physical(ops, ops.as('blocked', dy), [planes * height * width, block]);
    const across = right === 1 ? lying : ops.concat([lying, ops.full([planes * height * width, block * (right - 1)], 0)], 1);
    const rows = physical(ops, across, [planes * height, apart[1] * block]);
    const whole = down === 1 ? rows : ops.concat([rows, ops.full([planes * height, apart[1] * block * (down - 1)], 0)], 1);
    const spread = {
        ...physical(ops, whole, [images, blocked_filled(ops, outputs), ...apart]),
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
    const all = blocked_filled(ops, channels);
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
    const all = blocked_filled(ops, channels);
    const [mean] = ops.raw('GlobalAveragePool', [dy], [{ shape: [images, channels, 1, 1], layout: 'blocked' }], {}, blockedDomain);
    const sum = ops.reduce('ReduceSum', physical(ops, mean, [images, all]), [0], false);
    return ops.slice(ops.scale(sum, height * width), 0, 0, channels);
}
/** The runtime's blocked convolution. `x` and `kernel` lie as it needs them. */
function run(ops, shape, x, kernel, bias) {
    const made = { shape: [shape.images, shape.outputs, ...shape.output], layout: 'blocked' };
    const attributes = convolutionAttributes(shape);
    const groups = isDepthwise(shape) ? blocked_filled(ops, shape.channels) : 1;
    return ops.raw('Conv', [x, kernel, bias], [made], { ...attributes, group: groups }, blockedDomain)[0];
}
/**
 * [O, C, h, w] → [O/B, C/B, h, w, B (in), B (out)]; turned: inputs and outputs exchanged and the kernel reversed. In two steps: the
 * channels that shall lie innermost are brought there as those of an image would be, and then whole rows of a block move. One
 * transpose takes the runtime four times as long, and it makes one of two.
 */
function denseKernel(ops, shape, w, { turned }) {
    const { channels, outputs, kernel } = shape;
    const block = ops.block;
    const [all, allOut] = [blocked_filled(ops, channels), blocked_filled(ops, outputs)];
    const taps = model_elements(kernel);
    const whole = filledUp(ops, w, [outputs, channels]);
    if (!turned) {
        const parted = innermost(ops, whole, [allOut / block, block, all * taps], [allOut / block, all / block, block, taps, block]);
        return ops.reshape(ops.transpose(parted, [0, 1, 3, 2, 4]), [allOut, all, ...kernel]);
    }
    const parted = innermost(ops, whole, [allOut, all, taps], [allOut / block, block, all / block, taps, block]);
    const ordered = ops.transpose(parted, [2, 0, 3, 1, 4]);
    const kept = taps > 1 ? ops.slice(ordered, 2, 0, taps, -1) : ordered;
    return ops.reshape(kept, [all, allOut, ...kernel]);
}
/** The middle one of three axes to blocks at the end, seen as `shape`. */
function innermost(ops, value, axes, shape) {
    if (axes[2] === 1)
        return ops.reshape(value, shape);
    const image = ops.reshape(value, [...axes, 1]);
    return physical(ops, ops.as('blocked', image), shape);
}
/** [C, 1, h, w] → [C/B, h, w, B] */
function depthwiseKernel(ops, shape, w, { turned } = { turned: false }) {
    const all = blocked_filled(ops, shape.channels);
    const taps = model_elements(shape.kernel);
    const parted = ops.reshape(filledUp(ops, w, [shape.channels]), [all / ops.block, ops.block, taps]);
    const ordered = ops.transpose(parted, [0, 2, 1]);
    return ops.reshape(turned ? ops.slice(ordered, 1, 0, taps, -1) : ordered, [all, 1, ...shape.kernel]);
}
/** [O, C, h, w] → [O/B, C, h, w, B], for an image that is read as it lies. */
function imageKernel(ops, { channels, outputs, kernel }, w) {
    const all = blocked_filled(ops, outputs);
    const parted = ops.reshape(filledUp(ops, w, [outputs]), [all / ops.block, ops.block, channels * model_elements(kernel)]);
    return ops.reshape(ops.transpose(parted, [0, 2, 1]), [all, channels, ...kernel]);
}
/** A multiple of the block. */
function blocked_filled(ops, channels) {
    return Math.ceil(channels / ops.block) * ops.block;
}
/** Zeros behind the leading axes, whose sizes are given, so that each is a multiple of the block. */
function filledUp(ops, value, leading) {
    const missing = value.shape.map((_, i) => (i < leading.length ? blocked_filled(ops, leading[i]) - leading[i] : 0));
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
    const spatial = shape_range(kernel.length);
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
    return ops.reduce('ReduceSum', dy, shape_range(dy.shape.length).filter((axis) => axis !== 1), false);
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
    const all = blocked_filled(ops, outputs);
    // The pads at the far side are such that exactly the kernel's positions come out. They are laid round the image itself: with pads of
    // the convolution's own every result would be one at a border, which the runtime computes one by one.
    const far = input.map((size, i) => strides[i] * (output[i] - 1) + dilations[i] * (kernel[i] - 1) + 1 - size - before[i]);
    const kept = far.reduce((value, pad, i) => (pad < 0 ? ops.slice(value, i + 2, 0, input[i] + pad) : value), ops.transpose(ops.plain(x), [1, 0, 2, 3]));
    const after = far.map((pad) => Math.max(0, pad));
    const data = ops.pad(kept, [0, 0, ...before], [0, 0, ...after]);
    const lying = physical(ops, ops.as('blocked', dy), [images / block, block, all / block, shape_positions(shape), block]);
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

;// CONCATENATED MODULE: ./src/training/convolution/taps.ts



/** Offsets of the kernel's positions, in the order in which it lies. */
function tapsOf({ kernel }) {
    return kernel.reduce((taps, size) => taps.flatMap((tap) => shape_range(size).map((offset) => [...tap, offset])), [[]]);
}
/**
 * [taps, pixels · positions], or turned [taps, positions · pixels]: 1 where a kernel position takes a pixel to a result, of a
 * convolution over two axes.
 */
function taps_tapMask(ops, shape, { turned } = { turned: false }) {
    const { input, kernel } = shape;
    const results = positions(shape);
    const pixels = elements(input);
    return ops.shared(`taps ${nameOf(shape)}${turned ? ' turned' : ''}`, () => {
        const numbers = new Float32Array(elements(kernel) * pixels * results);
        tapsOf(shape).forEach((tap, i) => {
            const start = i * pixels * results;
            for (const { pixel, position } of pairsOf(shape, tap))
                numbers[start + (turned ? position * pixels + pixel : pixel * results + position)] = 1;
        });
        return ops.constant(numbers, [elements(kernel), pixels * results], 'taps');
    });
}
/** The positions whose window holds a pixel, and no pad, at that kernel position. */
function pairsOf({ input, strides, dilations, before, output }, tap) {
    const [rows, columns] = [0, 1].map((axis) => shape_range(output[axis]).flatMap((position) => {
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

;// CONCATENATED MODULE: ./src/training/convolution/products.ts





/*
 * Dense convolutions over two axes as matrix products over columns: every window of the input as one column
 * [C · taps, N · positions], so that Y = W · columns, ∂L/∂W = ∂L/∂Y · columnsᵀ and ∂L/∂columns = Wᵀ · ∂L/∂Y (Chellapilla et al. 2006).
 * In the channels-first layout the kernel is read as it lies, [O, C · taps], in all three, and the columns are made once.
 */
/**
 * [N, C, …] → [C · taps, N · positions], by a constant 0/1 matrix for each kernel position: on small maps that is little
 * arithmetic, whereas cutting windows out of rows of a few numbers takes longer than the convolution.
 */
function columns(ops, shape, x) {
    const { images, channels, kernel } = shape;
    const taps = elements(kernel);
    if (taps === 1 && seesAll(shape))
        return products_flat(ops, x);
    const [pixels, results] = [elements(shape.input), positions(shape)];
    const maps = ops.reshape(products_flat(ops, x), [channels, 1, images, pixels]);
    const windows = ops.matmul(maps, ops.reshape(tapMask(ops, shape), [1, taps, pixels, results]));
    return ops.reshape(windows, [channels * taps, images * results]);
}
/** Every pixel once and in order, so that the columns of a kernel without extent are the pixels themselves. */
function seesAll({ strides, before, after }) {
    return strides.every((stride) => stride === 1) && [...before, ...after].every((pad) => pad === 0);
}
function convolveByColumns(ops, shape, x, w, bias) {
    const { outputs } = shape;
    const kernel = ops.reshape(w, [outputs, elements(w.shape) / outputs]);
    const product = ops.gemm(kernel, columns(ops, shape, x), bias ? { c: ops.reshape(bias, [outputs, 1]) } : {});
    return products_channelsFirst(ops, product, [shape.images, outputs, ...shape.output]);
}
function weightGradientByColumns(ops, shape, x, dy) {
    const { channels, outputs, kernel } = shape;
    const product = ops.gemm(products_flat(ops, dy), columns(ops, shape, x), { transB: true });
    return ops.reshape(product, [outputs, channels, ...kernel]);
}
/** ∂L/∂X: the columns' gradients, each added where its window lay. */
function inputGradientByColumns(ops, shape, dy, w) {
    const { images, channels, outputs, input, kernel } = shape;
    const taps = elements(kernel);
    const product = ops.gemm(ops.reshape(w, [outputs, channels * taps]), products_flat(ops, dy), { transA: true });
    if (taps === 1 && seesAll(shape))
        return products_channelsFirst(ops, product, [images, channels, ...input]);
    const [pixels, results] = [elements(input), positions(shape)];
    const windows = ops.reshape(product, [channels, taps, images, results]);
    const placed = ops.matmulTransposed(windows, ops.reshape(tapMask(ops, shape), [1, taps, pixels, results]));
    return products_channelsFirst(ops, ops.reduce('ReduceSum', placed, [1]), [images, channels, ...input]);
}
function biasGradientByColumns(ops, dy) {
    return ops.reduce('ReduceSum', products_flat(ops, dy), [1], false);
}
/** Positions from which on each image makes a product of its own, whose factors stay in the cache. */
const products_long = 200;
/**
 * ∂L/∂W one kernel position at a time: ∂L/∂Y · (the pixels that it saw), pixel by pixel with channels last. The columns would
 * hold each pixel as often as the kernel has positions, and leave the cache.
 */
function weightGradientByTaps(ops, shape, x, dy) {
    const { images, channels, outputs, kernel, input } = shape;
    const seen = ops.reshape(layouts_channelsLast(ops, x), [images * model_elements(input), channels]);
    const product = shape_positions(shape) < products_long ? productOfAll(ops, shape, seen, dy) : productsOfImages(ops, shape, seen, dy);
    const products = tapsOf(shape).map((tap) => ops.reshape(product(tap), [outputs, 1, channels]));
    return ops.reshape(ops.transpose(ops.concat(products, 1), [0, 2, 1]), [outputs, channels, ...kernel]);
}
/** [O, C] by one product over all images. Positions that saw a pad take no part, which on small maps saves up to half of it. */
function productOfAll(ops, shape, seen, dy) {
    const { images, channels, outputs, input } = shape;
    const errors = ops.reshape(layouts_channelsLast(ops, dy), [images * shape_positions(shape), outputs]);
    return (tap) => {
        const pairs = pairsOf(shape, tap);
        if (pairs.length === 0)
            return ops.full([outputs, channels], 0);
        const ofAll = (each, size) => shape_range(images).flatMap((image) => each.map((place) => image * size + place));
        const own = ofAll(pairs.map(({ position }) => position), shape_positions(shape));
        const pixels = ofAll(pairs.map(({ pixel }) => pixel), model_elements(input));
        const name = `${images} images ${nameOf(shape)} at ${tap.join()}`;
        const left = products_rows(ops, errors, own, `positions of ${name}`);
        return ops.gemm(left, products_rows(ops, seen, pixels, `pixels of ${name}`), { transA: true });
    };
}
/** [O, C] by a product an image, added up; what a position sees of a pad is a pixel of zeros. */
function productsOfImages(ops, shape, seen, dy) {
    const { images, channels, outputs, input } = shape;
    const results = shape_positions(shape);
    const none = seen.shape[0];
    const withPad = ops.concat([seen, ops.full([1, channels], 0)], 0);
    const errors = ops.reshape(ops.plain(dy), [images, outputs, results]);
    return (tap) => {
        const pairs = new Map(pairsOf(shape, tap).map(({ pixel, position }) => [position, pixel]));
        const pixels = shape_range(images).flatMap((image) => shape_range(results).map((position) => {
            const pixel = pairs.get(position);
            return pixel === undefined ? none : image * model_elements(input) + pixel;
        }));
        const name = `pixels of ${images} images ${nameOf(shape)} with pads at ${tap.join()}`;
        const cut = products_rows(ops, pairs.size === results ? seen : withPad, pixels, name);
        const products = ops.matmul(errors, ops.reshape(cut, [images, results, channels]));
        return ops.reduce('ReduceSum', products, [0], false);
    };
}
/** The rows of a matrix that a constant names. */
function products_rows(ops, matrix, indices, name) {
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
    return ops.reshape(turned, [outputs, images * elements(output)]);
}
/** [O, N · positions] → [N, O, …], channels first. */
function products_channelsFirst(ops, product, shape) {
    const [images, outputs, ...output] = shape;
    return { ...ops.reshape(product, [outputs, images, ...output]), shape, layout: 'channels-first' };
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
        if (model_elements(shape) <= 64)
            return this.constant(new Float32Array(model_elements(shape)).fill(value), shape);
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
        if (layout === 'channels-first' && a.shape.length <= 4 && b.shape.length <= 4)
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
        if (model_elements(x.shape) !== model_elements(shape))
            throw new errors_TransferEvidenceError('shape-mismatch', `[${x.shape.join()}] cannot be seen as [${shape.join()}].`);
        if (shape.length === x.shape.length && shape.every((size, i) => size === x.shape[i]))
            return x;
        return this.node('Reshape', [x, this.ints(shape)], { shape, type: x.type });
    }
    transpose(x, perm) {
        if (perm.every((axis, i) => axis === i))
            return x;
        const shape = perm.map((axis) => x.shape[axis]);
        // Moving only axes of size 1 moves nothing in memory.
        const moved = perm.filter((axis) => x.shape[axis] > 1);
        if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]))
            return this.reshape(x, shape);
        return this.node('Transpose', [x], { shape, type: x.type }, { perm: [...perm] });
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
    const g = new build_GraphBuilder('block');
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
    const g = new build_GraphBuilder('self-check');
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
    const random = seededRandom(0, 'blocked self-check');
    const model = write_writeModel(g.model(rewriting_canonicalOpset, [blockedDomain]));
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

;// CONCATENATED MODULE: ./src/training/optimisers.ts


const defaults = { betas: [0.9, 0.999], epsilon: 1e-8 };
/** @throws input-invalid naming the setting that is out of its range */
function optimisers_checkOptimiser(optimiser) {
    const refuse = (expected, found) => {
        throw new TransferEvidenceError('input-invalid', `An optimiser needs ${expected}; ${found} was given.`);
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
function optimisers_momentsOf(optimiser) {
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
 * @param scalars see scalarsOf, each of shape []
 * @returns a pack's new tensors each
 */
function emitUpdate(ops, optimiser, slots, { scalars, norm, upTo }) {
    const { clip } = optimiser;
    const bound = clip === undefined ? undefined : ops.scalar(clip);
    const factor = bound && ops.div(bound, ops.binary('Max', norm, bound));
    const update = (slot) => {
        const gradient = factor ? ops.mul(slot.gradient, factor) : slot.gradient;
        const { members } = slot.pack;
        const before = members.length === 1 ? upTo.get(members[0].name) : undefined;
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
    const data = new Float32Array(elements(shape));
    let offset = 0;
    members.forEach((own, i) => {
        const length = elements(own.shape);
        data.fill(numbers[i], offset, offset + length);
        offset += length;
    });
    return ops.constant(data, shape, 'per weight');
}

;// CONCATENATED MODULE: ./src/training/training-data.ts



/** @throws shape-mismatch when images, labels and what is said of them do not fit each other */
function training_data_checkData({ images, labels }, { image, classes, task }) {
    const refuse = (expected) => {
        throw new TransferEvidenceError('shape-mismatch', `Training needs ${expected}.`);
    };
    const length = elements(dimsOf(image));
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
        throw new TransferEvidenceError('shape-mismatch', `A step needs a whole number of images; ${batch} was given.`);
    if (offset.length !== image.channels)
        throw new TransferEvidenceError('shape-mismatch', `One brightness offset for each of ${image.channels} channels was expected; ${offset.length} were given.`);
}
/** @throws shape-mismatch for rates, batches and images that do not fit the trainer */
function checkRun({ batches, learningRates }, { batch, data }) {
    if (learningRates.length !== batches.length)
        throw new TransferEvidenceError('shape-mismatch', `One learning rate a step was expected; there are ${batches.length} steps and ${learningRates.length} rates.`);
    for (const { images, changes } of batches) {
        if (images.length !== batch || changes.length !== batch)
            throw new TransferEvidenceError('shape-mismatch', `Batches of ${batch} images were expected; one of ${images.length} with ${changes.length} changes was given.`);
        checkImages(images, data);
    }
}
/** @throws shape-mismatch for an index of no image */
function checkImages(images, { labels }) {
    const wrong = images.find((index) => !(Number.isInteger(index) && index >= 0 && index < labels.length));
    if (wrong !== undefined)
        throw new TransferEvidenceError('shape-mismatch', `There is no image ${wrong} among ${labels.length}.`);
}
/** What to throw when a signal has fired. */
function trainer_options_cancelled({ reason }) {
    if (reason instanceof errors_TransferEvidenceError)
        return reason;
    return new errors_TransferEvidenceError('cancelled', 'Training was stopped before it was done.');
}

;// CONCATENATED MODULE: ./src/training/train-thread.ts



/**
 * A thread with a trainer in it: the same calls, answered without holding the caller's thread. Calls are answered in
 * the order made. When the thread dies, every call that waits and every later one fails with device-unavailable.
 */
class TrainThread {
    #worker;
    #pending = new Map();
    #gone;
    #next = 0;
    #dead;
    /** @param natives the folder that holds the node_modules with onnxruntime-node (see loadNatives) */
    constructor(natives) {
        this.#worker = startWorker('train', { natives });
        this.#worker.on('message', (message) => this.#hear(message));
        this.#worker.on('error', (error) => this.#die(error));
        this.#gone = new Promise((resolve) => {
            this.#worker.on('exit', (code) => {
                this.#die(new Error(`exit code ${code}`));
                resolve();
            });
        });
    }
    /** Opens a network, instead of the one before; see Trainer.open. */
    async open(options) {
        return this.#ask('open', options);
    }
    /** See Trainer.reset. */
    async reset(standardiseBy, weights) {
        await this.#ask('reset', { standardiseBy, ...(weights && { weights }) });
    }
    /**
     * See Trainer.train. A signal ends it after the chunk under way, about a second; the trainer can be reset and used
     * again.
     * @throws when the signal fires its reason, where that is one of the program's errors, otherwise cancelled
     */
    async train(run, { onChunk, signal } = {}) {
        if (signal?.aborted)
            throw trainer_options_cancelled(signal);
        const id = this.#next;
        const cancel = () => this.#worker.postMessage({ kind: 'cancel', id });
        signal?.addEventListener('abort', cancel, { once: true });
        try {
            return await this.#ask('train', run, onChunk);
        }
        catch (error) {
            // The reason stays on this side.
            throw signal?.aborted && error instanceof errors_TransferEvidenceError && error.code === 'cancelled'
                ? trainer_options_cancelled(signal)
                : error;
        }
        finally {
            signal?.removeEventListener('abort', cancel);
        }
    }
    /** See Trainer.predict. */
    async predict(images) {
        return this.#ask('predict', images);
    }
    /** See Trainer.weights. */
    async weights() {
        return this.#ask('weights', null);
    }
    /** See Trainer.measure. */
    async measure(seconds) {
        return this.#ask('measure', seconds === undefined ? {} : { seconds });
    }
    /** Ends the thread after the chunk under way and waits until it has; calls that wait fail with cancelled. */
    async close() {
        if (!this.#dead) {
            this.#fail(new errors_TransferEvidenceError('cancelled', 'The thread that trains was closed.'));
            this.#worker.postMessage({ kind: 'stop' });
        }
        await this.#gone;
    }
    #ask(task, given, onChunk) {
        return new Promise((resolve, reject) => {
            if (this.#dead)
                return reject(this.#dead);
            const id = this.#next++;
            this.#pending.set(id, { resolve, reject, onChunk });
            this.#worker.postMessage({ kind: 'task', id, task, given });
        });
    }
    #hear(message) {
        const pending = this.#pending.get(message.id);
        if (message.kind === 'chunk') {
            try {
                pending?.onChunk?.(message.done, message.steps);
            }
            catch (error) {
                // Whoever listens and throws ends the training, and hears of it where the call was made.
                pending.reject(error);
                this.#pending.delete(message.id);
                this.#worker.postMessage({ kind: 'cancel', id: message.id });
            }
            return;
        }
        this.#pending.delete(message.id);
        if (message.kind === 'failed')
            pending?.reject(new errors_TransferEvidenceError(message.code, message.message));
        else
            pending?.resolve(message.answer);
    }
    #die(cause) {
        // The error comes before the exit and says more.
        if (this.#dead)
            return;
        this.#fail(new errors_TransferEvidenceError('device-unavailable', `The thread that trains ended by itself: ${cause.message.split('\n')[0]}. It may have run out of memory; train on fewer or smaller images, or a smaller network.`, { cause }));
    }
    #fail(error) {
        this.#dead = error;
        for (const { reject } of this.#pending.values())
            reject(error);
        this.#pending.clear();
    }
}

;// CONCATENATED MODULE: ./src/training/train-threads.ts

/** A thread that trains, and the network that lies open in it. */
class OpenThread {
    trainer;
    #open = null;
    /** @param natives the folder that holds the node_modules with onnxruntime-node (see loadNatives) */
    constructor(natives) {
        this.trainer = new TrainThread(natives);
    }
    /**
     * Opens a network, unless the one that lies open will do.
     * @param key the same for networks that become each other when their trained weights are set
     */
    async open(key, options) {
        if (this.#open === key)
            return;
        this.#open = null;
        await this.trainer.open(options());
        this.#open = key;
    }
}
/** Threads that train side by side, each started when there is work for it. */
class TrainThreads {
    #natives;
    #count;
    #started = [];
    constructor(natives, count) {
        this.#natives = natives;
        this.#count = count;
    }
    /** Jobs in their order, each on the first thread that is free. After a failure none is begun any more. */
    async each(jobs, work) {
        let next = 0;
        let failed = false;
        const goOn = async (thread) => {
            while (!failed && next < jobs.length)
                try {
                    await work(jobs[next++], thread);
                }
                catch (error) {
                    failed = true;
                    throw error;
                }
        };
        await Promise.all(this.#threads(jobs.length).map(goOn));
    }
    /** The same work on every thread at once. */
    all(work) {
        return Promise.all(this.#threads(this.#count).map(work));
    }
    #threads(wanted) {
        const count = Math.min(this.#count, wanted);
        while (this.#started.length < count)
            this.#started.push(new OpenThread(this.#natives));
        return this.#started.slice(0, count);
    }
    /** Ends all threads; what they are at fails with cancelled. */
    async close() {
        await Promise.all(this.#started.map(({ trainer }) => trainer.close()));
    }
}

;// CONCATENATED MODULE: ./src/evidence/recent.ts
/** The last few things that were made, by key: what is wanted again soon is not made again, and memory stays bounded. */
class Recent {
    #most;
    #kept = new Map();
    constructor(most) {
        this.#most = most;
    }
    get(key, make) {
        const made = this.#kept.get(key) ?? make();
        this.#kept.delete(key);
        this.#kept.set(key, made);
        const [oldest] = this.#kept.keys();
        if (this.#kept.size > this.#most)
            this.#kept.delete(oldest);
        return made;
    }
}

;// CONCATENATED MODULE: ./src/evidence/side-by-side.ts
/** Of the memory that is free: the rest is for everything else. */
const usableMemory = 0.6;
/** Bytes of a thread and its runtime before any network. */
const bytesPerThread = 2e8;
/**
 * What a step keeps of a batch, in sizes of the batch itself: a ResNet-50 gives 74 by its convolutions, as many by what
 * follows each, and gradients pass through on top.
 */
const keptPerInput = 250;
/** Copies of the weights in a step: the network's, before and after, momenta, gradients. */
const copiesOfWeights = 8;
/** How many runs are trained side by side on a processor, one core each: as many as there are cores, if the memory is there. */
function sideBySideOn(machine, networks, { images, batch }) {
    const bytes = [...networks].map(({ channels, height, width, parameters }) => {
        const image = 4 * channels * height * width;
        return image * (images + keptPerInput * batch) + 4 * copiesOfWeights * parameters;
    });
    const fitting = Math.floor((usableMemory * machine.freeBytes) / (bytesPerThread + Math.max(0, ...bytes)));
    return Math.max(1, Math.min(machine.cores, fitting));
}

;// CONCATENATED MODULE: ./src/training/strategies.ts






/**
 * How a network is trained on the target. `finetune`: all its weights and the head. `last_block`: the weights of its
 * last block and the head. `scratch`: as finetune, from random weights (the caller's, see randomTwin).
 */
const strategies = (/* unused pure expression or super */ null && (['finetune', 'last_block', 'scratch']));
/** Names of the weights that a strategy trains beside the head. */
function trainedBy(strategy, model, features) {
    const all = trainableWeights(strategies_reduced(model, features));
    return strategy === 'last_block' ? lastBlock(model, features).weights : all;
}
/** Share of a network's weights that its last block holds at least. */
const leastShare = 0.1;
/**
 * The last block: all weights after the last tensor through which the whole computation passes and after which at least
 * a tenth of the trainable numbers lie. What a shortcut leads around is passed by the shortcut, so no residual branch,
 * attention or dense block is ever cut in two.
 * @throws model-unsupported when nothing before the features is trainable
 */
function lastBlock(model, features) {
    const own = strategies_reduced(model, features);
    const trainable = trainableWeights(own);
    const { graph } = own;
    const origins = constants_originsOf(graph);
    const size = (name) => model_elements(origins.constant(name).dims);
    const total = [...trainable].reduce((sum, name) => sum + size(name), 0);
    if (total === 0)
        throw new errors_TransferEvidenceError('model-unsupported', `Nothing that can be trained leads to the features ${features}.`);
    const { firstRead, bottlenecks } = passage(graph, trainable);
    const readAt = (name) => firstRead.get(name) ?? -1;
    const fromEnd = [...trainable].sort((a, b) => readAt(b) - readAt(a));
    let held = 0;
    let next = 0;
    for (const { tensor, position } of bottlenecks.toReversed()) {
        for (; next < fromEnd.length && readAt(fromEnd[next]) > position; next++)
            held += size(fromEnd[next]);
        if (held / total < leastShare)
            continue;
        const weights = new Set([...trainable].filter((name) => readAt(name) > position));
        return { start: tensor, weights, share: held / total };
    }
    // Two images, or weights that meet no image: there is no tensor to start from.
    return { start: null, weights: trainable, share: 1 };
}
/**
 * Where all that depends on the image passes through one tensor, and where each weight is read first. A tensor is such
 * a bottleneck when, in an order of the nodes, nothing else that was made before it is read after it.
 */
function passage(graph, trainable) {
    const constants = new Set(graph.initializers.map(({ name }) => name));
    const inputs = graph.inputs.map(({ name }) => name).filter((name) => !constants.has(name));
    const dependent = new Set(inputs);
    /** What makes a tensor that does not depend on the image, such as a transposed kernel. */
    const makers = new Map();
    const order = graph.nodes.filter((node) => {
        // A shape is the same whatever the image shows, and whatever a weight is.
        if (node.domain === '' && (node.op === 'Shape' || node.op === 'Size'))
            return false;
        const depends = check_readBy(node).some((name) => dependent.has(name));
        for (const output of node.outputs)
            if (depends)
                dependent.add(output);
            else
                makers.set(output, node);
        return depends;
    });
    const firstRead = new Map();
    const lastRead = new Map();
    const seen = new Set();
    order.forEach((node, position) => {
        const waiting = [];
        for (const name of check_readBy(node))
            if (dependent.has(name))
                lastRead.set(name, position);
            else
                waiting.push(name);
        for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
            if (seen.has(name))
                continue;
            seen.add(name);
            if (trainable.has(name))
                firstRead.set(name, position);
            const maker = trainable.has(name) ? undefined : makers.get(name);
            if (maker)
                for (const input of check_readBy(maker))
                    waiting.push(input);
        }
    });
    const bottlenecks = [];
    const alive = new Set(inputs.filter((name) => lastRead.has(name)));
    if (alive.size === 1)
        bottlenecks.push({ tensor: [...alive][0], position: -1 });
    order.forEach((node, position) => {
        for (const name of check_readBy(node))
            if (lastRead.get(name) === position)
                alive.delete(name);
        for (const name of node.outputs)
            if ((lastRead.get(name) ?? -1) > position)
                alive.add(name);
        if (alive.size === 1)
            bottlenecks.push({ tensor: [...alive][0], position });
    });
    return { firstRead, bottlenecks };
}
function strategies_reduced(model, features) {
    const info = model.graph.outputs.find(({ name }) => name === features) ?? { name: features, rest: [] };
    return { ...model, graph: prune_pruned(model.graph, [info]) };
}

;// CONCATENATED MODULE: ./src/evidence/starting-network.ts









async function startingNetwork(subject, measure, target) {
    const { encoder } = subject;
    const file = await subject.start(target.at.seedIndex, { images: target.images, train: target.at.train });
    const model = readModel(file);
    const trained = trainedBy(measure === 'probe.finetune' ? 'finetune' : 'last_block', model, encoder.output);
    const weights = new Map();
    const blank = replaceConstants(model, (name, tensor) => {
        if (!trained.has(name))
            return undefined;
        // A copy: sent to a thread, a view would take the whole file along.
        weights.set(name, model_float32Of(tensor).slice());
        return new Float32Array(weights.get(name).length);
    });
    const { output, preprocessing } = encoder;
    const computed = sha256(write_writeModel(starting_network_bare(blank)));
    return { model: file, weights, rest: digestOf([computed, [...weights.keys()], output, preprocessing]) };
}
/** What exporters write beside the graph would tell apart networks that compute the same. */
function starting_network_bare({ graph, ...model }) {
    const inputs = graph.inputs.map(({ name }) => ({ name, rest: [] }));
    return { ...model, metadata: {}, rest: [], graph: { ...graph, name: '', inputs, valueInfo: [], rest: [] } };
}
/**
 * Has a thread open a subject's network for a seed, unless one lies open in it that differs in trained weights alone.
 * Which of them was opened changes no number, since every run sets all trained weights.
 * @returns the weights to start from
 */
async function openForSeed({ subject, measure, at }, thread, task, means) {
    const { encoder } = subject;
    const images = await means.pixels(encoder);
    // Random weights are scaled on the images that the seed trains on.
    const key = JSON.stringify([measure, subject.digest(at.seedIndex), subject.redrawn ? at.train : null]);
    const start = await means.starts.get(key, () => startingNetwork(subject, measure, { images, at }));
    const { protocol, fineTuning, device, threads, lowering } = task;
    const { name, input, output, layout, channels, height, width, preprocessing } = encoder;
    const options = () => ({
        name,
        model: start.model,
        input,
        features: output,
        image: { layout, channels, height, width },
        data: { images, labels: protocol.labels },
        classes: protocol.classes,
        task: protocol.task,
        trained: new Set(start.weights.keys()),
        batch: fineTuning.batch,
        optimiser: optimiserOf(fineTuning),
        augmentation: augmentationOf(fineTuning),
        offset: brightnessOffset(preprocessing, channels),
        device,
        threads,
        lowering,
    });
    try {
        await thread.open(`${measure} ${start.rest}`, options);
    }
    catch (error) {
        throw encoder.fixedBatch !== null && cannotBeTrained(error) ? forOneBatchSize(error, encoder.fixedBatch) : error;
    }
    return start.weights;
}
function forOneBatchSize({ code, message }, fixedBatch) {
    return new errors_TransferEvidenceError(code, `${message} It was exported for ${fixedBatch === 1 ? 'one image' : `${fixedBatch} images`} at a time, and all networks are trained on batches of one size: export it with a free batch size.`);
}
/** A network that cannot be trained is no evidence for its candidate, and no fault of the run. */
function cannotBeTrained(error) {
    return (error instanceof errors_TransferEvidenceError && (error.code === 'model-unsupported' || error.code === 'shape-mismatch'));
}

;// CONCATENATED MODULE: ./src/encoder/calibration-probe.ts


/**
 * Rewrites a network so that each linear layer's result is divided by its own standard deviation and each batch normalisation takes its
 * statistics from the batch. Every layer then already sees what it will see once the layers before it are scaled, and one run measures
 * what would else be searched layer by layer. Where weights are shared, what the first layer measured serves the others.
 */
function probeOf(model) {
    const rewriter = new Rewriter(model);
    const nodes = model.graph.nodes.flatMap((node) => rewriter.rewritten(node));
    const { divisors, replacements } = rewriter;
    const measurements = [...divisors.values(), ...replacements.values()];
    const outputs = measurements.map((name) => ({ name, tensor: { type: 'float32' }, rest: [] }));
    const initializers = [...model.graph.initializers, ...rewriter.constants.values()];
    return { model: { ...model, graph: { ...model.graph, nodes, outputs, initializers } }, divisors, replacements };
}
/**
 * A variance below this part of the squared mean is rounding (single precision resolves 6 · 10⁻⁸ of the mean): dividing by it would turn
 * noise into signal.
 */
const negligible = 1e-10;
/** Stands above a variance of 0 where the mean is 0 too. */
const tiny = 1e-30;
class Rewriter {
    divisors = new Map();
    replacements = new Map();
    constants = new Map();
    #roles;
    #sources;
    /** How many nodes read a tensor. */
    #readers = new Map();
    /** Divisors that hold a number for each channel. */
    #byChannel = new Set();
    /** Since opset 18 ReduceMean takes its axes as an input. */
    #axesAreInput;
    constructor(model) {
        this.#roles = trainableOf(model);
        this.#sources = sourcesOf(model.graph);
        this.#axesAreInput = model.opsets.some(({ domain, version }) => domain === '' && version >= 18);
        for (const { inputs } of model.graph.nodes)
            for (const input of inputs)
                this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
    }
    rewritten(node) {
        const kernel = kernelOf(node, this.#roles, this.#sources);
        if (kernel)
            return this.#linear(node, kernel);
        return node.op === 'BatchNormalization' && node.domain === '' ? this.#batchNormalization(node) : [node];
    }
    #linear(node, { name, tensor }) {
        const [first = '', second = '', bias = ''] = node.inputs;
        const [result = ''] = node.outputs;
        const raw = `${result}:raw`;
        // Before opset 11 Gemm cannot be without its third input; times 0 it does nothing.
        const nodes = [
            node.op === 'Gemm'
                ? { ...node, outputs: [raw], attributes: { ...node.attributes, beta: { kind: 'float', value: 0 } } }
                : { ...node, inputs: [first, second], outputs: [raw] },
        ];
        const known = this.divisors.get(name);
        const divisor = known ?? `${result}:deviation`;
        this.divisors.set(name, divisor);
        let shift = bias;
        if (known === undefined && this.#canCentre(node)) {
            const rows = `${result}:rows`;
            shift = `${result}:shift`;
            nodes.push(make('Reshape', [raw, this.#integers([0, 0, -1])], rows), ...this.#moments(rows, result, [0, 2]), make('Sqrt', [`${result}:variance`], divisor), make('Div', [`${result}:mean`, divisor], `${result}:centre`), make('Sub', [bias, `${result}:centre`], shift));
            this.#byChannel.add(divisor);
            this.replacements.set(this.#sources.get(bias).name, shift);
        }
        else if (known === undefined)
            nodes.push(...this.#moments(raw, result), make('Sqrt', [`${result}:variance`], divisor));
        // Along the channels of maps; `tensor` has the rank of the maps.
        const along = (values, output) => make('Reshape', [values, this.#integers([1, -1, ...tensor.dims.slice(2).fill(1)])], output);
        const scale = this.#byChannel.has(divisor) ? `${result}:scale` : divisor;
        if (scale !== divisor)
            nodes.push(along(divisor, scale));
        if (shift === '')
            return [...nodes, make('Div', [raw, scale], result)];
        const shifts = `${result}:shifts`;
        nodes.push(make('Div', [raw, scale], `${result}:scaled`), node.op === 'Gemm'
            ? make('Mul', [shift, this.#number(calibration_probe_floatAttribute(node, 'beta', 1))], shifts)
            : along(shift, shifts));
        return [...nodes, make('Add', [`${result}:scaled`, shifts], result)];
    }
    /** A convolution with a bias of its own can do all that a batch normalisation after it would, and may have one folded into it. */
    #canCentre({ op, inputs }) {
        const [, , bias = ''] = inputs;
        const source = this.#sources.get(bias)?.name ?? '';
        const ownsIt = this.#readers.get(bias) === 1 && (source === bias || this.#readers.get(source) === 1);
        return op === 'Conv' && ownsIt && this.#roles.get(source)?.kind === 'bias';
    }
    #batchNormalization(node) {
        const [input = '', scale = '', shift = '', mean = '', variance = ''] = node.inputs;
        const [result = ''] = node.outputs;
        const set = [
            { kind: 'running mean', constant: this.#sources.get(mean)?.name ?? '', output: `${result}:mean` },
            {
                kind: 'running variance',
                constant: this.#sources.get(variance)?.name ?? '',
                output: `${result}:variance`,
            },
        ];
        // A tensor that also serves another purpose cannot be set, and statistics of one channel are not among what training changes.
        if (set.some(({ kind, constant }) => this.#roles.get(constant)?.kind !== kind))
            return [node];
        const [ownMean = '', ownVariance = ''] = set.map(({ constant, output }) => {
            const measured = this.replacements.get(constant) ?? output;
            this.replacements.set(constant, measured);
            return measured;
        });
        const maps = `${result}:maps`;
        return [
            make('Reshape', [input, this.#integers([0, 0, -1])], maps),
            ...this.#moments(maps, result, [0, 2]),
            { ...node, inputs: [input, scale, shift, ownMean, ownVariance] },
        ];
    }
    /** Makes `NAME:mean` and `NAME:variance` of a tensor over the given axes or all; a variance that is rounding is given as 1. */
    #moments(tensor, name, axes) {
        const mean = `${name}:mean`;
        const raw = `${name}:variance:raw`;
        return [
            this.#average(tensor, mean, 0, axes),
            this.#average(tensor, `${mean}:kept`, 1, axes),
            make('Sub', [tensor, `${mean}:kept`], `${name}:centred`),
            make('Mul', [`${name}:centred`, `${name}:centred`], `${name}:squares`),
            this.#average(`${name}:squares`, raw, 0, axes),
            make('Mul', [mean, mean], `${mean}:square`),
            make('Mul', [`${mean}:square`, this.#number(negligible)], `${mean}:part`),
            make('Add', [`${mean}:part`, this.#number(tiny)], `${name}:bound`),
            make('Less', [raw, `${name}:bound`], `${name}:still`),
            make('Where', [`${name}:still`, this.#number(1), raw], `${name}:variance`),
        ];
    }
    #average(tensor, name, keepdims, axes) {
        const keep = { kind: 'int', value: keepdims };
        if (axes === undefined)
            return make('ReduceMean', [tensor], name, { keepdims: keep });
        return this.#axesAreInput
            ? make('ReduceMean', [tensor, this.#integers(axes)], name, { keepdims: keep })
            : make('ReduceMean', [tensor], name, { keepdims: keep, axes: { kind: 'ints', value: axes } });
    }
    #number(value) {
        return this.#constant(tensorOf(`calibration:${value}`, Float32Array.of(value), []));
    }
    #integers(values) {
        return this.#constant(tensorOf(`calibration:[${values}]`, values));
    }
    #constant(tensor) {
        this.constants.set(tensor.name, tensor);
        return tensor.name;
    }
}
function calibration_probe_floatAttribute(node, name, otherwise) {
    const attribute = node.attributes[name];
    return attribute?.kind === 'float' ? attribute.value : otherwise;
}
function make(op, inputs, output, attributes = {}) {
    return { name: '', op, domain: '', inputs, outputs: [output], attributes, rest: [] };
}

;// CONCATENATED MODULE: ./src/encoder/calibrate.ts







/**
 * A network with random weights, scaled to the images that it will see: layer-sequential unit variance (Mishkin & Matas 2016). Each kernel
 * is divided by the standard deviation of what its layer gives on the batch before the bias, images, channels and positions together. A
 * convolution with a bias of its own is centred and scaled channel by channel (Krähenbühl et al. 2016, within-layer initialisation; Salimans &
 * Kingma 2016, section 3), and the running statistics of batch normalisations become the means and variances of their inputs. Thus a network starts
 * alike whether an exporter folded its batch normalisations into convolutions or not, and sanely if it never had any. Scaling alone would
 * leave folded networks with channels that hardly differ between images.
 *
 * Layers then have standard deviation 1 on the batch. Where weights are shared, the first layer decides for the others; a layer or channel that gives
 * one number only is not scaled. The layers are measured in order in a single run, on one processor thread: the same network and batch
 * give the same bytes, whatever the number of cores.
 * @param model as `randomlyInitialised` makes it; it is not changed
 * @param batch images as the network takes them, preprocessed; 16 or more, for statistics by channel
 * @throws shape-mismatch when the batch holds another number of values than its shape says; model-unsupported when the network takes no single
 *   image, cannot be run on the batch, or a layer gives numbers that are not finite
 */
async function calibrated(model, batch, runtime) {
    const { data, dims } = batch;
    if (data.length !== dims.reduce((a, b) => a * b, 1))
        throw new errors_TransferEvidenceError('shape-mismatch', `A batch of shape [${dims.join(', ')}] was expected; ${data.length} numbers were given.`);
    const probe = probeOf(model);
    if (probe.divisors.size + probe.replacements.size === 0)
        return model;
    const measured = await calibrate_run(probe.model, new runtime.Tensor('float32', data, [...dims]), runtime);
    const values = (output) => {
        const found = measured[output].data;
        if (found.every(Number.isFinite))
            return found;
        throw new errors_TransferEvidenceError('model-unsupported', `With random weights the network gives numbers that are not finite (${output}). Check its preprocessing (range, mean, std).`);
    };
    return replaceConstants(model, (name, tensor) => {
        const divisor = probe.divisors.get(name);
        if (divisor !== undefined)
            return divided(model_float32Of(tensor), values(divisor));
        const replacement = probe.replacements.get(name);
        // A copy: the runtime keeps the memory of its outputs.
        return replacement === undefined ? undefined : values(replacement).slice();
    });
}
/** A kernel divided by one number, or by one for each result, which lie first in a convolution's kernel. */
function divided(kernel, divisors) {
    const each = kernel.length / divisors.length;
    return kernel.map((weight, i) => weight / divisors[Math.floor(i / each)]);
}
async function calibrate_run(probe, images, runtime) {
    const name = 'with random weights';
    const input = inputOf(probe).name;
    const { session } = await openSession(runtime, write_writeModel(probe), { device: 'cpu', threads: 1, name });
    try {
        return await session.run({ [input]: images });
    }
    catch (error) {
        throw new errors_TransferEvidenceError('model-unsupported', `The network ${name} cannot be run on images of shape [${images.dims.join(', ')}]: ${String(error.message).split('\n')[0]}`, { cause: error });
    }
    finally {
        await session.release();
    }
}

;// CONCATENATED MODULE: ./src/probe/finetune/rates.ts
/** The rate that suits a network as it is on average, by what is trained and how; random weights need larger ones. */
const middle = {
    sgd: { pretrained: 3e-3, random: 1e-2 },
    adamw: { pretrained: 3e-4, random: 1e-3 },
};
/**
 * Learning rates to try: `count` of them, each √10 times the one before, around a rate that is usual for the optimiser. The grid is
 * the same for every candidate; random initialisation has its own, since what is best for trained weights is too little for it.
 */
function rateGrid(optimiser, start, count) {
    const centre = Math.log10(middle[optimiser][start]);
    return Array.from({ length: count }, (_, i) => {
        // Three digits are said in the report, so three are used.
        return Number((10 ** (centre + (i - (count - 1) / 2) / 2)).toPrecision(3));
    });
}

;// CONCATENATED MODULE: ./src/evidence/trained-subjects.ts











/**
 * Everything that is trained: each candidate with weights, each proxy, and one random twin an architecture. Twins start from another
 * draw for each seed, so that a lucky or unlucky draw is not taken for what random initialisation is worth.
 * @param proxies pretrained built-in networks by candidate
 */
function trainedSubjects(networks, proxies, { fineTuning, seed, runtime }) {
    const { optimiser, learningRates: count } = fineTuning;
    const subjects = [];
    const twins = new Map();
    const architectures = new Set([...networks.own.keys()].map((id) => networks.random.get(id)));
    for (const [id, encoder] of networks.own) {
        const architecture = networks.random.get(id)[0].digest;
        const known = twins.get(architecture);
        const twin = known ?? (architectures.size === 1 ? scratchId : scratchOf(id));
        twins.set(architecture, twin);
        subjects.push(pretrained(id, encoder, { twin, proxy: null, learningRates: rateGrid(optimiser, 'pretrained', count) }));
        if (known === undefined)
            subjects.push(randomTwinOf(twin, encoder, { seed, runtime, rates: rateGrid(optimiser, 'random', count) }));
    }
    const network = fineTuning.proxy;
    if (network === null || proxies.size === 0)
        return subjects;
    const [first] = proxies.keys();
    const twin = networks.own.size === 0 ? scratchId : scratchOf(first);
    for (const [id, encoder] of proxies)
        subjects.push(pretrained(id, encoder, { twin, proxy: network, learningRates: rateGrid(optimiser, 'pretrained', count) }));
    subjects.push(randomBuiltIn(twin, network, { seed, rates: rateGrid(optimiser, 'random', count) }));
    return subjects;
}
/** Those that can be trained; of the controls, those that a candidate will be compared with. */
function worthTraining(subjects, refused) {
    const able = subjects.filter(({ id }) => !refused.has(id));
    return able.filter(({ id, twin }) => id !== twin || able.some((other) => other.id !== id && other.twin === id));
}
function pretrained(id, encoder, rest) {
    return {
        id,
        encoder,
        ...rest,
        digest: () => encoder.digest,
        start: async () => encoder.model,
        redrawn: false,
    };
}
/** Images that random weights are scaled on. */
const calibrationImages = 32;
function randomTwinOf(id, encoder, { seed, runtime, rates }) {
    const draw = (seedIndex) => randomTwin(encoder, drawSeed(seed, seedIndex));
    const dims = [calibrationImages, ...augmentation_dimsOf(encoder)];
    return {
        id,
        encoder,
        twin: id,
        proxy: null,
        learningRates: rates,
        digest: once((seedIndex) => digestOf(['calibrated', draw(seedIndex).digest])),
        start: async (seedIndex, { images, train }) => {
            const length = model_elements(dims) / calibrationImages;
            const data = new Float32Array(model_elements(dims));
            // Spread over the training images, which lie class by class.
            for (let i = 0; i < calibrationImages; i++) {
                const image = train[Math.floor((i * train.length) / calibrationImages)];
                data.set(images.subarray(image * length, (image + 1) * length), i * length);
            }
            const model = taking(readModel(draw(seedIndex).model), encoder.input, dims);
            return write_writeModel(await calibrated(model, { data, dims }, runtime));
        },
        redrawn: true,
    };
}
/** The same network, said to take a batch of this shape: many exporters write down the one that they were tried with. */
function taking(model, input, dims) {
    const inputs = model.graph.inputs.map((info) => info.name === input ? { ...info, tensor: { ...info.tensor, dims } } : info);
    return { ...model, graph: { ...model.graph, inputs } };
}
function randomBuiltIn(id, network, { seed, rates }) {
    const draw = (seedIndex) => builtInNetwork(network, drawSeed(seed, seedIndex));
    return {
        id,
        encoder: draw(0),
        twin: id,
        proxy: network,
        learningRates: rates,
        digest: once((seedIndex) => draw(seedIndex).digest),
        // As it is: the built-in networks are made to start from such weights.
        start: async (seedIndex) => draw(seedIndex).model,
        redrawn: true,
    };
}
/** Draws take time, and their digests are asked for again and again. */
function once(digest) {
    const known = new Map();
    return (seedIndex) => {
        const found = known.get(seedIndex) ?? digest(seedIndex);
        known.set(seedIndex, found);
        return found;
    };
}

;// CONCATENATED MODULE: ./src/statistics/nadeau-bengio.ts


/**
 * The corrected resampled t interval of a mean paired difference over cross-validation folds:
 * se² = (1/J + testShare) · s², df = J − 1, where s² is the sample variance of the J differences. The second term
 * stands for the training images that the folds share; the naive s²/J rejects a true tie in up to half of all cases.
 * Nadeau & Bengio 2003, Machine Learning 52:239, section 4 (“corrected resampled t-test”).
 * @param differences J paired differences, one a fold (all repeats), in the metric's unit
 * @param testShare test images ÷ training images of one fold; 0.25 for 5 folds
 * @throws measure-refused for fewer than 2 folds or a share that is not positive
 */
function nadeauBengio(differences, testShare) {
    const folds = differences.length;
    if (folds < 2)
        throw new errors_TransferEvidenceError('measure-refused', `A variance over folds needs at least 2 folds; ${folds} given.`);
    if (!(testShare > 0 && testShare < Infinity))
        throw new errors_TransferEvidenceError('measure-refused', `The share of test to training images must be positive; ${testShare} was given.`);
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / folds;
    const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (folds - 1);
    return estimateFrom({
        value: mean,
        standardError: Math.sqrt((1 / folds + testShare) * variance),
        degreesOfFreedom: folds - 1,
        method: `corrected resampled t over ${folds} folds (Nadeau & Bengio 2003)`,
    });
}

;// CONCATENATED MODULE: ./src/probe/compare.ts



/**
 * Scores and paired differences over the same splits, with the interval of Nadeau & Bengio 2003, and never a narrower
 * one than the number of images allows: see {@link smallestHalfWidth}. Only where two candidates predict the same
 * probabilities on every image of every repeat are they one and the same, and their difference is 0 with no width.
 * @param results per candidate, from the same protocol
 * @throws shape-mismatch when a candidate's scores are not one a split
 */
function compareProbes({ results, protocol, }) {
    const { splits } = protocol;
    for (const [id, { scores }] of results)
        if (scores.length !== splits.length)
            throw new errors_TransferEvidenceError('shape-mismatch', `A paired comparison needs one score a split: ${splits.length} splits, ${scores.length} scores of ${id}.`);
    const share = splits.reduce((sum, { train, test }) => sum + test.length / train.length, 0) / splits.length;
    const halfWidth = smallestHalfWidth(protocol);
    const estimate = (values) => widened(nadeauBengio(values, share), halfWidth);
    const ids = [...results.keys()];
    const differences = new Map();
    ids.forEach((subject, i) => {
        for (const object of ids.slice(i + 1)) {
            const [a, b] = [results.get(subject), results.get(object)];
            const values = Float64Array.from(a.scores, (score, split) => score - b.scores[split]);
            const same = a.predictions.probabilities.every((p, at) => p === b.predictions.probabilities[at]);
            differences.set(`${subject}\u0000${object}`, same ? noDifference(splits.length) : estimate(values));
        }
    });
    return {
        scores: new Map([...results].map(([id, { scores }]) => [id, estimate(Float64Array.from(scores))])),
        differences,
    };
}
/** Of two that predict the same everywhere. @param folds or seeds */
function noDifference(folds) {
    const method = 'the same predictions on every image';
    return estimateFrom({ value: 0, standardError: 0, degreesOfFreedom: folds - 1, method });
}
/**
 * Folds that all agree have no variance, and would make a certainty of it. But when none of n independent images is
 * predicted differently, up to 3 ÷ n of all images may be (95 %: the rule of three, Hanley & Lippman-Hand 1983). Here n
 * counts groups, and for classes of unequal size what the rarest class allows: classes × its groups, as in balanced
 * accuracy or macro AUC one group weighs as much as all classes were that rare.
 */
function smallestHalfWidth({ labels, groups, classes, }) {
    const groupsOf = Array.from({ length: classes }, () => new Set());
    labels.forEach((own, image) => {
        for (const label of own)
            groupsOf[label].add(groups[image]);
    });
    const rarest = Math.min(...groupsOf.map((found) => found.size));
    return Math.min(1, 3 / Math.min(new Set(groups).size, classes * rarest));
}
/** The estimate with an interval of at least this half-width at 95 %. */
function widened(estimate, halfWidth) {
    const { degreesOfFreedom, standardError, level } = estimate;
    const least = halfWidth / tQuantile(0.975, degreesOfFreedom);
    if (standardError >= least)
        return estimate;
    const method = `${estimate.method}, widened to what the number of groups can show (rule of three)`;
    return estimateFrom({ value: estimate.value, standardError: least, degreesOfFreedom, method, level });
}

;// CONCATENATED MODULE: ./src/statistics/jackknife.ts


/** Fewer independent groups than this give no interval. */
const fewestBlocks = 5;
/**
 * Into how many blocks the rows are dealt: 20, or 10 when a set has fewer than 200 rows, and never more than there are
 * groups in a set.
 * @param sets rows and independent groups of every set that the quantity is computed from
 * @throws measure-refused when a set has fewer than {@link fewestBlocks} groups
 */
function blockCount(sets) {
    const rows = Math.min(...sets.map((set) => set.rows));
    const groups = Math.min(...sets.map((set) => set.groups));
    if (!(groups >= fewestBlocks))
        throw new errors_TransferEvidenceError('measure-refused', `An interval needs at least ${fewestBlocks} independent groups of images in each set; ${groups} found.`);
    return Math.min(rows < 200 ? 10 : 20, groups);
}
/**
 * The block of each row: groups (patients, slides, or single images) are dealt in random order, each to one block with
 * all its rows. Dealt in the order of their names, which is often that of classes or sites, every block would hold the
 * same mix, and the interval would not know that another sample of images has another mix.
 * @param groups the group of each row
 */
function blocksOf(groups, blocks, random) {
    const names = random.shuffled([...new Set(groups)].sort());
    const rank = new Map(names.map((name, index) => [name, index]));
    return Int32Array.from(groups, (name) => rank.get(name) % blocks);
}
/**
 * Delete-a-group jackknife: se² = (G − 1)/G · Σ(J_g − J̄)², t with G − 1 degrees of freedom, where J_g is the statistic
 * without block g. For a statistic of two sets the block is left out of both; for a difference of two distances to one
 * target, J_g is the difference without the block. Unlike a bootstrap it never puts one image beside itself, which
 * would bias kernel and Fréchet distances. Shao & Tu 1995, “The Jackknife and Bootstrap”, section 2.3.
 * @param value the statistic of all rows
 * @param leftOut J_g, one a block
 * @throws measure-refused for fewer than 2 blocks or a value that is not finite
 */
function jackknife(value, leftOut) {
    const blocks = leftOut.length;
    if (blocks < 2)
        throw new errors_TransferEvidenceError('measure-refused', `A jackknife needs at least 2 blocks; ${blocks} given.`);
    const values = Array.from(leftOut);
    const mean = values.reduce((sum, x) => sum + x, 0) / blocks;
    const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return estimateFrom({
        value,
        standardError: Math.sqrt(((blocks - 1) / blocks) * squares),
        degreesOfFreedom: blocks - 1,
        method: `block jackknife, ${blocks} blocks`,
    });
}

;// CONCATENATED MODULE: ./src/probe/finetune/interval.ts




/** Seeds after which test images come round again; see splits.ts. */
const disjointSeeds = 5;
/**
 * The interval of a mean over S seeds, each with its own train and test images: SE² = s_image² + s² ÷ min(S, 5).
 *
 * s_image² is the variance due to which images are tested, by deleting one group at a time (Shao & Tu 1995, section
 * 2.3); alone it knows nothing of training. s² is the variance between seeds: initial weights, order, train images, and
 * also test images, which are thus counted twice. What that gives too much pays for the train images that seeds share,
 * which no variance between them shows (Bengio & Grandvalet 2004); without it a true tie is called a difference in up to
 * 10 % of all cases instead of 5 %. Past five seeds no new image is tested, and s² is divided no further. Degrees of
 * freedom by Welch (1947) and Satterthwaite (1946) from groups − 1 and S − 1. How often each such rule errs, and how
 * wide it is: `__tests__/bench/finetune-intervals.ts`.
 * @param scores of a subject, or the differences of two subjects' scores, number by number
 * @param halfWidth of the 95 % interval at the least
 * @throws measure-refused for fewer than 2 seeds or 2 groups
 */
function seedInterval({ bySeed, without }, halfWidth) {
    const seeds = bySeed.length;
    if (seeds < 2)
        throw new errors_TransferEvidenceError('measure-refused', `A variance over seeds needs at least 2 seeds; ${seeds} given.`);
    const value = bySeed.reduce((sum, score) => sum + score, 0) / seeds;
    const image = jackknife(value, without);
    const variance = bySeed.reduce((sum, score) => sum + (score - value) ** 2, 0) / (seeds - 1);
    const [ofImages, ofSeeds] = [image.standardError ** 2, variance / Math.min(seeds, disjointSeeds)];
    const spread = ofImages ** 2 / image.degreesOfFreedom + ofSeeds ** 2 / (seeds - 1);
    const degreesOfFreedom = spread > 0 ? (ofImages + ofSeeds) ** 2 / spread : seeds - 1;
    const standardError = Math.sqrt(ofImages + ofSeeds);
    const method = `${seeds} seeds, variance between them and jackknife over ${without.length} groups of test images`;
    return widened(estimateFrom({ value, standardError, degreesOfFreedom, method }), halfWidth);
}

;// CONCATENATED MODULE: ./src/probe/metrics.ts

/**
 * The score of predictions by a metric of the manifest.
 * `balanced_accuracy`: mean recall of the classes among the images. `auc`: binary, of class 1. `macro_auc`: mean of the
 * labels' AUCs, each label against the rest; labels that all or none of the images have are left out and counted.
 * @throws measure-refused when the metric does not fit the task, or no label can be scored
 */
function metrics_scoreOf(metric, predicted) {
    const { labels, classes, task } = predicted;
    switch (metric) {
        case 'accuracy':
        case 'balanced_accuracy': {
            if (task === 'multilabel')
                return metrics_refuse(metric, task, 'macro_auc');
            const truth = labels.map((own) => own[0]);
            const found = mostProbable(predicted);
            return {
                score: metric === 'accuracy' ? accuracy(truth, found) : balancedAccuracy(truth, found, classes),
                skippedLabels: 0,
            };
        }
        case 'auc':
            if (task !== 'binary')
                return metrics_refuse(metric, task, 'macro_auc');
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
function mostProbable({ probabilities, classes, task }) {
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
        throw new errors_TransferEvidenceError('measure-refused', 'AUC needs images with and without a label in every test fold, and a test fold has only one side of every label. Add groups (patients, slides, images) of the rarest class, at least one for each fold.');
    return { score: found.reduce((sum, x) => sum + x, 0) / found.length, skippedLabels: wanted.length - found.length };
}
function metrics_refuse(metric, task, instead) {
    throw new errors_TransferEvidenceError('measure-refused', `The metric ${metric} is not defined for a ${task} task; name ${instead} as target.task.metric.`);
}

;// CONCATENATED MODULE: ./src/probe/protocol.ts
/** Columns of probabilities that a task has. */
function protocol_outputsOf(task, classes) {
    return task === 'binary' ? 1 : classes;
}

;// CONCATENATED MODULE: ./src/probe/finetune/leave-out.ts


/**
 * A metric's score without any few images, from counts made once: what scoreOf gives for the rest, in time that does not
 * grow with it. As there, what the rest does not show (a class, one side of a label) is left out of the mean.
 */
function leaveOut(metric, predicted) {
    switch (metric) {
        case 'accuracy':
        case 'balanced_accuracy':
            return recallsWithout(metric, predicted);
        case 'auc':
        case 'macro_auc': {
            const { labels, probabilities, classes, task } = predicted;
            const outputs = protocol_outputsOf(task, classes);
            const wanted = task === 'binary' ? [1] : Array.from({ length: classes }, (_, label) => label);
            const parts = wanted.map((label) => aucWithout(labels.map((own) => own.includes(label)), labels.map((_, i) => probabilities[i * outputs + (outputs === 1 ? 0 : label)])));
            return (images) => meanOf(parts.map((part) => part(images)));
        }
    }
}
function recallsWithout(metric, predicted) {
    const truth = predicted.labels.map((own) => own[0]);
    const right = mostProbable(predicted).map((found, i) => Number(found === truth[i]));
    const classOf = metric === 'accuracy' ? truth.map(() => 0) : truth;
    const all = new Float64Array(predicted.classes);
    const hits = new Float64Array(predicted.classes);
    const count = (sign, image) => {
        const label = classOf[image];
        all[label] = all[label] + sign;
        hits[label] = hits[label] + sign * right[image];
    };
    truth.forEach((_, image) => {
        count(1, image);
    });
    return (images) => {
        for (const image of images)
            count(-1, image);
        const score = meanOf(Array.from(all, (n, label) => (n === 0 ? undefined : hits[label] / n)));
        for (const image of images)
            count(1, image);
        return score;
    };
}
/**
 * AUC = U ÷ (positives · negatives), with U the sum over all pairs of 1 for right, ½ for tied. An image takes its
 * placement, its own pairs' share of U, with it (DeLong, DeLong & Clarke-Pearson 1988); a pair that is left out as a
 * whole would so be taken twice.
 */
function aucWithout(positive, scores) {
    const placement = placements(positive, scores);
    const positives = positive.filter(Boolean).length;
    const u = placement.reduce((sum, own, i) => (positive[i] ? sum + own : sum), 0);
    return (images) => {
        const own = images.filter((i) => positive[i]);
        const others = images.filter((i) => !positive[i]);
        const pairs = (positives - own.length) * (positive.length - positives - others.length);
        if (pairs === 0)
            return undefined;
        let rest = u;
        for (const i of images)
            rest -= placement[i];
        for (const i of own)
            for (const j of others)
                rest += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0;
        return rest / pairs;
    };
}
/** Of each positive: negatives below it; of each negative: positives above it; ties count half. */
function placements(positive, scores) {
    const order = positive.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
    const positives = positive.filter(Boolean).length;
    const found = new Float64Array(positive.length);
    let [positivesBelow, negativesBelow] = [0, 0];
    for (let from = 0; from < order.length;) {
        let to = from;
        let tiedPositives = 0;
        for (; to < order.length && scores[order[to]] === scores[order[from]]; to++)
            tiedPositives += Number(positive[order[to]]);
        const tiedNegatives = to - from - tiedPositives;
        for (const i of order.slice(from, to))
            found[i] = positive[i]
                ? negativesBelow + tiedNegatives / 2
                : positives - positivesBelow - tiedPositives + tiedPositives / 2;
        positivesBelow += tiedPositives;
        negativesBelow += tiedNegatives;
        from = to;
    }
    return found;
}
function meanOf(values) {
    const defined = values.filter((value) => value !== undefined);
    return defined.length === 0 ? undefined : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

;// CONCATENATED MODULE: ./src/probe/finetune/seed-scores.ts




/**
 * @param predictions one row-major array a seed: its test images × outputs
 * @throws shape-mismatch when these are not one a seed, or not one row a test image
 * @throws measure-refused as {@link scoreOf} does
 */
function seedScores(protocol, predictions) {
    const { groups, metric, splits } = protocol;
    const parts = predictedBySeed(protocol, predictions);
    const bySeed = Float64Array.from(parts, (predicted) => metrics_scoreOf(metric, predicted).score);
    const total = bySeed.reduce((sum, score) => sum + score, 0);
    const sums = new Map();
    splits.forEach(({ test }, seed) => {
        const score = leaveOut(metric, parts[seed]);
        for (const [name, positions] of positionsByGroup(test, groups)) {
            const before = sums.get(name) ?? { total, seeds: splits.length };
            const found = score(positions);
            sums.set(name, {
                total: before.total - bySeed[seed] + (found ?? 0),
                seeds: before.seeds - Number(found === undefined),
            });
        }
    });
    return { bySeed, without: Float64Array.from(sums.values(), (sum) => sum.total / sum.seeds) };
}
function predictedBySeed(protocol, predictions) {
    const { labels, classes, task, splits } = protocol;
    const outputs = protocol_outputsOf(task, classes);
    if (predictions.length !== splits.length)
        throw new errors_TransferEvidenceError('shape-mismatch', `Fine-tuning is scored on one run a seed: ${splits.length} seeds, ${predictions.length} runs were given.`);
    return splits.map(({ test, seedIndex }, seed) => {
        const probabilities = predictions[seed];
        if (probabilities.length !== test.length * outputs)
            throw new errors_TransferEvidenceError('shape-mismatch', `Seed ${seedIndex} tests ${test.length} images with ${outputs} probabilities each; ${probabilities.length} probabilities were given.`);
        return { labels: test.map((image) => labels[image]), probabilities, classes, task };
    });
}
function positionsByGroup(test, groups) {
    const found = new Map();
    test.forEach((image, position) => {
        const name = groups[image];
        const own = found.get(name);
        if (own)
            own.push(position);
        else
            found.set(name, [position]);
    });
    return found;
}

;// CONCATENATED MODULE: ./src/probe/finetune/compare.ts




/**
 * Scores and paired differences of fine-tuned subjects over the same seeds, with the interval of {@link seedInterval},
 * never narrower than the number of tested groups allows: see {@link smallestHalfWidth}. Only where two subjects predict
 * the same probabilities on every test image of every seed are they one and the same: their difference is 0 with no width.
 * @param results per subject
 * @throws shape-mismatch when a subject's runs are not those of the splits, one a seed, one row a test image
 * @throws measure-refused for fewer than 2 seeds, and as scoreOf does
 */
function compareFineTunes({ results, protocol, }) {
    for (const [id, runs] of results)
        checkSeeds(id, runs, protocol);
    const halfWidth = smallestHalfWidth(testedPart(protocol));
    const scored = new Map([...results].map(([id, runs]) => [
        id,
        seedScores(protocol, runs.map((run) => run.predictions)),
    ]));
    const ids = [...results.keys()];
    const differences = new Map();
    ids.forEach((subject, i) => {
        for (const object of ids.slice(i + 1))
            differences.set(`${subject}\u0000${object}`, samePredictions(results.get(subject), results.get(object))
                ? noDifference(protocol.splits.length)
                : seedInterval(difference(scored.get(subject), scored.get(object)), halfWidth));
    });
    return { scores: new Map([...scored].map(([id, scores]) => [id, seedInterval(scores, halfWidth)])), differences };
}
function checkSeeds(id, runs, { splits }) {
    const [expected, found] = [splits, runs].map((all) => all.map(({ seedIndex }) => seedIndex).join(', '));
    if (expected !== found)
        throw new errors_TransferEvidenceError('shape-mismatch', `A paired comparison needs one run a seed, in order: seeds ${expected}; ${id} has seeds ${found || 'none'}.`);
}
/** What no seed has tested cannot make the interval narrower. */
function testedPart({ labels, groups, classes, splits }) {
    const tested = [...new Set(splits.flatMap(({ test }) => test))];
    return { labels: tested.map((image) => labels[image]), groups: tested.map((image) => groups[image]), classes };
}
function samePredictions(a, b) {
    return a.every(({ predictions }, seed) => predictions.every((p, at) => p === b[seed].predictions[at]));
}
/** Both have the same test images, so the same seeds and groups stand behind each number. */
function difference(a, b) {
    return {
        bySeed: a.bySeed.map((score, seed) => score - b.bySeed[seed]),
        without: a.without.map((score, group) => score - b.without[group]),
    };
}

;// CONCATENATED MODULE: ./src/probe/result.ts


/** Puts the splits' results, in the order of the protocol's splits, into one. */
function result_gatherResults(protocol, results) {
    const { labels, classes, task, splits } = protocol;
    const outputs = protocol_outputsOf(task, classes);
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
    const outputs = protocol_outputsOf(task, classes);
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

;// CONCATENATED MODULE: ./src/probe/finetune/outcome.ts




/** A run as it is stored and compared. A run that broke down stays in the comparison, with the score of guessing. */
function recordRun({ predictions, ...measured }, { classes, task }) {
    const { validation, validationLoss, firstLoss, lastLoss } = measured;
    const found = Array.from(predictions);
    const finite = [validation, validationLoss, firstLoss, lastLoss, ...found].every(Number.isFinite);
    const ignorance = task === 'multiclass' ? 1 / classes : 0.5;
    return {
        ...measured,
        validation: finiteOrNull(validation),
        validationLoss: finiteOrNull(validationLoss),
        firstLoss: finiteOrNull(firstLoss),
        lastLoss: finiteOrNull(lastLoss),
        finite,
        predictions: found.map((probability) => Math.round((finite ? probability : ignorance) * 1e5) / 1e5),
    };
}
/**
 * The configuration of one seed that validation images favour: the highest score; among equals the lower loss, then the
 * smaller learning rate. A run that is not finite loses to every other. Test images have no say.
 * @param runs of one subject and one seed, one a configuration
 * @throws measure-refused for no runs
 */
function chooseRun(runs) {
    const [first] = [...runs].sort((a, b) => Number(b.finite) - Number(a.finite) ||
        (b.validation ?? 0) - (a.validation ?? 0) ||
        (a.validationLoss ?? 0) - (b.validationLoss ?? 0) ||
        a.learningRate - b.learningRate);
    if (!first)
        throw new errors_TransferEvidenceError('measure-refused', 'A configuration is chosen among runs that were trained; none were given.');
    return first;
}
/**
 * What is wrong with a seed's chosen run, null for nothing.
 * `diverged`: a loss or a prediction is not finite. `one class`: nearly all images (95 %) are predicted alike; for AUCs
 * also only where that leaves the score within 0.05 of guessing, as a sure network gives all images of a common class
 * one probability and is right. `below chance`: worse than guessing on the validation and on the test images, as on one
 * of two small parts alone bad luck is enough.
 * @param protocol labels: of the test images, in the order of the predictions
 * @throws measure-refused as {@link scoreOf} does
 */
function collapseOf(run, protocol) {
    if (!run.finite)
        return 'diverged';
    const { labels, classes, task, metric } = protocol;
    const predicted = { labels, probabilities: run.predictions, classes, task };
    const { score } = metrics_scoreOf(metric, predicted);
    const chance = chanceLevel(metric, classes, outcome_commonestShare(labels));
    const found = task === 'multilabel' ? null : mostProbable(predicted);
    const ranks = metric === 'auc' || metric === 'macro_auc';
    if (collapsed({ sameness: sameness(protocol, [run.predictions], found) }) && !(ranks && score >= chance + 0.05))
        return 'one class';
    return Math.max(score, run.validation ?? 0) < chance ? 'below chance' : null;
}
function outcome_commonestShare(labels) {
    const counts = new Map();
    for (const [label] of labels)
        if (label !== undefined)
            counts.set(label, (counts.get(label) ?? 0) + 1);
    return Math.max(0, ...counts.values()) / labels.length;
}
function finiteOrNull(value) {
    return Number.isFinite(value) ? value : null;
}

;// CONCATENATED MODULE: ./src/evidence/probe-disagreement.ts


/** More pairs than this are only counted. */
const told = 3;
/**
 * Where the linear probe and the strongest probe that trains part ways over two candidates. Opposite orders, each told apart, are
 * a disagreement; an order that only the linear probe shows is a note.
 */
function disagreementFindings(evidence) {
    const measure = trainedProbes.find((trained) => evidence.measurements.some((found) => found.measure === trained && found.estimate !== null));
    if (measure === undefined)
        return [];
    const opposite = [];
    const unconfirmed = [];
    for (const { measure: own, subject, object, estimate } of evidence.comparisons) {
        if (own !== 'probe.linear' || estimate === null || isControl(subject) || isControl(object))
            continue;
        const trained = probe_disagreement_difference(evidence, measure, subject, object);
        const order = orderOf(evidence, 'probe.linear', subject, object, estimate);
        if (trained === undefined || order === 0)
            continue;
        const pair = order > 0 ? `${subject} ahead of ${object}` : `${object} ahead of ${subject}`;
        const other = orderOf(evidence, measure, subject, object, trained);
        if (other === -order)
            opposite.push(pair);
        else if (other === 0)
            unconfirmed.push(pair);
    }
    const { title } = measures[measure];
    return [
        ...(opposite.length === 0
            ? []
            : [
                {
                    code: 'probes_disagree',
                    about: 'run',
                    measure,
                    text: `The probes disagree: the linear probe puts ${list(opposite)}, the ${title} the other way round. What frozen features hold and what training makes of them are two things; the ${title} is nearer to use.`,
                },
            ]),
        ...(unconfirmed.length === 0
            ? []
            : [
                {
                    code: 'not_confirmed',
                    about: 'run',
                    measure,
                    text: `The linear probe puts ${list(unconfirmed)}; the ${title} does not show it.`,
                },
            ]),
    ];
}
/** 1 when the subject is told apart as better, −1 as worse, 0 otherwise: by the paired difference or by intervals that lie apart. */
function orderOf({ measurements }, measure, subject, object, paired) {
    if (paired.low > 0)
        return 1;
    if (paired.high < 0)
        return -1;
    const own = (id) => measurements.find((found) => found.measure === measure && found.candidate === id)?.estimate ?? undefined;
    const [a, b] = [own(subject), own(object)];
    if (a === undefined || b === undefined)
        return 0;
    if (a.low > b.high)
        return 1;
    return a.high < b.low ? -1 : 0;
}
/** subject − object, whichever way round it is stored. */
function probe_disagreement_difference({ comparisons }, measure, subject, object) {
    for (const found of comparisons) {
        if (found.measure !== measure || found.estimate === null)
            continue;
        if (found.subject === subject && found.object === object)
            return found.estimate;
        if (found.subject === object && found.object === subject) {
            const { value, low, high } = found.estimate;
            return { ...found.estimate, value: -value, low: -high, high: -low };
        }
    }
    return undefined;
}
function list(pairs) {
    const rest = pairs.length - told;
    return `${pairs.slice(0, told).join(', ')}${rest > 0 ? ` (and ${rest} more ${rest === 1 ? 'pair' : 'pairs'})` : ''}`;
}

;// CONCATENATED MODULE: ./src/evidence/proxy.ts
/** The built-in network that stands in for a candidate's weights in this measurement; `null` where the weights are its own. */
function proxyOf({ details }) {
    return typeof details.proxy === 'string' ? details.proxy : null;
}

;// CONCATENATED MODULE: ./src/evidence/fine-tuning-findings.ts






/**
 * What the probes that train tell about how far to trust them, and about the linear probe beside them.
 * @param evidence with all that was measured already in it
 */
function fineTuningFindings(evidence) {
    return [
        ...trainedProbes.flatMap((measure) => [
            ...budgetFindings(evidence.probes.filter((probe) => probe.measure === measure)),
            ...refusals(evidence, measure),
            ...trainingFindings(evidence, measure),
        ]),
        ...disagreementFindings(evidence),
    ];
}
/** For the details of a measurement: what broke down, each kind once, and in how many seeds. */
function collapseDetails(bySeed) {
    const kinds = [...new Set(bySeed.filter((kind) => kind !== null))].sort();
    return {
        collapsed: kinds.length === 0 ? null : kinds.join(', '),
        collapsedSeeds: bySeed.filter((kind) => kind !== null).length,
    };
}
function budgetFindings(probes) {
    return probes.flatMap(({ measure, planned, run, budgetSeconds, neededSeconds }) => {
        const budget = minutes(budgetSeconds);
        const { title } = measures[measure];
        if (run === null) {
            if (neededSeconds === null)
                return [];
            // Timed steps vary between runs; a tenth more is sure to do.
            const enough = `${Math.ceil((neededSeconds * 1.1) / 60)}m`;
            return [
                {
                    code: 'budget_too_small',
                    about: 'run',
                    measure,
                    text: `The ${title} did not run: the smallest fair comparison takes about ${minutes(neededSeconds)}, and its budget is ${budget}. Set evidence.finetune.budget to ${enough} (and evidence.budget, which is for everything, to more), or use a GPU.`,
                },
            ];
        }
        const cuts = [
            ['seeds', run.seeds, planned.seeds],
            ['learning rates', run.learningRates, planned.learningRates],
            ['images', run.images, planned.images],
            ['steps a run', run.steps, planned.steps],
        ].flatMap(([what, done, wanted]) => (done < wanted ? [`${done} of ${wanted} ${what}`] : []));
        if (cuts.length === 0)
            return [];
        return [
            {
                code: 'plan_reduced',
                about: 'run',
                measure,
                text: `To fit its budget of ${budget} the ${title} was cut for all candidates alike: ${cuts.join(', ')}. All of it would take about ${minutes(planned.seconds)} (evidence.finetune.budget).`,
            },
        ];
    });
}
function minutes(seconds) {
    return seconds < 100 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
/** Candidates that could not be trained, as by an operator that has no gradient. */
function refusals({ measurements }, measure) {
    return measurements.flatMap((found) => found.measure === measure && found.refused !== undefined
        ? [
            {
                code: 'measure_refused',
                about: found.candidate,
                measure,
                text: `${found.candidate}: ${found.refused}`,
            },
        ]
        : []);
}
function trainingFindings(evidence, measure) {
    const scored = evidence.measurements.filter((found) => found.measure === measure && found.estimate !== null);
    const candidates = scored.filter(({ candidate }) => !isControl(candidate));
    // A proxy is compared with proxies, so each of the two has a best candidate of its own.
    const fields = [false, true]
        .map((proxied) => candidates.filter((found) => (proxyOf(found) !== null) === proxied))
        .filter((field) => field.length > 0);
    return [
        ...scored.flatMap(collapseFinding),
        ...fields.flatMap((field) => targetFindings(field, fields.length === 1)),
        ...fields.flatMap((field) => gainFinding(field, evidence.comparisons)),
    ];
}
const collapseWords = {
    diverged: 'the loss grew beyond all bounds',
    'one class': 'one class for almost all images',
    'below chance': 'worse than guessing',
};
/** A control that learns nothing is a result; only one whose training broke down is none. */
function collapseFinding({ candidate, measure, details }) {
    const kinds = typeof details.collapsed === 'string' ? details.collapsed.split(', ') : [];
    if (kinds.length === 0 || (isControl(candidate) && !kinds.includes('diverged')))
        return [];
    const words = kinds.map((kind) => collapseWords[kind] ?? kind).join('; ');
    const seeds = typeof details.seeds === 'number' ? `${details.collapsedSeeds} of ${details.seeds} seeds` : 'a run';
    return [
        {
            code: 'collapsed',
            about: candidate,
            measure,
            text: `The ${measures[measure].title} broke down on ${candidate} in ${seeds} (${words}), so its score says little of the source.`,
        },
    ];
}
/** What makes a whole field's order worthless. */
function targetFindings(field, onlyField) {
    const { measure } = field[0];
    const { title } = measures[measure];
    const about = onlyField ? ['target'] : field.map(({ candidate }) => candidate);
    const who = onlyField ? 'candidate' : proxyOf(field[0]) === null ? 'candidate with weights' : 'proxy';
    const whose = (id) => (onlyField ? '' : ` (${id})`);
    const chance = reference(field, 'chance');
    if (chance !== undefined && field.every(({ estimate }) => atChance(estimate, chance)))
        return about.map((id) => ({
            code: 'target_at_chance',
            about: id,
            measure,
            text: `The ${title} takes no ${who} above chance on this target, so their order says nothing${whose(id)}.`,
        }));
    const meanColour = reference(field, 'mean_colour');
    const best = Math.max(...field.map(({ estimate }) => estimate.value));
    if (meanColour !== undefined && best < meanColour + worthwhile)
        return about.map((id) => ({
            code: 'solved_by_mean_colour',
            about: id,
            measure,
            text: `The mean colour of each image alone does as well as the best ${who} of the ${title}: a shortcut solves the task, so it does not tell sources apart${whose(id)}.`,
        }));
    return [];
}
function reference(field, name) {
    return field.flatMap(({ readAgainst }) => readAgainst).find((one) => one.name === name)?.value;
}
/** Whether the best of a field beats random initialisation of its own network. */
function gainFinding(field, comparisons) {
    const best = field.reduce((a, b) => (b.estimate.value > a.estimate.value ? b : a));
    const { candidate, measure } = best;
    const twins = comparisons.filter(({ measure: own, subject, object }) => own === measure && ((subject === candidate && isScratch(object)) || (object === candidate && isScratch(subject))));
    const twin = twins.find(({ subject, object }) => subject === scratchId || object === scratchId) ?? twins[0];
    if (!twin?.estimate)
        return [];
    const { low, high } = twin.estimate;
    if (twin.subject === candidate ? low > 0 : high < 0)
        return [];
    const below = twin.subject === candidate ? high < 0 : low > 0;
    return [
        {
            code: 'pretraining_gains_nothing',
            about: candidate,
            measure,
            text: `${candidate}, the best ${proxyOf(best) === null ? 'candidate' : 'proxy'} of the ${measures[measure].title}, ${below ? 'scores below' : 'is not told apart from'} random initialisation of the same network: pretraining gains nothing measurable here.`,
        },
    ];
}

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
function splits_groupedStratifiedFolds(request) {
    const { labels, groups, classes, folds, repeats, seed, groupsInTrain = 2 } = request;
    if (labels.length !== groups.length)
        throw new errors_TransferEvidenceError('shape-mismatch', `Every image needs a group: ${labels.length} images, ${groups.length} groups were given.`);
    const gathered = splits_gather(request);
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
            const random = seededRandom(from, 'folds', repeat, attempt);
            const assignment = multilabel
                ? iterativeStratification(items, classes, folds, random)
                : evenShares(items, classes, folds, random);
            if (trainsHoldEveryClass(assignment, items, request, groupsInTrain))
                return assignment;
        }
        throw new errors_TransferEvidenceError('measure-refused', `No division into ${folds} folds was found whose train folds all hold ${groupsInTrain} groups of every class. Add groups (patients, slides, or images where there are no groups) of the rarest classes.`);
    }
}
function splits_gather({ labels, groups, classes }) {
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
                throw new errors_TransferEvidenceError('shape-mismatch', `Labels are class indices from 0 to ${classes - 1}; image ${image} has ${label}.`);
            group.counts[label] = group.counts[label] + 1;
        }
    });
    return [...byName.values()];
}
/** For multi-label a label must be absent somewhere as well as present. */
function splits_sides(group, label, multilabel) {
    const count = group.counts[label];
    return [count > 0, !multilabel || count < group.images.length];
}
function refuseRareClasses({ classes, folds, multilabel, groupsInTrain = 2 }, groups) {
    const needed = groupsInTrain + 1;
    if (groups.length < folds)
        throw new errors_TransferEvidenceError('measure-refused', `${folds} folds need at least ${folds} groups; the target has ${groups.length}.`);
    for (let label = 0; label < classes; label++) {
        const found = [0, 1].map((side) => groups.filter((group) => splits_sides(group, label, multilabel)[side]).length);
        const few = Math.min(found[0], found[1]);
        if (few < needed)
            throw new errors_TransferEvidenceError('measure-refused', `Every class needs at least ${needed} groups (patients, slides, or images where there are no groups) that ${found[0] < needed ? 'have' : 'lack'} it; class ${label} has ${few}. Add images or leave the class out.`);
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
                const [present, absent] = splits_sides(group, label, multilabel);
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

;// CONCATENATED MODULE: ./src/probe/linear/cholesky.ts


/**
 * Factors A = L Lᵀ by rows, three at a time (Cholesky–Banachiewicz), so that almost all of the work is dot products
 * of contiguous rows.
 * @param entry the matrix, n × n, row-major; only its lower triangle is read
 * @throws measure-refused when A is not positive definite
 */
function cholesky_cholesky(entry, n) {
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
                        throw new TransferEvidenceError('measure-refused', `A positive definite matrix was expected; pivot ${i + r} of ${n} is ${rest}. Check the features for values that are not finite.`);
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

;// CONCATENATED MODULE: ./src/probe/linear/softmax-regression.ts



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
function softmax_regression_softmaxRegressionPath(problem, costs, options = {}) {
    const { tolerance = 1e-12, maxIterations = 300 } = options;
    const { outputs } = problem;
    const n = problem.targets.length / outputs;
    const size = outputs * n;
    const gram = centred(problem.gram, n);
    let position = new Float64Array(2 * size + outputs);
    return costs.map((cost) => {
        const minimum = lbfgs(objectiveOf(problem, gram, cost, position), position, { tolerance, maxIterations });
        position = minimum.position;
        // The scores were carried along, not computed from the coefficients; where the two disagree the value is not true.
        position.set(dotProducts(position.subarray(0, size), outputs, gram, n, n), size);
        const objective = evaluate(position, new Float64Array(size + outputs), problem, n, cost);
        return {
            ...uncentred(position, problem.gram, outputs, n),
            objective,
            iterations: minimum.iterations,
            converged: minimum.converged && Math.abs(objective - minimum.value) <= 10 * tolerance * objective,
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
    softmax_regression_toProbabilities(probabilities, outputs, link);
    const curvature = new Float64Array(n);
    const freedom = link === 'softmax' ? outputs - 1 : outputs;
    for (let i = 0; i < size; i++)
        curvature[i % n] = curvature[i % n] + (probabilities[i] * (1 - probabilities[i])) / freedom;
    const mean = curvature.reduce((sum, x) => sum + x, 0) / n;
    const mixed = curvature.map((x) => Math.max(1e-4, (0.9 * x + 0.1 * mean) / 2));
    return { inverses: mixed.map((x) => 1 / x), total: mixed.reduce((sum, x) => sum + x, 0) };
}
/** Scores of further rows from their dot products with the train rows (m × n): outputs × m. */
function softmax_regression_scoresOf(model, cross, m) {
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
function softmax_regression_toProbabilities(scores, outputs, link, targets) {
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
    const loss = softmax_regression_toProbabilities(gradient.subarray(0, size), outputs, link, targets);
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

;// CONCATENATED MODULE: ./src/probe/linear/standardised-gram.ts


/**
 * Dot products of rows whose columns were standardised by the mean and standard deviation (of the population) of the
 * train rows alone. Columns that do not vary there, within the rounding of single precision, become 0.
 */
function standardised_gram_standardisedGram(features, train, test) {
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
    const trainRows = rows(train);
    return {
        train: dotProducts(trainRows, train.length, trainRows, train.length, columns),
        test: dotProducts(rows(test), test.length, trainRows, train.length, columns),
    };
}
/** @throws measure-refused when a feature is not a finite number */
function refuseNonFinite(features) {
    const at = features.data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0)
        throw new errors_TransferEvidenceError('measure-refused', `Features must be finite; row ${Math.floor(at / features.columns)}, column ${at % features.columns} is ${features.data[at]}. Check the network and its preprocessing.`);
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

;// CONCATENATED MODULE: ./src/probe/linear/evaluate.ts







const innerFolds = 3;
/** Strengths are ten times apart by default: their losses differ long before the sixth digit. */
const innerTolerance = 1e-6;
/**
 * The linear probe: logistic or softmax regression on frozen features, on every split of the protocol.
 * @param features images × columns, in the order of the protocol's labels
 * @throws measure-refused for features that are not finite, or a metric that cannot be had
 * @throws shape-mismatch when features and labels differ in number
 */
function linearProbe(features, protocol) {
    checkFeatures(features, protocol);
    return gatherResults(protocol, protocol.splits.map((_, index) => linearProbeSplit(features, protocol, index)));
}
/** What {@link linearProbe} asks of features before any split is run. */
function checkFeatures(features, { labels }) {
    if (features.rows !== labels.length)
        throw new errors_TransferEvidenceError('shape-mismatch', `Features need one row an image: ${features.rows} rows, ${labels.length} images.`);
    refuseNonFinite(features);
}
/**
 * One split. Features are standardised by its train images; C is chosen among them by grouped, stratified 3-fold
 * cross-validation on mean log-loss (a proper score: it still tells strengths apart where accuracy, on a few images,
 * ties), the smaller C winning ties; the model is then fitted to all of them. The inner folds share the outer train
 * fold's standardisation, which uses no label and no test image.
 */
function linearProbeSplit(features, protocol, index) {
    const { labels, classes, task, metric } = protocol;
    const { train, test } = protocol.splits[index];
    const outputs = outputsOf(task, classes);
    const link = task === 'multiclass' ? 'softmax' : 'sigmoid';
    const gram = standardisedGram(features, train, test);
    const targets = evaluate_targetsOf(train.map((image) => labels[image]), outputs);
    const costs = costGrid(protocol.configurations);
    const fits = [];
    let chosen = 0;
    if (costs.length > 1) {
        const losses = new Float64Array(costs.length);
        for (const inner of innerSplits(protocol, index)) {
            const part = gramOf(gram.train, train.length, inner.train, inner.train);
            const held = gramOf(gram.train, train.length, inner.test, inner.train);
            const heldTargets = columnsOf(targets, outputs, inner.test);
            const path = softmaxRegressionPath({ gram: part, targets: columnsOf(targets, outputs, inner.train), outputs, link }, costs, { tolerance: innerTolerance });
            path.forEach((model, c) => {
                losses[c] = losses[c] + toProbabilities(scoresOf(model, held, inner.test.length), outputs, link, heldTargets);
            });
            fits.push(...path);
        }
        chosen = losses.indexOf(Math.min(...losses));
    }
    const path = softmaxRegressionPath({ gram: gram.train, targets, outputs, link }, costs.slice(0, chosen + 1));
    fits.push(...path);
    const scores = scoresOf(path.at(-1), gram.test, test.length);
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
function evaluate_targetsOf(labels, outputs) {
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
function gramOf(gram, n, rows, columns) {
    const out = new Float64Array(rows.length * columns.length);
    let at = 0;
    for (const row of rows)
        for (const column of columns)
            out[at++] = gram[row * n + column];
    return out;
}
function columnsOf(values, outputs, columns) {
    return gramOf(values, values.length / outputs, Array.from({ length: outputs }, (_, k) => k), columns);
}

;// CONCATENATED MODULE: ./src/probe/run.ts




/** Part of every stored result's key: raised whenever the same features would give another number. */
const probeVersion = 1;
/**
 * Runs the linear probe of every job. Each split is a task of its own and depends on nothing but its features and the
 * protocol, so results are the same to the last bit however they are shared out.
 * @throws measure-refused as {@link checkFeatures} and the probe do
 * @throws the signal's reason where that is one of the program's errors, otherwise cancelled
 */
async function runProbes(jobs, protocol, { threads, onProgress, signal }) {
    if (signal?.aborted)
        throw run_cancelled(signal);
    for (const { features } of jobs)
        checkFeatures(features, protocol);
    const tasks = jobs.flatMap((_, job) => protocol.splits.map((_, split) => ({ job, split })));
    const found = jobs.map(() => []);
    if (tasks.length > 0) {
        const data = { features: jobs.map(({ features }) => run_shared(features)), protocol };
        const workers = Array.from({ length: Math.max(1, Math.min(threads, tasks.length)) }, () => startWorker('probe', data));
        try {
            await shareOut(workers, tasks, { found, onProgress, signal });
        }
        finally {
            await Promise.all(workers.map((worker) => worker.terminate()));
        }
    }
    return new Map(jobs.map(({ id }, job) => [id, result_gatherResults(protocol, found[job])]));
}
function shareOut(workers, tasks, run) {
    const { found, onProgress, signal } = run;
    return new Promise((resolve, reject) => {
        let next = 0;
        let done = 0;
        const give = (worker) => {
            if (next < tasks.length)
                worker.postMessage(tasks[next++]);
        };
        const abort = () => reject(run_cancelled(signal));
        signal?.addEventListener('abort', abort, { once: true });
        const finish = (act) => {
            signal?.removeEventListener('abort', abort);
            act();
        };
        for (const worker of workers) {
            worker.on('message', (answer) => {
                if ('error' in answer)
                    return finish(() => reject(new errors_TransferEvidenceError(answer.error.code, answer.error.message)));
                found[answer.task.job][answer.task.split] = answer.result;
                done++;
                onProgress?.(done, tasks.length);
                if (done === tasks.length)
                    return finish(resolve);
                give(worker);
            });
            worker.on('error', (error) => finish(() => reject(error)));
            give(worker);
        }
    });
}
function run_cancelled(signal) {
    return signal?.reason instanceof errors_TransferEvidenceError
        ? signal.reason
        : new errors_TransferEvidenceError('cancelled', 'The probes were stopped before they were done.');
}
/** The same numbers in memory that threads can read without copying. */
function run_shared({ data, rows, columns }) {
    const buffer = new SharedArrayBuffer(data.byteLength);
    const copy = data instanceof Float32Array ? new Float32Array(buffer) : new Float64Array(buffer);
    copy.set(data);
    return { data: copy, rows, columns };
}

;// CONCATENATED MODULE: ./src/evidence/probes.ts





const folds = 5;
/** Trains and compares the probes; what the store holds is not trained again. */
async function measureProbes(request, store, options) {
    const { subjects, labels, groups, classes, task, metric, repeats, configurations, seed } = request;
    const splits = splits_groupedStratifiedFolds({
        labels,
        groups,
        classes: classes.length,
        folds,
        repeats,
        seed,
        multilabel: task === 'multilabel',
    });
    const protocol = {
        labels,
        groups,
        classes: classes.length,
        task,
        metric,
        splits,
        configurations,
        seed,
    };
    const keys = new Map(subjects.map(({ id, digest }) => [
        id,
        digestOf({ probeVersion: probeVersion, digest, target: request.target, folds, repeats, configurations, seed, task, metric }),
    ]));
    // By key: the same features under two names are trained on once.
    const found = new Map();
    const missing = new Map();
    for (const subject of subjects) {
        const key = keys.get(subject.id);
        const known = (await store.readJson('probe', key));
        if (known)
            found.set(key, known);
        else
            missing.set(key, subject);
    }
    const jobs = [...missing].map(([key, { features }]) => ({ id: key, features }));
    const fresh = await runProbes(jobs, protocol, {
        threads: options.threads,
        onProgress: options.progress,
        ...(options.signal ? { signal: options.signal } : {}),
    });
    for (const [key, result] of fresh) {
        found.set(key, result);
        await store.writeJson('probe', key, result);
    }
    const results = new Map(subjects.map(({ id }) => [id, found.get(keys.get(id))]));
    const compared = compareProbes({ results, protocol });
    const comparisons = [...compared.differences].map(([pair, estimate]) => {
        const [subject, object] = pair.split('\u0000');
        return {
            measure: 'probe.linear',
            subject,
            object,
            estimate,
            n: { target: labels.length, groups: new Set(groups).size },
            seed,
            key: digestOf([keys.get(subject), keys.get(object)]),
        };
    });
    return {
        results,
        scores: compared.scores,
        comparisons,
        chance: chanceLevel(metric, classes.length, probes_commonestShare(labels, classes.length)),
        keys,
        known: new Set(subjects.map(({ id }) => id).filter((id) => !missing.has(keys.get(id)))),
    };
}
/** The score of one candidate beside what it is read against. */
function probeMeasurement(candidate, evidence, request, controls) {
    const result = evidence.results.get(candidate);
    const readAgainst = [{ name: 'chance', value: evidence.chance }];
    for (const [name, id] of [
        ['mean_colour', controls.meanColour],
        ['scratch', controls.scratch],
    ]) {
        const score = id === undefined || id === candidate ? undefined : probes_scoreOf(id, evidence);
        if (score)
            readAgainst.push({ name, value: score.value, low: score.low, high: score.high });
    }
    return {
        measure: 'probe.linear',
        candidate,
        estimate: probes_scoreOf(candidate, evidence),
        n: { target: request.labels.length, groups: new Set(request.groups).size },
        seed: request.seed,
        key: evidence.keys.get(candidate),
        readAgainst,
        details: {
            folds,
            repeats: request.repeats,
            configurations: request.configurations,
            converged: result.converged,
            metric: request.metric,
        },
    };
}
/** Every metric lies between 0 and 1, and so does what its interval can mean. */
function probes_scoreOf(id, { scores }) {
    const score = scores.get(id);
    return score && { ...score, low: Math.max(0, score.low), high: Math.min(1, score.high) };
}
function probes_commonestShare(labels, classes) {
    const counts = new Array(classes).fill(0);
    for (const own of labels)
        for (const label of own)
            counts[label]++;
    return Math.max(...counts) / labels.length;
}

;// CONCATENATED MODULE: ./src/evidence/target-probes.ts






/**
 * The linear probe on every candidate's own features, and on the controls that always run beside it: the same network
 * with random weights (`scratch`, the mean of several draws) and the mean colour of each image (`mean_colour`).
 */
async function measureTargetProbes({ plan, networks, target, task, metric }, store, options) {
    const candidates = [...networks.own.keys()];
    // One architecture has one control, named `scratch`; of several, each candidate is compared with its own.
    const architectures = new Set(networks.random.values());
    const twinName = (candidate) => (architectures.size === 1 ? scratchId : scratchOf(firstWith(candidate)));
    const firstWith = (candidate) => candidates.find((id) => networks.random.get(id) === networks.random.get(candidate));
    const subjects = new Map();
    for (const id of candidates) {
        const own = networks.own.get(id);
        subjects.set(id, { id, digest: own.digest, features: target.features.get(own.digest) });
        for (const [draw, { digest }] of networks.random.get(id).entries()) {
            const name = drawName(twinName(id), draw);
            subjects.set(name, { id: name, digest, features: target.features.get(digest) });
        }
    }
    subjects.set(meanColourId, { id: meanColourId, digest: meanColourId, features: meanColours(target) });
    const request = probeRequest({ plan, target, task, metric }, [...subjects.values()]);
    const twins = [...new Set(candidates.map(twinName))];
    const evidence = withDrawsMerged(await measureProbes(request, store, options), twins);
    const controls = [...twins, meanColourId];
    return {
        evidence,
        measurements: [
            ...candidates.map((id) => probeMeasurement(id, evidence, request, { scratch: twinName(id), meanColour: meanColourId })),
            ...controls.map((id) => probeMeasurement(id, evidence, request, { meanColour: meanColourId })),
        ],
        comparisons: evidence.comparisons.flatMap((comparison) => target_probes_renamed(comparison, candidates, twinName)),
        controls: controls.map((id) => ({ id, role: 'control', weights: null, sample: null })),
    };
}
/** A linear probe of these subjects on the target, as the plan wants it. */
function probeRequest({ plan, target, task, metric }, subjects) {
    return {
        subjects,
        labels: target.images.map(({ labels }) => labels),
        groups: target.groups,
        classes: plan.target.dataset.classes,
        task,
        metric,
        target: digestOf([target.digest, target.images.length]),
        repeats: plan.seeds,
        configurations: plan.configurations,
        seed: plan.seed,
    };
}
/** Claims say `scratch` and mean the subject's own network: of several random twins only that comparison has the name. */
function target_probes_renamed(comparison, candidates, twinName) {
    const { subject, object } = comparison;
    if (candidates.includes(subject) && object === twinName(subject))
        return [{ ...comparison, object: scratchId }];
    if (candidates.includes(object) && subject === twinName(object))
        return [{ ...comparison, subject: scratchId }];
    return [comparison];
}
/** L*, a*, b* of every image: what is left when only the mean colour is looked at. */
function meanColours({ visual, images }) {
    const colours = ['visual.lightness', 'visual.green_red', 'visual.blue_yellow'].map((name) => {
        const slice = visualSlice(visual, name);
        return images.map((_, row) => visualMeasureOf(name).mean(selectRows(slice, [row])));
    });
    return matrix(Float64Array.from(images.flatMap((_, row) => colours.map((means) => means[row]))), images.length, 3);
}

;// CONCATENATED MODULE: ./src/evidence/training-evidence.ts








/** Scores and differences. Networks of candidates and proxies are two fields that are never compared with each other. */
function trainingEvidence(field, context) {
    const fields = [false, true]
        .map((proxied) => field.subjects.filter(({ proxy }) => (proxy !== null) === proxied))
        .filter((subjects) => subjects.length > 0)
        .map((subjects) => evidenceOf({ ...field, subjects }, context));
    return {
        measurements: fields.flatMap(({ measurements }) => measurements),
        comparisons: fields.flatMap(({ comparisons }) => comparisons),
    };
}
function evidenceOf(field, context) {
    const { measure, subjects, splits, chosen } = field;
    const { task } = context;
    const { protocol, seed } = task;
    const results = new Map(subjects.map(({ id }) => [id, chosen.get(id)]));
    const compared = compareFineTunes({ results, protocol: { ...protocol, splits } });
    const keys = new Map(subjects.map((subject) => [subject.id, training_evidence_keyOf(subject, field, task)]));
    const tested = [...new Set(splits.flatMap(({ test }) => test))];
    const n = { target: tested.length, groups: new Set(tested.map((image) => protocol.groups[image])).size };
    const measurements = subjects.map((subject) => ({
        measure,
        candidate: subject.id,
        estimate: bounded(compared.scores.get(subject.id)),
        n,
        seed,
        key: keys.get(subject.id),
        readAgainst: references(subject, compared.scores, field, context),
        details: detailsOf(subject, field, context),
    }));
    const candidates = subjects.filter(({ id, twin }) => id !== twin).map(({ id }) => id);
    const twinOf = (id) => subjects.find((subject) => subject.id === id).twin;
    const comparisons = [...compared.differences].flatMap(([pair, estimate]) => {
        const [subject, object] = pair.split('\u0000');
        const key = digestOf([keys.get(subject), keys.get(object)]);
        return target_probes_renamed({ measure, subject, object, estimate, n, seed, key }, candidates, twinOf);
    });
    return { measurements, comparisons };
}
function training_evidence_keyOf(subject, { measure, splits, size }, task) {
    const { digest, seed, fineTuning, device } = task;
    // How long it was expected to take determines nothing.
    const { seconds: _, ...trained } = size;
    const { budgetSeconds: __, ...settings } = fineTuning;
    const networks = splits.map(({ seedIndex }) => subject.digest(seedIndex));
    return digestOf({ trainingVersion: trainingVersion, measure, networks, target: digest, trained, seed, settings, device });
}
function references({ id, twin }, scores, { splits }, { task, meanColour }) {
    const { labels, classes, metric } = task.protocol;
    const tested = splits.flatMap(({ test }) => test);
    const counts = new Array(classes).fill(0);
    for (const image of tested)
        for (const label of labels[image])
            counts[label]++;
    const found = [
        { name: 'chance', value: chanceLevel(metric, classes, Math.max(...counts) / tested.length) },
    ];
    if (meanColour)
        found.push({ name: meanColourId, value: meanColour.value, low: meanColour.low, high: meanColour.high });
    const scratch = id === twin ? undefined : scores.get(twin);
    if (scratch) {
        const { value, low, high } = bounded(scratch);
        found.push({ name: 'scratch', value, low, high });
    }
    return found;
}
function detailsOf(subject, { measure, splits, size, chosen }, { task }) {
    const { fineTuning, protocol, device, lowering } = task;
    const runs = chosen.get(subject.id);
    return {
        seeds: size.seeds,
        learningRates: size.learningRates,
        steps: size.steps,
        batch: fineTuning.batch,
        epochs: fineTuning.epochs,
        optimiser: fineTuning.optimiser,
        augmentation: augmentationWords(augmentationOf(fineTuning)),
        strategy: subject.id === subject.twin ? 'scratch' : measure === 'probe.finetune' ? 'finetune' : 'last_block',
        formulation: lowering.block === undefined ? 'standard' : 'blocked',
        device,
        proxy: subject.proxy,
        ...collapseDetails(runs.map((run, i) => collapseOf(run, { ...protocol, labels: splits[i].test.map((image) => protocol.labels[image]) }))),
        chosenLearningRates: runs.map(({ learningRate }) => learningRate).join(', '),
    };
}
/** A candidate or control that could not be trained. */
function refusedMeasurement({ id, measure, text }, { network, proxy }, { protocol, seed }) {
    return {
        measure,
        candidate: id,
        estimate: null,
        refused: text,
        n: { target: protocol.labels.length },
        seed,
        key: digestOf({ trainingVersion: trainingVersion, measure, refused: text, network }),
        readAgainst: [],
        details: { proxy },
    };
}
/** Every metric lies between 0 and 1, and so does what its interval can mean. */
function bounded(estimate) {
    return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}

;// CONCATENATED MODULE: ./src/evidence/training-runs.ts








/**
 * Trains every subject with each of its learning rates on every seed, from where an earlier start of the program left off:
 * each run is kept as soon as it is done, the predictions of its test images in it. What two subjects have in common, as
 * one network under two names, is trained once. Results are the same however runs are shared out among threads.
 */
async function trainRuns(subjects, measure, size, task, means) {
    const { store, signal } = means;
    const planned = new Map();
    const keysOf = new Map();
    for (const subject of subjects) {
        const bySeed = size.splits.map((at) => subject.learningRates.map((rate) => {
            const run = { subject, at, rate };
            const key = runKey(run, measure, size.steps, task);
            if (!planned.has(key))
                planned.set(key, run);
            return key;
        }));
        keysOf.set(subject.id, bySeed);
    }
    const found = new Map();
    for (const key of planned.keys()) {
        const known = (await store.readJson('training-run', key));
        if (known)
            found.set(key, known);
    }
    const missing = [...planned].filter(([key]) => !found.has(key));
    const failed = new Map();
    let done = found.size;
    const tell = () => means.onStep(stepName[measure], done, planned.size);
    if (missing.length > 0)
        tell();
    await means.threads.each(missing, async ([key, run], thread) => {
        if (!failed.has(run.subject))
            try {
                const weights = await openForSeed({ ...run, measure }, thread, task, means);
                const result = await trainOnce(run, size.steps, weights, { task, trainer: thread.trainer, signal });
                await store.writeJson('training-run', key, result);
                found.set(key, result);
            }
            catch (error) {
                if (!cannotBeTrained(error))
                    throw error;
                failed.set(run.subject, error.message);
            }
        done++;
        tell();
    });
    const result = { chosen: new Map(), refused: new Map(), runs: planned.size, fresh: missing.length };
    for (const { id } of subjects) {
        const bySeed = keysOf.get(id);
        const lost = bySeed.flat().find((key) => !found.has(key));
        // The one that was trained on behalf of both may bear another name.
        if (lost !== undefined)
            result.refused.set(id, failed.get(planned.get(lost).subject));
        else
            result.chosen.set(id, bySeed.map((keys) => chooseRun(keys.map((key) => found.get(key)))));
    }
    return result;
}
const stepName = {
    'probe.finetune': 'Fine-tuning',
    'probe.last_block': 'Training last blocks',
};
function runKey({ subject, at, rate }, measure, steps, task) {
    const { fineTuning, protocol, seed, digest, device, lowering } = task;
    return digestOf({
        trainingVersion: trainingVersion,
        measure,
        network: subject.digest(at.seedIndex),
        target: digest,
        seed,
        split: at,
        rate,
        steps,
        batch: fineTuning.batch,
        optimiser: optimiserOf(fineTuning),
        augmentation: augmentationOf(fineTuning),
        task: protocol.task,
        metric: protocol.metric,
        // Differences in the last bits grow as training goes on.
        device,
        lowering,
    });
}
async function trainOnce({ at, rate }, steps, weights, { task, trainer, signal }) {
    const { protocol, fineTuning, seed } = task;
    await trainer.reset(at.train, weights);
    const batches = batchesOf({
        train: at.train,
        batch: fineTuning.batch,
        steps,
        seed,
        seedIndex: at.seedIndex,
        augmentation: augmentationOf(fineTuning),
    });
    const rates = learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) });
    const { losses, diverged } = await trainer.train({ batches, learningRates: rates }, { signal });
    const [validation, test] = [await trainer.predict(at.validation), await trainer.predict(at.test)];
    const labels = at.validation.map((image) => protocol.labels[image]);
    const broken = diverged !== null || !validation.every(Number.isFinite);
    return recordRun({
        seedIndex: at.seedIndex,
        learningRate: rate,
        steps,
        validation: broken
            ? Number.NaN
            : metrics_scoreOf(protocol.metric, { ...protocol, labels, probabilities: validation }).score,
        validationLoss: broken ? Number.NaN : crossEntropy(validation, labels, protocol),
        firstLoss: losses[0] ?? Number.NaN,
        lastLoss: losses.at(-1) ?? Number.NaN,
        predictions: test,
    }, protocol);
}
/** No probability is taken to be smaller: one sure mistake would decide between configurations. */
const leastProbability = 1e-6;
/** Mean cross-entropy in nats, over labels as well where each stands for itself. */
function crossEntropy(probabilities, labels, { classes, task }) {
    const outputs = protocol_outputsOf(task, classes);
    const surprise = (probability) => -Math.log(Math.max(leastProbability, probability));
    let sum = 0;
    labels.forEach((own, row) => {
        if (task === 'multiclass')
            sum += surprise(probabilities[row * outputs + own[0]]);
        else
            for (let k = 0; k < outputs; k++) {
                const p = probabilities[row * outputs + k];
                sum += surprise(own.includes(outputs === 1 ? 1 : k) ? p : 1 - p) / outputs;
            }
    });
    return sum / labels.length;
}

;// CONCATENATED MODULE: ./src/probe/finetune/budget.ts

/** Shares of the images that a seed trains on, and evaluates on: see splits.ts. */
const trainShare = 0.64;
const evaluatedShare = 0.36;
/**
 * The largest comparison that fits the budget. When not all fits, first seeds are given up, one by one, then
 * configurations, then images, and with images the steps of every run alike. A subject is never given less than another.
 * @param images available in the target
 * @param budgetSeconds for all runs of all subjects together
 * @throws measure-refused when a number is not positive, or the least is more than what is wanted
 */
function planProbe({ images, budgetSeconds, wanted, training, costs, }) {
    budget_check({ images, budgetSeconds, wanted, training, costs });
    const plan = (seeds, configurations, count) => {
        const steps = stepsFor(count, training);
        const seconds = seeds * configurations * secondsOfRuns(costs, count, steps);
        return { kind: 'plan', seeds, configurations, images: count, steps, seconds };
    };
    const fits = ({ seconds }) => seconds <= budgetSeconds;
    for (let seeds = wanted.seeds; seeds > wanted.leastSeeds; seeds--) {
        const found = plan(seeds, wanted.configurations, images);
        if (fits(found))
            return found;
    }
    for (let configurations = wanted.configurations; configurations >= 1; configurations--) {
        const found = plan(wanted.leastSeeds, configurations, images);
        if (fits(found))
            return found;
    }
    let low = Math.min(wanted.leastImages, images);
    const smallest = plan(wanted.leastSeeds, 1, low);
    if (!fits(smallest))
        return { kind: 'too small', needed: smallest.seconds };
    // Seconds never fall as images are added: `low` fits, `high` does not.
    for (let high = images; high - low > 1;) {
        const middle = Math.floor((low + high) / 2);
        if (fits(plan(wanted.leastSeeds, 1, middle)))
            low = middle;
        else
            high = middle;
    }
    return plan(wanted.leastSeeds, 1, low);
}
/** Steps of a run on a target of so many images: `epochs` passes over its train part. */
function stepsFor(images, { epochs, batch, leastSteps }) {
    return Math.max(leastSteps, Math.round((epochs * trainShare * images) / batch));
}
/** One run of each subject. */
function secondsOfRuns({ subjects, overheadPerRun }, images, steps) {
    return subjects.reduce((sum, { secondsPerStep, secondsPerEvaluation }) => sum + overheadPerRun + steps * secondsPerStep + evaluatedShare * images * secondsPerEvaluation, 0);
}
function budget_check({ images, budgetSeconds, wanted, training, costs }) {
    const refuse = (expected) => {
        throw new errors_TransferEvidenceError('measure-refused', `A plan of the fine-tuning probe needs ${expected}.`);
    };
    const counts = { images, ...wanted, batch: training.batch, leastSteps: training.leastSteps };
    for (const [name, count] of Object.entries(counts))
        if (!(Number.isInteger(count) && count >= 1))
            refuse(`a whole number ≥ 1 as ${name}; ${count} was given`);
    if (wanted.leastSeeds > wanted.seeds)
        refuse(`at least as many seeds as the least, ${wanted.leastSeeds}; ${wanted.seeds} were given`);
    if (!(training.epochs > 0 && training.epochs < Infinity))
        refuse(`epochs > 0; ${training.epochs} was given`);
    if (!(budgetSeconds >= 0))
        refuse(`a budget of seconds ≥ 0; ${budgetSeconds} was given`);
    if (costs.subjects.length === 0)
        refuse('subjects to compare; none were given');
    for (const { secondsPerStep, secondsPerEvaluation } of costs.subjects)
        for (const seconds of [secondsPerStep, secondsPerEvaluation, costs.overheadPerRun])
            if (!(seconds >= 0 && seconds < Infinity))
                refuse(`finite measured seconds; ${seconds} was given`);
}

;// CONCATENATED MODULE: ./src/probe/finetune/splits.ts



/** Parts that an outer and an inner division have. A class needs a group in each. */
const splits_folds = 5;
/** Orders that are tried before a division is given up: groups of several classes can defeat a greedy one. */
const splits_attempts = 20;
/**
 * Train, validation and test images of each seed. Seed s is tested on fold s mod 5 of a grouped stratified division into
 * 5, and every 5 seeds a new division is drawn, so that the first five test sets are disjoint and together hold every
 * image. One fifth of what is left, by groups and stratified as well, is for validation. No group is in two parts of a
 * seed, and every part holds every class (for multi-label: images with and without it), so that no score is undefined.
 * Fewer seeds are a prefix of more.
 * @throws measure-refused when a class has too few groups for that, or no such division was found
 * @throws shape-mismatch when labels and groups differ in number
 */
function seedSplits({ seeds, ...request }) {
    splits_refuseRareClasses(request);
    const splits = [];
    let tested = [];
    for (let seedIndex = 0; seedIndex < seeds; seedIndex++) {
        if (seedIndex % splits_folds === 0)
            tested = division(request, 'test', seedIndex / splits_folds);
        const { train: rest, test } = tested[seedIndex % splits_folds];
        const { train, validation } = divideRest(request, rest, seedIndex);
        splits.push({ seedIndex, train, validation, test });
    }
    return splits;
}
function division(request, ...purpose) {
    for (let attempt = 0; attempt < splits_attempts; attempt++) {
        const found = foldsOf(request, ...purpose, attempt);
        if (found.every(({ train, test }) => holdsEveryClass(request, train) && holdsEveryClass(request, test)))
            return found;
    }
    return refuseDivision('test parts');
}
function divideRest(request, rest, seedIndex) {
    const own = {
        ...request,
        labels: rest.map((image) => request.labels[image]),
        groups: rest.map((image) => request.groups[image]),
    };
    const divisible = new Set(own.groups).size >= splits_folds;
    for (let attempt = 0; divisible && attempt < splits_attempts; attempt++) {
        const found = foldsOf(own, 'validation', seedIndex, attempt).find(({ train, test }) => holdsEveryClass(own, train) && holdsEveryClass(own, test));
        if (found) {
            const [train, validation] = [found.train, found.test].map((part) => part.map((i) => rest[i]));
            return { train: train, validation: validation };
        }
    }
    return refuseDivision('train and validation parts');
}
function foldsOf(request, ...purpose) {
    const seed = seededRandom(request.seed, 'fine-tune splits', ...purpose).integer(2 ** 31);
    return splits_groupedStratifiedFolds({ ...request, seed, folds: splits_folds, repeats: 1, groupsInTrain: 1 });
}
function holdsEveryClass({ labels, classes, multilabel }, images) {
    for (let label = 0; label < classes; label++) {
        const having = images.filter((image) => labels[image].includes(label)).length;
        if (having === 0 || (multilabel && having === images.length))
            return false;
    }
    return true;
}
function splits_refuseRareClasses({ labels, groups, classes, multilabel }) {
    for (let label = 0; label < classes; label++)
        for (const side of multilabel ? ['have', 'lack'] : ['have']) {
            const of = groups.filter((_, image) => labels[image]?.includes(label) === (side === 'have'));
            const found = new Set(of).size;
            if (found < splits_folds)
                throw new errors_TransferEvidenceError('measure-refused', `Fine-tuning tests each class in ${splits_folds} parts, so every class needs at least ${splits_folds} groups (patients, slides, or images where there are no groups) that ${side} it; class ${label} has ${found}. Add images or leave the class out.`);
        }
}
function refuseDivision(parts) {
    throw new errors_TransferEvidenceError('measure-refused', `No division of the groups was found whose ${parts} all hold every class. Add groups (patients, slides, or images where there are no groups) of the rarest classes.`);
}

;// CONCATENATED MODULE: ./src/evidence/training-task.ts



function trainingTask({ plan, target, task, metric, }, runs) {
    const { classes } = plan.target.dataset;
    return {
        protocol: {
            labels: target.images.map(({ labels }) => labels),
            groups: target.groups,
            classes: classes.length,
            task,
            metric,
        },
        target,
        classes,
        digest: digestOf([target.digest, target.images.length]),
        fineTuning: plan.fineTuning,
        seed: plan.seed,
        ...runs,
    };
}
/**
 * Train, validation and test images of each seed, by their places among the target's images.
 * @param size `images`: when fewer than there are, they are drawn as any sample is
 * @throws measure-refused when a class has too few groups
 */
function splitsOf(task, { seeds, images }) {
    const { labels, groups, classes, task: kind } = task.protocol;
    const used = drawn(task, images);
    const found = seedSplits({
        labels: used.map((index) => labels[index]),
        groups: used.map((index) => groups[index]),
        classes,
        seeds,
        seed: task.seed,
        multilabel: kind === 'multilabel',
    });
    const back = (part) => part.map((i) => used[i]);
    return found.map(({ seedIndex, train, validation, test }) => ({
        seedIndex,
        train: back(train),
        validation: back(validation),
        test: back(test),
    }));
}
function drawn({ target: { images }, classes, seed }, count) {
    if (count >= images.length)
        return [...images.keys()];
    const sample = drawSample({ images: [...images], classes: [...classes] }, { count, seed, purpose: 'fine-tuning' });
    const kept = new Set(sample.map(({ id }) => id));
    return [...images.keys()].filter((index) => kept.has(images[index].id));
}

;// CONCATENATED MODULE: ./src/evidence/training-size.ts






/** What a run takes beside steps and evaluations: setting weights, exchanging messages, writing the result. */
const secondsPerRun = 0.1;
/** Of the time before the limit of everything; what is timed is never quite what it comes to. */
const usableShare = 0.9;
/**
 * How much of what is wanted fits, found by timing a few steps. Decided once for these networks, images and wishes, and then
 * kept, so that the same evidence comes out however often the program is ended and started again.
 * @param secondsLeft before the time limit of everything, at the moment it is asked
 */
async function trainingSize(subjects, measures, task, means, { timing, secondsLeft, sideBySide }) {
    const { fineTuning, protocol, digest: target, seed, device } = task;
    const networks = subjects.map((subject) => [subject.id, subject.digest(0)]);
    const key = digestOf({ trainingVersion: trainingVersion, networks, measures, target, fineTuning, seed, device });
    const known = (await means.store.readJson('training-size', key));
    if (known)
        return known;
    const { costs, refused } = await timeAll(subjects, measures, task, means, timing);
    const images = protocol.labels.length;
    const training = { epochs: fineTuning.epochs, batch: fineTuning.batch, leastSteps: leastSteps };
    const wanted = {
        seeds: fineTuning.seeds,
        leastSeeds: leastSeeds,
        configurations: fineTuning.learningRates,
        leastImages: Math.min(images, Math.max(60, 20 * protocol.classes)),
    };
    const sizeOf = ({ seeds, configurations, images, steps, seconds }) => ({
        seeds,
        learningRates: configurations,
        images,
        steps,
        seconds: Math.round(seconds),
    });
    if (costs.length === 0) {
        const { seeds, configurations } = wanted;
        const steps = stepsFor(images, training);
        const none = sizeOf({ kind: 'plan', seeds, configurations, images, steps, seconds: 0 });
        return { wanted: none, run: null, neededSeconds: null, refused };
    }
    const each = costs.map(({ secondsPerStep, secondsPerEvaluation }) => ({
        secondsPerStep: secondsPerStep / sideBySide,
        secondsPerEvaluation: secondsPerEvaluation / sideBySide,
    }));
    // Features of the images trained on are standardised before each run.
    const standardising = Math.max(...each.map(({ secondsPerEvaluation }) => secondsPerEvaluation)) * images;
    const plan = (budgetSeconds) => planProbe({
        images,
        budgetSeconds,
        wanted,
        training,
        costs: { subjects: each, overheadPerRun: secondsPerRun + standardising },
    });
    const whole = sizeOf(plan(Number.MAX_VALUE));
    // What else has run before has used part of the time that there is for everything.
    const found = plan(Math.max(0, Math.min(fineTuning.budgetSeconds, usableShare * secondsLeft())));
    if (found.kind === 'too small')
        return { wanted: whole, run: null, neededSeconds: Math.ceil(found.needed), refused };
    const size = { wanted: whole, run: sizeOf(found), neededSeconds: null, refused };
    await means.store.writeJson('training-size', key, size);
    return size;
}
/** Seconds of one step and one evaluation of each subject that can be trained; networks of one architecture are timed once. */
async function timeAll(subjects, measures, task, means, timing) {
    const [at] = splitsOf(task, { seeds: 1, images: task.protocol.labels.length });
    const refused = [];
    const costs = new Map();
    for (const [index, subject] of subjects.entries())
        for (const measure of measures) {
            means.onStep('Timing a few steps', index + 1, subjects.length);
            const key = architecture(subject, measure);
            if (costs.has(key) || !worthTraining(subjects, refusedBy(measure, refused)).includes(subject))
                continue;
            try {
                costs.set(key, await costOf(subject, measure));
            }
            catch (error) {
                if (!cannotBeTrained(error))
                    throw error;
                refused.push({ id: subject.id, measure, text: error.message });
            }
        }
    return {
        refused,
        costs: measures.flatMap((measure) => worthTraining(subjects, refusedBy(measure, refused)).map((subject) => costs.get(architecture(subject, measure)))),
    };
    /** On all threads at once: side by side they are slower than one alone. */
    async function costOf(subject, measure) {
        const speeds = await means.threads.all(async (thread) => {
            await openForSeed({ subject, measure, at: at }, thread, task, means);
            return timing(thread.trainer, { subject: subject.id, measure });
        });
        const mean = (seconds) => speeds.reduce((sum, speed) => sum + seconds(speed), 0) / speeds.length;
        return {
            secondsPerStep: mean(({ secondsPerStep }) => secondsPerStep),
            secondsPerEvaluation: mean(({ secondsPerImage }) => secondsPerImage),
        };
    }
}
function architecture({ twin }, measure) {
    return `${measure} ${twin}`;
}
function refusedBy(measure, refused) {
    return new Map(refused.flatMap(({ id, text, measure: own }) => (own === measure ? [[id, text]] : [])));
}

;// CONCATENATED MODULE: ./src/evidence/fine-tuning.ts















/**
 * The probes that train: every candidate's network, every proxy and one random twin an architecture, on the same splits, in the same
 * order, as often and as long. How much of it fits the budget is found by timing a few steps.
 * @throws measure-refused when the target cannot be divided
 */
async function measureFineTuning(request, store, options) {
    const { natives, device, cores, onStep, signal } = options;
    // On a processor runs side by side, one core each, are done sooner than one after the other on all cores; and numbers do
    // not depend on how many cores there are.
    const sideBySide = device === 'cpu' ? sideBySideHere(cores, request) : 1;
    // Decided once: what the evidence says ran is what every thread is told to run.
    const lowering = await loweringFor(device, natives.onnxruntime);
    const task = trainingTask(request, { device, threads: device === 'cpu' ? 1 : cores, lowering });
    const threads = new TrainThreads(natives.from['onnxruntime-node'].folder, sideBySide);
    const pixels = new Recent(2);
    const means = {
        threads,
        pixels: (demand) => pixels.get(pixelKey(demand), () => readNetworkImages(request.target.images, demand, natives.sharp, {
            onProgress: (done, total) => onStep('Reading images to train on', done, total),
            signal,
        })),
        starts: new Recent(2 * sideBySide),
        store,
        onStep,
        signal,
    };
    try {
        return await measure(request, task, means, { ...options, sideBySide });
    }
    finally {
        await threads.close();
    }
}
async function measure(request, task, means, options) {
    const { plan, networks } = request;
    const measures = plan.probes.filter(isTrainedProbe);
    const result = { measurements: [], comparisons: [], probes: [], controls: [], known: true };
    // Whether the target can be divided is known before anything is trained.
    splitsOf(task, { seeds: leastSeeds, images: task.protocol.labels.length });
    const proxies = await pretrainProxies(request, task, means, options);
    for (const measure of measures)
        for (const [id, text] of proxies.refused)
            result.measurements.push(refusedMeasurement({ id, measure, text }, { network: 'none', proxy: plan.fineTuning.proxy }, task));
    const subjects = trainedSubjects(networks, proxies.encoders, {
        fineTuning: plan.fineTuning,
        seed: plan.seed,
        runtime: options.natives.onnxruntime,
    });
    if (subjects.length === 0)
        return result;
    const { timing = (trainer) => trainer.measure(), secondsLeft, sideBySide } = options;
    const size = await trainingSize(subjects, measures, task, means, { timing, secondsLeft, sideBySide });
    const context = { task, meanColour: request.meanColour };
    for (const measure of measures)
        await measureOne(measure, { subjects, size, context, means }, result);
    const scored = new Set(result.measurements.map(({ candidate }) => candidate));
    for (const { id, twin } of subjects)
        if (id === twin && scored.has(id))
            result.controls.push({ id, role: 'control', weights: null, sample: null });
    return result;
}
/** Trains all subjects for one probe: into the result. */
async function measureOne(measure, { subjects, size, context, means, }, into) {
    const { task } = context;
    const { wanted: planned, run, neededSeconds } = size;
    const { budgetSeconds } = task.fineTuning;
    const refused = refusedBy(measure, size.refused);
    let runs = 0;
    if (run !== null) {
        const splits = splitsOf(task, run);
        const able = worthTraining(subjects, refused).map((subject) => ({
            ...subject,
            learningRates: fine_tuning_middle(subject.learningRates, run.learningRates),
        }));
        const trained = await trainRuns(able, measure, { splits, steps: run.steps }, task, means);
        for (const [id, text] of trained.refused)
            refused.set(id, text);
        const { measurements, comparisons } = trainingEvidence({ measure, subjects: worthTraining(able, refused), chosen: trained.chosen, splits, size: run }, context);
        into.measurements.push(...measurements);
        into.comparisons.push(...comparisons);
        into.known &&= trained.fresh === 0;
        runs = trained.runs;
    }
    into.probes.push({ measure, planned, run, budgetSeconds, neededSeconds, runs });
    const helped = new Set(worthTraining(subjects, refused).map(({ twin }) => twin));
    for (const { id, twin, proxy, digest } of subjects) {
        const text = refused.get(id);
        // Of a control that nobody would have been compared with there is nothing to tell.
        if (text !== undefined && (id !== twin || helped.has(twin)))
            into.measurements.push(refusedMeasurement({ id, measure, text }, { network: digest(0), proxy }, task));
    }
}
/** A network in place of each candidate that has labelled images and no weights; side by side, as all training is. */
async function pretrainProxies({ plan, sources }, task, means, { natives, onStep }) {
    const wanted = plan.candidates
        .filter((candidate) => isProxied(plan, candidate))
        .map((candidate) => {
        const { images } = sources.get(candidate.id);
        return { network: plan.fineTuning.proxy, candidate, images, sharp: natives.sharp };
    });
    const found = new Map();
    for (const request of wanted) {
        const kept = await keptProxy(request, task, means.store);
        if (kept)
            found.set(request.candidate.id, kept);
    }
    const missing = wanted.filter(({ candidate }) => !found.has(candidate.id));
    const refused = new Map();
    const done = new Map();
    const total = missing.length * plan.fineTuning.pretrainingSteps;
    await means.threads.each(missing, async (request, thread) => {
        const { id } = request.candidate;
        const onProgress = (steps) => {
            done.set(id, steps);
            onStep('Pretraining proxies', [...done.values()].reduce((sum, own) => sum + own, 0), total);
        };
        try {
            found.set(id, await pretrainedProxy(request, thread, task, { ...means, onProgress }));
        }
        catch (error) {
            if (!cannotBeTrained(error))
                throw error;
            refused.set(id, error.message);
        }
    });
    // In the manifest's order, whichever was done first.
    const encoders = new Map(wanted.flatMap(({ candidate: { id } }) => (found.has(id) ? [[id, found.get(id)]] : [])));
    return { encoders, refused };
}
function sideBySideHere(cores, { networks, target, plan }) {
    const machine = { cores, freeBytes: process.availableMemory() };
    return sideBySideOn(machine, networks.own.values(), { images: target.images.length, batch: plan.fineTuning.batch });
}
/** The middle of a grid of rates. */
function fine_tuning_middle(rates, count) {
    const from = Math.floor((rates.length - count) / 2);
    return rates.slice(from, from + count);
}

;// CONCATENATED MODULE: ./src/evidence/performance.ts











/**
 * How well each candidate does on the target, by every probe that the plan asks for: into the draft.
 * @returns how many of its measurements were in the store
 */
async function measurePerformance({ plan, networks, target, sources }, draft, options) {
    const { task, metric } = plan;
    if (target === null || metric === null || task === 'unlabelled')
        return 0;
    const question = { plan, networks, target, sources, task, metric };
    const linear = plan.probes.includes('probe.linear') && networks.own.size > 0;
    const { meanColour, known } = linear
        ? await performance_linearProbe(question, draft, options)
        : { meanColour: await scoreOfMeanColour(question, options), known: 0 };
    const trained = await fineTune(question, meanColour, draft, options);
    if (trained)
        draft.findings.push(...fineTuningFindings(draft));
    return known + (trained?.known ? trained.measurements.length : 0);
}
async function performance_linearProbe(question, draft, { store, log, signal }) {
    const probed = await unlessRefused(draft, ['probe.linear'], () => measureTargetProbes(question, store, {
        threads: (0,external_node_os_.availableParallelism)(),
        progress: (done, total) => log.step('Training linear probes', done, total),
        signal,
    }));
    if (!probed)
        return { meanColour: null, known: 0 };
    draft.candidates.push(...probed.controls);
    draft.measurements.push(...probed.measurements);
    draft.comparisons.push(...probed.comparisons);
    draft.findings.push(...probeFindings(probed.evidence, [...question.networks.own.keys()]));
    return { meanColour: probed.evidence.scores.get(meanColourId) ?? null, known: probed.evidence.known.size };
}
async function fineTune(question, meanColour, draft, options) {
    const { plan } = question;
    const { fineTuning } = plan;
    const anyone = question.networks.own.size > 0 || plan.candidates.some((candidate) => isProxied(plan, candidate));
    if (fineTuning === null || !anyone)
        return null;
    const { natives, log, signal, secondsLeft } = options;
    const { device } = await chosenDevice({ device: options.device, onPassedOver: (passed, reason) => log.info(`${passed} is not used: ${reason}`) }, natives.from['onnxruntime-node'].folder);
    const trained = await unlessRefused(draft, plan.probes.filter(isTrainedProbe), () => measureFineTuning({ ...question, plan: { ...plan, fineTuning }, meanColour }, options.store, {
        natives,
        device,
        cores: (0,external_node_os_.availableParallelism)(),
        secondsLeft,
        onStep: (what, done, total) => log.step(what, done, total),
        signal,
        ...(options.timing && { timing: options.timing }),
    }));
    if (!trained)
        return null;
    const there = new Set(draft.candidates.map(({ id }) => id));
    draft.candidates.push(...trained.controls.filter(({ id }) => !there.has(id)));
    draft.measurements.push(...trained.measurements);
    draft.comparisons.push(...trained.comparisons);
    draft.probes.push(...trained.probes);
    return trained;
}
/** The shortcut alone, where no linear probe ran that has it. */
async function scoreOfMeanColour(question, { store, signal }) {
    try {
        const subject = { id: meanColourId, digest: meanColourId, features: meanColours(question.target) };
        const { scores } = await measureProbes(probeRequest(question, [subject]), store, {
            threads: (0,external_node_os_.availableParallelism)(),
            progress: () => undefined,
            signal,
        });
        return scores.get(meanColourId) ?? null;
    }
    catch (error) {
        if (error instanceof errors_TransferEvidenceError && error.code === 'measure-refused')
            return null;
        throw error;
    }
}
/** A target on which no probe can be trained leaves the other measures as they are. */
async function unlessRefused(draft, measures, measured) {
    try {
        return await measured();
    }
    catch (error) {
        if (!(error instanceof errors_TransferEvidenceError) || error.code !== 'measure-refused')
            throw error;
        for (const measure of measures)
            draft.findings.push({ code: 'measure_refused', about: 'target', measure, text: error.message });
        return null;
    }
}

;// CONCATENATED MODULE: ./src/evidence/schema.ts


/**
 * A number with its uncertainty. `low` and `high` are the interval at `level`; a wider or narrower one follows from
 * `value ± t(degreesOfFreedom) · standardError`, which is how verdicts correct for several claims.
 */
const estimate = schemas/* strictObject */.rej({
    value: schemas/* number */.aig(),
    standardError: schemas/* number */.aig().min(0),
    degreesOfFreedom: schemas/* number */.aig().positive(),
    low: schemas/* number */.aig(),
    high: schemas/* number */.aig(),
    level: schemas/* number */.aig().gt(0).lt(1),
    method: schemas/* string */.YjP(),
});
/** What a number is read against: a null (split-half, permutation), a trivial baseline or a control. */
const schema_reference = schemas/* strictObject */.rej({
    name: schemas/* enum */.k5n(['split_half', 'chance', 'mean_colour', 'scratch']),
    value: schemas/* number */.aig(),
    low: schemas/* number */.aig().optional(),
    high: schemas/* number */.aig().optional(),
});
const counts = schemas/* strictObject */.rej({
    target: schemas/* int */.Whr().min(0),
    source: schemas/* int */.Whr().min(0).optional(),
    groups: schemas/* int */.Whr().min(0).optional(),
});
const common = {
    measure: schemas/* enum */.k5n(measureNames),
    /** Embedding measures: in which encoder. */
    encoder: schemas/* string */.YjP().optional(),
    /** `null` when the measure refused; `refused` then says why and what would do. */
    estimate: estimate.nullable(),
    refused: schemas/* string */.YjP().optional(),
    n: counts,
    seed: schemas/* int */.Whr(),
    /** Digest of everything that determines the number: images, sample, weights, preprocessing, measure version, options. */
    key: schemas/* string */.YjP(),
};
/**
 * One measure of one candidate. For a distance: between its sample and the target. For a probe: its score on the target.
 * `details` of a probe that trains say how: `seeds`, `learningRates` (how many), `steps`, `batch`, `epochs`, `optimiser`,
 * `augmentation`, `strategy`, `formulation`, `device`, `chosenLearningRates`; `proxy` (the built-in network whose pretraining on
 * the candidate's images stands in for weights, or null); `collapsed` (what broke down, or null) and `collapsedSeeds` (in how many).
 */
const measurement = schemas/* strictObject */.rej({
    ...common,
    candidate: schemas/* string */.YjP(),
    readAgainst: schemas/* array */.YOg(schema_reference).default([]),
    /** Distances: permutation p of “source and target are one distribution”. */
    p: schemas/* number */.aig().min(0).max(1).optional(),
    details: schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* union */.KCZ([schemas/* number */.aig(), schemas/* string */.YjP(), schemas/* boolean */.zMY(), schemas/* null */.chJ()])).default({}),
});
/**
 * A paired difference of two candidates on the same target images: value = subject − object, in the measure's unit.
 * For distances negative means that the subject is closer; for probes positive means that the subject is better.
 */
const comparison = schemas/* strictObject */.rej({
    ...common,
    subject: schemas/* string */.YjP(),
    object: schemas/* string */.YjP(),
    /** Distances: half-width within which two random halves of the target differ from each other (95 %). */
    nullHalfWidth: schemas/* number */.aig().min(0).optional(),
});
const findingCodes = [
    'no_weights',
    'no_sample',
    'unlabelled_target',
    'images_unreadable',
    'few_groups',
    'target_at_chance',
    'solved_by_mean_colour',
    'collapsed',
    'not_converged',
    'few_seeds',
    'proxy',
    'pretraining_gains_nothing',
    'plan_reduced',
    'budget_too_small',
    'probes_disagree',
    'not_confirmed',
    'measure_refused',
    'infrastructure',
];
/** Something a reader must know beside the numbers. Some findings cap verdicts (see verdict/judge). */
const finding = schemas/* strictObject */.rej({
    code: schemas/* enum */.k5n(findingCodes),
    /** `target`, a candidate's id, or `run`. */
    about: schemas/* string */.YjP(),
    measure: schemas/* enum */.k5n(measureNames).optional(),
    text: schemas/* string */.YjP(),
});
/** What every subject of a probe that trains gets alike. Seconds are those expected when the size was chosen. */
const probeSize = schemas/* strictObject */.rej({
    seeds: schemas/* int */.Whr().min(1),
    learningRates: schemas/* int */.Whr().min(1),
    images: schemas/* int */.Whr().min(1),
    /** Training steps of one run. */
    steps: schemas/* int */.Whr().min(1),
    seconds: schemas/* number */.aig().min(0),
});
/** How much was to be trained and how much was. */
const probeRun = schemas/* strictObject */.rej({
    measure: schemas/* enum */.k5n(trainedProbes),
    planned: probeSize,
    /** `null` when no fair comparison fits into the budget. */
    run: probeSize.nullable(),
    budgetSeconds: schemas/* number */.aig().min(0),
    /** The budget that the smallest fair comparison takes; `null` when the one there was sufficed. */
    neededSeconds: schemas/* number */.aig().min(0).nullable(),
    /** Training runs behind the scores, those of an earlier start of the program among them. */
    runs: schemas/* int */.Whr().min(0),
});
const imageSet = schemas/* strictObject */.rej({
    fingerprint: schemas/* string */.YjP(),
    images: schemas/* int */.Whr().min(0),
    /** Ids (paths relative to the dataset) of the images drawn, in the order of the feature rows. */
    sampled: schemas/* array */.YOg(schemas/* string */.YjP()),
    classes: schemas/* array */.YOg(schemas/* string */.YjP()),
    groups: schemas/* int */.Whr().min(0),
    unreadable: schemas/* array */.YOg(schemas/* string */.YjP()),
});
/** What was decided for the user about a network: the tensor taken as features, an input size assumed. */
const notes = schemas/* array */.YOg(schemas/* string */.YjP());
const evidenceSchema = schemas/* strictObject */.rej({
    schema: schemas/* literal */.euz('transfer-evidence/evidence'),
    version: schemas/* literal */.euz(2),
    /** Digest of the manifest fields that were measured, not of its words. */
    plan: schemas/* string */.YjP(),
    seed: schemas/* int */.Whr(),
    target: schemas/* strictObject */.rej({
        name: schemas/* string */.YjP(),
        task: schemas/* enum */.k5n(['multiclass', 'binary', 'multilabel', 'unlabelled']),
        metric: schemas/* enum */.k5n(['balanced_accuracy', 'accuracy', 'auc', 'macro_auc']).nullable(),
        set: imageSet.nullable(),
    }),
    candidates: schemas/* array */.YOg(schemas/* strictObject */.rej({
        id: schemas/* string */.YjP(),
        /** `control` for the ones the program adds: random initialisation, mean colour. */
        role: schemas/* enum */.k5n(['candidate', 'control']),
        weights: schemas/* strictObject */.rej({
            digest: schemas/* string */.YjP(),
            input: schemas/* array */.YOg(schemas/* int */.Whr()),
            features: schemas/* string */.YjP(),
            dimension: schemas/* int */.Whr(),
            parameters: schemas/* int */.Whr(),
            notes,
        })
            .nullable(),
        sample: imageSet.nullable(),
    })),
    encoders: schemas/* array */.YOg(schemas/* strictObject */.rej({ id: schemas/* string */.YjP(), digest: schemas/* string */.YjP(), dimension: schemas/* int */.Whr(), sees: schemas/* string */.YjP(), notes })),
    measurements: schemas/* array */.YOg(measurement),
    comparisons: schemas/* array */.YOg(comparison),
    /** One entry for each probe that trains; empty when there is none. */
    probes: schemas/* array */.YOg(probeRun),
    findings: schemas/* array */.YOg(finding),
    environment: schemas/* strictObject */.rej({
        program: schemas/* string */.YjP(),
        node: schemas/* string */.YjP(),
        onnxruntime: schemas/* string */.YjP().nullable(),
        sharp: schemas/* string */.YjP().nullable(),
        platform: schemas/* string */.YjP(),
        cpu: schemas/* string */.YjP(),
        cores: schemas/* int */.Whr(),
        /** The device that really ran, not the one asked for. */
        device: schemas/* string */.YjP(),
    }),
    /** The only part that differs between identical runs, beside the seconds that `probes` were expected to take. */
    timings: schemas/* strictObject */.rej({ seconds: schemas/* number */.aig(), cached: schemas/* int */.Whr(), measured: schemas/* int */.Whr() }),
});

;// CONCATENATED MODULE: ./src/similarity/set-distance.ts
function groupCount({ groups }) {
    return new Set(groups).size;
}

;// CONCATENATED MODULE: ./src/similarity/subsample.ts
/**
 * `size` of the rows, drawn at random, in ascending order. With groups whole groups are drawn as long as they fit, and
 * the last one is cut to reach the size exactly, so the rows left have as few and as whole groups as can be.
 */
function subsample(groups, size, random) {
    const chosen = [];
    for (const rows of random.shuffled(rowsByGroup(groups))) {
        chosen.push(...rows.slice(0, size - chosen.length));
        if (chosen.length === size)
            break;
    }
    return Int32Array.from(chosen).sort();
}
/** The rows in two random halves, whole groups on one side each and the sides as even as whole groups allow. */
function halve(groups, random) {
    const first = [];
    const second = [];
    for (const rows of random.shuffled(rowsByGroup(groups)))
        (first.length <= second.length ? first : second).push(...rows);
    return [Int32Array.from(first).sort(), Int32Array.from(second).sort()];
}
/** The rows of each group, groups in the order of their names. */
function rowsByGroup(groups) {
    const byName = new Map();
    groups.forEach((name, row) => {
        const rows = byName.get(name);
        if (rows)
            rows.push(row);
        else
            byName.set(name, [row]);
    });
    return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => rows);
}

// EXTERNAL MODULE: ./node_modules/ml-matrix/matrix.mjs
var ml_matrix_matrix = __webpack_require__(24002);
;// CONCATENATED MODULE: ./src/similarity/embedding/gram.ts

/**
 * All dot products of the rows of two sets, accumulated in float64: `out[i · b.rows + j] = a_i · b_j`.
 * With `a === b` the lower triangle is mirrored, so the result is symmetric to the bit. Each product is summed in the
 * order of the columns whatever its place, so equal rows give equal numbers to the bit.
 * @throws shape-mismatch when the two sets differ in columns
 */
function gram(a, b) {
    if (a.columns !== b.columns)
        throw new errors_TransferEvidenceError('shape-mismatch', `Two sets in one embedding need equal columns; ${a.columns} and ${b.columns} were given.`);
    const d = a.columns;
    const left = Float64Array.from(a.data);
    const right = a === b ? left : Float64Array.from(b.data);
    const out = new Float64Array(a.rows * b.rows);
    // Bands of b small enough to stay in the second-level cache while all of a passes by.
    const band = Math.max(4, (32768 / Math.max(1, d)) & ~3);
    for (let from = 0; from < b.rows; from += band) {
        const to = Math.min(b.rows, from + band);
        for (let i = 0; i < a.rows; i += 2) {
            // A symmetric result needs only the tiles that reach the diagonal.
            const last = a === b ? Math.min(to, i + 2) : to;
            for (let j = from; j < last; j += 4)
                gram_tile(left, right, out, d, i, a.rows, j, b.rows);
        }
    }
    if (a === b)
        mirror(out, a.rows);
    return out;
}
/** Two rows of a times four of b. Past an edge a row is taken twice and its product written once more, unchanged. */
function gram_tile(a, b, out, d, i, aRows, j, bRows) {
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
function mirror(square, n) {
    for (let i = 0; i < n; i++)
        for (let j = i + 1; j < n; j++)
            square[i * n + j] = square[j * n + i];
}

;// CONCATENATED MODULE: ./src/similarity/embedding/frechet.ts



/** Moments of the given rows, at least 2. */
function frechet_momentsOf(set, rows) {
    const d = set.columns;
    const mean = new Float64Array(d);
    for (const row of rows)
        for (let k = 0; k < d; k++)
            mean[k] += set.data[row * d + k];
    for (let k = 0; k < d; k++)
        mean[k] /= rows.length;
    const centred = matrix(new Float64Array(rows.length * d), rows.length, d);
    rows.forEach((row, i) => {
        for (let k = 0; k < d; k++)
            centred.data[i * d + k] = set.data[row * d + k] - mean[k];
    });
    let covariance;
    let root;
    const moments = {
        mean,
        centred,
        covariance: () => {
            covariance ??= covarianceOf(centred);
            return covariance;
        },
        root: () => {
            root ??= squareRoot(moments.covariance());
            return root;
        },
    };
    return moments;
}
/**
 * The squared Fréchet (Wasserstein-2) distance of two Gaussians, |μ1 − μ2|² + tr(Σ1 + Σ2 − 2(Σ1 Σ2)^½), in feature².
 * Dowson & Landau 1982, equation 4. The last trace is the sum of the roots of the eigenvalues of Σ1^½ Σ2 Σ1^½, or, when
 * both samples have at most d rows, the nuclear norm of X Yᵀ / √((n − 1)(m − 1)) of the centred rows, which needs no
 * d × d matrix.
 */
function frechet_frechetTerms(a, b) {
    let mean = 0;
    a.mean.forEach((value, k) => {
        mean += (value - b.mean[k]) ** 2;
    });
    const d = a.mean.length;
    const overlap = Math.max(a.centred.rows, b.centred.rows) <= d ? nuclearOverlap(a, b) : spectralOverlap(a, b);
    return { mean, trace: variance(a) + variance(b) - 2 * overlap };
}
/** tr (Σ1 Σ2)^½ by the eigenvalues of the symmetric product. */
function spectralOverlap(a, b) {
    const root = a.root();
    // gram multiplies rows with rows, which for symmetric matrices is the matrix product.
    const left = matrix(gram(root, b.covariance()), root.rows, root.rows);
    const { values } = symmetricEigen(gram(left, root), root.rows);
    const floor = roundingFloor(values);
    return values.reduce((sum, value) => (value > floor ? sum + Math.sqrt(value) : sum), 0);
}
/** tr (Σ1 Σ2)^½ by the singular values of the products of all pairs of rows. */
function nuclearOverlap(a, b) {
    const x = a.centred;
    const y = b.centred;
    const { scale, scaled } = scaledDense(gram(x, y), x.rows, y.rows);
    const decomposition = new ml_matrix_matrix/* SingularValueDecomposition */.W2(scaled, {
        computeLeftSingularVectors: false,
        computeRightSingularVectors: false,
        autoTranspose: true,
    });
    const sum = decomposition.diagonal.reduce((total, value) => total + value, 0);
    return (scale * sum) / Math.sqrt((x.rows - 1) * (y.rows - 1));
}
function covarianceOf(centred) {
    const { rows, columns, data } = centred;
    const transposed = matrix(new Float64Array(data.length), columns, rows);
    for (let i = 0; i < rows; i++)
        for (let k = 0; k < columns; k++)
            transposed.data[k * rows + i] = data[i * columns + k];
    return matrix(gram(transposed, transposed).map((product) => product / (rows - 1)), columns, columns);
}
/** V Λ^½ Vᵀ, with eigenvalues that are rounding taken as 0. */
function squareRoot(symmetric) {
    const d = symmetric.rows;
    const { values, vectors } = symmetricEigen(symmetric.data, d);
    const floor = roundingFloor(values);
    const weighted = matrix(new Float64Array(d * d), d, d);
    for (let k = 0; k < d; k++) {
        const value = values[k];
        const weight = value > floor ? value ** 0.25 : 0;
        for (let i = 0; i < d; i++)
            weighted.data[i * d + k] = weight * vectors.get(i, k);
    }
    return matrix(gram(weighted, weighted), d, d);
}
/** Below this an eigenvalue is rounding of 0; its root would not be small. */
function roundingFloor(eigenvalues) {
    return Math.max(0, ...eigenvalues) * eigenvalues.length * Number.EPSILON;
}
function symmetricEigen(data, d) {
    const { scale, scaled } = scaledDense(data, d, d);
    const { realEigenvalues, eigenvectorMatrix } = new ml_matrix_matrix/* EigenvalueDecomposition */.hj(scaled, { assumeSymmetric: true });
    return { values: realEigenvalues.map((value) => value * scale), vectors: eigenvectorMatrix };
}
/**
 * The matrix with its largest entry made 1 and what is far below that entry's rounding made 0: the decompositions
 * divide by small entries and do not end well where that overflows.
 */
function scaledDense(data, rows, columns) {
    let scale = 0;
    for (const value of data)
        scale = Math.max(scale, Math.abs(value));
    const entry = (value) => (Math.abs(value) > scale * 1e-40 ? value / scale : 0);
    const scaled = Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns).map(entry));
    return { scale, scaled: new ml_matrix_matrix/* Matrix */.uq(scaled) };
}
function variance({ centred }) {
    return centred.data.reduce((sum, value) => sum + value * value, 0) / (centred.rows - 1);
}

;// CONCATENATED MODULE: ./src/similarity/embedding/fid.ts



/** Changes whenever a number of this measure can change. */
const fidVersion = '2';
/**
 * Fréchet Inception Distance: the squared Fréchet distance of the Gaussians through two sets of features, in feature².
 * Lower is closer, 0 for equal moments. It is biased upwards by about 1/n, differently for every source, so it means
 * something only where {@link fidRefusal} is silent. Heusel et al. 2017, section 3.
 * @param source n × d features, n ≥ 2
 * @param target m × d features, m ≥ 2
 */
function fid(source, target) {
    const terms = frechetTerms(momentsOf(source, allRows(source.rows)), momentsOf(target, allRows(target.rows)));
    return terms.mean + terms.trace;
}
/** Why FID says nothing at these sizes, or null from 2d images a side on, d being the features' dimension. */
function fidRefusal(source, target, dimension) {
    const needed = 2 * dimension;
    if (Math.min(source, target) >= needed)
        return null;
    return `FID in ${dimension} dimensions needs at least ${needed} images a side, because below that its bias exceeds what it measures; ${source} of the source and ${target} of the target were given. ${needed} of each would do, or RBF-MMD² with what there is.`;
}
/**
 * FID∞: the intercept of least squares of FID on 1/N. Chong & Forsyth 2020, section 4.
 * @param points FID at sample sizes N, at least two different ones
 */
function fidInfinity(points) {
    const meanX = points.reduce((sum, { size }) => sum + 1 / size, 0) / points.length;
    const meanY = points.reduce((sum, { value }) => sum + value, 0) / points.length;
    let xy = 0;
    let xx = 0;
    for (const { size, value } of points) {
        xy += (1 / size - meanX) * (value - meanY);
        xx += (1 / size - meanX) ** 2;
    }
    return meanY - (xy / xx) * meanX;
}
/**
 * FID at sizes from half the smaller set to all of it, evenly spaced in 1/N, for {@link fidInfinity}. Each point draws
 * the same number of rows from both sets.
 */
function fidBySize(source, target, seed) {
    const largest = Math.min(source.rows, target.rows);
    const steps = 5;
    return Array.from({ length: steps }, (_, step) => {
        const size = Math.round(largest / (2 - step / (steps - 1)));
        const random = seededRandom(seed, 'fid-infinity', size);
        const draw = (rows) => Int32Array.from(random.shuffled([...rows_allRows(rows)]).slice(0, size));
        const terms = frechet_frechetTerms(frechet_momentsOf(source, draw(source.rows)), frechet_momentsOf(target, draw(target.rows)));
        return { size, value: terms.mean + terms.trace };
    });
}

;// CONCATENATED MODULE: ./src/similarity/embedding/kernel.ts
/** Σ_{i≠j} k_ij over the chosen rows of a symmetric `size` × `size` kernel matrix. */
function offDiagonalSum(kernel, size, rows) {
    let total = 0;
    for (let a = 0; a < rows.length; a++) {
        const base = rows[a] * size;
        let even = 0;
        let odd = 0;
        let b = a + 1;
        for (; b + 1 < rows.length; b += 2) {
            even += kernel[base + rows[b]];
            odd += kernel[base + rows[b + 1]];
        }
        if (b < rows.length)
            even += kernel[base + rows[b]];
        total += even + odd;
    }
    return 2 * total;
}
/** Σ k_ij over chosen rows i and chosen columns j of a kernel matrix with `columns` columns. */
function crossSum(kernel, columns, rows, chosen) {
    let total = 0;
    for (const row of rows) {
        const base = row * columns;
        let sum = 0;
        for (const column of chosen)
            sum += kernel[base + column];
        total += sum;
    }
    return total;
}
/**
 * The unbiased estimate of squared MMD as a full U-statistic,
 * mean_{i≠j} k(x_i, x_j) + mean_{i≠j} k(y_i, y_j) − 2 mean k(x_i, y_j). Lower is closer; below 0 by chance when the two
 * are alike, and never cut off there. Gretton et al. 2012, JMLR 13:723, lemma 6 (equation 3).
 * @param x,y the rows of each sample that take part, at least 2 of each
 */
function kernel_unbiasedMmd(kernels, x, y) {
    const n = Math.round(Math.sqrt(kernels.xx.length));
    const m = Math.round(Math.sqrt(kernels.yy.length));
    return (offDiagonalSum(kernels.xx, n, x) / (x.length * (x.length - 1)) +
        offDiagonalSum(kernels.yy, m, y) / (y.length * (y.length - 1)) -
        (2 * crossSum(kernels.xy, m, x, y)) / (x.length * y.length));
}

;// CONCATENATED MODULE: ./src/similarity/embedding/grams.ts


function grams_createGrams() {
    const selections = new WeakMap();
    const products = new WeakMap();
    return {
        select(source, rows) {
            if (rows.length === source.rows && rows.every((row, i) => row === i))
                return source;
            const ofSource = entry(selections, source, () => new Map());
            return entry(ofSource, rows.join(), () => selectRows(source, Array.from(rows)));
        },
        between(a, b) {
            const ofA = entry(products, a, () => new WeakMap());
            return entry(ofA, b, () => gram(a, b));
        },
    };
}
function entry(map, key, make) {
    const found = map.get(key);
    if (found !== undefined)
        return found;
    const made = make();
    map.set(key, made);
    return made;
}

;// CONCATENATED MODULE: ./src/similarity/embedding/kid.ts



/** Changes whenever a number of this measure can change. */
const kidVersion = '2';
/**
 * Kernel Inception Distance: unbiased squared MMD with the cubic kernel (x·y/d + 1)³, as one full U-statistic rather
 * than a mean over random subsets, which estimates the same number with more noise. Lower is closer, below 0 by chance
 * when the sets are alike. It scales with the cube of the squared features, so values of two encoders cannot be
 * compared. 20 images a side for a value, about 1000 to rank. Bińkowski et al. 2018, section 4.
 * @param source n × d features
 * @param target m × d features
 */
function kid(source, target) {
    const grams = createGrams();
    const kernel = (a, b) => cubicKernel(grams, a, b);
    const blocks = { xx: kernel(source, source), yy: kernel(target, target), xy: kernel(source, target) };
    return unbiasedMmd(blocks, allRows(source.rows), allRows(target.rows));
}
/** (x·y/d + 1)³ of all pairs of rows, a.rows × b.rows. */
function cubicKernel(grams, a, b) {
    const d = a.columns;
    return grams.between(a, b).map((product) => {
        const base = product / d + 1;
        return base * base * base;
    });
}

;// CONCATENATED MODULE: ./src/similarity/embedding/mmd.ts





/** Changes whenever a number of this measure can change. */
const mmdVersion = '2';
/** Rows of the pool that the bandwidth is read from; a larger pool is thinned evenly. */
const poolLimit = 500;
/**
 * Unbiased squared maximum mean discrepancy with the Gaussian kernel exp(−|a − b|² / 2s²), as a full U-statistic.
 * No unit, at most 2, lower is closer, below 0 by chance when the sets are alike. 20 images a side for a value, 100 for
 * a test, 500 to rank. Gretton et al. 2012, JMLR 13:723, equation 3.
 * @param source n × d features
 * @param target m × d features
 * @param bandwidth s in feature units; one for all the distances that are to be compared
 */
function mmd(source, target, bandwidth) {
    const grams = createGrams();
    const kernel = (a, b) => gaussianKernel(grams, a, b, bandwidth);
    const blocks = { xx: kernel(source, source), yy: kernel(target, target), xy: kernel(source, target) };
    return unbiasedMmd(blocks, allRows(source.rows), allRows(target.rows));
}
/**
 * The Gaussian kernel of all pairs of rows, a.rows × b.rows.
 * A bandwidth of 0 (all rows of the pool alike) gives 1 for equal rows and 0 for others.
 */
function gaussianKernel(grams, a, b, bandwidth) {
    const products = grams.between(a, b);
    const normsA = squaredNorms(grams, a);
    const normsB = squaredNorms(grams, b);
    const scale = bandwidth > 0 ? 1 / (2 * bandwidth ** 2) : Infinity;
    const out = new Float64Array(products.length);
    for (let i = 0, at = 0; i < a.rows; i++)
        for (let j = 0; j < b.rows; j++, at++) {
            const squared = normsA[i] + normsB[j] - 2 * products[at];
            out[at] = squared > 0 ? Math.exp(-squared * scale) : 1;
        }
    return out;
}
/**
 * The median of all positive pairwise distances in the pool of the sets, in feature units (the median heuristic,
 * Gretton et al. 2012, section 8). Exact up to 500 pooled rows; of more, every set gives an even share of its rows.
 * 0 when all rows are alike.
 */
function medianBandwidth(sets) {
    const pool = thinnedPool(sets);
    const products = gram(pool, pool);
    const squared = new Float64Array((pool.rows * (pool.rows - 1)) / 2);
    let pairs = 0;
    for (let i = 0; i < pool.rows; i++)
        for (let j = i + 1; j < pool.rows; j++) {
            const distance = products[i * pool.rows + i] + products[j * pool.rows + j] - 2 * products[i * pool.rows + j];
            if (distance > 0)
                squared[pairs++] = distance;
        }
    if (pairs === 0)
        return 0;
    const sorted = squared.subarray(0, pairs).sort();
    return (Math.sqrt(sorted[(pairs - 1) >> 1]) + Math.sqrt(sorted[pairs >> 1])) / 2;
}
function thinnedPool(sets) {
    const share = Math.min(1, poolLimit / sets.reduce((sum, set) => sum + set.rows, 0));
    const thinned = sets.map((set) => {
        const kept = Math.ceil(set.rows * share);
        const rows = Array.from({ length: kept }, (_, i) => Math.floor((i * set.rows) / kept));
        return selectRows(set, rows);
    });
    const columns = sets[0]?.columns ?? 0;
    const pooled = new Float64Array(thinned.reduce((sum, set) => sum + set.data.length, 0));
    let at = 0;
    for (const set of thinned) {
        pooled.set(set.data, at);
        at += set.data.length;
    }
    return matrix(pooled, columns === 0 ? 0 : pooled.length / columns, columns);
}
function squaredNorms(grams, set) {
    const products = grams.between(set, set);
    return Float64Array.from({ length: set.rows }, (_, row) => products[row * set.rows + row]);
}

;// CONCATENATED MODULE: ./src/similarity/embedding/permutation.ts


/** Puts the blocks xx (n × n), yy (m × m), xy (n × m) into one (n + m) × (n + m) matrix. */
function poolKernels(blocks) {
    const n = Math.round(Math.sqrt(blocks.xx.length));
    const m = Math.round(Math.sqrt(blocks.yy.length));
    const size = n + m;
    const kernel = new Float64Array(size * size);
    for (let i = 0; i < n; i++) {
        kernel.set(blocks.xx.subarray(i * n, (i + 1) * n), i * size);
        kernel.set(blocks.xy.subarray(i * m, (i + 1) * m), i * size + n);
        for (let j = 0; j < m; j++)
            kernel[(n + j) * size + i] = blocks.xy[i * m + j];
    }
    for (let j = 0; j < m; j++)
        kernel.set(blocks.yy.subarray(j * m, (j + 1) * m), (n + j) * size + n);
    const rowSums = new Float64Array(size);
    let total = 0;
    for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let j = 0; j < size; j++)
            if (j !== i)
                sum += kernel[i * size + j];
        rowSums[i] = sum;
        total += sum;
    }
    return { kernel, size, rowSums, total };
}
/** Unbiased MMD² between the given rows of the pool and all the others; at least 2 rows on each side. */
function mmdOfSplit(pool, rows) {
    const n = rows.length;
    const m = pool.size - n;
    const within = offDiagonalSum(pool.kernel, pool.size, rows);
    let leaving = -within;
    for (const row of rows)
        leaving += pool.rowSums[row];
    const others = pool.total - within - 2 * leaving;
    return within / (n * (n - 1)) + others / (m * (m - 1)) - (2 * leaving) / (n * m);
}
/**
 * Permutation p of “both samples are one distribution”: (1 + #{null ≥ observed}) / (1 + B). Whole units (patients,
 * slides, or single images) change sides and each side keeps its number of units, so images of one patient are never
 * counted as independent. Gretton et al. 2012, section 5; Phipson & Smyth 2010 for the added ones.
 * @param units rows of the pool in units; the first `first` units are the first sample
 */
function permutationP(pool, units, first, random, permutations = 999) {
    const observed = mmdOfSplit(pool, rowsOf(units, rows_allRows(first), pool.size));
    // A relabelling that gives the same split sums in another order; it counts as a tie.
    const tie = 1e-12 * (Math.abs(pool.total) / (pool.size * pool.size) + Math.abs(observed));
    const order = rows_allRows(units.length);
    // The side with fewer units is drawn; the statistic does not mind which side is which.
    const drawn = Math.min(first, units.length - first);
    let reached = 0;
    for (let b = 0; b < permutations; b++) {
        for (let i = 0; i < drawn; i++) {
            const j = i + random.integer(order.length - i);
            const swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        if (mmdOfSplit(pool, rowsOf(units, order.subarray(0, drawn), pool.size)) >= observed - tie)
            reached++;
    }
    return (1 + reached) / (1 + permutations);
}
/** The rows of the chosen units, ascending, so that a pass over them reads the kernel in order. */
function rowsOf(units, chosen, size) {
    const taken = new Uint8Array(size);
    let count = 0;
    for (const unit of chosen)
        for (const row of units[unit]) {
            taken[row] = 1;
            count++;
        }
    const rows = new Int32Array(count);
    for (let row = 0, at = 0; row < size; row++)
        if (taken[row])
            rows[at++] = row;
    return rows;
}

;// CONCATENATED MODULE: ./src/similarity/embedding/distance.ts









/** Fewer images than this a side leave an unbiased kernel distance with nothing but noise. */
const fewestForValue = 20;
/** Fewer than this a side and a test would hardly ever find a difference that is there. */
const fewestForTest = 100;
/** RBF-MMD² with the median distance of the target and all sources as the one bandwidth. */
function mmdDistance(grams) {
    return {
        ...kernelRules(mmdVersion),
        prepare: (sets) => {
            const bandwidth = medianBandwidth(sets.map(({ features }) => features));
            const kernel = (a, b) => gaussianKernel(grams, a, b, bandwidth);
            const { between, blocks } = prepareKernel(sets, kernel);
            const p = (source, random) => permutationP(poolKernels(blocks(source)), unitsOf(sets[source], sets[0]), groupCount(sets[source]), random);
            const smallest = Math.min(...sets.map(({ features }) => features.rows));
            return { between, details: () => ({ bandwidth }), ...(smallest < fewestForTest ? {} : { p }) };
        },
    };
}
/** KID, the same statistic with the cubic kernel. */
function kidDistance(grams) {
    return {
        ...kernelRules(kidVersion),
        prepare: (sets) => {
            const { between } = prepareKernel(sets, (a, b) => cubicKernel(grams, a, b));
            return { between, details: () => ({}) };
        },
    };
}
/** FID with its guard, and FID∞ beside it. */
function fidDistance() {
    return {
        version: fidVersion,
        biased: true,
        nullRate: 1,
        halves: 20,
        refusal: fidRefusal,
        prepare: (sets, seed) => {
            const kept = sets.map(() => new WeakMap());
            const moments = (set, rows) => {
                const found = kept[set].get(rows) ?? frechet_momentsOf(sets[set].features, rows);
                kept[set].set(rows, found);
                return found;
            };
            const terms = (a, rowsA, b, rowsB) => 
            // The target's root serves every source.
            a === 0
                ? frechet_frechetTerms(moments(a, rowsA), moments(b, rowsB))
                : frechet_frechetTerms(moments(b, rowsB), moments(a, rowsA));
            return {
                between: (...sides) => {
                    const { mean, trace } = terms(...sides);
                    return mean + trace;
                },
                details: (source) => {
                    const features = sets[source].features;
                    const target = sets[0].features;
                    const { mean, trace } = terms(0, rows_allRows(target.rows), source, rows_allRows(features.rows));
                    return { meanTerm: mean, traceTerm: trace, fidInfinity: fidInfinity(fidBySize(features, target, seed)) };
                },
            };
        },
    };
}
function kernelRules(version) {
    return {
        version,
        nullRate: 1,
        halves: 100,
        refusal: (source, target) => Math.min(source, target) < fewestForValue
            ? `A kernel distance needs at least ${fewestForValue} images a side, and ${fewestForTest} for a test; ${source} of the source and ${target} of the target were given.`
            : null,
    };
}
function prepareKernel(sets, kernel) {
    const features = sets.map((set) => set.features);
    const within = features.map((set) => kernel(set, set));
    const across = features.map((set, index) => (index === 0 ? within[0] : kernel(set, features[0])));
    const kept = sets.map(() => new WeakMap());
    const meanWithin = (set, rows) => {
        const mean = kept[set].get(rows) ?? meanBetweenGroups(within[set], sets[set], rows);
        kept[set].set(rows, mean);
        return mean;
    };
    return {
        between: (a, rowsA, b, rowsB) => {
            const [source, rows, target] = b === 0 ? [a, rowsA, rowsB] : [b, rowsB, rowsA];
            const cross = crossSum(across[source], features[0].rows, rows, target);
            return meanWithin(a, rowsA) + meanWithin(b, rowsB) - (2 * cross) / (rowsA.length * rowsB.length);
        },
        blocks: (source) => ({ xx: within[source], yy: within[0], xy: across[source] }),
    };
}
/**
 * The mean kernel value of all pairs of different groups (patients, slides; of images where there are no groups). Two
 * images of one patient resemble each other, and counted as a pair they would put a source of few patients farther from
 * every target. Rows that are all of one group have no other pairs to show.
 */
function meanBetweenGroups(kernel, { features, groups }, rows) {
    let sum = offDiagonalSum(kernel, features.rows, rows);
    let pairs = rows.length * (rows.length - 1);
    const together = rowsByGroup(Array.from(rows, (row) => groups[row])).filter((own) => own.length > 1);
    if (together.length === 0 || together[0].length === rows.length)
        return sum / pairs;
    for (const own of together) {
        const ofGroup = Int32Array.from(own, (at) => rows[at]);
        sum -= offDiagonalSum(kernel, features.rows, ofGroup);
        pairs -= own.length * (own.length - 1);
    }
    return sum / pairs;
}
/** The pooled rows in units that change sides as a whole; the source's come first. */
function unitsOf(source, target) {
    const shift = source.features.rows;
    return [
        ...rowsByGroup(source.groups).map((rows) => Int32Array.from(rows)),
        ...rowsByGroup(target.groups).map((rows) => Int32Array.from(rows, (row) => row + shift)),
    ];
}

;// CONCATENATED MODULE: ./src/similarity/measure-all.ts







function measureAll(rules, target, sources, seed) {
    if (sources.size === 0)
        return { distance: () => undefined, difference: () => undefined };
    const sets = [target, ...sources.values()];
    const index = new Map([...sources.keys()].map((id, i) => [id, i + 1]));
    const prepared = rules.prepare(sets, seed);
    const whole = sets.map(({ features }) => rows_allRows(features.rows));
    const values = sets.map((_, set) => (set === 0 ? 0 : prepared.between(set, whole[set], 0, whole[0])));
    const leaveOut = leavingOut(prepared, sets, seed);
    const nulls = splitHalfNulls(rules, prepared, sets, seed);
    return {
        distance: (id) => {
            const set = index.get(id);
            if (set === undefined)
                return undefined;
            const blocks = blocksFor([target, sets[set]]);
            const p = prepared.p?.(set, seededRandom(seed, 'permutation'));
            return {
                estimate: estimateOf(values[set], leaveOut(set, blocks), rules, [target, sets[set]]),
                ...(p === undefined ? {} : { p }),
                splitHalf: nulls.splitHalf,
                details: {
                    ...prepared.details(set),
                    sourceImages: sets[set].features.rows,
                    targetImages: target.features.rows,
                },
            };
        },
        difference: (subject, object) => {
            const a = index.get(subject);
            const b = index.get(object);
            if (a === undefined || b === undefined)
                return undefined;
            const involved = [target, sets[a], sets[b]];
            const blocks = blocksFor(involved);
            const withoutB = leaveOut(b, blocks);
            const leftOut = leaveOut(a, blocks).map((value, block) => value - withoutB[block]);
            const difference = values[a] - values[b];
            return {
                // What the next image brings, it brings to one set under two names alike.
                estimate: sameSet(sets[a], sets[b])
                    ? jackknife(difference, leftOut)
                    : estimateOf(difference, leftOut, rules, involved),
                nullHalfWidth: Math.max(nulls.halfWidth(a), nulls.halfWidth(b)),
            };
        },
    };
}
function blocksFor(sets) {
    return blockCount(sets.map((set) => ({ rows: set.features.rows, groups: groupCount(set) })));
}
/** The distance of each source to the target without each block, blocks leaving both sets together. */
function leavingOut(prepared, sets, seed) {
    const kept = new Map();
    const rowsLeft = new Map();
    const without = (set, blocks) => measure_all_once(rowsLeft, `${set}/${blocks}`, () => {
        const { features, groups } = sets[set];
        // By content: the same images under two names leave together, and those of two sources have nothing in common,
        // which one dealing for both would make of rows that stand in the same order.
        const content = sha256(new Uint8Array(features.data.buffer, features.data.byteOffset, features.data.byteLength));
        const block = blocksOf(groups, blocks, seededRandom(seed, 'blocks', content, blocks));
        return Array.from({ length: blocks }, (_, left) => rows_allRows(features.rows).filter((row) => block[row] !== left));
    });
    return (source, blocks) => measure_all_once(kept, `${source}/${blocks}`, () => {
        const ofTarget = without(0, blocks);
        return Float64Array.from(without(source, blocks), (rows, block) => prepared.between(source, rows, 0, ofTarget[block]));
    });
}
function splitHalfNulls(rules, prepared, sets, seed) {
    const random = seededRandom(seed, 'split-half');
    const target = sets[0];
    const n = sets[1].features.rows;
    const m = target.features.rows;
    const splits = Array.from({ length: rules.halves }, () => {
        const [first, second] = halve(target.groups, random);
        return { first, second, size: 1 / first.length + 1 / second.length };
    });
    const apart = Float64Array.from(splits, ({ first, second, size }) => prepared.between(0, first, 0, second) * ((1 / n + 1 / m) / size) ** rules.nullRate).sort();
    const halfWidths = new Map();
    return {
        splitHalf: {
            value: apart.reduce((sum, value) => sum + value, 0) / apart.length,
            low: quantile(apart, 0.025),
            high: quantile(apart, 0.975),
        },
        halfWidth: (source) => measure_all_once(halfWidths, source, () => {
            const rows = rows_allRows(n);
            const squares = splits.map(({ first, second, size }) => {
                const difference = prepared.between(source, rows, 0, first) - prepared.between(source, rows, 0, second);
                return difference ** 2 * (2 / n / size);
            });
            return 1.96 * Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
        }),
    };
}
function sameSet(a, b) {
    const { data } = b.features;
    return (a.features.data.length === data.length &&
        a.features.data.every((value, i) => value === data[i]) &&
        a.groups.every((group, row) => group === b.groups[row]));
}
/**
 * The jackknife estimate with its standard error raised to what the measure knows to be the least, and for a biased
 * measure by the bias that the jackknife shows, (G − 1)(J̄ − value) (Quenouille 1956): two sources equally far from the
 * target but of different spread differ by their biases.
 */
function estimateOf(value, leftOut, rules, sets) {
    const estimate = jackknife(value, leftOut);
    const floor = rules.standardErrorFloor;
    const least = floor ? Math.hypot(...sets.map((set) => floor(groupCount(set)))) : 0;
    const mean = leftOut.reduce((sum, x) => sum + x, 0) / leftOut.length;
    const bias = rules.biased ? (leftOut.length - 1) * (mean - value) : 0;
    const standardError = Math.hypot(Math.max(estimate.standardError, least), bias);
    return standardError === estimate.standardError ? estimate : estimateFrom({ ...estimate, standardError });
}
/** Linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted, share) {
    const at = (sorted.length - 1) * share;
    const below = Math.floor(at);
    const next = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[next] - sorted[below]);
}
function measure_all_once(kept, key, make) {
    const found = kept.get(key);
    if (found !== undefined)
        return found;
    const made = make();
    kept.set(key, made);
    return made;
}

;// CONCATENATED MODULE: ./src/similarity/visual/distance.ts

/** Fewer images than this do not show a distribution. */
const fewest = 10;
/** A visual measure for the comparison of sets; takes whole descriptions or the measure's own columns. */
function visualDistance(name) {
    const measure = visualMeasureOf(name);
    return {
        version: measure.version,
        nullRate: 0.5,
        halves: 100,
        refusal: (source, target) => Math.min(source, target) < fewest
            ? `A distribution over images needs at least ${fewest} images a side; ${source} of the source and ${target} of the target were given.`
            : null,
        ...(measure.standardErrorFloor ? { standardErrorFloor: measure.standardErrorFloor } : {}),
        prepare: (sets) => {
            const slices = sets.map(({ features }) => features.columns === visualColumns ? visualSlice(features, name) : features);
            return {
                between: (a, rowsA, b, rowsB) => measure.between(slices[a], rowsA, slices[b], rowsB),
                details: (source) => ({ sourceMean: measure.mean(slices[source]), targetMean: measure.mean(slices[0]) }),
            };
        },
    };
}

;// CONCATENATED MODULE: ./src/similarity/compare.ts









/** Changes whenever sampling, intervals or nulls of all measures change. */
const comparisonVersion = '2';
function pairKey(subject, object) {
    return `${subject}\u0000${object}`;
}
/**
 * Every source's distance to the target and every paired difference of two, each with its interval and null.
 *
 * All sources take part with equally many images, drawn at random down to the smallest that the measure accepts, by
 * whole groups where it can be; the target takes part with all of its own. Intervals are block jackknives (20 blocks,
 * 10 below 200 images, dealt at random by group); for a difference the same target images drop out of both distances.
 * They are for other images drawn as these were, from the target and from the sources, whatever mix of classes that gives.
 *
 * The null is read from random halves T₁, T₂ of the target, by group. `splitHalf` is d(T₁, T₂). `nullHalfWidth` is
 * 1.96 times the root mean square of d(S, T₁) − d(S, T₂), the larger of the two sources': how far apart two samples of
 * one distribution lie from the same third set. Both are brought from the halves' sizes to the comparison's at the rate
 * at which the measure's sampling error falls, because halves alone would be up to twice too far apart.
 *
 * @throws shape-mismatch when sets differ in columns or groups in number, measure-refused when the measure is no distance
 */
function compareSets(request) {
    const { measure, seed } = request;
    const grams = request.grams ?? grams_createGrams();
    const rules = rulesOf(measure, grams);
    const target = grouped('the target', request.target, request.targetGroups);
    const offered = new Map([...request.sources].map(([id, features]) => [id, grouped(id, features, request.sourceGroups?.get(id))]));
    for (const [id, { features }] of offered)
        requireEqualColumns(id, features, target.features);
    const refusals = new Map();
    const accept = (sets) => new Map([...sets].filter(([id, set]) => {
        const reason = refusalOf(rules, set, target);
        if (reason !== null)
            refusals.set(id, reason);
        return reason === null;
    }));
    const accepted = accept(offered);
    const size = Math.min(...[...accepted.values()].map((set) => set.features.rows));
    const drawn = accept(new Map([...accepted].map(([id, set]) => [id, draw(set, size, seed, grams)])));
    const found = measureAll(rules, target, drawn, seed);
    const distances = new Map();
    const differences = new Map();
    const ids = [...offered.keys()];
    for (const [i, id] of ids.entries()) {
        distances.set(id, found.distance(id) ?? { estimate: null, refused: refusals.get(id), details: {} });
        for (const other of ids.slice(i + 1)) {
            differences.set(pairKey(id, other), found.difference(id, other) ?? { estimate: null, refused: reasonOf([id, other], refusals) });
        }
    }
    return { distances, differences, version: versionOf(rules) };
}
/** Each reason once, with the sources that it holds for. */
function reasonOf(pair, refusals) {
    const refused = pair.filter((id) => refusals.has(id));
    const reasons = new Set(refused.map((id) => refusals.get(id)));
    return [...reasons]
        .map((reason) => `${refused.filter((id) => refusals.get(id) === reason).join(', ')}: ${reason}`)
        .join(' ');
}
/** The version of a distance, which belongs in the key of everything that is stored of it. */
function distanceVersion(measure) {
    return versionOf(rulesOf(measure, createGrams()));
}
function versionOf(rules) {
    return `${comparisonVersion}.${rules.version}`;
}
function rulesOf(measure, grams) {
    switch (measure) {
        case 'embedding.mmd':
            return mmdDistance(grams);
        case 'embedding.kid':
            return kidDistance(grams);
        case 'embedding.fid':
            return fidDistance();
        default:
            return visualDistance(measure);
    }
}
function grouped(name, features, groups) {
    if (groups && groups.length !== features.rows)
        throw new errors_TransferEvidenceError('shape-mismatch', `${features.rows} images of ${name} need as many groups; ${groups.length} were given.`);
    const width = String(features.rows).length;
    return {
        features,
        // Padded, so that the order of the names is the order of the rows.
        groups: groups ?? Array.from({ length: features.rows }, (_, row) => String(row).padStart(width, '0')),
    };
}
function requireEqualColumns(id, source, target) {
    if (source.columns !== target.columns)
        throw new errors_TransferEvidenceError('shape-mismatch', `${id} and the target must be described by the same numbers; ${source.columns} and ${target.columns} columns were given.`);
}
/** Beyond this, the square of a cube of products of features, which a standard error takes, leaves the range of numbers. */
const compare_largest = 1e20;
function refusalOf(rules, source, target) {
    const tooFew = rules.refusal(source.features.rows, target.features.rows, target.features.columns);
    if (tooFew !== null)
        return tooFew;
    for (const [name, { features }] of [['source', source], ['target', target]])
        if (!features.data.every((value) => Math.abs(value) <= compare_largest))
            return `A description in the ${name} is not a finite number within ±${compare_largest}; look for images or a network that give such.`;
    const groups = Math.min(groupCount(source), groupCount(target));
    return groups < fewestBlocks
        ? `An interval needs at least ${fewestBlocks} independent groups of images a side; ${groups} found. Images of more patients, slides or sites would do.`
        : null;
}
/** The draw depends on the rows and groups alone, so that one set under two names stays one set. */
function draw(set, size, seed, grams) {
    if (set.features.rows === size)
        return set;
    const rows = subsample(set.groups, size, seededRandom(seed, 'equal-size', set.features.rows, size));
    return { features: grams.select(set.features, rows), groups: Array.from(rows, (row) => set.groups[row]) };
}

;// CONCATENATED MODULE: ./src/evidence/similarity.ts






/** Every similarity measure of every source against the target, and every paired difference of two sources. */
async function measureSimilarity(request, progress = () => { }, signal) {
    const measurements = [];
    const comparisons = [];
    const jobs = jobsOf(request);
    for (const [done, job] of jobs.entries()) {
        progress(done, jobs.length);
        // The event loop gets its turn between measures, so that a time limit or Ctrl-C is heard.
        await (0,external_node_timers_promises_.setImmediate)();
        signal?.throwIfAborted();
        const found = compareOne(job, request);
        measurements.push(...found.measurements);
        comparisons.push(...found.comparisons);
    }
    progress(jobs.length, jobs.length);
    return { measurements, comparisons };
}
function jobsOf({ encoders }) {
    const named = (family) => measureNames.filter((measure) => measures[measure].family === family);
    const visual = named('visual').map((measure) => ({ measure, rows: (set) => visualSlice(set.visual, measure) }));
    const embedding = encoders.flatMap((encoder) => {
        const grams = grams_createGrams();
        const rows = (set) => set.features.get(encoder.digest);
        return named('embedding').map((measure) => ({ measure, encoder, grams, rows }));
    });
    return [...visual, ...embedding];
}
function compareOne({ measure, encoder, grams, rows }, { target, sources, seed }) {
    const ids = [...sources];
    const targetRows = rows(target);
    const sourceRows = new Map(ids.map(([id, set]) => [id, rows(set)]));
    const result = compareSets({
        measure,
        target: targetRows,
        sources: sourceRows,
        targetGroups: target.groups,
        sourceGroups: new Map(ids.map(([id, set]) => [id, set.groups])),
        seed,
        ...(grams ? { grams } : {}),
    });
    const groups = new Set(target.groups).size;
    const common = {
        measure,
        ...(encoder ? { encoder: encoder.id } : {}),
        seed,
        key: digestOf({
            measure,
            version: result.version,
            encoder: encoder?.digest ?? null,
            target: target.digest,
            sources: ids.map(([id, set]) => [id, set.digest]),
            seed,
        }),
    };
    const refusal = (refused) => (refused === undefined ? {} : { refused });
    return {
        measurements: [...result.distances].map(([candidate, { estimate, refused, p, splitHalf, details }]) => ({
            ...common,
            candidate,
            estimate,
            ...refusal(refused),
            n: { target: targetRows.rows, source: sourceRows.get(candidate).rows, groups },
            readAgainst: splitHalf ? [{ name: 'split_half', ...splitHalf }] : [],
            ...(p === undefined ? {} : { p }),
            details,
        })),
        comparisons: [...result.differences].map(([pair, { estimate, refused, nullHalfWidth }]) => {
            const [subject, object] = pair.split('\u0000');
            return {
                ...common,
                subject,
                object,
                estimate,
                ...refusal(refused),
                n: { target: targetRows.rows, groups },
                ...(nullHalfWidth === undefined ? {} : { nullHalfWidth }),
            };
        }),
    };
}

;// CONCATENATED MODULE: ./src/evidence/collect.ts









/** Milliseconds, about 24 days: a timer set to more fires at once. */
const longestTimer = 2 ** 31 - 1;
/**
 * Measures what the plan asks for. What the store holds is not measured again; what was measured before trouble came
 * stays in the store, so that the next run goes on from there.
 */
async function collectEvidence(plan, loaded, options) {
    const started = performance.now();
    const seconds = () => Math.round((performance.now() - started) / 100) / 10;
    const known = evidenceSchema.safeParse(await options.store.readJson('evidence', plan.digest));
    if (known.success) {
        options.log.info('Unchanged: all that is asked for was measured before.');
        // Timings and all: they say how it was measured, and the comment stays the same to the letter.
        return { evidence: known.data, problems: [], cached: true };
    }
    const limit = AbortSignal.timeout(Math.min(plan.budgetSeconds * 1000, longestTimer));
    const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
    const draft = emptyEvidence(plan);
    try {
        const secondsLeft = () => plan.budgetSeconds - (performance.now() - started) / 1000;
        const problems = await collect_measure(plan, loaded, { ...options, signal, secondsLeft }, draft);
        if (problems.length > 0)
            return { evidence: null, problems, cached: false };
    }
    catch (error) {
        if (options.signal?.aborted)
            throw options.signal.reason;
        const trouble = limit.aborted ? timeOut(plan.budgetSeconds) : error;
        if (!isInfrastructure(trouble))
            throw trouble;
        draft.findings.push({ code: 'infrastructure', about: 'run', text: trouble.message });
    }
    draft.timings.seconds = seconds();
    const evidence = evidenceSchema.parse(draft);
    // A faster machine, or one with more time, may do what this one could not.
    if (!evidence.findings.some(({ code }) => code === 'infrastructure' || code === 'budget_too_small'))
        await options.store.writeJson('evidence', plan.digest, evidence);
    await options.store.prune(new Date());
    return { evidence, problems: [], cached: false };
}
function timeOut(seconds) {
    return new errors_TransferEvidenceError('time-out', `The time budget of ${Math.round(seconds / 60)} min ran out. What was measured is kept: run again, or raise evidence.budget.`);
}
async function collect_measure(plan, loaded, options, draft) {
    const { store, log, signal } = options;
    const problems = [];
    const attempt = async (path, work) => {
        try {
            return await work();
        }
        catch (error) {
            if (!(error instanceof errors_TransferEvidenceError) || isInfrastructure(error))
                throw error;
            problems.push({ level: 'error', code: error.code, path, location: loaded.locate(path), message: error.message });
            return null;
        }
    };
    const natives = await loadNatives({
        need: ['onnxruntime-node', 'sharp'],
        localCopy: options.localCopy,
        workspace: options.workspace,
        offline: options.offline,
        log: (line) => log.info(line),
    });
    const networks = await readNetworks(plan, attempt);
    const sets = await readSets(plan, networks, { ...options, natives, attempt });
    if (problems.length > 0)
        return problems;
    draft.encoders = networks.encoders.map(({ id, digest, dimension, sees, notes }) => ({
        id,
        digest,
        dimension,
        sees,
        notes,
    }));
    draft.target.set = imageSetOf(plan.target, sets.target);
    draft.candidates = plan.candidates.map(({ id, sample }) => {
        const own = networks.own.get(id);
        return {
            id,
            role: 'candidate',
            weights: own
                ? {
                    digest: own.digest,
                    input: [own.channels, own.height, own.width],
                    features: own.output,
                    dimension: own.dimension,
                    parameters: own.parameters,
                    notes: own.notes,
                }
                : null,
            sample: sample && imageSetOf(sample, sets.sources.get(id) ?? null),
        };
    });
    draft.findings.push(...planFindings(plan), ...unreadableFindings(sets));
    if (sets.sources.size > 0 && sets.target) {
        const similar = await measureSimilarity({ target: sets.target, sources: sets.sources, encoders: networks.encoders, seed: plan.seed }, (done, total) => log.step('Comparing image sets', done, total), signal);
        draft.measurements.push(...similar.measurements);
        draft.comparisons.push(...similar.comparisons);
        draft.findings.push(...refusalFindings(similar.measurements));
    }
    const probesKnown = await measurePerformance({ plan, networks, ...sets }, draft, {
        store,
        device: options.device,
        natives,
        log,
        secondsLeft: options.secondsLeft,
        signal,
        ...(options.timing && { timing: options.timing }),
    });
    draft.timings.cached = probesKnown;
    draft.timings.measured = draft.measurements.length - probesKnown;
    const devices = new Set([
        ...[sets.target, ...sets.sources.values()].flatMap((set) => set?.devices ?? []),
        ...draft.measurements.flatMap(({ details }) => (typeof details.device === 'string' ? [details.device] : [])),
    ]);
    draft.environment = environment({
        device: [...devices].sort().join(', ') || 'none',
        onnxruntime: natives.from['onnxruntime-node']?.version ?? null,
        sharp: natives.from.sharp?.version ?? null,
    });
    return problems;
}
async function readSets(plan, networks, context) {
    const { store, log, device, natives, signal, attempt } = context;
    const anySample = plan.candidates.some(({ sample }) => sample !== null);
    const describe = (name, path, request) => attempt(path, () => describeSet({ ...request, path }, store, {
        device,
        natives: natives.from,
        onProgress: (done, total) => log.step(`Reading ${name}`, done, total),
        onPassedOver: (passed, reason) => log.info(`${passed} is not used: ${reason}`),
        ...(signal ? { signal } : {}),
    }));
    // What a linear probe needs; fine-tuning reads pixels.
    const linear = plan.probes.includes('probe.linear');
    const ownNetworks = new Map((linear ? [...networks.own.values(), ...[...networks.random.values()].flat()] : []).map((e) => [e.digest, e]));
    const target = await describe('the target', 'target.data', {
        set: plan.target,
        encoders: [...(anySample ? networks.encoders : []), ...ownNetworks.values()],
    });
    const sources = new Map();
    for (const [index, { id, sample }] of plan.candidates.entries()) {
        if (sample === null)
            continue;
        const read = await describe(id, `candidates[${index}].sample`, {
            set: sample,
            encoders: networks.encoders,
        });
        if (read)
            sources.set(id, read);
    }
    return { target, sources };
}
function unreadableFindings({ target, sources }) {
    return [...(target ? [['target', target]] : []), ...sources]
        .filter(([, set]) => set.unreadable.length > 0)
        .map(([about, { unreadable }]) => ({
        code: 'images_unreadable',
        about,
        text: `${unreadable.length} image${unreadable.length === 1 ? '' : 's'} could not be read and ${unreadable.length === 1 ? 'was' : 'were'} left out: ${unreadable
            .slice(0, 5)
            .map(({ id, reason }) => `${id} (${reason})`)
            .join('; ')}${unreadable.length > 5 ? '; …' : ''}.`,
    }));
}
/** Evidence before anything was measured. */
function emptyEvidence(plan) {
    return {
        schema: 'transfer-evidence/evidence',
        version: 2,
        plan: plan.digest,
        seed: plan.seed,
        target: { name: plan.targetName, task: plan.task, metric: plan.metric, set: null },
        candidates: [],
        encoders: [],
        measurements: [],
        comparisons: [],
        probes: [],
        findings: [],
        environment: environment({ device: 'none', onnxruntime: null, sharp: null }),
        timings: { seconds: 0, cached: 0, measured: 0 },
    };
}
/** What is known when trouble came before there was a plan. */
function withoutEvidence(manifest, seed, trouble) {
    const { name, task } = manifest.target;
    const empty = emptyEvidence({
        digest: '',
        seed,
        targetName: name,
        task: task?.type ?? 'unlabelled',
        metric: task?.metric ?? null,
    });
    return { ...empty, findings: [{ code: 'infrastructure', about: 'run', text: trouble.message }] };
}

;// CONCATENATED MODULE: ./src/evidence/store.ts





/** Entries that nobody asked for in this many days are removed. */
const keptDays = 60;
/** The store's own entries. Downloads may lie beside them: reading one leaves no trace by which its age could be told. */
const entryName = /^[\w-]+\/[^/]{2}\/[^/]+\.(?:json|bin)(?:\.[0-9a-f]+\.tmp)?$/;
/** @param tell hears once when nothing can be kept there: what was measured still counts, it is only measured again */
function openStore(directory, tell = () => undefined) {
    let told = false;
    const place = (kind, key, extension) => (0,external_node_path_.join)(directory, kind, key.slice(0, 2), `${key}.${extension}`);
    const read = async (file) => {
        try {
            const content = await (0,promises_.readFile)(file);
            const body = content.subarray(64);
            if (content.subarray(0, 64).toString('latin1') !== sha256(body))
                return undefined;
            const now = new Date();
            await (0,promises_.utimes)(file, now, now).catch(() => undefined);
            return body;
        }
        catch {
            return undefined;
        }
    };
    const write = async (file, body) => {
        const temporary = `${file}.${(0,external_node_crypto_.randomBytes)(6).toString('hex')}.tmp`;
        try {
            await (0,promises_.mkdir)((0,external_node_path_.dirname)(file), { recursive: true });
            await (0,promises_.writeFile)(temporary, Buffer.concat([Buffer.from(sha256(body), 'latin1'), body]), { flag: 'wx' });
            await (0,promises_.rename)(temporary, file);
        }
        catch (error) {
            await (0,promises_.rm)(temporary, { force: true }).catch(() => undefined);
            if (!told)
                tell(`Nothing can be kept in ${directory} (${error.message}), so the next run measures again. Name a folder that can be written to.`);
            told = true;
        }
    };
    return {
        directory,
        readJson: async (kind, key) => {
            const body = await read(place(kind, key, 'json'));
            return body === undefined ? undefined : JSON.parse(body.toString('utf8'));
        },
        writeJson: (kind, key, value) => write(place(kind, key, 'json'), Buffer.from(JSON.stringify(value))),
        readMatrix: async (key) => {
            const body = await read(place('features', key, 'bin'));
            if (body === undefined)
                return undefined;
            const [width, rows, columns] = [body.readUInt32LE(0), body.readUInt32LE(4), body.readUInt32LE(8)];
            const numbers = new Uint8Array(body.subarray(16)).buffer;
            return width === 4
                ? matrix(new Float32Array(numbers), rows, columns)
                : matrix(new Float64Array(numbers), rows, columns);
        },
        writeMatrix: (key, { data, rows, columns }) => {
            const header = Buffer.alloc(16);
            header.writeUInt32LE(data.BYTES_PER_ELEMENT, 0);
            header.writeUInt32LE(rows, 4);
            header.writeUInt32LE(columns, 8);
            return write(place('features', key, 'bin'), Buffer.concat([header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]));
        },
        prune: async (now) => {
            const oldest = now.getTime() - keptDays * 86_400_000;
            const files = await (0,promises_.readdir)(directory, { recursive: true, withFileTypes: true }).catch(() => []);
            for (const entry of files) {
                const file = (0,external_node_path_.join)(entry.parentPath, entry.name);
                if (!entry.isFile() || !entryName.test((0,external_node_path_.relative)(directory, file).replaceAll(external_node_path_.sep, '/')))
                    continue;
                const about = await (0,promises_.stat)(file).catch(() => undefined);
                if (about && about.mtimeMs < oldest)
                    await (0,promises_.rm)(file, { force: true });
            }
        },
    };
}

;// CONCATENATED MODULE: ./src/manifest/statements.ts
/** The claims a manifest makes; none when its justification is one sentence. */
function claimsOf({ justification }) {
    return typeof justification === 'object' ? (justification.claims ?? []) : [];
}
/** Everything that argues for the choice: the summary, the factors' texts, the claims. */
function statementsOf({ justification }) {
    if (justification === undefined)
        return [];
    if (typeof justification === 'string')
        return [{ path: 'justification', text: justification, kind: 'summary', defined: false }];
    const statements = [
        { path: 'justification.summary', text: justification.summary, kind: 'summary', defined: false },
    ];
    for (const [key, { text, define, refs }] of Object.entries(justification.factors ?? {})) {
        if (text === undefined)
            continue;
        const defined = define !== undefined || (refs?.length ?? 0) > 0;
        statements.push({
            path: `justification.factors.${key}.text`,
            text,
            kind: 'factor',
            factor: key,
            defined,
        });
    }
    justification.claims?.forEach(({ text, factor, test }, index) => {
        const path = `justification.claims[${index}].text`;
        statements.push({ path, text, kind: 'claim', factor, defined: test !== 'untestable' });
    });
    return statements;
}
/** Sentences, roughly: enough to tell what was said together. */
function sentencesOf(text) {
    return text
        .split(/(?<=[.!?;])\s+|\n\s*\n/)
        .map((sentence) => sentence.trim())
        .filter(Boolean);
}
/** Words in any script; languages without spaces are cut where their words end. */
function countWords(text) {
    let count = 0;
    for (const { isWordLike } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text))
        if (isWordLike)
            count += 1;
    return count;
}
// A digit inside a name (ImageNet-1K, ResNet50) is no quantity.
const standalone = String.raw `(?<![\p{L}\p{N}_.-])\d[\d.,\u202f\u00a0]*`;
const scale = String.raw `\s*(?:k|m|bn|thousand|million|billion)?`;
const units = 'percent|points?|pts?|images?|patients?|people|cases?|class(?:es)?|samples?|slides?|scans?|films?|photographs?|photos?|pictures?|studies|px|pixels?|db|bits?|grey levels?|sites?|scanners?|hospitals?|cent(?:er|re)s?|labels?|annotators?|raters?|readers?|radiologists?|pathologists?|countries|auc';
const withUnit = new RegExp(`${standalone}\\s*%|${standalone}${scale}(?:[\\s-]+\\p{L}+){0,3}?[\\s-]+(?:${units})(?![\\p{L}\\p{N}])`, 'iu');
const scored = /(?<![\p{L}])(?:auc|auroc|accuracy|f1|dice|kappa|alpha|mmd|kid|fid)(?![\p{L}])[^.\d]{0,15}[\d.]*\d/iu;
/** Is there a number with a unit: “131,872 patients”, “3 points”, “AUC 0.93”? */
function hasNumberWithUnit(text) {
    return withUnit.test(text) || scored.test(text);
}
/** Is there any number that could be a count or a share? A year on its own is not. */
function hasQuantity(text) {
    if (hasNumberWithUnit(text) || /\b(?:thousand|million|billion)s?\b/i.test(text))
        return true;
    const numbers = text.match(new RegExp(standalone, 'gu')) ?? [];
    return numbers.some((number) => !/^(?:19|20)\d\d[.,]?$/.test(number));
}

;// CONCATENATED MODULE: ./src/manifest/policy.ts


/** The level of a rule: what the manifest says, else the default. Without a manifest: the default. */
function levelOf(manifest, rule) {
    return manifest?.policy[rule] ?? defaultPolicy[rule];
}
/**
 * Marks every problem that a waiver covers. A waiver holds up to and including the day it expires; afterwards the
 * message says so and the problem counts again. A waiver with a claim covers only problems under that claim.
 * @param today ISO date, e.g. 2026-03-01
 */
function applyWaivers(problems, manifest, today) {
    return problems.map((problem) => {
        if (problem.rule === undefined || problem.waived !== undefined)
            return problem;
        const claim = claimOf(problem.path, manifest);
        const covering = manifest.waivers.filter((waiver) => waiver.rule === problem.rule && (waiver.claim === undefined || waiver.claim === claim));
        const valid = covering.find((waiver) => today <= waiver.expires);
        if (valid) {
            const { by, reason, expires } = valid;
            return { ...problem, waived: { by, reason, expires } };
        }
        const expired = covering.at(-1);
        if (expired === undefined)
            return problem;
        const said = ` The waiver by ${expired.by} expired on ${expired.expires}.`;
        return problem.message.endsWith(said) ? problem : { ...problem, message: problem.message + said };
    });
}
function claimOf(path, manifest) {
    const index = /^justification\.claims\[(\d+)\]/.exec(path)?.[1];
    return index === undefined ? undefined : claimsOf(manifest)[Number(index)]?.id;
}

;// CONCATENATED MODULE: ./src/manifest/reasoning.ts


const handful = 5;
/** Is there a reason at all: a few words of the authors' own, anywhere in the justification? */
function isDocumented(manifest) {
    const { justification } = manifest;
    const defined = typeof justification === 'object' ? Object.values(justification.factors ?? {}).map(({ define }) => define) : [];
    return [...statementsOf(manifest).map(({ text }) => text), ...defined].some((text) => text !== undefined && !isTemplate(text) && countWords(text) >= handful);
}
function isTemplate(text) {
    const plain = (words) => words
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim();
    return (plain(text) === plain(templateReason) || /^\s*(?:todo|tbd|fixme|xxx|lorem ipsum)\b|^\s*<[^>]*>\s*$/i.test(text));
}
const norm = new RegExp([
    String.raw `\b(?:reviewers?|referees?|editors?)\s+(?:will\s+|would\s+)?(?:expect|want|ask|demand)s?\b`,
    String.raw `\bevery(?:one|body)(?:\s+else)?\s+(?:uses?|does|starts?)\b`,
    String.raw `\b(?:commonly|widely)[\s-]+used\b`,
    String.raw `\bstandard(?=\s+(?:choice|practice|approach|baseline|backbone|source|option|start\w*|pre-?training|weights|in|for|among)\b|\s*[.,;!]|\s*$)`,
    String.raw `\bcommon\s+practice\b`,
    String.raw `\bby\s+convention\b`,
    String.raw `\bmost\s+(?:[\p{L}-]+\s+){0,3}(?:papers?|people|groups|works?|studies|teams)\s+(?:use|start|do|rely|begin)s?\b`,
    String.raw `\b(?:default\s+choice|popular)\b`,
].join('|'), 'iu');
const otherReason = /\b(?:similar\w*|resembl\w+|looks?\b|textur\w+|colou?rs?|closer?|same|unlike|modalit(?:y|ies)|licen[cs]\w+|permi\w+|allow\w*|availab\w+|free(?:ly)?|offline|download\w*|we\s+(?:have\s+|had\s+|also\s+)?(?:used|tried|found|measured|saw|tested|trained|compared)|our\s+(?:earlier|previous|own|last)|previous\w*|earlier|experience\w*|measured|accura\w+|auc|outperform\w*|better|best|worse|larger?|bigger|million|thousand|divers\w+|quality|label\w*|robust\w*|fair\w*|bias\w*|ethic\w*|consent|cost\w*|cheap\w*|fast\w*|smaller|memory|only\s+(?:one|source|network)|doctors?|clinic\w+)\b|because\s+(?!everyone|everybody|it\s+is\s+(?:the\s+)?(?:standard|common))/iu;
/** Is “others do it” all that is said for the choice? Any second reason, in any words, is taken as one. */
function isNormOnly(manifest) {
    const { justification } = manifest;
    if (justification === undefined)
        return false;
    const summary = typeof justification === 'string' ? justification : justification.summary;
    if (otherReason.test(summary))
        return false;
    const stated = new Set();
    if (typeof justification === 'object') {
        for (const [factor, { text, rank, define }] of Object.entries(justification.factors ?? {}))
            if (text !== undefined || rank !== undefined || define !== undefined)
                stated.add(factor);
        for (const claim of justification.claims ?? [])
            stated.add(claim.factor);
    }
    if (stated.size > 0)
        return stated.size === 1 && stated.has('community_norm');
    return norm.test(summary);
}
const similar = /\b(?:similar|closer|close\s+to|resembl\w+|looks?\s+(?:more\s+)?like|same\s+(?:domain|modality)|related|domain\s+gap|medical\s+(?:source|images?|pre-?training|data|weights)|radiolog\w+\s+(?:source|images?|pre-?training|data|weights))\b/i;
const better = /\b(?:better|best|outperform\w*|higher\s+(?:accuracy|auc|scores?|performance)|(?:performs?|transfers?|works?)\s+well|improv\w+)\b/i;
const therefore = /\b(?:therefore|thus|hence|consequently|so(?![\s-]+(?:called|far|that|long|many|much))|which\s+means|and\s+will|it\s+will|will\s+(?:therefore|thus)|should)\b/i;
const because = /\b(?:because|since|as\s+it|due\s+to|owing\s+to)\b/i;
const doubt = /\b(?:not|no|never|cannot|neither|nor|without|whether|unclear|unknown|untested|may|might|could|but|however|yet|although|though|question|if)\b|n[’']t\b/i;
/** Does the text conclude better performance from similarity: “more similar, therefore better”? Doubt is no conclusion. */
function concludesPerformance(text) {
    const sentences = sentencesOf(text);
    return sentences.some((sentence, index) => {
        const next = sentences[index + 1];
        const both = next !== undefined && /\b(?:therefore|thus|hence|consequently)\b|^so\b/i.test(next)
            ? `${sentence} ${next}`
            : sentence;
        if (doubt.test(both))
            return false;
        return inOrder(both, [similar, therefore, better]) || inOrder(both, [better, because, similar]);
    });
}
function inOrder(text, patterns) {
    let rest = text;
    for (const pattern of patterns) {
        const found = pattern.exec(rest);
        if (found === null)
            return false;
        rest = rest.slice(found.index + found[0].length);
    }
    return true;
}

;// CONCATENATED MODULE: ./src/manifest/glossary.ts
/** Whole words in any case; between two words any space or a hyphen. */
function words(pattern) {
    return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${pattern.replaceAll(' ', '[\\s-]+')})(?![\\p{L}\\p{N}_])`, 'giu');
}
const axisWords = 'colou?rs?|lightness|brightness|dark(?:er|ness)?|contrast|sharpness|blur|noise|textures?|resolution|entropy|gr[ae]y(?:scale)?|' +
    'modalit(?:y|ies)|anatomy|organs?|body parts?|stain(?:s|ing)?|magnification|views?|scanners?|class(?:es)?|label sets?';
const axes = words(axisWords);
const axesAndMetrics = words(`${axisWords}|accuracy|auc|auroc|f1|dice|sensitivity|specificity|recall|precision|error rate|calibration|than chance`);
const visual = [
    'visual.lightness',
    'visual.green_red',
    'visual.blue_yellow',
    'visual.sharpness',
    'visual.noise',
    'visual.contrast',
    'visual.entropy',
    'visual.resolution',
];
const glossary_sharpness = [
    'visual.sharpness',
    'visual.noise',
    'visual.contrast',
    'visual.resolution',
];
const similarity = ['semantic_similarity', 'visual_similarity', 'embedding_similarity'];
/** The words of the field that need a measure, a direction and a threshold, or a line of definition. */
const glossary = [
    {
        term: 'domain gap',
        pattern: words('domain (?:gap|shift)|close domain'),
        measures: ['embedding.mmd', 'embedding.kid', ...visual],
        write: 'between what and what, in which encoder or on which visual axis',
        answeredBy: similarity,
    },
    {
        term: 'related domain',
        pattern: words('related domains?|more medical|domain specific'),
        measures: ['embedding.mmd'],
        write: 'which modality, body part or classes the two share',
        answeredBy: similarity,
        specifiedBy: axes,
    },
    {
        term: 'similar',
        pattern: words('similar(?!ly)(?! (?:numbers?|amounts?|sizes?|costs?|licen[cs]\\p{L}*|effort|times?|results?|performance|scores?|to how|way))'),
        measures: ['embedding.mmd', ...visual],
        write: 'similar in what: colour, sharpness, noise, contrast, features, or what is shown',
        answeredBy: similarity,
        specifiedBy: axes,
    },
    {
        term: 'image quality',
        pattern: words('(?:(?:good|better|best|high|higher|poor|low) )?image quality|(?:good|better|high|higher) quality (?:images|pictures|scans|photographs)'),
        measures: glossary_sharpness,
        write: 'sharpness, noise, contrast or resolution, and how much is good',
        answeredBy: ['image_quality'],
    },
    {
        term: 'high-quality labels',
        pattern: words('(?:high|higher|good|better) quality (?:labels?|annotations?|ground truth)|good (?:labels|annotations)|clean (?:labels?|annotations?|data|dataset|images)|(?:is|are) (?:very )?clean(?! (?:up|room|split|of))'),
        measures: [],
        write: 'who labelled, how many labelled each image, their agreement or error rate',
        answeredBy: ['label_quality', 'image_quality'],
    },
    {
        term: 'relevant',
        pattern: words('relevant'),
        measures: ['embedding.mmd', 'probe.finetune', 'probe.linear'],
        write: 'what it has in common with the target: modality, body part, classes',
        answeredBy: similarity,
        specifiedBy: axes,
    },
    {
        term: 'diverse',
        pattern: words('diverse'),
        measures: [],
        write: 'how many classes, sites, scanners or patients',
        answeredBy: ['diversity'],
    },
    {
        term: 'large enough',
        pattern: words('(?:large|big) enough|sufficiently (?:large|big)|large scale'),
        measures: ['probe.finetune', 'probe.linear'],
        write: 'how many images or patients, and enough for what',
        answeredBy: ['dataset_size'],
    },
    {
        term: 'representative',
        pattern: words('representative(?! (?:of (?:the )?(?:manufacturer|company|vendor)))'),
        measures: ['embedding.mmd'],
        write: 'of whom or what: sites, scanners, age, sex, findings',
        answeredBy: ['diversity', 'ethics_fairness', ...similarity],
    },
    {
        term: 'robust',
        pattern: words('robust|generali[sz]es? (?:well|better)'),
        measures: ['probe.finetune', 'probe.linear'],
        write: 'against which change (scanner, hospital, stain), and how much loss is tolerated',
        answeredBy: ['robustness'],
    },
    {
        term: 'generic features',
        pattern: words('(?:generic|general purpose|universal) (?:visual )?features'),
        measures: ['probe.linear'],
        write: 'which features, shown by what',
        answeredBy: ['performance', 'prior_evidence'],
    },
    {
        term: 'standard',
        pattern: words('(?<!(?:gold|dicom|iso|ieee) )(?:community |field |industry |de facto )?standard(?! (?:deviations?|errors?|normali[sz]ation|pre ?processing|tests?|splits?|licen[cs]es?|protocols?|views?|resolution|of care|operating|format|dicom|size|input|terms|library|hardware|gpu))|(?:commonly|widely) used'),
        measures: [],
        write: 'whose practice; three citable uses on the same modality and task',
        answeredBy: ['community_norm', 'prior_evidence'],
        admittedUnder: ['community_norm'],
    },
    {
        term: 'well-known',
        pattern: words('well known'),
        measures: [],
        write: 'known to whom, from which work',
        answeredBy: ['community_norm', 'prior_evidence'],
        admittedUnder: ['community_norm', 'prior_experience'],
    },
    {
        term: 'state of the art',
        pattern: words('state of the art|sota'),
        measures: ['probe.finetune', 'probe.linear'],
        write: 'on which task and metric, in which publication',
        answeredBy: ['performance', 'prior_evidence'],
    },
    {
        term: 'better',
        pattern: words('(?<!(?:no|not|never|nothing|any|neither|for want of|or) (?:\\p{L}+ )?)better(?!-)(?! (?:documented|maintained|known|understood|licensed|supported|quality|than chance))|outperforms?'),
        measures: ['probe.finetune', 'probe.linear'],
        write: 'by which metric, by how much, against which candidate',
        answeredBy: ['performance', 'prior_evidence'],
        specifiedBy: axesAndMetrics,
    },
    {
        term: 'fair',
        pattern: words('unbiased|fair (?:to|for|model|network|dataset|source)'),
        measures: [],
        write: 'for which groups, by which metric',
        answeredBy: ['ethics_fairness'],
    },
];

;// CONCATENATED MODULE: ./src/manifest/vague.ts


/**
 * Statements with a word of the glossary that nothing in the manifest makes definite: no definition, reference, test
 * or number with a unit beside it, no tested claim and no defined factor on the same matter.
 */
function vagueStatements(manifest) {
    const answered = answeredFactors(manifest);
    return statementsOf(manifest).flatMap((statement) => {
        if (statement.defined || hasNumberWithUnit(statement.text))
            return [];
        if (statement.factor !== undefined && answered.has(statement.factor))
            return [];
        const terms = glossary
            .filter((entry) => !entry.answeredBy.some((factor) => answered.has(factor)))
            .filter((entry) => statement.factor === undefined || !entry.admittedUnder?.includes(statement.factor))
            .flatMap((entry) => {
            const word = firstUse(entry, statement.text);
            return word === null ? [] : [{ word, entry }];
        });
        return terms.length === 0 ? [] : [{ statement, terms }];
    });
}
function firstUse(entry, text) {
    for (const sentence of sentencesOf(text)) {
        // A question asserts nothing.
        if (/\?$|\bwhether\b/i.test(sentence))
            continue;
        const found = sentence.match(entry.pattern)?.[0];
        if (found !== undefined && !(entry.specifiedBy && sentence.match(entry.specifiedBy)))
            return found;
    }
    return null;
}
/** Factors that the manifest makes definite: by a definition, a number with a unit, or a claim with a test. */
function answeredFactors({ justification }) {
    const answered = new Set();
    if (typeof justification !== 'object')
        return answered;
    for (const [factor, { text, define }] of Object.entries(justification.factors ?? {}))
        if (define !== undefined || (text !== undefined && hasNumberWithUnit(text)))
            answered.add(factor);
    for (const claim of justification.claims ?? [])
        if (claim.test !== 'untestable')
            answered.add(claim.factor);
    return answered;
}
/** Measures by name; more than four of a family as `visual.*`. */
function familiesOf(names) {
    const family = (name) => name.slice(0, name.indexOf('.'));
    const many = (name) => names.filter((other) => family(other) === family(name)).length > 4;
    return [...new Set(names.map((name) => (many(name) ? `${family(name)}.*` : name)))];
}
/** What the author is told about the words of one statement. */
function vagueMessage({ statement, terms }) {
    const words = terms.map(({ word }) => `“${word.replace(/\s+/g, ' ')}”`).join(', ');
    const advice = terms.map(({ word, entry }) => {
        const say = `${word.replace(/\s+/g, ' ')}: say ${entry.write}`;
        return entry.measures.length === 0 ? say : `${say} (${familiesOf(entry.measures).join(', ')})`;
    });
    const verb = terms.length === 1 ? 'needs' : 'need';
    const how = {
        summary: 'Add a number with its unit here, or a claim with a `test` under justification.claims.',
        factor: 'Add `define:` beside the text, a number with its unit, or a claim with a `test`.',
        claim: 'Give the claim a `test` with one of these measures, or put a number with its unit into the text.',
    }[statement.kind];
    return `${words} ${verb} a definition. ${advice.join('; ')}. ${how}`;
}

;// CONCATENATED MODULE: ./src/manifest/lint.ts







/**
 * The policy rules that fire from words alone. A false alarm costs more than a missed one, so a rule is silent wherever
 * the words can be read in the authors' favour.
 * @param locate where a dotted path stands in the manifest
 * @param today ISO date that waivers are held against
 * @returns one problem per rule and place, at the level that the manifest's policy gives it; waived ones are marked
 */
function lint(manifest, locate, today) {
    const problems = [];
    const fire = (rule, path, message) => {
        const level = levelOf(manifest, rule);
        if (level !== 'off')
            problems.push({ level, code: rule, rule, path, location: locate(path), message });
    };
    if (isDocumented(manifest)) {
        lintWords(manifest, fire);
        lintEthics(manifest, fire);
    }
    else
        fire('undocumented', 'justification', undocumentedMessage(manifest));
    lintChoice(manifest, fire);
    return applyWaivers(problems, manifest, today);
}
function undocumentedMessage({ justification, chosen }) {
    const found = justification === undefined ? 'there is none' : 'what stands there is no reason yet';
    return `Expected a reason why ${quote(chosen)} was chosen, but ${found}. Write \`justification:\` with a sentence of your own: why this source and not the others.`;
}
const quantities = {
    dataset_size: 'how many images, classes or patients',
    diversity: 'how many classes, sites, scanners or patients',
    image_quality: 'which sharpness, noise or resolution (visual.sharpness, visual.noise, visual.resolution)',
    label_quality: 'who labelled, how many labels an image, which error rate or agreement',
};
function lintWords(manifest, fire) {
    const unmeasured = new Set();
    for (const { path, text, kind, factor } of statementsOf(manifest)) {
        const ask = kind === 'factor' && factor !== undefined ? quantities[factor] : undefined;
        if (ask === undefined || hasQuantity(text) || isQuantified(manifest, factor))
            continue;
        unmeasured.add(path);
        fire('unmeasured_quantity', path, `\`${factor}\` is a reason here, without a number. Say ${ask}, or add \`define:\` beside the text.`);
    }
    const norm = isNormOnly(manifest);
    if (norm)
        fire('norm_only', 'justification', 'That others use this source is the only reason given. That is a legitimate reason, but no sign that it works better here. Add a second reason, or a claim with a `test`.');
    const concluding = lintPerformance(manifest, fire);
    // What another rule says of a statement already is not said again word by word.
    for (const vague of vagueStatements(manifest)) {
        const { path } = vague.statement;
        const terms = vague.terms.filter(({ entry }) => !(concluding.has(path) && entry.term === 'better') && !(norm && normTerms.has(entry.term)));
        if (!unmeasured.has(path) && terms.length > 0)
            fire('vague_term', path, vagueMessage({ ...vague, terms }));
    }
}
const normTerms = new Set(['standard', 'well-known', 'state of the art']);
/** The number or definition that a factor's text lacks stands elsewhere: beside it, in a test, or in the source's card. */
function isQuantified({ justification, candidates, chosen }, factor) {
    if (typeof justification !== 'object')
        return false;
    if (justification.factors?.[factor]?.define !== undefined)
        return true;
    if (justification.claims?.some((claim) => claim.factor === factor && claim.test !== 'untestable'))
        return true;
    const card = candidates.find((candidate) => candidate.id === chosen)?.data;
    return factor === 'dataset_size' && (card?.images ?? card?.patients) !== undefined;
}
/** @returns the paths of statements that conclude performance from similarity */
function lintPerformance(manifest, fire) {
    const concluding = new Set();
    const claims = claimsOf(manifest);
    claims.forEach(({ factor, test }, index) => {
        if (factor === 'performance' && test !== 'untestable' && !isProbe(test.measure))
            fire('similarity_as_performance', `justification.claims[${index}].test.measure`, `A claim about performance is tested by ${test.measure}, a distance; closer is not better. Test it with ${strongestProbe(manifest)}, or make it a claim about similarity.`);
    });
    if (claims.some(({ test }) => test !== 'untestable' && isProbe(test.measure)))
        return concluding;
    for (const { path, text, factor } of statementsOf(manifest)) {
        if ((factor !== undefined && factor !== 'performance') || !concludesPerformance(text))
            continue;
        concluding.add(path);
        fire('similarity_as_performance', path, `Better performance is concluded from similarity; the two often disagree. Add a claim with factor: performance and a ${strongestProbe(manifest)} test (depends_on can name the similarity claim).`);
    }
    return concluding;
}
function lintEthics({ justification }, fire) {
    if (typeof justification !== 'object' || justification.factors === undefined)
        return;
    if (justification.factors.ethics_fairness !== undefined)
        return;
    if (justification.claims?.some((claim) => claim.factor === 'ethics_fairness'))
        return;
    fire('ethics_missing', 'justification.factors', 'Factors are listed, but nothing about ethics_fairness. Add it: whom the source shows or leaves out, or `not_considered:` with the reason.');
}
function lintChoice({ candidates, chosen, not_considered, justification }, fire) {
    if (candidates.length === 1 && candidates[0].id === chosen && (not_considered ?? []).length === 0)
        fire('only_winner', 'candidates', `Only ${quote(chosen)} is listed. Add the sources that it was chosen over, or name them under \`not_considered\` with what ruled them out.`);
    const index = candidates.findIndex((candidate) => candidate.id === chosen);
    const candidate = candidates[index];
    if (candidate === undefined)
        return;
    const { license, weights, data } = candidate;
    const ofWeights = typeof weights === 'object' ? weights.license : undefined;
    const spoken = typeof justification === 'object' && justification.factors?.license !== undefined;
    if (license === undefined && ofWeights === undefined && data?.license === undefined && !spoken)
        fire('license_unknown', `candidates[${index}]`, `The licence of ${quote(chosen)} is not stated. Add \`license:\` (an SPDX id, or LicenseRef-… with a name).`);
}

;// CONCATENATED MODULE: ./src/manifest/check-claims.ts





/** Claims refer to candidates, encoders and each other, and their relation fits their measure. */
function checkClaims(manifest, refuse) {
    const claims = claimsOf(manifest);
    checkUnique(claims.map((claim) => claim.id), (index) => `justification.claims[${index}].id`, 'claims', refuse);
    claims.forEach((claim, index) => {
        const path = `justification.claims[${index}]`;
        if (claim.test !== 'untestable')
            checkTest(claim.test, `${path}.test`, manifest, refuse);
        checkDependencies(claim, path, claims, refuse);
    });
    checkCycles(claims, refuse);
}
function checkTest(test, path, manifest, refuse) {
    checkProbeAsked(test, path, manifest, refuse);
    const { family, direction } = measures[test.measure];
    const ids = manifest.candidates.map((candidate) => candidate.id);
    for (const role of ['subject', 'object']) {
        const id = test[role];
        if (ids.includes(id))
            continue;
        const at = `${path}.${role}`;
        if (id !== 'scratch') {
            const known = family === 'probe' ? [...ids, 'scratch'] : ids;
            refuse('unknown-candidate', at, `\`${at}\` must be a candidate: ${unknownName('candidate', id, known)}`);
        }
        else if (family !== 'probe')
            refuse('scratch-not-comparable', at, `\`scratch\` has no images, so ${test.measure} cannot compare it. Use a probe measure, or another candidate: ${ids.join(', ')}.`);
    }
    if (test.subject === test.object)
        refuse('same-candidate', `${path}.object`, `A claim compares two candidates, but subject and object are both ${quote(test.subject)}.`);
    const distance = direction === 'lower_closer';
    if (distance !== (test.relation === 'closer_than')) {
        const fits = distance ? '`closer_than`' : '`greater_than` or `not_worse_than`';
        const kind = distance ? 'a distance to the target' : 'a score';
        refuse('relation-mismatch', `${path}.relation`, `${test.measure} is ${kind}; its relation is ${fits}, found \`${test.relation}\`.`);
    }
    if (family === 'probe' && test.margin >= 1)
        refuse('bad-margin', `${path}.margin`, `A score lies between 0 and 1, so no difference reaches ${test.margin}. Three points are margin: 0.03.`);
    if (test.encoder === undefined)
        return;
    const encoders = manifest.evidence.encoders.map((encoder) => (encoder === 'scattering' ? encoder : encoder.id));
    if (family !== 'embedding')
        refuse('encoder-unused', `${path}.encoder`, `${test.measure} uses no encoder; only embedding measures do. Remove this key.`);
    else if (!encoders.includes(test.encoder))
        refuse('unknown-encoder', `${path}.encoder`, `In \`evidence.encoders\` ${unknownName('encoder', test.encoder, encoders)}`);
}
function checkDependencies(claim, path, claims, refuse) {
    const ids = claims.map((other) => other.id);
    claim.depends_on?.forEach((id, index) => {
        if (!ids.includes(id))
            refuse('unknown-claim', `${path}.depends_on[${index}]`, `In \`depends_on\` ${unknownName('claim', id, ids)}`);
    });
}
/** Each ring of claims is told once, at the claim of it that stands first in the file. */
function checkCycles(claims, refuse) {
    const byId = new Map(claims.map((claim) => [claim.id, claim]));
    const finished = new Set();
    const visit = (id, trail) => {
        const claim = byId.get(id);
        if (claim === undefined || finished.has(id))
            return;
        const start = trail.indexOf(id);
        if (start >= 0) {
            const ring = trail.slice(start);
            const at = Math.min(...ring.map((member) => claims.findIndex((other) => other.id === member)));
            const told = [...ring, id].join(' → ');
            refuse('cyclic-claims', `justification.claims[${at}].depends_on`, `Claims depend on each other in a ring: ${told}. Remove one.`);
            return;
        }
        for (const next of claim.depends_on ?? [])
            visit(next, [...trail, id]);
        finished.add(id);
    };
    for (const claim of claims)
        visit(claim.id, []);
}

;// CONCATENATED MODULE: ./src/manifest/check.ts







/** Ids that the program gives to the controls it adds itself. */
const reservedIds = [scratchId, meanColourId];
/**
 * What a schema cannot see: whether names refer to something, whether keys fit each other.
 * @returns problems of level `error`, none when the manifest can be used
 */
function checkManifest(manifest, locate) {
    const problems = [];
    const refuse = (code, path, message) => problems.push({ level: 'error', code, path, location: locate(path), message });
    checkCandidates(manifest, refuse);
    checkSources(manifest, refuse);
    checkProbes(manifest, refuse);
    checkClaims(manifest, refuse);
    checkRanks(manifest, refuse);
    checkWaivers(manifest, refuse);
    return problems;
}
function checkCandidates(manifest, refuse) {
    const ids = manifest.candidates.map((candidate) => candidate.id);
    checkUnique(ids, (index) => `candidates[${index}].id`, 'candidates', refuse);
    ids.forEach((id, index) => {
        if (reservedIds.includes(id))
            refuse('reserved-id', `candidates[${index}].id`, `${quote(id)} is the name of a control that is always added. Remove this candidate, or rename it.`);
    });
    if (ids.includes(manifest.chosen))
        return;
    if (manifest.chosen !== scratchId)
        refuse('unknown-candidate', 'chosen', `\`chosen\` must be a candidate: ${unknownName('candidate', manifest.chosen, [...ids, scratchId])}`);
    else if (manifest.candidates.every(({ weights }) => weights === undefined || weights === 'none'))
        refuse('nothing-to-measure', 'chosen', '`chosen` is scratch, which is the network of a candidate before any training, but no candidate has `weights`. Add them to one.');
}
/** Ranks and ratings speak of candidates; random initialisation may be ranked as well. */
function checkRanks(manifest, refuse) {
    const ids = manifest.candidates.map((candidate) => candidate.id);
    const rankable = [...ids, scratchId];
    const checkRank = (rank, path) => {
        rank.forEach((id, index) => {
            if (!rankable.includes(id))
                refuse('unknown-candidate', `${path}[${index}]`, `In \`${path}\`: ${unknownName('candidate', id, rankable)}`);
        });
        checkUnique(rank, (index) => `${path}[${index}]`, 'places in one rank', refuse);
    };
    if (typeof manifest.justification === 'object')
        for (const [factor, statement] of Object.entries(manifest.justification.factors ?? {}))
            if (statement.rank)
                checkRank(statement.rank, `justification.factors.${factor}.rank`);
    const raters = manifest.intuition?.raters ?? [];
    checkUnique(raters.map((rater) => rater.id), (index) => `intuition.raters[${index}].id`, 'raters', refuse);
    raters.forEach((rater, index) => {
        checkRank(rater.expected_rank, `intuition.raters[${index}].expected_rank`);
        for (const id of Object.keys(rater.ratings ?? {}))
            if (!rankable.includes(id)) {
                const path = `intuition.raters[${index}].ratings`;
                refuse('unknown-candidate', formatKey(path, id), `In \`${path}\`: ${unknownName('candidate', id, rankable)}`);
            }
    });
}
function formatKey(path, key) {
    return /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}[${quote(key)}]`;
}
function checkWaivers(manifest, refuse) {
    const claims = claimsOf(manifest).map((claim) => claim.id);
    manifest.waivers.forEach((waiver, index) => {
        if (waiver.claim !== undefined && !claims.includes(waiver.claim))
            refuse('unknown-claim', `waivers[${index}].claim`, `The waiver covers nothing: ${unknownName('claim', waiver.claim, claims)}`);
    });
}

;// CONCATENATED MODULE: ./src/manifest/decode.ts
/** 1 MiB: some two hundred times what a long manifest takes. */
const sizeLimit = 1_048_576;
/**
 * Bytes of a file → its text, without a byte order mark; or what is wrong with them, and where.
 * @param size of the whole file in bytes, of which `source` may be the beginning
 */
function decode_decode(source, size) {
    if (size > sizeLimit) {
        const megabytes = (size / 1_048_576).toFixed(1);
        return refusal('too-large', `The manifest is ${megabytes} MB; at most 1 MB is read. Is this the right file?`);
    }
    const decoded = typeof source === 'string' ? { text: source.replace(/^\uFEFF/, '') } : decodeUtf8(source);
    if ('code' in decoded)
        return decoded;
    const control = /(?![\t\n\r\u0085])\p{Cc}/u.exec(decoded.text);
    if (control === null)
        return decoded;
    const code = control[0].charCodeAt(0);
    const what = code === 0 ? 'a NUL byte' : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    return {
        code: 'wrong-encoding',
        message: `The file holds ${what}, so it is not a text file, or it is damaged. Save the manifest as UTF-8 text.`,
        offset: control.index,
        text: decoded.text,
    };
}
function decodeUtf8(bytes) {
    const mark = wideMarks.find(({ start }) => start.every((byte, index) => bytes[index] === byte));
    if (mark)
        return refusal('wrong-encoding', `The file is encoded as ${mark.name}. Save it as UTF-8.`);
    try {
        return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    }
    catch {
        const valid = validPrefix(bytes);
        const text = new TextDecoder('utf-8').decode(bytes.subarray(0, valid));
        const byte = bytes[valid].toString(16).padStart(2, '0');
        return {
            code: 'wrong-encoding',
            message: `The file is not UTF-8: byte ${valid + 1} (0x${byte}) fits no character. Save it as UTF-8 (it may be Latin-1 or Windows-1252 now).`,
            offset: text.length,
            text,
        };
    }
}
// UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
const wideMarks = [
    { name: 'UTF-32', start: [0xff, 0xfe, 0, 0] },
    { name: 'UTF-32', start: [0, 0, 0xfe, 0xff] },
    { name: 'UTF-16', start: [0xff, 0xfe] },
    { name: 'UTF-16', start: [0xfe, 0xff] },
];
/** Length of the longest prefix that is whole, valid UTF-8: where the first wrong or cut character begins. */
function validPrefix(bytes) {
    const isValid = (length, stream) => {
        try {
            new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream });
            return true;
        }
        catch {
            return false;
        }
    };
    let low = 0;
    let high = bytes.length;
    // As a stream a prefix may end inside a character, so that validity only ever ends, and can be searched for.
    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (isValid(middle, true))
            low = middle;
        else
            high = middle - 1;
    }
    while (!isValid(low, false))
        low -= 1;
    return low;
}
function refusal(code, message) {
    return { code, message, offset: 0, text: '' };
}

;// CONCATENATED MODULE: ./src/manifest/explain.ts



/** Zod's issues as problems that say what is allowed, what was found and what to do. */
function explainIssues(issues, written) {
    const explained = issues.flatMap((issue) => explain(issue, [], written));
    // A misspelt key would otherwise be told twice: as unknown, and as the one that is missing.
    const misspelt = new Set(explained.flatMap(({ path, meant }) => (meant === undefined ? [] : formatPath([...path.slice(0, -1), meant]))));
    return explained.filter(({ code, path }) => code !== 'missing-key' || !misspelt.has(formatPath(path)));
}
function explain(issue, base, written) {
    const path = [...base, ...issue.path];
    switch (issue.code) {
        case 'invalid_union':
            return explainUnion(issue, path, written);
        case 'unrecognized_keys':
            return issue.keys.map((key) => unknownKey(path, key));
        case 'invalid_key':
        case 'invalid_element':
            return explainKey(issue, path);
        default:
            return [explainValue(issue, path, written)];
    }
}
/** The problems of the form that the author meant: the one whose type the value has. */
function explainUnion(issue, path, written) {
    const meant = issue.errors.filter((branch) => !branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'));
    const isText = typeof written.value(path) === 'string';
    const literal = (branch) => branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_value');
    const branch = meant.find((candidate) => literal(candidate) === isText) ?? meant.find((candidate) => !literal(candidate));
    if (branch === undefined)
        return [wrongType(path, written)];
    return branch.flatMap((inner) => explain(inner, path, written));
}
function explainKey(issue, path) {
    const key = String(path.at(-1));
    const parent = path.slice(0, -1);
    if (keysAt(parent).length > 0)
        return [unknownKey(parent, key)];
    const why = issue.issues[0]?.message ?? 'not allowed here';
    return [
        { code: 'bad-format', path, message: `${at(path)} has a key that is not an id: expected ${why}.`, atKey: true },
    ];
}
function unknownKey(parent, key) {
    const known = keysAt(parent);
    const where = parent.length === 0 ? 'at the top level' : `in \`${formatPath(parent)}\``;
    const other = Object.hasOwn(otherNames, key.toLowerCase()) ? otherNames[key.toLowerCase()] : key;
    const close = known.includes(other) ? [other] : likely(key, known);
    const elsewhere = placesOfKey(other);
    const closeElsewhere = elsewhere.length > 0 ? elsewhere : placesOfKey(nearest(key, everyKey()) ?? '');
    const belongs = closeElsewhere.map((place) => `\`${place}\``).join(' or ');
    const hint = close.length > 0 ? didYouMean(close) : belongs === '' ? '' : ` It belongs under ${belongs}.`;
    return {
        code: 'unknown-key',
        path: [...parent, key],
        message: `Unknown key ${quote(key)} ${where}.${hint} Allowed here: ${known.join(', ')}.`,
        atKey: true,
        ...(close.length === 1 ? { meant: close[0] } : {}),
    };
}
let allKeys;
function everyKey() {
    if (allKeys)
        return allKeys;
    const found = new Set();
    const visit = (schema) => {
        if (typeof schema !== 'object' || schema === null)
            return;
        for (const [name, value] of Object.entries(schema)) {
            if (name === 'properties')
                for (const key of Object.keys(value))
                    found.add(key);
            visit(value);
        }
    };
    visit(formsAt([]));
    allKeys = [...found];
    return allKeys;
}
function explainValue(issue, path, written) {
    const value = written.value(path);
    if (value === undefined || value === null)
        return missing(path, written);
    const found = `found ${show(path, written)}`;
    const value_ = (code, message) => ({ code, path, message, atKey: false });
    switch (issue.code) {
        case 'invalid_type':
            return wrongType(path, written);
        case 'invalid_value':
            return unknownValue(issue.values.map(String), path, written);
        case 'too_small':
        case 'too_big':
            return value_(typeof value === 'number' ? 'out-of-range' : 'wrong-length', sizeMessage(issue, path, written));
        case 'invalid_format':
            if (issue.format === 'date')
                return value_('bad-date', `${at(path)} must be a date that exists, as in 2026-03-01, ${found}.`);
            return value_('bad-format', `${at(path)} must be ${issue.message}, ${found}.`);
        default:
            return value_('wrong-type', `${at(path)} must be ${describeForms(formsAt(path))}, ${found}.`);
    }
}
function sizeMessage(issue, path, written) {
    const value = written.value(path);
    if (typeof value === 'number')
        return `${at(path)} must be ${describeForms(formsAt(path))}, found ${show(path, written)}.`;
    const form = formsAt(path).find((candidate) => candidate.prefixItems);
    if (form?.prefixItems)
        return `${at(path)} must be ${describeForms([form])}, found ${Array.isArray(value) ? value.length : 0}.`;
    const [bound, limit] = issue.code === 'too_small' ? ['at least', issue.minimum] : ['at most', issue.maximum];
    const unit = Array.isArray(value) ? (limit === 1 ? 'entry' : 'entries') : limit === 1 ? 'character' : 'characters';
    const length = Array.isArray(value) ? value.length : String(value).trim().length;
    return `${at(path)} must have ${bound} ${limit} ${unit}, found ${length === 0 ? 'none' : length}.`;
}
function missing(path, written) {
    const forms = formsAt(path);
    const description = forms[0]?.description;
    const state = written.has(path) ? 'is empty' : 'is missing';
    return {
        code: 'missing-key',
        path,
        message: `${at(path)} ${state}. Expected: ${describeForms(forms)}.${description ? ` ${description}` : ''}`,
        atKey: true,
    };
}
function wrongType(path, written) {
    const forms = formsAt(path);
    const value = written.value(path);
    if (value === undefined || value === null)
        return missing(path, written);
    const source = written.source(path) ?? String(value);
    const wantsText = forms.some((form) => form.type === 'string' && form.const === undefined);
    const wantsNumber = forms.some((form) => form.type === 'number' || form.type === 'integer');
    const allowed = describeForms(forms);
    let fix = '';
    if (wantsText && (typeof value === 'number' || typeof value === 'boolean'))
        fix = source.length > 40 ? ' Put quotes around it.' : ` Put quotes around it: ${quote(source)}.`;
    else if (wantsNumber && typeof value === 'string' && /^[-+]?\d+(\.\d+)?$/.test(value))
        fix = ` Take the quotes away: ${value}.`;
    else if (wantsNumber && forms[0]?.description)
        fix = ` ${forms[0].description}`;
    else if (isPlainMapping(value) && forms.some((form) => form.items?.properties))
        fix = ' Begin each entry with a dash: “- id: …”.';
    else if (forms.some((form) => form.type === 'array') && !Array.isArray(value) && typeof value !== 'object')
        fix = ` For a single entry write [${source.slice(0, 60)}].`;
    return {
        code: 'wrong-type',
        path,
        message: `${at(path)} must be ${allowed}, found ${show(path, written)}.${fix}`,
        atKey: false,
    };
}
function isPlainMapping(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function unknownValue(allowed, path, written) {
    const value = written.value(path);
    const forms = formsAt(path);
    const close = typeof value === 'string' ? didYouMean(likely(value, allowed)) : '';
    const kind = typeof value === 'object' ? 'wrong-type' : 'unknown-value';
    if (path.length === 1 && path[0] === 'version') {
        const fix = String(value) === '1'
            ? 'Take the quotes away: version: 1.'
            : 'This program reads version 1 of the format: write version: 1.';
        return { code: kind, path, message: `\`version\` must be 1, found ${show(path, written)}. ${fix}`, atKey: false };
    }
    const hint = close || measureHint(value);
    return {
        code: kind,
        path,
        message: `${at(path)} must be ${describeForms(forms)}, found ${show(path, written)}.${hint}`,
        atKey: false,
    };
}
/** `visual.kid`, `kid`, `linear`: the right measure in the wrong family. */
function measureHint(value) {
    const last = typeof value === 'string' ? value.split('.').at(-1) : undefined;
    const found = Object.keys(measures).find((measure) => measure.split('.').at(-1) === last?.toLowerCase());
    return found ? ` Did you mean \`${found}\`?` : '';
}
function at(path) {
    return path.length === 0 ? 'The manifest' : `\`${formatPath(path)}\``;
}
function show(path, written) {
    const value = written.value(path);
    if (typeof value === 'string')
        return value.trim() === '' ? 'empty text' : quote(value);
    if (typeof value === 'number')
        return `the number ${written.source(path) ?? value}`.slice(0, 80);
    if (typeof value === 'boolean')
        return `the boolean ${written.source(path) ?? value}`;
    if (Array.isArray(value))
        return value.length === 0 ? 'an empty list' : 'a list';
    return 'a mapping';
}

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
;// CONCATENATED MODULE: ./src/manifest/syntax.ts

const depthLimit = 32;
const tokenLimit = 200_000;
const tooDeep = `Nested more than ${depthLimit} levels deep; a manifest needs fewer than ten.`;
/**
 * What makes a text too large or too deep to compose. Lexing is linear and cheap; composing is neither for hostile
 * input, so its size and depth are bounded first.
 */
function excessOf(text) {
    let tokens = 0;
    let offset = 0;
    let depth = 0;
    let compact = 0;
    for (const token of new dist/* Lexer */.JG().lex(text)) {
        if (token === '[' || token === '{')
            depth += 1;
        else if (token === ']' || token === '}')
            depth = Math.max(0, depth - 1);
        else if (token === '-' || token === '?')
            compact += 1;
        else if (token === '\n' || token === '\r\n')
            compact = 0;
        if (depth > depthLimit || compact > depthLimit)
            return {
                code: 'too-deep',
                offset,
                message: tooDeep,
            };
        if (++tokens > tokenLimit)
            return {
                code: 'too-large',
                offset,
                message: `More than ${tokenLimit} YAML tokens; a long manifest has a few thousand. Is this the right file?`,
            };
        // The lexer marks document starts, flow ends and scalars with single characters that are not in the text.
        if (token !== '\u0002' && token !== '\u0018' && token !== '\u001f')
            offset += token.length;
    }
    return null;
}
/** A library error in the words of someone who writes a manifest. */
function explainSyntax(code, message) {
    switch (code) {
        case 'TAB_AS_INDENT':
            return {
                code: 'tab',
                message: 'YAML is indented with spaces; this line is indented with a tab. Replace it with spaces.',
            };
        case 'MULTIPLE_DOCS':
            return {
                code: 'several-documents',
                message: 'A second YAML document begins here (---). One file holds one manifest: split it.',
            };
        case 'RESOURCE_EXHAUSTION':
            return {
                code: 'too-deep',
                message: tooDeep,
            };
        case 'BLOCK_AS_IMPLICIT_KEY':
            return {
                code: 'syntax',
                message: 'A second “key: value” on one line, or a wrong indent. If the colon belongs to the text, put quotes around the text.',
            };
        case 'MULTILINE_IMPLICIT_KEY':
            return {
                code: 'syntax',
                message: 'Expected “key: value” here. Is the colon, or the space after it, missing, or the next line indented too far?',
            };
        case 'BAD_SCALAR_START':
            return { code: 'syntax', message: `${message}. Put quotes around the text.` };
        case 'UNEXPECTED_TOKEN':
            if (!message.includes('at node end'))
                return { code: 'syntax', message: `Not valid YAML: ${message}.` };
            return {
                code: 'syntax',
                message: "Text follows a closing quote or bracket. A quote inside single quotes is written twice: 'it''s'.",
            };
        case 'MISSING_CHAR':
        case 'BAD_INDENT':
            return { code: 'syntax', message: `${message}.` };
        default:
            return { code: code === 'TAG_RESOLVE_FAILED' ? 'tag-refused' : 'syntax', message: `Not valid YAML: ${message}.` };
    }
}

;// CONCATENATED MODULE: ./src/manifest/read.ts



const limits = { aliased: 5_000, findings: 100 };
/**
 * Reads YAML 1.2 (so JSON as well) into plain values. A key without a value counts as left out. Nothing in the file is
 * executed, expanded beyond bounds or merged; whatever is refused comes back as findings, never as an exception.
 */
function readYaml(text) {
    const lines = new dist/* LineCounter */.HN();
    const position = (offset) => {
        const { line, col } = lines.linePos(Math.min(Math.max(0, offset), text.length));
        return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    const findings = [];
    const report = (code, offset, message, path = '') => {
        if (findings.length < limits.findings)
            findings.push({ code, path, message, ...position(offset) });
    };
    const nothing = { value: undefined, places: new Map(), ambiguous: [], findings, position };
    const excess = excessOf(text);
    if (excess) {
        lines.addNewLine(0);
        for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
            lines.addNewLine(at + 1);
        report(excess.code, excess.offset, excess.message);
        return nothing;
    }
    // Duplicate keys are looked for below: the library's own search takes time quadratic in the number of keys.
    const document = (0,dist/* parseDocument */.Tp)(text, {
        lineCounter: lines,
        uniqueKeys: false,
        prettyErrors: false,
        logLevel: 'error',
    });
    if (document.errors.length > 0) {
        const told = new Set();
        for (const error of document.errors) {
            const { line } = position(error.pos[0]);
            // One mistake in YAML brings several errors on its line; the first one is about the mistake.
            if (told.has(line))
                continue;
            told.add(line);
            const { code, message } = explainSyntax(error.code, harmless(error.message));
            report(code, error.pos[0], message);
            if (told.size === 10 || code === 'too-deep' || code === 'several-documents')
                break;
        }
        return nothing;
    }
    return { ...convert(document.contents, report), findings, position };
}
function convert(root, report) {
    const places = new Map();
    const ambiguous = [];
    const anchors = new Map();
    const open = new Set();
    let aliased = 0;
    let aliasDepth = 0;
    function read(node, path, keyOffset) {
        const at = formatPath(path);
        const offset = node?.range?.[0] ?? keyOffset ?? 0;
        // Inside an alias, what is wrong is told where the alias stands.
        const place = { ...(keyOffset === undefined ? {} : { key: keyOffset }), value: offset };
        if (aliasDepth === 0)
            places.set(at, place);
        if (node === null)
            return undefined;
        if (path.length > depthLimit) {
            report('too-deep', offset, tooDeep, at);
            return undefined;
        }
        if (aliasDepth > 0 && ++aliased > limits.aliased) {
            if (aliased === limits.aliased + 1)
                report('alias-expansion', offset, `Aliases expand to more than ${limits.aliased} values. Write the values out.`, at);
            return undefined;
        }
        if ((0,dist/* isAlias */.Vj)(node))
            return readAlias(node, path, offset);
        if (node.anchor)
            anchors.set(node.anchor, node);
        if (node.tag !== undefined && !plainTags.has(node.tag)) {
            report('tag-refused', offset, `The tag ${quote(shortTag(node.tag))} is not read. Write a plain value.`, at);
            return undefined;
        }
        if ((0,dist/* isScalar */.jn)(node))
            return readScalar(node, path, at, place);
        open.add(node);
        const value = (0,dist/* isMap */.jh)(node)
            ? readMap(node, path)
            : (0,dist/* isSeq */.oP)(node)
                ? readItems(node.items, path)
                : undefined;
        open.delete(node);
        return value;
    }
    function readItems(items, path) {
        // A null in a list is kept: the place of the others must not move.
        return items.map((item, index) => read(item, [...path, index]) ?? null);
    }
    function readAlias(alias, path, offset) {
        const at = formatPath(path);
        const target = anchors.get(alias.source);
        if (target === undefined) {
            report('unknown-alias', offset, `The alias ${quote(`*${alias.source}`)} has no anchor of that name before it.`, at);
            return undefined;
        }
        if (open.has(target)) {
            report('alias-expansion', offset, `The alias ${quote(`*${alias.source}`)} contains itself.`, at);
            return undefined;
        }
        aliasDepth += 1;
        const value = read(target, path);
        aliasDepth -= 1;
        return value;
    }
    function readScalar(node, path, at, place) {
        const plain = node.type === 'PLAIN' || node.type === undefined;
        const source = node.source ?? String(node.value);
        Object.assign(place, { source, plain });
        if (node.value === null)
            return undefined;
        if (typeof node.value === 'string') {
            if (!node.value.isWellFormed()) {
                report('wrong-encoding', place.value ?? 0, 'The text holds half of a surrogate pair (\\ud800 to \\udfff alone).', at);
                return undefined;
            }
            if (plain && /^(?:yes|no|on|off)$/i.test(source))
                ambiguous.push({ path, source, reads: 'a boolean' });
            if (plain && /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ])/.test(source))
                ambiguous.push({ path, source, reads: 'a date' });
        }
        return node.value;
    }
    function readMap(map, path) {
        const value = {};
        const seen = new Map();
        for (const pair of map.items) {
            const key = readKey(pair.key, map, path);
            if (key === null)
                continue;
            const keyOffset = pair.key?.range?.[0] ?? 0;
            const keyPath = [...path, key];
            const first = seen.get(key);
            if (first !== undefined) {
                report('duplicate-key', keyOffset, `The key ${quote(key)} stands twice in the same mapping. Keep one.`, formatPath(keyPath));
                continue;
            }
            seen.set(key, keyOffset);
            const item = read(pair.value, keyPath, keyOffset);
            // A plain assignment of this one name would set the prototype.
            Object.defineProperty(value, key, { value: item, enumerable: true, configurable: true, writable: true });
        }
        return value;
    }
    function readKey(key, map, path) {
        const at = formatPath(path);
        const offset = key?.range?.[0] ?? map.range?.[0] ?? 0;
        if (!(0,dist/* isScalar */.jn)(key) || key.value === null) {
            report('bad-key', offset, 'A key must be a word. Is a colon or a quote out of place?', at);
            return null;
        }
        const word = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
        if (word === '<<') {
            report('merge-key', offset, 'Merge keys (<<) are not part of YAML 1.2 and are not read. Write the keys out.', at);
            return null;
        }
        if (!word.isWellFormed()) {
            report('wrong-encoding', offset, 'The key holds half of a surrogate pair (\\ud800 to \\udfff alone).', at);
            return null;
        }
        return word;
    }
    return { value: read(root, []), places, ambiguous };
}
const yamlTag = 'tag:yaml.org,2002:';
const plainTags = new Set(['str', 'map', 'seq', 'int', 'float', 'bool', 'null'].map((name) => yamlTag + name));
function shortTag(tag) {
    return tag.startsWith(yamlTag) ? `!!${tag.slice(yamlTag.length)}` : tag;
}

;// CONCATENATED MODULE: ./src/manifest/salvage.ts


/**
 * What is left of a manifest when everything that the schema refused is taken out and misspelt keys are
 * read as what they most likely are, so that the cross-checks can run on
 * the rest and the author sees all problems at once. Null when something required is among it.
 * @param value as read from the file; it is copied, not changed
 */
function salvage(value, refused) {
    const rest = structuredClone(value);
    for (const { path, meant } of refused) {
        const optional = nearestOptional(path);
        if (optional === null)
            return null;
        remove(rest, optional, meant);
    }
    return manifestSchema.safeParse(rest).data ?? null;
}
/** The path itself or the nearest one above it that may be left out without moving anything else. */
function nearestOptional(path) {
    for (let length = path.length; length > 0; length--) {
        const key = path[length - 1];
        if (typeof key === 'number')
            continue;
        const required = formsAt(path.slice(0, length - 1)).some((form) => form.required?.includes(key));
        if (!required)
            return path.slice(0, length);
    }
    return null;
}
/** Takes the value out; a misspelt key gives its value to the key that was meant. */
function remove(value, path, meant) {
    let holder = value;
    for (const segment of path.slice(0, -1)) {
        if (typeof holder !== 'object' || holder === null)
            return;
        holder = holder[segment];
    }
    if (typeof holder !== 'object' || holder === null)
        return;
    const key = path.at(-1);
    if (meant !== undefined && holder[meant] === undefined)
        holder[meant] = holder[key];
    delete holder[key];
}
/** Cross-checks that find something absent. After a salvage it may only have been taken out. */
const absenceCodes = new Set([
    'nothing-to-measure',
    'no-labels',
    'missing-sha256',
    'unknown-encoder',
    'unknown-claim',
    'task-mismatch',
    'metric-mismatch',
    'format-mismatch',
    'key-unused',
]);

;// CONCATENATED MODULE: ./src/manifest/load.ts













/**
 * Reads and checks a manifest file.
 * @param options.base directory that `file` and the name shown are relative to; default: the working directory
 * @param options.displayName name to show instead
 * @throws TransferEvidenceError `manifest-missing`, `manifest-unreadable`; whatever is wrong inside is in `problems`
 */
async function loadManifest(file, options = {}) {
    const base = (0,external_node_path_.resolve)(options.base ?? '.');
    const absolute = (0,external_node_path_.resolve)(base, file);
    const inside = (0,external_node_path_.relative)(base, absolute);
    const shown = options.displayName ?? (inside.startsWith('..') || (0,external_node_path_.isAbsolute)(inside) ? absolute : inside).split(external_node_path_.sep).join('/');
    const { bytes, size } = await readBytes(absolute, shown);
    return { ...parse(bytes, size, shown), directory: (0,external_node_path_.dirname)(absolute) };
}
/** Reads and checks a manifest's content. Throws nothing: whatever is wrong is in `problems`. */
function parseManifest(source, displayName) {
    return parse(source, typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength, displayName);
}
/** At most one byte more than is ever parsed, so that neither a wrong file nor an endless one fills the memory. */
async function readBytes(absolute, shown) {
    try {
        // A named pipe without a writer would be waited for.
        const file = await (0,promises_.open)(absolute, external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NONBLOCK ?? 0));
        try {
            const stat = await file.stat();
            if (!stat.isFile())
                throw Object.assign(new Error(), { code: stat.isDirectory() ? 'EISDIR' : 'it is not a file' });
            const buffer = Buffer.alloc(Math.min(stat.size, sizeLimit) + 1);
            let filled = 0;
            while (filled < buffer.length) {
                const { bytesRead } = await file.read(buffer, filled);
                if (bytesRead === 0)
                    break;
                filled += bytesRead;
            }
            return { bytes: buffer.subarray(0, filled), size: Math.max(stat.size, filled) };
        }
        finally {
            await file.close();
        }
    }
    catch (cause) {
        const { code } = cause;
        const location = { file: shown };
        if (code === 'ENOENT' || code === 'ENOTDIR')
            throw new errors_TransferEvidenceError('manifest-missing', `There is no manifest at ${shown}. Name the file itself.`, {
                location,
                cause,
            });
        const why = code === 'EISDIR'
            ? 'it is a directory; name the file in it, as in transfer.yml'
            : code === 'EACCES'
                ? 'permission was denied'
                : (code ?? cause);
        throw new errors_TransferEvidenceError('manifest-unreadable', `${shown} cannot be read: ${why}.`, { location, cause });
    }
}
function parse(source, size, file) {
    const common = { file, directory: (0,external_node_path_.resolve)((0,external_node_path_.dirname)(file)), digest: sha256(source) };
    const refused = (problem, location) => ({
        ...common,
        manifest: null,
        problems: [{ level: 'error', path: '', location, ...problem }],
        locate: () => ({ file, line: 1, column: 1 }),
    });
    const decoded = decode_decode(source, size);
    if ('code' in decoded) {
        const before = decoded.text.slice(0, decoded.offset).split('\n');
        const location = { file, line: before.length, column: before.at(-1).length + 1 };
        return refused({ code: decoded.code, message: decoded.message }, location);
    }
    const read = readYaml(decoded.text);
    const locate = locator(read, file);
    const problems = read.findings.map(({ code, path, message, line, column }) => ({
        level: 'error',
        code,
        path,
        location: { file, line, column },
        message,
    }));
    const unusable = read.places.size === 0 || problems.some(({ code }) => code === 'too-deep');
    if (unusable && problems.length > 0)
        return { ...common, manifest: null, problems, locate };
    const shape = describeRoot(read.value);
    if (shape)
        return refused(shape, { file, line: 1, column: 1 });
    const parsed = manifestSchema.safeParse(read.value);
    const add = (code, path, message, location) => problems.push({ level: 'error', code, path, location, message });
    const unread = new Set(problems.map((problem) => problem.path));
    const explained = parsed.success ? [] : explainIssues(parsed.error.issues, written(read));
    for (const { code, path: segments, message, atKey } of explained) {
        const path = formatPath(segments);
        // What could not be read at all was told already, and better.
        if (code !== 'missing-key' || !unread.has(path))
            add(code, path, message, locate(path, atKey));
    }
    for (const { path: segments, source: word, reads } of read.ambiguous) {
        if (!expectsFreeText(segments))
            continue;
        const path = formatPath(segments);
        const message = `\`${path}\` is text, but many YAML readers take ${word} for ${reads}. Put quotes around it: ${quote(word)}.`;
        add('needs-quotes', path, message, locate(path));
    }
    const complete = parsed.data ? withoutUndefined(parsed.data) : null;
    const checkable = complete ?? salvage(read.value, explained);
    const told = new Set(problems.map((problem) => problem.path));
    for (const problem of checkable ? checkManifest(checkable, locate) : [])
        if (!told.has(problem.path) && (complete || !absenceCodes.has(problem.code)))
            problems.push(problem);
    problems.sort((a, b) => a.location.line - b.location.line || a.location.column - b.location.column);
    return {
        ...common,
        manifest: problems.length === 0 ? complete : null,
        problems: atMost(problems, file),
        locate,
    };
}
function describeRoot(value) {
    const write = 'Write a mapping that begins with version: 1.';
    if (value === undefined)
        return { code: 'empty', message: `The manifest is empty. ${write}` };
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return null;
    const found = Array.isArray(value) ? 'a list' : `a single ${typeof value === 'string' ? 'text' : typeof value}`;
    return { code: 'wrong-type', message: `The manifest must be a mapping of keys to values, found ${found}. ${write}` };
}
const most = 100;
/** More would bury the first ones; the last line says how many were left out. */
function atMost(problems, file) {
    if (problems.length <= most)
        return problems;
    const rest = problems.length - most;
    const message = `${rest} more problems are not shown. Mend these first.`;
    return [
        ...problems.slice(0, most),
        { level: 'error', code: 'more', path: '', location: problems[most]?.location ?? { file }, message },
    ];
}
function locator(read, file) {
    return (path, atKey = false) => {
        for (let at = path; at !== null; at = parentPath(at)) {
            const place = read.places.get(at);
            if (place === undefined)
                continue;
            // A block under a key is found by its key; a value that stands beside it, by itself.
            const key = place.key === undefined ? undefined : read.position(place.key);
            const value = read.position(place.value ?? place.key ?? 0);
            const position = key && (atKey || at !== path || key.line !== value.line || place.source === undefined) ? key : value;
            return { file, ...position };
        }
        return { file, line: 1, column: 1 };
    };
}
function written(read) {
    return {
        value: (path) => path.reduce((value, segment) => typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
            ? value[segment]
            : undefined, read.value),
        source: (path) => read.places.get(formatPath(path))?.source,
        has: (path) => read.places.has(formatPath(path)),
    };
}
/** Free text, as against a choice, a date or something that is no text at all. */
function expectsFreeText(path) {
    return formsAt(path).some((form) => form.type === 'string' && form.enum === undefined && form.const === undefined && form.format === undefined);
}
function withoutUndefined(value) {
    if (Array.isArray(value))
        return value.map(withoutUndefined);
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, withoutUndefined(item)]));
}

;// CONCATENATED MODULE: ./src/report/marker.ts
/**
 * The hidden first line by which a manifest's comment is found again. It differs for every manifest and comment id, and
 * nothing in either can end the HTML comment.
 */
function markerFor(manifestFile, commentId) {
    const key = (text) => [...text].map((character) => (/[A-Za-z0-9._/]/.test(character) ? character : encodeCharacter(character))).join('');
    return `<!-- transfer-evidence:${key(manifestFile)}${commentId ? `#${key(commentId)}` : ''} -->`;
}
function encodeCharacter(character) {
    return [...new TextEncoder().encode(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join('');
}

;// CONCATENATED MODULE: ./src/verdict/probes.ts



function fieldOf(measurement) {
    return proxyOf(measurement) === null ? 'weights' : 'proxies';
}
/** Every score of a probe in one field, the mean-colour control left out. */
function probes_scoresOf(evidence, measure, field) {
    return evidence.measurements.filter((found) => found.measure === measure &&
        found.estimate !== null &&
        found.candidate !== meanColourId &&
        fieldOf(found) === field);
}
/**
 * The probe that decides about performance: the one with a number for most candidates of the field, of equals the strongest. A
 * candidate that could not be fine-tuned is thus compared by the linear probe rather than passed over. `null` when none was measured.
 */
function decidingProbe(evidence, field = 'weights') {
    let most = 0;
    let deciding = null;
    for (const measure of probeMeasures) {
        const candidates = probes_scoresOf(evidence, measure, field).filter(({ candidate }) => !isControl(candidate)).length;
        if (candidates > most)
            [most, deciding] = [candidates, measure];
    }
    return deciding;
}
/** The field that a candidate was measured in; for one that was not, and for `scratch`, that of weights where there is any. */
function fieldOfCandidate(evidence, id) {
    const own = evidence.measurements.find(({ measure, candidate }) => candidate === id && isProbe(measure));
    if (own)
        return fieldOf(own);
    return decidingProbe(evidence) === null && decidingProbe(evidence, 'proxies') !== null ? 'proxies' : 'weights';
}
/** Whether the comparison is one of proxies. */
function isOfProxies(evidence, { measure, subject, object }) {
    return evidence.measurements.some((found) => found.measure === measure && [subject, object].includes(found.candidate) && fieldOf(found) === 'proxies');
}
/** Whether one of the two was measured as a proxy and the other with weights. `scratch` is whatever it is compared with. */
function acrossFields(evidence, measure, a, b) {
    if (a === scratchId || b === scratchId)
        return false;
    const [one, other] = [a, b].map((id) => evidence.measurements.find((found) => found.measure === measure && found.candidate === id));
    return one !== undefined && other !== undefined && fieldOf(one) !== fieldOf(other);
}

;// CONCATENATED MODULE: ./src/report/escape.ts
/**
 * Text from a manifest, a file name or a message, made harmless where it will be read.
 * Every string that reaches a report goes through here, our own words too: there is no way round to forget.
 */
/** Characters that are not seen or that reorder what is seen: controls, zero-width and bidirectional marks, fillers. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;
/** One line of text in which nothing is hidden: white space is one space (a no-break space stays), unseen characters are shown by code point. */
function visible(text) {
    return text
        .replace(/[^\S\u00A0]+|\u0085/g, ' ')
        .replace(unseen, (character) => `⟦U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟧`);
}
/** Text of several lines, as in a code block: line ends stay, everything unseen is shown. */
function visibleLines(text) {
    return text
        .split(/\r\n|[\n\r\u2028\u2029]/)
        .map((line) => line.replace(/\t/g, '  ').replace(unseen, visible))
        .join('\n');
}
/** At most `length` characters, cut at a character and marked. */
function escape_clip(text, length) {
    const characters = [...text.slice(0, 2 * length + 2)];
    return characters.length <= length
        ? text
        : `${characters
            .slice(0, length - 1)
            .join('')
            .trimEnd()}…`;
}
function escapeHtml(text) {
    return escapeMarkup(visible(text));
}
/** As escapeHtml, for a code block: line ends and indentation stay, since YAML means something by them. */
function escapeHtmlLines(text) {
    return escapeMarkup(visibleLines(text));
}
function escapeMarkup(text) {
    return text
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;')
        .replace(/"/g, '&quot;')
        .replace(/'/g, '&#39;');
}
/** Keeps two characters apart without showing anything: GitHub links neither `@&#8203;name` nor `#&#8203;12`. */
const apart = '&#8203;';
/** Breaks what GitHub links by itself in rendered text: mentions, references, addresses, commits; and its math. */
function unlink(html) {
    return html
        .replace(/\$/g, '<span>$</span>')
        .replace(/@/g, `@${apart}`)
        .replace(/(?<!&)#/g, `#${apart}`)
        .replace(/(gh)-(?=\d)/gi, `$1-${apart}`)
        .replace(/:(?=\/\/)/g, `:${apart}`)
        .replace(/(www)\./gi, `$1${apart}.`)
        .replace(/\b(mailto|xmpp):/gi, `$1${apart}:`)
        .replace(/\b([0-9a-f])(?=[0-9a-f]{6,39}\b)/gi, `$1${apart}`);
}
/**
 * Plain text as GitHub Markdown that shows exactly this text: no mention, reference, link, image, HTML, emphasis, math,
 * table cell or block of any kind comes out of it. Line-start constructs are the block's concern (see markdown.ts).
 */
function escapeMarkdown(text) {
    const html = visible(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
    return unlink(html.replace(/[\\`*_~|[\]]/g, '\\$&'));
}
/** The same for text inside an HTML block of a comment, where Markdown's backslashes would be seen. */
function escapeSummary(text) {
    return unlink(escapeHtml(text));
}
/** Whether a name can stand between single backticks as it is, in and out of tables. */
const plainCode = /^[\w .:;,/=+()<>@#?!%'"{}^&*~[\]$-]+$/;
/** A name, path or number in code type. */
function codeSpan(text) {
    const shown = visible(text).trim();
    if (shown === '')
        return '<code></code>';
    return plainCode.test(shown) ? `\`${shown}\`` : `<code>${escapeMarkdown(shown)}</code>`;
}
/** A fenced code block; the fence is longer than any run of backticks inside. */
function codeBlock(text, language) {
    const shown = visibleLines(text);
    const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language}\n${shown}\n${fence}`;
}

;// CONCATENATED MODULE: ./src/report/chart.ts



/** Share of an axis that the data may take, so that no label is cut at the edge. */
const room = 0.8;
/**
 * The candidates that have both a distance and a probe score; `null` when fewer than two do.
 * An axis spans at least twice the widest interval, so that candidates within the noise stand close together.
 */
function quadrantChart(evidence, field = 'weights') {
    const measure = decidingProbe(evidence, field);
    if (measure === null)
        return null;
    const encoder = evidence.encoders[0]?.id;
    const distances = new Map(evidence.measurements.flatMap((m) => m.measure === 'embedding.mmd' && m.estimate && m.encoder === encoder ? [[m.candidate, m.estimate]] : []));
    const scores = new Map(probes_scoresOf(evidence, measure, field).flatMap(({ candidate, estimate }) => isControl(candidate) ? [] : [[candidate, estimate]]));
    const ids = [...distances.keys()].filter((id) => scores.has(id));
    if (ids.length < 2)
        return null;
    const x = chart_scale(ids.map((id) => distances.get(id)));
    const y = chart_scale(ids.map((id) => scores.get(id)));
    return {
        measure,
        field,
        title: 'Similar is not the same as better',
        xAxis: ['farther from the target', 'closer'],
        yAxis: ['lower probe score', 'higher'],
        points: ids.map((label, index) => ({ label, similarity: round(1 - x[index]), performance: round(y[index]) })),
    };
}
function chart_scale(estimates) {
    const values = estimates.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const widest = Math.max(...estimates.map((estimate) => estimate.high - estimate.low));
    const span = Math.max(high - low, 2 * widest);
    const centre = (low + high) / 2;
    return values.map((value) => (span > 0 ? 0.5 + (room * (value - centre)) / span : 0.5));
}
const round = (value) => Math.min(1, Math.max(0, Number(value.toFixed(3))));
/** The chart in Mermaid's language; every label is quoted and holds nothing that could end the quotes. */
function mermaid({ title, xAxis, yAxis, points }) {
    const quoted = (text) => `"${escape_clip(visible(text), 40).replace(/["\\`;#%<>{}]/g, '·')}"`;
    return [
        '%%{init: {"quadrantChart": {"chartWidth": 520, "chartHeight": 340}}}%%',
        'quadrantChart',
        `  title ${title}`,
        `  x-axis ${quoted(xAxis[0])} --> ${quoted(xAxis[1])}`,
        `  y-axis ${quoted(yAxis[0])} --> ${quoted(yAxis[1])}`,
        ...points.map(({ label, similarity, performance }) => `  ${quoted(label)}: [${similarity}, ${performance}]`),
    ].join('\n');
}

;// CONCATENATED MODULE: ./src/report/sections/chart.ts



/** Similarity against performance, where both were measured for two candidates or more. */
function chartSection({ manifest, evidence }) {
    const chart = manifest === null || evidence === null
        ? null
        : quadrantChart(evidence, fieldOfCandidate(evidence, manifest.chosen));
    if (chart === null)
        return [];
    const text = `To the right: closer to the target (RBF-MMD²${evidence?.encoders[0] ? ` in ${evidence.encoders[0].id}` : ''}). Up: a better score of the ${measures[chart.measure].title}${chart.field === 'proxies' ? ', of proxies' : ''}. Each axis spans at least twice the widest 95 % interval, so points that lie together are not told apart.`;
    return [
        {
            name: 'the chart',
            title: 'Similarity against performance',
            folded: false,
            weight: 40,
            blocks: [
                { kind: 'chart', chart },
                { kind: 'small', text },
            ],
        },
    ];
}

;// CONCATENATED MODULE: ./src/verdict/numbers.ts

/** Figures after the decimal point that show an uncertainty of `halfWidth` with two significant digits. */
function decimalsFor(halfWidth, value) {
    const scale = halfWidth > 0 ? halfWidth : Math.abs(value) / 10;
    if (!(scale > 0) || !Number.isFinite(scale))
        return 1;
    return Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(scale))));
}
function fixed(value, decimals, signed) {
    const digits = Math.abs(value).toFixed(decimals);
    const [whole = '', fraction] = digits.split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    const body = fraction === undefined ? grouped : `${grouped}.${fraction}`;
    if (Number(digits) === 0)
        return body;
    if (value < 0)
        return `−${body}`;
    return signed ? `+${body}` : body;
}
/** How the numbers of one measure are shown: probe scores in points (hundredths), distances in their own unit. */
function shown(measure) {
    const { unit } = measures[measure];
    return unit === 'points' ? { factor: 100, unit, decimals: 1 } : { factor: 1, unit };
}
/** One number of a measure with its unit: `67.3 points`, `+0.8 points`, `0.031`. */
function formatValue(measure, value, options = {}) {
    const { factor, unit, decimals } = shown(measure);
    const half = options.like ? (factor * (options.like.high - options.like.low)) / 2 : 0;
    const text = fixed(value * factor, decimals ?? decimalsFor(half, value * factor), options.signed ?? false);
    return options.unit === false || unit === '' ? text : `${text} ${unit}`;
}
/** A number with its interval, all at one precision: `+0.8 [−0.7, +2.4]`; with the unit `+0.8 points [−0.7, +2.4]`. */
function formatEstimate(measure, estimate, options = {}) {
    const { factor, unit, decimals } = shown(measure);
    const signed = options.signed ?? false;
    const [value, low, high] = [estimate.value * factor, estimate.low * factor, estimate.high * factor];
    const places = decimals ?? decimalsFor((high - low) / 2, value);
    const suffix = options.unit === false || unit === '' ? '' : ` ${unit}`;
    return `${fixed(value, places, signed)}${suffix} [${fixed(low, places, signed)}, ${fixed(high, places, signed)}]`;
}
/** A level such as 0.95 as `95 %`; corrected levels keep up to two decimals. */
function formatLevel(level) {
    return `${Number((level * 100).toFixed(2))} %`;
}
/** A count with thousands set apart. */
function formatCount(count) {
    return fixed(Math.round(count), 0, false);
}
/** A factor by which something must grow: two figures below ten, whole numbers above. */
function formatFactor(factor) {
    return factor < 10 ? factor.toFixed(1) : formatCount(Number(factor.toPrecision(2)));
}

;// CONCATENATED MODULE: ./src/report/words.ts


/** The only icons and words that a report uses for a verdict. */
const verdictWords = {
    contradicted: { icon: '❌', word: 'contradicted' },
    inconclusive: { icon: '⚪', word: 'inconclusive' },
    supported: { icon: '✅', word: 'supported' },
    no_evidence: { icon: '➖', word: 'no evidence' },
    untestable: { icon: '💬', word: 'untestable' },
};
/** Contradicted first: the order in which claims are read. */
const verdictOrder = ['contradicted', 'inconclusive', 'supported', 'no_evidence', 'untestable'];
const stateIcons = {
    blocked: '⛔',
    answer_needed: '❌',
    undocumented: '📝',
    worse: '🔻',
    tied: '⚖️',
    supported: '✅',
    inconclusive: '⚪',
    no_evidence: '➖',
    documented: '📄',
};
const gateWords = {
    pass: '🟢 passes',
    warn: '🟡 passes with warnings',
    fail: '🔴 fails',
};
const levelIcons = {
    error: '⛔',
    fail: '⛔',
    acknowledge: '❌',
    warn: '⚠️',
    note: 'ℹ️',
};
/** Plain text in which `…` stands for code, as messages are written. */
function prose(text) {
    return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? { code: part } : part));
}
/** A claim's test in one phrase: `imagenet better than scratch by 10.0 points or more`. */
function testWords({ measure, subject, relation, object, margin, encoder }) {
    const { title, direction } = measures[measure];
    const amount = formatValue(measure, margin);
    const phrase = {
        greater_than: `${direction === 'higher_better' ? 'better' : 'greater'} than`,
        closer_than: 'closer than',
        not_worse_than: margin > 0 ? `at most ${amount} worse than` : 'not worse than',
    }[relation];
    const by = margin > 0 && relation !== 'not_worse_than' ? ` by ${amount} or more` : '';
    const where = encoder === undefined ? [] : [' in ', { code: encoder }];
    return [title, where, ': ', { code: subject }, ` ${phrase} `, { code: object }, by];
}
/** `1 claim`, `2 claims`. */
function words_counted(count, noun, plural = `${noun}s`) {
    return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}
/** `transfer.yml line 12`. */
function words_placeOf(location) {
    if (!location)
        return '';
    return location.line === undefined ? location.file : `${location.file} line ${location.line}`;
}

;// CONCATENATED MODULE: ./src/report/sections/claims.ts



/** More rows than this are folded away: nobody reads them in ten seconds. */
const openRows = 7;
/** The claims, contradicted first; those beyond the first seven folded. */
function claimSections({ verdicts, context, evidence }) {
    if (verdicts === null || verdicts.claims.length === 0)
        return [];
    const sorted = [...verdicts.claims].sort((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
    const measured = context.mode === 'review' && evidence !== null;
    const blocks = [tableOf(sorted.slice(0, openRows), measured)];
    const caption = levelCaption(sorted);
    if (caption !== null)
        blocks.push({ kind: 'small', text: caption });
    const remarks = verdicts.remarks.length === 0 ? [] : [{ kind: 'quote', lines: verdicts.remarks.slice(0, 6).map(prose) }];
    const rest = sorted.slice(openRows);
    return [
        ...(remarks.length === 0 ? [] : [{ name: 'remarks', title: null, folded: false, weight: 92, blocks: remarks }]),
        { name: 'the claims', title: null, folded: false, weight: 95, blocks },
        ...(rest.length === 0
            ? []
            : [
                {
                    name: 'further claims',
                    title: words_counted(rest.length, 'further claim'),
                    folded: true,
                    weight: 60,
                    blocks: [tableOf(rest, measured)],
                },
            ]),
    ];
}
function tableOf(claims, measured) {
    if (measured)
        return {
            kind: 'table',
            head: ['Verdict', 'What you said', 'What was measured'],
            align: ['l', 'l', 'l'],
            rows: claims.map((judged) => [
                verdictCell(judged),
                [...claimCell(judged), { aside: testCell(judged) }],
                evidenceCell(judged),
            ]),
        };
    return {
        kind: 'table',
        head: ['What you said', 'How it would be measured'],
        align: ['l', 'l'],
        rows: claims.map((judged) => [claimCell(judged), testCell(judged)]),
    };
}
function verdictCell({ verdict }) {
    const { icon, word } = verdictWords[verdict];
    return `${icon}\u00a0${word.replace(' ', '\u00a0')}`;
}
function claimCell({ claim }) {
    const answer = claim.response === undefined ? [] : [' — ', { strong: 'answer: ' }, escape_clip(claim.response, 160)];
    return [{ strong: claim.id }, ` ${escape_clip(claim.text, 160)}`, ...answer];
}
function testCell({ claim }) {
    const factor = claim.factor.replaceAll('_', ' ');
    return claim.test === 'untestable' ? `kept as ${factor}` : [`${factor} · `, testWords(claim.test)];
}
function evidenceCell({ claim, verdict, because, wouldDecide, interval }) {
    if (claim.test === 'untestable')
        return '–';
    const [numbers = '', ...reading] = because.split(': ');
    const told = interval && reading.length > 0
        ? [{ strong: numbers }, ': ', prose(escape_clip(reading.join(': '), 300))]
        : prose(escape_clip(because, 300));
    const open = wouldDecide !== undefined && verdict !== 'supported' && verdict !== 'contradicted';
    return open ? [told, { aside: ['Would be decided by ', prose(escape_clip(wouldDecide, 240)), '.'] }] : told;
}
function levelCaption(claims) {
    const testable = claims.filter(({ claim }) => claim.test !== 'untestable').length;
    const levels = claims.flatMap(({ interval }) => (interval ? [interval.level] : []));
    if (levels.length === 0)
        return null;
    const [low, high] = [Math.min(...levels), Math.max(...levels)];
    if (testable < 2)
        return `Paired difference with its ${formatLevel(low)} interval.`;
    const range = low === high ? formatLevel(low) : `${formatLevel(low)} to ${formatLevel(high)}`;
    return `Paired differences. Intervals at ${range}, which is 95 % over all ${testable} testable claims together (Holm).`;
}

;// CONCATENATED MODULE: ./src/report/sections/section.ts
const longest = 50;
function section(name, title, folded, weight, ...blocks) {
    return { name, title, folded, weight, blocks };
}
/** A list of at most 50 items, with the number of those that are not shown. */
function listOf(items, beyond = items.length - longest) {
    const shown = items.slice(0, longest);
    return { kind: 'list', items: beyond > 0 ? [...shown, `and ${beyond} more`] : shown };
}
/** Inlines in a row with something between them. */
function joined(items, between) {
    return items.flatMap((item, index) => (index === 0 ? [item] : [between, item]));
}

;// CONCATENATED MODULE: ./src/report/sections/sources.ts


const heads = {
    dataset: 'Dataset',
    size: 'Size',
    shows: 'Shows',
    sameAsTarget: 'As the target?',
    license: 'Licence',
};
/** What the manifest declares of the target and the sources: nothing of it was measured. */
function sourcesTable({ target, candidates, chosen }) {
    const rows = [
        {
            name: 'the target',
            dataset: inRow([target.croissant, target.card]),
            size: '',
            shows: shownBy(target.coding),
            sameAsTarget: '',
            license: target.license ?? '',
        },
        ...candidates.map((candidate) => declaredOf(candidate, target.coding, chosen)),
    ];
    const columns = Object.keys(heads).filter((key) => rows.some((row) => row[key] !== ''));
    if (columns.length === 0)
        return [];
    return [
        {
            kind: 'table',
            head: ['Declared', ...columns.map((key) => heads[key])],
            align: ['l', ...columns.map(() => 'l')],
            rows: rows.map((row) => [row.name, ...columns.map((key) => escape_clip(row[key], 160) || '–')]),
        },
    ];
}
function declaredOf({ id, data = {}, weights, license, coding, card }, target, chosen) {
    const licences = [license, data.license];
    const ofWeights = typeof weights === 'object' ? weights.license : undefined;
    if (ofWeights !== undefined && !licences.includes(ofWeights))
        licences.push(`${ofWeights} (weights)`);
    const { images, classes, patients } = data;
    return {
        name: id === chosen ? [{ strong: { code: id } }, ' (chosen)'] : { code: id },
        dataset: inRow([data.name, data.doi, card]),
        size: inRow([
            images === undefined ? undefined : words_counted(images, 'image'),
            classes === undefined ? undefined : words_counted(classes, 'class', 'classes'),
            patients === undefined ? undefined : words_counted(patients, 'patient'),
        ]),
        shows: shownBy(coding),
        sameAsTarget: inRow([
            match('modality', modalities(coding), modalities(target)),
            match('body part', bodyPart(coding), bodyPart(target)),
        ]),
        license: inRow(licences),
    };
}
function shownBy(coding) {
    return inRow([...modalities(coding), ...bodyPart(coding), coding?.domain]);
}
/** Whether two declared codings share a code; `undefined` where one of them declares none. */
function match(what, own, wanted) {
    if (own.length === 0 || wanted.length === 0)
        return undefined;
    return `${what} ${own.some((one) => wanted.includes(one)) ? 'yes' : 'no'}`;
}
function modalities(coding) {
    return [coding?.modality ?? []].flat().map((code) => code.toUpperCase());
}
function bodyPart(coding) {
    return coding?.body_part === undefined ? [] : [coding.body_part.toUpperCase()];
}
/** What is there, each once. */
function inRow(values) {
    return [...new Set(values.filter((value) => value !== undefined))].join(', ');
}

;// CONCATENATED MODULE: ./src/report/sections/considered.ts



/** The decision record, folded: what the authors say that no number can show. */
function consideredSection({ manifest, decision }) {
    if (manifest === null)
        return [];
    const blocks = [
        ...recordOf(manifest),
        ...reasonsOf(manifest),
        ...sourcesTable(manifest),
        ...unusedWaivers(manifest, decision.problems),
    ];
    return blocks.length === 0 ? [] : [section('what was considered', 'What was considered', true, 28, ...blocks)];
}
function recordOf({ decision }) {
    if (decision === undefined)
        return [];
    const { id, status, date, supersedes, deciders = [], consulted = [], question } = decision;
    const facts = [
        ...(id === undefined ? [] : [{ code: id }]),
        ...(status === undefined ? [] : [status]),
        ...(date === undefined ? [] : [date]),
        ...(supersedes === undefined ? [] : [['replaces ', { code: supersedes }]]),
        ...(deciders.length === 0 ? [] : [`decided by ${peopleOf(deciders)}`]),
        ...(consulted.length === 0 ? [] : [`consulted ${peopleOf(consulted)}`]),
    ];
    return [
        ...(facts.length === 0 ? [] : [paragraph([{ strong: 'Decision: ' }, ...joined(facts, ' · ')])]),
        ...(question === undefined ? [] : [paragraph([{ strong: 'Question: ' }, escape_clip(question, 400)])]),
    ];
}
function peopleOf(names) {
    const shown = names.slice(0, 8).map((name) => escape_clip(name, 60));
    return [...shown, ...(names.length > 8 ? [`${names.length - 8} more`] : [])].join(', ');
}
function reasonsOf({ justification, not_considered = [] }) {
    const summary = typeof justification === 'string' ? justification : justification?.summary;
    const factors = typeof justification === 'object' ? Object.entries(justification.factors ?? {}) : [];
    const stated = factors.flatMap(([factor, statement]) => {
        const words = wordsOf(statement);
        return words.length === 0 ? [] : [[{ strong: `${factorWords(factor)}: ` }, ...words]];
    });
    const left = [
        ...factors.flatMap(([factor, { not_considered: why }]) => why === undefined ? [] : [[{ strong: factorWords(factor) }, ` as a factor: ${escape_clip(why, 240)}`]]),
        ...not_considered.map(({ name, because }) => [
            { strong: escape_clip(name, 80) },
            ` as a source, for ${factorWords(because.factor)}: ${escape_clip(because.text, 240)}`,
        ]),
    ];
    return [
        ...(summary === undefined ? [] : [{ kind: 'quote', lines: [escape_clip(summary, 600)] }]),
        ...(stated.length === 0 ? [] : [listOf(stated)]),
        ...(left.length === 0 ? [] : [paragraph('Not considered:'), listOf(left)]),
    ];
}
/** What was said of one factor: the reason, what its words mean, the order it gives, where it comes from. */
function wordsOf(statement) {
    if (statement === undefined)
        return [];
    const { text, define, rank, refs = [] } = statement;
    const parts = [
        ...(text === undefined ? [] : [escape_clip(text, 240)]),
        ...(define === undefined ? [] : [`meaning: ${escape_clip(define, 160)}`]),
        ...(rank === undefined
            ? []
            : [
                [
                    'order: ',
                    ...joined(rank.map((id) => ({ code: id })), ' > '),
                ],
            ]),
        ...(refs.length === 0
            ? []
            : [
                `source: ${refs
                    .slice(0, 3)
                    .map((ref) => escape_clip(ref, 100))
                    .join(', ')}`,
            ]),
    ];
    return joined(parts, ' · ');
}
const factorWords = (factor) => factor.replaceAll('_', ' ');
/** A waiver that covers a problem is told with it; the others would never be seen. */
function unusedWaivers({ waivers }, problems) {
    const unused = waivers.filter(({ rule, by, reason }) => !problems.some(({ rule: fired, waived }) => fired === rule && waived !== undefined && waived.by === by && waived.reason === reason));
    if (unused.length === 0)
        return [];
    return [
        paragraph('Waivers that cover nothing in this run:'),
        listOf(unused.map(({ rule, claim, reason, by, expires }) => [
            { code: rule },
            claim === undefined ? '' : ` of ${claim}`,
            `, until ${expires} by ${escape_clip(by, 60)}: ${escape_clip(reason, 160)}`,
        ])),
    ];
}
const paragraph = (text) => ({ kind: 'paragraph', text });

;// CONCATENATED MODULE: ./src/report/sections/intuition.ts



/** More raters than this are only counted. */
const shownRaters = 20;
/** One line on what people expected and how it compares; the raters one by one are folded. */
function intuitionSections({ manifest, verdicts }) {
    const intuition = verdicts?.intuition ?? null;
    const raters = manifest?.intuition?.raters;
    if (manifest === null || intuition === null || raters === undefined)
        return [];
    return [
        section('intuition', null, false, 72, {
            kind: 'paragraph',
            text: [{ strong: 'Intuition: ' }, ...joined(lineOf(intuition, manifest.chosen), ' · ')],
        }),
        section('the raters', `What people expected (${words_counted(raters.length, 'rater')})`, true, 24, ...tablesOf(raters)),
    ];
}
function lineOf(intuition, chosen) {
    const { raters, chosenFirst, common, concordance, measured } = intuition;
    const facts = [
        [`${chosenFirst} of ${words_counted(raters, 'rater')} expected `, { code: chosen }, ' to be best'],
    ];
    if (concordance !== null)
        facts.push(`Kendall’s W ${concordance.toFixed(2)} among raters (1 = one order; ${common.length} sources)`);
    if (measured === null)
        return facts;
    const { measure, sources, best, bestFirst, consensus, correlation } = measured;
    const names = joined(best.map((id) => ({ code: id })), ', ');
    if (best.length === sources)
        facts.push('the probe tells none of the ranked sources apart, so it does not say who was right');
    else if (best.length === 1)
        facts.push([`${bestFirst} of ${raters} expected `, ...names, ', which the probe puts first']);
    else
        facts.push([
            `${bestFirst} of ${raters} expected one of `,
            ...names,
            ', which the probe puts first and does not tell apart',
        ]);
    if (consensus !== null)
        facts.push(regretWords(consensus, measure));
    if (correlation !== null)
        facts.push(`Kendall’s τ-b ${correlation.toFixed(2)} between expected and measured order`);
    return facts;
}
function regretWords({ choice, top, regret, tied }, measure) {
    if (choice === top)
        return ['the favourite, ', { code: choice }, ', has the highest score'];
    const cost = regret === null ? 'lower score' : `${formatEstimate(measure, regret)} below the highest score`;
    return ['the favourite, ', { code: choice }, `: ${cost}, `, { code: top }, tied ? ' (not told apart)' : ''];
}
function tablesOf(raters) {
    const rest = raters.length - shownRaters;
    const rows = raters.slice(0, shownRaters).map(({ id, role, years, at, expected_rank, confidence }) => [
        { code: id },
        [role, years === undefined ? undefined : `${years} years`].filter(Boolean).join(', ') || '–',
        at ?? 'not dated',
        joined(expected_rank.map((source) => ({ code: source })), ' > '),
        confidence === undefined ? '–' : `${Math.round(confidence * 100)} %`,
    ]);
    return [
        {
            kind: 'table',
            head: ['Rater', 'Role', 'Written', 'Expected, best first', 'Confidence'],
            align: ['l', 'l', 'l', 'l', 'r'],
            rows: rest > 0 ? [...rows, [`and ${rest} more`, '', '', '', '']] : rows,
        },
        ...ratingsTable(raters),
    ];
}
/** Mean rating of every source by factor, over those who rated it. */
function ratingsTable(raters) {
    const sources = [...new Set(raters.flatMap(({ ratings }) => Object.keys(ratings ?? {})))];
    const factors = [
        ...new Set(raters.flatMap(({ ratings }) => Object.values(ratings ?? {}).flatMap((own) => Object.keys(own)))),
    ];
    if (factors.length === 0)
        return [];
    const rows = factors.map((factor) => [
        factor.replaceAll('_', ' '),
        ...sources.map((source) => {
            const given = raters.flatMap(({ ratings }) => ratings?.[source]?.[factor] ?? []);
            const mean = given.reduce((sum, rating) => sum + rating, 0) / given.length;
            return given.length === 0 ? '–' : mean.toFixed(1);
        }),
    ]);
    return [
        {
            kind: 'table',
            head: ['Mean rating, 1 to 7', ...sources.map((id) => ({ code: id }))],
            align: ['l', ...sources.map(() => 'r')],
            rows,
        },
    ];
}

;// CONCATENATED MODULE: ./src/manifest/problem.ts
/** Whether the problem alone keeps the pull request from being merged. */
function isBlocking({ level, waived }) {
    return waived === undefined && (level === 'error' || level === 'fail');
}

;// CONCATENATED MODULE: ./src/report/sections/lead.ts




const metricWords = {
    balanced_accuracy: 'balanced accuracy',
    accuracy: 'accuracy',
    auc: 'AUC',
    macro_auc: 'macro AUC',
};
/** The metric in words, for a probe's captions. */
function metricOf(evidence) {
    return evidence?.target.metric ? metricWords[evidence.target.metric] : 'score';
}
/** The name of a probe at the beginning of a sentence. */
function lead_titleOf(measure) {
    const { title } = measures[measure];
    return title[0].toUpperCase() + title.slice(1);
}
/** The verdict in one line. */
function headingOf({ manifest, manifestFile, verdicts, evidence, decision }) {
    const icon = stateIcons[decision.state];
    if (manifest === null)
        return [`${icon} `, { code: manifestFile }, ' cannot be used'];
    const subject = [`${icon} `, { code: manifest.chosen }, ` for ${escape_clip(manifest.target.name, 60)}: `];
    return [
        ...subject,
        stateWords(decision.state, verdicts, evidence, decision.problems.filter(isBlocking).length),
    ];
}
function stateWords(state, verdicts, evidence, blocking) {
    switch (state) {
        case 'blocked':
            return `blocked by ${words_counted(blocking, 'problem')}`;
        case 'answer_needed': {
            const open = verdicts?.claims.filter(({ verdict, claim }) => verdict === 'contradicted' && claim.response === undefined) ??
                [];
            if (open.length === 0)
                return 'answer needed';
            const claims = open.length === 1 ? `claim ${open[0].claim.id}` : `${open.length} claims`;
            return [choiceWords(verdicts, evidence), `; ${claims} contradicted, answer needed`];
        }
        case 'undocumented':
            return 'no reason given for this choice';
        case 'documented':
            return 'documented (nothing measured in this check)';
        default:
            return choiceWords(verdicts, evidence);
    }
}
function choiceWords(verdicts, evidence) {
    return verdicts?.choice.proxies
        ? ['as a proxy, ', verdictWordsOf(verdicts, evidence)]
        : verdictWordsOf(verdicts, evidence);
}
function verdictWordsOf(verdicts, evidence) {
    const against = { code: verdicts?.choice.against ?? '' };
    switch (verdicts?.choice.verdict) {
        case 'supported':
            return 'better than every alternative measured';
        case 'tied':
            return ['tied with ', against];
        case 'worse':
            return ['worse than ', against];
        case 'inconclusive':
            return evidence?.findings.some(({ code, measure }) => code === 'target_at_chance' && (measure ?? verdicts.choice.measure) === verdicts.choice.measure)
                ? 'no verdict, the target is at chance'
                : ['cannot be told apart from ', against];
        default:
            return 'performance not measured';
    }
}
/** The required action, the choice against its strongest alternative, and the tally: what ten seconds must give. */
function leadOf(input) {
    const { manifest, verdicts, evidence, decision, context } = input;
    const blocks = [{ kind: 'paragraph', text: actionLine(input) }];
    if (manifest === null || verdicts === null)
        return blocks;
    if (context.mode === 'review' && evidence !== null) {
        const { choice } = verdicts;
        const decided = choice.wouldDecide === undefined ? [] : [' Would be decided by ', prose(choice.wouldDecide), '.'];
        const about = choice.comparison === undefined
            ? [{ strong: 'Performance: ' }, 'no evidence. ']
            : [
                {
                    strong: [
                        `${lead_titleOf(choice.measure ?? 'probe.linear')}${choice.proxies ? ' on proxies' : ''}, `,
                        metricOf(evidence),
                        ': ',
                    ],
                },
                { code: manifest.chosen },
                ' ',
            ];
        blocks.push({ kind: 'paragraph', text: [...about, prose(escape_clip(choice.because, 400)), ...decided] });
    }
    const claims = context.mode === 'check' ? statedTally(verdicts) : tally(verdicts);
    blocks.push({
        kind: 'paragraph',
        text: [{ strong: 'Claims: ' }, `${claims} · `, { strong: 'Gate: ' }, gateWords[decision.gate]],
    });
    return blocks;
}
function actionLine({ manifest, decision }) {
    const { action, gate, state } = decision;
    if (action === null) {
        const kept = state === 'worse' && manifest
            ? [' A sentence on why ', { code: manifest.chosen }, ' is kept would help the reader.']
            : [];
        return [{ strong: 'Nothing is required.' }, ...kept];
    }
    // Without a line it would only repeat the file's name.
    const where = action.location?.line === undefined ? [] : [' (', { code: words_placeOf(action.location) }, ')'];
    const label = gate === 'fail' ? 'To merge: ' : 'Worth doing, not required: ';
    return [{ strong: label }, prose(escape_clip(action.text, 600)), ...where];
}
/** `1 contradicted (answered) · 2 supported`. */
function tally({ claims }) {
    const counts = verdictOrder.flatMap((verdict) => {
        const found = claims.filter((judged) => judged.verdict === verdict);
        const answered = verdict === 'contradicted' && found.every(({ claim }) => claim.response !== undefined);
        return found.length === 0 ? [] : [`${found.length} ${verdictWords[verdict].word}${answered ? ' (answered)' : ''}`];
    });
    return counts.length === 0 ? 'none stated' : counts.join(' · ');
}
/** Where nothing was measured: `2 testable · 1 untestable`. */
function statedTally({ claims }) {
    const untestable = claims.filter(({ verdict }) => verdict === 'untestable').length;
    const testable = claims.length - untestable;
    const counts = [
        ...(testable > 0 ? [`${testable} testable`] : []),
        ...(untestable > 0 ? [`${untestable} untestable`] : []),
    ];
    return counts.length === 0 ? 'none stated' : counts.join(' · ');
}

;// CONCATENATED MODULE: ./src/report/sections/networks.ts



/** What each network is and what was decided about it, so that a wrong tensor or size does not stay unseen. */
function networksSection({ evidence }) {
    if (evidence === null)
        return [];
    const networks = evidence.candidates.flatMap(({ id, weights }) => (weights ? [{ id, ...weights }] : []));
    const notes = notesOf([...networks, ...evidence.encoders]);
    if (networks.length === 0 && notes.length === 0)
        return [];
    const blocks = [
        ...(networks.length === 0 ? [] : [networks_tableOf(networks)]),
        ...(notes.length === 0 ? [] : [listOf(notes)]),
    ];
    return [section('the networks', 'The networks, and what was taken from them', true, 22, ...blocks)];
}
function networks_tableOf(networks) {
    return {
        kind: 'table',
        head: ['Network', 'Input', 'Features', 'Numbers an image', 'Parameters', 'Digest'],
        align: ['l', 'l', 'l', 'r', 'r', 'l'],
        rows: networks.map(({ id, input, features, dimension, parameters, digest }) => [
            { code: id },
            input.join(' × '),
            { code: escape_clip(features, 40) },
            formatCount(dimension),
            formatCount(parameters),
            { code: digest.slice(0, 12) },
        ]),
    };
}
/** Each note once, behind the networks that it is about. */
function notesOf(networks) {
    const about = new Map();
    for (const { id, notes } of networks)
        for (const note of notes)
            about.set(note, [...(about.get(note) ?? []), id]);
    return [...about].map(([note, ids]) => [
        ...ids.flatMap((id, index) => (index === 0 ? [{ code: id }] : [', ', { code: id }])),
        `: ${escape_clip(note, 300)}`,
    ]);
}

;// CONCATENATED MODULE: ./src/report/sections/training-words.ts



/**
 * How often the best of so many random configurations a source is found on the source that a full search finds best, and the rank
 * correlation (Kendall's τ, weighted) of the two orders: 15 sources, 11 medical targets. Computed from the published results of
 * arXiv 2412.20172.
 */
const published = [
    { configurations: 1, best: 28, correlation: 0.13 },
    { configurations: 3, best: 46, correlation: 0.27 },
    { configurations: 5, best: 55, correlation: 0.34 },
];
/** With this many, three in four or so would still not be reached: what is above is screening. */
const further = { configurations: 10, best: 64 };
/** What a probe that trains did, the same for all: images, seeds, learning rates, steps. `null` where it did not run. */
function trainingDone(evidence, measure) {
    const run = evidence.probes.find((probe) => probe.measure === measure)?.run;
    if (!run)
        return null;
    const { images, seeds, learningRates, steps } = run;
    const rates = learningRates === 1 ? '1 learning rate' : `${learningRates} learning rates (validation images choose one)`;
    return `Every source and control was trained alike: ${words_counted(images, 'target image')}, ${seeds} seeds with training, validation and test images of their own, ${rates}, ${formatCount(steps)} steps a run.`;
}
/** For beside the numbers; what it rests on stands under the limits. */
const screeningInShort = 'So short a search screens and does not decide: it often misses the source that a long one finds best (see “What this cannot tell you”).';
/** What so short a search cannot tell, in published numbers. */
function screeningLimit(evidence) {
    const tried = Math.min(...evidence.measurements.flatMap(({ measure, details }) => isTrainedProbe(measure) && typeof details.learningRates === 'number' ? [details.learningRates] : []), published.at(-1).configurations);
    const known = published.findLast(({ configurations }) => configurations <= tried) ?? published[0];
    const { configurations, best, correlation } = known;
    return `Fine-tuning this short is a screening: with ${words_counted(configurations, 'configuration')} a source, published results on 15 sources and 11 medical targets name the source that is best in the end in ${best} % of cases (rank correlation ${correlation}); with ${further.configurations}, in ${further.best} % (arXiv 2412.20172).`;
}
/** What a proxy is and is not. */
const proxyLimit = 'A proxy is a small built-in network, pretrained here for a short time on the images of a source that has no weights: it says something about these images under that network and budget, and nothing about any published weights. Proxies are compared with proxies and with random initialisation of the same network only.';

;// CONCATENATED MODULE: ./src/report/sections/notes.ts








/** Findings that change how every number is read; they are not folded away. */
const serious = new Set([
    'target_at_chance',
    'solved_by_mean_colour',
    'collapsed',
    'few_groups',
    'few_seeds',
    'budget_too_small',
    'probes_disagree',
    'infrastructure',
]);
function findingSections({ evidence }) {
    const findings = evidence?.findings ?? [];
    const open = findings.filter(({ code }) => serious.has(code));
    const folded = findings.filter(({ code }) => !serious.has(code));
    const lines = (list) => list.map(({ text }) => prose(escape_clip(text, 300)));
    return [
        ...(open.length === 0
            ? []
            : [
                section('what to know first', null, false, 88, {
                    kind: 'quote',
                    lines: lines(open.slice(0, 5)).map((line) => ['⚠️ ', line]),
                }),
            ]),
        ...(folded.length === 0
            ? []
            : [
                section('what was not measured', `${words_counted(folded.length, 'note')} on what was and was not measured`, true, 50, listOf(lines(folded))),
            ]),
    ];
}
/** The manifest's problems: what blocks stands open, the rest is folded. */
function problemSections({ decision }) {
    const blocking = decision.problems.filter(isBlocking);
    const rest = decision.problems.filter((problem) => !isBlocking(problem) && !isInClaims(problem));
    // One blocking problem is already the required action.
    return [
        ...(blocking.length < 2
            ? []
            : [
                section('what blocks', `What blocks (${blocking.length})`, false, 97, listOf(blocking.slice(0, 10).map(line), blocking.length - 10)),
            ]),
        ...(rest.length === 0
            ? []
            : [
                section('notes on the manifest', `${words_counted(rest.length, 'note')} on the manifest`, true, 65, listOf(rest.map(line))),
            ]),
    ];
}
/** Told by the claims table already. */
const isInClaims = ({ rule, waived }) => waived === undefined &&
    rule !== undefined &&
    ['contradicted', 'inconclusive', 'no_evidence', 'untestable'].includes(rule);
function line(problem) {
    const waived = problem.waived
        ? ` Waived by ${problem.waived.by} until ${problem.waived.expires}: ${escape_clip(problem.waived.reason, 200)}`
        : [];
    return [
        `${levelIcons[problem.level]} `,
        { code: words_placeOf(problem.location) },
        ' ',
        { code: problem.code },
        ': ',
        prose(escape_clip(problem.message, 400)),
        waived,
    ];
}
/** Limits that hold for what was measured, in the reader's words, and what was declared and is never measured. */
function limitsSection({ manifest, evidence, context }) {
    const measured = evidence === null || context.mode === 'check' ? [] : limitsOf(evidence);
    const limits = [...(manifest === null ? [] : untestedOf(manifest)), ...measured];
    return limits.length === 0
        ? []
        : [section('what this cannot tell', 'What this cannot tell you', true, 30, listOf(limits))];
}
function untestedOf({ target: { subgroups = [], deployment_shift } }) {
    return [
        ...(subgroups.length === 0
            ? []
            : [`Declared, not tested here: subgroups that must not be served worse (${escape_clip(subgroups.join(', '), 200)}).`]),
        ...(deployment_shift === undefined
            ? []
            : [`Declared, not tested here: images in use will differ. ${escape_clip(deployment_shift, 300)}`]),
    ];
}
function limitsOf(evidence) {
    const measured = evidence.measurements.filter(({ estimate }) => estimate !== null);
    const linear = measured.some(({ measure }) => measure === 'probe.linear');
    const trained = measured.some(({ measure }) => isTrainedProbe(measure));
    const proxies = measured.some((found) => proxyOf(found) !== null);
    const distances = measured.some(({ measure }) => !isProbe(measure));
    const images = evidence.target.set?.sampled.length ?? 0;
    return [
        ...(linear && !trained
            ? ['A linear probe on frozen features is a screening: fine-tuning may order the sources differently.']
            : []),
        ...(trained ? [screeningLimit(evidence)] : []),
        ...(proxies ? [proxyLimit] : []),
        ...(distances
            ? [
                'Similarity is not performance: over 11 public medical targets, taking the most similar of 15 sources picked the best one once (published results of arXiv 2412.20172, similarity by modality in our coding).',
            ]
            : []),
        ...evidence.encoders.map(({ id, sees }) => [{ code: id }, ` sees ${escape_clip(sees, 200)}`]),
        `Only these ${formatCount(images)} target images were looked at. Other hospitals, scanners and subgroups may differ, and equal scores can hide different behaviour there.`,
        'Whether the source holds the target’s test images, and whether its licence allows the use, was not checked by measuring.',
    ];
}
function reproduceSection({ evidence, context }) {
    const blocks = [{ kind: 'code', language: 'sh', text: context.reproduce }];
    if (evidence !== null) {
        const { environment, plan, seed } = evidence;
        const versions = [environment.program, `Node ${environment.node}`];
        if (environment.onnxruntime)
            versions.push(`ONNX Runtime ${environment.onnxruntime}`);
        if (environment.sharp)
            versions.push(`sharp ${environment.sharp}`);
        blocks.push({
            kind: 'list',
            items: [
                ['evidence ', { code: plan.slice(0, 16) }, `, seed ${seed}`],
                versions.join(', '),
                `${environment.platform}, ${environment.cpu}, ${words_counted(environment.cores, 'core')}`,
            ],
        });
    }
    return [section('how to reproduce', 'Reproduce', true, 55, ...blocks)];
}

;// CONCATENATED MODULE: ./src/verdict/comparison.ts


/**
 * The name under which the chosen source was measured. `scratch` stands for the best random initialisation where the
 * candidates have several architectures.
 * @param order names with a score, best first
 */
function measuredName(chosen, order) {
    return order.find((id) => id === chosen) ?? (chosen === scratchId ? order.find(isScratch) : undefined);
}
/** The same difference seen from the other side. */
function flipEstimate(estimate) {
    return { ...estimate, value: negate(estimate.value), low: negate(estimate.high), high: negate(estimate.low) };
}
const negate = (value) => (value === 0 ? 0 : -value);
function flip(comparison) {
    return {
        ...comparison,
        subject: comparison.object,
        object: comparison.subject,
        estimate: comparison.estimate && flipEstimate(comparison.estimate),
    };
}
/**
 * The paired difference of two candidates as subject − object, whichever way round it was stored.
 * Where there are several architectures, a candidate's own random initialisation is stored as `scratch` beside it and
 * as `scratch of …` beside others; either name finds it. Between a proxy and weights there is none.
 * @param encoder for embedding measures; the first one when it is left out
 */
function findComparison(evidence, query) {
    if (acrossFields(evidence, query.measure, query.subject, query.object))
        return undefined;
    const encoder = query.encoder ?? evidence.encoders[0]?.id;
    const pool = evidence.comparisons.filter(({ measure, encoder: own }) => measure === query.measure && (own === undefined || own === encoder));
    for (const subject of namesOf(query.subject, query.object))
        for (const object of namesOf(query.object, query.subject)) {
            const same = pool.find((comparison) => comparison.subject === subject && comparison.object === object);
            if (same)
                return same;
            const reversed = pool.find((comparison) => comparison.subject === object && comparison.object === subject);
            if (reversed)
                return flip(reversed);
        }
    return undefined;
}
function namesOf(id, other) {
    if (id === scratchId)
        return [id, scratchOf(other)];
    return isScratch(id) ? [id, scratchId] : [id];
}

;// CONCATENATED MODULE: ./src/report/whiskers.ts
/** An interval drawn with characters: `····━━●━━━····`, for tables where no picture can stand. */
function whiskers(estimate, axis, width = 21) {
    const span = axis.high - axis.low;
    const place = (x) => (span > 0 ? Math.round(((x - axis.low) / span) * (width - 1)) : (width - 1) / 2);
    const clamp = (x) => Math.min(width - 1, Math.max(0, x));
    const [low, value, high] = [estimate.low, estimate.value, estimate.high].map((x) => clamp(place(x)));
    return Array.from({ length: width }, (_, at) => (at === value ? '●' : at >= low && at <= high ? '━' : '·')).join('');
}

;// CONCATENATED MODULE: ./src/report/sections/performance.ts








/**
 * Every score of the probe that decides beside the paired difference to the chosen source, in tie groups, with the controls below
 * and the other probes' scores beside. Candidates with weights and proxies stand apart.
 */
function performanceSection({ manifest, verdicts, evidence }) {
    if (manifest === null || verdicts === null || evidence === null)
        return [];
    const own = fieldOfCandidate(evidence, manifest.chosen);
    const fields = own === 'weights' ? ['weights', 'proxies'] : ['proxies', 'weights'];
    return fields.flatMap((field) => {
        const measure = decidingProbe(evidence, field);
        return measure === null ? [] : sectionOf({ manifest, evidence, field, measure }, verdicts);
    });
}
function sectionOf(table, { ranking }) {
    const { evidence, field, measure } = table;
    const proxies = field === 'proxies';
    const { groups } = ranking.find((one) => one.measure === measure && (one.proxies ?? false) === proxies);
    const tied = groups[0].members.length > 1;
    const rank = [
        tied ? 'Same rank: not told apart from the best of that rank' : 'Each rank is told apart from the one above',
        ' (paired differences on the same splits, Holm-corrected). Brackets and bars: 95 % intervals.',
    ];
    const done = isTrainedProbe(measure) ? trainingDone(evidence, measure) : null;
    return {
        name: proxies ? 'performance of proxies' : 'performance',
        title: `${proxies ? 'Do proxies perform?' : 'Does it perform?'} ${lead_titleOf(measure)}, ${metricOf(evidence)} in points`,
        folded: false,
        weight: proxies ? 79 : 80,
        blocks: [
            performance_tableOf(table, groups),
            { kind: 'small', text: rank },
            ...(proxies
                ? [
                    small('Proxies are small built-in networks pretrained here on the sources’ images: they say nothing about any published weights.'),
                ]
                : []),
            ...(done === null ? [] : [small(`${done} ${screeningInShort}`)]),
        ],
    };
}
const small = (text) => ({ kind: 'small', text });
const columnWords = {
    'probe.finetune': 'Fine-tuned',
    'probe.last_block': 'Last block trained',
    'probe.linear': 'Linear probe',
};
function performance_tableOf(table, groups) {
    const { manifest, evidence, field, measure } = table;
    const scores = probes_scoresOf(evidence, measure, field);
    const others = probeMeasures
        .filter((other) => other !== measure)
        .map((other) => ({ measure: other, scores: probes_scoresOf(evidence, other, field) }))
        .filter((other) => other.scores.length > 0);
    const order = groups.flatMap(({ members }) => members);
    const chosen = measuredName(manifest.chosen, order) ?? manifest.chosen;
    // Nothing is subtracted from a source that stands in the other table.
    const withChosen = order.includes(chosen);
    const byId = new Map(scores.map((m) => [m.candidate, m.estimate]));
    const shown = order.map((id) => byId.get(id));
    const axis = { low: Math.min(...shown.map(({ low }) => low)), high: Math.max(...shown.map(({ high }) => high)) };
    const row = (rank, name, score, bar, difference, beside) => [rank, name, score, bar, ...(withChosen ? [difference] : []), ...beside];
    const beside = (id) => others.map((other) => {
        const found = other.scores.find(({ candidate }) => candidate === id);
        return found ? formatEstimate(other.measure, found.estimate, { unit: false }) : '–';
    });
    const ranked = groups.flatMap(({ members }, index) => members.map((id) => {
        const estimate = byId.get(id);
        return row(String(index + 1), nameCell(id, chosen), formatEstimate(measure, estimate, { unit: false }), { code: whiskers(estimate, axis) }, differenceCell(evidence, measure, id, chosen), beside(id));
    }));
    const unranked = [...new Set(others.flatMap((other) => other.scores.map(({ candidate }) => candidate)))]
        .filter((id) => !byId.has(id))
        .map((id) => row('–', nameCell(id, chosen), '–', '', '–', beside(id)));
    const controls = referencesOf(scores).map((reference) => {
        const { value, low = value, high = value } = reference;
        // Far below the candidates it would squeeze their bars together.
        const bar = value >= axis.low && value <= axis.high ? { code: whiskers({ value, low, high }, axis) } : '';
        const same = others.map((other) => {
            const found = referencesOf(other.scores).find(({ name }) => name === reference.name);
            return found ? referenceCell(other.measure, found) : '–';
        });
        return row('–', referenceWords[reference.name], referenceCell(measure, reference), bar, '–', same);
    });
    const head = [
        'Rank',
        'Source',
        others.length === 0 ? 'Score' : columnWords[measure],
        '',
        ...(withChosen ? ['Minus chosen'] : []),
        ...others.map((other) => columnWords[other.measure]),
    ];
    return { kind: 'table', head, align: head.map(() => 'l'), rows: [...ranked, ...unranked, ...controls] };
}
const referenceWords = {
    chance: 'chance',
    mean_colour: 'mean colour alone',
    scratch: 'random initialisation',
    split_half: 'two halves of the target',
};
/** Chance and the shortcut, once each; random initialisation stands in the ranking when it was measured itself. */
function referencesOf(scores) {
    const measured = scores.some(({ candidate }) => isScratch(candidate));
    const found = new Map();
    for (const reference of scores.flatMap(({ readAgainst }) => readAgainst))
        if (!(reference.name === 'scratch' && measured))
            found.set(reference.name, found.get(reference.name) ?? reference);
    return [...found.values()].sort((a, b) => b.value - a.value);
}
function referenceCell(measure, { value, low, high = value }) {
    return low === undefined
        ? formatValue(measure, value, { unit: false })
        : formatEstimate(measure, { value, low, high }, { unit: false });
}
function nameCell(id, chosen) {
    const name = isScratch(id) ? id.replace(/^scratch/, 'random initialisation') : { code: id };
    return id === chosen ? [{ strong: name }, ' (chosen)'] : name;
}
function differenceCell(evidence, measure, id, chosen) {
    if (id === chosen)
        return '–';
    const estimate = findComparison(evidence, {
        measure,
        subject: id,
        object: chosen,
    })?.estimate;
    return estimate ? formatEstimate(measure, estimate, { signed: true, unit: false }) : '–';
}

;// CONCATENATED MODULE: ./src/report/sections/similarity.ts




/** The headline distance in each encoder, each beside its split-half null. */
function similaritySection({ manifest, verdicts, evidence }) {
    if (manifest === null || verdicts === null || evidence === null)
        return [];
    const rankings = verdicts.ranking.filter(({ measure }) => measure === 'embedding.mmd');
    return rankings.map(({ encoder, groups }) => {
        const rows = groups.flatMap(({ members }, index) => members.map((id) => {
            const found = evidence.measurements.find((m) => m.measure === 'embedding.mmd' && m.encoder === encoder && m.candidate === id);
            return [
                String(index + 1),
                id === manifest.chosen ? [{ strong: { code: id } }, ' (chosen)'] : { code: id },
                distance(found),
                nullCell(found),
                similarity_difference(evidence, found, manifest.chosen),
            ];
        }));
        const sees = evidence.encoders.find(({ id }) => id === encoder)?.sees;
        return {
            name: `similarity in ${encoder ?? 'the encoder'}`,
            title: ['Is it similar? RBF-MMD² in ', { code: encoder ?? '' }, ', lower is closer'],
            folded: false,
            weight: 75,
            blocks: [
                {
                    kind: 'table',
                    head: ['Rank', 'Source', 'Distance to target', 'Two halves of the target', 'Minus chosen'],
                    align: ['l', 'l', 'l', 'l', 'l'],
                    rows,
                },
                {
                    kind: 'small',
                    text: [
                        'Read a distance against the one between two random halves of the target: that is what “the same data” measures. ',
                        sees === undefined ? '' : `${encoder} sees: ${escape_clip(sees, 200)}`,
                    ],
                },
            ],
        };
    });
}
/** Every other distance, folded: visual measures, KID and FID. */
function allDistancesSection({ manifest, evidence }) {
    if (manifest === null || evidence === null)
        return [];
    const found = evidence.measurements.filter(({ measure }) => measures[measure].family !== 'probe' && measure !== 'embedding.mmd');
    if (found.length === 0)
        return [];
    const ids = [...new Set(found.map(({ candidate }) => candidate))];
    const families = [
        ['visual', found.filter(({ measure }) => measures[measure].family === 'visual')],
        ['embedding', found.filter(({ measure }) => measures[measure].family === 'embedding')],
    ];
    const blocks = families.flatMap(([, list]) => (list.length === 0 ? [] : [wideTable(list, ids)]));
    return [
        {
            name: 'the visual measures',
            title: 'All distances: visual measures, KID, FID',
            folded: true,
            weight: 20,
            blocks,
        },
    ];
}
function wideTable(list, ids) {
    const keys = [...new Set(list.map(({ measure, encoder }) => `${measure} ${encoder ?? ''}`))];
    const rows = keys.map((key) => {
        const same = list.filter(({ measure, encoder }) => `${measure} ${encoder ?? ''}` === key);
        const { measure, encoder } = same[0];
        const { title, unit } = measures[measure];
        return [
            `${title}${encoder === undefined ? '' : ` (${encoder})`}${unit === '' || unit === 'share' ? '' : `, ${unit}`}`,
            ...ids.map((id) => {
                const one = same.find(({ candidate }) => candidate === id);
                return one === undefined ? '–' : distance(one);
            }),
            nullCell(same.find(({ readAgainst }) => readAgainst.length > 0) ?? same[0]),
        ];
    });
    return {
        kind: 'table',
        head: ['Measure', ...ids.map((id) => ({ code: id })), 'Two halves of the target'],
        align: ['l'],
        rows,
    };
}
function distance({ measure, estimate, refused }) {
    if (estimate === null)
        return refused === undefined ? '–' : 'refused';
    return formatEstimate(measure, estimate, { unit: false });
}
function nullCell({ measure, readAgainst, estimate }) {
    const half = readAgainst.find(({ name }) => name === 'split_half');
    if (half === undefined)
        return '–';
    const { value, low, high } = half;
    if (low === undefined || high === undefined)
        return formatValue(measure, value, { unit: false, ...(estimate ? { like: estimate } : {}) });
    return formatEstimate(measure, { value, low, high }, { unit: false });
}
function similarity_difference(evidence, { measure, encoder, candidate }, chosen) {
    if (candidate === chosen)
        return '–';
    const estimate = findComparison(evidence, {
        measure: measure,
        encoder,
        subject: candidate,
        object: chosen,
    })?.estimate;
    return estimate ? formatEstimate(measure, estimate, { signed: true, unit: false }) : '–';
}

;// CONCATENATED MODULE: ./src/report/sections/suggestion.ts


/** A first testable claim to paste, where none is stated. */
function suggestionSection({ manifest }) {
    if (manifest === null)
        return [];
    const text = claimToPaste(manifest);
    if (text === null)
        return [];
    return [
        {
            name: 'a claim to paste',
            title: 'No testable claim is stated. One to start from',
            folded: true,
            weight: 45,
            blocks: [
                {
                    kind: 'paragraph',
                    text: [
                        'Put this in place of the manifest’s ',
                        { code: 'justification' },
                        ', with a margin that matters to you.',
                    ],
                },
                { kind: 'code', language: 'yaml', text },
            ],
        },
    ];
}
/** A claim about the chosen source and the first alternative, on what the two can be measured by; `null` if one is stated. */
function claimToPaste(manifest) {
    const { justification, chosen, candidates } = manifest;
    if (claimsOf(manifest).some(({ test }) => test !== 'untestable'))
        return null;
    const mine = candidates.find(({ id }) => id === chosen);
    const fromScratch = chosen === 'scratch';
    const other = candidates.find((candidate) => candidate.id !== chosen && (!fromScratch || hasWeights(candidate)));
    const haveWeights = (fromScratch || hasWeights(mine)) && hasWeights(other);
    const haveSamples = [mine, other].every((candidate) => candidate?.sample !== undefined);
    const object = other?.id ?? 'scratch';
    const claim = haveWeights || (other === undefined && hasWeights(mine))
        ? {
            factor: 'performance',
            text: `${chosen} transfers better than ${object} by two points or more.`,
            test: `{measure: ${strongestProbe(manifest)}, subject: ${chosen}, relation: greater_than, object: ${object}, margin: 0.02}`,
        }
        : haveSamples
            ? {
                factor: 'embedding_similarity',
                text: `${chosen} is closer to the target than ${object}.`,
                test: `{measure: embedding.mmd, subject: ${chosen}, relation: closer_than, object: ${object}}`,
            }
            : null;
    if (claim === null)
        return null;
    const summary = typeof justification === 'string' ? justification : (justification?.summary ?? 'Why this source, in a sentence.');
    return [
        'justification:',
        `  summary: ${JSON.stringify(summary)}`,
        '  claims:',
        '    - id: C1',
        `      factor: ${claim.factor}`,
        `      text: ${claim.text}`,
        `      test: ${claim.test}`,
    ].join('\n');
}
function hasWeights(candidate) {
    return candidate?.weights !== undefined && candidate.weights !== 'none';
}

;// CONCATENATED MODULE: ./src/report/sections/training.ts





/** How networks were trained, folded: the settings that all share, and for each what was chosen and what broke down. */
function trainingSection({ evidence }) {
    if (evidence === null)
        return [];
    const blocks = trainedProbes.flatMap((measure) => training_blocksOf(evidence, measure));
    return blocks.length === 0
        ? []
        : [section('how networks were trained', 'How networks were trained', true, 21, ...blocks)];
}
function training_blocksOf({ measurements }, measure) {
    const trained = measurements.filter((found) => found.measure === measure && found.details.steps !== undefined);
    if (trained.length === 0)
        return [];
    return [
        { kind: 'paragraph', text: [{ strong: `${lead_titleOf(measure)}: ` }, `${settingsOf(trained)}.`] },
        {
            kind: 'table',
            head: ['Network', 'Learning rates chosen', 'Broke down', 'Weights'],
            align: ['l', 'l', 'l', 'l'],
            rows: trained.map(({ candidate, details }) => [
                isScratch(candidate) ? candidate.replace(/^scratch/, 'random initialisation') : { code: candidate },
                escape_clip(String(details.chosenLearningRates ?? '–'), 120),
                details.collapsed === null || details.collapsed === undefined
                    ? 'no'
                    : `${details.collapsed}, ${details.collapsedSeeds} of ${details.seeds} seeds`,
                isScratch(candidate) ? 'random' : typeof details.proxy === 'string' ? `proxy (${details.proxy})` : 'its own',
            ]),
        },
    ];
}
const training_shared = [
    ['strategy', ''],
    ['optimiser', ''],
    ['batch', 'batch of '],
    ['epochs', 'epochs: '],
    ['augmentation', 'augmentation: '],
    ['formulation', 'formulation: '],
    ['device', 'device: '],
];
/** What is the same for all stands once; what is not, as every value there is. */
function settingsOf(trained) {
    return training_shared
        .flatMap(([key, before]) => {
        const values = [...new Set(trained.flatMap(({ details }) => details[key] ?? []).map(String))];
        return values.length === 0 ? [] : [`${before}${values.map((value) => escape_clip(value, 80)).join(' / ')}`];
    })
        .join(' · ');
}

;// CONCATENATED MODULE: ./src/report/sections/trust.ts




/** One line on how far to trust the numbers: images, groups, seeds, device, seconds, cache, commit. */
function trustSection({ evidence, context }) {
    const facts = [];
    if (evidence !== null) {
        const { target, candidates, timings, environment } = evidence;
        if (target.set) {
            const { sampled, images } = target.set;
            facts.push(sampled.length < images
                ? `${formatCount(sampled.length)} of ${formatCount(images)} target images`
                : words_counted(images, 'target image'));
            if (target.set.groups < target.set.sampled.length)
                facts.push(words_counted(target.set.groups, 'group'));
        }
        const sourceImages = candidates.reduce((sum, { sample }) => sum + (sample?.sampled.length ?? 0), 0);
        if (sourceImages > 0)
            facts.push(words_counted(sourceImages, 'source image'));
        const seeds = seedsOf(evidence);
        if (seeds !== null)
            facts.push(words_counted(seeds, 'seed'));
        const trained = evidence.probes.reduce((sum, probe) => sum + probe.runs, 0);
        if (trained > 0)
            facts.push(words_counted(trained, 'training run'));
        facts.push(environment.device, `${timings.seconds < 10 ? timings.seconds.toFixed(1) : formatCount(timings.seconds)} s`);
        facts.push(`${timings.cached} of ${timings.cached + timings.measured} from cache`, 'no image left the runner');
    }
    if (context.commit !== null)
        facts.push(['commit ', { code: context.commit.slice(0, 7) }]);
    if (context.runUrl !== null)
        facts.push({ link: 'run', url: context.runUrl });
    if (facts.length === 0)
        return [];
    return [section('the trust line', null, false, 90, { kind: 'small', text: joined(facts, ' · ') })];
}
/** Of the probe that decides: the linear one counts its repeats. */
function seedsOf(evidence) {
    const deciding = decidingProbe(evidence) ?? decidingProbe(evidence, 'proxies');
    const details = evidence.measurements.find(({ measure }) => measure === deciding)?.details;
    const seeds = details?.seeds ?? details?.repeats;
    return typeof seeds === 'number' ? seeds : null;
}

;// CONCATENATED MODULE: ./src/report/assemble.ts













/** The report in reading order: verdict, action, claims, numbers, trust, and the rest folded. */
function assemble(input) {
    const [intuition, raters] = assemble_split(intuitionSections(input));
    const [warnings, notes] = assemble_split(findingSections(input));
    const [blocking, manifestNotes] = assemble_split(problemSections(input));
    return {
        marker: markerFor(input.manifestFile, input.context.commentId),
        heading: headingOf(input),
        lead: leadOf(input),
        sections: [
            ...blocking,
            ...claimSections(input),
            ...intuition,
            ...warnings,
            ...performanceSection(input),
            ...similaritySection(input),
            ...chartSection(input),
            ...suggestionSection(input),
            ...allDistancesSection(input),
            ...consideredSection(input),
            ...raters,
            ...manifestNotes,
            ...notes,
            ...networksSection(input),
            ...trainingSection(input),
            ...limitsSection(input),
            ...(input.manifest === null ? [] : reproduceSection(input)),
            ...trustSection(input),
        ],
    };
}
function assemble_split(sections) {
    return [sections.filter(({ folded }) => !folded), sections.filter(({ folded }) => folded)];
}

;// CONCATENATED MODULE: ./src/report/fit.ts
/** GitHub refuses a comment of more than 65,536 characters; 60,000 leave room for its own accounting, 1,000 for a note. */
const commentLimit = 59_000;
/**
 * Joins parts with blank lines, leaving out whole parts, the least important first, until the whole is at most `limit`
 * characters. What is left out is said at the end, with `where` it can be read.
 * The parts that must stay have to fit by themselves; if they do not, the last of them is cut at a line.
 */
function fitParts(parts, limit, where) {
    const kept = [...parts];
    const dropped = [];
    const assemble = () => {
        const note = dropped.length === 0 ? [] : [`<sub>Left out for length: ${[...dropped].reverse().join(', ')}. ${where}</sub>`];
        return [...kept.map(({ text }) => text), ...note].join('\n\n');
    };
    let whole = assemble();
    while (whole.length > limit) {
        const droppable = kept.filter(({ weight }) => weight !== Infinity);
        if (droppable.length === 0)
            break;
        const least = droppable.reduce((a, b) => (b.weight <= a.weight ? b : a));
        kept.splice(kept.indexOf(least), 1);
        dropped.push(least.name);
        whole = assemble();
    }
    return whole.length <= limit ? whole : fit_cut(whole, limit);
}
function fit_cut(text, limit) {
    const ending = '\n\n<sub>Cut for length.</sub>';
    const room = text.slice(0, limit - ending.length);
    return `${room.slice(0, Math.max(room.lastIndexOf('\n'), 0)) || room}${ending}`;
}

// EXTERNAL MODULE: ./node_modules/markdown-table/index.js
var markdown_table = __webpack_require__(735);
;// CONCATENATED MODULE: ./src/report/document.ts
/** The characters that an inline shows, without any markup. */
function plainText(inline) {
    if (typeof inline === 'string')
        return inline;
    if (Array.isArray(inline))
        return inline.map(plainText).join('');
    if ('code' in inline)
        return inline.code;
    if ('strong' in inline)
        return plainText(inline.strong);
    if ('aside' in inline)
        return ` (${plainText(inline.aside).trim()})`;
    return inline.link;
}

;// CONCATENATED MODULE: ./src/report/markdown.ts




function inlineMarkdown(inline) {
    if (typeof inline === 'string')
        return escapeMarkdown(inline);
    if (Array.isArray(inline))
        return inline.map(inlineMarkdown).join('');
    if ('code' in inline)
        return codeSpan(inline.code);
    if ('strong' in inline)
        return strong(inlineMarkdown(inline.strong));
    if ('aside' in inline)
        return `<br><sub>${inlineMarkdown(inline.aside).trim()}</sub>`;
    return `[${escapeMarkdown(inline.link)}](${safeUrl(inline.url)})`;
}
/** Asterisks must touch the words they hold, so white space goes outside of them. */
function strong(text) {
    const words = text.trim();
    if (words === '')
        return text;
    const start = text.indexOf(words);
    return `${text.slice(0, start)}**${words}**${text.slice(start + words.length)}`;
}
/** Only web addresses, and nothing in them that could end the link. */
function safeUrl(url) {
    return /^https?:\/\//i.test(url) ? encodeURI(url.replace(/[\s<>()[\]"'`\\]/g, '')) : '#';
}
/** A paragraph must not become a list, heading or rule because of how its text begins. */
function guardStart(text) {
    return text.trim().replace(/^([-+=]|\d{1,9}(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}
function blockMarkdown(block) {
    switch (block.kind) {
        case 'paragraph':
            return guardStart(inlineMarkdown(block.text));
        case 'small':
            return `<sub>${inlineMarkdown(block.text).trim()}</sub>`;
        case 'quote':
            return block.lines.map((line) => `> ${guardStart(inlineMarkdown(line))}`).join('\n>\n');
        case 'list':
            return block.items.map((item) => `- ${guardStart(inlineMarkdown(item))}`).join('\n');
        case 'table':
            return (0,markdown_table/* markdownTable */.Q)([block.head, ...block.rows].map((row) => row.map((cell) => inlineMarkdown(cell).trim())), {
                align: block.align,
                alignDelimiters: false,
                padding: true,
            });
        case 'code':
            return codeBlock(block.text, block.language);
        case 'chart':
            return codeBlock(mermaid(block.chart), 'mermaid');
    }
}
function sectionMarkdown(section) {
    const body = section.blocks.map(blockMarkdown).join('\n\n');
    if (!section.folded)
        return section.title === null ? body : `#### ${inlineMarkdown(section.title).trim()}\n\n${body}`;
    const summary = plainText(section.title ?? section.name);
    return `<details>\n<summary>${escapeSummary(summary)}</summary>\n\n${body}\n\n</details>`;
}

;// CONCATENATED MODULE: ./src/report/comment.ts



/** GitHub drops a job summary of more than 1 MiB; characters here are at most 3 bytes each in UTF-8. */
const summaryLimit = 340_000;
/** The pull request's comment as Markdown, never above 60,000 characters; whole sections are left out to get there. */
function renderComment(input) {
    const { runUrl } = input.context;
    const where = runUrl === null
        ? 'The whole report is in report.html.'
        : 'The whole report is in the job summary and report.html of the run.';
    return fitParts(comment_partsOf(assemble(input)), commentLimit, where);
}
/** The same report for the job summary, which may be longer. */
function renderSummary(input) {
    return fitParts(comment_partsOf(assemble(input)).slice(1), summaryLimit, 'The whole report is in report.html.');
}
function comment_partsOf({ marker, heading, lead, sections }) {
    return [
        { name: 'marker', text: marker, weight: Infinity },
        {
            name: 'verdict',
            text: [`### ${inlineMarkdown(heading).trim()}`, ...lead.map(blockMarkdown)].join('\n\n'),
            weight: Infinity,
        },
        ...sections.map((section) => ({ name: section.name, text: sectionMarkdown(section), weight: section.weight })),
    ];
}

;// CONCATENATED MODULE: ./src/report/html.ts



/** The whole report as one HTML file that loads nothing: no script, no font, no picture from elsewhere. */
function renderHtml(input) {
    const { heading, lead, sections } = assemble(input);
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(plainText(heading))}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${inlineHtml(heading)}</h1>
${lead.map(blockHtml).join('\n')}
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}
function inlineHtml(inline) {
    if (typeof inline === 'string')
        return escapeHtml(inline);
    if (Array.isArray(inline))
        return inline.map(inlineHtml).join('');
    if ('code' in inline)
        return `<code>${escapeHtml(inline.code)}</code>`;
    if ('strong' in inline)
        return `<strong>${inlineHtml(inline.strong)}</strong>`;
    if ('aside' in inline)
        return `<br><small>${inlineHtml(inline.aside)}</small>`;
    return /^https?:\/\//i.test(inline.url)
        ? `<a href="${escapeHtml(inline.url)}">${escapeHtml(inline.link)}</a>`
        : escapeHtml(inline.link);
}
function sectionHtml({ title, name, folded, blocks }) {
    const body = blocks.map(blockHtml).join('\n');
    if (folded)
        return `<details open>\n<summary>${inlineHtml(title ?? name)}</summary>\n${body}\n</details>`;
    return `<section>\n${title === null ? '' : `<h2>${inlineHtml(title)}</h2>\n`}${body}\n</section>`;
}
function blockHtml(block) {
    switch (block.kind) {
        case 'paragraph':
            return `<p>${inlineHtml(block.text)}</p>`;
        case 'small':
            return `<p class="small">${inlineHtml(block.text)}</p>`;
        case 'quote':
            return `<blockquote>${block.lines.map((entry) => `<p>${inlineHtml(entry)}</p>`).join('')}</blockquote>`;
        case 'list':
            return `<ul>${block.items.map((item) => `<li>${inlineHtml(item)}</li>`).join('')}</ul>`;
        case 'table': {
            const row = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${inlineHtml(cell)}</${tag}>`).join('')}</tr>`;
            return `<div class="wide"><table><thead>${row(block.head, 'th')}</thead><tbody>${block.rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`;
        }
        case 'code':
            return `<pre><code>${escapeHtmlLines(block.text)}</code></pre>`;
        case 'chart':
            return chartSvg(block.chart);
    }
}
/** The quadrant chart as inline SVG, for where Mermaid does not run. */
function chartSvg({ xAxis, yAxis, points, title }) {
    const [left, top, size] = [40, 10, 360];
    const dots = points.map(({ label, similarity, performance }) => {
        const x = left + similarity * size;
        const y = top + (1 - performance) * size;
        return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5"/><text x="${x.toFixed(1)}" y="${(y + 20).toFixed(1)}" text-anchor="middle">${escapeHtml(label)}</text>`;
    });
    const bottom = top + size;
    const text = (x, y, anchor, words, turn = '') => `<text class="axis" x="${x}" y="${y}" text-anchor="${anchor}"${turn}>${escapeHtml(words)}</text>`;
    return `<svg viewBox="0 0 440 410" role="img" aria-label="${escapeHtml(title)}"><rect x="${left}" y="${top}" width="${size}" height="${size}"/><path d="M${left} ${top + size / 2}h${size}M${left + size / 2} ${top}v${size}"/>${text(left, bottom + 20, 'start', xAxis[0])}${text(left + size, bottom + 20, 'end', xAxis[1])}${text(28, bottom, 'start', yAxis[0], ` transform="rotate(-90 28 ${bottom})"`)}${text(28, top, 'end', yAxis[1], ` transform="rotate(-90 28 ${top})"`)}${dots.join('')}</svg>`;
}
const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8886; border-radius: 6px; }
blockquote { margin: .5rem 0; padding: 0 1rem; border-left: 4px solid #8886; }
details { margin: .8rem 0; } summary { cursor: pointer; font-weight: 600; }
.small { font-size: .85rem; opacity: .8; }
svg { max-width: 32rem; fill: currentColor; font-size: 13px; }
svg rect { fill: none; stroke: currentColor; } svg path { stroke: currentColor; opacity: .3; } svg circle { fill: #2563eb; }
svg .axis { font-size: 12px; opacity: .8; }
`;

;// CONCATENATED MODULE: ./src/report/json.ts
/** The report for programs: `schema` and `version` say how to read it. Ends with a line end. */
function renderJson({ manifest, manifestFile, evidence, verdicts, decision, context }) {
    const document = {
        schema: 'transfer-evidence/report',
        version: 1,
        manifest: manifestFile,
        mode: context.mode,
        commit: context.commit,
        run: context.runUrl,
        reproduce: context.reproduce,
        target: manifest?.target.name ?? null,
        chosen: manifest?.chosen ?? null,
        decision,
        choice: verdicts?.choice ?? null,
        claims: (verdicts?.claims ?? []).map(({ claim, verdict, because, wouldDecide, cappedBy, comparison, interval }) => ({
            id: claim.id,
            factor: claim.factor,
            text: claim.text,
            test: claim.test,
            response: claim.response ?? null,
            verdict,
            because,
            wouldDecide: wouldDecide ?? null,
            cappedBy,
            interval: interval ?? null,
            nullHalfWidth: comparison?.nullHalfWidth ?? null,
        })),
        ranking: verdicts?.ranking ?? [],
        remarks: verdicts?.remarks ?? [],
        intuition: verdicts?.intuition ?? null,
        probes: evidence?.probes ?? [],
        findings: evidence?.findings ?? [],
        evidence: evidence === null
            ? null
            : { plan: evidence.plan, seed: evidence.seed, timings: evidence.timings, environment: evidence.environment },
    };
    return `${JSON.stringify(document, null, 2)}\n`;
}

;// CONCATENATED MODULE: ./src/report/text.ts



const width = 100;
/** The verdict, the action, the claims and the numbers for a terminal; what is folded in the comment is left out. */
function renderText(input) {
    const { heading, lead, sections } = assemble(input);
    const shown = sections.filter(({ folded, blocks }) => !folded && blocks.every(({ kind }) => kind !== 'chart'));
    return `${[text_wrap(text_line(heading)), ...lead.map(blockText), ...shown.map(sectionText)].join('\n\n')}\n`;
}
function sectionText({ title, blocks }) {
    return [...(title === null ? [] : [text_wrap(text_line(title))]), ...blocks.map(blockText)].join('\n');
}
/** Unseen characters are shown here too: a terminal obeys control sequences. */
const text_line = (inline) => visible(plainText(inline)).trim();
function blockText(block) {
    switch (block.kind) {
        case 'paragraph':
        case 'small':
            return text_wrap(text_line(block.text));
        case 'quote':
            return block.lines.map((entry) => text_wrap(text_line(entry), '> ')).join('\n');
        case 'list':
            return block.items.map((item) => text_wrap(text_line(item), '  ', '- ')).join('\n');
        case 'table':
            return tableText(block.head, block.rows);
        case 'code':
            return visibleLines(block.text)
                .split('\n')
                .map((entry) => `    ${entry}`)
                .join('\n');
        case 'chart':
            return '';
    }
}
/** Columns side by side while they fit; otherwise each row as lines of “column: cell”. */
function tableText(head, rows) {
    const cells = [head, ...rows].map((row) => row.map(text_line));
    const columns = head.map((_, index) => Math.max(...cells.map((row) => [...(row[index] ?? '')].length)));
    if (columns.reduce((sum, column) => sum + column + 2, 0) <= width)
        return cells
            .map((row) => row
            .map((cell, index) => cell + ' '.repeat(columns[index] - [...cell].length))
            .join('  ')
            .trimEnd())
            .join('\n');
    return rows
        .map((row) => row
        .map(text_line)
        .filter(Boolean)
        .map((cell, index) => text_wrap(cell, '    ', index === 0 ? '  ' : '    '))
        .join('\n'))
        .join('\n');
}
function text_wrap(text, indent = '', first = indent) {
    const lines = [];
    let current = first;
    for (const word of text.split(' ')) {
        const started = current.length > (lines.length === 0 ? first : indent).length;
        if (started && [...current].length + 1 + [...word].length > width) {
            lines.push(current);
            current = indent + word;
        }
        else
            current += started ? ` ${word}` : word;
    }
    return [...lines, current].join('\n');
}

;// CONCATENATED MODULE: ./src/report/index.ts






/** Renders a report; pure, so the same input gives the same bytes. */
function renderReport(input) {
    return {
        marker: markerFor(input.manifestFile, input.context.commentId),
        comment: renderComment(input),
        summary: renderSummary(input),
        html: renderHtml(input),
        json: renderJson(input),
        text: renderText(input),
    };
}

;// CONCATENATED MODULE: ./src/verdict/decide.ts



/**
 * The one place where pass or fail is decided. Blocked (an error, or a rule at `fail`) > answer needed (a rule at
 * `acknowledge` without an answer) > undocumented > what the choice's verdict says.
 */
function decide(input) {
    const { manifest, today } = input;
    const fired = [...input.problems, ...(manifest === null ? [] : ownRules(manifest, input))];
    const problems = sortProblems(manifest === null ? fired : applyWaivers(fired, manifest, today));
    const open = problems.filter(({ waived }) => waived === undefined);
    const undocumented = open.find(({ rule, level }) => rule === 'undocumented' && isRed(level));
    const blocker = open.find((problem) => problem !== undocumented && isBlocking(problem));
    if (blocker)
        return { state: 'blocked', gate: 'fail', action: actionOf(blocker), problems };
    const unanswered = open.find((problem) => problem !== undocumented && problem.level === 'acknowledge');
    if (unanswered)
        return { state: 'answer_needed', gate: 'fail', action: answerTo(unanswered, open, manifest), problems };
    if (undocumented)
        return { state: 'undocumented', gate: 'fail', action: actionOf(undocumented), problems };
    const warning = open.find(({ level }) => level === 'warn');
    const state = input.measured ? (input.verdicts?.choice.verdict ?? 'no_evidence') : 'documented';
    return { state, gate: warning ? 'warn' : 'pass', action: warning ? actionOf(warning) : null, problems };
}
const isRed = (level) => level === 'fail' || level === 'acknowledge' || level === 'error';
const severity = { error: 0, fail: 1, acknowledge: 2, warn: 3, note: 4 };
/** Worst first, in the order of the file within a level; waived ones last. */
function sortProblems(problems) {
    const rank = (problem) => (problem.waived ? 10 : 0) + severity[problem.level];
    return [...problems].sort((a, b) => rank(a) - rank(b) || (a.location.line ?? 0) - (b.location.line ?? 0));
}
const actionOf = (problem) => ({
    text: problem.message,
    location: problem.location,
});
/** What has to be answered, in as few words as it takes; the numbers stand in the claims themselves. */
function answerTo(first, open, manifest) {
    if (first.rule !== 'contradicted' || manifest === null)
        return {
            text: `${first.message} Mend it, or answer with a waiver that gives the reason.`,
            location: first.location,
        };
    const ids = open
        .filter(({ rule, level }) => rule === 'contradicted' && level === 'acknowledge')
        .map(({ path }) => claimsOf(manifest)[Number(/\d+/.exec(path)?.[0])]?.id ?? path);
    const claims = ids.length === 1 ? `claim ${ids[0]}` : `claims ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
    return {
        text: `Add a \`response:\` to ${claims}: change what is wrong, or say why the choice still stands.`,
        location: first.location,
    };
}
/** The rules that only the verdicts and the evidence can fire. */
function ownRules(manifest, { verdicts, measured, evidence, locate }) {
    const make = (rule, path, message) => {
        const level = levelOf(manifest, rule);
        return level === 'off' ? [] : [{ level, code: rule, rule, path, location: locate(path), message }];
    };
    const unreadable = [evidence?.target.set, ...(evidence?.candidates.map(({ sample }) => sample) ?? [])]
        .flatMap((set) => set?.unreadable ?? [])
        .slice();
    return [
        ...(verdicts?.claims ?? []).flatMap((judged) => claimRules(judged, manifest, measured, make)),
        ...(unreadable.length > 0
            ? make('unreadable_images', 'target.data', unreadable.length === 1
                ? `The image ${unreadable[0]} could not be read and was left out.`
                : `${unreadable.length} images could not be read and were left out; the first is ${unreadable[0]}.`)
            : []),
    ];
}
function claimRules({ claim, verdict, because, wouldDecide }, manifest, measured, make) {
    const path = `justification.claims[${claimsOf(manifest).findIndex(({ id }) => id === claim.id)}]`;
    const decided = wouldDecide === undefined ? '' : ` Would be decided by ${wouldDecide}.`;
    switch (verdict) {
        case 'contradicted': {
            const found = make('contradicted', path, `The evidence contradicts claim ${claim.id} (${because.replaceAll('`', '').replace(/\.$/, '')}). Add a \`response:\` to it: change what is wrong, or say why the choice still stands.`);
            return claim.response === undefined
                ? found
                : found.map((problem) => problem.level === 'acknowledge'
                    ? {
                        ...problem,
                        level: 'note',
                        message: `Claim ${claim.id} is contradicted and answered: ${claim.response}`,
                    }
                    : problem);
        }
        case 'inconclusive':
            return make('inconclusive', path, `Claim ${claim.id} is inconclusive.${decided}`);
        case 'no_evidence':
            return measured ? make('no_evidence', path, `Claim ${claim.id} has no evidence. ${because}${decided}`) : [];
        case 'untestable':
            return make('untestable', path, `Claim ${claim.id} is declared untestable.`);
        case 'supported':
            return [];
    }
}

;// CONCATENATED MODULE: ./src/verdict/absence.ts



/**
 * Explains why a comparison cannot be made.
 * @param found the comparison when it is there but its measure declined
 */
function explainAbsence(evidence, query, found) {
    if (evidence === null)
        return {
            because: 'Nothing was measured in this run.',
            wouldDecide: 'a run that measures (`review` instead of `check`)',
        };
    const sides = [query.subject, query.object].filter((id) => !isControl(id));
    const about = (code, whom) => evidence.findings.find((finding) => finding.code === code &&
        finding.about === whom &&
        (finding.measure === undefined || finding.measure === query.measure));
    if (isProbe(query.measure)) {
        if (about('unlabelled_target', 'target'))
            return {
                because: 'The target has no labels, so no probe can be trained.',
                wouldDecide: 'labels for the target images',
            };
        const trained = isTrainedProbe(query.measure);
        const proxied = sides.filter((id) => about('proxy', id));
        const without = sides.filter((id) => (lacks(evidence, id, 'weights') || about('no_weights', id)) && !(trained && proxied.includes(id)));
        if (without.length > 0 && without.every((id) => proxied.includes(id)))
            return {
                because: `No weights for ${absence_list(without)}. Only fine-tuning has a proxy for them.`,
                wouldDecide: `weights (ONNX) for ${absence_list(without)}`,
            };
        if (without.length > 0)
            return { because: `No weights for ${absence_list(without)}.`, wouldDecide: `weights (ONNX) for ${absence_list(without)}` };
        if (proxied.length === 1 &&
            sides.length === 2 &&
            acrossFields(evidence, query.measure, query.subject, query.object))
            return {
                because: `${absence_list(proxied)} has no weights; its proxy is compared with proxies only, not with weights.`,
                wouldDecide: `weights (ONNX) for ${absence_list(proxied)}`,
            };
        const tooSmall = about('budget_too_small', 'run');
        if (tooSmall)
            return { because: tooSmall.text, wouldDecide: 'that budget, or a faster device' };
        if (sides.length < 2 && sides.every((id) => !evidence.comparisons.some((c) => c.subject === id || c.object === id)))
            return { because: 'The control was not measured.', wouldDecide: 'a complete run' };
    }
    else {
        const without = sides.filter((id) => lacks(evidence, id, 'sample') || about('no_sample', id));
        if (without.length > 0)
            return { because: `No sample images of ${absence_list(without)}.`, wouldDecide: `sample images of ${absence_list(without)}` };
        const control = [query.subject, query.object].find(isControl);
        if (control !== undefined)
            return {
                because: `\`${control}\` has no images, so there is no distance to compare.`,
                wouldDecide: 'an object that has sample images',
            };
    }
    const refusal = found?.refused ??
        evidence.measurements.find((m) => m.measure === query.measure && sides.includes(m.candidate) && m.refused !== undefined)?.refused;
    if (refusal !== undefined)
        return { because: refusal, wouldDecide: 'what the refusal asks for' };
    const trouble = evidence.findings.find(({ code, about: whom }) => code === 'infrastructure' && ['run', ...sides].includes(whom)) ??
        evidence.findings.find(({ code, about: whom, measure }) => code === 'measure_refused' &&
            ['run', 'target', ...sides].includes(whom) &&
            (measure === undefined || measure === query.measure));
    if (trouble)
        return {
            because: trouble.text,
            wouldDecide: trouble.code === 'infrastructure' ? 'another run once that is mended' : 'a run that gets that far',
        };
    return { because: `${measures[query.measure].title} was not measured for these two.`, wouldDecide: 'a complete run' };
}
function lacks(evidence, id, what) {
    const candidate = evidence.candidates.find((entry) => entry.id === id);
    return candidate !== undefined && candidate[what] === null;
}
/** Names in a row, each in backticks: a; a and b; a, b and c. */
function absence_list(names) {
    const quoted = names.map((name) => `\`${name}\``);
    return names.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

;// CONCATENATED MODULE: ./src/verdict/caps.ts


/** Findings that hold a verdict at inconclusive whatever the interval says; `probe` ones only where a network was trained. */
const caps = {
    few_groups: 'any',
    target_at_chance: 'probe',
    solved_by_mean_colour: 'probe',
    collapsed: 'probe',
    not_converged: 'probe',
    few_seeds: 'probe',
};
/** Fewer seeds than this do not show how much a score varies with the seed. */
const enoughSeeds = 3;
/** What would lift a cap, as the end of “would be decided by …”. */
const lifts = {
    few_groups: `at least ${enoughGroups} groups (patients, slides, sites) in the target`,
    target_at_chance: 'a target that at least one candidate learns: more images or cleaner labels',
    solved_by_mean_colour: 'a target that colour alone does not solve',
    few_seeds: `at least ${enoughSeeds} seeds`,
    not_converged: 'a probe that converges: check the weights and their preprocessing',
};
/** The findings that cap a verdict drawn from this comparison, each once. */
function capsOn(comparison, evidence) {
    const about = new Set(['target', 'run', comparison.subject, comparison.object]);
    const found = evidence.findings.filter(({ code, about: whom, measure }) => {
        const reach = caps[code];
        if (reach === undefined || !about.has(whom))
            return false;
        if (reach === 'probe' && !isProbe(comparison.measure))
            return false;
        return measure === undefined || measure === comparison.measure;
    });
    const { groups } = comparison.n;
    if (groups !== undefined && groups < enoughGroups && !found.some(({ code }) => code === 'few_groups'))
        found.push({
            code: 'few_groups',
            about: 'target',
            text: `The target has ${groups} groups; at least ${enoughGroups} are needed before a verdict means anything.`,
        });
    const seeds = caps_seedsOf(comparison, evidence);
    if (seeds !== undefined && seeds < enoughSeeds && !found.some(({ code }) => code === 'few_seeds'))
        found.push({
            code: 'few_seeds',
            about: 'run',
            measure: comparison.measure,
            text: `Only ${seeds === 1 ? '1 seed was' : `${seeds} seeds were`} trained; at least ${enoughSeeds} are needed before a verdict means anything.`,
        });
    return found;
}
/** The seeds of a probe that trains: the fewer of the two sides'. The linear probe's repeats are bounded by the manifest. */
function caps_seedsOf({ measure, subject, object }, { measurements }) {
    const seeds = measurements.flatMap(({ measure: own, candidate, details }) => own === measure && [subject, object].includes(candidate) && typeof details.seeds === 'number'
        ? [details.seeds]
        : []);
    return seeds.length === 0 ? undefined : Math.min(...seeds);
}
/** What would lift these caps, in one phrase. */
function liftOf(findings) {
    return [
        ...new Set(findings.map((finding) => finding.code === 'collapsed' ? stableRun(finding) : (lifts[finding.code] ?? finding.code))),
    ].join('; and ');
}
function stableRun({ measure }) {
    const check = 'check the weights and their preprocessing';
    return measure !== undefined && isTrainedProbe(measure)
        ? `runs that do not collapse: ${check}, or let more learning rates be tried (evidence.finetune.learning_rates)`
        : `a run that does not collapse: ${check}`;
}

;// CONCATENATED MODULE: ./src/statistics/minimum-detectable.ts

/**
 * The smallest true difference that a measurement with this standard error finds with the given power:
 * (t(1 − α/2) + t(power)) · SE, about 2.9 SE at 24 degrees of freedom. α is 1 − the estimate's own level.
 * Same unit as the estimate.
 */
function minimumDetectable(estimate, power = 0.8) {
    const { standardError, degreesOfFreedom, level } = estimate;
    return (tQuantile((1 + level) / 2, degreesOfFreedom) + tQuantile(power, degreesOfFreedom)) * standardError;
}

;// CONCATENATED MODULE: ./src/verdict/decisive.ts




/** Beyond this many times the images nobody would go; the smallest visible gap is the more useful thing to say. */
const reasonableFactor = 30;
/** The gap, in accuracy or AUC, below which two candidates are as good as equal (smaller where the data can show it). */
function equivalenceMargin(images) {
    return images >= 2000 ? 0.01 : 0.02;
}
/**
 * Whether a probe's difference is shown to be negligible: the 90 % interval lies within ± the margin (two one-sided
 * tests; Schuirmann 1987).
 */
function isNegligible(comparison) {
    const { estimate } = comparison;
    if (estimate === null || !isProbe(comparison.measure))
        return false;
    const margin = equivalenceMargin(comparison.n.target);
    const { low, high } = atLevel(estimate, 0.9);
    return low > -margin && high < margin;
}
/** Whether two candidates are one to the measure: no image set them apart, so there is no doubt and nothing to find. */
function isSame({ value, standardError }) {
    return value === 0 && standardError === 0;
}
/** Why a difference counts as none: `the 90 % interval [−1.8, +1.1] lies within ±2.0 points`. */
function negligibleWords({ measure, estimate, n }) {
    const shown = formatEstimate(measure, atLevel(estimate, 0.9), { signed: true, unit: false });
    return `the 90 % interval ${shown.slice(shown.indexOf('['))} lies within ±${formatValue(measure, equivalenceMargin(n.target))}`;
}
/**
 * What would settle an interval that holds the threshold. The error shrinks with the root of the number of images, so
 * the factor is (smallest gap seen 4 times in 5 ÷ gap measured)².
 */
function moreImages(comparison, x, threshold) {
    if (isSame(x))
        return 'no number of images: to this measure the two are one and the same';
    const gap = Math.abs(x.value - threshold);
    const visible = minimumDetectable(x);
    const nullFactor = comparison.nullHalfWidth === undefined ? 0 : (comparison.nullHalfWidth / gap) ** 2;
    const factor = Math.max((visible / gap) ** 2, nullFactor);
    const smallest = formatValue(comparison.measure, visible, { like: x });
    if (!Number.isFinite(factor) || factor > reasonableFactor) {
        return `no realistic number of images at so small a gap; these data can show gaps of ${smallest} or more`;
    }
    const images = Number((factor * comparison.n.target).toPrecision(2));
    return (`about ${formatFactor(Math.max(factor, 1.1))}× as many target images (≈ ${formatCount(images)}), ` +
        `if the measured gap stays; ${formatCount(comparison.n.target)} can show gaps of ${smallest} or more`);
}

;// CONCATENATED MODULE: ./src/statistics/holm.ts

/**
 * Holm's step-down adjusted p-values, in the order given: the i-th smallest of m is multiplied by m − i (i from 0),
 * cut at 1 and made monotone. Holm 1979, Scand. J. Statist. 6:65.
 * @throws measure-refused when a p-value is not in [0, 1]
 */
function holm(pValues) {
    const adjusted = new Array(pValues.length);
    let largest = 0;
    for (const [rank, index] of ascending(pValues).entries()) {
        largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]));
        adjusted[index] = largest;
    }
    return adjusted;
}
/**
 * The level at which to draw each claim's interval, so that an interval leaves the claim's margin out exactly when
 * Holm's procedure rejects at `alpha`. The i-th smallest p (i from 0) is tested at alpha / (m − i); from the first one
 * that fails on, all share the level of that step. Equal p-values share the strictest of their levels.
 * @throws measure-refused when a p-value is not in [0, 1] or alpha is not in (0, 1)
 */
function holmLevels(pValues, alpha = 0.05) {
    if (!(alpha > 0 && alpha < 1))
        throw new errors_TransferEvidenceError('measure-refused', `Holm's correction needs an alpha between 0 and 1; ${alpha} was given.`);
    const levels = new Array(pValues.length);
    let share = alpha;
    let stopped = false;
    let previous = -1;
    for (const [rank, index] of ascending(pValues).entries()) {
        const p = pValues[index];
        if (!stopped && p !== previous) {
            share = alpha / (pValues.length - rank);
            stopped = p > share;
        }
        levels[index] = 1 - share;
        previous = p;
    }
    return levels;
}
function ascending(pValues) {
    for (const p of pValues)
        if (!(p >= 0 && p <= 1))
            throw new errors_TransferEvidenceError('measure-refused', `Holm's correction needs p-values in [0, 1]; ${p} was given.`);
    return pValues.map((_, index) => index).sort((a, b) => pValues[a] - pValues[b] || a - b);
}

// EXTERNAL MODULE: ./node_modules/@stdlib/stats-base-dists-t-cdf/lib/index.js
var stats_base_dists_t_cdf_lib = __webpack_require__(86021);
var stats_base_dists_t_cdf_lib_default = /*#__PURE__*/__webpack_require__.n(stats_base_dists_t_cdf_lib);
;// CONCATENATED MODULE: ./src/statistics/p-value.ts

/**
 * Two-sided p of “the true value is `margin`” by Student's t: below 1 − level exactly when the interval at that level
 * leaves the margin out. With a standard error of 0 it is 1 at the margin and 0 elsewhere.
 */
function pValue(estimate, margin = 0) {
    const distance = Math.abs(estimate.value - margin);
    if (distance === 0)
        return 1;
    if (estimate.standardError === 0)
        return 0;
    return Math.min(1, 2 * stats_base_dists_t_cdf_lib_default()(-distance / estimate.standardError, estimate.degreesOfFreedom));
}

;// CONCATENATED MODULE: ./src/verdict/relation.ts


/** Turns a claim and the paired difference (subject − object) into a statement about one number. */
function oneSided(test, difference) {
    const lowerIsCloser = measures[test.measure].direction === 'lower_closer';
    switch (test.relation) {
        case 'greater_than':
            return { x: difference, threshold: test.margin };
        case 'closer_than':
            return { x: flipEstimate(difference), threshold: test.margin };
        case 'not_worse_than':
            return {
                x: lowerIsCloser ? flipEstimate(difference) : difference,
                threshold: test.margin === 0 ? 0 : -test.margin,
            };
    }
}
/**
 * The verdict's algebra. Supported when the interval's low end reaches the threshold, contradicted when its high end
 * lies below it, inconclusive otherwise. At a threshold of 0 or less the low end must lie above it, so that equal
 * candidates are never “greater”. Either verdict also needs the value to lie farther from the threshold than two random
 * halves of the target lie from each other.
 * @param nullHalfWidth for distances: the split-half null, in the measure's unit; 0 where there is none
 */
function judgeInterval({ x, threshold }, nullHalfWidth = 0) {
    const beyondNull = Math.abs(x.value - threshold) > nullHalfWidth || nullHalfWidth === 0;
    if (!beyondNull)
        return 'inconclusive';
    if (threshold > 0 ? x.low >= threshold : x.low > threshold)
        return 'supported';
    if (x.high < threshold)
        return 'contradicted';
    return 'inconclusive';
}

;// CONCATENATED MODULE: ./src/verdict/claims.ts












/** Chance of any false verdict over all claims of one manifest. */
const familyAlpha = 0.05;
/**
 * Judges every claim on the interval of its paired difference, at the level that Holm's correction (1979) over all
 * testable claims gives it. A claim without evidence still counts in the correction, so that evidence
 * that arrives later never takes a verdict back.
 */
function judgeClaims(manifest, evidence) {
    const claims = claimsOf(manifest);
    const testable = claims.filter((claim) => claim.test !== 'untestable');
    const compared = testable.map(({ test }) => (evidence === null ? undefined : compare(test, evidence)));
    const pValues = testable.map(({ test }, index) => {
        const estimate = compared[index]?.estimate;
        if (!estimate)
            return 1;
        const { x, threshold } = oneSided(test, estimate);
        return pValue(x, threshold);
    });
    const levels = holmLevels(pValues, familyAlpha);
    return claims.map((claim) => {
        if (claim.test === 'untestable')
            return {
                claim,
                verdict: 'untestable',
                because: 'Kept as a reason; not measurable by its own account.',
                cappedBy: [],
            };
        const index = testable.indexOf(claim);
        return judgeOne(claim, compared[index], levels[index], evidence);
    });
}
function compare(test, evidence) {
    return isMeaningful(test) ? findComparison(evidence, test) : undefined;
}
/** `closer_than` asks for a distance; a score has none. */
function isMeaningful(test) {
    return test.relation !== 'closer_than' || measures[test.measure].direction === 'lower_closer';
}
function judgeOne(claim, comparison, level, evidence) {
    const { test } = claim;
    if (!isMeaningful(test))
        return {
            claim,
            verdict: 'no_evidence',
            because: `“closer_than” asks for a distance, and ${test.measure} is a score.`,
            wouldDecide: 'the relation greater_than or not_worse_than',
            cappedBy: [],
        };
    if (evidence === null || !comparison?.estimate)
        return { claim, verdict: 'no_evidence', ...explainAbsence(evidence, test, comparison), cappedBy: [] };
    const interval = atLevel(comparison.estimate, level);
    const statement = oneSided(test, interval);
    const read = judgeInterval(statement, comparison.nullHalfWidth);
    const findings = capsOn(comparison, evidence);
    const judged = { claim, comparison, interval, cappedBy: findings.map(({ code }) => code) };
    const numbers = formatEstimate(test.measure, interval, { signed: true });
    if (findings.length > 0)
        return {
            ...judged,
            verdict: 'inconclusive',
            because: `${numbers}: held at inconclusive. ${findings.map(({ text }) => text).join(' ')}`,
            wouldDecide: liftOf(findings),
        };
    const among = isOfProxies(evidence, comparison) ? 'as proxies, ' : '';
    const because = `${numbers}: ${among}${reading(test, comparison, interval, read)}`;
    if (read !== 'inconclusive')
        return { ...judged, verdict: read, because };
    const { x, threshold } = oneSided(test, comparison.estimate);
    return {
        ...judged,
        verdict: 'inconclusive',
        because,
        wouldDecide: moreImages(comparison, { ...x, level }, threshold),
    };
}
/** What the interval says of the claim, in words. */
function reading(test, comparison, interval, read) {
    const { measure, margin } = test;
    const guard = comparison.nullHalfWidth ?? 0;
    const halves = `two halves of the target differ by up to ${formatValue(measure, guard, { like: interval })}`;
    if (read !== 'inconclusive')
        return `${decided(test, interval, read)}${guard > 0 ? ` (${halves})` : ''}.`;
    if (guard > 0 && (interval.low > 0 || interval.high < 0))
        return `too small to count, as ${halves}.`;
    if (isSame(interval))
        return 'no image sets the two apart.';
    if (margin === 0 && isNegligible(comparison))
        return `no measurable difference: ${negligibleWords(comparison)}.`;
    if (margin === 0)
        return '0 lies inside the interval, so either may be ahead.';
    const amount = formatValue(measure, margin);
    const mark = test.relation === 'not_worse_than' ? `a loss of ${amount}` : `the claimed ${amount}`;
    return `${mark} lies inside the interval, so it may be so or not.`;
}
function decided(test, { low, high }, read) {
    const { measure, relation, margin } = test;
    const [subject, object] = [`\`${test.subject}\``, `\`${test.object}\``];
    const amount = formatValue(measure, margin);
    const [ahead, behind] = comparatives(test);
    const closer = ahead === 'closer';
    const subjectAhead = closer ? high < 0 : low > 0;
    const objectAhead = closer ? low > 0 : high < 0;
    if (read === 'supported') {
        if (relation === 'not_worse_than' && !subjectAhead)
            return `${subject} is at most ${amount} ${behind}`;
        return relation !== 'not_worse_than' && margin > 0
            ? `${subject} is ${ahead} by ${amount} or more`
            : `${subject} is ${ahead}`;
    }
    if (relation === 'not_worse_than' && margin > 0)
        return `${subject} is ${behind} by more than ${amount}`;
    if (objectAhead)
        return `${object} is ${ahead}`;
    if (subjectAhead)
        return `${subject} is ${ahead}, but by less than the claimed ${amount}`;
    return `less than the claimed ${amount}, and either may be ahead`;
}
/** Being ahead and behind in the words of a claim; `greater_than` on a distance is meant literally. */
function comparatives({ measure, relation }) {
    if (measures[measure].direction === 'higher_better')
        return ['better', 'worse'];
    return relation === 'greater_than' ? ['greater', 'smaller'] : ['closer', 'farther'];
}

;// CONCATENATED MODULE: ./src/verdict/ranking.ts









/** Sets `id` against each of `others`, Holm-corrected over these comparisons; those without evidence are left out. */
function contests(evidence, measure, id, others, encoder) {
    const found = others.flatMap((other) => {
        const comparison = findComparison(evidence, { measure, encoder, subject: id, object: other });
        return comparison?.estimate ? [{ other, comparison, estimate: comparison.estimate }] : [];
    });
    const levels = holmLevels(found.map(({ estimate }) => pValue(estimate, 0)), familyAlpha);
    return found.map(({ other, comparison, estimate }, index) => {
        const interval = atLevel(estimate, levels[index]);
        const apart = (interval.low > 0 || interval.high < 0) &&
            Math.abs(interval.value) > (comparison.nullHalfWidth ?? 0) &&
            capsOn(comparison, evidence).length === 0;
        return { other, comparison, interval, apart };
    });
}
/** Candidates with a number for this measure, best first; equal ones by name. The mean-colour control is not a candidate. */
function ordered(evidence, measure, { encoder, field = 'weights' } = {}) {
    const sign = measures[measure].direction === 'higher_better' ? -1 : 1;
    const among = isProbe(measure) ? probes_scoresOf(evidence, measure, field) : evidence.measurements;
    return among
        .filter((m) => m.measure === measure && m.encoder === encoder && m.candidate !== meanColourId)
        .flatMap(({ candidate, estimate }) => (estimate ? [{ candidate, value: estimate.value }] : []))
        .sort((a, b) => sign * (a.value - b.value) || (a.candidate < b.candidate ? -1 : 1))
        .map(({ candidate }) => candidate);
}
/**
 * Tie groups, best first: the best remaining candidate leads a group, and everyone who cannot be told apart from that
 * leader joins it (Holm over the leader's comparisons). A pair without a comparison counts as not told apart.
 */
function tieGroups(evidence, measure, among = {}) {
    const groups = [];
    let remaining = ordered(evidence, measure, among);
    while (remaining.length > 0) {
        const [leader, ...others] = remaining;
        const apart = new Set(contests(evidence, measure, leader, others, among.encoder)
            .filter((contest) => contest.apart)
            .map(({ other }) => other));
        groups.push({ members: [leader, ...others.filter((id) => !apart.has(id))] });
        remaining = others.filter((id) => apart.has(id));
    }
    return groups;
}
/**
 * Tie groups of the headline measures: the probes, the one that decides first, of candidates with weights and then of proxies; then
 * RBF-MMD² in each encoder.
 */
function rankings(evidence) {
    const performance = ['weights', 'proxies'].flatMap((field) => {
        const deciding = decidingProbe(evidence, field);
        const probes = deciding === null ? [] : [deciding, ...probeMeasures.filter((measure) => measure !== deciding)];
        return probes.map((measure) => ({
            measure,
            ...(field === 'proxies' ? { proxies: true } : {}),
            groups: tieGroups(evidence, measure, { field }),
        }));
    });
    const embedding = evidence.encoders.map(({ id }) => ({
        measure: 'embedding.mmd',
        encoder: id,
        groups: tieGroups(evidence, 'embedding.mmd', { encoder: id }),
    }));
    return [...performance, ...embedding].filter(({ groups }) => groups.length > 0);
}

;// CONCATENATED MODULE: ./src/verdict/choice.ts









/**
 * The chosen source against its strongest alternative on the probe that decides. Better than the strongest alone is not
 * enough for “supported”: the chosen one must be told apart from every other candidate (intersection–union, here with
 * Holm's levels, so that it agrees with the tie groups). A proxy's alternatives are proxies.
 */
function judgeChoice(manifest, evidence) {
    const { chosen } = manifest;
    const others = manifest.candidates.map(({ id }) => id).filter((id) => id !== chosen);
    const [first] = others;
    if (first === undefined)
        return {
            verdict: 'no_evidence',
            because: `\`${chosen}\` is the only candidate, so there is nothing to set it against.`,
            wouldDecide: 'a second candidate',
        };
    const asked = strongestProbe(manifest);
    if (evidence === null)
        return { verdict: 'no_evidence', ...explainAbsence(null, { measure: asked, subject: chosen, object: first }) };
    const field = fieldOfCandidate(evidence, chosen);
    const deciding = decidingProbe(evidence, field);
    const measure = deciding ?? asked;
    const order = ordered(evidence, measure, { field });
    const rivals = order.filter((id) => others.includes(id));
    const [strongest] = rivals;
    const own = measuredName(chosen, order);
    if (strongest === undefined || own === undefined) {
        const candidates = evidence.candidates.filter(({ role }) => role !== 'control');
        if (deciding === null &&
            candidates.length > 0 &&
            candidates.every(({ id, weights }) => weights === null && !isProxy(evidence, id)))
            return {
                verdict: 'no_evidence',
                because: 'No candidate has weights, so only similarity was measured.',
                wouldDecide: 'weights (ONNX) of the candidates',
            };
        const without = [chosen, ...others].find((id) => !order.includes(id)) ?? first;
        const object = without === chosen ? first : without;
        return { verdict: 'no_evidence', ...explainAbsence(evidence, { measure, subject: chosen, object }) };
    }
    const pivot = order.indexOf(own) < order.indexOf(strongest) ? own : strongest;
    const family = contests(evidence, measure, pivot, [...new Set([...rivals, own, ...order.filter(isControl)])].filter((id) => id !== pivot));
    const contest = pivot === own ? hardest(family, rivals) : family.find(({ other }) => other === own);
    if (contest === undefined)
        return { verdict: 'no_evidence', ...explainAbsence(evidence, { measure, subject: chosen, object: strongest }) };
    return {
        ...readContest(contest, pivot === own, evidence, measure),
        measure,
        ...(field === 'proxies' ? { proxies: true } : {}),
    };
}
function isProxy({ findings }, id) {
    return findings.some(({ code, about }) => code === 'proxy' && about === id);
}
/** The rival that the leader is not told apart from, best first; otherwise the strongest one. */
function hardest(family, rivals) {
    const inOrder = rivals.flatMap((id) => family.find(({ other }) => other === id) ?? []);
    return inOrder.find(({ apart }) => !apart) ?? inOrder[0];
}
function readContest(found, chosenLeads, evidence, measure) {
    const { apart, interval } = found;
    const against = chosenLeads ? found.other : found.comparison.subject;
    const comparison = chosenLeads ? { ...found.comparison, estimate: interval } : flipped(found);
    const difference = formatEstimate(measure, comparison.estimate, { signed: true });
    const base = { against, comparison };
    if (apart)
        return chosenLeads
            ? { ...base, verdict: 'supported', because: `${difference} against \`${against}\`, the strongest alternative.` }
            : { ...base, verdict: 'worse', because: `${difference} against \`${against}\`, which is better.` };
    const findings = capsOn(found.comparison, evidence);
    if (findings.length > 0)
        return {
            ...base,
            verdict: 'inconclusive',
            because: `${difference} against \`${against}\`. ${findings.map(({ text }) => text).join(' ')}`,
            wouldDecide: liftOf(findings),
        };
    if (isNegligible(found.comparison))
        return {
            ...base,
            verdict: 'tied',
            because: `${difference} against \`${against}\`: ${negligibleWords(comparison)}.`,
        };
    return {
        ...base,
        verdict: 'inconclusive',
        because: `${difference} against \`${against}\`: 0 lies inside the interval, so either may be ahead.`,
        wouldDecide: moreImages(found.comparison, interval, 0),
    };
}
function flipped({ comparison, interval }) {
    return {
        ...comparison,
        subject: comparison.object,
        object: comparison.subject,
        estimate: { ...interval, value: -interval.value, low: -interval.high, high: -interval.low },
    };
}

;// CONCATENATED MODULE: ./src/statistics/agreement.ts

/** Ranks from 1 for the smallest value; equal values share the mean of their ranks. */
function midranks(values) {
    return values.map((value) => {
        const below = values.filter((other) => other < value).length;
        const equal = values.filter((other) => other === value).length;
        return below + (equal + 1) / 2;
    });
}
/**
 * Kendall's coefficient of concordance W, corrected for ties (Kendall & Smith 1939): 0 no agreement, 1 one and the same
 * order. Unitless.
 * @param ratings one row a rater, one number an item; only their order counts
 * @returns null when every rater holds all items equal
 * @throws shape-mismatch with fewer than two raters or items, or rows of different length
 */
function kendallW(ratings) {
    const raters = ratings.length;
    const items = ratings[0]?.length ?? 0;
    if (raters < 2 || items < 2 || ratings.some((row) => row.length !== items))
        throw new errors_TransferEvidenceError('shape-mismatch', `Kendall's W needs two raters or more, each with the same two items or more; ${raters} rows of ${ratings.map((row) => row.length).join(', ')} were given.`);
    const ranks = ratings.map(midranks);
    const sums = ranks[0].map((_, item) => ranks.reduce((sum, row) => sum + row[item], 0));
    const mean = (raters * (items + 1)) / 2;
    const spread = sums.reduce((total, sum) => total + (sum - mean) ** 2, 0);
    const tied = ranks.reduce((total, row) => total + tieCorrection(row), 0);
    const greatest = raters ** 2 * (items ** 3 - items) - raters * tied;
    return greatest > 0 ? (12 * spread) / greatest : null;
}
/** Σ (t³ − t) over the groups of t equal ranks. */
function tieCorrection(ranks) {
    const counts = new Map();
    for (const rank of ranks)
        counts.set(rank, (counts.get(rank) ?? 0) + 1);
    return [...counts.values()].reduce((total, count) => total + count ** 3 - count, 0);
}
/**
 * Kendall's rank correlation τ-b, which allows for ties (Kendall 1945): 1 the same order, −1 the reverse.
 * @returns null when one side holds all items equal
 * @throws shape-mismatch when the lengths differ
 */
function kendallTauB(a, b) {
    if (a.length !== b.length)
        throw new errors_TransferEvidenceError('shape-mismatch', `A rank correlation compares as many numbers as numbers; ${a.length} and ${b.length} were given.`);
    let [agreed, untiedA, untiedB] = [0, 0, 0];
    for (let i = 1; i < a.length; i++)
        for (let j = 0; j < i; j++) {
            const signA = Math.sign(a[i] - a[j]);
            const signB = Math.sign(b[i] - b[j]);
            agreed += signA * signB;
            untiedA += signA ** 2;
            untiedB += signB ** 2;
        }
    return untiedA > 0 && untiedB > 0 ? agreed / Math.sqrt(untiedA * untiedB) : null;
}

;// CONCATENATED MODULE: ./src/verdict/intuition.ts




/** With fewer sources even a perfect agreement comes by chance more than once in twenty (2 ÷ K!, two-sided). */
const enoughToCorrelate = 5;
/**
 * What the raters expected, against the order that was measured. `null` when there are no raters.
 * Sources that not everyone ranked are left out of the consensus; random initialisation counts where it was ranked.
 */
function judgeIntuition({ intuition, chosen }, evidence) {
    const ranks = intuition?.raters.map(({ expected_rank }) => expected_rank) ?? [];
    if (ranks.length === 0)
        return null;
    const common = ranks[0].filter((id) => ranks.every((rank) => rank.includes(id)));
    return {
        raters: ranks.length,
        chosenFirst: ranks.filter(([first]) => first === chosen).length,
        common,
        concordance: ranks.length > 1 && common.length > 2
            ? kendallW(ranks.map((rank) => common.map((id) => rank.indexOf(id))))
            : null,
        measured: evidence === null ? null : againstMeasured(ranks, common, evidence, chosen),
    };
}
function againstMeasured(ranks, common, evidence, chosen) {
    const field = fieldOfCandidate(evidence, chosen);
    const measure = decidingProbe(evidence, field);
    if (measure === null)
        return null;
    const order = ordered(evidence, measure, { field }).filter((id) => ranks.some((rank) => rank.includes(id)));
    if (order.length < 2)
        return null;
    const groups = rankings(evidence).find((ranking) => ranking.measure === measure && (ranking.proxies ?? false) === (field === 'proxies')).groups;
    const place = (id) => groups.findIndex(({ members }) => members.includes(id));
    const bestPlace = Math.min(...order.map(place));
    const best = order.filter((id) => place(id) === bestPlace);
    const firsts = ranks.map((rank) => rank.find((id) => order.includes(id)));
    const both = common.filter((id) => order.includes(id));
    const meanRank = (id) => ranks.reduce((sum, rank) => sum + rank.indexOf(id), 0) / ranks.length;
    const lowest = Math.min(...both.map(meanRank));
    const favourites = both.filter((id) => meanRank(id) === lowest);
    return {
        measure,
        sources: order.length,
        best,
        bestFirst: firsts.filter((id) => id !== undefined && best.includes(id)).length,
        consensus: favourites.length === 1 ? regretOf(favourites[0], order[0], best, evidence, measure) : null,
        correlation: both.length < enoughToCorrelate ? null : kendallTauB(both.map(meanRank), both.map(place)),
    };
}
/** What following the raters' favourite costs against the highest score. */
function regretOf(choice, top, best, evidence, measure) {
    const comparison = findComparison(evidence, { measure, subject: top, object: choice });
    return { choice, top, regret: comparison?.estimate ?? null, tied: best.includes(choice) };
}

;// CONCATENATED MODULE: ./src/verdict/remarks.ts




const word = {
    supported: 'supported',
    contradicted: 'contradicted',
    inconclusive: 'inconclusive',
    no_evidence: 'without evidence',
    untestable: 'untestable',
};
/** What two claims say together when one was drawn from the other. */
function claimRemarks(claims) {
    const byId = new Map(claims.map((judged) => [judged.claim.id, judged]));
    return claims.flatMap((drawn) => (drawn.claim.depends_on ?? []).flatMap((id) => {
        const ground = byId.get(id);
        return ground ? (remarks_together(ground, drawn) ?? []) : [];
    }));
}
function remarks_together(ground, drawn) {
    const [a, b] = [ground.claim.id, drawn.claim.id];
    const pair = `${a} ${word[ground.verdict]}, ${b} ${word[drawn.verdict]}`;
    const similarity = isSimilarityThenScore(ground, drawn);
    const closer = similarity && ground.interval.high < 0;
    switch (`${ground.verdict} ${drawn.verdict}`) {
        case 'supported contradicted':
            return closer ? `${pair}: ${closerWithout(drawn)}.` : `${pair}: the one does not carry the other.`;
        case 'supported inconclusive':
            return closer
                ? `${pair}: more similar; whether that makes it better is open.`
                : `${pair}: the one does not yet carry the other.`;
        case 'supported no_evidence':
            return closer ? `${pair}: more similar; whether that makes it better was not measured.` : null;
        case 'contradicted supported':
            return similarity && ground.interval.low > 0 && drawn.interval.low > 0
                ? `${pair}: better, but not because it is more similar.`
                : `${b} supported although ${a}, which it was drawn from, is contradicted.`;
        case 'contradicted contradicted':
            return `${pair}: neither the ground nor what was drawn from it holds.`;
        case 'contradicted inconclusive':
        case 'contradicted no_evidence':
        case 'contradicted untestable':
            return `${a}, which ${b} was drawn from, is contradicted.`;
        default:
            return null;
    }
}
/** A contradicted score claim in words: a claimed gain that was not reached is no loss. */
function closerWithout({ claim, interval }) {
    if (claim.test === 'untestable' || interval.high < 0)
        return 'more similar, not better';
    const claimed = formatValue(claim.test.measure, claim.test.margin);
    return interval.low > 0
        ? `more similar and better, but by less than the claimed ${claimed}`
        : `more similar, but not better by the claimed ${claimed}`;
}
/** Whether a score is concluded from a distance of the same two sources. */
function isSimilarityThenScore({ claim: ground, interval }, { claim: drawn }) {
    if (ground.test === 'untestable' || drawn.test === 'untestable' || interval === undefined)
        return false;
    return (!isProbe(ground.test.measure) &&
        isProbe(drawn.test.measure) &&
        ground.test.subject === drawn.test.subject &&
        ground.test.object === drawn.test.object);
}
/** What the controls say of the chosen source: pretraining that does not beat random initialisation is worth a sentence. */
function controlRemarks(manifest, evidence) {
    const measure = decidingProbe(evidence, fieldOfCandidate(evidence, manifest.chosen));
    const [contest] = measure === null ? [] : contests(evidence, measure, manifest.chosen, ['scratch']);
    if (!measure || !contest || contest.interval.low > 0)
        return [];
    const difference = formatEstimate(measure, contest.interval, { signed: true });
    return [
        contest.interval.high < 0
            ? `\`${manifest.chosen}\` scores below random initialisation of the same network: ${difference}.`
            : `\`${manifest.chosen}\` cannot be told apart from random initialisation of the same network: ${difference}.`,
    ];
}

;// CONCATENATED MODULE: ./src/verdict/judge.ts





/** Sets what the manifest says against what was measured. `null` evidence means that nothing was. */
function judge(manifest, evidence) {
    const claims = judgeClaims(manifest, evidence);
    return {
        choice: judgeChoice(manifest, evidence),
        claims,
        intuition: judgeIntuition(manifest, evidence),
        ranking: evidence === null ? [] : rankings(evidence),
        remarks: [...claimRemarks(claims), ...(evidence === null ? [] : controlRemarks(manifest, evidence))],
    };
}

;// CONCATENATED MODULE: ./src/review.ts









/** The whole path: manifest → plan → evidence → verdicts → decision → report. */
async function review(options) {
    const loaded = await loadManifest(options.manifest, { base: options.workspace });
    const words = loaded.manifest ? lint(loaded.manifest, loaded.locate, options.context.today) : [];
    const measured = loaded.manifest && options.mode === 'review'
        ? await review_measure({ ...loaded, manifest: loaded.manifest }, options)
        : { evidence: null, problems: [], cached: false };
    const problems = [...loaded.problems, ...words, ...measured.problems];
    const verdicts = loaded.manifest ? judge(loaded.manifest, measured.evidence) : null;
    const decision = decide({
        manifest: loaded.manifest,
        verdicts,
        problems,
        locate: loaded.locate,
        today: options.context.today,
        measured: options.mode === 'review',
        evidence: measured.evidence,
    });
    const report = renderReport({
        manifest: loaded.manifest,
        manifestFile: loaded.file,
        evidence: measured.evidence,
        verdicts,
        decision,
        context: { ...options.context, mode: options.mode },
    });
    return {
        ...report,
        manifestFile: loaded.file,
        decision,
        verdicts,
        evidence: measured.evidence,
        problems: decision.problems,
        cached: measured.cached,
        storeKey: measured.evidence?.plan || null,
    };
}
async function review_measure(loaded, options) {
    const { device, seed, offline, workspace, log, natives, signal } = options;
    const roots = [workspace, dataBase(loaded.directory), ...options.roots];
    let planned;
    try {
        planned = await planEvidence(loaded, {
            roots,
            seed,
            offline,
            cacheDir: options.store,
            ...(signal ? { signal } : {}),
        });
    }
    catch (error) {
        if (signal?.aborted)
            throw signal.reason;
        if (!isInfrastructure(error))
            throw error;
        return { evidence: withoutEvidence(loaded.manifest, seed, error), problems: [], cached: false };
    }
    if ('problems' in planned)
        return { evidence: null, problems: planned.problems, cached: false };
    return collectEvidence(planned.plan, loaded, {
        store: openStore(options.store, options.log.info),
        device,
        offline,
        workspace,
        log,
        ...(natives === undefined ? {} : { localCopy: natives }),
        ...(signal ? { signal } : {}),
    });
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(57975);
;// CONCATENATED MODULE: ./src/command-line/arguments.ts




const commands = ['check', 'review'];
const help = `transfer-evidence: sets the stated reasons for a pretraining source against measured evidence.

  transfer-evidence check  [MANIFEST]   reads and judges the words alone: no data, no network, no GPU, about a second
  transfer-evidence review [MANIFEST]   measures as well: similarity, probes, verdicts on every claim

MANIFEST defaults to transfer.yml, then .github/transfer.yml, in this folder.

Options
  --out DIR            where comment.md, report.html, report.json and evidence.json go   [transfer-evidence-report]
  --format text|json   what is printed: a summary for people, or report.json             [text]
  --seed N             seed of every random draw; same seed, same numbers                [0]
  --device NAME        auto, cuda, webgpu or cpu; auto takes the first that works        [auto]
  --offline            fetch nothing: no weights, no native packages
  --data-root DIR      a folder beside the manifest's own that data may lie in; may be repeated
  --store DIR          where evidence is kept between runs   [~/.cache/transfer-evidence]
  --runtime-path DIR   a folder whose node_modules hold onnxruntime-node and sharp
  --help, --version

Exit codes
  0  the gate passes (also with warnings)     2  the manifest, its data or this call is wrong
  1  the gate says no                         3  infrastructure: a download, a device, the runtime

Start with the smallest manifest: transfer-evidence check in an empty folder prints one.
`;
/** Reads the arguments. @throws input-invalid naming the argument, what was found and what is allowed */
function readArguments(args) {
    const { values, positionals } = arguments_parse(args);
    if (values.help || (positionals.length === 0 && args.length === 0))
        return 'help';
    if (values.version)
        return 'version';
    const [command, manifest, ...rest] = positionals;
    return {
        command: oneOf('command', command ?? '', commands),
        manifest,
        out: values.out ?? 'transfer-evidence-report',
        format: oneOf('--format', values.format ?? 'text', ['text', 'json']),
        seed: wholeNumber('--seed', values.seed ?? '0'),
        device: oneOf('--device', values.device ?? 'auto', devices),
        offline: values.offline ?? false,
        dataRoots: values['data-root'] ?? [],
        store: values.store,
        natives: values['runtime-path'],
        ...nothingLeft(rest),
    };
}
function arguments_parse(args) {
    const options = {
        out: { type: 'string' },
        format: { type: 'string' },
        seed: { type: 'string' },
        device: { type: 'string' },
        offline: { type: 'boolean' },
        'data-root': { type: 'string', multiple: true },
        store: { type: 'string' },
        'runtime-path': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
    };
    try {
        return (0,external_node_util_.parseArgs)({ args, options, allowPositionals: true });
    }
    catch (error) {
        const unknown = /'(--?[^'\s]+)/.exec(String(error))?.[1];
        const nearest = unknown &&
            closest(unknown, Object.keys(options).map((name) => `--${name}`));
        const known = unknown && nearest === unknown;
        throw new errors_TransferEvidenceError('input-invalid', known || !unknown
            ? `${error.message}`
            : `There is no option ${unknown}; did you mean ${nearest}? See transfer-evidence --help.`);
    }
}
function nothingLeft(rest) {
    if (rest.length > 0)
        throw new errors_TransferEvidenceError('input-invalid', `One manifest at a time; found also: ${rest.join(', ')}.`);
    return {};
}
function oneOf(name, value, allowed) {
    if (allowed.includes(value))
        return value;
    throw new errors_TransferEvidenceError('input-invalid', `${name} is one of ${allowed.join(', ')}; found “${value}”${value ? `; did you mean ${closest(value, allowed)}?` : '.'}`);
}
function wholeNumber(name, value) {
    const number = Number(value);
    if (/^\d+$/.test(value) && Number.isSafeInteger(number))
        return number;
    throw new errors_TransferEvidenceError('input-invalid', `${name} is a whole number from 0; found “${value}”.`);
}
function closest(value, known) {
    return [...known].sort((a, b) => (0,mod/* distance */.Io)(value, a) - (0,mod/* distance */.Io)(value, b))[0];
}

;// CONCATENATED MODULE: ./src/command-line/command.ts
/** The command, for a POSIX shell at the root of the repository, that measures the same again. */
function commandOf(mode, manifest, seed) {
    const word = /^[\w./@%+=:,-]+$/.test(manifest) && !manifest.startsWith('-');
    return `transfer-evidence ${mode} ${word ? manifest : `'${manifest.replaceAll("'", "'\\''")}'`} --seed ${seed}`;
}

;// CONCATENATED MODULE: ./src/command-line/progress.ts
/** A log gets a line at most this often. */
const quietMilliseconds = 10_000;
/**
 * Progress with counts and remaining time: one line rewritten in place on a terminal, now and then a plain line in a
 * log. Everything goes to standard error, so that standard output holds the result alone.
 */
function terminalProgress(output, now = Date.now) {
    let shown = false;
    let current = { name: '', since: 0, first: 0, spoke: 0 };
    const clear = () => {
        if (shown)
            output.write('\r\u001b[K');
        shown = false;
    };
    const line = (text) => {
        clear();
        output.write(`${text}\n`);
    };
    return {
        info: line,
        step: (name, done, total) => {
            const time = now();
            if (name !== current.name)
                current = { name, since: time, first: done, spoke: output.isTTY ? 0 : time };
            const remaining = done > current.first ? ((time - current.since) / (done - current.first)) * (total - done) : null;
            const text = `${name}: ${done} of ${total}${remaining === null || done === total ? '' : `, about ${spokenDuration(remaining)} left`}`;
            if (done >= total)
                line(`${name}: ${total} done in ${spokenDuration(time - current.since)}`);
            else if (output.isTTY) {
                output.write(`\r\u001b[K${text.slice(0, (output.columns ?? 80) - 1)}`);
                shown = true;
            }
            else if (time - current.spoke >= quietMilliseconds) {
                current.spoke = time;
                line(text);
            }
        },
    };
}
/** `4 s`, `2 min 5 s`, `1 h 3 min`. */
function spokenDuration(milliseconds) {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 60)
        return `${seconds} s`;
    if (seconds < 3600)
        return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

;// CONCATENATED MODULE: ./src/command-line/run.ts













/** The command line. @returns the exit code: 0 pass, 1 the gate says no, 2 the manifest or the call is wrong, 3 infrastructure */
async function runCommandLine(args, host) {
    try {
        const call = readArguments(args);
        if (call === 'help')
            return print(host, help);
        if (call === 'version')
            return print(host, `transfer-evidence ${version}\n`);
        const done = await run_run(call, host);
        host.stdout.write(call.format === 'json' ? done.json : done.text);
        host.stderr.write(`Report: ${(0,external_node_path_.join)(call.out, 'comment.md')}\n`);
        return exitCode(done);
    }
    catch (error) {
        if (error instanceof errors_TransferEvidenceError) {
            const { location: at } = error;
            const where = at ? `${at.file}${at.line ? `:${at.line}${at.column ? `:${at.column}` : ''}` : ''}: ` : '';
            host.stderr.write(`Error (${error.code}): ${where}${error.message}\n`);
        }
        else
            host.stderr.write(`Unexpected: ${error instanceof Error ? error.stack : String(error)}\n`);
        return exitCodeOf(error);
    }
}
function print(host, text) {
    host.stdout.write(text);
    return 0;
}
async function run_run(call, host) {
    const cancel = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'])
        host.once(signal, () => cancel.abort(new errors_TransferEvidenceError('cancelled', `Stopped by ${signal}. What was measured is kept; the same command goes on from there.`)));
    const here = host.cwd();
    const manifest = call.manifest ?? (await findManifests(here))[0];
    if (manifest === undefined)
        throw new errors_TransferEvidenceError('manifest-missing', `There is no transfer.yml in this folder. Write one, for instance:\n\n${smallestManifest}`);
    // Before anything is measured, not after.
    await makeFolder((0,external_node_path_.resolve)(here, call.out));
    const workspace = workspaceOf((0,external_node_path_.resolve)(here, manifest), here);
    const path = (0,external_node_path_.relative)(workspace, (0,external_node_path_.resolve)(here, manifest));
    const result = await review({
        mode: call.command,
        manifest: path,
        workspace,
        roots: call.dataRoots.map((root) => (0,external_node_path_.resolve)(here, root)),
        device: call.device,
        seed: call.seed,
        offline: call.offline,
        ...(call.natives === undefined ? {} : { natives: (0,external_node_path_.resolve)(here, call.natives) }),
        store: (0,external_node_path_.resolve)(here, call.store ?? (0,external_node_path_.join)(host.env.XDG_CACHE_HOME ?? (0,external_node_path_.join)((0,external_node_os_.homedir)(), '.cache'), 'transfer-evidence')),
        context: {
            commit: commitOf(workspace),
            runUrl: null,
            today: new Date().toISOString().slice(0, 10),
            reproduce: commandOf(call.command, path, call.seed),
        },
        log: terminalProgress(host.stderr),
        signal: cancel.signal,
    });
    await writeReport((0,external_node_path_.resolve)(here, call.out), result);
    return result;
}
/** @throws input-invalid when the report has no place to go */
async function makeFolder(directory) {
    try {
        await (0,promises_.mkdir)(directory, { recursive: true });
        await (0,promises_.access)(directory, external_node_fs_.constants.W_OK);
    }
    catch (cause) {
        const found = (await (0,promises_.stat)(directory).catch(() => undefined))?.isFile() ? 'a file' : cause.message;
        throw new errors_TransferEvidenceError('input-invalid', `--out is a folder that can be written to; found ${directory}: ${found}. Name another with --out.`, { cause });
    }
}
/** Writes comment.md, report.html, report.json and, where something was measured, evidence.json. */
async function writeReport(directory, result) {
    await (0,promises_.writeFile)((0,external_node_path_.join)(directory, 'comment.md'), result.comment);
    await (0,promises_.writeFile)((0,external_node_path_.join)(directory, 'report.html'), result.html);
    await (0,promises_.writeFile)((0,external_node_path_.join)(directory, 'report.json'), result.json);
    const evidence = (0,external_node_path_.join)(directory, 'evidence.json');
    if (result.evidence)
        await (0,promises_.writeFile)(evidence, `${JSON.stringify(result.evidence, null, 2)}\n`);
    // An earlier run's would pass for this one's.
    else
        await (0,promises_.rm)(evidence, { force: true });
}
function exitCode({ problems, decision, evidence }) {
    if (problems.some(({ level, waived }) => level === 'error' && !waived))
        return 2;
    if (decision.gate === 'fail')
        return 1;
    return evidence?.findings.some(({ code }) => code === 'infrastructure') ? 3 : 0;
}
/** The repository that holds the manifest; outside of one this folder, or the manifest's own where it lies elsewhere. */
function workspaceOf(manifest, here) {
    for (let folder = (0,external_node_path_.dirname)(manifest); folder !== (0,external_node_path_.parse)(folder).root; folder = (0,external_node_path_.dirname)(folder))
        if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(folder, '.git')))
            return folder;
    return manifest.startsWith(here.endsWith(external_node_path_.sep) ? here : here + external_node_path_.sep) ? here : (0,external_node_path_.dirname)(manifest);
}
function commitOf(workspace) {
    try {
        return (0,external_node_child_process_.execFileSync)('git', ['-C', workspace, 'rev-parse', 'HEAD'], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
        }).trim();
    }
    catch {
        return null;
    }
}


/***/ })

};
