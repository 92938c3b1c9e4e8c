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

const defaultSchema = v.nullable(v.object({ name: v.string(), target: v.nullable(v.object({ oid: v.string() })) }));

/** The default branch and its newest commit; `undefined` where there is none yet. @throws what a failed request throws */
export async function defaultHead(reader: RepositoryReader): Promise<{ branch: string; head: string } | undefined> {
  const found = await reader.load({ text: () => 'defaultBranchRef { name target { oid } }', schema: defaultSchema });
  return found?.target == null ? undefined : { branch: found.name, head: found.target.oid };
}
