import { DockerfileParser } from 'dockerfile-ast';

/** What the output of a failed build says. */
export interface BuildFailure {
  /** The target at fault; `undefined` when the output does not name it. */
  target: string | undefined;
  /** Line in its Dockerfile, from 1. */
  line: number | undefined;
  /** The instruction at that line. */
  instruction: string | undefined;
  reason: string;
}

/** A target that was built, for finding whose Dockerfile an excerpt shows. */
export interface BuiltTarget {
  name: string;
  /** Text of its Dockerfile. */
  dockerfile: string;
  /** The Dockerfile's path. */
  file: string;
}

/**
 * Reads BuildKit's plain output of a failed build: the failed step (` > [web 2/3] RUN …:`), the excerpt of the
 * Dockerfile (`Dockerfile:3` and the line marked `>>>`), and the last `ERROR:`. With one target the step has no target's
 * name. A Dockerfile that cannot be parsed has no step; its target is found by the marked line.
 */
export function readBuildFailure(output: string, targets: readonly BuiltTarget[]): BuildFailure {
  const lines = output.replace(/\r/g, '').split('\n');
  const errors = lines.flatMap((line) => /^ERROR: (.+)$/.exec(line)?.[1] ?? []);
  const excerpt = readExcerpt(lines);
  const reason = (errors.at(-1) ?? lines.filter((line) => line.trim() !== '').at(-1) ?? 'no output')
    .replace(/^(?:failed to build: |target \S+: |failed to solve: |failed to compute cache key: )+/, '')
    .replace(/failed to calculate checksum of ref \S+: /, '');
  return {
    target: onlyTarget(fittingTargets(excerpt, targets)) ?? namedTarget(lines, targets),
    line: excerpt?.line,
    instruction: excerpt?.marked?.trim(),
    reason: /content digest \S+: not found/.test(reason) ? `${reason}. ${LAZY_BASE}` : reason,
  };
}

/** @see https://github.com/moby/buildkit/issues/4793 */
const LAZY_BASE =
  'BuildKit before 0.14 says this of an image that adds no file to its base image. Use a newer docker, or let the image COPY or RUN something';

interface Excerpt {
  file: string;
  line: number;
  marked: string | undefined;
}

/** `Dockerfile:3`, a rule, numbered lines, `>>>` before those at fault. */
function readExcerpt(lines: readonly string[]): Excerpt | undefined {
  for (const [index, line] of lines.entries()) {
    const place = /^(\S+):(\d+)$/.exec(line);
    if (place !== null && /^-{10,}$/.test(lines[index + 1] ?? '')) {
      const marked = lines
        .slice(index + 2)
        .map((shown) => /^\s*\d+ \| >>> (.*)$/.exec(shown)?.[1])
        .find((shown) => shown !== undefined);
      return { file: place[1] ?? '', line: Number(place[2]), marked };
    }
  }
  return undefined;
}

/** The target of the failed step. Cancelled steps of other targets, and internal steps, may be listed too. */
function namedTarget(lines: readonly string[], targets: readonly BuiltTarget[]): string | undefined {
  const names = new Set(targets.map(({ name }) => name));
  const named = [/^ERROR: (?:failed to build: )?target (\S+): /, /^ > \[([^\s\]]+) (?!internal\])/, /^ > \[([^\s\]]+)/]
    .flatMap((form) => lines.map((line) => form.exec(line)?.[1]))
    .find((name) => name !== undefined && names.has(name));
  return named ?? onlyTarget(targets);
}

/** The targets whose Dockerfile has the marked line at that number. */
function fittingTargets(excerpt: Excerpt | undefined, targets: readonly BuiltTarget[]): BuiltTarget[] {
  return targets.filter(
    ({ dockerfile, file }) =>
      excerpt !== undefined &&
      (file === excerpt.file || file.endsWith(`/${excerpt.file}`)) &&
      dockerfile.split(/\r?\n/)[excerpt.line - 1]?.trim() === excerpt.marked?.trim(),
  );
}

function onlyTarget(targets: readonly BuiltTarget[]): string | undefined {
  return targets.length === 1 ? targets[0]?.name : undefined;
}

/**
 * Reads buildah's output of a failed build: the last step it began and its last `Error:`.
 *
 * @param dockerfile text of the Dockerfile that was built
 */
export function readBuildahFailure(output: string, target: BuiltTarget): BuildFailure {
  const steps = [...output.matchAll(/^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: (.+)$/gm)].map((match) =>
    squeeze(match[1] ?? ''),
  );
  const error = [...output.matchAll(/^Error: (.+)$/gm)].at(-1)?.[1] ?? 'no reason given';
  const began = steps.at(-1);
  const failed = DockerfileParser.parse(target.dockerfile)
    .getInstructions()
    .find(
      (instruction) => squeeze(`${instruction.getInstruction()} ${instruction.getRawArgumentsContent()}`) === began,
    );
  return {
    target: target.name,
    line: failed && failed.getRange().start.line + 1,
    instruction: failed && began,
    reason: error.replace(/^building at STEP ".*?": /, '').replace(/ &imagebuilder\.Step\{.*$/, ''),
  };
}

/** Whitespace and line continuations as one space: buildah shows an instruction on one line. */
function squeeze(text: string): string {
  return text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
