import { describe, expect, test } from '@jest/globals';
import type { ImageTarget } from '../../src/ops/carriers/carrier.js';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { locateApps } from '../../src/ops/layouts/named-apps.js';
import type { LedgerEntry } from '../../src/ops/ledger/ledger.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import type { Layout } from '../../src/ops/overlays/layout.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { NO_POLICY, readPolicy } from '../../src/ops/policy/policy.js';
import { planRollback } from '../../src/ops/restore/plan-rollback.js';
import { promoteApps, readMove } from '../../src/ops/restore/promote-apps.js';
import type { Change } from '../../src/ops/tree/change.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { inspect } from '../../src/ops/verbs/check/inspect.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { comparisonOf } from '../ops/verbs/check/support.js';
import { countingTree } from './counting-tree.js';
import { REPOSITORIES } from './repositories.js';

type Files = Readonly<Record<string, string>>;

const WEB: ImageTarget = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };

function applied(files: Files, { files: changed, deletions = [] }: Change): Files {
  const kept = Object.entries(files).filter(([path]) => !deletions.includes(path));
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}

/** What differs, with the lines that do. */
function differences(before: Files, after: Files): Record<string, string[]> {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return Object.fromEntries(
    paths
      .filter((path) => before[path] !== after[path])
      .map((path) => {
        const old = (before[path] ?? '').split('\n');
        return [path, (after[path] ?? '').split('\n').filter((line, index) => line !== old[index])];
      }),
  );
}

async function versionOf(files: Files, layout: Layout, environment: string, app: string) {
  const overlay = await readOverlay(objectTree(files), layout, environment, app);
  return deployedIn(overlay?.files ?? [], app).version;
}

async function bumped(files: Files, layout: Layout, environment: string): Promise<Files> {
  const bump = bumpOf(environment, WEB);
  const { plan, problem } = await planOverlay(objectTree(files), layout, bump, [WEB]);
  expect(problem).toBeUndefined();
  return applied(files, plan?.change ?? { files: new Map() });
}

describe.each(REPOSITORIES)('$name', (repository) => {
  const { files, templates, requests: most = 2, carrier, apps = ['api', 'web'] } = repository;
  const locate = repository.isToldByApps === true ? locateApps : locateOverlays;

  test('is told from the tree, in few requests', async () => {
    const { tree, requests } = countingTree(files);
    const layout = await locate(tree, NO_POLICY);
    expect(layout.templates).toEqual(templates);
    // The root comes along with what opens the repository.
    expect(requests() - 1).toBeLessThanOrEqual(most);
  });

  test('is the same where the policy names the environments', async () => {
    const policy = readPolicy('environments: { staging: {}, production: { after: staging } }\n');
    const { tree, requests } = countingTree(files);
    expect((await locate(tree, policy)).templates).toEqual(templates);
    expect(requests() - 1).toBeLessThanOrEqual(most);
  });

  test('has its environments, apps and versions in the status', async () => {
    const tree = objectTree(files);
    const layout = await locateApps(tree, NO_POLICY);
    expect(await allEnvironments(tree, layout, NO_POLICY)).toEqual(['production', 'staging']);
    for (const [environment, version] of [
      ['staging', '1.1.0'],
      ['production', '1.0.0'],
    ] as const) {
      expect(await environmentApps(tree, layout, environment)).toEqual(apps);
      expect(await versionOf(files, layout, environment, 'web')).toBe(version);
      if (apps.includes('api')) {
        expect(await versionOf(files, layout, environment, 'api')).toBe(version.replace('1.', '5.'));
      }
    }
  });

  test('gets a release into one environment, and nothing else', async () => {
    const layout = await locateApps(objectTree(files), NO_POLICY);
    const after = await bumped(files, layout, 'staging');
    const lines = Object.entries(differences(files, after));
    expect(lines.map(([path]) => path)).toContain(carrier('staging'));
    for (const [, changed] of lines) {
      expect(changed).toEqual([expect.stringMatching(/^( *(newTag|tag|image|image_tag): (\S+:)?)?2\.0\.0$/)]);
    }
    expect(await versionOf(after, layout, 'staging', 'web')).toBe('2.0.0');
    expect(await versionOf(after, layout, 'production', 'web')).toBe('1.0.0');
    expect(await bumped(after, layout, 'staging')).toEqual(after);
  });

  test('promotes from one environment to the next, and rolls back', async () => {
    const layout = await locateApps(objectTree(files), NO_POLICY);
    const tree = objectTree(files);
    const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
    const { target } = move;
    const { moved, failed, change } = await promoteApps(tree, layout, [move], false);
    expect(failed).toEqual([]);
    expect(moved).toMatchObject([{ previous: '1.0.0', version: '1.1.0', changed: true, backwards: false }]);
    const promoted = applied(files, change);
    expect(await versionOf(promoted, layout, 'production', 'web')).toBe('1.1.0');
    expect(Object.keys(differences(files, promoted))).toContain(carrier('production'));
    const entry: LedgerEntry = {
      ...{ oid: 'a', lastOid: 'a', at: new Date(0), present: true, version: '1.0.0', pinned: [], author: 'ada' },
      ...{ targets: target.deployed?.targets ?? [], trailers: undefined, pullRequest: undefined },
    };
    const restore = {
      ...{ environment: 'production', hold: undefined, now: new Date(0) },
      goals: [{ app: 'web', from: '1.1.0', version: '1.0.0', entry }],
    };
    const back = await planRollback(objectTree(promoted), layout, restore, () => objectTree(files));
    expect(back.state === 'change' ? applied(promoted, back.change) : back).toEqual(files);
  });

  test('has a change checked as one of the app in the environment', async () => {
    const policy = { 'ostack.yaml': 'environments: { staging: {}, production: { after: staging } }\n' };
    const before = { ...files, ...policy };
    const layout = await locateApps(objectTree(before), NO_POLICY);
    const after = await bumped(before, layout, 'production');
    const { touched, held, problems, environments } = await inspect(comparisonOf(before, after));
    expect(problems).toEqual([]);
    expect([environments, [...touched]]).toEqual([['staging', 'production'], ['production']]);
    expect(held.filter(({ moves }) => moves)).toMatchObject([
      { environment: 'production', app: 'web', version: '2.0.0' },
    ]);
  });
});
