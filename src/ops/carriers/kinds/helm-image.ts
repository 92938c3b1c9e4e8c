import type { Edit } from '../../yaml/edit.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import type { CarrierKind, Finding, ImageTarget } from '../carrier.js';
import { sameRepository } from '../image-reference.js';
import type { YamlNode } from '../yaml-nodes.js';

/** The keys under which charts have the repository of an image. */
const NAME_KEYS = ['repository', 'name', 'image'] as const;

/** The keys under which charts have its tag. */
export const TAG_KEYS = ['tag', 'imageTag'] as const;

/**
 * An image in the values of a Helm chart, wherever they are: in a values file, in `spec.values` of a HelmRelease, in
 * `valuesObject` of an Argo CD Application. Known shapes: `{repository, tag}`, `{registry, repository, tag, digest}`,
 * `{name, tag}`, `{image, tag}`, `{image, imageTag}`.
 *
 * A digest is written to the key `digest` where the values have it, or behind the tag where `tag` already is
 * `1.2.3@sha256:…`. The key is never added, because a chart that does not know it would ignore or refuse it. Where the
 * target has no digest, the key is emptied and not removed, because otherwise a default of the chart would apply.
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
    const key = NAME_KEYS.find((each) => isVersioned(values, each, node.key) && names(values, each, target));
    return key === undefined ? [] : [finding(node, values, key, target)];
  },
  candidates({ key: above, value: values }) {
    const keys = values.kind === 'map' ? NAME_KEYS.filter((each) => isVersioned(values, each, above)) : [];
    const names = keys.flatMap((each) => (values.kind === 'map' ? (nameAt(values, each) ?? []) : []));
    return names.map((repository) => ({ kind: 'image', repository }));
  },
};

/** Whether a mapping is an image. The keys `name` and `image` are too common to tell without a tag in the mapping. */
function isVersioned(values: MapValue, nameKey: string, above: string): boolean {
  if (tagKeyOf(values) !== undefined) {
    return true;
  }
  return nameKey === 'repository' && (values.entries.has('digest') || above.toLowerCase().endsWith('image'));
}

function names(values: MapValue, key: string, target: ImageTarget): boolean {
  const name = nameAt(values, key);
  return name !== undefined && sameRepository(name, target.repository);
}

/** The repository under a key, with the `registry` of the same mapping. */
function nameAt(values: MapValue, key: string): string | undefined {
  const name = textAt(values, key);
  const registry = textAt(values, 'registry') || undefined;
  return name === undefined || name === '' || registry === undefined
    ? name || undefined
    : `${registry.replace(/\/$/, '')}/${name}`;
}

function tagKeyOf(values: MapValue): string | undefined {
  return TAG_KEYS.find((key) => values.entries.has(key));
}

function finding(node: YamlNode, values: MapValue, key: string, target: ImageTarget): Finding {
  const tagKey = tagKeyOf(values) ?? 'tag';
  const [tag, pinned] = (textAt(values, tagKey) ?? '').split('@', 2);
  const digest = textAt(values, 'digest') || pinned || undefined;
  const at = (name: string) => ({ path: [...node.path, name], document: node.document });
  const inTag = pinned !== undefined && target.digest !== undefined && !values.entries.has('digest');
  const edits: Edit[] = [{ ...at(tagKey), value: inTag ? `${target.tag}@${target.digest}` : target.tag, after: key }];
  if (values.entries.has('digest')) {
    edits.push({ ...at('digest'), value: target.digest ?? '' });
  }
  return {
    path: node.path,
    line: values.entries.get(tagKey)?.line ?? values.line,
    current: { repository: target.repository, tag: tag || undefined, digest },
    certain: values.entries.has(tagKey) || values.entries.has('digest'),
    edits,
  };
}
