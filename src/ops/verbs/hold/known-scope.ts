import { didYouMean } from '../../../config/nearest.js';
import { isRequestFailure } from '../../../github/errors.js';
import { withNamedApps } from '../../layouts/named-apps.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import { readOverlay } from '../../overlays/overlay.js';
import { EVERY, type Scope } from '../../policy/holds.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { snapshotAt } from '../../repository/snapshot-at.js';
import { rootProblem } from './known-root.js';

/**
 * Why a hold would hold nothing: there is no such environment, or no such app in it. `*` holds whatever there is.
 *
 * @returns a message for people, `undefined` where all is well
 * @throws what a failed request throws
 */
export async function nameProblem(snapshot: Snapshot, { environment, app }: Scope): Promise<string | undefined> {
  if (environment === EVERY && app === EVERY) {
    return undefined;
  }
  const { tree, policy } = snapshot;
  if (snapshot.infra !== undefined) {
    return rootProblem(tree, snapshot.infra, { environment, app });
  }
  const environments = await allEnvironments(tree, snapshot.layout, policy);
  const isUnknown = environments.length === 0 && snapshot.unclear !== undefined;
  if (environment !== EVERY && !isUnknown && !environments.includes(environment)) {
    return `There is no environment "${environment}".${didYouMean(environment, environments)} Known: ${environments.join(', ')}, or "*" for all of them.`;
  }
  if (app === EVERY || snapshot.unclear !== undefined) {
    // Where nobody can tell which apps there are, a name that is wrong holds nothing, and one that is right has to hold.
    return undefined;
  }
  const asked = environment === EVERY ? environments : [environment];
  const here = asked.filter((each) => snapshot.isHere(each, app));
  const layout = await withNamedApps(tree, snapshot.layout, policy, here, [app]);
  const named = { ...snapshot, layout };
  const found = await Promise.all(asked.map((each) => isThere(named, each, app)));
  return found.includes(true) ? undefined : noApp(named, here, environment, app);
}

async function isThere(snapshot: Snapshot, environment: string, app: string): Promise<boolean> {
  try {
    const { tree, layout } = await snapshotAt(snapshot, environment, app);
    return (await readOverlay(tree, layout, environment, app)) !== undefined;
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    // What is broken is there, and may be why it is to be held.
    return true;
  }
}

async function noApp(
  { tree, layout }: Snapshot,
  asked: readonly string[],
  environment: string,
  app: string,
): Promise<string> {
  const apps = (await Promise.all(asked.map((each) => environmentApps(tree, layout, each)))).flat();
  const known = [...new Set(apps)].sort();
  const where = environment === EVERY ? 'any environment' : environment;
  return `There is no app "${app}" in ${where}.${didYouMean(app, known)} Known: ${known.join(', ')}, or "*" for all of them.`;
}
