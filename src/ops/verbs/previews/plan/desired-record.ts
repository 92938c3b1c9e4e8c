import { isDeepStrictEqual } from 'node:util';
import { previewName } from '../../../preview-records/name.js';
import { type BrokenRecord, oneLine, type PreviewRecord, recordProblem } from '../../../preview-records/record.js';
import { expiryAfter, needsRenewal } from './expiry.js';
import { isIdle } from './idle.js';
import { listOf, sameRepositoryName } from './open-pull-requests.js';
import { noLongerOpen } from './removal.js';
import type { ReconcileRequest, RequestedPreview } from './request.js';

/** The record that a request leads to, or why there is none: one or more sentences. */
export type DesiredRecord =
  | {
      kind: 'record';
      record: PreviewRecord;
      /** Whether the request brings something new: another commit, other images. */
      changed: boolean;
    }
  | { kind: 'skipped' | 'failed'; reason: string };

/** The part of the policy that a record depends on. */
export interface RecordSettings {
  /** The long-lived environment whose cluster previews run in. */
  host: string;
  ttlMs: number;
  /** `undefined` where previews never sleep. */
  sleepAfterMs: number | undefined;
}

/** A preview's record as the repository has it. */
export interface CurrentRecord {
  /** `undefined` where there is none, or none that can be read. Also one that has expired. */
  record: PreviewRecord | undefined;
  broken: BrokenRecord | undefined;
}

/**
 * Turns a requested preview into its record. A run that finishes late changes nothing: what counts is the pull request's
 * head in the list, and of two lists the later one. The same request once more is activity too, and wakes a preview that
 * sleeps, but otherwise changes the record only when less than half of its time is left, until it expires or sleeps.
 *
 * @returns `skipped` where the request is outdated, `failed` where the name is taken or a value fits no record
 * @throws Error when the number of the pull request or the id of the run is none
 */
export function desiredRecord(
  requested: RequestedPreview,
  request: ReconcileRequest,
  current: CurrentRecord,
  settings: RecordSettings,
): DesiredRecord {
  const name = previewName(requested.workspace, requested.subject);
  const conflict = nameConflict(name, requested.repository, current);
  if (conflict !== undefined) {
    return { kind: 'failed', reason: conflict };
  }
  const before = current.record;
  const outdated = outdatedReason(requested, request, before);
  if (outdated !== undefined) {
    return { kind: 'skipped', reason: outdated };
  }
  const updatedAt = listOf(request.pullRequests, requested.repository)?.listedAt ?? request.now;
  const fresh: PreviewRecord = {
    name,
    repository: requested.repository,
    ...subjectOf(requested),
    head: requested.head,
    state: before?.state ?? 'queued',
    host: settings.host,
    createdAt: before?.createdAt ?? openedAt(name, request).toISOString(),
    updatedAt: updatedAt.toISOString(),
    expiresAt: expiryAfter(request.now, settings.ttlMs, before?.keptUntil),
    ...(before?.keptUntil === undefined ? {} : { keptUntil: before.keptUntil }),
    ...(before?.restartedAt === undefined ? {} : { restartedAt: before.restartedAt }),
    apps: requested.apps,
    ...(before?.uses === undefined ? {} : { uses: before.uses }),
    ...(before?.size === undefined ? {} : { size: before.size }),
  };
  const problem = recordProblem(fresh);
  if (problem !== undefined) {
    return { kind: 'failed', reason: `${name} cannot be created as requested: ${problem}` };
  }
  if (before === undefined) {
    return { kind: 'record', record: fresh, changed: true };
  }
  const sameTimes = { updatedAt: before.updatedAt, expiresAt: before.expiresAt };
  const changed = !isDeepStrictEqual(before, { ...fresh, ...sameTimes });
  const renewed =
    changed ||
    needsRenewal(before, request.now, settings.ttlMs) ||
    isIdle(before, request.now, settings.sleepAfterMs, 0.5);
  return { kind: 'record', record: renewed ? fresh : before, changed };
}

/**
 * When a preview that is opened now was opened. One that a command opens is never older than the command, however late the clock of this
 * machine is: sent again, the command finds that it was obeyed.
 */
function openedAt(name: string, { now, command }: ReconcileRequest): Date {
  return command?.name === name && command.at > now ? command.at : now;
}

/** Why the name cannot be used: another repository has it, or nobody knows whose it is. */
function nameConflict(name: string, repository: string, { record, broken }: CurrentRecord): string | undefined {
  const owner = record?.repository ?? broken?.repository;
  if (owner !== undefined) {
    return sameRepositoryName(owner, repository)
      ? undefined
      : `${name} is taken by a preview of ${owner}. Give one of the repositories a workspace of its own.`;
  }
  return broken === undefined
    ? undefined
    : `${name} is taken by a record that cannot be read: ${broken.message} Correct or delete it.`;
}

/** Why a request is outdated, `undefined` when it is not. Only the list of open pull requests can say so. */
function outdatedReason(
  { subject, repository, head }: RequestedPreview,
  { pullRequests }: ReconcileRequest,
  before: PreviewRecord | undefined,
): string | undefined {
  const list = listOf(pullRequests, repository);
  if (!('pullRequest' in subject) || list === undefined) {
    return undefined;
  }
  const open = list.open.find(({ number }) => number === subject.pullRequest);
  if (open === undefined) {
    return noLongerOpen(subject.pullRequest);
  }
  const ours = `this run is for ${head.slice(0, 7)}.`;
  if (open.head !== head) {
    return `pull request #${subject.pullRequest} is at ${open.head.slice(0, 7)} now, and ${ours}`;
  }
  const isLater = before !== undefined && Date.parse(before.updatedAt) > list.listedAt.getTime();
  return isLater && before.head !== head ? `a later run deployed ${before.head.slice(0, 7)}, and ${ours}` : undefined;
}

function subjectOf({ subject }: RequestedPreview): Pick<PreviewRecord, 'pullRequest' | 'run'> {
  if ('run' in subject) {
    return { run: subject.run };
  }
  const { pullRequest: number, title, author, fork } = subject;
  return {
    pullRequest: {
      number,
      ...(title === undefined ? {} : { title: oneLine(title) }),
      ...(author === undefined ? {} : { author }),
      ...(fork === true ? { fork } : {}),
    },
  };
}
