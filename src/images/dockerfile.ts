import {
  type Arg,
  type Dockerfile,
  DockerfileParser,
  type Flag,
  From,
  type Instruction,
  JSONInstruction,
  Onbuild,
} from 'dockerfile-ast';

/** A place in a file, lines and characters counted from 0. */
type Range = ReturnType<Instruction['getRange']>;

/** The images that a Dockerfile refers to. */
export interface BaseImages {
  /** Names with their arguments filled in, each once, sorted. */
  images: string[];
  /** Names, as they are written, that do not tell which image it is. */
  unknown: string[];
}

/** One place of a Dockerfile that names an image. */
export interface ImagePlace {
  /** The image, `undefined` when it cannot be told. */
  name: string | undefined;
  /** As it is written. */
  written: string;
  /** Where the name is written. */
  range: Range;
}

/** Set by the builder, each platform's own: a default of the file does not count. */
const AUTOMATIC = /^(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)$|^TARGETSTAGE$/;

/**
 * The images that a build starts from or copies from: `FROM`, `COPY --from` and `RUN --mount=…,from=`. Stages of the
 * same file and `scratch` are none; arguments before the first `FROM` are filled in from their defaults and `args`.
 *
 * @param text a Dockerfile
 * @param args build arguments, which win over defaults in the file
 * @see https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
 */
export function baseImages(text: string, args: Record<string, string> = {}): BaseImages {
  const images = new Set<string>();
  const unknown = new Set<string>();
  for (const { name, written } of imagePlaces(text, args)) {
    if (name === undefined) {
      unknown.add(written);
    } else {
      images.add(name);
    }
  }
  return { images: [...images].sort(), unknown: [...unknown].sort() };
}

/** Every place that names an image, in the order of the file. Takes what `baseImages` takes. */
export function imagePlaces(text: string, args: Record<string, string> = {}): ImagePlace[] {
  const file = DockerfileParser.parse(text);
  const values = initialArguments(file, args);
  const every = new Set(file.getFROMs().flatMap((from) => stageOf(from) ?? []));
  const before = new Set<string>();
  return instructionsOf(file).flatMap((instruction) => {
    const from = instruction instanceof From;
    const named = sourcesOf(instruction).map(({ written, range }) => {
      // Only `FROM` takes arguments, and those before the first one.
      const name = from ? expand(written, values) : /[$"'\\]/.test(written) ? undefined : written;
      return { name: name === '' ? undefined : name, written, range };
    });
    const places = named
      .filter(({ name }) => name !== 'scratch' && !isStage(name, from ? before : every, !from))
      // A later stage of the image's own name: neither a person nor a pin can tell the two apart.
      .map((place) => (isStage(place.name, every, false) ? { ...place, name: undefined } : place));
    if (from) {
      before.add(stageOf(instruction) ?? '');
    }
    return places;
  });
}

function stageOf(from: From): string | undefined {
  return from.getBuildStage()?.toLowerCase();
}

/** @param numbered whether stages have numbers too */
function isStage(name: string | undefined, stages: ReadonlySet<string>, numbered: boolean): boolean {
  return name !== undefined && (stages.has(name.toLowerCase()) || (numbered && /^\d+$/.test(name)));
}

/** The instructions of a file; of `ONBUILD`, the one that it holds, which a stage that starts from this one runs. */
export function instructionsOf(file: Dockerfile): Instruction[] {
  return file
    .getInstructions()
    .map((instruction) =>
      instruction instanceof Onbuild ? (instruction.getTriggerInstruction() ?? instruction) : instruction,
    );
}

function initialArguments(file: Dockerfile, args: Record<string, string>): Map<string, string> {
  const values = new Map<string, string>();
  for (const arg of file.getInitialARGs()) {
    for (const [name, written] of defaultsOf(arg)) {
      values.delete(name);
      const value = Object.hasOwn(args, name) ? args[name] : expand(written ?? '', values);
      if (value !== undefined && !AUTOMATIC.test(name)) {
        values.set(name, value);
      }
    }
  }
  return values;
}

/** Names with their defaults, `undefined` for one whose quotes or escapes would have to be undone. */
function defaultsOf(arg: Arg): [string, string | undefined][] {
  const raw = arg.getRawArgumentsContent() ?? '';
  const plain = !raw.includes('\\') && !(raw.includes("'") && raw.includes('$'));
  return arg
    .getProperties()
    .map((property) => [property.getName(), plain ? (property.getValue() ?? undefined) : undefined]);
}

interface Source {
  written: string;
  range: Range;
}

/** The images or stages that one instruction names. */
function sourcesOf(instruction: Instruction): Source[] {
  if (instruction instanceof From) {
    const range = instruction.getImageRange();
    return range === null ? [] : [{ written: instruction.getImage() ?? '', range }];
  }
  return instruction instanceof JSONInstruction ? instruction.getFlags().flatMap(flagSources) : [];
}

function flagSources(flag: Flag): Source[] {
  const written = flag.getValue() ?? '';
  const range = flag.getValueRange();
  if (range === null) {
    return [];
  }
  return flag.getName() === 'from' ? [{ written, range }] : mountSources(written, range);
}

/** The `from` of a `--mount=type=bind,from=image,…`; options with quotes are given whole, as nobody's name. */
function mountSources(options: string, { start, end }: Range): Source[] {
  if (/["'\\]/.test(options)) {
    return /from/i.test(options) ? [{ written: options, range: { start, end } }] : [];
  }
  return [...options.matchAll(/(?<=^|,)from=([^,]*)/gi)].map((match) => {
    const character = start.character + match.index + 'from='.length;
    const written = match[1] ?? '';
    const range = { start: { ...start, character }, end: { ...start, character: character + written.length } };
    return { written, range };
  });
}

/** Fills in `$name`, `${name}`, `${name:-word}` and `${name:+word}`. @returns `undefined` when one has no value */
function expand(text: string, values: ReadonlyMap<string, string>): string | undefined {
  let known = true;
  const result = text.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?([-+])([^}$]*))?\})/g,
    (_all, bare?: string, braced?: string, operator?: string, word = '') => {
      const name = bare ?? braced ?? '';
      const value = values.get(name) ?? '';
      known &&= !AUTOMATIC.test(name);
      if (operator === '+') {
        return value === '' ? '' : word;
      }
      known &&= value !== '' || operator === '-';
      return value === '' ? word : value;
    },
  );
  // What is left of a form that is not known here is no part of a name.
  return known && !/[$\\]/.test(result) ? result.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}
