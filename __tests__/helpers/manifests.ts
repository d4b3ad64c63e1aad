import { smallestManifest, templateReason } from '../../src/manifest/smallest.ts';

/** A manifest that says why. */
export const documented = smallestManifest.replace(templateReason, 'Radiology images resemble our films.');
/** The same without the reason. */
export const undocumented = documented.replace(/^justification:.*\n/m, '');
