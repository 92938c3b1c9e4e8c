import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { starter } from '../../src/local/starter.js';
import { LABEL } from '../actions/merge-due/support.js';
import { at, rest } from '../local/github/support.js';

const PATIENCE_MS = 90_000;
const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const ops = '/repos/acme/ops';
const job = (name: string) => `{ name: ${name}, runs-on: ubuntu-latest, permissions: {}, steps: [{ run: "true" }] }`;
/** Stands for the check, which is another workflow with a test of its own: all that counts is its name. */
const CHECK = `name: Ops check
on: { pull_request: , push: { branches: [main] }, workflow_dispatch: }
permissions: {}
jobs: { check: ${job('Ops check / Check')} }
`;

let stage: Stage;
let runner: StageRunner;
let repository: LocalRepository;

beforeAll(async () => {
  stage = await startStage();
  await publishActions(stage);
  repository = await stage.github.createRepository('acme/ops', {
    files: {
      'ostack.yaml': 'environments:\n  staging: {}\n',
      'bases/shop/kustomization.yaml': 'resources: []\n',
      'overlays/staging/shop/kustomization.yaml': 'images:\n- name: ghcr.io/acme/shop\n  newTag: 1.5.0\n',
      '.github/workflows/ops-check.yml': CHECK,
      '.github/workflows/merge-due.yml': await starter('ops/merge-due'),
    },
  });
  runner = await createRunner(stage, { machine: thisMachine() });
}, PATIENCE_MS);

afterAll(async () => {
  await runner.close();
  await stage.close();
});

/** Runs so far: workflow, event and how it ended. */
const runs = () => runner.runs.map(({ workflow, event, conclusion }) => `${workflow}: ${event} ${conclusion}`);

test(
  'From its starter, a pull request is merged after its check, and what a push starts is started once',
  async () => {
    await repository.commit('topic', { 'docs/a.md': 'a\n' }, 'topic', ADA);
    await runner.idle();
    const before = runs().length;
    const opened = await rest(stage, `POST ${ops}/pulls`, { head: 'topic', base: 'main', title: 'topic' });
    const number = at(opened.body, 'number');
    await rest(stage, `POST ${ops}/issues/${number}/labels`, { labels: [LABEL] });
    await runner.idle();
    expect(runner.problems).toEqual([]);
    expect(at((await rest(stage, `GET ${ops}/pulls/${number}`)).body, 'merged')).toBe('true');
    // The check of the pull request, the merge after it, the check of the merge, and a look after that.
    expect(runs().slice(before).sort()).toEqual([
      'Merge what is due: workflow_run success',
      'Merge what is due: workflow_run success',
      'Ops check: pull_request success',
      'Ops check: workflow_dispatch success',
    ]);
  },
  PATIENCE_MS,
);
