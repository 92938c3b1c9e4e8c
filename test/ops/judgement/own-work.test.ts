import { expect, test } from '@jest/globals';
import type { Logins } from '../../../src/ops/judgement/approvals.js';
import { isOwnWork } from '../../../src/ops/judgement/own-work.js';

const APP = { login: 'acme-ops', isBot: true, isOpsApp: true };
const alone: Logins = { logins: ['acme-ops[bot]'] };

test.each<[string, string, Partial<typeof APP> | undefined, Logins, boolean]>([
  ['a revert of the audit', 'ostack-audit/revert-abc', {}, alone, true],
  ['what materialize proposes', 'ostack/materialize/env/prod', {}, alone, true],
  ['what the App proposes of an app', 'ostack/prod/web', {}, alone, false],
  [
    'what somebody else opened',
    'ostack/materialize/env/prod',
    { login: 'ada', isBot: false, isOpsApp: false },
    alone,
    false,
  ],
  ['what another App opened', 'ostack/materialize/env/prod', { isOpsApp: false }, alone, false],
  ['what nobody is known to have opened', 'ostack/materialize/env/prod', undefined, alone, false],
  ['what somebody pushed to', 'ostack/materialize/env/prod', {}, { logins: ['acme-ops[bot]', 'ada'] }, false],
  ['what nobody knows who pushed to', 'ostack/materialize/env/prod', {}, { problem: 'No.' }, false],
  ['what a person pushed who is called as the App', 'ostack/materialize/env/prod', {}, { logins: ['acme-ops'] }, false],
])('The ops App’s own work: %s', (_name, branch, author, pushers, expected) => {
  const pull = { head: 'a', branch, isFork: false, reviews: [], author: author && { ...APP, ...author } };
  expect(isOwnWork(pull, pushers)).toBe(expected);
});
