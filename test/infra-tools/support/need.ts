import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes sure that a program is there. These tests run where it is: a missing one fails them, in CI as elsewhere.
 *
 * @throws Error saying how to get it
 */
export async function need(program: 'tofu' | 'versitygw' | 'age'): Promise<void> {
  try {
    await run(program, ['--version']);
  } catch (error) {
    throw new Error(
      `This test needs ${program}: run it by \`.ci/with-infra npm run test:infra\`, which builds it. (${String(error)})`,
    );
  }
}
