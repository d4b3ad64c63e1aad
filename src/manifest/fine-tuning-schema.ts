import { z } from 'zod';
import { probeNames } from '../measures.ts';
import { duration } from './source-schema.ts';

export const probes = z
  .array(z.enum(probeNames))
  .min(1)
  .default(['linear', 'finetune'])
  .describe(
    'How performance on the target is measured. linear: a head on frozen features. finetune: the whole network is trained. last_block: its last block is. Where there are several, finetune decides before last_block, last_block before linear.',
  );

const onByDefault = (meaning: string) => z.boolean().default(true).describe(meaning);

const augment = z
  .strictObject({
    flip: onByDefault('Mirror half of the images left to right. Set false where left and right mean something.'),
    crop: onByDefault('Move images by a few pixels.'),
    brightness: onByDefault('Make images a little brighter or darker. Set false where brightness is the finding.'),
  })
  .prefault({})
  .describe('How training images are changed, for every candidate alike.');

export const fineTuning = z
  .strictObject({
    budget: duration
      .default('15m')
      .describe(
        'Time for all fine-tuning of this manifest, the pretraining of proxies included. When it is too short, all candidates alike get fewer seeds, then fewer learning rates, then fewer images.',
      ),
    seeds: z
      .int()
      .min(3)
      .max(20)
      .default(5)
      .describe(
        'Repeats, each with its own training, validation and test images. The budget may make them fewer, never below 3.',
      ),
    learning_rates: z
      .int()
      .min(1)
      .max(5)
      .default(3)
      .describe(
        'Learning rates tried for every candidate alike; each seed takes the one that validation images favour.',
      ),
    epochs: z.int().min(1).max(100).default(10).describe('Passes over the training images.'),
    batch: z.int().min(4).max(64).default(16).describe('Images in one training step.'),
    optimiser: z
      .enum(['sgd', 'adamw'])
      .default('sgd')
      .describe('sgd: stochastic gradient descent with momentum. adamw: Adam with decoupled weight decay.'),
    augment,
    proxy: z
      .enum(['residual', 'convnext', 'off'])
      .default('residual')
      .describe(
        'The small built-in network that is pretrained here on the labelled images of a candidate without weights. Such a proxy says something about the images, nothing about any published weights. off: none.',
      ),
  })
  .prefault({})
  .describe('How networks are trained for finetune and last_block.');
