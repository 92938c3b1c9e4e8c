import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone, git } from '../../support/git.js';
import { gitRepositoryAt } from '../../support/git-repository.js';
import type { Guarded } from './guarded.js';

/** What is pushed, and by whom. */
export interface Push {
  /** Of whoever pushes. */
  token: string;
  /** Branch that it starts at: the default one where it says none. */
  from?: string;
  /** Full name of the ref that is pushed to. */
  to: string;
  files?: Record<string, string>;
  /** Links with where they lead. */
  links?: Record<string, string>;
}

/** Clones, commits and pushes as anybody does. @returns the commit, and what git says where the push was refused */
export async function push(
  { stage, repository }: Pick<Guarded, 'stage' | 'repository'>,
  { token, from = 'main', to, files = {}, links = {} }: Push,
): Promise<{ head: string; refusal: string | undefined }> {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-push-'));
  try {
    await clone(stage, repository, folder, ['--branch', from]);
    const work = gitRepositoryAt(folder);
    for (const [path, target] of Object.entries(links)) {
      const oid = await git(folder, ['hash-object', '-w', '--stdin'], { input: target });
      await work.git('update-index', '--add', '--cacheinfo', `120000,${oid},${path}`);
      await work.git('checkout-index', '--force', '--', path);
    }
    const head = await work.commit(files);
    const address = `${stage.serverUrl.replace('://', `://x-access-token:${token}@`)}/${repository.name}`;
    return { head, refusal: await refusalOf(work.git('push', '--quiet', address, `HEAD:${to}`)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function refusalOf(pushing: Promise<string>): Promise<string | undefined> {
  try {
    await pushing;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
