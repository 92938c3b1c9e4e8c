import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { settle } from '../../github/settle.js';
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
  // Nothing in the name of a root ends the comment.
  const mark = `<!-- ${issue.label}: ${encodeURI(issue.root)} -->`;
  const doing = operationIn(to.repository, `keep the issue about ${issue.root}`, 'issues: write');
  const find = () => findIssue(to, issue.label, mark);
  const change = (number: number, fields: Record<string, string>) =>
    to.github.octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
      ...{ owner, repo, issue_number: number, ...fields, request: { repeatable: true } },
    });
  await attempt(doing, async () => {
    if (issue.body === undefined) {
      const known = await find();
      await (known === undefined ? undefined : change(known, { state: 'closed', state_reason: 'completed' }));
      return;
    }
    const text = { title: issue.title, body: `${mark}\n${issue.body}` };
    let isNew = false;
    const number = await settle(find, async () => {
      isNew = true;
      const { data } = await to.github.octokit.request('POST /repos/{owner}/{repo}/issues', {
        ...{ owner, repo, ...text, labels: [issue.label] },
      });
      return data.number;
    });
    if (!isNew) {
      await change(number, text);
    }
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
