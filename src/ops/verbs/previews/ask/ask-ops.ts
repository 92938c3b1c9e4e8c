import { branchHead } from '../../../../github/branch-head.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { repositoryReader } from '../../../../github/repository-reader.js';
import { type PreviewRequest, REQUEST_EVENT } from './request-record.js';

/**
 * Asks the ops repository to bring the previews of an apps repository up to date. It says where to look, and no more.
 *
 * @throws Error for people when it cannot be asked
 * @see https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event
 */
export async function askOps(ops: Connected, request: PreviewRequest): Promise<void> {
  const { owner, name: repo } = ops.repository;
  const operation = { doing: 'ask for the preview', repository: nameOf(ops), permission: 'contents: write' };
  await attempt(operation, () =>
    ops.github.octokit.request('POST /repos/{owner}/{repo}/dispatches', {
      ...{ owner, repo, event_type: REQUEST_EVENT, client_payload: { ...request } },
    }),
  );
}

/** The newest commit of a branch, `undefined` where there is no branch. @throws Error for people when it cannot be read */
export async function headOf(ops: Connected, branch: string): Promise<string | undefined> {
  const reader = repositoryReader(ops.github, ops.repository, 'AwaitPreviews');
  const operation = { doing: `read the branch ${branch}`, repository: nameOf(ops), permission: 'contents: read' };
  return attempt(operation, () => branchHead(reader, branch));
}
