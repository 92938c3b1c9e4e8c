import { type ActionRun, runAction } from '../../support/run-action.js';
import { errorsOf, type OpsStage, overlay, stageEnv } from '../bump-ops-overlay/support.js';

export { type OpsStage, opsStage, overlay } from '../bump-ops-overlay/support.js';

/** A PATH without kustomize: what it makes of these small worlds is told in tests of its own. */
export const NO_KUSTOMIZE = '/nowhere';

/** An app's overlay in the oStack layout. */
export const at = (environment: string, app = 'my-app') => `overlays/${environment}/${app}/kustomization.yaml`;

/** An ops repository where production comes after staging; `rules` is more of production's policy. */
export function opsFiles(rules = '', more: Record<string, string> = {}): Record<string, string> {
  return {
    'ostack.yaml': `environments:\n  staging: {}\n  production: { after: staging${rules} }\n`,
    [at('staging')]: overlay('1.3.0'),
    [at('production')]: overlay('1.2.0'),
    ...more,
  };
}

/** Runs the bundle in the ops repository as `ada`: to production, unless `inputs` say otherwise. */
export async function promote(
  { stage }: OpsStage,
  inputs: Record<string, string> = {},
  { env, signal }: Pick<ActionRun, 'env' | 'signal'> = {},
) {
  const result = await runAction({
    action: 'promote',
    inputs: { to: 'production', token: stage.token, 'ops-repository': 'acme/ops', ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/ops', GITHUB_ACTOR: 'ada', PATH: NO_KUSTOMIZE, ...env },
    signal,
  });
  const parsed: unknown = JSON.parse(result.outputs.promotions ?? '[]');
  return { ...result, promotions: parsed, error: plainTimes(errorsOf(result)) };
}

/** A person presses the button. */
export async function mergeAsPerson({ stage }: OpsStage, number: number): Promise<void> {
  await fetch(`${stage.apiUrl}/repos/acme/ops/pulls/${number}/merge`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ merge_method: 'squash' }),
  });
}

/** Times as `TIME`. */
export function plainTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z/g, 'TIME');
}
