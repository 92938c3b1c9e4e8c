import { describe, expect, test } from '@jest/globals';
import {
  type CurrentRecord,
  type DesiredRecord,
  desiredRecord,
} from '../../../../../src/ops/verbs/previews/plan/desired-record.js';
import type { OpenPullRequests } from '../../../../../src/ops/verbs/previews/plan/open-pull-requests.js';
import type { RequestedPreview } from '../../../../../src/ops/verbs/previews/plan/request.js';
import { at, listed, previewOf, recordOf, sha } from '../support.js';

const HOUR = 3_600_000;
const NONE: CurrentRecord = { record: undefined, broken: undefined };
const LIST = [listed([7], at(10))];

function desired(
  requested: RequestedPreview,
  current: CurrentRecord,
  pullRequests: readonly OpenPullRequests[] = LIST,
  minute = 11,
): DesiredRecord {
  const settings = { host: 'staging', ttlMs: 72 * HOUR, sleepAfterMs: undefined };
  return desiredRecord(requested, { now: at(minute), pullRequests }, current, settings);
}

function broken(repository: string | undefined): CurrentRecord {
  const message = 'previews/records/pr-7.yaml:2:1: unknown key "x".';
  return { record: undefined, broken: { name: 'pr-7', file: 'previews/records/pr-7.yaml', message, repository } };
}

describe('the record of a requested preview', () => {
  test('is queued first, and as old as the list of pull requests', () => {
    expect(desired(previewOf(7), NONE)).toEqual({
      kind: 'record',
      changed: true,
      record: recordOf(7, {
        state: 'queued',
        createdAt: at(11).toISOString(),
        updatedAt: at(10).toISOString(),
        expiresAt: new Date(at(11).getTime() + 72 * HOUR).toISOString(),
      }),
    });
  });

  test('is never older than the command that opens it, however late the clock is', () => {
    const command = {
      ...previewOf(7),
      name: 'pr-7',
      verb: 'redeploy',
      forMs: undefined,
      by: 'ann',
      fork: false,
    } as const;
    const settings = { host: 'staging', ttlMs: 72 * HOUR, sleepAfterMs: undefined };
    const opened = (name: string) =>
      desiredRecord(
        previewOf(7),
        { now: at(11), pullRequests: LIST, command: { ...command, name, at: at(12) } },
        NONE,
        settings,
      );
    expect(opened('pr-7')).toMatchObject({ record: { createdAt: at(12).toISOString() } });
    expect(opened('pr-8')).toMatchObject({ record: { createdAt: at(11).toISOString() } });
  });

  test('keeps its state and its place in the queue when a commit is pushed', () => {
    const result = desired(previewOf(7, sha(2)), { ...NONE, record: recordOf(7) }, [listed([[7, sha(2)]], at(10))]);
    expect(result).toMatchObject({
      changed: true,
      record: { head: sha(2), state: 'active', createdAt: at(0).toISOString(), updatedAt: at(10).toISOString() },
    });
  });

  test.each([
    ['stays as it is for the same request', 60, false],
    ['is extended by it when less than half of its time is left', 36 * 60 + 1, true],
  ])('%s', (_rule, minute, extended) => {
    const record = recordOf(7);
    const result = desired(previewOf(7), { ...NONE, record }, LIST, minute);
    expect(result).toMatchObject({ kind: 'record', changed: false });
    expect(result.kind === 'record' && result.record.expiresAt !== record.expiresAt).toBe(extended);
  });

  const FORK = { subject: { pullRequest: 7, fork: true } };
  test.each<[string, RequestedPreview, Partial<ReturnType<typeof recordOf>>]>([
    ['of a run has its id', previewOf(1, sha(1), { subject: { run: '12-2' } }), { name: 'run-12-2', run: '12-2' }],
    ['of a fork says so', previewOf(7, sha(1), FORK), { pullRequest: { number: 7, fork: true } }],
    ['of a workspace is named after it', previewOf(7, sha(1), { workspace: 'growth' }), { name: 'growth-pr-7' }],
    [
      'has a title of one line',
      previewOf(7, sha(1), { subject: { pullRequest: 7, title: ' a\n b ' } }),
      { pullRequest: { number: 7, title: 'a b' } },
    ],
  ])('%s', (_rule, requested, record) => {
    expect(desired(requested, NONE)).toMatchObject({ kind: 'record', record });
  });

  test.each<[string, RequestedPreview, CurrentRecord, readonly OpenPullRequests[], string]>([
    ['a closed pull request', previewOf(7), NONE, [listed([], at(10))], 'skipped: pull request #7 is no longer open.'],
    [
      'an older commit',
      previewOf(7),
      NONE,
      [listed([[7, sha(2)]], at(10))],
      'skipped: pull request #7 is at 2222222 now, and this run is for 1111111.',
    ],
    [
      'a list that is older than another run’s',
      previewOf(7),
      { ...NONE, record: recordOf(7, { head: sha(2), updatedAt: at(11).toISOString() }) },
      LIST,
      'skipped: a later run deployed 2222222, and this run is for 1111111.',
    ],
    [
      'a name that another repository has',
      previewOf(7),
      { ...NONE, record: recordOf(7, { repository: 'acme/site' }) },
      LIST,
      'failed: pr-7 is taken by a preview of acme/site. Give one of the repositories a workspace of its own.',
    ],
    [
      'a broken record of another repository',
      previewOf(7),
      broken('acme/site'),
      LIST,
      'failed: pr-7 is taken by a preview of acme/site. Give one of the repositories a workspace of its own.',
    ],
    [
      'a broken record of nobody knows whom',
      previewOf(7),
      broken(undefined),
      LIST,
      'failed: pr-7 is taken by a record that cannot be read: previews/records/pr-7.yaml:2:1: unknown key "x". Correct or delete it.',
    ],
    [
      'an app whose name leads out of its folder',
      previewOf(7, sha(1), { apps: [{ app: '../x', images: [] }] }),
      NONE,
      LIST,
      'failed: pr-7 cannot be created as requested: its record does not fit at apps.0.app: ',
    ],
  ])('does not exist for %s', (_rule, requested, current, lists, expected) => {
    const result = desired(requested, current, lists);
    expect(result.kind === 'record' ? 'record' : `${result.kind}: ${result.reason}`).toContain(expected);
  });

  test.each([
    ['replaces a broken one of its own repository', broken('Acme/apps'), LIST],
    ['is made without a list, which only says what is closed', NONE, []],
  ])('%s', (_rule, current, lists) => {
    expect(desired(previewOf(7), current, lists)).toMatchObject({ kind: 'record', record: { name: 'pr-7' } });
  });
});
