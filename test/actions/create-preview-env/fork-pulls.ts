import * as v from 'valibot';
import type { PreviewStage, TestPull } from './support.js';

const pullSchema = v.object({ number: v.number(), head: v.object({ sha: v.string() }) });
const MALLORY = { name: 'Mallory', email: 'mallory@evil.dev' };

/**
 * A clock that goes on with each look, so that no two things happen in the same second.
 *
 * @param agoMs how long ago it begins; from now on, what is said counts after what was there
 */
export function ticking(agoMs = 86_400_000): () => Date {
  let time = Date.now() - agoMs;
  return () => {
    time += 1000;
    return new Date(time);
  };
}

/** Mallory, or somebody else, forks the apps repository and proposes a change. */
export async function forkPull(
  world: PreviewStage,
  { branch = 'change', title = 'A gift', owner = 'mallory' } = {},
): Promise<TestPull & { push(): Promise<TestPull> }> {
  const fork = await world.stage.github.fork('acme/apps', `${owner}/apps`);
  await fork.commit(branch, { 'apps/my-app/new.txt': 'one\n' }, 'feat: new', MALLORY);
  const body = { title, head: `${owner}:${branch}`, base: 'main' };
  const { number, head } = v.parse(pullSchema, await world.rest('POST', '/repos/acme/apps/pulls', body));
  return {
    ...{ number, head: head.sha, branch },
    async push() {
      const sha = await fork.commit(branch, { 'apps/my-app/more.txt': 'two\n' }, 'feat: more', MALLORY);
      await world.stage.github.passTime();
      return { number, head: sha, branch };
    },
  };
}

/** A maintainer labels a pull request. */
export async function label({ rest }: PreviewStage, { number }: TestPull, name = 'preview'): Promise<void> {
  await rest('POST', `/repos/acme/apps/issues/${number}/labels`, { labels: [name] });
}
