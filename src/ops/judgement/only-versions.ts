import { posix } from 'node:path';
import type { Target } from '../carriers/carrier.js';
import { tagOf, targetReference } from '../carriers/target.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { InvalidYaml } from '../yaml/parse.js';
import { readValues, type YamlValue } from '../yaml/values.js';
import { fileVersions } from './file-versions.js';
import type { SideFiles } from './side-files.js';
import { isVersionAlone, withoutPatches } from './version-files.js';

/** Keys under which a version stands; anything else may be a number that only looks like one. */
const CARRYING = /(image|tag|digest|version|revision|chart|ref|name|value|url|resources|bases|components)s?$/i;

/** An app that goes back, and what the environment held of it then. */
export interface WentBack {
  app: string;
  targets: readonly Target[];
}

/** What differs between the locks of a chart: which versions they have is judged with the chart. */
const OF_LOCKS = new Set(['version', 'digest', 'generated']);

/**
 * Whether a file says the same on both sides but for versions: of images, charts and bases, wherever one is carried. Comments
 * and layout are nobody's matter. A file that comes or goes says more, unless it is a patch of an image and nothing else, at what the
 * apps held that go back; and so does one that cannot be read as YAML, and a file of variables in which another one changes than those of the apps that go back, or to something else than they held.
 *
 * @param back the apps that go back
 */
export async function changesOnlyVersions(
  before: SideFiles,
  after: SideFiles,
  path: string,
  back: readonly WentBack[],
): Promise<boolean> {
  const [old, next] = await Promise.all([before.text(path), after.text(path)]);
  if (old === undefined || next === undefined) {
    const isHeld = (text: string) => back.some(({ targets }) => targets.some((each) => spellings(each).includes(text)));
    return old === undefined ? isVersionAlone(after, path, isHeld) : isVersionAlone(before, path, () => true);
  }
  if (/\.(env|properties)$|(^|\/)\.env/.test(path)) {
    return changesOnlyVariables(old, next, back);
  }
  const sides = await Promise.all([fileVersions(before, path), fileVersions(after, path)]);
  const versions = sides.flatMap(({ targets }) =>
    targets.flatMap((target) => [tagOf(target), 'digest' in target ? target.digest : undefined]),
  );
  const known = versions.filter((version) => version !== undefined).filter((version) => version !== '');
  try {
    const alone = isKustomization(path) ? await versionFilesOf(before, after, path, back) : new Set<string>();
    const [one, other] = [old, next].map((text) => {
      const documents = readValues(text, path);
      const rest = documents.map((each) => (each.kind === 'map' ? withoutPatches(each, path, alone) : each));
      return JSON.stringify(withoutVersions(rest, path, known));
    });
    return one === other;
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return false;
    }
    throw error;
  }
}

/** The files beside a kustomization that come or go and hold a version of the apps that go back, and nothing else. */
async function versionFilesOf(
  before: SideFiles,
  after: SideFiles,
  path: string,
  back: readonly WentBack[],
): Promise<ReadonlySet<string>> {
  const folder = posix.dirname(path);
  const beside = [...new Set([...before.below(folder), ...after.below(folder)])];
  const moved = beside.filter((each) => before.has(each) !== after.has(each));
  const all = await Promise.all(
    moved.map(async (each) => ((await changesOnlyVersions(before, after, each, back)) ? [each] : [])),
  );
  return new Set(all.flat());
}

/** Whether the lines of two files of variables, `KEY=value`, are the same but for versions of apps that go back. */
function changesOnlyVariables(before: string, after: string, back: readonly WentBack[]): boolean {
  const [old, next] = [before, after].map((text) => text.split('\n'));
  return (
    old !== undefined &&
    next?.length === old.length &&
    old.every((line, index) => line === next[index] || goesBack(line, next[index] ?? '', back))
  );
}

/** Whether a variable of an app that goes back gets what the environment held of it, and nothing else becomes of the line. */
function goesBack(before: string, after: string, back: readonly WentBack[]): boolean {
  const [, key, subject = ''] = /^((.*?)[_.-]?(?:image(?:[_.-]?tag)?|tag|digest|version)=)/i.exec(after) ?? [];
  if (key === undefined || !before.startsWith(key)) {
    return false;
  }
  const value = after.slice(key.length);
  return back.some(({ app, targets }) =>
    targets.some((target) => isOf(subject, app, target) && spellings(target).includes(value)),
  );
}

/** A variable is an app's by the name of the app or of its image before `_TAG`; one that has none is of the app that has the file. */
function isOf(subject: string, app: string, target: Target): boolean {
  const names = [app, ...(target.kind === 'image' ? [posix.basename(target.repository)] : [])];
  return subject === '' || names.some((name) => plainName(name) === plainName(subject));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** How a variable may say a version: the tag, the digest, both, or all of the reference. */
function spellings(target: Target): string[] {
  const tag = tagOf(target);
  const digest = 'digest' in target ? target.digest : undefined;
  const both = tag === undefined || digest === undefined ? undefined : `${tag}@${digest}`;
  return [tag, digest, both, targetReference(target)].flatMap((each) => each ?? []);
}

function withoutVersions(documents: readonly YamlValue[], path: string, known: readonly string[]): unknown {
  const isLock = posix.basename(path) === 'Chart.lock';
  function masked(value: YamlValue, key: string): unknown {
    if (value.kind === 'text') {
      return CARRYING.test(key) ? maskedText(value.text) : value.text;
    }
    if (value.kind === 'list') {
      return value.items.map((item) => masked(item, key));
    }
    // In the order of keys: YAML has none.
    const entries = [...value.entries]
      .filter(([name]) => !(isLock && OF_LOCKS.has(name)))
      .sort(([one], [other]) => (one < other ? -1 : 1));
    return entries.map(([name, inner]) => [name, masked(inner, name)]);
  }
  /** A version is the whole text, or the end of a reference: `repository:tag@digest`, `…?ref=tag`. */
  function maskedText(text: string): string {
    const end = known.find(
      (version) => text === version || (text.endsWith(version) && /[:@=]$/.test(text.slice(0, -version.length))),
    );
    return end === undefined ? text : maskedText(text.slice(0, -end.length).replace(/[:@=]$/, ''));
  }
  return documents.map((document) => {
    if (document.kind !== 'map') {
      return masked(document, '');
    }
    // Which image an entry is of is the rules' own matter: they judge what the environment holds.
    const own = [...document.entries].filter(([key]) => !(isKustomization(path) && key === 'images'));
    return masked({ ...document, entries: new Map(own) }, '');
  });
}
