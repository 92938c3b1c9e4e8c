import { type KustomizationFile, readKustomization } from '../kustomize/kustomization.js';
import { folderNames } from '../overlays/template-folders.js';
import type { Entry, TreeReader } from '../tree/tree-reader.js';

/**
 * What is known of a tree from a look at some of its folders. What is looked at in one call takes one request, so that
 * telling the shape of a repository takes as many as there are calls, however large it is.
 */
export class Sketch {
  readonly #lists = new Map<string, Entry[]>();
  readonly #kustomizations = new Map<string, KustomizationFile | undefined>();
  readonly #texts = new Map<string, string | undefined>();

  constructor(readonly tree: TreeReader) {}

  /** Looks at folders, at the kustomizations of some, and at files; what is not there is known as empty. */
  async look(
    folders: readonly string[],
    kustomizations: readonly string[] = [],
    files: readonly string[] = [],
  ): Promise<void> {
    const unknown = [...new Set(folders)].filter((folder) => !this.#lists.has(folder));
    const unread = [...new Set(kustomizations)].filter((folder) => !this.#kustomizations.has(folder));
    const paths = [...new Set(files)].filter((path) => !this.#texts.has(path));
    const [lists, texts, contents] = await Promise.all([
      Promise.all(unknown.map((folder) => this.tree.list(folder))),
      Promise.all(unread.map((folder) => readKustomization(this.tree, folder))),
      Promise.all(paths.map((path) => this.tree.read(path))),
    ]);
    for (const [index, folder] of unknown.entries()) {
      this.#lists.set(folder, lists[index] ?? []);
    }
    for (const [index, folder] of unread.entries()) {
      this.#kustomizations.set(folder, texts[index]);
    }
    for (const [index, path] of paths.entries()) {
      this.#texts.set(path, contents[index]);
    }
  }

  /** Takes over what another sketch of the same tree has looked at. */
  learn(other: Sketch): void {
    for (const [folder, entries] of other.#lists) {
      this.#lists.set(folder, entries);
    }
    for (const [folder, kustomization] of other.#kustomizations) {
      this.#kustomizations.set(folder, kustomization);
    }
    for (const [path, text] of other.#texts) {
      this.#texts.set(path, text);
    }
  }

  /** Names of the folders in a folder, without hidden ones. */
  folders(folder: string): string[] {
    return folderNames(this.#lists.get(folder));
  }

  /** Whether a folder that was looked at has the folder in which `flux bootstrap` puts what it makes. */
  hasFlux(folder: string): boolean {
    return (this.#lists.get(folder) ?? []).some(({ name, type }) => name === 'flux-system' && type === 'folder');
  }

  /** Names of the files in a folder. */
  files(folder: string): string[] {
    return (this.#lists.get(folder) ?? []).filter(({ type }) => type === 'file').map(({ name }) => name);
  }

  /** The folders that were looked at and have something in them. */
  known(): string[] {
    return [...this.#lists].filter(([, entries]) => entries.length > 0).map(([folder]) => folder);
  }

  /** Whether a folder that was looked at has something in it. */
  isThere(folder: string): boolean {
    return this.folders(folder).length + this.files(folder).length > 0;
  }

  /** Whether a folder was looked at. */
  isKnown(folder: string): boolean {
    return this.#lists.has(folder);
  }

  kustomization(folder: string): KustomizationFile | undefined {
    return this.#kustomizations.get(folder);
  }

  /** The text of a file that was looked at. */
  text(path: string): string | undefined {
    return this.#texts.get(path);
  }
}
