import { code, link, plain } from '../../report/markdown.js';
import { environmentPolicy, type Policy } from '../policy/policy.js';

/** Where the lines are that a cluster needs to report. */
export const GUIDE = 'https://github.com/ostack/actions/blob/main/docs/live.md';

/** The environments that come before some, and of which nothing reports whether they are live. */
export function unreportedBefore(policy: Policy, environments: readonly string[]): string[] {
  const before = environments.flatMap((name) => environmentPolicy(policy, name).after);
  return [...new Set(before)].filter((name) => environmentPolicy(policy, name).ready === undefined);
}

/**
 * What is said once where healthy time would count and nothing reports it, Markdown.
 *
 * @param names of environments
 * @returns a paragraph, or none where all of them report
 */
export function unreportedNote(names: readonly string[]): string[] {
  const all = [...new Set(names)].map(plain).join(', ');
  return all === ''
    ? []
    : [
        `Nothing says whether ${all} is live: a version counts there once it is merged. ${link('What to add', GUIDE)}, which ` +
          `*Onboard* writes with ${code('reports')}.`,
      ];
}
