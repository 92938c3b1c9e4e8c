import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../../github/failure.js';
import { GraphqlErrors } from '../../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../../github/mutations.js';
import { operationIn } from '../../../github/try-operation.js';
import { type Finishing, mergeMutations, mergeNow } from '../../pull-requests/merge-mutations.js';
import type { MergeMethod, RepositoryState } from '../../repository/repository-state.js';
import { isAsJudged, SEEN, seenFields } from './as-judged.js';
import type { DuePull } from './due-pulls.js';
import { squashMessage } from './merge-message.js';

/** What became of an attempt. */
export type Attempt =
  /** `base` is what it was merged onto; `undefined` where GitHub does not tell. */
  | { state: 'merged'; commit: string; base: string | undefined }
  /** GitHub merges it as soon as its rules are met. */
  | { state: 'handed over' }
  /** GitHub refuses it, in its words. */
  | { state: 'refused'; reason: string }
  /** Something moved since it was judged, so nothing was done: judge again. */
  | { state: 'moved' };

const oids = v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) });
const commitSchema = v.nullable(v.object({ oid: v.string(), parents: oids, history: oids }));
const lookSchema = v.object({
  repository: v.nullable(
    v.object({
      defaultBranchRef: v.nullable(v.object({ target: v.object({ oid: v.string() }) })),
      ref: v.nullable(v.object({ target: v.object({ oid: v.string() }) })),
      pullRequest: v.nullable(v.object({ ...seenFields, mergeCommit: commitSchema })),
    }),
  ),
});
const mergedSchema = v.object({ pullRequest: v.object({ mergeCommit: commitSchema }) });

/** @param count commits that a rebase would have put on top of the base */
const mergeCommit = (count: number) =>
  `mergeCommit { oid parents(first: 1) { nodes { oid } } history(first: ${count + 1}) { nodes { oid } } }`;

/** Times that a request is looked after that broke off, or a base that GitHub had not settled. */
const MOST_TRIES = 3;

/** Messages of commits that are read of a pull request: with as many there may be more. */
const MOST_MESSAGES = 100;

/** GitHub's words for what passes by itself. */
const PASSING = /base branch was modified|head branch was modified/i;

/** GitHub's words where the token may merge nothing; one pull request that it may not merge is no reason to stop. */
const LACKING = /resource not accessible/i;

/** What a merge is made with. */
export interface MergeBench {
  ops: Connected;
  repo: RepositoryState;
  /** Commit of the branch that it goes into at which it was judged. */
  judgedAt: string;
  /** The default branch by whose policy it was judged, where that is another one. */
  home?: { oid: string } | undefined;
  method: MergeMethod;
}

/**
 * Merges a pull request, or has GitHub do it, pinned to the head that was judged. Directly before, all that it was judged by is
 * looked at again: the branch that it goes into, the policy, the head, and the label. An answer that broke off is no reason to merge again: the
 * pull request itself tells whether it was.
 *
 * @throws Error naming the permission that the token lacks
 */
export async function mergeOne(bench: MergeBench, pull: DuePull, how: 'merge' | 'hand over'): Promise<Attempt> {
  const operation = operationIn(
    bench.ops.repository,
    `merge #${pull.number}`,
    'contents: write" and "pull-requests: write',
  );
  return attempt(operation, async () => {
    for (let tries = 1; ; tries++) {
      const seen = await look(bench, pull, tries > 1);
      if (seen !== undefined) {
        return seen;
      }
      try {
        const done = await send(bench, pull, how);
        const passes = done.state === 'refused' && PASSING.test(done.reason) && tries < MOST_TRIES;
        if (!passes) {
          return done;
        }
      } catch (error) {
        const failure = readFailure(error);
        if (failure === undefined || !mayHaveTakenEffect(failure) || tries === MOST_TRIES) {
          throw error;
        }
      }
    }
  });
}

/** @param wasTried whether this run may have merged it already. @returns `undefined` where all is as it was judged */
async function look(bench: MergeBench, pull: DuePull, wasTried: boolean): Promise<Attempt | undefined> {
  const { ops, repo, judgedAt, home } = bench;
  const document = `query DueMerge($owner: String!, $name: String!, $number: Int!, $base: String!) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { target { oid } }
    ref(qualifiedName: $base) { target { oid } }
    pullRequest(number: $number) { ${SEEN} ${mergeCommit(pull.messages.length)} }
  }
}`;
  const { owner, name } = ops.repository;
  const { repository } = await ops.github.query(lookSchema, document, {
    ...{ owner, name, number: pull.number, base: `refs/heads/${repo.base}` },
  });
  const seen = repository?.pullRequest;
  if (wasTried && seen?.state === 'MERGED' && seen.headRefOid === pull.head) {
    return merged(seen.mergeCommit, pull, bench.method);
  }
  const newest = repository?.ref?.target.oid;
  const isRuled = home === undefined || repository?.defaultBranchRef?.target.oid === home.oid;
  const isSame = isRuled && isAsJudged(seen ?? undefined, newest, pull, { base: repo.base, oid: judgedAt });
  return isSame ? undefined : { state: 'moved' };
}

async function send(bench: MergeBench, pull: DuePull, how: 'merge' | 'hand over'): Promise<Attempt> {
  const [mutation] = mutationsFor(bench, pull, how);
  if (mutation === undefined) {
    return { state: 'handed over' };
  }
  const results = await runMutations(bench.ops.github, 'MergeDue', [mutation]);
  const error = results.error(mutation.alias);
  if (error !== undefined && LACKING.test(error.message)) {
    throw new GraphqlErrors([error]);
  }
  if (error !== undefined) {
    return { state: 'refused', reason: error.message };
  }
  return how === 'hand over'
    ? { state: 'handed over' }
    : merged(results.payload(mutation.alias, mergedSchema)?.pullRequest.mergeCommit ?? null, pull, bench.method);
}

function mutationsFor({ repo, method }: MergeBench, pull: DuePull, how: 'merge' | 'hand over'): Mutation[] {
  const text = squashMessage(pull.messages);
  const finishing: Finishing = {
    ...{ pullRequest: { id: pull.id, number: pull.number }, headOid: pull.head },
    ...{ labels: [], known: undefined, changed: false, merges: true },
    message: text?.message ?? { headline: '', body: '' },
    others: text?.others ?? [],
  };
  const all =
    how === 'merge' ? [mergeNow('due_merge', finishing, method)] : mergeMutations('due', finishing, repo, method);
  return all.map((mutation) => ({
    ...mutation,
    input: text === undefined ? withoutText(mutation.input) : mutation.input,
    ...(how === 'merge' ? { select: `pullRequest { ${mergeCommit(pull.messages.length)} }` } : {}),
  }));
}

/** Leaves headline and text to GitHub. */
function withoutText({ commitHeadline: _headline, commitBody: _body, ...input }: Record<string, unknown>) {
  return input;
}

function merged(commit: v.InferOutput<typeof commitSchema>, { messages }: DuePull, method: MergeMethod): Attempt {
  const first = (commit?.parents.nodes ?? [])[0]?.oid;
  const isAll = messages.length < MOST_MESSAGES;
  const below = isAll ? (commit?.history.nodes ?? [])[messages.length]?.oid : undefined;
  return { state: 'merged', commit: commit?.oid ?? '', base: method === 'REBASE' ? below : first };
}
