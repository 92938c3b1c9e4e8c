import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import type { Carrier, ImageTarget } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { isDigest, isTag } from './image-reference.js';
import { TAG_KEYS, tagEdits, tagIn, takesDigest } from './kinds/tag-field.js';
import type { OverlayFile } from './overlay-file.js';
import { isTagSubject, kebab, relationOf, subjectsOf } from './tag-subject.js';
import { versionText } from './version-text.js';
import type { YamlNode } from './yaml-nodes.js';

/**
 * A tag in a file that names no repository for it: `image: {tag}`, `imageTag`, `image_tag`, a parameter `image.tag`, a `tag`
 * beside `global.imageRegistry`. Whose it is follows from where it stands.
 */
export interface LoneTag {
  file: OverlayFile;
  node: YamlNode;
  /** What the keys above it, its object and its file are called after, without words that say nothing. */
  subjects: readonly string[];
  /** The edits and the version, as of a carrier. */
  carry(target: ImageTarget): Pick<Carrier, 'path' | 'line' | 'edits' | 'needsTag' | 'blocked'> & {
    current: { tag?: string | undefined; digest?: string | undefined };
  };
}

/** All tags without a repository in the files. */
export function loneTags(files: readonly OverlayFile[]): LoneTag[] {
  return files
    .filter(({ onlyNamed, isBare, text }) => onlyNamed !== true && (isBare === true || /tag/i.test(text)))
    .flatMap((file) => overlayNodes(file).flatMap((node) => loneTagsAt(file, node)));
}

/**
 * The carriers of images whose tags stand alone. None is certain, and there is none where several tags could be meant: what is
 * called after the image comes before what is called after its app, or after nothing. In a file of several apps, nothing but
 * what is called after the image or its app counts.
 */
export function loneCarriers(files: readonly OverlayFile[], targets: readonly ImageTarget[]): Carrier[] {
  const lone = targets.length === 0 ? [] : loneTags(files);
  return targets.flatMap((target) => {
    const ranked = lone.map((tag) => ({ tag, rank: rankOf(tag, target) })).filter(({ rank }) => rank > 0);
    const best = ranked.filter(({ rank }) => rank === Math.max(...ranked.map((each) => each.rank)));
    const meant = best.length === 1 ? best : best.filter(({ tag }) => namesEnvironment(tag.file));
    return meant.length === 1 ? meant.map(({ tag }) => carrierOf(tag, target)) : [];
  });
}

/** 2 for a tag that is called after the image, 1 for one that may be its, 0 for that of another one. */
function rankOf({ file, subjects }: LoneTag, target: ImageTarget): number {
  const relations = subjects.map((subject) => relationOf(subject, target, file));
  if (relations.includes('other')) {
    return 0;
  }
  if (file.shared === true) {
    return relations.length > 0 ? 2 : 0;
  }
  return relations.includes('image') ? 2 : 1;
}

function namesEnvironment({ path, environment }: OverlayFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return environment !== undefined && name.split(/[^\w]|[-_]/).includes(environment);
}

function carrierOf(tag: LoneTag, target: ImageTarget): Carrier {
  const { current, ...place } = tag.carry(target);
  return {
    ...{ ...place, kind: 'lone-tag', file: tag.file.path, document: tag.node.document, target, certain: false },
    current: { repository: target.repository, ...current },
  };
}

function loneTagsAt(file: OverlayFile, node: YamlNode): LoneTag[] {
  return [inImage(file, node) ?? inKey(file, node) ?? inWhole(file, node) ?? inParameters(file, node)]
    .flat()
    .filter((tag) => tag !== undefined);
}

/** Keys that say which image a mapping is of. */
const NAMES = ['repository', 'name', 'image'];

/** `image: {tag}`, and any mapping with a `tag` under `global.imageRegistry`. */
function inImage(file: OverlayFile, node: YamlNode): LoneTag | undefined {
  const { value, path, key, above } = node;
  if (value.kind !== 'map' || NAMES.some((name) => value.entries.has(name))) {
    return undefined;
  }
  const tagKey = TAG_KEYS.find((each) => value.entries.get(each)?.kind === 'text');
  const isImage = /image$/i.test(key) && typeof path.at(-1) === 'string';
  const isPlain = tagKey === 'tag' && [...above, value].some(hasRegistry);
  if (tagKey === undefined || !(isImage || isPlain) || !isVersion(value.entries.get(tagKey))) {
    return undefined;
  }
  return {
    ...{ file, node, subjects: subjectsOf(file, node) },
    carry: (target) => ({
      path,
      line: value.entries.get(tagKey)?.line ?? value.line,
      edits: tagEdits(node, value, tagKey, target, tagKey),
      needsTag: !takesDigest(value),
      current: tagIn(value, tagKey),
    }),
  };
}

function hasRegistry(map: MapValue): boolean {
  const global = map.entries.get('global');
  return map.entries.has('imageRegistry') || (global?.kind === 'map' && global.entries.has('imageRegistry'));
}

/** `imageTag`, `image_tag`, `web_image_tag`, where no image is named beside it. */
function inKey(file: OverlayFile, node: YamlNode): LoneTag | undefined {
  const { parent, key, value, path } = node;
  const [, before = ''] = /^(.{0,60}?)[-_]?image[-_]?tag$/i.exec(key) ?? [key];
  const isAlone = parent !== undefined && value.kind === 'text' && !NAMES.some((name) => parent.entries.has(name));
  const said = value.kind === 'text' ? versionText(value.text) : undefined;
  if (!/image[-_]?tag$/i.test(key) || !isAlone || /image$/i.test(String(path.at(-2) ?? '')) || said === undefined) {
    return undefined;
  }
  const subjects = [...subjectsOf(file, node), ...[kebab(before)].filter(isTagSubject)];
  return scalar(file, node, subjects, value);
}

/** A file that holds nothing but a tag, and is an overlay by itself. */
function inWhole(file: OverlayFile, node: YamlNode): LoneTag | undefined {
  const text = file.isBare === true && node.isWhole === true && node.value.kind === 'text' ? node.value.text : '';
  // A whole reference names its image.
  const isAlone = isDigest(text) || isTag(text.split('@', 1)[0] ?? '');
  return isAlone ? scalar(file, node, subjectsOf(file, node), node.value) : undefined;
}

/** Parameters of Helm in an Argo CD Application, `{name: image.tag, value}`, without one for the repository or a digest. */
function inParameters(file: OverlayFile, node: YamlNode): LoneTag[] {
  const list = node.key === 'parameters' && node.value.kind === 'list' ? node.value.items : [];
  const names = list.map((item) => (item.kind === 'map' ? (textAt(item, 'name') ?? '') : ''));
  return list.flatMap((item, index): LoneTag[] => {
    const [, prefix] = /^(.*image)\.tag$/i.exec(names[index] ?? '') ?? [];
    const value = item.kind === 'map' ? item.entries.get('value') : undefined;
    const isNamed = [...NAMES, 'digest'].some((name) => names.includes(`${prefix}.${name}`));
    if (prefix === undefined || isNamed || value?.kind !== 'text') {
      return [];
    }
    const keys = prefix.split('.').slice(0, -1).map(kebab).filter(isTagSubject);
    const at = { ...node, path: [...node.path, index, 'value'], value, key: 'value' };
    return [scalar(file, at, [...subjectsOf(file, node), ...keys], value) ?? []].flat();
  });
}

function scalar(file: OverlayFile, node: YamlNode, subjects: string[], value: YamlValue): LoneTag | undefined {
  const said = value.kind === 'text' ? versionText(value.text) : undefined;
  const { path, document } = node;
  return said === undefined
    ? undefined
    : {
        ...{ file, node, subjects },
        carry: (target) => {
          const written = said.write(target);
          return {
            ...{ path, line: value.line, needsTag: true, current: said.current },
            edits: written === undefined ? [] : [{ path, document, value: written }],
            ...(written === undefined && target.digest === undefined
              ? { blocked: digestAlone(file, value, target) }
              : {}),
          };
        },
      };
}

function digestAlone({ path }: OverlayFile, { line }: YamlValue, { repository, tag }: ImageTarget): string {
  return `${path}:${line} holds a digest alone, and of ${repository}:${tag ?? ''} none is known.`;
}

/** Whether a value may be a tag: also a variable, which is told apart later, but no template. */
function isVersion(value: YamlValue | undefined): boolean {
  return value?.kind === 'text' && !value.text.includes('{{') && !value.text.includes('/');
}
