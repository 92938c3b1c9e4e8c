import { describe, expect, test } from '@jest/globals';
import { redactorOf } from '../../../src/infra/redact/redactor.js';
import { diagnosticsIn, errorText } from '../../../src/infra/tool/diagnostics.js';
import { isOfAPart, planArguments } from '../../../src/infra/tool/plan-arguments.js';
import { toolOfLocks } from '../../../src/infra/tool/tool.js';
import { toolEnvironment } from '../../../src/infra/tool/tool-environment.js';

describe('arguments of a plan', () => {
  test.each([
    '-target=x',
    '--target=x',
    '-target',
    '-replace=x',
    '-exclude=x',
    ...['-refresh=false', '-refresh=0', '--refresh=F', '-invoke=action.x.y'],
    '-out=x',
    '-json',
    '-lock=true',
    '-destroy',
    '-var-file=x',
    'x',
    '-chdir=..',
  ])('%s is refused', (arg) => {
    expect(() => planArguments([arg], false)).toThrow('Input "arguments" has');
  });

  test('others are passed on, and those of a part where they are wanted', () => {
    expect(planArguments(['-refresh=true', '-var=a=b,c'], false)).toEqual(['-refresh=true', '-var=a=b,c']);
    expect(planArguments(['-target=x'], true).some(isOfAPart)).toBe(true);
    expect(() => planArguments(['-out=x'], true)).toThrow('which the action decides itself');
  });
});

const OPTIONS = { withIdentity: false, allowsPart: false };

describe('the environment of the tool', () => {
  test('has what the job has, without what belongs to the step', () => {
    const given = {
      PATH: '/bin',
      INPUT_TOKEN: 's',
      GITHUB_OUTPUT: 'x',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
      TF_LOG: 'trace',
      TF_VAR_a: 'b',
    };
    const { env } = toolEnvironment(given, 'A=b=c\n# x\n\nB=', OPTIONS);
    expect(env).toEqual({
      PATH: '/bin',
      TF_VAR_a: 'b',
      A: 'b=c',
      B: '',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
    });
  });

  test('has the way to an identity where that is wanted', () => {
    const { env } = toolEnvironment({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, undefined, {
      ...OPTIONS,
      withIdentity: true,
    });
    expect(env.ACTIONS_ID_TOKEN_REQUEST_TOKEN).toBe('x');
  });

  test('has secrets in what is given for it, and in what is called so', () => {
    const given = { AWS_SECRET_ACCESS_KEY: 'a', DIGITALOCEAN_TOKEN: 'b', HOME: 'c' };
    const { secrets } = toolEnvironment(
      given,
      'ODD=d\nAWS_REGION=e\nAWS_ENDPOINT_URL_S3=f\nTF_VAR_x=g\nTF_WORKSPACE=h',
      OPTIONS,
    );
    expect(secrets.map(({ text }) => text).sort()).toEqual(['a', 'b', 'd', 'g']);
  });

  test.each([
    ['TF_HTTP_PASSWORD', 'AWS_REGION'],
    ['TF_HTTP_CLIENT_PRIVATE_KEY_PEM', 'TF_HTTP_ADDRESS'],
    ['PROJECT_TOKEN', 'GOOGLE_PROJECT'],
    ['HOST_PASSWORD', 'PGHOST'],
    ['CLOUDFLARE_ZONE_API_KEY', 'AWS_PROFILE'],
    ['TF_VAR_PROFILE_SECRET', 'TF_PLUGIN_CACHE_DIR'],
  ])('has %s among its secrets, and not %s', (secret, open) => {
    const { secrets } = toolEnvironment({}, `${secret}=a\n${open}=b`, OPTIONS);
    expect(secrets).toEqual([{ text: 'a', name: secret }]);
  });

  test.each(['PG_CONN_STR', 'DATABASE_URL', 'TF_HTTP_ADDRESS'])(
    'has the password in an address secret, in %s of the job',
    (name) => {
      const { secrets } = toolEnvironment({ [name]: 'postgres://u:hunter22@db/x' }, undefined, OPTIONS);
      expect(redactorOf(secrets).redact('login of u with hunter22 failed')).toBe('login of u with (sensitive) failed');
    },
  );

  test.each(['TF_CLI_ARGS', 'TF_CLI_ARGS_plan'])('is refused with %s', (name) => {
    expect(() => toolEnvironment({ [name]: '-target=x' }, undefined, OPTIONS)).toThrow(`${name} is set`);
    expect(toolEnvironment({ [name]: '-target=x' }, undefined, { ...OPTIONS, allowsPart: true }).env[name]).toBe(
      '-target=x',
    );
  });

  test('says no secret of a line that is none of its kind', () => {
    expect(() => toolEnvironment({}, 'A=b\nhunter22', OPTIONS)).toThrow(/^Input "env" has in line 2 (?!.*hunter22)/s);
  });
});

test.each([
  [['provider "registry.opentofu.org/hashicorp/aws" {'], 'tofu'],
  [['provider "registry.terraform.io/hashicorp/aws" {'], 'terraform'],
  [['provider "registry.opentofu.org/a/b" {', 'provider "registry.terraform.io/a/b" {'], undefined],
  [['provider "acme.test/a/b" {'], undefined],
  [[], undefined],
])('lock files %j are of %s', (locks, tool) => {
  expect(toolOfLocks(locks)).toBe(tool);
});

test('errors are told with their places, and with details where these may be shown', () => {
  const line = (diagnostic: object) => JSON.stringify({ type: 'diagnostic', diagnostic });
  const range = { filename: 'main.tf', start: { line: 3 } };
  const stdout = [
    'Warning: x',
    '{',
    line({ severity: 'error', summary: 'Bad', detail: 'one\ntwo', range }),
    line({ severity: 'warning', summary: 'Odd' }),
    '{"type":"diagnostic"}',
  ].join('\n');
  expect(errorText(diagnosticsIn(stdout), true)).toBe('Error: Bad (main.tf:3)\n  one\n  two');
  expect(errorText(diagnosticsIn(stdout), false)).toBe('Error: Bad (main.tf:3)');
});
