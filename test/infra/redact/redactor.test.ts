import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HIDDEN, redactorOf } from '../../../src/infra/redact/redactor.js';
import { sensitiveValues } from '../../../src/infra/redact/sensitive-values.js';
import { variableValues } from '../../../src/infra/redact/variable-values.js';

const texts = (json: unknown) => sensitiveValues(json).map(({ text }) => text);

describe('sensitive values of a plan', () => {
  test.each<[string, unknown, string[]]>([
    ['a leaf', { change: { after: { a: 's', b: 'x' }, after_sensitive: { a: true } } }, ['s']],
    ['a leaf before', { change: { before: { a: 's' }, before_sensitive: { a: true } } }, ['s']],
    ['all of a value', { change: { after: { a: [{ b: 's' }, 't'] }, after_sensitive: { a: true } } }, ['s', 't']],
    ['a leaf in a list', { change: { after: { a: ['x', 's'] }, after_sensitive: { a: [false, true] } } }, ['s']],
    ['all of a resource', { change: { after: { a: 's' }, after_sensitive: true } }, ['s']],
    ['a number', { change: { after: { a: 4711 }, after_sensitive: { a: true } } }, ['4711']],
    ['no truth and nothing', { change: { after: { a: true, b: null }, after_sensitive: { a: true, b: true } } }, []],
    [
      'a value of a state',
      { values: { root_module: { resources: [{ values: { a: 's' }, sensitive_values: { a: true } }] } } },
      ['s'],
    ],
    ['an output', { planned_values: { outputs: { o: { sensitive: true, value: { a: 's' } } } } }, ['s']],
    ['an output that changes', { output_changes: { o: { after: 's', after_sensitive: true } } }, ['s']],
    [
      'a variable',
      {
        variables: { v: { value: 's' }, w: { value: 'x' } },
        configuration: { root_module: { variables: { v: { sensitive: true, default: 'd' }, w: {} } } },
      },
      ['s', 'd'],
    ],
    [
      'a literal of a module',
      {
        configuration: {
          root_module: {
            module_calls: {
              m: { expressions: { v: { constant_value: 's' } }, module: { variables: { v: { sensitive: true } } } },
            },
          },
        },
      },
      ['s'],
    ],
    [
      'a literal of a provider',
      {
        configuration: {
          provider_config: { p: { expressions: { token: { constant_value: 's' }, region: { constant_value: 'x' } } } },
        },
      },
      ['s'],
    ],
    [
      'what the state of another root calls like a secret, which has no mark there',
      {
        prior_state: {
          values: {
            root_module: {
              resources: [
                {
                  ...{ type: 'terraform_remote_state', mode: 'data' },
                  values: { outputs: { db_password: 's', ids: ['x'], db: { masterPassword: 't', host: 'y' } } },
                },
                { type: 'other', values: { outputs: { password: 'z' } } },
              ],
            },
          },
        },
      },
      ['s', 't'],
    ],
    [
      'drift',
      {
        resource_drift: [
          {
            change: {
              before: { a: 's' },
              after: { a: 't' },
              before_sensitive: { a: true },
              after_sensitive: { a: true },
            },
          },
        ],
      },
      ['s', 't'],
    ],
  ])('have %s', (_what, json, expected) => {
    expect([...texts(json)].sort()).toEqual([...expected].sort());
  });
});

test('outputs that roots of the repository declare sensitive are so in the state that another one reads', () => {
  const read = (outputs: unknown) => ({ change: { after: { outputs } }, type: 'terraform_remote_state' });
  const found = sensitiveValues({ resource_changes: [read({ ca: { pem: 's' }, id: 'x' })] }, new Set(['ca']));
  expect(found.map(({ text }) => text)).toEqual(['s']);
});

describe('sensitive values before a plan', () => {
  test.each<[string, { files?: string[]; env?: Record<string, string>; value?: string }, string[]]>([
    ['the environment', { env: { TF_VAR_v: 'secret', TF_VAR_w: 'open' } }, ['secret']],
    ['a value in the environment, whole', { env: { TF_VAR_v: 'open sesame' } }, ['open sesame']],
    ['a value in the environment', { env: { TF_VAR_v: '{ a = "secret" }' } }, ['secret']],
    ['a file', { files: ['v = "secret"\nw = "open"'] }, ['secret']],
    ['an object of a file', { files: ['v = {\n  a = ["secret"]\n}'] }, ['secret']],
    ['a file in JSON', { files: ['{"v":{"a":["secret"]},"w":"open"}'] }, ['secret']],
    ['a default', { value: 'secret' }, ['secret']],
  ])('come from %s', (_what, { files = [], env = {}, value }, expected) => {
    const found = variableValues({ sensitive: [{ name: 'v', value }], files, env }).map(({ text }) => text);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(found).not.toContain('open');
  });
});

const one = (text: string, name = '') => redactorOf([{ text, name }]);

describe('a redactor', () => {
  test.each([
    ['a text', 'hunter22', 'x hunter22 y', `x ${HIDDEN} y`],
    ['a part of a word', 'hunter22', 'xhunter22y', `x${HIDDEN}y`],
    ['a short value alone', 'abc', 'abc abcd "abc" xabc', `${HIDDEN} abcd "${HIDDEN}" xabc`],
    ['a short number alone', '42', 'a 42 b 420', `a ${HIDDEN} b 420`],
    ['nothing of a truth', 'true', 'true', 'true'],
    ['nothing of what is empty', '', 'a b', 'a b'],
    ['nothing of signs', '----', 'a ---- b', 'a ---- b'],
    ['a line of a key', '-----BEGIN KEY-----\nMIIabcdefgh\n-----END KEY-----', 'x MIIabcdefgh', `x ${HIDDEN}`],
    ['base64', 'hunter22', `x ${Buffer.from('hunter22').toString('base64')}`, `x ${HIDDEN}`],
    ['another case', 'hunter22', 'HUNTER22', HIDDEN],
    ['hex', 'hunter22', '68756e7465723232', HIDDEN],
    ['what an address needs', 'a b/c?d', 'a%20b%2Fc%3Fd', HIDDEN],
    ['what JSON needs', 'a"b\nc', '"a\\"b\\nc"', `"${HIDDEN}"`],
    ['what the tool needs', `a${'$'}{b}cd`, `a${'$$'}{b}cd`, HIDDEN],
    ['the password of an address', 'postgres://u:hunter22@h/d', 'password hunter22', `password ${HIDDEN}`],
    ['a leaf of JSON', '{"user":"acme","password":"hunter22"}', 'acme hunter22', `acme ${HIDDEN}`],
    ['what base64 has in it', Buffer.from('{"token":"hunter22"}').toString('base64'), 'x hunter22', `x ${HIDDEN}`],
    ['a line of settings', 'user: acme\npassword: hunter22\n', 'acme hunter22', `acme ${HIDDEN}`],
    ['short lines of a key', 'abc123\nq1w2', '    + abc123\n      q1w2', `    + ${HIDDEN}\n      ${HIDDEN}`],
    ['no word of a text of several lines', 'the cat is\nhere and\nthere', 'here it is', 'here it is'],
    ['a text in a text of JSON', 'a"b\\c', JSON.stringify(JSON.stringify('a"b\\c')), `"\\"${HIDDEN}\\""`],
    ['a number as the tool writes it', '04711.50', 'x4711.5y', `x${HIDDEN}y`],
    ['a whole number as the tool writes it', '0471100', 'x471100y', `x${HIDDEN}y`],
    ['a part of an address of services', 'Endpoint=sb://x;SharedAccessKey=hunter2Zq7==;P=a', 'hunter2Zq7==', HIDDEN],
    [
      'a part of an address of a database',
      'host=acme user=u password=hunter22 dbname=d',
      'acme hunter22',
      `acme ${HIDDEN}`,
    ],
    ['two that overlap', 'abcdefgh', 'abcdefghabcdefgh', HIDDEN],
  ])('hides %s', (_what, secret, text, expected) => {
    expect(one(secret).redact(text)).toBe(expected);
  });

  test('hides the longer of two that begin alike', () => {
    const redactor = redactorOf(['abcdef', 'abcdefghi', 'abcde'].map((text) => ({ text, name: '' })));
    expect(redactor.redact('xabcdefghix abcdefx')).toBe(`x${HIDDEN}x ${HIDDEN}x`);
  });

  test('hides overlapping secrets whole', () => {
    const redactor = redactorOf([
      { text: 'abcdef', name: '' },
      { text: 'defghi', name: '' },
    ]);
    expect(redactor.redact('xabcdefghix')).toBe(`x${HIDDEN}x`);
  });

  const secret = fc.string({ unit: 'binary', minLength: 6, maxLength: 60 }).map((text) => `${text.toWellFormed()}aZ7`);
  const around = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed());
  const ways: Record<string, (text: string, before: string, after: string) => string> = {
    'as it is': (text, before, after) => before + text + after,
    'in JSON': (text, before, after) => JSON.stringify({ a: before + text + after }),
    'in a JSON text in JSON': (text) => JSON.stringify(text),
    'in base64': (text, before, after) => Buffer.from(before + text + after).toString('base64'),
    'in base64 of addresses': (text, before, after) => Buffer.from(before + text + after).toString('base64url'),
    'in hex': (text, before, after) => Buffer.from(before + text + after).toString('hex'),
    'in an address': (text, before, after) => encodeURIComponent(before + text + after),
  };

  test.each(Object.entries(ways))('leaves no secret %s', (_what, write) => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), around, around, (secrets, before, after) => {
        const { redact } = redactorOf(secrets.map((text) => ({ text, name: '' })));
        for (const each of secrets) {
          const shown = redact(write(each, before, after));
          expect(shown).not.toContain(write(each, '', '').replace(/^\{?.*?"a":"|"\}?$|=+$/g, '') || each);
          expect(shown).not.toContain(each);
          expect(shown).toContain(HIDDEN);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('takes time that grows with the text', () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ text: `secret-${index}-value`, name: '' }));
    expect(redactorOf(many).redact('secret-'.repeat(50_000))).toBe('secret-'.repeat(50_000));
  });
});
