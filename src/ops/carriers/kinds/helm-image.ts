import type { Edit } from '../../yaml/edits.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import type { CarrierKind, Finding, ImageTarget } from '../carrier.js';
import { hasRegistry, sameRepository } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';
import { TAG_KEYS, tagEdits, tagIn, takesDigest } from './tag-field.js';

/** The keys under which charts have the repository of an image. */
const NAME_KEYS = ['repository', 'name', 'image'] as const;

/**
 * An image in the values of a Helm chart, wherever they are: in a values file, in `spec.values` of a HelmRelease, in
 * `valuesObject` of an Argo CD Application. Known shapes: `{repository, tag}`, `{registry, repository, tag, digest}`,
 * `{name, tag}`, `{image, tag}`, `{image, imageTag}`; the registry may be `global.imageRegistry`. Where the values name no
 * registry, it may be a default of the chart, which is not certain.
 *
 * @see https://helm.sh/docs/chart_best_practices/values/
 */
export const helmImage: CarrierKind = {
  name: 'helm-image',
  find(node, target) {
    const values = node.value;
    if (target.kind !== 'image' || values.kind !== 'map') {
      return [];
    }
    const matches = NAME_KEYS.filter((each) => isVersioned(values, each, node.key)).map((key) => ({
      key,
      match: matchOf(node, values, key, target),
    }));
    const best = matches.find(({ match }) => match === 'same') ?? matches.find(({ match }) => match === 'end');
    return best === undefined ? [] : [finding(node, values, best.key, target, best.match === 'same')];
  },
  candidates(node) {
    const { value: values } = node;
    const keys = values.kind === 'map' ? NAME_KEYS.filter((each) => isVersioned(values, each, node.key)) : [];
    const names = keys.flatMap((each) => (values.kind === 'map' ? (namesAt(node, values, each)[0] ?? []) : []));
    return names.map((repository) => ({ kind: 'image', repository }));
  },
};

/** Whether a mapping is an image. The keys `name` and `image` are too common to tell without a tag in the mapping. */
function isVersioned(values: MapValue, nameKey: string, above: string): boolean {
  const tags = TAG_KEYS.flatMap((key) => values.entries.get(key) ?? []);
  if (tags.length > 0) {
    // `tag: {{ .tag }}` is a mapping to a parser.
    return tags.every(({ kind }) => kind === 'text');
  }
  return nameKey === 'repository' && (values.entries.has('digest') || above.toLowerCase().endsWith('image'));
}

/** Whether a mapping names the target's repository, or its end without a registry. */
function matchOf(node: YamlNode, values: MapValue, key: string, target: ImageTarget): 'same' | 'end' | undefined {
  const names = namesAt(node, values, key);
  if (names.some((name) => sameRepository(name, target.repository))) {
    return 'same';
  }
  const [alone, ...more] = names;
  const isEnd = alone !== undefined && more.length === 0 && !hasRegistry(alone) && hasRegistry(target.repository);
  return isEnd && target.repository.endsWith(`/${alone}`) ? 'end' : undefined;
}

/** The repository under a key as it may be meant, the likeliest first: with the registry of all images, or its own. */
function namesAt({ above }: YamlNode, values: MapValue, key: string): string[] {
  const name = textAt(values, key);
  if (name === undefined || name === '') {
    return [];
  }
  const own = textAt(values, 'registry') || undefined;
  const shared = hasRegistry(name) ? undefined : above.flatMap((map) => globalRegistry(map) ?? []).at(-1);
  const registries = [shared, own].filter((each) => each !== undefined);
  return registries.length === 0 ? [name] : registries.map((registry) => `${registry.replace(/\/$/, '')}/${name}`);
}

function globalRegistry(values: MapValue): string | undefined {
  const global = values.entries.get('global');
  return global?.kind === 'map' ? textAt(global, 'imageRegistry') || undefined : undefined;
}

function finding(node: YamlNode, values: MapValue, key: string, target: ImageTarget, isSame: boolean): Finding {
  const tagKey = TAG_KEYS.find((each) => values.entries.has(each)) ?? 'tag';
  const edits: Edit[] = tagEdits(node, values, tagKey, target, key);
  return {
    path: node.path,
    line: values.entries.get(tagKey)?.line ?? values.line,
    current: { repository: target.repository, ...tagIn(values, tagKey) },
    certain: isSame && (values.entries.has(tagKey) || values.entries.has('digest')),
    needsTag: !takesDigest(values),
    edits,
  };
}
