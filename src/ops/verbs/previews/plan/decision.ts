import type { PreviewRecord } from '../../../preview-records/record.js';
import type { RenderedPreview } from '../manifests/render.js';

/** The open pull requests of one apps repository, all of them: where the call that lists them failed, there is no such list. */
export interface OpenPullRequests {
  /** `owner/name`. */
  repository: string;
  /** When the list was asked for. What a preview's record says of a later time is not undone by this list. */
  listedAt: Date;
  open: readonly { number: number; head: string }[];
}

/** The preview that a run wants. */
export interface RequestedPreview {
  /** `undefined` or empty for the default workspace. */
  workspace?: string | undefined;
  /** `owner/name` of the apps repository. */
  repository: string;
  subject:
    | { pullRequest: number; title?: string | undefined; author?: string | undefined; fork?: boolean | undefined }
    | { run: string };
  /** Full id of the commit that the images were built from. */
  head: string;
  /** The affected apps. */
  apps: PreviewRecord['apps'];
}

/** What is to be done, and what is known. */
export interface ReconcileRequest {
  now: Date;
  /** One list per repository; previews of other repositories go only when they expire. */
  pullRequests: readonly OpenPullRequests[];
  requested?: RequestedPreview | undefined;
  /** Names of previews that are rendered even where they stay as they are, for who has to tell of them. */
  alwaysRender?: ReadonlySet<string> | undefined;
  /** Previews that go whatever the lists say, where they belong to the repository. */
  remove?: readonly { name: string; repository: string }[];
}

export type DecisionAction =
  | 'opened'
  | 'updated'
  | 'unchanged'
  /** It waits for a slot; also one that has to give up its slot, since the limit was lowered. */
  | 'queued'
  | 'removed'
  | 'expired'
  /** Not what this run is about, and it stays. */
  | 'kept'
  /** What the run wants is of the past: the pull request is closed or has a newer commit. */
  | 'skipped'
  /** It cannot be rendered, or the name is another's; nothing of it changes. */
  | 'failed';

/** What becomes of one preview. */
export interface Decision {
  name: string;
  repository: string;
  /** `undefined` for the environment of a run. */
  pullRequest: number | undefined;
  action: DecisionAction;
  /** What it is from now on. */
  state: 'active' | 'queued' | 'gone';
  /** Place in the queue, from 1; `undefined` when it is not in it. */
  position: number | undefined;
  /** Why, one sentence for people. */
  reason: string;
  /** As it is from now on; of a preview that goes, as it was. */
  record: PreviewRecord | undefined;
  /**
   * Full id of the commit that the pull request of a fork has now, where its preview shows another one: nobody builds it
   * before a maintainer's label. `undefined` where nothing of this is so.
   */
  newerHead?: string | undefined;
  /** What it consists of, where it was rendered: opened, updated, unchanged, or kept and asked for. */
  preview: RenderedPreview | undefined;
}

/** A decision of which nothing is known but the record. */
export function decisionOn(
  record: PreviewRecord,
  action: DecisionAction,
  reason: string,
  more: Partial<Pick<Decision, 'state' | 'position' | 'preview'>> = {},
): Decision {
  const { name, repository, pullRequest } = record;
  const gone = action === 'removed' || action === 'expired';
  return {
    name,
    repository,
    pullRequest: pullRequest?.number,
    action,
    state: gone ? 'gone' : record.state,
    position: undefined,
    preview: undefined,
    ...more,
    reason,
    record,
  };
}
