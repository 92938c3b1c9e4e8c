import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connected, nameOf } from '../../github/connected.js';
import type { EvidenceSource } from '../evidence/proof-reader.js';
import type { TeamReader } from '../judgement/approvers.js';
import { fetchChanges, type Remote } from './fetch-changes.js';
import { type Ground, otherRepository } from './ground.js';
import { type Judgement, judgePulls } from './judge-pulls.js';
import type { OpenPull } from './open-pulls.js';

/** What judges, with the token that reads. */
export interface Judge {
  /** The repository of the policy. */
  ops: Connected;
  /** The same for git. */
  remote: Remote;
  members: TeamReader;
  /** Where evidence of builds is looked for; missing where nobody looks. */
  evidence?: EvidenceSource | undefined;
  /** Slug of the ops App; missing where nobody knows it. */
  app?: string;
  /** Whether what is allowed is merged in this very moment. */
  mergesNow?: boolean;
  /** Whether the gate is required there; so where it is missing. */
  isGuarded?: boolean;
  now(): Date;
}

/**
 * Judges open pull requests by what one commit of the branch that they go into has, of which only the files are fetched.
 *
 * @returns also what a person should know, sentences that begin with the number, after the name of a repository that is another one
 * @throws Error where that commit cannot be fetched, and what a failed request throws
 */
export async function judgeAt(
  { remote, now, ...judge }: Judge,
  main: Ground,
  pulls: readonly OpenPull[],
): Promise<{ judged: Judgement[]; notes: string[] }> {
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-judge-'));
  try {
    const changes =
      pulls.length === 0 ? new Map() : await fetchChanges(remoteOf(remote, main), main.oid, pulls, scratch);
    const judged = await judgePulls({ ...judge, main, now: now() }, pulls, changes);
    const name = otherRepository(main) ?? '';
    return { judged, notes: judged.flatMap(({ number, notes }) => notes.map((note) => `${name}#${number}: ${note}`)) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where the commits of a branch are fetched from. */
export function remoteOf(remote: Remote, { at }: Pick<Ground, 'at'>): Remote {
  return { ...remote, repository: nameOf(at) };
}
