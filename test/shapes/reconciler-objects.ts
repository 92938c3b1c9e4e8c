/** Files that repositories with objects of reconcilers are made of. */

const VERSIONS: Readonly<Record<string, { web: string; api: string }>> = {
  staging: { web: '1.1.0', api: '5.1.0' },
  production: { web: '1.0.0', api: '5.0.0' },
};
export const OWN = 'https://github.com/acme/ops.git';

export function both(files: (environment: string, versions: { web: string; api: string }) => Record<string, string>) {
  return Object.assign({}, ...Object.entries(VERSIONS).map(([environment, versions]) => files(environment, versions)));
}

export const kustomization = (name: string, path: string, source = 'flux-system', more = '') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: ${name}\n  namespace: flux-system\nspec:\n  interval: 10m\n  path: ${path}\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: ${source}\n${more}`;

export const application = (
  name: string,
  path: string,
  { url = OWN, more = '', destination = 'server: https://kubernetes.default.svc' } = {},
) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\n  namespace: argocd\nspec:\n  project: default\n  source:\n    repoURL: ${url}\n    targetRevision: HEAD\n    path: ${path}\n${more}  destination:\n    ${destination}\n    namespace: acme\n`;

export const setOf = (elements: string, path: string, name = '{{app}}-{{env}}') =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata:\n  name: all\nspec:\n  generators:\n${elements}\n  template:\n    metadata:\n      name: '${name}'\n    spec:\n      source:\n        repoURL: ${OWN}\n        targetRevision: HEAD\n        path: '${path}'\n      destination:\n        server: https://kubernetes.default.svc\n        namespace: acme\n`;
