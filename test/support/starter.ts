import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A starter of ours, as a user copies it. @param path below `workflows`, without its ending: `ops/ops-gate` */
export function starter(path: string): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', 'workflows', `${path}.yml`), 'utf8');
}
