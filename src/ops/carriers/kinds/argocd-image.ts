import type { CarrierKind } from '../carrier.js';
import { parseReference, referenceTo, sameRepository } from '../image-reference.js';

/**
 * An item of `kustomize.images` in an Argo CD Application: `[name=]repository[:tag][@digest]`. With both tag and
 * digest, the name is always written, because kustomize before 5.4 would read the tag as a part of the name.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/issues/4713
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
 */
export const argocdImage: CarrierKind = {
  name: 'argocd-image',
  find(node, target) {
    const item = node.value;
    if (
      target.kind !== 'image' ||
      node.key !== 'images' ||
      item.kind !== 'text' ||
      typeof node.path.at(-1) !== 'number'
    ) {
      return [];
    }
    const equals = item.text.indexOf('=');
    const name = equals < 0 ? undefined : item.text.slice(0, equals);
    const reference = parseReference(item.text.slice(equals + 1));
    const ours =
      reference !== undefined &&
      [reference.name, name].some((each) => each !== undefined && sameRepository(each, target.repository));
    if (!ours) {
      return [];
    }
    const repository = reference.name;
    const text = referenceTo(reference, target);
    const replaced = name ?? (target.digest === undefined ? undefined : repository);
    const value = replaced === undefined ? text : `${replaced}=${text}`;
    return [
      {
        path: node.path,
        line: item.line,
        current: { repository, tag: reference.tag, digest: reference.digest },
        certain: true,
        edits: [{ path: node.path, document: node.document, value }],
      },
    ];
  },
  candidates({ key, value: item }) {
    const text = key === 'images' && item.kind === 'text' ? item.text : undefined;
    const reference = text === undefined ? undefined : parseReference(text.slice(text.indexOf('=') + 1));
    return reference === undefined ? [] : [{ kind: 'image', repository: reference.name }];
  },
};
