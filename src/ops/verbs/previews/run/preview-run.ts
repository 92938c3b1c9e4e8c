import type { Connected } from '../../../../github/connected.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import type { Sharing } from '../../../repository/workspaces.js';
import type { CommitMessage } from '../../../tree/change.js';
import type { PreviewRequest } from '../ask/request-record.js';
import type { PreviewResult } from '../feedback/preview-result.js';
import type { CommandAnswer } from '../plan/command.js';
import type { ReconcilePlan } from '../plan/plan.js';
import type { ProbeSettings } from '../wait/preview-probes.js';
import type { WaitSettings } from '../wait/wait-until-live.js';
import type { Asked } from './ask-for-previews.js';
import type { CommitOptions } from './commit.js';

/** The preview that a run is about. */
export interface OwnPreview {
  name: string;
  /** `owner/name` of the apps repository. */
  repository: string;
  /** `undefined` for the environment of a run. */
  pullRequest: number | undefined;
  /** Full id of the commit. */
  head: string;
}

/** What one run of an action does about previews. */
export interface PreviewRun {
  ops: Connected;
  /**
   * The connection that comments on an apps repository's pull requests and records its deployments, by `owner/name`;
   * `undefined` for a repository that this run may not write to.
   */
  apps(repository: string): Connected | undefined;
  request: CommitOptions['request'];
  message: (plan: ReconcilePlan) => CommitMessage;
  pauseMs?: CommitOptions['pauseMs'];
  /** How it asks where ops alone writes previews; `undefined` for a run that writes itself. */
  ask?: { request: PreviewRequest; timeoutMs: number; pollMs: number } | undefined;
  /** Whether nothing is written. */
  dryRun: boolean;
  /** Address of GitHub in a browser. */
  serverUrl: string;
  /** Page of the workflow run. */
  runUrl: string;
  /** `undefined` for a run that looks through all previews. */
  own: OwnPreview | undefined;
  /** `undefined` not to wait. */
  wait: (WaitSettings & ProbeSettings) | undefined;
}

export interface PreviewRunResult {
  previews: PreviewResult[];
  sharing: Sharing;
  /** What the policy allows all previews, and each. */
  policy: Pick<PreviewPolicy, 'limit' | 'quota'>;
  /** What is told to whoever gave a command; `undefined` where nobody did. */
  answer: CommandAnswer | undefined;
  /** Full id of the commit in the ops repository that has all of it. */
  commit: string;
  /** Whether this run made it. */
  committed: boolean;
  /** The unified diff of what would change in a dry run, empty otherwise. */
  diff: string;
  /** When ops was asked to write it, and how long that took; missing where this run wrote it itself. */
  asked?: Asked | undefined;
  /** One or more sentences for people each. */
  warnings: string[];
  /** The same, of what fails the run. */
  failures: string[];
}
