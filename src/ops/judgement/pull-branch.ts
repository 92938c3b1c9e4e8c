import * as v from 'valibot';
import { nodesOf } from '../../github/page.js';
import type { Review } from './approvals.js';
import type { Reopened } from './reopenings.js';

/** A pull request, as far as it tells who had a hand in it. */
export interface PullBranch {
  /** Missing where nobody asks for what it merges. */
  number?: number;
  /** Its commits, oldest first, at most 100: those that its base lacks. */
  commits?: readonly string[];
  head: string;
  branch: string;
  isFork: boolean;
  author: { login: string; isBot: boolean; isOpsApp?: boolean } | undefined;
  reviews: readonly Review[];
  /** When it last got another base; `undefined` where it has its first one. */
  baseChangedAt?: Date | undefined;
  /** Who opened it again last; missing where it was never closed before. */
  reopened?: Reopened | undefined;
  /** When it was merged: nobody who did something to its branch later had a hand in it. `undefined` while it is open. */
  mergedAt?: Date | undefined;
}

/** The author of a pull request. @param app slug of the App that judges */
export function authorOf({ login, __typename: type }: { login: string; __typename: string }, app: string) {
  return { login, isBot: type === 'Bot', isOpsApp: type === 'Bot' && login === app };
}

/** The selection on a `PullRequest` that tells when it got another base, by somebody or because its base was merged and deleted. */
export const BASE_CHANGES =
  'timelineItems(last: 1, itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) { nodes { ... on BaseRefChangedEvent { createdAt } ... on AutomaticBaseChangeSucceededEvent { createdAt } } }';

/** What `BASE_CHANGES` gives. */
export const baseChangesSchema = nodesOf(v.object({ createdAt: v.string() }));

/** When a pull request last got another base. */
export function lastBaseChange({ nodes }: v.InferOutput<typeof baseChangesSchema>): Date | undefined {
  const last = (nodes ?? []).at(-1);
  return last === null || last === undefined ? undefined : new Date(last.createdAt);
}
