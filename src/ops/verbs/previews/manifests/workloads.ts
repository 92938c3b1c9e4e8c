import { type LayerNode, layerItems, layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { PodSecurity } from '../../../policy/preview-policy.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { mergingPatch, type Patch } from './kustomize-patch.js';
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
};

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
  const path = POD_SPECS[object.kind];
  const pod = path === undefined ? undefined : nodeAt(object.root, ...path);
  if (path === undefined || pod === undefined) {
    return AS_IT_IS;
  }
  const parts = [...hostFields(pod), ...hostPorts(pod), ...hostPaths(pod)];
  const spec = Object.assign({}, ...parts.map(({ patch }) => patch));
  const fields = merged(parts.length === 0 ? {} : nested(path, withLists(parts, spec)), suspension(object));
  const refused = level === 'privileged' ? [] : refusals(pod, level);
  const name = `${object.kind} ${currentId(object).name} of ${app}`;
  return {
    patches: Object.keys(fields).length === 0 ? [] : [mergingPatch(object, fields)],
    leftOut: [
      ...parts.map(({ part }) => leftOut(app, object, HOST, part)),
      ...(object.kind === 'CronJob'
        ? [leftOut(app, object, 'nothing runs by a schedule in a preview', 'its schedule')]
        : []),
    ],
    refused: refused.length === 0 ? [] : [{ workload: name, lacks: refused.join(', ') }],
  };
}

/** Something of the machine that a pod takes, and what takes it away. */
interface HostPart {
  part: string;
  patch: Record<string, unknown>;
}

function hostFields(pod: LayerNode): HostPart[] {
  return Object.entries(HOST_FIELDS)
    .filter(([key]) => layerText(pod, key) === 'true')
    .map(([key, part]) => ({ part, patch: { [key]: null } }));
}

function hostPorts(pod: LayerNode): HostPart[] {
  return CONTAINER_LISTS.flatMap((list) =>
    layerItems(pod, list).flatMap((container): HostPart[] => {
      const taken = layerItems(container, 'ports').filter((port) => (layerText(port, 'hostPort') || '0') !== '0');
      const ports = taken.map((port) => ({
        ...numberAt(port, 'containerPort'),
        ...textOf(port, 'protocol'),
        hostPort: null,
      }));
      const numbers = taken.map((port) => layerText(port, 'hostPort')).join(', ');
      return taken.length === 0
        ? []
        : [{ part: `the host port ${numbers}`, patch: { [list]: [{ name: layerText(container, 'name'), ports }] } }];
    }),
  );
}

/** A volume of the host becomes an empty one, so that what mounts it starts. */
function hostPaths(pod: LayerNode): HostPart[] {
  return layerItems(pod, 'volumes')
    .filter((volume) => nodeAt(volume, 'hostPath') !== undefined)
    .map((volume) => ({
      part: `the host path ${layerText(volume, 'hostPath', 'path')}`,
      patch: { volumes: [{ name: layerText(volume, 'name'), hostPath: null, emptyDir: {} }] },
    }));
}

/** The fields of all parts: those that are lists have the items of each. */
function withLists(parts: readonly HostPart[], spec: Record<string, unknown>): Record<string, unknown> {
  const lists = [...CONTAINER_LISTS, 'volumes'].flatMap((key) => {
    const items = parts.flatMap(({ patch }) => (Array.isArray(patch[key]) ? patch[key] : []));
    return items.length === 0 ? [] : [[key, items] as const];
  });
  return { ...spec, ...Object.fromEntries(lists) };
}

function suspension({ kind }: LayerObject): Record<string, unknown> {
  return kind === 'CronJob' ? { spec: { suspend: true } } : {};
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

/** What the level asks for and a pod does not say. */
function refusals(pod: LayerNode, level: Exclude<PodSecurity, 'privileged'>): string[] {
  const containers = CONTAINER_LISTS.flatMap((list) => layerItems(pod, list));
  const some = (missing: (container: LayerNode) => boolean) => containers.some(missing);
  const field = (container: LayerNode, ...keys: string[]) => layerText(container, 'securityContext', ...keys);
  const isPrivileged = some((container) => field(container, 'privileged') === 'true');
  const baseline = isPrivileged ? ['no privileged container'] : [];
  if (level === 'baseline') {
    return baseline;
  }
  const dropsAll = (container: LayerNode) =>
    layerItems(container, 'securityContext', 'capabilities', 'drop').some(
      (each) => each.kind === 'text' && each.text === 'ALL',
    );
  const inherited = (container: LayerNode, ...keys: string[]) => field(container, ...keys) || field(pod, ...keys);
  return [
    ...baseline,
    ...(some((each) => inherited(each, 'runAsNonRoot') !== 'true') ? ['runAsNonRoot: true'] : []),
    ...(some((each) => field(each, 'allowPrivilegeEscalation') !== 'false') ? ['allowPrivilegeEscalation: false'] : []),
    ...(some((each) => !dropsAll(each)) ? ['capabilities: { drop: [ALL] }'] : []),
    ...(some((each) => !['RuntimeDefault', 'Localhost'].includes(inherited(each, 'seccompProfile', 'type')))
      ? ['seccompProfile: { type: RuntimeDefault }']
      : []),
  ];
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
    target: { kind: 'Deployment|StatefulSet|DaemonSet|ReplicaSet|Job' },
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
];
