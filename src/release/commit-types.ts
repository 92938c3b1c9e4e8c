/** Titles of the sections of release notes, in their order, by the type of a commit. */
export const SECTIONS: ReadonlyMap<string, string> = new Map([
  ['feat', 'Features'],
  ['feature', 'Features'],
  ['fix', 'Bug Fixes'],
  ['perf', 'Performance Improvements'],
  ['revert', 'Reverts'],
  ['docs', 'Documentation'],
  ['style', 'Styles'],
  ['chore', 'Miscellaneous Chores'],
  ['refactor', 'Code Refactoring'],
  ['test', 'Tests'],
  ['build', 'Build System'],
  ['ci', 'Continuous Integration'],
]);
