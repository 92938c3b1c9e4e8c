import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { appPermissions } from '../../src/local/settings.js';

const root = join(import.meta.dirname, '..', '..');

const values = v.optional(v.record(v.string(), v.unknown()), {});
const permissions = v.optional(v.record(v.string(), v.string()));
const stepSchema = v.object({
  id: v.optional(v.string()),
  uses: v.optional(v.string()),
  run: v.optional(v.string()),
  with: values,
});
const workflowSchema = v.object({
  on: v.unknown(),
  permissions,
  jobs: v.record(
    v.string(),
    v.object({
      permissions,
      uses: v.optional(v.string()),
      with: values,
      secrets: v.optional(v.union([v.string(), v.record(v.string(), v.unknown())]), {}),
      steps: v.optional(v.array(stepSchema), []),
    }),
  ),
});
const declared = v.record(
  v.string(),
  v.object({ required: v.optional(v.boolean(), false), default: v.optional(v.unknown()) }),
);
const actionSchema = v.object({ inputs: v.optional(declared, {}), outputs: values });
const callSchema = v.object({
  workflow_call: v.object({ inputs: v.optional(declared, {}), secrets: v.optional(declared, {}), outputs: values }),
});

const read = (path: string) => readFile(join(root, path), 'utf8');
const list = async (folder: string) => (await readdir(join(root, folder), { recursive: true })).sort();
const yamlIn = async (folder: string) =>
  (await list(folder)).filter((name) => name.endsWith('.yml')).map((name) => `${folder}/${name}`);

const own = await yamlIn('.github/workflows');
const starters = await yamlIn('workflows');
const workflows = await Promise.all(
  [...own, ...starters].map(async (path) => {
    const text = await read(path);
    return { path, text, workflow: v.parse(workflowSchema, parse(text)) };
  }),
);
const steps = workflows.flatMap(({ path, workflow }) =>
  Object.values(workflow.jobs).flatMap((job) => job.steps.map((step) => ({ path, ...step }))),
);

/** Fails when something is passed that is not declared, or something required is not passed. */
function expectFit(given: object, wanted: v.InferOutput<typeof declared>): void {
  const required = Object.keys(wanted).filter((key) => wanted[key]?.required && wanted[key]?.default === undefined);
  expect(Object.keys(wanted)).toEqual(expect.arrayContaining(Object.keys(given)));
  expect(Object.keys(given)).toEqual(expect.arrayContaining(required));
}

test('A starter whose job is to be a required check reports in a merge queue, too, which waits for it otherwise', () => {
  const required = workflows.filter(
    ({ path, text }) => starters.includes(path) && /required check/.test(text.replaceAll('\n# ', ' ')),
  );
  expect(required.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['workflows/definitions/definition.yml', 'workflows/ops/merge-source.yml']),
  );
  expect(required.filter(({ text }) => !/^ {2}merge_group:/m.test(text)).map(({ path }) => path)).toEqual([]);
});

/** Workflows that hand on all secrets, with the reason. */
const OF_ENVIRONMENT = 'the secret of an environment reaches a called workflow in no other way (actions/runner#4453)';
const INHERITING: Record<string, string> = {
  'workflows/infra/apply.yml': OF_ENVIRONMENT,
  'workflows/infra/backup.yml': OF_ENVIRONMENT,
  'workflows/infra/drift.yml': OF_ENVIRONMENT,
  'workflows/infra/infra-gate.yml': OF_ENVIRONMENT,
  'workflows/infra/plan.yml': OF_ENVIRONMENT,
  'workflows/ops/ops-gate.yml': OF_ENVIRONMENT,
  'workflows/ops/preview-requests.yml': OF_ENVIRONMENT,
};

describe.each(workflows)('The workflow $path', ({ path, text, workflow }) => {
  test('grants nothing at the top, and says per job what it needs', () => {
    expect(workflow.permissions).toEqual({});
    expect(Object.values(workflow.jobs).map((job) => job.permissions)).not.toContain(undefined);
  });

  test('passes secrets by name', () => {
    const inherits = Object.values(workflow.jobs).some((job) => job.secrets === 'inherit');
    expect(inherits).toBe(INHERITING[path] !== undefined);
    expect(text).not.toMatch(/toJSON\(\s*secrets/i);
  });

  test("pins other people's actions to a full commit id, with the version beside it", () => {
    for (const line of text.split('\n').filter((candidate) => /^\s*-?\s*uses:/.test(candidate))) {
      expect(line).toMatch(/uses: (\$\/|\.\/|ostack\/actions\/|[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/);
    }
  });

  test('puts no expression into a script', () => {
    const scripts = Object.values(workflow.jobs).flatMap((job) => job.steps.map((step) => step.run ?? ''));
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

describe('A step that uses an action of ours', () => {
  const ours = steps.flatMap(({ path, id, uses = '', with: given }) => {
    const name = /^(?:\$|\.)\/actions\/([^/]+)$/.exec(uses)?.[1];
    return name === undefined ? [] : [{ path, id, name, given }];
  });

  test.each(ours)('passes $name what it takes, in $path', async ({ name, given }) => {
    const action = v.parse(actionSchema, parse(await read(`actions/${name}/action.yml`)));
    expectFit(given, action.inputs);
  });

  test.each(ours)('has the outputs that are read from it, $name in $path', async ({ path, name, id }) => {
    const action = v.parse(actionSchema, parse(await read(`actions/${name}/action.yml`)));
    const text = workflows.find((one) => one.path === path)?.text ?? '';
    const used = [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))].map((match) => match[1]);
    expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(used));
  });
});

describe('The GitHub App of the README', () => {
  const levels: Record<string, string> = { read: 'read', 'read and write': 'write' };
  const nameOf = (title: string) => (title === 'Commit statuses' ? 'statuses' : title.toLowerCase().replace(' ', '_'));
  const table = async () => {
    const lines = (await read('README.md')).split('\n');
    const from = lines.findIndex((line) => line.startsWith('| repository permission | access |')) + 2;
    const rows = lines.slice(from, lines.indexOf('', from)).map((line) => line.split('|').map((cell) => cell.trim()));
    return Object.fromEntries(rows.map(([, title = '', access = '']) => [nameOf(title), levels[access]]));
  };

  test('is the one that the stage installs', async () => {
    expect({ ...(await table()), metadata: 'read' }).toEqual(appPermissions);
  });

  test('has what the workflows ask for: GitHub refuses the whole token for one permission more', async () => {
    const granted = await table();
    // The gate, and what writes previews where it guards them, have an App of their own.
    const proposing = steps.filter(({ path }) => !/\/(?:ops-gate|preview-requests)\.yml$/.test(path));
    const asked = proposing.flatMap(({ path, with: given }) =>
      Object.entries(given).flatMap(([input, level]) => {
        const name = /^permission-(.+)$/.exec(input)?.[1]?.replaceAll('-', '_');
        // Teams as approvers are asked for by an input of their own, which says what it takes.
        return name === undefined || name === 'members' ? [] : [{ path, name, level }];
      }),
    );
    expect(asked.length).toBeGreaterThan(20);
    const missing = asked.filter(({ name, level }) => granted[name] !== 'write' && granted[name] !== level);
    expect(missing).toEqual([]);
  });
});

describe.each(['promote', 'rollback', 'hold', 'lift-hold', 'onboard', 'lift', 'override'])(
  'The reusable workflow of the verb %s',
  (verb) => {
    /** How it merges is the repository's, and what it reads and writes is the repository that it runs in. */
    const kept = ['token', 'reports-token', 'ops-repository', 'merge-method', 'merge-timeout'];
    const workflow = workflows.find(({ path }) => path === `.github/workflows/${verb}.yml`)?.workflow;
    const { inputs, secrets, outputs } = v.parse(callSchema, workflow?.on).workflow_call;
    const action = async () => v.parse(actionSchema, parse(await read(`actions/${verb}/action.yml`)));

    test('takes and passes what the action takes, with the same defaults', async () => {
      const taken = Object.entries((await action()).inputs).filter(([name]) => !kept.includes(name));
      const given = steps.find(({ uses }) => uses === `$/actions/${verb}`)?.with ?? {};
      expect(Object.keys({ ...inputs, ...secrets })).toEqual(expect.arrayContaining(taken.map(([name]) => name)));
      expect(Object.keys(given)).toEqual(expect.arrayContaining(taken.map(([name]) => name)));
      for (const [name, { default: fallback }] of taken.filter(([each]) => each in inputs)) {
        expect([name, given[name]]).toEqual([name, `\${{ inputs.${name} }}`]);
        expect([name, String(inputs[name]?.default)]).toEqual([name, String(fallback)]);
      }
    });

    test('gives what the action gives', async () => {
      expect(Object.keys(outputs)).toEqual(Object.keys((await action()).outputs));
    });
  },
);

describe('A workflow that checks out modules and LFS', () => {
  const taking = workflows.flatMap(({ path, workflow }) => {
    const call = v.safeParse(callSchema, workflow.on);
    return call.success && 'submodules' in call.output.workflow_call.inputs
      ? [{ path, workflow, secrets: call.output.workflow_call.secrets }]
      : [];
  });

  test('is each that builds or releases', () => {
    expect(taking.map(({ path }) => path)).toEqual([
      '.github/workflows/fork-images.yml',
      '.github/workflows/pull-request.yml',
      '.github/workflows/release.yml',
    ]);
  });

  test.each(taking)('does so in all of its jobs: $path', ({ workflow, secrets }) => {
    const checkouts = Object.values(workflow.jobs).flatMap((job) =>
      job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    expect(checkouts).not.toEqual([]);
    for (const { with: given } of checkouts) {
      expect([given.submodules, given.lfs]).toEqual(['submodules', 'lfs'].map((input) => `\${{ inputs.${input} }}`));
      // The code of strangers gets no token of ours.
      const [token] = Object.keys(secrets).filter((name) => name === 'checkout-token');
      expect(given.token).toBe(token && `\${{ secrets.${token} || github.token }}`);
    }
  });
});

describe.each(starters)('The starter %s', (path) => {
  const jobs = Object.values(workflows.find((one) => one.path === path)?.workflow.jobs ?? {});
  const actions = jobs.flatMap(({ steps }) =>
    steps.flatMap(({ uses = '' }) => /^ostack\/actions\/([\w-]+)@v1$/.exec(uses)?.[1] ?? []),
  );
  const calls = jobs.flatMap((job) => {
    const name = /^ostack\/actions\/\.github\/workflows\/([^@]+)@v1$/.exec(job.uses ?? '')?.[1];
    return name === undefined ? [] : [{ name, job }];
  });

  test('calls reusable workflows or actions of ours', () => {
    expect([...calls, ...actions]).not.toEqual([]);
  });

  test('names actions that there are', async () => {
    expect(await readdir(join(root, 'actions'))).toEqual(expect.arrayContaining(actions));
  });

  test('passes what is called what it takes, and allows what its jobs need', async () => {
    for (const { name, job } of calls) {
      const called = v.parse(workflowSchema, parse(await read(`.github/workflows/${name}`)));
      const { workflow_call: call } = v.parse(callSchema, called.on);
      expectFit(job.with, call.inputs);
      expectFit(typeof job.secrets === 'string' ? {} : job.secrets, call.secrets);
      for (const [scope, level] of Object.values(called.jobs).flatMap((inner) =>
        Object.entries(inner.permissions ?? {}),
      )) {
        expect([level, 'write']).toContain(job.permissions?.[scope]);
      }
    }
  });

  test("has GitHub's description of it beside it", async () => {
    const properties: unknown = JSON.parse(await read(path.replace(/\.yml$/, '.properties.json')));
    expect(properties).toEqual(
      expect.objectContaining({
        name: expect.any(String),
        description: expect.any(String),
        iconName: expect.stringMatching(/^octicon /),
      }),
    );
  });
});
