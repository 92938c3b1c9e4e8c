import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { readState } from '../../src/ops/overlays/app-state.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { promote } from '../ops/restore/support.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { both } from './reconciler-objects.js';

type Files = Record<string, string>;

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const SETTINGS: Files = both((environment, { web, api }) => ({
  [`environments/${environment}.yaml`]: `web:\n  image:\n    repository: ghcr.io/acme/web\n    tag: ${web}\napi:\n  image:\n    repository: ghcr.io/acme/api\n    tag: ${api}\n`,
}));
const ENVIRONMENTS =
  'environments:\n  staging:\n    values: [environments/staging.yaml]\n  production:\n    values:\n    - environments/production.yaml\n';
const releases = (web: string) =>
  `${ENVIRONMENTS}---\nreleases:\n- name: web\n  chart: ./charts/web\n${web}- name: api\n  chart: acme/api\n  version: 3.0.0\n`;
const files = (helmfile: string, name = 'helmfile.yaml'): Files => ({ ...SETTINGS, [name]: helmfile });

async function bump(all: Files, policy = '') {
  const tree = objectTree(all);
  const layout = await locateOverlays(tree, readPolicy(policy));
  const { plan, problem } = await planOverlay(tree, layout, bumpOf('production', WEB), [WEB]);
  return problem?.message ?? [...(plan?.change.files.keys() ?? [])].join(' ');
}

async function versionIn(all: Files) {
  const tree = objectTree(all);
  const layout = await locateOverlays(tree, readPolicy(''));
  return (await readState(tree, layout, 'production', 'web')).deployed?.version;
}

/** A helmfile says the version itself; what of it goes away, so that the next run succeeds. */
const OVER: [string, Files, place: string, removed: RegExp][] = [
  [
    'the values of a release',
    files(releases('  values:\n  - image:\n      repository: ghcr.io/acme/web\n      tag: 1.0.9\n')),
    'helmfile.yaml:14 has "1.0.9" at image.tag',
    / {6}tag: 1\.0\.9\n/,
  ],
  [
    'the values of a release after a template of all values',
    files(releases('  values:\n  - {{ .Values.web | toYaml | nindent 4 }}\n  - image: { tag: 1.0.9 }\n')),
    'helmfile.yaml:13 has "1.0.9" at image.tag',
    / {2}- image: \{ tag: 1\.0\.9 \}\n/,
  ],
  [
    'the values of a release behind a file of templates',
    files(releases('  values:\n  - web.yaml.gotmpl\n  - image: { tag: 1.0.9 }\n')),
    'helmfile.yaml:13 has "1.0.9"',
    / {2}- image: \{ tag: 1\.0\.9 \}\n/,
  ],
  [
    'what a release sets',
    files(releases('  values: ["web.yaml.gotmpl"]\n  set:\n  - name: image.tag\n    value: 1.0.9\n')),
    'helmfile.yaml:14 has "1.0.9" at image.tag',
    / {2}set:\n.*\n.*\n/,
  ],
  [
    'the values of the environment behind its file',
    files(releases('').replace('production.yaml\n', 'production.yaml\n    - web: { image: { tag: 1.0.9 } }\n')),
    'helmfile.yaml:7 has "1.0.9" at web.image.tag',
    / {4}- web: .*\n/,
  ],
  [
    'a helmfile with lines of templates',
    files(
      releases('  values:\n  - image: { repository: ghcr.io/acme/web, tag: 1.0.9 }\n').replace(
        'releases:\n',
        'releases:\n{{- range .Values.list }}\n- name: {{ .name }}\n  chart: x/y\n{{- end }}\n',
      ),
      'helmfile.yaml.gotmpl',
    ),
    'helmfile.yaml.gotmpl:16 has "1.0.9"',
    /, tag: 1\.0\.9/,
  ],
  [
    'a reference in one text',
    files(releases('  values:\n  - image: ghcr.io/acme/web:1.0.9\n'), 'helmfile.d/10-apps.yaml'),
    'helmfile.d/10-apps.yaml:12 has "ghcr.io/acme/web:1.0.9" at image',
    / {2}- image: .*\n/,
  ],
  [
    'a helmfile beside overlays that ostack.yaml says',
    {
      ...files(releases('  values:\n  - image: { tag: 1.0.9 }\n')),
      'ostack.yaml': 'overlays: ["environments/{environment}.yaml"]\n',
    },
    'helmfile.yaml:12 has "1.0.9"',
    / {2}- image: .*\n/,
  ],
];

describe('a version that a helmfile says itself comes over that of the environment', () => {
  test.each(OVER)('%s: nothing is claimed, and what is said works', async (_, all, place, removed) => {
    const said = await bump(all, all['ostack.yaml']);
    expect(said).toContain(`${place}`);
    expect(said).toContain('which comes over the version of ghcr.io/acme/web in environments/production.yaml.');
    expect(await versionIn(all)).toBe(null);
    const { failed } = await promote(all, 'staging', 'production', ['web']);
    expect(failed.map(({ error }) => error.message)).toEqual([expect.stringContaining('which comes over the version')]);
    const mended = Object.fromEntries(Object.entries(all).map(([path, text]) => [path, text.replace(removed, '')]));
    expect(await bump(mended, all['ostack.yaml'])).toBe('environments/production.yaml');
  });

  test.each<[string, string]>([
    [
      'a template',
      '  values:\n  - image:\n      repository: ghcr.io/acme/web\n      tag: {{ .Values.web.image.tag }}\n',
    ],
    [
      'a template over a literal',
      '  values:\n  - image: { tag: 1.0.9 }\n  - image:\n      tag: "{{ .Values.web.image.tag }}"\n',
    ],
    [
      'the file of the environment over a literal',
      '  values:\n  - web: { image: { tag: 1.0.9 } }\n  - environments/{{ .Environment.Name }}.yaml\n',
    ],
    [
      'the version of something else',
      '  values:\n  - sidecar:\n      image: { repository: ghcr.io/acme/proxy, tag: 1.0.9 }\n',
    ],
    ['another setting', '  values:\n  - image: { pullPolicy: Always }\n    replicas: 2\n'],
    ['a version of the chart', '  version: 1.0.9\n'],
  ])('but not %s', async (_, web) => {
    expect(await bump(files(releases(web)))).toBe('environments/production.yaml');
    expect(await versionIn(files(releases(web)))).toBe('1.0.0');
  });

  test('and not what another environment says behind its file', async () => {
    const other = releases('').replace(
      '[environments/staging.yaml]',
      '[environments/staging.yaml, { web: { image: { tag: 1.0.9 } } }]',
    );
    expect(await bump(files(other))).toBe('environments/production.yaml');
  });

  test('and not what another release says', async () => {
    const other = releases('').replace('- name: api\n', '- name: api\n  values: [{ image: { tag: 1.0.9 } }]\n');
    expect(await bump(files(other))).toBe('environments/production.yaml');
  });

  test('a template that cannot be read is asked, and what it says to paste works', async () => {
    const all = files('releases: [\n{{ if }}\n- name: ghcr.io/acme/web:1.0.9\n');
    const said = await bump(all);
    expect(said).toContain('helmfile.yaml names ghcr.io/acme/web and is a template that is not read');
    expect(await bump(all, said.slice(said.indexOf('\n\n') + 2))).toBe('environments/production.yaml');
  });
});
