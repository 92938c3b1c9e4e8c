import type { Change } from './changes.js';
import type { Level } from './version.js';

/** Rules for the level of a release. */
export interface LevelRules {
  /** Types that alone release nothing: `docs`, `test`, `ci`, `style`. */
  ignoredTypes: readonly string[];
  /** What a change without a conventional title asks for; `none`: nothing. */
  defaultLevel: 'patch' | 'minor' | 'none';
}

/**
 * The level of a release with these changes, by Conventional Commits: a breaking change major, `feat` minor, any other type
 * that is not ignored patch. A breaking change of an ignored type counts too.
 *
 * @returns `undefined` when they need no release
 * @see https://www.conventionalcommits.org/en/v1.0.0/#summary
 */
export function releaseLevel(changes: readonly Change[], rules: LevelRules): Level | undefined {
  const asked = new Set(changes.map((change) => changeLevel(change, rules)));
  return (['major', 'minor', 'patch'] as const).find((level) => asked.has(level));
}

function changeLevel({ said, dependency }: Change, rules: LevelRules): Level | undefined {
  // What a package breaks or adds, its dependents have used rightly before this release.
  if (dependency !== undefined) {
    return rules.ignoredTypes.includes(said.type ?? '') && said.breaking.length === 0 ? undefined : 'patch';
  }
  if (said.breaking.length > 0) {
    return 'major';
  }
  if (said.type === undefined) {
    return rules.defaultLevel === 'none' ? undefined : rules.defaultLevel;
  }
  if (rules.ignoredTypes.includes(said.type)) {
    return undefined;
  }
  return said.type === 'feat' || said.type === 'feature' ? 'minor' : 'patch';
}

/** Whether a change is listed in the notes: unless its type is ignored and it breaks nothing. */
export function isNoteworthy(change: Change, rules: LevelRules): boolean {
  return change.said.breaking.length > 0 || !rules.ignoredTypes.includes(change.said.type ?? '');
}
