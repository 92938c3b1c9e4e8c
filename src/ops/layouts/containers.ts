import { isKustomization } from '../kustomize/kustomization.js';
import { canBeEnvironment, isRegion } from '../overlays/environment-name.js';
import { clusterForms } from './cluster-forms.js';
import { IN_APPS, OF_ENVIRONMENTS } from './folder-words.js';
import { isNamed, isNamedInOverlays, type KnownNames } from './known-names.js';
import type { Sketch } from './sketch.js';
import { sortNames } from './sort-names.js';

/** A folder that environments are in. */
export interface Container {
  folder: string;
  /** The folder of apps, or the app, that it is or is in; empty for the root itself. */
  top: string;
  environments: string[];
  /** How their folders are called, where that is not as they are: `{environment}-eu-1`. */
  form?: string;
  /** Folders beside them that may be environments too. */
  unknown: string[];
  /** Whether every name counts as an environment there. */
  isAny: boolean;
}

/**
 * The folders that may hold environments: the root, folders beside those of apps or of the apps themselves, and what is called
 * so in them. Some have no environment, but names that may be.
 *
 * @param tops folders of apps, or apps, whose content is known
 */
export function containersOf(sketch: Sketch, tops: readonly string[], names: KnownNames): Container[] {
  const root = tops.filter((top) => !top.includes('/') && isNamed(names, top) && !hasOverlays(sketch, top));
  const places = tops
    .filter((top) => !root.includes(top))
    .map((top) => {
      const child = [...OF_ENVIRONMENTS].find((name) => sketch.folders(top).includes(name));
      return { top, child, folder: child === undefined ? top : `${top}/${child}` };
    });
  const inOverlays = places.filter(({ child }) => child === 'overlays');
  const sorted = sortNames(
    inOverlays.map(({ folder }) => ({ folder, names: canBe(sketch.folders(folder)) })),
    (name) => isNamedInOverlays(names, name),
  );
  const inside = places.map(({ top, child, folder }): Container => {
    const found = child === 'overlays' ? sorted.find((each) => each.folder === folder) : undefined;
    const isAny = child !== 'overlays' && OF_ENVIRONMENTS.has(lastOf(folder));
    return {
      top,
      ...(found === undefined || names.declared !== undefined
        ? inFolder(sketch, folder, names, isAny)
        : { ...found, isAny: false }),
    };
  });
  return [{ folder: '', top: '', environments: root, unknown: [], isAny: false }, ...inside];
}

/** The environments in a folder, by their names. */
export function inFolder(sketch: Sketch, folder: string, names: KnownNames, isAny: boolean): Omit<Container, 'top'> {
  const all = sketch.folders(folder);
  const { declared, clusters } = names;
  const named = all.filter((name) => (isAny && declared === undefined ? canBeEnvironment(name) : isNamed(names, name)));
  // The environments that the policy names may be one level below clusters or regions.
  const environments = named.length === 0 && isAny && all.every(isRegion) ? all : named;
  const isSaid =
    declared !== undefined || environments.length === 0 || environments.every((name) => clusters.includes(name));
  return {
    folder,
    environments,
    unknown: isSaid ? [] : canBe(all).filter((name) => !environments.includes(name)),
    isAny,
  };
}

/** Whether a folder is one app: it has environments in a folder for them, or one base. */
function hasOverlays(sketch: Sketch, folder: string): boolean {
  const inside = sketch.folders(folder);
  return IN_APPS.some((name) => inside.includes(name)) || sketch.files(`${folder}/base`).some(isKustomization);
}

/** A folder with the clusters in it that are called after environments of the policy, each kind as a container of its own. */
export function withClusterForms(sketch: Sketch, container: Container, { declared }: KnownNames): Container[] {
  const { folder, top } = container;
  const forms = declared === undefined ? [] : clusterForms(sketch.folders(folder), declared);
  return [container, ...forms.map((each): Container => ({ ...each, folder, top, unknown: [], isAny: false }))];
}

function canBe(names: readonly string[]): string[] {
  return names.filter(canBeEnvironment);
}

function lastOf(folder: string): string {
  return folder.split('/').at(-1) ?? folder;
}
