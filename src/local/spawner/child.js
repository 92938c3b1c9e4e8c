/** The small process that `spawner.ts` hands commands to. Plain JavaScript, so that it starts without a compiler. */
import { spawn } from 'node:child_process';

const running = new Map();

process.on('message', ({ id, kill, file, args, cwd, env, input }) => {
  if (kill) {
    running.get(id)?.kill('SIGKILL');
    return;
  }
  const child = spawn(file, args, { cwd, env });
  running.set(id, child);
  const stdout = [];
  const stderr = [];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  // A command may end before it has read everything; its exit code tells why.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let answered = false;
  const answer = (result) => {
    running.delete(id);
    if (!answered && process.connected) {
      answered = true;
      process.send({ id, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), ...result });
    }
  };
  child.on('error', (error) => answer({ code: -1, error: error.message }));
  child.on('close', (code) => answer({ code: code ?? -1 }));
});
process.on('disconnect', () => process.exit());
