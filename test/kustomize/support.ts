import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { Change } from '../../src/ops/tree/change.js';

const run = promisify(execFile);

/** A copy of an ops repository on disk that goes when the test does. */
export class WorkCopy implements AsyncDisposable {
  private constructor(readonly root: string) {}

  static async of(folder: string | undefined): Promise<WorkCopy> {
    const root = await mkdtemp(join(tmpdir(), 'ostack-kustomize-'));
    if (folder !== undefined) {
      await cp(folder, root, { recursive: true });
    }
    return new WorkCopy(root);
  }

  async write(files: Iterable<readonly [string, string]>): Promise<void> {
    for (const [path, text] of files) {
      await mkdir(dirname(join(this.root, path)), { recursive: true });
      await writeFile(join(this.root, path), text);
    }
  }

  async apply({ files, deletions = [] }: Change): Promise<void> {
    await this.write(files);
    await Promise.all(deletions.map((path) => rm(join(this.root, path))));
  }

  /** The objects that a folder comes to. */
  async build(folder: string, ...options: string[]): Promise<Record<string, unknown>[]> {
    const output = await kustomize(join(this.root, folder), options);
    return parseAllDocuments(output).map((document) => document.toJS());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** `kustomize build`, or that of `kubectl` where there is no kustomize. */
async function kustomize(folder: string, options: readonly string[]): Promise<string> {
  const hasKustomize = await run('kustomize', ['version']).then(
    () => true,
    () => false,
  );
  const [command, verb] = hasKustomize ? ['kustomize', 'build'] : ['kubectl', 'kustomize'];
  return (await run(command, [verb, ...options, folder])).stdout;
}
