import nodeModule from 'node:module';
import { availableParallelism } from 'node:os';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryFolder } from './test/support/memory-folder.js';

// Whatever build engine the machine has: tests on the stage use the stand-in. Real ones have tests of their own.
process.env.OSTACK_ENGINE ??= 'stand-in';
// Bundles start faster with these, wait a hundredth as long, and find the hosts of previews here.
process.env.OSTACK_TEST_PRELOAD ??= ['short-waits', 'preview-hosts', 'code-cache', 'kept-modules']
  .map((name) => fileURLToPath(import.meta.resolve(`./test/support/${name}.cjs`)))
  .join(delimiter);
// A bundle takes a fraction of a processor's time in a process that ran others. Scenarios and torture give each its own,
// as GitHub does; `OSTACK_TEST_PROCESSES=own` does so everywhere.
process.env.OSTACK_TEST_PROCESSES ??= 'reused';
// In any other mode graphql looks for second copies of itself, value by value, which is a third of its time.
process.env.NODE_ENV = 'production';
// Files of tests share modules, as `test/support/modules/runtime.cjs` says, but for watch mode, where these change, and for a
// Node.js that has no hooks yet (before 20.6).
const sharesModules =
  process.env.OSTACK_TEST_MODULES !== 'own' &&
  typeof nodeModule.register === 'function' &&
  !process.argv.some((arg) => /^--(?:watch|coverage)/.test(arg));
const folder = memoryFolder();
if (process.env.TMPDIR === undefined && folder !== undefined) {
  process.env.TMPDIR = folder;
}

/** @type {import('jest').Config} */
export default {
  testEnvironment: sharesModules ? '<rootDir>/test/support/modules/environment.cjs' : 'node',
  ...(sharesModules ? { runtime: '<rootDir>/test/support/modules/runtime.cjs' } : {}),
  // Of `src` for watch mode: it looks for changes in these folders.
  roots: ['<rootDir>/test', '<rootDir>/src'],
  testSequencer: '<rootDir>/test/support/fresh-first.js',
  // What is kept from run to run does not belong into memory.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testMatch: ['**/*.test.ts'],
  // What needs a real container engine, kustomize, OpenTofu, Flux or a browser, and what interrupts, races and plants, has
  // configurations of its own: `npm run test:engine`, `test:kustomize`, `test:infra`, `test:flux`, `test:browser`, `npm run torture`.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/fixtures/',
    '<rootDir>/test/browser/',
    '<rootDir>/test/engine/',
    '<rootDir>/test/infra-tools/',
    '<rootDir>/test/flux/',
    '<rootDir>/test/kustomize/',
    '<rootDir>/test/torture/[a-z]+/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/test/fixtures/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }] },
  // Node's options in `package.json`: functions of a test run a few times each, so V8 optimises later and forgets nothing, which
  // is a sixth of the time.
  // A stage waits for the disk and for git now and then. So there are more workers than processors.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testTimeout: 30_000,
};
