/** What GitHub writes for a merge commit, by one of its two settings. */
export const MERGE_TITLE = /^Merge pull request #(\d+) from \S/;

/** The number that GitHub puts after the title of a pull request. */
export const NUMBER_AT_END = / \(#(\d+)\)$/;
