/** What a command of an action is given. */
export type Operand =
  | { kind: 'text'; text: string }
  | { kind: 'number'; text: string }
  /** `.Values.image.tag`, `$ref.tag`: its names, the first of which is the variable, `''` for `.`. */
  | { kind: 'field'; names: readonly string[] }
  /** A function, or `true`. */
  | { kind: 'word'; name: string }
  | { kind: 'pipeline'; commands: readonly Command[] };

export type Command = readonly Operand[];

/** What an action says. */
export interface Action {
  /** `if`, `range`, `end`, … where it is no output. */
  keyword: string | undefined;
  /** Variables that it sets. */
  sets: readonly string[];
  commands: readonly Command[];
}

/** A text without an end is one up to where it could end, so that none is looked through twice. */
const TOKEN =
  /\s+|"((?:[^"\\\n]|\\.)*)"?|`([^`]*)`?|'((?:[^'\\\n]|\\.)*)'?|([-+]?\d[\w.]*)|([$.\w][$.\w]*)|(:=|[=|(),])|[\s\S]/g;
const KEYWORDS = new Set(['if', 'else', 'range', 'with', 'define', 'block', 'template', 'end', 'break', 'continue']);

/** Reads an action: `$ref := printf "%s:%s" .Values.name "1" | quote`. What Helm would refuse is read as far as it goes. */
export function readAction(text: string): Action {
  const tokens = tokensOf(text);
  const [first] = tokens;
  const keyword = first?.kind === 'word' && KEYWORDS.has(first.name) ? first.name : undefined;
  // What `template` says is what `include` does.
  const said = keyword === undefined || keyword === 'template' || keyword === 'block' ? tokens : tokens.slice(1);
  const at = said.findIndex((token) => token.kind === 'sign' && /^:?=$/.test(token.sign));
  const sets = said
    .slice(0, Math.max(at, 0))
    .flatMap((token) => (token.kind === 'field' ? (token.names[0] ?? []) : []));
  const [commands] = pipeline(said, at + 1);
  return { keyword, sets, commands };
}

type Token = Exclude<Operand, { kind: 'pipeline' }> | { kind: 'sign'; sign: string };

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].flatMap(([, quoted, raw, letter, number, name, sign]): Token[] => {
    if (quoted !== undefined) {
      return [{ kind: 'text', text: unquoted(quoted) }];
    }
    const plain = raw ?? letter;
    if (plain !== undefined) {
      return [{ kind: 'text', text: plain }];
    }
    if (number !== undefined) {
      return [{ kind: 'number', text: number }];
    }
    if (name !== undefined) {
      return [/^[$.]/.test(name) ? { kind: 'field', names: name.split('.') } : wordOf(name)];
    }
    return sign === undefined ? [] : [{ kind: 'sign', sign }];
  });
}

function wordOf(name: string): Token {
  return { kind: 'word', name };
}

/** @returns the commands from a token on, and the token behind them */
function pipeline(tokens: readonly Token[], from: number): [commands: Command[], next: number] {
  const commands: Operand[][] = [[]];
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'sign') {
      commands.at(-1)?.push(...(token === undefined ? [] : [token]));
    } else if (token.sign === '|') {
      commands.push([]);
    } else if (token.sign === '(') {
      const [inner, next] = pipeline(tokens, at + 1);
      commands.at(-1)?.push({ kind: 'pipeline', commands: inner });
      at = next;
    } else if (token.sign === ')') {
      return [commands, at];
    }
  }
  return [commands, tokens.length];
}

/** @see https://go.dev/ref/spec#String_literals */
function unquoted(text: string): string {
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' };
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/g,
    (...found: unknown[]) => {
      const [, two, four, eight, octal, sign] = found.map((each) => (typeof each === 'string' ? each : undefined));
      const code = two ?? four ?? eight;
      if (code !== undefined || octal !== undefined) {
        const point = code === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(code, 16);
        return point > 0x10_ff_ff ? '' : String.fromCodePoint(point);
      }
      return escapes[sign ?? ''] ?? sign ?? '';
    },
  );
}
