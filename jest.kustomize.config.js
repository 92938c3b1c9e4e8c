import base from './jest.config.js';

/** Tests that need `kustomize`, or `kubectl` with the one built in. */
export default {
  ...base,
  roots: ['<rootDir>/test/kustomize', '<rootDir>/test/torture/killed'],
  testMatch: ['**/test/kustomize/**/*.test.ts', '**/killed/lift.test.ts'],
  testPathIgnorePatterns: [],
};
