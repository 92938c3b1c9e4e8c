import { spawn } from 'node:child_process';
import { basename } from 'node:path';

/**
 * Runs a tool to its end. What it prints is shown as it is: a compiler tells file and line best.
 *
 * @throws Error when it cannot be started or fails
 */
export async function runTool(program: string, args: readonly string[], cwd: string): Promise<void> {
  // Standard output belongs to whoever wants the results of tests from there.
  const child = spawn(program, args, { cwd, stdio: ['ignore', process.stderr, 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`${basename(program)} failed, so dist is as it was.`);
  }
}
