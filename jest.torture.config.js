import base from './jest.config.js';

/** What `npm test` tries in short, tried at length. `npm run torture` runs it and ends with a table of how it went. */
process.env.OSTACK_TORTURE = 'all';

export default {
  ...base,
  roots: ['<rootDir>/test/torture'],
  testPathIgnorePatterns: ['/node_modules/'],
  testSequencer: '<rootDir>/test/torture/longest-first.js',
  testTimeout: 600_000,
};
