import { canBeEnvironment, isUsualEnvironment, namesEnvironment } from '../overlays/environment-name.js';

/** Which names are environments', where their place does not say so. */
export interface KnownNames {
  /** Those that the policy names; nothing else is one then. */
  declared: readonly string[] | undefined;
  /** Those that folders and files of clusters have. */
  clusters: readonly string[];
}

/** Whether a folder anywhere is an environment by its name. */
export function isNamed({ declared, clusters }: KnownNames, name: string): boolean {
  return declared === undefined
    ? canBeEnvironment(name) && (isUsualEnvironment(name) || clusters.includes(name))
    : declared.includes(name);
}

/** Whether a folder in `overlays` is an environment by its name, whatever is beside it there. */
export function isNamedInOverlays(names: KnownNames, name: string): boolean {
  return isNamed(names, name) || (names.declared === undefined && canBeEnvironment(name) && namesEnvironment(name));
}
