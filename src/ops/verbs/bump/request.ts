import type { ChartTarget, ImageTarget } from '../../carriers/carrier.js';
import type { MergeChoice } from '../../policy/merge-decision.js';
import type { MergeMethodChoice } from '../../pull-requests/options.js';
import type { Reviewer } from '../../repository/repository-state.js';

/** One app's version that environments are to run. */
export interface AppTarget {
  app: string;
  /** What people call it: the semantic version, else the tag as it is. Without images and release, that of the chart. */
  version: string;
  images: ImageTarget[];
  /** Charts that are set with it, or that are all there is to set. */
  charts?: readonly ChartTarget[] | undefined;
  /** The apps repository's release, where it is known: its tag is what remote bases point to. */
  release: { tag: string; notes: string; url: string } | undefined;
  /** `owner/name` of the apps repository and the commit the version was made of. */
  source: { repository: string; sha: string };
}

/** Whether a version is that of a chart alone: there is neither an image nor a release. */
export function isChartAlone({
  images,
  charts = [],
  release,
}: Pick<AppTarget, 'images' | 'charts' | 'release'>): boolean {
  return images.length === 0 && release === undefined && charts.length > 0;
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
