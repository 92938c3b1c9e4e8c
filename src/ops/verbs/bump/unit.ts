import type { Label } from '../../repository/labels.js';
import type { BranchHead, PullRequest } from '../../repository/pull-request.js';
import type { Plan } from './plan.js';
import type { AppTarget } from './request.js';

/** One environment and app: what gets one branch and one pull request. */
export interface Unit {
  environment: string;
  /** With the name that the app has in ops. */
  target: AppTarget;
  /** What its apps repository calls the app: its tags and folders have this name. */
  nameInApps: string;
  /** `ostack/<environment>/<app>`. */
  branch: string;
}

/** Why there is no plan for an environment, in sentences for a person. */
export interface Problem {
  /** `broken`: the overlay cannot be read or changed as YAML. */
  kind: 'no-app' | 'nothing-carries' | 'broken';
  message: string;
}

/** What was found out about a unit at one commit of the base. */
export interface Survey {
  unit: Unit;
  /** What is to change at the base; `undefined` where there is a problem. */
  plan: Plan | undefined;
  problem: Problem | undefined;
  branch: (BranchHead & { plan: Plan | undefined }) | undefined;
  open: PullRequest | undefined;
  past: PullRequest[];
  /** The labels its pull request is to have, with their ids where the repository has them. */
  labels: Label[];
}

/** Title of the pull request and first line of the commit. */
export function titleOf({ environment, target }: Unit): string {
  return `${target.app} ${target.version} -> ${environment}`;
}

/** What a pull request is about, to see whether its text is up to date: version and digests. */
export function keyOf({ target }: Unit): string {
  return [target.version, ...target.images.map(({ digest }) => digest ?? '')].join(' ').trim();
}

/** The version in a key. */
export function versionOfKey(key: string | undefined): string | undefined {
  return key?.split(' ')[0];
}
