import { previewFolder } from '../../preview-records/paths.js';
import type { PreviewRecord } from '../../preview-records/record.js';
import { toYaml } from '../../yaml/to-yaml.js';
import type { Cluster } from './cluster.js';
import { annotationsOf, labelsOf } from './manifests/namespace.js';

/**
 * The Flux Kustomization of one preview. Each has its own, so that a broken one keeps no other from being deployed;
 * `prune` takes the namespace with all in it away when it goes, `wait` makes its status that of the apps.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function fluxKustomization(record: PreviewRecord, { source }: Cluster): string {
  return toYaml({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: {
      name: record.name,
      namespace: source.namespace,
      labels: labelsOf(record),
      annotations: annotationsOf(record),
    },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: '5m',
      path: `./${previewFolder(record.name)}`,
      prune: true,
      wait: true,
      sourceRef: { kind: 'GitRepository', name: source.name },
    },
  });
}
