import { type Stage, type StageOptions, startStage } from '../../../src/local/stage.js';
import { at, rest, webTokenOf } from '../../local/github/support.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

export const ADA = { name: 'Ada', email: 'ada@acme.dev' };
export const overlay = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
export const STAGING = 'overlays/staging/shop/kustomization.yaml';
export const PRODUCTION = 'overlays/production/shop/kustomization.yaml';

/** What the gate's token may do. */
export const GRANTED: Record<string, 'read' | 'write'> = {
  ...{ checks: 'write', contents: 'read', pull_requests: 'read', statuses: 'read', actions: 'read' },
};

/** A stage with an ops repository of one app in two environments. */
export async function opsStage(policy: string, files: Record<string, string> = {}, options: StageOptions = {}) {
  const stage = await startStage(options);
  const name = 'acme/ops';
  const ops = await stage.github.createRepository(name, {
    files: {
      'ostack.yaml': policy,
      'bases/shop/kustomization.yaml': 'resources: []\n',
      [STAGING]: overlay('1.5.0'),
      [PRODUCTION]: overlay('1.4.0'),
      ...files,
    },
  });
  return { stage, ops, name };
}

/** What a runner says to each step of a run of the repository. */
export function stepEnvironment({ stage, name }: { stage: Stage; name: string }): Record<string, string> {
  return {
    GITHUB_REPOSITORY: name,
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_SERVER_URL: stage.serverUrl,
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
  };
}

/** A stage with an ops repository and the ops App on it. */
export async function guardedStage(
  policy: string,
  files: Record<string, string> = {},
  granted = GRANTED,
  options: StageOptions = {},
) {
  const { stage, ops, name } = await opsStage(policy, files, options);
  const { token: signIn, installation } = webTokenOf(stage, 'ostack-ops', granted, [name]);
  const take = async (permissions: object = GRANTED) => {
    const tokens = `POST /app/installations/${installation}/access_tokens`;
    return at((await rest(stage, tokens, { permissions }, signIn)).body, 'token');
  };
  return { stage, ops, name, app: await take(), take };
}

export type Guarded = Awaited<ReturnType<typeof guardedStage>>;

/** Runs the gate as its workflow does. */
export function runGate(
  { stage, name, app }: Guarded,
  env: Record<string, string> = {},
  inputs: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<ActionResult> {
  return runAction({
    action: 'gate',
    inputs: { token: app, 'app-slug': 'ostack-ops', ...inputs },
    env: { ...stepEnvironment({ stage, name }), ...env },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A branch with files, and a pull request of it. @returns its number and its head */
export async function propose(
  { stage, ops, name }: Guarded,
  branch: string,
  files: Record<string, string>,
  more: { base?: string; token?: string } = {},
): Promise<{ number: number; head: string }> {
  const head = await ops.commit(branch, files, branch, ADA);
  return { head, number: await open({ stage, name }, branch, more) };
}

/** Opens a pull request of a branch. @returns its number */
export async function open(
  { stage, name }: Pick<Guarded, 'stage' | 'name'>,
  branch: string,
  { base = 'main', token = stage.token }: { base?: string; token?: string } = {},
): Promise<number> {
  const opened = await rest(stage, `POST /repos/${name}/pulls`, { head: branch, base, title: branch }, token);
  return Number(at(opened.body, 'number'));
}

/** The check runs of a commit by name: `success: Allowed: …`. */
export async function checksOf(
  { stage, name }: Pick<Guarded, 'stage' | 'name'>,
  head: string,
): Promise<Record<string, string>> {
  const { body } = await rest(stage, `GET /repos/${name}/commits/${head}/check-runs`);
  const runs = Array.from({ length: Number(at(body, 'total_count')) }, (_, index) => index);
  return Object.fromEntries(
    runs.map((index) => {
      const run = ['check_runs', index] as const;
      return [at(body, ...run, 'name'), `${at(body, ...run, 'conclusion')}: ${at(body, ...run, 'output', 'title')}`];
    }),
  );
}

/** Somebody's review of a pull request. */
export async function review(
  { stage, name }: Guarded,
  number: number,
  login: string,
  event = 'APPROVE',
): Promise<void> {
  const token = stage.github.issueToken({ actor: login });
  await rest(stage, `POST /repos/${name}/pulls/${number}/reviews`, { event, body: 'x' }, token);
}

export { at, rest };
