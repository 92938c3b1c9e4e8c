import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { runProgram } from '../../../src/infra/tool/run-program.js';

const run = (script: string, restMs?: number) =>
  runProgram({
    ...{ file: 'sh', args: ['-c', script], cwd: tmpdir(), env: { PATH: process.env.PATH ?? '' } },
    ...(restMs !== undefined && { restMs }),
  });

test('all that a program prints is kept, and how it ended', async () => {
  const many = 'i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i + 1)); done; echo no >&2; exit 3';
  const { stdout, ...end } = await run(many);
  expect(end).toEqual({ exitCode: 3, stderr: 'no\n', detail: '' });
  expect([stdout.split('\n').length, stdout.endsWith('line 19999\n')]).toEqual([20_001, true]);
  expect(await run('kill -9 $$')).toMatchObject({ exitCode: undefined, detail: 'it was ended by SIGKILL' });
});

test('what a program leaves running, with its output open, is not waited for', async () => {
  const { exitCode, stdout } = await run('sleep 600 & echo $!', 1);
  const left = Number(stdout);
  expect([exitCode, left > 0]).toEqual([0, true]);
  // It runs still.
  expect(process.kill(left, 'SIGKILL')).toBe(true);
});

test('a program that is not there throws nothing', async () => {
  const end = await runProgram({ file: 'no-such-program', args: [], cwd: tmpdir(), env: {} });
  expect(end).toMatchObject({ exitCode: undefined, detail: expect.stringContaining('ENOENT') });
});
