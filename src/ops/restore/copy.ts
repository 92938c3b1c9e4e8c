import { posix } from 'node:path';
import { fluxWriterOf } from '../carriers/other-writers.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { addReference, removeReference } from '../kustomize/edit-references.js';
import { isKustomization, KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { type Reference, type ReferenceList, references, samePath } from '../kustomize/references.js';
import { isRemote } from '../kustomize/remote.js';
import { appPatches } from '../overlays/app-patches.js';
import type { OverlayPart } from '../overlays/app-state.js';
import type { Draft } from './draft.js';

const LISTS: readonly ReferenceList[] = ['resources', 'patches', 'components'];

/** Whether a file of an app's folder travels: no leading `_`, and no kustomization. */
export function isPromotable(name: string): boolean {
  return !name.startsWith('_') && !isKustomization(name);
}

/**
 * Makes the target's promotable files of an app those of the source, in the layout of groups: what differs is copied, what
 * the source no longer has goes, files whose name starts with `_` and files of other apps stay. The kustomization of the
 * target then refers to what the source's refers to.
 *
 * @returns what a person should know: files that nothing refers to
 * @throws Error where a kustomization is no valid YAML or cannot be changed in place
 */
export function copyFiles(draft: Draft, source: OverlayPart, target: OverlayPart): string[] {
  const gone = [...target.files.keys()].filter((name) => isPromotable(name) && !source.files.has(name));
  const copied = [...source.files].filter(([name]) => isPromotable(name));
  for (const [name, text] of copied) {
    const path = `${target.patches}/${name}`;
    const before = target.files.get(name);
    const other = before === text ? undefined : (writerOf(`${source.patches}/${name}`, text) ?? writerOf(path, before));
    if (other !== undefined) {
      throw new Error(other);
    }
    draft.write(path, text);
  }
  for (const name of gone) {
    draft.remove(`${target.patches}/${name}`);
  }
  for (const [from, to] of kustomizationPairs(draft, source, target)) {
    followReferences(draft, from, to, source);
    for (const name of gone) {
      dropReferences(draft, to, `${target.patches}/${name}`);
    }
  }
  return copied.flatMap(([name]) => unreferenced(draft, target, name));
}

/** Why a file is another program's to write. Copying it would make the target that program's, too. */
function writerOf(path: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : fluxWriterOf({ path, text });
}

/** The kustomizations that may refer to the app's files: the environment's, and one in the app's folder. */
function kustomizationPairs(draft: Draft, source: OverlayPart, target: OverlayPart): [OverlayFile, string][] {
  const pairs: [OverlayFile, string][] = [];
  if (source.kustomization !== undefined && target.kustomization !== undefined) {
    pairs.push([source.kustomization, target.kustomization.path]);
  }
  const [own] = KUSTOMIZATION_NAMES.flatMap((name) => {
    const text = source.files.get(name);
    return text === undefined ? [] : [{ path: `${source.patches}/${name}`, text }];
  });
  if (own !== undefined) {
    const known = KUSTOMIZATION_NAMES.find((name) => target.files.has(name));
    const path = `${target.patches}/${known ?? posix.basename(own.path)}`;
    if (known === undefined) {
      draft.write(path, withoutKept(own));
    }
    pairs.push([own, path]);
  }
  return pairs;
}

/** A kustomization without its references to files whose name starts with `_`. */
export function withoutKept({ path, text }: OverlayFile): string {
  return references(text, path)
    .filter((reference) => !isRemote(reference.path) && posix.basename(reference.path).startsWith('_'))
    .reduce((result, reference) => removeReference(result, reference.list, reference.path, path), text);
}

/** Adds what the source's kustomization refers to in the app's folder, in its order and with the other fields of each reference. */
function followReferences(draft: Draft, from: OverlayFile, to: string, source: OverlayPart): void {
  const wanted = references(from.text, from.path).filter(({ path }) => {
    const full = posix.join(posix.dirname(from.path), path);
    return posix.dirname(full) === source.patches && isPromotable(posix.basename(full)) && exists(source, full);
  });
  const before = new Map<ReferenceList, string>();
  for (const reference of wanted) {
    refer(draft, to, reference, before.get(reference.list));
    before.set(reference.list, reference.path);
  }
}

function exists(source: OverlayPart, path: string): boolean {
  return source.files.has(posix.basename(path));
}

function refer(draft: Draft, file: string, wanted: Reference, after: string | undefined): void {
  let text = draft.read(file) ?? '';
  const known = references(text, file).filter(({ path }) => samePath(path, wanted.path));
  const same = known.find(
    ({ list, otherFields }) => list === wanted.list && sameFields(otherFields, wanted.otherFields),
  );
  for (const other of known.filter((each) => each !== same)) {
    text = removeReference(text, other.list, other.path, file);
  }
  draft.write(file, addReference(text, wanted.list, wanted.path, file, { otherFields: wanted.otherFields, after }));
}

function sameFields(one: Reference['otherFields'], other: Reference['otherFields']): boolean {
  return JSON.stringify(one ?? {}) === JSON.stringify(other ?? {});
}

function dropReferences(draft: Draft, kustomization: string, path: string): void {
  const relative = posix.relative(posix.dirname(kustomization), path);
  for (const list of LISTS) {
    draft.write(kustomization, removeReference(draft.read(kustomization) ?? '', list, relative, kustomization));
  }
}

function unreferenced(draft: Draft, target: OverlayPart, name: string): string[] {
  const path = `${target.patches}/${name}`;
  const files = [target.kustomization?.path ?? '', ...KUSTOMIZATION_NAMES.map((each) => `${target.patches}/${each}`)];
  const found = files.some((file) => {
    const text = draft.read(file);
    const base = posix.dirname(file);
    return text !== undefined && manifestReferences(text, file).some((each) => posix.join(base, each) === path);
  });
  return found ? [] : [`${path} is there and nothing refers to it.`];
}

/** Adds the references to an app's bases to the kustomization of an environment that gets the app. */
export function addBases(draft: Draft, source: OverlayPart, target: OverlayPart, bases: readonly string[]): void {
  const { kustomization } = target;
  if (source.kustomization === undefined || kustomization === undefined) {
    return;
  }
  const { path, text } = source.kustomization;
  const wanted = references(text, path).filter(
    (each) => each.list === 'resources' && bases.some((base) => samePath(base, each.path)),
  );
  for (const { list, path: reference } of wanted) {
    draft.write(
      kustomization.path,
      addReference(draft.read(kustomization.path) ?? '', list, reference, kustomization.path),
    );
  }
}

/** The patches of the target that it keeps, for people to know. */
export function keptPatches(target: OverlayPart): string[] {
  return target.kustomization === undefined
    ? []
    : appPatches({ ...target, kustomization: target.kustomization })
        .filter(({ environmentOnly }) => environmentOnly)
        .map(({ path }) => path);
}
