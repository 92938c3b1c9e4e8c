import type { Item } from './append.js';
import type { Added, AppendEdit, FlatEdit } from './edits.js';
import type { Model } from './model.js';
import { formatPath, type PathSegment, type YamlPath } from './path.js';

/**
 * Computes the values that the documents must have after the edits, from the values alone and not from the text.
 *
 * @param models the values before the edits; they are changed in place
 * @returns the values after the edits, by document
 * @throws Error when the path of an edit does not exist
 */
export function expectedModels(models: Model[], edits: readonly FlatEdit[], file: string): Model[] {
  const removals: { parent: Model; segment: PathSegment }[] = [];
  for (const edit of edits) {
    if ('remove' in edit) {
      removals.push(holder(models, edit, file));
    } else if ('append' in edit && edit.path.length === 0) {
      const holder: Model[] = [models[edit.document] ?? null];
      appendTo({ parent: holder, segment: 0 }, edit);
      models[edit.document] = holder[0] ?? null;
    } else if ('append' in edit) {
      appendTo(holder(models, edit, file), edit);
    } else if ('add' in edit) {
      const { parent, segment } = holder(models, edit, file);
      put(parent, segment, addedModel(edit.add));
    } else if (edit.path.length === 0) {
      models[edit.document] = edit.value;
    } else {
      const { parent, segment } = holder(models, edit, file);
      put(parent, segment, edit.value);
    }
  }
  // Later items first, so that an index still means the item it meant before the edits.
  removals.sort((one, other) => Number(other.segment) - Number(one.segment) || 0);
  for (const { parent, segment } of removals) {
    if (Array.isArray(parent)) {
      parent.splice(Number(segment), 1);
    } else if (parent instanceof Map) {
      parent.delete(String(segment));
    }
  }
  return models;
}

function holder(models: Model[], edit: FlatEdit, file: string): { parent: Model; segment: PathSegment } {
  const path: YamlPath = edit.path;
  const segment = path.at(-1);
  let parent: Model | undefined = models[edit.document];
  for (const step of path.slice(0, -1)) {
    parent = child(parent, step);
  }
  if (segment === undefined || parent === undefined) {
    throw new Error(`${file}: ${formatPath(path)} leads to nothing that can be changed.`);
  }
  return { parent, segment };
}

function child(parent: Model | undefined, step: PathSegment): Model | undefined {
  if (parent instanceof Map) {
    return parent.get(String(step));
  }
  return Array.isArray(parent) ? parent[Number(step)] : undefined;
}

function put(parent: Model, segment: PathSegment, value: Model): void {
  if (parent instanceof Map) {
    parent.set(String(segment), value);
  } else if (Array.isArray(parent)) {
    parent[Number(segment)] = value;
  }
}

function appendTo({ parent, segment }: { parent: Model; segment: PathSegment }, { append, at }: AppendEdit): void {
  const value = itemModel(append);
  const list = child(parent, segment);
  if (Array.isArray(list)) {
    list.splice(at ?? list.length, 0, value);
  } else {
    put(parent, segment, [value]);
  }
}

function addedModel(added: Added): Model {
  if (typeof added !== 'object') {
    return added;
  }
  return isList(added) ? [...added] : new Map(Object.entries(added).map(([key, value]) => [key, addedModel(value)]));
}

function isList(added: Added): added is readonly string[] {
  return Array.isArray(added);
}

function itemModel(item: Item | boolean): Model {
  return typeof item === 'object' ? new Map(Object.entries(item).map(([key, value]) => [key, itemModel(value)])) : item;
}
