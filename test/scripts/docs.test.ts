import { describe, expect, test } from '@jest/globals';
import { checkExample } from '../../scripts/docs/example.js';
import { readAction, readWorkflow } from '../../scripts/docs/metadata.js';
import { actionPage, workflowPage } from '../../scripts/docs/render.js';

const action = `
name: oStack bump
description: Proposes <app> at \`<version>\`, to one environment | or many.
inputs:
  image:
    description: |
      What to deploy.

      - \`a|b\`, either
      - or none
    required: true
  token: { description: A token., default: '\${{ github.token }}' }
  retries: { description: How often., default: 3 }
  old: { description: A thing., deprecationMessage: Use \`image\`. }
outputs:
  number: { description: The pull request. }
runs: { using: node24, main: ../../dist/bump.js }
`;

const workflow = `# Releases everything.
#
# And says so.
name: oStack release
on:
  workflow_call:
    inputs:
      apps: { description: Which apps., type: string, default: '' }
      deep: { description: How deep., type: number, required: true }
    secrets:
      key: { description: A key., required: true }
    outputs:
      tags: { description: What was made., value: x }
jobs:
  one: { name: First, permissions: { contents: write, packages: read } }
  two: { needs: one, permissions: {} }
  three: { needs: [one, two], permissions: read-all }
`;

describe('The reference of an action', () => {
  test('tells inputs, outputs and defaults, with text that no table or HTML can break', () => {
    const metadata = readAction(action, 'actions/bump/action.yml');
    expect(actionPage({ name: 'bump', otherNames: ['bump-it'], metadata, example: undefined })).toMatchSnapshot();
  });

  test('shows the hand-written example where there is one', () => {
    const metadata = readAction(action, 'actions/bump/action.yml');
    const page = actionPage({ name: 'bump', otherNames: [], metadata, example: '- uses: x\n' });
    expect(page).toContain('## Usage\n\n```yaml\n- uses: x\n```\n');
  });

  test.each([
    ['name: A\n', 'f.yml: description: Invalid key: Expected "description" but received undefined'],
    ['name: A\ndescription: b (`c: d`)\n', 'f.yml: Nested mappings are not allowed in compact mappings at line 2'],
  ])('of %j is refused', (source, message) => {
    expect(() => readAction(source, 'f.yml')).toThrow(message);
  });
});

describe('The reference of a reusable workflow', () => {
  test('tells inputs, secrets, outputs, and what each job may do', () => {
    const metadata = readWorkflow(workflow, '.github/workflows/release.yml');
    expect(workflowPage({ name: 'release', metadata, starter: undefined })).toMatchSnapshot();
  });

  test('shows the starter to copy', () => {
    const metadata = readWorkflow(workflow, '.github/workflows/release.yml');
    const starter = { path: 'workflows/apps/release.yml', text: 'on: push\n' };
    expect(workflowPage({ name: 'release', metadata, starter })).toContain(
      'Copy [`workflows/apps/release.yml`](../workflows/apps/release.yml):\n\n```yaml\non: push\n```\n',
    );
  });
});

describe('An example', () => {
  const known = new Map([['bump', readAction(action, 'actions/bump/action.yml')]]);
  const step = (uses: string, given: string) => `- uses: ${uses}\n  with: { ${given} }\n`;

  test('that fits its action passes, beside steps of others', () => {
    const text = `${step('ostack/actions/bump@v1', 'image: a')}- run: echo\n- uses: actions/checkout@v7\n`;
    expect(() => checkExample(text, 'e.yml', known)).not.toThrow();
    expect(() => checkExample('', 'e.yml', known)).not.toThrow();
  });

  test.each([
    [
      'ostack/actions/bump@v1',
      'image: a, tag: b',
      'e.yml: bump has no input "tag". It has image, token, retries, old.',
    ],
    ['ostack/actions/bump@v1', 'token: a', 'e.yml: bump requires the input "image".'],
    ['ostack/actions/pump@v1', 'image: a', 'e.yml: there is no action "pump".'],
  ])('of %s with %s is refused', (uses, given, message) => {
    expect(() => checkExample(step(uses, given), 'e.yml', known)).toThrow(message);
  });
});
