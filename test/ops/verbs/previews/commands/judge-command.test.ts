import { describe, expect, test } from '@jest/globals';
import { answersMarker, renderAnswers } from '../../../../../src/ops/verbs/previews/commands/answer-comment.js';
import { commandSource } from '../../../../../src/ops/verbs/previews/commands/command-source.js';
import {
  type FoundComment,
  type FoundLabel,
  judgeComment,
  judgeLabel,
  wasAddedSince,
} from '../../../../../src/ops/verbs/previews/commands/judge-command.js';
import { at } from '../support.js';

const COMMENT: FoundComment = {
  repository: 'acme/apps',
  ...{ pullRequest: 7, open: true, body: '/preview remove' },
  author: { __typename: 'User', login: 'ada' },
  createdAt: at(0).toISOString(),
  ...{ edited: false, answered: false },
};
const LABEL: FoundLabel = {
  ...{ verb: 'remove', pullRequest: 7, open: true, there: true },
  added: { by: { __typename: 'User', login: 'ada' }, at: at(0).toISOString() },
};

describe('a comment', () => {
  test('is a command of its author, whatever the case of the repository', () => {
    expect(judgeComment(COMMENT, 'Acme/apps')).toEqual({
      kind: 'given',
      given: {
        ...{ pullRequest: 7, by: 'ada', at: at(0), said: '/preview remove', problem: undefined },
        parsed: { kind: 'command', verb: 'remove', forMs: undefined },
      },
    });
  });

  test.each<[string, Partial<FoundComment>, string]>([
    ['on an issue', { pullRequest: undefined }, 'The comment is on an issue, which has no preview.'],
    ['in a quote', { body: '> /preview remove' }, 'The comment is no command: those begin with /preview.'],
    ['of a bot', { author: { __typename: 'Bot', login: 'ada' } }, 'bots cannot'],
    ['of an account that is gone', { author: null }, 'bots cannot'],
    ['of a mannequin', { author: { __typename: 'Mannequin', login: 'ada' } }, 'bots cannot'],
    ['that was answered', { answered: true }, 'The comment was answered before.'],
    [
      'of another repository',
      { repository: 'evil/apps' },
      'The comment is in evil/apps, and this run is for acme/apps.',
    ],
  ])('%s is nothing', (_, more, reason) => {
    expect(judgeComment({ ...COMMENT, ...more }, 'acme/apps')).toEqual({
      kind: 'none',
      reason: expect.stringContaining(reason),
    });
  });

  test.each<[string, Partial<FoundComment>, string]>([
    ['that was edited', { edited: true }, 'The comment was edited: what is edited is no command. Write a new one.'],
    ['on a pull request that is closed', { open: false }, 'Pull request #7 is closed.'],
  ])('%s is not obeyed, and that is told', (_, more, problem) => {
    expect(judgeComment({ ...COMMENT, ...more }, 'acme/apps')).toMatchObject({ kind: 'given', given: { problem } });
  });

  test('that has gone is nothing', () => {
    expect(judgeComment(undefined, 'acme/apps').kind).toBe('none');
  });
});

describe('a label', () => {
  test('is a command of whoever added it last', () => {
    expect(judgeLabel(LABEL)).toMatchObject({ kind: 'given', given: { by: 'ada', said: 'preview-remove' } });
  });

  test.each<[string, Partial<FoundLabel> | undefined]>([
    ['that was taken off again', { there: false }],
    ['that a bot added', { added: { by: { __typename: 'Bot', login: 'ada' }, at: at(0).toISOString() } }],
    ['that nobody is known to have added', { added: undefined }],
    ['of a pull request that is not there', undefined],
  ])('%s is nothing', (_, more) => {
    expect(judgeLabel(more && { ...LABEL, ...more }).kind).toBe('none');
  });
});

test.each<[string, FoundLabel | undefined, boolean]>([
  ['as it was', LABEL, false],
  [
    'added once more, also by another person',
    { ...LABEL, added: { by: { __typename: 'User', login: 'eve' }, at: at(1).toISOString() } },
    true,
  ],
  ['taken off', { ...LABEL, there: false }, false],
  ['of nobody', { ...LABEL, added: undefined }, false],
  ['not there', undefined, false],
])('a label that is %s when its command is answered is another command: %#', (_, label, expected) => {
  expect(wasAddedSince(label, at(0))).toBe(expected);
});

test.each<[string, string, unknown, unknown]>([
  ['a comment', 'issue_comment', { comment: { node_id: 'IC_1', body: 'x' } }, { comment: 'IC_1' }],
  [
    'a label',
    'pull_request',
    { label: { name: 'preview-wake' }, pull_request: { number: 7 } },
    { label: 'wake', pullRequest: 7 },
  ],
  ['another label', 'pull_request', { label: { name: 'bug' }, pull_request: { number: 7 } }, undefined],
  ['a push to it', 'pull_request', { pull_request: { number: 7 } }, undefined],
  ['a comment without an id', 'issue_comment', { comment: {} }, undefined],
  ['a push', 'push', {}, undefined],
])('of %s the source is taken from the event, and nothing else', (_, name, payload, source) => {
  expect(commandSource({ name, payload })).toEqual(source);
});

describe('what came to nothing', () => {
  const given = { pullRequest: 7, said: '/preview remove', by: 'eve', at: at(0) };
  const told = renderAnswers(undefined, given, 'eve may not write to acme/apps: ask somebody who may.');

  test('is told in one comment', () => {
    expect(told).toMatchSnapshot();
    expect(told).toContain(answersMarker(7));
  });

  test('told again changes nothing, also as GitHub returns it', () => {
    const again = renderAnswers(
      told.replaceAll('\n', '\r\n'),
      given,
      'eve may not write to acme/apps: ask somebody who may.',
    );
    expect(again).toBe(told);
  });

  test('fills no more than ten lines, the newest last', () => {
    let body = told;
    for (let minute = 1; minute <= 30; minute++) {
      body = renderAnswers(body, { ...given, at: at(minute) }, 'no.');
    }
    const lines = body.split('\n').filter((line) => line.startsWith('- '));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toContain('2026-11-21 09:30 UTC');
  });

  test('has no effect of its own, whatever was said', () => {
    const body = renderAnswers(
      undefined,
      { ...given, said: '/preview `@ada` <!-- ostack:preview pr-7 --> | x', by: '*eve*' },
      'line one\n- line two @ada <img src=x>',
    );
    expect(body).toMatchSnapshot();
    // It is ours, so a line by which another comment of ours is found would make it that one.
    expect(body.match(/<!--/g)).toHaveLength(1);
  });
});
