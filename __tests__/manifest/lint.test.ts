import { describe, expect, it } from 'vitest';
import { glossary } from '../../src/manifest/glossary.ts';
import { lint } from '../../src/manifest/lint.ts';
import { smallestManifest } from '../../src/manifest/smallest.ts';
import { measureNames } from '../../src/measures.ts';
import { changed, sample, sampleReason, valid } from './sample.ts';

function problemsOf(source: string, today = '2026-01-01') {
  const { manifest, locate } = valid(source);
  return lint(manifest, locate, today);
}
const fired = (source: string) => problemsOf(source).map(({ rule, path }) => `${rule} ${path}`);
const reason = (text: string) => sample(`justification: ${JSON.stringify(text)}\n`);
const full = (summary: string, rest: string) => sample(`justification:\n  summary: ${summary}\n${rest}`);
const ethics = '    ethics_fairness: {not_considered: No demographics are published.}\n';
const tested = (factor: string, measure: string, text: string) =>
  `    - {id: ${factor}, factor: ${factor}, text: ${text}, test: {measure: ${measure}, subject: radimagenet, relation: ${measure.startsWith('probe') ? 'greater_than' : 'closer_than'}, object: imagenet}}\n`;

describe('sensible reasons give no cause for complaint', () => {
  it.each([
    sampleReason,
    'RadImageNet is more similar in contrast and noise to our films than photographs are.',
    'In our 2023 pilot the RadImageNet backbone reached AUC 0.93 against 0.91 for ImageNet on 400 held-out films.',
    'Weights with a licence that allows commercial use exist only for this source.',
    'We trained three networks on last year’s data and this one had the highest sensitivity at equal specificity.',
    'The standard deviation of intensities and the modality (CR) match our films.',
    'RadImageNet holds 1.35 million CT, MR and US images from 131,872 patients, so low-level radiology features are learnt.',
    'The network was already validated in our pipeline, and switching would cost a new safety review.',
    'Photographs share edges and colour statistics with endoscopy better than grey CT slices do.',
    'Published results on this target disagree (doi:10.1148/ryai.210315), so we take the one whose licence is clear.',
    'We have no strong reason; ImageNet weights ship with the framework and we had to start somewhere.',
    'Reviewers expect an ImageNet baseline, and its weights were the only ones that we could download offline.',
    'The gold-standard labels were read by two radiologists, 12,000 images in all.',
    'Closer to our films in modality, but we do not know whether it performs better than chance here.',
    'Wir nehmen RadImageNet, weil die Aufnahmen mit ähnlichen Geräten gemacht wurden.',
    '我们选择这个数据集，因为它的成像方式与胸片一致。',
    'Conventional radiography was the larger part of its training data, 900,000 images.',
    'We follow the DICOM standard of our hospital, in which grey values are stored as in this source.',
  ])('%s', (text) => {
    expect(fired(reason(text))).toEqual([]);
  });
});

describe('undocumented', () => {
  it.each([
    ['no justification', sample('')],
    ['an empty one', sample('justification:\n')],
    ['two words', reason('see chat')],
    ['four words', reason('it is just good')],
    ['a note to oneself', reason('TODO: write the reason before we merge this')],
    ['a placeholder', reason('<why this source and not the others>')],
    ['the template as it was', smallestManifest],
    ['a summary alone of two words', full('see below', '  factors: {license: {not_considered: x}}\n')],
  ])('fires for %s', (_, source) => {
    expect(problemsOf(source)[0]).toMatchObject({ rule: 'undocumented', level: 'fail', path: 'justification' });
  });

  it('is content with a reason anywhere in the justification', () => {
    const source = full(
      'see below',
      `  factors:\n    prior_experience: {text: Used in our last two CT projects.}\n${ethics}`,
    );
    expect(fired(source)).toEqual([]);
  });

  it('points at the line', () => {
    expect(problemsOf(reason('see chat'))[0]?.location).toMatchObject({ line: 14 });
  });
});

describe('vague_term', () => {
  it.each([
    ['The domain gap to our films is small.', 'domain gap'],
    ['Its images have good image quality throughout.', 'good image quality'],
    ['RadImageNet is more similar to our target.', 'similar'],
    ['It is the most relevant source for this.', 'relevant'],
    ['It comes from a related domain, after all.', 'related domain'],
    ['The source is very diverse in itself.', 'diverse'],
    ['The source is large enough for this.', 'large enough'],
    ['Features from it are robust in practice.', 'robust'],
    ['It is representative of what we see.', 'representative'],
    ['Its annotations are clean, we were told.', 'are clean'],
    ['Its weights are well-known to all of us.', 'well-known'],
    ['It learns generic features that we need.', 'generic features'],
    ['It comes with high-quality labels for all.', 'high-quality labels'],
    ['It is state of the art in this.', 'state of the art'],
    ['It will simply be better for us.', 'better'],
    ['It is the standard backbone, and free to download.', 'standard'],
    ['Its photographs have the same colours as ours.', 'the same colours'],
    ['They have a rich texture, as tissue does.', 'rich texture'],
    ['Both show fine detail in every region.', 'fine detail'],
    ['Its high-frequency content is like that of ours.', 'high-frequency content'],
    ['Its files are free of JPEG artefacts throughout.', 'free of JPEG artefacts'],
    ['All images share the same layout as ours.', 'the same layout'],
    ['It was recorded at a high resolution throughout.', 'high resolution'],
  ])('%s', (text, term) => {
    const problems = problemsOf(reason(text));
    expect(problems).toMatchObject([{ rule: 'vague_term', level: 'warn', path: 'justification' }]);
    expect(problems[0]?.message).toContain(`“${term}”`);
  });

  it('tells all words of a statement in one problem, with the measures that could stand for them', () => {
    const [problem, ...others] = problemsOf(reason('The domain gap is small, image quality is good and it is robust.'));
    expect(others).toEqual([]);
    expect(problem?.message).toMatch(/“domain gap”, “image quality”, “robust” need a definition/);
    expect(problem?.message).toContain('embedding.mmd');
    expect(problem?.message).toContain('visual.sharpness');
  });

  it.each([
    ['They have the same texture.', 'visual.texture, visual.texture_at_input'],
    ['Its colours match those of ours.', 'visual.lightness'],
    ['Both show fine detail in every region.', 'visual.high_frequency_at_input'],
    ['Its spectral statistics are like ours.', 'visual.spectrum_slope'],
    ['It has few compression artefacts, we find.', 'visual.blocking, visual.jpeg_quality'],
    ['It has a similar layout, all in all.', 'visual.layout'],
    ['It has sufficient resolution for us.', 'visual.resolution, visual.effective_resolution'],
  ])('names the measures of what is spoken of: %s', (text, named) => {
    expect(problemsOf(reason(text))[0]?.message).toContain(named);
  });

  it.each([
    'The textures of stained tissue repeat at the scale of a cell, as those of its fabrics do.',
    'Both are high-resolution CT of the chest, read in lung windows.',
    'Its images were recorded in colour at 512 px, a high resolution for this scanner.',
    'More details stand in the paper; frequency of use decided the rest.',
  ])('leaves plain statements alone: %s', (text) => {
    expect(fired(reason(text)).filter((line) => line.startsWith('vague_term'))).toEqual([]);
  });

  it('matches whole words only', () => {
    expect(fired(reason('Dissimilarity, irrelevance and robustness are words that we avoid.'))).toEqual([]);
  });

  const withFactor = (factor: string) =>
    full('Chosen after a long discussion in the team.', `  factors:\n    ${factor}\n${ethics}`);

  it.each([
    ['a definition', 'robustness: {text: The features are robust., define: Less than two points lost on scanner B.}'],
    ['a reference', 'robustness: {text: The features are robust., refs: ["doi:10.1/x"]}'],
    ['a number with a unit', 'robustness: {text: "Robust: it lost 2 points on scanner B."}'],
    ['an admission', 'community_norm: {text: It is the standard and well-known.}'],
  ])('accepts %s', (_, factor) => {
    expect(fired(withFactor(factor)).filter((line) => line.startsWith('vague_term'))).toEqual([]);
  });

  it('fires at a factor without any of these', () => {
    expect(fired(withFactor('robustness: {text: The features are robust.}'))).toEqual([
      'vague_term justification.factors.robustness.text',
    ]);
  });

  it('accepts a claim with a test, and a summary whose words that test answers', () => {
    const claim = tested('visual_similarity', 'visual.noise', 'It looks more similar.');
    expect(fired(full('It is more similar to our films.', `  claims:\n${claim}`))).toEqual([]);
    expect(fired(full('It is more robust for our films.', `  claims:\n${claim}`))).toEqual([
      'vague_term justification.summary',
    ]);
  });

  it('does not take a digit in a name for a number', () => {
    expect(fired(reason('ResNet-50 on ImageNet-1K images is robust in our view.'))).toEqual([
      'vague_term justification',
    ]);
  });

  it('knows only measures that exist, and every word of the field', () => {
    for (const { measures } of glossary) for (const measure of measures) expect(measureNames).toContain(measure);
    expect(glossary.map(({ term }) => term)).toEqual(
      expect.arrayContaining([
        'domain gap',
        'image quality',
        'similar',
        'relevant',
        'related domain',
        'diverse',
        'large enough',
        'robust',
        'representative',
        'standard',
        'well-known',
        'generic features',
        'high-quality labels',
        'state of the art',
        'better',
      ]),
    );
  });
});

describe('only_winner', () => {
  const alone = changed(/ {2}- id: imagenet[\s\S]*? {2}- id: rad/, '  - id: rad');

  it('fires for one candidate and nothing ruled out', () => {
    expect(fired(alone)).toEqual(['only_winner candidates']);
  });

  it('is content with a source that was ruled out', () => {
    expect(fired(`${alone}not_considered: [{name: ImageNet, because: {factor: license, text: Its terms.}}]\n`)).toEqual(
      [],
    );
  });
});

describe('norm_only', () => {
  it.each([
    'Everyone uses ImageNet for chest X-rays.',
    'Reviewers will expect ImageNet in such a paper.',
    'It is the standard choice in the field.',
    'Most chest X-ray papers start from this one.',
  ])('fires for “%s”', (text) => {
    expect(fired(reason(text))).toEqual(['norm_only justification']);
  });

  it('fires when the norm is the only factor, even admitted', () => {
    const rest = `  factors:\n    community_norm: {text: Reviewers expect it.}\n${ethics}`;
    expect(fired(full('Everyone in the group starts from it.', rest))).toEqual(['norm_only justification']);
    expect(fired(full('Everyone in the group starts from it.', `${rest}    license: {text: MIT}\n`))).toEqual([]);
  });
});

describe('unmeasured_quantity', () => {
  const stated = (factor: string, rest = '') =>
    fired(full('Chosen after a long discussion in the team.', `  factors:\n    ${factor}\n${ethics}${rest}`));

  it.each(['dataset_size', 'diversity', 'image_quality', 'label_quality'])(
    'fires for %s without a number, once',
    (factor) => {
      expect(stated(`${factor}: {text: It is diverse and large enough.}`)).toEqual([
        `unmeasured_quantity justification.factors.${factor}.text`,
      ]);
    },
  );

  it.each([
    'dataset_size: {text: It has 1.35 million images.}',
    'dataset_size: {text: About 130000}',
    'diversity: {text: Many scanners., define: Twelve sites or more.}',
    'label_quality: {text: Two readers; kappa 0.81.}',
    'image_quality: {not_considered: Nobody looked.}',
    'image_quality: {rank: [imagenet, radimagenet]}',
  ])('is content with %s', (factor) => {
    expect(stated(factor)).toEqual([]);
  });

  it('does not take a year for a number', () => {
    expect(stated('dataset_size: {text: The largest one since 2022}')).toHaveLength(1);
  });

  it('is content when the number stands in the source’s card or in a test', () => {
    const card = changed('license: LicenseRef-RadImageNet', 'data: {images: 1350000, license: x}');
    const just = `justification:\n  summary: Chosen after a long discussion in the team.\n  factors:\n    dataset_size: {text: The larger of the two.}\n${ethics}`;
    expect(fired(card.replace(/justification:.*\n/, just))).toEqual([]);
    expect(
      stated(
        'image_quality: {text: Its images are sharp.}',
        `  claims:\n${tested('image_quality', 'visual.sharpness', 'Sharper.')}`,
      ),
    ).toEqual([]);
  });
});

describe('similarity_as_performance', () => {
  it.each([
    'RadImageNet is closer to our films, so it should transfer better.',
    'It is a medical source, therefore it will perform better.',
    'It resembles our films. It will therefore reach a higher accuracy.',
    'It will outperform ImageNet because it looks more like our films.',
  ])('fires for “%s”', (text) => {
    expect(fired(reason(text))).toEqual(['similarity_as_performance justification']);
  });

  it.each([
    'It is closer to our films in contrast, but that may not make it better.',
    'Closer in modality; whether it should therefore transfer better is an open question.',
    'It looks like our films, so far as contrast is concerned.',
  ])('does not fire for “%s”', (text) => {
    expect(fired(reason(text))).toEqual([]);
  });

  it('takes a tested performance claim drawn from a similarity claim as the honest form', () => {
    const claims = `  claims:\n${tested('visual_similarity', 'visual.noise', 'More similar.')}${tested('performance', 'probe.linear', 'Therefore better.').replace('text', 'depends_on: [visual_similarity], text')}`;
    expect(fired(full('It is more similar, therefore it will perform better.', claims))).toEqual([]);
  });

  it('fires for a performance claim that is tested by a distance', () => {
    expect(
      fired(
        full(
          'Chosen after a long discussion in the team.',
          `  claims:\n${tested('performance', 'visual.noise', 'Three points more.')}`,
        ),
      ),
    ).toEqual(['similarity_as_performance justification.claims[0].test.measure']);
  });
});

describe('ethics_missing and license_unknown', () => {
  const summary = 'Chosen after a long discussion in the team.';

  it('asks for ethics once factors are listed, and takes any answer', () => {
    const factors = '  factors:\n    prior_experience: {text: Used twice.}\n';
    expect(fired(full(summary, factors))).toEqual(['ethics_missing justification.factors']);
    expect(fired(full(summary, `${factors}${ethics}`))).toEqual([]);
    expect(
      fired(full(summary, `${factors}  claims: [{id: E, factor: ethics_fairness, text: x, test: untestable}]\n`)),
    ).toEqual([]);
  });

  it('does not nag a manifest without factors', () => {
    expect(fired(full(summary, ''))).toEqual([]);
  });

  it('notes a chosen source without any licence', () => {
    const without = changed('    license: LicenseRef-RadImageNet\n', '');
    expect(problemsOf(without)).toMatchObject([
      { rule: 'license_unknown', level: 'note', path: 'candidates[1]', location: { line: 10 } },
    ]);
    expect(fired(without.replace('weights/radimagenet.onnx', '{ref: r.onnx, license: MIT}'))).toEqual([]);
  });
});

describe('policy and waivers', () => {
  it('take the level from the manifest, and nothing is said of a rule that is off', () => {
    expect(problemsOf(`${reason('It is more similar to our films.')}policy: {vague_term: fail}\n`)).toMatchObject([
      { level: 'fail' },
    ]);
    expect(problemsOf(`${reason('It is more similar to our films.')}policy: {vague_term: off}\n`)).toEqual([]);
  });

  it('mark what is waived, and say when a waiver has expired', () => {
    const source = `${reason('It is more similar to our films.')}waivers: [{rule: vague_term, reason: r, by: b, expires: 2026-01-31}]\n`;
    expect(problemsOf(source, '2026-01-31')).toMatchObject([{ waived: { by: 'b' } }]);
    const [late] = problemsOf(source, '2026-02-01');
    expect(late?.waived).toBeUndefined();
    expect(late?.message).toContain('The waiver by b expired on 2026-01-31.');
  });
});
