import { vocabulary } from './vocabulary.ts';

/**
 * Regions of the human body and the organs most often imaged. Codes: defined terms of Body Part Examined (0018,0015),
 * DICOM PS3.16 annex L, table L-1; a selection. Terms without a code and the tree itself are ours: each organ stands below
 * the region that is placed in the scanner for it. Regions that DICOM joins (CHESTABDOMEN) stand beside their parts, since
 * a tree cannot put one below two.
 */
export const anatomy = vocabulary({
  name: 'whole body',
  code: 'WHOLEBODY',
  also: ['body'],
  kinds: [
    {
      name: 'head and neck',
      code: 'HEADNECK',
      kinds: [
        {
          name: 'head',
          code: 'HEAD',
          kinds: [
            { name: 'skull', code: 'SKULL' },
            {
              name: 'brain',
              code: 'BRAIN',
              also: ['cerebrum'],
              kinds: [{ name: 'cerebellum', code: 'CEREBELLUM' }],
            },
            {
              name: 'eye',
              code: 'EYE',
              also: ['ocular'],
              kinds: [
                { name: 'retina', also: ['fundus', 'ocular fundus', 'eye fundus', 'macula', 'optic disc'] },
                { name: 'cornea', code: 'CORNEA' },
              ],
            },
            { name: 'orbit', code: 'ORBIT' },
            { name: 'face', code: 'FACE' },
            { name: 'ear', code: 'EAR' },
            { name: 'nose', code: 'NOSE' },
            { name: 'jaw', code: 'JAW', also: ['mandible'] },
            {
              name: 'mouth',
              code: 'MOUTH',
              also: ['oral cavity'],
              kinds: [
                { name: 'tongue', code: 'TONGUE' },
                { name: 'teeth', also: ['tooth', 'dental'] },
              ],
            },
          ],
        },
        {
          name: 'neck',
          code: 'NECK',
          kinds: [
            { name: 'thyroid', code: 'THYROID', also: ['thyroid gland'] },
            { name: 'larynx', code: 'LARYNX' },
            { name: 'pharynx', code: 'PHARYNX', also: ['throat'] },
            { name: 'carotid artery', code: 'CAROTID' },
          ],
        },
      ],
    },
    {
      name: 'trunk',
      also: ['torso'],
      kinds: [
        {
          name: 'chest',
          code: 'CHEST',
          also: ['thorax', 'thoracic'],
          kinds: [
            { name: 'lung', code: 'LUNG', also: ['pulmonary'] },
            {
              name: 'heart',
              code: 'HEART',
              also: ['cardiac'],
              kinds: [{ name: 'coronary artery', code: 'CORONARYARTERY' }],
            },
            { name: 'breast', code: 'BREAST' },
            { name: 'mediastinum', code: 'MEDIASTINUM' },
            { name: 'oesophagus', code: 'ESOPHAGUS' },
            { name: 'trachea', code: 'TRACHEA' },
            { name: 'bronchus', code: 'BRONCHUS', also: ['bronchi'] },
            { name: 'thymus', code: 'THYMUS' },
            { name: 'rib', code: 'RIB' },
            { name: 'sternum', code: 'STERNUM' },
          ],
        },
        {
          name: 'abdomen',
          code: 'ABDOMEN',
          also: ['abdominal'],
          kinds: [
            { name: 'liver', code: 'LIVER', also: ['hepatic'] },
            { name: 'gallbladder', code: 'GALLBLADDER' },
            { name: 'pancreas', code: 'PANCREAS' },
            { name: 'spleen', code: 'SPLEEN' },
            { name: 'kidney', code: 'KIDNEY', also: ['renal'] },
            { name: 'adrenal gland', code: 'ADRENAL' },
            { name: 'stomach', code: 'STOMACH', also: ['gastric'] },
            {
              name: 'small intestine',
              also: ['small bowel'],
              kinds: [
                { name: 'duodenum', code: 'DUODENUM' },
                { name: 'jejunum', code: 'JEJUNUM' },
                { name: 'ileum', code: 'ILEUM' },
              ],
            },
            { name: 'colon', code: 'COLON', also: ['large intestine', 'large bowel'] },
          ],
        },
        {
          name: 'pelvis',
          code: 'PELVIS',
          also: ['pelvic'],
          kinds: [
            { name: 'bladder', code: 'BLADDER', also: ['urinary bladder'] },
            { name: 'prostate', code: 'PROSTATE' },
            { name: 'uterus', code: 'UTERUS', kinds: [{ name: 'uterine cervix', code: 'CERVIX' }] },
            { name: 'ovary', code: 'OVARY' },
            { name: 'testis', code: 'TESTIS' },
            { name: 'rectum', code: 'RECTUM' },
          ],
        },
        {
          name: 'spine',
          code: 'SPINE',
          also: ['vertebral column'],
          kinds: [
            { name: 'cervical spine', code: 'CSPINE' },
            { name: 'thoracic spine', code: 'TSPINE' },
            { name: 'lumbar spine', code: 'LSPINE' },
            { name: 'sacrum', code: 'SSPINE', also: ['sacral spine'] },
            { name: 'lumbosacral spine', code: 'LSSPINE' },
            { name: 'thoracolumbar spine', code: 'TLSPINE' },
            { name: 'coccyx', code: 'COCCYX' },
          ],
        },
        { name: 'aorta', code: 'AORTA' },
        { name: 'chest and abdomen', code: 'CHESTABDOMEN' },
        { name: 'abdomen and pelvis', code: 'ABDOMENPELVIS' },
        { name: 'chest, abdomen and pelvis', code: 'CHESTABDPELVIS' },
      ],
    },
    {
      name: 'extremity',
      code: 'EXTREMITY',
      also: ['limb'],
      kinds: [
        {
          name: 'upper limb',
          also: ['upper extremity'],
          kinds: [
            { name: 'shoulder', code: 'SHOULDER' },
            { name: 'clavicle', code: 'CLAVICLE' },
            { name: 'scapula', code: 'SCAPULA' },
            { name: 'arm', code: 'ARM', also: ['upper arm'] },
            { name: 'humerus', code: 'HUMERUS' },
            { name: 'elbow', code: 'ELBOW' },
            { name: 'radius', code: 'RADIUS' },
            { name: 'ulna', code: 'ULNA' },
            { name: 'wrist', code: 'WRIST' },
            { name: 'hand', code: 'HAND', kinds: [{ name: 'finger', code: 'FINGER' }] },
          ],
        },
        {
          name: 'lower limb',
          also: ['lower extremity'],
          kinds: [
            { name: 'hip', code: 'HIP' },
            { name: 'thigh', code: 'THIGH' },
            { name: 'femur', code: 'FEMUR' },
            { name: 'knee', code: 'KNEE', kinds: [{ name: 'patella', code: 'PATELLA' }] },
            { name: 'leg', code: 'LEG', also: ['lower leg'] },
            { name: 'tibia', code: 'TIBIA' },
            { name: 'fibula', code: 'FIBULA' },
            { name: 'ankle', code: 'ANKLE' },
            {
              name: 'foot',
              code: 'FOOT',
              also: ['feet'],
              kinds: [
                { name: 'toe', code: 'TOE' },
                { name: 'calcaneus', code: 'CALCANEUS' },
              ],
            },
          ],
        },
      ],
    },
    { name: 'skin', also: ['cutaneous', 'skin lesion'] },
    { name: 'lymph node', also: ['lymph nodes'] },
    { name: 'blood', also: ['peripheral blood', 'blood smear'] },
    { name: 'bone marrow' },
  ],
});
