import type { RunningDevice } from '../runtime/device.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { blockOfThisProcessor } from './blocked-support.ts';
import type { Ops } from './ops.ts';

/** What Ops is told of the machine that the graph will run on. */
export type Lowering = NonNullable<ConstructorParameters<typeof Ops>[1]>;

/** The fastest one that is right: on a processor the runtime's own blocked layout, where its self-check allows it. */
export async function loweringFor(device: RunningDevice, runtime: OnnxRuntime): Promise<Lowering> {
  return device === 'cpu' ? { block: await blockOfThisProcessor(runtime) } : { portable: true };
}
