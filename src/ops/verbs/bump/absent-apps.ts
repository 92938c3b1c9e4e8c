import { didYouMean } from '../../../config/nearest.js';
import { nameOf } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';
import { firstFew } from '../../../report/first-few.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { templatesOf } from '../../overlays/carrier-files.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import { hasPlace, isFile, isPerApp, overlayFolder } from '../../overlays/layout.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Snapshot } from '../../repository/snapshot.js';
import type { AppBump } from './app-bump.js';
import type { OverlayPlan } from './overlay-plan.js';

/** An app that none of the environments has that it was proposed to. */
export interface AbsentApp {
  /** Environments that were not asked for and have it. */
  elsewhere: string[];
  /** What a person does to let it join, with the apps that are known; plain text. */
  notice: string;
}

/** Apps that a notice names. */
const NAMED = 20;

/** Apps that are looked at to see how an environment keeps them. */
const LOOKED_AT = 20;

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
  const found = [...byApp].map(async ([app, bump]): Promise<[string, AbsentApp]> => {
    const elsewhere = known.filter(({ apps }) => apps.includes(app)).map(({ name }) => name);
    const names = [...new Set(known.flatMap(({ apps }) => apps))].sort();
    const first = environments.find((name) => environmentPolicy(policy, name).after.length === 0) ?? bump.environment;
    const there = known.find(({ name }) => name === first)?.apps ?? [];
    const notice = `${whatOf(snapshot, bump, names)}\n${await howOf(snapshot, bump, first, there)}`;
    return [app, { elsewhere, notice }];
  });
  return new Map(await Promise.all(found));
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

/** What is so, and which apps are known; one line. */
function whatOf({ ops }: Snapshot, { target: { app, version } }: AppBump, known: readonly string[]): string {
  const list = known.length === 0 ? 'It has no app yet.' : `It has: ${firstFew(known, NAMED)}.`;
  return (
    `No environment of ${nameOf(ops)} has an app "${app}", so ${version} is proposed nowhere.` +
    `${didYouMean(app, known)} ${list}`
  );
}

/**
 * How the app joins an environment: the command, and where to add it by hand where the apps there are no kustomizations, so that
 * the action may not know what else a new one needs.
 *
 * @param there the apps that the environment has
 */
async function howOf(
  { ops, tree, layout }: Snapshot,
  { target }: AppBump,
  environment: string,
  there: readonly string[],
): Promise<string> {
  const { app, version, images, source } = target;
  const repository = nameOf(ops);
  const templates = templatesOf(layout, app).filter((template) => hasPlace(layout, template, environment));
  const folders = templates.filter((template) => !isFile(template));
  const areNoFolders = await Promise.all(
    folders.map((template) => areFiles({ tree, layout }, template, environment, there)),
  );
  // The workflow starts with a tag.
  const isDigest = images.some(({ tag }) => tag === undefined);
  const place = templates.map((template) => overlayFolder(layout, template, environment, app)).join(' or ');
  // A file for all apps takes more than one place of a new one.
  if (isDigest || templates.some((template) => isFile(template) && !isPerApp(layout, template))) {
    return `To let it join ${environment}, add it to ${place} by hand, in the way of the other apps there.\n`;
  }
  const isAfterOthers = folders.length < templates.length || areNoFolders.some(Boolean);
  const otherwise = isAfterOthers
    ? [
        `It makes files after those of another app. Where it says that it cannot, add ${place} by hand in their way.`,
        '',
      ]
    : [];
  const groups = templates.length > 1 ? ` -f group=<a folder in the path of ${templates.join(' or ')}>` : '';
  const inputs = [`app=${app}`, `environment=${environment}`, `version=${images[0]?.tag ?? version}`];
  const command = ['gh workflow run onboard.yml', `--repo ${repository}`, ...inputs.map((input) => `-f ${input}`)];
  return [
    `To let it join ${environment}, start the workflow "Onboard" of ${repository} (workflows/ops/onboard.yml of ostack/actions is a starter):`,
    '',
    `  ${command.join(' ')} -f apps-repository=${source.repository}${groups}`,
    '',
    ...otherwise,
  ].join('\n');
}

/** Whether the apps of an environment have folders, and none has a kustomization in it. */
async function areFiles(
  { tree, layout }: Pick<Snapshot, 'tree' | 'layout'>,
  template: string,
  environment: string,
  there: readonly string[],
): Promise<boolean> {
  const some = there.slice(0, LOOKED_AT);
  if (!isPerApp(layout, template) || some.length === 0) {
    return false;
  }
  const found = await Promise.all(
    some.map((app) => readKustomization(tree, overlayFolder(layout, template, environment, app))),
  );
  return found.every((kustomization) => kustomization === undefined);
}
