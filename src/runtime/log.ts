import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import * as core from '@actions/core';

/**
 * Prints a line or several to the log, whatever they hold: text from outside (a branch, a title, a line of a diff) is
 * never read as a workflow command. Everything that is not a constant of ours goes through here; `core.warning` and its
 * like escape by themselves.
 */
export function info(text: string): void {
  core.info(inertLog(text));
}

/**
 * Text in which the runner finds no workflow command. It takes a line for one that begins with `::`, or that has `##[`
 * anywhere in it, and compares the way a language does: spaces and what is not seen (a soft hyphen, a joiner, a control
 * character) do not keep the two colons apart. So what breaks a command up here is a sign that is seen.
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
 * Where a program's output goes on its way to the log: each line inert, as it comes. To be ended when the program has,
 * so that a last line without its end is printed too.
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
