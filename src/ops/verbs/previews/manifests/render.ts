import type { LeftOut } from '../../../judgement/left-out.js';
import type { OpenPreviews } from '../../../judgement/open-previews.js';
import { asPreviewProblem, PreviewProblem } from '../../../judgement/preview-problem.js';
import type { Scope } from '../../../kustomize/cluster-kinds.js';
import { layerNode } from '../../../kustomize/layers/layer-node.js';
import { objectsOf } from '../../../kustomize/layers/layer-object.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFile, previewFolder } from '../../../preview-records/paths.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import { type Cluster, unknownReconciler } from '../../../reconcilers/cluster.js';
import type { Confinement } from '../../../reconcilers/reconciler.js';
import { guestOf } from '../../../repository/workspaces.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import type { MapValue } from '../../../yaml/values.js';
import { type AdaptedApp, adaptApps } from './adapt-apps.js';
import { type AppOverlay, type AppSources, type ReadApp, type RenderedApp, readApp, renderApp } from './app-overlay.js';
import { clusterNotices } from './cluster-list.js';
import { groundOf, hasGround, type OpenedAs, openedAs } from './ground.js';
import { appsOfHost } from './host-environment.js';
import { annotationsOf, labelsOf } from './namespace.js';
import { definedScopes } from './omissions.js';
import { refusalNotices } from './pod-refusals.js';
import { turnPatches } from './turn-patches.js';

/** The files of an active preview in the ops repository, except its record. */
export interface RenderedPreview {
  /** Texts by path from the repository's root. */
  files: Map<string, string>;
  apps: RenderedApp[];
  /** Folders of the repository that it is built from, as `usedFolders` says them, in alphabetical order. */
  uses: string[];
  /** How many apps it has, and how many objects of theirs as far as their files are in this repository. */
  size: { apps: number; objects: number };
  /** Objects that it does not have, in the order of its apps. */
  leftOut: LeftOut[];
  /** What a person should know, a sentence each: an app that it lacks, an image that nothing runs. */
  notices: string[];
  /** How its cluster does not confine previews as the policy says; `undefined` where it does. */
  open: OpenPreviews | undefined;
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
  /** How the cluster does not confine previews as the policy says; `undefined` where it does. */
  open: OpenPreviews | undefined;
  /** Address of the ops repository, for where no object of the cluster has one. */
  repoURL?: string | undefined;
  /** `owner/name` of the ops repository. */
  repository?: string | undefined;
}

/**
 * Renders a preview from its record, the ops repository and its policy, and from how it was opened; nothing else changes the
 * result.
 *
 * @param isMoved whether it comes from another cluster
 * @throws PreviewProblem or InvalidYaml where this preview cannot be rendered; whatever the tree throws
 */
export async function renderPreview(
  context: RenderContext,
  record: PreviewRecord,
  isMoved = false,
): Promise<RenderedPreview> {
  const { policy, cluster } = context;
  const [footing, found] = await Promise.all([footingOf(context, record, isMoved), readApps(context, record)]);
  const { opened, confinement, isBeside } = footing;
  const isClosedIn = confinement !== undefined && (!confinement.isGroundBeside || isBeside);
  const adapted = adaptApps(record.name, found.read, {
    policy: { ...policy, podSecurity: opened.hasSecurity ? policy.podSecurity : 'privileged' },
    defined: definedIn(cluster.objects),
    confinement: isClosedIn ? confinement : undefined,
    ground: hasGround(footing.whole),
  });
  const rendered = found.read.flatMap((each) => {
    const own = adapted.get(each.app);
    return own === undefined ? [] : [renderApp(each, own)];
  });
  return {
    files: new Map([...filesIn(record, footing.ground, rendered), ...filesOf(footing, record)]),
    apps: rendered.map(({ app }) => app),
    uses: [...new Set(rendered.flatMap((each) => each.uses))].sort(),
    size: {
      apps: rendered.length,
      objects: found.read.reduce((sum, each) => sum + each.objects.length - leftOutOf(each, adapted), 0),
    },
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
    open: context.open,
    closedIn: isClosedIn ? 'yes' : confinement === undefined ? 'no' : 'not this one',
  };
}

/** How many of the objects that were read are left out. */
function leftOutOf({ app }: ReadApp, adapted: ReadonlyMap<string, AdaptedApp>): number {
  return (adapted.get(app)?.leftOut ?? []).filter(({ name, part }) => name !== undefined && part === undefined).length;
}

/**
 * The files of a preview that say until when it is there, besides its record: what it stands on, and its object for the cluster.
 *
 * @throws PreviewProblem where nothing shows what deploys in the cluster; whatever the tree throws
 */
export async function timeFiles(context: RenderContext, record: PreviewRecord): Promise<Map<string, string>> {
  return filesOf(await footingOf(context, record, false), record);
}

/** What a preview stands on, whatever runs in it. */
interface Footing {
  opened: OpenedAs;
  confinement: Confinement | undefined;
  /** Whether the ground is beside the cluster's object, and not in the preview's folder. */
  isBeside: boolean;
  /** The ground's files by name, and those of them that are in the preview's folder. */
  whole: ReadonlyMap<string, string>;
  ground: ReadonlyMap<string, string>;
  /** Path and text of the object for the cluster. */
  object: readonly [path: string, text: string];
}

async function footingOf(context: RenderContext, record: PreviewRecord, isMoved: boolean): Promise<Footing> {
  const { policy, cluster, tree } = context;
  const { reconciler } = cluster;
  if (reconciler === undefined) {
    throw new PreviewProblem(unknownReconciler(cluster, context.hasPreviews));
  }
  const target = { ...cluster, branch: policy.branch, repositoryUrl: context.repoURL };
  const confinement = reconciler.previews.confinement(target);
  const place = { environment: cluster.environment, kind: reconciler.object.kind, isMoved };
  const opened = await openedAs(tree, record, place, policy);
  const isBeside = opened.isGroundBeside ?? confinement?.isGroundBeside === true;
  const whole = groundOf(record, policy, opened);
  const source = {
    ...{ name: record.name, folder: previewFolder(record.name) },
    ...{ labels: labelsOf(record), annotations: annotationsOf(record) },
    ground: isBeside ? [...whole.values()].join('---\n') : undefined,
  };
  const text = asPreviewProblem(() => reconciler.previewObject(source, target));
  const object = [clusterFile(cluster.environment, record.name), text] as const;
  return { opened, confinement, isBeside, whole, ground: isBeside ? new Map() : whole, object };
}

function filesOf({ ground, object }: Footing, { name }: PreviewRecord): Map<string, string> {
  const own = [...ground].map(([file, text]): [string, string] => [`${previewFolder(name)}/${file}`, text]);
  return new Map([...own, object]);
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

/** The files of a preview's folder that say what runs: a kustomization of all, and the apps. */
function filesIn(
  record: PreviewRecord,
  ground: ReadonlyMap<string, string>,
  apps: readonly AppOverlay[],
): [path: string, text: string][] {
  const folder = previewFolder(record.name);
  const patches = turnPatches(record);
  const kustomization = toYaml(
    {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      namespace: record.name,
      resources: [...ground.keys(), ...apps.map(({ app }) => app.app)],
      ...(patches.length === 0 ? {} : { patches }),
    },
    'A short-lived environment. Written by oStack, and removed with its pull request: changes made here are lost.',
  );
  return [[`${folder}/kustomization.yaml`, kustomization], ...apps.map(({ file }) => file)];
}

/** Where objects of kinds are, by the definitions among a cluster's objects. */
function definedIn(objects: readonly MapValue[]): Map<string, Scope> {
  const place = { file: '', line: 1 };
  return definedScopes(objects.flatMap((object) => objectsOf(layerNode(object, place), '')));
}
