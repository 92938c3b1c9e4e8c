import { textAt } from '../yaml/values.js';
import type { CarrierKind, CurrentVersion } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import { fileNodes, isUnreadTemplate } from './file-nodes.js';
import { carriersAt } from './find-carriers.js';
import { formatReference, imageTarget, parseReference } from './image-reference.js';
import { helmImage } from './kinds/helm-image.js';
import { imageField } from './kinds/image-field.js';
import { kustomizeImage } from './kinds/kustomize-image.js';
import { variableReference } from './variables.js';
import type { YamlNode } from './yaml-nodes.js';

/** An image that a file names, with its version or without one. */
export interface NamedImage {
  /** Without tag and digest, as written. */
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
  line: number;
  /** Whether it is the image of a container, over which kustomizations write. */
  isOfContainer: boolean;
  /** Its place in the `images` of a kustomization, or of an object that has such entries; missing for anything else. */
  entry?: number;
  /** Whether it has parts that something fills in, so that nobody can tell which image it is. */
  isUnread?: true;
}

/** Kinds whose candidates are images also where no version stands beside them. */
const WITHOUT_VERSION: readonly CarrierKind[] = [imageField, helmImage, kustomizeImage];

/**
 * Every image that a file names: each place, with a version or without, of any app or of none. A template that is no YAML is read
 * line by line.
 *
 * @throws InvalidYaml where a file that has to be YAML is none
 */
export function namedImages(text: string, path: string): NamedImage[] {
  if (isUnreadTemplate(text, path)) {
    return imagesInLines(text);
  }
  return fileNodes(text, path).flatMap((node) => [...imagesAt(node, path), ...volumeAt(node), ...unreadAt(node)]);
}

function imagesAt(node: YamlNode, path: string): NamedImage[] {
  const place = { isOfContainer: isOfContainer(node), ...entryOf(node) };
  return CARRIER_KINDS.flatMap((kind) => {
    const names = kind.candidates(node).flatMap((each) => (each.kind === 'image' ? [each.repository] : []));
    return [...new Set(names)].flatMap((repository) => {
      const found = carriersAt(node, kind, path, imageTarget(repository, 'any'));
      const versions: { current: CurrentVersion; line: number }[] =
        found.length === 0 && WITHOUT_VERSION.includes(kind) && !isSaidBeside(kind, node)
          ? [{ current: { repository }, line: node.value.line }]
          : found;
      return versions.map(({ current, line }) => ({
        ...{ repository: current.repository === '' ? repository : current.repository },
        ...{ tag: current.tag, digest: current.digest, line, ...place },
      }));
    });
  });
}

/** Whether a name is part of a mapping that says its version: there, it is an image of its own kind. */
function isSaidBeside(kind: CarrierKind, { parent }: YamlNode): boolean {
  return kind === imageField && ['tag', 'imageTag', 'image_tag', 'digest'].some((key) => parent?.entries.has(key));
}

function entryOf({ key, path, value }: YamlNode): { entry?: number } {
  const index = path.at(-1);
  return key === 'images' && typeof index === 'number' && value.kind === 'map' ? { entry: index } : {};
}

/** `…/containers/0/image`, also inside of a patch. */
function isOfContainer({ path, key }: YamlNode): boolean {
  const [list, index] = path.slice(-3);
  return key === 'image' && typeof index === 'number' && (list === 'containers' || list === 'initContainers');
}

/**
 * An image that is mounted as a volume, which needs no version as one that runs does not.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#image
 */
function volumeAt({ path, value }: YamlNode): NamedImage[] {
  const [list, index, image, field] = path.slice(-4);
  const isVolume = list === 'volumes' && typeof index === 'number' && image === 'image' && field === 'reference';
  const reference = isVolume && value.kind === 'text' ? parseReference(value.text) : undefined;
  return reference === undefined
    ? []
    : [
        {
          ...{ repository: reference.name, tag: reference.tag, digest: reference.digest },
          ...{ line: value.line, isOfContainer: false },
        },
      ];
}

/** Images with a variable or a template in them. A tag alone that is one leaves the name. */
function unreadAt(node: YamlNode): NamedImage[] {
  const { key, value } = node;
  const text = value.kind === 'text' && (key === 'image' || key === 'images') ? value.text : '';
  const isFilled = /\$[({]|\{\{/.test(text) && variableReference(text) === undefined;
  return isFilled ? [{ ...unread(text, value.line), isOfContainer: isOfContainer(node) }] : unreadName(node);
}

/** The name of an image in the values of a chart, in parts that something fills in. */
function unreadName({ value }: YamlNode): NamedImage[] {
  const name = value.kind === 'map' ? (textAt(value, 'repository') ?? textAt(value, 'newName') ?? '') : '';
  const isImage = value.kind === 'map' && ['tag', 'digest', 'newName'].some((key) => value.entries.has(key));
  return isImage && /\$[({]|\{\{/.test(name) ? [unread(name, value.line)] : [];
}

function unread(text: string, line: number): NamedImage {
  return { repository: text, tag: undefined, digest: undefined, line, isOfContainer: false, isUnread: true };
}

const IMAGE_LINE = /^\s*(?:-\s+)?["']?image["']?\s*:\s*["']?([^\s"'#]+)/;

/** The images of a template: what it takes from values is judged there, what it says itself is its own. */
function imagesInLines(text: string): NamedImage[] {
  return text.split('\n').flatMap((each, index): NamedImage[] => {
    const written = IMAGE_LINE.exec(each)?.[1] ?? '';
    const end = written.indexOf('{{');
    const own = end < 0 ? written : written.slice(0, end).replace(/[:@]$/, '');
    const reference = own === '' ? undefined : parseReference(own);
    const line = index + 1;
    if (own === '' || reference !== undefined) {
      return reference === undefined
        ? []
        : [
            {
              ...{ repository: reference.name, tag: end < 0 ? reference.tag : undefined },
              ...{ digest: end < 0 ? reference.digest : undefined, line, isOfContainer: false },
            },
          ];
    }
    return [unread(written, line)];
  });
}

/** For people: `ghcr.io/acme/web:1.4.0@sha256:…`. */
export function imageLabel({ repository, tag, digest }: Pick<NamedImage, 'repository' | 'tag' | 'digest'>): string {
  return formatReference({ name: repository, tag, digest });
}
