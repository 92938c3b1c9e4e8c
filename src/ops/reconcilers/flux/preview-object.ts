import { toYaml } from '../../yaml/to-yaml.js';
import type { PreviewCluster, PreviewSource } from '../reconciler.js';
import { previewsSource } from './preview-root.js';

/**
 * The Flux Kustomization of one preview, YAML. Each preview has its own, so that a broken one keeps no other from being
 * deployed; `prune` removes the namespace with all in it when the Kustomization goes, `wait` makes its status that of
 * the apps. It takes the source of the branch of previews.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function previewKustomization(
  { name, folder, labels, annotations }: PreviewSource,
  cluster: PreviewCluster,
): string {
  const { source, namespace } = previewsSource(cluster);
  return toYaml({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace, labels, annotations },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: '5m',
      path: `./${folder}`,
      prune: true,
      wait: true,
      sourceRef: source,
    },
  });
}
