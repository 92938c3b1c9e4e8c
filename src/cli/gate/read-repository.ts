import * as v from 'valibot';
import { type Asking, ask, askIfThere } from './ask.js';
import type { OpsState } from './state.js';

const repositorySchema = v.object({
  name: v.string(),
  owner: v.object({ login: v.string(), type: v.string() }),
  default_branch: v.string(),
  allow_auto_merge: v.optional(v.boolean(), false),
  allow_merge_commit: v.optional(v.boolean(), true),
  allow_squash_merge: v.optional(v.boolean(), true),
  allow_rebase_merge: v.optional(v.boolean(), true),
  permissions: v.optional(v.object({ admin: v.boolean() })),
});

/** @throws Error where the token's owner does not administer the repository: nothing else could be read, or told from nothing */
export async function readRepository(asking: Asking): Promise<OpsState> {
  const found = await ask(asking, `GET /repos/${asking.repository}`, repositorySchema, {
    doing: 'read the repository',
    permission: 'administration: write',
  });
  if (found.permissions?.admin !== true) {
    throw new Error(
      `The token is not that of an administrator of ${asking.repository}, which settings of the gate take. ` +
        'Run it again with one: "gh auth login" as an administrator, or GH_TOKEN.',
    );
  }
  const { owner, name, default_branch: defaultBranch } = found;
  return {
    owner: owner.login,
    name,
    ownerIsOrganisation: owner.type === 'Organization',
    defaultBranch,
    head: await readHead(asking, defaultBranch),
    autoMerge: found.allow_auto_merge,
    mergeMethods: [
      ...(found.allow_merge_commit ? ['merge'] : []),
      ...(found.allow_squash_merge ? ['squash'] : []),
      ...(found.allow_rebase_merge ? ['rebase'] : []),
    ],
  };
}

async function readHead(asking: Asking, branch: string): Promise<string | undefined> {
  const schema = v.object({ object: v.object({ sha: v.string() }) });
  const how = { doing: `read the branch ${branch}`, permission: 'contents: read' };
  // 409: an empty repository.
  const found = await askIfThere(
    asking,
    `GET /repos/${asking.repository}/git/ref/heads/${branch}`,
    schema,
    how,
    [404, 409],
  );
  return found?.object.sha;
}
