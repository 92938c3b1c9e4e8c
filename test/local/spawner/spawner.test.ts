import { expect, test } from '@jest/globals';
import { type FollowedCommand, runCommand, startCommand } from '../../../src/local/spawner/spawner.js';

const env = { PATH: process.env.PATH ?? '' };

test('a command ends with its exit code and all that it printed', async () => {
  const { code, stdout, stderr } = await runCommand({
    file: 'sh',
    args: ['-c', 'cat; echo "no" >&2; exit 3'],
    env,
    input: 'what it reads',
  });
  expect([code, stdout.toString(), stderr.toString()]).toEqual([3, 'what it reads', 'no\n']);
});

test.each([
  ['that is nowhere', { file: 'no-such-program', args: [] }, 'ENOENT'],
  ['with an argument that no system takes', { file: 'sh', args: ['-c', 'true', 'x'.repeat(300_000)] }, 'E2BIG'],
])('a command %s cannot be started, and the next one can', async (_, line, code) => {
  await expect(runCommand({ ...line, env })).rejects.toMatchObject({ code });
  await expect(follow(line).ended).rejects.toMatchObject({ code });
  expect(await runCommand({ file: 'true', args: [], env })).toMatchObject({ code: 0 });
});

test('a signal reaches all that a followed command has started', async () => {
  const script = 'sleep 60 & echo started; wait';
  const { ended, kill } = follow({ file: 'sh', args: ['-c', script], onOutput: () => kill('SIGTERM') });
  // It has not ended before the last that holds its output open.
  expect(await ended).toBe(-1);
});

test('the end of a followed command is reported while its children go on', async () => {
  const { ended, kill } = follow({ file: 'sh', args: ['-c', 'sleep 60 & exit 4'], onExit: () => kill('SIGKILL') });
  expect(await ended).toBe(4);
});

function follow(line: Pick<FollowedCommand, 'file' | 'args'> & Partial<FollowedCommand>) {
  return startCommand({ env, onOutput: () => undefined, onExit: () => undefined, ...line });
}
