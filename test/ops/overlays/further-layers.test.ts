import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { kustomization } from '../../shapes/reconciler-objects.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

type Files = Record<string, string>;

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const images = (tag: string) => `images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n`;
const deployment = (image: string, labels = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web${labels} }\nspec: { template: { spec: { containers: [{ name: web, image: "${image}" }] } } }\n`;
const patchOf = (app: string, image: string) => deployment(image).replace('name: web }', `name: ${app} }`);
const OWN = 'deploy/production/apps/web/kustomization.yaml';

const files = (more: Files, own = `resources: [../../../../bases/web]\n${images('1.0.0')}`): Files => ({
  'ostack.yaml': 'overlays: ["deploy/{environment}/apps/{app}"]\nenvironments: { production: {} }\n',
  'bases/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'bases/web/web.yaml': deployment('ghcr.io/acme/web:0.1.0', ', labels: { app: web, tier: front }'),
  [OWN]: own,
  ...more,
});

async function bump(given: Files): Promise<string> {
  const tree = objectTree(given);
  const layout = await locateOverlays(tree, readPolicy(given['ostack.yaml']));
  const { plan, problem } = await planOverlay(tree, layout, bumpOf('production', WEB), [WEB]);
  return problem?.message ?? (plan?.state === 'change' ? [...plan.change.files.keys()].join(' ') : `${plan?.state}`);
}

const flux = (more: string) => ({
  'clusters/production/web.yaml': kustomization('web', './deploy/production/apps/web', 'flux-system', more),
});
const ADDED = '  components: ["../../../../components/pins"]\n';
const component = (text: string) => ({
  'components/pins/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${text}`,
});
const gathered = (outermost: string): Files => ({
  'deploy/production/kustomization.yaml': `resources: [apps]\n${outermost}`,
  'deploy/production/apps/kustomization.yaml': 'resources: [web, api]\n',
  'deploy/production/apps/api/kustomization.yaml': 'resources: [api.yaml]\n',
  'deploy/production/apps/api/api.yaml': patchOf('api', 'ghcr.io/acme/api:1.0.0'),
});
const patched = (target: string) =>
  `resources: [../../../../bases/web]\n${images('1.0.0')}transformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: { name: pin }\n  target: { labelSelector: "${target}" }\n  patch: '[{ op: replace, path: /spec/template/spec/containers/0/image, value: "ghcr.io/acme/web:1.0.0" }]'\n`;

describe('what sets a version over an overlay from afar', () => {
  test.each<[string, Files, RegExp]>([
    [
      'a component that Flux adds',
      files({ ...flux(ADDED), ...component(images('1.0.0')) }),
      /Kustomization\/web .* adds the component components\/pins/,
    ],
    [
      'a patch of a component that Flux adds',
      files({
        ...flux(ADDED),
        ...component('patches: [{ path: web.yaml }]\n'),
        'components/pins/web.yaml': deployment('ghcr.io/acme/web:1.0.0'),
      }),
      /adds the component components\/pins/,
    ],
    [
      'a kustomization two levels above',
      files(gathered(images('1.0.0'))),
      /would still run ghcr\.io\/acme\/web:1\.0\.0 \(deploy\/production\/kustomization\.yaml:\d+\)/,
    ],
    ['a patch for one of several labels', files({}, patched('app in (api, web)')), /would still run/],
    ['a patch for all but some labels', files({}, patched('app notin (api),tier=front')), /would still run/],
    [
      'a variable that kustomize fills in',
      {
        ...files(
          {},
          `resources: [../../../../bases/web]\nvars: [{ name: TAG, objref: { kind: ConfigMap, name: v } }]\n${images('1.0.0')}`,
        ),
        'bases/web/web.yaml': deployment('ghcr.io/acme/web:$(TAG)'),
      },
      /"vars" may write the image of Deployment web/,
    ],
  ])('%s is told, and nothing is claimed', async (_, given, told) => {
    expect(await bump(given)).toMatch(told);
  });

  test.each<[string, Files]>([
    [
      'a component of something else',
      files({ ...flux(ADDED), ...component('images:\n- name: envoy\n  newTag: "1"\n') }),
    ],
    ['a component that is not there', files(flux(ADDED))],
    ['a kustomization two levels above for another app', files(gathered(images('1.0.0').replace('web', 'api')))],
    ['a patch for other labels', files({}, patched('app in (api, mailer)'))],
    ['a patch for all but these labels', files({}, patched('app notin (web)'))],
  ])('%s is none', async (_, given) => {
    expect(await bump(given)).toBe(OWN);
  });
});
