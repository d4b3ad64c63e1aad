import { describe, expect, it } from 'vitest';
import { formatCount, formatEstimate, formatFactor, formatLevel, formatValue } from '../../src/verdict/numbers.ts';

describe('numbers', () => {
  it('shows scores and their differences in points with one decimal', () => {
    expect(formatValue('probe.linear', 0.6731)).toBe('67.3 points');
    expect(formatEstimate('probe.linear', { value: 0.008, low: -0.0071, high: 0.0241 }, { signed: true })).toBe(
      '+0.8 points [−0.7, +2.4]',
    );
  });

  it('never writes a signed zero', () => {
    expect(formatEstimate('probe.linear', { value: -0.0001, low: -0.0004, high: 0.0001 }, { signed: true })).toBe(
      '0.0 points [0.0, 0.0]',
    );
  });

  it('shows a distance as precisely as its interval is wide', () => {
    expect(formatEstimate('embedding.mmd', { value: 0.03123, low: 0.0231, high: 0.0393 })).toBe(
      '0.0312 [0.0231, 0.0393]',
    );
    expect(formatEstimate('embedding.fid', { value: 1234.56, low: 1100, high: 1400 }, { unit: false })).toBe(
      '1,235 [1,100, 1,400]',
    );
    expect(formatEstimate('visual.lightness', { value: 3.1234, low: 2, high: 4.3 })).toBe('3.1 ΔE [2.0, 4.3]');
  });

  it('tells numbers that would be rows of zeros as below 0.0001, and keeps the signs of differences', () => {
    const tiny = { value: 0.000025, low: 0.0000012, high: 0.000059 };
    expect(formatEstimate('visual.green_red', tiny)).toBe('<0.0001 ΔE');
    expect(formatEstimate('transferability.gbc', { value: -3e-11, low: -5e-11, high: 1e-11 })).toBe(
      '−3.0 [−5.0, 0.0] × 10⁻¹¹',
    );
    expect(formatEstimate('embedding.mmd', { value: -0.000015, low: -0.00004, high: 0.00001 })).toBe('<0.0001');
    const difference = { value: -0.000031, low: -0.000051, high: -0.000011 };
    expect(formatEstimate('embedding.mmd', difference, { signed: true })).toBe('−3.1 [−5.1, −1.1] × 10⁻⁵');
    expect(formatEstimate('visual.green_red', difference, { signed: true })).toBe('−3.1 [−5.1, −1.1] × 10⁻⁵ ΔE');
    expect(formatEstimate('embedding.mmd', { value: 2.4e-11, low: 1e-12, high: 4.7e-11 }, { signed: true })).toBe(
      '+2.4 [+0.1, +4.7] × 10⁻¹¹',
    );
    expect(formatValue('embedding.mmd', 0.00005)).toBe('5.00 × 10⁻⁵');
  });

  it('writes small numbers out as long as their zeros can be read', () => {
    expect(formatEstimate('visual.texture', { value: 0.0001, low: 0.00001, high: 0.00033 }, { unit: false })).toBe(
      '0.00010 [0.00001, 0.00033]',
    );
    expect(formatEstimate('embedding.cmmd', { value: 0.000001, low: -0.00009, high: 0.00018 })).toBe(
      '0 [−0.00009, 0.00018]',
    );
    expect(formatEstimate('visual.high_frequency', { value: 0.000201, low: 0.000141, high: 0.000262 })).toBe(
      '0.00020 share [0.00014, 0.00026]',
    );
    expect(formatEstimate('embedding.mmd', { value: 0.5, low: 0.4999999, high: 0.5000001 })).toBe(
      '0.50000 [0.50000, 0.50000]',
    );
    expect(formatEstimate('embedding.mmd', { value: 0, low: 0, high: 0 })).toBe('0.0 [0.0, 0.0]');
  });

  it('ends the interval of a share where shares end, and that of a difference where it ends', () => {
    const wide = { value: 0.99, low: 0.96, high: 1.02 };
    expect(formatEstimate('embedding.coverage', wide, { unit: false })).toBe('0.990 [0.960, 1.000]');
    expect(formatEstimate('embedding.coverage', wide, { unit: false, signed: true })).toBe('+0.990 [+0.960, +1.020]');
    expect(formatEstimate('embedding.density', wide, { unit: false })).toBe('0.990 [0.960, 1.020]');
  });

  it('keeps levels, counts and factors short', () => {
    expect(formatLevel(1 - 0.05 / 3)).toBe('98.33 %');
    expect(formatLevel(0.95)).toBe('95 %');
    expect(formatCount(1281167)).toBe('1,281,167');
    expect(formatFactor(2.41)).toBe('2.4');
    expect(formatFactor(23.7)).toBe('24');
  });
});
