/** `@jest/globals` for files of tests that `runtime.cjs` loads. */
export const { jest, expect, describe, test, it, beforeAll, beforeEach, afterAll, afterEach } =
  globalThis[Symbol.for('ostack.jest-globals')];
