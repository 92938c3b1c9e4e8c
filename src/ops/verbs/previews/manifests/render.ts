import type { Scope } from '../../../kustomize/cluster-kinds.js';
import { layerNode } from '../../../kustomize/layers/layer-node.js';
import { objectsOf } from '../../../kustomize/layers/layer-object.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFile, previewFolder } from '../../../preview-records/paths.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import { type Cluster, unknownReconciler } from '../../../reconcilers/cluster.js';
import { guestOf } from '../../../repository/workspaces.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import type { MapValue } from '../../../yaml/values.js';
import { adaptApps } from './adapt-apps.js';
import { type AppOverlay, type AppSources, type ReadApp, type RenderedApp, readApp, renderApp } from './app-overlay.js';
import { clusterNotices } from './cluster-list.js';
import { groundOf, openedAs } from './ground.js';
import { appsOfHost } from './host-environment.js';
import type { LeftOut } from './left-out.js';
import { annotationsOf, labelsOf } from './namespace.js';
import { definedScopes } from './omissions.js';
import { asPreviewProblem, PreviewProblem } from './problem.js';
import { refusalNotices } from './workloads.js';

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
  /** Whether the cluster confines it to its namespace, where it may confine others: one that was opened before stays as it is. */
  closedIn: 'yes' | 'no' | 'not this one';
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
 * Renders a preview from its record, the ops repository and its policy, and from how it was opened; nothing else changes the
 * result.
 *
 * @throws PreviewProblem or InvalidYaml where this preview cannot be rendered; whatever the tree throws
 */
export async function renderPreview(context: RenderContext, record: PreviewRecord): Promise<RenderedPreview> {
  const { policy, cluster, tree } = context;
  const { reconciler } = cluster;
  if (reconciler === undefined) {
    throw new PreviewProblem(unknownReconciler(cluster, context.hasPreviews));
  }
  const target = { ...cluster, branch: policy.branch, repositoryUrl: context.repoURL };
  const confinement = reconciler.previews.confinement(target);
  const [opened, found] = await Promise.all([openedAs(tree, record, cluster.environment), readApps(context, record)]);
  const isBeside = opened.isGroundBeside ?? confinement?.isGroundBeside === true;
  const isClosedIn = confinement !== undefined && (!confinement.isGroundBeside || isBeside);
  const adapted = adaptApps(record.name, found.read, {
    isClosedIn,
    policy: { ...policy, podSecurity: opened.hasSecurity ? policy.podSecurity : 'privileged' },
    defined: definedIn(cluster.objects),
    forbidden: isBeside ? ({ group, kind }) => confinement?.forbidden(group, kind) : undefined,
  });
  const rendered = found.read.flatMap((each) => {
    const own = adapted.get(each.app);
    return own === undefined ? [] : [renderApp(each, own)];
  });
  const ground = groundOf(record, policy, opened);
  const source = {
    ...{ name: record.name, folder: previewFolder(record.name) },
    ...{ labels: labelsOf(record), annotations: annotationsOf(record) },
    ground: isBeside ? [...ground.values()].join('---\n') : undefined,
  };
  const object = asPreviewProblem(() => reconciler.previewObject(source, target));
  return {
    files: new Map([
      ...filesIn(record, isBeside ? new Map() : ground, rendered),
      [clusterFile(cluster.environment, record.name), object],
    ]),
    apps: rendered.map(({ app }) => app),
    uses: [...new Set(rendered.flatMap((each) => each.uses))].sort(),
    leftOut: rendered.flatMap((each) => each.leftOut),
    notices: [
      ...found.notices,
      ...rendered.flatMap((each) => each.notices),
      ...refusalNotices(
        [...adapted.values()].flatMap(({ refused }) => refused),
        policy.podSecurity,
      ),
      ...clusterNotices(cluster, policy.branch, context.repository),
    ],
    closedIn: isClosedIn ? 'yes' : confinement === undefined ? 'no' : 'not this one',
  };
}

/**
 * Reads the apps of a preview, in alphabetical order.
 *
 * @throws PreviewProblem where none of them has a base
 */
async function readApps(
  context: RenderContext,
  record: PreviewRecord,
): Promise<{ read: ReadApp[]; notices: string[] }> {
  const { policy, tree, layout, host, guests } = context;
  const affected = new Map(record.apps.map((each) => [each.app, each]));
  const running = !policy.others ? [] : (policy.apps ?? (await appsOfHost(tree, layout, host, [...affected.keys()])));
  const [workspace] = [...affected.keys()].map((app) => guestOf(app, guests));
  // Apps of two workspaces may have objects of one name, which one namespace cannot hold.
  const others = running.filter((app) => guestOf(app, guests) === workspace);
  const names = [...new Set([...affected.keys(), ...others])].sort();
  const found = await Promise.all(names.map((app) => readApp(context, record, app, affected.get(app))));
  const read = found.flatMap((each) => ('app' in each ? [each] : []));
  if (read.length === 0) {
    const expected = names.length === 0 ? 'any app' : names.join(', ');
    const [first = '<app>'] = affected.size > 0 ? affected.keys() : names;
    throw new PreviewProblem(
      `There is nothing to run in ${record.name}: it is built from kustomizations, and none of them is a base of ${expected}. ` +
        `Add bases/${first}/kustomization.yaml with the manifests of ${first}, whatever else deploys it in ${host}.`,
    );
  }
  return { read, notices: found.flatMap((each) => ('app' in each ? [] : each.notices)) };
}

/** The files of a preview's folder: what it stands on, where that is in it, and its apps. */
function filesIn(
  { name }: PreviewRecord,
  ground: ReadonlyMap<string, string>,
  apps: readonly AppOverlay[],
): [path: string, text: string][] {
  const folder = previewFolder(name);
  const kustomization = toYaml(
    {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: name,
      resources: [...ground.keys(), ...apps.map(({ app }) => app.app)],
    },
    'A short-lived environment. Written by oStack, and removed with its pull request: changes made here are lost.',
  );
  return [
    [`${folder}/kustomization.yaml`, kustomization],
    ...[...ground].map(([file, text]): [string, string] => [`${folder}/${file}`, text]),
    ...apps.map(({ file }) => file),
  ];
}

/** Where objects of kinds are, by the definitions among a cluster's objects. */
function definedIn(objects: readonly MapValue[]): Map<string, Scope> {
  const place = { file: '', line: 1 };
  return definedScopes(objects.flatMap((object) => objectsOf(layerNode(object, place), '')));
}
