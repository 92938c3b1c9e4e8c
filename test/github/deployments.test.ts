import { expect, test } from '@jest/globals';
import { says } from '../../src/github/deployments.js';

const ESCAPE = '\u001b';

test.each([
  ['a line', 'failed: no cluster reports.', 'failed: no cluster reports.'],
  ['several lines', 'failed: a\n\n  b', 'failed: a b'],
  ['what a terminal obeys', `failed: ${ESCAPE}[2Jx`, 'failed: ⟨U+001B⟩[2Jx'],
  ['another direction', 'failed: user\u202egpj.exe', 'failed: user⟨U+202E⟩gpj.exe'],
  ['a hidden text', 'failed: hi\u{e0065}', 'failed: hi⟨U+E0065⟩'],
  ['half a sign', 'failed: \ud83d', 'failed: \ufffd'],
  ['too long a line', 'x'.repeat(141), `${'x'.repeat(139)}…`],
  ['a long line that would end in half a sign', `${'x'.repeat(138)}😀yy`, `${'x'.repeat(138)}\ufffd…`],
])('a deployment shows %s with nothing in it hidden', (_what, text, description) => {
  const place = { environmentUrl: '', logUrl: '' };
  const status = { state: 'failure', description, ...place };
  expect(says({ id: 'D', sha: 'a', status }, { state: 'failure', description: text, ...place })).toBe(true);
});
