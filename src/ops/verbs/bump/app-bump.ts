import { shortVersion } from '../../../report/short-version.js';
import type { AppTarget } from './request.js';

/** One app's version for one environment: what gets one branch and one pull request. */
export interface AppBump {
  environment: string;
  /** With the name that the app has in ops. */
  target: AppTarget;
  /** What its apps repository calls the app: its tags and folders have this name. */
  nameInApps: string;
  /** `ostack/<environment>/<app>`. */
  branch: string;
}

/** `staging/my-app`. */
export function subjectOf({ environment, target }: AppBump): string {
  return `${environment}/${target.app}`;
}

/** Title of the pull request and first line of the commit. */
export function titleOf({ environment, target }: AppBump): string {
  return `${target.app} ${shortVersion(target.version)} -> ${environment}`;
}

/** What a pull request is about, to see whether its text is up to date: version and digests. */
export function keyOf({ target }: AppBump): string {
  return [target.version, ...target.images.map(({ digest }) => digest ?? '')].join(' ').trim();
}

/** The version in a key. */
export function versionOfKey(key: string | undefined): string | undefined {
  return key?.split(' ')[0];
}
