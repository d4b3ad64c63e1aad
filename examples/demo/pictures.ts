import { type Random, seededRandom } from '../../src/random.ts';

/** Side of a generated picture in pixels. */
export const side = 96;

/** Four small image worlds in the manner of the studies that this tool is for. Every picture follows from its seed. */
export const worlds = { films, tissue, photographs, textures } as const;
export type World = keyof typeof worlds;

/** RGB bytes of one picture; `kind` is the index of its class. */
export function picture(world: World, kind: number, index: number): Uint8Array {
  return worlds[world](kind, seededRandom(20, world, kind, index));
}

type Pixel = (x: number, y: number) => [number, number, number];

function paint(pixel: Pixel, random: Random, grain: number): Uint8Array {
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const noise = random.normal() * grain;
      const rgb = pixel(x / side, y / side);
      for (let c = 0; c < 3; c++)
        data[(y * side + x) * 3 + c] = Math.max(0, Math.min(255, Math.round(rgb[c]! + noise)));
    }
  return data;
}

/** Smooth noise in [0, 1] with `cells` cells a side and `octaves` octaves, each half as strong as the one before. */
function clouds(random: Random, cells: number, octaves: number): (x: number, y: number) => number {
  const layers = Array.from({ length: octaves }, (_, octave) => {
    const n = cells * 2 ** octave + 2;
    const grid = Float64Array.from({ length: n * n }, () => random.next());
    return { n, scale: cells * 2 ** octave, grid, weight: 0.5 ** octave };
  });
  const total = layers.reduce((sum, { weight }) => sum + weight, 0);
  return (x, y) => {
    let sum = 0;
    for (const { n, scale, grid, weight } of layers) {
      const [u, v] = [Math.abs(x) * scale, Math.abs(y) * scale];
      const [i, j] = [Math.min(n - 2, Math.floor(u)), Math.min(n - 2, Math.floor(v))];
      const [s, t] = [ease(u - i), ease(v - j)];
      const at = (a: number, b: number) => grid[(j + b) * n + i + a]!;
      sum += weight * ((at(0, 0) * (1 - s) + at(1, 0) * s) * (1 - t) + (at(0, 1) * (1 - s) + at(1, 1) * s) * t);
    }
    return sum / total;
  };
}

const ease = (t: number) => Math.min(1, t) ** 2 * (3 - 2 * Math.min(1, t));
const bump = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
  Math.exp(-(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2));
const between = (random: Random, low: number, high: number) => low + (high - low) * random.next();

/** Grey chest-film-like pictures: two dark fields, ribs, a bright middle; kind 1 has an opacity in one field. */
function films(kind: number, random: Random): Uint8Array {
  const lean = between(random, -0.03, 0.03);
  const size = between(random, 0.15, 0.2);
  const ribs = between(random, 16, 22);
  const texture = clouds(random, 6, 3);
  const spot = { x: random.next() < 0.5 ? 0.3 : 0.7, y: between(random, 0.35, 0.65), r: between(random, 0.07, 0.12) };
  const opacity = kind === 1 ? between(random, 50, 95) : 0;
  return paint(
    (x, y) => {
      const lungs = bump(x + lean, y, 0.3, 0.48, size, 0.32) + bump(x + lean, y, 0.7, 0.48, size, 0.32);
      const rib = 12 * Math.cos(ribs * (y * 2 * Math.PI * 0.5 + (x - 0.5) ** 2)) * lungs;
      const v = 175 - 120 * lungs + rib + 35 * texture(x, y) + opacity * bump(x, y, spot.x, spot.y, spot.r, spot.r);
      return [v, v, v];
    },
    random,
    5,
  );
}

/** Stained-tissue-like pictures: pink ground, violet nuclei; kind 1 is crowded. */
function tissue(kind: number, random: Random): Uint8Array {
  const ground = clouds(random, 5, 4);
  const nuclei = Array.from({ length: kind === 1 ? 42 : 16 }, () => ({
    x: random.next(),
    y: random.next(),
    rx: between(random, 0.018, 0.04),
    ry: between(random, 0.018, 0.04),
  }));
  return paint(
    (x, y) => {
      const g = ground(x, y);
      const stain = Math.min(
        1,
        nuclei.reduce((sum, n) => sum + bump(x, y, n.x, n.y, n.rx, n.ry), 0),
      );
      return [238 - 40 * g - 125 * stain, 190 - 80 * g - 110 * stain, 215 - 30 * g - 55 * stain];
    },
    random,
    4,
  );
}

/** Photograph-like pictures: a sky, a ground and coloured things in front; kind 1 has round things, kind 0 angular ones. */
function photographs(kind: number, random: Random): Uint8Array {
  const horizon = between(random, 0.35, 0.65);
  const sky = clouds(random, 3, 4);
  const soil = clouds(random, 8, 4);
  const hue = [between(random, 60, 140), between(random, 90, 160), between(random, 50, 110)] as const;
  const things = Array.from({ length: 3 + random.integer(4) }, () => ({
    x: random.next(),
    y: between(random, 0.3, 0.9),
    r: between(random, 0.06, 0.18),
    colour: [random.integer(256), random.integer(256), random.integer(256)] as const,
  }));
  return paint(
    (x, y) => {
      const s = sky(x, y);
      const g = soil(x, y);
      let rgb: [number, number, number] =
        y < horizon
          ? [120 + 110 * s, 160 + 80 * s, 225 + 25 * s]
          : [hue[0] * (0.5 + g), hue[1] * (0.5 + g), hue[2] * (0.5 + g)];
      for (const { x: cx, y: cy, r, colour } of things) {
        const inside = kind === 1 ? Math.hypot(x - cx, y - cy) < r : Math.max(Math.abs(x - cx), Math.abs(y - cy)) < r;
        const shade = 0.6 + 0.4 * ((cx + r - x) / (2 * r));
        if (inside) rgb = [colour[0] * shade, colour[1] * shade, colour[2] * shade];
      }
      return rgb;
    },
    random,
    3,
  );
}

/** Grey texture-like pictures: waves in one direction (kind 0) or cloth of two (kind 1). */
function textures(kind: number, random: Random): Uint8Array {
  const angle = random.next() * Math.PI;
  const waves = between(random, 5, 14);
  const bend = clouds(random, 3, 3);
  const phase = random.next() * 6;
  return paint(
    (x, y) => {
      const b = bend(x, y);
      const u = x * Math.cos(angle) + y * Math.sin(angle);
      const v = y * Math.cos(angle) - x * Math.sin(angle);
      const first = Math.sin(2 * Math.PI * waves * u + 5 * b + phase);
      const second = kind === 1 ? Math.sin(2 * Math.PI * waves * v + 5 * b) : 0;
      const value = 125 + 45 * first + 35 * second + 60 * (b - 0.5);
      return [value, value, value];
    },
    random,
    6,
  );
}
