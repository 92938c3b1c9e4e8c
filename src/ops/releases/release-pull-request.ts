import { BUMP } from '../ledger/action-names.js';
import type { Trailers } from '../ledger/trailers.js';
import type { BranchCommit, PullRequest } from '../repository/pull-request.js';
import type { AppEnvironment } from '../tree/app-environment.js';

/** The branch of an environment and app. */
export function branchOf(environment: string, app: string): string {
  return `ostack/${environment}/${app}`;
}

/** What a branch of ours is about, `undefined` for any other branch. */
export function appEnvironmentOf(branch: string): { environment: string; app: string } | undefined {
  const [prefix, environment, app, more] = branch.split('/');
  return prefix === 'ostack' && environment !== undefined && app !== undefined && more === undefined
    ? { environment, app }
    : undefined;
}

/** Whether a commit of a bump branch is one that this action made for this environment and app. */
export function isBumpOf({ environment, app }: AppEnvironment, { trailers }: Pick<BranchCommit, 'trailers'>): boolean {
  return trailers?.action === BUMP && trailers.environment === environment && trailers.app === app;
}

/** What a pull request stands for: the newest commit of ours on it. */
export function newestOf({ commits }: Pick<PullRequest, 'commits'>, subject: AppEnvironment): Trailers | undefined {
  return commits.findLast((commit) => isBumpOf(subject, commit))?.trailers;
}
