import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { App } from '../../src/apps/app.js';
import { isTagName, TagFormat, tagsByApp } from '../../src/release/tags.js';

const app = (name: string): App => ({ name, path: `apps/${name}`, shared: [], test: undefined, images: [] });

describe('formats that tell apps apart', () => {
  test.each([
    ['{app}-v{version}', ['web', 'web-v2', 'web-1.0']],
    ['{app}@{version}', ['web', 'web1', 'my-web']],
    ['{version}/{app}', ['web', 'my-web']],
    ['v{version}', ['web']],
  ])('%s for %j', (format, apps) => {
    expect(() => new TagFormat(format, apps.length === 1).checkApps(apps)).not.toThrow();
  });

  test.each([
    ['{app}{version}', ['web'], 'the tag "web10.20.30" of web 10.20.30 would be read as web1 0.20.30.'],
    ['{version}-{app}', ['my-web'], 'the tag "0.1.0-my-web" of my-web 0.1.0 would be read as web 0.1.0-my.'],
  ])('%s mixes up %j', (format, apps, message) => {
    expect(() => new TagFormat(format, false).checkApps(apps)).toThrow(`Input "tag-format" is "${format}": ${message}`);
  });
});

describe('tag names', () => {
  test.each([
    ['the convention of a monorepo', undefined, false, 'web-v1.2.3'],
    ['the convention of a single app', undefined, true, 'v1.2.3'],
    ['a format of its own', 'release/{app}/{version}', false, 'release/web/1.2.3'],
    ['the version first', '{version}+{app}', false, '1.2.3+web'],
  ])('%s', (_name, format, single, expected) => {
    expect(new TagFormat(format, single).name('web', '1.2.3')).toBe(expected);
  });

  test.each([
    ['{app}', false, 'Input "tag-format" is "{app}": expected {version} in it once, for example v{version}.'],
    [
      'v{version}',
      false,
      'Input "tag-format" is "v{version}": expected {app} in it once, because the repository has several apps, for example {app}-v{version}.',
    ],
    [
      '{apps}-{version}',
      false,
      'Input "tag-format" is "{apps}-{version}": it has {apps}, expected {app} and {version}. Did you mean "app"?',
    ],
    ['{version} {app}', false, 'Input "tag-format" is "{version} {app}": "1.0.0 app" would be no valid git tag name.'],
    ['-{version}', true, 'Input "tag-format" is "-{version}": "-1.0.0" would be no valid git tag name.'],
    [
      '{version}{version}',
      true,
      'Input "tag-format" is "{version}{version}": expected {version} in it once, for example v{version}.',
    ],
  ])('%s is refused', (format, single, message) => {
    expect(() => new TagFormat(format, single)).toThrow(message);
  });

  test.each([
    ['web-v1.2.3', { app: 'web', version: '1.2.3' }],
    ['web-v1.2.3-rc.1', { app: 'web', version: '1.2.3-rc.1' }],
    ['web-v2-v1.0.0', { app: 'web-v2', version: '1.0.0' }],
    ['web-v1', undefined],
    ['v1.2.3', undefined],
    ['web-v01.2.3', undefined],
    ['web-v1.2.3.4', undefined],
    ['web-v1.2.3-', undefined],
    ['xweb-v1.2.3\n', undefined],
    ['web-v1.0.0-99999999999999999999', { app: 'web', version: '1.0.0-99999999999999999999' }],
    ['web-v1.0.0+build.7', { app: 'web', version: '1.0.0' }],
    ['web-v1.0.0-v2.0.0', { app: 'web-v1.0.0', version: '2.0.0' }],
    ['web-v999999999.0.0', { app: 'web', version: '999999999.0.0' }],
    ['web-v1000000000.0.0', undefined],
    ['web-v1.9007199254740991.0', undefined],
    ['web-v1.0.99999999999999999999', undefined],
    [`web-v1.0.0-${'a'.repeat(300)}`, undefined],
    ['web-v1.0.0-01', undefined],
    ['web-v1.0.0-a..b', undefined],
    ['web-v１.0.0', undefined],
  ])('%j is read as %j', (tag, expected) => {
    expect(new TagFormat(undefined, false).parse(tag)).toEqual(expected);
  });

  test('what is written is read back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
    const version = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));
    const format = fc.constantFrom('{app}-v{version}', '{app}@{version}', 'r/{app}/{version}', '{version}_{app}');
    fc.assert(
      fc.property(format, name, version, (text, appName, number) => {
        const tags = new TagFormat(text, false);
        expect(tags.parse(tags.name(appName, number))).toEqual({ app: appName, version: number });
      }),
    );
  });

  test('of a format that is not refused are read back for every app and version', () => {
    const name = fc.stringMatching(/^[a-c1](?:[a-c1v.-]{0,4}[a-c1])?$/).filter((one) => !one.includes('..'));
    const sign = fc.constantFrom('', '-', '.', '@', '/', '_', '-v', 'v', '+', '1');
    const format = fc
      .tuple(fc.boolean(), sign)
      .map(([first, one]) => (first ? `{app}${one}{version}` : `{version}${one}{app}`));
    const number = fc.nat(120);
    const version = fc
      .tuple(number, number, number, fc.option(fc.tuple(fc.constantFrom('rc', 'v2', 'a-b'), number)))
      .map(([a, b, c, rc]) => `${a}.${b}.${c}${rc === null ? '' : `-${rc.join('.')}`}`);
    fc.assert(
      fc.property(format, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), version, (text, apps, release) => {
        const tags = new TagFormat(text, false);
        try {
          tags.checkApps(apps);
        } catch {
          return;
        }
        for (const one of apps) {
          expect(tags.parse(tags.name(one, release))).toEqual({ app: one, version: release });
        }
      }),
      { numRuns: Number(process.env.FORMATS ?? 300) },
    );
  });

  test.each([
    'a b',
    'a..b',
    'a~',
    'a^',
    'a:',
    'a?',
    'a*',
    'a[',
    'a\\',
    '/a',
    'a/',
    'a//b',
    'a.',
    '.a',
    'a/.b',
    'a.lock',
    '@',
    'a@{b',
    '',
    'a\tb',
    '-a',
  ])('git would refuse %j', (name) => {
    expect(isTagName(name)).toBe(false);
  });
});

test('tags go to their apps, highest version first, and other tags to nobody', () => {
  const tag = (name: string) => ({ name, commit: 'c' });
  const names = ['web-v1.9.0', 'web-v1.10.0', 'web-v1.10.0-rc.1', 'api-v0.1.0', 'v1', 'gone-v1.0.0', 'web-v1'];
  const byApp = tagsByApp(names.map(tag), {
    format: new TagFormat(undefined, false),
    apps: [app('web'), app('api'), app('new')],
  });
  expect(Object.fromEntries([...byApp].map(([key, list]) => [key, list.map(({ version }) => version)]))).toEqual({
    web: ['1.10.0', '1.10.0-rc.1', '1.9.0'],
    api: ['0.1.0'],
    new: [],
  });
});

test('of apps whose names begin with each other, each has its own tags', () => {
  const names = ['web-v1.0.0', 'web-v1-v2.0.0', 'web-v1-v1.0.0-rc.1', 'web-admin-v3.0.0', 'web-v1.0.0-v2.1'];
  const byApp = tagsByApp(
    names.map((name) => ({ name, commit: 'c' })),
    { format: new TagFormat(undefined, false), apps: [app('web'), app('web-v1'), app('web-admin')] },
  );
  expect(Object.fromEntries([...byApp].map(([key, list]) => [key, list.map(({ version }) => version)]))).toEqual({
    web: ['1.0.0', '1.0.0-v2.1'],
    'web-v1': ['2.0.0', '1.0.0-rc.1'],
    'web-admin': ['3.0.0'],
  });
});
