import {
  type Deployment,
  type DeploymentState,
  isActive,
  type NewDeployment,
  type NewStatus,
  type StatusToSet,
  says,
} from '../../../github/deployments.js';
import { shortVersion } from '../../../report/short-version.js';
import type { HealthState } from '../../policy/health.js';
import { addressOf } from '../../policy/ready-policy.js';
import type { WatchedChange } from './changes.js';

/** Where deployments are recorded: in ops at the commit of ops, in the apps repository at the commit that the version was made from. */
export interface Recorded {
  change: WatchedChange;
  sha: string;
  /** Commits of what it replaced, which are no longer deployed once it is live. */
  replaced: readonly string[];
  /** The page of the commit of ops, for where the cluster has none. */
  page: string;
}

const STATES: Record<HealthState, DeploymentState> = {
  pending: 'pending',
  progressing: 'in_progress',
  live: 'success',
  failed: 'failure',
  unknown: 'error',
};

/** The deployment of an app's version. */
export function deploymentFor({ change, sha }: Pick<Recorded, 'change' | 'sha'>): NewDeployment {
  const { environment, app, version, entry } = change;
  const label = version === null ? app : `${app} ${shortVersion(version)}`;
  return {
    ...{ environment, task: taskOf(app), sha, description: `${label} in ${environment}` },
    payload: { app, version: version ?? '', commit: entry.oid },
  };
}

/** What tells deployments of one app from those of others. */
export function taskOf(app: string): string {
  return `deploy:${app}`;
}

/** A deployment that was found, by its commit, environment and app. */
export type Find = (sha: string, environment: string, app: string) => Deployment | undefined;

/**
 * The statuses that deployments are to get, in their order: of each change what is reported of it, and of what it replaced, once it is
 * live, that it is no longer deployed. None where GitHub shows that already.
 */
export function dueStatuses(recorded: readonly Recorded[], find: Find): StatusToSet[] {
  return recorded.flatMap((each) => {
    const { change, sha } = each;
    const { environment, app, health } = change;
    const own = find(sha, environment, app);
    const status = statusOf(each);
    const shown = own === undefined || says(own, status) ? [] : [{ deployment: own, status }];
    const old = health.state === 'live' ? each.replaced.filter((other) => other !== sha) : [];
    const over = old.flatMap((other) => find(other, environment, app) ?? []).filter(isActive);
    const description = `Replaced by ${change.version === null ? 'another version' : shortVersion(change.version)}`;
    return [
      ...shown,
      ...over.map((deployment) => ({
        deployment,
        status: { ...status, state: 'inactive', description, environmentUrl: '' } as const,
      })),
    ];
  });
}

function statusOf({ change, page }: Recorded): NewStatus {
  const { app, health, ready } = change;
  const { state, reason, url } = health;
  return {
    state: STATES[state],
    description: reason,
    environmentUrl: state === 'live' ? addressOf(ready, app) : '',
    logUrl: url === '' ? page : url,
  };
}
