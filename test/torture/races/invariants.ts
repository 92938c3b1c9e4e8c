import { expect } from '@jest/globals';
import { gt, lte } from 'semver';
import { parseTrailers } from '../../../src/ops/ledger/trailers.js';
import { type Note, type OpsWorld, overlayPath, type Pull, versionIn } from './ops-world.js';

/** An app in an environment, and the newest version that was released to it. */
export interface Expected {
  environment: string;
  app: string;
  newest: string;
}

/** No release is lost: each environment has the newest version, or an open pull request brings it. */
export async function expectNothingLost(world: OpsWorld, expected: readonly Expected[]): Promise<void> {
  const pulls = await world.pulls();
  for (const { environment, app, newest } of expected) {
    const path = overlayPath(environment, app);
    const held = versionIn(await world.ops.read('main', path));
    const open = openFor(pulls, environment, app);
    const proposed = open === undefined ? undefined : versionIn(await world.ops.read(open.branch, path));
    const told = `${app} in ${environment}: main has ${held}, #${open?.number} brings ${proposed} (${open?.title})`;
    expect({ told, has: held === newest ? held : proposed }).toEqual({ told, has: newest });
    expectNeeded(told, open, held, proposed);
  }
}

/** Of each environment and app at most one pull request is open, and none for what is there already. */
function expectNeeded(told: string, open: Pull | undefined, held = '0.0.0', proposed = '0.0.0'): void {
  if (open !== undefined) {
    expect({ told, needed: gt(proposed, held) }).toEqual({ told, needed: true });
    expect(open.title).toContain(proposed);
  }
}

function openFor(pulls: readonly Pull[], environment: string, app: string): Pull | undefined {
  const open = pulls.filter(({ state, branch }) => state === 'OPEN' && branch === `ostack/${environment}/${app}`);
  expect(open.length).toBeLessThanOrEqual(1);
  return open[0];
}

/** Along the commits of main no version goes backwards, but by a rollback. */
export async function expectForwards(world: OpsWorld, expected: readonly Omit<Expected, 'newest'>[]): Promise<void> {
  const log = (await world.ops.log('main')).reverse();
  for (const { environment, app } of expected) {
    const path = overlayPath(environment, app);
    let before = '0.0.0';
    for (const { sha, message } of log) {
      const held = versionIn(await world.ops.read(sha, path)) ?? before;
      if (!lte(before, held)) {
        const told = `${message.split('\n')[0]}: ${app} in ${environment} from ${before} to ${held}`;
        expect({ told, action: parseTrailers(message)?.action }).toEqual({ told, action: 'rollback' });
      }
      before = held;
    }
  }
}

/** What people pushed is on main, on a branch, or on a pull request that was closed with it. */
export async function expectKept(world: OpsWorld, notes: readonly Note[]): Promise<void> {
  const branches = Object.keys(await world.ops.refs()).filter((name) => !name.endsWith('/merge'));
  for (const { path, text } of notes) {
    const kept = await Promise.all(
      branches.map(async (branch) => (await world.ops.read(branch, path))?.includes(text)),
    );
    expect({ path, text, kept: kept.includes(true) }).toEqual({ path, text, kept: true });
  }
}

/** Nothing that was only built on is left. */
export async function expectTidy(world: OpsWorld): Promise<void> {
  const left = Object.keys(await world.ops.refs()).filter((name) => name.includes('-scratch/'));
  expect(left).toEqual([]);
}
