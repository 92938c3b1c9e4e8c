import { describe, expect, test } from '@jest/globals';
import { healthHistory, type Watched } from '../../../src/ops/live/health-of.js';
import type { Change, Report } from '../../../src/ops/live/said.js';
import type { Health } from '../../../src/ops/policy/health.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const at = (time: string) => new Date(`2026-11-30T${time}:00Z`);

const WEB = 'kustomization/web-staging';
const EU = `${WEB}/3921d3b4`;
const US = `${WEB}/77aa00bb`;
const API = 'kustomization/api-staging/3921d3b4';

const STATES = { ok: 'success', failed: 'failure', open: 'pending' } as const;

/** A branch, newest first: `C2 11:40 | ok 11:41 <context>` with as many reports as there are. */
function branch(...lines: string[]) {
  return lines.map((line) => {
    const [commit = '', ...said] = line.split(' | ');
    const [oid = '', time = ''] = commit.split(' ');
    const reports = said.map((each): Report => {
      const [word = '', when = '', context = EU] = each.split(' ');
      const state = Object.entries(STATES).find(([name]) => name === word)?.[1] ?? 'pending';
      const description = state === 'failure' ? 'health check failed' : '';
      return { context, state, description, at: at(when), url: '' };
    });
    return { oid, at: at(time), reports };
  });
}

const kustomization = (name: string, apps: Watched['apps']) => ({
  ...{ name, apps, isReport: (context: string) => context.startsWith(`${name}/`) },
});

/** What is said of all of staging, where `changed` was the last change of web. */
function health(lines: string[], changed: string | undefined, ask?: (of: ReturnType<typeof healthHistory>) => Health) {
  const commits = branch(...lines);
  const arrivalOf = (oid: string): Change | undefined => commits.find((commit) => commit.oid === oid);
  const watched = [{ ...kustomization(WEB, ['web']), changed: changed === undefined ? undefined : arrivalOf(changed) }];
  const history = healthHistory({ commits, watched, timeoutMs: 15 * 60_000, now: NOW }, arrivalOf);
  return said(ask === undefined ? history.now : ask(history));
}

/** `live since 11:41`, `failed since 11:41: <reason>` */
function said({ state, since, reason }: Health): string {
  const time = since === undefined ? '' : ` since ${since.toISOString().slice(11, 16)}`;
  return `${state}${time}${state === 'live' ? '' : `: ${reason}`}`;
}

describe('what reports say, and what silence means', () => {
  test.each<[string, string[], string]>([
    [
      'nothing for a few minutes is pending: Flux never says so itself',
      ['C1 11:50'],
      `pending since 11:50: ${WEB} has not reported yet`,
    ],
    [
      'nothing for longer than the timeout is unknown, from its end on',
      ['C1 11:30'],
      `unknown since 11:45: ${WEB} has not reported within 15m, by 2026-11-30T11:45:00Z`,
    ],
    ['a success is live since it was posted', ['C1 11:30 | ok 11:32'], 'live since 11:32'],
    [
      'a failure is failed since it was posted',
      ['C1 11:30 | failed 11:32'],
      `failed since 11:32: ${EU}: health check failed`,
    ],
    [
      'a failure says no more when it repeats, and lasts',
      ['C1 09:00 | failed 09:02'],
      `failed since 09:02: ${EU}: health check failed`,
    ],
    [
      'what came before the change says nothing of it',
      ['C2 11:50', 'C1 09:00 | ok 09:02'],
      `pending since 11:50: ${EU} has not reported yet`,
    ],
    [
      'a failure of before may be mended by the change',
      ['C2 11:50', 'C1 09:00 | failed 09:02'],
      `pending since 11:50: ${EU} has not reported yet`,
    ],
    ['a pending status is progressing', ['C1 11:50 | open 11:51'], `progressing since 11:51: ${EU}: pending`],
    [
      'what progresses for longer than the timeout is unknown',
      ['C1 11:30 | open 11:31'],
      `unknown since 11:46: ${EU}: pending within 15m, by 2026-11-30T11:46:00Z`,
    ],
  ])('%s', (_, lines, expected) => {
    expect(health(lines, lines.some((line) => line.startsWith('C2')) ? 'C2' : 'C1')).toBe(expected);
  });

  test.each<[string, string[], string]>([
    [
      'a revision that was overtaken has no report: that of a later commit counts',
      ['C2 11:40 | ok 11:42', 'C1 11:30'],
      'live since 11:42',
    ],
    [
      'a later commit that fails is what the cluster has',
      ['C2 11:40 | failed 11:42', 'C1 11:30 | ok 11:31'],
      `failed since 11:42: ${EU}: health check failed`,
    ],
    [
      'a later commit of which nothing is reported says nothing',
      ['C2 11:59', 'C1 11:30 | ok 11:31'],
      'live since 11:31',
    ],
    [
      'Flux reports the head for what did not change: live goes on',
      ['C2 11:40 | ok 11:41', 'C1 11:30 | ok 11:31'],
      'live since 11:31',
    ],
    [
      'a failure in between is a gap',
      ['C3 11:50 | ok 11:51', 'C2 11:40 | failed 11:41', 'C1 11:30 | ok 11:31'],
      'live since 11:51',
    ],
    [
      'a late report on an older commit does not replace that on a newer one',
      ['C2 11:40 | ok 11:41', 'C1 11:30 | failed 11:55'],
      'live since 11:41',
    ],
  ])('%s', (_, lines, expected) => {
    expect(health(lines, 'C1')).toBe(expected);
  });

  test('what did not change within the commits that are read, and says nothing, is awaited by nobody', () => {
    expect(health(['C9 11:00'], undefined)).toMatch(/^unknown: nothing tells what reports/);
    expect(health(['C9 11:00 | ok 11:01'], undefined)).toBe('live since 11:01');
  });
});

describe('several clusters report one object, each in a context of its own', () => {
  test.each<[string, string[], string]>([
    ['both are live since the later one', [`C1 11:30 | ok 11:31 ${EU} | ok 11:35 ${US}`], 'live since 11:35'],
    [
      'one that fails is enough',
      [`C1 11:30 | ok 11:31 ${EU} | failed 11:35 ${US}`],
      `failed since 11:35: ${US}: health check failed`,
    ],
    [
      'one that reported before is awaited',
      [`C2 11:50 | ok 11:51 ${EU}`, `C1 09:00 | ok 09:01 ${EU} | ok 09:02 ${US}`],
      `progressing since 11:50: ${US} has not reported yet`,
    ],
    [
      'one that reported before and is silent is missed',
      [`C2 11:30 | ok 11:31 ${EU}`, `C1 09:00 | ok 09:01 ${EU} | ok 09:02 ${US}`],
      `unknown since 11:45: ${US} has not reported within 15m, by 2026-11-30T11:45:00Z`,
    ],
  ])('%s', (_, lines, expected) => {
    expect(health(lines, lines.length > 1 ? 'C2' : 'C1')).toBe(expected);
  });

  const of = (more: Partial<Watched>, ...lines: string[]) => {
    const commits = branch(...lines);
    const arrivalOf = (oid: string): Change | undefined => commits.find((commit) => commit.oid === oid);
    const watched = [{ ...kustomization(WEB, ['web']), changed: arrivalOf('C1'), ...more }];
    return healthHistory({ commits, watched, timeoutMs: 15 * 60_000, now: NOW }, arrivalOf);
  };

  test.each<[string, string, string]>([
    ['one is not enough', `C1 11:50 | ok 11:51 ${EU}`, `progressing since 11:50: ${WEB} of another cluster has not`],
    ['one is missed', `C1 11:30 | ok 11:31 ${EU}`, `unknown since 11:45: ${WEB} of another cluster has not`],
    ['both are live', `C1 11:30 | ok 11:31 ${EU} | ok 11:35 ${US}`, 'live since 11:35'],
    ['nothing is said once', 'C1 11:50', `pending since 11:50: ${WEB} has not reported yet`],
  ])('where two clusters have the object, %s', (_, line, expected) => {
    expect(said(of({ copies: 2 }, line).now).slice(0, expected.length)).toBe(expected);
  });

  test('what reports of another environment by the same name says nothing, however it says it', () => {
    const history = of({ alike: ['production'] }, `C1 11:30 | ok 11:31 ${EU} | failed 11:35 ${US}`);
    for (const each of [history.now, history.of('web', 'C1', undefined)]) {
      expect(said(each)).toMatch(
        /^unknown: kustomization\/web-staging is also what reports of production, .*"contexts"/,
      );
    }
  });
});

describe('of an app at a commit', () => {
  const lines = ['C3 11:40 | ok 11:41', 'C2 10:30 | failed 10:31', 'C1 09:00 | ok 09:05'];

  test('what replaced it says nothing of it', () => {
    expect(health(lines, 'C3', (history) => history.of('web', 'C1', 'C2'))).toBe('live since 09:05');
    expect(health(lines, 'C3', (history) => history.of('web', 'C2', 'C3'))).toMatch(/^failed since 10:31/);
    expect(health(lines, 'C3', (history) => history.of('web', 'C1', undefined))).toBe('live since 11:41');
  });

  test('a version that was replaced by a commit nobody has read is not known to have been live', () => {
    expect(health(lines, 'C3', (history) => history.of('web', 'C0', 'C00'))).toMatch(/^unknown/);
  });

  test('what deploys another app is awaited for that one alone, and counts for the environment', () => {
    const commits = branch(`C2 11:50 | ok 11:51 ${EU}`, `C1 09:00 | ok 09:01 ${EU} | failed 09:02 ${API}`);
    const arrivalOf = (oid: string): Change | undefined => commits.find((commit) => commit.oid === oid);
    const watched = [
      { ...kustomization(WEB, ['web']), changed: arrivalOf('C2') },
      { ...kustomization('kustomization/api-staging', ['api']), changed: arrivalOf('C1') },
    ];
    const history = healthHistory({ commits, watched, timeoutMs: 15 * 60_000, now: NOW }, arrivalOf);
    expect(said(history.of('web', 'C2', undefined))).toBe('live since 11:51');
    expect(said(history.now)).toBe(`failed since 09:02: ${API}: health check failed`);
  });
});
