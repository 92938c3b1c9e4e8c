import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunResult } from '../../src/local/runner/events.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { installDefaultApp, publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, seededDelays, startStage } from '../../src/local/stage.js';

/** A run through the runner takes a second or two. */
const PATIENCE_MS = 60_000;
const STARTERS = join(import.meta.dirname, '../../workflows/ops');
const VERBS = ['promote', 'rollback', 'hold', 'lift-hold', 'onboard', 'lift', 'override'];
const PATCH = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { replicas: 3 }\n';

const at = (environment: string, file = 'kustomization.yaml', app = 'shop') => `overlays/${environment}/${app}/${file}`;
const overlay = (app: string, version: string) =>
  `resources: [../../../bases/${app}]\npatches:\n  - path: limits.yaml\nimages:\n  - name: ghcr.io/acme/${app}\n    newTag: ${version}\n`;
const base = (app: string) => ({
  [`bases/${app}/kustomization.yaml`]: 'resources: [deployment.yaml]\n',
  [`bases/${app}/deployment.yaml`]: `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${app} }\nspec: { template: { spec: { containers: [{ name: ${app}, image: ghcr.io/acme/${app} }] } } }\n`,
});

/** Builds the same whatever it is given: kustomize itself has tests of its own. */
const KUSTOMIZE = '#!/bin/sh\nprintf "apiVersion: v1\\nkind: Service\\nmetadata: { name: shop }\\n"\n';

let stage: Stage;
let runner: StageRunner;
let ops: LocalRepository;
let tools: string;

beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'ostack-operators-'));
  await writeFile(join(tools, 'kustomize'), KUSTOMIZE);
  await chmod(join(tools, 'kustomize'), 0o755);
  stage = await startStage({ delays: seededDelays(7) });
  await publishActions(stage);
  await stage.github.createRepository('acme/apps', { files: { 'apps/mailer/Dockerfile': 'FROM scratch\n' } });
  const limits = PATCH.replace('replicas: 3', 'minReadySeconds: 5');
  const starters = await Promise.all(
    VERBS.map(async (verb) => [`.github/workflows/${verb}.yml`, await readFile(join(STARTERS, `${verb}.yml`), 'utf8')]),
  );
  ops = await stage.github.createRepository('acme/ops', {
    files: {
      ...{ 'ostack.yaml': 'environments:\n  staging: {}\n  production: { after: staging }\n' },
      ...{ ...base('shop'), ...base('mailer'), ...Object.fromEntries(starters) },
      ...{ [at('staging')]: overlay('shop', '1.3.0'), [at('staging', 'limits.yaml')]: limits },
      ...{ [at('production')]: overlay('shop', '1.3.0'), [at('production', 'limits.yaml')]: limits },
      [at('staging', 'kustomization.yaml', 'mailer')]: overlay('mailer', '0.4.0').replace(/patches:\n.*\n/, ''),
    },
  });
  const person = { name: 'Ada', email: 'ada@acme.dev' };
  await ops.commit('main', { [at('staging')]: overlay('shop', '1.4.0') }, 'shop 1.4.0', person);
  const machine = thisMachine();
  runner = await createRunner(stage, {
    machine: { ...machine, path: [tools, machine.path].join(delimiter) },
    automatic: false,
  });
  installDefaultApp(runner, ['acme/apps', 'acme/ops']);
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
  await rm(tools, { recursive: true, force: true });
});

/** *Run workflow*, with what is filled into its form. */
async function run(verb: string, inputs: Record<string, string | boolean>): Promise<RunResult | undefined> {
  const [result] = await runner.dispatch({
    ...{ repository: 'acme/ops', event: 'workflow_dispatch', workflow: `${verb}.yml`, actor: 'olga', inputs },
  });
  expect(runner.problems).toEqual([]);
  return result;
}

const branches = async () => Object.keys(await ops.refs()).map((ref) => ref.replace('refs/heads/', ''));

describe('From the form of its starter, through the reusable workflow,', () => {
  test.each<[string, Record<string, string | boolean>, string]>([
    ['promote', { to: 'production', from: '1.4.0', apps: 'shop', 'dry-run': false }, 'ostack-promote/production'],
    [
      'override',
      { app: 'shop', environment: 'staging', intent: 'replicas', patch: PATCH },
      'ostack-override/staging/shop/replicas',
    ],
    ['onboard', { app: 'mailer', environment: 'production' }, 'ostack-onboard/production/mailer'],
    ['lift', { app: 'shop', patch: 'limits' }, 'ostack-lift/shop'],
  ])(
    '%s opens its pull request',
    async (verb, inputs, branch) => {
      expect((await run(verb, inputs))?.conclusion).toBe('success');
      expect(await branches()).toContain(branch);
      const [commit] = await ops.log(branch);
      expect(commit?.message).toContain(`Ostack-Action: ${verb}`);
      expect(commit?.message).toContain('Ostack-By: olga');
    },
    PATIENCE_MS,
  );

  test(
    'rollback commits at once and holds, and lift-hold ends that',
    async () => {
      const inputs = { environment: 'staging', app: 'shop' };
      const back = await run('rollback', { ...inputs, reason: 'Checkout fails', direct: true });
      expect(back?.conclusion).toBe('success');
      expect(await ops.read('main', at('staging'))).toBe(overlay('shop', '1.3.0'));
      expect(await ops.read('main', '.ostack/holds.yaml')).toContain('reason: Checkout fails');
      expect((await run('lift-hold', { ...inputs, reason: 'It was the network' }))?.conclusion).toBe('success');
      expect(await ops.read('main', '.ostack/holds.yaml')).not.toContain('Checkout fails');
    },
    PATIENCE_MS,
  );

  test(
    'hold stops everything by one commit, and lift-hold lets it go on',
    async () => {
      const all = { environment: '*', app: '*', reason: 'Database is down' };
      expect((await run('hold', all))?.conclusion).toBe('success');
      expect(await ops.read('main', '.ostack/holds.yaml')).toContain('app: "*"\n');
      expect((await run('lift-hold', all))?.conclusion).toBe('success');
      expect(await ops.read('main', '.ostack/holds.yaml')).not.toContain('app: "*"\n');
    },
    PATIENCE_MS,
  );

  test(
    'a dry run writes nothing, and what is refused fails the run',
    async () => {
      const before = await ops.refs();
      const inputs = { environment: 'staging', app: 'mailer', intent: 'replicas' };
      const mailer = PATCH.replace('name: shop', 'name: mailer');
      expect((await run('override', { ...inputs, patch: mailer, 'dry-run': true }))?.conclusion).toBe('success');
      expect((await run('override', { ...inputs, patch: PATCH }))?.conclusion).toBe('failure');
      expect(await ops.refs()).toEqual(before);
    },
    PATIENCE_MS,
  );
});
