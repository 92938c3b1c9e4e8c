import { expect, test } from '@jest/globals';
import { statusMarkdown } from '../../../../src/ops/verbs/status/markdown.js';

const NOW = new Date('2026-11-21T12:00:00Z');

test.each([
  ['1.2.0', 'another version than `1.2.0`'],
  [`sha256:${'a'.repeat(64)}`, 'another version'],
  [null, 'another version'],
])('an environment with what the first one never had says what that has, where it is short: %s', (newest, text) => {
  const cell = { version: '0.9.0', inBase: false, since: NOW, hold: undefined, violatesHold: false, pullRequests: [] };
  const behind = { versions: undefined, since: undefined, newest };
  const environments = new Map([['production', { ...cell, behind }]]);
  const status = {
    environments: [{ name: 'production', after: ['staging'], frozenUntil: undefined }],
    apps: [{ app: 'shop', environments }],
    pullRequests: [],
    warnings: [],
  };
  expect(statusMarkdown(status, 'acme/ops', NOW)).toContain(`| \`0.9.0\`, since just now<br>${text} |`);
});
