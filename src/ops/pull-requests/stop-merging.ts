import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { runMutations } from '../../github/mutations.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../github/try-operation.js';
import { EVERY, type Scope } from '../policy/holds.js';
import type { Policy } from '../policy/policy.js';
import { listPullRequests } from '../repository/list-pull-requests.js';
import { stopMerge } from './stop-merge.js';

const pullSchema = v.object({
  id: v.string(),
  number: v.number(),
  title: v.string(),
  headRefName: v.string(),
  isCrossRepository: v.boolean(),
  isInMergeQueue: v.boolean(),
  autoMergeRequest: v.nullable(v.object({ enabledAt: v.nullable(v.string()) })),
});
const SELECTION = 'id number title headRefName isCrossRepository isInMergeQueue autoMergeRequest { enabledAt }';

type Pull = v.InferOutput<typeof pullSchema>;

const BY_HAND = 'it would merge past the hold. Turn that off by hand';

/**
 * Turns off the auto-merge of open pull requests of releases and promotions that GitHub would merge past holds. What fails is
 * a warning that says so: the holds are there already.
 *
 * @param base the branch that they go into
 * @param merged the branches whose merge is a promotion of what is held
 * @returns sentences: what was turned off, and what still merges by itself
 */
export async function stopMerging(
  ops: Connected,
  base: string,
  scopes: readonly Scope[],
  merged: readonly string[],
): Promise<string[]> {
  const said: string[] = [];
  await tryOperation(
    operationIn(ops.repository, 'turn off auto-merge', 'pull-requests: write'),
    async () => {
      const isOurs = (branch: string) => merged.includes(branch) || scopes.some((scope) => isInto(branch, scope));
      const pulls = await mergingInto(ops, base, isOurs);
      const mutations = pulls.flatMap((pull, index) =>
        stopsOf(pull).map((mutation) => ({ ...mutation, alias: `u${index}_${mutation.name}` })),
      );
      const results = mutations.length === 0 ? undefined : await runMutations(ops.github, 'StopMerging', mutations);
      for (const [index, { number, title }] of pulls.entries()) {
        const error = results?.errors.find(({ path }) => String(path[0]).startsWith(`u${index}_`));
        const stopped = `#${number} ("${title}") no longer merges by itself: it would merge past the hold.`;
        said.push(error === undefined ? stopped : `#${number} still merges by itself (${error.message}): ${BY_HAND}.`);
      }
    },
    (message) =>
      said.push(
        `${message} An open pull request that merges by itself may merge past the hold. Turn that off by hand.`,
      ),
  );
  return said;
}

async function mergingInto(ops: Connected, base: string, isOurs: (branch: string) => boolean): Promise<Pull[]> {
  const reader = repositoryReader(ops.github, ops.repository, 'HoldPulls');
  const list = `the open pull requests of ${nameOf(ops)}`;
  const filter = { states: ['OPEN'], base, order: 'oldest first', pageSize: 100 } as const;
  const merging: Pull[] = [];
  for await (const page of listPullRequests(reader, list, filter, SELECTION, pullSchema)) {
    const own = page.filter((pull) => !pull.isCrossRepository && stopsOf(pull).length > 0);
    merging.push(...own.filter(({ headRefName }) => isOurs(headRefName)));
  }
  return merging;
}

function stopsOf({ id, autoMergeRequest, isInMergeQueue }: Pull) {
  return stopMerge({ id, autoMerge: autoMergeRequest !== null, inQueue: isInMergeQueue });
}

/** Whether a branch of ours brings something that a hold keeps out; a promotion may be of any app. */
export function isInto(branch: string, { environment, app }: Scope): boolean {
  const [kind, where, what] = branch.split('/');
  const isThere = environment === EVERY || where === environment;
  return isThere && (kind === 'ostack-promote' || (kind === 'ostack' && (app === EVERY || what === app)));
}

/** The branches that promotions into an environment merge, or into any. */
export function mergedInto({ environments }: Pick<Policy, 'environments'>, environment: string): string[] {
  const into = environments.filter(
    ({ name, promotion }) => promotion === 'merge' && [name, EVERY].includes(environment),
  );
  const before = into.flatMap(({ after }) => after);
  return environments.flatMap(({ name, branch = '' }) => (before.includes(name) ? [branch] : []));
}
