import type { PreviewPolicy } from '../../policy/preview-policy.js';
import { toYaml } from '../../yaml/to-yaml.js';

/**
 * What a preview may take of the cluster, and requests for containers that name none: a quota on requests refuses pods
 * without any. Limits are not bounded, since a default limit below what a container requests would refuse its pod.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function quotaOf(quota: NonNullable<PreviewPolicy['quota']>): string {
  const { cpu, memory, storage, pods } = quota;
  const bounds = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'preview' },
    spec: {
      hard: { 'requests.cpu': cpu, 'requests.memory': memory, 'requests.storage': storage, pods },
    },
  };
  const defaults = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'preview' },
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' } }] },
  };
  return `${toYaml(bounds)}---\n${toYaml(defaults)}`;
}
