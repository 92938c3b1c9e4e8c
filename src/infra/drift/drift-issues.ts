import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { pageOf, pages } from '../../github/page.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { settle } from '../../github/settle.js';
import type { DriftIssue, IssueWrite } from './drift-issue.js';
import { readKept } from './ticks.js';

/** The label of the issues, by which they are found. */
export const DRIFT_LABEL = 'ostack-drift';

const pageSchema = pageOf(
  v.object({
    number: v.number(),
    title: v.string(),
    body: v.string(),
    state: v.picklist(['OPEN', 'CLOSED']),
    viewerDidAuthor: v.boolean(),
  }),
);

/**
 * The issues about drift that this token has written, by root: the oldest of each, open or closed.
 *
 * @throws Error of the request, where the token may not read issues
 */
export async function readDriftIssues(reader: RepositoryReader): Promise<Map<string, DriftIssue>> {
  const found = new Map<string, DriftIssue>();
  const read = (after: string | null) =>
    reader.load({
      heavy: true,
      text: (bind) =>
        `issues(first: 100, labels: ${bind('[String!]', [DRIFT_LABEL])}, orderBy: { field: CREATED_AT, direction: ASC }, after: ${bind('String', after)}) { pageInfo { hasNextPage endCursor } nodes { number title body state viewerDidAuthor } }`,
      schema: pageSchema,
    });
  for await (const { nodes } of pages(`the issues labelled ${DRIFT_LABEL}`, read)) {
    for (const issue of nodes ?? []) {
      const root = issue?.viewerDidAuthor === true ? readKept(issue.body)?.root : undefined;
      if (issue !== null && root !== undefined && !found.has(root)) {
        const { number, title, body, state } = issue;
        found.set(root, { number, title, body, isOpen: state === 'OPEN' });
      }
    }
  }
  return found;
}

const issueSchema = v.object({ number: v.number() });

/** Reads issues and branches. */
export function driftReader({ github, repository }: Connected): RepositoryReader {
  return repositoryReader(github, repository, 'Drift');
}

/**
 * Writes the issue of a root.
 *
 * @returns its number; `undefined` where there is none
 */
export async function writeDriftIssue(
  to: Connected,
  root: string,
  known: DriftIssue | undefined,
  { act, title, body }: Pick<IssueWrite, 'act' | 'title' | 'body'>,
): Promise<number | undefined> {
  const place = { owner: to.repository.owner, repo: to.repository.name };
  if (act === 'open') {
    // Whether a request that failed took effect, a look tells: there is to be one issue.
    return settle(
      async () => (await readDriftIssues(driftReader(to))).get(root)?.number,
      async () => {
        const fresh = { ...place, title, body, labels: [DRIFT_LABEL] };
        const { data } = await to.github.octokit.request('POST /repos/{owner}/{repo}/issues', fresh);
        return v.parse(issueSchema, data).number;
      },
    );
  }
  if (known !== undefined && act !== 'keep') {
    await to.github.octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
      ...{ ...place, issue_number: known.number, title, body },
      ...(act === 'close' && { state: 'closed', state_reason: 'completed' }),
      ...(act === 'reopen' && { state: 'open' }),
    });
  }
  return known?.number;
}
