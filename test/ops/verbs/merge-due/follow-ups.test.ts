import { expect, test } from '@jest/globals';
import { followUpsOf } from '../../../../src/ops/verbs/merge-due/follow-ups.js';

/** The triggers of a workflow, and what becomes of it after a push to main. */
const cases: [string, string, 'start' | 'cannot' | 'nothing'][] = [
  ['both', '{ push: { branches: [main] }, workflow_dispatch: }', 'start'],
  ['a list of both', '[push, workflow_dispatch]', 'start'],
  ['a push to any branch', '{ push: , workflow_dispatch: }', 'start'],
  ['a pattern of branches', '{ push: { branches: ["ma*"] }, workflow_dispatch: }', 'start'],
  ['one branch as a text', '{ push: { branches: main }, workflow_dispatch: }', 'start'],
  [
    'inputs that nobody has to give',
    '{ push: , workflow_dispatch: { inputs: { a: { required: false }, b: { required: true, default: x } } } }',
    'start',
  ],
  [
    'an input that somebody has to give',
    '{ push: , workflow_dispatch: { inputs: { a: { required: true } } } }',
    'cannot',
  ],
  ['a push alone', 'push', 'cannot'],
  ['a push of another branch', '{ push: { branches: [release] }, workflow_dispatch: }', 'nothing'],
  ['a pattern that takes the branch out', '{ push: { branches: ["*", "!main"] }, workflow_dispatch: }', 'nothing'],
  ['a branch that is ignored', '{ push: { branches-ignore: [main] }, workflow_dispatch: }', 'nothing'],
  ['another branch that is ignored', '{ push: { branches-ignore: [gh-pages] }, workflow_dispatch: }', 'start'],
  ['tags', '{ push: { tags: ["v*"] }, workflow_dispatch: }', 'nothing'],
  ['no push', '{ schedule: [{ cron: "0 0 * * *" }], workflow_dispatch: }', 'nothing'],
];

test.each(cases)('a workflow with %s', (_name, on, expected) => {
  const { start, cannot } = followUpsOf([{ name: 'a.yml', text: `on: ${on}\njobs: {}\n` }], 'main', 'own.yml');
  expect(start.length > 0 ? 'start' : cannot.length > 0 ? 'cannot' : 'nothing').toBe(expected);
});

test('the one that runs and what is no workflow are left out', () => {
  const text = 'on: [push, workflow_dispatch]\n';
  const files = [
    { name: 'own.yml', text },
    { name: 'broken.yml', text: 'on: [' },
    { name: 'a.yml', text },
  ];
  expect(followUpsOf(files, 'main', 'own.yml')).toEqual({ start: ['a.yml'], cannot: [] });
});
