import { spawnSync } from 'node:child_process';

/** The networks, batches and sizes that are compared. */
export const cases = [
  { network: 'resnet18', batch: 32, size: 64 },
  { network: 'resnet18', batch: 16, size: 112 },
  { network: 'mobilenet_v2', batch: 32, size: 64 },
  { network: 'mobilenet_v2', batch: 16, size: 112 },
] as const;
export type Case = (typeof cases)[number];

export const classes = 10;
export const threads = 2;

/** A python3 that has PyTorch and torchvision; undefined where there is none. */
export function pythonWithTorch(): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import torch, torchvision'], { stdio: 'ignore' }).status === 0,
  );
}

/** Batch norm folded into the convolutions, as in the exported files, so that both sides train the same weights. */
const networks = `
import json, resource, sys, time, torch, torchvision
from torch import nn
from torch.fx.experimental.optimization import fuse
torch.set_num_threads(${threads})
def network(name):
    torch.manual_seed(0)
    return getattr(torchvision.models, name)(num_classes=${classes}, **({} if name.startswith("resnet") else {"dropout": 0.0}))
`;

const exporting = `${networks}
folder = sys.argv[1]
for name in sys.argv[2:]:
    torch.onnx.export(network(name).eval(), torch.randn(1, 3, 64, 64), f"{folder}/{name}.onnx", input_names=["input"], output_names=["logits"],
                      opset_version=16, dynamic_axes={"input": {0: "batch", 2: "height", 3: "width"}, "logits": {0: "batch"}})
`;

const stepping = `${networks}
name, batch, size, seconds, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
found = []
for layout in (torch.contiguous_format, torch.channels_last):
    net = fuse(network(name).eval()).to(memory_format=layout)
    for p in net.parameters(): p.requires_grad_(True)
    x = torch.randn(batch, 3, size, size).to(memory_format=layout); y = torch.arange(batch) % ${classes}
    optimiser = torch.optim.SGD(net.parameters(), 1e-3, momentum=.9); times = []
    end = time.perf_counter() + seconds / 2
    while len(times) < steps or time.perf_counter() < end:
        start = time.perf_counter()
        optimiser.zero_grad(); nn.functional.cross_entropy(net(x), y).backward(); optimiser.step()
        times.append(time.perf_counter() - start)
    times = sorted(times[2:])
    found.append((times[0], times[len(times) // 2]))
    if len(sys.argv) > 6: break
best, median = min(found)
print(json.dumps(dict(best=best * 1e3, median=median * 1e3, peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))
`;

function run(python: string, program: string, args: readonly (string | number)[]): string {
  const { status, stdout, stderr } = spawnSync(python, ['-c', program, ...args.map(String)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`PyTorch ended with ${status}:\n${stderr}`);
  return stdout;
}

/** Writes resnet18.onnx and mobilenet_v2.onnx with random weights. */
export function exportNetworks(python: string, folder: string): void {
  run(python, exporting, [folder, ...new Set(cases.map(({ network }) => network))]);
}

export interface Steps {
  /** Milliseconds a step. */
  best: number;
  median: number;
  /** Most memory of the process, MB. */
  peak: number;
}

/** Steps of SGD with momentum over all weights, in the better of PyTorch's two layouts, or only in the first. */
export function torchSteps(
  python: string,
  { network, batch, size }: Case,
  { seconds = 0, steps = 5, firstLayout = false }: { seconds?: number; steps?: number; firstLayout?: boolean },
): Steps {
  return JSON.parse(run(python, stepping, [network, batch, size, seconds, steps, ...(firstLayout ? ['first'] : [])]));
}
