import type { InferenceSession } from 'onnxruntime-node';
import type { ImageRecord } from '../dataset/types.ts';
import { inputLength } from '../encoder/describe-protocol.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { networkInput } from '../encoder/network-pixels.ts';
import { TransferEvidenceError } from '../errors.ts';
import { decode } from '../image/decode.ts';
import { resize } from '../image/preprocess.ts';
import type { RawImage } from '../image/types.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { openSession } from '../runtime/device.ts';
import type { Natives } from '../runtime/natives.ts';
import { statisticsDivergence } from './gaussian-divergence.ts';
import { judgePreprocessing, leastImages, type PreprocessingFit, type SettingFit } from './preprocessing-fit.ts';
import { commonSettings, type PixelScaling } from './preprocessing-settings.ts';
import {
  type ImageStatistics,
  type NormalisationLayer,
  normalisationLayers,
  statisticsModel,
  statisticsOf,
} from './running-statistics.ts';

/** More find no more: 64 told channel orders apart as often as 32 did. */
const mostImages = 32;

/** Raised when the check judges otherwise. */
export const preprocessingCheckVersion = 1;

/** What the check found, or why it could not be made. */
export type PreprocessingCheck =
  | { outcome: 'unchecked'; why: 'no running statistics' | 'few images' | 'cannot be run'; images: number }
  | (PreprocessingFit & { images: number });

/**
 * Compares what the network's first batch normalisation sees of these images, under the declared preprocessing and under the common ones, with
 * the running statistics that it holds of its training images (see judgePreprocessing).
 * @param images of the network's source where there are any; of each group (patient) one is looked at
 */
export async function checkPreprocessing(
  encoder: Encoder,
  images: readonly ImageRecord[],
  { natives, seed, signal }: { natives: Natives; seed: number; signal?: AbortSignal | undefined },
): Promise<PreprocessingCheck> {
  const model = readModel(encoder.model);
  const layers = normalisationLayers(model, 1);
  const [layer] = layers;
  if (layer === undefined) return { outcome: 'unchecked', why: 'no running statistics', images: 0 };
  const used = onePerGroup(images);
  if (used.length < leastImages) return { outcome: 'unchecked', why: 'few images', images: used.length };

  const pictures: RawImage[] = [];
  const { height, width, preprocessing } = encoder;
  for (const { file } of used) {
    signal?.throwIfAborted();
    pictures.push(resize(await decode(natives.sharp!, file), { height, width, mode: preprocessing.resize }));
  }
  const onnxruntime = natives.onnxruntime!;
  try {
    const { session } = await openSession(onnxruntime, writeModel(statisticsModel(model, layers)), {
      device: 'cpu',
      threads: 1,
      name: encoder.name,
    });
    try {
      const look = async (scaling: PixelScaling): Promise<ImageStatistics[]> => {
        const seen: ImageStatistics[] = [];
        for (const picture of pictures) {
          signal?.throwIfAborted();
          const results = await session.run(inputFor(picture, encoder, scaling, onnxruntime.Tensor));
          seen.push(statisticsOf(results, layers)[0]!);
        }
        return seen;
      };
      const fits: SettingFit[] = [];
      for (const setting of commonSettings(encoder.channels === 1))
        fits.push(fitOf(setting, layer, await look(setting.scaling)));
      const declared = fitOf({ words: 'declared', scaling: preprocessing }, layer, await look(preprocessing));
      return { ...judgePreprocessing(layer, declared, fits, seed), images: used.length };
    } finally {
      await session.release();
    }
  } catch (error) {
    // The check is made beside the measurements: a network that its first layers alone cannot run may still be measured.
    if (signal?.aborted || !(error instanceof TransferEvidenceError || isRuntimeError(error))) throw error;
    return { outcome: 'unchecked', why: 'cannot be run', images: used.length };
  }
}

/** onnxruntime throws plain errors. */
function isRuntimeError(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

function fitOf(
  setting: Pick<SettingFit, 'words' | 'scaling'>,
  layer: NormalisationLayer,
  images: ImageStatistics[],
): SettingFit {
  return { ...setting, divergence: statisticsDivergence(layer, images), images };
}

function inputFor(
  picture: RawImage,
  encoder: Encoder,
  scaling: PixelScaling,
  Tensor: NonNullable<Natives['onnxruntime']>['Tensor'],
): InferenceSession.OnnxValueMapType {
  const { channels, height, width, layout, fixedBatch, input } = encoder;
  const rows = fixedBatch ?? 1;
  const preprocessing = { ...encoder.preprocessing, ...scaling };
  const pixels = networkInput(picture, { ...encoder, preprocessing }, new Float32Array(3 * height * width));
  const data = new Float32Array(rows * inputLength(encoder));
  for (let row = 0; row < rows; row++) data.set(pixels, row * pixels.length);
  const shape = layout === 'NCHW' ? [rows, channels, height, width] : [rows, height, width, channels];
  return { [input]: new Tensor('float32', data, shape) };
}

/** One image of each group, at most 32, spread over the whole list. */
function onePerGroup(images: readonly ImageRecord[]): ImageRecord[] {
  const first = [...new Map(images.toReversed().map((image) => [image.group, image])).values()].reverse();
  const step = Math.max(1, first.length / mostImages);
  return Array.from({ length: Math.min(first.length, mostImages) }, (_, i) => first[Math.floor(i * step)]!);
}
