import { isRefName } from '../git/ref-name.js';
import type { Account, Caller } from './accounts.js';
import { missingChecks, refusedTip } from './mergeability.js';
import { updateRefs } from './ref-changes.js';
import { notFound, Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { checksOf, rulesetsOf } from './rulesets.js';
import { allows, inaccessible, type World } from './world.js';

/**
 * Creates a ref.
 *
 * @throws Refusal 422 when the ref exists, its name is not valid, or the object does not exist; 403 for workflow files
 */
export async function createRef(world: World, repository: Repository, caller: Caller, name: string, oid: string) {
  if (!isRefName(name) || !/^refs\/(heads|tags)\/./.test(name)) {
    throw new Refusal(422, `Reference name is not valid: ${name}`, {
      graphqlMessage: `"${name}" is not a valid ref name.`,
    });
  }
  if ((await repository.refs.get(name)) !== undefined) {
    throw new Refusal(422, 'Reference already exists', {
      graphqlMessage: `A ref named "${name}" already exists in the repository.`,
    });
  }
  await demandTarget(repository, name, oid);
  checkCreation(repository, name, caller.account);
  checkNewTip(repository, name, oid, caller.account);
  await demandWorkflows(repository, caller, undefined, oid);
  await updateRefs(world, repository, caller, [{ name, from: null, to: oid }]);
}

/**
 * Moves a ref.
 *
 * @throws Refusal 422 when it does not exist, is not a fast-forward and not forced, or is protected; 403 for workflow
 *   files
 */
export async function moveRef(
  world: World,
  repository: Repository,
  caller: Caller,
  name: string,
  oid: string,
  force: boolean,
): Promise<void> {
  const current = await repository.refs.get(name);
  if (current === undefined) {
    throw new Refusal(422, 'Reference does not exist');
  }
  await checkMove(repository, caller, name, current, oid, force);
  await updateRefs(world, repository, caller, [{ name, from: current, to: oid }]);
}

/** Deletes a ref. @throws Refusal when there is none or the branch is protected */
export async function deleteRef(world: World, repository: Repository, caller: Caller, name: string): Promise<void> {
  if ((await repository.refs.get(name)) === undefined) {
    throw new Refusal(422, 'Reference does not exist');
  }
  checkDelete(repository, name, caller.account);
  await updateRefs(world, repository, caller, [{ name, to: null }]);
}

/** @throws Refusal when the branch may not be deleted */
export function checkDelete(repository: Repository, name: string, account: Account): void {
  const branch = name.replace(/^refs\/heads\//, '');
  if (repository.protections.has(branch) && name !== branch) {
    throw new Refusal(422, 'Cannot delete this protected branch');
  }
  if (rulesetsOf(repository, name, account).some(({ rules }) => rules.deletion === true)) {
    throw ruleViolation('Cannot delete this protected ref.');
  }
}

/** @throws Refusal 422 where a ruleset restricts the creation of such refs: GitHub says no more than that it failed */
export function checkCreation(repository: Repository, name: string, account: Account): void {
  if (rulesetsOf(repository, name, account).some(({ rules }) => rules.creation === true)) {
    throw new Refusal(422, 'Reference update failed');
  }
}

/** @throws Refusal 422 where a ruleset requires checks that the commit of a new ref lacks */
function checkNewTip(repository: Repository, name: string, oid: string, account: Account): void {
  const rules = rulesetsOf(repository, name, account).filter(({ rules: { notOnCreation } }) => notOnCreation !== true);
  const requiredChecks = rules.flatMap((ruleset) => checksOf(ruleset.rules));
  const [missing] = missingChecks(repository, { requiredChecks }, oid);
  if (missing !== undefined) {
    throw ruleViolation(missing);
  }
}

function ruleViolation(sentence: string): Refusal {
  return new Refusal(422, `Repository rule violations found\n\n${sentence}`);
}

/** @throws Refusal when this move of a ref is not allowed */
export async function checkMove(
  repository: Repository,
  caller: Caller,
  name: string,
  current: string | undefined,
  oid: string,
  force: boolean,
): Promise<void> {
  await demandTarget(repository, name, oid);
  const branch = name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : undefined;
  const isProtected = branch !== undefined && repository.protections.has(branch);
  const forward = current === undefined || (await repository.history.isAncestor(current, oid));
  if (!forward && !force) {
    throw new Refusal(422, 'Update is not a fast forward');
  }
  if (!forward && isProtected) {
    throw new Refusal(422, 'Cannot force-push to this protected branch');
  }
  if (current === undefined) {
    checkCreation(repository, name, caller.account);
  } else {
    const rules = rulesetsOf(repository, name, caller.account).map((ruleset) => ruleset.rules);
    if (rules.some(({ update }) => update === true)) {
      throw ruleViolation('Cannot update this protected ref.');
    }
    if (!forward && rules.some(({ nonFastForward }) => nonFastForward === true)) {
      throw ruleViolation('Cannot force-push to this branch');
    }
  }
  checkTip(repository, name, oid, caller.account);
  await demandWorkflows(repository, caller, current, oid);
}

/** @throws Refusal 422 when protection does not let this commit onto the branch without a pull request */
export function checkTip(repository: Repository, name: string, oid: string, account: Account): void {
  const branch = name.replace(/^refs\/heads\//, '');
  const refused = name === branch ? [] : refusedTip(repository, branch, oid, account);
  if (refused.length > 0) {
    throw new Refusal(422, refused.join(' '));
  }
}

async function demandTarget(repository: Repository, name: string, oid: string): Promise<void> {
  const object = /^[0-9a-f]{40}$/.test(oid) ? await repository.objects.read(oid) : undefined;
  if (object === undefined) {
    throw new Refusal(422, 'Object does not exist', { graphqlMessage: `Object does not exist: ${oid}` });
  }
  if (name.startsWith('refs/heads/') && object.type !== 'commit') {
    throw new Refusal(422, 'Reference cannot be updated: a branch points at a commit');
  }
}

/**
 * Checks the `workflows` permission for a commit that changes workflow files. A commit whose workflow files are those of
 * a branch's head needs none, as on GitHub; those of a tag do not count.
 *
 * @throws Refusal 403, in the words that GitHub's API has for every missing permission
 */
export async function demandWorkflows(
  repository: Repository,
  caller: Caller,
  before: string | undefined,
  oid: string,
): Promise<void> {
  if (allows(caller, repository, ['workflows'], 'write')) {
    return;
  }
  const folder = '.github/workflows';
  const after = (await repository.objects.read(`${oid}:${folder}`))?.oid;
  const known = new Set([(await repository.objects.read(`${before ?? repository.defaultBranch}:${folder}`))?.oid]);
  for (const tip of known.has(after) ? [] : new Set((await repository.refs.list('refs/heads/')).values())) {
    known.add((await repository.objects.read(`${tip}:${folder}`))?.oid);
  }
  if (after !== undefined && !known.has(after)) {
    throw inaccessible(caller);
  }
}

/** @throws Refusal 404 when there is no such ref */
export async function demandRef(repository: Repository, name: string): Promise<string> {
  const oid = await repository.refs.get(name);
  if (oid === undefined) {
    throw notFound();
  }
  return oid;
}
