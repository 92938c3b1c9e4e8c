import { leftOut } from '../../../judgement/left-out.js';
import { type LayerNode, layerItems, layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { PodSecurity } from '../../../policy/preview-policy.js';
import { RESERVED_TAINTS } from '../../../reconcilers/pod-bounds.js';
import type { Adaptation } from './adaptation.js';
import { type JsonPatchOperation, jsonPatch, mergingOf, mergingPatch, type Patch } from './kustomize-patch.js';
import { CONTAINER_LISTS, podRefusals } from './pod-refusals.js';

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
const HOST = 'a preview takes nothing of the machine that it runs on';

/**
 * Makes a workload fit for a preview: without network, ports, paths and processes of the machine, with no place before others, and
 * suspended where it runs by a schedule. Other objects stay as they are.
 *
 * @param level the Pod Security level of the preview's namespace, for what it will refuse
 * @param isClosedIn whether the cluster confines the preview, and refuses more
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function adaptWorkload(app: string, object: LayerObject, level: PodSecurity, isClosedIn: boolean): Adaptation {
  const path = podPath(object);
  const pod = path.length === 0 ? undefined : nodeAt(object.root, ...path);
  const parts = pod === undefined ? [] : [hostFields, hostPorts, hostPaths, placements].flatMap((each) => each(pod));
  const refused = pod === undefined ? [] : podRefusals(pod, level, isClosedIn);
  const isScheduled = SCHEDULED.includes(`${object.kind}.${object.group}`);
  return {
    patches: patchesOf(object, path, parts, isScheduled ? { spec: { suspend: true } } : {}),
    leftOut: [
      ...parts.map(({ part, reason = HOST }) => leftOut(app, object, reason, part)),
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
  /** Why, where it is not `HOST`. */
  reason?: string;
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

const PLACE = 'a preview goes where others go, and before none of them';

/** A machine by its name, those of the cluster's own parts, and the place of pods that have less priority. */
function placements(pod: LayerNode): HostPart[] {
  const named = (key: string, part: string): HostPart[] => {
    const value = layerText(pod, key);
    const operations: JsonPatchOperation[] = [{ op: 'remove', path: `/${key}` }];
    return value === '' ? [] : [{ part: `${part} ${value}`, reason: PLACE, patch: { [key]: null }, operations }];
  };
  return [
    ...named('nodeName', 'the machine'),
    ...named('priorityClassName', 'the priority class'),
    ...named('priority', 'the priority'),
    ...tolerations(pod),
  ];
}

/** kustomize knows no key of these, and puts a list in place of the whole. */
function tolerations(pod: LayerNode): HostPart[] {
  const all = layerItems(pod, 'tolerations').map((each) => ({
    key: layerText(each, 'key'),
    fields: Object.fromEntries(
      TOLERATION_FIELDS.flatMap((field) => {
        const text = layerText(each, field);
        return text === '' ? [] : [[field, field === 'tolerationSeconds' ? Number(text) : text]];
      }),
    ),
  }));
  const reserved = all.filter(({ key }) => key === '' || key.startsWith(RESERVED_TAINTS));
  const kept = all.filter((each) => !reserved.includes(each)).map(({ fields }) => fields);
  const taints = reserved.map(({ key }) => key || 'every taint').join(', ');
  return reserved.length === 0
    ? []
    : [
        {
          ...{ part: `the toleration of ${taints}`, reason: PLACE, patch: { tolerations: kept } },
          operations: [{ op: 'add', path: '/tolerations', value: kept }],
        },
      ];
}

const TOLERATION_FIELDS = ['key', 'operator', 'value', 'effect', 'tolerationSeconds'];

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

/** What of pods is taken away where their files are not read: what is no part of a list. */
const UNREAD_POD = { hostNetwork: null, hostPID: null, hostIPC: null, nodeName: null, priorityClassName: null };

/** What of workloads is taken away where their files are not read. */
export function unreadWorkloads(): Patch[] {
  const scheduled = { group: 'argoproj\\.io|postgresql\\.cnpg\\.io', kind: 'CronWorkflow|ScheduledBackup' };
  return [
    mergingOf({ kind: TEMPLATED.join('|') }, { spec: { template: { spec: UNREAD_POD } } }),
    mergingOf({ kind: 'Pod' }, { spec: UNREAD_POD }),
    mergingOf({ kind: 'PersistentVolumeClaim' }, { spec: { volumeName: null, selector: null } }),
    mergingOf(
      { kind: 'CronJob' },
      { spec: { suspend: true, jobTemplate: { spec: { template: { spec: UNREAD_POD } } } } },
    ),
    mergingOf(scheduled, { spec: { suspend: true } }),
  ];
}

const TEMPLATED = Object.keys(POD_SPECS).filter((kind) => POD_SPECS[kind]?.join('.') === 'spec.template.spec');
