import { describe, expect, it } from 'vitest';
import type { CardFacts } from '../../src/card/facts.ts';
import { recogniseCard } from '../../src/card/recognise.ts';

function factsOf(text: string): CardFacts {
  const bytes = Buffer.from(text);
  const found = recogniseCard(bytes, bytes.length);
  if (found === 'nothing' || 'why' in found) throw new Error(JSON.stringify(found));
  return found.facts;
}

describe('a Hugging Face dataset card', () => {
  const features = (dtype: string) =>
    `dataset_info:\n  features:\n    - name: image\n      dtype: image\n    - name: label\n${dtype}`;
  const classes =
    "      dtype:\n        class_label:\n          names:\n            '0': no finding\n            '10': last\n            '2': effusion\n";

  it('gives name, licence, labels in their order, counts, task and what its tags say', () => {
    const facts = factsOf(
      `---\npretty_name: Films of 2021\nlicense: cc-by-4.0\ntags: [chest x-ray, medical, "arxiv:1705.02315", "region:us"]\nsource_datasets: [original, extended|other-chexpert]\n${features(classes)}  splits:\n    - {name: train, num_examples: 900}\n    - {name: test, num_examples: 100}\n---\n# Films\n`,
    );
    expect(facts).toMatchObject({
      kind: 'dataset',
      names: ['Films of 2021'],
      license: 'cc-by-4.0',
      modality: ['projection radiography'],
      bodyPart: ['CHEST'],
      labels: ['no finding', 'effusion', 'last'],
      classes: 3,
      task: 'multiclass',
      images: { least: 1000, most: 1000 },
      madeFrom: ['chexpert'],
    });
  });

  it('is multilabel by a list of classes or by its task id, and binary by two', () => {
    const two = "      dtype:\n        class_label:\n          names: ['no', 'yes']\n";
    const list = "      sequence:\n        class_label:\n          names: ['a', 'b']\n";
    expect(factsOf(`---\n${features(two)}---\n`).task).toBe('binary');
    expect(factsOf(`---\n${features(list)}---\n`).task).toBe('multilabel');
    expect(factsOf('---\ntask_ids: [multi-label-image-classification]\n---\n').task).toBe('multilabel');
    expect(factsOf('---\ntask_categories: [image-classification]\n---\n').task).toBeNull();
  });

  it.each([
    ['n<1K', { least: 1, most: 1000 }],
    ['10K<n<100K', { least: 10_000, most: 100_000 }],
    ['[1K<n<10K, 10K<n<100K]', { least: 1000, most: 100_000 }],
    ['many', null],
  ])('has the size %s', (size, images) => {
    expect(factsOf(`---\nsize_categories: ${size}\n---\n`).images).toEqual(images);
  });

  it('says nothing of the images where several configurations or features do, or the rows are no images', () => {
    const two = 'dataset_info:\n  - {config_name: a, splits: [{name: t, num_examples: 5}]}\n  - {config_name: b}\n';
    expect(factsOf(`---\n${two}---\n`)).toMatchObject({ images: null, labels: [] });
    const rows = 'dataset_info:\n  features: [{name: text, dtype: string}]\n  splits: [{name: t, num_examples: 5}]\n';
    expect(factsOf(`---\n${rows}---\n`).images).toBeNull();
  });

  it('takes the name of another licence and not that it is unknown', () => {
    expect(factsOf('---\nlicense: other\nlicense_name: stanford-rua\n---\n').license).toBe('stanford-rua');
    expect(factsOf('---\nlicense: [unknown]\n---\n').license).toBeNull();
  });
});

describe('a Hugging Face model card', () => {
  it('gives what the network was trained on and began as, and not what it was tested on', () => {
    const facts = factsOf(
      '---\nlicense: apache-2.0\nlibrary_name: timm\ndatasets: [imagenet-1k, hospital/films]\nbase_model: google/vit-base-patch16-224-in21k\nmodel-index:\n  - name: x\n    results:\n      - dataset: {type: cifar10, name: CIFAR-10}\n---\n',
    );
    expect(facts).toMatchObject({
      kind: 'network',
      license: 'apache-2.0',
      trainedOn: ['imagenet-1k', 'hospital/films'],
      madeFrom: ['google/vit-base-patch16-224-in21k'],
      names: [],
    });
  });
});

describe('a Croissant file', () => {
  const enumeration = (id: string, names: string[], field = 'name') => ({
    '@type': 'cr:RecordSet',
    '@id': id,
    dataType: 'sc:Enumeration',
    data: names.map((name, at) => ({ [`${id}/id`]: at, [`${id}/${field}`]: name })),
  });
  const splits = { '@type': 'cr:RecordSet', '@id': 'splits', dataType: 'cr:Split', data: [{ 'splits/name': 'train' }] };

  it('of 1.0 gives name, licence, DOI, keywords, labels and warnings', () => {
    const facts = factsOf(
      JSON.stringify({
        '@context': { '@vocab': 'https://schema.org/', cr: 'http://mlcommons.org/croissant/' },
        '@type': 'sc:Dataset',
        name: 'slices',
        conformsTo: 'http://mlcommons.org/croissant/1.0',
        license: 'https://creativecommons.org/licenses/by/4.0/',
        url: 'https://huggingface.co/datasets/lab/slices',
        identifier: { '@type': 'PropertyValue', '@id': 'https://doi.org/10.1148/dataset.ratic.2024' },
        citeAs: '@article{x, doi={10.1038/paper}}',
        keywords: ['CT', 'brain tumor classification', 'hand-written digits', 'pets'],
        'rai:dataBiases': ['One hospital.', 'Adults only.'],
        recordSet: [splits, enumeration('classes', ['glioma', 'meningioma'])],
      }),
    );
    expect(facts).toMatchObject({
      names: ['slices', 'lab/slices'],
      license: 'https://creativecommons.org/licenses/by/4.0/',
      doi: '10.1148/dataset.ratic.2024',
      modality: ['CT'],
      bodyPart: ['BRAIN'],
      labels: ['glioma', 'meningioma'],
      classes: 2,
      cautions: [{ subject: 'biases', text: 'One hospital. Adults only.' }],
    });
  });

  it('is read with whole addresses for keys, in @graph, and with values by language (1.1)', () => {
    const facts = factsOf(
      JSON.stringify({
        '@graph': [
          { '@type': 'Person', name: 'A' },
          {
            '@type': ['https://schema.org/Dataset'],
            'http://schema.org/name': { '@value': 'films' },
            'https://schema.org/license': { '@type': 'CreativeWork', name: 'CC0' },
            'https://schema.org/keywords': 'mammography, breast',
            'http://mlcommons.org/croissant/recordSet': { ...enumeration('kinds', ['a', 'b', 'c'], 'label') },
          },
        ],
      }),
    );
    expect(facts).toMatchObject({
      names: ['films'],
      license: 'CC0',
      modality: ['MG'],
      bodyPart: ['BREAST'],
      labels: ['a', 'b', 'c'],
    });
    expect(factsOf('{"@type": "sc:Dataset", "name": {"de": "Bilder", "en": "Images"}}').names).toEqual(['Images']);
  });

  it('takes of several enumerations the one that a label refers to, and none without', () => {
    const sets = [enumeration('sexes', ['f', 'm']), enumeration('kinds', ['a', 'b', 'c'])];
    const records = {
      '@type': 'cr:RecordSet',
      field: [{ dataType: ['sc:Integer', 'cr:Label'], references: { field: { '@id': 'kinds/id' } } }],
    };
    const card = (recordSet: unknown[]) => factsOf(JSON.stringify({ '@type': 'sc:Dataset', recordSet }));
    expect(card(sets).labels).toEqual([]);
    expect(card([...sets, records]).labels).toEqual(['a', 'b', 'c']);
  });
});

describe('an RSNA ATLAS card', () => {
  const card = (dataset: object) =>
    factsOf(JSON.stringify({ $schema: 'https://atlas.rsna.org/schemas/2025-11/dataset.json', Dataset: dataset }));
  const partition = (name: string, images: number, patients?: number) => ({
    Partition: name,
    Total: { 'Image count': images, ...(patients === undefined ? {} : { 'Patient count': patients }) },
  });

  it('gives name, DOI, licence, modalities, body parts, counts and warnings', () => {
    const facts = card({
      Name: 'Bone ages',
      Link: 'https://doi.org/10.1148/dataset.bone.2024',
      Indexing: { Content: ['MK', 'CH', 'CT'], Keywords: ['hand'] },
      Descriptors: { License: { Text: 'Non-commercial use', URL: 'https://example.org/l' } },
      Imaging: {
        Modalities: [
          'Computed radiography (RID10349)',
          'Panographic radiograph (RID10360)',
          'Strain imaging (RID10933)',
        ],
        'Burned-in PHI': 'Yes',
      },
      'Dataset properties': { Noise: 'Some films are turned.' },
      Partitions: [partition('Training', 12_611, 12_000), partition('Test', 200, 190)],
    });
    expect(facts).toMatchObject({
      names: ['Bone ages'],
      doi: '10.1148/dataset.bone.2024',
      license: 'Non-commercial use',
      modality: ['CR', 'PX', 'Strain imaging'],
      bodyPart: ['HAND'],
      images: { least: 12_811, most: 12_811 },
      patients: 12_190,
    });
    expect(facts.cautions.map(({ subject }) => subject)).toEqual([
      'health information burned into the pixels',
      'noise and errors',
    ]);
  });

  it('takes content codes that name a modality or an organ where nothing else does', () => {
    expect(card({ Name: 'Some', Indexing: { Content: ['ER', 'CT', 'CH'] } })).toMatchObject({
      modality: ['CT'],
      bodyPart: ['CHEST'],
    });
  });

  it('adds up partitions only where none may hold another', () => {
    expect(card({ Partitions: [partition('Training', 10), partition('Development', 20)] }).images).toBeNull();
    expect(card({ Partitions: [partition('Training', 10), partition('Training', 20)] }).images).toBeNull();
    expect(card({ Partitions: [partition('Training', 10), { Partition: 'Test' }] }).images).toBeNull();
    expect(card({ Partitions: [partition('Other', 10)] }).images).toEqual({ least: 10, most: 10 });
  });

  it('of a network gives its licence', () => {
    const model = { Name: 'Net', Descriptors: { License: { URL: 'https://spdx.org/licenses/MIT' } } };
    const text = JSON.stringify({ $schema: 'https://atlas.rsna.org/schemas/2025-11/model.json', Model: model });
    expect(factsOf(text)).toMatchObject({ kind: 'network', license: 'https://spdx.org/licenses/MIT', names: [] });
  });
});
