import { existsSync, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Where browsers and Mesa leave the manifests of Vulkan drivers that compute in software: SwiftShader, then lavapipe. */
const usualPlaces = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
  join(homedir(), '.cache/ms-playwright/chromium*/*/vk_swiftshader_icd.json'),
  '/usr/share/vulkan/icd.d/lvp_icd*.json',
];

/** Environments for a process that is to find a graphics device: as the environment says, then one for each driver that is installed. */
export function environmentsWithDevice(): { name: string; env: NodeJS.ProcessEnv }[] {
  const given = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const found = usualPlaces.flatMap((place) => (existsSync(place) ? [place] : globSync(place)));
  return [...(given ? [given] : []), ...found].map((files) => ({
    name: files,
    env: {
      ...process.env,
      VK_DRIVER_FILES: files,
      VK_ICD_FILENAMES: files,
      // A browser brings the loader too.
      LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, dirname(files.split(delimiter)[0]!)]
        .filter(Boolean)
        .join(delimiter),
    },
  }));
}
