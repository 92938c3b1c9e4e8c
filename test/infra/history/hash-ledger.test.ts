import { describe, expect, test } from '@jest/globals';
import { ledgerFile, readHashLedger, withDeleted, withHashes } from '../../../src/infra/history/hash-ledger.js';

const prefix = 'plans/net/eu/20261130T120000Z-cccccccccccc';
const key = `${prefix}/record.json`;
const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
const line = `${one}  ${key}\n`;

describe('The hashes of plans in git', () => {
  test('have a file a root and month', () => {
    expect(ledgerFile(prefix)).toBe('plans/net/eu/2026-11.sha256');
  });

  test.each<[string, string, string | undefined]>([
    ['begin a file', '', line],
    ['are written once', line, undefined],
    ['follow others', `${other}  plans/a/record.json\n`, `${other}  plans/a/record.json\n${line}`],
    ['follow others without an end of line', '# mine', `# mine\n${line}`],
  ])('%s', (_what, text, expected) => {
    expect(withHashes(text, [{ key, sha256: one }])).toBe(expected);
  });

  test('are never another one', () => {
    expect(() => withHashes(line, [{ key, sha256: other }])).toThrow('has another hash of');
  });

  test('count as they were written first', () => {
    expect(readHashLedger(`${line}${other}  ${key}\nnonsense\n`).hashes).toEqual(new Map([[key, one]]));
  });

  test('of what is kept no longer stay, with a line that says so, once', () => {
    const text = withDeleted(line, [prefix]) ?? '';
    expect(text).toBe(`${line}# kept no longer: ${prefix}\n`);
    expect(readHashLedger(text)).toEqual({ hashes: new Map([[key, one]]), deleted: new Set([prefix]) });
    expect(withDeleted(text, [prefix])).toBeUndefined();
  });
});
