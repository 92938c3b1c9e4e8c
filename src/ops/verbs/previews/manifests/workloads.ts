import { type LayerNode, layerItems, layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { PodSecurity } from '../../../policy/preview-policy.js';
import type { Adaptation } from './adaptation.js';
import { type JsonPatchOperation, jsonPatch, mergingPatch, type Patch } from './kustomize-patch.js';
import { leftOut } from './left-out.js';

/** Where the pods of a kind are described. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  Rollout: ['spec', 'template', 'spec'],
};

/** The keys by which an object describes its pods; none for one that has no pods. */
export function podPath({ kind }: LayerObject): readonly string[] {
  return Object.hasOwn(POD_SPECS, kind) ? (POD_SPECS[kind] ?? []) : [];
}

/** Groups whose lists kustomize merges item by item. It puts a list of any other in place of the whole. */
const MERGED = ['', 'apps', 'batch', 'extensions'];

/** What runs by a schedule, and stops where its `spec.suspend` says so. */
const SCHEDULED = ['CronJob.batch', 'CronWorkflow.argoproj.io', 'ScheduledBackup.postgresql.cnpg.io'];

const HOST_FIELDS = { hostNetwork: 'the host network', hostPID: 'the host’s processes', hostIPC: 'the host’s memory' };
const CONTAINER_LISTS = ['containers', 'initContainers'];
const HOST = 'a preview takes nothing of the machine that it runs on';

/**
 * Makes a workload fit for a preview: without network, ports, paths and processes of the machine, and suspended where it runs
 * by a schedule. Other objects stay as they are.
 *
 * @param level the Pod Security level of the preview's namespace, for what it will refuse
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function adaptWorkload(app: string, object: LayerObject, level: PodSecurity): Adaptation {
  const path = podPath(object);
  const pod = path.length === 0 ? undefined : nodeAt(object.root, ...path);
  const parts = pod === undefined ? [] : [...hostFields(pod), ...hostPorts(pod), ...hostPaths(pod)];
  const refused = level === 'privileged' || pod === undefined ? [] : refusals(pod, level);
  const isScheduled = SCHEDULED.includes(`${object.kind}.${object.group}`);
  return {
    patches: patchesOf(object, path, parts, isScheduled ? { spec: { suspend: true } } : {}),
    leftOut: [
      ...parts.map(({ part }) => leftOut(app, object, HOST, part)),
      ...(isScheduled ? [leftOut(app, object, 'nothing runs by a schedule in a preview', 'its schedule')] : []),
    ],
    refused:
      refused.length === 0
        ? []
        : [{ workload: `${object.kind} ${currentId(object).name} of ${app}`, lacks: refused.join(', ') }],
  };
}

function patchesOf(
  object: LayerObject,
  path: readonly string[],
  parts: readonly HostPart[],
  suspension: Record<string, unknown>,
): Patch[] {
  const isMerged = MERGED.includes(object.group);
  const spec = Object.assign({}, ...parts.map(({ patch }) => patch));
  const taken = isMerged && parts.length > 0 ? nested(path, withLists(parts, spec)) : {};
  const fields = merged(taken, suspension);
  const operations = isMerged ? [] : parts.flatMap((each) => each.operations);
  const at = (operation: JsonPatchOperation) => ({ ...operation, path: `/${path.join('/')}${operation.path}` });
  return [
    ...(Object.keys(fields).length === 0 ? [] : [mergingPatch(object, fields)]),
    ...(operations.length === 0 ? [] : [jsonPatch(object, operations.map(at))]),
  ];
}

/** Something of the machine that a pod takes, and what takes it away: fields to merge, or operations on the pod. */
interface HostPart {
  part: string;
  patch: Record<string, unknown>;
  operations: JsonPatchOperation[];
}

function hostFields(pod: LayerNode): HostPart[] {
  return Object.entries(HOST_FIELDS)
    .filter(([key]) => layerText(pod, key) === 'true')
    .map(([key, part]) => ({ part, patch: { [key]: null }, operations: [{ op: 'remove', path: `/${key}` }] }));
}

function hostPorts(pod: LayerNode): HostPart[] {
  return CONTAINER_LISTS.flatMap((list) =>
    layerItems(pod, list).flatMap((container, place): HostPart[] => {
      const taken = layerItems(container, 'ports')
        .map((port, index) => ({ port, index }))
        .filter(({ port }) => (layerText(port, 'hostPort') || '0') !== '0');
      const ports = taken.map(({ port }) => ({
        ...numberAt(port, 'containerPort'),
        ...textOf(port, 'protocol'),
        hostPort: null,
      }));
      const numbers = taken.map(({ port }) => layerText(port, 'hostPort')).join(', ');
      const operations = taken.map(({ index }): JsonPatchOperation => {
        return { op: 'remove', path: `/${list}/${place}/ports/${index}/hostPort` };
      });
      const patch = { [list]: [{ name: layerText(container, 'name'), ports }] };
      return taken.length === 0 ? [] : [{ part: `the host port ${numbers}`, patch, operations }];
    }),
  );
}

/** A volume of the host becomes an empty one, so that what mounts it starts. */
function hostPaths(pod: LayerNode): HostPart[] {
  return layerItems(pod, 'volumes').flatMap((volume, index): HostPart[] => {
    const [name, path] = [layerText(volume, 'name'), layerText(volume, 'hostPath', 'path')];
    const operations: JsonPatchOperation[] = [
      { op: 'remove', path: `/volumes/${index}/hostPath` },
      { op: 'add', path: `/volumes/${index}/emptyDir`, value: {} },
    ];
    const patch = { volumes: [{ name, hostPath: null, emptyDir: {} }] };
    return nodeAt(volume, 'hostPath') === undefined ? [] : [{ part: `the host path ${path}`, patch, operations }];
  });
}

/** The fields of all parts: those that are lists have the items of each. */
function withLists(parts: readonly HostPart[], spec: Record<string, unknown>): Record<string, unknown> {
  const lists = [...CONTAINER_LISTS, 'volumes'].flatMap((key) => {
    const items = parts.flatMap(({ patch }) => (Array.isArray(patch[key]) ? patch[key] : []));
    return items.length === 0 ? [] : [[key, items] as const];
  });
  return { ...spec, ...Object.fromEntries(lists) };
}

function nested(path: readonly string[], value: Record<string, unknown>): Record<string, unknown> {
  return path.reduceRight<Record<string, unknown>>((inner, key) => ({ [key]: inner }), value);
}

/** Both values, whose only common key is `spec`. */
function merged(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  const [first, second] = [one.spec, other.spec];
  return typeof first === 'object' && typeof second === 'object'
    ? { ...one, ...other, spec: { ...second, ...first } }
    : { ...one, ...other };
}

function numberAt(port: LayerNode, key: string): Record<string, number> {
  return { [key]: Number(layerText(port, key)) };
}

function textOf(port: LayerNode, key: string): Record<string, string> {
  const text = layerText(port, key);
  return text === '' ? {} : { [key]: text };
}

/** What nothing else than `privileged` lets a container have, is all but these. */
const BASELINE_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

/** Volumes that `restricted` lets a pod have, beside a name. */
const VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
  ...['image', 'hostPath'],
];

/** What the level asks for and a pod does not say. A host path is none here: a preview has an empty volume instead. */
function refusals(pod: LayerNode, level: Exclude<PodSecurity, 'privileged'>): string[] {
  const containers = CONTAINER_LISTS.flatMap((list) => layerItems(pod, list));
  const some = (missing: (container: LayerNode) => boolean) => containers.some(missing);
  const field = (container: LayerNode, ...keys: string[]) => layerText(container, 'securityContext', ...keys);
  const allowed = level === 'baseline' ? BASELINE_CAPABILITIES : ['NET_BIND_SERVICE'];
  const added = new Set(
    containers.flatMap((each) => capabilities(each, 'add')).filter((each) => !allowed.includes(each)),
  );
  const never = [
    ...(some((container) => field(container, 'privileged') === 'true') ? ['no privileged container'] : []),
    ...([pod, ...containers].some((each) => field(each, 'runAsUser') === '0') && level === 'restricted'
      ? ['another user than 0 (runAsUser)']
      : []),
    ...(added.size === 0 ? [] : [`no capabilities ${[...added].join(', ')}`]),
  ];
  if (level === 'baseline') {
    return never;
  }
  const inherited = (container: LayerNode, ...keys: string[]) => field(container, ...keys) || field(pod, ...keys);
  const volumes = layerItems(pod, 'volumes').flatMap((volume) =>
    volume.kind === 'map' ? [...volume.entries.keys()] : [],
  );
  const kinds = new Set(volumes.filter((key) => key !== 'name' && !VOLUMES.includes(key)));
  return [
    ...never,
    ...(kinds.size === 0 ? [] : [`no volume ${[...kinds].join(', ')}`]),
    ...(some((each) => inherited(each, 'runAsNonRoot') !== 'true') ? ['runAsNonRoot: true'] : []),
    ...(some((each) => field(each, 'allowPrivilegeEscalation') !== 'false') ? ['allowPrivilegeEscalation: false'] : []),
    ...(some((each) => !capabilities(each, 'drop').includes('ALL')) ? ['capabilities: { drop: [ALL] }'] : []),
    ...(some((each) => !['RuntimeDefault', 'Localhost'].includes(inherited(each, 'seccompProfile', 'type')))
      ? ['seccompProfile: { type: RuntimeDefault }']
      : []),
  ];
}

function capabilities(container: LayerNode, key: 'add' | 'drop'): string[] {
  return layerItems(container, 'securityContext', 'capabilities', key).flatMap((each) =>
    each.kind === 'text' ? [each.text] : [],
  );
}

/** What the Pod Security level of a preview will refuse, a sentence for each thing that workloads lack. */
export function refusalNotices(refused: Adaptation['refused'], level: PodSecurity): string[] {
  return [...new Set(refused.map(({ lacks }) => lacks))].map((lacks) => {
    const workloads = refused.filter((each) => each.lacks === lacks).map(({ workload }) => workload);
    return (
      `No pods in the preview, whose Pod Security level is ${level}, for ${workloads.join(', ')}: missing are ${lacks}. ` +
      'Set that in their bases, or previews.pod-security in ostack.yaml.'
    );
  });
}

/** What of workloads is taken away where their files are not read. */
export const UNREAD_WORKLOADS: readonly Patch[] = [
  {
    target: { kind: 'Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|Rollout' },
    patch:
      'apiVersion: apps/v1\nkind: Any\nmetadata:\n  name: any\nspec:\n  template:\n    spec:\n      hostNetwork: null\n      hostPID: null\n      hostIPC: null\n',
  },
  {
    target: { kind: 'PersistentVolumeClaim' },
    patch: 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: any\nspec:\n  volumeName: null\n',
  },
  {
    target: { kind: 'CronJob' },
    patch: 'apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: any\nspec:\n  suspend: true\n',
  },
  {
    target: { group: 'argoproj\\.io|postgresql\\.cnpg\\.io', kind: 'CronWorkflow|ScheduledBackup' },
    patch: 'apiVersion: v1\nkind: Any\nmetadata:\n  name: any\nspec:\n  suspend: true\n',
  },
];
