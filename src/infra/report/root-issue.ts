import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';

/** The one issue about a matter of a root. */
export interface RootIssue {
  /** The label that all issues of the matter have: `ostack-apply`. */
  label: string;
  root: string;
  title: string;
  /** Markdown; `undefined` where there is nothing to tell any more, and the issue is closed. */
  body: string | undefined;
}

const issuesSchema = v.array(
  v.object({
    number: v.number(),
    body: v.nullish(v.string()),
    user: v.nullable(v.object({ type: v.optional(v.string()) })),
    pull_request: v.optional(v.unknown()),
  }),
);
const MOST_PAGES = 10;

/**
 * Opens, updates or closes the issue about a root. What people write with the same mark is none of ours.
 *
 * @throws Error naming the permission that the token lacks
 */
export async function keepRootIssue(to: Connected, issue: RootIssue): Promise<void> {
  const { owner, name: repo } = to.repository;
  const mark = `<!-- ${issue.label}: ${issue.root} -->`;
  const doing = operationIn(to.repository, `keep the issue about ${issue.root}`, 'issues: write');
  await attempt(doing, async () => {
    const number = await findIssue(to, issue.label, mark);
    if (number === undefined) {
      if (issue.body !== undefined) {
        await to.github.octokit.request('POST /repos/{owner}/{repo}/issues', {
          ...{ owner, repo, title: issue.title, body: `${mark}\n${issue.body}`, labels: [issue.label] },
        });
      }
      return;
    }
    const change =
      issue.body === undefined
        ? { state: 'closed' as const, state_reason: 'completed' as const }
        : { title: issue.title, body: `${mark}\n${issue.body}` };
    await to.github.octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
      ...{ owner, repo, issue_number: number, ...change, request: { repeatable: true } },
    });
  });
}

async function findIssue({ github, repository }: Connected, label: string, mark: string): Promise<number | undefined> {
  const { owner, name: repo } = repository;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/issues', {
      ...{ owner, repo, labels: label, state: 'open', per_page: 100, page },
    });
    const issues = v.parse(issuesSchema, data);
    const own = issues.find(
      ({ body, user, pull_request: pull }) =>
        pull === undefined && user?.type === 'Bot' && body?.startsWith(mark) === true,
    );
    if (own !== undefined || issues.length < 100) {
      return own?.number;
    }
  }
  return undefined;
}
