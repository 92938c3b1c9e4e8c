/** Folders whose name says that environments are in them. */
export const OF_ENVIRONMENTS: ReadonlySet<string> = new Set(['overlays', 'envs', 'env', 'environments', 'stages']);

/** Folders in an app's folder that its environments are in, as they are looked for. */
export const IN_APPS = ['overlays', 'envs', 'environments'] as const;

/** Folders that hold what belongs to one tool, and in it the folders that would else be at the root. */
export const OF_TOOLS: ReadonlySet<string> = new Set(
  'deploy deployment deployments gitops k8s kube kubernetes kustomize manifests'.split(' '),
);

/** Folders whose name says that they hold several apps, and are none. */
export const OF_APPS: ReadonlySet<string> = new Set([
  ...OF_TOOLS,
  ...(
    'apps applications services workloads infrastructure infra platform system addons releases components teams charts ' +
    'helm helmfile argocd'
  ).split(' '),
]);

/** Folders that are no app wherever they are. */
const NEVER_APPS = new Set('apps applications charts helm helmfile'.split(' '));

/** Whether a folder beside those of apps can be an app by its name. */
export function canBeApp(name: string): boolean {
  return !NEVER_APPS.has(name) && !OF_TOOLS.has(name) && !OF_ENVIRONMENTS.has(name);
}

/** Whether a folder in that of an environment holds several apps by its name: `apps`, `infrastructure`, `infra-configs`. */
export function isGroup(name: string): boolean {
  return OF_APPS.has(name) || name === 'tenants' || /^(apps|infra|infrastructure|platform)-/.test(name);
}
