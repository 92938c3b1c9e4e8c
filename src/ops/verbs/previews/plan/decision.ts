import type { PreviewRecord } from '../../../preview-records/record.js';
import type { RenderedPreview } from '../manifests/render.js';

export type DecisionAction =
  | 'opened'
  | 'updated'
  /** Requested, and already as requested. */
  | 'unchanged'
  /** Stays as it is, for longer. */
  | 'prolonged'
  /** Scaled to zero: it was idle, or somebody asked for it. */
  | 'slept'
  /** Waits for a slot: a new one, or one that loses its slot because the limit was lowered. */
  | 'queued'
  | 'removed'
  | 'expired'
  /** Not requested by this run, and it stays. */
  | 'kept'
  /** The request is outdated: the pull request is closed or has a newer commit. */
  | 'skipped'
  /**
   * It cannot be rendered, or its name belongs to another repository. None of its files change; but one that ran, and is built from what
   * has changed, is taken down and waits.
   */
  | 'failed';

/** What one reconciliation does with one preview. */
export interface Decision {
  name: string;
  /** `owner/name` of the apps repository. */
  repository: string;
  /** `undefined` for the environment of a run. */
  pullRequest: number | undefined;
  action: DecisionAction;
  /** Its state afterwards. */
  state: 'active' | 'queued' | 'gone';
  /** Place in the queue, from 1; `undefined` when it is not queued. */
  position: number | undefined;
  /** Why, for people: one sentence or more, with a full stop. */
  reason: string;
  /** Its record afterwards; of a removed preview, the last one. */
  record: PreviewRecord | undefined;
  /**
   * Full id of the last commit of a fork's pull request, where the preview runs another one: nobody builds it before a
   * maintainer adds the label again. `undefined` otherwise.
   */
  newerHead?: string | undefined;
  /** Whether its repository has a workflow that listens to commands. */
  commands?: boolean | undefined;
  /** What it consists of, where it was rendered: opened, updated, unchanged, or kept and listed in `alwaysRender`. */
  preview: RenderedPreview | undefined;
}

/** The decision about a preview that has a record. Its state is the record's, or `gone` when it is removed or expired. */
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
