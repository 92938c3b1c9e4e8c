import { spawn } from 'node:child_process';

/** What a run of tests came to. */
export interface TestRun {
  /** `broken`: no test could begin. */
  state: 'passed' | 'failed' | 'broken';
  /** What jest said. */
  output: string;
}

/** More than any of them takes, on a busy machine: what a mutation makes endless is noticed, too. */
const TIMEOUT_MS = 120_000;

/** Runs test files of a folder, one after the other, until one fails. */
export async function runTests(folder: string, tests: readonly string[], cache: string): Promise<TestRun> {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const how = ['--ci', '--bail', '--runInBand', `--cacheDirectory=${cache}`];
  const child = spawn(process.execPath, [...jest, ...how, '--runTestsByPath', ...tests], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
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
    return { state: 'failed', output: `${output}\nIt took more than ${TIMEOUT_MS / 1000} seconds.` };
  }
  return { state: /^Tests: +\d+ failed/m.test(output) ? 'failed' : 'broken', output };
}
