import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git, Published } from './publish.js';

/** Where git keeps the commit while it is put into a bundle. */
const REF = 'refs/ostack/published';

/**
 * Writes what a job with the permission to push needs, so that it runs nothing of the build:
 *
 *     published.bundle  the commit, for `git fetch`
 *     published.tar     its tree, to attest
 *     tags              a line for each tag to set: its name, and the commit that it is at now, empty where there is none
 *
 * @param folder made where it does not exist
 */
export async function handOver(git: Git, { commit, tags }: Published, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git(['update-ref', REF, commit]);
  await git(['bundle', 'create', '--quiet', join(folder, 'published.bundle'), REF]);
  await git(['archive', '--format=tar', `--output=${join(folder, 'published.tar')}`, commit]);
  await writeFile(join(folder, 'tags'), [...tags].map(([name, was = '']) => `${name} ${was}\n`).join(''));
}
