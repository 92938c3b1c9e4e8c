import { toYaml } from '../../yaml/to-yaml.js';
import type { PreviewCluster, PreviewSource } from '../reconciler.js';
import { accountOf } from './confinement.js';
import { previewsSource } from './preview-root.js';

/**
 * The Flux Kustomization of one preview, YAML. Each preview has its own, so that a broken one keeps no other from being
 * deployed; `prune` removes the namespace with all in it when the Kustomization goes, `wait` makes its status that of
 * the apps. It takes the source of the branch of previews.
 *
 * Where previews are confined it acts as a ServiceAccount of its own, which may write to the preview's namespace and nowhere else.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function previewKustomization(
  { name, folder, labels, annotations, ground }: PreviewSource,
  cluster: PreviewCluster,
): string {
  const { source, namespace } = previewsSource(cluster);
  const metadata = { labels, annotations };
  const account = ground === undefined ? [] : accountOf(name, namespace, metadata).map((object) => toYaml(object));
  const kustomization = toYaml({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace, ...metadata },
    spec: {
      interval: '10m',
      retryInterval: '1m',
      timeout: '5m',
      path: `./${folder}`,
      prune: true,
      wait: true,
      ...(ground === undefined ? {} : { serviceAccountName: name }),
      sourceRef: source,
    },
  });
  return [...(ground === undefined ? [] : [ground]), ...account, kustomization].join('---\n');
}
