import { isKustomization } from '../../kustomize/kustomization.js';
import { type MapValue, mapAt, readValues, textAt, type YamlValue } from '../../yaml/values.js';
import { isImageKey } from './image-ranges.js';

/** A value of a chart that a file sets. */
export interface SetValue {
  /** Keys joined by dots; items of lists have none. */
  path: string;
  text: string;
  line: number;
}

/** Keys under which objects of reconcilers and kustomizations have values of charts. */
const VALUES = new Set(['values', 'valuesObject', 'valuesInline', 'valuesContent']);

/** The values of charts that a file sets, whichever chart they are of: a file of values itself, or an object that has some. */
export function setValues(path: string, maps: readonly MapValue[]): SetValue[] {
  return maps.flatMap((map) => {
    const isObject = isKustomization(path) || (map.entries.has('apiVersion') && map.entries.has('kind'));
    if (!isObject) {
      return leaves(map, []);
    }
    const data = textAt(map, 'kind') === 'ConfigMap' ? mapAt(map, 'data') : undefined;
    return data === undefined
      ? inObject(map, '')
      : [...data.entries].flatMap(([key, value]) => (/\.ya?ml$/.test(key) ? ofValues(value) : []));
  });
}

function inObject(value: YamlValue, key: string): SetValue[] {
  if (VALUES.has(key)) {
    return ofValues(value);
  }
  switch (value.kind) {
    case 'text':
      return [];
    case 'list':
      return value.items.flatMap((item) => [...ofParameter(item), ...inObject(item, '')]);
    case 'map':
      return [...value.entries].flatMap(([name, inner]) => inObject(inner, name));
  }
}

/** `{ name: image.tag, value: 1.0.0 }` */
function ofParameter(item: YamlValue): SetValue[] {
  const [name, value] = item.kind === 'map' ? ['name', 'value'].map((key) => textAt(item, key)) : [];
  return name === undefined || value === undefined ? [] : [{ path: name, text: value, line: item.line }];
}

function ofValues(value: YamlValue): SetValue[] {
  if (value.kind !== 'text') {
    return leaves(value, []);
  }
  try {
    return readValues(value.text, '')
      .flatMap((each) => leaves(each, []))
      .map((each) => ({ ...each, line: value.line }));
  } catch {
    return [];
  }
}

function leaves(value: YamlValue, keys: readonly string[]): SetValue[] {
  switch (value.kind) {
    case 'text':
      return [{ path: keys.join('.'), text: value.text, line: value.line }];
    case 'list':
      return value.items.flatMap((item) => leaves(item, keys));
    case 'map':
      return [...value.entries].flatMap(([key, inner]) => leaves(inner, [...keys, key]));
  }
}

/**
 * Whether a value may be one of those that templates make images of: itself, one of a chart inside, or what says an image in a
 * mapping that they are given.
 */
export function isUsed({ path }: SetValue, used: ReadonlySet<string>): boolean {
  const keys = path.split('.');
  const isBelow = keys.some((_, index) => index > 0 && used.has(keys.slice(0, index).join('.')));
  return used.has(path) || used.has(keys.slice(1).join('.')) || (isBelow && isImageKey(keys.at(-1) ?? ''));
}
