import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { findHelm, type Helm, NO_HELM } from './run-helm.js';

/** Renews the lock of a wrapper chart: its text, or why that cannot be done, a sentence. */
export type LockRenewal = (chart: OverlayFile, lock: OverlayFile) => Promise<{ text: string } | { reason: string }>;

/**
 * Renews a lock with the helm of this machine, in a folder that has nothing but the chart's dependencies. Helm asks the
 * chart repositories, so a version that they do not have is noticed.
 */
export const renewLock: LockRenewal = (chart, lock) => renewLockWith(findHelm, chart, lock);

/** Like `renewLock`, with another helm. */
export async function renewLockWith(
  find: () => Promise<Helm | undefined>,
  chart: OverlayFile,
  lock: OverlayFile,
): Promise<{ text: string } | { reason: string }> {
  const helm = await find();
  if (helm === undefined) {
    return { reason: NO_HELM };
  }
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-lock-'));
  try {
    await writeFile(join(scratch, basename(chart.path)), chart.text);
    if (basename(chart.path) !== 'Chart.yaml') {
      await writeFile(join(scratch, 'Chart.yaml'), 'apiVersion: v1\nname: wrapper\nversion: 0.0.0\n');
    }
    await helm(['dependency', 'update', scratch], scratch);
    return { text: await readFile(join(scratch, basename(lock.path)), 'utf8') };
  } catch (error) {
    const said = error instanceof Error ? error.message.replaceAll(scratch, '.') : String(error);
    return { reason: `helm could not: ${said.replace(/\.?$/, '.')}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
