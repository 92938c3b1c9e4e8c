import type { Policy } from '../../policy/policy.js';

/** The environments a bump is about, and whether a person named them. */
export interface ChosenEnvironments {
  names: string[];
  /** Named environments must have the app; derived ones that do not have it are left out. */
  named: boolean;
}

/**
 * Which environments a version is proposed to: those named, else the policy's long-lived ones in their order, else the
 * folders of environments that the repository has.
 *
 * @param folders environments found in the repository's tree
 * @throws Error when a named environment is none of the known ones, or when there is none at all
 */
export function chooseEnvironments(
  named: readonly string[],
  policy: Policy,
  folders: readonly string[],
  repository: string,
): ChosenEnvironments {
  const declared = policy.environments.map((environment) => environment.name);
  const known = declared.length > 0 ? declared : [...folders].sort();
  const stranger = named.find((name) => !known.includes(name) && !folders.includes(name));
  if (stranger !== undefined) {
    const list = known.length === 0 ? 'none' : known.join(', ');
    throw new Error(`There is no environment "${stranger}" in ${repository}. It has: ${list}.`);
  }
  if (named.length > 0) {
    return { names: [...new Set(named)], named: true };
  }
  if (known.length === 0) {
    throw new Error(
      `${repository} has no environments: expected folders overlays/<environment>, or "environments:" in ostack.yaml.`,
    );
  }
  return { names: known, named: false };
}
