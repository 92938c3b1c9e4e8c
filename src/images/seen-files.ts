import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { access, lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import type { Git } from '../git/git.js';
import { type CommittedFiles, readCommitted } from './committed-files.js';
import { keepsOut } from './ignored-git.js';

/** The files of an image, relative to the repository's root. */
export interface BuildFiles {
  context: string;
  /** Dockerfile. */
  file: string;
  /** Further paths that the image is made of. */
  shared: readonly string[];
}

/** What a build sees of its files. */
export interface SeenFiles {
  /** A digest by path: of names, kinds, executable bits, contents and the targets of links, as they are on the disk. */
  digests: Record<string, string>;
  /** Whether it sees git's own folder, where everything about a commit can be read. */
  seesGit: boolean;
  /** What is not there as the commit means it: a module or a file of Git LFS that was not checked out. */
  absent: string[];
}

/** Why files do not identify what would be built, a sentence without its full stop. */
export interface NotSeen {
  reason: string;
}

/** How a pointer of Git LFS begins. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const POINTER = 'version https://git-lfs.github.com/spec/';

/** Larger files are read in pieces. */
const LARGE_BYTES = 4 * 1024 * 1024;

/** Files that may say what of a context is left out: BuildKit's, and those that buildah reads too. */
const IGNORE_FILES = ['.dockerignore', '.containerignore'];

/** Reads what builds see of one checkout, each file once. */
export interface SeenFilesReader {
  /**
   * Reads what a build sees of its files. What the disk has counts, not what git would have: filters, line ends, sparse
   * checkouts and modules make the two differ.
   *
   * @returns a reason when they are not those of a commit: changed, new or ignored files (an earlier step may have made
   *   them, and a build may use them), or links to elsewhere
   */
  read(files: BuildFiles): Promise<SeenFiles | NotSeen>;
}

/** Opens the files of a checkout. Nothing is read yet. @param root its folder, absolute */
export function openSeenFiles(git: Git, root: string): SeenFilesReader {
  const known: Known = { repositories: new Map(), contents: new Map(), walked: new Map() };
  return { read: (files) => readSeenFiles({ git, root: root, known }, files) };
}

/** What was read for other images of the same checkout, by real path. */
interface Known {
  /** The checkout and its modules. */
  repositories: Map<string, Promise<CommittedFiles>>;
  contents: Map<string, Promise<FileContent>>;
  /** By path as it was asked for, and whether it is a context. */
  walked: Map<string, Promise<Walked>>;
}

/** What one path has in it. */
interface Walked {
  digest: string;
  /** Every `.git` in a context, relative to it. */
  gits: readonly string[];
  absent: ReadonlySet<string>;
}

async function readSeenFiles(
  { git, root, known }: { git: Git; root: string; known: Known },
  { context, file, shared }: BuildFiles,
): Promise<SeenFiles | NotSeen> {
  const ignoreFiles = await existing(root, [
    ...IGNORE_FILES.map((name) => `${file}${name}`),
    ...IGNORE_FILES.map((name) => posix.join(context, name)),
  ]);
  const top = await realpath(root);
  const found = new Map<string, Walked>();
  try {
    for (const path of new Set([context, file, ...ignoreFiles, ...shared])) {
      const key = JSON.stringify([path, path === context]);
      const walked =
        known.walked.get(key) ??
        walkThrough({ git, root: top, known, gits: [], absent: new Set() }, path, path === context);
      known.walked.set(key, walked);
      found.set(path, await walked);
    }
  } catch (error) {
    if (error instanceof Differs) {
      return { reason: error.message };
    }
    throw error;
  }
  const texts = await Promise.all(ignoreFiles.map((name) => readFile(join(root, name), 'utf8')));
  const isKeptOut = (path: string) => texts.length > 0 && texts.every((text) => keepsOut(text, path));
  return {
    digests: Object.fromEntries([...found].map(([path, { digest }]) => [path, digest])),
    seesGit: found.get(context)?.gits.some((path) => !isKeptOut(path)) === true,
    absent: [...new Set([...found.values()].flatMap(({ absent }) => [...absent]))].sort(),
  };
}

/** Files are not those of a commit. */
class Differs extends Error {}

/** State of a walk through one path. */
interface Walk {
  git: Git;
  /** Real path of the checkout. */
  root: string;
  known: Known;
  /** Every `.git` in the context, relative to it. */
  gits: string[];
  absent: Set<string>;
}

/** Where a walk is. */
interface Place {
  /** Real path. */
  full: string;
  /** The repository that has it, real path. */
  repository: string;
  /** Relative to the path that is digested, `''` for itself. */
  inner: string;
  /** Whether links and `.git` matter, as in a context. */
  inContext: boolean;
}

async function walkThrough(walk: Walk, path: string, inContext: boolean): Promise<Walked> {
  const full = await realpath(join(walk.root, path)).catch(() => {
    throw new Differs(`${path} is not there`);
  });
  const way = relative(walk.root, full);
  if (way === '..' || way.startsWith(`..${sep}`)) {
    throw new Differs(`${path} is a link to ${full}, outside of the repository`);
  }
  const repositories = await repositoriesAround(walk, full);
  for (const repository of repositories) {
    await expectCommitted(walk, repository, full);
  }
  const repository = repositories[0] ?? walk.root;
  if (!(await committedOf(walk, repository)).has(relative(repository, full))) {
    throw new Differs(`git does not have ${path}`);
  }
  const lines: string[] = [`at ${way}`];
  await visit(walk, { full, repository, inner: '', inContext }, lines);
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
  return { digest, gits: walk.gits, absent: walk.absent };
}

/** The repositories around a path, the innermost first: modules, and the checkout itself. */
async function repositoriesAround({ root }: Walk, full: string): Promise<string[]> {
  const found: string[] = [];
  for (let at = full; at.startsWith(`${root}${sep}`); at = join(at, '..')) {
    found.push(...((await exists(join(at, '.git'))) ? [at] : []));
  }
  return [...found, root];
}

/** @throws Differs when the path in that repository, or something in it, is not as it is in the commit */
async function expectCommitted(walk: Walk, repository: string, full: string): Promise<void> {
  const changed = (await committedOf(walk, repository)).changed(relative(repository, full));
  if (changed !== undefined) {
    throw new Differs(`${posix.join(relative(walk.root, repository), changed)} is not as it is in the commit`);
  }
}

function committedOf({ git, known: { repositories } }: Walk, repository: string): Promise<CommittedFiles> {
  const known = repositories.get(repository) ?? readCommitted(git, repository);
  repositories.set(repository, known);
  return known;
}

async function visit(walk: Walk, place: Place, lines: string[]): Promise<void> {
  const { full, repository, inner } = place;
  const committed = await committedOf(walk, repository);
  const own = relative(repository, full);
  const found = await lstat(full);
  const name = JSON.stringify(inner);
  if (found.isSymbolicLink()) {
    const target = await readlink(full);
    if (place.inContext && leaves(inner, target)) {
      throw new Differs(`${relative(walk.root, full)} is a link that leads out of the context, to ${target}`);
    }
    lines.push(`link ${name} ${JSON.stringify(target)}`);
  } else if (found.isFile()) {
    const executable = (found.mode & 0o100) !== 0 || committed.isExecutable(own);
    const { digest, isPointer } = await contentOf(walk, full, found.size);
    if (isPointer) {
      walk.absent.add(`the content of ${relative(walk.root, full)}, which Git LFS keeps`);
    }
    lines.push(`${executable ? 'program' : 'file'} ${name} ${digest}`);
  } else if (found.isDirectory()) {
    await visitFolder(walk, place, lines);
  } else {
    throw new Differs(`${relative(walk.root, full)} is no file, folder or link`);
  }
}

async function visitFolder(walk: Walk, place: Place, lines: string[]): Promise<void> {
  const { full, inner } = place;
  lines.push(`folder ${JSON.stringify(inner)}`);
  const entries = (await readdir(full, { withFileTypes: true })).sort(byName);
  const isModule = inner !== '' && entries.some(({ name }) => name === '.git');
  if (isModule) {
    await expectCommitted(walk, full, full);
  }
  if (entries.length === 0 && (await committedOf(walk, place.repository)).isModule(relative(place.repository, full))) {
    walk.absent.add(`the module ${relative(walk.root, full)}`);
  }
  for (const { name } of entries) {
    const path = inner === '' ? name : `${inner}/${name}`;
    if (name === '.git') {
      walk.gits.push(...(place.inContext ? [path] : []));
    } else {
      const repository = isModule ? full : place.repository;
      await visit(walk, { ...place, full: join(full, name), repository, inner: path }, lines);
    }
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

/** Whether a relative link leads out of the folder that the walk began in. An absolute one is meant for the image. */
function leaves(inner: string, target: string): boolean {
  const end = posix.normalize(posix.join(posix.dirname(inner), target));
  return !posix.isAbsolute(target) && (end === '..' || end.startsWith('../'));
}

interface FileContent {
  digest: string;
  /** Whether it only points to content that Git LFS keeps. */
  isPointer: boolean;
}

function contentOf({ known: { contents } }: Walk, path: string, size: number): Promise<FileContent> {
  const content = contents.get(path) ?? readContent(path, size);
  contents.set(path, content);
  return content;
}

async function readContent(path: string, size: number): Promise<FileContent> {
  const hash = createHash('sha256');
  if (size <= LARGE_BYTES) {
    const content = await readFile(path);
    const isPointer = content.length < 1024 && content.toString('latin1', 0, POINTER.length) === POINTER;
    return { digest: hash.update(content).digest('hex'), isPointer };
  }
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
  }
  return { digest: hash.digest('hex'), isPointer: false };
}

async function existing(root: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => ((await exists(join(root, path))) ? [path] : [])));
  return [...new Set(found.flat())];
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
