import { posix } from 'node:path';
import { RECORD } from '../../materialize/manifests/record.js';
import { PARTS } from '../../materialize/manifests/remote-parts.js';
import { firstFew } from '../../report/first-few.js';
import { type RenderedFolder, renderedFolders } from '../layouts/rendered-layout.js';
import { isBlobOf } from '../tree/blob-id.js';
import type { Problem } from '../tree/problem.js';
import { problemOf } from '../tree/problem-of.js';
import { readUnlessOdd } from '../tree/read-unless-odd.js';
import type { RepositoryChange } from './repository-change.js';

/** What a change does to a branch that materialize writes, by the files alone. */
export interface RenderedChange {
  /** `owner/name@commit` that manifests say that they are made of, by environment; empty where nothing says it. */
  sources: ReadonlyMap<string, string>;
  /** What is not as materialize wrote it, by environment, sentences. */
  byHand: ReadonlyMap<string, readonly string[]>;
  /** Why nobody can judge it. */
  problems: readonly Problem[];
}

/** Most files that one sentence names. */
const MOST_NAMES = 3;

/** What a cluster would take for a manifest. */
const MANIFEST = /\.(ya?ml|json)$/i;

/** Files that tell Flux or Argo CD to make something else of manifests than they say, or to leave some out. */
const BUILDS =
  /^(kustomization\.ya?ml|Kustomization|Chart\.yaml|\.argocd-.*|\.sourceignore|\.krmignore|.*\.(jsonnet|libsonnet)|helmfile(\.ya?ml|\.d)?)$/i;

/**
 * Compares a change of a branch with what materialize says that it wrote there.
 *
 * @param environments those that live on the branch
 * @returns `undefined` where nothing of it was materialized, before or after
 */
export async function renderedChange(
  change: RepositoryChange,
  environments: readonly string[],
): Promise<RenderedChange | undefined> {
  const records = [change.base, change.head].map(({ paths }) =>
    paths.filter((path) => posix.basename(path) === RECORD),
  );
  if (records.every((paths) => paths.length === 0)) {
    return undefined;
  }
  const nothing = { sources: new Map<string, string>(), byHand: new Map<string, string[]>() };
  let folders: RenderedFolder[];
  try {
    folders = await renderedFolders(change.head.tree, environments);
  } catch (error) {
    return { ...nothing, problems: [problemOf(error, RECORD)] };
  }
  const known = folders.map(({ folder }) => posix.join(folder, RECORD));
  // A branch that begins or ends to be rendered in a pull request would be judged by half of what it has.
  const other =
    records.flat().find((path) => !known.includes(path)) ?? known.find((path) => !records[0]?.includes(path));
  const problems = other === undefined ? [] : [problem(other, MISPLACED)];
  const there = new Set(change.head.paths);
  const builds = [...change.changed].filter((path) => BUILDS.test(posix.basename(path)) && there.has(path));
  const byHand = await Promise.all(
    folders.map(async (each) => [each.environment, await editsIn(change, there, each)] as const),
  );
  return {
    sources: new Map(folders.map(({ environment, record }) => [environment, record.source ?? ''])),
    byHand: new Map(byHand),
    problems: [...problems, ...builds.map((path) => problem(path, MADE_OF))],
  };
}

const MADE_OF =
  'it would have a cluster make something else of what materialize wrote than that says. Change the definition, and leave it out here.';

const MISPLACED =
  'it would say anew whether or where this branch is materialized, and nobody can judge both sides of that. Let materialize begin the branch, with the root for one environment or a folder of its name for each, and nothing else.';

/** What a change makes of manifests that is not what the list beside them says. @param there paths after the change */
async function editsIn(
  change: RepositoryChange,
  there: ReadonlySet<string>,
  { folder, record }: RenderedFolder,
): Promise<string[]> {
  const inside = (path: string) => folder === '' || path.startsWith(`${folder}/`);
  const isHidden = (path: string) => path.split('/').some((name) => name.startsWith('.'));
  const listed = [...record.files.keys()].map((path) => posix.join(folder, path));
  const isMade = (path: string) => path === posix.join(folder, PARTS) || (MANIFEST.test(path) && !isHidden(path));
  const manifests = [...change.changed].filter((path) => inside(path) && isMade(path));
  // Whoever changes the list may say of a file that stays that it is another one.
  const asked = change.changed.has(posix.join(folder, RECORD)) ? listed : [];
  const edited: string[] = [];
  for (const path of [...new Set([...manifests, ...asked])].sort()) {
    const said = record.files.get(posix.relative(folder, path));
    const isThere = there.has(path);
    const text = isThere ? await readUnlessOdd(change.head.tree, path) : undefined;
    if (said === undefined ? isThere : text === undefined || !isBlobOf(said, text)) {
      edited.push(path);
    }
  }
  return edited.length === 0
    ? []
    : [`By hand: ${firstFew(edited, MOST_NAMES)} is not what materialize wrote (${RECORD}).`];
}

function problem(file: string, message: string): Problem {
  return { level: 'error', file, line: undefined, message: `${file}: ${message}` };
}
