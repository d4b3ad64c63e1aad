import type { MeasureName } from './measures.ts';

/** What a reader has to know of a measure before leaning on it; each text continues its field's name. */
export interface MeasureNote {
  sees: string;
  blindTo: string;
  /** When not to use it. */
  notWhen: string;
}

const ranking = 'fewer than about 500 images a side are to rank sources';
const finetuning = 'what fine-tuning would change';

const texture: MeasureNote = {
  sees: 'the pattern of each pixel and its 8 neighbours (local binary patterns, Ojala et al. 2002): Jensen–Shannon divergence, 0 to 1 bit',
  blindTo: 'contrast, direction, and anything wider than 3 px',
  notWhen: 'two halves of the target do not stand beside it: the number alone says little',
};
const glcmContrast: MeasureNote = {
  sees: 'how large the steps between neighbouring pixels are (co-occurrence of 16 grey levels, Haralick et al. 1973)',
  blindTo: 'anything but neighbouring pixels',
  notWhen: 'one set was enlarged, which lowers it',
};
const glcmHomogeneity: MeasureNote = {
  sees: 'how much of an image has the grey level of its neighbours (Haralick et al. 1973)',
  blindTo: 'whether the even areas are subject or background',
  notWhen: 'one set has black borders or empty backgrounds and the other has not',
};
const spectrumSlope: MeasureNote = {
  sees: 'how power falls with frequency (van der Schaaf and van Hateren 1996), the slope of each image',
  blindTo: 'which of blur, enlarging, noise and compression moved it',
  notWhen: 'the reason is about one of these: noise, sharpness and JPEG blocking have measures of their own',
};
const highFrequency: MeasureNote = {
  sees: 'how much of an image’s power is in the finer half of what its pixels can carry',
  blindTo: 'whether that is detail or noise',
  notWhen: 'noise differs between the sets',
};
const sharpness: MeasureNote = {
  sees: 'edges and fine structure, by the variance of the Laplacian (Pech-Pacheco et al. 2000), one number an image',
  blindTo: 'whether focus, contrast or noise raised it',
  notWhen: 'noise or contrast differs between the sets',
};
const noise: MeasureNote = {
  sees: 'the standard deviation of pixel noise (Immerkær 1996), one number an image',
  blindTo: 'noise that is coarser than a pixel, as after JPEG or resizing',
  notWhen: 'the images are full of fine texture, which counts as noise',
};
const contrast: MeasureNote = {
  sees: 'how far the luma of an image spreads, as standard deviation (Peli 1990)',
  blindTo: 'where in the image, and at what scale',
  notWhen: 'windowing at export or black borders set it, not the subject',
};
const entropy: MeasureNote = {
  sees: 'over how many grey levels an image spreads, in bits (Shannon 1948)',
  blindTo: 'where they are: the same pixels shuffled have the same entropy',
  notWhen: 'one background fills most of the images',
};
const colourAxis = (axis: string): MeasureNote => ({
  sees: `how colour from ${axis} is distributed over all pixels: Wasserstein-1 in ΔE, where 2.3 is just visible`,
  blindTo: 'where in the image, and lightness',
  notWhen: 'one side is grey: it then says no more than the share of grey images does',
});

/** The same on what most networks are given. */
function atInput({ sees, blindTo, notWhen }: MeasureNote): MeasureNote {
  return {
    sees: `at 224 px, as networks are given it: ${sees}`,
    blindTo: `${blindTo}; detail that 224 px cannot hold`,
    notWhen,
  };
}

/**
 * The glossary: of every measure what it sees, what it is blind to and when not to use it, in words that stand in the
 * README, in `measure NAME --help` and in report.html.
 */
export const measureNotes: Record<MeasureName, MeasureNote> = {
  'embedding.mmd': {
    sees: 'how far two sets of features differ as distributions (Gretton et al. 2012), unbiased, with a permutation p',
    blindTo: 'what the encoder does not see, and in which way the sets differ',
    notWhen: `there are fewer than 20 images a side (refused), or ${ranking}`,
  },
  'embedding.kid': {
    sees: 'how far two sets differ in the first three moments of their features (cubic kernel, Bińkowski et al. 2018), unbiased',
    blindTo: 'higher moments; long features outweigh short ones',
    notWhen: 'encoders are compared, or fewer than about 1,000 images a side are to rank sources',
  },
  'embedding.fid': {
    sees: 'how far means and covariances of the features differ (Heusel et al. 2017)',
    blindTo: 'all else about a distribution; biased upwards at any size, for each source differently',
    notWhen: 'there are fewer than twice as many images a side as features (refused)',
  },
  'embedding.mind': {
    sees: 'how far distributions differ along 256 random directions, on the scale of FID (Berthet et al. 2026)',
    blindTo: 'what the encoder does not see; biased upwards by about 1/n',
    notWhen: `sets of unequal sizes are compared, or ${ranking}`,
  },
  'embedding.cmmd': {
    sees: 'how far the mean directions of the features lie apart (kernel of Jayasumana et al. 2024, unbiased)',
    blindTo: 'spread and shape: sets with one mean direction are the same to it',
    notWhen: 'CMMD as published is meant, and the encoder is not CLIP ViT-L/14 at 336 px',
  },
  'embedding.domain_classifier': {
    sees: 'how well a regularised logistic regression tells source from target images, AUC (Lopez-Paz and Oquab 2017)',
    blindTo: 'how far apart sets are that it tells apart: it stands at 1 for most real pairs',
    notWhen: 'it is near 1 for several sources, or there are fewer than 100 images a side (refused)',
  },
  'embedding.precision': {
    sees: 'the share of source images that lie near some target image (Kynkäänniemi et al. 2019)',
    blindTo: 'kinds of target images that the source lacks',
    notWhen: `the target has outliers, each of which raises it, or ${ranking}`,
  },
  'embedding.recall': {
    sees: 'how much of the target a source reaches over (Kynkäänniemi et al. 2019): breadth, which is no closeness',
    blindTo: 'source images that are like nothing in the target',
    notWhen: 'closeness is the reason: any breadth of the source raises it',
  },
  'embedding.density': {
    sees: 'how closely target images surround the source’s, 1 for two samples of one distribution (Naeem et al. 2020)',
    blindTo: 'kinds of target images that the source lacks',
    notWhen: `the source may crowd on a few kinds, which raises it above 1, or ${ranking}`,
  },
  'embedding.coverage': {
    sees: 'the share of target images with a source image near them (Naeem et al. 2020)',
    blindTo: 'source images that are like nothing in the target',
    notWhen: `sets are of unequal sizes (about 0.97 for one distribution at equal size), or ${ranking}`,
  },
  'visual.lightness': {
    sees: 'how lightness L* is distributed over all pixels: Wasserstein-1 in ΔE, where 2.3 is just visible',
    blindTo: 'where in the image',
    notWhen: 'windowing at export or black borders set it, not the subject',
  },
  'visual.green_red': colourAxis('green to red (a*)'),
  'visual.blue_yellow': colourAxis('blue to yellow (b*)'),
  'visual.colourfulness': {
    sees: 'how colourful each image is (Hasler and Süsstrunk 2003)',
    blindTo: 'which colours',
    notWhen: 'images are stained: it was fitted to photographs, and one strong stain counts as colourful',
  },
  'visual.grey_share': {
    sees: 'how many images are grey, with channels no more than 3 levels apart in any pixel',
    blindTo: 'how colourful the others are',
    notWhen: 'grey images carry a coloured mark or tint, and so count as coloured',
  },
  'visual.texture': {
    ...texture,
    notWhen: 'magnifications differ: one tissue at two of them is two textures',
  },
  'visual.texture_at_input': atInput(texture),
  'visual.glcm_contrast': glcmContrast,
  'visual.glcm_contrast_at_input': atInput(glcmContrast),
  'visual.glcm_homogeneity': glcmHomogeneity,
  'visual.glcm_homogeneity_at_input': atInput(glcmHomogeneity),
  'visual.spectrum_slope': spectrumSlope,
  'visual.spectrum_slope_at_input': atInput(spectrumSlope),
  'visual.high_frequency': highFrequency,
  'visual.high_frequency_at_input': atInput(highFrequency),
  'visual.sharpness': sharpness,
  'visual.sharpness_at_input': atInput(sharpness),
  'visual.tenengrad': {
    sees: 'edges two pixels wide, by the Sobel gradient (Tenenbaum 1970), one number an image; less moved by noise',
    blindTo: 'finer structure, and whether focus or contrast raised it',
    notWhen: 'contrast differs between the sets',
  },
  'visual.noise': noise,
  'visual.noise_at_input': atInput(noise),
  'visual.contrast': contrast,
  'visual.contrast_at_input': atInput(contrast),
  'visual.clipping': {
    sees: 'the share of pixels with a channel at 0 or 255, where differences may be lost',
    blindTo: 'whether that is overexposure, a black frame or an empty background',
    notWhen: 'black borders or white backgrounds belong to the images',
  },
  'visual.entropy': entropy,
  'visual.entropy_at_input': atInput(entropy),
  'visual.blocking': {
    sees: 'the edges of JPEG’s 8 × 8 blocks in the pixels (after Wang et al. 2002)',
    blindTo: 'compression before a later resize, crop or turn; other formats than JPEG',
    notWhen: 'images were resized after they were compressed',
  },
  'visual.jpeg_quality': {
    sees: 'the quality that the quantisation tables of the files tell; a PNG or GIF counts as 100',
    blindTo: 'what the pixels went through before the file was saved',
    notWhen: 'files were converted or saved anew',
  },
  'visual.resolution': {
    sees: 'the short side in pixels, in doublings',
    blindTo: 'whether the pixels hold detail: an enlarged image counts as large',
    notWhen: 'images may have been enlarged: effective resolution shows it',
  },
  'visual.effective_resolution': {
    sees: 'the short side that would hold the detail there is, in doublings; an estimator of ours',
    blindTo: 'whether an image was enlarged or its lens unsharp; noise added later hides both',
    notWhen: 'less than a factor of about 1.5 matters',
  },
  'visual.aspect': {
    sees: 'the shape of images, ln (width ÷ height)',
    blindTo: 'what is shown; what a crop to a square takes away',
    notWhen: 'all images were brought to one shape before',
  },
  'visual.layout': {
    sees: 'how far the sets’ mean images differ, 16 × 16 cells of luma, unbiased',
    blindTo: 'all that varies within a set, overall brightness, and the shape of images',
    notWhen: 'subjects stand anywhere in the image: both means are then flat',
  },
  'probe.linear': {
    sees: 'what a candidate’s frozen features hold about the target: regularised softmax regression, 5 × 5-fold, grouped',
    blindTo: finetuning,
    notWhen: 'the network is to be fine-tuned, and there is time to try that',
  },
  'probe.finetune': {
    sees: 'what becomes of a candidate’s whole network trained on the target: the same images, seeds, rates and steps for all',
    blindTo: 'what a longer search would find, and other architectures',
    notWhen: 'a use in clinic is to be validated: it is a screening of minutes',
  },
  'probe.last_block': {
    sees: 'what becomes of a candidate’s network when all but its last block is frozen; only if asked for',
    blindTo: 'what the frozen part could still learn',
    notWhen: 'the whole network is to be fine-tuned, and there is time to try that',
  },
  'transferability.knn': {
    sees: 'whether the 5 nearest images of other groups (cosine) have an image’s class, balanced over classes',
    blindTo: `what a linear boundary could still separate, and ${finetuning}`,
    notWhen: 'a class has fewer than 10 images (refused)',
  },
  'transferability.logme': {
    sees: 'how probable the labels are under linear models of the features (You et al. 2021), also for n < d',
    blindTo: finetuning,
    notWhen: 'targets are compared, since it depends on their number of classes; below 10 images a class (refused)',
  },
  'transferability.parc': {
    sees: 'whether images of one class lie closer together than images of two (Bolya et al. 2021), label ties exact',
    blindTo: `which classes are confused, and ${finetuning}`,
    notWhen: 'a class has fewer than 10 images (refused)',
  },
  'transferability.nleep': {
    sees: 'what clusters of the features tell about the labels (Li et al. 2021), mean of five random starts',
    blindTo: `directions beyond 80 % of the variance, and ${finetuning}`,
    notWhen: 'a class has fewer than 50 images (refused), or images hardly outnumber clusters, which flatters it',
  },
  'transferability.leep': {
    sees: 'what the probabilities of a network’s source head, where its file has one, tell about the labels (Nguyen et al. 2020)',
    blindTo: `features that the head does not use, and ${finetuning}`,
    notWhen: 'heads differ in their number of classes, more of which flatter it; below 20 images a class (refused)',
  },
  'transferability.nce': {
    sees: 'what the most probable class of a network’s source head, where its file has one, tells about the labels (Tran et al. 2019)',
    blindTo: `how sure the head is, and ${finetuning}`,
    notWhen: 'heads differ in their number of classes, more of which flatter it; below 20 images a class (refused)',
  },
  'transferability.h_score': {
    sees: 'how much of the features’ variance lies between classes, covariance shrunk (Ibrahim et al. 2021)',
    blindTo: `all but the means of classes and one covariance, and ${finetuning}`,
    notWhen: 'candidates have unequal numbers of features (refused); below 25 images a class (refused)',
  },
  'transferability.gbc': {
    sees: 'how little classes overlap as Gaussians with independent features (Pándy et al. 2022)',
    blindTo: `correlations between features, and ${finetuning}`,
    notWhen: 'candidates differ in number (refused) or scale of features; below 25 images a class (refused)',
  },
};

/** Measures that others offer and this program leaves out, and why. */
export const leftOut: readonly { name: string; why: string }[] = [
  {
    name: 'OTDD',
    why: 'needs labels on both sides, and more images of every class than there are features',
  },
  {
    name: 'H-score without shrinkage',
    why: 'puts two networks in order no better than a coin until images far outnumber features',
  },
  {
    name: 'TransRate',
    why: 'follows the number and scale of features: in simulations it put the better of two networks second up to 100 images a class',
  },
  { name: 'SFDA', why: 'is 1.0 for every network with more features than images' },
  {
    name: 'NCTI',
    why: 'agreed least with the fine-tuned order of sources, and on one target ran against it (τw −0.37)',
  },
  { name: 'ETran', why: 'compares energies, which needs logits of comparable heads' },
  { name: 'BRISQUE', why: 'was trained on natural scenes and says nothing of medical images' },
];
