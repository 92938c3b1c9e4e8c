import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { readState } from '../../src/ops/overlays/app-state.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { overlayOfPath } from '../../src/ops/overlays/overlay-path.js';
import { NO_POLICY, readPolicy } from '../../src/ops/policy/policy.js';
import { planPromotion } from '../../src/ops/restore/plan-promotion.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { inspect } from '../../src/ops/verbs/check/inspect.js';
import { comparisonOf } from '../ops/verbs/check/support.js';
import { WITH_CARRIERS } from './carrier-repositories.js';
import { countingTree } from './counting-tree.js';
import { TOLD } from './told-repositories.js';

type Files = Readonly<Record<string, string>>;

const VERSIONS: Files = { staging: '1.1.0', production: '1.0.0', home: '1.0.0' };
const TARGET = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' } as const;

async function bumped(files: Files, environment: string): Promise<string[]> {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const release = { app: 'web', version: '2.0.0', images: [TARGET], release: undefined };
  const target = { ...release, source: { repository: 'acme/apps', sha: '' } };
  const bump = { environment, target, nameInApps: 'web', branch: '' };
  const { plan, problem } = await planOverlay(tree, layout, bump, [TARGET]);
  return problem === undefined ? [...(plan.state === 'change' ? plan.change.files.keys() : [])] : [problem.message];
}

describe.each([...TOLD, ...WITH_CARRIERS])('$name', (repository) => {
  const { files, carrier, apps = ['api', 'web'], environments = ['production', 'staging'], requests = 4 } = repository;

  test('have their environments, apps and versions, in few requests', async () => {
    const counting = countingTree(files);
    const layout = await locateOverlays(counting.tree, NO_POLICY);
    expect(counting.requests() - 1).toBeLessThanOrEqual(requests);
    const tree = objectTree(files);
    expect(await allEnvironments(tree, layout, NO_POLICY)).toEqual(environments);
    for (const environment of environments) {
      expect(await environmentApps(tree, layout, environment)).toEqual(apps);
      const overlay = await readOverlay(tree, layout, environment, 'web');
      expect(deployedIn(overlay?.files ?? [], 'web').version).toBe(VERSIONS[environment]);
      for (const path of [carrier(environment)].flat()) {
        expect(overlayOfPath(layout, path)?.environment).toBe(environment);
      }
    }
  });

  test.each(environments)('take a version in one file of %s', async (environment) => {
    expect(await bumped(files, environment)).toEqual([carrier(environment)].flat());
  });

  test('are the same where the policy names the environments', async () => {
    const [first = '', ...rest] = [...environments].reverse();
    const policy = readPolicy(
      `environments:\n  ${first}: {}\n${rest.map((name) => `  ${name}: { after: ${first} }\n`).join('')}`,
    );
    const layout = await locateOverlays(objectTree(files), policy);
    expect(layout).toMatchObject({ templates: (await locateOverlays(objectTree(files), NO_POLICY)).templates });
  });

  test('promote to where the target has it, and check what changes there', async () => {
    if (environments.length < 2) {
      return;
    }
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, NO_POLICY);
    const [source, target] = await Promise.all(
      ['staging', 'production'].map((environment) => readState(tree, layout, environment, 'web')),
    );
    if (source === undefined || target === undefined) {
      throw new Error('Expected both.');
    }
    const { failed, change } = planPromotion([{ app: 'web', source, target }], false);
    expect(failed).toEqual([]);
    expect([...change.files.keys()]).toEqual([carrier('production')].flat());
    const after = { ...files, ...Object.fromEntries(change.files) };
    const { held, touched } = await inspect(comparisonOf(files, after));
    expect([...touched]).toEqual(['production']);
    expect(held.filter(({ moves }) => moves)).toMatchObject([
      { environment: 'production', app: 'web', version: '1.1.0', moves: true },
    ]);
  });
});
