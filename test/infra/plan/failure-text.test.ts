import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { type FailureSources, failureText, hiddenIn } from '../../../src/infra/plan/plan-root.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { infraFiles } from '../support/infra-files.js';

const diagnostic = { severity: 'error', summary: 'It failed', detail: 'with hunter22' };
const end = { exitCode: 1, stdout: JSON.stringify({ type: 'diagnostic', diagnostic }), stderr: '', detail: '' };

async function told(sources: Partial<FailureSources>): Promise<string> {
  const readState = () => Promise.resolve({ ...end, stdout: '{"values":{}}' });
  const known = { json: undefined, known: [], secretOutputs: new Set<string>(), isEphemeral: false };
  return failureText(end, { ...known, readState, ...sources });
}

const state = {
  values: { root_module: { resources: [{ type: 'terraform_remote_state', values: { outputs: { ca: 'hunter22' } } }] } },
};

describe('what the tool says of a failure', () => {
  test('is shown in full where it is known what is secret', async () => {
    expect(await told({})).toBe('Error: It failed\n  with hunter22');
  });

  test('has no output of another root that is declared sensitive', async () => {
    const readState = () => Promise.resolve({ ...end, stdout: JSON.stringify(state) });
    expect(await told({ readState, secretOutputs: new Set(['ca']) })).toContain('with (sensitive)');
  });

  test.each<[string, Partial<FailureSources>]>([
    ['where neither plan nor state can be read', { readState: () => Promise.resolve({ ...end, stdout: '' }) }],
    ['where the root reads ephemeral values', { isEphemeral: true }],
    [
      'where a module from elsewhere reads ephemeral values',
      { json: { configuration: { root_module: { resources: [{ mode: 'ephemeral', type: 'vault_secret' }] } } } },
    ],
  ])('is its headline alone %s', async (_what, sources) => {
    const text = await told(sources);
    expect([text.includes('Error: It failed'), text.includes('hunter22')]).toEqual([true, false]);
    expect(text).toContain('The details are left out');
  });
});

test('files of the repository say what no plan marks', () => {
  const files = infraFiles({
    'app/main.tf': 'module "m" {\n  source = "../m"\n}',
    'm/main.tf.json': '{"ephemeral":{"vault_secret":{"s":{"path":"x"}}}}',
    'net/out.tf': 'output "ca" {\n  value     = 1\n  sensitive = true\n}\noutput "id" {\n  value = 2\n}',
  });
  const roots = findRoots(files, readInfraConfig(undefined));
  const hidden = roots.roots.map((root) => [root.name, hiddenIn(root, roots)]);
  expect(hidden).toEqual([
    ['app', { secretOutputs: new Set(['ca']), isEphemeral: true }],
    ['net', { secretOutputs: new Set(['ca']), isEphemeral: false }],
  ]);
});
