/// <reference path="./conventional-preset.d.ts" />
import createPreset, { DEFAULT_COMMIT_TYPES } from 'conventional-changelog-conventionalcommits';
import { Bumper } from 'conventional-recommended-bump';
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
export async function releaseLevel(changes: readonly Change[], rules: LevelRules): Promise<Level | undefined> {
  const counted = changes.filter(
    ({ said }) => said.type !== null || said.notes.length > 0 || rules.defaultLevel !== 'none',
  );
  const known = new Set(DEFAULT_COMMIT_TYPES.map(({ type }) => type));
  const preset = createPreset({
    bumpStrict: true,
    types: [
      ...DEFAULT_COMMIT_TYPES.map((type) => ({ ...type, hidden: rules.ignoredTypes.includes(type.type) })),
      ...rules.ignoredTypes.filter((type) => !known.has(type)).map((type) => ({ type, section: type, hidden: true })),
    ],
  });
  const advice = await new Bumper().commits(counted.map(({ said }) => said)).bump((said) => preset.whatBump(said));
  const level = 'releaseType' in advice ? advice.releaseType : undefined;
  const raised = rules.defaultLevel === 'minor' && counted.some(({ said }) => said.type === null);
  return level === 'patch' && raised ? 'minor' : level;
}

/** Whether a change is listed in the notes: unless its type is ignored and it breaks nothing. */
export function isNoteworthy(change: Change, rules: LevelRules): boolean {
  return change.said.notes.length > 0 || !rules.ignoredTypes.includes(change.said.type ?? '');
}
