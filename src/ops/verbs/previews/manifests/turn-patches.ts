import type { PreviewRecord } from '../../../preview-records/record.js';
import { toYaml } from '../../../yaml/to-yaml.js';

/** An entry of `patches:` for all objects of some kinds, whatever app and base they are of. */
interface KindPatch {
  /** A regular expression of kinds, as kustomize takes it. */
  target: { kind: string };
  /** YAML of a JSON patch or of a strategic merge patch. */
  patch: string;
}

const SCALED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout'];
const WITH_PODS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'];

/**
 * The patches of a whole preview: what scales it to zero while it sleeps, and what starts its pods anew where somebody asked to
 * deploy it again. They are for all objects of a kind, also of those in other repositories, which nobody has read.
 *
 * While it sleeps, nothing may scale it up again: its HorizontalPodAutoscalers are left out, KEDA's ScaledObjects are paused at zero,
 * and its ScaledJobs start nothing. What makes a ScaledObject for each request that comes is left out as well. A DaemonSet has no
 * replicas, and is left out too. All are back when it wakes. What runs by a schedule is suspended in any preview.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
 * @see https://keda.sh/docs/latest/concepts/scaling-deployments/#pausing-autoscaling
 * @see https://keda.sh/docs/latest/concepts/scaling-jobs/#pause-autoscaling
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/restart/
 */
export function turnPatches({ asleepAt, restartedAt }: PreviewRecord): KindPatch[] {
  return [...(restartedAt === undefined ? [] : restart(restartedAt)), ...(asleepAt === undefined ? [] : sleep())];
}

function restart(at: string): KindPatch[] {
  const annotations = { 'preview.ostack.dev/restarted': at };
  return [
    merge(WITH_PODS, 'apps/v1', { spec: { template: { metadata: { annotations } } } }),
    merge(['Rollout'], 'argoproj.io/v1alpha1', { spec: { restartAt: at } }),
  ];
}

function sleep(): KindPatch[] {
  const keda = (kind: string, pause: string, value: string) =>
    merge([kind], 'keda.sh/v1alpha1', { metadata: { annotations: { [`autoscaling.keda.sh/${pause}`]: value } } });
  return [
    { target: { kind: SCALED.join('|') }, patch: toYaml([{ op: 'add', path: '/spec/replicas', value: 0 }]) },
    merge(['HorizontalPodAutoscaler', 'DaemonSet', 'HTTPScaledObject'], 'autoscaling/v2', { $patch: 'delete' }),
    keda('ScaledObject', 'paused-replicas', '0'),
    keda('ScaledJob', 'paused', 'true'),
  ];
}

/** A strategic merge patch; kustomize wants kind and name in it, and takes those of the target. */
function merge(
  kinds: readonly string[],
  apiVersion: string,
  { metadata, ...rest }: { metadata?: object; [key: string]: unknown },
): KindPatch {
  const { $patch, ...body } = rest;
  return {
    target: { kind: kinds.join('|') },
    patch: toYaml({
      ...($patch === undefined ? {} : { $patch }),
      ...{ apiVersion, kind: kinds[0], metadata: { name: 'all', ...metadata } },
      ...body,
    }),
  };
}
