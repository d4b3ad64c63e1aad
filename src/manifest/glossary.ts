import type { PropertyName } from '../dataset/properties/property.ts';
import type { MeasureName } from '../measures.ts';
import { measuresOn, visualAxes } from '../similarity/visual/axes.ts';
import type { Factor } from './schema.ts';

/** A word that means different things to different people, and what could stand for it. */
export interface GlossaryEntry {
  term: string;
  /** The ways it is written, as whole words. */
  pattern: RegExp;
  /** Measures of ours that a claim could test it with; empty when only words or a citation can define it. */
  measures: readonly MeasureName[];
  /** What the report tells of every dataset that the word can be read against; no claim can test it. */
  properties?: readonly PropertyName[];
  /** What a definition has to say. */
  write: string;
  /** Factors whose own definition, number or tested claim answers the word wherever it stands. */
  answeredBy: readonly Factor[];
  /** Factors under which the word is the plain admission that it should be. */
  admittedUnder?: readonly Factor[];
  /** Words in the same sentence that already say what is meant. */
  specifiedBy?: RegExp;
}

/** Whole words in any case; between two words any space or a hyphen. */
function words(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${pattern.replaceAll(' ', '[\\s-]+')})(?![\\p{L}\\p{N}_])`, 'giu');
}

const axisWords =
  'colou?rs?|lightness|brightness|dark(?:er|ness)?|contrast|clipping|sharpness|blur|noise|textures?|frequenc(?:y|ies)|layouts?|framing|aspect ratios?|compression|resolution|entropy|gr[ae]y(?:scale)?|' +
  'modalit(?:y|ies)|anatomy|organs?|body parts?|stain(?:s|ing)?|magnification|views?|scanners?|class(?:es)?|label sets?';
const axes = words(axisWords);
const axesAndMetrics = words(
  `${axisWords}|accuracy|auc|auroc|f1|dice|sensitivity|specificity|recall|precision|error rate|calibration|than chance`,
);

const visual = visualAxes.flatMap(({ measures }) => measures);
const quality = [
  'visual.sharpness',
  'visual.noise',
  'visual.contrast',
  'visual.resolution',
] as const satisfies MeasureName[];
const similarity = ['semantic_similarity', 'visual_similarity', 'embedding_similarity'] as const satisfies Factor[];

/** The words of the field that need a measure, a direction and a threshold, or a line of definition. */
export const glossary: readonly GlossaryEntry[] = [
  {
    term: 'domain gap',
    pattern: words('domain (?:gap|shift)|close domain'),
    measures: ['embedding.mmd', 'embedding.domain_classifier', 'embedding.kid', ...visual],
    write: 'between what and what, in which encoder or on which visual axis',
    answeredBy: similarity,
  },
  {
    term: 'related domain',
    pattern: words('related domains?|more medical|domain specific'),
    measures: ['embedding.mmd'],
    write: 'which modality, body part or classes the two share',
    answeredBy: similarity,
    specifiedBy: axes,
  },
  {
    term: 'similar',
    pattern: words(
      'similar(?!ly)(?! (?:numbers?|amounts?|sizes?|costs?|licen[cs]\\p{L}*|effort|times?|results?|performance|scores?|to how|way))',
    ),
    measures: ['embedding.mmd', ...visual],
    write: 'similar in what: colour, sharpness, noise, contrast, features, or what is shown',
    answeredBy: similarity,
    specifiedBy: axes,
  },
  {
    term: 'image quality',
    pattern: words(
      '(?:(?:good|better|best|high|higher|poor|low) )?image quality|(?:good|better|high|higher) quality (?:images|pictures|scans|photographs)',
    ),
    measures: quality,
    properties: ['short_side'],
    write: 'sharpness, noise, contrast or resolution, and how much is good',
    answeredBy: ['image_quality'],
  },
  {
    term: 'colour',
    pattern: words(
      '(?:the same|matching|comparable|rich|natural|realistic) colou?rs?|colou?rs? (?:match(?:es)?|looks? (?:alike|the same|natural))|colou?rful',
    ),
    measures: ['visual.lightness', 'visual.green_red', 'visual.blue_yellow', 'visual.colourfulness'],
    write: 'lighter, redder, bluer or more colourful, and than which source',
    answeredBy: similarity,
  },
  {
    term: 'texture',
    pattern: words(
      '(?:the same|matching|comparable|rich|fine) (?:\\p{L}+ )?textures?|textures? (?:match(?:es)?|looks? (?:alike|the same))|textural (?:similarity|statistics)',
    ),
    measures: ['visual.texture', 'visual.texture_at_input', 'visual.glcm_contrast', 'visual.glcm_homogeneity'],
    write: 'on native pixels or at the size that the network sees, and closer than which source',
    answeredBy: similarity,
  },
  {
    term: 'detail',
    pattern: words(
      '(?:fine|finer|rich|richer) (?:level of )?details?|level of detail|(?:sharp|sharper|crisp|detailed) (?:images|pictures|scans|photographs|films)',
    ),
    measures: [
      'visual.sharpness',
      'visual.sharpness_at_input',
      'visual.high_frequency_at_input',
      'visual.effective_resolution',
    ],
    write: 'sharpness, high-frequency share or effective resolution, and how much',
    answeredBy: ['image_quality', ...similarity],
  },
  {
    term: 'frequency',
    pattern: words(
      '(?:high|low) frequenc(?:y|ies) (?:content|details?|components?)|(?:frequency|spectral) (?:content|statistics)',
    ),
    measures: measuresOn('frequency'),
    write: 'the slope of the spectrum or the high-frequency share, on native pixels or at the network’s input size',
    answeredBy: similarity,
  },
  {
    term: 'artefacts',
    pattern: words(
      '(?:no|few|fewer|free of|without|strong|heavy|the same) (?:(?:compression|jpe?g) )?art[ei]facts?|art[ei]fact free|(?:heavily|strongly|lightly) compressed',
    ),
    measures: measuresOn('compression'),
    write: 'which artefacts; for compression, the blocking or the JPEG quality, and how much',
    answeredBy: ['image_quality', ...similarity],
  },
  {
    term: 'layout',
    pattern: words(
      '(?:the same|similar|comparable|matching) (?:layouts?|framing|(?:image )?compositions?)|(?:layouts?|framing) (?:match(?:es)?|looks? (?:alike|the same))',
    ),
    measures: measuresOn('layout'),
    write: 'where what lies in the image, and closer than which source',
    answeredBy: similarity,
  },
  {
    term: 'resolution',
    pattern: words(
      '(?:high|higher|low|lower|sufficient|enough|good|similar|comparable|the same) resolutions?(?! (?:ct|computed|mri|mr|ultrasound|manometry))',
    ),
    measures: ['visual.resolution', 'visual.effective_resolution'],
    write: 'how many pixels on the short side, and whether they hold as much detail or were enlarged',
    answeredBy: ['image_quality', ...similarity],
  },
  {
    term: 'high-quality labels',
    pattern: words(
      '(?:high|higher|good|better) quality (?:labels?|annotations?|ground truth)|good (?:labels|annotations)|clean (?:labels?|annotations?|data|dataset|images)|(?:is|are) (?:very )?clean(?! (?:up|room|split|of))',
    ),
    measures: [],
    properties: ['label_issues'],
    write: 'who labelled, how many labelled each image, their agreement or error rate',
    answeredBy: ['label_quality', 'image_quality'],
  },
  {
    term: 'relevant',
    pattern: words('relevant'),
    measures: ['embedding.mmd', 'probe.finetune', 'probe.linear'],
    write: 'what it has in common with the target: modality, body part, classes',
    answeredBy: similarity,
    specifiedBy: axes,
  },
  {
    term: 'diverse',
    pattern: words('diverse'),
    measures: [],
    properties: ['diversity', 'classes', 'class_balance', 'groups'],
    write: 'how many classes, sites, scanners or patients',
    answeredBy: ['diversity'],
  },
  {
    term: 'large enough',
    pattern: words('(?:large|big) enough|sufficiently (?:large|big)|large scale'),
    measures: ['probe.finetune', 'probe.linear'],
    properties: ['images', 'groups', 'learning_curve'],
    write: 'how many images or patients, and enough for what',
    answeredBy: ['dataset_size'],
  },
  {
    term: 'representative',
    pattern: words('representative(?! (?:of (?:the )?(?:manufacturer|company|vendor)))'),
    measures: ['embedding.mmd'],
    write: 'of whom or what: sites, scanners, age, sex, findings',
    answeredBy: ['diversity', 'ethics_fairness', ...similarity],
  },
  {
    term: 'robust',
    pattern: words('robust|generali[sz]es? (?:well|better)'),
    measures: ['probe.finetune', 'probe.linear'],
    write: 'against which change (scanner, hospital, stain), and how much loss is tolerated',
    answeredBy: ['robustness'],
  },
  {
    term: 'generic features',
    pattern: words('(?:generic|general purpose|universal) (?:visual )?features'),
    measures: ['probe.linear'],
    write: 'which features, shown by what',
    answeredBy: ['performance', 'prior_evidence'],
  },
  {
    term: 'standard',
    pattern: words(
      '(?<!(?:gold|dicom|iso|ieee) )(?:community |field |industry |de facto )?standard(?! (?:deviations?|errors?|normali[sz]ation|pre ?processing|tests?|splits?|licen[cs]es?|protocols?|views?|resolution|of care|operating|format|dicom|size|input|terms|library|hardware|gpu))|(?:commonly|widely) used',
    ),
    measures: [],
    write: 'whose practice; three citable uses on the same modality and task',
    answeredBy: ['community_norm', 'prior_evidence'],
    admittedUnder: ['community_norm'],
  },
  {
    term: 'well-known',
    pattern: words('well known'),
    measures: [],
    write: 'known to whom, from which work',
    answeredBy: ['community_norm', 'prior_evidence'],
    admittedUnder: ['community_norm', 'prior_experience'],
  },
  {
    term: 'state of the art',
    pattern: words('state of the art|sota'),
    measures: ['probe.finetune', 'probe.linear'],
    write: 'on which task and metric, in which publication',
    answeredBy: ['performance', 'prior_evidence'],
  },
  {
    term: 'better',
    pattern: words(
      '(?<!(?:no|not|never|nothing|any|neither|for want of|or) (?:\\p{L}+ )?)better(?!-)(?! (?:documented|maintained|known|understood|licensed|supported|quality|than chance))|outperforms?',
    ),
    measures: ['probe.finetune', 'probe.linear'],
    write: 'by which metric, by how much, against which candidate',
    answeredBy: ['performance', 'prior_evidence'],
    specifiedBy: axesAndMetrics,
  },
  {
    term: 'fair',
    pattern: words('unbiased|fair (?:to|for|model|network|dataset|source)'),
    measures: [],
    write: 'for which groups, by which metric',
    answeredBy: ['ethics_fairness'],
  },
];
