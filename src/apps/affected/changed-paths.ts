import * as core from '@actions/core';
import { askServer } from '../../git/ask-server.js';
import { fetchCommits, present, shallowBoundary } from '../../git/commits.js';
import type { Git } from '../../git/git.js';
import type { Comparison } from './comparison.js';

/** Arguments of `git fetch` that deepen a shallow clone, step by step; the last one fetches all of it. */
const REACHES = [50, 200, 800, 3200, 12_800].map((depth) => `--depth=${depth}`).concat('--unshallow');

/** The paths that a change touches, or why they cannot be known. */
export type ChangedPaths = { paths: string[] } | { unknown: string };

/** A comparison of two commits. */
export type Compared = Exclude<Comparison, { kind: 'everything' }>;

/**
 * The paths in which two commits differ; a rename counts as both paths. Missing commits are fetched, and in a shallow
 * clone as much history as it takes to find the merge base.
 */
export async function changedPaths(git: Git, comparison: Compared): Promise<ChangedPaths> {
  const base = await resolveBase(git, comparison.base);
  if (base === undefined) {
    return { unknown: `${comparison.base} is not in the repository` };
  }
  const head = comparison.head === 'HEAD' ? (await git.read(['rev-parse', 'HEAD'])).trim() : comparison.head;
  const from = comparison.kind === 'range' ? await whole(git, base, head) : await fork(git, base, head);
  if ('unknown' in from) {
    return from;
  }
  const flags = ['-r', '-z', '--name-only', '--no-renames', '--no-relative', '--ignore-submodules=none'];
  const listing = await git.read(['diff-tree', ...flags, from.commit, head, '--']);
  return { paths: listing.split('\0').filter((path) => path !== '') };
}

type Start = { commit: string } | { unknown: string };

/** Both ends of a range, fetched without their history where they are missing. */
async function whole(git: Git, base: string, head: string): Promise<Start> {
  const here = new Set(await present(git, [base, head]));
  const missing = [base, head].filter((commit) => !here.has(commit));
  if (missing.length === 0) {
    return { commit: base };
  }
  const depth = (await shallowBoundary(git)).size > 0 ? ['--depth=1'] : [];
  const fetched = await fetchCommits(git, [...depth, git.url, ...missing]);
  return fetched.ok ? { commit: base } : { unknown: cannotFetch(git, missing, fetched.problem) };
}

/** The merge base of two branches, and the head. */
async function fork(git: Git, base: string, head: string): Promise<Start> {
  for (const reach of [...REACHES, undefined]) {
    const here = await present(git, [base, head]);
    const boundary = await shallowBoundary(git);
    const found = here.length === 2 || base === head ? await mergeBase(git, base, head, boundary) : undefined;
    if (found !== undefined) {
      return { commit: found };
    }
    if (reach === undefined || (here.length === 2 && boundary.size === 0)) {
      break;
    }
    // A depth would make a full clone shallow.
    const fetched = await fetchCommits(git, [...(boundary.size === 0 ? [] : [reach]), git.url, base, head]);
    if (!fetched.ok) {
      const missing = [base, head].filter((commit) => !here.includes(commit));
      return { unknown: cannotFetch(git, missing.length > 0 ? missing : [base, head], fetched.problem) };
    }
    core.debug(`Fetched the history of ${base} and ${head}: ${reach}`);
  }
  return { unknown: `${base.slice(0, 7)} and ${head.slice(0, 7)} have no history in common` };
}

/**
 * The merge base, once it is certain: while a commit that only one side has is at the boundary of a shallow clone, a
 * better one could be among its parents.
 */
async function mergeBase(git: Git, base: string, head: string, boundary: Set<string>): Promise<string | undefined> {
  const ancestor = await git.run(['merge-base', base, head]);
  if (!ancestor.ok) {
    return undefined;
  }
  const apart = boundary.size === 0 ? '' : await git.read(['rev-list', `${base}...${head}`]);
  return apart.split('\n').some((commit) => boundary.has(commit)) ? undefined : ancestor.stdout.trim();
}

/** The commit of a name; that of a branch or tag as the server has it. */
async function resolveBase(git: Git, name: string): Promise<string | undefined> {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(name)) {
    return name;
  }
  const patterns = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  const listing = await askServer(git, [
    'ls-remote',
    git.url,
    ...patterns,
    ...patterns.map((pattern) => `${pattern}^{}`),
  ]);
  const lines = listing.ok ? listing.stdout.split('\n').map((line) => line.split('\t')) : [];
  const ids = new Map(lines.map(([id = '', ref = '']) => [ref, id]));
  for (const pattern of patterns) {
    const id = ids.get(`${pattern}^{}`) ?? ids.get(pattern);
    if (id !== undefined) {
      return id;
    }
  }
  return localBase(git, name);
}

/** The commit of a name in the clone, for when the server cannot be reached. */
async function localBase(git: Git, name: string): Promise<string | undefined> {
  const short = name.replace(/^refs\/heads\//, '');
  for (const candidate of [`refs/remotes/origin/${short}`, name]) {
    const found = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`]);
    if (found.ok) {
      return found.stdout.trim();
    }
  }
  return undefined;
}

function cannotFetch(git: Git, commits: readonly string[], problem: string): string {
  const names = commits.map((commit) => commit.slice(0, 7)).join(' and ');
  return (
    `${names} could not be fetched from ${git.url} (${problem}); use "fetch-depth: 0" with actions/checkout, ` +
    'or a token with "contents: read"'
  );
}
