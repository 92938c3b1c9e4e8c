import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mutation, mutated } from './mutation.js';

/** What the tests of the source read. */
const PARTS = ['src', 'test', 'scripts', 'jest.config.js', 'package.json', 'tsconfig.json'];

/** A copy of the project as it lies on disk, to break one rule at a time in. */
export class WorkFolder {
  constructor(readonly folder: string) {}

  /** Makes it, with the packages of the project. */
  static async make(root: string, folder: string): Promise<WorkFolder> {
    await mkdir(folder, { recursive: true });
    for (const part of PARTS) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new WorkFolder(folder);
  }

  /** Does something while a rule is broken. */
  async during<T>(mutation: Mutation, body: () => Promise<T>): Promise<T> {
    const file = join(this.folder, mutation.file);
    const text = await readFile(file, 'utf8');
    await writeFile(file, mutated(text, mutation));
    try {
      return await body();
    } finally {
      await writeFile(file, text);
    }
  }
}
