import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findings } from '../../../src/cli/gate/findings.js';
import { readState } from '../../../src/cli/gate/read-state.js';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { asAda, mendsOf, runSetup } from './gate-stage.js';

const POLICY =
  'roots: { cluster: { environment: production } }\nenvironments: { production: { freeze: [{ cron: "0 16 * * 5", for: 64h }], approvers: [olga] } }\n';
const wantedOf = (name: string, isInfra = true) => ({
  ...{ ops: { owner: 'acme', name }, apps: [], slugs: {} },
  ...(isInfra ? { isInfra } : {}),
});
const onMain = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`.github/workflows/${name}.yml`, 'on: workflow_dispatch\njobs: {}\n']));

let stage: Stage;

beforeAll(async () => {
  const workflows = onMain('plan', 'infra-check', 'infra-gate');
  stage = await startStage({
    repositories: {
      'acme/infra': { files: { 'ostack.yaml': POLICY, ...workflows } },
      'acme/growth-infra': { files: { 'ostack.yaml': POLICY.replace(', approvers: [olga]', ''), ...onMain('plan') } },
      'acme/open': { files: { 'ostack.yaml': 'losses: { approvers: [olga] }\n', ...workflows } },
      'acme/none': { files: workflows },
    },
  });
  for (const name of ['infra', 'growth-infra', 'open', 'none']) {
    stage.github.repository(`acme/${name}`).role('ada', 'admin');
  }
});
afterAll(() => stage.close());

const stateOf = (name: string, isInfra?: boolean) => readState(asAda(stage), wantedOf(name, isInfra));

test('The gate of an infra repository is set up with one App', async () => {
  const { result } = await runSetup(stage, { wanted: wantedOf('infra') });
  expect(result.level).toBe('guarded');
  expect(result.steps).toEqual([
    'Allow auto-merge in the repository',
    'Make the environment "ostack-gate", which admits the branches that it names and nothing else',
    'Let the environment "ostack-gate" admit the branch main',
    'Make the ops App "acme-infra-gate" (one click); its key goes to the environment ostack-gate of acme/infra',
    'Install the ops App on the repository (one click)',
    'Make the first check "oStack / gate", so that GitHub knows its source',
    'Make the ruleset that requires "oStack / gate" of the ops App, for everybody',
  ]);
  expect((await runSetup(stage, { wanted: wantedOf('infra') })).result.steps).toEqual([]);
});

test('It is known by its policy, whatever option names it', async () => {
  const state = await stateOf('infra', false);
  expect([state.isInfra, state.holders.proposer, state.missingWorkflows]).toEqual([true, [], []]);
});

test('Workflows that it lacks are told, with where they are', async () => {
  const found = findings(await stateOf('growth-infra'), mendsOf(stage));
  expect(found.filter(({ text }) => text.includes('has no .github/'))).toEqual(
    ['infra-check', 'infra-gate'].map((name) => ({
      weight: 'open',
      text: `Nothing judges, because main has no .github/workflows/${name}.yml.`,
      mend: 'https://github.com/ostack/actions/tree/main/workflows/infra',
    })),
  );
});

test.each([
  ['infra', []],
  ['open', []],
  ['growth-infra', ['production']],
])('Rules that anybody may change are told of %s', async (name, expected) => {
  expect((await stateOf(name)).changedByAnybody).toEqual(expected);
});

test('A repository whose policy does not tell that it is one of infra is refused', async () => {
  await expect(stateOf('none')).rejects.toThrow(
    'The gate would take acme/none for an ops repository: an infra repository is known by one of the keys roots, tool, stateful and losses of ostack.yaml on its default branch. Add "roots: {}", which finds them as before.',
  );
});
