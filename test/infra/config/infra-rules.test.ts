import { describe, expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';

describe('ostack.yaml of an infra repository', () => {
  test.each<[string, string, string]>([
    ['a key of an ops repository', 'overlays: [a]', 'ostack.yaml:1:1: unknown key "overlays".'],
    [
      'a key that is written wrong',
      'roots:\n  a: { approver: [x] }',
      'ostack.yaml:2:8: roots.a: unknown key "approver".',
    ],
    [
      'an environment without rules, where others have some',
      'roots: { a: { environment: prodution } }\nenvironments: { production: {} }',
      'ostack.yaml:1:28: roots.a.environment: expected an environment of this file, found "prodution". Did you mean "production"? Known: production.',
    ],
    [
      'files of an environment that there is not',
      'paths: { "x/**": production }',
      'found "production". "environments" names none.',
    ],
    [
      'approvals of nobody',
      'roots: { a: { approvals: 2 } }',
      'ostack.yaml:1:26: roots.a.approvals: expected who may give them',
    ],
    ['approvals of nobody in an environment', 'environments: { a: { approvals: 2 } }', 'expected who may give them'],
    [
      'half a freeze',
      'environments: { a: { freeze: [{ cron: "0 16 * * 5" }] } }',
      'expected cron and for, or else from',
    ],
    ['a freeze of no time', 'environments: { a: { freeze: [{ cron: "x", for: 2h }] } }', 'expected five fields'],
    ['losses that nobody may approve', 'losses: { approvers: [] }', 'expected one login or team, or more'],
    ['losses that all may approve', 'losses: true', 'losses: expected false'],
    ['every file as free', 'free: ["**"]', '"**" would be every file'],
    ['a workspace of capitals', 'workspace: Growth', 'expected lower-case letters'],
    ['an environment that could be no part of a ref', 'environments: { "a b": {} }', 'expected a name of letters'],
  ])('has not %s', (_what, text, message) => {
    expect(() => readInfraConfig(text)).toThrow(message);
  });

  test('says the rules of environments, with their defaults', () => {
    const { rules, workspace } = readInfraConfig(
      'environments: { staging: , production: { approvers: [olga], freeze: [{ cron: "0 16 * * 5", for: 64h }] } }\nworkspace: growth',
    );
    expect(workspace).toBe('growth');
    expect(rules.environments).toEqual([
      { name: 'staging', freeze: [], approvers: [], approvals: 1 },
      {
        ...{ name: 'production', approvers: ['olga'], approvals: 1 },
        freeze: [{ cron: '0 16 * * 5', forMs: 64 * 3_600_000, timezone: 'UTC' }],
      },
    ]);
  });

  test.each([
    ['', undefined],
    ['losses: false', 'nobody'],
    ['losses: { approvers: [olga] }', { approvers: ['olga'], approvals: 1 }],
    ['losses: { approvers: [olga, acme/leads], approvals: 2 }', { approvers: ['olga', 'acme/leads'], approvals: 2 }],
  ])('%p says who approves losses', (text, expected) => {
    expect(readInfraConfig(text).rules.losses).toEqual(expected);
  });

  test('lets roots name any environment of GitHub where none has rules', () => {
    expect(readInfraConfig('roots: { a: { environment: My environment } }').roots[0]?.environment).toBe(
      'My environment',
    );
  });
});
