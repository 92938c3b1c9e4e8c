/**
 * What people do today, as a program: a shallow clone, and for each environment a branch, an edit, a commit, a push and a
 * pull request through the API. Runs as a process of its own, as the bundle does.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

async function main(): Promise<void> {
  const { SERVER = '', API = '', TOKEN = '', APP = '', VERSION = '', ENVIRONMENTS = '' } = process.env;
  const folder = await mkdtemp(join(tmpdir(), 'ostack-bench-'));
  const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: `http.${SERVER}/.extraheader`,
    GIT_CONFIG_VALUE_0: header,
    GIT_CONFIG_KEY_1: 'user.name',
    GIT_CONFIG_VALUE_1: 'bench',
    GIT_CONFIG_KEY_2: 'user.email',
    GIT_CONFIG_VALUE_2: 'bench@acme.dev',
  };
  const work = join(folder, 'ops');
  const git = (...args: string[]) => run('git', args, { cwd: work, env });
  try {
    await run('git', ['clone', '--quiet', '--depth=1', `${SERVER}/acme/ops`, work], { env });
    for (const environment of ENVIRONMENTS.split(',')) {
      const branch = `bump/${environment}/${APP}`;
      await git('switch', '--quiet', '--create', branch, 'origin/main');
      const file = join(work, 'overlays', environment, APP, 'kustomization.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace(/newTag: .*/, `newTag: ${VERSION}`));
      await git('commit', '--quiet', '--all', `--message=${APP} ${VERSION} -> ${environment}`);
      await git('push', '--quiet', 'origin', branch);
      const response = await fetch(`${API}/repos/acme/ops/pulls`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ head: branch, base: 'main', title: `${APP} ${VERSION} -> ${environment}` }),
      });
      if (!response.ok) {
        throw new Error(`The pull request of ${branch} was refused: ${response.status} ${await response.text()}`);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
