import type { ChartTarget } from '../../carriers/carrier.js';
import type { PlaceOfVersion } from '../../overlays/version-places.js';
import type { Failure, Health } from '../../policy/health.js';
import type { Hold } from '../../policy/holds.js';

/** The status of an ops repository: an app for each row, an environment for each column. */
export interface Status {
  /** In the order in which versions move through them. */
  environments: EnvironmentStatus[];
  apps: AppStatus[];
  /** Open pull requests about whole environments or about no environment at all. */
  pullRequests: OpenProposal[];
  /** Open issues of the audit: what reached the default branch past the policy, oldest first. */
  findings: OpenFinding[];
  /** Environments that others come after, and of which nothing reports whether they are live. */
  unreported: string[];
  /** What could not be read, in sentences. */
  warnings: string[];
}

export interface EnvironmentStatus {
  name: string;
  after: string[];
  /** End of the freeze that is on. */
  frozenUntil: Date | undefined;
  /** What is reported of it, and who acts next, a sentence or empty; missing where its policy says of nothing that it reports. */
  health?: (Health & { next: string; lastFailure: Failure | undefined }) | undefined;
}

export interface AppStatus {
  app: string;
  /** By environment; one that does not have the app is not in it. */
  environments: Map<string, Cell>;
}

/** One app in one environment. */
export interface Cell {
  /** As people read it; `null` where neither the overlay nor the base names one, or they cannot be read. */
  version: string | null;
  /** Its places, such as clusters, with the version of each, where they differ; missing where they do not. */
  places?: readonly PlaceOfVersion[];
  /** Its pinned charts; missing for none. */
  charts?: readonly ChartTarget[];
  /** The chart that the version is one of, where it is none of an image or base. */
  chart?: string | undefined;
  /** Charts that follow a range or the newest version; missing for none. */
  following?: readonly { name: string; range: string }[];
  /** Whether only the base names the version: then nobody can tell since when it is there. */
  inBase: boolean;
  /** Since when the environment has held it without a break; `undefined` where the history does not go back so far. */
  since: Date | undefined;
  /** How far it is behind the first environment; `undefined` in that one itself, and where it is not behind. */
  behind: Lag | undefined;
  hold: Hold | undefined;
  /** What is reported of the version; missing where the policy says of nothing that it reports. */
  health?: Health | undefined;
  /** Whether it runs another version than the one that is held, and came in while the hold was on. */
  violatesHold: boolean;
  pullRequests: OpenProposal[];
}

export interface Lag {
  /** Versions that the first environment held after this one; `undefined` where this one was never seen there. */
  versions: number | undefined;
  /** Since when the first environment has had a later one. */
  since: Date | undefined;
  /** What the first environment holds now; `null` where it names no version. */
  newest: string | null;
}

/** An open pull request from one of our branches. */
export interface OpenProposal {
  number: number;
  url: string;
  title: string;
  branch: string;
}

/** An open issue of the audit. */
export interface OpenFinding {
  number: number;
  url: string;
  title: string;
}
