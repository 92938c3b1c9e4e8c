import base from './jest.config.js';

/** `npm run torture` runs it and ends with a table of how it went. In short, a few cases of each kind are tried. */
process.env.OSTACK_TORTURE ??= 'all';
// Here processes are killed: each bundle has its own.
process.env.OSTACK_TEST_PROCESSES = 'own';
const isShort = process.env.OSTACK_TORTURE !== 'all';

export default {
  ...base,
  roots: ['<rootDir>/test/torture'],
  // This one needs kustomize: in short, `npm run test:kustomize` has it.
  testPathIgnorePatterns: ['/node_modules/', ...(isShort ? ['<rootDir>/test/torture/killed/lift.test.ts'] : [])],
  testSequencer: '<rootDir>/test/torture/longest-first.js',
  // Here hardly anything waits.
  maxWorkers: '100%',
  testTimeout: isShort ? base.testTimeout : 600_000,
};
