import { describe, expect, test } from '@jest/globals';
import { secretProblems } from '../../../src/ops/tree/plain-secrets.js';

const HEAD = 'apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\n';
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A new file that SOPS encrypted with a setting. */
const ENCRYPTED = (text: string, setting: string): [string, undefined, string] => [
  'a.yaml',
  undefined,
  `${text}sops:\n  mac: ENC[z]\n  ${setting}\n`,
];

describe('secrets in plain text', () => {
  test.each<[string, string, string | undefined, string, number[]]>([
    ['a value of a Secret', 'a.yaml', undefined, `${HEAD}stringData:\n  password: hunter2\n`, [5]],
    ['one that is changed', 'a.yaml', `${HEAD}data: { a: b25l }\n`, `${HEAD}data: { a: dHdv }\n`, [4]],
    ['one that was there before', 'a.yaml', `${HEAD}data: { a: b25l }\n`, `# why\n${HEAD}data: { a: b25l }\n`, []],
    ['one that SOPS encrypted', 'a.yaml', undefined, `${HEAD}data: { a: "ENC[AES256_GCM,data:x]" }\nsops: {}\n`, []],
    ['one that is filled in later', 'a.yaml', undefined, `${HEAD}stringData: { a: "\${PASSWORD}" }\n`, []],
    ['a generator', 'kustomization.yaml', undefined, 'secretGenerator:\n- name: x\n  literals:\n  - a=b\n', [4]],
    ['one that only looks encrypted', 'a.yaml', undefined, `${HEAD}stringData: { a: hunter2 }\nsops: {}\n`, [4]],
    [
      'one that came in by hand beside what SOPS encrypted',
      ...ENCRYPTED(`${HEAD}stringData:\n  a: ENC[x]\n  b: hunter2\n`, 'encrypted_regex: ^(data|stringData)$'),
      [6],
    ],
    [
      'one that SOPS was told to leave out',
      ...ENCRYPTED(`${HEAD}stringData: { a: "ENC[x]", user: web }\n`, 'encrypted_regex: ^a$'),
      [],
    ],
    [
      'one of a rule for other programs',
      ...ENCRYPTED(`${HEAD}stringData: { a: "ENC[x]", user: web }\n`, 'encrypted_regex: (?i)^a$'),
      [],
    ],
    [
      'one that such a rule left out with all others',
      ...ENCRYPTED(`${HEAD}stringData: { a: hunter2 }\n`, 'encrypted_regex: ^b$'),
      [4],
    ],
    [
      'one whose key says so',
      ...ENCRYPTED(`${HEAD}stringData: { user_unencrypted: web }\n`, 'unencrypted_suffix: _unencrypted'),
      [],
    ],
    [
      'a file that SOPS encrypted',
      'a.yaml',
      undefined,
      `${HEAD}data: { v.yaml: ${base64('a: ENC[x]\nsops:\n  mac: ENC[y]\n')} }\n`,
      [],
    ],
    [
      'an encrypted file of variables',
      'a.yaml',
      undefined,
      `${HEAD}data: { v.env: ${base64('A=ENC[x]\nsops_mac=ENC[y]\n')} }\n`,
      [],
    ],
    [
      'a file that only names SOPS',
      'a.yaml',
      undefined,
      `${HEAD}data: { v.yaml: ${base64('a: hunter2\nsops: {}\n')} }\n`,
      [4],
    ],
    ['one deeper than a Secret has any', 'a.yaml', undefined, `${HEAD}stringData:\n  a: { b: [hunter2] }\n`, [5]],
    ['a list of them', 'a.yaml', undefined, `${HEAD}stringData: [hunter2]\n`, [4]],
    [
      'one that kubectl kept beside what is encrypted',
      'a.yaml',
      undefined,
      `kind: SealedSecret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"kind":"Secret","stringData":{"a":"hunter2"}}\n`,
      [4],
    ],
    ['a sealed secret', 'a.yaml', undefined, 'kind: SealedSecret\nspec: { encryptedData: { a: AgBy } }\n', []],
    ['a token in any file', 'notes.txt', 'one\n', `one\ntoken ${TOKEN}\n`, [2]],
  ])('%s', (_, file, before, after, lines) => {
    const problems = secretProblems(file, before, after);
    expect(problems.map(({ line }) => line)).toEqual(lines);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|dHdv|ghp_/);
  });
});
