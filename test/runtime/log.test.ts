import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CommandReader } from '../../src/local/runner/commands.js';
import { inertLog, logOutput } from '../../src/runtime/log.js';
import { anyText } from '../support/any-text.js';
import { printedBy } from '../support/printed-by.js';
import { sourceFiles } from '../support/sources.js';

/** What the runner would do because of a text, command by command. */
function commandsIn(text: string): string[] {
  const done: string[] = [];
  const note = (name: string) => () => void done.push(name);
  const reader = new CommandReader(
    {
      log: () => {},
      group: note('group'),
      groupEnd: note('endgroup'),
      annotation: note('annotation'),
      mask: note('add-mask'),
      output: note('set-output'),
      state: note('save-state'),
      refuse: note('set-env'),
    },
    false,
  );
  for (const line of text.split(/\r\n|\r|\n/)) {
    reader.read(line);
  }
  return done;
}

const COMMANDS: [string, string][] = [
  ['a command', '::set-output name=image::stolen'],
  ['a command after a line break', 'x\n::add-mask::a'],
  ['a command after a carriage return', 'x\r::save-state name=a::b'],
  ['a command after spaces', ' \t\u00a0\u0085::set-output name=a::b'],
  ['a command behind a sign that is not seen', '\u200b::set-output name=a::b'],
  ['a command with a sign between the colons that is not seen', ':\u00ad:set-output name=a::b'],
  ['a command in brackets, anywhere', 'my-app: ##[set-output name=image;]stolen'],
  ['a command in brackets with a sign in it that is not seen', 'x #\u2060#\u200d[add-mask]a'],
  ['a command behind many hashes', '#####[add-mask]a'],
];

describe('text for the log', () => {
  test.each(COMMANDS)('%s is none', (_what, text) => {
    expect(commandsIn(text)).not.toEqual([]);
    expect(commandsIn(inertLog(text))).toEqual([]);
  });

  test.each([
    'Released my-app 1.2.0: https://github.com/acme/apps (was 1.1.0)',
    'std::vector::size',
    '## Status\n\n| app | version |',
    'résumé: 12:30::45',
  ])('%j stays as it is', (text) => {
    expect(inertLog(text)).toBe(text);
  });

  test('no text is a command, whatever it is made of', () => {
    const part = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('::', ':', '##[', '#', '[', ']', '\n', '\r', ' ', '\u200b', '\u0085', '\ud800'),
      },
      fc.constantFrom('add-mask', 'set-output name=a', 'group', 'endgroup', 'error', 'stop-commands'),
      anyText({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(commandsIn(inertLog(parts.join('')))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

test.each<[string, string[]]>([
  ['nothing', []],
  ['lines in pieces', ['a\n::set-out', 'put name=image::stolen\n']],
  ['a line without an end', ['##[add-mask]a']],
  ['a line that is longer than what is kept', ['x'.repeat(70_000), '::add-mask::a']],
  ['carriage returns', ['\r', '\r', '::add-mask::a\r']],
])('a program that prints %s prints no command, and is told to its end', async (_what, said) => {
  const { printed } = await printedBy(() => logOutput('It says', Readable.from(said)));
  expect(commandsIn(printed)).toEqual(['group', 'endgroup']);
  expect(printed.replace(/\s/g, '')).toContain(said.join('').replace(/\s/g, ''));
});

test('nothing is printed past it: no other file of an action or a domain calls core.info', async () => {
  const root = join(import.meta.dirname, '..', '..', 'src');
  const files = (await readdir(root, { recursive: true })).filter(
    (path) => path.endsWith('.ts') && !path.startsWith('local/') && path !== 'runtime/log.ts',
  );
  const texts = await Promise.all(
    files.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
  );
  expect(texts.filter(({ text }) => /core\.info\(/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('no source prints in another way', async () => {
  const files = await sourceFiles(/^(?:local|cli|runtime)\//);
  const others = files.filter(({ text }) =>
    /\bcore\.(?:warning|error|notice|setFailed)\b|\bconsole\.|process\.std(?:out|err)\b/.test(text),
  );
  expect(others.map(({ file }) => file)).toEqual([]);
});
