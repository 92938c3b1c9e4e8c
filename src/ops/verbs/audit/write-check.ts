import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import { checkTitle } from '../../../report/check-title.js';
import { cutMarkdown } from '../../../report/cut.js';

/** GitHub takes this much of a summary. */
const SUMMARY_BYTES = 60_000;

/** What the audit remembers of a commit. */
export interface Remembered {
  oid: string;
  /** Name of the check run. */
  check: string;
  /** The newest move of the branch that was looked at. */
  push: number;
  conclusion: 'success' | 'failure';
  title: string;
  summary: string;
}

/** Remembers that a commit was audited, where the ops App alone can write it. */
export async function writeCheck(
  { github, repository }: Connected,
  { oid, check, push, conclusion, title, summary }: Remembered,
  detailsUrl: string,
): Promise<void> {
  const { owner, name: repo } = repository;
  await attempt(operationIn(repository, 'write check runs', 'checks: write'), () =>
    github.octokit.request('POST /repos/{owner}/{repo}/check-runs', {
      ...{ owner, repo, name: check, head_sha: oid, external_id: String(push), status: 'completed', conclusion },
      output: { title: checkTitle(title), summary: cutMarkdown(summary, SUMMARY_BYTES) },
      // A second one with the same values changes nothing.
      request: { repeatable: true },
      ...(detailsUrl === '' ? {} : { details_url: detailsUrl }),
    }),
  );
}
