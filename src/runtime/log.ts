import { randomUUID } from 'node:crypto';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import * as core from '@actions/core';
import { visible, visibleOutput } from '../report/visible.js';

/**
 * Prints lines to the log. Untrusted text in them (a branch, a title, a line of a diff) cannot be a workflow command, and
 * nothing in it is hidden. Everything but constant text has to be printed with a function of this file.
 */
export function info(text: string): void {
  core.info(inertLog(visible(text)));
}

/** A warning of the run, at a place of a file where there is one. */
export function logWarning(message: string, at: core.AnnotationProperties = {}): void {
  core.warning(visible(message), seen(at));
}

/** An error of the run, at a place of a file where there is one. The run goes on. */
export function logError(message: string, at: core.AnnotationProperties = {}): void {
  core.error(visible(message), seen(at));
}

/** A notice of the run. */
export function logNotice(message: string, at: core.AnnotationProperties = {}): void {
  core.notice(visible(message), seen(at));
}

/** Prints lines in a group that is folded. */
export function logGroup(title: string, text: string): void {
  core.startGroup(visible(title));
  info(text);
  core.endGroup();
}

function seen(at: core.AnnotationProperties): core.AnnotationProperties {
  return { ...at, ...(at.title !== undefined && { title: visible(at.title) }) };
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
  return linesToLog((lines) => inertLog(visibleOutput(lines)));
}

/**
 * Prints what a program said as a group of the log, where no line of it is a workflow command.
 *
 * @throws what the source throws
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
 */
export async function logOutput(title: string, source: Readable): Promise<void> {
  const token = `ostack-${randomUUID()}`;
  core.startGroup(visible(title));
  core.info(`::stop-commands::${token}`);
  // The runner recognises the token only at the start of a line, where this leaves it.
  await pipeline(source, linesToLog(visibleOutput));
  core.info(`::${token}::`);
  core.endGroup();
}

/** Most bytes of a line that are kept until its end comes; a longer one is broken. */
const LONGEST_LINE = 64 * 1024;

function linesToLog(shown: (lines: string) => string): Writable {
  let rest = '';
  const decoder = new StringDecoder('utf8');
  const print = (lines: string, done: () => void) =>
    void process.stdout.write(lines === '' ? '' : shown(lines), () => done());
  return new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      const text = rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk));
      const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r', text.length - 2)) + 1;
      rest = text.slice(end);
      const isLong = rest.length > LONGEST_LINE;
      const lines = isLong ? `${text}\n` : text.slice(0, end);
      rest = isLong ? '' : rest;
      print(lines, done);
    },
    final(done) {
      const last = rest + decoder.end();
      print(last === '' ? '' : `${last}\n`, done);
    },
  });
}
