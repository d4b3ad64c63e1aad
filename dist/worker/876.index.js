export const id = 876;
export const ids = [876];
export const modules = {

/***/ 876:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runDescribeWorker: () => (/* binding */ runDescribeWorker)
});

// EXTERNAL MODULE: external "node:worker_threads"
var external_node_worker_threads_ = __webpack_require__(919);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(916);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(760);
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
    return { format: undefined, found: describe(text, bytes.length) };
}
function describe(text, length) {
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
async function decode_decode(sharp, file, options = {}) {
    const pixelLimit = options.pixelLimit ?? defaultPixelLimit;
    const bytes = await read(file);
    const signature = signatureOf(bytes);
    if (signature.format === undefined)
        throw unreadable(file, `expected PNG, JPEG, WebP, TIFF or GIF; found ${signature.found}`);
    try {
        const { width, height, depth, space } = await sharp(bytes, { limitInputPixels: false }).metadata();
        if (width * height > pixelLimit)
            throw tooLarge(file, width, height, pixelLimit);
        if (depth !== 'uchar' && depth !== 'ushort')
            throw unreadable(file, `expected 8- or 16-bit unsigned samples; found ${depth}. Export it as 8- or 16-bit PNG`);
        const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: pixelLimit }).autoOrient();
        if (space === 'cmyk')
            image.pipelineColourspace('cmyk').toColourspace('cmyk');
        else if (depth === 'ushort')
            image.pipelineColourspace('rgb16').toColourspace('rgb16');
        const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
        if (info.channels > 4 || (space === 'cmyk' && info.channels !== 4))
            throw unreadable(file, `expected grey, RGB or CMYK; found ${info.channels} channels`);
        return { data: toRgb(data, info.channels, depth, space === 'cmyk'), width: info.width, height: info.height };
    }
    catch (error) {
        if (error instanceof errors/* TransferEvidenceError */.Bh)
            throw error;
        throw unreadable(file, `the ${signature.format.toUpperCase()} data is damaged or cut short (${reason(error)})`, error);
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
            throw unreadable(file, 'the file does not exist', error);
        if (code === 'ERR_FS_FILE_TOO_LARGE')
            throw new errors/* TransferEvidenceError */.Bh('image-too-large', `Image ${(0,external_node_path_.basename)(file)} is a file of more than 2 GiB. Cut it into tiles.`, { cause: error });
        throw unreadable(file, `the file cannot be opened (${code})`, error);
    }
}
function unreadable(file, why, cause) {
    return new errors/* TransferEvidenceError */.Bh('image-unreadable', `Image ${(0,external_node_path_.basename)(file)} cannot be read: ${why}.`, { cause });
}
function tooLarge(file, width, height, limit) {
    const millions = (pixels) => `${Number((pixels / 1e6).toPrecision(3))} million`;
    return new errors/* TransferEvidenceError */.Bh('image-too-large', `Image ${(0,external_node_path_.basename)(file)} is ${width} × ${height} pixels (${millions(width * height)}); at most ${millions(limit)} are read. ` +
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
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `An image cannot be resized to ${width} × ${height} pixels.`);
    checkPixels(image);
    switch (mode) {
        case 'squash':
            return triangleResize(image, width, height);
        case 'crop':
            return centreCrop(image, width, height);
        case 'pad':
            return pad(image, width, height);
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
function pad(image, width, height) {
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
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `An image of ${image.width} × ${image.height} needs ${3 * plane} numbers from ${offset} on; the batch holds ${out.length}.`);
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
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `An image of ${width} × ${height} pixels needs ${width * height * 3} samples; ${data.length} were given.`);
}

// EXTERNAL MODULE: ./src/runtime/require-native.ts
var require_native = __webpack_require__(587);
;// CONCATENATED MODULE: ./src/matrix.ts

/**
 * Checks a shape at the door.
 * @throws shape-mismatch when `data.length` is not `rows × columns`
 */
function matrix_matrix(data, rows, columns) {
    if (!Number.isInteger(rows) ||
        !Number.isInteger(columns) ||
        rows < 0 ||
        columns < 0 ||
        data.length !== rows * columns)
        throw new TransferEvidenceError('shape-mismatch', `A ${rows} × ${columns} matrix needs ${rows * columns} numbers; ${data.length} were given.`);
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
function allRows(rows) {
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
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `An RGB image of ${width} × ${height} pixels needs ${width * height * 3} bytes and at least one pixel; ${data.length} were given.`);
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
function planesOf(image) {
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
        describe: (image) => Float64Array.of(describe(planesOf(image))),
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
        describe: (image) => describe(planesOf(image)),
        distance: (source, target) => between(source, allRows(source.rows), target, allRows(target.rows)),
        between,
        standardErrorFloor: () => binningError,
        mean: (set) => pooled(set, allRows(set.rows)).reduce((sum, mass, bin) => sum + mass * (bins.lowest + bin), 0),
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
        throw new TransferEvidenceError('shape-mismatch', `A visual description has ${visualColumns} columns; ${set.columns} were given.`);
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
        throw new TransferEvidenceError('measure-refused', `${name} is not read off an image's pixels.`);
    return measure;
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
            const scaled = resize(decoded, { height, width, mode: demand.preprocessing.resize });
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
        throw new TransferEvidenceError('dataset-unreadable', `The image ${id} could be read a moment ago and cannot now: ${cause.message} Keep the images as they are during a run.`, { cause });
    }
}

// EXTERNAL MODULE: ./src/runtime/device.ts + 1 modules
var runtime_device = __webpack_require__(683);
;// CONCATENATED MODULE: ./src/encoder/describe-protocol.ts
/** Numbers of one image in the network's input. */
function describe_protocol_inputLength({ channels, height, width }) {
    return channels * height * width;
}

;// CONCATENATED MODULE: ./src/encoder/networks.ts




/** The encoders of one thread, open on its device. */
class Networks {
    #onnxruntime;
    #open;
    /** False when some operators run on the processor because the device lacks them. */
    wholly;
    constructor(onnxruntime, open, wholly) {
        this.#onnxruntime = onnxruntime;
        this.#open = open;
        this.wholly = wholly;
    }
    /** @throws model-unsupported when the runtime refuses a network */
    static async open({ natives, encoders, device, threads, }) {
        if (encoders.length === 0)
            return null;
        const onnxruntime = (0,require_native/* requireNative */.l)('onnxruntime-node', natives['onnxruntime-node'].folder);
        const open = [];
        let wholly = true;
        for (const encoder of encoders) {
            // The runtime does not read shared memory.
            const opened = await (0,runtime_device/* openSession */.fA)(onnxruntime, Uint8Array.from(encoder.model), {
                device,
                threads,
                name: encoder.name,
            });
            open.push({ encoder, session: opened.session });
            wholly &&= opened.wholly;
        }
        return new Networks(onnxruntime, open, wholly);
    }
    /**
     * Features of `images` images, one row after the other.
     * @param input one image after the other, as the network's layout has it
     * @throws model-unsupported when the network fails, or answers with something that is not finite numbers per image
     */
    async run(which, input, images) {
        const { encoder, session } = this.#open[which];
        const { channels, height, width, layout, fixedBatch, name } = encoder;
        const rows = fixedBatch ?? images;
        const data = rows === images ? input : new Float32Array(rows * describe_protocol_inputLength(encoder));
        if (data !== input)
            data.set(input);
        const output = await this.#run(session, encoder, new this.#onnxruntime.Tensor('float32', data, layout === 'NCHW' ? [rows, channels, height, width] : [rows, height, width, channels]));
        if (!(output instanceof Float32Array) || output.length % rows !== 0 || output.length === 0)
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} was expected to give float32 features, the same number for each image.`);
        // A copy: the runtime keeps the memory of its outputs.
        const features = output.slice(0, (output.length / rows) * images);
        if (!features.every(Number.isFinite))
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} gives features that are not finite numbers. Check its preprocessing (range, mean, std) and its weights.`);
        return features;
    }
    async #run(session, { name, input, output }, tensor) {
        try {
            const results = await session.run({ [input]: tensor }, [output]);
            return results[output].data;
        }
        catch (error) {
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} cannot be run: ${String(error.message).split('\n')[0]}`, { cause: error });
        }
    }
}

;// CONCATENATED MODULE: ./src/encoder/describe-worker.ts








/** Decoded pixels that may wait in one thread; one image is always allowed. */
const waitingBytes = 96_000_000;
/** The life of one thread that describes images: it ends when it is asked to stop. */
async function runDescribeWorker(setup) {
    const port = external_node_worker_threads_.parentPort;
    try {
        const networks = setup.role === 'prepare' ? null : await Networks.open(setup);
        if (setup.role === 'infer')
            inferBatches(port, networks);
        else
            readImages(port, setup, networks);
        tell(port, { kind: 'ready', wholly: networks?.wholly ?? true });
    }
    catch (error) {
        fail(port, error);
    }
}
function inferBatches(port, networks) {
    // One after the other, in the order asked: the runtime would queue them anyway.
    let last = Promise.resolve();
    let stopping = false;
    port.on('message', (task) => {
        if (task.kind === 'stop') {
            stopping = true;
            port.close();
        }
        if (task.kind !== 'batch')
            return;
        const { batch, encoder, images, data } = task;
        last = last
            .then(async () => {
            if (stopping)
                return;
            const features = await networks.run(encoder, data, images);
            tell(port, { kind: 'batch', batch, encoder, features }, [features.buffer]);
        })
            .catch((error) => fail(port, error));
    });
}
/**
 * Decoding happens on sharp's threads while this one computes; images are finished in the order that they come in.
 */
function readImages(port, setup, networks) {
    const sharp = (0,require_native/* requireNative */.l)('sharp', setup.natives.sharp.folder);
    sharp.concurrency(1);
    sharp.cache(false);
    // What runs here is done with its input before the next image; what is sent away needs memory of its own.
    const reused = networks && setup.encoders.map(({ height, width }) => new Float32Array(3 * height * width));
    const asked = [];
    const decoded = [];
    let decoding = 0;
    let held = 0;
    // What an image under way is counted as: the largest so far, or a quarter of the room before anything is known.
    let largest;
    let computing = false;
    let stopping = false;
    const room = () => held + (decoding + 1) * (largest ?? waitingBytes / 4) <= waitingBytes;
    const start = () => {
        while (asked.length > 0 && (decoding + decoded.length === 0 || room())) {
            const { index, file } = asked.shift();
            decoding++;
            decodeOne(sharp, file, setup.pixelLimit).then((result) => {
                decoding--;
                if (stopping)
                    return;
                if ('reason' in result)
                    tell(port, { kind: 'unreadable', index, reason: result.reason });
                else if ('error' in result)
                    fail(port, result.error);
                else {
                    held += result.data.byteLength;
                    largest = Math.max(largest ?? 0, result.data.byteLength);
                    decoded.push({ index, image: result });
                    compute();
                }
                start();
            });
        }
    };
    const compute = async () => {
        if (computing)
            return;
        computing = true;
        try {
            for (let next = decoded.shift(); next !== undefined; next = decoded.shift()) {
                const { index, image } = next;
                const visual = setup.visual ? describeVisually(image) : null;
                const rows = prepare(image, setup.encoders, reused);
                held -= image.data.byteLength;
                start();
                if (networks)
                    for (const [i, row] of rows.entries())
                        rows[i] = await networks.run(i, row, 1);
                const buffers = [...rows, ...(visual ? [visual] : [])].map(({ buffer }) => buffer);
                tell(port, { kind: 'image', index, visual, rows }, buffers);
            }
        }
        catch (error) {
            fail(port, error);
        }
        computing = false;
    };
    port.on('message', (task) => {
        if (task.kind === 'stop') {
            stopping = true;
            asked.length = 0;
            decoded.length = 0;
            port.close();
        }
        if (task.kind !== 'image')
            return;
        asked.push(task);
        start();
    });
}
async function decodeOne(sharp, file, pixelLimit) {
    try {
        return await decode_decode(sharp, file, pixelLimit === undefined ? {} : { pixelLimit });
    }
    catch (error) {
        const readable = error instanceof errors/* TransferEvidenceError */.Bh && error.code.startsWith('image-');
        return readable ? { reason: error.message } : { error };
    }
}
/**
 * One network input per encoder, into the given memory when there is some; encoders of one size and resize mode share
 * the resizing.
 */
function prepare(image, encoders, into) {
    const resized = new Map();
    return encoders.map((encoder, i) => {
        const { height, width } = encoder;
        const mode = encoder.preprocessing.resize;
        const key = `${height} ${width} ${mode}`;
        const scaled = resized.get(key) ?? preprocess_resize(image, { height, width, mode });
        resized.set(key, scaled);
        return networkInput(scaled, encoder, into?.[i] ?? new Float32Array(3 * height * width));
    });
}
function tell(port, message, transfer = []) {
    port.postMessage(message, transfer);
}
/** Known errors travel by code; anything else is a fault of the program and ends the thread with its stack. */
function fail(port, error) {
    if (error instanceof errors/* TransferEvidenceError */.Bh)
        tell(port, { kind: 'failed', code: error.code, message: error.message });
    else
        setImmediate(() => {
            throw error;
        });
}


/***/ })

};
