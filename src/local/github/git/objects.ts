import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CatFile } from './cat-file.js';
import { type GitObject, LooseObjects, nameObject, type ObjectType } from './loose-objects.js';
import { RefFiles } from './ref-files.js';
import { isRefName } from './ref-name.js';
import { findEntry } from './tree.js';

export type { GitObject } from './loose-objects.js';

/** Bytes of objects that are kept in memory. */
const kept = 32 * 1024 * 1024;

/** Git knows the empty tree, whether or not it was ever written. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What `git rev-parse` would take, as far as it is read here: an object or a ref, what it shall be, a path in it. */
const EXPRESSION = /^([^:^]+?)(?:\^\{(commit|tree)\})?(?::(.*))?$/s;

/**
 * Reads and writes the objects of one bare repository as plain git ones. Loose objects are read and written without
 * starting a process; git itself is asked for what is packed and for expressions that are not followed here. Objects
 * never change, so those that were read or written are kept in memory while there is room.
 */
export class ObjectStore {
  /** The bare repository. */
  readonly gitDir: string;
  readonly #loose: LooseObjects;
  readonly #refs: RefFiles;
  #git: CatFile | undefined;
  readonly #known = new Map<string, GitObject>();
  #knownBytes = 0;

  constructor(gitDir: string) {
    this.gitDir = gitDir;
    this.#loose = new LooseObjects(gitDir);
    this.#refs = new RefFiles(gitDir);
  }

  /**
   * Reads an object by anything git understands: an object id, `oid:path`, a ref.
   *
   * @returns `undefined` when there is no such object
   */
  async read(expression: string): Promise<GitObject | undefined> {
    if (expression === '' || /[\n\r\0]/.test(expression)) {
      return undefined;
    }
    if (isOid(expression)) {
      return this.#byId(expression);
    }
    const [, name = '', type, path] = EXPRESSION.exec(expression) ?? [];
    const oid = isOid(name) ? name : this.#refs.resolve(name);
    if ((oid === undefined && isRefOnly(name)) || isRelative(path)) {
      return undefined;
    }
    if (oid === undefined || (path !== undefined && !isPlain(path))) {
      return this.#keep(await this.#ask(expression));
    }
    const object = await this.#byId(oid);
    if (path !== undefined) {
      return this.#follow(await this.#peel(object, 'tree'), path === '' ? [] : path.split('/'));
    }
    return type === undefined ? object : this.#peel(object, type === 'commit' ? 'commit' : 'tree');
  }

  /** Writes an object where it is missing and returns its id. */
  async write(type: ObjectType, content: Buffer | string): Promise<string> {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    const named = nameObject(type, body);
    if (!this.#known.has(named.oid)) {
      this.#loose.write(named);
      this.#keep({ oid: named.oid, type, content: named.raw.subarray(named.raw.length - body.length) });
    }
    return named.oid;
  }

  /** Ends the process that reads, where there is one. */
  async close(): Promise<void> {
    await this.#git?.close();
  }

  async #byId(oid: string): Promise<GitObject | undefined> {
    const near = this.#known.get(oid) ?? this.#loose.read(oid);
    return this.#keep(near ?? (this.#gitMayHave(oid) ? await this.#ask(oid) : undefined));
  }

  #ask(expression: string): Promise<GitObject | undefined> {
    this.#git ??= new CatFile(this.gitDir);
    return this.#git.ask(expression);
  }

  /** Whether an object that is no loose one may be there all the same. */
  #gitMayHave(oid: string): boolean {
    if (oid === EMPTY_TREE) {
      return true;
    }
    const objects = join(this.gitDir, 'objects');
    return readdirSync(join(objects, 'pack')).length > 0 || existsSync(join(objects, 'info', 'alternates'));
  }

  /** The commit that a tag names, or the tree of a commit. */
  async #peel(object: GitObject | undefined, type: 'commit' | 'tree'): Promise<GitObject | undefined> {
    let found = object;
    while (found?.type === 'tag' || (found?.type === 'commit' && type === 'tree')) {
      // The first line of a tag begins with "object ", that of a commit with "tree ".
      const start = found.type === 'tag' ? 'object '.length : 'tree '.length;
      found = await this.#byId(found.content.toString('latin1', start, start + 40));
    }
    return found?.type === type ? found : undefined;
  }

  /** Follows a path through trees, each of which is likely to be known. */
  async #follow(tree: GitObject | undefined, path: readonly string[]): Promise<GitObject | undefined> {
    let object = tree;
    for (const name of path) {
      const entry = object?.type === 'tree' ? findEntry(object.content, name) : undefined;
      object = entry === undefined ? undefined : await this.#byId(entry.oid);
    }
    return object;
  }

  #keep(object: GitObject | undefined): GitObject | undefined {
    if (object === undefined || this.#known.has(object.oid)) {
      return object;
    }
    this.#knownBytes += object.content.length;
    if (this.#knownBytes > kept) {
      this.#known.clear();
      this.#knownBytes = object.content.length;
    }
    this.#known.set(object.oid, object);
    return object;
  }
}

function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** Whether a name can be nothing but a ref: no short object id, none in the style of `git describe`, no steps from one. */
function isRefOnly(name: string): boolean {
  return isRefName(`refs/heads/${name}`) && name !== 'HEAD' && name !== '@' && !/(?:^|-g)[0-9a-f]{4,40}$/.test(name);
}

/** Whether a path begins where a shell is. There is none, and git ends when it is asked for one. */
function isRelative(path: string | undefined): boolean {
  return path !== undefined && /^\.\.?(?:\/|$)/.test(path);
}

/** Whether a path means what it says: git reads `a//b` and `a/` in ways of its own. The empty one is the whole tree. */
function isPlain(path: string): boolean {
  return path === '' || path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
