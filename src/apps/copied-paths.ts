import { posix } from 'node:path';
import { Add, Copy, DockerfileParser, type Instruction, JSONInstruction } from 'dockerfile-ast';
import * as v from 'valibot';
import { inside } from './config.js';
import { readData } from './dependencies/read-data.js';

/**
 * The paths and patterns that a Dockerfile takes from its context, relative to that: the sources of `COPY` and `ADD`, and what
 * `RUN` mounts. The whole context, `.`, where an argument stands for a path, and where it takes nothing: then something else
 * is meant than can be read here.
 *
 * @see https://docs.docker.com/reference/dockerfile/#copy
 */
export function copiedPaths(text: string): string[] {
  const sources = DockerfileParser.parse(text).getInstructions().flatMap(sourcesOf);
  const paths = new Set(sources.map(placeOf));
  return paths.size === 0 || paths.has('.') ? ['.'] : [...paths].sort();
}

function sourcesOf(instruction: Instruction): string[] {
  if (!(instruction instanceof JSONInstruction)) {
    return [];
  }
  const flags = instruction.getFlags().map((flag) => ({ name: flag.getName(), value: flag.getValue() ?? '' }));
  if (!(instruction instanceof Copy || instruction instanceof Add)) {
    return flags.filter(({ name }) => name === 'mount').flatMap(({ value }) => mounted(value));
  }
  if (flags.some(({ name }) => name === 'from')) {
    return [];
  }
  const words = wordsOf(instruction);
  return words.slice(0, -1).filter((word) => !/^(?:<<|[a-z][a-z+.-]*:\/\/|git@)/.test(word));
}

function wordsOf(instruction: Copy | Add): string[] {
  const content = instruction.getArgumentsContent() ?? '';
  const list = readData(v.array(v.string()), () => JSON.parse(content.slice(content.indexOf('['))));
  if (list !== undefined) {
    return list;
  }
  const words = instruction.getArguments().map((one) => ({ text: one.getValue(), line: one.getRange().start.line }));
  // The lines of a file that is written in the Dockerfile itself are no words.
  const last = words.find(({ text }) => text.startsWith('<<'))?.line ?? Number.POSITIVE_INFINITY;
  return words.filter(({ line }) => line <= last).map(({ text }) => text);
}

/** The source of a `--mount` that shows the context, as `type=bind,source=packages,target=/src`. */
function mounted(options: string): string[] {
  const values = new Map(
    options.split(',').map((option) => [option.split('=')[0], option.slice(option.indexOf('=') + 1)]),
  );
  const isContext = (values.get('type') ?? 'bind') === 'bind' && !values.has('from');
  return isContext ? [values.get('source') ?? values.get('src') ?? '.'] : [];
}

/** The place of a source in the context. It cannot leave it, and a slash before it means nothing. */
function placeOf(source: string): string {
  const plain = source.replace(/^(["'])(.*)\1$/, '$2');
  const known = plain.includes('$') ? plain.slice(0, plain.lastIndexOf('/', plain.indexOf('$')) + 1) : plain;
  const path = inside(`.${posix.normalize(`/${known}`)}`) ?? '.';
  return /^\*+$/.test(path) ? '.' : path;
}
