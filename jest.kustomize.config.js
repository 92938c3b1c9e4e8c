import base from './jest.config.js';

process.env.OSTACK_TEST_PROCESSES = 'own';

/** Tests that need `kustomize`, or `kubectl` with the one built in. */
export default {
  ...base,
  roots: ['<rootDir>/test/kustomize', '<rootDir>/test/torture/killed'],
  testMatch: ['**/test/kustomize/**/*.test.ts', '**/killed/lift.test.ts'],
  testPathIgnorePatterns: [],
};
