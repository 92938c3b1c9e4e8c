import { imageTarget, imageTargetOf } from '../carriers/image-reference.js';
import { loneTags } from '../carriers/lone-tag.js';
import { versionOf } from '../carriers/tag-version.js';
import { tagOf } from '../carriers/target.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, mapAt, textAt, type YamlValue } from '../yaml/values.js';
import { aimedValues } from './aimed-keys.js';
import { deepVersions } from './deep-versions.js';
import { innerTexts } from './file-versions.js';
import type { Sides } from './new-in.js';
import { isOwned } from './owned-target.js';
import type { SideFiles } from './side-files.js';

/** A version in a file whose image stands elsewhere, or in a place that is no carrier. */
interface Lone {
  /** As written. */
  version: string;
  line: number;
  /** What tells it from others of the file. */
  key: string;
}

/**
 * Versions that come into an environment in places that name no image, and that no app of it has: the tag in values that a
 * HelmRelease takes from a ConfigMap, what `targetPath` puts into one, the image that a volume is made of.
 */
export async function loneVersions({
  environment,
  before,
  after,
  fresh,
  known: files,
  held,
}: Sides): Promise<Problem[]> {
  const own = new Set(
    held.flatMap(({ targets }) => targets.flatMap((each) => [tagOf(each), 'digest' in each ? each.digest : undefined])),
  );
  const problems: Problem[] = [];
  for (const path of fresh) {
    const old = files.includes(path) ? await loneIn(before.files, path) : [];
    const known = new Set(old.map(({ key }) => key));
    for (const { version, line, key } of await loneIn(after.files, path)) {
      const target = imageTargetOf(version);
      if (known.has(key) || own.has(version) || (target !== undefined && isOwned(held, target))) {
        continue;
      }
      const what = `line ${line}: the version ${version} comes into ${environment} in a place that names no image of an app`;
      const advice =
        'write it where the image is, or name the place under "carriers" of ostack.yaml, in a pull request of its own.';
      problems.push({ level: 'error', file: path, line, message: `${what}: ${advice}` });
    }
  }
  return problems;
}

/** The versions of a file that name no image. */
export async function loneIn(files: SideFiles, path: string): Promise<Lone[]> {
  const maps = await files.maps(path);
  const named = await aimed(files, path);
  // What an overlay has is its app's; values of a chart stand in an object of a reconciler, or in a text that one takes in.
  const isOfReconciler = (map: MapValue) =>
    RECONCILERS.some((reconciler) => (reconciler satisfies Reconciler).inputsOf(map) !== undefined);
  const whole = maps.some(isOfReconciler) ? tagsIn(path, (await files.text(path)) ?? '') : [];
  const inner = maps.flatMap((map) => textsOf(map).flatMap(({ text, line }) => tagsIn(path, text, line)));
  return [...named, ...whole, ...inner, ...maps.flatMap(volumes), ...(await deepVersions(files, path))];
}

/** Texts in an object that are YAML themselves: those of several lines, and what a ConfigMap has as a file. */
function textsOf(map: MapValue): { text: string; line: number }[] {
  const data = textAt(map, 'kind') === 'ConfigMap' ? mapAt(map, 'data') : undefined;
  const filed = [...(data?.entries ?? [])].flatMap(([key, value]) =>
    /\.ya?ml$/.test(key) && value.kind === 'text' ? [value] : [],
  );
  return data === undefined ? innerTexts(map).map((text) => ({ text, line: map.line })) : filed;
}

/** @param above line of the text in the file, where it is in one */
function tagsIn(path: string, text: string, above?: number): Lone[] {
  try {
    return loneTags([{ path, text }]).flatMap(({ carry, subjects }) => {
      const { current, line } = carry(imageTarget('x', undefined));
      const version = current.digest ?? current.tag ?? '';
      const key = JSON.stringify([...subjects, version]);
      return isVersion(version) ? [{ version, line: above ?? line, key }] : [];
    });
  } catch {
    return [];
  }
}

function isVersion(text: string): boolean {
  return versionOf(text) !== undefined || /^(sha256:)?[0-9a-f]{7,64}$/.test(text);
}

/** Values of ConfigMaps that a HelmRelease puts where a version is. */
async function aimed(files: SideFiles, path: string): Promise<Lone[]> {
  const values = await aimedValues(files, path);
  return values
    .filter((each) => /(image|tag|digest|version)$/i.test(each.path))
    .map(({ key, text, line }) => ({ version: text, line, key: JSON.stringify([key, text]) }));
}

/** Images of volumes. @see https://kubernetes.io/docs/tasks/configure-pod-container/image-volumes/ */
function volumes(value: YamlValue): Lone[] {
  if (value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap(volumes);
  }
  const image = mapAt(value, 'image');
  const reference = image && textAt(image, 'reference');
  const own =
    image === undefined || reference === undefined
      ? []
      : [{ version: reference, line: image.line, key: JSON.stringify(['reference', reference]) }];
  return [...own, ...[...value.entries.values()].flatMap(volumes)];
}
