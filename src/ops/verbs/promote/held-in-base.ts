import { durationOf } from '../../../runtime/duration.js';
import { readState, withBases } from '../../overlays/app-state.js';
import type { PolicyEnvironment } from '../../policy/policy.js';
import { type HeldOnce, holdsAll, type Refusal, refusal, type Wanted } from '../../policy/rules.js';
import type { Snapshot } from '../../repository/snapshot.js';

/** What an environment held, with what its base says now. */
export interface HeldInBase extends HeldOnce {
  /** The environment's name, where only its base names what it holds now: nobody can tell since when it does. */
  onlyBase?: string;
}

/**
 * What an environment held over time, where its current versions are those of its base: the history of the environment's
 * own files does not know them.
 */
export async function heldWithBase(
  { tree, layout, now }: Snapshot,
  held: HeldOnce,
  environment: string,
  app: string,
): Promise<HeldInBase> {
  const [current, ...earlier] = held.entries;
  const { deployed } = await withBases(tree, layout, await readState(tree, layout, environment, app));
  if (current?.present !== true || deployed === undefined || holdsAll(current.targets, deployed.targets)) {
    return held;
  }
  const { version, targets } = deployed;
  return { ...held, entries: [{ ...current, at: now, version, targets }, ...earlier], onlyBase: environment };
}

/** The refusal of a soak time for a version that only the base of an environment before names. */
export function baseSoakRefusal(
  environment: PolicyEnvironment,
  { app, version, targets }: Wanted,
  before: ReadonlyMap<string, HeldInBase>,
): Refusal | undefined {
  const name = [...before.values()].find(({ onlyBase, entries: [current] }) => {
    return onlyBase !== undefined && current !== undefined && holdsAll(current.targets, targets);
  })?.onlyBase;
  if (name === undefined || environment.soakMs === 0) {
    return undefined;
  }
  const label = `${app} ${version ?? ''}`.trim();
  const fact =
    `${environment.name} takes ${label} after ${durationOf(environment.soakMs)} in ${name}, and nobody can tell since when it ` +
    `is there, because only the base of ${name} names it.`;
  return refusal(
    'soak',
    fact,
    `Bump it in ${name}, so that its own files carry it, or go past the policy with "force" and a reason.`,
  );
}
