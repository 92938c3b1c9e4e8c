import { appendFile, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './run.js';

/** Where a repository's first content comes from. A folder that is a git work tree is taken with its history. */
export type Seed = { folder: string } | { files: Record<string, string> } | { git: string };

interface SeedFile {
  path: string;
  mode: string;
  content: Buffer;
}

/**
 * Makes a bare repository.
 *
 * @param defaultBranch without `refs/heads/`; a git seed brings its own
 * @param hooksDir folder of the hooks that guard pushes
 * @param now when the commit of files or a folder is made; a git seed brings its own times
 * @returns the default branch
 */
export async function createBareRepository(
  gitDir: string,
  seed: Seed | undefined,
  defaultBranch: string,
  hooksDir: string,
  now: Date,
): Promise<string> {
  await git(gitDir, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  await appendFile(
    join(gitDir, 'config'),
    [
      `[core]\n\thooksPath = ${hooksDir}`,
      '[http]\n\treceivepack = true',
      '[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true',
      '[receive]\n\tautogc = false',
      '[gc]\n\tauto = 0\n',
    ].join('\n'),
  );
  if (seed === undefined) {
    return defaultBranch;
  }
  const source = await gitSource(seed);
  if (source !== undefined) {
    return copyHistory(gitDir, source);
  }
  await importFiles(gitDir, await seedFiles(seed), defaultBranch, now);
  return defaultBranch;
}

async function gitSource(seed: Seed): Promise<string | undefined> {
  if ('git' in seed) {
    return seed.git;
  }
  const inside = 'folder' in seed && (await stat(join(seed.folder, '.git')).catch(() => undefined)) !== undefined;
  return inside ? seed.folder : undefined;
}

async function copyHistory(gitDir: string, source: string): Promise<string> {
  await git(gitDir, [
    '-c',
    'safe.directory=*',
    'fetch',
    '--quiet',
    '--no-write-fetch-head',
    '--update-shallow',
    source,
    '+refs/heads/*:refs/heads/*',
    '+refs/tags/*:refs/tags/*',
  ]);
  const { stdout } = await git(gitDir, ['-c', 'safe.directory=*', 'ls-remote', '--symref', source, 'HEAD']);
  const head = /^ref: refs\/heads\/(\S+)\tHEAD/m.exec(stdout.toString())?.[1] ?? 'main';
  await git(gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${head}`]);
  return head;
}

async function seedFiles(seed: Seed): Promise<SeedFile[]> {
  if ('folder' in seed) {
    return readFolder(seed.folder);
  }
  const files = 'files' in seed ? seed.files : {};
  return Object.entries(files).map(([path, text]) => ({ path, mode: '100644', content: Buffer.from(text) }));
}

async function readFolder(folder: string, prefix = ''): Promise<SeedFile[]> {
  const files: SeedFile[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    const full = join(folder, path);
    if (entry.isDirectory()) {
      files.push(...(entry.name === '.git' ? [] : await readFolder(folder, path)));
    } else if (entry.isSymbolicLink()) {
      files.push({ path, mode: '120000', content: Buffer.from(await readlink(full)) });
    } else if (entry.isFile()) {
      const executable = ((await stat(full)).mode & 0o100) !== 0;
      files.push({ path, mode: executable ? '100755' : '100644', content: await readFile(full) });
    }
  }
  return files;
}

async function importFiles(gitDir: string, files: SeedFile[], branch: string, now: Date): Promise<void> {
  const seconds = Math.floor(now.getTime() / 1000);
  const message = 'Initial commit';
  const stream: Buffer[] = [
    Buffer.from(
      `commit refs/heads/${branch}\ncommitter Stage <stage@localhost> ${seconds} +0000\n` +
        `data ${message.length}\n${message}\n`,
    ),
  ];
  for (const { path, mode, content } of files) {
    stream.push(Buffer.from(`M ${mode} inline ${JSON.stringify(path)}\ndata ${content.length}\n`), content, newline);
  }
  await git(gitDir, ['fast-import', '--quiet'], { input: Buffer.concat(stream) });
}

const newline = Buffer.from('\n');
