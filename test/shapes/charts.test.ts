import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { ChartTarget } from '../../src/ops/carriers/carrier.js';
import { type Deployed, deployedIn } from '../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import type { LedgerEntry } from '../../src/ops/ledger/ledger.js';
import { readState } from '../../src/ops/overlays/app-state.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import type { Layout } from '../../src/ops/overlays/layout.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { type LockRenewal, renewLockWith } from '../../src/ops/render/renew-lock.js';
import type { Helm } from '../../src/ops/render/run-helm.js';
import { planPromotion } from '../../src/ops/restore/plan-promotion.js';
import { planRollback } from '../../src/ops/restore/plan-rollback.js';
import type { Change } from '../../src/ops/tree/change.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { inspect } from '../../src/ops/verbs/check/inspect.js';
import { comparisonOf } from '../ops/verbs/check/support.js';
import { CHART_REPOSITORIES } from './chart-repositories.js';

type Files = Readonly<Record<string, string>>;

const APP = 'ingress-nginx';
const CHART: ChartTarget = { kind: 'chart', name: APP, version: '4.11.0', app: APP };

function applied(files: Files, { files: changed, deletions = [] }: Change): Files {
  const kept = Object.entries(files).filter(([path]) => !deletions.includes(path));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

async function heldIn(files: Files, layout: Layout, environment: string): Promise<Deployed> {
  const overlay = await readOverlay(objectTree(files), layout, environment, APP);
  return deployedIn(overlay?.files ?? [], APP);
}

function plan(files: Files, layout: Layout, environment: string, chart = CHART, renewal: LockRenewal = renew) {
  const target = {
    ...{ app: APP, version: chart.version ?? '', images: [], charts: [chart], release: undefined },
    source: { repository: 'acme/ops', sha: '' },
  };
  const bump = { environment, target, nameInApps: APP, branch: `ostack/${environment}/${APP}` };
  return planOverlay(objectTree(files), layout, bump, [chart], renewal);
}

/** A helm that makes a lock as the repositories here have it. */
const renew: LockRenewal = async ({ text }, lock) => {
  const version = /^ {2}version: (.*)$/m.exec(text)?.[1] ?? '';
  return { text: lock.text.replace(/version: .*/, `version: ${version}`).replace(/of .*/, `of ${version}`) };
};

/** The lines that differ. */
function changed(before: Files, after: Files): string[] {
  return Object.entries(after).flatMap(([path, text]) => {
    const old = before[path]?.split('\n') ?? [];
    return text.split('\n').filter((line, index) => line !== old[index]);
  });
}

describe.each(CHART_REPOSITORIES)('$name', ({ files, policy = '', locked = false }) => {
  const changes = (version: string) => Array(locked ? 3 : 1).fill(expect.stringContaining(version));

  const layoutOf = () =>
    locateOverlays(
      objectTree(files),
      readPolicy(`environments: { staging: {}, production: { after: staging } }\n${policy}`),
    );

  test('is in the status as an app with the version of its chart', async () => {
    const layout = await layoutOf();
    expect(await environmentApps(objectTree(files), layout, 'staging')).toContain(APP);
    expect(await heldIn(files, layout, 'staging')).toMatchObject({ version: '4.10.1', chart: APP });
    expect(await heldIn(files, layout, 'production')).toMatchObject({ version: '4.9.0', chart: APP });
  });

  test('takes a version of the chart, once, and none that is older', async () => {
    const layout = await layoutOf();
    const { plan: first } = await plan(files, layout, 'staging');
    expect(first).toMatchObject({ state: 'change', previous: '4.10.1' });
    const after = applied(files, first?.change ?? { files: new Map() });
    expect(changed(files, after)).toEqual(changes('4.11.0'));
    expect(await heldIn(after, layout, 'staging')).toMatchObject({ version: '4.11.0' });
    expect(await heldIn(after, layout, 'production')).toMatchObject({ version: '4.9.0' });
    expect((await plan(after, layout, 'staging')).plan?.state).toBe('nothing');
    expect((await plan(files, layout, 'staging', { ...CHART, version: '4.10.0' })).plan?.state).toBe('newer');
  });

  test('is promoted, rolled back, and checked as a move of the chart', async () => {
    const layout = await layoutOf();
    const [source, target] = await Promise.all(
      ['staging', 'production'].map((environment) => readState(objectTree(files), layout, environment, APP)),
    );
    if (source === undefined || target === undefined) {
      throw new Error('two states were read');
    }
    const { moved, failed, change } = planPromotion([{ app: APP, source, target }], false);
    expect(failed).toEqual([]);
    expect(moved).toMatchObject([
      { previous: '4.9.0', version: '4.10.1', changed: true, backwards: false, chart: APP },
    ]);
    const promoted = applied(files, change);
    expect(changed(files, promoted)).toEqual(changes('4.10.1'));
    expect(planPromotion([{ app: APP, source: target, target: source }], false).moved).toMatchObject([
      { backwards: true },
    ]);

    const { held } = await inspect(
      comparisonOf({ ...files, 'ostack.yaml': policyText(policy) }, { ...promoted, 'ostack.yaml': policyText(policy) }),
    );
    expect(held.filter(({ moves }) => moves)).toEqual([
      expect.objectContaining({ environment: 'production', app: APP, charts: [`chart ${APP} 4.9.0 -> 4.10.1`] }),
    ]);

    const entry: LedgerEntry = {
      ...{ oid: 'a', lastOid: 'a', at: new Date(0), present: true, version: '4.9.0', pinned: [], author: 'ada' },
      ...{ targets: target.deployed?.targets ?? [], trailers: undefined, pullRequest: undefined },
    };
    const goals = [{ app: APP, from: '4.10.1', version: '4.9.0', entry }];
    const restore = { environment: 'production', hold: undefined, now: new Date(0), goals };
    const back = await planRollback(objectTree(promoted), layout, restore, () => objectTree(files));
    expect(back.state === 'change' ? applied(promoted, back.change) : back).toEqual(files);
  });
});

describe('where only the base installs the chart', () => {
  const FLUX = CHART_REPOSITORIES[1]?.files ?? {};
  const BASE = 'apps/base/ingress-nginx/release.yaml';
  const based = (version: string): Files => ({
    ...FLUX,
    [BASE]: FLUX[BASE]?.replace('">=4.0.0"', version) ?? '',
    'apps/staging/kustomization.yaml': 'resources:\n- ../base/ingress-nginx\n',
    'apps/production/kustomization.yaml': 'resources:\n- ../base/ingress-nginx\npatches: []\n',
  });
  const layoutOf = (files: Files) =>
    locateOverlays(objectTree(files), readPolicy('environments: { staging: {}, production: {} }\n'));

  test.each([
    ['staging', `resources:\n- ../base/ingress-nginx\npatches:\n`],
    ['production', `resources:\n- ../base/ingress-nginx\npatches:\n`],
  ])('at a version, %s gets a patch of its own, which the next version changes', async (environment, start) => {
    const files = based('4.10.0');
    const layout = await layoutOf(files);
    const { plan: first } = await plan(files, layout, environment);
    expect(first).toMatchObject({ state: 'change', previous: '4.10.0' });
    const file = `apps/${environment}/kustomization.yaml`;
    const text = first?.change.files.get(file) ?? '';
    expect([...(first?.change.files.keys() ?? [])]).toEqual([file]);
    expect(text).toContain(start);
    expect(parse(text)).toMatchObject({
      patches: [
        {
          target: { kind: 'HelmRelease', name: APP },
          patch: '[{"op":"add","path":"/spec/chart/spec/version","value":"4.11.0"}]',
        },
      ],
    });
    const after = { ...files, [file]: text };
    expect(await heldIn(after, layout, environment)).toMatchObject({ version: '4.11.0', chart: APP });
    expect((await plan(after, layout, environment)).plan?.state).toBe('nothing');
    const { plan: second } = await plan(after, layout, environment, { ...CHART, version: '4.12.0' });
    expect(second?.change.files.get(file)).toBe(text.replace('4.11.0', '4.12.0'));
  });

  test('at a newer version, nothing goes back', async () => {
    const files = based('4.12.0');
    expect((await plan(files, await layoutOf(files), 'staging')).plan).toMatchObject({
      state: 'newer',
      previous: '4.12.0',
    });
  });

  test('by another name than that of the app, it is the HelmRelease that is patched', async () => {
    const files = {
      ...based('4.10.0'),
      [BASE]: based('4.10.0')[BASE]?.replace('name: ingress-nginx\n', 'name: ingress\n') ?? '',
    };
    const { plan: made } = await plan(files, await layoutOf(files), 'staging');
    expect(made?.change.files.get('apps/staging/kustomization.yaml')).toContain('name: ingress\n');
  });

  test.each(['staging', 'production'])(
    'at a range, the lines to add to %s are told, and with them it goes',
    async (environment) => {
      const files = based('">=4.0.0"');
      const layout = await layoutOf(files);
      const { problem } = await plan(files, layout, environment);
      const message = problem?.message ?? '';
      const file = `apps/${environment}/kustomization.yaml`;
      expect(message).toContain(`to ${environment === 'staging' ? file : `the list "patches" in ${file}`}:`);
      const lines = message.slice(message.indexOf(':\n') + 2).trim();
      const text =
        environment === 'staging'
          ? `${files[file]}${lines}\n`
          : files[file]?.replace('patches: []', `patches:\n${lines}`);
      const followed = { ...files, [file]: (text ?? '').replace('4.11.0', '4.10.0') };
      const { plan: next } = await plan(followed, layout, environment);
      expect(next).toMatchObject({ state: 'change', previous: '4.10.0' });
      expect(changed(followed, applied(followed, next?.change ?? { files: new Map() }))).toEqual([
        '      value: 4.11.0',
      ]);
    },
  );
});

describe('the lock of a wrapper chart', () => {
  const { files = {} } = CHART_REPOSITORIES.find(({ locked }) => locked) ?? {};
  const folder = 'envs/staging/ingress-nginx';
  const layoutOf = () =>
    locateOverlays(objectTree(files), readPolicy('environments: { staging: {}, production: {} }\n'));

  test('that helm cannot renew leaves the chart as it is, with the command to run', async () => {
    const find = async () => undefined;
    const { problem } = await plan(files, await layoutOf(), 'staging', CHART, (chart, lock) =>
      renewLockWith(find, chart, lock),
    );
    expect(problem?.message).toBe(
      `${folder}/Chart.lock is made from ${folder}/Chart.yaml, and only helm can renew it: there is no helm on the PATH. Set the version in ` +
        `${folder}/Chart.yaml (ingress-nginx 4.11.0), run \`helm dependency update ${folder}\`, and commit all of ${folder}.`,
    );
  });

  test('is renewed by helm in a folder with the dependencies alone', async () => {
    const asked: string[][] = [];
    const helm: Helm = async (args, at) => {
      asked.push([...args.slice(0, 2), await readFile(join(at, 'Chart.yaml'), 'utf8')]);
      await writeFile(join(at, 'Chart.lock'), 'renewed\n');
      return '';
    };
    const { plan: made } = await plan(files, await layoutOf(), 'staging', CHART, (chart, lock) =>
      renewLockWith(async () => helm, chart, lock),
    );
    expect(asked).toEqual([['dependency', 'update', files[`${folder}/Chart.yaml`]?.replace('4.10.1', '4.11.0')]]);
    expect(made?.change.files.get(`${folder}/Chart.lock`)).toBe('renewed\n');
    expect(made?.before.get(`${folder}/Chart.lock`)).toBe(files[`${folder}/Chart.lock`]);
  });

  test('that helm refuses to make says why', async () => {
    const helm: Helm = async () => {
      throw new Error('no chart version found');
    };
    const { problem } = await plan(files, await layoutOf(), 'staging', CHART, (chart, lock) =>
      renewLockWith(async () => helm, chart, lock),
    );
    expect(problem?.message).toContain(
      'only helm can renew it: helm could not: no chart version found. Set the version',
    );
  });

  test('is no use where the charts lie beside it', async () => {
    const vendored = { ...files, [`${folder}/charts/ingress-nginx-4.10.1.tgz`]: '' };
    const { problem } = await plan(vendored, await layoutOf(), 'staging');
    expect(problem?.message).toMatch(
      /^The charts in envs\/staging\/ingress-nginx\/charts are made from .*helm dependency update/,
    );
  });

  test('is not taken from a chart that depends on something else', async () => {
    const more = '- name: redis\n  version: 1.0.0\n  repository: https://charts.example.com\n';
    const path = 'envs/production/ingress-nginx/Chart.yaml';
    const other = { ...files, [path]: `${files[path]}${more}` };
    const layout = await layoutOf();
    const [source, target] = await Promise.all([
      readState(objectTree(other), layout, 'staging', APP),
      readState(objectTree(other), layout, 'production', APP),
    ]);
    expect(planPromotion([{ app: APP, source, target }], false).failed[0]?.error.message).toMatch(
      /the chart of staging depends on something else, too\. .*helm dependency update envs\/production\/ingress-nginx/,
    );
  });
});

test('an image is promoted beside a chart that the target follows a range of, and that is told', async () => {
  const file = (version: string, tag: string) =>
    `kind: HelmRelease\nmetadata: { name: shop }\nspec:\n  chart: { spec: { chart: common, version: ${version} } }\n  values: { image: { repository: ghcr.io/acme/shop, tag: ${tag} } }\n`;
  const files = {
    'overlays/staging/shop/release.yaml': file('2.1.0', '1.5.0'),
    'overlays/production/shop/release.yaml': file('2.x', '1.4.0'),
  };
  const layout = await locateOverlays(objectTree(files), readPolicy('environments: { staging: {}, production: {} }\n'));
  const [source, target] = await Promise.all([
    readState(objectTree(files), layout, 'staging', 'shop'),
    readState(objectTree(files), layout, 'production', 'shop'),
  ]);
  const { moved, change } = planPromotion([{ app: 'shop', source, target }], false);
  expect(change.files).toEqual(new Map([['overlays/production/shop/release.yaml', file('2.x', '1.5.0')]]));
  expect(moved[0]?.notes).toEqual([
    expect.stringMatching(
      /^It stays as it is: overlays\/production\/shop\/release\.yaml:4: The version "2\.x" of chart common is a range/,
    ),
  ]);
});

test('a version that follows a range cannot be promoted, and the range is named', async () => {
  const files = Object.fromEntries(
    Object.entries(CHART_REPOSITORIES[0]?.files ?? {}).map(([path, text]) => [path, text.replace('4.10.1', '4.x')]),
  );
  const layout = await locateOverlays(objectTree(files), readPolicy('environments: { staging: {}, production: {} }\n'));
  const [source, target] = await Promise.all([
    readState(objectTree(files), layout, 'staging', APP),
    readState(objectTree(files), layout, 'production', APP),
  ]);
  expect(planPromotion([{ app: APP, source, target }], false).failed[0]?.error.message).toBe(
    'staging lets ingress-nginx follow 4.x of chart ingress-nginx, so it has no version to promote. Pin one there, then promote again.',
  );
  expect(planPromotion([{ app: APP, source: target, target: source }], false).failed[0]?.error.message).toMatch(
    /^overlays\/staging\/ingress-nginx\/release\.yaml:10: The version "4\.x" of chart ingress-nginx is a range/,
  );
});

function policyText(policy: string): string {
  return `environments: { staging: {}, production: { after: staging } }\n${policy}`;
}
