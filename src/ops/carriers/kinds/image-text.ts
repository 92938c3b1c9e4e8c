import type { YamlPath } from '../../yaml/path.js';
import { textAt, type YamlValue } from '../../yaml/values.js';
import type { CarrierKind } from '../carrier.js';
import { type ImageReference, parseReference, referenceTo, sameRepository } from '../image-reference.js';
import { kebab } from '../tag-subject.js';
import type { YamlNode } from '../yaml-nodes.js';

/**
 * A whole image reference that is no `image:` of a container: the value of an environment variable (`{name, value}`, a key
 * such as `WORKER_IMAGE`), an argument (`--worker-image=…`), a literal of a ConfigMap (`WORKER_IMAGE=…`), a key of Helm
 * values such as `workerImage` or one in a mapping `images`, the source of an ImageStream. `redis:6379` is written like an image, so that a name without a path counts only where its
 * key says that it is one. What is called previous or old stays as it is.
 */
export const imageText: CarrierKind = {
  name: 'image-text',
  find(node, target) {
    const found = target.kind === 'image' ? imageTextAt(node) : undefined;
    if (target.kind !== 'image' || found === undefined || !sameRepository(found.reference.name, target.repository)) {
      return [];
    }
    const { path, line, prefix, reference } = found;
    const value = `${prefix}${referenceTo(reference, target)}`;
    return [
      {
        ...{ path, line, certain: true },
        current: { repository: reference.name, tag: reference.tag, digest: reference.digest },
        edits: [{ path, document: node.document, value }],
      },
    ];
  },
  candidates(node) {
    const found = imageTextAt(node);
    return found === undefined ? [] : [{ kind: 'image', repository: found.reference.name }];
  },
};

interface ImageText {
  path: YamlPath;
  line: number;
  /** What stands before the reference: `--image=`. */
  prefix: string;
  reference: ImageReference;
}

/** Keys of lists of arguments: `args`, `extraArgs`, `command`. */
const ARGUMENTS = /(^|[a-z])args$|^command$/i;
const FORMER = /(^|-)(previous|old|former|rollback|fallback)(-|$)/;

function imageTextAt(node: YamlNode): ImageText | undefined {
  const { key, value, path, parent } = node;
  if (value.kind === 'map' && key === 'env' && typeof path.at(-1) === 'number') {
    const inner = value.entries.get('value');
    return inner && referenceIn([...path, 'value'], inner, textAt(value, 'name') ?? '');
  }
  if (value.kind === 'map' && key === 'from' && textAt(value, 'kind') === 'DockerImage') {
    const inner = value.entries.get('name');
    return inner && referenceIn([...path, 'name'], inner, 'image');
  }
  if (value.kind !== 'text') {
    return undefined;
  }
  if (node.isVariable || node.isWhole) {
    return referenceIn(path, value, key);
  }
  if (parent !== undefined && path.at(-2) === 'images') {
    return referenceIn(path, value, 'image');
  }
  if (parent !== undefined) {
    return key !== 'image' && /image$/i.test(key) ? referenceIn(path, value, key) : undefined;
  }
  return typeof path.at(-1) === 'number' && (ARGUMENTS.test(key) || key === 'literals')
    ? referenceIn(path, value, '')
    : undefined;
}

/** @param named what the value is called: the name of the variable, or the key */
function referenceIn(path: YamlPath, value: YamlValue, named: string): ImageText | undefined {
  if (value.kind !== 'text' || value.text.length > 600) {
    return undefined;
  }
  const [, prefix = ''] = /^((?:--?)?[A-Za-z][\w.-]*=)/.exec(value.text) ?? [];
  const name = named === '' ? prefix : named;
  const reference = parseReference(value.text.slice(prefix.length));
  const hasVersion = (reference?.tag ?? reference?.digest) !== undefined;
  if (reference === undefined || !hasVersion || FORMER.test(kebab(name))) {
    return undefined;
  }
  const isImage = /image/i.test(name) || reference.name.includes('/') || reference.digest !== undefined;
  return isImage ? { path, line: value.line, prefix, reference } : undefined;
}
