// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { conclusions, runWorkflow } from './support.js';

const shared = `
name: Shared
on:
  workflow_call:
    inputs:
      app: { type: string, required: true }
      count: { type: number, default: 2 }
    secrets:
      key: { required: true }
      other: {}
    outputs:
      said: { value: "\${{ jobs.inner.outputs.said }}" }
permissions: {}
jobs:
  inner:
    runs-on: ubuntu-latest
    permissions: { contents: read }
    outputs: { said: "\${{ steps.s.outputs.said }}" }
    steps:
      - id: s
        uses: $/actions/say
        with: { text: "\${{ inputs.app }} \${{ inputs.count }}" }
      - env: { KEY: "\${{ secrets.key }}", OTHER: "\${{ secrets.other }}" }
        run: |
          echo "key of \${#KEY} other [$OTHER]"
          echo "file \${{ job.workflow_repository }} \${{ job.workflow_ref }}"
          echo "caller \${{ github.repository }} \${{ github.workflow }} \${{ github.event_name }}"
          echo "env [$FROM_CALLER]"
`;
const say = `
name: Say
description: Says
inputs: { text: { description: what, required: true } }
outputs: { said: { description: what, value: "\${{ steps.s.outputs.said }}" } }
runs:
  using: composite
  steps:
    - id: s
      shell: bash
      env: { TEXT: "\${{ inputs.text }}" }
      run: echo "said=$TEXT" >> "$GITHUB_OUTPUT"
`;
const shelf = { 'ostack/actions': { '.github/workflows/shared.yml': shared, 'actions/say/action.yml': say } };

function caller(job: string, more = '') {
  return `
on: workflow_dispatch
env: { FROM_CALLER: "yes" }
${more}
jobs:
  call:
    permissions: { contents: read }
    uses: ostack/actions/.github/workflows/shared.yml@main
${job.trim().replace(/^/gm, '    ')}
  after:
    needs: call
    runs-on: ubuntu-latest
    steps: [{ run: "echo after \${{ needs.call.outputs.said }}" }]
`;
}

describe('a reusable workflow of another repository', () => {
  test('gets inputs and secrets by name, uses actions of its own repository, and gives outputs', async () => {
    const { run, log } = await runWorkflow(
      caller('with: { app: shop }\nsecrets: { key: "${{ secrets.MY_KEY }}", other: "${{ secrets.NOT_SET }}" }'),
      { repositories: shelf, secrets: { MY_KEY: 'abcdef' } },
    );
    expect(run.annotations).toEqual([]);
    expect(conclusions(run)).toEqual({ 'call / inner': 'success', after: 'success' });
    expect(log).toEqual(
      expect.arrayContaining([
        'key of 6 other []',
        'file ostack/actions ostack/actions/.github/workflows/shared.yml@refs/heads/main',
        'caller acme/apps .github/workflows/test.yml workflow_dispatch',
        'env []',
        'after shop 2',
      ]),
    );
  });

  test('gets all secrets with inherit', async () => {
    const { log } = await runWorkflow(caller('with: { app: shop }\nsecrets: inherit'), {
      repositories: shelf,
      secrets: { KEY: 'abc', OTHER: 'visible-not' },
    });
    expect(log).toContain('key of 3 other [***]');
  });

  test.each([
    [
      'with: { app: a, typo: b }\nsecrets: { key: x }',
      'Invalid input, typo is not defined in the referenced workflow.',
    ],
    ['secrets: { key: x }', 'Input app is required, but not provided while calling.'],
    ['with: { app: a }', 'Secret key is required, but not provided while calling.'],
    [
      'with: { app: a }\nsecrets: { key: x, nope: y }',
      'Invalid secret, nope is not defined in the referenced workflow.',
    ],
  ])('is refused before anything runs: %j', async (job, message) => {
    const { run } = await runWorkflow(caller(job), { repositories: shelf });
    expect(run).toMatchObject({ conclusion: 'failure', jobs: [] });
    expect(run.annotations).toEqual([
      {
        level: 'error',
        message: `.github/workflows/test.yml:7:5: error calling workflow "ostack/actions/.github/workflows/shared.yml@main": ${message}`,
      },
    ]);
  });

  test('may not have more permissions than its caller', async () => {
    const { run } = await runWorkflow(
      `
on: workflow_dispatch
permissions: {}
jobs:
  call:
    uses: ./.github/workflows/wide.yml
`,
      {
        files: {
          '.github/workflows/wide.yml': `
on: workflow_call
jobs:
  build: { runs-on: ubuntu-latest, permissions: { packages: write }, steps: [{ run: "true" }] }
`,
        },
      },
    );
    expect(run.annotations[0]?.message).toBe(
      "Error calling workflow './.github/workflows/wide.yml'. The nested job 'build' is requesting 'packages: write', but is only allowed 'packages: none'.",
    );
  });

  test.each([
    [
      'nobody/nothing/.github/workflows/a.yml@v1',
      'the local stage has no repository "nobody/nothing". Serve it with --repo nobody/nothing=FOLDER.',
    ],
    ['ostack/actions/.github/workflows/shared.yml@v9', 'ostack/actions has no branch, tag or commit "v9".'],
    ['./.github/workflows/test.yml', 'workflow is not reusable as it is missing a `on.workflow_call` trigger.'],
  ])('that is not there is an error: %s', async (uses, reason) => {
    const { run } = await runWorkflow(`on: workflow_dispatch\njobs: { call: { uses: ${uses} } }\n`, {
      repositories: shelf,
    });
    expect(run.annotations[0]?.message).toBe(
      `.github/workflows/test.yml:2:15: error parsing called workflow "${uses}": ${reason}`,
    );
  });

  test('may call others, whose job names carry the whole path', async () => {
    const level = (uses: string) => `on: workflow_call\njobs: { down: { uses: ${uses} } }\n`;
    const { run } = await runWorkflow('on: workflow_dispatch\njobs: { top: { uses: ./.github/workflows/one.yml } }\n', {
      files: {
        '.github/workflows/one.yml': level('./.github/workflows/two.yml'),
        '.github/workflows/two.yml':
          'on: workflow_call\njobs: { last: { runs-on: ubuntu-latest, steps: [{ run: exit 1 }] } }\n',
      },
    });
    expect(conclusions(run)).toEqual({ 'top / down / last': 'failure' });
    expect(run.jobs[0]?.id).toBe('top/down/last');
    expect(run.conclusion).toBe('failure');
  });

  test('that waits for the group its caller holds is an error, not a deadlock', async () => {
    const { run } = await runWorkflow(
      'on: workflow_dispatch\nconcurrency: same\njobs: { call: { uses: ./.github/workflows/one.yml } }\n',
      {
        files: {
          '.github/workflows/one.yml':
            'on: workflow_call\nconcurrency: same\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n',
        },
      },
    );
    expect(run.conclusion).toBe('failure');
    expect(run.annotations[0]?.message).toContain("a deadlock was detected for concurrency group: 'same'");
  });
});
