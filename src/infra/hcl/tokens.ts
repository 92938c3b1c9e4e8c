/** A quoted text or a heredoc: literal parts, and the tokens of what is put in between them. */
export interface TextToken {
  kind: 'text';
  parts: readonly (string | readonly Token[])[];
}

/** A token of OpenTofu's language, as far as blocks and paths are to be told. */
export type Token =
  /** A name or a number, with dashes: `aws_instance`, `for-each`, `12`. */
  | { kind: 'word'; text: string }
  | TextToken
  /** One character of punctuation. */
  | { kind: 'sign'; text: string }
  /** The end of a line. */
  | { kind: 'end' };

/** The end of a line, the same one everywhere. */
const END: Token = { kind: 'end' };

/** Most levels of texts in each other: `"${"${…}"}"`. People write two. */
const MOST_LEVELS = 40;

/** A name as the language has it: letters of any script, digits, `_` and `-`. */
const WORD = /[\p{ID_Continue}_-]+/uy;

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Splits a file of OpenTofu or Terraform into tokens, in time that grows with its length. It takes any text: what is no valid
 * file gives tokens that nobody would write, and the tool says what is wrong.
 *
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export function tokensOf(text: string): Token[] {
  return new Scanner(text, 0).expression(undefined);
}

/** The text of a value in the language's JSON form, in which a text is a template. */
export function templateOf(text: string): TextToken {
  return { kind: 'text', parts: new Scanner(text, 0).template() };
}

class Scanner {
  #at = 0;

  constructor(
    readonly text: string,
    readonly level: number,
  ) {}

  /** Tokens to the end of the text, or to the sign that closes what was opened before them. */
  expression(closing: '}' | undefined): Token[] {
    const tokens: Token[] = [];
    let open = 0;
    while (this.#at < this.text.length) {
      const token = this.#next();
      if (token === undefined) {
        continue;
      }
      if (token.kind === 'sign' && closing !== undefined) {
        open += token.text === '{' ? 1 : 0;
        if (token.text === closing && open === 0) {
          return tokens;
        }
        open -= token.text === '}' ? 1 : 0;
      }
      tokens.push(token);
    }
    return tokens;
  }

  /** All of the text as the inside of a heredoc. */
  template(): TextToken['parts'] {
    return this.#parts(
      () => this.#at < this.text.length,
      () => this.#insertion(),
    );
  }

  /** One token; nothing for spaces and comments. */
  #next(): Token | undefined {
    const sign = this.text[this.#at] ?? '';
    const two = this.text.slice(this.#at, this.#at + 2);
    if (sign === '\n') {
      this.#at += 1;
      return END;
    }
    if (/\s|\ufeff/.test(sign)) {
      this.#at += 1;
      return undefined;
    }
    if (sign === '#' || two === '//') {
      this.#at = this.#indexOf('\n', this.#at);
      return undefined;
    }
    if (two === '/*') {
      this.#at = Math.min(this.#indexOf('*/', this.#at + 2) + 2, this.text.length);
      return undefined;
    }
    if (sign === '"') {
      this.#at += 1;
      return { kind: 'text', parts: this.#quoted() };
    }
    if (two === '<<') {
      const heredoc = this.#heredoc();
      if (heredoc !== undefined) {
        return heredoc;
      }
    }
    return this.#word() ?? this.#sign();
  }

  #word(): Token | undefined {
    WORD.lastIndex = this.#at;
    const [text] = WORD.exec(this.text) ?? [];
    if (text === undefined) {
      return undefined;
    }
    this.#at += text.length;
    return { kind: 'word', text };
  }

  #sign(): Token {
    return { kind: 'sign', text: this.text[this.#at++] ?? '' };
  }

  /** The inside of quotes, whose beginning was read. A line's end closes them: the language has no longer ones. */
  #quoted(): TextToken['parts'] {
    const parts = this.#parts(
      () => this.#at < this.text.length && this.text[this.#at] !== '\n' && this.text[this.#at] !== '"',
      () => this.#escape() ?? this.#insertion(),
    );
    this.#at += this.text[this.#at] === '"' ? 1 : 0;
    return parts;
  }

  /**
   * The parts of a text, while it goes on.
   *
   * @param special reads what stands for something else, as `#insertion` does; nothing for a plain character
   */
  #parts(goesOn: () => boolean, special: () => string | Token[] | undefined): TextToken['parts'] {
    const parts: (string | Token[])[] = [];
    let literal = '';
    while (goesOn()) {
      const found = special() ?? this.text[this.#at++] ?? '';
      if (typeof found === 'string') {
        literal += found;
      } else {
        parts.push(...(literal === '' ? [] : [literal]), found);
        literal = '';
      }
    }
    return literal === '' ? parts : [...parts, literal];
  }

  #escape(): string | undefined {
    if (this.text[this.#at] !== '\\') {
      return undefined;
    }
    const sign = this.text[this.#at + 1] ?? '';
    const digits = sign === 'u' ? 4 : sign === 'U' ? 8 : 0;
    const code = this.text.slice(this.#at + 2, this.#at + 2 + digits);
    if (digits > 0 && code.length === digits && /^[0-9a-f]+$/i.test(code) && Number.parseInt(code, 16) <= 0x10ffff) {
      this.#at += 2 + digits;
      return String.fromCodePoint(Number.parseInt(code, 16));
    }
    this.#at += 2;
    return ESCAPED[sign] ?? sign;
  }

  /** What is put into a text here: tokens of `${…}` or `%{…}`, or the literal that a doubled sign stands for. */
  #insertion(): string | Token[] | undefined {
    const sign = this.text[this.#at];
    if (sign !== '$' && sign !== '%') {
      return undefined;
    }
    if (this.text.startsWith(`${sign}${sign}{`, this.#at)) {
      this.#at += 3;
      return `${sign}{`;
    }
    if (this.text[this.#at + 1] !== '{' || this.level >= MOST_LEVELS) {
      return undefined;
    }
    this.#at += 2;
    const inner = new Scanner(this.text, this.level + 1);
    inner.#at = this.#at;
    const tokens = inner.expression('}');
    this.#at = inner.#at;
    return tokens;
  }

  #heredoc(): Token | undefined {
    const line = this.text.slice(this.#at, this.#indexOf('\n', this.#at));
    const name = /^<<-?([\p{ID_Start}_][\p{ID_Continue}_-]*)\s*$/u.exec(line)?.[1];
    if (name === undefined || this.level >= MOST_LEVELS) {
      return undefined;
    }
    const start = Math.min(this.#at + line.length + 1, this.text.length);
    let end = start;
    while (end < this.text.length) {
      const next = this.#indexOf('\n', end);
      if (this.text.slice(end, next).trim() === name) {
        this.#at = next;
        break;
      }
      end = next + 1;
      this.#at = Math.min(end, this.text.length);
    }
    const body = this.text.slice(start, end);
    return { kind: 'text', parts: new Scanner(body, this.level + 1).template() };
  }

  #indexOf(sign: string, from: number): number {
    const found = this.text.indexOf(sign, from);
    return found < 0 ? this.text.length : found;
  }
}
