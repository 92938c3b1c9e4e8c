import base from './jest.config.js';

/** Tests in a real browser, Chromium or Chrome: a missing one is a failure. */
export default {
  ...base,
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
  maxWorkers: 1,
};
