import { expect, test } from '@jest/globals';
import { atPreviewCommit } from '../../../../../src/ops/verbs/previews/manifests/remote-base.js';
import { recordOf, sha } from '../support.js';

test.each([
  ['https://github.com/acme/apps//deploy?ref=v1.0.0', `https://github.com/acme/apps//deploy?ref=${sha(1)}`],
  ['https://github.com/Acme/Apps//deploy?version=v1', `https://github.com/Acme/Apps//deploy?version=${sha(1)}`],
  ['https://github.com/acme/apps//deploy', `https://github.com/acme/apps//deploy?ref=${sha(1)}`],
  ['https://github.com/acme/apps//deploy?timeout=9s', `https://github.com/acme/apps//deploy?timeout=9s&ref=${sha(1)}`],
  ['https://raw.github.com/acme/apps/v1/web.yaml', 'https://raw.github.com/acme/apps/v1/web.yaml'],
  ['https://github.com/acme/site//deploy?ref=v1.0.0', 'https://github.com/acme/site//deploy?ref=v1.0.0'],
])('%s becomes %s', (address, expected) => {
  expect(atPreviewCommit(address, recordOf(7))).toBe(expected);
});
