/** One Argo CD for two clusters: the applications of both lie side by side. */
import { at, base, overlay, ROLES } from './plain.js';

export const application = (
  environment: string,
  {
    name = `shop-${environment}`,
    path = `overlays/${environment}/shop`,
    revision = 'main',
    cluster = environment,
    more = '',
    url = 'https://github.com/acme/ops',
  }: { name?: string; path?: string; revision?: string; cluster?: string; more?: string; url?: string } = {},
) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n  project: default\n  destination: { name: ${cluster}, namespace: shop }\n  source: { repoURL: ${url}, targetRevision: ${revision}, path: ${path}${more} }\n`;

export const chart = (values: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: podinfo-production, namespace: argocd }\nspec:\n  project: default\n  destination: { name: production, namespace: podinfo }\n  sources:\n    - { repoURL: https://stefanprodan.github.io/podinfo, chart: podinfo, targetRevision: 6.5.0, helm: { valueFiles: [$values/values/podinfo.yaml] } }\n    - { repoURL: https://github.com/acme/ops, targetRevision: main, ref: values${values} }\n`;

export const PRODUCTION = 'argocd/shop-production.yaml';

export const ARGO_CD = [
  {
    'ostack.yaml': ROLES,
    ...base('shop'),
    [at('staging')]: overlay('1.5.0'),
    [at('production')]: overlay('1.4.0'),
    'argocd/shop-staging.yaml': application('staging'),
    [PRODUCTION]: application('production'),
    'overlays/production/podinfo/application.yaml': chart(''),
    'values/podinfo.yaml': 'replicaCount: 2\n',
  },
];
