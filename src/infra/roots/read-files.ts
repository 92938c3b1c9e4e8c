import type { Git } from '../../git/git.js';
import { readBlobs } from '../../git/read-blobs.js';
import { type InfraFiles, isConfiguration } from './module-tree.js';
import { resolvedLinks } from './resolved-links.js';

interface Entry {
  /** `160000` is a submodule. */
  mode: string;
  id: string;
  path: string;
}

/**
 * Reads of a commit what roots are told by: its paths, its links, and files of the language. Two commands of git, whatever the
 * size of the repository.
 *
 * @param more paths of files that are read too
 * @throws Error with git's words where the commit is not there
 */
export async function readInfraFiles(git: Git, commit: string, more: readonly string[] = []): Promise<InfraFiles> {
  const listing = await git.read(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const entries = listing.split('\0').flatMap((line): Entry[] => {
    const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return mode === undefined || id === undefined || path === undefined ? [] : [{ mode, id, path }];
  });
  const symbolic = entries.filter(({ mode }) => mode === '120000');
  const targets = await readTexts(
    git,
    symbolic.map(({ id }) => id),
  );
  const links = resolvedLinks(new Map(symbolic.map(({ path, id }) => [path, targets.get(id) ?? ''])));
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const wanted = entries.flatMap(({ path }) => {
    const file = byPath.get(links.get(path) ?? path);
    return (isConfiguration(path) || more.includes(path)) && file?.mode.startsWith('100') === true
      ? [{ path, id: file.id }]
      : [];
  });
  const texts = await readTexts(
    git,
    wanted.map(({ id }) => id),
  );
  return {
    ...{ paths: [...byPath.keys()], links },
    texts: new Map(wanted.map(({ path, id }) => [path, texts.get(id) ?? ''])),
  };
}

/** Texts of blobs by their ids, in one command; those that the repository does not have are not among them. */
async function readTexts(git: Git, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  const contents = wanted.length === 0 ? [] : await readBlobs(git, wanted);
  return new Map(
    contents.flatMap((content, index) =>
      content instanceof Error ? [] : [[wanted[index] ?? '', content.toString('utf8')]],
    ),
  );
}

/** The text of a file at a commit; `undefined` where there is none. */
export async function readTextAt(git: Git, commit: string, path: string): Promise<string | undefined> {
  const found = await git.run(['cat-file', 'blob', `${commit}:${path}`]);
  return found.ok ? found.stdout : undefined;
}
