import { describe, expect, it } from 'vitest';
import type { Evidence, Finding } from '../../src/evidence/schema.ts';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { renamed } from '../../src/evidence/target-probes.ts';
import { renderReport } from '../../src/report/index.ts';
import { judge } from '../../src/verdict/judge.ts';
import {
  atChance,
  catsNotScans,
  claimOf,
  clothing,
  csXray,
  type EvidenceNumbers,
  estimateOf,
  evidenceOf,
  imagesOnly,
  manifestOf,
  sameTwice,
} from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

const verdictsOf = (scene: { manifest: Parameters<typeof judge>[0]; evidence: Evidence | null }) =>
  Object.fromEntries(judge(scene.manifest, scene.evidence).claims.map(({ claim, verdict }) => [claim.id, verdict]));

describe('published cases', () => {
  it('are built as valid evidence', () => {
    for (const { evidence } of [csXray(), clothing(), catsNotScans(), imagesOnly(), atChance(), sameTwice()])
      expect(evidenceSchema.parse(evidence)).toEqual(evidence);
  });

  it('CS-xray: the three sources and random initialisation are one tie group, and the choice is tied', () => {
    const { choice, ranking, claims, remarks } = judge(csXray().manifest, csXray().evidence);
    expect(ranking[0]).toEqual({
      measure: 'probe.linear',
      groups: [{ members: ['ecoset', 'radimagenet', 'imagenet', 'scratch'] }],
    });
    expect(choice).toMatchObject({ verdict: 'tied', against: 'ecoset' });
    expect(claims.map(({ verdict }) => verdict)).toEqual(['supported', 'contradicted', 'inconclusive', 'untestable']);
    expect(remarks).toContain(
      'C1 supported, C2 contradicted: closer in RBF-MMD², but not better by the claimed 3.0 points.',
    );
    expect(remarks.some((remark) => remark.includes('cannot be told apart from random initialisation'))).toBe(true);
  });

  it('clothing: ImageNet transfers better than birds by 10 points', () => {
    const { choice, claims, ranking } = judge(clothing().manifest, clothing().evidence);
    expect(claims[0]!.verdict).toBe('supported');
    expect(choice).toMatchObject({ verdict: 'supported', against: 'insects' });
    expect(ranking[0]!.groups).toEqual([
      { members: ['imagenet'] },
      { members: ['insects', 'birds'] },
      { members: ['scratch'] },
    ]);
  });

  it('cats, not CAT scans: the closest source is worse, and both halves are said together', () => {
    const { choice, remarks, claims } = judge(catsNotScans().manifest, catsNotScans().evidence);
    expect(claims.map(({ verdict }) => verdict)).toEqual(['supported', 'contradicted']);
    expect(choice).toMatchObject({ verdict: 'worse', against: 'imagenet' });
    expect(choice.comparison).toMatchObject({ subject: 'isic', object: 'imagenet' });
    expect(choice.comparison!.estimate!.high).toBeLessThan(0);
    expect(remarks).toEqual(['C1 supported, C2 contradicted: closer in RBF-MMD², not better.']);
  });

  it('one network under two names is a tie on every measure, whatever is claimed', () => {
    const scene = sameTwice([
      claimOf('better', { subject: 'two', relation: 'greater_than', object: 'one' }),
      claimOf('worse', { subject: 'one', relation: 'greater_than', object: 'two' }),
      claimOf('not-worse', { subject: 'two', relation: 'not_worse_than', object: 'one' }),
      claimOf('within-a-point', { subject: 'two', relation: 'not_worse_than', object: 'one', margin: 0.01 }),
      claimOf('by-ten', { subject: 'two', relation: 'greater_than', object: 'one', margin: 0.1 }),
      claimOf('closer', { measure: 'embedding.mmd', subject: 'two', relation: 'closer_than', object: 'one' }),
    ]);
    expect(verdictsOf(scene)).toEqual({
      better: 'inconclusive',
      worse: 'inconclusive',
      'not-worse': 'inconclusive',
      'within-a-point': 'supported',
      'by-ten': 'contradicted',
      closer: 'inconclusive',
    });
    const { choice, ranking } = judge(scene.manifest, scene.evidence);
    expect(choice.verdict).toBe('tied');
    expect(ranking.map(({ groups }) => groups)).toEqual([[{ members: ['one', 'two'] }], [{ members: ['one', 'two'] }]]);
  });
});

describe('what holds a verdict at inconclusive', () => {
  it('a target at chance, even when the interval excludes 0', () => {
    const { choice, claims, ranking } = judge(atChance().manifest, atChance().evidence);
    expect(claims[0]).toMatchObject({ verdict: 'inconclusive', cappedBy: ['target_at_chance'] });
    expect(claims[0]!.because).toContain('held at inconclusive');
    expect(claims[0]!.because).not.toContain('is better');
    expect(choice.verdict).toBe('inconclusive');
    expect(ranking[0]!.groups).toHaveLength(1);
  });

  it('a collapsed run of the one candidate, and of no other', () => {
    const scene = clothing();
    scene.evidence.findings.push({
      code: 'collapsed',
      about: 'birds',
      measure: 'probe.linear',
      text: 'birds collapsed.',
    });
    const { claims, choice, ranking } = judge(scene.manifest, scene.evidence);
    expect(claims[0]).toMatchObject({ verdict: 'inconclusive', cappedBy: ['collapsed'] });
    expect(ranking[0]!.groups[0]!.members).toEqual(['imagenet', 'birds']);
    expect(choice).toMatchObject({ verdict: 'inconclusive', against: 'birds' });
  });

  it('fewer than 30 groups, said or only counted, for distances too', () => {
    const candidates = [
      { id: 'a', probe: [0.9, 0.02] as [number, number], mmd: [0.02, 0.005] as [number, number] },
      { id: 'b', probe: [0.5, 0.02] as [number, number], mmd: [0.2, 0.005] as [number, number] },
    ];
    const manifest = manifestOf({
      chosen: 'a',
      candidates: ['a', 'b'],
      claims: [
        claimOf('P', { subject: 'a', relation: 'greater_than', object: 'b' }),
        claimOf('S', { measure: 'embedding.mmd', subject: 'a', relation: 'closer_than', object: 'b' }),
      ],
    });
    const of = (groups: number) =>
      verdictsOf({ manifest, evidence: evidenceOf({ target: 't', images: 400, groups, candidates }) });
    expect(of(30)).toEqual({ P: 'supported', S: 'supported' });
    expect(of(29)).toEqual({ P: 'inconclusive', S: 'inconclusive' });
  });

  it('a probe’s trouble does not touch a distance', () => {
    const scene = csXray();
    scene.evidence.findings.push({ code: 'not_converged', about: 'radimagenet', text: 'Not in every fold.' });
    const { claims } = judge(scene.manifest, scene.evidence);
    expect(claims.map(({ verdict, cappedBy }) => [verdict, cappedBy])).toEqual([
      ['supported', []],
      ['inconclusive', ['not_converged']],
      ['inconclusive', ['not_converged']],
      ['untestable', []],
    ]);
  });
});

describe('a finding about one measure', () => {
  it('leaves the others alone', () => {
    const scene = csXray();
    scene.evidence.findings.push({ code: 'few_groups', about: 'target', measure: 'embedding.kid', text: 'Few.' });
    expect(judge(scene.manifest, scene.evidence).claims.map(({ cappedBy }) => cappedBy)).toEqual([[], [], [], []]);
  });
});

describe('Holm’s correction over the claims of a manifest', () => {
  it('draws the smallest p’s interval at 1 − 0.05 ÷ m and relaxes from there', () => {
    const { claims } = judge(csXray().manifest, csXray().evidence);
    const levels = claims.flatMap(({ interval }) => (interval ? [interval.level] : []));
    expect(levels.map((level) => Number(level.toFixed(4)))).toEqual([0.9833, 0.975, 0.95]);
  });

  it('makes inconclusive among many claims what would be supported alone', () => {
    const numbers = {
      target: 't',
      candidates: [
        { id: 'a', probe: [0.73, 0.03] as [number, number] },
        { id: 'b', probe: [0.7, 0.03] as [number, number] },
      ],
      probeHalfWidth: 0.027,
    };
    const claims = Array.from({ length: 10 }, (_, index) =>
      claimOf(`C${index}`, { subject: 'a', relation: 'greater_than', object: 'b', margin: index === 0 ? 0 : 0.03 }),
    );
    const alone = manifestOf({ chosen: 'a', candidates: ['a', 'b'], claims: claims.slice(0, 1) });
    const many = manifestOf({ chosen: 'a', candidates: ['a', 'b'], claims });
    expect(verdictsOf({ manifest: alone, evidence: evidenceOf(numbers) }).C0).toBe('supported');
    expect(verdictsOf({ manifest: many, evidence: evidenceOf(numbers) }).C0).toBe('inconclusive');
  });

  it('counts a claim without evidence as the last to be decided, so that its evidence takes no verdict back', () => {
    const scene = csXray();
    scene.evidence.comparisons = scene.evidence.comparisons.filter(({ measure }) => measure !== 'embedding.mmd');
    const { claims } = judge(scene.manifest, scene.evidence);
    expect(claims[0]!.verdict).toBe('no_evidence');
    expect(claims[1]!.verdict).toBe('contradicted');
    expect(claims[1]!.interval!.level).toBeCloseTo(1 - 0.05 / 3, 12);
  });
});

describe('tie groups', () => {
  it('hold together distances that differ less than two halves of the target do', () => {
    const scene = csXray();
    const groups = () => judge(scene.manifest, scene.evidence).ranking[1]!.groups;
    expect(groups()).toEqual([{ members: ['radimagenet'] }, { members: ['imagenet', 'ecoset'] }]);
    for (const comparison of scene.evidence.comparisons) if (comparison.nullHalfWidth) comparison.nullHalfWidth = 0.2;
    expect(groups()).toEqual([{ members: ['radimagenet', 'imagenet', 'ecoset'] }]);
  });

  it('are made in each encoder apart, and a claim reads the encoder that it names', () => {
    const scene = csXray([
      claimOf('first', {
        measure: 'embedding.mmd',
        subject: 'radimagenet',
        relation: 'closer_than',
        object: 'imagenet',
      }),
      claimOf('second', {
        measure: 'embedding.mmd',
        subject: 'radimagenet',
        relation: 'closer_than',
        object: 'imagenet',
        encoder: 'other',
      }),
    ]);
    const { evidence } = scene;
    evidence.encoders.push({ id: 'other', digest: 'e'.repeat(64), dimension: 64, sees: 'meaning', notes: [] });
    const turned = evidence.comparisons
      .filter(({ measure }) => measure === 'embedding.mmd')
      .map((comparison) => ({
        ...comparison,
        encoder: 'other',
        subject: comparison.object,
        object: comparison.subject,
      }));
    const measurements = evidence.measurements
      .filter(({ measure }) => measure === 'embedding.mmd')
      .map((found) => ({ ...found, encoder: 'other' }));
    evidence.comparisons.unshift(...turned);
    evidence.measurements.push(...measurements);
    const { claims, ranking } = judge(scene.manifest, evidence);
    expect(claims.map(({ verdict }) => verdict)).toEqual(['supported', 'contradicted']);
    expect(ranking.map(({ encoder }) => encoder)).toEqual([undefined, 'scattering', 'other']);
  });
});

describe('a tie', () => {
  const of = (images: number, gap: number, halfWidth: number) =>
    judge(
      manifestOf({ chosen: 'a', candidates: ['a', 'b'] }),
      evidenceOf({
        target: 't',
        images,
        candidates: [
          { id: 'a', probe: [0.7 + gap, 0.02] },
          { id: 'b', probe: [0.7, 0.02] },
        ],
        probeHalfWidth: halfWidth,
      }),
    ).choice.verdict;

  it('needs the 90 % interval within two points, or one point from 2,000 images on', () => {
    expect(of(1999, 0, 0.015)).toBe('tied');
    expect(of(2000, 0, 0.015)).toBe('inconclusive');
    expect(of(2000, 0, 0.01)).toBe('tied');
  });

  it('is not said when either end of that interval leaves the margin', () => {
    expect(of(400, 0.012, 0.015)).toBe('inconclusive');
    expect(of(400, -0.012, 0.015)).toBe('inconclusive');
    expect(of(400, 0, 0.05)).toBe('inconclusive');
  });
});

describe('which way round a pair is stored', () => {
  it('makes no difference', () => {
    const scene = csXray();
    const turned: Evidence = {
      ...scene.evidence,
      comparisons: scene.evidence.comparisons.map((comparison) => ({
        ...comparison,
        subject: comparison.object,
        object: comparison.subject,
        estimate: comparison.estimate && {
          ...comparison.estimate,
          value: -comparison.estimate.value,
          low: -comparison.estimate.high,
          high: -comparison.estimate.low,
        },
      })),
    };
    const [a, b] = [judge(scene.manifest, scene.evidence), judge(scene.manifest, turned)];
    expect(b.claims.map(({ verdict, because }) => [verdict, because])).toEqual(
      a.claims.map(({ verdict, because }) => [verdict, because]),
    );
    expect(b.ranking).toEqual(a.ranking);
    expect(b.choice.because).toBe(a.choice.because);
  });

  it('finds a candidate’s own random twin under either of its names', () => {
    const manifest = manifestOf({
      chosen: 'a',
      candidates: ['a', 'b'],
      claims: [claimOf('C1', { subject: 'a', relation: 'greater_than', object: 'scratch' })],
    });
    const evidence = evidenceOf({
      target: 't',
      candidates: [
        { id: 'a', probe: [0.8, 0.02] },
        { id: 'b', probe: [0.7, 0.02] },
        { id: 'scratch of a', probe: [0.5, 0.02] },
      ],
    });
    expect(verdictsOf({ manifest, evidence }).C1).toBe('supported');
    for (const comparison of evidence.comparisons)
      if (comparison.subject === 'a' && comparison.object === 'scratch of a') comparison.object = 'scratch';
    expect(verdictsOf({ manifest, evidence }).C1).toBe('supported');
    expect(judge(manifest, evidence).ranking[0]!.groups.map(({ members }) => members)).toEqual([
      ['a'],
      ['b'],
      ['scratch of a'],
    ]);
  });
});

describe('a random twin of one candidate alone', () => {
  const manifest = manifestOf({
    chosen: 'a',
    candidates: ['a', 'b'],
    claims: [claimOf('C1', { subject: 'a', relation: 'greater_than', object: 'scratch' })],
  });
  const verdictWith = (findings: Finding[], seeds = 5) => {
    const evidence = evidenceOf({
      target: 't',
      candidates: [
        { id: 'a', probe: [0.8, 0.02] },
        { id: 'scratch of a', probe: [0.5, 0.02] },
      ],
      findings,
    });
    evidence.comparisons = evidence.comparisons.flatMap((found) => renamed(found, ['a'], (id) => `scratch of ${id}`));
    for (const { candidate, details } of evidence.measurements) if (candidate === 'scratch of a') details.seeds = seeds;
    return judge(manifest, evidence).claims[0]!.verdict;
  };

  it('holds back the claim that it breaks down under, or that too few of its seeds stand behind', () => {
    expect(verdictWith([])).toBe('supported');
    const collapsed = { code: 'collapsed', measure: 'probe.linear', text: 'It broke down.' } as const;
    expect(verdictWith([{ ...collapsed, about: 'scratch of a' }])).toBe('inconclusive');
    expect(verdictWith([{ ...collapsed, about: 'scratch of b' }])).toBe('supported');
    expect(verdictWith([], 2)).toBe('inconclusive');
  });
});

describe('what holds a verdict back', () => {
  const scene = (numbers: Partial<EvidenceNumbers>) => ({
    manifest: manifestOf({ chosen: 'a', candidates: ['a', 'b'] }),
    evidence: evidenceOf({
      target: 't',
      candidates: [
        { id: 'a', probe: [0.8, 0.02] },
        { id: 'b', probe: [0.6, 0.02] },
        { id: 'scratch', probe: [0.9, 0.02] },
      ],
      ...numbers,
    }),
  });

  it('stands in the heading instead of a tie, and nothing is said of the controls', () => {
    const few = scene({ groups: 20 });
    expect(judge(few.manifest, few.evidence).choice).toMatchObject({
      verdict: 'inconclusive',
      capped: 'too few groups',
    });
    expect(judge(few.manifest, few.evidence).remarks).toEqual([]);
    expect(renderReport(reportOf(few)).comment).toContain('no verdict, too few groups');
    const enough = scene({});
    expect(judge(enough.manifest, enough.evidence).remarks).toEqual([
      expect.stringContaining('`a` scores below random initialisation'),
    ]);
  });
});

describe('the strongest alternative', () => {
  it('is called the strongest measured where others were not', () => {
    const evidence = evidenceOf({
      target: 't',
      candidates: [{ id: 'a', probe: [0.8, 0.02] }, { id: 'b', probe: [0.6, 0.02] }, { id: 'c' }],
    });
    const because = (candidates: string[]) => judge(manifestOf({ chosen: 'a', candidates }), evidence).choice.because;
    expect(because(['a', 'b'])).toMatch(/against `b`, the strongest alternative\.$/);
    expect(because(['a', 'b', 'c'])).toMatch(/against `b`, the strongest of those measured \(`c` was not\)\.$/);
  });
});

describe('being closer', () => {
  it('is said of the measure that was claimed, beside those that say the opposite', () => {
    const manifest = manifestOf({
      chosen: 'a',
      candidates: ['a', 'b'],
      claims: [
        claimOf('C1', { measure: 'embedding.mmd', subject: 'a', relation: 'closer_than', object: 'b' }),
        claimOf('C2', { subject: 'a', relation: 'greater_than', object: 'b' }, { depends_on: ['C1'] }),
      ],
    });
    const evidence = evidenceOf({
      target: 't',
      candidates: [
        { id: 'a', mmd: [0.1, 0.01], probe: [0.6, 0.02] },
        { id: 'b', mmd: [0.3, 0.01], probe: [0.7, 0.02] },
      ],
    });
    const mmd = evidence.comparisons.find(({ measure }) => measure === 'embedding.mmd')!;
    const also = (value: number, halfWidth: number) =>
      judge(manifest, {
        ...evidence,
        comparisons: [
          ...evidence.comparisons.filter(({ measure }) => !measure.startsWith('visual')),
          { ...mmd, measure: 'visual.noise', estimate: estimateOf(value, halfWidth), nullHalfWidth: 0.02 },
        ],
      }).remarks[0];
    expect(also(0.1, 0.05)).toBe('C1 supported, C2 contradicted: closer in RBF-MMD² (farther in noise), not better.');
    const alone = 'C1 supported, C2 contradicted: closer in RBF-MMD², not better.';
    expect([also(-0.1, 0.05), also(0.1, 0.2), also(0.01, 0.005)]).toEqual([alone, alone, alone]);
  });
});

describe('no evidence', () => {
  it('names whose weights are missing', () => {
    const { choice, claims } = judge(imagesOnly().manifest, imagesOnly().evidence);
    expect(claims[0]!.verdict).toBe('supported');
    expect(claims[1]).toMatchObject({
      verdict: 'no_evidence',
      wouldDecide: 'weights (ONNX) for `tissue` and `photographs`',
    });
    expect(choice).toMatchObject({
      verdict: 'no_evidence',
      because: 'No candidate has weights, so only similarity was measured.',
    });
  });

  it('names whose sample is missing', () => {
    const scene = csXray();
    scene.evidence.candidates.find(({ id }) => id === 'radimagenet')!.sample = null;
    scene.evidence.comparisons = scene.evidence.comparisons.filter(
      ({ measure, subject, object }) => measure === 'probe.linear' || ![subject, object].includes('radimagenet'),
    );
    expect(judge(scene.manifest, scene.evidence).claims[0]).toMatchObject({
      verdict: 'no_evidence',
      because: 'No sample images of `radimagenet`.',
    });
  });

  it('repeats a measure’s own refusal and the machine’s trouble', () => {
    const refused = csXray();
    for (const comparison of refused.evidence.comparisons)
      if (comparison.measure === 'embedding.mmd')
        Object.assign(comparison, { estimate: null, refused: 'At least 20 images are needed.' });
    expect(judge(refused.manifest, refused.evidence).claims[0]).toMatchObject({
      verdict: 'no_evidence',
      because: 'At least 20 images are needed.',
    });

    const broken = csXray();
    broken.evidence.comparisons = [];
    broken.evidence.measurements = [];
    broken.evidence.findings.push({ code: 'infrastructure', about: 'run', text: 'The download failed.' });
    const { claims, choice } = judge(broken.manifest, broken.evidence);
    expect(claims.map(({ verdict }) => verdict)).toEqual(['no_evidence', 'no_evidence', 'no_evidence', 'untestable']);
    expect(claims[0]!.because).toBe('The download failed.');
    expect(choice).toMatchObject({ verdict: 'no_evidence', because: 'The download failed.' });
  });

  it('is all there is when nothing was measured', () => {
    const { claims, choice, ranking, remarks } = judge(csXray().manifest, null);
    expect(claims.map(({ verdict }) => verdict)).toEqual(['no_evidence', 'no_evidence', 'no_evidence', 'untestable']);
    expect(choice.verdict).toBe('no_evidence');
    expect(ranking).toEqual([]);
    expect(remarks).toEqual([]);
  });

  it('asks for a second candidate where there is one only', () => {
    const manifest = manifestOf({ chosen: 'a', candidates: ['a'] });
    expect(
      judge(manifest, evidenceOf({ target: 't', candidates: [{ id: 'a', probe: [0.8, 0.02] }] })).choice,
    ).toMatchObject({
      verdict: 'no_evidence',
      wouldDecide: 'a second candidate',
    });
  });
});

describe('what would decide', () => {
  it('scales the images by (smallest visible gap ÷ measured gap)²', () => {
    const manifest = manifestOf({
      chosen: 'a',
      candidates: ['a', 'b'],
      claims: [claimOf('C1', { subject: 'a', relation: 'greater_than', object: 'b' })],
    });
    const evidence = evidenceOf({
      target: 't',
      images: 1000,
      candidates: [
        { id: 'a', probe: [0.72, 0.03] },
        { id: 'b', probe: [0.7, 0.03] },
      ],
      probeHalfWidth: 0.03,
    });
    // t(.975, 24) = 2.0639 and t(.80, 24) = 0.8569 from tables: (0.03 · 2.9208 ÷ 2.0639 ÷ 0.02)² = 4.51.
    const { wouldDecide } = judge(manifest, evidence).claims[0]!;
    expect(wouldDecide).toContain('4.5×');
    expect(wouldDecide).toContain('4,500');
    expect(wouldDecide).toContain('4.2 points');
  });

  it('counts the images drawn where networks were trained, and names the setting where the folder holds them', () => {
    const manifest = manifestOf({
      chosen: 'a',
      candidates: ['a', 'b'],
      claims: [claimOf('C1', { measure: 'probe.finetune', subject: 'a', relation: 'greater_than', object: 'b' })],
    });
    const evidence = evidenceOf({
      target: 't',
      images: 200,
      candidates: [
        { id: 'a', tuned: [0.72, 0.03] },
        { id: 'b', tuned: [0.7, 0.03] },
      ],
      tunedHalfWidth: 0.03,
    });
    for (const found of evidence.comparisons) found.n = { ...found.n, target: 120 };
    const decided = (images: number) => {
      evidence.target.set!.images = images;
      return judge(manifest, evidence).claims[0]!.wouldDecide;
    };
    expect(decided(200)).toContain('at least 4.5× as many target images (≈ 900)');
    expect(decided(5000)).toContain('at least 4.5× as many target images (evidence.images: 900)');
    evidence.probes[0]!.run!.images = 100;
    expect(decided(5000)).toContain('(≈ 450)');
  });

  it('promises nothing where the measured gap is next to none', () => {
    const manifest = manifestOf({
      chosen: 'a',
      candidates: ['a', 'b'],
      claims: [claimOf('C1', { subject: 'a', relation: 'greater_than', object: 'b' })],
    });
    const evidence = evidenceOf({
      target: 't',
      candidates: [
        { id: 'a', probe: [0.7001, 0.05] },
        { id: 'b', probe: [0.7, 0.05] },
      ],
      probeHalfWidth: 0.05,
    });
    expect(judge(manifest, evidence).claims[0]!.wouldDecide).toMatch(/^no realistic number of images/);
  });
});

describe('two claims of which one is drawn from the other', () => {
  const remarkOf = (
    [distance, score]: [number, number],
    ground: Partial<Parameters<typeof claimOf>[1]>,
    drawn: Partial<Parameters<typeof claimOf>[1]>,
  ) => {
    const pair = { subject: 'a', object: 'b' };
    const evidence = evidenceOf({
      target: 'films',
      candidates: [
        { id: 'a', probe: [0.7 + score, 0.02], mmd: [0.3 + distance, 0.01] },
        { id: 'b', probe: [0.7, 0.02], mmd: [0.3, 0.01] },
        { id: 'c', probe: [0.9, 0.02], mmd: [0.3, 0.01] },
      ],
    });
    const claims = [
      claimOf('C1', { measure: 'embedding.mmd', relation: 'closer_than', ...pair, ...ground }),
      claimOf('C2', { relation: 'greater_than', ...pair, ...drawn }, { depends_on: ['C1'] }),
    ];
    return judge(manifestOf({ chosen: 'a', candidates: ['a', 'b', 'c'], claims }), evidence).remarks[0];
  };

  it('are “not better” only where the score is lower', () => {
    expect(remarkOf([-0.1, -0.1], {}, {})).toBe('C1 supported, C2 contradicted: closer in RBF-MMD², not better.');
  });

  it('leave a gain standing that is less than was claimed', () => {
    expect(remarkOf([-0.1, 0.04], {}, { margin: 0.1 })).toBe(
      'C1 supported, C2 contradicted: closer in RBF-MMD² and better, but by less than the claimed 10.0 points.',
    );
  });

  it('say nothing of similarity where the distance was claimed to be greater, or of other sources', () => {
    const unlike = 'C1 supported, C2 contradicted: the one does not carry the other.';
    expect(remarkOf([0.1, -0.1], { relation: 'greater_than' }, {})).toBe(unlike);
    expect(remarkOf([-0.1, -0.1], {}, { object: 'c' })).toBe(unlike);
  });

  it('are not “closer” where a source was claimed to be no farther by much', () => {
    expect(remarkOf([0, -0.1], { relation: 'not_worse_than', margin: 0.1 }, {})).toBe(
      'C1 supported, C2 contradicted: the one does not carry the other.',
    );
  });

  it('are “better, but not because” only where the source is farther and the score higher', () => {
    expect(remarkOf([0.1, 0.1], {}, {})).toBe(
      'C1 contradicted, C2 supported: better, but not because it is closer in RBF-MMD².',
    );
    expect(remarkOf([-0.05, 0.1], { margin: 0.2 }, {})).toBe(
      'C2 supported although C1, which it was drawn from, is contradicted.',
    );
  });
});
