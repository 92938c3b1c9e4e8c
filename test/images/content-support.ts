/** Checkouts whose content is identified, for tables of what makes two contents differ. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { openGit } from '../../src/git/git.js';
import { type FoundContent, findContent } from '../../src/images/content.js';
import type { BuildSettings, PlannedImage } from '../../src/images/plan.js';
import { openSeenFiles } from '../../src/images/seen-files.js';
import { buildSettings } from '../support/build-settings.js';
import { type GitRepository, gitRepositoryAt, openGitRepository } from '../support/git-repository.js';

export const WEB: PlannedImage = {
  app: 'web',
  image: 'web',
  repository: 'ghcr.io/acme/web',
  version: '1.0.0',
  tags: ['1.0.0'],
  context: 'apps/web',
  file: 'apps/web/Dockerfile',
  shared: ['packages/ui'],
};

export const FILES = {
  'apps/web/Dockerfile': 'FROM node:24\nCOPY . /\n',
  'apps/web/main.js': 'console.log(1)\n',
  'apps/web/lib/a.txt': 'a\n',
  'apps/other/x': 'x\n',
  'packages/ui/button': 'button\n',
  '.gitignore': '*.log\n',
};

let template: Promise<GitRepository> | undefined;

/** A checkout of `FILES` and more. It is copied: `git init` and a commit take longer. */
export async function repositoryOf(files: Record<string, string> = {}): Promise<GitRepository> {
  template ??= openGitRepository(FILES);
  const { root: from } = await template;
  const root = await mkdtemp(join(folder, 'copy-'));
  await cp(from, root, { recursive: true });
  const repository = gitRepositoryAt(root);
  if (Object.keys(files).length > 0) {
    await repository.commit(files);
  }
  return repository;
}

const folder = await mkdtemp(join(tmpdir(), 'ostack-content-'));
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await (await template)?.[Symbol.asyncDispose]();
});

export interface Options {
  image?: Partial<PlannedImage>;
  settings?: Partial<BuildSettings>;
  engine?: 'buildx' | 'buildah';
  digests?: Record<string, string>;
  /** Why no digest is known. */
  problem?: string;
}

export async function contentOf({ root }: GitRepository, options: Options = {}): Promise<FoundContent> {
  const git = openGit({ cwd: root, serverUrl: 'http://127.0.0.1:1', repository: 'acme/apps', token: '' });
  const revision = (await git.read(['rev-parse', 'HEAD'])).trim();
  const settings = buildSettings(root, { revision, ...options.settings });
  const engine = {
    name: options.engine ?? 'buildx',
    baseDigest: async (name: string) => {
      if (options.problem !== undefined) {
        throw new Error(options.problem);
      }
      return `sha256:${(options.digests?.[name] ?? 'a').repeat(64)}`;
    },
  };
  return findContent({ ...WEB, ...options.image }, settings, { files: openSeenFiles(git, root), engine });
}

export async function tagOf(repository: GitRepository, options: Options = {}): Promise<string> {
  const found = await contentOf(repository, options);
  return 'tag' in found ? found.tag : `no tag: ${found.reason}`;
}

export type Change = (repository: GitRepository) => Promise<unknown>;

export const commit =
  (files: Record<string, string>): Change =>
  (repository) =>
    repository.commit(files);

/** A module in the context, with one file. */
export async function addModule(repository: GitRepository, text = 'module\n', path = 'apps/web/vendor'): Promise<void> {
  const module = await repositoryOf({ 'x.txt': text, '.gitignore': '*.log\n' });
  await repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '--force', module.root, path);
  await repository.commit({});
}

/** Files that git changes on their way to the disk, by a filter that the repository's own settings name. */
export async function withFilter(repository: GitRepository, command: string): Promise<void> {
  await repository.git('config', 'filter.big.clean', 'echo pointer');
  await repository.commit({ '.gitattributes': '*.bin filter=big\n', 'apps/web/model.bin': 'pointer\n' });
  await smudge(repository, command);
}

/** Sets the filter's way to the disk, and lets git write the files anew. */
export async function smudge(repository: GitRepository, command: string): Promise<void> {
  await repository.git('config', 'filter.big.smudge', command);
  await rm(join(repository.root, 'apps/web/model.bin'));
  await repository.git('checkout', '--', 'apps/web/model.bin');
}
