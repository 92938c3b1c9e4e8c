import { join } from 'node:path';
import { type LocalRepository, type Seed, type Stage, seededDelays, startStage } from '../../../src/local/stage.js';
import { type ActionResult, runAction } from '../../support/run-action.js';
import { NO_KUSTOMIZE } from '../promote/support.js';

const FIXTURES = join(import.meta.dirname, '../../fixtures');

/** A stage with the ops repository of groups, `acme/fleet`, and `acme/apps`. */
export interface FleetStage extends AsyncDisposable {
  stage: Stage;
  fleet: LocalRepository;
  /** Runs a bundle, without kustomize unless `env` has a PATH. */
  run(
    action: string,
    inputs: Record<string, string>,
    env?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<ActionResult>;
  /** A person presses the button. */
  mergeAsPerson(number: number): Promise<void>;
}

/**
 * @param options `now`: the clock of what the stage dates; the actions go by that of the machine. `seed`: what is in the
 *   ops repository; the fleet of the fixtures by default
 */
export async function fleetStage(options: { now?: () => Date; seed?: Seed } = {}): Promise<FleetStage> {
  const { now, seed = { folder: join(FIXTURES, 'ops-groups') } } = options;
  const stage = await startStage({
    delays: seededDelays(2),
    ...(now === undefined ? {} : { now }),
    repositories: {
      'acme/fleet': seed,
      'acme/apps': { folder: join(FIXTURES, 'apps') },
    },
  });
  return {
    stage,
    fleet: stage.github.repository('acme/fleet'),
    run: (action, inputs, env = {}, signal = undefined) =>
      runAction({
        action,
        inputs: { token: stage.token, ...inputs },
        env: {
          GITHUB_API_URL: stage.apiUrl,
          GITHUB_GRAPHQL_URL: stage.graphqlUrl,
          GITHUB_SERVER_URL: stage.serverUrl,
          GITHUB_REPOSITORY: 'acme/fleet',
          GITHUB_SHA: 'b'.repeat(40),
          GITHUB_RUN_ID: '7',
          GITHUB_ACTOR: 'ada',
          PATH: NO_KUSTOMIZE,
          ...env,
        },
        signal,
      }),
    async mergeAsPerson(number) {
      await fetch(`${stage.apiUrl}/repos/acme/fleet/pulls/${number}/merge`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ merge_method: 'squash' }),
      });
    },
    async [Symbol.asyncDispose]() {
      await stage.close();
    },
  };
}

/** The error annotations of a run. */
export function errorsOf({ stdout }: ActionResult): string {
  return [...stdout.matchAll(/^::error::(.*)$/gm)].map((match) => decodeURIComponent(match[1] ?? '')).join('\n');
}
