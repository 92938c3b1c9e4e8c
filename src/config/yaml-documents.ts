import {
  Composer,
  type Document,
  type DocumentOptions,
  isScalar,
  Lexer,
  LineCounter,
  type ParsedNode,
  type ParseOptions,
  Parser,
  parseDocument,
  type SchemaOptions,
  visit,
  YAMLParseError,
} from 'yaml';

/**
 * Most characters of a file. The largest that people keep in an ops repository, the bundled definitions of an operator,
 * have 5 million.
 */
const MOST_CHARACTERS = 8_000_000;

/**
 * Most keys, values, signs and spaces between them, for it is these that take memory: about 200 bytes each at the worst. Five
 * million characters of definitions have 1.5 million.
 */
const MOST_LEXEMES = 1_800_000;

/** Most documents, each of which takes a kilobyte however empty it is. The largest bundles have some hundreds. */
const MOST_DOCUMENTS = 20_000;

/** Most mistakes: nobody reads more of them, and a single text between quotes may have millions. */
const MOST_MISTAKES = 1000;

/** Most levels of mappings and lists within each other. The deepest definitions of an operator have about 60. */
const MOST_LEVELS = 200;

type Parsed = Document.Parsed<ParsedNode>;

type Options = Omit<ParseOptions & DocumentOptions & SchemaOptions, 'uniqueKeys' | 'lineCounter' | 'prettyErrors'>;

/**
 * Parses YAML that anybody may have written, with time and memory bounded by its length. All YAML is read through this
 * function, for the library by itself fills the memory with forty thousand brackets, and takes time that grows with the
 * square of a mapping's keys.
 *
 * @returns the documents in order, their mistakes among their `errors` by position; text that is too long or nested too
 *   deeply is one document without content, with that as its error
 */
export function yamlDocuments(text: string, options: Options = {}): { documents: Parsed[]; lines: LineCounter } {
  return compose(text, options, false);
}

/** As `yamlDocuments`, for a text with one document: an empty text is an empty one, a second one is an error of the first. */
export function yamlDocument(text: string, options: Options = {}): { document: Parsed; lines: LineCounter } {
  const { documents, lines } = compose(text, options, true);
  const [document = refused(0, 'it cannot be read'), second] = documents;
  if (second !== undefined) {
    const [start, end] = second.range;
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'there is more than one document in it'));
  }
  return { document, lines };
}

function compose(text: string, options: Options, forceDocument: boolean): { documents: Parsed[]; lines: LineCounter } {
  const lines = new LineCounter();
  lines.addNewLine(0);
  if (text.length > MOST_CHARACTERS) {
    const size = `it has ${text.length} characters, and at most ${MOST_CHARACTERS} are read`;
    return { documents: [refused(0, size)], lines };
  }
  const traced = Error.stackTraceLimit;
  try {
    // Each mistake is an error with a trace, and a text may have a million of them.
    Error.stackTraceLimit = 0;
    const composer = new Composer({ ...options, uniqueKeys: false });
    boundMistakes(composer);
    const documents: Parsed[] = [];
    for (const document of composer.compose(tokensOf(text, lines), forceDocument, text.length)) {
      if (documents.push(document) > MOST_DOCUMENTS) {
        throw new TooMuch(document.range[0], `it has more than ${MOST_DOCUMENTS} documents`);
      }
      document.errors = [...document.errors, ...repeatedKeys(document)].sort((one, other) => one.pos[0] - other.pos[0]);
    }
    return { documents, lines };
  } catch (error) {
    if (error instanceof TooMuch) {
      return { documents: [refused(error.offset, error.message)], lines };
    }
    throw error;
  } finally {
    Error.stackTraceLimit = traced;
  }
}

/** Thrown from within the parsing, before what is too much takes memory. */
class TooMuch extends Error {
  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** Ends the parsing at one mistake too many. The library keeps all of them, and has no option for it. */
function boundMistakes(composer: Composer): void {
  const keep: unknown = Reflect.get(composer, 'onError');
  if (typeof keep !== 'function') {
    throw new Error('The YAML library keeps mistakes in another way than before: bound them in src/config.');
  }
  let count = 0;
  const keepSome = (...mistake: unknown[]) => {
    count += 1;
    if (count > MOST_MISTAKES) {
      throw new TooMuch(offsetOf(mistake[0]), `it has more than ${MOST_MISTAKES} mistakes`);
    }
    Reflect.apply(keep, composer, mistake);
  };
  Reflect.set(composer, 'onError', keepSome);
}

/** Where a mistake is, as the library tells it: a number, a range or a token. */
function offsetOf(source: unknown): number {
  const [first]: unknown[] = Array.isArray(source) ? source : [source];
  const offset = typeof first === 'object' && first !== null ? Reflect.get(first, 'offset') : first;
  return typeof offset === 'number' ? offset : 0;
}

function* tokensOf(text: string, lines: LineCounter) {
  const parser = new Parser(lines.addNewLine);
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    count += 1;
    if (parser.stack.length > MOST_LEVELS) {
      throw new TooMuch(parser.offset, `it is nested more than ${MOST_LEVELS} levels deep`);
    }
    if (count > MOST_LEXEMES) {
      throw new TooMuch(parser.offset, `it has more than ${MOST_LEXEMES} keys, values and signs`);
    }
  }
  yield* parser.end();
}

function refused(offset: number, message: string): Parsed {
  const document = parseDocument('');
  document.errors.push(new YAMLParseError([offset, offset], 'RESOURCE_EXHAUSTION', message));
  return document;
}

/** Each key after the first of its name in a mapping. */
function repeatedKeys(document: Document.Parsed): YAMLParseError[] {
  const repeated: YAMLParseError[] = [];
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (repeated.length === MOST_MISTAKES) {
          return visit.BREAK;
        }
        if (isScalar(key) && seen.size === seen.add(key.value).size) {
          const at = key.range?.[0] ?? 0;
          repeated.push(new YAMLParseError([at, at + 1], 'DUPLICATE_KEY', 'Map keys must be unique'));
        }
      }
      return undefined;
    },
  });
  return repeated;
}
