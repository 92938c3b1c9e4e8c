import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { toYaml } from '../../../yaml/to-yaml.js';

/**
 * The ResourceQuota of a preview, and a LimitRange with default requests, YAML: a quota on requests refuses pods without
 * any. There are no default limits, since one below a container's request would refuse its pod.
 *
 * @param quota `previews.quota` of the policy, Kubernetes quantities
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function quotaOf(quota: NonNullable<PreviewPolicy['quota']>, namespace: string): string {
  const { cpu, memory, storage, pods } = quota;
  const bounds = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'preview', namespace },
    spec: {
      hard: { 'requests.cpu': cpu, 'requests.memory': memory, 'requests.storage': storage, pods },
    },
  };
  const defaults = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'preview', namespace },
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' } }] },
  };
  return `${toYaml(bounds)}---\n${toYaml(defaults)}`;
}
