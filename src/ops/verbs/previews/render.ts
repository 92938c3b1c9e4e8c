import type { PreviewPolicy } from '../../policy/preview-policy.js';
import { clusterFile, previewFolder } from '../../preview-records/paths.js';
import type { PreviewRecord } from '../../preview-records/record.js';
import { guestOf } from '../../repository/workspaces.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { type RenderedApp, renderApp, type Surroundings } from './app-overlay.js';
import { argocdApplication } from './argocd.js';
import type { Cluster } from './cluster.js';
import { fluxKustomization } from './flux.js';
import { appsOfHost } from './host.js';
import { namespaceOf } from './namespace.js';
import { networkPolicyOf } from './network-policy.js';
import { PreviewProblem } from './problem.js';
import { quotaOf } from './quota.js';

/** All that an active preview consists of in the ops repository, but for its record. */
export interface RenderedPreview {
  /** Texts by path. */
  files: Map<string, string>;
  apps: RenderedApp[];
  /** What a person should know: an app that is left out, an image that nothing runs. */
  notices: string[];
}

/** What previews of one commit have in common. */
export interface RenderContext extends Surroundings {
  policy: PreviewPolicy;
  cluster: Cluster;
  /** Workspaces that keep apps in the ops repository under their names. */
  guests: readonly string[];
  /** Address of the ops repository, for Argo CD. */
  repoURL?: string | undefined;
}

/**
 * Renders a preview: a pure function of its record, the ops repository and its policy.
 *
 * @throws PreviewProblem where this preview cannot be rendered; whatever the tree throws
 */
export async function renderPreview(context: RenderContext, record: PreviewRecord): Promise<RenderedPreview> {
  const { policy, cluster, tree, layout, host } = context;
  const affected = new Map(record.apps.map((each) => [each.app, each]));
  const others = !policy.others ? [] : (policy.apps ?? (await appsOfHost(tree, layout, host, [...affected.keys()])));
  const [whose] = [...affected.keys()].map((app) => guestOf(app, context.guests));
  // Apps of two workspaces may have objects of one name, which one namespace cannot hold.
  const beside = others.filter((app) => guestOf(app, context.guests) === whose);
  const names = [...new Set([...affected.keys(), ...beside])].sort();
  const rendered = await Promise.all(names.map((app) => renderApp(context, record, app, affected.get(app))));
  const apps = rendered.flatMap(({ app }) => (app === undefined ? [] : [app]));
  const notices = [...rendered.flatMap((each) => each.notices), ...cluster.notices];
  if (apps.length === 0) {
    const wanted = names.length === 0 ? 'any app' : names.join(', ');
    throw new PreviewProblem(`There is nothing to run in ${record.name}: expected a base of ${wanted} in bases/<app>.`);
  }
  const folder = previewFolder(record.name);
  const own = ownFiles(record, policy);
  const kustomization = toYaml(
    {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: record.name,
      resources: [...own.keys(), ...apps.map(({ app }) => app)],
    },
    'A short-lived environment. Written by oStack, and removed with its pull request: changes made here are lost.',
  );
  const object =
    cluster.reconciler === 'flux'
      ? fluxKustomization(record, cluster)
      : argocdApplication(record, cluster, context.repoURL);
  const files = new Map([
    [`${folder}/kustomization.yaml`, kustomization],
    ...[...own].map(([file, text]): [string, string] => [`${folder}/${file}`, text]),
    ...rendered.flatMap(({ file }) => (file === undefined ? [] : [file])),
    [clusterFile(cluster.host, record.name), object],
  ]);
  return { files, apps, notices };
}

/** Files beside the apps' folders, by name; no app is called so, for an app's folder has no ending `.yaml`. */
function ownFiles(record: PreviewRecord, { quota, network }: PreviewPolicy): Map<string, string> {
  return new Map([
    ['namespace.yaml', namespaceOf(record)],
    ...(quota === undefined ? [] : ([['quota.yaml', quotaOf(quota)]] as const)),
    ...(network === undefined ? [] : ([['network-policy.yaml', networkPolicyOf(network)]] as const)),
  ]);
}
