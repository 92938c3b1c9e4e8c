/** Two clusters with Flux, each of which takes in its folder, and what both share beside them. */
import { at, base, overlay, ROLES } from './plain.js';

const object = (api: string, kind: string, name: string, rest: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: flux-system }\n${rest}\n`;

/** A Flux Kustomization of the app. */
export const kustomization = (environment: string, more = '', path = `./overlays/${environment}/shop`) =>
  object(
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    'shop',
    `spec: { interval: 5m, path: ${path}, prune: true, sourceRef: { kind: GitRepository, name: ops }, postBuild: { substituteFrom: [{ kind: ConfigMap, name: cluster-vars }] }${more} }`,
  );
export const variables = (data: string) => object('v1', 'ConfigMap', 'cluster-vars', `data: ${data}`);
export const source = (ref: string, url = 'https://github.com/acme/ops') =>
  object('source.toolkit.fluxcd.io/v1', 'GitRepository', 'ops', `spec: { interval: 1m, url: ${url}, ref: ${ref} }`);
export const charts = (url: string) =>
  object('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'podinfo', `spec: { interval: 1h, url: ${url} }`);
export const values = (text: string) => object('v1', 'ConfigMap', 'podinfo-values', `data: { values.yaml: "${text}" }`);
export const release = (version: string, more = '') =>
  object(
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelease',
    'podinfo',
    `spec: { interval: 5m, valuesFrom: [{ kind: ConfigMap, name: podinfo-values }], chart: { spec: { chart: podinfo, version: ${version}, sourceRef: { kind: HelmRepository, name: podinfo } } }${more} }`,
  );

export const PRODUCTION = 'clusters/production/shop.yaml';

/** A profile that the cluster of production takes in. */
export const PROFILE = 'profiles/standard/settings.yaml';
export const profile = (data: string) => object('v1', 'ConfigMap', 'settings', `data: ${data}`);
/** A template of a chart of the repository, which production has. */
export const TEMPLATE = 'charts/web/templates/deployment.yaml';
export const template = (image: string, more = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: ${image}\n          ${more}\n`;

export const FLUX: readonly [Record<string, string>, Record<string, string>] = [
  {
    'ostack.yaml': ROLES,
    ...base('shop'),
    [at('staging')]: overlay('1.5.0'),
    [at('production')]: overlay('1.4.0'),
    'clusters/staging/shop.yaml': kustomization('staging'),
    [PRODUCTION]: kustomization('production'),
    'clusters/production/podinfo.yaml': release('6.5.0'),
    'clusters/production/namespaces.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop-production }\n',
    'infrastructure/vars.yaml': variables('{ LEVEL: info }'),
    'infrastructure/ops.yaml': source('{ branch: main }'),
    'infrastructure/podinfo.yaml': charts('https://stefanprodan.github.io/podinfo'),
    'infrastructure/values.yaml': values('replicaCount: 2'),
  },
  {
    'clusters/production/profile.yaml': kustomization('production', '', './profiles/standard').replaceAll(
      'name: shop',
      'name: profile',
    ),
    [PROFILE]: profile('{ quota: small }'),
    'clusters/production/web.yaml': object(
      'helm.toolkit.fluxcd.io/v2',
      'HelmRelease',
      'web',
      'spec: { interval: 5m, chart: { spec: { chart: ./charts/web, sourceRef: { kind: GitRepository, name: ops } } } }',
    ),
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'charts/web/values.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
    [TEMPLATE]: template('{{ .Values.image.repository }}:{{ .Values.image.tag }}'),
  },
];
