import base from './jest.config.js';

process.env.OSTACK_TEST_PROCESSES = 'own';

/** Tests that need OpenTofu, an S3 server, age or PostgreSQL: `.ci/with-infra npm run test:infra`. */
export default {
  ...base,
  roots: ['<rootDir>/test/infra-tools'],
  testMatch: ['**/test/infra-tools/**/*.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 120_000,
};
