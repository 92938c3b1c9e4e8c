import { Add, type Dockerfile, DockerfileParser, From, type Instruction, Keyword } from 'dockerfile-ast';
import { instructionsOf } from './dockerfile.js';
import type { Frontend } from './frontend.js';
import { readsDockerfiles } from './frontend.js';

const KEYWORDS = new Set<string>(Object.values(Keyword));

/**
 * Why nobody can tell from files and base images what a Dockerfile builds, in a sentence without its full stop: it takes
 * something from elsewhere, or is not read here as the builder reads it.
 *
 * @param frontend what reads it instead of the builder's own reader
 * @returns `undefined` when it can be told
 */
export function whyUnforeseeable(text: string, file: string, frontend: Frontend | undefined): string | undefined {
  if (frontend !== undefined && !readsDockerfiles(frontend)) {
    return `${file} is read by ${frontend.name}, which may take anything from anywhere`;
  }
  const parsed = DockerfileParser.parse(text);
  return misread(parsed, file) ?? instructionsOf(parsed).flatMap((one) => remoteSource(one, file) ?? [])[0];
}

/** An instruction that this reader does not know, or that may have swallowed others. */
function misread(parsed: Dockerfile, file: string): string | undefined {
  const instructions = parsed.getInstructions();
  if (!instructions.some((instruction) => instruction instanceof From)) {
    return `${file} has no FROM`;
  }
  const wrong = instructions.find(
    (instruction) =>
      !KEYWORDS.has(instruction.getKeyword()) ||
      /\n[ \t]*(?:FROM|COPY|ADD|ONBUILD)\s/i.test(instruction.getRawArgumentsContent() ?? ''),
  );
  return wrong && `${at(file, wrong)} holds what may be an instruction of its own`;
}

/**
 * What an `ADD` takes from another server. A checksum says what it is; a commit of a repository does not, because the
 * repository's own modules come with it.
 *
 * @see https://docs.docker.com/reference/dockerfile/#add
 */
function remoteSource(instruction: Instruction, file: string): string | undefined {
  if (!(instruction instanceof Add)) {
    return undefined;
  }
  const checked = instruction
    .getFlags()
    .some((flag) => flag.getName() === 'checksum' && /^sha256:[0-9a-f]{64}$/.test(flag.getValue() ?? ''));
  const list = instruction.getJSONStrings().map((word) => word.getJSONValue());
  const words = list.length > 0 ? list : instruction.getArguments().map((word) => word.getValue());
  const remote = words
    .slice(0, -1)
    .map((word) => word.replace(/^["']/, ''))
    .find((word) => /^[A-Za-z][A-Za-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:|^github\.com\/|\$/.test(word));
  return remote === undefined || (checked && /^https?:\/\/[^$]*$/i.test(remote))
    ? undefined
    : `${at(file, instruction)} adds "${remote.slice(0, 200)}", which may be another one each time`;
}

function at(file: string, instruction: Instruction): string {
  return `${file}:${instruction.getRange().start.line + 1}`;
}
