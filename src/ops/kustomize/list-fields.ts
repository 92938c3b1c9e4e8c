import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';

export function items(map: MapValue, key: string): YamlValue[] {
  const value = map.entries.get(key);
  return value?.kind === 'list' ? value.items : [];
}

export function maps(map: MapValue, key: string): MapValue[] {
  return items(map, key).filter((item) => item.kind === 'map');
}

export function fields(map: MapValue, key: string, name: string): string[] {
  return maps(map, key).flatMap((item) => textAt(item, name) ?? []);
}

export function textOf(value: YamlValue): string[] {
  return value.kind === 'text' ? [value.text] : [];
}
