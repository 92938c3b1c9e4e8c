import { type HeldVersion, heldVersions } from '../../judgement/held-versions.js';
import { affectedRoots, type Root } from '../../judgement/roots.js';
import { type SideFiles, sideFiles } from '../../judgement/side-files.js';
import { ruledEnvironments, touchedEnvironments } from '../../judgement/touched.js';
import { withAllApps } from '../../layouts/named-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import type { Layout } from '../../overlays/layout.js';
import { HOLDS_FILE, type Hold, readHolds } from '../../policy/holds.js';
import { livesAt, type Place } from '../../policy/places.js';
import { POLICY_FILE, type Policy, type PolicyEnvironment, readPolicy } from '../../policy/policy.js';
import type { Problem } from '../../tree/problem.js';
import type { Comparison } from './comparison.js';
import { locateForCheck, objectsBefore } from './locate-for-check.js';

/** What is known of a change from its files alone. */
export interface Inspection {
  layout: Layout;
  /** The rules that are in force, those of the base: a change of the policy does not allow itself. */
  policy: Policy;
  /** The holds of the base: a change cannot lift a hold that it violates. */
  currentHolds: Hold[];
  /** The holds after the change. */
  holds: Hold[];
  /** All long-lived environments: those of the policy in its order, then those that only have folders. */
  environments: string[];
  /** Environments that the change alters. */
  touched: ReadonlySet<string>;
  /** Environments whose own rules change: that takes the approvals that the rules in force ask for. */
  ruled: ReadonlySet<string>;
  /** Paths that differ. */
  changed: ReadonlySet<string>;
  roots: Root[];
  /** The files that differ, before and after. */
  before: SideFiles;
  after: SideFiles;
  /** What environments hold afterwards of the apps that the change can affect. */
  held: HeldVersion[];
}

/** Inspects a change without building anything. @throws ConfigError where the policy of the base cannot be read */
export async function inspect(comparison: Comparison): Promise<Inspection & { problems: Problem[] }> {
  const { base, head, changed, place } = comparison;
  const policy = readPolicy(await base.tree.read(POLICY_FILE));
  const { layout: located, problems: unclear } = await locateForCheck(comparison, policy);
  const layout = await withAllApps(head.tree, located, policy);
  // What an object said is the app's also where the change takes it away.
  const told = { ...layout, deployedBy: [...(layout.deployedBy ?? []), ...(await objectsBefore(comparison, policy))] };
  const { roots, problems: broken } = await affectedRoots(comparison, layout);
  const problems = [...unclear, ...broken];
  const all = await allEnvironments(head.tree, layout, policy);
  // What is on a branch of its own changes nobody else.
  const environments = place === undefined ? all : policy.environments.filter(byPlace(place)).map(({ name }) => name);
  return {
    ...{ layout, policy, changed, roots, problems, environments },
    ...{ before: sideFiles(base), after: sideFiles(head) },
    touched: touchedEnvironments(changed, roots, environments, told),
    ruled: ruledEnvironments(policy, await head.tree.read(POLICY_FILE), environments),
    currentHolds: await holdsOf(base.tree.read(HOLDS_FILE)),
    holds: await holdsOf(head.tree.read(HOLDS_FILE)),
    held: await heldVersions(comparison, told, roots),
  };
}

function byPlace(place: Place): (environment: PolicyEnvironment) => boolean {
  return (environment) => livesAt(environment, place);
}

/** None where the file is broken: that is reported as a problem of the file. */
async function holdsOf(reading: Promise<string | undefined>): Promise<Hold[]> {
  try {
    return readHolds(await reading);
  } catch {
    return [];
  }
}
