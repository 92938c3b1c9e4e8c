import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';

/**
 * The files that are in no environment's reach and hold nothing but objects which deploy folders of environments, with those
 * environments: Applications on a cluster for all of them, for example. A file with an object that does not say it plainly is
 * none.
 */
export async function hubsOf(
  files: SideFiles,
  reach: ReadonlyMap<string, Reach>,
  layout: Layout,
): Promise<Map<string, readonly string[]>> {
  const taken = (path: string) => [...reach.values()].some((each) => each.files.has(path));
  const candidates = files.paths.filter((path) => /\.(ya?ml|json)$/.test(path) && !taken(path));
  const found = await Promise.all(
    candidates.map(async (path) => {
      const text = (await files.text(path)) ?? '';
      const isOne = RECONCILERS.some(({ object }) => text.includes(object.apiGroup));
      return { path, environments: isOne ? await environmentsOfObjects(files, reach, layout, path) : [] };
    }),
  );
  return new Map(
    found.flatMap(({ path, environments }) => (environments.length === 0 ? [] : [[path, environments] as const])),
  );
}

/** None where one of the objects does not say it. */
async function environmentsOfObjects(
  files: SideFiles,
  reach: ReadonlyMap<string, Reach>,
  layout: Layout,
  path: string,
): Promise<string[]> {
  const objects = await files.maps(path);
  const owners = objects.map((object) => {
    const inputs = RECONCILERS.flatMap((reconciler) => (reconciler satisfies Reconciler).inputsOf(object)?.paths ?? []);
    const owned = inputs.map((input) => ownersOf(input, files, reach, layout));
    return owned.some((each) => each.length === 0) ? [] : owned.flat();
  });
  return owners.some((each) => each.length === 0) ? [] : [...new Set(owners.flat())];
}

/** The environments of a deployed folder or file; none where it is not plain, or belongs to none. */
function ownersOf(input: string, files: SideFiles, reach: ReadonlyMap<string, Reach>, layout: Layout): string[] {
  if (/[*${]/.test(input)) {
    return [];
  }
  const own = overlayOfPath(layout, input)?.environment;
  const below = files.below(input);
  const taking = [...reach.values()].filter(({ files: taken }) => below.some((each) => taken.has(each)));
  return [...new Set([...(own === undefined ? [] : [own]), ...taking.map(({ environment }) => environment)])];
}
