export const id = 479;
export const ids = [479];
export const modules = {

/***/ 535:
/***/ ((__unused_webpack_module, exports) => {

var __webpack_unused_export__;

__webpack_unused_export__ = true;
__webpack_unused_export__ = __webpack_unused_export__ = void 0;
var peq = new Uint32Array(0x10000);
var myers_32 = function (a, b) {
    var n = a.length;
    var m = b.length;
    var lst = 1 << (n - 1);
    var pv = -1;
    var mv = 0;
    var sc = n;
    var i = n;
    while (i--) {
        peq[a.charCodeAt(i)] |= 1 << i;
    }
    for (i = 0; i < m; i++) {
        var eq = peq[b.charCodeAt(i)];
        var xv = eq | mv;
        eq |= ((eq & pv) + pv) ^ pv;
        mv |= ~(eq | pv);
        pv &= eq;
        if (mv & lst) {
            sc++;
        }
        if (pv & lst) {
            sc--;
        }
        mv = (mv << 1) | 1;
        pv = (pv << 1) | ~(xv | mv);
        mv &= xv;
    }
    i = n;
    while (i--) {
        peq[a.charCodeAt(i)] = 0;
    }
    return sc;
};
var myers_x = function (b, a) {
    var n = a.length;
    var m = b.length;
    var mhc = [];
    var phc = [];
    var hsize = Math.ceil(n / 32);
    var vsize = Math.ceil(m / 32);
    for (var i = 0; i < hsize; i++) {
        phc[i] = -1;
        mhc[i] = 0;
    }
    var j = 0;
    for (; j < vsize - 1; j++) {
        var mv_1 = 0;
        var pv_1 = -1;
        var start_1 = j * 32;
        var vlen_1 = Math.min(32, m) + start_1;
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] |= 1 << k;
        }
        for (var i = 0; i < n; i++) {
            var eq = peq[a.charCodeAt(i)];
            var pb = (phc[(i / 32) | 0] >>> i) & 1;
            var mb = (mhc[(i / 32) | 0] >>> i) & 1;
            var xv = eq | mv_1;
            var xh = ((((eq | mb) & pv_1) + pv_1) ^ pv_1) | eq | mb;
            var ph = mv_1 | ~(xh | pv_1);
            var mh = pv_1 & xh;
            if ((ph >>> 31) ^ pb) {
                phc[(i / 32) | 0] ^= 1 << i;
            }
            if ((mh >>> 31) ^ mb) {
                mhc[(i / 32) | 0] ^= 1 << i;
            }
            ph = (ph << 1) | pb;
            mh = (mh << 1) | mb;
            pv_1 = mh | ~(xv | ph);
            mv_1 = ph & xv;
        }
        for (var k = start_1; k < vlen_1; k++) {
            peq[b.charCodeAt(k)] = 0;
        }
    }
    var mv = 0;
    var pv = -1;
    var start = j * 32;
    var vlen = Math.min(32, m - start) + start;
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] |= 1 << k;
    }
    var score = m;
    for (var i = 0; i < n; i++) {
        var eq = peq[a.charCodeAt(i)];
        var pb = (phc[(i / 32) | 0] >>> i) & 1;
        var mb = (mhc[(i / 32) | 0] >>> i) & 1;
        var xv = eq | mv;
        var xh = ((((eq | mb) & pv) + pv) ^ pv) | eq | mb;
        var ph = mv | ~(xh | pv);
        var mh = pv & xh;
        score += (ph >>> (m - 1)) & 1;
        score -= (mh >>> (m - 1)) & 1;
        if ((ph >>> 31) ^ pb) {
            phc[(i / 32) | 0] ^= 1 << i;
        }
        if ((mh >>> 31) ^ mb) {
            mhc[(i / 32) | 0] ^= 1 << i;
        }
        ph = (ph << 1) | pb;
        mh = (mh << 1) | mb;
        pv = mh | ~(xv | ph);
        mv = ph & xv;
    }
    for (var k = start; k < vlen; k++) {
        peq[b.charCodeAt(k)] = 0;
    }
    return score;
};
var distance = function (a, b) {
    if (a.length < b.length) {
        var tmp = b;
        b = a;
        a = tmp;
    }
    if (b.length === 0) {
        return a.length;
    }
    if (a.length <= 32) {
        return myers_32(a, b);
    }
    return myers_x(a, b);
};
__webpack_unused_export__ = distance;
var closest = function (str, arr) {
    var min_distance = Infinity;
    var min_index = 0;
    for (var i = 0; i < arr.length; i++) {
        var dist = distance(str, arr[i]);
        if (dist < min_distance) {
            min_distance = dist;
            min_index = i;
        }
    }
    return arr[min_index];
};
__webpack_unused_export__ = closest;


/***/ }),

/***/ 479:
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
/** As much as the narrowed image of most takes; kept, since fresh memory is slow. */
const kept = 4_000_000;
let memory;
function memoryFor(bytes) {
    if (bytes > kept)
        return new Uint8Array(bytes);
    if (memory === undefined || memory.length < bytes)
        memory = new Uint8Array(bytes);
    return memory;
}
/** Rows that are scaled together: their pixels stay in the cache while one output position after another needs them. */
const band = 64;
function alongRows(image, taps, { top, rows }) {
    const { data } = image;
    const { first, count, weights, stride } = taps;
    const width = first.length;
    const fromRow = image.width * 3;
    const toRow = width * 3;
    const out = memoryFor(toRow * rows);
    for (let begin = 0; begin < rows; begin += band) {
        const end = toRow * Math.min(rows, begin + band);
        for (let x = 0; x < width; x++) {
            const firstTap = x * stride;
            const endTap = firstTap + count[x];
            let from = (top + begin) * fromRow + first[x] * 3;
            if (count[x] === 2) {
                // All that enlarging needs, and most of its outputs.
                const near = weights[firstTap];
                const far = weights[firstTap + 1];
                for (let to = begin * toRow + x * 3; to < end; to += toRow, from += fromRow) {
                    out[to] = (half + Math.imul(data[from], near) + Math.imul(data[from + 3], far)) >> fractionBits;
                    out[to + 1] = (half + Math.imul(data[from + 1], near) + Math.imul(data[from + 4], far)) >> fractionBits;
                    out[to + 2] = (half + Math.imul(data[from + 2], near) + Math.imul(data[from + 5], far)) >> fractionBits;
                }
                continue;
            }
            for (let to = begin * toRow + x * 3; to < end; to += toRow, from += fromRow) {
                let red = half;
                let green = half;
                let blue = half;
                for (let tap = firstTap, at = from; tap < endTap; tap++, at += 3) {
                    const weight = weights[tap];
                    red = (red + Math.imul(data[at], weight)) | 0;
                    green = (green + Math.imul(data[at + 1], weight)) | 0;
                    blue = (blue + Math.imul(data[at + 2], weight)) | 0;
                }
                out[to] = red >> fractionBits;
                out[to + 1] = green >> fractionBits;
                out[to + 2] = blue >> fractionBits;
            }
        }
    }
    return out;
}
/** `data` begins with the input's row `top` and may be longer. */
function alongColumns(data, width, taps, top) {
    const length = width * 3;
    const { first, count, weights, stride } = taps;
    const height = first.length;
    const out = new Uint8Array(length * height);
    const sums = new Int32Array(length);
    const rowAt = (row) => data.subarray(row * length, (row + 1) * length);
    for (let y = 0; y < height; y++) {
        const into = out.subarray(y * length, (y + 1) * length);
        let row = first[y] - top;
        let tap = y * stride;
        const endTap = tap + count[y];
        if (count[y] === 2) {
            blendRows(into, rowAt(row), weights[tap], rowAt(row + 1), weights[tap + 1]);
            continue;
        }
        sums.fill(half);
        // Two rows at a time: most of the time goes into reading and writing the sums.
        for (; tap + 1 < endTap; tap += 2, row += 2) {
            const [one, weight, other, next] = [rowAt(row), weights[tap], rowAt(row + 1), weights[tap + 1]];
            for (let i = 0; i < length; i++)
                sums[i] = sums[i] + Math.imul(one[i], weight) + Math.imul(other[i], next);
        }
        if (tap < endTap) {
            const [one, weight] = [rowAt(row), weights[tap]];
            for (let i = 0; i < length; i++)
                sums[i] = sums[i] + Math.imul(one[i], weight);
        }
        for (let i = 0; i < length; i++)
            into[i] = sums[i] >> fractionBits;
    }
    return out;
}
/** All that enlarging needs. */
function blendRows(out, one, weight, other, next) {
    for (let i = 0; i < out.length; i++)
        out[i] = (half + Math.imul(one[i], weight) + Math.imul(other[i], next)) >> fractionBits;
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
// EXTERNAL MODULE: ./src/matrix.ts
var src_matrix = __webpack_require__(430);
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
/** How an image is brought to it. */
const inputResizing = { width: inputSize, height: inputSize, mode: 'crop' };

;// CONCATENATED MODULE: ./src/similarity/visual/glcm.ts
/** Bits of a grey level that the co-occurrence matrix leaves out: 16 of 16 levels each, the same for all images. */
const levelBits = 4;
/** The largest difference of two levels; differences are counted from −15 on. */
const furthest = (256 >> levelBits) - 1;
/** Differences of two directions are counted as one number, the first in steps of this. */
const stride = 32;
/**
 * Haralick, Shanmugam & Dinstein 1973, IEEE Trans. SMC 3:610, features f₂ and f₅, over neighbours at distance 1 in four
 * directions, 0°, 45°, 90° and 135°, each direction's matrix with sum 1 and the directions averaged. Both depend on
 * |i − j| alone, so no matrix is kept. A direction without neighbours is left out; an image of one pixel has contrast 0
 * and homogeneity 1.
 */
function coOccurrence(grey) {
    const found = directions(grey).filter(({ pairs }) => pairs > 0);
    if (found.length === 0)
        return { contrast: 0, homogeneity: 1 };
    let contrast = 0;
    let homogeneity = 0;
    for (const { counts, pairs } of found)
        for (let at = 0; at < counts.length; at++) {
            const square = (at - furthest) ** 2;
            const share = counts[at] / pairs;
            contrast += share * square;
            homogeneity += share / (1 + square);
        }
    return { contrast: contrast / found.length, homogeneity: homogeneity / found.length };
}
/** Towards the right, above, above right and above left. */
function directions({ data, width, height }) {
    const direction = (pairs) => ({ counts: new Float64Array(2 * furthest + 1), pairs });
    const right = direction((width - 1) * height);
    const above = direction(width * (height - 1));
    const aboveRight = direction((width - 1) * (height - 1));
    const aboveLeft = direction((width - 1) * (height - 1));
    const count = ({ counts }, from, to) => {
        counts[(data[from] >> levelBits) - (data[to] >> levelBits) + furthest]++;
    };
    // Pixels at an edge miss some neighbours.
    for (let x = 0; x + 1 < width; x++)
        count(right, x, x + 1);
    for (let y = 1; y < height; y++) {
        const first = y * width;
        const last = first + width - 1;
        count(above, first, first - width);
        if (width === 1)
            continue;
        count(above, last, last - width);
        count(right, first, first + 1);
        count(aboveRight, first, first - width + 1);
        count(aboveLeft, last, last - width - 1);
    }
    // All others have the four. Two directions are counted as one number, which takes half as long.
    const sides = new Uint32Array(stride * stride);
    const diagonals = new Uint32Array(stride * stride);
    for (let y = 1; y < height && width > 2; y++)
        countRow(data.subarray((y - 1) * width, y * width), data.subarray(y * width, (y + 1) * width), sides, diagonals);
    addPairs(sides, right, above);
    addPairs(diagonals, aboveRight, aboveLeft);
    return [right, above, aboveRight, aboveLeft];
}
/** All pixels of a row but the first and the last, with the row above it. */
function countRow(above, row, sides, diagonals) {
    let upLeft = above[0] >> levelBits;
    let up = above[1] >> levelBits;
    let here = row[1] >> levelBits;
    for (let x = 2; x < row.length; x++) {
        const upRight = above[x] >> levelBits;
        const next = row[x] >> levelBits;
        const both = (here + furthest) * (stride + 1);
        sides[both - next * stride - up]++;
        diagonals[both - upRight * stride - upLeft]++;
        upLeft = up;
        up = upRight;
        here = next;
    }
}
function addPairs(together, { counts: first }, { counts: second }) {
    for (let i = 0; i < first.length; i++)
        for (let j = 0; j < second.length; j++) {
            const times = together[i * stride + j];
            first[i] += times;
            second[j] += times;
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
    const masses = {
        lightness: new Float64Array(lightnessBins.count + 1),
        greenRed: new Float64Array(greenRedBins.count + 1),
        blueYellow: new Float64Array(blueYellowBins.count + 1),
    };
    const greys = new Uint32Array(256);
    addPixels(masses, rgb, greys, true);
    addPixels(masses, everyGrey, greys, false);
    const pixels = rgb.length / 3;
    // The last entry only takes the second share of a pixel on the highest bin, which is 0 up to rounding.
    const finished = (counts, count) => {
        counts[count - 1] += counts[count];
        return counts.subarray(0, count).map((mass) => mass / pixels);
    };
    return {
        lightness: finished(masses.lightness, lightnessBins.count),
        greenRed: finished(masses.greenRed, greenRedBins.count),
        blueYellow: finished(masses.blueYellow, blueYellowBins.count),
    };
}
/** One pixel of each grey. */
const everyGrey = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3));
/**
 * Adds each pixel's mass. Greys, nearly all that radiographs have, are of 256 kinds only: they are either put off and
 * counted, or counted as often as `greys` says.
 */
function addPixels({ lightness, greenRed, blueYellow }, rgb, greys, putOff) {
    const [lowestA, lowestB] = [greenRedBins.lowest, blueYellowBins.lowest];
    for (let at = 0; at < rgb.length; at += 3) {
        const red = rgb[at];
        const green = rgb[at + 1];
        const blue = rgb[at + 2];
        let times = 1;
        if (red === green && green === blue) {
            if (putOff) {
                greys[red]++;
                continue;
            }
            times = greys[red];
        }
        const r = red * 9;
        const g = green * 9 + 3;
        const b = blue * 9 + 6;
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
        const a = 500 * (fx - fy) - lowestA;
        const c = 200 * (fy - fz) - lowestB;
        const il = l | 0;
        const ia = a | 0;
        const ic = c | 0;
        const pl = (l - il) * times;
        const pa = (a - ia) * times;
        const pc = (c - ic) * times;
        lightness[il] += times - pl;
        lightness[il + 1] += pl;
        greenRed[ia] += times - pa;
        greenRed[ia + 1] += pa;
        blueYellow[ic] += times - pc;
        blueYellow[ic + 1] += pc;
    }
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
/**
 * Y′ = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values. ITU-R BT.601.
 * @param luma memory for it
 */
function lumaOf({ data, width, height }, luma = new Int32Array(width * height)) {
    const pixels = width * height;
    for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3)
        luma[pixel] = 299 * data[at] + 587 * data[at + 1] + 114 * data[at + 2];
    return { data: luma, width, height };
}
/** @param grey memory for them */
function greyLevels({ data, width, height }, grey = new Uint8Array(width * height)) {
    for (let at = 0; at < data.length; at++) {
        const raised = (data[at] + lumaScale / 2) | 0;
        // raised / 1000, rounded down: an eighth of it times 2²² / 125, rounded up, is exact as far as luma goes.
        const level = Math.imul(raised >> 3, 33_555) >>> 22;
        // A half was rounded up; to an odd level it goes back down. Halves are rare, so that the branch is guessed well.
        grey[at] = Math.imul(level, lumaScale) === raised ? level - (level & 1) : level;
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

;// CONCATENATED MODULE: ./src/similarity/visual/even-butterflies.ts
function butterflies2(input, output, roots, place) {
    const { re, im } = input;
    const { re: toRe, im: toIm } = output;
    const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
    const c = roots.re[turn];
    const s = roots.im[turn];
    for (let a = from, out = to, end = from + count; a < end; a++, out++) {
        const b = a + apart;
        const lessRe = re[a] - re[b];
        const lessIm = im[a] - im[b];
        toRe[out] = re[a] + re[b];
        toIm[out] = im[a] + im[b];
        toRe[out + stride] = lessRe * c - lessIm * s;
        toIm[out + stride] = lessRe * s + lessIm * c;
    }
}
function butterflies4(input, output, roots, place) {
    const { re, im } = input;
    const { re: toRe, im: toIm } = output;
    const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
    const c1 = roots.re[turn];
    const s1 = roots.im[turn];
    const c2 = roots.re[2 * turn];
    const s2 = roots.im[2 * turn];
    const c3 = roots.re[3 * turn];
    const s3 = roots.im[3 * turn];
    for (let a = from, out = to, end = from + count; a < end; a++, out++) {
        const b = a + apart;
        const c = b + apart;
        const d = c + apart;
        const sumRe = re[a] + re[c];
        const sumIm = im[a] + im[c];
        const lessRe = re[a] - re[c];
        const lessIm = im[a] - im[c];
        const oddRe = re[b] + re[d];
        const oddIm = im[b] + im[d];
        // (b − d) turned by −i.
        const turnRe = im[b] - im[d];
        const turnIm = re[d] - re[b];
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
/** √½, the cosine and the sine of an eighth of a turn. */
const eighth = Math.SQRT1_2;
/** Two radix-4 butterflies, of the even and of the odd numbers, joined by eighths of a turn. */
function butterflies8(input, output, roots, place) {
    const { re, im } = input;
    const { re: toRe, im: toIm } = output;
    const { re: cos, im: sin } = roots;
    const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
    const c1 = cos[turn];
    const s1 = sin[turn];
    const c2 = cos[2 * turn];
    const s2 = sin[2 * turn];
    const c3 = cos[3 * turn];
    const s3 = sin[3 * turn];
    const c4 = cos[4 * turn];
    const s4 = sin[4 * turn];
    const c5 = cos[5 * turn];
    const s5 = sin[5 * turn];
    const c6 = cos[6 * turn];
    const s6 = sin[6 * turn];
    const c7 = cos[7 * turn];
    const s7 = sin[7 * turn];
    for (let a = from, out = to, end = from + count; a < end; a++, out++) {
        const b = a + apart;
        const c = b + apart;
        const d = c + apart;
        const e = d + apart;
        const f = e + apart;
        const g = f + apart;
        const h = g + apart;
        const aeRe = re[a] + re[e];
        const aeIm = im[a] + im[e];
        const cgRe = re[c] + re[g];
        const cgIm = im[c] + im[g];
        const bfRe = re[b] + re[f];
        const bfIm = im[b] + im[f];
        const dhRe = re[d] + re[h];
        const dhIm = im[d] + im[h];
        const evenRe = aeRe + cgRe;
        const evenIm = aeIm + cgIm;
        const oddRe = bfRe + dhRe;
        const oddIm = bfIm + dhIm;
        toRe[out] = evenRe + oddRe;
        toIm[out] = evenIm + oddIm;
        const x4Re = evenRe - oddRe;
        const x4Im = evenIm - oddIm;
        toRe[out + 4 * stride] = x4Re * c4 - x4Im * s4;
        toIm[out + 4 * stride] = x4Re * s4 + x4Im * c4;
        const p2Re = aeRe - cgRe;
        const p2Im = aeIm - cgIm;
        const q2Re = bfIm - dhIm;
        const q2Im = dhRe - bfRe;
        const x2Re = p2Re + q2Re;
        const x2Im = p2Im + q2Im;
        toRe[out + 2 * stride] = x2Re * c2 - x2Im * s2;
        toIm[out + 2 * stride] = x2Re * s2 + x2Im * c2;
        const x6Re = p2Re - q2Re;
        const x6Im = p2Im - q2Im;
        toRe[out + 6 * stride] = x6Re * c6 - x6Im * s6;
        toIm[out + 6 * stride] = x6Re * s6 + x6Im * c6;
        const aeLessRe = re[a] - re[e];
        const aeLessIm = im[a] - im[e];
        // (c − g) turned by −i.
        const cgTurnRe = im[c] - im[g];
        const cgTurnIm = re[g] - re[c];
        const bfLessRe = re[b] - re[f];
        const bfLessIm = im[b] - im[f];
        const dhTurnRe = im[d] - im[h];
        const dhTurnIm = re[h] - re[d];
        const p1Re = aeLessRe + cgTurnRe;
        const p1Im = aeLessIm + cgTurnIm;
        const p3Re = aeLessRe - cgTurnRe;
        const p3Im = aeLessIm - cgTurnIm;
        const o1Re = bfLessRe + dhTurnRe;
        const o1Im = bfLessIm + dhTurnIm;
        const o3Re = bfLessRe - dhTurnRe;
        const o3Im = bfLessIm - dhTurnIm;
        // Turned by −1/8 and −3/8.
        const q1Re = eighth * (o1Re + o1Im);
        const q1Im = eighth * (o1Im - o1Re);
        const q3Re = eighth * (o3Im - o3Re);
        const q3Im = -eighth * (o3Re + o3Im);
        const x1Re = p1Re + q1Re;
        const x1Im = p1Im + q1Im;
        toRe[out + stride] = x1Re * c1 - x1Im * s1;
        toIm[out + stride] = x1Re * s1 + x1Im * c1;
        const x5Re = p1Re - q1Re;
        const x5Im = p1Im - q1Im;
        toRe[out + 5 * stride] = x5Re * c5 - x5Im * s5;
        toIm[out + 5 * stride] = x5Re * s5 + x5Im * c5;
        const x3Re = p3Re + q3Re;
        const x3Im = p3Im + q3Im;
        toRe[out + 3 * stride] = x3Re * c3 - x3Im * s3;
        toIm[out + 3 * stride] = x3Re * s3 + x3Im * c3;
        const x7Re = p3Re - q3Re;
        const x7Im = p3Im - q3Im;
        toRe[out + 7 * stride] = x7Re * c7 - x7Im * s7;
        toIm[out + 7 * stride] = x7Re * s7 + x7Im * c7;
    }
}

;// CONCATENATED MODULE: ./src/similarity/visual/odd-butterflies.ts
// Odd radices: numbers t and radix − t meet the same cosines and opposite sines, so their sums and differences do.
const third = { cos: Math.cos((2 * Math.PI) / 3), sin: Math.sin((2 * Math.PI) / 3) };
function butterflies3(input, output, roots, place) {
    const { re, im } = input;
    const { re: toRe, im: toIm } = output;
    const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
    const { cos, sin } = third;
    const c1 = roots.re[turn];
    const s1 = roots.im[turn];
    const c2 = roots.re[2 * turn];
    const s2 = roots.im[2 * turn];
    for (let a = from, out = to, end = from + count; a < end; a++, out++) {
        const b = a + apart;
        const c = b + apart;
        const sumRe = re[b] + re[c];
        const sumIm = im[b] + im[c];
        toRe[out] = re[a] + sumRe;
        toIm[out] = im[a] + sumIm;
        const evenRe = re[a] + cos * sumRe;
        const evenIm = im[a] + cos * sumIm;
        const oddRe = sin * (im[b] - im[c]);
        const oddIm = sin * (re[c] - re[b]);
        const firstRe = evenRe + oddRe;
        const firstIm = evenIm + oddIm;
        toRe[out + stride] = firstRe * c1 - firstIm * s1;
        toIm[out + stride] = firstRe * s1 + firstIm * c1;
        const secondRe = evenRe - oddRe;
        const secondIm = evenIm - oddIm;
        toRe[out + 2 * stride] = secondRe * c2 - secondIm * s2;
        toIm[out + 2 * stride] = secondRe * s2 + secondIm * c2;
    }
}
function butterflies5(input, output, roots, place) {
    const { re, im } = input;
    const { re: toRe, im: toIm } = output;
    const { re: cos, im: sin } = roots;
    const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
    const cos1 = Math.cos((2 * Math.PI) / 5);
    const cos2 = Math.cos((4 * Math.PI) / 5);
    const sin1 = Math.sin((2 * Math.PI) / 5);
    const sin2 = Math.sin((4 * Math.PI) / 5);
    const c1 = cos[turn];
    const s1 = sin[turn];
    const c2 = cos[2 * turn];
    const s2 = sin[2 * turn];
    const c3 = cos[3 * turn];
    const s3 = sin[3 * turn];
    const c4 = cos[4 * turn];
    const s4 = sin[4 * turn];
    for (let a = from, out = to, end = from + count; a < end; a++, out++) {
        const b = a + apart;
        const c = b + apart;
        const d = c + apart;
        const e = d + apart;
        const aRe = re[a];
        const aIm = im[a];
        const beRe = re[b] + re[e];
        const beIm = im[b] + im[e];
        const cdRe = re[c] + re[d];
        const cdIm = im[c] + im[d];
        // Turned by −i.
        const beTurnRe = im[b] - im[e];
        const beTurnIm = re[e] - re[b];
        const cdTurnRe = im[c] - im[d];
        const cdTurnIm = re[d] - re[c];
        toRe[out] = aRe + beRe + cdRe;
        toIm[out] = aIm + beIm + cdIm;
        const even1Re = aRe + cos1 * beRe + cos2 * cdRe;
        const even1Im = aIm + cos1 * beIm + cos2 * cdIm;
        const odd1Re = sin1 * beTurnRe + sin2 * cdTurnRe;
        const odd1Im = sin1 * beTurnIm + sin2 * cdTurnIm;
        const x1Re = even1Re + odd1Re;
        const x1Im = even1Im + odd1Im;
        toRe[out + stride] = x1Re * c1 - x1Im * s1;
        toIm[out + stride] = x1Re * s1 + x1Im * c1;
        const x4Re = even1Re - odd1Re;
        const x4Im = even1Im - odd1Im;
        toRe[out + 4 * stride] = x4Re * c4 - x4Im * s4;
        toIm[out + 4 * stride] = x4Re * s4 + x4Im * c4;
        const even2Re = aRe + cos2 * beRe + cos1 * cdRe;
        const even2Im = aIm + cos2 * beIm + cos1 * cdIm;
        const odd2Re = sin2 * beTurnRe - sin1 * cdTurnRe;
        const odd2Im = sin2 * beTurnIm - sin1 * cdTurnIm;
        const x2Re = even2Re + odd2Re;
        const x2Im = even2Im + odd2Im;
        toRe[out + 2 * stride] = x2Re * c2 - x2Im * s2;
        toIm[out + 2 * stride] = x2Re * s2 + x2Im * c2;
        const x3Re = even2Re - odd2Re;
        const x3Im = even2Im - odd2Im;
        toRe[out + 3 * stride] = x3Re * c3 - x3Im * s3;
        toIm[out + 3 * stride] = x3Re * s3 + x3Im * c3;
    }
}
function butterflies7(input, output, roots, place) {
    const { re, im } = input;
    const { re: toRe, im: toIm } = output;
    const { re: cos, im: sin } = roots;
    const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
    const cos1 = Math.cos((2 * Math.PI) / 7);
    const cos2 = Math.cos((4 * Math.PI) / 7);
    const cos3 = Math.cos((6 * Math.PI) / 7);
    const sin1 = Math.sin((2 * Math.PI) / 7);
    const sin2 = Math.sin((4 * Math.PI) / 7);
    const sin3 = Math.sin((6 * Math.PI) / 7);
    const c1 = cos[turn];
    const s1 = sin[turn];
    const c2 = cos[2 * turn];
    const s2 = sin[2 * turn];
    const c3 = cos[3 * turn];
    const s3 = sin[3 * turn];
    const c4 = cos[4 * turn];
    const s4 = sin[4 * turn];
    const c5 = cos[5 * turn];
    const s5 = sin[5 * turn];
    const c6 = cos[6 * turn];
    const s6 = sin[6 * turn];
    for (let a = from, out = to, end = from + count; a < end; a++, out++) {
        const b = a + apart;
        const c = b + apart;
        const d = c + apart;
        const e = d + apart;
        const f = e + apart;
        const g = f + apart;
        const aRe = re[a];
        const aIm = im[a];
        const bgRe = re[b] + re[g];
        const bgIm = im[b] + im[g];
        const cfRe = re[c] + re[f];
        const cfIm = im[c] + im[f];
        const deRe = re[d] + re[e];
        const deIm = im[d] + im[e];
        // Turned by −i.
        const bgTurnRe = im[b] - im[g];
        const bgTurnIm = re[g] - re[b];
        const cfTurnRe = im[c] - im[f];
        const cfTurnIm = re[f] - re[c];
        const deTurnRe = im[d] - im[e];
        const deTurnIm = re[e] - re[d];
        toRe[out] = aRe + bgRe + cfRe + deRe;
        toIm[out] = aIm + bgIm + cfIm + deIm;
        const even1Re = aRe + cos1 * bgRe + cos2 * cfRe + cos3 * deRe;
        const even1Im = aIm + cos1 * bgIm + cos2 * cfIm + cos3 * deIm;
        const odd1Re = sin1 * bgTurnRe + sin2 * cfTurnRe + sin3 * deTurnRe;
        const odd1Im = sin1 * bgTurnIm + sin2 * cfTurnIm + sin3 * deTurnIm;
        const x1Re = even1Re + odd1Re;
        const x1Im = even1Im + odd1Im;
        toRe[out + stride] = x1Re * c1 - x1Im * s1;
        toIm[out + stride] = x1Re * s1 + x1Im * c1;
        const x6Re = even1Re - odd1Re;
        const x6Im = even1Im - odd1Im;
        toRe[out + 6 * stride] = x6Re * c6 - x6Im * s6;
        toIm[out + 6 * stride] = x6Re * s6 + x6Im * c6;
        const even2Re = aRe + cos2 * bgRe + cos3 * cfRe + cos1 * deRe;
        const even2Im = aIm + cos2 * bgIm + cos3 * cfIm + cos1 * deIm;
        const odd2Re = sin2 * bgTurnRe - sin3 * cfTurnRe - sin1 * deTurnRe;
        const odd2Im = sin2 * bgTurnIm - sin3 * cfTurnIm - sin1 * deTurnIm;
        const x2Re = even2Re + odd2Re;
        const x2Im = even2Im + odd2Im;
        toRe[out + 2 * stride] = x2Re * c2 - x2Im * s2;
        toIm[out + 2 * stride] = x2Re * s2 + x2Im * c2;
        const x5Re = even2Re - odd2Re;
        const x5Im = even2Im - odd2Im;
        toRe[out + 5 * stride] = x5Re * c5 - x5Im * s5;
        toIm[out + 5 * stride] = x5Re * s5 + x5Im * c5;
        const even3Re = aRe + cos3 * bgRe + cos1 * cfRe + cos2 * deRe;
        const even3Im = aIm + cos3 * bgIm + cos1 * cfIm + cos2 * deIm;
        const odd3Re = sin3 * bgTurnRe - sin1 * cfTurnRe + sin2 * deTurnRe;
        const odd3Im = sin3 * bgTurnIm - sin1 * cfTurnIm + sin2 * deTurnIm;
        const x3Re = even3Re + odd3Re;
        const x3Im = even3Im + odd3Im;
        toRe[out + 3 * stride] = x3Re * c3 - x3Im * s3;
        toIm[out + 3 * stride] = x3Re * s3 + x3Im * c3;
        const x4Re = even3Re - odd3Re;
        const x4Im = even3Im - odd3Im;
        toRe[out + 4 * stride] = x4Re * c4 - x4Im * s4;
        toIm[out + 4 * stride] = x4Re * s4 + x4Im * c4;
    }
}

;// CONCATENATED MODULE: ./src/similarity/visual/fourier.ts



/** The factors that a length may have, in the order in which they are taken out: eight first, which needs fewest passes. */
const passes = [
    { radix: 8, butterflies: butterflies8 },
    { radix: 4, butterflies: butterflies4 },
    { radix: 2, butterflies: butterflies2 },
    { radix: 7, butterflies: butterflies7 },
    { radix: 5, butterflies: butterflies5 },
    { radix: 3, butterflies: butterflies3 },
];
/** Butterflies in one call. Short calls are soon compiled well, long loops only after hundreds of images. */
const mostAtOnce = 256;
/** Even lengths of at least this can be transformed. */
const shortestTransform = 6;
/** The largest even number up to `length` with no prime factor above 7, a length that {@link powerSpectrum} takes; ≥ 6. */
function transformLength(length) {
    let even = length - (length % 2);
    while (planOf(even) === undefined)
        even -= 2;
    return even;
}
/**
 * |DFT|² of a real square, row by row, without a factor before the sum.
 * @param square side × side
 * @param power memory for the result
 * @returns (side / 2 + 1) × side: vertical frequency 0 … side / 2, horizontal frequency 0 … side − 1 (those above side / 2
 *   are negative). The other half is the same by symmetry.
 * @throws shape-mismatch when the side is not even, at least 6 and a product of 2, 3, 5 and 7
 */
function powerSpectrum(square, side, power) {
    const plan = planOf(side);
    if (plan === undefined || side % 2 === 1 || side < shortestTransform || square.length !== side * side)
        throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `A spectrum needs a square with an even side of at least ${shortestTransform} and factors up to 7; ${square.length} numbers for a side of ${side} were given.`);
    const half = side / 2;
    const rows = half + 1;
    const memory = scratchOf(side);
    // Down the columns, two real columns as one complex: x and x + half.
    const down = transform({ re: square, im: square.subarray(half) }, side, memory, half, plan);
    // Taken apart by symmetry and transposed: position x, frequency v at x · rows + v.
    const { re: downRe, im: downIm } = down;
    const across = down === memory[0] ? memory[1] : memory[0];
    const { re: acrossRe, im: acrossIm } = across;
    for (let v = 0; v < rows; v++) {
        const mirror = (v === 0 ? 0 : side - v) * half;
        const other = half * rows;
        for (let x = 0, at = v * half, to = v; x < half; x++, at++, to += rows) {
            const re = downRe[at];
            const im = downIm[at];
            const mirrorRe = downRe[mirror + x];
            const mirrorIm = downIm[mirror + x];
            acrossRe[to] = (re + mirrorRe) / 2;
            acrossIm[to] = (im - mirrorIm) / 2;
            acrossRe[to + other] = (im + mirrorIm) / 2;
            acrossIm[to + other] = (mirrorRe - re) / 2;
        }
    }
    // What the columns gave is read now, so that its memory is free.
    const { re: wholeRe, im: wholeIm } = transform(across, rows, [down, across], rows, plan);
    const result = power ?? new Float64Array(rows * side);
    for (let u = 0, at = 0; u < side; u++)
        for (let v = 0, to = u; v < rows; v++, at++, to += side)
            result[to] = wholeRe[at] * wholeRe[at] + wholeIm[at] * wholeIm[at];
    return result;
}
/**
 * Discrete Fourier transforms of `lanes` interleaved sequences of one length, in natural order: the self-sorting form of
 * Stockham (Cochran et al. 1967) with mixed radices.
 * @param input the sequences' numbers with one index lie together, those with the next `inputStride` further on
 * @param memory overwritten; the second may be the input
 * @returns the one that holds the result, with nothing between the lanes
 */
function transform(input, inputStride, memory, lanes, { length, steps, roots }) {
    let from = input;
    let [to, next] = memory;
    let fromStride = inputStride;
    let left = length;
    let stride = lanes;
    for (const { radix, butterflies } of steps) {
        const blocks = left / radix;
        const fromApart = blocks * fromStride;
        for (let block = 0; block < blocks; block++)
            for (let lane = 0; lane < stride; lane += mostAtOnce)
                butterflies(from, to, roots, {
                    from: block * fromStride + lane,
                    fromApart,
                    to: block * stride * radix + lane,
                    toApart: stride,
                    count: Math.min(mostAtOnce, stride - lane),
                    turn: block * (length / left),
                });
        [from, to, next] = [to, next, to];
        left = blocks;
        stride *= radix;
        fromStride = stride;
    }
    return from;
}
let scratch;
/** Two arrays to compute in, at least as long as the side needs, kept from call to call. */
function scratchOf(side) {
    const numbers = side * (side / 2 + 1);
    const fresh = () => ({ re: new Float64Array(numbers), im: new Float64Array(numbers) });
    if (scratch === undefined || scratch[0].re.length < numbers)
        scratch = [fresh(), fresh()];
    return scratch;
}
const knownPlans = new Map();
/** Undefined for a length with a prime factor above 7. */
function planOf(length) {
    if (knownPlans.has(length))
        return knownPlans.get(length);
    const steps = [];
    let left = length;
    for (const step of passes)
        while (left % step.radix === 0 && left > 1) {
            steps.push(step);
            left /= step.radix;
        }
    const angle = (k) => (-2 * Math.PI * k) / length;
    const roots = {
        re: Float64Array.from({ length }, (_, k) => Math.cos(angle(k))),
        im: Float64Array.from({ length }, (_, k) => Math.sin(angle(k))),
    };
    const plan = left === 1 ? { length, steps, roots } : undefined;
    knownPlans.set(length, plan);
    return plan;
}

;// CONCATENATED MODULE: ./src/similarity/visual/rings.ts
function radialPower(side, power) {
    const { ring, counts } = ringsOf(side);
    const sums = new Float64Array(counts.length);
    // The stored half: its first and its last row stand for themselves, every other for two.
    const last = (side / 2) * side;
    for (let at = 0; at < side; at++) {
        sums[ring[at]] += power[at];
        sums[ring[last + at]] += power[last + at];
    }
    for (let at = side; at < last; at++)
        sums[ring[at]] += 2 * power[at];
    return { sums, counts };
}
const knownRings = new Map();
function ringsOf(side) {
    const known = knownRings.get(side);
    if (known)
        return known;
    const half = side / 2;
    const ring = new Uint16Array((half + 1) * side);
    const counts = new Float64Array(Math.round(Math.SQRT2 * half) + 1);
    for (let v = 0, at = 0; v <= half; v++)
        for (let u = 0; u < side; u++, at++) {
            ring[at] = Math.round(Math.hypot(Math.min(u, side - u), v));
            counts[ring[at]] += v === 0 || v === half ? 1 : 2;
        }
    const rings = { ring, counts };
    knownRings.set(side, rings);
    return rings;
}
/**
 * Means of ln(power + `raised`) over square rings, where the larger of the two frequencies is the same: 0 … side / 2.
 * Logarithms are taken of products, since one of every number would take as long as the transform.
 */
function meanLogPower(side, power, raised) {
    const half = side / 2;
    const sums = new Float64Array(half + 1);
    const products = new Float64Array(half + 1);
    const addRows = (from, to, times) => {
        products.fill(1);
        for (let v = from; v <= to; v++)
            for (let u = 0, at = v * side, mirror = at + side; u <= half; u++, at++, mirror--) {
                const ring = u < v ? v : u;
                const alone = u === 0 || u === half;
                const factor = (power[at] + raised) * (alone ? 1 : power[mirror] + raised);
                const product = products[ring] * factor;
                if (product > 1e-200 && product < 1e200)
                    products[ring] = product;
                else {
                    // Further factors could leave the range of numbers.
                    sums[ring] += times * Math.log(product);
                    products[ring] = 1;
                }
            }
        for (let ring = 0; ring <= half; ring++)
            sums[ring] += times * Math.log(products[ring]);
    };
    // The stored half: its first and its last row stand for themselves, every other for two.
    addRows(0, 0, 1);
    addRows(1, half - 1, 2);
    addRows(half, half, 1);
    return sums.map((sum, ring) => sum / sizeOfSquareRing(ring, half));
}
/** Frequencies of a square ring. The outermost has no positive half of its own: side / 2 is −side / 2. */
function sizeOfSquareRing(ring, half) {
    if (ring === 0)
        return 1;
    return ring < half ? 8 * ring : 4 * half - 1;
}

;// CONCATENATED MODULE: ./src/similarity/visual/spectrum.ts



/** A larger centre says nothing more about the frequencies near the pixel's own. */
const widest = 256;
// Kept from image to image: a spectrum's own memory is a few hundred numbers.
const squares = new Float64Array(widest * widest);
const powers = new Float64Array(widest * (widest / 2 + 1));
/**
 * Periodogram of the largest centred square of up to 256 px, its mean taken off and a symmetric Hann window applied, so
 * that the square's edges make no cross in the spectrum. Null below 6 px, where there are no two frequencies to compare.
 */
function spectrumOf({ data, width, height }) {
    const shortSide = Math.min(width, height, widest);
    if (shortSide < shortestTransform)
        return null;
    const side = transformLength(shortSide);
    const first = ((height - side) >> 1) * width + ((width - side) >> 1);
    let sum = 0;
    for (let y = 0; y < side; y++) {
        let row = 0;
        for (let at = first + y * width, end = at + side; at < end; at++)
            row += data[at];
        sum += row;
    }
    const mean = sum / (side * side);
    const { weights, squared } = windowOf(side);
    const square = squares.subarray(0, side * side);
    for (let y = 0, to = 0; y < side; y++) {
        const weight = weights[y] / lumaScale;
        for (let x = 0, at = first + y * width; x < side; x++, at++, to++)
            square[to] = (data[at] - mean) * weight * weights[x];
    }
    const rounding = squared ** 2 / 12;
    const power = powerSpectrum(square, side, powers.subarray(0, side * (side / 2 + 1)));
    return { side, rounding, radial: radialPower(side, power), logarithms: meanLogPower(side, power, rounding / 1000) };
}
const knownWindows = new Map();
function windowOf(side) {
    const known = knownWindows.get(side);
    if (known)
        return known;
    const weights = Float64Array.from({ length: side }, (_, x) => 0.5 - 0.5 * Math.cos((2 * Math.PI * x) / (side - 1)));
    const window = { weights, squared: weights.reduce((total, weight) => total + weight * weight, 0) };
    knownWindows.set(side, window);
    return window;
}

;// CONCATENATED MODULE: ./src/similarity/visual/planes.ts







/** An image with the planes that several measures read, each computed once and only when asked for. */
class Planes {
    data;
    width;
    height;
    jpegQuality;
    #memory;
    #luma;
    #grey;
    #lab;
    #neighbours;
    #spectrum;
    #atInput;
    /** @param memory where to keep luma and grey levels; they are lost when it is given to the next image */
    constructor(image, memory) {
        const { data, width, height } = image;
        if (!(width >= 1 && height >= 1 && data.length === width * height * 3))
            throw new errors/* TransferEvidenceError */.Bh('shape-mismatch', `An RGB image of ${width} × ${height} pixels needs ${width * height * 3} bytes and at least one pixel; ${data.length} were given.`);
        this.data = data;
        this.width = width;
        this.height = height;
        if (image.jpegQuality !== undefined)
            this.jpegQuality = image.jpegQuality;
        this.#memory = memory;
    }
    get luma() {
        this.#luma ??= lumaOf(this, this.#memory?.luma(this.width * this.height));
        return this.#luma;
    }
    get grey() {
        this.#grey ??= greyLevels(this.luma, this.#memory?.grey(this.width * this.height));
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
        if (this.width === inputSize && this.height === inputSize)
            return this;
        this.#atInput ??= new Planes(preprocess_resize(this, inputResizing), this.#memory?.atInput);
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
    const edges = Math.floor((width - 1) / block) * height + Math.floor((height - 1) / block) * width;
    if (edges === 0)
        return 0;
    const inners = (width - 1) * height + (height - 1) * width - edges;
    let edge = 0;
    let all = 0;
    for (let y = 0; y < height; y++) {
        const row = y * width;
        const end = row + width;
        for (let at = row + 1; at < end; at++)
            all += Math.abs((data[at] - data[at - 1]) | 0);
        for (let at = row + block; at < end; at += block)
            edge += Math.abs(data[at] - data[at - 1]);
        if (y === 0)
            continue;
        let steps = 0;
        for (let at = row; at < end; at++)
            steps += Math.abs((data[at] - data[at - width]) | 0);
        all += steps;
        if (y % block === 0)
            edge += steps;
    }
    const inner = all - edge;
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
        const red = rgb[at];
        const green = rgb[at + 1];
        const blue = rgb[at + 2];
        // Only 255 and 0 leave less than 2 of the lowest eight bits when 1 is added.
        if (((red + 1) & 255) < 2 || ((green + 1) & 255) < 2 || ((blue + 1) & 255) < 2)
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
        const red = rgb[at];
        const green = rgb[at + 1];
        const blue = rgb[at + 2];
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
function detailedShare({ side, logarithms, rounding }) {
    const half = side / 2;
    const whitened = logarithms.map((log, ring) => ring === 0 ? 0 : Math.max(0, Math.exp(log + gamma) - rounding) * ring ** 3);
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
    // N is the second difference along columns, then along rows; whole numbers far below 2³¹.
    const bend = (at) => (data[at - width] - 2 * data[at] + data[at + width]) | 0;
    let total = 0;
    for (let y = 1; y < height - 1; y++) {
        const row = y * width;
        let left = bend(row);
        let centre = bend(row + 1);
        for (let at = row + 1, end = row + width - 1; at < end; at++) {
            const right = bend(at + 1);
            total += Math.abs((left - 2 * centre + right) | 0);
            left = centre;
            centre = right;
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
        const last = width - 1;
        let left = data[row + mirrored(-1, width)];
        let centre = data[row];
        for (let x = 0; x < last; x++) {
            const right = data[row + x + 1];
            // Whole numbers far below 2³¹; said so, they are added without a check.
            const value = (data[above + x] + data[below + x] + left + right - 4 * centre) | 0;
            sum += value;
            squares += value * value;
            left = centre;
            centre = right;
        }
        const value = data[above + last] + data[below + last] + left + data[row + mirrored(width, width)] - 4 * centre;
        sum += value;
        squares += value * value;
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
    const last = width - 1;
    let sum = 0;
    for (let y = 0; y < height; y++) {
        const row = y * width;
        const above = mirrored(y - 1, height) * width;
        const below = mirrored(y + 1, height) * width;
        // Each column's smoothed value and its step downwards, both whole numbers far below 2³¹, are met by three pixels.
        const smooth = (x) => (data[above + x] + 2 * data[row + x] + data[below + x]) | 0;
        const step = (x) => (data[below + x] - data[above + x]) | 0;
        let [smoothLeft, stepLeft] = [smooth(mirrored(-1, width)), step(mirrored(-1, width))];
        let [smoothHere, stepHere] = [smooth(0), step(0)];
        for (let x = 0; x < width; x++) {
            const right = x < last ? x + 1 : mirrored(width, width);
            const higher = data[above + right];
            const lower = data[below + right];
            const smoothRight = (higher + 2 * data[row + right] + lower) | 0;
            const stepRight = (lower - higher) | 0;
            const across = (smoothRight - smoothLeft) | 0;
            const down = (stepLeft + 2 * stepHere + stepRight) | 0;
            sum += across * across + down * down;
            smoothLeft = smoothHere;
            smoothHere = smoothRight;
            stepLeft = stepHere;
            stepHere = stepRight;
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
/** Bin of each pattern of eight neighbours, bit k set where neighbour k is darker. */
const binOf = Uint8Array.from({ length: 256 }, (_, darker) => {
    const bit = (k) => 1 - ((darker >> (k & 7)) & 1);
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
    // Three rows with a black pixel at both ends, so that no neighbour needs a check.
    let aboveRow = new Uint8Array(width + 2);
    let row = new Uint8Array(width + 2);
    let belowRow = new Uint8Array(width + 2);
    belowRow.set(data.subarray(0, width), 1);
    for (let y = 0; y < height; y++) {
        [aboveRow, row, belowRow] = [row, belowRow, aboveRow];
        if (y + 1 < height)
            belowRow.set(data.subarray((y + 1) * width, (y + 2) * width), 1);
        else
            belowRow.fill(0);
        countPatterns(patterns, aboveRow, row, belowRow);
    }
    const shares = new Float64Array(bins);
    for (let pattern = 0; pattern < 256; pattern++)
        shares[binOf[pattern]] += patterns[pattern] / (width * height);
    return shares;
}
/** The patterns of one row, whose neighbours above and below are given with it. */
function countPatterns(patterns, aboveRow, row, belowRow) {
    let aboveLeft = 0;
    let above = aboveRow[1];
    let before = 0;
    let centre = row[1];
    let belowLeft = 0;
    let below = belowRow[1];
    for (let x = 2; x < row.length; x++) {
        const aboveRight = aboveRow[x];
        const after = row[x];
        const belowRight = belowRow[x];
        const right = after - centre;
        const up = above - centre;
        const left = before - centre;
        const down = below - centre;
        // A shift by 31 leaves the sign: patterns hardly repeat, so that a branch would mostly be guessed wrong.
        const darker = (right >>> 31) |
            (((along * (aboveRight - centre) + beside * (right + up)) >> 31) & 2) |
            ((up >> 31) & 4) |
            (((along * (aboveLeft - centre) + beside * (left + up)) >> 31) & 8) |
            ((left >> 31) & 16) |
            (((along * (belowLeft - centre) + beside * (left + down)) >> 31) & 32) |
            ((down >> 31) & 64) |
            (((along * (belowRight - centre) + beside * (right + down)) >> 31) & 128);
        patterns[darker]++;
        aboveLeft = above;
        above = aboveRight;
        before = centre;
        centre = after;
        belowLeft = below;
        below = belowRight;
    }
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

;// CONCATENATED MODULE: ./src/similarity/visual/plane-memory.ts
/** Larger images get memory of their own, so that one of them does not hold much for as long as a thread lives. */
const mostPixels = 1 << 21;
/**
 * Memory for the planes of one image after another. Fresh memory is slow: the system clears every page of it when it is
 * first written, which takes as long as computing what is written.
 */
class PlaneMemory {
    #luma = new Int32Array(0);
    #grey = new Uint8Array(0);
    #atInput;
    luma(pixels) {
        if (pixels > mostPixels)
            return new Int32Array(pixels);
        if (this.#luma.length < pixels)
            this.#luma = new Int32Array(pixels);
        return this.#luma.subarray(0, pixels);
    }
    grey(pixels) {
        if (pixels > mostPixels)
            return new Uint8Array(pixels);
        if (this.#grey.length < pixels)
            this.#grey = new Uint8Array(pixels);
        return this.#grey.subarray(0, pixels);
    }
    /** For the same image at another size. */
    get atInput() {
        this.#atInput ??= new PlaneMemory();
        return this.#atInput;
    }
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

// EXTERNAL MODULE: ./src/digest.ts
var digest = __webpack_require__(187);
// EXTERNAL MODULE: ./src/onnx/build.ts
var build = __webpack_require__(847);
// EXTERNAL MODULE: ./src/onnx/prune.ts
var prune = __webpack_require__(515);
// EXTERNAL MODULE: ./src/onnx/read.ts + 1 modules
var onnx_read = __webpack_require__(711);
// EXTERNAL MODULE: ./src/onnx/write.ts
var write = __webpack_require__(208);
;// CONCATENATED MODULE: ./src/encoder/classifier.ts

/** Names of outputs that hold scores of classes. */
const classifier_scoreNames = /logit|prob|score|class|softmax|pred/i;
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
const classifier_pooling = new Set(['GlobalAveragePool', 'ReduceMean', 'AveragePool']);
const classifier_affine = new Set(['Add', 'Sub', 'Mul', 'Div']);
/** The classifier behind `scores`, or undefined when something else ends the network. */
function classifier_classifierOf(graph, scores) {
    const origins = originsOf(graph);
    const constants = constantsOf(graph, origins);
    let surelyScores = classifier_scoreNames.test(scores);
    let pooled = false;
    let softmax = false;
    let logits = scores;
    for (let tensor = scores;;) {
        const node = origins.maker(tensor);
        const [data = '', weight = ''] = node?.inputs ?? [];
        if (node === undefined || node.domain !== '')
            return undefined;
        if (node.op === 'Softmax' || node.op === 'LogSoftmax') {
            // An average of probabilities over places is no softmax of anything.
            logits = pooled || logits === null ? null : data;
            softmax = true;
        }
        if (node.op === 'Sigmoid')
            logits = null;
        if (node.op === 'Softmax' || node.op === 'LogSoftmax' || node.op === 'Sigmoid')
            surelyScores = true;
        if (node.op === 'Gemm' || node.op === 'MatMul') {
            const linear = !pooled && constants.has(weight) && intAttribute(node, 'transA', 0) === 0;
            return linear ? { input: data, layer: node, logits, softmax } : undefined;
        }
        if (node.op === 'Conv') {
            const kernel = origins.constant(weight)?.dims.slice(2);
            // Scores averaged over space (SqueezeNet) look like the end of a headless network: only their name tells them apart.
            const linear = kernel?.every((size) => size === 1) && (!pooled || surelyScores);
            return linear ? { input: data, layer: node, logits, softmax } : undefined;
        }
        if (passed.has(node.op) || (pooled && node.op === 'Relu'))
            tensor = data;
        else if (classifier_pooling.has(node.op)) {
            pooled = true;
            tensor = data;
        }
        else if (classifier_affine.has(node.op) && constants.has(weight))
            tensor = data;
        else if (classifier_affine.has(node.op) && constants.has(data))
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

// EXTERNAL MODULE: ./node_modules/fastest-levenshtein/mod.js
var mod = __webpack_require__(535);
// EXTERNAL MODULE: ./src/onnx/model.ts
var model = __webpack_require__(826);
;// CONCATENATED MODULE: ./src/onnx/rank.ts


/** Operators whose every output has the rank of their first input. */
const keepRank = new Set(('Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu HardSigmoid HardSwish Sigmoid Tanh Softplus Softsign Gelu Mish Erf Exp Log Sqrt Neg ' +
    'Abs Reciprocal Floor Ceil Round Clip Softmax LogSoftmax Hardmax Identity Dropout Cast BatchNormalization InstanceNormalization ' +
    'LayerNormalization GroupNormalization LpNormalization LRN Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool ' +
    'Pad Slice Split Transpose Concat Resize Upsample DepthToSpace SpaceToDepth CumSum Tile').split(' '));
/** Operators that broadcast. */
const broadcast = new Set('Add Sub Mul Div Pow Min Max Sum Mean Where Equal Less Greater And Or'.split(' '));
/** The number of dimensions of every tensor of a graph for which it follows from declarations, constants and operators. */
function rank_ranksOf(graph) {
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
    const origins = originsOf(graph);
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
    if (broadcast.has(node.op))
        return largest(node.inputs.map((_, i) => rank(i)));
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
        return largest([first, lengths.get(node.inputs[1] ?? '')]);
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
        if (intAttribute(node, 'keepdims', 1) === 1)
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
    return intsAttribute(node, 'axes') ?? (constant && integersOf(constant));
}
function largest(values) {
    return values.reduce((max, value) => (max === undefined || value === undefined ? undefined : Math.max(max, value)), 0);
}

// EXTERNAL MODULE: ./src/onnx/check.ts
var check = __webpack_require__(703);
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
        throw new TransferEvidenceError(wanted === undefined ? 'model-unsupported' : 'input-invalid', wanted === undefined
            ? `The network should take one input, the image; it takes ${inputs.length}: ${names}. Export it with the image alone.`
            : `The network has no input ${wanted}; it has ${names}. Name one of these in weights.input, or leave it out.`);
    if (inputs.length > 1)
        refuse(`it takes ${inputs.length} inputs (${names})`, 'Export it with the image as its only input.');
    checkPrecision(model, found);
    const dims = found.tensor?.dims;
    if (dims?.length !== 4)
        refuse(`its input ${found.name} has ${dims ? `${dims.length} dimensions` : 'no declared shape'}`, 'An image input has four, batch × channels × height × width; export it so.');
    const layout = layoutOf(model, found.name, dims);
    const [batch, a, b, c] = dims.map((size) => (typeof size === 'number' && size > 0 ? size : undefined));
    const [channels, height, width] = layout === 'NCHW' ? [a, b, c] : [c, a, b];
    if (channels !== undefined && channels !== 1 && channels !== 3)
        refuse(`its input ${found.name} takes ${channels} channels`, 'Images have 1 (grey) or 3 (RGB).');
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
        refuse(`its input ${input.name} is ${type ?? 'no tensor'} where float32 belongs`, again);
    const origins = originsOf(model.graph);
    for (const node of model.graph.nodes) {
        if (quantised.test(node.op))
            refuse(`node ${describe(node)} is quantised`, again);
        if (!network_input_layers.has(node.op))
            continue;
        for (const name of node.inputs) {
            const weight = origins.constant(name);
            const found = weight && (reduced[weight.type] ?? (weight.type === 'float64' ? 'float64' : undefined));
            if (found)
                refuse(`the weights of node ${describe(node)} are ${found}`, again);
        }
    }
}
function refuse(found, advice) {
    throw new TransferEvidenceError('model-unsupported', `This network cannot be measured: ${found}. ${advice}`);
}

;// CONCATENATED MODULE: ./src/encoder/feature-tensor.ts








/** Names of outputs that hold features, from the surest. */
const featureNames = (/* unused pure expression or super */ null && ([/^features?$/i, /embed/i, /feature/i, /pool/i, /hidden_state|representation/i]));
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
        throw new TransferEvidenceError('model-unsupported', 'The network has no output. Export it with one.');
    const input = classifierOf(graph, scores.name)?.input;
    if (input !== undefined)
        return feature_tensor_reduced(model, input, 'cut', `The network was cut before its classifier: the features are tensor ${input}`);
    return feature_tensor_reduced(model, scores.name, 'output', `No classifier was found: the features are the network’s output ${scores.name}`);
}
function feature_tensor_reduced(model, tensor, how, note) {
    const { graph } = model;
    const rank = ranksOf(graph).get(tensor);
    if (rank === undefined || rank < 2 || rank > 4)
        throw new TransferEvidenceError('model-unsupported', `Features are expected as [N, D], [N, T, D] or [N, C, H, W]; tensor ${tensor} has ${rank === undefined ? 'an unknown number of' : rank} dimensions. Name another tensor in weights.features, or export the network with shapes inferred.`);
    const dimension = widthOf(graph, tensor, rank);
    const cut = pruned(graph, [{ name: tensor, tensor: { type: 'float32' }, rest: [] }]);
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
/** What the maps or tokens are called whose average has the features' own name. */
function feature_tensor_averagedName(tensor) {
    return `${tensor}:maps`;
}
/** Appends the average under the features' own name; what made them gets another. */
function averaged(graph, tensor, rank, output) {
    if (!graph.nodes.some((node) => node.outputs.includes(tensor)))
        throw new TransferEvidenceError('model-unsupported', `Tensor ${tensor} is the network’s input. Name another one in weights.features.`);
    const g = new GraphBuilder({
        ...graph,
        outputs: [],
        nodes: graph.nodes.map((node) => renamed(node, tensor, feature_tensor_averagedName(tensor))),
    });
    const maps = feature_tensor_averagedName(tensor);
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
    const origins = originsOf(graph);
    for (const node of graph.nodes) {
        const weight = origins.constant(node.inputs[1] ?? '');
        if (node.inputs[0] !== tensor || !weight)
            continue;
        if (node.op === 'Gemm')
            return weight.dims[intAttribute(node, 'transB', 0) === 1 ? 1 : 0];
        if (node.op === 'MatMul')
            return weight.dims.at(-2);
        if (node.op === 'Conv')
            return weight.dims[1] * intAttribute(node, 'group', 1);
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
        const width = feature_tensor_ownWidth(node, origins.constant(second));
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
/** Numbers that a layer with these weights makes of each image or place. */
function feature_tensor_ownWidth(node, weight) {
    if (node.op === 'Conv')
        return weight?.dims[0];
    if (node.op === 'MatMul')
        return weight?.dims.at(-1);
    return node.op === 'Gemm' ? weight?.dims[intAttribute(node, 'transB', 0) === 1 ? 0 : 1] : undefined;
}
function checkExists(graph, wanted) {
    const names = graph.nodes.filter(({ op }) => op !== 'Constant').flatMap(({ outputs }) => outputs);
    if (names.includes(wanted))
        return;
    const nearest = names
        .filter((name) => name !== '')
        .map((name) => ({ name, far: distance(name, wanted) }))
        .sort((a, b) => a.far - b.far)
        .slice(0, 3)
        .map(({ name }) => name);
    throw new TransferEvidenceError('input-invalid', `The network has no tensor ${wanted}. The nearest names are ${nearest.join(', ')}; its outputs are ${graph.outputs.map(({ name }) => name).join(', ')}. Correct weights.features, or leave it out.`);
}

// EXTERNAL MODULE: ./src/random.ts + 3 modules
var random = __webpack_require__(639);
;// CONCATENATED MODULE: ./src/encoder/normal-weights.ts

/**
 * Random weights: normal, mean 0. Each tensor has a stream of its own: the same seed and name, the same numbers. For tens of millions of
 * numbers, hence a small generator (sfc32, Doty-Humphrey), seeded from the project's, and both results of each Box–Muller pair.
 */
function normal_weights_normalWeights(length, deviation, seed, name) {
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

// EXTERNAL MODULE: ./src/encoder/trainable.ts + 1 modules
var trainable = __webpack_require__(488);
;// CONCATENATED MODULE: ./src/encoder/random-initialisation.ts





/**
 * The same network before any training: every trainable tensor re-drawn. Kernels are normal with variance gain / fan-in, gain 2 where a
 * rectifier follows and 1 elsewhere (He et al. 2015, equations 10 and 14; the linear case keeps residual and bottleneck branches from growing), biases 0, normalisations
 * the identity, tokens and positions normal with deviation 0.02. Each tensor has a stream of its own: the same seed and name, the same numbers.
 */
function random_initialisation_randomlyInitialised(model, seed) {
    const roles = trainableOf(model);
    return replaceConstants(model, (name, { dims }) => {
        const role = roles.get(name);
        return role && initial(role, elements(dims), seed, name);
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

;// CONCATENATED MODULE: ./src/encoder/source-head.ts









const output = 'probabilities';
const source_head_linear = new Set(['Gemm', 'MatMul', 'Conv']);
/**
 * The source head of a network whose features were chosen: from an output that is named for scores or ends in softmax, or from
 * the output that the features were found by. Only where nothing but the classifier lies between the features and its scores,
 * so that running it costs next to nothing more; not where the network ends in a sigmoid, since then its classes do not
 * exclude each other and there is no distribution over them.
 * @param whole the network as it was read, not yet reduced
 * @param network digest of the network reduced to its features
 * @returns `null` where there is none
 */
function sourceHead(whole, choice, network) {
    const { graph } = whole;
    for (const { name } of graph.outputs.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))) {
        const found = classifierOf(graph, name);
        if (!found || found.logits === null || !(isNamed({ name }) || found.softmax || choice.how === 'cut'))
            continue;
        const head = headOf(whole, choice, { ...found, logits: found.logits, scores: name });
        if (head)
            return { ...head, digest: digestOfHead(network, head.model) };
    }
    return null;
}
function isNamed({ name }) {
    return scoreNames.test(name);
}
/** The same head before any training, behind the random twin of its network. */
function randomHead({ model, classes }, network, seed) {
    const random = writeModel(randomlyInitialised(readModel(model), seed));
    return { digest: digestOfHead(network, random), model: random, classes };
}
function digestOfHead(network, model) {
    return digestOf({ network, head: sha256(model) });
}
function headOf(whole, { tensor, model }, { logits, layer, scores }) {
    const { graph } = whole;
    const classes = classesOf(graph, layer, scores);
    // Not of the reduced network, which may give names of its own to what averages.
    const before = new Set(pruned(graph, [{ name: tensor, rest: [] }]).nodes);
    const behind = pruned(graph, [{ name: logits, rest: [] }]).nodes.filter((node) => !before.has(node));
    const layers = behind.filter(({ op }) => source_head_linear.has(op));
    if (classes === undefined || classes < 2 || layers.length > 1 || !behind.every(isPlain))
        return null;
    const averaged = model.graph.nodes.some(({ outputs }) => outputs.includes(averagedName(tensor)));
    const rename = (name) => (averaged && name === tensor ? averagedName(tensor) : name);
    const own = new Set(behind.flatMap(({ outputs }) => outputs));
    const read = new Set([...behind.flatMap(({ inputs }) => inputs), logits].filter((name) => name !== ''));
    const initializers = graph.initializers.filter(({ name }) => read.has(name));
    const constants = new Set(initializers.map(({ name }) => name));
    const inputs = [...read].filter((name) => !own.has(name) && !constants.has(name)).map(rename);
    const g = new GraphBuilder({
        name: 'head',
        nodes: behind.map((node) => ({ ...node, inputs: node.inputs.map(rename) })),
        inputs: inputs.map((name) => ({ name, tensor: { type: 'float32' }, rest: [] })),
        outputs: [],
        initializers,
        valueInfo: [],
        rest: [],
    });
    const flat = g.node('Flatten', [rename(logits)], { axis: 1 });
    g.output(g.node('Softmax', [flat], { axis: 1 }, output), ['N', classes]);
    const { irVersion, opsets } = whole;
    return { model: writeModel({ irVersion, opsets, graph: g.graph(), metadata: {}, rest: [] }), classes };
}
/** Numbers that the classifier gives an image. */
function classesOf(graph, layer, scores) {
    const weight = layer.inputs[1] ?? '';
    const origins = originsOf(graph);
    const width = ownWidth(layer, origins.constant(weight));
    if (width !== undefined)
        return width;
    // A MatMul with a matrix that is transposed first.
    const maker = origins.maker(weight);
    const dims = maker?.op === 'Transpose' ? origins.constant(maker.inputs[0] ?? '')?.dims : undefined;
    if (layer.op === 'MatMul' && dims?.length === 2)
        return dims[0];
    if (layer.op === 'Gemm' && dims?.length === 2)
        return dims[intAttribute(layer, 'transB', 0) === 1 ? 1 : 0];
    const declared = graph.outputs.find(({ name }) => name === scores)?.tensor?.dims;
    const last = declared?.length === 2 ? declared[1] : undefined;
    return typeof last === 'number' ? last : undefined;
}
/** Whether a node can be moved under other names: inner graphs read tensors by name. */
function isPlain({ domain, attributes }) {
    return domain === '' && Object.values(attributes).every(({ kind }) => kind !== 'graph' && kind !== 'graphs');
}
/** The name of a head's probabilities in {@link withHeads}. */
function headOutput(index) {
    return `head ${index}:${output}`;
}
/** A network reduced to its features, with its heads behind it: one run answers with both. */
function withHeads(model, heads) {
    if (heads.length === 0)
        return model;
    const { graph, ...rest } = (0,onnx_read/* readModel */.k)(model);
    const whole = {
        ...graph,
        nodes: [...graph.nodes],
        outputs: [...graph.outputs],
        initializers: [...graph.initializers],
    };
    for (const [index, head] of heads.entries()) {
        const part = (0,onnx_read/* readModel */.k)(head.model).graph;
        const given = new Set(['', ...part.inputs.map(({ name }) => name)]);
        // Two heads, or a head and its network, may use one name for two things.
        const rename = (name) => (given.has(name) ? name : `head ${index}:${name}`);
        for (const node of part.nodes)
            whole.nodes.push({
                ...node,
                name: `head ${index}:${node.name}`,
                inputs: node.inputs.map(rename),
                outputs: node.outputs.map(rename),
            });
        for (const tensor of part.initializers)
            whole.initializers.push({ ...tensor, name: rename(tensor.name) });
        for (const info of part.outputs)
            whole.outputs.push({ ...info, name: rename(info.name) });
    }
    return (0,write/* writeModel */.B)({ ...rest, graph: whole });
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
        try {
            for (const encoder of encoders) {
                // The runtime does not read shared memory.
                const model = Uint8Array.from(withHeads(encoder.model, encoder.heads ?? []));
                const opened = await (0,runtime_device/* openSession */.fA)(onnxruntime, model, { device, threads, name: encoder.name });
                open.push({ encoder, session: opened.session });
                wholly &&= opened.wholly;
            }
        }
        catch (error) {
            await releaseAll(open);
            throw error;
        }
        return new Networks(onnxruntime, open, wholly);
    }
    /**
     * Features of `images` images, one row after the other; each row goes on with the probabilities of the encoder's heads. A
     * head that gives something else than finite probabilities of its classes gives zeros.
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
        const [output, ...heads] = await this.#run(session, encoder, new this.#onnxruntime.Tensor('float32', data, layout === 'NCHW' ? [rows, channels, height, width] : [rows, height, width, channels]));
        if (!(output instanceof Float32Array) || output.length % rows !== 0 || output.length === 0)
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} was expected to give float32 features, the same number for each image.`);
        // A copy: the runtime keeps the memory of its outputs.
        const features = output.slice(0, (output.length / rows) * images);
        if (!features.every(Number.isFinite))
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} gives features that are not finite numbers. Check its preprocessing (range, mean, std) and its weights.`);
        const probabilities = heads.map((own, index) => {
            const { classes } = encoder.heads[index];
            const fits = own instanceof Float32Array && own.length === rows * classes && own.every(Number.isFinite);
            return { data: fits ? own : new Float32Array(rows * classes), columns: classes };
        });
        return sideBySide([{ data: features, columns: features.length / images }, ...probabilities], images);
    }
    /**
     * Gives back what the runtime holds. A thread that ends does it before: left to the end of the thread, sessions would be
     * taken apart while the thread's own memory is.
     */
    async close() {
        await releaseAll(this.#open.splice(0));
    }
    async #run(session, { name, input, output, heads = [] }, tensor) {
        try {
            const outputs = [output, ...heads.map((_, index) => headOutput(index))];
            const results = await session.run({ [input]: tensor }, outputs);
            return outputs.map((wanted) => results[wanted].data);
        }
        catch (error) {
            throw new errors/* TransferEvidenceError */.Bh('model-unsupported', `The network ${name} cannot be run: ${String(error.message).split('\n')[0]}`, { cause: error });
        }
    }
}
async function releaseAll(open) {
    for (const { session } of open)
        await session.release();
}
/** The first `rows` rows of several tables as those of one. */
function sideBySide(parts, rows) {
    if (parts.length === 1)
        return parts[0].data;
    const whole = parts.reduce((sum, { columns }) => sum + columns, 0);
    const out = new Float32Array(rows * whole);
    let from = 0;
    for (const { data, columns } of parts) {
        for (let row = 0; row < rows; row++)
            out.set(data.subarray(row * columns, (row + 1) * columns), row * whole + from);
        from += columns;
    }
    return out;
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
            void last.then(() => networks.close()).finally(() => port.close());
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
    const memory = new PlaneMemory();
    const asked = [];
    const decoded = [];
    let decoding = 0;
    let held = 0;
    // What an image under way is counted as: the largest so far, or a quarter of the room before anything is known.
    let largest;
    let computing = false;
    let computed = Promise.resolve();
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
                    if (!computing)
                        computed = compute();
                }
                start();
            });
        }
    };
    const compute = async () => {
        computing = true;
        try {
            for (let next = decoded.shift(); next !== undefined; next = decoded.shift()) {
                const { index, image } = next;
                const planes = setup.visual ? new Planes(image, memory) : null;
                const visual = planes && describeVisually(planes);
                const rows = prepare(image, setup.encoders, reused, planes);
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
            void computed.then(() => networks?.close()).finally(() => port.close());
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
 * the resizing, with each other and with the visual measures.
 */
function prepare(image, encoders, into, planes) {
    const keyOf = (to) => `${to.height} ${to.width} ${to.mode}`;
    const resized = new Map();
    if (planes)
        resized.set(keyOf(inputResizing), planes.atInput);
    return encoders.map((encoder, i) => {
        const { height, width } = encoder;
        const mode = encoder.preprocessing.resize;
        const key = keyOf({ height, width, mode });
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


/***/ }),

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


/***/ })

};
