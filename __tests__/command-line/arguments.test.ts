import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/command-line/arguments.ts';
import { TransferEvidenceError } from '../../src/errors.ts';

function refusal(...args: string[]): string {
  try {
    readArguments(args);
  } catch (error) {
    expect(error).toBeInstanceOf(TransferEvidenceError);
    expect((error as TransferEvidenceError).code).toBe('input-invalid');
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

describe('the arguments', () => {
  it('have their defaults in one place', () => {
    expect(readArguments(['review', 'transfer.yml'])).toEqual({
      command: 'review',
      manifest: 'transfer.yml',
      out: 'transfer-evidence-report',
      format: 'text',
      seed: 0,
      device: 'auto',
      offline: false,
      dataRoots: [],
      store: undefined,
      natives: undefined,
    });
  });

  it('are all read', () => {
    const call = readArguments(
      'check m.yml --out o --format json --seed 7 --device cpu --offline --data-root a --data-root b --store s --runtime-path r'.split(
        ' ',
      ),
    );
    expect(call).toMatchObject({
      command: 'check',
      out: 'o',
      format: 'json',
      seed: 7,
      device: 'cpu',
      offline: true,
      dataRoots: ['a', 'b'],
      store: 's',
      natives: 'r',
    });
  });

  it('name the nearest word when one is misspelt', () => {
    expect(refusal('reveiw', 'm.yml')).toContain('did you mean review?');
    expect(refusal('check', '--sed', '3')).toContain('did you mean --seed');
    expect(refusal('check', '--device', 'gpu')).toContain('auto, cuda, webgpu, cpu');
  });

  it('refuse numbers that are none, and a second manifest', () => {
    for (const bad of ['1.5', 'x', '', '1e99'])
      expect(refusal('check', '--seed', bad)).toContain('--seed is a whole number');
    expect(refusal('check', '--seed=-1')).toContain('--seed is a whole number');
    expect(refusal('check', 'a.yml', 'b.yml')).toContain('b.yml');
  });

  it('ask for help when there is nothing to do', () => {
    expect(readArguments([])).toBe('help');
    expect(readArguments(['--help'])).toBe('help');
    expect(readArguments(['check', '-h'])).toBe('help');
    expect(readArguments(['--version'])).toBe('version');
  });
});
