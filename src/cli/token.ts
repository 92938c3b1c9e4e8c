import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a token needs, for messages. */
const NEEDS =
  'It has to be that of an administrator of the ops repository: classic with "repo" and "admin:org" (of an organisation), ' +
  'or fine-grained with Administration, Environments, Secrets, Variables: write, Actions, Checks, Contents: read.';

/**
 * Finds the token to work with: `GH_TOKEN`, `GITHUB_TOKEN`, or the one that GitHub's command line has.
 *
 * @param server `https://github.com`
 * @param needs what the token has to be, for the error
 * @throws Error that says where one is looked for, and which it has to be
 */
export async function findToken(env: NodeJS.ProcessEnv, server: string, needs = NEEDS): Promise<string> {
  const given = [env.GH_TOKEN, env.GITHUB_TOKEN].find((token) => token !== undefined && token.trim() !== '');
  if (given !== undefined) {
    return given.trim();
  }
  try {
    const { stdout } = await promisify(execFile)('gh', ['auth', 'token', '--hostname', new URL(server).hostname], {
      env,
    });
    if (stdout.trim() !== '') {
      return stdout.trim();
    }
  } catch {
    // Not installed, or not signed in: the same to do.
  }
  throw new Error(`There is no token: expected GH_TOKEN, GITHUB_TOKEN, or "gh auth login" on this machine. ${needs}`);
}
