import { expect, test } from '@jest/globals';
import { exceptionsOf, problemsOf } from '../../scripts/check-security.js';

const exceptions = exceptionsOf(`rules:
  unpinned-uses: { config: { policies: { 'ostack/*': ref-pin } } }
  dangerous-triggers:
    ignore:
      - gate.yml # reads through the API
      - other.yml
`);

test('an exception is a rule, a file and the reason behind it', () => {
  expect(exceptions).toEqual([
    { rule: 'dangerous-triggers', file: 'gate.yml', reason: 'reads through the API' },
    { rule: 'dangerous-triggers', file: 'other.yml', reason: '' },
  ]);
});

test('an exception without a reason, and one that excepts nothing, are problems', () => {
  expect(problemsOf(exceptions, new Set(['dangerous-triggers gate.yml', 'dangerous-triggers other.yml']))).toEqual([
    'zizmor.yml: dangerous-triggers excepts other.yml and does not say why. Write it behind the name: "# …".',
  ]);
  expect(problemsOf(exceptions.slice(0, 1), new Set(['unpinned-uses gate.yml']))).toEqual([
    'zizmor.yml: dangerous-triggers excepts gate.yml, where it finds nothing. Take it out.',
  ]);
});
