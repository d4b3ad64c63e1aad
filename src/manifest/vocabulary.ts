import type { Factor, Rule } from './schema.ts';

/** What each factor means, for editors and for messages. */
export const factorMeanings: Record<Factor, string> = {
  semantic_similarity: 'Source and target show the same kind of thing: modality, anatomy, classes.',
  visual_similarity: 'Source and target look alike: colour, sharpness, noise, contrast.',
  embedding_similarity: 'Source and target lie close together in a network’s features.',
  dataset_size: 'How many images, classes or patients the source has.',
  diversity: 'How varied the source is: effective images, sites, scanners.',
  image_quality: 'Sharpness, noise, resolution of the source’s images.',
  label_quality: 'How the source was labelled and how often wrongly.',
  availability: 'The weights could be had, or others could not.',
  license: 'The terms of weights and data allow the use.',
  community_norm: 'Others use it, or reviewers expect it. Recorded as what it is, never as evidence.',
  prior_experience: 'It worked for us before.',
  prior_evidence: 'Published results.',
  ethics_fairness: 'Whom the source shows and leaves out, consent, subgroup gaps.',
  robustness: 'Behaviour under a named shift: other scanners, other hospitals.',
  performance: 'It will score better on the target.',
};

/** When each policy rule fires, for editors and for messages. */
export const ruleMeanings: Record<Rule, string> = {
  undocumented: 'No reason is given for the choice.',
  contradicted: 'The evidence contradicts a claim.',
  inconclusive: 'The evidence does not decide a claim.',
  no_evidence: 'Nothing could be measured for a claim.',
  untestable: 'A claim is declared untestable.',
  vague_term: 'A reason leans on a word that means different things to different people, without a definition or test.',
  only_winner: 'Only one candidate is listed and nothing is under not_considered.',
  norm_only: 'That others do it is the only reason.',
  unmeasured_quantity: 'Size, diversity or quality is a reason, without a number or definition.',
  similarity_as_performance: 'Better performance is concluded from similarity, without a claim that tests it.',
  ethics_missing: 'Factors are listed, but ethics_fairness is neither addressed nor not_considered.',
  license_unknown: 'The chosen candidate has no licence.',
  unreadable_images: 'Some images could not be read.',
  near_duplicates: 'Target images have copies or near copies: in a source, or among the target’s own images.',
  group_leak: 'A declared group (patient, slide) lies in two splits of the target, or in a source and the target.',
  weights_saw_target: 'A candidate’s weights were trained on the target’s images, by what is declared of them.',
  preprocessing_mismatch:
    'A network’s running statistics fit another preprocessing clearly better than the declared one.',
};
