import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A starter workflow of ours, as a team copies it. @param path below `workflows`, without its ending: `ops/ops-gate` */
export function starter(path: string): Promise<string> {
  return readFile(join(import.meta.dirname, '..', '..', 'workflows', `${path}.yml`), 'utf8');
}
