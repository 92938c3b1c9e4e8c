/** Artifacts of runs, for other jobs and other runs, as `actions/upload-artifact` stores them. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface ArtifactFile {
  /** File to copy. */
  from: string;
  /** Path in the artifact, with `/`. */
  path: string;
}

export interface Artifact {
  id: number;
  name: string;
  repository: string;
  runId: number;
  /** SHA-256, in hex, of the names and contents. GitHub's is of its archive, which nothing should rely on either. */
  digest: string;
  /** Bytes of all files. */
  size: number;
  files: string[];
}

/** Stores artifacts until the runner closes. */
export class ArtifactStore {
  readonly #artifacts: Artifact[] = [];
  #lastId = 0;

  constructor(private readonly folder: string) {}

  /** The artifacts of one run, in the order of their upload. */
  of(repository: string, runId: number): Artifact[] {
    return this.#artifacts.filter(
      (artifact) => artifact.runId === runId && artifact.repository.toLowerCase() === repository.toLowerCase(),
    );
  }

  /**
   * Stores copies of files. As on GitHub, executable bits are lost.
   *
   * @param overwrite replaces an artifact of this name in the same run
   * @throws Error when there is one and `overwrite` is false
   */
  async add(
    about: Pick<Artifact, 'name' | 'repository' | 'runId'>,
    files: ArtifactFile[],
    overwrite: boolean,
  ): Promise<Artifact> {
    const other = this.of(about.repository, about.runId).find(({ name }) => name === about.name);
    if (other !== undefined && !overwrite) {
      throw new Error(
        'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run',
      );
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const hash = createHash('sha256');
    const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    let size = 0;
    for (const { from, path } of sorted) {
      const to = join(this.#folderOf(id), path);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(from, to);
      await chmod(to, 0o644);
      hash.update(`${path}\0`);
      size += (await stat(to)).size;
      await hashFile(hash, to);
    }
    const artifact = { ...about, id, digest: hash.digest('hex'), size, files: sorted.map(({ path }) => path) };
    if (other !== undefined) {
      await this.#remove(other);
    }
    this.#artifacts.push(artifact);
    return artifact;
  }

  /** Copies an artifact's files into a folder. */
  async extract(artifact: Artifact, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const path of artifact.files) {
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join(this.#folderOf(artifact.id), path), to);
    }
  }

  async #remove(artifact: Artifact): Promise<void> {
    this.#artifacts.splice(this.#artifacts.indexOf(artifact), 1);
    await rm(this.#folderOf(artifact.id), { recursive: true, force: true });
  }

  #folderOf(id: number): string {
    return join(this.folder, String(id));
  }
}

async function hashFile(hash: Hash, path: string): Promise<void> {
  for await (const chunk of createReadStream(path)) {
    hash.update(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  }
}
