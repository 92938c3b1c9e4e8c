import { clusterFile, previewFolder, recordFile } from '../../../preview-records/paths.js';
import { isBlobOf } from '../../../tree/blob-id.js';
import type { Change } from '../../../tree/change.js';
import { filesUnder } from '../../../tree/files-under.js';
import type { TreeReader } from '../../../tree/tree-reader.js';

/** Collects what files of previews are to hold, and keeps only what differs from the ops repository. */
export class PreviewChanges {
  readonly #files = new Map<string, string>();
  readonly #deletions = new Set<string>();
  readonly #whole = new Map<string, ReadonlyMap<string, string>>();

  /**
   * @param tree the ops repository at the commit that the change is for
   * @param ids git's ids of files there, where they are known: then a text is compared by its id, and nothing is read
   */
  constructor(
    readonly tree: TreeReader,
    readonly ids: ReadonlyMap<string, string> = new Map(),
  ) {}

  /** Files by path and paths of deletions, sorted: only what differs. */
  get change(): Change {
    const files = [...this.#files].sort(([one], [other]) => (one < other ? -1 : 1));
    return { files: new Map(files), deletions: [...this.#deletions].sort() };
  }

  /** All files of the previews that are rendered and not taken down, by name of the preview. */
  get whole(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#whole;
  }

  get isEmpty(): boolean {
    return this.#files.size + this.#deletions.size === 0;
  }

  /** Whether a file has this text already. */
  async holds(path: string, text: string): Promise<boolean> {
    const id = this.ids.get(path);
    return id === undefined ? (await this.tree.read(path)) === text : isBlobOf(id, text);
  }

  /** Whether all of these files have their texts already. */
  async has(files: ReadonlyMap<string, string>): Promise<boolean> {
    return (await Promise.all([...files].map(([path, text]) => this.holds(path, text)))).every(Boolean);
  }

  /**
   * Writes a file.
   *
   * @returns whether it held something else, or was not there
   */
  async write(path: string, text: string): Promise<boolean> {
    const changes = !(await this.holds(path, text));
    if (changes) {
      this.#files.set(path, text);
    }
    return changes;
  }

  /**
   * Writes a preview's files, and deletes everything else in its folder.
   *
   * @param files texts by path from the repository's root
   * @returns the paths that change
   */
  async render(name: string, files: ReadonlyMap<string, string>): Promise<string[]> {
    const folder = previewFolder(name);
    this.#whole.set(name, new Map([...files].filter(([path]) => path.startsWith(`${folder}/`))));
    const current = await filesUnder(this.tree, folder);
    const extra = current.filter((path) => !files.has(path));
    for (const path of extra) {
      this.#deletions.add(path);
    }
    const written = await Promise.all(
      [...files].map(async ([path, text]) => ((await this.write(path, text)) ? [path] : [])),
    );
    return [...extra, ...written.flat()];
  }

  /** Writes some files of a preview. All others in its folder stay as they are. */
  async touch(name: string, files: ReadonlyMap<string, string>): Promise<void> {
    const folder = previewFolder(name);
    const current = await filesUnder(this.tree, folder);
    const texts = await Promise.all(
      current.map(async (path): Promise<[string, string]> => [path, (await this.tree.read(path)) ?? '']),
    );
    this.#whole.set(name, new Map([...texts, ...[...files].filter(([path]) => path.startsWith(`${folder}/`))]));
    await Promise.all([...files].map(([path, text]) => this.write(path, text)));
  }

  /** Deletes what runs of a preview: its folder, and its object for the cluster of a host environment. */
  async takeDown(name: string, host: string): Promise<void> {
    this.#whole.delete(name);
    const [files] = await Promise.all([
      filesUnder(this.tree, previewFolder(name)),
      this.remove(clusterFile(host, name)),
    ]);
    for (const path of files) {
      this.#deletions.add(path);
    }
  }

  /** Deletes everything of a preview, its record too. */
  async removeAll(name: string, host: string): Promise<void> {
    await Promise.all([this.takeDown(name, host), this.remove(recordFile(name))]);
  }

  /** Deletes a file, where it is there. */
  async remove(path: string): Promise<void> {
    if ((await this.tree.read(path)) !== undefined) {
      this.#deletions.add(path);
    }
  }
}
