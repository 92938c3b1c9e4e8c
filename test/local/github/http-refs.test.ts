import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { formatTag } from '../../../src/local/github/git/commit.js';
import { git } from '../../../src/local/github/git/run.js';
import { type Created, createBareRepository } from '../../../src/local/github/git/seed.js';
import { listRefs } from '../../../src/local/github/http/upload-pack.js';

let folder: string;
const made: Record<string, Created> = {};

/** One repository with branches, tags of tags and a pull request, and an empty one. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-http-refs-'));
  const base = { defaultBranch: 'trunk', hooksDir: '/hooks', now: new Date(0) };
  made.empty = await createBareRepository(join(folder, 'empty'), { ...base, seed: undefined });
  const full = await createBareRepository(join(folder, 'full'), { ...base, seed: { files: { a: 'a\n' } } });
  made.full = full;
  const commit = (await full.refs.get('refs/heads/trunk')) ?? '';
  const tagger = { name: 'Ada', email: 'ada@acme.dev', date: new Date(0), offset: 0 };
  const tag = (object: string, type: string) =>
    full.objects.write('tag', formatTag({ object, type, tag: 'v1', tagger, message: 'v1\n' }));
  await full.refs.update([
    { name: 'refs/heads/ostack/staging/api', to: commit },
    { name: 'refs/pull/1/head', to: commit },
    { name: 'refs/tags/light', to: commit },
    { name: 'refs/tags/v1', to: await tag(await tag(commit, 'commit'), 'tag') },
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const packet = (line: string) => `${(line.length + 4).toString(16).padStart(4, '0')}${line}`;
const request = (command: string, ...wishes: string[]) =>
  Buffer.from(`${packet(`command=${command}\n`)}${packet('object-format=sha1')}0001${wishes.map(packet).join('')}0000`);

const USUAL = ['peel\n', 'symrefs\n'];
test.each([
  [
    'a clone',
    'full',
    [...USUAL, 'unborn\n', 'ref-prefix HEAD\n', 'ref-prefix refs/heads/\n', 'ref-prefix refs/tags/\n'],
  ],
  ['ls-remote', 'full', USUAL],
  ['ls-remote --tags', 'full', [...USUAL, 'ref-prefix refs/tags/\n']],
  ['a fetch of one branch', 'full', [...USUAL, 'ref-prefix ostack/x\n', 'ref-prefix refs/heads/ostack/staging/api\n']],
  ['nothing but names', 'full', []],
  ['a clone of nothing', 'empty', [...USUAL, 'unborn\n', 'ref-prefix HEAD\n', 'ref-prefix refs/heads/\n']],
  ['an older client and nothing', 'empty', USUAL],
])('refs are listed to the byte as by git itself: %s', async (_name, which, wishes) => {
  const { [which]: repository } = made;
  const body = request('ls-refs', ...wishes);
  const input = { env: { GIT_PROTOCOL: 'version=2' }, input: body };
  const dir = repository?.objects.gitDir ?? '';
  const { stdout } = await git(dir, ['upload-pack', '--stateless-rpc', dir], input);
  expect(repository && (await listRefs(repository, body))?.toString()).toBe(stdout.toString());
});

test.each([
  ['another command', request('fetch', 'done\n')],
  ['a wish of a later git', request('ls-refs', 'peel\n', 'lightning\n')],
  ['no request at all', Buffer.from('0000')],
])('what is not known is left to git: %s', async (_name, body) => {
  expect(made.full && (await listRefs(made.full, body))).toBeUndefined();
});
