import { type Dockerfile, DockerfileParser, From, type Instruction, JSONInstruction } from 'dockerfile-ast';

/** The images that a Dockerfile refers to. */
export interface BaseImages {
  /** Names with their arguments filled in, each once, sorted. */
  images: string[];
  /** Names, as they are written, that hold an argument without a value. */
  unknown: string[];
}

/**
 * The images that a build starts from or copies from: `FROM`, `COPY --from` and `RUN --mount=…,from=`. Stages of the
 * same file and `scratch` are none; arguments before the first `FROM` are filled in from their defaults and `args`.
 *
 * @param text a Dockerfile
 * @param args build arguments, which win over defaults in the file
 * @see https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
 */
export function baseImages(text: string, args: Record<string, string> = {}): BaseImages {
  const file = DockerfileParser.parse(text);
  const values = initialArguments(file, args);
  const stages = new Set<string>();
  const images = new Set<string>();
  const unknown = new Set<string>();
  for (const instruction of file.getInstructions()) {
    for (const written of sourcesOf(instruction)) {
      const name = expand(written, values);
      if (name === undefined || name === '') {
        unknown.add(written);
      } else if (name !== 'scratch' && !stages.has(name.toLowerCase()) && !/^\d+$/.test(name)) {
        images.add(name);
      }
    }
    if (instruction instanceof From) {
      stages.add(instruction.getBuildStage()?.toLowerCase() ?? '');
    }
  }
  return { images: [...images].sort(), unknown: [...unknown].sort() };
}

function initialArguments(file: Dockerfile, args: Record<string, string>): Map<string, string> {
  const values = new Map<string, string>();
  for (const arg of file.getInitialARGs()) {
    const property = arg.getProperty();
    const name = property?.getName() ?? '';
    const value = args[name] ?? expand(property?.getValue() ?? '', values);
    if (value !== undefined) {
      values.set(name, value);
    }
  }
  return values;
}

/** The images or stages that one instruction names. */
function sourcesOf(instruction: Instruction): string[] {
  if (instruction instanceof From) {
    return [instruction.getImage() ?? ''];
  }
  if (!(instruction instanceof JSONInstruction)) {
    return [];
  }
  return instruction
    .getFlags()
    .flatMap((flag) => (flag.getName() === 'from' ? [flag.getValue() ?? ''] : mountSources(flag.getValue() ?? '')));
}

/** The `from` of a `--mount=type=bind,from=image,…`. */
function mountSources(options: string): string[] {
  return [...options.matchAll(/(?:^|,)from=([^,]+)/g)].map((match) => match[1] ?? '');
}

/** Fills in `$name`, `${name}`, `${name:-word}` and `${name:+word}`. @returns `undefined` when one has no value */
function expand(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let known = true;
  const result = text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])([^}]*))?\})/g,
    (_all, bare?: string, braced?: string, operator?: string, word = '') => {
      const value = values.get(bare ?? braced ?? '') ?? '';
      if (operator === '+') {
        return value === '' ? '' : word;
      }
      known &&= value !== '' || operator === '-';
      return value === '' ? word : value;
    },
  );
  return known ? result.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}
