import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { startScenario } from './support/scenario.js';

test('more than a hundred tags, commits and apps are all seen', async () => {
  const apps = Array.from({ length: 110 }, (_none, number) => `app-${number}`);
  await using shop = await startScenario(Object.fromEntries(apps.map((app) => [`apps/${app}/a`, '1'])));
  const { gitDir } = shop.repository;
  const git = async (args: string[], input: string) => {
    const running = promisify(execFile)('git', args, { cwd: gitDir });
    running.child.stdin?.end(input);
    await running;
  };
  const first = (await shop.repository.log('main'))[0]?.sha ?? '';
  const versions = Array.from({ length: 12 }, (_none, minor) => `1.${minor}.0`);
  const tags = apps.flatMap((app) => versions.map((version) => `create refs/tags/${app}-v${version} ${first}\n`));
  await git(['update-ref', '--stdin'], tags.join(''));
  const commits = Array.from({ length: 130 }, (_none, number) => {
    const [message, content] = [`fix: number ${number}`, String(number)];
    return (
      `commit refs/heads/main\nmark :${number + 1}\ncommitter Ada <ada@acme.dev> ${1_700_000_000 + number} +0000\n` +
      `data ${message.length}\n${message}\n${number === 0 ? `from ${first}\n` : ''}` +
      `M 644 inline apps/app-7/a\ndata ${content.length}\n${content}\n`
    );
  });
  await git(['fast-import', '--quiet'], commits.join(''));

  const [release, ...others] = await shop.release();
  expect(others).toEqual([]);
  expect(release).toMatchObject({ tag: 'app-7-v1.11.1', previous: 'app-7-v1.11.0' });
  expect(release?.notes.split('\n').filter((line) => line.startsWith('- number '))).toHaveLength(130);
  expect(shop.requests().map((request) => request.replace(/ \{.*/, ''))).toEqual([
    'POST ReleasePages 200',
    'POST ReleasePages 200',
    'POST ReleaseCommits 200',
    'POST ReleaseCommits 200',
    'POST /git/tags 201',
    'POST /git/refs 201',
    'POST /releases 201',
  ]);
});
