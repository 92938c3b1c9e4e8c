import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from './errors.js';

const LOOK_AGAIN_MS = 100;

/**
 * Does `work` while no other process does, and waits for its turn. A process that was killed keeps nobody waiting.
 *
 * @param lock the file that says who works; made here, and removed afterwards
 */
export async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true });
  const own = `${lock}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    // A link appears with its content, so that nobody finds a lock of nobody.
    while (!(await isLinked(own, lock))) {
      await removeIfAbandoned(lock);
      await wait(LOOK_AGAIN_MS);
    }
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function isLinked(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}

async function removeIfAbandoned(lock: string): Promise<void> {
  const holder = await readFile(lock, 'utf8').catch(() => undefined);
  if (holder !== undefined && !isAlive(Number(holder))) {
    await rm(lock, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}
