import type { PreviewSubject } from '../../../preview-records/name.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { PreviewCommand } from './command.js';
import type { OpenPullRequests } from './open-pull-requests.js';

/** What a requested preview is for: a pull request, with what its record keeps of it, or one run of a workflow. */
export type RequestedSubject =
  | {
      pullRequest: number;
      title?: string | undefined;
      /** Login of the person who opened it. */
      author?: string | undefined;
      /** Whether its branch is in another repository. */
      fork?: boolean | undefined;
    }
  | Extract<PreviewSubject, { run: string }>;

/** The preview that a run requests. */
export interface RequestedPreview {
  /** `undefined` or empty for the default workspace. */
  workspace?: string | undefined;
  /** `owner/name` of the apps repository. */
  repository: string;
  subject: RequestedSubject;
  /** Full id of the commit that the images were built from. */
  head: string;
  /** The apps that the commit changes, by their names in ops. */
  apps: PreviewRecord['apps'];
}

/** A preview that goes. */
export interface Removal {
  name: string;
  repository: string;
  /** Why, for people, a sentence with a full stop; missing for no reason to tell. */
  reason?: string | undefined;
}

/** What one reconciliation of previews is based on. */
export interface ReconcileRequest {
  now: Date;
  /** One list per repository. Previews of a repository without a list are removed only when they expire. */
  pullRequests: readonly OpenPullRequests[];
  requested?: RequestedPreview | undefined;
  /** What a person asks of one of them. */
  command?: PreviewCommand | undefined;
  /** Names of previews that are rendered even when nothing changes, so that a comment can list their apps. */
  alwaysRender?: ReadonlySet<string> | undefined;
  /** Names of previews whose bases are others now than those that they were adapted to. */
  overtaken?: ReadonlySet<string> | undefined;
  /** Previews to remove whatever the lists say, each only where it belongs to the repository `owner/name`. */
  remove?: readonly Removal[];
}
