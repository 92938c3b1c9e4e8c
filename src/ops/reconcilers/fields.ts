import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import type { ObjectShape } from './object-shape.js';

/** Whether an object is of an API group and a kind. */
export function hasShape(object: MapValue, { apiGroup, kind }: Pick<ObjectShape, 'apiGroup' | 'kind'>): boolean {
  return textAt(object, 'kind') === kind && textAt(object, 'apiVersion')?.startsWith(`${apiGroup}/`) === true;
}

/** The value of an object's field, by its keys from the object's root. */
export function valueAt(object: MapValue, field: readonly string[]): YamlValue | undefined {
  return field.reduce<YamlValue | undefined>(
    (value, key) => (value?.kind === 'map' ? value.entries.get(key) : undefined),
    object,
  );
}

/** The mapping of an object's field; `undefined` where there is none. */
export function mapAt(object: MapValue, ...field: string[]): MapValue | undefined {
  const value = valueAt(object, field);
  return value?.kind === 'map' ? value : undefined;
}

/** `metadata.name` of an object. */
export function nameOf(object: MapValue): string | undefined {
  const metadata = mapAt(object, 'metadata');
  return metadata && textAt(metadata, 'name');
}

/** `metadata.namespace` of an object. */
export function namespaceOf(object: MapValue): string | undefined {
  const metadata = mapAt(object, 'metadata');
  return metadata && textAt(metadata, 'namespace');
}
