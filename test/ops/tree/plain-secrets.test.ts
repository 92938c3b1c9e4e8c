import { describe, expect, test } from '@jest/globals';
import { secretProblems } from '../../../src/ops/tree/plain-secrets.js';

const HEAD = 'apiVersion: v1\nkind: Secret\nmetadata: { name: keys }\n';
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

describe('secrets in plain text', () => {
  test.each<[string, string, string | undefined, string, number[]]>([
    ['a value of a Secret', 'a.yaml', undefined, `${HEAD}stringData:\n  password: hunter2\n`, [5]],
    ['one that is changed', 'a.yaml', `${HEAD}data: { a: b25l }\n`, `${HEAD}data: { a: dHdv }\n`, [4]],
    ['one that was there before', 'a.yaml', `${HEAD}data: { a: b25l }\n`, `# why\n${HEAD}data: { a: b25l }\n`, []],
    ['one that SOPS encrypted', 'a.yaml', undefined, `${HEAD}data: { a: "ENC[AES256_GCM,data:x]" }\nsops: {}\n`, []],
    ['one that is filled in later', 'a.yaml', undefined, `${HEAD}stringData: { a: "\${PASSWORD}" }\n`, []],
    ['a generator', 'kustomization.yaml', undefined, 'secretGenerator:\n- name: x\n  literals:\n  - a=b\n', [4]],
    ['a sealed secret', 'a.yaml', undefined, 'kind: SealedSecret\nspec: { encryptedData: { a: AgBy } }\n', []],
    ['a token in any file', 'notes.txt', 'one\n', `one\ntoken ${TOKEN}\n`, [2]],
  ])('%s', (_, file, before, after, lines) => {
    const problems = secretProblems(file, before, after);
    expect(problems.map(({ line }) => line)).toEqual(lines);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|dHdv|ghp_/);
  });
});
