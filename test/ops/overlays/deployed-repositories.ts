/** Repositories whose overlays are deployed by objects of Flux and Argo CD. */
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState } from '../../../src/ops/overlays/app-state.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../../src/ops/restore/promote-apps.js';
import { changedTree } from '../../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { application, both, kustomization } from '../../shapes/reconciler-objects.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

export type Files = Record<string, string>;

export const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
export const images = (tag: string) => `images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n`;
export const values = (tag: string) => `image:\n  repository: ghcr.io/acme/web\n  tag: ${tag}\n`;
export const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

export const BASE: Files = {
  'base/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web/web.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: "ghcr.io/acme/web:0.1.0" }] } } }\n',
};
export const OVERLAYS: Files = {
  ...BASE,
  ...both((environment, { web }) => ({
    [`overlays/${environment}/web/kustomization.yaml`]: `resources: [../../../base/web]\n${images(web)}`,
  })),
};
export const CHARTS: Files = {
  'charts/web/Chart.yaml': 'name: web\nversion: 9.9.9\n',
  'charts/web/values.yaml': values('0.1.0'),
  ...both((environment, { web }) => ({ [`charts/web/values-${environment}.yaml`]: values(web) })),
};
export const flux = (environment: string, more = '') =>
  kustomization('web', `./overlays/${environment}/web`, 'flux-system', indent(more, 2));
export const argo = (environment: string, more = '') =>
  application(`web-${environment}`, `overlays/${environment}/web`, { more: indent(more, 4) });
export const helm = (environment: string, files: string, more = '') =>
  application(`web-${environment}`, 'charts/web', {
    more: indent(`helm:\n  valueFiles: [${files}]\n${indent(more, 2)}`, 4),
  });
export const annotated = (text: string, images: string) =>
  text.replace(
    '  namespace: argocd\n',
    `  namespace: argocd\n  annotations:\n    argocd-image-updater.argoproj.io/image-list: ${images}\n`,
  );

export async function versionIn(files: Files, environment: string) {
  const tree = objectTree(files);
  return (await readState(tree, await locateOverlays(tree, readPolicy(files['ostack.yaml'])), environment, 'web'))
    .deployed?.version;
}

export async function bump(files: Files, environment: string, branch?: string) {
  const tree = objectTree(files);
  const layout = { ...(await locateOverlays(tree, readPolicy(files['ostack.yaml']))), branch };
  const { plan, problem } = await planOverlay(tree, layout, bumpOf(environment, WEB), [WEB]);
  const change = plan?.change.files ?? new Map<string, string>();
  return { problem: problem?.message, previous: plan?.previous, after: { ...files, ...Object.fromEntries(change) } };
}

export async function promote(files: Files) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, readPolicy(files['ostack.yaml']));
  const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
  const plan = await promoteApps(tree, layout, [move], false);
  const after = await readState(changedTree(tree, plan.change), layout, 'production', 'web');
  return { plan, version: after.deployed?.version };
}

/** Objects of Flux that deploy the root, with images, and what the root takes in. */
export const rooted = (path: string, ...taken: string[]): Files => ({
  ...OVERLAYS,
  ...(taken.length === 0 ? {} : { 'kustomization.yaml': `resources: [${taken.join(', ')}]\n` }),
  'clusters/hub/all.yaml': kustomization('all', path, 'flux-system', indent(images('1.0.9'), 2)),
});
