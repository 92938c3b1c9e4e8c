import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';

/**
 * The objects that stand inside of a value: the resources of a ResourceSet, a patch that a kustomization has as a text. What a
 * template fills in is `*`.
 *
 * @returns those inside of these, too; none of a text that is no YAML
 */
export function innerObjects(value: YamlValue): MapValue[] {
  switch (value.kind) {
    case 'text':
      return documentsIn(value.text).flatMap(withInner);
    case 'list':
      return value.items.flatMap(withInner);
    case 'map':
      return [...value.entries.values()].flatMap(withInner);
  }
}

function withInner(value: YamlValue): MapValue[] {
  const isObject =
    value.kind === 'map' && textAt(value, 'apiVersion') !== undefined && textAt(value, 'kind') !== undefined;
  return isObject ? [value, ...innerObjects(value)] : innerObjects(value);
}

/** The documents of a text that has objects. */
export function documentsIn(text: string): YamlValue[] {
  if (!/\bkind\b/.test(text) || !/\bapiVersion\b/.test(text)) {
    return [];
  }
  try {
    return readValues(text.replace(/\{\{[^{}]*\}\}|<<[^<>\n]*>>/g, '*'), '');
  } catch {
    return [];
  }
}
