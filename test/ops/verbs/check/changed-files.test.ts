import { expect, test } from '@jest/globals';
import { fileProblems } from '../../../../src/ops/verbs/check/changed-files.js';
import { copiedPatchProblems } from '../../../../src/ops/verbs/check/copied-patches.js';
import { comparisonOf } from './support.js';

const LAYOUT = { templates: ['apps/overlays/{environment}'] };
const AT = (environment: string, file: string) => `apps/overlays/${environment}/shop/${file}.yaml`;
const BASE = {
  [AT('staging', '_host')]: 'host: staging\n',
  [AT('staging', 'settings')]: 'level: 1\n',
  [AT('production', 'settings')]: 'level: 0\n',
};

test.each<[string, Record<string, string>, string[]]>([
  [
    'taken along with what is promoted',
    { [AT('production', '_host')]: 'host: staging\n', [AT('production', 'settings')]: 'level: 1\n' },
    [
      `${AT('production', '_host')} is a copy of the patch of staging, which belongs to that environment alone, as its "_" says. Leave it out, or add it to production in a change of its own.`,
    ],
  ],
  [
    'of its own beside what is promoted',
    { [AT('production', '_host')]: 'host: x\n', [AT('production', 'settings')]: 'level: 1\n' },
    [],
  ],
  ['by itself, whatever is in it', { [AT('production', '_host')]: 'host: staging\n' }, []],
])('a patch that stays in its environment, %s', async (_, change, messages) => {
  const problems = await copiedPatchProblems(comparisonOf(BASE, { ...BASE, ...change }), LAYOUT);
  expect(problems.map(({ message }) => message)).toEqual(messages);
});

test.each<[string, string, string[]]>([
  [
    'ostack.yaml',
    'environments: { staging: { aftr: dev } }\n',
    ['ostack.yaml:1:28: environments.staging: unknown key "aftr"'],
  ],
  ['.ostack/holds.yaml', 'hold: []\n', ['.ostack/holds.yaml:1:1: expected a list']],
  ['bases/shop/web.yaml', 'a: [1\n', ['bases/shop/web.yaml:2']],
  ['charts/shop/templates/web.yaml', 'a: {{ .Values.a }\n', []],
  ['notes.txt', 'a: [1\n', []],
])('%s that cannot be read is told with its place', async (path, text, starts) => {
  const problems = await fileProblems(comparisonOf({}, { [path]: text }));
  expect(problems.map(({ level, file }) => [level, file])).toEqual(starts.map(() => ['error', path]));
  for (const [index, start] of starts.entries()) {
    expect(problems[index]?.message).toContain(start);
  }
});

test.each([
  ['overlays/staging/shop/values.yaml', 'image:\n  tag: {{ .tag }}\n{{ if .x }}\na: 1\n{{ end }}\n', 1],
  ['overlays/staging/shop/values.yaml', 'image: {tag: "{{ .tag }}"}\n', 0],
  ['charts/shop/templates/web.yaml', '{{ if .x }}\na: 1\n{{ end }}\n', 0],
])('a template among the files is told, since it was not read: %s, %j', async (path, text, count) => {
  const problems = await fileProblems(comparisonOf({}, { [path]: text }));
  expect(problems.map(({ level, message }) => [level, message.slice(0, 31)])).toEqual(
    Array.from({ length: count }, () => ['warning', 'It is a template ({{ }}) that i']),
  );
});
