import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux keeps this folder in memory: https://www.kernel.org/doc/html/latest/filesystems/tmpfs.html */
const FOLDER = '/dev/shm';
const ENOUGH_BYTES = 1024 ** 3;

/**
 * A folder for temporary files where making a file costs a tenth of what it costs on a disk. Stages make thousands.
 *
 * @returns `undefined` where there is none, where it is small, or where programs cannot be run from it (hooks are)
 */
export function memoryFolder() {
  let scratch;
  try {
    const { bavail, bsize } = statfsSync(FOLDER);
    scratch = mkdtempSync(join(FOLDER, 'ostack-'));
    const program = join(scratch, 'program');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    execFileSync(program);
    return bavail * bsize > ENOUGH_BYTES ? FOLDER : undefined;
  } catch {
    return undefined;
  } finally {
    if (scratch !== undefined) {
      rmSync(scratch, { recursive: true });
    }
  }
}
