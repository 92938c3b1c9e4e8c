import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { lossesOf } from '../../../src/infra/plan/losses.js';
import { mayRunInCloud, planInCloud } from '../../../src/infra/plan/plan-in-cloud.js';
import { planRoot } from '../../../src/infra/plan/plan-root.js';
import { cloudReport, keptReport, readKeptReport } from '../../../src/infra/report/root-report.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { infraFiles } from '../support/infra-files.js';

const cloud = (more = '') => `terraform {\n  cloud {\n    organization = "acme"\n${more}  }\n}\n`;
const rootsOf = (text: string) => findRoots(infraFiles({ 'a/main.tf': text }), readInfraConfig(undefined));

const RUN = 'https://app.terraform.io/app/acme/network/runs/run-CZcmD7eagjhyX0vN';
/** What the tool prints, as its sources have it (`internal/cloud/backend_plan.go`). */
const header = (url = RUN) =>
  `Running plan in the cloud backend. Output will stream here. Pressing Ctrl-C\nwill stop streaming the logs, but will not stop the plan running remotely.\n\nPreparing the remote plan...\n\nTo view this run in a browser, visit:\n${url}\n\nWaiting for the plan to start...\n\n`;
const PLAN = 'Plan: 1 to import, 2 to add, 3 to change, 4 to destroy, 5 to forget.\n';

interface Given {
  text?: string;
  plan?: { exitCode?: number; stdout?: string; stderr?: string };
  init?: number;
  env?: Record<string, string>;
  /** What `show` of a run prints; without it, it fails. */
  shown?: string;
}

async function planned({ text = cloud(), plan = {}, init = 0, env = {}, shown }: Given) {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-run-'));
  await mkdir(join(scratch, 'a'));
  const roots = rootsOf(text);
  const [root] = roots.roots;
  if (root === undefined) {
    throw new Error('There is no root.');
  }
  const calls: string[][] = [];
  const found = await planInCloud(root, {
    tool: {
      name: 'tofu',
      version: '1.12.6',
      run: async (args) => {
        calls.push([...args]);
        const end = { stdout: '', stderr: '', detail: '' };
        if (args[0] === 'show') {
          const stdout = args.includes('-json') ? undefined : shown;
          return { ...end, exitCode: stdout === undefined ? 1 : 0, stdout: stdout ?? '' };
        }
        return args[0] === 'init' ? { ...end, exitCode: init } : { ...end, exitCode: 2, ...plan };
      },
    },
    environment: { env, secrets: [{ text: 'hunter2222', name: 'TF_TOKEN_app_terraform_io' }] },
    ...{ checkout: scratch, roots, args: [], scratch },
  });
  await rm(scratch, { recursive: true });
  return { found, calls };
}

test('A plan that is saved elsewhere is no plan here', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-cloud-'));
  try {
    await mkdir(join(folder, 'a'));
    const roots = rootsOf(cloud());
    const [root] = roots.roots;
    const made =
      root &&
      (await planRoot(root, {
        tool: {
          ...{ name: 'tofu', version: '1.12.6' },
          run: async ([command = '', ...args]) => {
            const bookmark = { remote_plan_format: 1, run_id: 'run-1', hostname: 'tfe.acme.dev' };
            const out = args.find((arg) => arg.startsWith('-out='))?.slice('-out='.length);
            await (command === 'plan' && out !== undefined ? writeFile(out, JSON.stringify(bookmark)) : undefined);
            return { exitCode: command === 'plan' ? 2 : 0, stdout: '{}', stderr: '', detail: '' };
          },
        },
        ...{ environment: { env: {}, secrets: [] }, checkout: folder, roots, args: [], scratch: folder },
      }));
    expect(made).toEqual({
      ...{ state: 'failed', exitCode: 2 },
      problem: 'Its runs are at tfe.acme.dev, not here: drift is looked for there.',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('A plan in a cloud', () => {
  test('is a speculative run of which numbers and the address come back', async () => {
    const { found, calls } = await planned({
      plan: { stdout: `${header()}hunter2222\n\n${PLAN}\nChanges to Outputs:\n` },
    });
    expect(found).toEqual({
      ...{ state: 'elsewhere', run: { runId: RUN.split('/').at(-1), host: 'app.terraform.io', url: RUN } },
      ...{ exitCode: 2, structure: expect.stringMatching(/^[0-9a-f]{64}$/), isShown: false },
      gone: undefined,
      counts: { add: 2, change: 3, replace: 0, destroy: 4, forget: 5, move: 0, import: 1, outputs: 1, deposed: 0 },
    });
    expect(calls[1]).toEqual(['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode']);
  });

  test.each<[string, Given]>([
    ['it names no run, because runs are here', { plan: { stdout: PLAN } }],
    ['its address is of another host', { plan: { stdout: header('https://evil.example/app/acme/x/runs/run-1') } }],
    [
      'its address is of another host than the block names',
      { text: cloud('    hostname = "tfe.acme.dev"\n'), plan: { stdout: header() } },
    ],
    [
      'its address is of another host than the environment names',
      { env: { TF_CLOUD_HOSTNAME: 'tfe.acme.dev' }, plan: { stdout: header() } },
    ],
    ['it cannot be initialized', { init: 1, plan: { stdout: header() } }],
  ])('is none where %s', async (_what, given) => {
    expect((await planned(given)).found).toBeUndefined();
  });

  test.each<[string, Given]>([
    ['the block names', { text: cloud('    hostname = "tfe.acme.dev"\n') }],
    ['the environment names', { env: { TF_CLOUD_HOSTNAME: 'tfe.acme.dev' } }],
  ])('is of the host that %s', async (_what, given) => {
    const url = RUN.replace('app.terraform.io', 'tfe.acme.dev');
    expect((await planned({ ...given, plan: { stdout: header(url) } })).found).toMatchObject({ run: { url } });
  });

  test('is linked by the first address, whatever its log has later', async () => {
    const other = 'https://app.terraform.io/app/evil/network/runs/run-other';
    expect((await planned({ plan: { stdout: `${header()}${other}\n` } })).found).toMatchObject({ run: { url: RUN } });
  });

  test('that fails says where, and nothing else', async () => {
    const stdout = `${header()}\nError: no such key hunter2222\n\n  details hunter2222\n`;
    expect((await planned({ plan: { exitCode: 1, stdout } })).found).toEqual({
      ...{ state: 'failed', exitCode: 1 },
      problem: `It failed there: ${RUN}`,
    });
  });

  test.each<[string, string, string, boolean]>([
    ['another run of it', header(), header(RUN.replace(/run-.*/, 'run-2')), true],
    [
      'another order of its log',
      `${header()}a: Refreshing\nb: Refreshing\n`,
      `${header()}b: Refreshing\na: Refreshing\n`,
      true,
    ],
    ['another value', `${header()}  + size = 3\n`, `${header()}  + size = 4\n`, false],
  ])('is the same or another one: %s', async (_what, one, other, isSame) => {
    const structure = async (stdout: string) => {
      const { found } = await planned({ plan: { stdout } });
      return found?.state === 'elsewhere' ? found.structure : undefined;
    };
    expect((await structure(one)) === (await structure(other))).toBe(isSame);
  });

  const page = (text: string, status = 'planned and finished (not confirmable)', url = RUN) =>
    `To view this run in a browser, visit:\n${url}\n\n${text}\n\nRun status: ${status}\nWorkspace is unlocked\n`;
  test.each<[string, string, string, boolean]>([
    ['another status', page('  + size = 3'), page('  + size = 3', 'planned and saved (confirmable)'), true],
    ['a warning before it', page('  + size = 3'), `Warning: old\n\n${page('  + size = 3')}`, true],
    ['another value', page('  + size = 3'), page('  + size = 4'), false],
  ])(
    'is the same or another one by what people are shown of it, whatever its log says: %s',
    async (_what, one, other, isSame) => {
      const found = await Promise.all(
        [one, other].map(
          async (shown, index) => (await planned({ plan: { stdout: `${header()}${index}\n` }, shown })).found,
        ),
      );
      const [first, second] = found.map((each) => (each?.state === 'elsewhere' ? each.structure : undefined));
      expect(found).toMatchObject([{ isShown: true }, { isShown: true }]);
      expect(first === second).toBe(isSame);
    },
  );

  test.each<[string, string]>([
    ['it is of another run', page('x', undefined, RUN.replace(/run-.*/, 'run-2'))],
    ['it ends before its status', page('x').replace(/Run status.*/s, '')],
    [
      'a plan says a status of its own before its end',
      `${page('x').replace(/Run status.*/s, '')}Run status: applied (not confirmable)\nx\n`,
    ],
    [
      'a plan says a status of its own',
      `${page('x').replace(/Run status.*/s, '')}Run status: applied (not confirmable)\n`,
    ],
  ])('is not known by what is shown where %s', async (_what, shown) => {
    expect((await planned({ plan: { stdout: header() }, shown })).found).toMatchObject({
      isShown: false,
    });
  });

  const gone = async (numbers: string, ...lines: string[]) => {
    const text = ['Terraform will perform the following actions:', '', ...lines].join('\n');
    const { found } = await planned({ plan: { stdout: `${header()}Plan: ${numbers}.\n` }, shown: page(text) });
    return found?.state === 'elsewhere' ? { gone: found.gone, counts: found.counts } : undefined;
  };

  test('says what it destroys and replaces, by what people are shown of it', async () => {
    const found = await gone(
      '6 to add, 1 to change, 7 to destroy',
      '  # aws_db_instance.main will be destroyed',
      '  # (because aws_db_instance.main is not in configuration)',
      '  - resource "aws_db_instance" "main" {',
      '  # module.a["x.y"].aws_s3_bucket.b[0] must be replaced',
      '  # (moved from aws_s3_bucket.old)',
      '  # aws_instance.t is tainted, so must be replaced',
      '  # aws_instance.u is tainted, so it must be replaced',
      '  # aws_instance.v will be replaced, as requested',
      '  # aws_instance.w will be replaced due to changes in replace_triggered_by',
      '  # aws_instance.d (deposed object 1a2b3c4d) will be destroyed',
      '  # aws_instance.kept will be removed from the OpenTofu state but will not be destroyed',
      '  # aws_instance.f must be replaced - older instance will not be destroyed (lifecycle.destroy = false)',
      '  # aws_instance.other has been deleted',
      '  # aws_instance.new will be created',
      '      # aws_instance.deep will be destroyed',
    );
    const replaced = (name: string) => ({ address: `aws_instance.${name}`, type: 'aws_instance', action: 'replace' });
    expect(found?.gone).toEqual([
      { address: 'aws_db_instance.main', type: 'aws_db_instance', action: 'destroy' },
      {
        ...{ address: 'module.a["x.y"].aws_s3_bucket.b[0]', type: 'aws_s3_bucket', action: 'replace' },
        from: 'aws_s3_bucket.old',
      },
      ...['t', 'u', 'v', 'w'].map(replaced),
      { address: 'aws_instance.d', type: 'aws_instance', action: 'destroy', deposed: '1a2b3c4d' },
    ]);
    expect(found?.counts).toMatchObject({ add: 1, change: 1, replace: 5, destroy: 2 });
  });

  test('is told with what is lost and what else is gone, where that is known', async () => {
    const found = await gone(
      '0 to add, 0 to change, 2 to destroy',
      '  # aws_db_instance.main will be destroyed',
      '  # null_resource.web will be destroyed',
    );
    const [root] = rootsOf(cloud()).roots;
    if (root === undefined || found === undefined) {
      throw new Error('There is none.');
    }
    const affected = { root, because: 'x', after: [] };
    const proof = { structure: 'a', inputs: 'b', tool: 'OpenTofu 1.12.6', since: '2026-11-20T09:00:00Z' };
    const run = { runId: 'run-1', host: 'app.terraform.io', url: RUN };
    const report = (known: typeof found.gone) => {
      const plan = { state: 'elsewhere' as const, structure: 'a', isShown: true, exitCode: 2, run };
      const losses = lossesOf(known ?? [], { stateful: [], wasProtected: () => false });
      return cloudReport(affected, { ...plan, counts: found.counts, gone: known }, losses, proof, []);
    };
    expect(report(found.gone)).toMatchObject({
      ...{ isRead: true, url: RUN, notes: [], lossCount: 1 },
      losses: [{ address: 'aws_db_instance.main', action: 'destroy', why: 'stateful' }],
      destroys: [{ address: 'null_resource.web', action: 'destroy' }],
    });
    expect(readKeptReport(keptReport(report(found.gone)))).toMatchObject({ isRead: true });
    expect(report(undefined)).toMatchObject({
      lossCount: 0,
      notes: [expect.stringContaining('whether that keeps data')],
    });
    expect(report(undefined).isRead).toBeUndefined();
  });

  test.each<[string, string, string[]]>([
    ['a line more, which may be a value', '0 to add, 0 to change, 1 to destroy', ['a.b', 'a.c']],
    ['a line less, as of another version', '0 to add, 0 to change, 2 to destroy', ['a.b']],
  ])('does not say what it destroys where there is %s', async (_what, numbers, addresses) => {
    const found = await gone(numbers, ...addresses.map((address) => `  # ${address} will be destroyed`));
    expect(found?.gone).toBeUndefined();
  });

  test.each([
    [cloud(), true],
    ['terraform {\n  backend "remote" {\n    organization = "acme"\n  }\n}\n', true],
    ['terraform {\n  backend "s3" {\n    key = "a"\n  }\n}\n', false],
    ['', false],
  ])('may be of %j: %s', (text, expected) => {
    expect(rootsOf(text).roots.map(mayRunInCloud)).toEqual([expected]);
  });
});
