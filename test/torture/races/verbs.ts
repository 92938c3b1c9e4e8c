import { planRun as planCleanup } from '../../../src/actions/cleanup-preview-env/run.js';
import { planRun as planCreate } from '../../../src/actions/create-preview-env/run.js';
import { readContext } from '../../../src/github/context.js';
import type { LocalRepository } from '../../../src/local/stage.js';
import type { ProposalReport } from '../../../src/ops/pull-requests/proposal.js';
import { liftHolds } from '../../../src/ops/verbs/lift-hold/lift-hold.js';
import { runPreviews } from '../../../src/ops/verbs/previews/run/run-previews.js';
import { promote } from '../../../src/ops/verbs/promote/promote.js';
import { rollBack } from '../../../src/ops/verbs/rollback/rollback.js';
import { type OpsWorld, PATIENCE } from './ops-world.js';
import type { Racer } from './schedules.js';

const OPTIONS = {
  reviewers: [],
  assignees: [],
  dryRun: false,
  direct: false,
  mergeMethod: undefined,
  patience: PATIENCE,
};

/** A run of `promote` that brings all of staging to production. */
export function promotion(world: OpsWorld, apps: 'all' | readonly string[] = 'all'): Racer {
  const { token, connected } = world.connected('ada');
  return {
    name: `promote ${apps}`,
    tokens: [token],
    async body() {
      const { serverUrl } = world.stage;
      const request = {
        ...{ apps, from: '', to: ['production'], includeNew: false, force: false, reason: undefined },
        ...{ merge: 'auto' as const, labels: ['ostack'], actor: 'ada', runUrl: '', serverUrl },
      };
      const report = await promote(connected, undefined, request, { ...OPTIONS, serverUrl });
      // Where a person merged into production past staging, it has nothing newer to give, and says so.
      failed({ ...report, failures: report.failures.filter(({ message }) => !message.includes('which is older')) });
    },
  };
}

/** A run of `rollback` that brings an app back to a version and holds it there. */
export function rollback(
  world: OpsWorld,
  app: string,
  version: string,
  { environment = 'staging', direct = false } = {},
): Racer {
  const { token, connected } = world.connected('ada');
  return {
    name: `roll ${app} back`,
    tokens: [token],
    async body() {
      const { serverUrl } = world.stage;
      const request = {
        ...{ environment, apps: [app], version, reason: 'it fails', hold: true, holdForMs: undefined },
        ...{ by: 'ada', merge: 'auto' as const, labels: ['ostack'], runUrl: '' },
      };
      // One that GitHub was too late for is started again: nobody waits here, and time passes with requests.
      for (let isLate = true; isLate; ) {
        const report = await rollBack(connected, request, { ...OPTIONS, direct, serverUrl });
        failed(report);
        isLate = report.results.some((result) => 'reason' in result && /^not merged within/.test(result.reason ?? ''));
      }
    },
  };
}

/** A run of `lift-hold` for an app in staging. */
export function lift(world: OpsWorld, app: string, direct: boolean): Racer {
  const { token, connected } = world.connected('ada');
  return {
    name: `lift the hold of ${app}`,
    tokens: [token],
    async body() {
      const request = {
        ...{ environment: 'staging', apps: [app], reason: 'it works', by: 'ada', merge: 'true' as const },
        ...{ labels: ['ostack'], runUrl: '' },
      };
      failed(await liftHolds(connected, request, { ...OPTIONS, direct, serverUrl: world.stage.serverUrl }));
    },
  };
}

function failed({ failures }: Pick<ProposalReport, 'failures'>): void {
  if (failures.length > 0) {
    throw new Error(failures.map(({ message }) => message).join('\n'));
  }
}

/** A pull request in an apps repository. */
export interface AppsPull {
  number: number;
  head: string;
}

/** A run of `create-preview-env` or `cleanup-preview-env` for a pull request. */
export function preview(
  world: OpsWorld,
  apps: LocalRepository,
  verb: 'create' | 'cleanup',
  { number, head }: AppsPull,
): Racer {
  const { token, connected } = world.connected('ostack[bot]');
  const { stage } = world;
  return {
    name: `${verb} preview ${number}`,
    tokens: [token],
    async body() {
      const context = readContext({
        GITHUB_REPOSITORY: apps.name,
        GITHUB_SHA: head,
        GITHUB_SERVER_URL: stage.serverUrl,
        GITHUB_API_URL: stage.apiUrl,
        GITHUB_GRAPHQL_URL: stage.graphqlUrl,
        GITHUB_RUN_ID: '7',
      });
      const event = {
        name: 'pull_request',
        payload: { number, pull_request: { number, head: { sha: head } } },
      };
      const shared = {
        token,
        githubToken: token,
        opsRepository: connected.repository,
        number,
        wait: undefined,
        ask: { timeoutMs: 0, pollMs: 0 },
        dryRun: false,
      };
      const run =
        verb === 'create'
          ? await planCreate(
              {
                ...shared,
                images: [imageOf(number, head)],
                affected: [],
                subject: 'pull-request',
                head,
                forkLabel: 'preview',
              },
              context,
              event,
            )
          : await planCleanup({ ...shared, mode: 'pull-request' }, context, event);
      const { failures } = await runPreviews({ ...run, pauseMs: 0 });
      failed({ failures: failures.map((failure) => new Error(failure)) });
    },
  };
}

function imageOf(number: number, head: string) {
  return {
    ...{ app: 'shop', image: 'shop', repository: 'ghcr.io/acme/shop', tag: `pr-${number}-${head}` },
    ...{ digest: `sha256:${'c'.repeat(64)}`, reused: false, platforms: ['linux/amd64'] },
  };
}
