import { describe, expect, test } from '@jest/globals';
import { healthHistory, type Watched } from '../../../src/ops/live/health-of.js';
import type { Change, Report } from '../../../src/ops/live/said.js';
import type { CheckKind, Health } from '../../../src/ops/policy/health.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const at = (time: string) => new Date(`2026-11-30T${time}:00Z`);

const CLUSTER = 'kustomization/staging/3921d3b4';
const STATES = { ok: 'success', failed: 'failure', open: 'pending' } as const;

/** `C2 11:40 | ok 11:41 | open 11:42 verify/web`: of the cluster where no context is named. */
function commitOf(line: string) {
  const [commit = '', ...said] = line.split(' | ');
  const [oid = '', time = ''] = commit.split(' ');
  const reports = said.map((each): Report => {
    const [word = '', when = '', own] = each.split(' ');
    const state = Object.entries(STATES).find(([name]) => name === word)?.[1] ?? 'pending';
    const context = own === undefined ? CLUSTER : `ostack/${own.replace('/', '/staging/')}`;
    return { context, state, description: '', at: at(when), url: '' };
  });
  return { oid, at: at(time), reports };
}

interface Asked {
  checks?: readonly CheckKind[];
  /** The commits with the last changes of web and of api: of one object for both where they are not named. */
  changed?: { web: string; api: string };
  apps?: string[];
}

function historyOf(lines: string[], { checks = ['verify'], changed, apps = ['web', 'api'] }: Asked = {}) {
  const commits = lines.map(commitOf);
  const arrivalOf = (oid: string): Change | undefined => commits.find((commit) => commit.oid === oid);
  const isReport = (context: string) => !context.startsWith('ostack/');
  const object = (own: Watched['apps'], oid: string): Watched => ({
    ...{ name: 'kustomization/staging', apps: own, isReport, changed: arrivalOf(oid) },
  });
  const watched =
    changed === undefined
      ? [object('all', commits.at(-1)?.oid ?? '')]
      : [object(['web'], changed.web), object(['api'], changed.api)];
  const awaited = checks.map((kind) => ({ kind, timeoutMs: 15 * 60_000 }));
  const facts = { commits, watched, timeoutMs: 15 * 60_000, now: NOW };
  return healthHistory({ ...facts, checks: { environment: 'staging', awaited, commits, apps } }, arrivalOf);
}

function said({ state, since, reason }: Health): string {
  const time = since === undefined ? '' : ` since ${since.toISOString().slice(11, 16)}`;
  return `${state}${time}${state === 'live' ? '' : `: ${reason}`}`;
}

const VERIFY = 'ostack/verify/staging/web';

describe('a version with a check', () => {
  test.each<[string, string[], string]>([
    [
      'is as its cluster says while that is silent',
      ['C1 11:50'],
      'pending since 11:50: kustomization/staging has not reported yet',
    ],
    [
      'is as its cluster says where that failed',
      ['C1 11:50 | failed 11:51'],
      `failed since 11:51: ${CLUSTER}: failure`,
    ],
    [
      'is on its way once its cluster is live',
      ['C1 11:50 | ok 11:51'],
      `progressing since 11:51: ${VERIFY} has not reported yet`,
    ],
    [
      'is unknown where nobody checks it in time',
      ['C1 11:30 | ok 11:31'],
      `unknown since 11:46: ${VERIFY} has not reported within 15m, by 2026-11-30T11:46:00Z`,
    ],
    [
      'is on its way while it is checked',
      ['C1 11:50 | ok 11:51 | open 11:52 verify/web'],
      `progressing since 11:52: ${VERIFY}: pending`,
    ],
    [
      'is unknown where that takes too long: it did not fail',
      ['C1 11:30 | ok 11:31 | open 11:32 verify/web'],
      `unknown since 11:47: ${VERIFY}: pending within 15m, by 2026-11-30T11:47:00Z`,
    ],
    ['is live since the check succeeded', ['C1 11:30 | ok 11:31 | ok 11:40 verify/web'], 'live since 11:40'],
    [
      'is live since its cluster is, where that is later',
      ['C1 11:30 | ok 11:50 | ok 11:40 verify/web'],
      'live since 11:50',
    ],
    [
      'has failed when the check has',
      ['C1 11:30 | ok 11:31 | failed 11:40 verify/web'],
      `failed since 11:40: ${VERIFY}: failure`,
    ],
    [
      'is not live by a check of another app',
      ['C1 11:50 | ok 11:51 | ok 11:52 verify/api'],
      `progressing since 11:51: ${VERIFY} has not reported yet`,
    ],
    [
      'is not live by the check of a version before',
      ['C1 11:50 | ok 11:51', 'C0 11:00 | ok 11:01 | ok 11:02 verify/web'],
      `progressing since 11:51: ${VERIFY} has not reported yet`,
    ],
    [
      'stays live with what comes after it',
      ['C2 11:50 | ok 11:51', 'C1 11:30 | ok 11:31 | ok 11:40 verify/web'],
      'live since 11:40',
    ],
  ])('%s', (_, lines, expected) => {
    expect(said(historyOf(lines).of('web', 'C1', undefined))).toBe(expected);
  });

  test('with two checks is live when both succeeded', () => {
    const lines = ['C1 11:30 | ok 11:31 | ok 11:40 verify/web | ok 11:35 probe/web'];
    expect(said(historyOf(lines, { checks: ['probe', 'verify'] }).of('web', 'C1', undefined))).toBe('live since 11:40');
    const open = ['C1 11:50 | ok 11:51 | ok 11:52 verify/web'];
    expect(said(historyOf(open, { checks: ['probe', 'verify'] }).of('web', 'C1', undefined))).toMatch(/^progressing/);
  });

  test('that was replaced counts with what was checked of it, and as its cluster said it where nobody checked it', () => {
    const lines = ['C3 11:50', 'C2 11:40 | ok 11:41', 'C1 11:20 | ok 11:21 | failed 11:22 verify/web'];
    const history = historyOf(lines);
    expect(said(history.of('web', 'C2', 'C3'))).toMatch(/^unknown|^progressing|^pending/);
    expect(said(history.was?.('web', 'C2', 'C3') ?? history.now)).toBe('live since 11:41');
    expect(said(history.was?.('web', 'C1', 'C2') ?? history.now)).toMatch(/^failed since 11:22/);
  });

  test('that was replaced before it could report was not silent for long', () => {
    const history = historyOf(['C2 11:31 | ok 11:33', 'C1 11:30']);
    expect(said(history.was?.('web', 'C1', 'C2') ?? history.now)).toMatch(/^pending since 11:30/);
  });
});

describe('an environment with checks', () => {
  test.each<[string, string[], Asked, string]>([
    ['is live as its cluster says, while they run', ['C1 11:50 | ok 11:51'], {}, 'live since 11:51'],
    [
      'has failed where one has',
      ['C1 11:30 | ok 11:31 | failed 11:40 verify/web'],
      {},
      `failed since 11:40: ${VERIFY}: failure`,
    ],
    [
      'is unknown where one is missed',
      ['C1 11:30 | ok 11:31 | open 11:32 verify/web'],
      {},
      `unknown since 11:47: ${VERIFY}: pending within 15m, by 2026-11-30T11:47:00Z`,
    ],
    [
      'is mended by the next one of the app',
      ['C2 11:45 | ok 11:46 | ok 11:50 verify/web', 'C1 11:30 | failed 11:40 verify/web'],
      {},
      'live since 11:46',
    ],
    [
      'is not mended by one of another app',
      ['C2 11:45 | ok 11:46 | ok 11:50 verify/api', 'C1 11:30 | failed 11:40 verify/web'],
      {},
      `failed since 11:40: ${VERIFY}: failure`,
    ],
    [
      'forgets what is of an app that is gone',
      ['C1 11:30 | ok 11:31 | failed 11:40 verify/web'],
      { apps: ['api'] },
      'live since 11:31',
    ],
    [
      'forgets what was before a change of the app, where its objects tell that',
      ['C2 11:45 | ok 11:46', 'C1 11:30 | ok 11:31 | failed 11:40 verify/web'],
      { changed: { web: 'C2', api: 'C1' } },
      'live since 11:46',
    ],
  ])('%s', (_, lines, asked, expected) => {
    expect(said(historyOf(lines, asked).now)).toBe(expected);
  });

  test('tells the last check that failed', () => {
    const lines = ['C1 11:30 | ok 11:31 | failed 11:40 verify/web'];
    expect(historyOf(lines).lastFailure).toEqual({ at: at('11:40'), oid: 'C1', reason: `${VERIFY}: failure` });
  });
});

test.each<[string, string[], boolean]>([
  ['was live until something else came', ['C2 11:50', 'C1 11:30 | ok 11:31 | ok 11:32 verify/web'], true],
  ['was not verified by then', ['C2 11:50', 'C1 11:30 | ok 11:31'], false],
  ['had failed by then', ['C2 11:50', 'C1 11:30 | failed 11:31'], false],
])('a version %s', (_, lines, expected) => {
  const history = historyOf(lines, { changed: { web: 'C2', api: 'C1' } });
  expect(history.wasLiveBeforeOthers?.('web', 'C1')).toBe(expected);
});

test('a version after which nothing else came is not excused', () => {
  const history = historyOf(['C1 11:30 | ok 11:31 | ok 11:32 verify/web'], { changed: { web: 'C1', api: 'C1' } });
  expect(history.wasLiveBeforeOthers?.('web', 'C1')).toBe(false);
});
