import { nearest } from '../../config/nearest.js';
import type { Edit } from '../yaml/edits.js';
import { InvalidYaml } from '../yaml/parse.js';
import { formatPath, type PathSegment } from '../yaml/path.js';
import { type MapValue, textAt } from '../yaml/values.js';
import type { Carrier, ImageTarget, Target } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { formatReference, sameRepository } from './image-reference.js';
import type { NamedValue, OverlayFile } from './overlay-file.js';
import { versionText } from './version-text.js';
import type { YamlNode } from './yaml-nodes.js';

/** The policy names a value that cannot be read as a version. As what cannot be read at all, it stops nothing else. */
export class UnclearCarrier extends InvalidYaml {
  constructor({ where }: NamedValue, message: string) {
    const [file = '', line] = where.split(':');
    super(`${where}: ${message}`, file, line === undefined ? undefined : Number(line));
  }
}

/**
 * The carriers of a file that the policy names.
 *
 * @throws UnclearCarrier with the line of the policy where a path matches nothing, several values, or no version
 */
export function namedCarriers(file: OverlayFile, targets: readonly Target[]): Carrier[] {
  const { named = [], path } = file;
  const wanted = named.flatMap((value) =>
    targets.flatMap((target) =>
      target.kind === 'image' && sameRepository(value.image, target.repository) ? [{ value, target }] : [],
    ),
  );
  const nodes = wanted.length === 0 ? [] : overlayNodes(file);
  return wanted.flatMap(({ value, target }) => {
    const node = nodeOf(nodes, value, path);
    return node === undefined ? [] : [carrierOf(node, value, path, target)];
  });
}

/** The images whose versions the policy names in a file. */
export function namedImages({ named = [] }: OverlayFile): string[] {
  return [...new Set(named.map(({ image }) => image))];
}

function carrierOf(node: YamlNode, value: NamedValue, file: string, target: ImageTarget): Carrier {
  const { path, document } = node;
  const said = node.value.kind === 'text' ? versionText(node.value.text, node.key === 'literals') : undefined;
  if (said === undefined) {
    const found =
      node.value.kind === 'text'
        ? JSON.stringify(node.value.text)
        : `a ${node.value.kind === 'map' ? 'mapping' : 'list'}`;
    throw new UnclearCarrier(
      value,
      `${file}:${node.value.line} has ${found} at ${pathText(value)}. Expected a tag, a digest or a whole image ` +
        `reference there${node.value.kind === 'map' ? `: ${inside(node.value)}` : ''}.`,
    );
  }
  const written = said.write(target);
  const edit: Edit = { path, document, value: written ?? '' };
  const edits = written === undefined ? [] : [edit, ...siblingEdits(node, said.current.digest, target)];
  const has = said.current.digest === undefined ? 'tag' : 'digest';
  const version = formatReference({ name: target.repository, tag: target.tag, digest: target.digest });
  return {
    ...{ kind: 'named', byPolicy: true, file, document, path, target, edits, certain: true, line: node.value.line },
    current: { repository: target.repository, ...said.current },
    ...(written === undefined
      ? {
          blocked: `${file}:${node.value.line} holds a ${has} alone, and of ${version} none is known (${value.where}).`,
        }
      : {}),
  };
}

function inside({ entries }: MapValue): string {
  const keys = [...entries].flatMap(([key, { kind }]) => (kind === 'text' ? [key] : []));
  return keys.length === 0 ? 'write the path of a value' : `write the path of one of ${keys.slice(0, 6).join(', ')}`;
}

/** A digest beside a tag decides, so that it goes along. */
function siblingEdits({ parent, path, document, key }: YamlNode, own: string | undefined, target: ImageTarget): Edit[] {
  const beside = parent !== undefined && key !== 'digest' && own === undefined ? textAt(parent, 'digest') : undefined;
  return beside === undefined || parent?.entries.has('digest') !== true
    ? []
    : [{ path: [...path.slice(0, -1), 'digest'], document, value: target.digest ?? '' }];
}

function nodeOf(nodes: readonly YamlNode[], value: NamedValue, file: string): YamlNode | undefined {
  const all = nodes.filter((node) => value.object === undefined || objectName(node) === value.object);
  const wanted = JSON.stringify(value.path);
  const found = all.filter(({ path }) => JSON.stringify(path.filter(isPlain)) === wanted);
  // A text that holds YAML and what it holds have the same path.
  const inner = found.filter((node) => !found.some((other) => isInside(other, node)));
  const [only, another] = inner;
  if (only === undefined && value.optional) {
    return undefined;
  }
  if (only === undefined) {
    throw new UnclearCarrier(value, `nothing is at ${pathText(value)} in ${file}.${hint(all, value)}`);
  }
  if (another !== undefined) {
    const names = inner.map(objectName).filter((name) => name !== '');
    const add = names.length === 0 ? '' : ` Add "object" to say which is meant: ${names.join(' or ')}.`;
    throw new UnclearCarrier(value, `${inner.length} documents of ${file} have something at ${pathText(value)}.${add}`);
  }
  return only;
}

function isInside(inner: YamlNode, outer: YamlNode): boolean {
  const isBelow = inner.path.length > outer.path.length && inner.document === outer.document;
  return isBelow && outer.path.every((segment, index) => JSON.stringify(segment) === JSON.stringify(inner.path[index]));
}

/** The object that a value is in: `HelmRelease/web`; empty in a file without objects. */
export function objectName({ above, value, path }: YamlNode): string {
  const root = above[0] ?? (path.length === 0 && value.kind === 'map' ? value : undefined);
  const metadata = root?.entries.get('metadata');
  const name = metadata?.kind === 'map' ? textAt(metadata, 'name') : undefined;
  return root === undefined || name === undefined ? '' : `${textAt(root, 'kind') ?? ''}/${name}`;
}

function isPlain(segment: PathSegment): segment is string | number {
  return typeof segment !== 'object';
}

function pathText({ path, object }: NamedValue): string {
  return `${formatPath(path)}${object === undefined ? '' : ` of ${object}`}`;
}

/** Where the value may be instead. */
function hint(nodes: readonly YamlNode[], { path, object }: NamedValue): string {
  if (nodes.length === 0) {
    return object === undefined ? ' It is empty.' : ` There is no ${object} in it.`;
  }
  const paths = nodes.filter(({ value }) => value.kind === 'text').map((node) => formatPath(node.path.filter(isPlain)));
  const close = nearest(formatPath(path), paths) ?? paths.find((each) => each.endsWith(`.${String(path.at(-1))}`));
  return close === undefined ? '' : ` Did you mean ${close}?`;
}
