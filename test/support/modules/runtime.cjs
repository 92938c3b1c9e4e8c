/**
 * Runs a file of tests on modules that others have run on: what is in `src` and in packages is loaded once in a process, not
 * once for each of 400 files, which was a third of the suite's time. Modules below `test` are loaded anew for each file, as
 * they may count, start or clean up something for it. Jest's own way, with everything anew, is `OSTACK_TEST_MODULES=own`.
 *
 * Implements what Jest calls: https://jestjs.io/docs/configuration#runtime-string
 */
const { register } = require('node:module');
const { pathToFileURL } = require('node:url');
const JestRuntime = require('jest-runtime').default;
const { SourceMaps } = require('./compiled.cjs');

/** Where `globals.js` finds what `@jest/globals` has for the file that is loaded. */
const GLOBALS = Symbol.for('ostack.jest-globals');
/** What jest-circus keeps in the process: https://github.com/jestjs/jest/blob/main/packages/jest-circus/src/types.ts */
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');

let files = 0;

module.exports = class SharedModules {
  static shouldInstrument = JestRuntime.shouldInstrument;
  static createContext = JestRuntime.createContext;
  static createHasteMap = JestRuntime.createHasteMap;
  static createResolver = JestRuntime.createResolver;
  #environment;

  constructor(_config, environment) {
    this.#environment = environment;
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  async unstable_importModule(file) {
    if (files === 0) {
      register('./hooks.js', pathToFileURL(__filename));
    }
    files += 1;
    await import(`${pathToFileURL(file)}?file=${files}`);
  }

  /** The test framework: anew for each file. */
  requireInternalModule(file) {
    delete globalThis[EVENT_HANDLERS];
    delete require.cache[file];
    return require(file);
  }

  requireModule(file) {
    return require(file);
  }

  setGlobalsForRuntime(globals) {
    const mocker = this.#environment.moduleMocker;
    const jest = {};
    for (const name of [
      'fn',
      'spyOn',
      'mocked',
      'replaceProperty',
      'clearAllMocks',
      'resetAllMocks',
      'restoreAllMocks',
    ]) {
      jest[name] = mocker[name].bind(mocker);
    }
    globalThis[GLOBALS] = { ...globals, jest };
  }

  getSourceMaps() {
    return new SourceMaps();
  }

  enterTestCode() {}
  leaveTestCode() {}
  getAllCoverageInfoCopy() {}
  getAllV8CoverageInfoCopy() {}
  teardown() {}
};
