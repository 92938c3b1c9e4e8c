import { type Git, openGit, topLevel } from '../git/git.js';
import { type RunContext, readContext } from '../github/context.js';
import type { RunEvent } from '../github/event.js';
import { type InfraChange, readChange } from '../infra/roots/read-change.js';
import { type RootsOfChange, rootsOfChange } from '../infra/roots/roots-of-change.js';

/** What a run of the infra repository is about. */
export interface InfraRun {
  context: RunContext;
  git: Git;
  /** The root of the checkout. */
  checkout: string;
  change: InfraChange;
  of: RootsOfChange;
}

/**
 * Reads what changes, and which roots that reaches, from the checkout.
 *
 * @throws Error for people: see `readChange` and `rootsOfChange`
 */
export async function infraRun(event: RunEvent, token: string | undefined): Promise<InfraRun> {
  const context = readContext();
  const { serverUrl, repository } = context;
  const git = openGit({ cwd: process.env.GITHUB_WORKSPACE ?? process.cwd(), serverUrl, repository, token });
  const checkout = await topLevel(git);
  const change = await readChange(git, event);
  return { context, git, checkout, change, of: await rootsOfChange(git, change) };
}
