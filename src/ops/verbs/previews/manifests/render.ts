import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFile, previewFolder } from '../../../preview-records/paths.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import { type Cluster, unknownReconciler } from '../../../reconcilers/cluster.js';
import type { Reconciler } from '../../../reconcilers/reconciler.js';
import { guestOf } from '../../../repository/workspaces.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import { type AppSources, type RenderedApp, renderApp } from './app-overlay.js';
import { clusterNotices } from './cluster-list.js';
import { appsOfHost } from './host-environment.js';
import type { LeftOut } from './left-out.js';
import { annotationsOf, labelsOf, namespaceOf } from './namespace.js';
import { networkPolicyOf } from './network-policy.js';
import { asPreviewProblem, PreviewProblem } from './problem.js';
import { quotaOf } from './quota.js';
import { turnPatches } from './turn-patches.js';

/** The files of an active preview in the ops repository, except its record. */
export interface RenderedPreview {
  /** Texts by path from the repository's root. */
  files: Map<string, string>;
  apps: RenderedApp[];
  /** Names at the root of the repository that it is built from, in alphabetical order. */
  uses: string[];
  /** Objects that it does not have, in the order of its apps. */
  leftOut: LeftOut[];
  /** What a person should know, a sentence each: an app that it lacks, an image that nothing runs. */
  notices: string[];
}

/** What all previews of one commit are rendered from. */
export interface RenderContext extends AppSources {
  policy: PreviewPolicy;
  /** Whether that is what `ostack.yaml` says, and not only defaults. */
  hasPreviews: boolean;
  cluster: Cluster;
  /** Other workspaces that keep apps in this ops repository, as `<workspace>-<app>`. */
  guests: readonly string[];
  /** Address of the ops repository, for where no object of the cluster has one. */
  repoURL?: string | undefined;
  /** `owner/name` of the ops repository. */
  repository?: string | undefined;
}

/**
 * Renders a preview from its record, the ops repository and its policy; nothing else changes the result.
 *
 * @throws PreviewProblem or InvalidYaml where this preview cannot be rendered; whatever the tree throws
 */
export async function renderPreview(context: RenderContext, record: PreviewRecord): Promise<RenderedPreview> {
  const { policy, cluster, tree, layout, host } = context;
  reconcilerOf(context);
  const affected = new Map(record.apps.map((each) => [each.app, each]));
  const running = !policy.others ? [] : (policy.apps ?? (await appsOfHost(tree, layout, host, [...affected.keys()])));
  const [workspace] = [...affected.keys()].map((app) => guestOf(app, context.guests));
  // Apps of two workspaces may have objects of one name, which one namespace cannot hold.
  const others = running.filter((app) => guestOf(app, context.guests) === workspace);
  const names = [...new Set([...affected.keys(), ...others])].sort();
  const rendered = await Promise.all(names.map((app) => renderApp(context, record, app, affected.get(app))));
  const apps = rendered.flatMap(({ app }) => (app === undefined ? [] : [app]));
  const notices = [
    ...rendered.flatMap((each) => each.notices),
    ...clusterNotices(cluster, policy.branch, context.repository),
  ];
  if (apps.length === 0) {
    const expected = names.length === 0 ? 'any app' : names.join(', ');
    const [first = '<app>'] = affected.size > 0 ? affected.keys() : names;
    throw new PreviewProblem(
      `There is nothing to run in ${record.name}: it is built from kustomizations, and none of them is a base of ${expected}. ` +
        `Add bases/${first}/kustomization.yaml with the manifests of ${first}, whatever else deploys it in ${host}.`,
    );
  }
  const folder = previewFolder(record.name);
  const own = ownFiles(record, policy);
  const patches = turnPatches(record);
  const kustomization = toYaml(
    {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: record.name,
      resources: [...own.keys(), ...apps.map(({ app }) => app)],
      ...(patches.length === 0 ? {} : { patches }),
    },
    'A short-lived environment. Written by oStack, and removed with its pull request: changes made here are lost.',
  );
  const files = new Map([
    [`${folder}/kustomization.yaml`, kustomization],
    ...[...own].map(([file, text]): [string, string] => [`${folder}/${file}`, text]),
    ...rendered.flatMap(({ file }) => (file === undefined ? [] : [file])),
    ...timeFiles(context, record),
  ]);
  const uses = [...new Set(rendered.flatMap((each) => each.uses))].sort();
  return { files, apps, uses, leftOut: rendered.flatMap((each) => each.leftOut), notices };
}

/**
 * The files of a preview that say until when it is there, besides its record: its namespace, and its object for the cluster.
 *
 * @throws PreviewProblem where nothing shows what deploys in the cluster
 */
export function timeFiles(context: RenderContext, record: PreviewRecord): Map<string, string> {
  const { cluster, policy } = context;
  const folder = previewFolder(record.name);
  const source = { name: record.name, folder, labels: labelsOf(record), annotations: annotationsOf(record) };
  const target = { ...cluster, branch: policy.branch, repositoryUrl: context.repoURL };
  const object = asPreviewProblem(() => reconcilerOf(context).previewObject(source, target));
  return new Map([
    [`${folder}/namespace.yaml`, namespaceOf(record)],
    [clusterFile(cluster.environment, record.name), object],
  ]);
}

function reconcilerOf({ cluster, hasPreviews }: RenderContext): Reconciler {
  if (cluster.reconciler === undefined) {
    throw new PreviewProblem(unknownReconciler(cluster, hasPreviews));
  }
  return cluster.reconciler;
}

/** The preview's files that belong to no app, by name. The folder of an app never has such a name: it may not end in `.yaml`. */
function ownFiles(record: PreviewRecord, { quota, network }: PreviewPolicy): Map<string, string> {
  return new Map([
    ['namespace.yaml', namespaceOf(record)],
    ...(quota === undefined ? [] : ([['quota.yaml', quotaOf(quota)]] as const)),
    ...(network === undefined ? [] : ([['network-policy.yaml', networkPolicyOf(network)]] as const)),
  ]);
}
