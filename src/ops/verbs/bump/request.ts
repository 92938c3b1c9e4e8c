import type { ImageTarget } from '../../carriers/carrier.js';
import type { MergeChoice } from '../../policy/merge-decision.js';
import type { MergeMethodChoice } from '../../pull-requests/options.js';
import type { Reviewer } from '../../repository/repository-state.js';

/** One app's version that environments are to run. */
export interface AppTarget {
  app: string;
  /** What people call it: the semantic version, else the tag as it is. */
  version: string;
  images: ImageTarget[];
  /** The apps repository's release, where it is known: its tag is what remote bases point to. */
  release: { tag: string; notes: string; url: string } | undefined;
  /** `owner/name` of the apps repository and the commit the version was made of. */
  source: { repository: string; sha: string };
}

/** Everything one run of the bump is asked to do. */
export interface BumpRequest {
  apps: AppTarget[];
  /** The workspace of the apps repository, where the caller names it. */
  workspace?: string | undefined;
  /** Named environments; empty to derive them. */
  environments: string[];
  labels: string[];
  reviewers: Reviewer[];
  assignees: string[];
  merge: MergeChoice;
  mergeMethod: MergeMethodChoice;
  dryRun: boolean;
  runUrl: string;
  serverUrl: string;
}
