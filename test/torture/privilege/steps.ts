/** The steps of the reusable workflows that hold a token, each on the smallest stage where it uses all of it. */
import { randomUUID } from 'node:crypto';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { withPendingDelivery } from '../../../src/release/delivery.js';
import { OPS_FILES, opsStage } from '../../actions/bump-ops-overlay/support.js';
import {
  type PreviewStage,
  opsFiles as policyOf,
  previewStage,
  runWith,
  type TestPull,
  website,
} from '../../actions/create-preview-env/support.js';
import { overlay, PRODUCTION } from '../../actions/gate/support.js';
import { propose as proposeDue, runMergeDue, unguardedStage } from '../../actions/merge-due/support.js';
import { opsFiles, promote } from '../../actions/promote/support.js';
import { deployedStage, run as runHeld } from '../../actions/rollback/support.js';
import { fleetStage } from '../../actions/single-proposals/support.js';
import { startScenario } from '../../actions/tag-release/support/scenario.js';
import { release, report, runWatch, watchingStage } from '../../actions/watch/support.js';
import { runAction } from '../../support/run-action.js';
import { quarantineStage } from '../quarantine-stage.js';
import { checkGround } from './check-ground.js';
import { commandGround } from './command-ground.js';
import { auditGround, gateGround } from './gate-ground.js';
import { imagesStep } from './images-step.js';
import { materializeStep } from './materialize-step.js';
import { type Ground, LABELS, OF_THE_JOB, type Step } from './missing.js';
import { served } from './served-steps.js';

const APPS = ['acme/apps'];
const OPS = ['acme/ops'];
const FLEET = ['acme/fleet'];
/** Without them an image is not proven, and so not let in: that is said of each pull request. */
const EVIDENCE = ['apps-token actions', 'apps-token contents'];

const apps: readonly Step[] = [
  {
    place: 'release.yml/test/tag-release',
    reach: { 'github-token': ['acme/shop'] },
    ground: () => tagGround({ 'dry-run': 'true', 'track-delivery': 'true' }),
  },
  {
    place: 'release.yml/release/tag-release',
    reach: { 'github-token': ['acme/shop'] },
    told: ['github-token pull-requests'],
    ground: () => tagGround({ 'track-delivery': 'true' }),
  },
  {
    place: 'release.yml/bump/bump-ops-overlay',
    reach: { token: OPS, 'apps-token': APPS },
    told: [LABELS, 'apps-token contents'],
    async ground() {
      const world = await opsStage(OPS_FILES);
      return of(world, (tokens) => world.bump(tokens));
    },
  },
  {
    place: 'release.yml/record/record-delivery',
    reach: { 'github-token': APPS },
    ground: deliveryGround,
  },
  ...[
    'pull-request.yml/preview',
    'pull-request.yml/cleanup',
    'fork-preview.yml/preview',
    'preview-command.yml/command',
  ].map((job) => ({
    place: `${job}/find-ops-repository`,
    reach: { 'github-token': APPS },
    unused: ['actions', 'deployments', 'packages', 'pull-requests'].map((name) => `github-token ${name}`),
    ground: settingsGround,
  })),
  imagesStep,
  {
    place: 'fork-preview.yml/preview/quarantine-images',
    reach: { token: OPS, 'github-token': APPS },
    reads: ['token contents'],
    // Who may fork an apps repository may read it, and so may every token.
    unused: OF_THE_JOB,
    async ground() {
      const world = await quarantineStage();
      return of(world, (tokens) => world.run(tokens));
    },
  },
  {
    place: 'pull-request.yml/preview/create-preview-env',
    reach: { token: OPS, 'github-token': APPS },
    told: ['github-token deployments'],
    toldAtRead: ['github-token pull-requests'],
    async ground() {
      const site = await website({ status: 200 });
      const url = `http://{app}.{name}.preview.test:${site.port}`;
      const world = await previewStage(policyOf(`previews: { host: staging, reconciler: flux, url: "${url}" }`));
      let pull = await world.openPull('change');
      const dispose = () => Promise.all([world[Symbol.asyncDispose](), site[Symbol.asyncDispose]()]).then(() => {});
      const create = async (tokens: Record<string, string>) => {
        pull = await world.push(pull);
        return world.create(pull, { wait: 'true', ...tokens });
      };
      return of({ stage: world.stage, [Symbol.asyncDispose]: dispose }, create);
    },
  },
  {
    place: 'pull-request.yml/cleanup/cleanup-preview-env',
    reach: { token: OPS, 'github-token': APPS },
    told: ['github-token deployments'],
    toldAtRead: ['github-token pull-requests'],
    async ground() {
      const world = await previewStage();
      return of(world, async (tokens) => world.cleanup(await closedPull(world), tokens));
    },
  },
  {
    place: 'preview-command.yml/command/preview-command',
    reach: { token: OPS, 'github-token': APPS },
    told: ['github-token deployments'],
    ground: commandGround,
  },
];

const operations: readonly Step[] = [
  {
    place: 'previews.yml/sweep/cleanup-preview-env',
    reach: { token: OPS, 'github-token': APPS },
    told: ['contents', 'pull-requests', 'deployments'].map((name) => `github-token ${name}`),
    async ground() {
      const world = await previewStage();
      const event = { name: 'schedule', payload: {} };
      return of(world, async (tokens) => {
        await closedPull(world);
        return runWith(world.stage, 'acme/ops', 'cleanup-preview-env', event, { mode: 'sweep', ...tokens });
      });
    },
  },
  {
    place: 'promote.yml/promote/promote',
    reach: { token: OPS, 'apps-token': APPS, 'reports-token': OPS },
    told: [LABELS, 'apps-token contents'],
    // Where the policy says what reports; and the job's own token has what the one of the App lacks where there is none.
    unused: ['contents', 'statuses', 'issues', 'pull-requests'].map((name) => `reports-token ${name}`),
    async ground() {
      const world = await opsStage(opsFiles());
      return of(world, (tokens) => promote(world, { apps: 'my-app', 'apps-repository': 'acme/apps', ...tokens }));
    },
  },
  ...['rollback', 'lift-hold'].map((verb) => ({
    place: `${verb}.yml/${verb}/${verb}`,
    reach: { token: OPS },
    told: [LABELS],
    async ground() {
      const world = await deployedStage();
      if (verb === 'rollback') {
        return of(world, (tokens) => runHeld(world, 'rollback', { merge: 'false', ...tokens }));
      }
      await runHeld(world, 'rollback', { direct: 'true' });
      return of(world, (tokens) => runHeld(world, 'lift-hold', { direct: 'false', merge: 'false', ...tokens }));
    },
  })),
  {
    place: 'hold.yml/hold/hold',
    reach: { token: OPS },
    told: [LABELS],
    async ground() {
      const world = await deployedStage();
      return of(world, (tokens) => runHeld(world, 'hold', { direct: 'false', merge: 'false', ...tokens }));
    },
  },
  {
    place: 'onboard.yml/onboard/onboard',
    reach: { token: FLEET, 'apps-token': APPS },
    told: [LABELS],
    async ground() {
      const world = await fleetStage();
      const app = {
        app: 'mailer',
        environment: 'dev',
        group: 'apps',
        version: '0.4.0',
        'apps-repository': 'acme/apps',
        // What is merged has nobody to do again.
        merge: 'false',
      };
      return of(world, (tokens) => world.run('onboard', { ...app, ...tokens }));
    },
  },
  {
    place: 'override.yml/override/override',
    reach: { token: FLEET },
    told: [LABELS],
    async ground() {
      const world = await fleetStage();
      const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tracking-api\nspec:\n  replicas: 3';
      const what = { app: 'tracking', environment: 'staging-eu', intent: '_replicas.yaml', patch };
      return of(world, (tokens) => world.run('override', { ...what, reason: 'load', ...tokens }));
    },
  },
  {
    place: 'ops-check.yml/check/check-ops',
    reach: { token: OPS, 'members-token': OPS },
    told: ['members-token members'],
    ground: checkGround,
  },
  ...['gate', 'again'].map((job) => ({
    place: `ops-gate.yml/${job}/gate`,
    reach: { token: OPS, 'members-token': OPS, 'apps-token': APPS },
    told: ['members-token members', ...EVIDENCE],
    // One is for pull requests that a run of ours made, the other for checks of others on a head.
    unused: ['token actions', 'token statuses'],
    ground: gateGround,
  })),
  {
    place: 'merge-due.yml/merge-due/merge-due',
    reach: { token: OPS, 'members-token': OPS },
    told: ['members-token members'],
    // One is for what a workflow's token merged, the others are one for GitHub where both are asked for at once.
    unused: ['token actions', 'token checks', 'token statuses'],
    reads: ['token pull-requests'], // It writes where it turns auto-merge on.
    ground: mergeDueGround,
  },
  {
    place: 'ops-gate.yml/audit/audit',
    reach: { token: OPS, 'report-token': OPS, 'revert-token': OPS, 'members-token': OPS, 'apps-token': APPS },
    told: ['members-token members', ...EVIDENCE],
    unused: ['token actions', 'token statuses', 'token checks'],
    ground: auditGround,
  },
  {
    place: 'notify.yml/notify/notify',
    reach: { token: OPS },
    ground: notifyGround,
  },
  {
    place: 'ops-status.yml/status/status',
    reach: { token: OPS },
    told: ['token issues'],
    unused: ['token statuses'], // The same.
    async ground() {
      const world = await opsStage(OPS_FILES);
      return of(world, (tokens) => runAction({ action: 'status', inputs: tokens, env: env(world.stage, 'acme/ops') }));
    },
  },
];

const watchStep: Step = {
  place: 'ops-watch.yml/watch/watch',
  reach: { token: OPS, 'apps-token': APPS, 'rollback-token': OPS },
  told: ['token statuses', 'apps-token contents', 'apps-token deployments'],
  // Nothing is verified or fails here, and a comment is written as one of issues.
  reads: ['token contents', 'token statuses', 'token pull-requests'],
  unused: [
    'token actions',
    'token issues',
    ...['contents', 'issues', 'pull-requests'].map((name) => `rollback-token ${name}`),
  ],
  ground: watchGround,
};

/** All but `lift`, which needs kustomize. */
export const steps: readonly Step[] = [...apps, ...operations, watchStep, materializeStep, ...served];

export const lift: Step = {
  place: 'lift.yml/lift/lift',
  reach: { token: FLEET },
  told: [LABELS],
  async ground() {
    const world = await fleetStage();
    return of(world, (tokens) => world.run('lift', { app: 'tracking', ...tokens }, { PATH: process.env.PATH ?? '' }));
  },
};

/** A release each time, which goes live. */
async function watchGround(): Promise<Ground> {
  const world = await watchingStage();
  return ofStage(world.stage, async (tokens) => {
    const apps = world.stage.github.repository('acme/apps');
    const source = await apps.commit('main', { 'a.txt': randomUUID() }, 'a');
    const { oid } = await release(world, `1.6.0-${randomUUID()}`, source);
    await report(world, oid, 'success');
    return runWatch(world, { inputs: tokens });
  });
}

/** A pull request that is due, and one into an environment that a team approves. */
async function mergeDueGround(): Promise<Ground> {
  const policy = 'environments:\n  staging: {}\n  production: { approvals: 1, approvers: [acme/leads] }\n';
  const world = await unguardedStage(policy);
  world.stage.github.setTeam('acme/leads', ['grace']);
  return ofStage(world.stage, async (tokens) => {
    await proposeDue(world, `docs-${randomUUID()}`, { [`docs/${randomUUID()}.md`]: 'a\n' });
    await proposeDue(world, `change-${randomUUID()}`, { [PRODUCTION]: overlay(`1.5.0-${randomUUID()}`) });
    await world.stage.github.passTime();
    return runMergeDue(world, { inputs: tokens });
  });
}

/** A new version each time, and a receiver that cannot be reached, which is no failure. */
async function notifyGround(): Promise<Ground> {
  const stage = await startStage();
  const ops = await stage.github.createRepository('acme/ops', { files: OPS_FILES });
  const given = { receivers: 'hook: { webhook: HOOK }', secrets: 'HOOK=http://127.0.0.1:9/\n' };
  return ofStage(stage, async (tokens) => {
    await ops.commit('main', { [PRODUCTION]: overlay(`1.5.0-${randomUUID()}`) }, 'another version');
    return runAction({ action: 'notify', inputs: { ...given, ...tokens }, env: env(stage, 'acme/ops') });
  });
}

/** A pull request that had a preview, and is closed now. */
async function closedPull(world: PreviewStage): Promise<TestPull> {
  const pull = await world.openPull(`change-${randomUUID()}`);
  // Only what a bot wrote is taken for a comment of ours.
  const token = world.stage.github.issueToken({ actor: 'acme[bot]' });
  await world.create(pull, { token, 'github-token': token });
  await world.closePull(pull);
  return pull;
}

async function tagGround(inputs: Record<string, string>): Promise<Ground> {
  const scenario = await startScenario({ 'apps/cart/Dockerfile': 'FROM scratch\n' });
  await scenario.mergePullRequest({
    ...{ branch: 'cards', title: 'feat: cards', method: 'squash' },
    commits: [{ message: 'feat: cards', files: { 'apps/cart/a.txt': '1' } }],
  });
  return of(scenario, ({ 'github-token': token = '' }) => scenario.run({ token, inputs }));
}

async function deliveryGround(): Promise<Ground> {
  const stage = await startStage({ repositories: { 'acme/apps': { files: { 'README.md': 'Apps\n' } } } });
  const release = { tag_name: 'shop-v1.4.0', body: withPendingDelivery('## Features\n\n- Cards\n') };
  await fetch(`${stage.apiUrl}/repos/acme/apps/releases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(release),
  });
  const app = { app: 'shop', version: '1.4.0', tag: 'shop-v1.4.0', previous: null, level: 'minor' };
  const made = [{ ...app, sha: 'a'.repeat(40), notes: '', url: '', created: true }];
  return ofStage(stage, (tokens) =>
    runAction({
      action: 'record-delivery',
      inputs: { releases: JSON.stringify(made), images: '[]', 'pull-requests': '[]', ...tokens },
      env: env(stage, 'acme/apps'),
    }),
  );
}

async function settingsGround(): Promise<Ground> {
  const stage = await startStage({
    repositories: { 'acme/apps': { files: { 'ostack.yaml': 'workspace: growth\n' } } },
  });
  return ofStage(stage, (tokens) =>
    runAction({ action: 'find-ops-repository', inputs: tokens, env: env(stage, 'acme/apps') }),
  );
}

function env(stage: Stage, repository: string): Record<string, string> {
  return {
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    GITHUB_SERVER_URL: stage.serverUrl,
    GITHUB_REPOSITORY: repository,
    GITHUB_SHA: 'a'.repeat(40),
  };
}

function ofStage(stage: Stage, run: Ground['run']): Ground {
  return of({ stage, [Symbol.asyncDispose]: () => stage.close() }, run);
}

function of(world: Pick<Ground, 'stage' | typeof Symbol.asyncDispose>, run: Ground['run']): Ground {
  return { stage: world.stage, run, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}
