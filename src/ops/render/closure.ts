import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { type BuildInput, buildInputs, usesHelm } from '../kustomize/build-inputs.js';
import { KUSTOMIZATION_NAMES, readKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import type { TreeReader } from '../tree/tree-reader.js';

/** A reference in a kustomization, with its file and line. */
export interface ReferenceLocation {
  /** Path of the kustomization in the repository. */
  file: string;
  /** From 1. */
  line: number;
  /** The reference as written. */
  path: string;
  /** The key that it is listed under. */
  key: string;
}

/** All files that a folder is built from. */
export interface Closure {
  folder: string;
  /** Texts by path, a kustomization before what it includes. */
  files: ReadonlyMap<string, string>;
  /** Which of the files are kustomizations. */
  kustomizations: readonly string[];
  /** References in the repository to a file or folder that does not exist. */
  missing: readonly ReferenceLocation[];
  /** Local paths that lead out of the repository. */
  escapes: readonly ReferenceLocation[];
  /** References to other repositories and hosts. */
  remotes: readonly ReferenceLocation[];
  /** Kustomizations that inflate Helm charts. */
  helm: readonly string[];
  /** All references in the repository, with the path that they lead to. */
  links: readonly Link[];
}

/** A reference in the repository. */
export interface Link extends ReferenceLocation {
  /** From the root of the repository. */
  target: string;
}

/** A closure that is being collected. */
interface Draft {
  files: Map<string, string>;
  kustomizations: string[];
  missing: ReferenceLocation[];
  escapes: ReferenceLocation[];
  remotes: ReferenceLocation[];
  helm: string[];
  links: Link[];
  /** Paths that were followed already. */
  seen: Set<string>;
}

/** A reference in the repository that is still to be read. */
interface PendingReference extends Link {
  kind: 'file' | 'either';
}

/**
 * Collects the kustomization of a folder and everything that it includes, by exact paths and level by level, so that
 * each level is one request where the tree is on GitHub.
 *
 * @throws Error where the folder has no kustomization
 * @throws InvalidYaml with file and line where a kustomization is not valid YAML
 */
export async function closureOf(tree: TreeReader, folder: string): Promise<Closure> {
  const draft: Draft = {
    ...{ files: new Map(), kustomizations: [], missing: [], escapes: [], remotes: [], helm: [], links: [] },
    seen: new Set([folder]),
  };
  const first = await readKustomization(tree, folder);
  if (first === undefined) {
    throw new Error(`${folder} has no kustomization: expected ${KUSTOMIZATION_NAMES.join(', ')} there.`);
  }
  let next = addKustomization(draft, first.path, first.text);
  while (next.length > 0) {
    const found = await Promise.all(next.map(async (step) => ({ step, content: await readPending(tree, step) })));
    next = found.flatMap(({ step, content }) => {
      if (content === undefined) {
        draft.missing.push({ file: step.file, line: step.line, path: step.path, key: step.key });
        return [];
      }
      return content.isKustomization
        ? addKustomization(draft, content.path, content.text)
        : addFile(draft, content.path, content.text);
    });
  }
  const { seen: _, ...closure } = draft;
  return { folder, ...closure };
}

/**
 * Writes all files that a folder is built from to a folder on disk, at the same paths.
 *
 * @param into absolute path of the folder on disk
 * @throws Error with file and line of a reference that leads out of the repository; then nothing is written
 */
export async function writeClosure(tree: TreeReader, folder: string, into: string): Promise<Closure> {
  const closure = await closureOf(tree, folder);
  const [outside] = closure.escapes;
  if (outside !== undefined) {
    throw new Error(escapeProblem(outside));
  }
  for (const [path, text] of closure.files) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await writeFile(join(into, path), text);
  }
  return closure;
}

/** The message for a path that leads out of the repository. */
export function escapeProblem({ file, line, path }: ReferenceLocation): string {
  return `${file}:${line}: "${path}" leads out of the repository. Expected a path of a file or folder in it.`;
}

/** Adds a file, from which no references lead on. */
function addFile(draft: Draft, path: string, text: string): PendingReference[] {
  draft.files.set(path, text);
  return [];
}

/** Adds a kustomization, and returns the references that are to be read next. */
function addKustomization(draft: Draft, path: string, text: string): PendingReference[] {
  draft.files.set(path, text);
  draft.kustomizations.push(path);
  if (usesHelm(text, path)) {
    draft.helm.push(path);
  }
  return buildInputs(text, path).flatMap((input) => followInput(draft, path, input));
}

function followInput(draft: Draft, file: string, { key, path, line, kind }: BuildInput): PendingReference[] {
  const mention = { file, line, path, key };
  if (kind === 'remote') {
    draft.remotes.push(mention);
    return [];
  }
  const target = posix.join(posix.dirname(file), path).replace(/\/$/, '');
  if (posix.isAbsolute(path) || target === '..' || target.startsWith('../')) {
    draft.escapes.push(mention);
    return [];
  }
  draft.links.push({ ...mention, target });
  if (draft.seen.has(target)) {
    return [];
  }
  draft.seen.add(target);
  return [{ ...mention, kind, target: target === '.' ? '' : target }];
}

interface Content {
  path: string;
  text: string;
  isKustomization: boolean;
}

async function readPending(tree: TreeReader, { target, kind }: PendingReference): Promise<Content | undefined> {
  const asFile = async (): Promise<Content | undefined> => {
    const text = target === '' ? undefined : await tree.read(target);
    return text === undefined ? undefined : { path: target, text, isKustomization: false };
  };
  if (kind === 'file' || isManifestPath(target)) {
    return asFile();
  }
  const [file, folder] = await Promise.all([asFile(), readKustomization(tree, target)]);
  return file ?? (folder && { ...folder, isKustomization: true });
}
