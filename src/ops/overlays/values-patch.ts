import type { ImageTarget } from '../carriers/carrier.js';
import { formatReference, parseReference, sameRepository } from '../carriers/image-reference.js';
import { type LayerNode, layerText } from '../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../kustomize/layers/layer-object.js';
import { toYaml } from '../yaml/to-yaml.js';

/**
 * The patch of an object without containers (a HelmRelease, an Application) that sets the version of an image in its values.
 *
 * @param objects as the layers of a kustomization make them
 * @returns the object for people, and an item of the list `patches`; `undefined` where none has the image in a mapping
 */
export function valuesPatch(
  objects: readonly LayerObject[],
  target: ImageTarget,
): { object: string; lines: string } | undefined {
  for (const object of objects) {
    const values = valuesIn(object.root, target);
    if (values !== undefined) {
      const { name } = object.ids[0] ?? { name: '' };
      const { kind, group, version } = object;
      const patch = { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata: { name }, ...values };
      // The target tells it by any name and namespace that it has by then.
      const item = [{ target: { kind, name: currentId(object).name }, patch: toYaml(patch) }];
      return { object: `${kind} ${name}`, lines: toYaml(item) };
    }
  }
  return undefined;
}

/** The one HelmRelease of objects that the layers of a kustomization make; `undefined` where there is none, or several. */
export function onlyRelease(objects: readonly LayerObject[]): LayerObject | undefined {
  const [release, ...more] = objects.filter(({ kind, group }) => kind === 'HelmRelease' && group.startsWith('helm.'));
  return more.length > 0 ? undefined : release;
}

/**
 * The patch of a HelmRelease that sets a value of its chart.
 *
 * @param at the keys of the value, one inside of the other
 * @returns an item of the list `patches`
 */
export function releasePatch(
  release: LayerObject,
  at: readonly string[],
  value: string | Readonly<Record<string, string>>,
): string {
  const { name } = release.ids[0] ?? { name: '' };
  const { kind, group, version } = release;
  const values = at.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const patch = { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec: { values } };
  return toYaml([{ target: { kind, name: currentId(release).name }, patch: toYaml(patch) }]);
}

type Values = { [key: string]: string | Values };

/** The mappings down to an image, with the version that it is to have; none through a list, which a patch would replace. */
function valuesIn(node: LayerNode, target: ImageTarget): Values | undefined {
  if (node.kind !== 'map') {
    return undefined;
  }
  const { repository, tag, digest } = target;
  if (sameRepository(layerText(node, 'repository'), repository)) {
    return {
      repository: layerText(node, 'repository'),
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined || !node.entries.has('digest') ? {} : { digest }),
    };
  }
  const whole = parseReference(layerText(node, 'image'));
  if (whole !== undefined && sameRepository(whole.name, repository)) {
    return { image: formatReference({ name: whole.name, tag, digest }) };
  }
  for (const [key, value] of node.entries) {
    const inner = valuesIn(value, target);
    if (inner !== undefined) {
      return { [key]: inner };
    }
  }
  return undefined;
}
