import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../world/world.js';
import { zip } from './zip.js';

/** The archive of an artifact, by the address to which REST leads; `undefined` for any other path. */
export async function archiveFor(world: World, path: string): Promise<Buffer | undefined> {
  const [, name = '', id = '', key = ''] = /^\/([^/]+\/[^/]+)\/artifacts\/(\d+)\/([0-9a-f]+)\.zip$/.exec(path) ?? [];
  const artifact = world.repositories.get(name.toLowerCase())?.artifacts.get(Number(id));
  if (artifact === undefined || artifact.key !== key) {
    return undefined;
  }
  return packed(artifact.folder, artifact.files);
}

/** The archive of an artifact's files. */
export async function packed(folder: string, files: readonly string[]): Promise<Buffer> {
  return zip(
    await Promise.all(files.map(async (file) => ({ path: file, content: await readFile(join(folder, file)) }))),
  );
}
