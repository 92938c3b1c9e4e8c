import { fetchCommits, present, shallowBoundary } from '../../git/commits.js';
import { type Git, topLevel } from '../../git/git.js';
import { info } from '../../runtime/log.js';
import { History } from '../history.js';
import type { AppTag } from '../tags.js';

/** The part of the history that is needed. */
export interface HistoryNeed {
  head: string;
  /** The newest releases of the apps. */
  tags: readonly AppTag[];
  /** Depth that a shallow clone must have at least, for first releases; `0` for any. */
  atLeast: number;
}

/** Commits fetched at first when a clone is shallow; each further fetch takes four times as many, at most `DEEPEST`. */
const FIRST_DEPTH = 50;
const DEEPEST = 20_000;

/**
 * The commit that is checked out.
 *
 * @throws Error when no commit is checked out
 */
export async function readHead(git: Git): Promise<string> {
  const head = await git.run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.ok) {
    return head.stdout.trim();
  }
  await topLevel(git);
  throw new Error(
    'There is nothing to release: the checked-out branch has no commit yet. Push a first commit and run this again.',
  );
}

/**
 * Reads the history of HEAD and of the given tags. A tag made after the checkout is fetched. A shallow clone is deepened
 * in growing steps until every tag either is in the history of HEAD, with all that came since, or turns out to come
 * after it.
 *
 * @throws Error naming the `fetch-depth` to use, when the server refuses to deepen the clone
 */
export async function readHistory(git: Git, { head, tags, atLeast }: HistoryNeed): Promise<History> {
  let history = await readGraph(git, head, tags);
  const [before, cut] = [history.size, !history.whole];
  let open = unresolved(history, head, tags);
  let shallow = !history.whole && atLeast > 0;
  for (let depth = Math.max(FIRST_DEPTH, atLeast, before * 4); open.length > 0 || shallow; depth *= 4) {
    const final = history.whole || depth > DEEPEST;
    const reach = history.whole ? [] : [depth > DEEPEST ? '--unshallow' : `--depth=${depth}`];
    const requested = [...(history.whole ? [] : [head]), ...open.map(({ name }) => `refs/tags/${name}`)];
    await fetch(git, [...reach, git.url, ...requested], open);
    history = await readGraph(git, head, tags);
    open = final ? [] : unresolved(history, head, tags);
    shallow = false;
  }
  if (cut && history.size > before) {
    info(
      `The clone was shallow: it has ${history.size} commits now instead of ${before}. With "fetch-depth: 0" in actions/checkout they are there at once.`,
    );
  }
  return history;
}

/** The tags whose relation to HEAD, or distance from it, cannot be known from this part of the history. */
function unresolved(history: History, head: string, tags: readonly AppTag[]): AppTag[] {
  return tags.filter(({ commit }) => {
    if (!history.has(commit)) {
      return true;
    }
    const since = history.span(head, commit);
    if (since.connected) {
      return !since.complete;
    }
    return !history.whole && !history.span(commit, head).connected;
  });
}

async function readGraph(git: Git, head: string, tags: readonly AppTag[]): Promise<History> {
  const tips = await present(git, [...new Set(tags.map(({ commit }) => commit))]);
  const lines = await git.read(['rev-list', '--topo-order', '--parents', '--stdin'], [head, ...tips, ''].join('\n'));
  const graph = lines.split('\n').filter((line) => line !== '');
  return new History(
    graph.map((line) => line.split(' ')),
    await shallowBoundary(git),
  );
}

async function fetch(git: Git, args: readonly string[], tags: readonly AppTag[]): Promise<void> {
  const fetched = await fetchCommits(git, args);
  if (!fetched.ok) {
    const [first] = tags;
    throw new Error(
      `Could not fetch the history up to the last release (${first?.name ?? ''}${tags.length > 1 ? ` and ${tags.length - 1} more` : ''}) ` +
        `from ${git.url}: ${fetched.problem}. Use "fetch-depth: 0" with actions/checkout, and a token with "contents: read".`,
    );
  }
}
