declare module 'conventional-changelog-conventionalcommits' {
  import type { Commit, ParserOptions } from 'conventional-commits-parser';

  /** One commit type of the preset. */
  interface CommitType {
    type: string;
    section: string;
    hidden?: boolean;
  }

  interface Preset {
    parser: ParserOptions;
    whatBump(commits: Commit[]): { level: 0 | 1 | 2; reason: string } | null;
  }

  export const DEFAULT_COMMIT_TYPES: readonly CommitType[];
  export default function createPreset(config?: { types?: readonly CommitType[]; bumpStrict?: boolean }): Preset;
}
