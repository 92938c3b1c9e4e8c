import { join } from 'node:path';
import TestSequencer from '@jest/test-sequencer';
import { tsImport } from 'tsx/esm/api';

const { freshDist } = await tsImport('../../scripts/dist/fresh.ts', import.meta.url);
const root = join(import.meta.dirname, '..', '..');

/**
 * Before each run, each one of watch mode included: bundles that a test is about to start are made from the sources as
 * they are. A sequencer, not a `globalSetup`, as that is not told which tests will run.
 */
export default class FreshFirst extends TestSequencer {
  #config;

  constructor(options) {
    super(options);
    this.#config = options.globalConfig;
  }

  async sort(tests) {
    const { listTests, watch, watchAll } = this.#config;
    if (!listTests) {
      await this.#prepare({ tests: tests.map(({ path }) => path), watched: watch || watchAll });
    }
    return super.sort(tests);
  }

  async #prepare(run) {
    try {
      await freshDist(root, run);
    } catch (error) {
      // Where in our own code it was thrown says nothing.
      error.stack = error.message;
      throw error;
    }
  }
}
