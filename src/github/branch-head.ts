import * as v from 'valibot';
import type { RepositoryReader } from './repository-reader.js';

const headSchema = v.nullable(v.object({ target: v.object({ oid: v.string() }) }));

/** The newest commit of a branch; `undefined` where there is no such branch. @throws what a failed request throws */
export async function branchHead(reader: RepositoryReader, branch: string): Promise<string | undefined> {
  const head = await reader.load({
    text: (bind) => `ref(qualifiedName: ${bind('String!', `refs/heads/${branch}`)}) { target { oid } }`,
    schema: headSchema,
  });
  return head?.target.oid;
}
