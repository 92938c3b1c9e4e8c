/** A repository of kustomize overlays, and of nothing that says what deploys them. */

export const at = (environment: string, app = 'shop', file = 'kustomization.yaml') =>
  `overlays/${environment}/${app}/${file}`;
export const overlay = (version: string, app = 'shop', more = '') =>
  `resources: [../../../bases/${app}]\nimages:\n- name: ghcr.io/acme/${app}\n  newTag: ${version}\n${more}`;
export const base = (app: string) => ({
  [`bases/${app}/kustomization.yaml`]: 'resources: [deployment.yaml]\n',
  [`bases/${app}/deployment.yaml`]: `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${app} }\nspec: { template: { spec: { containers: [{ name: ${app}, image: ghcr.io/acme/${app} }] } } }\n`,
});

/** Production takes what was in staging, and what grace approves. */
export const ROLES = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';

export const PLAIN = [
  {
    'ostack.yaml': ROLES,
    ...base('shop'),
    [at('staging')]: overlay('1.4.0'),
    [at('production')]: overlay('1.4.0'),
    // Both are on one cluster, each in a namespace of its own.
    ...base('job'),
    [at('staging', 'job')]: `namespace: job-staging\n${overlay('1.0.0', 'job')}`,
    [at('production', 'job')]: `namespace: job-production\n${overlay('0.9.0', 'job')}`,
  },
  { [at('staging')]: overlay('1.5.0') },
];

/** The same at one commit. */
export const FILES = {
  'ostack.yaml': ROLES,
  ...base('shop'),
  [at('staging')]: overlay('1.5.0'),
  [at('production')]: overlay('1.4.0'),
};
