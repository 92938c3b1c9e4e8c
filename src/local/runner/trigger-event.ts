/**
 * The ref, the commit and the actor of the runs that an event starts.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
import { RunError } from './errors.js';
import { at, type Json, type JsonObject, textAt } from './json.js';
import type { Sources } from './sources.js';

export interface IncomingEvent {
  /** `push`, `pull_request`, `workflow_dispatch`… */
  name: string;
  repository: string;
  payload: JsonObject;
  /** Overrides the ref of the payload. */
  ref?: string | undefined;
  /** Login of the actor; the payload's sender when not given. */
  actor?: string | undefined;
  /** How many runs led to it, each by `workflow_run`. */
  chain?: number | undefined;
}

export interface TriggerEvent {
  name: string;
  repository: string;
  payload: JsonObject;
  actor: string;
  /** How many runs led to it, each by `workflow_run`. */
  chain: number;
  /** Full ref, as `github.ref`. */
  ref: string;
  /** Commit whose workflow files run, as `github.sha`. */
  sha: string;
  /** Commit that check runs are reported on. */
  checkSha: string;
  headRef: string;
  baseRef: string;
  /**
   * The workflow files themselves come from a fork: no secrets, no variables, and a token that only reads.
   *
   * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflows-in-forked-repositories
   */
  untrusted: boolean;
}

const zero = /^0+$/;

/**
 * Works out ref and commit of an event.
 *
 * @returns `undefined` for an event that starts nothing, such as a deleted branch or a pull request that does not merge
 * @throws RunError when the event names a ref that does not exist
 */
export async function resolveEvent(incoming: IncomingEvent, sources: Sources): Promise<TriggerEvent | undefined> {
  const { name, repository, payload } = incoming;
  const actor = incoming.actor ?? textAt(payload, 'sender', 'login') ?? 'octocat';
  const chain = incoming.chain ?? 0;
  const common = { name, repository, payload, actor, chain, headRef: '', baseRef: '', untrusted: false };
  if (name === 'pull_request' || name === 'pull_request_target' || name.startsWith('pull_request_review')) {
    return pullRequestEvent(common, sources);
  }
  if (name === 'push' && (at(payload, 'deleted') === true || zero.test(textAt(payload, 'after') ?? ''))) {
    return undefined;
  }
  const ref = incoming.ref ?? refOf(name, payload) ?? `refs/heads/${sources.defaultBranch(repository)}`;
  const after = name === 'push' ? textAt(payload, 'after') : undefined;
  const sha = await sources.resolve(repository, after ?? ref);
  if (sha === undefined) {
    throw new RunError(`No ref found for "${ref}" in ${repository}.`);
  }
  return { ...common, ref: await fullRef(ref, repository, sources), sha, checkSha: sha };
}

async function pullRequestEvent(
  common: Omit<TriggerEvent, 'ref' | 'sha' | 'checkSha'>,
  sources: Sources,
): Promise<TriggerEvent | undefined> {
  const { payload, repository, name } = common;
  const pull = at(payload, 'pull_request');
  const headSha = textAt(pull, 'head', 'sha') ?? '';
  const baseRef = textAt(pull, 'base', 'ref') ?? sources.defaultBranch(repository);
  const refs = { headRef: textAt(pull, 'head', 'ref') ?? '', baseRef };
  const untrusted = name !== 'pull_request_target' && isFromFork(pull, repository);
  const number = at(pull, 'number') ?? at(payload, 'number') ?? 0;
  if (name === 'pull_request_target' || at(pull, 'merged') === true) {
    // Since December 2025 `pull_request_target` always runs on the default branch, not on the pull request's base.
    const branch = name === 'pull_request_target' ? sources.defaultBranch(repository) : baseRef;
    const sha = await sources.resolve(repository, `refs/heads/${branch}`);
    return sha === undefined
      ? undefined
      : { ...common, ...refs, ref: `refs/heads/${branch}`, sha, checkSha: headSha || sha, untrusted };
  }
  const ref = `refs/pull/${String(number)}/merge`;
  const sha = (await sources.resolve(repository, ref)) ?? textAt(pull, 'merge_commit_sha');
  if (sha === undefined || (await sources.resolve(repository, sha)) === undefined) {
    return undefined;
  }
  return { ...common, ...refs, ref, sha, checkSha: headSha || sha, untrusted };
}

/** Whether a pull request's head is in another repository, or in one that was deleted. */
export function isFromFork(pull: Json | undefined, repository: string): boolean {
  return textAt(pull, 'head', 'repo', 'full_name')?.toLowerCase() !== repository.toLowerCase();
}

function refOf(name: string, payload: JsonObject): string | undefined {
  switch (name) {
    case 'push':
    case 'workflow_dispatch':
      return textAt(payload, 'ref');
    case 'create': {
      const kind = textAt(payload, 'ref_type') === 'tag' ? 'tags' : 'heads';
      return `refs/${kind}/${textAt(payload, 'ref') ?? ''}`;
    }
    case 'release': {
      const tag = textAt(payload, 'release', 'tag_name');
      return tag === undefined ? undefined : `refs/tags/${tag}`;
    }
    case 'merge_group':
      return textAt(payload, 'merge_group', 'head_ref');
    case 'deployment':
    case 'deployment_status':
      return textAt(payload, 'deployment', 'ref');
    default:
      return undefined;
  }
}

/** A short name (`main`, `v1`) as a full ref; branches win, as they do for `workflow_dispatch`. */
async function fullRef(ref: string, repository: string, sources: Sources): Promise<string> {
  if (ref.startsWith('refs/') || /^[0-9a-f]{40}$/.test(ref)) {
    return ref;
  }
  const branch = `refs/heads/${ref}`;
  return (await sources.resolve(repository, branch)) === undefined ? `refs/tags/${ref}` : branch;
}
