import type { ChartTarget } from '../../carriers/carrier.js';
import type { Health } from '../../policy/health.js';
import type { Cell, EnvironmentStatus, Status } from './status.js';

/** The status as the output `status` has it: plain JSON values, times in ISO 8601, `null` for what is not there. */
export function statusJson({ environments, apps, pullRequests, findings, warnings }: Status) {
  return {
    environments: environments.map(({ name, after, frozenUntil, health }) => ({
      ...{ name, after, frozenUntil: iso(frozenUntil) },
      ...(health === undefined ? {} : { health: environmentJson(health) }),
    })),
    apps: apps.map(({ app, environments: cells }) => ({
      app,
      environments: Object.fromEntries([...cells].map(([name, cell]) => [name, cellJson(cell)])),
    })),
    pullRequests,
    findings,
    warnings,
  };
}

function cellJson({
  version,
  inBase,
  places = [],
  charts = [],
  following = [],
  since,
  behind,
  hold,
  health,
  violatesHold,
  pullRequests,
}: Cell) {
  return {
    version,
    inBase,
    places: [...places],
    charts: [...charts.map(chartJson), ...following.map(({ name, range }) => ({ ...chartJson({ name }), range }))],
    since: iso(since),
    behind: behind === undefined ? null : { versions: behind.versions ?? null, since: iso(behind.since) },
    hold: hold ?? null,
    ...(health === undefined ? {} : { health: healthJson(health) }),
    violatesHold,
    pullRequests,
  };
}

function healthJson({ state, since, reason, url }: Health) {
  return { state, since: iso(since), reason, url };
}

function environmentJson({ next, lastFailure, ...health }: NonNullable<EnvironmentStatus['health']>) {
  const failure = lastFailure === undefined ? null : { ...lastFailure, at: iso(lastFailure.at) };
  return { ...healthJson(health), next, lastFailure: failure };
}

function chartJson(chart: Partial<ChartTarget>) {
  const { name = '', version, digest, repository, release } = chart;
  return {
    ...{ name, version: version ?? null, repository: repository ?? null, release: release ?? null },
    ...(digest === undefined ? {} : { digest }),
  };
}

function iso(time: Date | undefined): string | null {
  return time?.toISOString() ?? null;
}
