/**
 * A published dataset under the names that people write, lower case, without anything but letters and digits. `holds`: others whose images it
 * has, wholly or in part. Only what the datasets' own papers or pages say; a dataset that is missing here is compared by its name alone.
 */
interface KnownDataset {
  names: readonly string[];
  holds?: readonly string[];
}

export const knownDatasets = {
  // Deng 2009; Russakovsky 2015. ImageNet-21k is the whole of which ImageNet-1k is the part of the challenges of 2012 to 2017.
  'ImageNet-1k': { names: ['imagenet', 'imagenet1k', 'in1k', 'ilsvrc', 'ilsvrc2012', 'ilsvrc12', 'imagenet2012'] },
  'ImageNet-21k': { names: ['imagenet21k', 'imagenet22k', 'in21k', 'in22k'], holds: ['ImageNet-1k'] },
  'Tiny ImageNet': { names: ['tinyimagenet', 'tinyimagenet200'], holds: ['ImageNet-1k'] },
  'ImageNet-100': { names: ['imagenet100'], holds: ['ImageNet-1k'] },
  Imagenette: { names: ['imagenette', 'imagewoof'], holds: ['ImageNet-1k'] },
  // Other images under similar names (Recht 2019, Hendrycks 2019 and 2021, Wang 2019).
  'ImageNet-V2': { names: ['imagenetv2'] },
  'ImageNet-A': { names: ['imageneta'] },
  'ImageNet-O': { names: ['imageneto'] },
  'ImageNet-R': { names: ['imagenetr'] },
  'ImageNet-Sketch': { names: ['imagenetsketch'] },
  // Mei 2022: radiographs, CT, MRI and ultrasound; no photographs.
  RadImageNet: { names: ['radimagenet'] },
  Ecoset: { names: ['ecoset'] },
  // Krizhevsky 2009: disjoint classes, both from the 80 million tiny images.
  'CIFAR-10': { names: ['cifar10'] },
  'CIFAR-100': { names: ['cifar100'] },
  'STL-10': { names: ['stl10'] },
  // Wang 2017: ChestX-ray14 has the images of ChestX-ray8.
  'NIH ChestX-ray': {
    names: ['chestxray14', 'chestxray8', 'cxr14', 'cxr8', 'nihcxr', 'nihchestxray', 'nihchestxray14', 'nihchestxrays'],
  },
  // Yang 2023, section “Data”: each of MedMNIST’s sets is made from these.
  ChestMNIST: { names: ['chestmnist'], holds: ['NIH ChestX-ray'] },
  PathMNIST: { names: ['pathmnist'], holds: ['NCT-CRC-HE'] },
  DermaMNIST: { names: ['dermamnist'], holds: ['HAM10000'] },
  PneumoniaMNIST: { names: ['pneumoniamnist'], holds: ['Kermany chest X-ray'] },
  OCTMNIST: { names: ['octmnist'], holds: ['Kermany OCT'] },
  BreastMNIST: { names: ['breastmnist'], holds: ['BUSI'] },
  // The page of MedNIST names the NIH chest X-rays among what it was gathered from.
  MedNIST: { names: ['mednist'], holds: ['NIH ChestX-ray'] },
  CheXpert: { names: ['chexpert', 'chexpertsmall'] },
  'MIMIC-CXR': { names: ['mimiccxr', 'mimiccxrjpg'] },
  PadChest: { names: ['padchest'] },
  'Kermany chest X-ray': { names: ['kermanycxr', 'chestxraypneumonia'] },
  'Kermany OCT': { names: ['kermanyoct', 'oct2017'] },
  BUSI: { names: ['busi'] },
  // Tschandl 2018; the challenges of 2018 and 2019 use it.
  HAM10000: { names: ['ham10000', 'isic2018'] },
  'ISIC 2019': { names: ['isic2019'], holds: ['HAM10000'] },
  // Veeling 2018: patches of Camelyon16.
  Camelyon16: { names: ['camelyon16'] },
  PatchCamelyon: { names: ['pcam', 'patchcamelyon'], holds: ['Camelyon16'] },
  Camelyon17: { names: ['camelyon17'] },
  'NCT-CRC-HE': { names: ['nctcrche', 'nctcrche100k', 'nctcrc', 'crche100k'] },
  LC25000: { names: ['lc25000'] },
  BreakHis: { names: ['breakhis'] },
  'iNaturalist 2017': { names: ['inat2017', 'inaturalist2017'] },
  'iNaturalist 2021': { names: ['inat2021', 'inaturalist2021'] },
  COCO: { names: ['coco', 'mscoco', 'coco2017', 'coco2014'] },
  // Chowdhery 2019: a relabelling of COCO’s images.
  'Visual Wake Words': { names: ['vww', 'visualwakewords'], holds: ['COCO'] },
  Places365: { names: ['places365'] },
  MNIST: { names: ['mnist'] },
  EMNIST: { names: ['emnist'] },
  'Fashion-MNIST': { names: ['fashionmnist'] },
} as const satisfies Record<string, KnownDataset>;

export type KnownName = keyof typeof knownDatasets;

const byName = new Map<string, KnownName>(
  Object.entries(knownDatasets).flatMap(([known, { names }]) =>
    names.map((name) => [name, known as KnownName] as const),
  ),
);

/** Words that turn a dataset’s name into that of something else. */
const otherwise = new Set(['like', 'style', 'styled', 'not', 'no', 'non', 'without', 'except', 'c', 'p', 'synthetic']);

/** Words that may stand beside the name of a dataset that is itself meant, not one that was pretrained on it. */
const neutral = new Set(
  'the a data dataset set images image train training val valid validation test subset small mini full official extra lung colon jpg png'.split(
    ' ',
  ),
);

/**
 * The known datasets that a text names (`resnet20_cifar10.onnx`, `NIH ChestX-ray14`), the longest name first: “tiny-imagenet” is not “imagenet”.
 * @param whole whether the text must name one dataset and nothing else but words such as “subset” or “train”
 */
export function datasetsNamed(text: string, { whole }: { whole: boolean }): KnownName[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/gu) ?? [];
  const found: KnownName[] = [];
  const rest: string[] = [];
  for (let from = 0; from < words.length; ) {
    const length = [4, 3, 2, 1].find(
      (count) => from + count <= words.length && byName.has(words.slice(from, from + count).join('')),
    );
    if (length === undefined) rest.push(words[from++]!);
    else {
      found.push(byName.get(words.slice(from, from + length).join(''))!);
      from += length;
    }
  }
  if (rest.some((word) => otherwise.has(word))) return [];
  if (whole && (new Set(found).size !== 1 || rest.some((word) => !neutral.has(word)))) return [];
  return [...new Set(found)];
}

/** Whether images of one dataset are, wholly or in part, images of the other. */
export function shareImages(a: KnownName, b: KnownName): boolean {
  const reach = (name: KnownName): Set<string> => {
    const all = new Set<string>([name]);
    for (const one of all)
      for (const held of (knownDatasets[one as KnownName] as KnownDataset).holds ?? []) all.add(held);
    return all;
  };
  return reach(a).has(b) || reach(b).has(a);
}
