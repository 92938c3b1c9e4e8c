/// <reference path="./conventional-preset.d.ts" />
import { DEFAULT_COMMIT_TYPES } from 'conventional-changelog-conventionalcommits';

/** Titles of the sections of release notes, in their order, by the type of a commit. */
export const SECTIONS: ReadonlyMap<string, string> = new Map(
  DEFAULT_COMMIT_TYPES.map(({ type, section }) => [type, section]),
);
