import * as v from 'valibot';
import type { Resource } from '../../render/resource.js';
import type { Problem } from '../../tree/problem.js';

const containersSchema = v.optional(
  v.array(v.looseObject({ name: v.optional(v.string(), ''), image: v.optional(v.string(), '') })),
  [],
);
const podSchema = v.object({
  metadata: v.nullish(v.object({ labels: v.nullish(v.record(v.string(), v.unknown())) })),
  spec: v.object({ containers: containersSchema, initContainers: containersSchema }),
});
const workloadSchema = v.object({
  spec: v.object({
    selector: v.nullish(v.object({ matchLabels: v.nullish(v.record(v.string(), v.unknown())) })),
    template: podSchema,
  }),
});
const cronSchema = v.object({ spec: v.object({ jobTemplate: workloadSchema }) });

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

/**
 * Objects that a cluster would refuse, of the kinds that run containers: a container without an image, a selector that
 * does not match the object's own pods. Only objects that the change alters are checked.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
 */
export function workloadProblems(folder: string, before: readonly Resource[], after: readonly Resource[]): Problem[] {
  const old = new Set(before.map(({ text }) => text));
  return after
    .filter(({ text }) => !old.has(text))
    .flatMap((resource) =>
      wrongWith(resource).map((what): Problem => {
        const message = `${folder}: ${resource.kind} ${resource.name} ${what}`;
        return { level: 'error', file: folder, line: undefined, message };
      }),
    );
}

function wrongWith({ kind, value }: Resource): string[] {
  if (kind === 'Pod') {
    const pod = v.safeParse(podSchema, value);
    return pod.success ? imageless(pod.output) : [];
  }
  if (kind === 'CronJob') {
    const cron = v.safeParse(cronSchema, value);
    return cron.success ? imageless(cron.output.spec.jobTemplate.spec.template) : [];
  }
  const workload = WORKLOADS.has(kind) ? v.safeParse(workloadSchema, value) : undefined;
  return workload?.success ? [...imageless(workload.output.spec.template), ...unmatched(workload.output)] : [];
}

function imageless({ spec }: v.InferOutput<typeof podSchema>): string[] {
  return [...spec.containers, ...spec.initContainers]
    .filter(({ image }) => image === '')
    .map(({ name }) => `has no image for its container "${name}". Set "image", or take the container out.`);
}

function unmatched({ spec }: v.InferOutput<typeof workloadSchema>): string[] {
  const selected = Object.entries(spec.selector?.matchLabels ?? {});
  const labels = spec.template.metadata?.labels ?? {};
  const [missing] = selected.filter(([key, value]) => labels[key] !== value);
  return missing === undefined
    ? []
    : [
        `selects pods with ${missing[0]}=${String(missing[1])}, but its own pods have ${missing[0]}=${String(labels[missing[0]] ?? '')}: the cluster ` +
          'refuses that. Make "selector" and the labels of "template" the same.',
      ];
}
