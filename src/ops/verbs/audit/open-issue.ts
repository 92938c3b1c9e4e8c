import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { settle } from '../../../github/settle.js';
import { operationIn } from '../../../github/try-operation.js';
import { AUDIT_LABEL } from '../../policy/audit-label.js';

/** Pages of a hundred issues that are looked through. */
const MOST_PAGES = 50;

const issuesSchema = v.array(
  v.object({
    number: v.number(),
    body: v.nullish(v.string()),
    user: v.nullable(v.object({ login: v.string() })),
    pull_request: v.optional(v.unknown()),
  }),
);
const issueSchema = v.object({ number: v.number() });

/** An issue as it is to be opened. */
export interface NewIssue {
  /** The commit that it is about. */
  oid: string;
  /** The branch that the commit reached, where that is not the default branch: one commit may reach several. */
  of: string | undefined;
  title: string;
  body: string;
  /** When the commit arrived: it is older than its issue. */
  since: Date;
}

/**
 * Opens the issue of a commit, or finds it: one that the ops App wrote and that has the commit's mark, open or closed. What
 * anybody else writes with the same mark is none.
 *
 * @param app slug of the ops App
 * @returns its number
 * @throws Error naming the permission that the token lacks
 */
export function openIssue(ops: Connected, app: string, issue: NewIssue): Promise<number> {
  const { owner, name: repo } = ops.repository;
  const into = issue.of === undefined ? '' : ` into ${issue.of}`;
  const mark = `<!-- ${AUDIT_LABEL}: ${issue.oid}${into} -->`;
  return attempt(operationIn(ops.repository, `open an issue about ${issue.oid}`, 'issues: write'), () =>
    settle(
      () => findIssue(ops, app, mark, issue.since),
      async () => {
        const { title } = issue;
        const body = `${mark}\n${issue.body}`;
        const answer = await ops.github.octokit.request('POST /repos/{owner}/{repo}/issues', {
          ...{ owner, repo, title, body, labels: [AUDIT_LABEL] },
        });
        return v.parse(issueSchema, answer.data).number;
      },
    ),
  );
}

async function findIssue(ops: Connected, app: string, mark: string, since: Date): Promise<number | undefined> {
  const { owner, name: repo } = ops.repository;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await ops.github.octokit.request('GET /repos/{owner}/{repo}/issues', {
      ...{ owner, repo, page, per_page: 100, since: since.toISOString() },
      ...{ state: 'all', sort: 'created', direction: 'desc' },
    });
    const issues = v.parse(issuesSchema, answer.data);
    const own = issues.find(
      ({ user, body, pull_request: pull }) =>
        pull === undefined && user?.login === `${app}[bot]` && body?.includes(mark) === true,
    );
    if (own !== undefined || issues.length < 100) {
      return own?.number;
    }
  }
  throw new Error(
    `More than ${MOST_PAGES * 100} issues changed since ${since.toISOString()}, so nobody can tell whether one of them is about it.`,
  );
}
