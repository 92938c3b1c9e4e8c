import * as v from 'valibot';
import { Cursor, pageOf } from '../../../github/page.js';
import type { RepositoryReader } from '../../../github/repository-reader.js';
import type { OpenProposal } from './status.js';

const pageSchema = pageOf(
  v.object({
    number: v.number(),
    url: v.string(),
    title: v.string(),
    headRefName: v.string(),
    isCrossRepository: v.boolean(),
  }),
);

/**
 * Reads the open pull requests that come from branches of ours into the base, oldest first.
 *
 * @param base name of the branch that they would be merged into
 * @throws what a failed request throws; the token needs `pull-requests: read`
 */
export async function openProposals(reader: RepositoryReader, base: string): Promise<OpenProposal[]> {
  const found: OpenProposal[] = [];
  const cursor = new Cursor('the open pull requests');
  for (;;) {
    const { after } = cursor;
    const { nodes, pageInfo } = await reader.load({
      text: (bind) =>
        `pullRequests(states: [OPEN], baseRefName: ${bind('String!', base)}, first: 100, after: ${bind('String', after)}, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { number url title headRefName isCrossRepository }
    }`,
      schema: pageSchema,
    });
    for (const node of nodes ?? []) {
      if (node !== null && !node.isCrossRepository && BRANCH.test(node.headRefName)) {
        found.push({ number: node.number, url: node.url, title: node.title, branch: node.headRefName });
      }
    }
    if (!cursor.goOn(pageInfo)) {
      return found;
    }
  }
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
