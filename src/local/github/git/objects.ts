import { CatFile } from './cat-file.js';
import { type GitObject, LooseObjects, nameObject, type ObjectType } from './loose-objects.js';
import { findEntry } from './tree-entry.js';

export type { GitObject } from './loose-objects.js';

/** Bytes of objects that are kept in memory. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads and writes the objects of one bare repository. Objects that have a file of their own are read here, what
 * else there is through one long-lived git process. What an object id leads to never changes, so it is cached.
 */
export class ObjectStore {
  /** The bare repository. */
  readonly gitDir: string;
  readonly #reader: CatFile;
  readonly #loose: LooseObjects;
  /** By object id, and by expressions that begin with one. */
  readonly #cache = new Map<string, GitObject>();
  #cachedBytes = 0;

  constructor(gitDir: string) {
    this.gitDir = gitDir;
    this.#reader = new CatFile(gitDir);
    this.#loose = new LooseObjects(gitDir);
  }

  /**
   * Reads an object.
   *
   * @param expression what `git rev-parse` understands: an object id, a ref, `<ref or id>:<path>`, `<ref or id>^{commit}`
   * @returns `undefined` when there is no such object
   */
  async read(expression: string): Promise<GitObject | undefined> {
    if (expression === '' || /[\n\r\0]/.test(expression) || isRelative(expression)) {
      return undefined;
    }
    const cached = this.#cache.get(expression);
    if (cached !== undefined) {
      return cached;
    }
    const object = this.#reach(expression) ?? (await this.#reader.ask(expression));
    if (object !== undefined && /^[0-9a-f]{40}/.test(expression)) {
      this.#keep(expression, object);
    }
    return object;
  }

  /** Writes an object unless it exists. @returns its id */
  async write(type: ObjectType, content: Buffer | string): Promise<string> {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    const named = nameObject(type, body);
    if (!this.#cache.has(named.oid)) {
      this.#loose.write(named);
      this.#keep(named.oid, { oid: named.oid, type, content: named.raw.subarray(named.raw.length - body.length) });
    }
    return named.oid;
  }

  /** Ends the git process. */
  close(): Promise<void> {
    return this.#reader.close();
  }

  /** What an id, or a path below it, leads to. @returns `undefined` where that is nothing, or git has to be asked */
  #reach(expression: string): GitObject | undefined {
    const [, oid, path] = /^([0-9a-f]{40})(?:\^\{commit\}|:([^/]+(?:\/[^/]+)*))?$/.exec(expression) ?? [];
    const root = oid === undefined ? undefined : this.#own(oid);
    if (path === undefined) {
      return expression === oid || root?.type === 'commit' ? root : undefined;
    }
    const top = root?.type === 'commit' ? this.#own(root.content.toString('latin1', 5, 45)) : root;
    return path.split('/').reduce<GitObject | undefined>((folder, name) => {
      const entry = folder?.type === 'tree' ? findEntry(folder.content, name) : undefined;
      return entry === undefined ? undefined : this.#own(entry.oid);
    }, top);
  }

  #own(oid: string): GitObject | undefined {
    const cached = this.#cache.get(oid);
    const object = cached ?? this.#loose.read(oid);
    if (object !== undefined && cached === undefined) {
      this.#keep(oid, object);
    }
    return object;
  }

  #keep(key: string, object: GitObject): void {
    this.#cachedBytes += object.content.length;
    if (this.#cachedBytes > MOST_BYTES) {
      this.#cache.clear();
      this.#cachedBytes = object.content.length;
    }
    this.#cache.set(key, object);
  }
}

/** Whether the path of an expression is relative to the current folder. Git ends when it is asked for one. */
function isRelative(expression: string): boolean {
  return /:\.\.?(?:\/|$)/.test(expression);
}
