/**
 * Plays the releases of a repository again: what this project would have released at each of its tags, beside what was.
 * Prints the releases that differ, and how many are the same.
 *
 *     npm run replay -- <git directory or GitHub address> [--tag-format 'v{version}'] [--path .] [--shared a,b]
 *                       [--after 0.0.0] [--before-1.0 minor] [--ignored-types docs,test,ci,style] [--show 20]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openGit } from '../src/git/git.js';
import { TagFormat } from '../src/release/tags.js';
import { replay } from './replay/replay.js';
import { reportReplay } from './replay/report.js';

const ADDRESS = /^(?:https:\/\/github\.com\/)?([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'tag-format': { type: 'string', default: 'v{version}' },
    path: { type: 'string', default: '.' },
    shared: { type: 'string', default: '' },
    after: { type: 'string', default: '0.0.0' },
    'before-1.0': { type: 'string', default: 'minor' },
    'ignored-types': { type: 'string', default: 'docs,test,ci,style' },
    show: { type: 'string', default: '20' },
  },
});

async function main(source: string): Promise<void> {
  await using repository = await placeOf(source);
  const rows = await replay({
    folder: repository.folder,
    app: {
      name: basename(source).replace(/\.git$/, ''),
      path: values.path,
      shared: list(values.shared),
      test: undefined,
      images: [],
    },
    rules: {
      format: new TagFormat(values['tag-format'], true),
      firstVersion: '0.1.0',
      prerelease: undefined,
      defaultLevel: 'patch',
      ignoredTypes: list(values['ignored-types']),
      beforeOne: values['before-1.0'] === 'patch' ? 'patch' : 'minor',
    },
    after: values.after,
  });
  console.log(reportReplay(rows, Number(values.show)));
}

function list(text: string): string[] {
  return text.split(',').filter((part) => part !== '');
}

/** The folder of a clone: one that is here, or one made of what GitHub has, gone at the end of the block. */
async function placeOf(source: string): Promise<AsyncDisposable & { folder: string }> {
  const here = openGit({ cwd: '.', serverUrl: 'https://github.com', repository: ADDRESS.exec(source)?.[1] ?? '' });
  if ((await here.run(['-C', source, 'rev-parse', '--git-dir'])).ok) {
    return { folder: source, [Symbol.asyncDispose]: async () => {} };
  }
  if (!ADDRESS.test(source)) {
    throw new Error(`"${source}" is no git directory and no address of GitHub, expected owner/name or a folder.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'ostack-replay-'));
  await here.read(['clone', '--quiet', '--bare', here.url, join(folder, 'repository.git')]);
  return {
    folder: join(folder, 'repository.git'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const [source] = positionals;
if (source === undefined) {
  console.error("Say which: npm run replay -- <git directory or GitHub address> [--tag-format 'v{version}'] …");
  process.exitCode = 2;
} else {
  await main(source);
}
