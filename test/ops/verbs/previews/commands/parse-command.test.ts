// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { commandHelp } from '../../../../../src/ops/verbs/previews/commands/command-help.js';
import { commandOfLabel, parseCommand } from '../../../../../src/ops/verbs/previews/commands/parse-command.js';

const HOUR = 3_600_000;

describe('a comment', () => {
  test.each<[string, string, number | undefined]>([
    ['/preview keep 48h', 'keep', 48 * HOUR],
    ['/preview keep 1d12h', 'keep', 36 * HOUR],
    ['/preview keep', 'keep', undefined],
    ['/preview redeploy', 'redeploy', undefined],
    ['/preview remove', 'remove', undefined],
    ['/preview sleep', 'sleep', undefined],
    ['/preview   wake', 'wake', undefined],
    ['/preview\twake', 'wake', undefined],
    ['/preview wake \r\n\r\n', 'wake', undefined],
  ])('%j is a command', (body, verb, forMs) => {
    expect(parseCommand(body)).toEqual({ kind: 'command', verb, forMs });
  });

  test.each([
    '',
    'LGTM',
    '> /preview remove',
    '```\n/preview remove\n```',
    '`/preview remove`',
    'Please /preview remove',
    'On Monday ada wrote:\n/preview remove',
    '<!-- -->\n/preview remove',
    '<!-- /preview remove -->',
    '- /preview remove',
    '/previews remove',
    '/preview-remove',
    '/Preview remove',
    '\\/preview remove',
    '    /preview remove',
    '\t/preview remove',
    '  /preview remove',
    '\r\n\r\n    /preview remove',
    '\u00a0/preview remove',
    '\ufeff/preview remove',
    '\u200b/preview remove',
    '/preview\u00a0remove',
  ])('%j is none', (body) => {
    expect(parseCommand(body)).toBeUndefined();
  });

  const ONE_LINE = 'A command is the whole comment, one line.';
  const VERBS = 'Expected one of keep, redeploy, remove, sleep, wake after /preview.';
  const DURATION = 'Expected a duration after keep, such as 48h or 3d.';
  test.each([
    ['/preview', VERBS],
    ['/preview delete', VERBS],
    ['/preview Remove', VERBS],
    ['/preview constructor', VERBS],
    ['/preview $(id)', VERBS],
    ['/preview remove\u200b', VERBS],
    ['/preview r\u0435move', VERBS],
    ['/preview sleep\r/preview remove', VERBS],
    ['/preview sleep\u2028/preview remove', VERBS],
    ['/preview sleep\r\n/preview remove', ONE_LINE],
    ['/preview sleep <!-- /preview remove -->', 'Expected nothing after sleep.'],
    ['/preview remove\nif you can', ONE_LINE],
    ['/preview\nremove', ONE_LINE],
    [`/preview keep ${'1'.repeat(300)}h`, ONE_LINE],
    ['/preview remove now', 'Expected nothing after remove.'],
    ['/preview wake && rm -rf /', 'Expected nothing after wake.'],
    ['/preview keep for ever', DURATION],
    ['/preview keep -1h', DURATION],
    ['/preview keep 0h', DURATION],
    ['/preview keep 48', DURATION],
    ['/preview keep 48h 3d', DURATION],
    ['/preview keep 99999999999999999999w', DURATION],
    ['/preview keep ${{ secrets.X }}', DURATION],
  ])('%j is told what is wrong', (body, problem) => {
    expect(parseCommand(body)).toEqual({ kind: 'unclear', problem });
  });
});

test.each([
  ['preview-keep', 'keep'],
  ['preview-remove', 'remove'],
  ['preview', undefined],
  ['preview-', undefined],
  ['preview-keep 48h', undefined],
  ['preview-images', undefined],
  ['Preview-keep', undefined],
])('the label %j is the command %s', (label, verb) => {
  expect(commandOfLabel(label)).toBe(verb);
});

test('what people are told to write is a command, and so are the labels', () => {
  for (const { command, label } of commandHelp(36 * HOUR)) {
    const parsed = parseCommand(command);
    expect(parsed).toMatchObject({ kind: 'command', verb: commandOfLabel(label) });
  }
  expect(commandHelp(undefined).map(({ command }) => command)).toEqual([
    '/preview redeploy',
    '/preview remove',
    '/preview sleep',
    '/preview wake',
  ]);
});
