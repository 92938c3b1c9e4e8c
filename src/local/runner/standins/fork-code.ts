import { textAt } from '../json.js';
import type { RunState } from '../run-state.js';

/**
 * Refuses what version 7 of `actions/checkout` refuses: a fork's code in a run that has secrets.
 *
 * @throws Error when the step names the fork, a pull request's ref or the fork's commit
 * @see https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
 */
export function refuseForkCode(run: RunState, repository: string, inputs: Record<string, string>): void {
  const { event } = run;
  const head = headOf(event.name, event.payload);
  if (head === undefined || inputs['allow-unsafe-pr-checkout'] === 'true' || same(head.repository, event.repository)) {
    return;
  }
  const ref = inputs.ref ?? '';
  if (same(head.repository, repository) || /^refs\/pull\/\d+\/(head|merge)$/.test(ref) || head.commits.includes(ref)) {
    throw new Error(
      `Refusing to check out fork pull request code from a '${event.name}' workflow: ${ref || repository} is code of ` +
        `${head.repository}, and this run has the secrets of ${event.repository}. ` +
        "To do it all the same, set 'allow-unsafe-pr-checkout: true' on the actions/checkout step.",
    );
  }
}

/** Head repository and commits of the pull request behind a run that has secrets. */
function headOf(name: string, payload: RunState['event']['payload']) {
  if (name === 'pull_request_target') {
    const repository = textAt(payload, 'pull_request', 'head', 'repo', 'full_name');
    const commits = [
      textAt(payload, 'pull_request', 'head', 'sha'),
      textAt(payload, 'pull_request', 'merge_commit_sha'),
    ].filter(isCommit);
    return repository === undefined ? undefined : { repository, commits };
  }
  const by = textAt(payload, 'workflow_run', 'event') ?? '';
  if (name !== 'workflow_run' || !by.startsWith('pull_request')) {
    return undefined;
  }
  const repository = textAt(payload, 'workflow_run', 'head_repository', 'full_name');
  const commits = [
    textAt(payload, 'workflow_run', 'head_commit', 'id'),
    // After `pull_request_target` this is the commit of the base.
    by === 'pull_request_target' ? undefined : textAt(payload, 'workflow_run', 'head_sha'),
  ].filter(isCommit);
  return repository === undefined ? undefined : { repository, commits };
}

function isCommit(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
