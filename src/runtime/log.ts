import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import * as core from '@actions/core';

/**
 * Prints lines to the log. Untrusted text in them (a branch, a title, a line of a diff) cannot be a workflow command.
 * Everything but constant text has to be printed with this function; `core.warning` and so on escape by themselves.
 */
export function info(text: string): void {
  core.info(inertLog(text));
}

/**
 * Text in which the runner finds no workflow command. It takes a line for one that begins with `::`, or that has `##[`
 * anywhere in it. Its comparison ignores spaces and invisible characters (a soft hyphen, a joiner, a control character)
 * between the two colons, so a visible character is put between them here.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs `TryParseV2` and `TryParse`
 */
export function inertLog(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/^[^\x21-\x7e\n]*:[^\x20-\x7e\n]*:/gm, '\\$&')
    .replace(/#[^\x20-\x7e\n]*#(?=[^\x20-\x7e\n]*\[)/g, '$& ');
}

/**
 * A stream that prints a program's output to the log, line by line, each of them inert. End it after the program, so that
 * a last line without a line break is printed too.
 */
export function inertLogStream(): Writable {
  let rest = '';
  const decoder = new StringDecoder('utf8');
  return new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      const text = rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk));
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r', text.length - 2)) + 1;
      rest = text.slice(end);
      process.stdout.write(inertLog(text.slice(0, end)), () => done());
    },
    final(done) {
      const last = rest + decoder.end();
      process.stdout.write(last === '' ? '' : `${inertLog(last)}\n`, () => done());
    },
  });
}
