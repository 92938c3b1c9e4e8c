import { posix } from 'node:path';
import { overlayNodes } from '../carriers/file-nodes.js';
import { objectName } from '../carriers/named-value.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { releaseValuesFiles } from '../carriers/release-values.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { localPath } from '../kustomize/layers/layer-file.js';
import { itemsAt, mapsAt, textOf } from '../kustomize/list-fields.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type MapValue, mapAt, textAt } from '../yaml/values.js';
import { readFile } from './follow-references.js';
import { type GitSources, ownerOfSource } from './git-source-owner.js';

/**
 * The files of an overlay with the values that its HelmReleases, and charts which kustomize inflates, take from this repository.
 * What a release takes from another one is not read here. Where a path does not say that it is of the environment, other environments may take the file too, and nothing is set there.
 *
 * @throws what a failed request throws
 */
export async function withReleaseValues(
  tree: TreeReader,
  layout: GitSources,
  files: readonly OverlayFile[],
  environment: string,
): Promise<OverlayFile[]> {
  const known = new Set(files.map(({ path }) => path));
  const named = files.flatMap((file) => namedIn(file, layout).filter(({ path }) => !known.has(path)));
  const once = named.filter(({ path }, index) => named.findIndex((each) => each.path === path) === index);
  const read = await Promise.all(once.map(({ path }) => readFile(tree, path)));
  const more = once.flatMap(({ by, like, isOurs }, index) =>
    (read[index] ?? []).map((file): OverlayFile => {
      const { app, shared, owners } = like;
      const of = {
        ...(app === undefined ? {} : { app }),
        ...(shared === undefined ? {} : { shared }),
        ...(owners === undefined ? {} : { owners }),
      };
      const untouchable = isOfEnvironment(file.path, environment) ? {} : ofMany(by, like.path, isOurs);
      return { ...file, ...of, environment, ...untouchable };
    }),
  );
  return [...files, ...more];
}

interface NamedFile {
  path: string;
  /** What takes it: `HelmRelease/web`. */
  by: string;
  /** The file that says so. */
  like: OverlayFile;
  /** Whether it is certainly a file of this repository. */
  isOurs: boolean;
}

function namedIn(file: OverlayFile, layout: GitSources): NamedFile[] {
  return isKustomization(file.path) ? ofCharts(file) : ofReleases(file, layout);
}

/** Files of values of charts that kustomize inflates. */
function ofCharts(file: OverlayFile): NamedFile[] {
  const [root] = file.text.includes('helmCharts') ? overlayNodes(file) : [];
  const charts = root?.value.kind === 'map' ? mapsAt(root.value, 'helmCharts') : [];
  return charts.flatMap((chart) => {
    const named = [textAt(chart, 'valuesFile') ?? '', ...itemsAt(chart, 'additionalValuesFiles').flatMap(textOf)];
    return named.flatMap((name) => {
      const path = name === '' ? undefined : localPath(folderOf(file.path), name);
      return path === undefined
        ? []
        : [{ path, by: `The chart ${textAt(chart, 'name') ?? ''}`, like: file, isOurs: true }];
    });
  });
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function ofReleases(file: OverlayFile, layout: GitSources): NamedFile[] {
  const isRead =
    file.onlyNamed !== true && /valuesFiles?\b|\bGitRepository\b/.test(file.text) && file.text.includes('HelmRelease');
  return (isRead ? overlayNodes(file) : []).flatMap((node) => {
    if (node.path.length > 0 || node.value.kind !== 'map' || textAt(node.value, 'kind') !== 'HelmRelease') {
      return [];
    }
    const whose = ownerOfSource(sourceOf(node.value), layout);
    const paths = whose === 'others' ? [] : releaseValuesFiles(node.value);
    return paths.map((path) => ({ path, by: objectName(node), like: file, isOurs: whose === 'ours' }));
  });
}

/** The name of the source of a release's chart; empty for a patch, which does not say it. */
function sourceOf(release: MapValue): string {
  const reference = ['spec', 'chart', 'spec', 'sourceRef'].reduce<MapValue | undefined>(
    (above, key) => above && mapAt(above, key),
    release,
  );
  return (reference && textAt(reference, 'name')) ?? '';
}

/** Whether a path has the name of an environment in it: `charts/web/values-production.yaml`. */
function isOfEnvironment(path: string, environment: string): boolean {
  const name = environment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[/._-])${name}([/._-]|$)`).test(path);
}

/** A file that several environments may take: nothing is set in it, and where it has the version already, it stays. */
function ofMany(by: string, file: string, isOurs: boolean): Pick<OverlayFile, 'untouchable' | 'isObeyed'> {
  return { untouchable: maybeOfAll(by, file), ...(isOurs ? { isObeyed: true as const } : {}) };
}

function maybeOfAll(by: string, file: string): string {
  const advice = by.startsWith('HelmRelease/')
    ? 'Say the version under "spec.values" of the release, which comes over its files.'
    : 'Take the version out of it, so that the files of each environment say their own.';
  return (
    `${by} (${file}) takes that file, and nothing says that no other environment does, so that another version there may be for ` +
    `all of them. ${advice}`
  );
}
