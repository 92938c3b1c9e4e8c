/** Tests run in the process's own realm, for `runtime.cjs`: what a file changed of it is as before when the file has ended. */
const { ModuleMocker } = require('jest-mock');

module.exports = class OwnRealm {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  // Nothing uses them.
  fakeTimers = null;
  fakeTimersModern = null;
  #before;

  constructor() {
    this.#before = {
      console: globalThis.console,
      fetch: globalThis.fetch,
      env: { ...process.env },
      cwd: process.cwd(),
      exit: process.exit,
      exitCode: process.exitCode,
    };
  }

  async setup() {}

  async teardown() {
    const { console, fetch, env, cwd, exit, exitCode } = this.#before;
    this.moduleMocker.restoreAllMocks();
    Object.assign(globalThis, { console, fetch });
    Object.assign(process, { exit, exitCode });
    for (const name of Object.keys(process.env)) {
      if (env[name] === undefined) {
        delete process.env[name];
      }
    }
    Object.assign(process.env, env);
    process.chdir(cwd);
  }

  getVmContext() {
    return null;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }
};
