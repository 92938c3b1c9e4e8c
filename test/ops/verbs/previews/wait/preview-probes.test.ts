import { expect, test } from '@jest/globals';
import type { AppDetails } from '../../../../../src/ops/verbs/previews/feedback/details.js';
import { probesOf } from '../../../../../src/ops/verbs/previews/wait/preview-probes.js';
import { decided, digest, sha } from '../support.js';

const app = (name: string, changed: boolean, url = `https://${name}.test`): AppDetails => ({
  ...{ app: name, changed, url },
  images: [],
});

test.each<[string, AppDetails[], string[]]>([
  ['the apps that the pull request changes', [app('shop', true), app('mailer', false)], ['https://shop.test/healthz']],
  [
    'all apps where no changed one has an address',
    [app('shop', true, ''), app('mailer', false)],
    ['https://mailer.test/healthz'],
  ],
  ['nothing without an address', [app('shop', true, '')], []],
])('a preview is probed at %s', (_rule, apps, urls) => {
  const probes = probesOf(decided('opened'), apps, { path: '/healthz', statuses: [200], version: undefined });
  expect(probes.map(({ url }) => url)).toEqual(urls);
});

test('a changed app has to run one of its images, or the commit; any other app may run any version', () => {
  const settings = { path: '/', statuses: [200, 401], version: { header: 'x-version' } };
  const accepted = ['pr-7-1111111', digest(1), sha(1)];
  expect(probesOf(decided('opened'), [app('shop', true)], settings)).toEqual([
    { url: 'https://shop.test/', statuses: [200, 401], version: { source: { header: 'x-version' }, accepted } },
  ]);
  expect(probesOf(decided('opened'), [app('mailer', false)], settings)[0]?.version).toBeUndefined();
});
