declare module 'conventional-changelog-conventionalcommits' {
  /** One commit type of the preset. */
  interface CommitType {
    type: string;
    section: string;
    hidden?: boolean;
  }

  export const DEFAULT_COMMIT_TYPES: readonly CommitType[];
}
