import base from './jest.config.js';

process.env.OSTACK_TEST_PROCESSES = 'own';

/** Tests with real Flux and a real API server: `.ci/with-flux npm run test:flux`. What is not built is a failure that says so. */
export default {
  ...base,
  roots: ['<rootDir>/test/flux'],
  testPathIgnorePatterns: [],
  testTimeout: 240_000,
  maxWorkers: 1,
};
