import { toYaml } from '../../yaml/to-yaml.js';
import type { PreviewCluster, PreviewSource } from '../reconciler.js';
import { BOOTSTRAP_SOURCE, sourceOf } from './source.js';

/**
 * The Flux Kustomization of one preview, YAML. Each preview has its own, so that a broken one keeps no other from being
 * deployed; `prune` removes the namespace with all in it when the Kustomization goes, `wait` makes its status that of
 * the apps. It takes the source that the cluster's other Kustomizations have, or the one that `flux bootstrap` makes.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function previewKustomization(
  { name, folder, labels, annotations }: PreviewSource,
  { objects }: PreviewCluster,
): string {
  const source = sourceOf(objects) ?? BOOTSTRAP_SOURCE;
  return toYaml({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: source.namespace, labels, annotations },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: '5m',
      path: `./${folder}`,
      prune: true,
      wait: true,
      sourceRef: { kind: 'GitRepository', name: source.name },
    },
  });
}
