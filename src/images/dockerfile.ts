import { DockerfileParser, From, JSONInstruction } from 'dockerfile-ast';

/**
 * The images that a build starts from or copies from: `FROM`, `COPY --from` and `RUN --mount=…,from=`. Stages of the
 * same file and `scratch` are none; arguments before the first `FROM` are filled in from their defaults and `args`.
 *
 * @param text a Dockerfile
 * @param args build arguments, which win over defaults in the file
 * @returns names with their arguments filled in, each once, sorted, and those that hold an argument without a value
 * @see https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
 */
export function baseImages(text: string, args: Record<string, string> = {}): { images: string[]; unknown: string[] } {
  const file = DockerfileParser.parse(text);
  const values = new Map<string, string>();
  for (const arg of file.getInitialARGs()) {
    const property = arg.getProperty();
    const name = property?.getName() ?? '';
    const value = args[name] ?? expand(property?.getValue() ?? '', values);
    if (value !== undefined) {
      values.set(name, value);
    }
  }
  const stages = new Set<string>();
  const images = new Set<string>();
  const unknown = new Set<string>();
  const add = (written: string) => {
    const name = expand(written, values);
    if (name === undefined || name === '') {
      unknown.add(written);
    } else if (name !== 'scratch' && !stages.has(name.toLowerCase()) && !/^\d+$/.test(name)) {
      images.add(name);
    }
  };
  for (const instruction of file.getInstructions()) {
    if (instruction instanceof From) {
      add(instruction.getImage() ?? '');
      stages.add(instruction.getBuildStage()?.toLowerCase() ?? '');
    } else if (instruction instanceof JSONInstruction) {
      for (const flag of instruction.getFlags()) {
        for (const name of flag.getName() === 'from' ? [flag.getValue()] : mountSources(flag.getValue())) {
          add(name ?? '');
        }
      }
    }
  }
  return { images: [...images].sort(), unknown: [...unknown].sort() };
}

/** The `from` of a `--mount=type=bind,from=image,…`. */
function mountSources(options: string | null): string[] {
  return [...(options ?? '').matchAll(/(?:^|,)from=([^,]+)/g)].map((match) => match[1] ?? '');
}

/** Fills in `$name`, `${name}`, `${name:-word}` and `${name:+word}`. @returns `undefined` when one has no value */
function expand(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let known = true;
  const result = text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])([^}]*))?\})/g,
    (
      _all,
      bare: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
    ) => {
      const value = values.get(bare ?? braced ?? '');
      if (operator === '+') {
        return value === undefined || value === '' ? '' : (word ?? '');
      }
      if (value === undefined || value === '') {
        known &&= operator === '-';
        return word ?? '';
      }
      return value;
    },
  );
  return known ? result.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}
