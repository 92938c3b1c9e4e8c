import { findHelm } from '../../ops/render/run-helm.js';
import type { StageRunner } from '../runner/stage-runner.js';
import type { Stage } from '../stage.js';
import { mergePullRequest, openPullRequests, runWorkflow } from './people.js';
import { openPets, PET_ENVIRONMENTS, PETS, type Pets, renderedVersion } from './pets.js';
import type { Terminal } from './terminal.js';

/** Does something, waits for the workflows that it starts, and prints their results below a heading. */
export type Step = (heading: string, act: () => Promise<unknown>) => Promise<unknown>;

/**
 * The scene of a company that renders its manifests: applications with definitions and a branch for each environment, and a cluster
 * whose branches are rendered from them. Where the machine has no helm, one sentence says so.
 */
export async function playDefinitions(
  terminal: Terminal,
  stage: Stage,
  runner: StageRunner,
  step: Step,
): Promise<void> {
  terminal.line();
  if ((await findHelm()) === undefined) {
    terminal.line('Branches that are rendered from definitions are left out here, because this machine has no helm.');
    return;
  }
  terminal.line(terminal.paint('bold', 'Another company renders its manifests'));
  terminal.line();
  terminal.line(
    'Pets has a repository for each application, cat and dog, with its definition and the branches dev, stage and',
  );
  terminal.line('prod. The cluster takes them in, and deploys the branches env/dev, env/stage and env/prod.');
  const pets = await openPets(stage, runner, { shown: false });
  const cat = pets.applications.get('cat') ?? pets.cluster;
  await step('zoe pins what the cluster is made of, and it is rendered for the first time', () =>
    runWorkflow(stage, pets.cluster, 'zoe', 'materialize-update.yml', {}),
  );
  await step('cat 1.1.0 is released: its branch dev has it, tells the cluster, and that follows', () =>
    runWorkflow(stage, cat, 'zoe', 'deliver.yml', { version: '1.1.0' }),
  );
  await step('zoe promotes cat to stage, by the merge of its branch dev', () =>
    runWorkflow(stage, pets.cluster, 'zoe', 'promote.yml', { to: 'stage', apps: 'cat' }),
  );
  await step('zoe reads it, and merges it', async () => {
    const pull = (await openPullRequests(stage, cat)).get('dev');
    if (pull === undefined) {
      throw new Error('No pull request from dev is open.');
    }
    await mergePullRequest(stage, cat, 'zoe', pull, 'merge');
  });
  await showBranches(terminal, pets);
}

async function showBranches(terminal: Terminal, pets: Pets): Promise<void> {
  terminal.line();
  terminal.line(terminal.paint('bold', 'What is rendered, as the branches of the cluster have it'));
  terminal.line();
  const rows = PET_ENVIRONMENTS.map(async (environment) => [
    `env/${environment}`,
    ...(await Promise.all(PETS.map(async (app) => (await renderedVersion(pets, environment, app)) ?? '-'))),
    `${(await pets.cluster.log(`env/${environment}`)).length}`,
  ]);
  terminal.table([['branch', ...PETS, 'commits'], ...(await Promise.all(rows))]);
}
