/**
 * A process that runs programs of Node.js one after another, for `reused.js`. Each begins as in a process of its own: its
 * modules are loaded anew; folder, variables, listeners and connections of the one before are gone. It has ended when
 * nothing is left to do, as a process would, and then both outputs get its mark. What ends a process (an exit, an error
 * that nobody catches, a signal) ends this one, with the exit code that it would have. Not as in one's own: what listens for
 * the end of the process hears nothing.
 */

/** What was there before the first program, such as modules that change how programs run. */
const kept = { modules: new Set(Object.keys(require.cache)), listeners: new Set() };
const dispatcher = Symbol.for('undici.globalDispatcher.1');
let mark;

process.on('message', (run) => {
  process.channel.unref();
  mark = run.mark;
  process.chdir(run.cwd);
  setVariables(run.env);
  process.argv = [process.execPath, run.program, ...run.args];
  process.exitCode = undefined;
  process.emit('program');
  require(run.program);
});

process.on('beforeExit', (code) => {
  if (mark === undefined) {
    return;
  }
  const ended = mark;
  mark = undefined;
  clean();
  process.channel.ref();
  process.send({ code });
  process.stdout.write(ended);
  process.stderr.write(ended);
});

process.on('disconnect', () => process.exit());

for (const event of process.eventNames()) {
  for (const listener of process.rawListeners(event)) {
    kept.listeners.add(listener);
  }
}

function setVariables(env) {
  for (const name of Object.keys(process.env)) {
    if (env[name] === undefined) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, env);
}

function clean() {
  for (const file of Object.keys(require.cache)) {
    if (!kept.modules.has(file)) {
      delete require.cache[file];
    }
  }
  module.children.length = 0;
  for (const event of process.eventNames()) {
    for (const listener of process.rawListeners(event)) {
      if (!kept.listeners.has(listener)) {
        process.removeListener(event, listener);
      }
    }
  }
  // Of `fetch`: its connections go, so that none is used that a server is about to close.
  const agent = globalThis[dispatcher];
  if (agent !== undefined) {
    globalThis[dispatcher] = new agent.constructor();
    void agent.destroy();
  }
}
