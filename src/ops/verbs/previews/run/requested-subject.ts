import type { Connected } from '../../../../github/connected.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import type { RequestedPreview } from '../plan/request.js';
import type { AppsRepository } from './apps-repository.js';
import { forkProblem } from './forks.js';

/** What a preview is for, and the full id of its commit. */
export type Subject = { pullRequest: number; head: string } | { run: string; head: string };

/** What is known of the apps repository, and what the policy says of forks. */
export interface SubjectContext {
  apps: Connected;
  current: AppsRepository;
  forks: PreviewPolicy['forks'];
  /** Name of the label that gives a commit of a fork its preview. */
  forkLabel: string;
}

/**
 * The subject as the plan takes it, with the pull request's title and author.
 *
 * @throws Error where a pull request from a fork may not have a preview
 */
export async function requestedSubject(
  subject: Subject,
  { apps, current, forks, forkLabel }: SubjectContext,
): Promise<Pick<RequestedPreview, 'subject' | 'head'>> {
  const { head } = subject;
  if ('run' in subject) {
    return { subject: { run: subject.run }, head };
  }
  const { pullRequest: number } = subject;
  const found = current.pullRequests.find((pull) => pull.number === number);
  if (found?.fromFork) {
    const problem = await forkProblem(apps, { number, head }, forks, forkLabel);
    if (problem !== undefined) {
      throw new Error(problem);
    }
  }
  return { subject: { pullRequest: number, title: found?.title, author: found?.author, fork: found?.fromFork }, head };
}
