import type { Hold } from '../../policy/holds.js';

/** How everything stands in an ops repository: an app for each row, an environment for each column. */
export interface Status {
  /** In the order versions move through them. */
  environments: EnvironmentStatus[];
  apps: AppStatus[];
  /** Open pull requests about whole environments or about no environment at all. */
  pullRequests: OpenProposal[];
  /** What could not be read, in sentences. */
  warnings: string[];
}

export interface EnvironmentStatus {
  name: string;
  after: string[];
  /** End of the freeze that is on. */
  frozenUntil: Date | undefined;
}

export interface AppStatus {
  app: string;
  /** By environment; one that does not have the app is not in it. */
  environments: Map<string, Cell>;
}

/** One app in one environment. */
export interface Cell {
  /** As people read it, `null` where nothing tells it. */
  version: string | null;
  /** Since when it is held without a break. */
  since: Date | undefined;
  /** What the first environment has held since this version; `undefined` in the first, and where they are the same. */
  behind: Lag | undefined;
  hold: Hold | undefined;
  /** Whether it came in although it is held at another version. */
  holdViolation: boolean;
  pullRequests: OpenProposal[];
}

export interface Lag {
  /** Versions that the first environment held after this one; `undefined` where this one was never seen there. */
  versions: number | undefined;
  /** Since when the first environment has had a later one. */
  since: Date | undefined;
  /** What the first environment holds now, `null` where nothing tells it. */
  newest: string | null;
}

/** An open pull request from one of our branches. */
export interface OpenProposal {
  number: number;
  url: string;
  title: string;
  branch: string;
}
