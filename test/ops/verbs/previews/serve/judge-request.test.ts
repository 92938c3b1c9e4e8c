import { describe, expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../../../src/ops/verbs/previews/ask/request-record.js';
import {
  type AskingArtifact,
  type AskingRun,
  requestIn,
  whyNotForPull,
  whyNotForRun,
} from '../../../../../src/ops/verbs/previews/serve/judge-request.js';
import { sha } from '../support.js';

const STARTED = '2026-11-30T12:00:00Z';
const run = (changes: Partial<AskingRun> = {}): AskingRun => ({
  ...{ id: 7, path: '.github/workflows/pull-request.yml', event: 'pull_request', status: 'in_progress' },
  ...{ head_branch: 'change', head_sha: sha(1), run_attempt: 1, run_started_at: STARTED },
  ...{ repository: { full_name: 'acme/apps' }, head_repository: { full_name: 'acme/apps' } },
  ...changes,
});
const artifact = (changes: Partial<AskingArtifact> = {}): AskingArtifact => ({
  ...{ id: 1, name: 'ostack-preview', size_in_bytes: 9, expired: false, created_at: '2026-11-30T12:01:00Z' },
  ...changes,
});
const said: RequestRecord = { version: 1, pullRequest: 35, head: sha(1), affected: ['web'], images: [] };
const pull = { number: 35, headOid: sha(1), fromFork: false };
const REQUEST = { repository: 'acme/apps', run: 7 };

describe('what a run asks for is in its one artifact', () => {
  const table: [what: string, artifacts: AskingArtifact[], found: unknown][] = [
    ['none', [artifact({ name: 'ostack-images' })], undefined],
    ['one', [artifact({ name: 'logs' }), artifact({ id: 2 })], expect.objectContaining({ id: 2 })],
    ['two', [artifact(), artifact({ id: 2 })], { reason: expect.stringContaining('several artifacts') }],
    ['one that expired', [artifact({ expired: true })], { reason: expect.stringContaining('no more') }],
    [
      'one of an earlier attempt',
      [artifact({ created_at: '2026-11-30T11:59:59Z' })],
      { reason: expect.stringContaining('earlier attempt') },
    ],
    ['one of the second in which it began', [artifact({ created_at: STARTED })], expect.objectContaining({ id: 1 })],
  ];
  test.each(table)('%s', (_what, artifacts, found) => {
    expect(requestIn(artifacts, run(), false)).toEqual(found);
  });

  test('an environment of a run is asked for by an artifact of its own', () => {
    expect(requestIn([artifact()], run(), true)).toBeUndefined();
  });
});

describe('a run may ask for a pull request', () => {
  const fork = { ...pull, fromFork: true };
  const trusted = run({ event: 'workflow_run', head_sha: sha(9), head_branch: 'main' });
  const table: [what: string, given: Parameters<typeof whyNotForPull>, against: string | undefined][] = [
    ['at its head', [run(), said, pull, REQUEST], undefined],
    ['however the name is written', [run(), said, pull, { ...REQUEST, repository: 'Acme/Apps' }], undefined],
    ['but not at another commit', [run({ head_sha: sha(2) }), said, pull, REQUEST], '#35 is at'],
    [
      'but not what it built of another commit',
      [run(), { ...said, head: sha(2) }, pull, REQUEST],
      'asks for the commit',
    ],
    ['but not for another one', [run(), { ...said, pullRequest: 36 }, pull, REQUEST], 'asks for #36'],
    [
      'but not with what it asked for itself',
      [run(), { ...said, pullRequest: undefined }, pull, REQUEST],
      'asks for itself',
    ],
    [
      'but not as the run of a fork',
      [run({ head_repository: { full_name: 'mallory/apps' } }), said, pull, REQUEST],
      'is of mallory/apps, expected acme/apps',
    ],
    ['but not of a fork that is gone', [run({ head_repository: null }), said, pull, REQUEST], 'that is gone'],
    [
      'but not of another repository',
      [run({ repository: { full_name: 'acme/other' } }), said, pull, REQUEST],
      'expected acme/apps',
    ],
    ['of a fork, as a run of the default branch', [trusted, said, fork, REQUEST], undefined],
    ['but not of a fork by what a branch runs', [run(), said, fork, REQUEST], 'a run of the default branch asks'],
    ['but not of a branch by a run of another one', [trusted, said, pull, REQUEST], '#35 is at'],
  ];
  test.each(table)('%s', (_what, given, against) => {
    const found = whyNotForPull(...given);
    expect(found).toEqual(against === undefined ? undefined : expect.stringContaining(against));
  });
});

describe('a run may ask for an environment of its own', () => {
  const own = { ...said, pullRequest: undefined };
  const table: [what: string, given: Parameters<typeof whyNotForRun>, against: string | undefined][] = [
    ['while it runs', [run(), own, REQUEST], undefined],
    ['but not when it is over', [run({ status: 'completed' }), own, REQUEST], 'is over'],
    ['and for its end then, too', [run({ status: 'completed' }), { ...own, affected: [] }, REQUEST], undefined],
    ['but not for a pull request', [run(), said, REQUEST], 'asks for #35'],
    ['but not of another commit', [run(), { ...own, head: sha(2) }, REQUEST], 'asks for the commit'],
  ];
  test.each(table)('%s', (_what, given, against) => {
    const found = whyNotForRun(...given);
    expect(found).toEqual(against === undefined ? undefined : expect.stringContaining(against));
  });
});
