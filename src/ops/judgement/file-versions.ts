import type { Target } from '../carriers/carrier.js';
import { deployedIn, deployedTargets } from '../carriers/deployed.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import type { YamlValue } from '../yaml/values.js';
import { onceEach } from './once-each.js';
import type { SideFiles } from './side-files.js';

/** The versions that a file names, whoever's they are. */
export interface FileVersions {
  targets: readonly Target[];
  /** Charts that follow a range. */
  following: readonly { name: string; range: string }[];
}

const NONE: FileVersions = { targets: [], following: [] };

/**
 * Reads the versions that a file names: in whatever carries one, and in the patches and values that objects of reconcilers
 * have as a text.
 *
 * @returns none where there is no such file, or it cannot be read: the side has that among its problems
 */
export async function fileVersions(files: SideFiles, path: string): Promise<FileVersions> {
  const text = await files.text(path);
  if (text === undefined) {
    return NONE;
  }
  const maps = await files.maps(path);
  const objects = maps.filter((object) =>
    RECONCILERS.some((reconciler) => (reconciler satisfies Reconciler).inputsOf(object) !== undefined),
  );
  const all = [text, ...objects.flatMap(innerTexts)].map((each) => versionsOf(path, each));
  return { targets: all.flatMap(({ targets }) => targets), following: all.flatMap(({ following }) => following) };
}

const versionsOf = onceEach(versionsIn);

function versionsIn(path: string, text: string): FileVersions {
  try {
    const deployed = deployedIn([{ path, text }], '');
    return { targets: deployedTargets(deployed), following: deployed.following ?? [] };
  } catch {
    return NONE;
  }
}

/** Texts in an object that are YAML or JSON themselves. */
export function innerTexts(value: YamlValue): string[] {
  if (value.kind === 'text') {
    return /\n|^\s*[[{]/.test(value.text) ? [value.text] : [];
  }
  return (value.kind === 'map' ? [...value.entries.values()] : value.items).flatMap(innerTexts);
}
