/** The small process that starts the commands of `spawner.ts`. Plain JavaScript, so that it starts without a compiler. */
import { spawn } from 'node:child_process';
import { endWaiting, startInReused } from './reused.js';

const running = new Map();

process.on('message', ({ id, kill, file, args, cwd, env, input, follow, options }) => {
  if (kill) {
    signal(running.get(id), kill);
    return;
  }
  const report = (message) => process.connected && process.send({ id, ...message });
  let child;
  try {
    // A followed command gets its own process group, so that its children can be ended with it.
    child =
      options === undefined
        ? spawn(file, args, { cwd, env, detached: follow, stdio: [follow ? 'ignore' : 'pipe', 'pipe', 'pipe'] })
        : startInReused({ file, args, options, cwd, env });
  } catch (error) {
    // Such as arguments that are too long.
    report({ ended: true, error: error.message, errorCode: error.code });
    return;
  }
  running.set(id, { child, group: follow });
  const collected = { stdout: [], stderr: [] };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].on('data', (chunk) => (follow ? report({ [stream]: chunk }) : collected[stream].push(chunk)));
  }
  // A command may end before it has read everything; its exit code tells why.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  const end = (message) => running.delete(id) && report({ ended: true, ...message });
  child.on('error', (error) => end({ error: error.message, errorCode: error.code }));
  child.on('exit', (code) => follow && report({ exited: code ?? -1 }));
  child.on('close', (code) => {
    const [stdout, stderr] = [collected.stdout, collected.stderr].map((chunks) => Buffer.concat(chunks));
    end({ exited: code ?? -1, stdout, stderr });
  });
});

process.on('disconnect', async () => {
  for (const command of running.values()) {
    signal(command, 'SIGKILL');
  }
  await endWaiting();
  process.exit();
});

function signal(command, name) {
  try {
    if (command?.child.pid !== undefined) {
      process.kill(command.group ? -command.child.pid : command.child.pid, name);
    }
  } catch {
    // It has ended already.
  }
}
