import { vocabulary } from './vocabulary.ts';

/**
 * How images are made. Codes and their meanings: DICOM PS3.3 C.7.3.1.1.1, defined terms of Modality (0008,0060), the
 * image-making ones. Terms without a code, natural images among them, are ours, and so is the tree: it goes by the
 * physics that makes the picture, since DICOM lists its codes without an order. A distance in it counts edges and
 * nothing else: it is no measure of how well a network transfers.
 */
export const modalities = vocabulary({
  name: 'image',
  kinds: [
    {
      name: 'X-ray imaging',
      also: ['radiology X-ray', 'ionising radiation imaging'],
      kinds: [
        {
          name: 'projection radiography',
          also: [
            'X-ray',
            'radiograph',
            'radiography',
            'plain film',
            'plain radiograph',
            'X-ray image',
            'roentgenogram',
          ],
          kinds: [
            { name: 'computed radiography', code: 'CR' },
            { name: 'digital radiography', code: 'DX', also: ['DR', 'digital X-ray'] },
            { name: 'film radiography', code: 'RG', also: ['conventional film/screen', 'scanned film'] },
            { name: 'mammography', code: 'MG', also: ['mammogram', 'full-field digital mammography', 'FFDM'] },
            { name: 'intra-oral radiography', code: 'IO', also: ['periapical radiograph', 'bitewing radiograph'] },
            {
              name: 'panoramic X-ray',
              code: 'PX',
              also: ['panoramic radiograph', 'orthopantomogram', 'OPG', 'dental panoramic radiograph'],
            },
            { name: 'bone densitometry (X-ray)', code: 'BMD', also: ['DXA', 'DEXA'] },
          ],
        },
        {
          name: 'X-ray sequence imaging',
          kinds: [
            { name: 'radio fluoroscopy', code: 'RF', also: ['fluoroscopy', 'fluoroscopic image'] },
            {
              name: 'X-ray angiography',
              code: 'XA',
              also: ['angiography', 'angiogram', 'coronary angiography', 'digital subtraction angiography', 'DSA'],
            },
          ],
        },
        {
          name: 'computed tomography',
          code: 'CT',
          also: ['CT scan', 'CAT scan', 'CT slice', 'cone-beam CT', 'CBCT', 'HRCT', 'CTA', 'CT angiography'],
        },
      ],
    },
    {
      name: 'magnetic resonance',
      code: 'MR',
      also: ['MRI', 'magnetic resonance imaging', 'MR imaging', 'MRA', 'MR angiography', 'fMRI', 'MR scan', 'MRI scan'],
    },
    {
      name: 'ultrasound imaging',
      kinds: [
        {
          name: 'ultrasound',
          code: 'US',
          also: ['ultrasonography', 'sonography', 'sonogram', 'echocardiography', 'echocardiogram', 'ultrasound image'],
        },
        { name: 'intravascular ultrasound', code: 'IVUS' },
      ],
    },
    {
      name: 'emission imaging',
      also: ['radionuclide imaging'],
      kinds: [
        { name: 'nuclear medicine', code: 'NM', also: ['scintigraphy', 'SPECT', 'bone scan'] },
        { name: 'positron emission tomography', code: 'PT', also: ['PET', 'PET scan', 'FDG-PET'] },
      ],
    },
    {
      name: 'optical coherence imaging',
      kinds: [
        { name: 'ophthalmic tomography', code: 'OPT', also: ['retinal OCT', 'ophthalmic OCT', 'macular OCT'] },
        {
          name: 'optical coherence tomography',
          code: 'OCT',
          also: ['OCT scan', 'optical coherence tomography (non-ophthalmic)'],
        },
        { name: 'intravascular optical coherence tomography', code: 'IVOCT' },
      ],
    },
    {
      name: 'visible-light imaging',
      also: ['visible light', 'optical imaging'],
      kinds: [
        {
          name: 'photography',
          also: ['photograph', 'photo'],
          kinds: [
            {
              name: 'natural images',
              also: [
                'natural photograph',
                'natural photo',
                'natural scene',
                'everyday photograph',
                'photographs of everyday objects',
                'natural-image photograph',
                'object photograph',
                'internet photograph',
                'web photograph',
              ],
            },
            {
              name: 'external-camera photography',
              code: 'XC',
              also: ['clinical photograph', 'clinical photography', 'medical photograph', 'medical photography'],
            },
            { name: 'dermoscopy', code: 'DMS', also: ['dermatoscopy', 'dermoscopic image', 'dermatoscopic image'] },
            {
              name: 'ophthalmic photography',
              code: 'OP',
              also: ['fundus photography', 'fundus photograph', 'fundus image', 'colour fundus', 'color fundus', 'CFP'],
            },
          ],
        },
        {
          name: 'endoscopy',
          code: 'ES',
          also: [
            'endoscopic image',
            'colonoscopy',
            'gastroscopy',
            'bronchoscopy',
            'laparoscopy',
            'cystoscopy',
            'capsule endoscopy',
          ],
        },
        {
          name: 'microscopy',
          also: ['micrograph', 'light microscopy'],
          kinds: [
            {
              name: 'slide microscopy',
              code: 'SM',
              also: [
                'whole-slide image',
                'whole-slide imaging',
                'WSI',
                'histopathology',
                'histology',
                'H&E',
                'H&E stained slide',
                'digital pathology',
                'pathology slide',
                'cytology',
              ],
            },
            { name: 'general microscopy', code: 'GM' },
            { name: 'confocal microscopy', code: 'CFM' },
          ],
        },
        { name: 'remote sensing', also: ['satellite image', 'satellite imagery', 'aerial image', 'aerial photograph'] },
      ],
    },
    { name: 'thermography', code: 'TG', also: ['thermal image', 'thermal imaging'] },
    { name: 'photoacoustic imaging', code: 'PA', also: ['photoacoustic', 'optoacoustic imaging'] },
    {
      name: 'drawn images',
      also: [
        'drawing',
        'sketch',
        'illustration',
        'painting',
        'clip art',
        'cartoon',
        'rendered image',
        'synthetic rendering',
      ],
    },
  ],
});
