import type { RunnerEvent, RunResult } from '../../../src/local/runner/events.js';
import { thisMachine } from '../../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../../src/local/runner/stage-runner.js';
import { type Stage, startStage } from '../../../src/local/stage.js';

/** A stage with a runner, and what the runner said. */
export interface Playground extends AsyncDisposable {
  stage: Stage;
  runner: StageRunner;
  events: RunnerEvent[];
  /** All log lines, with the step's name in front. */
  log(): string[];
}

/** Starts a stage with repositories given as files, and a runner that hears of everything. */
export async function playground(repositories: Record<string, Record<string, string>>): Promise<Playground> {
  const seeds = Object.entries(repositories).map(([name, files]) => [name, { files }]);
  const stage = await startStage({ repositories: Object.fromEntries(seeds) });
  const events: RunnerEvent[] = [];
  const reporter = { report: (event: RunnerEvent) => events.push(event) };
  // These actions are not ours: each has a process of its own, as everywhere but in tests of our bundles.
  const machine = { ...thisMachine(), reusesNode: false };
  const runner = await createRunner(stage, { reporter, machine });
  return {
    stage,
    runner,
    events,
    log: () => events.flatMap((event) => (event.type === 'log' ? [event.text] : [])),
    async [Symbol.asyncDispose]() {
      await runner.close();
      await stage.close();
    },
  };
}

/** Runs one workflow, given as text, with `workflow_dispatch` or another event. */
export async function runWorkflow(
  text: string,
  more: {
    files?: Record<string, string>;
    repositories?: Record<string, Record<string, string>>;
    event?: string;
    inputs?: Record<string, string>;
    secrets?: Record<string, string>;
    vars?: Record<string, string>;
  } = {},
  workflow?: string,
): Promise<{ run: RunResult; log: string[]; events: RunnerEvent[] }> {
  await using ground = await playground({
    'acme/apps': { '.github/workflows/test.yml': text, ...more.files },
    ...more.repositories,
  });
  ground.runner.secrets.set('acme', more.secrets ?? {});
  ground.runner.vars.set('acme/apps', more.vars ?? {});
  const [run] = await ground.runner.dispatch({
    repository: 'acme/apps',
    event: more.event ?? 'workflow_dispatch',
    ...(workflow === undefined ? {} : { workflow }),
    ...(more.inputs === undefined ? {} : { inputs: more.inputs }),
  });
  if (run === undefined) {
    throw new Error('Nothing ran.');
  }
  return { run, log: ground.log(), events: ground.events };
}

/** What became of each job: `{ build: 'success' }`. */
export function conclusions(run: RunResult): Record<string, string> {
  return Object.fromEntries(run.jobs.map((job) => [job.name, job.conclusion]).sort());
}
