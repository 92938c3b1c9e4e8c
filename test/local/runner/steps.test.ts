import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from './support.js';

/** A workflow of one job with these steps. */
function workflow(steps: string, job = ''): string {
  const indented = steps.trim().replace(/^/gm, '      ');
  return `on: workflow_dispatch\njobs:\n  a:\n    runs-on: ubuntu-latest\n${job}    steps:\n${indented}\n`;
}

describe('a script', () => {
  test('gives outputs, variables, paths and a summary to what follows', async () => {
    const { run, log } = await runWorkflow(`
on: workflow_dispatch
env: { GREETING: hello }
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { said: "\${{ steps.say.outputs.said }}" }
    steps:
      - id: say
        env: { NAME: world }
        run: |
          echo "said=$GREETING $NAME" >> "$GITHUB_OUTPUT"
          echo "LATER=yes" >> "$GITHUB_ENV"
          mkdir -p "$RUNNER_TEMP/bin"
          printf '#!/bin/sh\\necho tool ran\\n' > "$RUNNER_TEMP/bin/tool"
          chmod +x "$RUNNER_TEMP/bin/tool"
          echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
          echo '# Summary' >> "$GITHUB_STEP_SUMMARY"
      - run: |
          echo "later is $LATER"
          tool
      - run: |
          cat <<'END'
            keeps its \${{ env.GREETING }} indentation
          END
`);
    expect(run.jobs[0]).toMatchObject({
      conclusion: 'success',
      outputs: { said: 'hello world' },
      summary: '# Summary\n',
    });
    expect(log).toEqual(expect.arrayContaining(['later is yes', 'tool ran', '  keeps its hello indentation']));
  });

  test('runs in the shell and the folder that the step, the job or the workflow says', async () => {
    const { log } = await runWorkflow(`
on: workflow_dispatch
defaults: { run: { shell: sh, working-directory: deep } }
jobs:
  a:
    runs-on: ubuntu-latest
    defaults: { run: { working-directory: deep/er } }
    steps:
      - { run: mkdir -p deep/er, working-directory: . }
      - run: echo "in \${PWD##*/work/apps/apps/} of \${0##*/}" | sed 's/[0-9a-f-]*.sh/script/'
      - run: "console.log('node in', process.cwd().split('/').pop())"
        shell: node {0}
        working-directory: deep
      - run: "false | true; echo still here"
        shell: sh
`);
    expect(log).toEqual(expect.arrayContaining(['in deep/er of script', 'node in deep', 'still here']));
  });

  test.each([
    ['fails at the first command that fails', 'false\necho unreachable', 'shell: bash'],
    ['of the shell bash fails in the middle of a pipe', 'false | true', 'shell: bash'],
  ])('%s', async (_, script, shell) => {
    const { run, log } = await runWorkflow(
      workflow(`- run: |\n${script.replace(/^/gm, '    ')}\n  ${shell}\n- run: echo unreachable`),
    );
    expect(run.conclusion).toBe('failure');
    expect(run.jobs[0]?.annotations).toEqual([{ level: 'error', message: 'Process completed with exit code 1.' }]);
    expect(log).not.toContain('unreachable');
  });

  test('without a shell does not see failures inside pipes', async () => {
    const { run } = await runWorkflow(workflow('- run: false | true'));
    expect(run.conclusion).toBe('success');
  });

  test('sees the event, the repository and nothing of the machine but PATH', async () => {
    process.env.OSTACK_SECRET_OF_THE_MACHINE = 'visible';
    try {
      const { log } = await runWorkflow(
        workflow(`
- run: |
    echo "$GITHUB_REPOSITORY $GITHUB_REF $GITHUB_EVENT_NAME \${GITHUB_SHA:+sha} $GITHUB_JOB $CI"
    grep -c full_name "$GITHUB_EVENT_PATH" || true
    echo "machine: [$OSTACK_SECRET_OF_THE_MACHINE] [\${HOME##*/}]"
`),
      );
      expect(log).toEqual(
        expect.arrayContaining(['acme/apps refs/heads/main workflow_dispatch sha a true', 'machine: [] [home]']),
      );
    } finally {
      delete process.env.OSTACK_SECRET_OF_THE_MACHINE;
    }
  });
});

describe('conditions and results', () => {
  test('follow the status of the steps before', async () => {
    const { run } = await runWorkflow(
      workflow(`
- { id: ok, run: "true" }
- { id: tolerated, run: exit 1, continue-on-error: true }
- { id: after-tolerated, run: "true" }
- { id: no, run: "true", if: "steps.ok.outcome == 'failure'" }
- { id: broken, run: exit 1 }
- { id: skipped, run: "true" }
- { id: on-failure, run: "true", if: failure() }
- { id: on-condition, run: "true", if: "failure() && steps.tolerated.outcome == 'failure' && steps.tolerated.conclusion == 'success'" }
- { id: always, run: "true", if: always() }
- { id: not-cancelled, run: "true", if: "!cancelled()" }
`),
    );
    const results = run.jobs[0]?.steps.map((step) => `${step.id}: ${step.outcome}, ${step.conclusion}`);
    expect(results).toEqual([
      'ok: success, success',
      'tolerated: failure, success',
      'after-tolerated: success, success',
      'no: skipped, skipped',
      'broken: failure, failure',
      'skipped: skipped, skipped',
      'on-failure: success, success',
      'on-condition: success, success',
      'always: success, success',
      'not-cancelled: success, success',
    ]);
    expect(run.conclusion).toBe('failure');
  });

  test('a step and a job that take too long are ended', async () => {
    const { run } = await runWorkflow(workflow('- { name: Slow, run: sleep 30, timeout-minutes: 0.002 }'));
    expect(run.jobs[0]?.annotations).toEqual([
      { level: 'error', message: "The action 'Slow' has timed out after 0.002 minutes." },
    ]);
    const job = await runWorkflow(workflow('- run: sleep 30', '    timeout-minutes: 0.002\n'));
    expect(job.run.conclusion).toBe('failure');
    expect(job.run.jobs[0]?.annotations).toContainEqual({
      level: 'error',
      message: 'The job has exceeded the maximum execution time of 0.002m0s',
    });
  });

  test('what a step leaves running is ended with it', async () => {
    const { run, log } = await runWorkflow(workflow('- run: sleep 60 & echo started'));
    expect(run.conclusion).toBe('success');
    expect(log).toContain('started');
  });
});

describe('what a step prints', () => {
  test('makes annotations and groups', async () => {
    const { run, events } = await runWorkflow(
      workflow(`
- run: |
    echo "::group::Details"
    echo inside
    echo "::endgroup::"
    echo "::error file=src/a.ts,line=3,col=5,title=Broken::It is%0Abroken"
    echo "::notice::By the way"
`),
    );
    expect(run.jobs[0]?.annotations).toEqual([
      { level: 'error', file: 'src/a.ts', line: 3, column: 5, title: 'Broken', message: 'It is\nbroken' },
      { level: 'notice', message: 'By the way' },
    ]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'group', title: 'Details' }));
  });

  test('hides secrets, masked values and the token, and job outputs with them are left out', async () => {
    const { run, log } = await runWorkflow(
      `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { secret: "x\${{ secrets.KEY }}", plain: fine }
    steps:
      - env: { KEY: "\${{ secrets.KEY }}", TOKEN: "\${{ github.token }}" }
        run: |
          echo "key $KEY token $TOKEN"
          echo "::add-mask::made-up"
          echo "a made-up value" | tee -a "$GITHUB_STEP_SUMMARY"
`,
      { secrets: { KEY: 'hunter22' } },
    );
    expect(log).toEqual(expect.arrayContaining(['key *** token ***', 'a *** value']));
    expect(run.jobs[0]).toMatchObject({ outputs: { plain: 'fine' }, summary: 'a *** value\n' });
    expect(run.jobs[0]?.annotations).toEqual([
      { level: 'warning', message: "Skip output 'secret' since it may contain secret." },
    ]);
  });

  test('that GitHub refuses fails the step', async () => {
    const { run } = await runWorkflow(workflow('- run: echo nonsense >> "$GITHUB_OUTPUT"'));
    expect(run.jobs[0]?.annotations).toEqual([
      { level: 'error', message: "Unable to process file command 'output' successfully." },
      { level: 'error', message: "Invalid format 'nonsense'" },
    ]);
    expect(run.conclusion).toBe('failure');
  });
});
