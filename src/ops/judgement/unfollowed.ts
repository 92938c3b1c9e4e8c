import { posix } from 'node:path';
import { imageTargetOf } from '../carriers/image-reference.js';
import { isSameThing, isSameVersion, tagOf } from '../carriers/target.js';
import { buildInputs } from '../kustomize/build-inputs.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { layerNode } from '../kustomize/layers/layer-node.js';
import { mayWriteImage } from '../kustomize/layers/replacements.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import { valueAt } from '../reconcilers/fields.js';
import { openPath } from '../reconcilers/object-inputs.js';
import type { Problem } from '../tree/problem.js';
import { type MapValue, mapAt, readValues, textAt } from '../yaml/values.js';
import type { Assignment } from './assign-paths.js';
import { isHarmless } from './harmless-plugins.js';
import type { HeldVersion } from './held-versions.js';
import { documentsIn } from './inner-objects.js';
import { chartsOf, pluginsOf } from './kustomization-inputs.js';
import { fileParameters, madeElsewhere, plain, programsIn } from './made-elsewhere.js';
import { objectsNamed } from './named-objects.js';
import { patchProblem, replacesDeployed } from './patch-reach.js';
import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';

/** Something behind which nobody follows what becomes of versions. */
interface Unfollowed {
  file: string;
  line: number;
  /** For people: `the transformer Foo`. */
  what: string;
  /** What it is and does: with another one, it does something else. */
  content: string;
  /** What it copies into a version, as text. */
  copied?: string;
  isMissing?: boolean;
}

/**
 * What an environment comes to be made with and nobody follows: plugins, replacements of images, patches of what a reconciler
 * deploys, files that are not there. What was there before, and does the same, is left alone.
 *
 * @param held what the environments hold after the change, of the apps that it can affect
 */
export async function unfollowedProblems(
  { reach, before, after }: Pick<Assignment, 'reach' | 'before' | 'after'>,
  environment: string,
  held: readonly HeldVersion[],
): Promise<Problem[]> {
  const reached = reach.get(environment);
  if (reached === undefined) {
    return [];
  }
  const [old, next] = await Promise.all([unfollowedIn(before, reached.before), unfollowedIn(after, reached.after)]);
  const known = new Set(old.map(keyOf));
  const own = held.filter((each) => each.environment === environment);
  const isJudged = (each: Unfollowed) => {
    const other = old.find((one) => keyOf({ ...one, copied: '' }) === keyOf({ ...each, copied: '' }));
    const words = wordsIn(other?.copied);
    const fresh = [...wordsIn(each.copied)].filter((word) => !words.has(word));
    return other !== undefined && fresh.length > 0 && fresh.every((word) => isHeldWord(own, word));
  };
  return next
    .filter((each) => !known.has(keyOf(each)) && !isJudged(each))
    .map((each) => ({
      ...{ level: 'error', file: each.file, line: each.line },
      message: messageOf(environment, each),
    }));
}

function wordsIn(text = ''): Set<string> {
  return new Set(text.split(/[\s"'\\,=[\]{}]+/).filter((word) => word !== ''));
}

/** Whether a word is the version of what an app has, or a reference to it. */
function isHeldWord(held: readonly HeldVersion[], word: string): boolean {
  const target = imageTargetOf(word);
  return held.some(({ targets }) =>
    targets.some(
      (other) =>
        tagOf(other) === word ||
        ('digest' in other && other.digest === word) ||
        (target !== undefined && isSameThing(other, target) && isSameVersion(other, target)),
    ),
  );
}

function messageOf(environment: string, { file, line, what, isMissing }: Unfollowed): string {
  return isMissing === true
    ? `${environment} comes to take in ${what} (${file}:${line}), which is not there, so that whoever puts it there decides what runs: add it in the same pull request.`
    : `${environment} comes to be made with ${what} (${file}:${line}), and nobody can tell which versions run behind that: write what it does into the files themselves.`;
}

function keyOf({ file, what, content, copied = '' }: Unfollowed): string {
  return JSON.stringify([file, what, content, copied]);
}

async function unfollowedIn(files: SideFiles, { files: reached }: Reach): Promise<Unfollowed[]> {
  const found = await Promise.all(
    [...reached.keys()].map(async (path) => {
      const objects = await files.objects(path);
      const own = isKustomization(path) ? await ofKustomization(files, path) : [];
      const applications = objects.filter((object) => textAt(object, 'apiVersion')?.startsWith('argoproj.io/'));
      const given = await Promise.all(applications.map((object) => fileParameters(files, object)));
      return [
        ...own,
        ...(await madeElsewhere(files, path)),
        ...objects.flatMap((object) => ofObject(path, object)),
        ...given.flat().map((each) => ({ file: path, ...each })),
      ];
    }),
  );
  return found.flat();
}

const KEYS =
  /^["']?(generators|transformers|configurations|replacements|patches\w*|resources|bases|components|crds|helmCharts|\w+Generator)\b/m;

async function ofKustomization(files: SideFiles, path: string): Promise<Unfollowed[]> {
  const text = (await files.text(path)) ?? '';
  const [root] = KEYS.test(text) || text.trimStart().startsWith('{') ? await files.maps(path) : [];
  if (root === undefined) {
    return [];
  }
  const at = (reference: string) => openPath(posix.join(posix.dirname(path), reference));
  const local = buildInputs(text, path).filter(({ kind }) => kind !== 'remote');
  const charts = chartsOf(root).filter(({ isFetched }) => !isFetched);
  const missing = [...local, ...charts.map(({ folder, line }) => ({ path: folder, line }))]
    .filter(({ path: reference }) => at(reference) !== '' && files.below(at(reference)).length === 0)
    .map(({ path: reference, line }) => ({ file: path, line, what: reference, content: '', isMissing: true }));
  const [plugins, replacements, patches] = await Promise.all([
    pluginsUnfollowed(files, path, root),
    replacementsUnfollowed(files, path, root, at),
    patchesUnfollowed(files, path, root, at),
  ]);
  return [...missing, ...plugins, ...replacements, ...patches];
}

async function pluginsUnfollowed(files: SideFiles, path: string, root: MapValue): Promise<Unfollowed[]> {
  const configured = root.entries.get('configurations');
  const variables = root.entries.get('vars');
  const texts = await Promise.all(
    textsIn(configured).map((text) => files.text(openPath(posix.join(posix.dirname(path), text)))),
  );
  const configurations =
    configured === undefined
      ? []
      : [{ file: path, line: configured.line, what: '"configurations"', content: plain([variables, texts]) }];
  const plugins = (await pluginsOf(files, path, root)).filter(
    ({ key, object }) => key !== 'validators' && !isHarmless(object),
  );
  return [
    ...configurations,
    ...plugins.map(({ key, object }) => ({
      ...{ file: path, line: root.entries.get(key)?.line ?? 1, content: plain(object) },
      what: `the ${key.slice(0, -1)} ${textAt(object, 'kind') ?? ''}`.trimEnd(),
    })),
  ];
}

async function replacementsUnfollowed(
  files: SideFiles,
  path: string,
  root: MapValue,
  at: (reference: string) => string,
): Promise<Unfollowed[]> {
  const items = await Promise.all(
    mapsAt(root, 'replacements').map(async (item) => {
      const reference = textAt(item, 'path');
      const maps = reference === undefined ? [item] : await files.maps(at(reference));
      const listed = reference === undefined ? [] : listedMaps((await files.text(at(reference))) ?? '');
      return [...maps, ...listed].map((each) => ({ each, line: item.line }));
    }),
  );
  const writing = items.flat().filter(({ each }) => mapsAt(each, 'targets').some(mayWriteVersion));
  return Promise.all(
    writing.map(async ({ each, line }) => ({
      ...{ file: path, line, what: '"replacements" of images', content: plain(each) },
      copied: await copiedBy(files, each),
    })),
  );
}

function mayWriteVersion(target: MapValue): boolean {
  return mayWriteImage(layerNode(target, { file: '', line: 1 })) || replacesDeployed(target);
}

/** What a replacement copies, as text. */
async function copiedBy(files: SideFiles, item: MapValue): Promise<string> {
  const source = mapAt(item, 'source');
  const [name, kind] = [source && textAt(source, 'name'), source && textAt(source, 'kind')];
  const field = ((source && textAt(source, 'fieldPath')) ?? 'metadata.name').split('.');
  const named = name === undefined ? [] : await objectsNamed(files, name);
  const objects = named.filter(
    ({ object }) => kind === undefined || textAt(object, 'kind') === kind || isGenerating(object),
  );
  return plain(objects.map(({ object }) => (isGenerating(object) ? object : valueAt(object, field))));
}

function isGenerating(object: MapValue): boolean {
  return object.entries.has('configMapGenerator') || object.entries.has('secretGenerator');
}

async function patchesUnfollowed(
  files: SideFiles,
  path: string,
  root: MapValue,
  at: (reference: string) => string,
): Promise<Unfollowed[]> {
  const entries = ['patches', 'patchesJson6902'].flatMap((key) => mapsAt(root, key));
  const strategic = textsIn(root.entries.get('patchesStrategicMerge'));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const reference = textAt(entry, 'path');
      const text = reference === undefined ? textAt(entry, 'patch') : await files.text(at(reference));
      return { text: text ?? '', target: mapAt(entry, 'target'), line: entry.line };
    }),
  );
  const line = root.entries.get('patchesStrategicMerge')?.line ?? 1;
  const inline = await Promise.all(
    strategic.map(async (text) => ({
      ...{ target: undefined, line },
      text: text.includes('\n') ? text : ((await files.text(at(text))) ?? ''),
    })),
  );
  return [...found, ...inline].flatMap((each) => patchUnfollowed(path, each));
}

function patchUnfollowed(
  file: string,
  { text, target, line }: { text: string; target: MapValue | undefined; line: number },
): Unfollowed[] {
  const what = patchProblem(text, target);
  return what === undefined ? [] : [{ file, line, what, content: plain([text, target]) }];
}

/** What an object says of what it deploys that nobody follows: patches of objects of reconcilers, templates of no known form. */
function ofObject(file: string, object: MapValue): Unfollowed[] {
  const isFlux = textAt(object, 'apiVersion')?.startsWith('kustomize.toolkit.fluxcd.io/') === true;
  const patches = isFlux ? mapsAt(mapAt(object, 'spec') ?? object, 'patches') : [];
  const own = patches.flatMap((entry) =>
    patchUnfollowed(file, { text: textAt(entry, 'patch') ?? '', target: mapAt(entry, 'target'), line: entry.line }),
  );
  const isArgo = textAt(object, 'apiVersion')?.startsWith('argoproj.io/') === true;
  const programs = isArgo ? programsIn(object).map((each) => ({ file, ...each })) : [];
  const template =
    textAt(object, 'kind') === 'ResourceSet' ? valueAt(object, ['spec', 'resourcesTemplate']) : undefined;
  const isUnknown = template?.kind === 'text' && template.text.trim() !== '' && documentsIn(template.text).length === 0;
  const all = [...own, ...programs];
  return isUnknown ? [...all, { file, line: template.line, what: '"resourcesTemplate"', content: template.text }] : all;
}

function listedMaps(text: string): MapValue[] {
  try {
    return readValues(text, '').flatMap((value) =>
      value.kind === 'list' ? value.items.filter((item) => item.kind === 'map') : [],
    );
  } catch {
    return [];
  }
}
