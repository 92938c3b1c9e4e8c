import { describe, expect, test } from '@jest/globals';
import { CommandReader, parseCommand } from '../../../src/local/runner/commands.js';
import { parsePairs } from '../../../src/local/runner/files.js';
import { Masker } from '../../../src/local/runner/masker.js';

describe('a workflow command', () => {
  test.each([
    ['::error::It broke', { name: 'error', properties: {}, message: 'It broke' }],
    [
      '::error file=a%2Cb.js,line=3,title=A%3A b::50%25 of%0Alines',
      { name: 'error', properties: { file: 'a,b.js', line: '3', title: 'A: b' }, message: '50% of\nlines' },
    ],
    ['::group::Install', { name: 'group', properties: {}, message: 'Install' }],
    ['::endgroup::', { name: 'endgroup', properties: {}, message: '' }],
    ['  ::notice::indented', { name: 'notice', properties: {}, message: 'indented' }],
    ['text ::error::not at the start', undefined],
    ['an old one, ##[set-output name=a;]b%3Bc', { name: 'set-output', properties: { name: 'a' }, message: 'b;c' }],
    ['\u200b:\u00ad:error::with signs not seen', { name: 'error', properties: {}, message: 'with signs not seen' }],
    ['std::vector::size', undefined],
  ])('%s', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  function read(lines: string[]): string[] {
    const seen: string[] = [];
    const note =
      (kind: string) =>
      (...values: unknown[]) =>
        void seen.push(
          [kind, ...values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))].join(' '),
        );
    const reader = new CommandReader(
      {
        log: note('log'),
        group: note('group'),
        groupEnd: note('end'),
        annotation: note('annotation'),
        mask: note('mask'),
        output: note('output'),
        state: note('state'),
        refuse: note('refuse'),
      },
      false,
    );
    for (const line of lines) {
      reader.read(line);
    }
    return seen;
  }

  test('is done, and other lines are logged', () => {
    expect(
      read([
        'hello',
        '::group::A',
        'inside',
        '::endgroup::',
        '::warning line=2::Careful',
        '::add-mask::s3cret',
        '::debug::x',
        '::unknown::x',
      ]),
    ).toEqual([
      'log hello',
      'group A',
      'log inside',
      'end',
      'annotation {"level":"warning","message":"Careful","line":2}',
      'mask s3cret',
      'log ::unknown::x',
    ]);
  });

  test('is only text between stop-commands and its token', () => {
    expect(read(['::stop-commands::pause-1', '::error::no', '::pause-1::', '::error::yes'])).toEqual([
      'log ::error::no',
      'annotation {"level":"error","message":"yes"}',
    ]);
  });

  test('that GitHub has disabled is refused', () => {
    expect(read(['::set-env name=A::1'])).toEqual([
      expect.stringContaining('refuse The `set-env` command is disabled'),
    ]);
  });
});

describe('a file command', () => {
  test.each([
    ['a=1\nb=x=y\n', { a: '1', b: 'x=y' }],
    ['a<<EOF\none\ntwo\nEOF\nb=2', { a: 'one\ntwo', b: '2' }],
    ['a<<EOF\nEOF\n', { a: '' }],
    ['a=<<not a block\n', { a: '<<not a block' }],
    ['', {}],
  ])('%j', (text, pairs) => {
    expect(parsePairs(text)).toEqual(pairs);
  });

  test.each([
    ['nonsense', "Invalid format 'nonsense'"],
    ['a<<EOF\none', "Invalid value. Matching delimiter not found 'EOF'"],
    ['=1', "Invalid format '=1'"],
  ])('%j is an error', (text, message) => {
    expect(() => parsePairs(text)).toThrow(message);
  });
});

describe('masking', () => {
  test('hides a secret, each line of it, and its forms in JSON, URLs and Base64', () => {
    const masker = new Masker();
    masker.add('top "secret"\nsecond/line');
    const basic = Buffer.from('x-access-token:second/line').toString('base64');
    expect(masker.mask('a top "secret" b')).toBe('a *** b');
    expect(masker.mask(JSON.stringify({ key: 'top "secret"' }))).toBe('{"key":"***"}');
    expect(masker.mask('https://x/?q=second%2Fline')).toBe('https://x/?q=***');
    expect(masker.mask(`Authorization: Basic ${basic}`)).toBe('Authorization: Basic ***');
    expect(masker.hides('nothing to see')).toBe(false);
  });

  test('hides the longer one of two secrets that start alike', () => {
    const masker = new Masker();
    masker.add('abc');
    masker.add('abcdef');
    expect(masker.mask('abcdef abc')).toBe('*** ***');
  });
});
