import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { type Field, repositoryReader } from '../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../github/try-operation.js';
import { logWarning } from '../../runtime/log.js';
import type { Edit } from './plan-branch.js';

/** Most files whose authors are asked for. */
const MOST = 20;

const authorSchema = v.nullable(
  v.object({
    history: v.object({
      nodes: v.nullable(
        v.array(
          v.nullable(
            v.object({
              oid: v.string(),
              author: v.nullable(
                v.object({ name: v.nullable(v.string()), user: v.nullable(v.object({ login: v.string() })) }),
              ),
            }),
          ),
        ),
      ),
    }),
  }),
);

/**
 * Says what people did to rendered files, and who: by the last commit of the branch that touched each. One request.
 *
 * @param head of the branch
 * @returns a sentence each
 */
export async function describeEdits(to: Connected, head: string, edits: readonly Edit[]): Promise<string[]> {
  const reader = repositoryReader(to.github, to.repository, 'ReadEdits');
  const operation = operationIn(to.repository, 'read who edited rendered files', 'contents: read');
  const known = edits.slice(0, MOST).map(({ path }) => path);
  const load = () => Promise.all(known.map((path) => reader.load(authorField(head, path))));
  const found = known.length === 0 ? [] : await tryOperation(operation, load, (words) => logWarning(words));
  return edits.map(({ path, did, isKept }, index) => {
    const commit = found?.[index]?.history.nodes?.[0] ?? undefined;
    const author = commit?.author?.user?.login ?? commit?.author?.name ?? 'somebody';
    const where = commit === undefined ? '' : ` in ${commit.oid.slice(0, 7)}`;
    // Both are anybody's, and become a line of a commit's message.
    const line = `${path}: ${author} ${did} it by hand${where}, and ${isKept ? 'that is kept' : 'it is put right'}.`;
    return line.replace(/[\s\p{Cc}]+/gu, ' ');
  });
}

function authorField(head: string, path: string): Field<typeof authorSchema> {
  return {
    heavy: true,
    text: (bind) =>
      `object(expression: ${bind('String!', head)}) { ... on Commit { history(first: 1, path: ${bind('String!', path)}) { nodes { oid author { name user { login } } } } } }`,
    schema: authorSchema,
  };
}
