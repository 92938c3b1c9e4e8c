import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';

/** The default branch and its newest commit. */
export interface Main {
  branch: string;
  oid: string;
}

const mainSchema = v.object({
  repository: v.nullable(
    v.object({ defaultBranchRef: v.nullable(v.object({ name: v.string(), target: v.object({ oid: v.string() }) })) }),
  ),
});

/** Where the default branch is now. @throws Error where the repository has none, or the token cannot read it */
export async function newestCommit(ops: Connected): Promise<Main> {
  const document = `query GateHead($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { defaultBranchRef { name target { oid } } }
}`;
  const { owner, name } = ops.repository;
  const operation = operationIn(ops.repository, 'read the default branch', 'contents: read');
  const answer = await attempt(operation, () => ops.github.query(mainSchema, document, { owner, name }));
  const ref = answer.repository?.defaultBranchRef;
  if (ref === null || ref === undefined) {
    throw new Error(`${nameOf(ops)} has no commit on a default branch, so there is nothing to judge by.`);
  }
  return { branch: ref.name, oid: ref.target.oid };
}
