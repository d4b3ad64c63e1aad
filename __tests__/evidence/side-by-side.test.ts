import { describe, expect, it } from 'vitest';
import { sideBySideOn } from '../../src/evidence/side-by-side.ts';

const small = { channels: 3, height: 32, width: 32, parameters: 3e5 } as const;
const large = { channels: 3, height: 224, width: 224, parameters: 25e6 } as const;
const target = { images: 500, batch: 16 };

describe('runs side by side', () => {
  it('are as many as there are cores where networks are small', () => {
    expect(sideBySideOn({ cores: 4, freeBytes: 6e9 }, [small], target)).toBe(4);
  });

  it('are fewer where the largest network would not fit as often, and never none', () => {
    const on = (freeBytes: number) => sideBySideOn({ cores: 16, freeBytes }, [small, large], target);
    // 600 kB an image: 301 MB of pixels, 2.4 GB of a step, 0.8 GB of weights, 0.2 GB of everything else.
    expect([on(3e9), on(12e9), on(13e9), on(1e11)]).toEqual([1, 1, 2, 16]);
  });
});
