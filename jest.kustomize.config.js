import base from './jest.config.js';

/** Tests that need `kustomize`, or `kubectl` with the one built in. */
export default {
  ...base,
  roots: ['<rootDir>/test/kustomize'],
  testPathIgnorePatterns: [],
};
