export const id = 704;
export const ids = [704];
export const modules = {

/***/ 704:
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
;// CONCATENATED MODULE: ./src/image/jpeg-quality.ts
/**
 * The luminance quantisation table of ITU-T T.81 (1992), table K.1, in zigzag order: what the Independent JPEG Group's
 * encoder scales by its quality setting.
 */
const standard = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
    60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
    112, 100, 120, 92, 101, 103, 99,
];
/**
 * JPEG quality 1 … 100 on the Independent JPEG Group's scale, estimated from a file's bytes: the setting whose table is
 * nearest (least sum of absolute differences) to the one that quantised the file's first component, exact for files of
 * libjpeg and its descendants. Cameras and Photoshop have tables of their own; for them it is the nearest setting. It
 * tells of the last compression only. Undefined where there is no baseline or progressive frame with its table before it.
 */
function jpegQualityOf(bytes) {
    const table = quantisationTable(bytes);
    if (table === undefined)
        return undefined;
    let nearest = { quality: 1, apart: Number.POSITIVE_INFINITY };
    for (let quality = 1; quality <= 100; quality++) {
        const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
        let apart = 0;
        for (const [at, base] of standard.entries())
            apart += Math.abs(table[at] - Math.min(255, Math.max(1, Math.floor((base * scale + 50) / 100))));
        // Of equals the higher: below 1 in 100 differ in nothing.
        if (apart <= nearest.apart)
            nearest = { quality, apart };
    }
    return nearest.quality;
}
/** Markers that stand alone, without a length: TEM, RST0 … RST7, SOI. */
const alone = (marker) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Baseline, extended and progressive frames, Huffman or arithmetic. Others are not quantised by a table of 64. */
const jpeg_quality_frames = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);
/** The 64 steps, in zigzag order, of the first component's table; T.81, annex B. */
function quantisationTable(bytes) {
    const tables = new Map();
    let at = 2;
    while (at + 3 < bytes.length) {
        if (bytes[at] !== 0xff)
            return undefined;
        const marker = bytes[at + 1];
        // Any number of fill bytes 0xff may stand before a marker.
        if (marker === 0xff) {
            at++;
            continue;
        }
        at += 2;
        if (alone(marker))
            continue;
        const end = at + bytes[at] * 256 + bytes[at + 1];
        if (end > bytes.length)
            return undefined;
        if (marker === 0xdb)
            readTables(bytes.subarray(at + 2, end), tables);
        // Precision, height, width and the number of components come first, then each one's id, sampling and table.
        if (jpeg_quality_frames.has(marker))
            return tables.get(bytes[at + 10]);
        // The entropy-coded data begin; a frame would have come before.
        if (marker === 0xda || marker === 0xd9)
            return undefined;
        at = end;
    }
    return undefined;
}
function readTables(segment, tables) {
    let at = 0;
    while (at < segment.length) {
        const width = segment[at] >> 4 === 0 ? 1 : 2;
        const end = at + 1 + 64 * width;
        if (end > segment.length)
            return;
        tables.set(segment[at] & 15, Array.from({ length: 64 }, (_, step) => {
            const from = at + 1 + step * width;
            return width === 1 ? segment[from] : segment[from] * 256 + segment[from + 1];
        }));
        at = end;
    }
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
        const quality = qualityOf(signature.format, bytes);
        return {
            data: toRgb(data, info.channels, depth, space === 'cmyk'),
            width: info.width,
            height: info.height,
            ...(quality === undefined ? {} : { jpegQuality: quality }),
        };
    }
    catch (error) {
        if (error instanceof errors/* TransferEvidenceError */.Bh)
            throw error;
        throw unreadable(file, `the ${signature.format.toUpperCase()} data is damaged or cut short (${reason(error)})`, error);
    }
}
/** PNG and GIF keep every sample that they were given; WebP and TIFF may or may not. */
function qualityOf(format, bytes) {
    if (format === 'jpeg')
        return jpegQualityOf(bytes);
    return format === 'png' || format === 'gif' ? 100 : undefined;
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
    return width === image.width && height === image.height
        ? image
        : triangleResizeWindow(image, width, height, { left: 0, top: 0, width, height });
}
/**
 * A window of the scaled image, to the bit what cutting it out afterwards gives. Nothing outside is computed, so that an
 * image a thousand times as wide as high needs no more memory than its window.
 */
function triangleResizeWindow(image, width, height, window) {
    const across = tapsFor(image.width, width, window.left, window.width);
    const down = tapsFor(image.height, height, window.top, window.height);
    const last = window.height - 1;
    const top = down.first[0];
    const rows = down.first[last] + down.count[last] - top;
    const narrowed = alongRows(image, across, { top, rows });
    return { width: window.width, height: window.height, data: alongColumns(narrowed, window.width, down, top) };
}
/** For the output positions `start` … start + `outputs` − 1 of `outputSize`. */
function tapsFor(inputSize, outputSize, start, outputs) {
    const scale = inputSize / outputSize;
    const support = Math.max(1, scale);
    const stride = Math.ceil(support) * 2 + 1;
    const first = new Int32Array(outputs);
    const count = new Int32Array(outputs);
    const weights = new Int32Array(outputs * stride);
    for (let out = 0; out < outputs; out++) {
        const centre = (start + out + 0.5) * scale;
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
function alongRows(image, taps, { top, rows }) {
    const { data } = image;
    const { first, count, weights, stride } = taps;
    const width = first.length;
    const out = new Uint8Array(width * rows * 3);
    for (let y = 0, to = 0; y < rows; y++) {
        const row = (top + y) * image.width * 3;
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
/** `data` begins with the input's row `top`. */
function alongColumns(data, width, taps, top) {
    const rowLength = width * 3;
    const { first, count, weights, stride } = taps;
    const height = first.length;
    const out = new Uint8Array(rowLength * height);
    const sums = new Int32Array(rowLength);
    for (let y = 0; y < height; y++) {
        sums.fill(half);
        for (let tap = 0; tap < count[y]; tap++) {
            const weight = weights[y * stride + tap];
            const from = (first[y] + tap - top) * rowLength;
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
    const scaledWidth = byHeight ? Math.max(width, Math.trunc((height * image.width) / image.height)) : width;
    const scaledHeight = byHeight ? height : Math.max(height, Math.trunc((width * image.height) / image.width));
    return triangleResizeWindow(image, scaledWidth, scaledHeight, {
        left: halfToEven((scaledWidth - width) / 2),
        top: halfToEven((scaledHeight - height) / 2),
        width,
        height,
    });
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

;// CONCATENATED MODULE: ./src/similarity/rows.ts
/** Row numbers 0, 1, … rows − 1. */
function allRows(rows) {
    return Int32Array.from({ length: rows }, (_, row) => row);
}

;// CONCATENATED MODULE: ./src/similarity/visual/input-size.ts
/**
 * Side of what a network sees, in pixels. One size for all descriptions, the most common one, so that they do not depend
 * on the encoders of a run.
 */
const inputSize = 224;

;// CONCATENATED MODULE: ./src/similarity/visual/glcm.ts
/** Grey levels of the co-occurrence matrix: 16 of 16 levels each, the same for all images. */
const levelWidth = 16;
/** Neighbours to the right, above, and on both diagonals: 0°, 90°, 45° and 135°. */
const steps = [
    [1, 0],
    [0, -1],
    [1, -1],
    [-1, -1],
];
/**
 * Haralick, Shanmugam & Dinstein 1973, IEEE Trans. SMC 3:610, features f₂ and f₅, over neighbours at distance 1 in four
 * directions, each direction's matrix with sum 1 and the directions averaged. Both depend on |i − j| alone, so no matrix
 * is kept. A direction without neighbours is left out; an image of one pixel has contrast 0 and homogeneity 1.
 */
function coOccurrence({ data, width, height }) {
    const levels = data.map((value) => value / levelWidth);
    const none = 256 / levelWidth - 1;
    let contrast = 0;
    let homogeneity = 0;
    let directions = 0;
    for (const [dx, dy] of steps) {
        // By i − j, from −15 on; a whole number each, counted without a branch.
        const apart = new Uint32Array(2 * none + 1);
        const from = Math.max(0, -dx);
        const to = width - Math.max(0, dx);
        for (let y = -dy; y < height; y++)
            for (let at = y * width + from, end = y * width + to, step = dy * width + dx; at < end; at++)
                apart[levels[at] - levels[at + step] + none]++;
        const pairs = Math.max(0, to - from) * Math.max(0, height + dy);
        if (pairs === 0)
            continue;
        directions++;
        for (let difference = -none; difference <= none; difference++) {
            const share = apart[difference + none] / pairs;
            contrast += share * difference * difference;
            homogeneity += share / (1 + difference * difference);
        }
    }
    return directions === 0
        ? { contrast: 0, homogeneity: 1 }
        : { contrast: contrast / directions, homogeneity: homogeneity / directions };
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

;// CONCATENATED MODULE: ./src/similarity/visual/luma.ts
const lumaScale = 1000;
/** Y′ = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values. ITU-R BT.601. */
function lumaOf({ data, width, height }) {
    const luma = new Int32Array(width * height);
    for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3)
        luma[pixel] = 299 * data[at] + 587 * data[at + 1] + 114 * data[at + 2];
    return { data: luma, width, height };
}
function greyLevels({ data, width, height }) {
    const grey = new Uint8Array(data.length);
    for (let at = 0; at < data.length; at++) {
        const raised = data[at] + lumaScale / 2;
        const level = (raised / lumaScale) | 0;
        // A half was rounded up; to an odd level it goes back down.
        grey[at] = (level & 1) === 1 && level * lumaScale === raised ? level - 1 : level;
    }
    return { data: grey, width, height };
}
/** The index of a pixel beyond the border (reflect-101): −1 is 1 and `length` is length − 2, as long as there are such pixels. */
function mirrored(index, length) {
    if (length === 1)
        return 0;
    if (index < 0)
        return -index;
    return index < length ? index : 2 * length - 2 - index;
}

;// CONCATENATED MODULE: ./src/similarity/visual/fourier.ts

/** The factors that a length may have; four first, which needs fewest multiplications. */
const radices = [4, 2, 3, 5, 7];
/** Even lengths of at least this can be transformed. */
const shortestTransform = 6;
/** The largest even number up to `length` with no prime factor above 7, a length that {@link powerSpectrum} takes; ≥ 6. */
function transformLength(length) {
    let even = length - (length % 2);
    while (factorsOf(even) === undefined)
        even -= 2;
    return even;
}
/**
 * |DFT|² of a real square, row by row, without a factor before the sum.
 * @param square side × side
 * @returns (side / 2 + 1) × side: vertical frequency 0 … side / 2, horizontal frequency 0 … side − 1 (those above side / 2
 *   are negative). The other half is the same by symmetry.
 * @throws shape-mismatch when the side is not even, at least 6 and a product of 2, 3, 5 and 7
 */
function powerSpectrum(square, side) {
    const factors = factorsOf(side);
    if (factors === undefined || side % 2 === 1 || side < shortestTransform || square.length !== side * side)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `A spectrum needs a square with an even side of at least ${shortestTransform} and factors up to 7; ${square.length} numbers for a side of ${side} were given.`);
    const half = side / 2;
    const rows = half + 1;
    // Down the columns, two real columns as one complex: x and x + half.
    const [packed, across, spare] = scratchOf(side);
    for (let y = 0; y < side; y++) {
        packed.re.set(square.subarray(y * side, y * side + half), y * half);
        packed.im.set(square.subarray(y * side + half, (y + 1) * side), y * half);
    }
    const down = transform(packed, spare, side, half, factors);
    // Taken apart by symmetry and transposed: position x, frequency v at x · rows + v.
    for (let v = 0; v < rows; v++) {
        const mirror = (v === 0 ? 0 : side - v) * half;
        for (let x = 0; x < half; x++) {
            const [re, im] = [down.re[v * half + x], down.im[v * half + x]];
            const [mirrorRe, mirrorIm] = [down.re[mirror + x], down.im[mirror + x]];
            across.re[x * rows + v] = (re + mirrorRe) / 2;
            across.im[x * rows + v] = (im - mirrorIm) / 2;
            across.re[(x + half) * rows + v] = (im + mirrorIm) / 2;
            across.im[(x + half) * rows + v] = (mirrorRe - re) / 2;
        }
    }
    // What the columns gave is read now, so that its memory is free.
    const whole = transform(across, down === packed ? packed : spare, side, rows, factors);
    const power = new Float64Array(rows * side);
    for (let u = 0; u < side; u++)
        for (let v = 0; v < rows; v++) {
            const at = u * rows + v;
            power[v * side + u] = whole.re[at] ** 2 + whole.im[at] ** 2;
        }
    return power;
}
/**
 * Discrete Fourier transforms of `lanes` interleaved sequences of one length, in natural order: the self-sorting form of
 * Stockham (Cochran et al. 1967) with mixed radices. The result lies in `input` or in `spare`; both are overwritten.
 */
function transform(input, spare, length, lanes, factors) {
    const roots = rootsOf(length);
    let from = input;
    let to = spare;
    let left = length;
    let stride = lanes;
    for (const radix of factors) {
        const blocks = left / radix;
        const step = length / left;
        if (radix === 4)
            pass4(from, to, blocks, stride, step, roots);
        else if (radix === 2)
            pass2(from, to, blocks, stride, step, roots);
        else
            passOdd(from, to, radix, blocks, stride, step, roots);
        [from, to] = [to, from];
        left = blocks;
        stride *= radix;
    }
    return from;
}
function pass4(from, to, blocks, stride, step, roots) {
    const { re: fromRe, im: fromIm } = from;
    const { re: toRe, im: toIm } = to;
    const quarter = blocks * stride;
    for (let k = 0; k < blocks; k++) {
        const [c1, s1] = [roots.re[k * step], roots.im[k * step]];
        const [c2, s2] = [roots.re[2 * k * step], roots.im[2 * k * step]];
        const [c3, s3] = [roots.re[3 * k * step], roots.im[3 * k * step]];
        for (let q = 0; q < stride; q++) {
            const a = k * stride + q;
            const b = a + quarter;
            const c = b + quarter;
            const d = c + quarter;
            const sumRe = fromRe[a] + fromRe[c];
            const sumIm = fromIm[a] + fromIm[c];
            const lessRe = fromRe[a] - fromRe[c];
            const lessIm = fromIm[a] - fromIm[c];
            const oddRe = fromRe[b] + fromRe[d];
            const oddIm = fromIm[b] + fromIm[d];
            // (b − d) turned by −i.
            const turnRe = fromIm[b] - fromIm[d];
            const turnIm = fromRe[d] - fromRe[b];
            const out = 4 * k * stride + q;
            toRe[out] = sumRe + oddRe;
            toIm[out] = sumIm + oddIm;
            const firstRe = lessRe + turnRe;
            const firstIm = lessIm + turnIm;
            toRe[out + stride] = firstRe * c1 - firstIm * s1;
            toIm[out + stride] = firstRe * s1 + firstIm * c1;
            const secondRe = sumRe - oddRe;
            const secondIm = sumIm - oddIm;
            toRe[out + 2 * stride] = secondRe * c2 - secondIm * s2;
            toIm[out + 2 * stride] = secondRe * s2 + secondIm * c2;
            const thirdRe = lessRe - turnRe;
            const thirdIm = lessIm - turnIm;
            toRe[out + 3 * stride] = thirdRe * c3 - thirdIm * s3;
            toIm[out + 3 * stride] = thirdRe * s3 + thirdIm * c3;
        }
    }
}
function pass2(from, to, blocks, stride, step, roots) {
    const { re: fromRe, im: fromIm } = from;
    const { re: toRe, im: toIm } = to;
    const apart = blocks * stride;
    for (let k = 0; k < blocks; k++) {
        const [c, s] = [roots.re[k * step], roots.im[k * step]];
        for (let a = k * stride, out = 2 * k * stride, end = a + stride; a < end; a++, out++) {
            const b = a + apart;
            const lessRe = fromRe[a] - fromRe[b];
            const lessIm = fromIm[a] - fromIm[b];
            toRe[out] = fromRe[a] + fromRe[b];
            toIm[out] = fromIm[a] + fromIm[b];
            toRe[out + stride] = lessRe * c - lessIm * s;
            toIm[out + stride] = lessRe * s + lessIm * c;
        }
    }
}
/** Odd radices: inputs t and radix − t meet the same cosines and opposite sines, so their sums and differences do. */
function passOdd(from, to, radix, blocks, stride, step, roots) {
    const length = roots.re.length;
    const { re: fromRe, im: fromIm } = from;
    const { re: toRe, im: toIm } = to;
    const apart = blocks * stride;
    const pairs = (radix - 1) / 2;
    const [sumRe, sumIm, lessRe, lessIm] = Array.from({ length: 4 }, () => new Float64Array(pairs));
    const turn = (r, t) => (((r * t) % radix) * length) / radix;
    const cos = Float64Array.from({ length: pairs * pairs }, (_, at) => {
        return roots.re[turn(Math.floor(at / pairs) + 1, (at % pairs) + 1)];
    });
    const sin = Float64Array.from({ length: pairs * pairs }, (_, at) => {
        return roots.im[turn(Math.floor(at / pairs) + 1, (at % pairs) + 1)];
    });
    for (let k = 0; k < blocks; k++)
        for (let q = 0; q < stride; q++) {
            const first = k * stride + q;
            const out = radix * k * stride + q;
            let allRe = fromRe[first];
            let allIm = fromIm[first];
            for (let t = 0; t < pairs; t++) {
                const a = first + (t + 1) * apart;
                const b = first + (radix - 1 - t) * apart;
                sumRe[t] = fromRe[a] + fromRe[b];
                sumIm[t] = fromIm[a] + fromIm[b];
                lessRe[t] = fromRe[a] - fromRe[b];
                lessIm[t] = fromIm[a] - fromIm[b];
                allRe += sumRe[t];
                allIm += sumIm[t];
            }
            toRe[out] = allRe;
            toIm[out] = allIm;
            for (let r = 1; r <= pairs; r++) {
                let evenRe = fromRe[first];
                let evenIm = fromIm[first];
                let oddRe = 0;
                let oddIm = 0;
                for (let t = 0, at = (r - 1) * pairs; t < pairs; t++, at++) {
                    evenRe += sumRe[t] * cos[at];
                    evenIm += sumIm[t] * cos[at];
                    // i · sine · difference.
                    oddRe -= lessIm[t] * sin[at];
                    oddIm += lessRe[t] * sin[at];
                }
                const [c, s] = [roots.re[r * k * step], roots.im[r * k * step]];
                const [mirrorC, mirrorS] = [roots.re[(radix - r) * k * step], roots.im[(radix - r) * k * step]];
                const at = out + r * stride;
                toRe[at] = (evenRe + oddRe) * c - (evenIm + oddIm) * s;
                toIm[at] = (evenRe + oddRe) * s + (evenIm + oddIm) * c;
                const mirror = out + (radix - r) * stride;
                toRe[mirror] = (evenRe - oddRe) * mirrorC - (evenIm - oddIm) * mirrorS;
                toIm[mirror] = (evenRe - oddRe) * mirrorS + (evenIm - oddIm) * mirrorC;
            }
        }
}
let scratch;
/** Three arrays to compute in, at least as long as the side needs, kept from call to call. */
function scratchOf(side) {
    const numbers = side * (side / 2 + 1);
    const fresh = () => ({ re: new Float64Array(numbers), im: new Float64Array(numbers) });
    if (scratch === undefined || scratch[0].re.length < numbers)
        scratch = [fresh(), fresh(), fresh()];
    return scratch;
}
const knownRoots = new Map();
/** e^(−2πi k / length) for k < length. */
function rootsOf(length) {
    const known = knownRoots.get(length);
    if (known)
        return known;
    const angle = (k) => (-2 * Math.PI * k) / length;
    const roots = {
        re: Float64Array.from({ length }, (_, k) => Math.cos(angle(k))),
        im: Float64Array.from({ length }, (_, k) => Math.sin(angle(k))),
    };
    knownRoots.set(length, roots);
    return roots;
}
function factorsOf(length) {
    const factors = [];
    let left = length;
    for (const radix of radices)
        while (left % radix === 0 && left > 1) {
            factors.push(radix);
            left /= radix;
        }
    return left === 1 ? factors : undefined;
}

;// CONCATENATED MODULE: ./src/similarity/visual/spectrum.ts


/** A larger centre says nothing more about the frequencies near the pixel's own. */
const widest = 256;
/**
 * Periodogram of the largest centred square of up to 256 px, its mean taken off and a symmetric Hann window applied, so
 * that the square's edges make no cross in the spectrum. Null below 6 px, where there are no two frequencies to compare.
 */
function spectrumOf({ data, width, height }) {
    const shortSide = Math.min(width, height, widest);
    if (shortSide < shortestTransform)
        return null;
    const side = transformLength(shortSide);
    const square = new Float64Array(side * side);
    const first = ((height - side) >> 1) * width + ((width - side) >> 1);
    let sum = 0;
    for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++) {
            const value = data[first + y * width + x];
            square[y * side + x] = value / lumaScale;
            sum += value;
        }
    const mean = sum / (side * side * lumaScale);
    const window = Float64Array.from({ length: side }, (_, x) => 0.5 - 0.5 * Math.cos((2 * Math.PI * x) / (side - 1)));
    for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
            square[y * side + x] = (square[y * side + x] - mean) * window[y] * window[x];
    const squares = window.reduce((total, weight) => total + weight * weight, 0);
    const power = powerSpectrum(square, side);
    return { side, power, radial: radialPower(side, power), rounding: (squares * squares) / 12 };
}
/** Calls back for every frequency of the stored half: how often it stands in the whole, and where. */
function eachFrequency(side, visit) {
    const half = side / 2;
    for (let v = 0; v <= half; v++) {
        const times = v === 0 || v === half ? 1 : 2;
        for (let u = 0; u < side; u++)
            visit(v * side + u, u <= half ? u : side - u, v, times);
    }
}
const knownRings = new Map();
function ringsOf(side) {
    const known = knownRings.get(side);
    if (known)
        return known;
    const ring = new Uint16Array((side / 2 + 1) * side);
    const counts = new Float64Array(Math.round(Math.SQRT2 * (side / 2)) + 1);
    eachFrequency(side, (at, u, v, times) => {
        ring[at] = Math.round(Math.sqrt(u * u + v * v));
        counts[ring[at]] += times;
    });
    const rings = { ring, counts };
    knownRings.set(side, rings);
    return rings;
}
function radialPower(side, power) {
    const { ring, counts } = ringsOf(side);
    const sums = new Float64Array(counts.length);
    for (let at = 0; at < power.length; at++)
        sums[ring[at]] += power[at];
    // All but the first and the last stored row stand for two.
    for (let at = side; at < power.length - side; at++)
        sums[ring[at]] += power[at];
    return { sums, counts };
}

;// CONCATENATED MODULE: ./src/similarity/visual/planes.ts







/** An image with the planes that several measures read, each computed once and only when asked for. */
class Planes {
    data;
    width;
    height;
    jpegQuality;
    #luma;
    #grey;
    #lab;
    #neighbours;
    #spectrum;
    #atInput;
    constructor(image) {
        const { data, width, height } = image;
        if (!(width >= 1 && height >= 1 && data.length === width * height * 3))
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `An RGB image of ${width} × ${height} pixels needs ${width * height * 3} bytes and at least one pixel; ${data.length} were given.`);
        this.data = data;
        this.width = width;
        this.height = height;
        if (image.jpegQuality !== undefined)
            this.jpegQuality = image.jpegQuality;
    }
    get luma() {
        this.#luma ??= lumaOf(this);
        return this.#luma;
    }
    get grey() {
        this.#grey ??= greyLevels(this.luma);
        return this.#grey;
    }
    get lab() {
        this.#lab ??= labHistograms(this.data);
        return this.#lab;
    }
    get neighbours() {
        this.#neighbours ??= coOccurrence(this.grey);
        return this.#neighbours;
    }
    /** Of luma; null for an image that is too small for one. */
    get spectrum() {
        if (this.#spectrum === undefined)
            this.#spectrum = spectrumOf(this.luma);
        return this.#spectrum;
    }
    /** The image as most networks are given it: the short side scaled to {@link inputSize}, the centre cut out. */
    get atInput() {
        this.#atInput ??= new Planes(preprocess_resize(this, { width: inputSize, height: inputSize, mode: 'crop' }));
        return this.#atInput;
    }
}
function planesOf(image) {
    return image instanceof Planes ? image : new Planes(image);
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
    return {
        ...pooledMeasure(name, version, bins.count, (source, target) => histogramWasserstein(source, target, 1), describe),
        standardErrorFloor: () => binningError,
        mean: (set) => pooled(set, allRows(set.rows)).reduce((sum, mass, bin) => sum + mass * (bins.lowest + bin), 0),
    };
}
/** A measure with a histogram an image, whose sets are compared by a function of their pooled histograms. */
function pooledMeasure(name, version, columns, compare, describe) {
    const between = (source, sourceRows, target, targetRows) => compare(pooled(source, sourceRows), pooled(target, targetRows));
    return {
        name,
        version,
        columns,
        describe: (image) => describe(planesOf(image)),
        distance: (source, target) => between(source, allRows(source.rows), target, allRows(target.rows)),
        between,
    };
}
/** The mean histogram of a set's rows. */
function pooled({ data, columns }, rows) {
    const sum = new Float64Array(columns);
    for (const row of rows)
        for (let bin = 0, at = row * columns; bin < columns; bin++, at++)
            sum[bin] += data[at];
    return sum.map((mass) => mass / rows.length);
}
/** The same measure on what a network sees: see {@link Planes.atInput}. */
function atInput(measure, name) {
    return {
        ...measure,
        name,
        version: `${measure.version}.${inputSize}`,
        describe: (image) => measure.describe(planesOf(image).atInput),
    };
}

;// CONCATENATED MODULE: ./src/similarity/visual/aspect.ts

/**
 * W1 between the sets' distributions of ln(width / height); lower is closer, and 0.69 is twice as wide. Positive is
 * landscape. Where a network crops its input, what differs here is cut off; where it squashes, it is distorted.
 */
const aspect = scalarMeasure('visual.aspect', '1', ({ width, height }) => Math.log(width / height));

;// CONCATENATED MODULE: ./src/similarity/visual/blocking.ts


/** Side of the blocks that JPEG compresses one by one. */
const block = 8;
/** Mean difference of two neighbours that rounding to whole grey levels alone makes. */
const rounding = 1 / 3;
/**
 * W1 between the sets' distributions of ln blocking, on native pixels; lower is closer. 0 is as many steps on the edges
 * of 8 × 8 blocks as within them; a set further up shows the blocks of strong JPEG compression. Only for images that were
 * neither scaled nor cropped nor turned since they were compressed, which moves the blocks off the grid; see
 * `visual.jpeg_quality` for what the file itself says.
 */
const blocking = scalarMeasure('visual.blocking', '1', ({ luma }) => logBlocking(luma));
/**
 * ln(B / A): B the mean step between neighbours on two sides of a block's edge, A between neighbours within a block, along
 * rows and columns together; both raised by what rounding makes. B and A are the blockiness and the activity of Wang,
 * Sheikh & Bovik 2002 (ICIP 1:477), A counted from the steps themselves rather than as 8/7 of all less 1/7 of B, which is
 * the same for whole blocks. Their ratio stands for their quality score, whose constants were fitted to people's ratings
 * of photographs. 0 for an image with no block edge, up to 8 px.
 */
function logBlocking({ data, width, height }) {
    let edge = 0;
    let edges = 0;
    let inner = 0;
    let inners = 0;
    const rows = Math.floor((width - 1) / block);
    for (let y = 0; y < height; y++)
        for (let x = 1, at = y * width + 1; x < width; x++, at++) {
            const step = Math.abs(data[at] - data[at - 1]);
            if ((x & 7) === 0)
                edge += step;
            else
                inner += step;
        }
    edges += rows * height;
    inners += (width - 1 - rows) * height;
    const columns = Math.floor((height - 1) / block);
    for (let y = 1; y < height; y++) {
        let steps = 0;
        for (let at = y * width, end = at + width; at < end; at++)
            steps += Math.abs(data[at] - data[at - width]);
        if ((y & 7) === 0)
            edge += steps;
        else
            inner += steps;
    }
    edges += columns * width;
    inners += (height - 1 - columns) * width;
    if (edges === 0)
        return 0;
    return Math.log((edge / (edges * lumaScale) + rounding) / (inner / (inners * lumaScale) + rounding));
}

;// CONCATENATED MODULE: ./src/similarity/visual/blue-yellow.ts


/** W1 between the sets' pooled distributions of b*, in ΔE (CIE 1976); 0 … 203, lower is closer. 2.3 is just visible. */
const blueYellow = histogramMeasure('visual.blue_yellow', '1', blueYellowBins, ({ lab }) => lab.blueYellow);

;// CONCATENATED MODULE: ./src/similarity/visual/clipping.ts

/**
 * W1 between the sets' distributions of the share of clipped pixels, 0 … 1, on native pixels; lower is closer. A black
 * frame or an empty background is clipped as well as an overexposed spot.
 */
const clipping = scalarMeasure('visual.clipping', '1', ({ data }) => clippedShare(data));
/** Share of pixels in which a channel is at the end of its scale, 0 or 255, where differences may have been lost. */
function clippedShare(rgb) {
    let clipped = 0;
    for (let at = 0; at < rgb.length; at += 3) {
        const [red, green, blue] = [rgb[at], rgb[at + 1], rgb[at + 2]];
        if (red === 0 || red === 255 || green === 0 || green === 255 || blue === 0 || blue === 255)
            clipped++;
    }
    return clipped / (rgb.length / 3);
}

;// CONCATENATED MODULE: ./src/similarity/visual/colourfulness.ts

/**
 * W1 between the sets' distributions of colourfulness, on native pixels; 0 … about 190, lower is closer. Grey images have
 * 0; photographs mostly 15 (slightly colourful) to 80. Made for photographs: one strong stain counts as colourful.
 */
const colourfulness = scalarMeasure('visual.colourfulness', '1', ({ data }) => colourfulnessOf(data));
/**
 * √(σ²rg + σ²yb) + 0.3 √(μ²rg + μ²yb) with rg = R − G and yb = (R + G) / 2 − B.
 * Hasler & Süsstrunk 2003, Proc. SPIE 5007:87, equation for M̂⁽³⁾.
 */
function colourfulnessOf(rgb) {
    const pixels = rgb.length / 3;
    let rgSum = 0;
    let rgSquares = 0;
    let ybSum = 0;
    let ybSquares = 0;
    for (let at = 0; at < rgb.length; at += 3) {
        const [red, green, blue] = [rgb[at], rgb[at + 1], rgb[at + 2]];
        const rg = red - green;
        // Twice yb, a whole number, so that the sums are exact.
        const yb = red + green - 2 * blue;
        rgSum += rg;
        rgSquares += rg * rg;
        ybSum += yb;
        ybSquares += yb * yb;
    }
    const [rgMean, ybMean] = [rgSum / pixels, ybSum / pixels];
    const variance = rgSquares / pixels - rgMean ** 2 + (ybSquares / pixels - ybMean ** 2) / 4;
    return Math.sqrt(Math.max(0, variance)) + 0.3 * Math.sqrt(rgMean ** 2 + ybMean ** 2 / 4);
}

;// CONCATENATED MODULE: ./src/similarity/visual/contrast.ts


/** W1 between the sets' distributions of RMS contrast on native pixels; 0 … 0.5, lower is closer. */
const contrast = scalarMeasure('visual.contrast', '1', ({ luma }) => rmsContrast(luma));
/** The same at the network's input size. */
const contrastAtInput = atInput(contrast, 'visual.contrast_at_input');
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

;// CONCATENATED MODULE: ./src/similarity/visual/effective-resolution.ts


/** Share of the detail that the effective resolution has to hold. */
const held = 0.95;
/** The mean of ln of an exponential variable with mean 1 is −γ (Euler); a periodogram scatters like one. */
const gamma = 0.5772156649015329;
/**
 * W1 between the sets' distributions of log₂ of the effective short side, in doublings of pixels; lower is closer. Beside
 * `visual.resolution` it shows enlarged images, whose files have more pixels than detail.
 */
const effectiveResolution = scalarMeasure('visual.effective_resolution', '1', (planes) => Math.log2(effectiveShortSide(planes)));
/**
 * The short side, in pixels, that would hold the detail that an image really has: 1 … its own short side.
 *
 * Photographs and radiographs have power that falls about as frequency⁻² (Field 1987, J. Opt. Soc. Am. A 4:2379), so that
 * power × frequency² is level up to the highest frequency that was sampled. An image enlarged f times has almost none
 * beyond 1 / f of it. The estimate is where 95 % of that whitened power is reached, counted in square rings as resizing
 * works along rows and columns, over where a level spectrum would reach it. Rings are averaged as logarithms, since
 * enlarging leaves sharp mirror images of a few strong frequencies that would carry a mean, and what rounding to whole
 * grey levels makes is taken off.
 *
 * An own estimator, good for factors and not for percents: on photographs, histology, radiographs and slices enlarged 2 to
 * 4 times, linearly and cubically, the median was 0.7 to 1.35 of the true size, and 0.86 to 1 of images as they were. It
 * cannot tell enlarging from an unsharp lens, and noise added afterwards hides both. Images below 6 px are taken as they
 * are.
 */
function effectiveShortSide({ width, height, spectrum }) {
    const shortSide = Math.min(width, height);
    return spectrum === null ? shortSide : Math.max(1, shortSide * detailedShare(spectrum));
}
/** Share of the frequency range that holds detail, 0 … 1; 0 for an image of one colour. */
function detailedShare({ side, power, rounding }) {
    const half = side / 2;
    const logs = new Float64Array(half + 1);
    const counts = new Float64Array(half + 1);
    // A thousandth of the rounding noise is added so that there is a logarithm of nothing.
    eachFrequency(side, (at, u, v, times) => {
        const ring = Math.max(u, v);
        logs[ring] += times * Math.log(power[at] + rounding / 1000);
        counts[ring] += times;
    });
    const whitened = logs.map((log, ring) => ring === 0 ? 0 : Math.max(0, Math.exp(log / counts[ring] + gamma) - rounding) * ring ** 3);
    const wanted = held * whitened.reduce((sum, detail) => sum + detail, 0);
    if (wanted === 0)
        return 0;
    let reached = 0;
    let ring = 1;
    while (ring < half && reached + whitened[ring] < wanted)
        reached += whitened[ring++];
    const within = Math.min(1, (wanted - reached) / whitened[ring]);
    return Math.min(1, (ring - 0.5 + within) / (half * Math.sqrt(held)));
}

;// CONCATENATED MODULE: ./src/similarity/visual/entropy.ts

/** W1 between the sets' distributions of luma entropy on native pixels, in bits; 0 … 8, lower is closer. */
const entropy = scalarMeasure('visual.entropy', '1', ({ grey }) => lumaEntropy(grey));
/** The same at the network's input size. */
const entropyAtInput = atInput(entropy, 'visual.entropy_at_input');
/** Shannon entropy in bits of luma in whole grey levels. Shannon 1948, Bell System Technical Journal 27:379. */
function lumaEntropy({ data }) {
    const counts = new Float64Array(256);
    for (let at = 0; at < data.length; at++)
        counts[data[at]]++;
    let bits = 0;
    for (const count of counts)
        if (count > 0) {
            const share = count / data.length;
            bits -= share * Math.log2(share);
        }
    return bits;
}

;// CONCATENATED MODULE: ./src/similarity/visual/glcm-contrast.ts

/**
 * W1 between the sets' distributions of GLCM contrast at 16 grey levels, on native pixels; 0 … 225, lower is closer. A set
 * further up has coarser steps between neighbours. Falls when an image is enlarged. See {@link import('./glcm.ts')}.
 */
const glcmContrast = scalarMeasure('visual.glcm_contrast', '1', ({ neighbours }) => neighbours.contrast);
/** The same at the network's input size. */
const glcmContrastAtInput = atInput(glcmContrast, 'visual.glcm_contrast_at_input');

;// CONCATENATED MODULE: ./src/similarity/visual/glcm-homogeneity.ts

/**
 * W1 between the sets' distributions of GLCM homogeneity at 16 grey levels, on native pixels; 0 … 1, lower is closer. A set
 * further up has larger areas of one level, a dark background included. See {@link import('./glcm.ts')}.
 */
const glcmHomogeneity = scalarMeasure('visual.glcm_homogeneity', '1', ({ neighbours }) => neighbours.homogeneity);
/** The same at the network's input size. */
const glcmHomogeneityAtInput = atInput(glcmHomogeneity, 'visual.glcm_homogeneity_at_input');

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

;// CONCATENATED MODULE: ./src/similarity/visual/high-frequency.ts

/**
 * W1 between the sets' distributions of the high-frequency share, 0 … 1, on native pixels; lower is closer. An enlarged
 * or blurred image has a share near 0. Noise counts as detail. An image below 6 px on a side has none.
 */
const highFrequency = scalarMeasure('visual.high_frequency', '1', ({ spectrum }) => spectrum === null ? 0 : highFrequencyShare(spectrum));
/** The same at the network's input size: how much of what the network can resolve the images fill. */
const highFrequencyAtInput = atInput(highFrequency, 'visual.high_frequency_at_input');
/**
 * Power from a quarter of the sampling frequency on (half of what the pixels can carry) over all power but the mean's. 0
 * when all there is could be rounding to whole grey levels.
 */
function highFrequencyShare(spectrum) {
    const { sums, counts } = spectrum.radial;
    let all = 0;
    let high = 0;
    let rounding = 0;
    for (let ring = 1; ring < sums.length; ring++) {
        all += sums[ring];
        rounding += spectrum.rounding * counts[ring];
        if (ring >= spectrum.side / 4)
            high += sums[ring];
    }
    return all <= rounding ? 0 : high / all;
}

;// CONCATENATED MODULE: ./src/similarity/visual/jpeg-quality.ts

/** Stands for a file that does not tell. */
const unknown = -1;
/**
 * W1 between the sets' distributions of the files' JPEG quality, 0 … 99 points; lower is closer. Read from the
 * quantisation tables ({@link import('../../image/jpeg-quality.ts')}); a PNG or GIF counts as 100, which says nothing of
 * what its pixels went through before: `visual.blocking` may. Refused where some files do not tell.
 */
const jpegQuality = {
    ...scalarMeasure('visual.jpeg_quality', '1', (image) => image.jpegQuality ?? unknown),
    refusal: ({ data, rows }) => {
        let silent = 0;
        for (const quality of data)
            if (quality === unknown)
                silent++;
        return silent === 0
            ? null
            : `The JPEG quality can be read from JPEG files and is 100 for PNG and GIF; ${silent} of ${rows} images are of another kind. Give the files as they were first saved, or as PNG.`;
    },
};

;// CONCATENATED MODULE: ./src/similarity/visual/layout.ts




/** Cells along each side of the grid. */
const cells = 16;
/**
 * Squared distance between the sets' mean images, each image a 16 × 16 grid of luma with its own mean taken off: the mean
 * over the cells of (E s − E t)², in grey²; lower is closer. Without bias, and so sometimes below 0: the square of the
 * sample means' distance is lowered by what chance adds, the mean variance of each set over its size. That is the
 * unbiased squared MMD with a linear kernel (Gretton et al. 2012, J. Machine Learning Research 13:723, equation 3).
 *
 * Large when one set always has its subject in the same place and the other elsewhere, as centred photographs and chest
 * films. Blind to all that varies within a set, and to overall brightness, which `visual.lightness` sees. Needs two
 * images a side; the aspect ratio is lost.
 * @throws measure-refused with fewer
 */
const layout = {
    name: 'visual.layout',
    version: '1',
    columns: cells * cells,
    nullRate: 1,
    describe: (image) => cellsOf(planesOf(image).luma),
    distance: (source, target) => between(source, allRows(source.rows), target, allRows(target.rows)),
    between,
};
function between(source, sourceRows, target, targetRows) {
    const fewest = Math.min(sourceRows.length, targetRows.length);
    if (fewest < 2)
        throw new errors/* TransferEvidenceError */.Bh('measure-refused', `A mean image and its uncertainty need at least 2 images a side; ${fewest} found. More images would do.`);
    const a = meanAndError(source, sourceRows);
    const b = meanAndError(target, targetRows);
    let squares = 0;
    for (let cell = 0; cell < a.mean.length; cell++)
        squares += (a.mean[cell] - b.mean[cell]) ** 2;
    return squares / a.mean.length - a.error - b.error;
}
/** The mean image, and the mean over its cells of the squared standard error. */
function meanAndError({ data, columns }, rows) {
    const mean = new Float64Array(columns);
    let squares = 0;
    for (const row of rows)
        for (let cell = 0, at = row * columns; cell < columns; cell++, at++) {
            mean[cell] += data[at] / rows.length;
            squares += data[at] * data[at];
        }
    let ofMean = 0;
    for (const value of mean)
        ofMean += value * value;
    // Rounding may leave equal images a variance just below 0.
    const variance = Math.max(0, squares - rows.length * ofMean) / (rows.length - 1);
    return { mean, error: variance / (rows.length * columns) };
}
/** Mean luma of each cell in grey levels, less the whole image's; pixels that lie across an edge count by their share. */
function cellsOf({ data, width, height }) {
    const grid = new Float64Array(cells * cells);
    const row = new Float64Array(cells);
    const [columnsAt, rowsAt] = [sharesOf(width), sharesOf(height)];
    for (let y = 0; y < height; y++) {
        row.fill(0);
        for (const { cell, from, to, first, last } of columnsAt) {
            let sum = first * data[y * width + from];
            for (let at = y * width + from + 1, end = y * width + to; at < end; at++)
                sum += data[at];
            if (to > from)
                sum += last * data[y * width + to];
            row[cell] = sum;
        }
        for (const { cell, from, to, first, last } of rowsAt) {
            if (y < from || y > to)
                continue;
            const weight = y === from ? first : y === to ? last : 1;
            for (let x = 0; x < cells; x++)
                grid[cell * cells + x] += weight * row[x];
        }
    }
    const area = (width * height * lumaScale) / (cells * cells);
    let mean = 0;
    for (const sum of grid)
        mean += sum / area / grid.length;
    return grid.map((sum) => sum / area - mean);
}
/** For each cell along a side of `length` pixels, its first and last pixel and the shares of them that it covers. */
function sharesOf(length) {
    return Array.from({ length: cells }, (_, cell) => {
        const start = (cell * length) / cells;
        const end = ((cell + 1) * length) / cells;
        const from = Math.floor(start);
        const to = Math.min(length - 1, Math.ceil(end) - 1);
        return { cell, from, to, first: Math.min(end, from + 1) - start, last: end - to };
    });
}

;// CONCATENATED MODULE: ./src/similarity/visual/lightness.ts


/** W1 between the sets' pooled distributions of L*, in ΔE (CIE 1976); 0 … 100, lower is closer. 2.3 is just visible. */
const lightness = histogramMeasure('visual.lightness', '1', lightnessBins, ({ lab }) => lab.lightness);

;// CONCATENATED MODULE: ./src/similarity/visual/noise.ts


/** W1 between the sets' distributions of noise σ on native pixels, in grey levels; lower is closer. */
const noise = scalarMeasure('visual.noise', '1', ({ luma }) => noiseDeviation(luma));
/** The same at the network's input size. */
const noiseAtInput = atInput(noise, 'visual.noise_at_input');
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
/** The same at the network's input size. */
const sharpnessAtInput = atInput(sharpness, 'visual.sharpness_at_input');
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

;// CONCATENATED MODULE: ./src/similarity/visual/spectrum-slope.ts

/**
 * W1 between the sets' distributions of the slope of the log-log power spectrum, on native pixels; lower is closer. White
 * noise has slope 0, photographs about −2, and a set further down is smoother. Noise and JPEG compression lift the slope,
 * blur and enlarging lower it, and which did is not told apart. An image below 6 px on a side has slope 0.
 */
const spectrumSlope = scalarMeasure('visual.spectrum_slope', '1', ({ spectrum }) => spectrum === null ? 0 : slopeOf(spectrum));
/** The same at the network's input size, where it does not depend on how large the files are. */
const spectrumSlopeAtInput = atInput(spectrumSlope, 'visual.spectrum_slope_at_input');
/**
 * Least-squares slope of log power over log frequency, the power averaged over rings of whole cycles a side,
 * 1 … side / 2 − 1. van der Schaaf & van Hateren 1996, Vision Research 36:2759. A ring with less power than rounding to
 * whole grey levels makes counts as having that much, so an image of one colour has slope 0.
 */
function slopeOf(spectrum) {
    const { sums, counts } = spectrum.radial;
    const last = spectrum.side / 2 - 1;
    let meanX = 0;
    let meanY = 0;
    const points = [];
    for (let ring = 1; ring <= last; ring++) {
        const x = Math.log10(ring);
        const y = Math.log10(Math.max(spectrum.rounding, sums[ring] / counts[ring]));
        points.push([x, y]);
        meanX += x / last;
        meanY += y / last;
    }
    let products = 0;
    let squares = 0;
    for (const [x, y] of points) {
        products += (x - meanX) * (y - meanY);
        squares += (x - meanX) ** 2;
    }
    return products / squares;
}

;// CONCATENATED MODULE: ./src/similarity/visual/tenengrad.ts


/** Rounding to whole grey levels has this Tenengrad: 2 · 12 weights² · 1/12; an image below it counts as flat. */
const tenengrad_flat = 2;
/**
 * W1 between the sets' distributions of ln Tenengrad, on native pixels, in ln grey²; lower is closer. Like
 * `visual.sharpness`, but over edges two pixels wide, so that fine noise weighs less.
 */
const tenengrad = scalarMeasure('visual.tenengrad', '1', ({ luma }) => Math.log(Math.max(tenengrad_flat, squaredGradient(luma))));
/**
 * Mean squared length of the Sobel gradient in grey², borders mirrored (reflect-101). Tenenbaum 1970 (Stanford
 * AI Memo 134); Pech-Pacheco et al. 2000. Without the threshold that some implementations add.
 */
function squaredGradient({ data, width, height }) {
    let sum = 0;
    for (let y = 0; y < height; y++) {
        const row = y * width;
        const above = mirrored(y - 1, height) * width;
        const below = mirrored(y + 1, height) * width;
        for (let x = 0; x < width; x++) {
            const left = x > 0 ? x - 1 : mirrored(-1, width);
            const right = x + 1 < width ? x + 1 : mirrored(width, width);
            const falling = data[below + right] - data[above + left];
            const rising = data[above + right] - data[below + left];
            const across = 2 * (data[row + right] - data[row + left]) + falling + rising;
            const down = 2 * (data[below + x] - data[above + x]) + falling - rising;
            sum += across * across + down * down;
        }
    }
    return sum / data.length / lumaScale ** 2;
}

;// CONCATENATED MODULE: ./src/similarity/visual/histogram-intersection.ts
/** Mass that two histograms over the same bins share, Σ min(p, q); 1 for equal ones. Swain & Ballard 1991, IJCV 7:11. */
function histogramIntersection(a, b) {
    let shared = 0;
    for (let bin = 0; bin < a.length; bin++)
        shared += Math.min(a[bin], b[bin]);
    return shared;
}

;// CONCATENATED MODULE: ./src/similarity/visual/jensen-shannon.ts
/**
 * Jensen–Shannon divergence between two histograms over the same bins that both sum to 1, in bits; 0 … 1, 0 for equal
 * ones, 1 for ones without a common bin. Lin 1991, IEEE Trans. Information Theory 37:145, with equal
 * weights. No distance in itself (its square root is one), and biased upwards in small samples as 1/n.
 */
function jensenShannon(a, b) {
    let bits = 0;
    for (let bin = 0; bin < a.length; bin++) {
        const p = a[bin];
        const q = b[bin];
        const middle = (p + q) / 2;
        if (p > 0)
            bits += (p * Math.log2(p / middle)) / 2;
        if (q > 0)
            bits += (q * Math.log2(q / middle)) / 2;
    }
    return Math.max(0, bits);
}

;// CONCATENATED MODULE: ./src/similarity/visual/texture.ts




/** Eight uniform patterns by the number of brighter neighbours, 0 … 8, and one bin for all others. */
const bins = 10;
/** Bin of each pattern of eight neighbours, neighbour k at bit k. */
const binOf = Uint8Array.from({ length: 256 }, (_, pattern) => {
    const bit = (k) => (pattern >> (k & 7)) & 1;
    let ones = 0;
    let changes = 0;
    for (let k = 0; k < 8; k++) {
        ones += bit(k);
        changes += bit(k) ^ bit(k + 1);
    }
    return changes <= 2 ? ones : bins - 1;
});
/** Where the circle of radius 1 passes a diagonal neighbour, in 1/100 000 of a pixel, as scikit-image rounds it. */
const along = 70711;
const beside = 100_000 - along;
/**
 * Jensen–Shannon divergence between the sets' pooled histograms of local binary patterns, on native pixels, in bits;
 * 0 … 1, lower is closer. Read it against two halves of the target: {@link import('./same-texture.ts').sameTexture}. Blind to contrast and to the
 * direction of a texture; `intersection` is the share of patterns that the pooled histograms have in common. On native pixels the same tissue at two magnifications is two textures.
 */
const texture = {
    ...pooledMeasure('visual.texture', '1', bins, jensenShannon, ({ grey }) => patternHistogram(grey)),
    nullRate: 1,
    biased: true,
    details: (source, target) => ({
        intersection: histogramIntersection(pooled(source, allRows(source.rows)), pooled(target, allRows(target.rows))),
    }),
};
/** The same at the network's input size. */
const textureAtInput = atInput(texture, 'visual.texture_at_input');
/**
 * Shares of the ten rotation-invariant uniform patterns LBP(8, 1) in an image; sums to 1. Neighbours on the circle between
 * pixels are interpolated linearly, beyond the border they are black, and a neighbour as bright as the pixel counts as
 * brighter. Ojala, Pietikäinen & Mäenpää 2002, IEEE TPAMI 24:971, equation 9. The same as scikit-image's
 * `local_binary_pattern(…, 8, 1, 'uniform')` up to ties, which here are exact because all sums are of whole numbers.
 */
function patternHistogram({ data, width, height }) {
    const patterns = new Uint32Array(256);
    // A black frame of one pixel, so that no neighbour needs a check.
    const stride = width + 2;
    const framed = new Uint8Array(stride * (height + 2));
    for (let y = 0; y < height; y++)
        framed.set(data.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
    for (let y = 1; y <= height; y++)
        for (let at = y * stride + 1, end = at + width; at < end; at++) {
            const centre = framed[at];
            const right = framed[at + 1] - centre;
            const up = framed[at - stride] - centre;
            const left = framed[at - 1] - centre;
            const down = framed[at + stride] - centre;
            const pattern = (right >= 0 ? 1 : 0) |
                (along * (framed[at - stride + 1] - centre) + beside * (right + up) >= 0 ? 2 : 0) |
                (up >= 0 ? 4 : 0) |
                (along * (framed[at - stride - 1] - centre) + beside * (left + up) >= 0 ? 8 : 0) |
                (left >= 0 ? 16 : 0) |
                (along * (framed[at + stride - 1] - centre) + beside * (left + down) >= 0 ? 32 : 0) |
                (down >= 0 ? 64 : 0) |
                (along * (framed[at + stride + 1] - centre) + beside * (right + down) >= 0 ? 128 : 0);
            patterns[pattern]++;
        }
    const shares = new Float64Array(bins);
    for (let pattern = 0; pattern < 256; pattern++)
        shares[binOf[pattern]] += patterns[pattern] / (width * height);
    return shares;
}

;// CONCATENATED MODULE: ./src/similarity/visual/index.ts

























/** Every visual measure, in the order of their columns in a description. */
const visualMeasures = [
    lightness,
    greenRed,
    blueYellow,
    colourfulness,
    greyShare,
    texture,
    textureAtInput,
    glcmContrast,
    glcmContrastAtInput,
    glcmHomogeneity,
    glcmHomogeneityAtInput,
    spectrumSlope,
    spectrumSlopeAtInput,
    highFrequency,
    highFrequencyAtInput,
    sharpness,
    sharpnessAtInput,
    tenengrad,
    noise,
    noiseAtInput,
    contrast,
    contrastAtInput,
    clipping,
    entropy,
    entropyAtInput,
    blocking,
    jpegQuality,
    resolution,
    effectiveResolution,
    aspect,
    layout,
];
/** Names and versions of all measures in the order of their columns: what stored descriptions are keyed by. */
const visualVersion = visualMeasures.map(({ name, version }) => `${name} ${version}`).join();
/** Numbers that all measures together describe an image by. */
const visualColumns = visualMeasures.reduce((sum, { columns }) => sum + columns, 0);
/**
 * All measures' descriptions of one image, on its native pixels and at the network's input size; {@link visualColumns} numbers.
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
