import { fieldText } from '../reconcilers/object-inputs.js';
import { type MapValue, textAt } from '../yaml/values.js';

/** Plugins of kustomize itself that write no version. */
const HARMLESS = new Set([
  ...'AnnotationsTransformer LabelTransformer NamespaceTransformer PrefixTransformer SuffixTransformer'.split(' '),
  ...'PrefixSuffixTransformer ReplicaCountTransformer ConfigMapGenerator SecretGenerator'.split(' '),
]);

/** What runs ksops, without spaces and signs. @see https://github.com/viaduct-ai/kustomize-sops */
const OF_KSOPS = new Set(['exec:path:ksops']);

/**
 * Whether a plugin is one of kustomize's own that write no version, or ksops, whose result stands in files of the environment. By
 * its kind alone nobody knows: what an annotation says is run instead.
 */
export function isHarmless(object: MapValue): boolean {
  const [api, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')];
  const run = fieldText(object, 'metadata', 'annotations', 'config.kubernetes.io/function');
  return api === 'viaduct.ai/v1' && kind === 'ksops'
    ? run === undefined || OF_KSOPS.has(run.replace(/[\s"'{}]/g, ''))
    : run === undefined && api === 'builtin' && HARMLESS.has(kind ?? '');
}
