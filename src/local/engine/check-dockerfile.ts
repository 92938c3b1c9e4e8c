import { Add, Copy, DockerfileParser, type Instruction, Keyword } from 'dockerfile-ast';
import { type ContextFile, hasSource } from './context-files.js';
import { BuildProblem, excerptOf } from './problem.js';

const KEYWORDS = new Set<string>(Object.values(Keyword));

/**
 * Finds errors in a Dockerfile that do not depend on its commands: no `FROM`, an unknown instruction, a `COPY` of
 * something that is not in the context.
 *
 * @param name the file's name as shown
 * @param target the target's name, as bake shows it
 * @throws BuildProblem with the line and BuildKit's message
 */
export function checkDockerfile(text: string, name: string, target: string, files: readonly ContextFile[]): void {
  const instructions = DockerfileParser.parse(text).getInstructions();
  if (!instructions.some((instruction) => instruction.getKeyword() === 'FROM')) {
    throw new BuildProblem('failed to solve: no build stage in current context');
  }
  for (const instruction of instructions) {
    const line = instruction.getRange().start.line + 1;
    const keyword = instruction.getKeyword();
    if (!KEYWORDS.has(keyword)) {
      throw new BuildProblem(
        `failed to solve: dockerfile parse error on line ${line}: unknown instruction: ${instruction.getInstruction()}`,
        excerptOf(name, text, line),
      );
    }
    const missing = copySources(instruction).find((source) => !hasSource(files, source));
    if (missing !== undefined) {
      const step = ` > [${target}] ${keyword} ${instruction.getArgumentsContent() ?? ''}:`;
      throw new BuildProblem(
        `failed to solve: failed to compute cache key: failed to calculate checksum: "/${missing.replace(/^(?:\.?\/)+/, '')}": not found`,
        ['------', step, '------', excerptOf(name, text, line)].join('\n'),
      );
    }
  }
}

/** What a `COPY` or `ADD` takes from the context; sources that hold a variable, a URL or a heredoc are not looked at. */
function copySources(instruction: Instruction): string[] {
  if (!(instruction instanceof Copy || instruction instanceof Add)) {
    return [];
  }
  const flags = instruction.getFlags().map((flag) => flag.getName());
  if (flags.includes('from') || instruction.getRawArgumentsContent()?.includes('<<')) {
    return [];
  }
  const list = instruction.getJSONStrings().map((word) => word.getJSONValue());
  const words = list.length > 0 ? list : instruction.getArguments().map((word) => word.getValue());
  return words.slice(0, -1).filter((source) => !/\$|^(?:https?|git|ssh):|^git@/.test(source));
}
