import { clusterFile, previewFolder, recordFile } from '../../../preview-records/paths.js';
import type { Change } from '../../../tree/change.js';
import type { TreeReader } from '../../../tree/tree-reader.js';

/** Collects what the files of previews shall hold, and finds out what of it is a change. */
export class PreviewChanges {
  readonly #files = new Map<string, string>();
  readonly #deletions = new Set<string>();

  constructor(readonly tree: TreeReader) {}

  /** What changes: nothing that is so already. */
  get change(): Change {
    return { files: this.#files, deletions: [...this.#deletions].sort() };
  }

  get isEmpty(): boolean {
    return this.#files.size + this.#deletions.size === 0;
  }

  /**
   * A file shall hold a text.
   *
   * @returns whether that is a change
   */
  async write(path: string, text: string): Promise<boolean> {
    const changes = (await this.tree.read(path)) !== text;
    if (changes) {
      this.#files.set(path, text);
    }
    return changes;
  }

  /**
   * A preview shall consist of these files; what else is in its folder goes.
   *
   * @returns the paths that change
   */
  async render(name: string, files: ReadonlyMap<string, string>): Promise<string[]> {
    const there = await filesUnder(this.tree, previewFolder(name));
    const extra = there.filter((path) => !files.has(path));
    for (const path of extra) {
      this.#deletions.add(path);
    }
    const written = await Promise.all(
      [...files].map(async ([path, text]) => ((await this.write(path, text)) ? [path] : [])),
    );
    return [...extra, ...written.flat()];
  }

  /** Nothing of a preview shall run: its folder and its object in a cluster go. */
  async takeDown(name: string, host: string): Promise<void> {
    const [files] = await Promise.all([
      filesUnder(this.tree, previewFolder(name)),
      this.remove(clusterFile(host, name)),
    ]);
    for (const path of files) {
      this.#deletions.add(path);
    }
  }

  /** Nothing of a preview shall be left. */
  async forget(name: string, host: string): Promise<void> {
    await Promise.all([this.takeDown(name, host), this.remove(recordFile(name))]);
  }

  /** A file shall not be. */
  async remove(path: string): Promise<void> {
    if ((await this.tree.read(path)) !== undefined) {
      this.#deletions.add(path);
    }
  }

  /** The names in a folder as they are after the change. */
  async namesIn(folder: string): Promise<string[]> {
    const entries = (await this.tree.list(folder)) ?? [];
    const inFolder = (path: string) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/');
    const written = [...this.#files.keys()].filter(inFolder).map((path) => path.slice(folder.length + 1));
    const names = entries.map(({ name }) => name).filter((name) => !this.#deletions.has(`${folder}/${name}`));
    return [...new Set([...names, ...written])].sort();
  }
}

async function filesUnder(tree: TreeReader, folder: string): Promise<string[]> {
  const entries = (await tree.list(folder)) ?? [];
  const found = await Promise.all(
    entries.map(({ name, type }) => {
      const path = `${folder}/${name}`;
      return type === 'folder' ? filesUnder(tree, path) : [path];
    }),
  );
  return found.flat();
}
