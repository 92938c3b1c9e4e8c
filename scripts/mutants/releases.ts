import type { Mutation } from './mutation.js';

const LEVEL = ['test/release/level.test.ts'];
const VERSION = ['test/release/version.test.ts'];
const PLAN = ['test/release/plan.test.ts'];

/** What a release is, and which apps it is of. */
export const RELEASES: readonly Mutation[] = [
  {
    name: 'No path in a configuration leads out of its repository',
    file: 'src/apps/config.ts',
    text: "part === '..' && parts.pop() === undefined",
    replacement: "part === '..' && parts.pop() === null",
    tests: ['test/apps/discover.test.ts'],
  },
  {
    name: 'No symbolic link leads out of an apps repository',
    file: 'src/apps/tree.ts',
    text: 'way.startsWith(',
    replacement: 'way.endsWith(',
    tests: ['test/apps/discover.test.ts'],
  },
  {
    name: 'A breaking change counts whatever its type',
    file: 'src/release/level.ts',
    text: 'if (said.breaking.length > 0) {',
    replacement: "if (said.breaking.length > 0 && said.type === 'feat') {",
    tests: LEVEL,
  },
  {
    name: 'A breaking change of a type that releases nothing is in the notes',
    file: 'src/release/level.ts',
    text: 'change.said.breaking.length > 0 || ',
    replacement: '',
    tests: LEVEL,
  },
  {
    name: 'Types that release nothing release nothing',
    file: 'src/release/level.ts',
    text: 'if (rules.ignoredTypes.includes(said.type)) {',
    replacement: 'if (false) {',
    tests: LEVEL,
  },
  {
    name: 'Before 1.0.0 a breaking change raises the minor version',
    file: 'src/release/version.ts',
    text: "level === 'major' && major > 0",
    replacement: "level === 'major'",
    tests: VERSION,
  },
  {
    name: 'A prerelease that is out pulls the release up to it',
    file: 'src/release/version.ts',
    text: 'semver.gt(b, a) ? b : a',
    replacement: 'a',
    tests: VERSION,
  },
  {
    name: 'No prerelease is made twice',
    file: 'src/release/version.ts',
    text: 'Math.max(0, ...numbers) + 1',
    replacement: 'Math.max(0, numbers.length) + 1',
    tests: VERSION,
  },
  {
    name: 'A slow run of an older commit releases nothing',
    file: 'src/release/plan.ts',
    text: "relation(newest.commit) === 'descendant'",
    replacement: 'false',
    tests: PLAN,
  },
  {
    name: 'A commit that has its release gets no second one',
    file: 'src/release/plan.ts',
    text: "relation(commit) === 'head');",
    replacement: "relation(commit) === 'unknown');",
    tests: PLAN,
  },
  {
    name: 'Only upper case tells of a break',
    file: 'src/release/footers.ts',
    text: 'BREAKING.has(token) && ',
    replacement: 'BREAKING.has(token.toUpperCase()) && ',
    tests: ['test/release/message.test.ts'],
  },
  {
    name: 'A revert that is reverted takes nothing back',
    file: 'src/release/without-reverted.ts',
    text: 'change.said.reverts === undefined || gone.has(change)',
    replacement: 'change.said.reverts === undefined',
    tests: ['test/release/reverts.test.ts'],
  },
  {
    name: 'What a bot tells of the releases of others breaks nothing',
    file: 'src/release/message.ts',
    text: 'quoting ? beforeProse(own) : own',
    replacement: 'own',
    tests: ['test/release/message.test.ts'],
  },
  {
    name: 'A shallow clone says nothing of a release beyond its cut',
    file: 'src/release/history.ts',
    text: 'after.connected || after.complete',
    replacement: 'true',
    tests: ['test/release/history.test.ts'],
  },
  {
    name: 'The changes since a release are known only where none can be older than it',
    file: 'src/release/history.ts',
    text: ' && this.#isApart(commits, base)',
    replacement: '',
    tests: ['test/release/history.test.ts'],
  },
  {
    name: 'No tag makes a version that cannot be counted on from',
    file: 'src/release/tags.ts',
    text: 'version === undefined || !isCountable(version)',
    replacement: 'version === undefined',
    tests: ['test/release/tags.test.ts'],
  },
  {
    name: 'In a context around it another app is not the app',
    file: 'src/apps/touched.ts',
    text: 'folder !== place && liesIn(folder, place) && liesIn(path, folder)',
    replacement: 'false',
    tests: ['test/apps/load.test.ts'],
  },
  {
    name: 'What only tests a package is not needed by others',
    file: 'src/apps/dependencies/dependencies.ts',
    text: 'queue.push(...(await needsOf([folder], graphs)).flatMap(({ runtime }) => runtime))',
    replacement:
      'queue.push(...(await needsOf([folder], graphs)).flatMap(({ runtime, development }) => [...runtime, ...development]))',
    tests: ['test/apps/dependencies/cargo.test.ts'],
  },
  {
    name: 'A shared path that matches nothing is an error',
    file: 'src/apps/shared.ts',
    text: 'if (paths.length === 0)',
    replacement: 'if (false)',
    tests: ['test/apps/load.test.ts'],
  },
  {
    name: 'A ref that is no branch releases nothing',
    file: 'src/release/release-branch.ts',
    text: 'ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : undefined',
    replacement: "ref.replace(/^refs\\/\\w+\\//, '')",
    tests: ['test/release/release-branch.test.ts'],
  },
  {
    name: 'A version that people ask for is never lower than the last',
    file: 'src/release/plan.ts',
    text: 'semver.gt(version, last.version)',
    replacement: 'true',
    tests: PLAN,
  },
  {
    name: 'A prerelease does not count for the release that follows it',
    file: 'src/release/plan.ts',
    text: 'prerelease === undefined ? tags.filter(({ version }) => !isPrerelease(version)) : tags',
    replacement: 'tags',
    tests: PLAN,
  },
];
