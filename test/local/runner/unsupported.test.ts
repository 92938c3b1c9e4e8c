import { expect, test } from '@jest/globals';
import { runWorkflow } from './support.js';

const job = (keys: string) =>
  `on: workflow_dispatch\njobs:\n  a:\n    runs-on: ubuntu-latest\n${keys}    steps: [{ run: "true" }]\n`;

test.each([
  [
    job('    container: node:24\n'),
    '.github/workflows/test.yml:5:16: "container" of job "a" is not supported by the local runner.',
  ],
  [
    job('    services: { db: { image: postgres } }\n'),
    '.github/workflows/test.yml:5:15: "services" of job "a" is not supported by the local runner.',
  ],
  [
    job('').replace('ubuntu-latest', 'windows-latest'),
    '.github/workflows/test.yml:4:14: "runs-on: windows-latest" is not supported by the local runner.',
  ],
  [job('    typo: 1\n'), ".github/workflows/test.yml:5:5: Unexpected value 'typo'"],
  [
    job('').replace('run: "true"', 'run: "true", shell: pwsh'),
    '.github/workflows/test.yml:5:13: "shell: pwsh" is not supported by the local runner.',
  ],
])('%s', async (workflow, message) => {
  const { problem } = await attempt(workflow);
  expect(problem).toBe(message);
});

/** Runs a workflow that cannot run, and returns the one sentence that says so, wherever it is said. */
async function attempt(workflow: string): Promise<{ problem: string | undefined }> {
  try {
    const { run } = await runWorkflow(workflow, {}, 'test.yml');
    expect(run.conclusion).toBe('failure');
    return { problem: [...run.annotations, ...run.jobs.flatMap(({ annotations }) => annotations)][0]?.message };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
