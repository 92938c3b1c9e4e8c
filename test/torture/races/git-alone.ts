import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * Makes a PATH that has git, which the stage needs, and no kustomize: to render costs more than all the rest of a
 * schedule, and changes nothing but what pull requests say.
 *
 * @param folder where to put it
 */
export async function gitAlone(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const found = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, 'git'));
  await symlink(found.find((file) => existsSync(file)) ?? '', join(bin, 'git'));
  return bin;
}
