import type { TestCase } from '../../src/app-tests/junit/report.js';
import type { RepositoryTree, TreeEntry } from '../../src/apps/tree.js';

/** Files of a repository, by path. */
export function tree(files: Record<string, string>): RepositoryTree {
  return {
    read: async (path) => files[path],
    async list(folder) {
      const prefix = folder === '.' ? '' : `${folder}/`;
      const entries = new Map<string, TreeEntry>();
      for (const path of Object.keys(files).filter((candidate) => candidate.startsWith(prefix))) {
        const [name = '', ...rest] = path.slice(prefix.length).split('/');
        entries.set(name, { name, kind: rest.length > 0 ? 'folder' : 'file' });
      }
      return entries.size === 0 ? undefined : [...entries.values()];
    },
  };
}

/** A test as a report has it. */
export function testCase(name: string, more: Partial<TestCase> = {}): TestCase {
  return {
    name,
    suite: '',
    file: undefined,
    line: undefined,
    outcome: 'passed',
    retried: false,
    durationMs: 0,
    failure: undefined,
    ...more,
  };
}
