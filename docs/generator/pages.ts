import { readKinds } from './kinds.js';
import type { Page } from './markdown.js';
import { readRoles } from './roles.js';
import { rolePages } from './rolePages.js';
import { sitePicture } from './sitePicture.js';
import { taskPages } from './taskPages.js';

/** Everything that `npm run docs` writes. The same sources give the same pages. */
export async function generatePages(root: string): Promise<readonly Page[]> {
  const kinds = readKinds(root);
  return [...(await taskPages(root, kinds)), ...rolePages(readRoles(root), kinds), sitePicture()];
}

/** The folders that hold nothing but generated pages. */
export const GENERATED_FOLDERS = ['docs/tasks', 'docs/roles'] as const;
