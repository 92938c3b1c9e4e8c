import { isDeepStrictEqual } from 'node:util';
import { previewName } from '../../../preview-records/name.js';
import { type BrokenRecord, oneLine, type PreviewRecord, recordProblem } from '../../../preview-records/record.js';
import type { ReconcileRequest, RequestedPreview } from './decision.js';
import { pullRequestsOf, sameRepositoryName } from './removal.js';

/** What a run's wish comes to: a record, or why there is none. */
export type DesiredRecord =
  | { kind: 'record'; record: PreviewRecord; isNew: boolean; changed: boolean }
  | { kind: 'skipped' | 'failed'; reason: string };

/** Terms on which a preview is given. */
export interface Terms {
  host: string;
  ttlMs: number;
}

/**
 * Turns a run's wish into a record. A run that finishes late changes nothing: what counts is the pull request's head in
 * the list, and of two lists the younger one. Asking for the same once more is activity, too, but the record changes only
 * when less than half of its time is left.
 *
 * @param before the preview's record as it is, also one that has expired
 * @param broken the preview's record where it cannot be read
 */
export function desiredRecord(
  requested: RequestedPreview,
  request: ReconcileRequest,
  before: PreviewRecord | undefined,
  broken: BrokenRecord | undefined,
  terms: Terms,
): DesiredRecord {
  const name = previewName(requested.workspace, requested.subject);
  const owner = before?.repository ?? broken?.repository;
  if (
    (broken !== undefined && owner === undefined) ||
    (owner !== undefined && !sameRepositoryName(owner, requested.repository))
  ) {
    const whose = owner === undefined ? `a file that cannot be read: ${broken?.message}` : `a preview of ${owner}.`;
    const what = owner === undefined ? 'Correct or delete it.' : 'Give one of the repositories a workspace of its own.';
    return { kind: 'failed', reason: `${name} is taken by ${whose} ${what}` };
  }
  const past = outdatedReason(requested, request, before);
  if (past !== undefined) {
    return { kind: 'skipped', reason: past };
  }
  const asOf = pullRequestsOf(request, requested.repository)?.listedAt ?? request.now;
  const expiresAt = new Date(request.now.getTime() + terms.ttlMs).toISOString();
  const fresh: PreviewRecord = {
    name,
    repository: requested.repository,
    ...subjectOf(requested),
    head: requested.head,
    state: before?.state ?? 'queued',
    host: terms.host,
    createdAt: before?.createdAt ?? request.now.toISOString(),
    updatedAt: asOf.toISOString(),
    expiresAt,
    apps: requested.apps,
  };
  const problem = recordProblem(fresh);
  if (problem !== undefined) {
    return { kind: 'failed', reason: `${name} cannot be as it is asked for: ${problem}` };
  }
  if (before === undefined) {
    return { kind: 'record', record: fresh, isNew: true, changed: true };
  }
  const { updatedAt, expiresAt: until } = before;
  const changed = !isDeepStrictEqual(before, { ...fresh, updatedAt, expiresAt: until });
  const renew = Date.parse(until) - request.now.getTime() < terms.ttlMs / 2;
  return { kind: 'record', record: changed || renew ? fresh : before, isNew: false, changed };
}

/** Why what a run wants is of the past, `undefined` when it is not. */
function outdatedReason(
  { subject, repository, head }: RequestedPreview,
  request: ReconcileRequest,
  before: PreviewRecord | undefined,
): string | undefined {
  if (!('pullRequest' in subject)) {
    return undefined;
  }
  const list = pullRequestsOf(request, repository);
  const open = list?.open.find(({ number }) => number === subject.pullRequest);
  if (list === undefined) {
    return undefined;
  }
  if (open === undefined) {
    return `pull request #${subject.pullRequest} is no longer open.`;
  }
  if (open.head !== head) {
    return `pull request #${subject.pullRequest} is at ${open.head.slice(0, 7)} now, and this run is of ${head.slice(0, 7)}.`;
  }
  const isYounger = before !== undefined && Date.parse(before.updatedAt) > list.listedAt.getTime();
  return isYounger && before.head !== head
    ? `a later run gave it ${before.head.slice(0, 7)}, and this run is of ${head.slice(0, 7)}.`
    : undefined;
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
