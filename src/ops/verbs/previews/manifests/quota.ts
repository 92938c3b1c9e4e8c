import { hardQuota, type PreviewPolicy } from '../../../policy/preview-policy.js';
import { GROUND, KEPT } from '../../../reconcilers/preview-ground.js';
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
  const bounds = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: GROUND, namespace, annotations: KEPT },
    spec: { hard: hardQuota(quota) },
  };
  const defaults = {
    apiVersion: 'v1',
    kind: 'LimitRange',
    // Where the one is without the other, no pod is made that says nothing.
    metadata: { name: GROUND, namespace, annotations: KEPT },
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' } }] },
  };
  return `${toYaml(bounds)}---\n${toYaml(defaults)}`;
}
