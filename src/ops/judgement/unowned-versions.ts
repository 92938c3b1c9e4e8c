import type { Target } from '../carriers/carrier.js';
import { sameRepository } from '../carriers/image-reference.js';
import { versionIn } from '../carriers/kinds/kustomize-image.js';
import { isSameThing, isSameVersion, tagOf, targetName, targetReference } from '../carriers/target.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';
import { ambiguousFiles } from './ambiguous-files.js';
import type { Assignment } from './assign-paths.js';
import { fileVersions } from './file-versions.js';
import { attributeProblems } from './git-attributes.js';
import type { HeldVersion } from './held-versions.js';
import { idleFiles } from './idle-files.js';
import { encryptedImages, literalImages } from './literal-images.js';
import { loneVersions } from './lone-versions.js';
import { madeImages } from './made-images.js';
import { movingVersions } from './moving-versions.js';
import type { Sides } from './new-in.js';
import { isOwned } from './owned-target.js';
import type { Reach } from './reach.js';
import { renamedImages } from './renamed-images.js';
import { unreadableValues } from './unreadable-values.js';

/** What becomes of versions that are no app's, in one environment. */
export interface UnownedVersions {
  /** Versions that come into the environment, or that something else says from now on, and that no app has: nobody can judge them. */
  problems: Problem[];
  /** Versions that change in files and that nothing renders, sentences. */
  unrendered: string[];
  /** What may hold a version and nobody can read, sentences. */
  doubts: string[];
}

/**
 * The versions that change in what an environment's clusters take in and that no app of the policy has. A version that a
 * kustomization above replaces is said, and refuses nothing.
 *
 * @param held what the environments hold after the change, of the apps that it can affect
 */
export async function unownedVersions(
  { reach, before, after }: Pick<Assignment, 'reach' | 'before' | 'after'>,
  changed: ReadonlySet<string>,
  environment: string,
  held: readonly HeldVersion[],
): Promise<UnownedVersions> {
  const own = reach.get(environment);
  if (own === undefined) {
    return { problems: [], unrendered: [], doubts: [] };
  }
  const sides: Sides = {
    environment,
    before: { files: before, reach: own.before },
    after: { files: after, reach: own.after },
    fresh: freshFiles(own, changed),
    known: filesBefore(own),
    held: held.filter((each) => each.environment === environment),
  };
  const [arriving, ...others] = await Promise.all([
    arrivingVersions(sides),
    leavingVersions(sides, changed),
    changedVariables(sides),
    unknownPlaces(sides),
    loneVersions(sides),
    madeImages(sides),
    renamedImages(sides),
    ambiguousFiles(sides),
    movingVersions(sides),
    attributeProblems(sides),
  ]);
  const doubts = await unreadableValues(sides);
  return { problems: [...arriving.problems, ...others.flat()], unrendered: arriving.unrendered, doubts };
}

/** Files after the change that are not as they were, or that the environment did not take in, or left idle. */
export function freshFiles({ before, after }: { before: Reach; after: Reach }, changed: ReadonlySet<string>): string[] {
  const [old, next] = [idleFiles(before), idleFiles(after)];
  return [...after.files.keys()].filter(
    (path) => changed.has(path) || !before.files.has(path) || (old.has(path) && !next.has(path)),
  );
}

/** The files that an environment took in before a change and that may have run. */
function filesBefore({ before, after }: { before: Reach; after: Reach }): string[] {
  const [old, next] = [idleFiles(before), idleFiles(after)];
  return [...before.files.keys()].filter((path) => !old.has(path) || next.has(path));
}

async function arrivingVersions(sides: Sides): Promise<Omit<UnownedVersions, 'doubts'>> {
  const { environment, after, fresh } = sides;
  const result: Omit<UnownedVersions, 'doubts'> = { problems: [], unrendered: [] };
  for (const path of fresh) {
    const { targets } = await fileVersions(after.files, path);
    for (const target of targets) {
      if (isOwned(sides.held, target) || (await wasThere(sides, target))) {
        continue;
      }
      const what = `${targetReference(target)} comes into ${environment}`;
      if (await isReplaced(after, path, target)) {
        result.unrendered.push(
          `${path}: ${targetReference(target)} is rendered nowhere in ${environment}: what takes it in sets another version.`,
        );
      } else {
        result.problems.push(problem(path, `${what}, and no app has it: ${adviceOn(target)}`));
      }
    }
  }
  return result;
}

/** Whether a file that the environment took in before the change names the same version. */
async function wasThere({ before: { files }, known }: Sides, target: Target): Promise<boolean> {
  const words = [lastWord(targetName(target)), tagOf(target) ?? ('digest' in target ? target.digest : undefined) ?? ''];
  for (const path of known) {
    const text = await files.text(path);
    if (text === undefined || !words.every((word) => text.includes(word))) {
      continue;
    }
    const { targets } = await fileVersions(files, path);
    if (targets.some((other) => isSameThing(other, target) && isSameVersion(other, target))) {
      return true;
    }
  }
  return false;
}

function lastWord(name: string): string {
  return name.split(/[/ ]/).at(-1) ?? name;
}

/** Whether a kustomization sets another version of the image, on every way by which the environment takes the file in. */
async function isReplaced({ files, reach }: Sides['after'], path: string, target: Target): Promise<boolean> {
  const above = [...(reach.takers.get(path) ?? [])];
  if (target.kind !== 'image' || reach.roots.has(path) || above.length === 0) {
    return false;
  }
  const seen = new Set([path]);
  async function isSetAbove(kustomization: string): Promise<boolean> {
    if (seen.has(kustomization)) {
      return true;
    }
    seen.add(kustomization);
    const text = (await files.text(kustomization)) ?? '';
    if (setsVersionOf(text, kustomization, target)) {
      return true;
    }
    const further = [...(reach.takers.get(kustomization) ?? [])];
    const all = await Promise.all(further.map(isSetAbove));
    return !reach.roots.has(kustomization) && further.length > 0 && all.every(Boolean);
  }
  return (await Promise.all(above.map(isSetAbove))).every(Boolean);
}

function setsVersionOf(text: string, path: string, target: Target): boolean {
  try {
    const [root] = readValues(text, path);
    const entries = root?.kind === 'map' ? mapsAt(root, 'images') : [];
    return entries.some((entry) => {
      const { tag, digest } = versionIn(entry);
      const isOfTarget = target.kind === 'image' && sameRepository(textAt(entry, 'name') ?? '', target.repository);
      return isOfTarget && (tag ?? digest) !== undefined;
    });
  } catch {
    return false;
  }
}

/** Images that stand in templates, in programs and under keys that are nobody's, and those that are encrypted. */
async function unknownPlaces(sides: Sides): Promise<Problem[]> {
  const { environment, before, after, fresh, known, held } = sides;
  const problems: Problem[] = [];
  for (const path of fresh) {
    const text = (await after.files.text(path)) ?? '';
    const old = known.includes(path) ? ((await before.files.text(path)) ?? '') : '';
    const { targets } = await fileVersions(after.files, path);
    for (const literal of literalImages(text, path)) {
      const isSame = (other: Target) => isSameThing(other, literal.target) && isSameVersion(other, literal.target);
      // What a carrier has is judged as that.
      if (targets.some(isSame) || isOwned(held, literal.target) || (await isWritten(sides, literal.text))) {
        continue;
      }
      const what = `line ${literal.line}: ${literal.text} comes into ${environment} in a place that is no app's`;
      const advice = 'name the place under "carriers" of ostack.yaml, in a pull request of its own.';
      problems.push({ ...problem(path, `${what}: ${advice}`), line: literal.line });
    }
    const count = encryptedImages(old).length;
    for (const line of encryptedImages(text).slice(count)) {
      const what = `line ${line}: an image comes into ${environment} that is encrypted, so that nobody can judge it`;
      problems.push({ ...problem(path, `${what}: write it in clear.`), line });
    }
  }
  return problems;
}

/** Whether a file that the environment took in before the change says a text. */
async function isWritten({ before: { files }, known }: Sides, text: string): Promise<boolean> {
  for (const path of known) {
    if ((await files.text(path))?.includes(text) === true) {
      return true;
    }
  }
  return false;
}

/** Versions that kustomizations set and set no longer, of what the environment still has and no app does. */
async function leavingVersions(
  { environment, before, after, held }: Sides,
  changed: ReadonlySet<string>,
): Promise<Problem[]> {
  const paths = [...before.reach.files.keys()].filter((path) => changed.has(path) && isKustomization(path));
  const problems: Problem[] = [];
  for (const path of paths) {
    const [old, next] = await Promise.all([fileVersions(before.files, path), fileVersions(after.files, path)]);
    const gone = old.targets.filter((target) => !next.targets.some((other) => isSameThing(other, target)));
    for (const target of gone) {
      const isAnApps = held.some(({ targets }) => targets.some((other) => isSameThing(other, target)));
      if (!isAnApps && (await isNamed(after, target))) {
        const what = `${targetReference(target)} is no longer set for ${environment}, which still has ${targetName(target)}`;
        problems.push(problem(path, `${what}, and no app has it: ${adviceOn(target)}`));
      }
    }
  }
  return problems;
}

async function isNamed({ files, reach }: Sides['after'], target: Target): Promise<boolean> {
  for (const path of reach.files.keys()) {
    const text = await files.text(path);
    if (text?.includes(lastWord(targetName(target))) !== true) {
      continue;
    }
    const { targets } = await fileVersions(files, path);
    if (targets.some((other) => isSameThing(other, target))) {
      return true;
    }
  }
  return false;
}

/** Variables whose values change and that stand for a version. */
async function changedVariables({ environment, before, after, held }: Sides): Promise<Problem[]> {
  const changes = [...after.reach.variables].flatMap(([name, values]) => {
    const old = before.reach.variables.get(name);
    const fresh = [...values].filter((value) => old?.has(value) !== true);
    return fresh.length === 0 ? [] : [{ name, fresh }];
  });
  const problems: Problem[] = [];
  for (const path of changes.length === 0 ? [] : after.reach.files.keys()) {
    const text = (await after.files.text(path)) ?? '';
    for (const { name, fresh } of changes) {
      const line = text.includes(name) ? lineWith(text, await after.files.maps(path), name) : undefined;
      const unknown = fresh.filter(
        (value) => !held.some((each) => each.moves && each.targets.some((target) => tagOf(target) === value)),
      );
      if (line !== undefined && unknown.length > 0) {
        const what = `the variable ${name} becomes ${unknown.join(', ')} in ${environment} and is a version here (${line.trim()})`;
        problems.push(
          problem(
            path,
            `${what}, and no app has it: write the version where it is used, or name the app's image under "apps" of ostack.yaml.`,
          ),
        );
      }
    }
  }
  return problems;
}

/** Where a variable stands for a version: in a line, or in a value that goes on over several, then with its key. */
function lineWith(text: string, maps: readonly MapValue[], name: string): string | undefined {
  const spread = (value: YamlValue, key: string): string[] =>
    value.kind === 'text'
      ? [`${key}: ${value.text}`]
      : value.kind === 'list'
        ? value.items.flatMap((item) => spread(item, key))
        : [...value.entries].flatMap(([inner, each]) => spread(each, inner));
  const isOne = (each: string) => standsForVersion(each, name);
  return (
    text.split('\n').find(isOne) ??
    maps.flatMap((map) => spread(map, '')).find((each) => !each.includes('\n') && isOne(each))
  );
}

function standsForVersion(line: string, name: string): boolean {
  return new RegExp(`\\$\\{?${name}\\b`).test(line) && /(image|tag|digest|version|chart|ref|revision|name)/i.test(line);
}

function adviceOn(target: Target): string {
  const name = target.kind === 'chart' ? `chart ${target.name}` : target.repository;
  return target.kind === 'image'
    ? `write "apps: { ${target.image}: { images: [${name}] } }" into ostack.yaml, in a pull request of its own, for the app that it is of.`
    : `say in ostack.yaml, in a pull request of its own, which app ${name} is of ("apps", "overlays").`;
}

function problem(file: string, message: string): Problem {
  return { level: 'error', file, line: undefined, message };
}
