import { setTimeout as sleep } from 'node:timers/promises';
import type { Git, GitResult } from './git.js';

const ATTEMPTS = 5;

/**
 * How git tells of a connection that broke, and of an HTTP status: it has one exit code for all that is fatal.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplowSpeedLimit for the server that is silent
 */
const PASSING = /unable to access|RPC failed|early EOF|hung up unexpectedly|expected flush/;

/** Statuses that another try does not change: all of 4xx but "request timeout" and "too many requests". */
const FINAL = /(returned error:|HTTP) 4(?!08|29)\d\d\b/;

/**
 * Runs a git command that asks the server and changes nothing there, and again while its failure is one that passes: a
 * 5xx, a 429, a connection that broke or fell silent. What the server refuses is final.
 *
 * @param baseMs first back-off in milliseconds; doubled each time, with jitter
 * @returns what git gave in the end, whether it worked or not
 */
export async function askServer(git: Git, args: readonly string[], baseMs = 500): Promise<GitResult> {
  for (let attempt = 1; ; attempt++) {
    const result = await git.run(args);
    if (result.ok || attempt === ATTEMPTS || !PASSING.test(result.problem) || FINAL.test(result.problem)) {
      return result;
    }
    await sleep(baseMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
  }
}
