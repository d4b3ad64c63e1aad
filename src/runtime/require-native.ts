import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

export type OnnxRuntime = typeof import('onnxruntime-node');
export type Sharp = typeof import('sharp').default;

/**
 * Loads a native package from the folder that loadNatives found it in. On its own, so that worker threads start without
 * everything that finding and installing needs.
 * @param folder that holds the package's node_modules
 */
export function requireNative(name: 'onnxruntime-node', folder: string): OnnxRuntime;
export function requireNative(name: 'sharp', folder: string): Sharp;
export function requireNative(name: 'onnxruntime-node' | 'sharp', folder: string): OnnxRuntime | Sharp;
export function requireNative(name: 'onnxruntime-node' | 'sharp', folder: string): OnnxRuntime | Sharp {
  return createRequire(join(resolve(folder), 'package.json'))(name);
}
