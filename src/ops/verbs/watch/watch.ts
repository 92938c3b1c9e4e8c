import type { GitHub } from '../../../github/client.js';
import { type Connected, nameOf } from '../../../github/connected.js';
import { parseRepository } from '../../../github/context.js';
import { isFinalAnswer } from '../../../github/errors.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import { readChanges, type Watched, type WatchedChange } from './changes.js';
import type { Recorded } from './plan-deployments.js';
import { type Records, recordDeployments } from './record-deployments.js';
import { runChecks } from './run-checks.js';
import { recordedInApps } from './sources.js';
import { tellPulls } from './tell-pulls.js';

/** What a run works with. */
export interface WatchRun {
  /** The ops repository. */
  ops: Connected;
  /** Records deployments in apps repositories; missing where nobody does. */
  apps: GitHub | undefined;
  /** `https://github.com` */
  serverUrl: string;
  /** Whether pull requests are told. */
  comments: boolean;
  /** Decide, and write nothing. */
  dryRun: boolean;
  now: Date;
}

/** What is reported, and what was written of it. */
export interface WatchReport {
  watched: Watched;
  /** Of each repository that deployments are recorded in, `owner/name`. */
  records: ReadonlyMap<string, Records>;
  /** What a person should know, sentences. */
  notes: string[];
}

/**
 * Looks what clusters report of each environment, and writes it down for people: deployments in ops and in apps repositories, and a
 * comment on the pull request that brought a version. Nothing that it writes permits anything: who asks whether something is live asks
 * the statuses themselves.
 *
 * Safe to run again, to stop anywhere and to run late: each run looks at everything.
 *
 * @throws Error where the ops repository cannot be read, or deployments cannot be recorded in it
 */
export async function watch(run: WatchRun): Promise<WatchReport> {
  const notes = new Set<string>();
  const warn = (message: string) => notes.add(message);
  const watched = await readChecked(run, warn);
  const records = new Map<string, Records>();
  for (const [name, own] of byRepository(watched.changes)) {
    const [first] = own;
    if (first !== undefined) {
      records.set(name, await recordInOps(run, first.ops, own, warn));
    }
  }
  const { apps } = run;
  if (apps !== undefined) {
    for (const { repository, recorded } of recordedInApps(watched.changes, (change) => pageOf(run, change))) {
      const target = { github: apps, repository: parseRepository(repository, 'Ostack-Source') };
      const operation = operationIn(target.repository, 'record deployments', 'deployments: write');
      // An apps repository that cannot be written keeps nobody from the others.
      const written = await tryOperation(operation, () => recordDeployments(target, recorded, run.dryRun), warn);
      if (written !== undefined) {
        records.set(repository, written);
      }
    }
  }
  for (const { refused } of records.values()) {
    refused.forEach(warn);
  }
  return { watched, records, notes: [...notes] };
}

/** Rounds of checks in one run: an address, and the workflow that is started after it. */
const MOST_ROUNDS = 2;

/** What is reported, with the checks that are due made. */
async function readChecked(run: WatchRun, warn: (message: string) => void): Promise<Watched> {
  for (let round = 0; ; round++) {
    const watched = await readChanges(run.ops, run.now, warn);
    const home = { ...run.ops, branch: watched.branch };
    if (run.dryRun || round >= MOST_ROUNDS || (await runChecks(home, watched.changes, run.now, warn)) === 0) {
      return watched;
    }
  }
}

function recordInOps(
  run: WatchRun,
  ops: Connected,
  own: readonly WatchedChange[],
  warn: (message: string) => void,
): Promise<Records> {
  const recorded = own.map(
    (change): Recorded => ({
      ...{ change, sha: change.entry.oid, replaced: change.earlier.map(({ oid }) => oid), page: pageOf(run, change) },
    }),
  );
  return recordDeployments(ops, recorded, run.dryRun, async (due, isLast) => {
    const shas = new Set(due.map(({ deployment }) => deployment.sha));
    const news = own.filter(({ entry }) => shas.has(entry.oid));
    if (run.comments && !run.dryRun) {
      await tellPulls(ops, news, own, run.now, (words, error) => {
        // What is not refused may pass with the next round. What cannot be told is a note: nothing depends on it.
        if (!isLast && !isFinalAnswer(error)) {
          throw error;
        }
        warn(words);
      });
    }
  });
}

/** The page of the commit that brought a version. */
function pageOf({ serverUrl }: WatchRun, { ops, entry }: WatchedChange): string {
  return `${serverUrl}/${nameOf(ops)}/commit/${entry.oid}`;
}

function byRepository(changes: readonly WatchedChange[]): Map<string, WatchedChange[]> {
  const all = new Map<string, WatchedChange[]>();
  for (const change of changes) {
    const name = nameOf(change.ops);
    all.set(name, [...(all.get(name) ?? []), change]);
  }
  return all;
}
