import { join, relative, sep } from 'node:path';
import TestSequencer from '@jest/test-sequencer';
import { tsImport } from 'tsx/esm/api';

const { freshDist } = await tsImport('../../scripts/dist/fresh.ts', import.meta.url);
const root = join(import.meta.dirname, '..', '..');

/** Folders of tests that take long, those that take longest first. Files of the others take a second or two. */
const LONG = ['attacks', 'scenarios', 'workflows', 'actions', 'cli', 'local'];

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
    const sorted = await super.sort(tests);
    // Where no run was before, as in CI, Jest knows sizes alone. Many tests are few lines, and what takes long must not come last.
    return sorted.some(({ duration }) => duration !== undefined)
      ? sorted
      : sorted.sort((one, other) => placeOf(one.path) - placeOf(other.path));
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

function placeOf(path) {
  const place = LONG.indexOf(relative(join(root, 'test'), path).split(sep)[0]);
  return place < 0 ? LONG.length : place;
}
