import type { Item } from './append.js';
import type { YamlPath } from './path.js';
import type { Splice } from './splice.js';

/** An edit that is not inside nested YAML, with its document filled in. */
export type FlatEdit = (SetEdit | RemoveEdit | AppendEdit | AddEdit) & { document: number };

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

/** Adds a key that is not there to its mapping, with a value in flow style, or a text of several lines as a block. */
export interface AddEdit extends EditBase {
  add: Added;
}

/** What a key is added with. */
export type Added = string | boolean | readonly string[] | { readonly [key: string]: Added };

export type Edit = SetEdit | RemoveEdit | AppendEdit | AddEdit;

/** The result of a list of edits. */
export interface EditPlan {
  /** The new text of the file. */
  text: string;
  /** The same as replacements in the original text (without its byte order mark), ordered by offset. */
  splices: Splice[];
}
