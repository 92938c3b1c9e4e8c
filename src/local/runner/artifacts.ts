/** Artifacts of runs, for other jobs and other runs, as `actions/upload-artifact` stores them. */
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packed } from '../github/http/archive.js';
import type { ArtifactRecord } from '../github/world/records.js';

export interface ArtifactFile {
  /** File to copy. */
  from: string;
  /** Path in the artifact, with `/`. */
  path: string;
}

/** What the local GitHub keeps of artifacts; their files are in the runner's folder. */
export interface ArtifactIndex {
  /** The artifacts of one run, in the order of their upload. */
  of(repository: string, runId: number): ArtifactRecord[];
  /** @param instead the artifact that goes */
  add(
    repository: string,
    artifact: Omit<ArtifactRecord, 'id' | 'createdAt' | 'key'>,
    instead: ArtifactRecord | undefined,
  ): ArtifactRecord;
}

/** Stores artifacts until the runner closes. */
export class ArtifactStore {
  #stored = 0;

  constructor(
    private readonly folder: string,
    private readonly index: ArtifactIndex,
  ) {}

  /** The artifacts of one run, in the order of their upload. */
  of(repository: string, runId: number): ArtifactRecord[] {
    return this.index.of(repository, runId);
  }

  /**
   * Stores copies of files. As on GitHub, executable bits are lost.
   *
   * @param overwrite replaces an artifact of this name in the same run
   * @throws Error when there is one and `overwrite` is false
   */
  async add(
    about: { name: string; repository: string; runId: number },
    files: ArtifactFile[],
    overwrite: boolean,
  ): Promise<ArtifactRecord> {
    const other = this.of(about.repository, about.runId).find(({ name }) => name === about.name);
    if (other !== undefined && !overwrite) {
      throw new Error(
        'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: an artifact with this name already exists on the workflow run',
      );
    }
    this.#stored += 1;
    const folder = join(this.folder, String(this.#stored));
    const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    let size = 0;
    for (const { from, path } of sorted) {
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(from, to);
      await chmod(to, 0o644);
      size += (await stat(to)).size;
    }
    const { repository, ...named } = about;
    const paths = sorted.map(({ path }) => path);
    const digest = createHash('sha256')
      .update(await packed(folder, paths))
      .digest('hex');
    const made = { ...named, digest, size, folder, files: paths };
    return this.index.add(repository, made, other);
  }

  /** Copies an artifact's files into a folder. */
  async extract(artifact: ArtifactRecord, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const path of artifact.files) {
      const to = join(folder, path);
      await mkdir(dirname(to), { recursive: true });
      await copyFile(join(artifact.folder, path), to);
    }
  }
}
