import base from './jest.config.js';

process.env.OSTACK_TEST_PROCESSES = 'own';

/** Tests that need a real build engine and a real registry: `.ci/with-engine npm run test:engine`. */
export default {
  ...base,
  roots: ['<rootDir>/test/engine'],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
  maxWorkers: 1,
};
