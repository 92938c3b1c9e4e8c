import { didYouMean } from '../../../config/nearest.js';
import { nameOf } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Snapshot } from '../../repository/snapshot.js';
import type { AppBump } from './app-bump.js';
import type { OverlayPlan } from './plan-overlay.js';

/** An app that none of the environments has that it was proposed to. */
export interface AbsentApp {
  /** Environments that were not asked for and have it. */
  elsewhere: string[];
  /** What a person does to let it join, with the apps that are known; plain text. */
  notice: string;
}

/** Apps that a notice names. */
const NAMED = 20;

/**
 * The apps that no environment has of those that they are proposed to, by their name in ops. Whoever starts has most of
 * its apps outside of ops, so that is no failure: the notice says how the app joins.
 */
export async function absentApps(
  snapshot: Snapshot,
  bumps: readonly AppBump[],
  overlays: readonly OverlayPlan[],
): Promise<ReadonlyMap<string, AbsentApp>> {
  const byApp = new Map<string, AppBump>();
  for (const bump of bumps) {
    byApp.set(bump.target.app, byApp.get(bump.target.app) ?? bump);
  }
  bumps.forEach((bump, index) => {
    if (overlays[index]?.problem?.kind !== 'no-app') {
      byApp.delete(bump.target.app);
    }
  });
  if (byApp.size === 0) {
    return new Map();
  }
  const { tree, layout, policy } = snapshot;
  const environments = await allEnvironments(tree, layout, policy);
  const known = await Promise.all(
    environments.map(async (name) => ({ name, apps: await unlessBroken(environmentApps(tree, layout, name)) })),
  );
  return new Map(
    [...byApp].map(([app, bump]): [string, AbsentApp] => {
      const elsewhere = known.filter(({ apps }) => apps.includes(app)).map(({ name }) => name);
      const names = [...new Set(known.flatMap(({ apps }) => apps))].sort();
      return [app, { elsewhere, notice: noticeOf(snapshot, bump, environments, names) }];
    }),
  );
}

/** None where a file cannot be read that has nothing to do with the app. */
async function unlessBroken(reading: Promise<string[]>): Promise<string[]> {
  try {
    return await reading;
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return [];
  }
}

function noticeOf(
  { ops, policy }: Snapshot,
  bump: AppBump,
  environments: readonly string[],
  known: readonly string[],
): string {
  const { app, version, images, source } = bump.target;
  const repository = nameOf(ops);
  const shown = known.slice(0, NAMED).join(', ');
  const more = known.length > NAMED ? ` and ${known.length - NAMED} more` : '';
  const list = known.length === 0 ? 'It has no app yet.' : `It has: ${shown}${more}.`;
  const first = environments.find((name) => environmentPolicy(policy, name).after.length === 0) ?? bump.environment;
  const tag = images[0]?.tag ?? version;
  return [
    `No environment of ${repository} has an app "${app}", so ${version} is proposed nowhere.${didYouMean(app, known)} ${list}`,
    `To let it join ${first}, start the workflow "Onboard" of ${repository} (workflows/ops/onboard.yml of ostack/actions is a starter):`,
    '',
    `  gh workflow run onboard.yml --repo ${repository} -f app=${app} -f environment=${first} -f version=${tag} -f apps-repository=${source.repository}`,
    '',
  ].join('\n');
}
