import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { refuseUnclearRoots } from '../../../src/infra/roots/refuse-unclear-roots.js';
import { infraFiles } from '../support/infra-files.js';

const backend = 'terraform {\n  backend "s3" {\n  }\n}';

function refusal(files: Record<string, string>, before?: Record<string, string>): string {
  const config = readInfraConfig(files['ostack.yaml']);
  const rootsOf = (each: Record<string, string>) => findRoots(infraFiles(each), config);
  try {
    refuseUnclearRoots(config, rootsOf(files), before && rootsOf(before));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
}

describe('roots that nobody can tell are refused', () => {
  test('where ostack.yaml names a folder that is not there', () => {
    const files = { 'clusters/production/m.tf': backend, 'ostack.yaml': 'roots: { a: { path: clusters/prodution } }' };
    expect(refusal(files)).toContain('roots.a: expected a folder with files *.tf');
    expect(refusal(files)).toContain('Did you mean "clusters/production"?');
  });

  test('not where the change deletes it, which is told', () => {
    const files = { 'ostack.yaml': 'roots: { a: {} }' };
    expect(refusal(files, { 'a/m.tf': backend })).toBe('');
    expect(refusal(files, {})).not.toBe('');
  });

  test.each(['live/net/terragrunt.hcl', 'terragrunt.hcl', 'live/terragrunt.stack.hcl', 'a/terragrunt.hcl.json'])(
    'where Terragrunt makes them: %s',
    (unit) => {
      expect(refusal({ 'a/m.tf': backend, [unit]: '' })).toContain(`Terragrunt makes roots here (${unit})`);
    },
  );

  test('and the lines that are said let the others be planned', () => {
    const files = { 'a b/m.tf': backend, 'b/m.tf': backend, 'mods/net/m.tf': '', 'live/net/terragrunt.hcl': '' };
    const lines = refusal(files).split(':\n\n')[1] ?? '';
    expect(lines).toBe('roots:\n  a-b: { path: "a b" }\n  b: {}');
    expect(refusal({ ...files, 'ostack.yaml': lines })).toBe('');
    expect(findRoots(infraFiles(files), readInfraConfig(lines)).roots.map(({ folder }) => folder)).toEqual([
      'a b',
      'b',
    ]);
  });

  test('and what to do where all is done by Terragrunt', () => {
    expect(refusal({ 'mods/net/m.tf': '', 'live/terragrunt.hcl': '' })).toContain('Take this step out');
  });

  test.each(['a b', 'x --> <b>', 'x` @acme/all', 'é', 'a..b'])(
    'where a folder cannot give a root its name: %s',
    (folder) => {
      const files = { [`${folder}/m.tf`]: '', 'm.tf': '', '.id/m.tf': backend, 'a/m.tf': '' };
      const told = refusal(files);
      expect(told).toContain(`The root in ${JSON.stringify(folder)} cannot be called like its folder`);
      const lines = told.split(':\n\n')[1] ?? '';
      expect(refusal({ ...files, 'ostack.yaml': lines })).toBe('');
      const { roots } = findRoots(infraFiles(files), readInfraConfig(lines));
      expect(roots.map((root) => root.folder).sort()).toEqual(['.', '.id', 'a', folder].sort());
    },
  );

  test('nothing else is', () => {
    expect(refusal({ 'm.tf': '', 'live/eu-1/app.v2/m.tf': '', '.identity/m.tf': backend })).toBe('');
    expect(refusal({ 'a/m.tf': '', 'a/.tflint.hcl': '', 'a/xterragrunt.hcl': '' })).toBe('');
  });
});
