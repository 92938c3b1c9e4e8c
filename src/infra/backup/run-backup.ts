import type { Space } from '../space/space.js';
import type { Backup } from './backups.js';
import type { Connection } from './connection.js';
import { type MadeBackup, makeBackup } from './make-backup.js';
import { type Rehearsed, rehearse } from './rehearse.js';
import { retain } from './retain.js';
import type { Keep } from './retention.js';

/** What a run does: what is given is done, in this order. */
export interface BackupTask {
  space: Space;
  name: string;
  /** Makes a backup. */
  make?: { connection: Connection; recipients: string } | undefined;
  /** Restores the newest one on trial. */
  rehearse?: { identity: string; maxAgeMs?: number | undefined } | undefined;
  /** Deletes those that are not kept. */
  keep?: Keep | undefined;
  at: Date;
  random: string;
  signal?: AbortSignal | undefined;
}

export interface BackupOutcome {
  made?: MadeBackup | undefined;
  /** Why nothing was deleted, sentences. */
  spared?: string | undefined;
  rehearsed?: Rehearsed | undefined;
  deleted: Backup[];
}

/**
 * Makes, tries and deletes backups of one database. Where one of the first two fails, nothing is deleted; nor where there is no table
 * in the database, which is another one than was meant more often than a new one.
 */
export async function runBackup(task: BackupTask): Promise<BackupOutcome> {
  const { space, name, at, random, signal } = task;
  const made = task.make && (await makeBackup({ space, name, at, random, signal, ...task.make }));
  const rehearsed = task.rehearse && (await rehearse({ space, name, now: at, signal, ...task.rehearse }));
  if (made?.manifest.tables === 0) {
    return { made, rehearsed, deleted: [], spared: NO_TABLE };
  }
  const deleted = task.keep === undefined ? [] : await retain(space, name, task.keep, at);
  return { made, rehearsed, deleted };
}

const NO_TABLE =
  'There is no table in the database, so no older backup is deleted for this one. Look whether the database-url names the database that you mean.';
