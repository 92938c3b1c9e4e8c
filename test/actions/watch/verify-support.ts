import type { RunReport } from '../../../src/local/github/world/runs.js';
import { at, rest } from '../gate/support.js';
import { type Watching, watchingStage } from './support.js';

const VERIFY = 'verify: { workflow: smoke.yml, inputs: { change: "{change}", version: "{version}" } }';
const READY = 'ready: { creators: ["acme-flux[bot]"] }';
const SMOKE = `name: Smoke
run-name: Smoke \${{ inputs.change }}
on: { workflow_dispatch: { inputs: { change: { type: string }, version: { type: string } } } }
jobs: { smoke: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`;

/** A staging that verifies what is live by a workflow, and what is done there about what fails. */
export const verified = (onFailure = 'rollback') =>
  `environments:\n  staging: { cd: true, ${READY}, ${VERIFY}, on-failure: ${onFailure} }\n`;

export interface Verifying extends Watching {
  /** The runs of the workflow: their names. */
  runs: string[];
}

/** The stage of a watched environment, and a runner that names the runs of the workflow, and ends them when it is told. */
export async function verifyingStage(policy = verified()): Promise<Verifying> {
  const world = await watchingStage(policy, { '.github/workflows/smoke.yml': SMOKE });
  const runs: string[] = [];
  world.stage.github.on((event) => {
    const inputs = event.payload.inputs;
    if (event.name === 'workflow_dispatch' && event.run !== undefined && typeof inputs === 'object') {
      const title = `Smoke ${at(inputs, 'change')}`;
      runs.push(`${title}: ${at(inputs, 'version')}`);
      void world.ops.reportRun(runOf(event.run, title, event.sha ?? ''));
    }
  });
  return { ...world, runs };
}

function runOf(id: number, title: string, headSha: string): RunReport {
  return {
    ...{ id, number: 1, attempt: 1, title, workflow: 'Smoke', file: '.github/workflows/smoke.yml', headSha },
    ...{ event: 'workflow_dispatch', actor: 'github-actions[bot]', triggeringActor: 'github-actions[bot]' },
    ...{ status: 'queued', conclusion: null, headBranch: 'main', headRepository: 'acme/ops' },
    ...{ pulls: [], referenced: [], annotations: [], jobs: [] },
  };
}

/** Ends the newest run of the workflow. */
export async function endRun({ stage, name, ops }: Verifying, conclusion: string): Promise<void> {
  const { body } = await rest(stage, `GET /repos/${name}/actions/workflows/smoke.yml/runs`);
  const run = ['workflow_runs', 0] as const;
  const [id, title, sha] = [at(body, ...run, 'id'), at(body, ...run, 'display_title'), at(body, ...run, 'head_sha')];
  await ops.reportRun({ ...runOf(Number(id), String(title), String(sha)), status: 'completed', conclusion });
}
