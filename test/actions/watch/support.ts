import { type ActionResult, runAction } from '../../support/run-action.js';
import {
  ADA,
  at,
  type Guarded,
  guardedStage,
  open,
  overlay,
  PRODUCTION,
  rest,
  STAGING,
  stepEnvironment,
} from '../gate/support.js';

export const READY = 'ready: { creators: ["acme-flux[bot]"], url: "https://{app}.staging.acme.dev" }';
export const POLICY = `environments:\n  staging: { ${READY} }\n  production: { after: staging }\n`;

/** Beside the overlays, what deploys them. */
const OBJECTS = Object.fromEntries(
  ['staging', 'production'].map((name) => [
    `clusters/${name}/shop.yaml`,
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: shop-${name}, namespace: flux-system }\nspec: { path: ./overlays/${name}/shop, sourceRef: { kind: GitRepository, name: flux-system } }\n`,
  ]),
);

/** What the workflow's own token may do in ops. */
const GRANTED: Record<string, 'read' | 'write'> = {
  ...{ contents: 'read', statuses: 'write', deployments: 'write', pull_requests: 'write', metadata: 'read' },
  actions: 'write',
};
/** What the proposer App may do there. */
const PROPOSES: Record<string, 'read' | 'write'> = {
  ...{ contents: 'write', issues: 'write', pull_requests: 'write', statuses: 'read', metadata: 'read' },
};

/** An ops repository whose staging reports, the apps repository that its app comes from, and the tokens of who is there. */
export interface Watching extends Guarded {
  /** Commits of the apps repository, that of 1.6.0 and that of 1.7.0. */
  sources: string[];
  own: string;
  apps: string;
  proposer: string;
  flux: string;
}

export async function watchingStage(policy = POLICY, files: Record<string, string> = {}): Promise<Watching> {
  const world = await guardedStage(policy, { ...OBJECTS, ...files });
  const { stage, name } = world;
  const apps = await stage.github.createRepository('acme/apps', { files: { 'a.txt': '1' } });
  const sources = [
    await apps.commit('main', { 'a.txt': '2' }, 'a', ADA),
    await apps.commit('main', { 'a.txt': '3' }, 'b', ADA),
  ];
  const token = (actor: string, repository: string, permissions: Record<string, 'read' | 'write'>) =>
    stage.github.issueToken({ actor, startsWorkflows: false, repositories: [repository], permissions });
  return {
    ...{ ...world, sources },
    own: token('github-actions[bot]', name, GRANTED),
    apps: token('ostack-watch[bot]', 'acme/apps', { contents: 'read', deployments: 'write' }),
    proposer: token('ostack-proposer[bot]', name, PROPOSES),
    flux: token('acme-flux[bot]', name, { statuses: 'write' }),
  };
}

/** Runs it as its workflow does. */
export function runWatch(
  { stage, name, own, apps, proposer }: Watching,
  more: { inputs?: Record<string, string>; signal?: AbortSignal | undefined } = {},
): Promise<ActionResult> {
  return runAction({
    action: 'watch',
    inputs: { token: own, 'apps-token': apps, 'rollback-token': proposer, ...more.inputs },
    env: stepEnvironment({ stage, name }),
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  });
}

/** Merges a release into staging, as its pull request would. @returns the commit, and the number */
export async function release(world: Watching, version: string, source: string | undefined) {
  const { stage, name, ops } = world;
  const branch = `ostack/staging/shop-${version}`;
  await ops.commit(branch, { [STAGING]: overlay(version) }, `shop ${version}`, ADA);
  const number = await open(world, branch);
  const trailers = [
    `Ostack-Action: bump`,
    `Ostack-Environment: staging`,
    `Ostack-App: shop`,
    `Ostack-Version: ${version}`,
  ];
  const body = [...trailers, ...(source === undefined ? [] : [`Ostack-Source: acme/apps@${source}`])].join('\n');
  const merge = { merge_method: 'squash', commit_title: `shop ${version}`, commit_message: body };
  const merged = await rest(stage, `PUT /repos/${name}/pulls/${number}/merge`, merge);
  return { number, oid: String(at(merged.body, 'sha')) };
}

/** As Flux's notification controller posts it. */
export async function report(world: Watching, oid: string, state: 'success' | 'failure', token = world.flux) {
  const description = state === 'success' ? 'reconciliation succeeded' : 'health check failed';
  const status = { state, description, context: 'kustomization/shop-staging/3921d3b4' };
  await rest(world.stage, `POST /repos/${world.name}/statuses/${oid}`, status, token);
}

/** The deployments of a repository, oldest first: `staging deploy:shop 1.6.0: pending, success https://…`. */
export async function deployments(world: Watching, repository: string): Promise<string[]> {
  const { body } = await rest(world.stage, `GET /repos/${repository}/deployments`);
  const all = Array.isArray(body) ? body : [];
  const lines = all.map(async (_, index) => {
    const id = at(body, index, 'id');
    const statuses = (await rest(world.stage, `GET /repos/${repository}/deployments/${id}/statuses`)).body;
    const said = (Array.isArray(statuses) ? statuses : []).map((_each, place) =>
      [at(statuses, place, 'state'), at(statuses, place, 'environment_url')].filter((text) => text !== '').join(' '),
    );
    const what = [at(body, index, 'environment'), at(body, index, 'task'), at(body, index, 'payload', 'version')];
    return `${what.join(' ')}: ${said.reverse().join(', ')}`;
  });
  return (await Promise.all(lines)).reverse();
}

/** The texts of the comments on a pull request. */
export async function comments(world: Watching, number: number): Promise<string[]> {
  const { body } = await rest(world.stage, `GET /repos/${world.name}/issues/${number}/comments`);
  return (Array.isArray(body) ? body : []).map((_, index) => String(at(body, index, 'body')));
}

export { overlay, PRODUCTION };
