import { seededRandom } from '../../src/random.ts';
import { writePicture } from './pictures.ts';

/** How the noise of a set of pictures looks: its mean grey value and its spread, of 255. */
export interface Look {
  grey: number;
  spread: number;
}

/** Draws `count` small pictures into a folder, the same ones for the same look. */
export async function drawImages(folder: string, count: number, { grey, spread }: Look): Promise<void> {
  for (let index = 0; index < count; index++) {
    const random = seededRandom(0, grey, spread, index);
    await writePicture(folder, `${index}.png`, [32, 32], () => {
      const value = Math.min(255, Math.max(0, Math.round(grey + spread * random.normal())));
      return [value, value, value];
    });
  }
}
