import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeBetween, fetchFiles } from '../../judged-pulls/fetch-files.js';
import type { Ground } from '../../judged-pulls/ground.js';
import type { Judge } from '../../judged-pulls/judge-at.js';
import { judgePulls } from '../../judged-pulls/judge-pulls.js';
import { headVerdicts } from '../../judgement/head-verdict.js';
import type { DuePull } from './due-pulls.js';

/** A merge, and what it was made onto. */
export interface MergeOnto {
  pull: DuePull;
  ground: Ground;
  commit: string;
  base: string;
}

/**
 * Judges a merge once more, by what it was merged onto: GitHub pins a merge to the head and never to the base, so something may
 * have come in the moment before that does not permit it.
 *
 * @returns why it was not permitted, a sentence; `undefined` where it was
 * @throws what a failed request throws
 */
export async function lateLook(
  { ops, remote, members, isGuarded = true, now }: Judge,
  { pull, ground, commit, base }: MergeOnto,
): Promise<string | undefined> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-late-'));
  try {
    const { files, missing } = await fetchFiles(remote, commit, [base], scratch);
    const found = missing.has(base)
      ? { problem: `GitHub no longer gives ${base}.` }
      : { change: await changeBetween(files, base, commit) };
    const bench = { ops, members, main: { ...ground, oid: base }, mergesNow: true, isGuarded, now: now() };
    const judged = await judgePulls(bench, [pull], new Map([[pull.number, found]]));
    const [verdict] = headVerdicts(judged);
    return verdict?.isAllowed === true ? undefined : (verdict?.title ?? 'It was not judged.');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
