import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';

/** The items of a list under a key of a mapping; none where there is no list. */
export function itemsAt(map: MapValue, key: string): YamlValue[] {
  const value = map.entries.get(key);
  return value?.kind === 'list' ? value.items : [];
}

/** The items of a list that are mappings. */
export function mapsAt(map: MapValue, key: string): MapValue[] {
  return itemsAt(map, key).filter((item) => item.kind === 'map');
}

/** The texts under one name in all mappings of a list. */
export function fieldsAt(map: MapValue, key: string, name: string): string[] {
  return mapsAt(map, key).flatMap((item) => textAt(item, name) ?? []);
}

/** The text of a scalar; none of a mapping or list. */
export function textOf(value: YamlValue): string[] {
  return value.kind === 'text' ? [value.text] : [];
}
