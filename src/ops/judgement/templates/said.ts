import type { Action, Command, Operand } from './action.js';

/** What an action may put into a text. */
export interface Sayings {
  /** Texts and numbers. */
  literals: readonly Literal[];
  /** Values of the chart, as paths: `image.tag`. */
  values: readonly string[];
  /** Files of the chart. */
  files: readonly string[];
  /** Fields of the chart: `AppVersion`. */
  fields: readonly Literal[];
  variables: readonly string[];
  /** Definitions that it includes; `undefined` for one whose name is made. */
  includes: readonly (string | undefined)[];
}

/** A text that an action has, or a field, and the values that count before it where it is a default. */
export interface Literal {
  text: string;
  unless: readonly string[];
  /** Whether it says how others are put together. */
  isFormat: boolean;
}

const NONE: Sayings = { literals: [], values: [], files: [], fields: [], variables: [], includes: [] };

/** Functions that answer yes or no. */
const ASKING = new Set(
  'eq ne lt le gt ge not hasKey has hasPrefix hasSuffix contains regexMatch mustRegexMatch semverCompare kindIs typeIs empty fail'.split(
    ' ',
  ),
);
/** Functions of which literals say what is taken, and nothing of it. */
const TAKING = new Set(
  (
    'index get pluck pick omit trimPrefix trimSuffix trimAll trunc nindent indent splitList split splitn substr slice until untilStep ' +
    'repeat add sub mul div mod round int int64 float64 lookup required first last rest initial toYaml toJson regexFind regexSplit'
  ).split(' '),
);
const DEFAULTING = new Set(['default', 'coalesce', 'or', 'dig']);

/** What an action may put into a text, of all that it says. */
export function sayingsOf(action: Action): Sayings {
  return ofPipeline(action.commands, () => true);
}

/** The same, of what it puts under keys of mappings that it makes. */
export function sayingsUnder(action: Action, isKey: (key: string) => boolean): Sayings {
  const inner = (command: Command): Sayings[] => [
    ...(/^(dict|set)$/.test(nameOf(command)) ? [ofCommand(command, [], isKey)] : []),
    ...command.flatMap((each) => (each.kind === 'pipeline' ? each.commands.flatMap(inner) : [])),
  ];
  return joined(action.commands.flatMap(inner));
}

function ofPipeline(commands: readonly Command[], isKey: (key: string) => boolean): Sayings {
  // What comes out of one command is the last that the next is given.
  let piped: Operand[] = [];
  let all = NONE;
  for (const command of commands) {
    const own = ofCommand(command, piped, isKey);
    all = ASKING.has(nameOf(command)) ? NONE : joined([all, own]);
    piped = [{ kind: 'pipeline', commands: [command] }];
  }
  return all;
}

function nameOf([first]: Command): string {
  return first?.kind === 'word' ? first.name : first?.kind === 'field' ? first.names.join('.') : '';
}

function ofCommand(command: Command, piped: readonly Operand[], isKey: (key: string) => boolean): Sayings {
  const name = nameOf(command);
  const given = command.slice(1);
  if (ASKING.has(name)) {
    return NONE;
  }
  if (name === 'include' || name === 'template' || name === 'block') {
    const [first, ...rest] = given;
    const included = first?.kind === 'text' ? first.text : undefined;
    return joined([{ ...NONE, includes: [included] }, ...rest.map((each) => ofOperand(each))]);
  }
  if (/^\$?\.Files\./.test(name)) {
    const files = given.flatMap((each) => (each.kind === 'text' ? each.text : '*'));
    return { ...NONE, files: files.length === 0 ? ['*'] : files };
  }
  if (name === 'dict' || name === 'set') {
    const pairs = name === 'dict' ? given : given.slice(1);
    const meant = pairs.filter((_, index) => index % 2 === 1 && isNamed(pairs[index - 1], isKey));
    return joined([...(name === 'set' ? given.slice(0, 1) : []), ...meant].map((each) => ofOperand(each)));
  }
  return ofFunction(name, command, piped);
}

function isNamed(key: Operand | undefined, isKey: (key: string) => boolean): boolean {
  return key?.kind !== 'text' || isKey(key.text);
}

function ofFunction(name: string, command: Command, piped: readonly Operand[]): Sayings {
  const given = command.slice(1);
  if (name === 'printf') {
    const [format, ...rest] = given;
    const own =
      format?.kind === 'text' ? literalOf(format.text, true) : format === undefined ? NONE : ofOperand(format);
    return joined([own, ...rest.map((each) => ofOperand(each))]);
  }
  if (name === 'index' || name === 'get' || name === 'dig') {
    return ofTaken(name, [...given, ...piped]);
  }
  if (name === 'replace' || name === 'regexReplaceAll' || name === 'regexReplaceAllLiteral') {
    return joined(given.slice(1).map((each) => ofOperand(each)));
  }
  const isTaken = TAKING.has(name);
  const operands = command[0]?.kind === 'word' ? given : command;
  const said = joined(operands.filter((each) => !isTaken || !isLiteral(each)).map((each) => ofOperand(each)));
  return DEFAULTING.has(name) ? withDefault(said, joined(piped.map((each) => ofOperand(each)))) : said;
}

/** `index .Values "image" "tag"`, `dig "image" "tag" "1.0.0" .Values`: a value by its path, and what is there without it. */
function ofTaken(name: string, operands: readonly Operand[]): Sayings {
  const texts = operands.flatMap((each) => (each.kind === 'text' ? each.text : []));
  const [fallback, keys] = name === 'dig' ? [texts.at(-1), texts.slice(0, -1)] : [undefined, texts];
  const from = joined(operands.filter((each) => !isLiteral(each)).map((each) => ofOperand(each)));
  const values = from.values.map((each) => [each, ...keys].filter((key) => key !== '').join('.'));
  const said = { ...from, values };
  return fallback === undefined ? said : withDefault(joined([said, literalOf(fallback)]), said);
}

function withDefault(said: Sayings, piped: Sayings): Sayings {
  const unless = [...said.values, ...piped.values];
  const add = (each: Literal) => ({ ...each, unless: [...each.unless, ...unless] });
  return { ...said, literals: said.literals.map(add), fields: said.fields.map(add) };
}

function isLiteral({ kind }: Operand): boolean {
  return kind === 'text' || kind === 'number';
}

function literalOf(text: string, isFormat = false): Sayings {
  return { ...NONE, literals: [{ text, unless: [], isFormat }] };
}

function ofOperand(operand: Operand): Sayings {
  switch (operand.kind) {
    case 'text':
    case 'number':
      return literalOf(operand.text);
    case 'word':
      return NONE;
    case 'pipeline':
      return ofPipeline(operand.commands, () => true);
    case 'field':
      return ofField(operand.names);
  }
}

function ofField([variable = '', name = '', ...rest]: readonly string[]): Sayings {
  const isRoot = variable === '' || variable === '$';
  if (isRoot && name === 'Values') {
    return { ...NONE, values: [rest.join('.')] };
  }
  if (isRoot && name === 'Chart') {
    return { ...NONE, fields: [{ text: rest.join('.'), unless: [], isFormat: false }] };
  }
  return isRoot ? NONE : { ...NONE, variables: [variable] };
}

function joined(all: readonly Sayings[]): Sayings {
  return {
    literals: all.flatMap((each) => each.literals),
    values: all.flatMap((each) => each.values),
    files: all.flatMap((each) => each.files),
    fields: all.flatMap((each) => each.fields),
    variables: all.flatMap((each) => each.variables),
    includes: all.flatMap((each) => each.includes),
  };
}
