import type { Mutation } from './mutation.js';

const SPACE = ['test/infra/space/space.test.ts'];
const AGE = ['test/infra/space/age.test.ts'];
const HISTORY = ['test/infra/history/history.test.ts'];
const COMPARE = ['test/infra/history/compare-plans.test.ts'];
const KEPT = ['test/infra/history/retain-plans.test.ts'];
const LEDGER = ['test/infra/history/hash-ledger.test.ts', 'test/infra/history/verify-plan.test.ts'];
const RETENTION = ['test/infra/backup/retention.test.ts'];

/** What is kept in a space, and for how long. */
export const SPACES: readonly Mutation[] = [
  {
    name: 'The newest whole backup is never deleted',
    file: 'src/infra/backup/retention.ts',
    text: 'new Set<T>(whole.slice(0, 1))',
    replacement: 'new Set<T>()',
    tests: RETENTION,
  },
  {
    name: 'A backup that is not whole counts nothing',
    file: 'src/infra/backup/retention.ts',
    text: 'all.filter(({ isWhole }) => isWhole)',
    replacement: 'all.filter(({ isWhole }) => isWhole || true)',
    tests: RETENTION,
  },
  {
    name: 'What a run may be at is not deleted',
    file: 'src/infra/backup/retention.ts',
    text: 'now.getTime() - each.at.getTime() > UNFINISHED_MS',
    replacement: 'now.getTime() > each.at.getTime()',
    tests: RETENTION,
  },
  {
    name: 'Only a key that is missing is no object',
    file: 'src/infra/space/space.ts',
    text: "if (failure.code !== 'NoSuchKey') {",
    replacement: "if (failure.code === 'NoSuchKey' && failure.status !== 404) {",
    tests: SPACE,
  },
  {
    name: 'A listing that is cut is not taken for a whole one',
    file: 'src/infra/space/space.ts',
    text: "textOf(root, 'IsTruncated') !== 'false'",
    replacement: "textOf(root, 'IsTruncated') === ''",
    tests: SPACE,
  },
  {
    name: 'A redirect is not followed with the signature',
    file: 'src/infra/space/space-requests.ts',
    text: "redirect: 'manual'",
    replacement: "redirect: 'follow'",
    tests: SPACE,
  },
  {
    name: 'A server that replaces the object all the same heeds no conditions',
    file: 'src/infra/space/write-guard.ts',
    text: 'if (await heedsConditions(space)) {',
    replacement: 'if (await heedsConditions(space) || true) {',
    tests: SPACE,
  },
  {
    name: 'An encrypted file that is cut at the end of a chunk is noticed',
    file: 'src/infra/space/age.ts',
    text: 'nonce[11] = isLast ? 1 : 0;',
    replacement: 'nonce[11] = 0;',
    tests: AGE,
  },
  {
    name: 'A header that was changed is noticed',
    file: 'src/infra/space/age-header.ts',
    text: 'if (!timingSafeEqual(known, authentication(fileKey, text.slice(0, end)))) {',
    replacement: 'if (!timingSafeEqual(known, known)) {',
    tests: AGE,
  },
  {
    name: 'A plan is kept once',
    file: 'src/infra/history/keep-plan.ts',
    text: "=== 'there') {",
    replacement: '=== undefined) {',
    tests: HISTORY,
  },
  {
    name: 'A part of a plan that was swapped is noticed',
    file: 'src/infra/history/read-plan.ts',
    text: 'sha256(bytes) !== record[part].sha256',
    replacement: 'sha256(bytes) === undefined',
    tests: HISTORY,
  },
  {
    name: 'A record is compared with the hash that git has',
    file: 'src/infra/history/read-plan.ts',
    text: 'expected !== undefined && sha256(bytes) !== expected',
    replacement: 'expected !== undefined && sha256(bytes) === undefined',
    tests: HISTORY,
  },
  {
    name: 'A plan that does more is not a part of what was reviewed',
    file: 'src/infra/history/compare-plans.ts',
    text: "differences.every(({ what }) => what === 'only in the first')",
    replacement: "differences.every(({ what }) => what !== 'otherwise')",
    tests: COMPARE,
  },
  {
    name: 'A value that differs is a difference',
    file: 'src/infra/history/compare-plans.ts',
    text: "...differing('after')]",
    replacement: ']',
    tests: COMPARE,
  },
  {
    name: 'Other versions of the format of plans are not taken for empty plans',
    file: 'src/infra/plan/plan-schema.ts',
    text: 'v.regex(/^1\\./)',
    replacement: 'v.regex(/^/)',
    tests: COMPARE,
  },
  {
    name: 'The plan that was applied last is never deleted',
    file: 'src/infra/history/retain-plans.ts',
    text: 'applied.has(entry.prefix) ||',
    replacement: 'applied.has(entry.root) ||',
    tests: KEPT,
  },
  {
    name: 'A plan whose apply has no end is not deleted',
    file: 'src/infra/history/retain-plans.ts',
    text: "entry.steps.includes('apply-started') &&",
    replacement: "entry.steps.includes('approved') &&",
    tests: KEPT,
  },
  {
    name: 'What is deleted lacks its record first',
    file: 'src/infra/space/remove-all.ts',
    text: '[...keys.filter((each) => each === first), ...keys.filter((each) => each !== first)]',
    replacement: '[...keys.filter((each) => each !== first), ...keys.filter((each) => each === first)]',
    tests: ['test/infra/space/remove-all.test.ts'],
  },
  {
    name: 'The first hash of a plan counts',
    file: 'src/infra/history/hash-ledger.ts',
    text: "if (key !== '' && !hashes.has(key)) {",
    replacement: "if (key !== '') {",
    tests: LEDGER,
  },
  {
    name: 'A hash in git is never written over',
    file: 'src/infra/history/hash-ledger.ts',
    text: 'hashes.has(key) && hashes.get(key) !== sha256',
    replacement: 'hashes.has(key) && hashes.get(key) === ""',
    tests: LEDGER,
  },
  {
    name: 'What was changed in the space is seen',
    file: 'src/infra/history/verify-plan.ts',
    text: 'if (sha256(bytes) !== expected) {',
    replacement: 'if (sha256(bytes) === "") {',
    tests: LEDGER,
  },
  {
    name: 'A part that is missing is seen',
    file: 'src/infra/history/verify-plan.ts',
    text: '.find((part) => !names.includes(part))',
    replacement: '.find((part) => part === "")',
    tests: LEDGER,
  },
];
