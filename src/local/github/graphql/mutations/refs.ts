import type { RefUpdate } from '../../git/ref-files.js';
import { isRefName } from '../../git/ref-name.js';
import { writeFiles } from '../../world/commit-files.js';
import { githubSignature, signatureOf } from '../../world/identity.js';
import { updateRefs } from '../../world/ref-changes.js';
import { checkDelete, checkMove, createRef, deleteRef, moveRef } from '../../world/ref-service.js';
import { notFound, Refusal } from '../../world/refusal.js';
import { demandWrite } from '../../world/world.js';
import { refById, repositoryById } from '../nodes.js';
import type { RepositoryScope, Scope } from '../scope.js';
import { commitAt } from '../views/objects.js';
import { refAt } from '../views/refs.js';

const zero = '0'.repeat(40);

interface CreateRefInput {
  repositoryId: string;
  name: string;
  oid: string;
}

interface UpdateRefsInput {
  repositoryId: string;
  refUpdates: { name: string; beforeOid?: string | null; afterOid: string; force?: boolean | null }[];
}

interface CreateCommitInput {
  branch: { id?: string | null; branchName?: string | null; repositoryNameWithOwner?: string | null };
  expectedHeadOid: string;
  fileChanges?: { additions?: { path: string; contents: string }[]; deletions?: { path: string }[] } | null;
  message: { headline: string; body?: string | null };
}

/** Mutations that move refs. Each demands `contents: write`. */
export function refMutations(scope: Scope) {
  return {
    createRef: async ({ repositoryId, name, oid }: CreateRefInput) => {
      const inside = writable(repositoryById(scope, repositoryId));
      await createRef(inside.world, inside.repository, inside.caller, name, oid);
      return { ref: () => refAt(inside, name) };
    },
    updateRef: async ({ refId, oid, force }: { refId: string; oid: string; force?: boolean | null }) => {
      const { scope: found, name } = refById(scope, refId);
      const inside = writable(found);
      await moveRef(inside.world, inside.repository, inside.caller, name, oid, force ?? false);
      return { ref: () => refAt(inside, name) };
    },
    updateRefs: async (input: UpdateRefsInput) => {
      await moveSeveral(writable(repositoryById(scope, input.repositoryId)), input);
      return {};
    },
    deleteRef: async ({ refId }: { refId: string }) => {
      const { scope: found, name } = refById(scope, refId);
      const inside = writable(found);
      if ((await inside.repository.refs.get(name)) === undefined) {
        throw notFound(`Could not resolve to a node with the global id of '${refId}'`);
      }
      await deleteRef(inside.world, inside.repository, inside.caller, name);
      return {};
    },
    createCommitOnBranch: async (input: CreateCommitInput) => {
      const { inside, branch } = branchOf(scope, input.branch);
      const oid = await commitOnBranch(inside, branch, input);
      return { commit: () => commitAt(inside, oid), ref: () => refAt(inside, `refs/heads/${branch}`) };
    },
  };
}

function writable(scope: RepositoryScope): RepositoryScope {
  demandWrite(scope.caller, scope.repository, ['contents']);
  return scope;
}

/**
 * Moves several refs, all or none. A `beforeOid` is a lease; all zeros mean "not there" before and "delete" after.
 * Rules: https://docs.github.com/graphql/reference/mutations#updaterefs
 */
async function moveSeveral(
  { world, repository, caller }: RepositoryScope,
  { refUpdates }: UpdateRefsInput,
): Promise<void> {
  const updates: RefUpdate[] = [];
  for (const { name, beforeOid, afterOid, force } of refUpdates) {
    if (!isRefName(name)) {
      throw new Refusal(422, `"${name}" is not a valid ref name.`);
    }
    const current = await repository.refs.get(name);
    if (beforeOid !== undefined && beforeOid !== null && beforeOid !== (current ?? zero)) {
      throw new Refusal(
        422,
        `Reference cannot be updated: ${name} is at ${current ?? zero} but expected ${beforeOid}`,
        { type: 'STALE_DATA' },
      );
    }
    if (afterOid === zero) {
      checkDelete(repository, name, caller.account);
    } else {
      await checkMove(repository, caller, name, current, afterOid, force ?? false);
    }
    updates.push({ name, from: current ?? null, to: afterOid === zero ? null : afterOid });
  }
  await updateRefs(
    world,
    repository,
    caller,
    updates.filter(({ from, to }) => from !== to),
  );
}

function branchOf(scope: Scope, target: CreateCommitInput['branch']): { inside: RepositoryScope; branch: string } {
  if (target.id) {
    const { scope: inside, name } = refById(scope, target.id);
    return { inside: writable(inside), branch: name.replace(/^refs\/heads\//, '') };
  }
  const { repositoryNameWithOwner, branchName } = target;
  if (!repositoryNameWithOwner || !branchName) {
    throw new Refusal(422, 'Either `id` or both `repositoryNameWithOwner` and `branchName` must be provided.');
  }
  const repository = scope.world.repositoryFor(scope.caller, repositoryNameWithOwner);
  return { inside: writable({ ...scope, repository }), branch: branchName.replace(/^refs\/heads\//, '') };
}

async function commitOnBranch(scope: RepositoryScope, branch: string, input: CreateCommitInput): Promise<string> {
  const { world, repository, caller } = scope;
  const name = `refs/heads/${branch}`;
  const tip = await repository.refs.get(name);
  if (tip === undefined) {
    throw notFound(`Could not resolve to a branch with the name '${branch}'.`);
  }
  if (tip !== input.expectedHeadOid) {
    throw new Refusal(
      409,
      `Expected branch to point to "${input.expectedHeadOid}" but it did not.  Pull and try again.`,
      { type: 'STALE_DATA' },
    );
  }
  const { headline, body } = input.message;
  const oid = await writeFiles(repository, {
    parent: tip,
    files: await fileChanges(repository, tip, input.fileChanges ?? {}),
    message: body ? `${headline}\n\n${body}` : headline,
    author: signatureOf(world, caller.account),
    committer: githubSignature(world),
  });
  await checkMove(repository, caller, name, tip, oid, false);
  await updateRefs(world, repository, caller, [{ name, from: tip, to: oid }]);
  return oid;
}

async function fileChanges(
  repository: RepositoryScope['repository'],
  tip: string,
  { additions = [], deletions = [] }: NonNullable<CreateCommitInput['fileChanges']>,
): Promise<Map<string, Buffer | null>> {
  const files = new Map<string, Buffer | null>();
  for (const { path } of deletions) {
    if ((await repository.objects.read(`${tip}:${path}`)) === undefined) {
      throw new Refusal(422, `A path was requested for deletion that does not exist in the tree: ${path}`);
    }
    files.set(path, null);
  }
  for (const { path, contents } of additions) {
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(contents)) {
      throw new Refusal(422, `A path was requested with contents that are not valid Base64: ${path}`);
    }
    files.set(path, Buffer.from(contents, 'base64'));
  }
  return files;
}
