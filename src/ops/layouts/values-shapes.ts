import { deployedIn } from '../carriers/deployed.js';
import { canBeEnvironment } from '../overlays/environment-name.js';
import { OF_ENVIRONMENTS } from './folder-words.js';
import { type App, type AppShapes, addSorted } from './found-shapes.js';
import { isNamed, type KnownNames } from './known-names.js';
import type { Sketch } from './sketch.js';
import { sortNames } from './sort-names.js';
import { type ValuesFiles, valuesFiles } from './values-files.js';

/** Folders whose files are named after environments, and are for all apps. */
const OF_FILES = new Set([...OF_ENVIRONMENTS, 'values']);

/**
 * Adds the patterns of files of Helm values. What is in the place of the environment is one where other apps have it too;
 * `jobs.values.yaml` is something else.
 */
export async function addValues(
  sketch: Sketch,
  apps: readonly App[],
  names: KnownNames,
  result: AppShapes,
): Promise<void> {
  const isKnown = (name: string) => isNamed(names, name);
  const found = apps.flatMap((app) => filesOf(sketch, app, isKnown).map((each) => ({ ...each, app })));
  const sorted = sortNames(
    found.map(({ app, names: all, isCertain }) => ({
      folder: app.folder === '' ? 'the root' : app.folder,
      names: all.filter((name) => canBeEnvironment(name) && (isCertain || isKnown(name))),
    })),
    isKnown,
  );
  const owned = found.filter(
    ({ app }, index) => app.owner !== undefined && (sorted[index]?.environments ?? []).length > 0,
  );
  for (const [index, { app, pattern }] of found.entries()) {
    const own = sorted[index];
    if (own !== undefined && own.environments.length > 0) {
      const isShared =
        app.owner !== undefined && owned.length === 1 && (await isForSeveral(sketch, app, pattern, own.environments));
      const shape = {
        pattern: app.above === '' ? pattern : `${app.above}/${pattern}`,
        owner: isShared || OF_FILES.has(app.folder) ? undefined : app.owner,
      };
      addSorted(result, own, shape, names);
    }
  }
}

function filesOf(sketch: Sketch, { folder, above }: App, isKnown: (name: string) => boolean): ValuesFiles[] {
  const files = sketch.files(folder);
  const named = files
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .filter(isKnown);
  const alone = { pattern: '{environment}.yaml', names: named, isCertain: false };
  // With a level above the apps that nothing names, files of other names may be those of parts of an app.
  return above.includes('*')
    ? [...valuesFiles(files).filter(({ isCertain }) => isCertain), ...(named.length > 1 ? [alone] : [])]
    : [...valuesFiles(files), ...(OF_FILES.has(folder) ? [alone] : [])];
}

/** Whether one file carries the versions of several apps, like that of a chart which deploys all applications. */
async function isForSeveral(
  sketch: Sketch,
  { folder }: App,
  pattern: string,
  environments: readonly string[],
): Promise<boolean> {
  const path = `${folder}/${pattern.replace('{environment}', environments[0] ?? '')}`;
  await sketch.look([], [], [path]);
  const { targets } = deployedIn([{ path, text: sketch.text(path) ?? '' }], '');
  return new Set(targets.map(({ repository }) => repository)).size > 1;
}
