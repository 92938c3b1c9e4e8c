import { shortVersion } from '../../../report/short-version.js';
import { chartLabel, chartReference } from '../../carriers/chart-reference.js';
import { type AppTarget, isChartAlone } from './request.js';

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

/**
 * What is set, for people: `my-app 1.4.0`; `chart ingress-nginx 4.10.1` where it is a chart alone, with the app before it
 * where that has another name.
 */
export function versionTitle(target: AppTarget): string {
  const { app, version, charts = [] } = target;
  if (!isChartAlone(target)) {
    return `${app} ${shortVersion(version)}`;
  }
  const names = charts.map((chart) => `chart ${chartLabel(chart)}`).join(', ');
  return charts.length === 1 && charts[0]?.name === app ? names : `${app}: ${names}`;
}

/** Title of the pull request and first line of the commit. */
export function titleOf({ environment, target }: AppBump): string {
  return `${versionTitle(target)} -> ${environment}`;
}

/** The second word of a key about a chart alone. */
const CHART = 'chart';

/** What a pull request is about, to see whether its text is up to date: version, digests and charts. */
export function keyOf({ target }: AppBump): string {
  const digests = target.images.map(({ digest }) => digest ?? '');
  const charts = (target.charts ?? []).map(chartReference);
  return [target.version, ...(isChartAlone(target) ? [CHART] : digests), ...charts].join(' ').trim();
}

/** Whether two keys are about versions that can be compared: both of an app, or both of a chart alone. */
export function isSameSeries(target: AppTarget, key: string | undefined): boolean {
  return (key?.split(' ')[1] === CHART) === isChartAlone(target);
}

/** The version in a key. */
export function versionOfKey(key: string | undefined): string | undefined {
  return key?.split(' ')[0];
}
