import { posix } from 'node:path';
import { overlayNodes } from '../carriers/file-nodes.js';
import { objectName } from '../carriers/named-value.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { releaseValuesFiles } from '../carriers/release-values.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { localPath } from '../kustomize/layers/layer-file.js';
import { itemsAt, mapsAt, textOf } from '../kustomize/list-fields.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { textAt } from '../yaml/values.js';
import { readFile } from './follow-references.js';

/**
 * The files of an overlay with the values that its HelmReleases, and charts which kustomize inflates, take from this repository. Where a path does not say that it is of
 * the environment, other environments may take the file too, and nothing is set there.
 *
 * @throws what a failed request throws
 */
export async function withReleaseValues(
  tree: TreeReader,
  files: readonly OverlayFile[],
  environment: string,
): Promise<OverlayFile[]> {
  const known = new Set(files.map(({ path }) => path));
  const named = files.flatMap((file) => namedIn(file).filter(({ path }) => !known.has(path)));
  const once = named.filter(({ path }, index) => named.findIndex((each) => each.path === path) === index);
  const read = await Promise.all(once.map(({ path }) => readFile(tree, path)));
  const more = once.flatMap(({ by, like }, index) =>
    (read[index] ?? []).map((file): OverlayFile => {
      const { app, shared, owners } = like;
      const of = {
        ...(app === undefined ? {} : { app }),
        ...(shared === undefined ? {} : { shared }),
        ...(owners === undefined ? {} : { owners }),
      };
      const untouchable = isOfEnvironment(file.path, environment) ? {} : ofMany(by, like.path);
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
}

function namedIn(file: OverlayFile): NamedFile[] {
  return isKustomization(file.path) ? ofCharts(file) : ofReleases(file);
}

/** Files of values of charts that kustomize inflates. */
function ofCharts(file: OverlayFile): NamedFile[] {
  const [root] = file.text.includes('helmCharts') ? overlayNodes(file) : [];
  const charts = root?.value.kind === 'map' ? mapsAt(root.value, 'helmCharts') : [];
  return charts.flatMap((chart) => {
    const named = [textAt(chart, 'valuesFile') ?? '', ...itemsAt(chart, 'additionalValuesFiles').flatMap(textOf)];
    return named.flatMap((name) => {
      const path = name === '' ? undefined : localPath(folderOf(file.path), name);
      return path === undefined ? [] : [{ path, by: `The chart ${textAt(chart, 'name') ?? ''}`, like: file }];
    });
  });
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

function ofReleases(file: OverlayFile): NamedFile[] {
  const isRead =
    file.onlyNamed !== true && /valuesFiles?\b|\bGitRepository\b/.test(file.text) && file.text.includes('HelmRelease');
  return (isRead ? overlayNodes(file) : []).flatMap((node) =>
    node.path.length === 0 && node.value.kind === 'map' && textAt(node.value, 'kind') === 'HelmRelease'
      ? releaseValuesFiles(node.value).map((path) => ({ path, by: objectName(node), like: file }))
      : [],
  );
}

/** Whether a path has the name of an environment in it: `charts/web/values-production.yaml`. */
function isOfEnvironment(path: string, environment: string): boolean {
  const name = environment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[/._-])${name}([/._-]|$)`).test(path);
}

/** A file that several environments may take: nothing is set in it, and where it has the version already, it stays. */
function ofMany(by: string, file: string): Pick<OverlayFile, 'untouchable' | 'isObeyed'> {
  return { untouchable: maybeOfAll(by, file), isObeyed: true };
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
