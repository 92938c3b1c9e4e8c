import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What a run of tests came to. */
export interface TestRun {
  /** `broken`: no test could begin. */
  state: 'passed' | 'failed' | 'broken';
  /** Whether it took longer than it may; missing for no. */
  isLate?: true;
  /** What jest said. */
  output: string;
}

/** Runs test files of a folder, one after the other, until one fails; longer than `timeout` milliseconds is a failure. */
export async function runTests(folder: string, tests: readonly string[], timeout: number): Promise<TestRun> {
  const faster = ['--interrupt-budget=1500000', '--no-flush-bytecode'];
  const jest = ['--experimental-vm-modules', '--no-warnings', ...faster, 'node_modules/jest/bin/jest.js'];
  const how = ['--ci', '--bail', '--runInBand', `--cacheDirectory=${join(folder, 'cache')}`];
  const child = spawn(process.execPath, [...jest, ...how, '--runTestsByPath', ...tests], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) {
    return { state: 'passed', output };
  }
  if (code === null) {
    return { state: 'failed', isLate: true, output: `${output}\nIt took more than ${timeout / 1000} seconds.` };
  }
  return { state: /^Tests: +\d+ failed/m.test(output) ? 'failed' : 'broken', output };
}
