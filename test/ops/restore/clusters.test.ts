import { describe, expect, test } from '@jest/globals';
import type { ImageTarget } from '../../../src/ops/carriers/carrier.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { layeredOverlaysOf } from '../../../src/ops/overlays/layered-overlay.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { differingPlaces } from '../../../src/ops/overlays/version-places.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { decide } from '../../../src/ops/verbs/bump/decide.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { base, release, values } from '../../shapes/files.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

type Files = Readonly<Record<string, string>>;
type Held = Readonly<Record<string, string>>;

/** Ways to keep an app in a cluster, each with the file and line of its version. */
const WAYS: Record<
  string,
  (folder: string, version: string, up: string) => [path: string, text: string, line: number]
> = {
  'a kustomization of its own': (folder, version, up) => [
    `${folder}/web/kustomization.yaml`,
    `resources: [${up}../base/web]\nimages:\n- name: ghcr.io/acme/web\n  newTag: ${version}\n`,
    3,
  ],
  'a kustomization of the cluster': (folder, version, up) => [
    `${folder}/kustomization.yaml`,
    `resources: [${up}base/web]\nimages:\n- name: ghcr.io/acme/web\n  newTag: ${version}\n`,
    3,
  ],
  'Helm values': (folder, version) => [`${folder}/web/values.yaml`, values('web', version), 3],
  'a HelmRelease': (folder, version) => [`${folder}/web/release.yaml`, release('web', version), 9],
};

type Way = keyof typeof WAYS;

/** A repository with the versions of web by cluster. */
function repository(way: Way, held: Held): Files {
  const files = Object.entries(held).map(
    ([cluster, version]) => WAYS[way]?.(cluster, version, '../../') ?? ['', '', 0],
  );
  return { ...base('base/web', 'web'), ...Object.fromEntries(files.map(([path, text]) => [path, text])) };
}

const place = (way: Way, cluster: string) => {
  const [path, , line] = WAYS[way]?.(cluster, '1.0.0', '') ?? ['', '', 0];
  return `${path}:${line}`;
};

async function promoted(files: Files, includeNew = false) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
  const { moved, failed, change } = await promoteApps(tree, layout, [move], includeNew);
  return {
    moved: moved[0],
    message: failed[0]?.error.message ?? '',
    after: { ...files, ...Object.fromEntries(change.files) },
  };
}

async function bumped(files: Files, environment: string, tag: string) {
  const target: ImageTarget = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag };
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const bump = { ...bumpOf(environment, target) };
  const overlay = await planOverlay(tree, layout, bump, [target]);
  const planned = decide(bump, overlay, { hold: undefined, mustHave: true });
  const change = planned.state === 'change' ? planned.change.files : new Map<string, string>();
  return { planned, after: { ...files, ...Object.fromEntries(change) } };
}

const EQUAL: Held = {
  'staging/eu-1': '1.1.0',
  'staging/us-1': '1.1.0',
  'production/eu-1': '1.0.0',
  'production/us-1': '1.0.0',
};

describe.each(Object.keys(WAYS))('clusters of one environment, with %s each', (way) => {
  test('get a release together, also where they differ so far', async () => {
    const files = repository(way, { ...EQUAL, 'production/us-1': '0.9.0' });
    expect((await bumped(files, 'production', '2.0.0')).after).toEqual(
      repository(way, { ...EQUAL, 'production/eu-1': '2.0.0', 'production/us-1': '2.0.0' }),
    );
  });

  test('never go backwards in one of them, which is named, and come together as it is said', async () => {
    const files = repository(way, { ...EQUAL, 'production/us-1': '3.0.0' });
    const { planned, after } = await bumped(files, 'production', '2.0.0');
    expect(after).toEqual(files);
    expect(planned).toEqual({
      state: 'newer',
      there: '3.0.0',
      reason:
        `production has a newer version than 2.0.0: ${place(way, 'production/us-1')} has 3.0.0, ${place(way, 'production/eu-1')} has 1.0.0. ` +
        'Bump it to 3.0.0 to bring its places together.',
    });
    const together = await bumped(files, 'production', '3.0.0');
    expect(together.after).toEqual(
      repository(way, { ...EQUAL, 'production/eu-1': '3.0.0', 'production/us-1': '3.0.0' }),
    );
  });

  test('are promoted together', async () => {
    const { moved, after } = await promoted(repository(way, EQUAL));
    expect(moved).toMatchObject({ previous: '1.0.0', version: '1.1.0', changed: true, backwards: false, notes: [] });
    expect(after).toEqual(repository(way, { ...EQUAL, 'production/eu-1': '1.1.0', 'production/us-1': '1.1.0' }));
  });

  test('of the source with different versions are refused, and promoted after what is said', async () => {
    const files = repository(way, { ...EQUAL, 'staging/us-1': '1.2.0' });
    const { message, after } = await promoted(files);
    expect(after).toEqual(files);
    expect(message).toBe(
      `The places of web in staging have different versions: ${place(way, 'staging/eu-1')} has 1.1.0, ${place(way, 'staging/us-1')} has 1.2.0. ` +
        'Bring them to one there, 1.2.0 with bump-overlay for example, then promote again.',
    );
    const together = await bumped(files, 'staging', '1.2.0');
    const next = await promoted(together.after);
    expect(next.moved).toMatchObject({ previous: '1.0.0', version: '1.2.0', changed: true });
    expect(next.after).toEqual(
      repository(way, Object.fromEntries(Object.keys(EQUAL).map((cluster) => [cluster, '1.2.0']))),
    );
  });

  test('of the target that are newer are named', async () => {
    const { moved } = await promoted(repository(way, { ...EQUAL, 'production/us-1': '3.0.0' }));
    expect(moved).toMatchObject({ previous: '3.0.0', backwards: true });
    expect(moved?.apart).toContain(
      `${place(way, 'production/us-1')} has 3.0.0, ${place(way, 'production/eu-1')} has 1.0.0.`,
    );
  });

  test('of the target that the source lacks go along', async () => {
    const held = { 'staging/eu-1': '1.1.0', 'production/eu-1': '1.0.0', 'production/us-1': '0.9.0' };
    const { moved, message, after } = await promoted(repository(way, held));
    expect([message, moved?.version, moved?.changed]).toEqual(['', '1.1.0', true]);
    expect(after).toEqual(repository(way, { ...held, 'production/eu-1': '1.1.0', 'production/us-1': '1.1.0' }));
  });

  test('of the source that the target lacks are not made there', async () => {
    const held = { 'staging/eu-1': '1.1.0', 'staging/us-1': '1.1.0', 'production/eu-1': '1.0.0' };
    const { moved, after } = await promoted(repository(way, held));
    expect(after).toEqual(repository(way, { ...held, 'production/eu-1': '1.1.0' }));
    expect(moved?.notes).toEqual([
      expect.stringMatching(/^production has no web in production\/us-1.*, and gets none there by this\.$/),
    ]);
  });
});

describe.each(Object.keys(WAYS))('the status of clusters with %s each', (way) => {
  test('names those that differ, with their versions', async () => {
    const states = await Promise.all(
      [EQUAL, { ...EQUAL, 'production/us-1': '3.0.0' }].map(async (held) => {
        const tree = objectTree(repository(way, held));
        const layout = await locateOverlays(tree, NO_POLICY);
        const overlay = await readOverlay(tree, layout, 'production', 'web');
        const layered = await layeredOverlaysOf(tree, layout, 'production', 'web');
        return differingPlaces(overlay?.files ?? [], 'web', layered);
      }),
    );
    expect(states).toEqual([
      [],
      [
        { place: expect.stringMatching(/^production\/eu-1/), version: '1.0.0' },
        { place: expect.stringMatching(/^production\/us-1/), version: '3.0.0' },
      ],
    ]);
  });
});

describe('clusters of other names in each environment', () => {
  const way = 'a kustomization of its own';
  const held = {
    'staging/eagle': '1.1.0',
    'staging/falcon': '1.1.0',
    'production/hawk': '1.0.0',
    'production/owl': '1.0.0',
  };

  test('get what the others have', async () => {
    const { moved, after } = await promoted(repository(way, held));
    expect([moved?.version, moved?.notes]).toEqual(['1.1.0', []]);
    expect(after).toEqual(repository(way, { ...held, 'production/hawk': '1.1.0', 'production/owl': '1.1.0' }));
  });

  test('are none that a promotion makes for an app that is new', async () => {
    const files = {
      ...repository(way, held),
      ...base('base/jobs', 'api'),
      'production/hawk/jobs/kustomization.yaml': 'resources: [../../../base/jobs]\n',
      'production/owl/jobs/kustomization.yaml': 'resources: [../../../base/jobs]\n',
    };
    const without = Object.fromEntries(Object.entries(files).filter(([path]) => !/production\/\w+\/web/.test(path)));
    const { message, after } = await promoted(without, true);
    expect(after).toEqual(without);
    expect(message).toBe(
      'production has clusters that staging has no counterpart of, so how web is set up there is not known: it would be in ' +
        'production/hawk/web, production/owl/web. Add it to each with "onboard" and its input "group", a folder in its path.',
    );
    const layout = await locateOverlays(objectTree(after), NO_POLICY);
    expect(await environmentApps(objectTree(after), layout, 'production')).toEqual(['jobs']);
  });
});
