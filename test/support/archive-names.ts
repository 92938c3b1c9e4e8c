import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';

/** The names in a tar archive, in its order. */
export async function archiveNames(path: string): Promise<string[]> {
  const names: string[] = [];
  const archive = extract();
  archive.on('entry', ({ name }, content, next) => {
    names.push(name);
    content.on('end', () => next());
    content.resume();
  });
  await pipeline(createReadStream(path), archive);
  return names;
}
