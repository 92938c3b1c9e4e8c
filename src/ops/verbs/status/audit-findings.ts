import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { readFailure } from '../../../github/failure.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import { AUDIT_LABEL } from '../../policy/audit-label.js';
import type { OpenFinding } from './status.js';

/** Issues that are read, in one request. */
const MOST = 100;

const issuesSchema = v.array(
  v.object({ number: v.number(), html_url: v.string(), title: v.string(), pull_request: v.optional(v.unknown()) }),
);

/**
 * Reads the open issues of the audit, oldest first: what reached the default branch past the policy and is not settled.
 *
 * @param warnings takes a sentence where they cannot be read, which takes `issues: read`
 * @throws what a failed request throws
 */
export async function openFindings(ops: Connected, warnings: string[]): Promise<OpenFinding[]> {
  const found = await tryOperation(
    operationIn(ops.repository, 'read what the audit found', 'issues: read'),
    () => unlessDisabled(() => readIssues(ops)),
    (message) => warnings.push(message),
  );
  return found ?? [];
}

async function readIssues({ github, repository: { owner, name: repo } }: Connected): Promise<OpenFinding[]> {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/issues', {
    ...{ owner, repo, labels: AUDIT_LABEL, state: 'open', direction: 'asc', per_page: MOST },
  });
  return v
    .parse(issuesSchema, data)
    .filter((issue) => issue.pull_request === undefined)
    .map(({ number, html_url: url, title }) => ({ number, url, title }));
}

/** 410: the repository has no issues, and so no audit that opens any. */
async function unlessDisabled(work: () => Promise<OpenFinding[]>): Promise<OpenFinding[]> {
  try {
    return await work();
  } catch (error) {
    if (readFailure(error)?.status === 410) {
      return [];
    }
    throw error;
  }
}
