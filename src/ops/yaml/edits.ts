import type { Item } from './append.js';
import type { YamlPath } from './path.js';
import type { Splice } from './splice.js';

/** An edit that is not inside nested YAML, with its document filled in. */
export type FlatEdit = (SetEdit | RemoveEdit | AppendEdit) & { document: number };

export interface EditBase {
  path: YamlPath;
  /** Which document of the file, from 0 (the default). */
  document?: number;
}

/** Sets a scalar to this text. A key that is missing is added to its mapping, after the key `after`. */
export interface SetEdit extends EditBase {
  value: string;
  after?: string;
}

/** Removes a key with its value, or an item of a list. */
export interface RemoveEdit extends EditBase {
  remove: true;
}

/** Adds an item to a list. A list that is missing or empty is created. */
export interface AppendEdit extends EditBase {
  append: Item;
  /** Index of the new item, from 0. Default: the end. */
  at?: number;
}

export type Edit = SetEdit | RemoveEdit | AppendEdit;

/** The result of a list of edits. */
export interface EditPlan {
  /** The new text of the file. */
  text: string;
  /** The same as replacements in the original text (without its byte order mark), ordered by offset. */
  splices: Splice[];
}
