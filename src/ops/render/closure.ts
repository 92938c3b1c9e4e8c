import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { type BuildInput, buildInputs, usesHelm } from '../kustomize/build-inputs.js';
import { KUSTOMIZATION_NAMES, readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';

/** A place in a kustomization. */
export interface ReferenceLocation {
  /** Path of the kustomization in the repository. */
  file: string;
  /** From 1. */
  line: number;
  /** What is written there. */
  path: string;
  /** The key it stands under. */
  key: string;
}

/** What a folder is built from. */
export interface Closure {
  folder: string;
  /** Texts by path, kustomizations before what they take in. */
  files: ReadonlyMap<string, string>;
  /** Which of the files are kustomizations. */
  kustomizations: readonly string[];
  /** References inside the repository to nothing. */
  missing: readonly ReferenceLocation[];
  /** References out of the repository that are local paths. */
  escapes: readonly ReferenceLocation[];
  /** References to other repositories and hosts. */
  remotes: readonly ReferenceLocation[];
  /** Kustomizations that inflate Helm charts. */
  helm: readonly string[];
  /** Every reference inside the repository, with the path that it leads to. */
  links: readonly Link[];
}

/** A reference inside the repository. */
export interface Link extends ReferenceLocation {
  /** From the root of the repository. */
  target: string;
}

interface Draft {
  files: Map<string, string>;
  kustomizations: string[];
  missing: ReferenceLocation[];
  escapes: ReferenceLocation[];
  remotes: ReferenceLocation[];
  helm: string[];
  links: Link[];
  /** Paths that were looked at. */
  seen: Set<string>;
}

/** A reference that is inside the repository. */
interface PendingReference extends Link {
  kind: 'file' | 'either';
}

/**
 * The folder's kustomization and everything that it reaches, by exact paths and round by round, so that each round is
 * one request where the tree is on GitHub.
 *
 * @throws Error where the folder has no kustomization; InvalidYaml naming file and line of one that is broken
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
 * Writes a folder and everything that its kustomizations reach into a folder on disk, at the same paths.
 *
 * @param into absolute path of a folder
 * @throws Error naming file and line of a path that leaves the repository: nothing is written then
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

/** What is wrong with a path that leaves the repository. */
export function escapeProblem({ file, line, path }: ReferenceLocation): string {
  return `${file}:${line}: "${path}" leads out of the repository. Expected a path of a file or folder in it.`;
}

function addFile(draft: Draft, path: string, text: string): PendingReference[] {
  draft.files.set(path, text);
  return [];
}

/** Takes in a kustomization, and says what to look at next. */
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
  if (kind === 'file' || /\.(ya?ml|json)$/.test(target)) {
    return asFile();
  }
  const [file, folder] = await Promise.all([asFile(), readKustomization(tree, target)]);
  return file ?? (folder && { ...folder, isKustomization: true });
}
