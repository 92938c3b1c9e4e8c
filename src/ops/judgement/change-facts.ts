import type { Layout } from '../overlays/layout.js';
import type { Hold } from '../policy/holds.js';
import type { Policy } from '../policy/policy.js';
import type { Problem } from '../tree/problem.js';
import type { UnprovenImage } from './admit-images.js';
import type { Assignment } from './assign-paths.js';
import type { ChangedRoots } from './changed-root.js';
import type { HeldVersion } from './held-versions.js';

/** What a change comes to, by the files alone. */
export interface ChangeFacts {
  policy: Policy;
  /** Where overlays are, before the change where that is clear. */
  layout: Layout;
  /** All long-lived environments, those of the policy first. */
  environments: readonly string[];
  /** Whose each changed path is. */
  assignment: Assignment;
  /** Environments whose own rules change. */
  ruled: ReadonlySet<string>;
  /** What the environments hold after the change, of the apps that it can affect. */
  held: readonly HeldVersion[];
  /** The holds in force, and those after the change. */
  currentHolds: readonly Hold[];
  holds: readonly Hold[];
  /** Why nobody can judge it, by environment with rules. */
  problems: ReadonlyMap<string, readonly Problem[]>;
  /** What may hold a version and nobody can read, by environment, sentences: it takes somebody who approves it; missing for none. */
  doubts?: ReadonlyMap<string, readonly string[]>;
  /** `owner/name@commit` of which rendered manifests say that they are made, by environment; missing where nothing is rendered. */
  sources?: ReadonlyMap<string, string>;
  /** What of rendered manifests is not what their source gives, or nobody knows, by environment, sentences; missing for none. */
  byHand?: ReadonlyMap<string, readonly string[]>;
  /** Images that come in and take evidence of where they were built, by environment; missing for none. */
  unproven?: ReadonlyMap<string, readonly UnprovenImage[]>;
  /** What a person should know and nothing is refused for, sentences. */
  notes: readonly string[];
  /** The roots that it reaches, in an infra repository; missing in any other one. */
  changedRoots?: ChangedRoots;
  /** What of it is told by plans, by what judges it (see `withPlans`): what is awaited, since when it is planned like this, roots. */
  waiting?: ReadonlyMap<string, readonly string[]>;
  plannedAt?: ReadonlyMap<string, Date>;
  takes?: ReadonlyMap<string, readonly string[]>;
}
