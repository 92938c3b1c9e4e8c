import { createTwoFilesPatch } from 'diff';
import * as v from 'valibot';
import { normalised, type Resource } from './resource.js';

/** The change of a Kubernetes object. */
export interface ResourceChange {
  action: 'added' | 'changed' | 'removed';
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  /** The app that it belongs to; empty where that is not known, or where it does not belong to a single app. */
  app: string;
  /** Its name before, where the hash at the end of a generated name changed. */
  previousName: string | undefined;
  /** Unified diff of its normalised YAML, without file names and without the values of Secrets. */
  diff: string;
  /** A warning that a person must see first, as a sentence; `undefined` for none. */
  flag: string | undefined;
}

/** Kinds whose deletion takes data, or other objects, with it. */
const DELETES_DATA: Record<string, string> = {
  Namespace: 'everything in it goes too',
  PersistentVolumeClaim: 'its data may go too',
  PersistentVolume: 'its data may go too',
  CustomResourceDefinition: 'all objects of its kind go too',
};

/** Kinds that run a number of replicas. */
const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout']);

/**
 * The hash that kustomize appends to a generated name.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/
 */
const HASH = /-[bcdfghkmt2456789]{10}$/;

/**
 * Compares two builds of a folder. Objects are identified by group, kind, namespace and name; the order of the
 * documents does not matter.
 *
 * @returns the changes, sorted by namespace, kind and name
 */
export function compareResources(before: readonly Resource[], after: readonly Resource[]): ResourceChange[] {
  const old = new Map(before.map((resource) => [keyOf(resource), resource]));
  const fresh = new Map(after.map((resource) => [keyOf(resource), resource]));
  const kept = [...fresh].flatMap(([key, resource]) => {
    const previous = old.get(key);
    return previous === undefined || previous.text === resource.text ? [] : [changed(previous, resource)];
  });
  const gone = [...old].filter(([key]) => !fresh.has(key)).map(([, resource]) => resource);
  const come = [...fresh].filter(([key]) => !old.has(key)).map(([, resource]) => resource);
  const { pairs, removed, added } = pairGenerated(gone, come);
  return [
    ...kept,
    ...pairs.map(([previous, resource]) => changed(previous, resource)),
    ...removed.map((resource) => single('removed', resource)),
    ...added.map((resource) => single('added', resource)),
  ].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
}

/** The identity of an object: group, kind, namespace and name, but not the version of its API. */
function keyOf({ apiVersion, kind, namespace, name }: Resource): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, namespace, name].join('\0');
}

function sortKey({ namespace, kind, name }: ResourceChange): string {
  return [namespace, kind, name].join('\0');
}

/** Pairs removed and added ConfigMaps and Secrets whose names differ only in their hash: these are changed ones. */
function pairGenerated(gone: readonly Resource[], come: readonly Resource[]) {
  const stem = (resource: Resource) =>
    ['ConfigMap', 'Secret'].includes(resource.kind) && HASH.test(resource.name)
      ? keyOf({ ...resource, name: resource.name.replace(HASH, '') })
      : undefined;
  const pairs: [Resource, Resource][] = [];
  const removed = [...gone];
  const added: Resource[] = [];
  for (const resource of come) {
    const at = removed.findIndex((other) => stem(resource) !== undefined && stem(other) === stem(resource));
    const [previous] = at < 0 ? [] : removed.splice(at, 1);
    if (previous === undefined) {
      added.push(resource);
    } else {
      pairs.push([previous, resource]);
    }
  }
  return { pairs, removed, added };
}

function single(action: 'added' | 'removed', resource: Resource): ResourceChange {
  const diff = action === 'added' ? diffOf('', withoutSecrets(resource)) : diffOf(withoutSecrets(resource), '');
  return {
    action,
    ...nameOf(resource),
    previousName: undefined,
    diff,
    flag: action === 'removed' ? dataLossFlag(resource) : undefined,
  };
}

function changed(previous: Resource, resource: Resource): ResourceChange {
  return {
    action: 'changed',
    ...nameOf(resource),
    previousName: previous.name === resource.name ? undefined : previous.name,
    diff: diffOf(withoutSecrets(previous), withoutSecrets(resource, previous)),
    flag: scaledToZeroFlag(previous, resource),
  };
}

function nameOf({ apiVersion, kind, namespace, name, app }: Resource) {
  return { apiVersion, kind, namespace, name, app };
}

function dataLossFlag({ kind, name, value }: Resource): string | undefined {
  const why = DELETES_DATA[kind];
  if (why !== undefined) {
    return `${kind} ${name} is deleted: ${why}.`;
  }
  const claims = v.safeParse(claimsSchema, value);
  return kind === 'StatefulSet' && claims.success && claims.output.spec.volumeClaimTemplates.length > 0
    ? `StatefulSet ${name} is deleted: the data of its volumes may go too.`
    : undefined;
}

const claimsSchema = v.object({ spec: v.object({ volumeClaimTemplates: v.array(v.unknown()) }) });
const replicasSchema = v.object({
  spec: v.object({ replicas: v.optional(v.pipe(v.union([v.number(), v.bigint()]), v.transform(Number)), 1) }),
});

function scaledToZeroFlag(previous: Resource, { kind, name, value }: Resource): string | undefined {
  if (!SCALED.has(kind)) {
    return undefined;
  }
  const [before, after] = [v.safeParse(replicasSchema, previous.value), v.safeParse(replicasSchema, value)];
  const stops = before.success && after.success && before.output.spec.replicas > 0 && after.output.spec.replicas === 0;
  return stops ? `${kind} ${name} is scaled from ${before.output.spec.replicas} to 0: nothing of it runs.` : undefined;
}

const valuesSchema = v.record(v.string(), v.unknown());

/** The text of an object for people. In a Secret, each value is replaced by a note, which says where it changed. */
function withoutSecrets(resource: Resource, previous?: Resource): string {
  if (resource.kind !== 'Secret') {
    return resource.text;
  }
  const hidden = Object.entries(resource.value).map(([key, value]) => {
    const values = v.safeParse(valuesSchema, value);
    if (!['data', 'stringData'].includes(key) || !values.success) {
      return [key, value];
    }
    const before = v.safeParse(valuesSchema, previous?.value[key]);
    const old = before.success ? before.output : {};
    const entries = Object.entries(values.output).map(([name, secret]) => {
      const other = Object.hasOwn(old, name) && old[name] !== secret;
      return [name, other ? '(another value, hidden)' : '(hidden)'];
    });
    return [key, Object.fromEntries(entries)];
  });
  return normalised(Object.fromEntries(hidden));
}

function diffOf(before: string, after: string): string {
  const patch = createTwoFilesPatch('a', 'b', before, after, undefined, undefined, { context: 3 });
  return patch.slice(patch.indexOf('@@'));
}
