import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { pageOf } from '../../github/page.js';
import type { RepositoryReader } from '../../github/repository-reader.js';
import { countedReports, type Listed, type Posted } from './counted-reports.js';
import type { Change, Report, ReportedCommit } from './said.js';

/** Commits in a page, and pages that are read at most: what is older is awaited by nobody. */
const PAGE = 100;
const MOST_PAGES = 5;

/** Commits on which somebody else has written over a report, whose statuses are listed one commit a request. */
const MOST_COVERED = 10;

const contextSchema = v.object({
  context: v.string(),
  state: v.string(),
  description: v.nullable(v.string()),
  createdAt: v.string(),
  targetUrl: v.nullable(v.string()),
  creator: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
});
const commitSchema = v.object({
  oid: v.string(),
  committedDate: v.string(),
  parents: v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) }),
  status: v.nullable(v.object({ contexts: v.array(contextSchema) })),
});
const historySchema = v.nullable(v.object({ history: pageOf(commitSchema) }));

type Commit = v.InferOutput<typeof commitSchema>;

interface ReadCommit extends Change {
  parents: readonly string[];
  statuses: readonly Posted[];
}

/** The commits of a branch with their statuses, from its head on, read as far back as somebody asks. */
export interface StatusWindow {
  /** Reads until these commits are there, or nobody waits for them any more. */
  reach(oids: readonly string[]): Promise<void>;
  /** The commit by which another one reached the branch, itself or the merge that brought it; `undefined` where it is not read. */
  arrivalOf(oid: string): Change | undefined;
  /** What was reported by those whose statuses count. Statuses that others wrote over those of a report's context are no news. */
  commits(creators: readonly string[], isReport: (context: string) => boolean): Promise<ReportedCommit[]>;
}

/**
 * Opens the statuses of a branch. GitHub's GraphQL has the newest of each context of a commit, whoever posted it. Where that is
 * somebody whose statuses do not count, what they cover is listed with REST.
 *
 * @param head newest commit of the branch
 * @throws from its functions what a failed request throws; it takes `statuses: read`
 */
export function statusWindow(ops: Connected, reader: RepositoryReader, head: string): StatusWindow {
  const known = new Map<string, ReadCommit>();
  const listed = new Map<string, Promise<Listed>>();
  let line: Line = { chain: [], arrivals: new Map() };
  let cursor: string | null = null;
  let pages = 0;
  let isOver = false;
  let reading: Promise<void> = Promise.resolve();
  const readPage = async () => {
    const after = cursor;
    const found = await reader.load({
      heavy: true,
      text: (bind) =>
        `object(oid: ${bind('GitObjectID!', head)}) { ... on Commit { history(first: ${PAGE}, after: ${bind('String', after)}) {
      pageInfo { hasNextPage endCursor }
      nodes { oid committedDate parents(first: 5) { nodes { oid } } status { contexts { context state description createdAt targetUrl creator { __typename login } } } }
    } } }`,
      schema: historySchema,
    });
    for (const commit of found?.history.nodes ?? []) {
      if (commit !== null) {
        known.set(commit.oid, readCommit(commit));
      }
    }
    pages++;
    line = lineOf(known, head);
    cursor = found?.history.pageInfo.endCursor ?? null;
    isOver = found?.history.pageInfo.hasNextPage !== true || pages >= MOST_PAGES;
  };
  const reach = async (oids: readonly string[]) => {
    const isThere = () => pages > 0 && oids.every((oid) => line.arrivals.has(oid));
    while (!isThere() && !isOver) {
      await readPage();
    }
  };
  return {
    // One after the other, so that no page is read twice.
    reach: (oids) => {
      reading = reading.then(() => reach(oids));
      return reading;
    },
    arrivalOf: (oid) => line.arrivals.get(oid),
    async commits(creators, isReport) {
      const counts = ({ by }: Posted) => creators.includes(by);
      // Commits have the same contexts again and again: each is asked of once.
      const contexts = new Set(line.chain.flatMap(({ statuses }) => statuses.map(({ context }) => context)));
      const reporting = new Set([...contexts].filter(isReport));
      const own = line.chain.map(({ oid, statuses }) => {
        return { oid, statuses: statuses.filter(({ context }) => reporting.has(context)) };
      });
      const covered = own.filter(({ statuses }) => !statuses.every(counts)).slice(0, MOST_COVERED);
      const full = new Map(
        await Promise.all(
          covered.map(async ({ oid }) => {
            const all = listed.get(oid) ?? listStatuses(ops, oid);
            listed.set(oid, all);
            const { all: found, isWhole } = await all;
            return [oid, { all: found.filter((each) => isReport(each.context)), isWhole }] as const;
          }),
        ),
      );
      const all = [...own.flatMap(({ statuses }) => statuses), ...[...full.values()].flatMap((each) => each.all)];
      const ours = new Set(all.filter(counts).map(({ context }) => context));
      return own.map(({ oid, statuses }) => ({ oid, reports: countedReports(statuses, counts, full.get(oid), ours) }));
    },
  };
}

/** A branch as it moved: what a merge brought arrived with the merge. */
interface Line {
  /** Newest first, each the first parent of the one before. */
  chain: readonly ReadCommit[];
  arrivals: ReadonlyMap<string, Change>;
}

function lineOf(known: ReadonlyMap<string, ReadCommit>, head: string): Line {
  const chain: ReadCommit[] = [];
  for (let next = known.get(head); next !== undefined; next = known.get(next.parents[0] ?? '')) {
    chain.push(next);
  }
  const arrivals = new Map<string, Change>();
  // The oldest first: what an older one has did not come with a newer one.
  for (const { oid, at } of [...chain].reverse()) {
    const open = [oid];
    for (let each = open.pop(); each !== undefined; each = open.pop()) {
      if (!arrivals.has(each)) {
        arrivals.set(each, { oid, at });
        open.push(...(known.get(each)?.parents ?? []).filter((parent) => known.has(parent)));
      }
    }
  }
  return { chain, arrivals };
}

function readCommit({ oid, committedDate, parents, status }: Commit): ReadCommit {
  const statuses = (status?.contexts ?? []).map(({ context, state, description, createdAt, targetUrl, creator }) => ({
    context,
    state: stateOf(state),
    description: description ?? '',
    at: new Date(createdAt),
    url: targetUrl ?? '',
    by: creator === null ? '' : loginOf(creator),
  }));
  const before = (parents.nodes ?? []).flatMap((parent) => parent?.oid ?? []);
  return { oid, at: new Date(committedDate), parents: before, statuses };
}

/** GraphQL names an App's account without what REST adds to it. */
function loginOf({ __typename: type, login }: { __typename: string; login: string }): string {
  return `${login}${type === 'Bot' && !login.endsWith('[bot]') ? '[bot]' : ''}`.toLowerCase();
}

function stateOf(state: string): Report['state'] {
  const lower = state.toLowerCase();
  return lower === 'success' ? 'success' : lower === 'failure' || lower === 'error' ? 'failure' : 'pending';
}

const listedSchema = v.array(
  v.object({
    context: v.string(),
    state: v.string(),
    description: v.nullable(v.string()),
    created_at: v.string(),
    target_url: v.nullish(v.string()),
    creator: v.nullish(v.object({ login: v.string() })),
  }),
);

/** The statuses of a commit, the newest first; of more than a few pages the newest ones. */
async function listStatuses({ github, repository }: Connected, oid: string): Promise<Listed> {
  const { owner, name: repo } = repository;
  const all: Posted[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', {
      ...{ owner, repo, ref: oid, per_page: 100, page },
    });
    const found = v.parse(listedSchema, data);
    all.push(
      ...found.map(({ context, state, description, created_at: at, target_url: url, creator }) => ({
        ...{ context, state: stateOf(state), description: description ?? '', at: new Date(at), url: url ?? '' },
        by: (creator?.login ?? '').toLowerCase(),
      })),
    );
    if (found.length < 100) {
      return { all, isWhole: true };
    }
  }
  return { all, isWhole: false };
}

const changeSchema = v.nullable(
  v.object({
    history: v.object({
      nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string(), committedDate: v.string() })))),
    }),
  }),
);

/**
 * Reads the last change of folders, each once; those of one tick are one request.
 *
 * @param head newest commit of the branch
 */
export function changeReader(
  reader: RepositoryReader,
  head: string,
): (folders: readonly string[]) => Promise<ReadonlyMap<string, Change>> {
  const known = new Map<string, Promise<Change | undefined>>();
  const read = async (folder: string) => {
    const answer = await reader.load({
      text: (bind) =>
        `object(oid: ${bind('GitObjectID!', head)}) { ... on Commit { history(first: 1, path: ${bind('String!', folder)}) { nodes { oid committedDate } } } }`,
      schema: changeSchema,
    });
    const commit = answer?.history.nodes?.[0];
    return commit ? { oid: commit.oid, at: new Date(commit.committedDate) } : undefined;
  };
  return async (folders) => {
    const found = await Promise.all(
      folders.map(async (folder) => {
        const reading = known.get(folder) ?? read(folder);
        known.set(folder, reading);
        const change = await reading;
        return change === undefined ? [] : [[folder, change] as const];
      }),
    );
    return new Map(found.flat());
  };
}
