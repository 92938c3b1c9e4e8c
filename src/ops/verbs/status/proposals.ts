import * as v from 'valibot';
import type { RepositoryReader } from '../../../github/repository-reader.js';
import { listPullRequests } from '../../repository/list-pull-requests.js';
import type { OpenProposal } from './status.js';

const nodeSchema = v.object({
  number: v.number(),
  url: v.string(),
  title: v.string(),
  headRefName: v.string(),
  isCrossRepository: v.boolean(),
});

/**
 * Reads the open pull requests that come from branches of ours into the base, oldest first.
 *
 * @param base name of the branch that they would be merged into
 * @throws what a failed request throws; it takes `pull-requests: read`
 */
export async function openProposals(reader: RepositoryReader, base: string): Promise<OpenProposal[]> {
  const filter = { states: ['OPEN'], base, order: 'oldest first', pageSize: 100 } as const;
  const selection = 'number url title headRefName isCrossRepository';
  const found: OpenProposal[] = [];
  for await (const page of listPullRequests(reader, 'the open pull requests', filter, selection, nodeSchema)) {
    const own = page.filter(({ isCrossRepository, headRefName }) => !isCrossRepository && BRANCH.test(headRefName));
    found.push(...own.map(({ number, url, title, headRefName }) => ({ number, url, title, branch: headRefName })));
  }
  return found;
}

const BRANCH = /^ostack(-[a-z-]+)?\//;

/** Whether a branch of ours is about an app in an environment: `ostack/staging/shop`, `ostack-rollback/staging/shop`. */
export function isAbout({ branch }: OpenProposal, environment: string, app: string): boolean {
  const [kind = '', ...rest] = branch.split('/');
  if (kind === 'ostack-lift') {
    return false;
  }
  return rest[0] === environment && rest[1] === app;
}
