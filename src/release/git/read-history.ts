import { fetchCommits, objectTypes, shallowBoundary } from '../../git/commits.js';
import { type Git, topLevel } from '../../git/git.js';
import { info } from '../../runtime/log.js';
import { History } from '../history.js';
import type { AppTag } from '../tags.js';

/** The part of the history that is needed. */
export interface HistoryNeed {
  head: string;
  /** Tags in the order in which they are asked about: of each list, the first that is in the history of HEAD is wanted. */
  releases: readonly (readonly AppTag[])[];
  /** Depth that a shallow clone must have where none of a list is: for first releases. */
  firstDepth: number;
}

/** Commits fetched at first when a clone is shallow; each further fetch takes four times as many, at most `DEEPEST`. */
const FIRST_DEPTH = 50;
const DEEPEST = 20_000;

/** Most tags of a list that are told apart from the history of HEAD, one after the other, before all of it is fetched. */
const MOST_ELSEWHERE = 8;

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
 * Reads the history of HEAD as far as its releases, and of the tags that are asked about. A tag made after the checkout is
 * fetched. A shallow clone is deepened in growing steps until each tag that is asked about is in the history of HEAD, with
 * all that came since, or turns out to be elsewhere: later, or on another branch.
 *
 * @throws Error naming the `fetch-depth` to use, when the server refuses to deepen the clone
 */
export async function readHistory(git: Git, need: HistoryNeed): Promise<History> {
  const { head, releases, firstDepth } = need;
  const examined = [...new Set(releases.flatMap((list) => list.slice(0, MOST_ELSEWHERE)))];
  let graph = await readGraph(git, head, examined);
  const [before, cut] = [graph.history.size, !graph.history.whole];
  let depth = Math.max(FIRST_DEPTH / 4, before);
  let fetched = 0;
  const asked = new Set<AppTag>();
  for (let last = false; !last; ) {
    const { open, first, all } = missing(graph, need);
    const { whole } = graph.history;
    if (open.length === 0 && (whole || !(all || (first && fetched < firstDepth)))) {
      break;
    }
    // A tag that was not asked for yet may need no more than what is here.
    const enough = fetched > 0 && open.some((tag) => !asked.has(tag));
    depth = Math.max(enough ? depth : depth * 4, first ? firstDepth : 0);
    last = whole || all || depth > DEEPEST;
    const reach = whole ? [] : [last ? '--unshallow' : `--depth=${depth}`];
    const refs = open.map(({ name }) => `refs/tags/${name}`);
    await fetch(git, [...reach, git.url, ...(whole ? [] : [head]), ...refs], open);
    for (const tag of open) {
      asked.add(tag);
    }
    fetched = depth;
    graph = await readGraph(git, head, examined);
  }
  if (cut && graph.history.size > before) {
    info(
      `The clone was shallow: it has ${graph.history.size} commits now instead of ${before}. With "fetch-depth: 0" in actions/checkout they are there at once.`,
    );
  }
  return graph.history;
}

/** A part of the history, and the ids that are tagged and are no commits. */
interface Graph {
  history: History;
  noCommits: ReadonlySet<string>;
}

/** What is still missing: tags about which nothing is known, the history of a first release, or all of it. */
function missing(
  { history, noCommits }: Graph,
  { head, releases }: HistoryNeed,
): { open: AppTag[]; first: boolean; all: boolean } {
  const open = new Map<string, AppTag>();
  const known = new Map<string, ReturnType<History['relation']>>();
  const relation = ({ commit }: AppTag) => {
    const found = known.get(commit) ?? (noCommits.has(commit) ? 'elsewhere' : history.relation(head, commit));
    known.set(commit, found);
    return found;
  };
  let [first, all] = [false, false];
  for (const list of releases) {
    const asked = list.slice(0, MOST_ELSEWHERE);
    const found = asked.find((tag) => relation(tag) !== 'elsewhere');
    if (found === undefined) {
      first ||= asked.length === list.length;
      all ||= asked.length < list.length;
    } else if (relation(found) === 'unknown') {
      open.set(found.name, found);
    }
  }
  return { open: [...open.values()], first, all };
}

async function readGraph(git: Git, head: string, tags: readonly AppTag[]): Promise<Graph> {
  const types = await objectTypes(git, [...new Set(tags.map(({ commit }) => commit))]);
  const tips = [...types].filter(([, type]) => type === 'commit').map(([id]) => id);
  const lines = await git.read(['rev-list', '--topo-order', '--parents', '--stdin'], [head, ...tips, ''].join('\n'));
  const graph = lines.split('\n').filter((line) => line !== '');
  const history = new History(
    graph.map((line) => line.split(' ')),
    await shallowBoundary(git),
  );
  return { history, noCommits: new Set([...types.keys()].filter((id) => !tips.includes(id))) };
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
