/**
 * Workflow commands: lines that a step prints to talk to the runner.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
import type { Annotation } from './events.js';

export interface Command {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/** Invisible characters, which the runner's culture-sensitive comparison ignores. */
const UNSEEN = /[\p{Cf}\p{Cc}]/gu;

/**
 * Reads `::name key=value,key=value::message` at the start of a line, or the older `##[name key=value;key=value]message`
 * anywhere in it.
 *
 * @returns `undefined` for any other line
 *
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function parseCommand(line: string): Command | undefined {
  const text = line.replace(UNSEEN, (sign) => (sign === '\t' || sign === '\n' ? sign : ''));
  return parseColons(text) ?? parseBrackets(text);
}

function parseColons(text: string): Command | undefined {
  const match = /^\s*::([A-Za-z0-9][A-Za-z0-9_-]*)(?: ([^\n]*?))?::(.*)$/s.exec(text);
  return match === null ? undefined : command(match, ',', decodeProperty, decodeData);
}

function parseBrackets(text: string): Command | undefined {
  const match = /##\[([A-Za-z0-9][A-Za-z0-9_-]*)(?: ([^\]]*))?\](.*)$/s.exec(text);
  return match === null ? undefined : command(match, ';', decodeBracketed, decodeBracketed);
}

function command(
  [, name = '', properties = '', message = '']: RegExpExecArray,
  separator: string,
  property: (text: string) => string,
  data: (text: string) => string,
): Command {
  const pairs = properties.split(separator).flatMap((pair): [string, string][] => {
    const equals = pair.indexOf('=');
    return equals > 0 ? [[pair.slice(0, equals).trim(), property(pair.slice(equals + 1))]] : [];
  });
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), message: data(message) };
}

function decodeBracketed(text: string): string {
  return decodeData(text.replaceAll('%3B', ';').replaceAll('%5D', ']'));
}

function decodeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function decodeProperty(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

/** Receives the commands and the plain lines of a step. */
export interface CommandSink {
  log(text: string): void;
  group(title: string): void;
  groupEnd(): void;
  annotation(annotation: Annotation): void;
  mask(value: string): void;
  output(name: string, value: string): void;
  state(name: string, value: string): void;
  /** Called with GitHub's message for a command that GitHub refuses. */
  refuse(message: string): void;
}

/** Reads the output of one step line by line; between `stop-commands` and its token, commands are plain lines. */
export class CommandReader {
  #stopped: string | undefined;

  constructor(
    private readonly sink: CommandSink,
    private readonly debug: boolean,
  ) {}

  /** Handles one line of output, without its line break. */
  read(line: string): void {
    const command = parseCommand(line);
    if (this.#stopped !== undefined) {
      if (command?.name === this.#stopped.toLowerCase()) {
        this.#stopped = undefined;
      } else {
        this.sink.log(line);
      }
      return;
    }
    if (command === undefined || !this.#handle(command)) {
      this.sink.log(line);
    }
  }

  #handle(command: Command): boolean {
    const { sink } = this;
    switch (command.name) {
      case 'error':
      case 'warning':
      case 'notice':
        sink.annotation(annotationOf(command.name, command));
        return true;
      case 'group':
        sink.group(command.message);
        return true;
      case 'endgroup':
        sink.groupEnd();
        return true;
      case 'debug':
        if (this.debug) {
          sink.log(`##[debug]${command.message}`);
        }
        return true;
      case 'add-mask':
        if (command.message.trim() !== '') {
          sink.mask(command.message);
        }
        return true;
      case 'stop-commands':
        this.#stopped = command.message;
        return true;
      case 'set-output':
        sink.output(command.properties.name ?? '', command.message);
        return true;
      case 'save-state':
        sink.state(command.properties.name ?? '', command.message);
        return true;
      case 'set-env':
      case 'add-path':
        sink.refuse(
          `The \`${command.name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`.`,
        );
        return true;
      case 'echo':
      case 'add-matcher':
      case 'remove-matcher':
        return true;
      default:
        return false;
    }
  }
}

function annotationOf(level: Annotation['level'], { properties, message }: Command): Annotation {
  const annotation: Annotation = { level, message };
  if (properties.title !== undefined) {
    annotation.title = properties.title;
  }
  if (properties.file !== undefined) {
    annotation.file = properties.file;
  }
  const numbers = { line: 'line', endLine: 'endLine', col: 'column', endColumn: 'endColumn' } as const;
  for (const [property, key] of Object.entries(numbers)) {
    const value = Number(properties[property]);
    if (properties[property] !== undefined && Number.isInteger(value)) {
      annotation[key] = value;
    }
  }
  return annotation;
}
