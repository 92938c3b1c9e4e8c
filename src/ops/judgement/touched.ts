import { posix } from 'node:path';
import type { Layout } from '../overlays/layout.js';
import { overlaysOfPath } from '../overlays/overlays-of-path.js';
import { environmentPolicy, type Policy, readPolicy } from '../policy/policy.js';
import type { Root } from './roots.js';

/**
 * The environments that a change alters: those of overlays that it can affect, or changes a file of or an object that deploys
 * them, and those with a changed file in a folder of their name, such as `clusters/production`.
 *
 * @param changed paths that differ
 */
export function touchedEnvironments(
  changed: Iterable<string>,
  roots: readonly Root[],
  environments: readonly string[],
  layout: Layout,
): Set<string> {
  const folders = new Set([...changed].flatMap((path) => posix.dirname(path).split('/')));
  return new Set([
    ...roots.flatMap(({ overlay }) => overlay?.environment ?? []),
    ...[...changed].flatMap((path) => overlaysOfPath(layout, path).map(({ environment }) => environment)),
    ...environments.filter((name) => folders.has(name)),
  ]);
}

/**
 * The environments whose own rules a change alters: all of them where the new policy cannot be read, or moves the
 * overlays.
 *
 * @param before the policy in force
 * @param text the policy's file after the change, `undefined` where there is none
 */
export function ruledEnvironments(
  before: Policy,
  text: string | undefined,
  environments: readonly string[],
): Set<string> {
  const after = tryPolicy(text);
  const places = ({ overlays, apps }: Policy) => JSON.stringify([overlays, [...apps]]);
  const rules = (policy: Policy, name: string) => JSON.stringify(environmentPolicy(policy, name));
  return new Set(
    environments.filter(
      (name) => after === undefined || places(after) !== places(before) || rules(before, name) !== rules(after, name),
    ),
  );
}

function tryPolicy(text: string | undefined): Policy | undefined {
  try {
    return readPolicy(text);
  } catch {
    return undefined;
  }
}
