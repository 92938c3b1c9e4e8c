import { describe, expect, test } from '@jest/globals';
import { BASE, set } from '../support.js';

describe('a remote base', () => {
  test.each([
    'https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0',
    'https://github.com/acme/apps.git//apps/my-app/deploy/?timeout=90s&ref=my-app-v1.3.0&submodules=false',
    'github.com/acme/apps//apps/my-app?ref=my-app-v1.3.0',
    'github.com/acme/apps/apps/my-app/deploy?ref=my-app-v1.3.0',
    'git@github.com:acme/apps.git//apps/my-app/deploy?ref=my-app-v1.3.0',
    'ssh://git@github.acme.dev:2222/Acme/Apps//apps/my-app/deploy?version=my-app-v1.3.0',
    'git::https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0',
  ])('%s gets the release tag', (url) => {
    expect(set(`resources:\n- ../base\n- ${url} # app\n`, BASE)).toBe(
      `resources:\n- ../base\n- ${url.replace('v1.3.0', 'v1.4.0')} # app\n`,
    );
  });

  test.each([
    'https://github.com/acme/apps//apps/my-app-two/deploy?ref=my-app-two-v1.3.0',
    'https://github.com/acme/apps//apps/my-app-two/deploy?ref=main',
    'https://github.com/acme/other//apps/my-app/deploy?ref=my-app-v1.3.0',
    './apps/my-app?ref=1.0.0',
    '../../../bases/my-app',
    'acme/apps/apps/my-app',
    'v1.2/acme/apps//apps/my-app',
  ])('%s is not ours', (url) => {
    expect(() => set(`resources:\n- ${url}\n`, BASE)).toThrow('carries the version of the base acme/apps//apps/my-app');
  });

  test('in another folder is recognised by the tags of the app, where nothing is certain', () => {
    const moved = '- https://github.com/acme/apps//services/my-app/deploy?ref=my-app-v1.3.0\n';
    const usual = '- https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0\n';
    expect(set(`resources:\n${moved}`, BASE)).toBe(`resources:\n${moved.replace('1.3', '1.4')}`);
    expect(set(`resources:\n${moved}${usual}`, BASE)).toBe(`resources:\n${moved}${usual.replace('1.3', '1.4')}`);
  });

  test('that follows a branch is left alone where another is pinned, and pinned where it is the only one', () => {
    const branch = '- https://github.com/acme/apps//apps/my-app/crds?ref=main\n';
    const pinned = '- https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0\n';
    expect(set(`resources:\n${branch}${pinned}`, BASE)).toBe(`resources:\n${branch}${pinned.replace('1.3', '1.4')}`);
    expect(set(`resources:\n${branch}`, BASE)).toBe(`resources:\n${branch.replace('main', 'my-app-v1.4.0')}`);
    expect(set('resources:\n- https://github.com/acme/apps//apps/my-app\n', BASE)).toBe(
      'resources:\n- https://github.com/acme/apps//apps/my-app?ref=my-app-v1.4.0\n',
    );
  });

  test('of a repository that is one app is found in any folder, and odd tags are encoded', () => {
    expect(
      set('components: ["https://github.com/acme/my-app//deploy?ref=v1.3.0"]\n', {
        kind: 'base',
        repository: 'acme/my-app',
        appPath: '.',
        gitTag: 'rel/v1.4.0+a',
      }),
    ).toBe('components: ["https://github.com/acme/my-app//deploy?ref=rel%2Fv1.4.0%2Ba"]\n');
  });

  test('that an alias repeats is changed at its anchor', () => {
    const url = 'https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.3.0';
    expect(set(`resources:\n- &app ${url}\n- *app\n`, BASE)).toBe(
      `resources:\n- &app "${url.replace('1.3', '1.4')}"\n- *app\n`,
    );
  });
});
