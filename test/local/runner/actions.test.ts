import { describe, expect, test } from '@jest/globals';
import { runWorkflow } from './support.js';

const script = (body: string) => `import { appendFileSync } from 'node:fs';\n${body}\n`;
const action = (runs: string) => `
name: Probe
description: Probe
inputs:
  who: { description: who, default: "\${{ github.actor }}" }
  some-thing: { description: hyphens stay }
outputs: { greeting: { description: what was said } }
runs: ${runs}
`;

describe('a JavaScript action', () => {
  const files = {
    'probe/action.yml': action('{ using: node24, main: ../dist/main.js, pre: ../dist/pre.js, post: ../dist/post.js }'),
    'dist/package.json': '{ "type": "module" }',
    'dist/pre.js': script(
      "console.log('pre', process.env.INPUT_WHO); appendFileSync(process.env.GITHUB_STATE, 'from=pre\\n');",
    ),
    'dist/main.js': script(`
      console.log('main', process.env['INPUT_SOME-THING'], process.env.STATE_from, process.env.GITHUB_ACTION_REPOSITORY);
      appendFileSync(process.env.GITHUB_OUTPUT, 'greeting=hi ' + process.env.INPUT_WHO + '\\n');
      appendFileSync(process.env.GITHUB_STATE, 'more=main\\n');
    `),
    'dist/post.js': script(
      "console.log('post', process.env.STATE_from, process.env.STATE_more, process.env.INPUT_WHO);",
    ),
  };

  test('runs pre, main and post with its inputs and its state, and post even after a failure', async () => {
    const { run, log } = await runWorkflow(
      `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo first
      - id: probe
        uses: acme/tools/probe@main
        with: { some-thing: "with spaces", typo: x }
      - run: echo "\${{ steps.probe.outputs.greeting }}"; exit 1
`,
      { repositories: { 'acme/tools': files } },
    );
    const said = log.filter((line) => /^(pre|first|main|hi|post) ?/.test(line));
    expect(said).toEqual([
      'pre octocat',
      'first',
      'main with spaces pre acme/tools',
      'hi octocat',
      'post pre main octocat',
    ]);
    expect(run.jobs[0]?.annotations).toEqual([
      { level: 'warning', message: "Unexpected input(s) 'typo', valid inputs are ['who', 'some-thing']" },
      { level: 'error', message: 'Process completed with exit code 1.' },
    ]);
    expect(run.jobs[0]?.steps.map(({ name }) => name)).toEqual([
      'Pre Run acme/tools/probe@main',
      'Run echo first',
      'Run acme/tools/probe@main',
      'Run echo "hi octocat"; exit 1',
      'Post Run acme/tools/probe@main',
    ]);
  });

  test('that is in the workspace needs a checkout first', async () => {
    const workflow = (steps: string) =>
      `on: workflow_dispatch\njobs: { a: { runs-on: ubuntu-latest, steps: [${steps}{ uses: ./probe }] } }\n`;
    const without = await runWorkflow(workflow(''), { files });
    expect(without.run.jobs[0]?.annotations[0]?.message).toContain(
      'Did you forget to run actions/checkout before running your local action?',
    );
    const checkedOut = await runWorkflow(workflow('{ uses: actions/checkout@v7 }, '), { files });
    expect(checkedOut.run.conclusion).toBe('success');
  });
});

describe('a composite action', () => {
  const outer = `
name: Outer
description: Outer
inputs: { name: { description: name, default: nobody } }
outputs:
  all: { description: all, value: "\${{ steps.a.outputs.x }}-\${{ steps.b.outputs.y }}" }
runs:
  using: composite
  steps:
    - id: a
      shell: bash
      run: |
        echo "x=\${{ inputs.name }}" >> "$GITHUB_OUTPUT"
        echo "OUTER=set" >> "$GITHUB_ENV"
        echo "path \${GITHUB_ACTION_PATH##*/} env $STEP_ENV"
    - id: b
      uses: $/inner
      with: { value: "\${{ steps.a.outputs.x }}" }
    - if: inputs.name == 'other'
      shell: bash
      run: echo unreachable
    - if: inputs.name == 'fail'
      shell: bash
      run: exit 1
    - if: failure()
      shell: bash
      run: echo cleaned up
`;
  const inner = `
name: Inner
description: Inner
inputs: { value: { description: value } }
outputs: { y: { description: y, value: "\${{ steps.s.outputs.y }}" } }
runs:
  using: composite
  steps:
    - { id: s, shell: bash, run: 'echo "y=inner \${{ inputs.value }}" >> "$GITHUB_OUTPUT"' }
`;
  const repositories = { 'acme/tools': { 'outer/action.yml': outer, 'inner/action.yml': inner } };

  test('runs its steps with inputs, outputs, conditions and actions of its own repository', async () => {
    const { run, log } = await runWorkflow(
      `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: o
        uses: acme/tools/outer@main
        with: { name: me }
        env: { STEP_ENV: given }
      - run: echo "got \${{ steps.o.outputs.all }} and $OUTER and [$STEP_ENV]"
`,
      { repositories },
    );
    expect(run.jobs[0]?.annotations).toEqual([]);
    expect(log).toEqual(expect.arrayContaining(['path outer env given', 'got me-inner me and set and []']));
    expect(log).not.toContain('unreachable');
  });

  test('fails where one of its steps fails, after those that run on failure', async () => {
    const { run, log } = await runWorkflow(
      `
on: workflow_dispatch
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { id: o, uses: acme/tools/outer@main, with: { name: fail }, continue-on-error: true }
      - run: echo "was \${{ steps.o.outcome }}"
`,
      { repositories },
    );
    expect(run.conclusion).toBe('success');
    expect(log).toEqual(expect.arrayContaining(['cleaned up', 'was failure']));
  });
});

test.each([
  [
    'nobody/nothing@v1',
    'Unable to resolve action `nobody/nothing@v1`: the local stage has no repository "nobody/nothing". Serve it with --repo nobody/nothing=FOLDER.',
  ],
  ['acme/tools@v9', 'Unable to resolve action `acme/tools@v9`, unable to find version `v9`'],
  [
    'acme/tools/nowhere@main',
    "Can't find 'action.yml', 'action.yaml' or 'Dockerfile' for \"uses: acme/tools/nowhere@main\".",
  ],
  ['docker://alpine:3', '"uses: docker://alpine:3" is not supported by the local runner.'],
  ['acme/tools/docker@main', 'docker/action.yml:4:10: "using: docker" is not supported by the local runner.'],
])('an action that cannot be used is an error: %s', async (uses, message) => {
  const { run } = await runWorkflow(
    `on: workflow_dispatch\njobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: "${uses}" }] } }\n`,
    {
      repositories: {
        'acme/tools': {
          'docker/action.yml': 'name: D\ndescription: D\nruns:\n  using: docker\n  image: Dockerfile\n',
        },
      },
    },
  );
  expect(run.conclusion).toBe('failure');
  expect(run.jobs[0]?.annotations[0]?.message).toContain(message);
});
