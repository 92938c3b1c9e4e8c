import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';

export function itemsAt(map: MapValue, key: string): YamlValue[] {
  const value = map.entries.get(key);
  return value?.kind === 'list' ? value.items : [];
}

export function mapsAt(map: MapValue, key: string): MapValue[] {
  return itemsAt(map, key).filter((item) => item.kind === 'map');
}

export function fieldsAt(map: MapValue, key: string, name: string): string[] {
  return mapsAt(map, key).flatMap((item) => textAt(item, name) ?? []);
}

export function textOf(value: YamlValue): string[] {
  return value.kind === 'text' ? [value.text] : [];
}
