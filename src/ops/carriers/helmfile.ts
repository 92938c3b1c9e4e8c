import { posix } from 'node:path';
import { itemsAt, mapsAt } from '../kustomize/list-fields.js';
import { InvalidYaml } from '../yaml/parse.js';
import { formatPath, readPath, type YamlPath } from '../yaml/path.js';
import { type MapValue, mapAt, readValues, type TextValue, textAt, type YamlValue } from '../yaml/values.js';
import { isImageOf } from './app-of-image.js';
import type { Carrier, ImageTarget } from './carrier.js';
import { sameRepository } from './image-reference.js';
import { carriersLines } from './named-lines.js';
import type { OverlayFile } from './overlay-file.js';

/** Stands for what a template says, whatever that is. */
const TEMPLATE = '§';

/** A version that a helmfile says itself. */
interface Literal {
  /** In the values of a chart, or of an environment. */
  path: YamlPath;
  value: TextValue;
}

/**
 * The carriers of images with why nothing may be set there where a helmfile says the version itself: in the values of a release,
 * which all environments have, or in those of the environment behind the file. What the policy names is taken at its word.
 *
 * @see https://helmfile.readthedocs.io/en/stable/values-and-merging/
 */
export function withHelmfiles(files: readonly OverlayFile[], carriers: readonly Carrier[]): Carrier[] {
  const helmfiles = files.filter(({ isHelmfile }) => isHelmfile === true);
  return helmfiles.length === 0 ? [...carriers] : carriers.map((carrier) => withReason(files, helmfiles, carrier));
}

function withReason(files: readonly OverlayFile[], helmfiles: readonly OverlayFile[], carrier: Carrier): Carrier {
  const { target, byPolicy, blocked } = carrier;
  if (target.kind !== 'image' || byPolicy === true || blocked !== undefined) {
    return carrier;
  }
  const [reason] = helmfiles.flatMap((file) => reasonIn(file, files, carrier, target) ?? []);
  return reason === undefined ? carrier : { ...carrier, blocked: reason };
}

function reasonIn(
  helmfile: OverlayFile,
  files: readonly OverlayFile[],
  carrier: Carrier,
  target: ImageTarget,
): string | undefined {
  const documents = documentsOf(helmfile);
  if (documents === undefined) {
    return helmfile.text.includes(target.repository)
      ? `${helmfile.path} names ${target.repository} and is a template that is not read, so that a version in ${carrier.file} may change ` +
          `nothing. Say in ostack.yaml where the one is that counts:\n\n${carriersLines(files, [carrier], target.repository)}`
      : undefined;
  }
  const [literal] = documents.flatMap((document) => [
    ...mapsAt(document, 'releases').flatMap((release) => ofRelease(helmfile, release, carrier, target)),
    ...ofEnvironment(helmfile, document, carrier),
  ]);
  return literal === undefined
    ? undefined
    : `${helmfile.path}:${literal.value.line} has ${JSON.stringify(literal.value.text)} at ${formatPath(literal.path)}, which comes over the version ` +
        `of ${target.repository} in ${carrier.file}. Remove that value, or let it be a template of the values of the environment.`;
}

/** The documents of a helmfile with templates replaced; `undefined` where that is no YAML. */
function documentsOf({ path, text }: OverlayFile): MapValue[] | undefined {
  const lines = text.split('\n').map((line) => {
    const plain = withMarks(line);
    // A line that is nothing but templates controls those after it.
    return plain.includes(TEMPLATE) && plain.replaceAll(TEMPLATE, '').trim() === '' ? '' : plain;
  });
  try {
    return readValues(lines.join('\n'), path).flatMap((value) => (value.kind === 'map' ? [value] : []));
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return undefined;
    }
    throw error;
  }
}

/** A line with a mark for each template in it. */
function withMarks(line: string): string {
  let [marked, at] = ['', 0];
  for (;;) {
    const open = line.indexOf('{{', at);
    const close = open < 0 ? -1 : line.indexOf('}}', open + 2);
    if (close < 0) {
      return marked + line.slice(at);
    }
    marked += line.slice(at, open) + TEMPLATE;
    at = close + 2;
  }
}

/** What a release says of an image in its own values, over a file. The later values come over the earlier ones. */
function ofRelease(helmfile: OverlayFile, release: MapValue, carrier: Carrier, target: ImageTarget): Literal[] {
  const values = itemsAt(release, 'values');
  const set = mapsAt(release, 'set').flatMap((each): Literal[] => {
    const path = readPath(textAt(each, 'name') ?? '');
    const value = each.entries.get('value');
    return path === undefined || value?.kind !== 'text' ? [] : [{ path, value }];
  });
  const last = values.findLastIndex((value) => value.kind === 'text' && isFile(helmfile, value, carrier.file));
  const inline = values.slice(last + 1).flatMap((value) => (value.kind === 'map' ? literalsIn(value) : []));
  const said = new Map([...inline, ...set].map((literal) => [JSON.stringify(literal.path), literal]));
  const all = [...said.values()];
  const name = textAt(release, 'name') ?? '';
  const isOfApp = name === helmfile.app || isImageOf(target.image, name);
  return all.filter(({ path, value }) => {
    const repositories = all.filter((each) => isBeside(each.path, path) && each.path.at(-1) === 'repository');
    const isNamed = repositories.some((each) => sameRepository(each.value.text, target.repository));
    const isTag = /^(tag|digest|imageTag|image_tag)$/.test(String(path.at(-1)));
    const isOwn = isNamed || (isOfApp && repositories.length === 0) || isReference(value, target);
    return (isTag || isReference(value, target)) && isOwn && !value.text.includes(TEMPLATE) && value.text !== '';
  });
}

/** Whether two values are in one mapping. */
function isBeside(one: YamlPath, other: YamlPath): boolean {
  return JSON.stringify(one.slice(0, -1)) === JSON.stringify(other.slice(0, -1));
}

/** Whether a text is the whole reference of an image. */
function isReference({ text }: TextValue, { repository }: ImageTarget): boolean {
  return text.startsWith(`${repository}:`) || text.startsWith(`${repository}@`);
}

/** What an environment says itself, behind a file, of the very value that a carrier has there. */
function ofEnvironment(helmfile: OverlayFile, document: MapValue, { file, edits }: Carrier): Literal[] {
  const environments = mapAt(document, 'environments');
  const own = environments && mapAt(environments, helmfile.environment ?? '');
  const values = own === undefined ? [] : itemsAt(own, 'values');
  const last = values.findLastIndex((value) => value.kind === 'text' && isFile(helmfile, value, file));
  const inline = values.slice(last + 1).flatMap((value) => (value.kind === 'map' ? literalsIn(value) : []));
  const paths = new Set(edits.map(({ path }) => JSON.stringify(path)));
  return inline.filter(({ path, value }) => paths.has(JSON.stringify(path)) && !value.text.includes(TEMPLATE));
}

/** Whether an item of a list of values is a file, perhaps by a template of its name. */
function isFile({ path }: OverlayFile, { text }: TextValue, file: string): boolean {
  const parts = posix.join(posix.dirname(path), text).split(TEMPLATE);
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^/]+');
  return new RegExp(`^${pattern}$`).test(file);
}

function literalsIn(value: YamlValue, path: YamlPath = []): Literal[] {
  switch (value.kind) {
    case 'text':
      return [{ path, value }];
    case 'list':
      return value.items.flatMap((item, index) => literalsIn(item, [...path, index]));
    case 'map':
      return [...value.entries].flatMap(([key, inner]) => literalsIn(inner, [...path, key]));
  }
}
