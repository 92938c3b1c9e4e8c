import type { RepositoryTree, TreeEntry } from '../apps/tree.js';

/** Names that pytest collects, and its own configuration. @see https://docs.pytest.org/en/stable/explanation/goodpractices.html#test-discovery */
const TESTS = /^(?:test_.*|.*_test|conftest)\.py$|^\.?pytest\.ini$/;
const FOLDERS = /^tests?$/;

/**
 * Whether pytest has something to run in a folder. A `pyproject.toml` alone does not say so: many hold the settings of other
 * tools, and pytest fails where it is not installed or finds nothing.
 */
export async function hasPytest(
  tree: RepositoryTree,
  { path, entries }: { path: string; entries: readonly TreeEntry[] },
): Promise<boolean> {
  const at = (name: string) => (path === '.' ? name : `${path}/${name}`);
  const shows = entries.some(({ name, kind }) => (kind === 'folder' ? FOLDERS.test(name) : TESTS.test(name)));
  return shows || ((await tree.read(at('pyproject.toml'))) ?? '').includes('pytest');
}
