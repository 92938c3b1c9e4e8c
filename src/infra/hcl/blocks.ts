import { type Token, tokensOf } from './tokens.js';

/** What stands between the braces of a block, or in a file. */
export interface Body {
  /** What is behind the `=` of each name; the last one where a name is there twice. */
  attributes: ReadonlyMap<string, readonly Token[]>;
  blocks: readonly Block[];
}

/** `resource "aws_instance" "web" { … }` */
export interface Block {
  type: string;
  labels: readonly string[];
  body: Body;
}

/** Most levels of blocks in each other. Providers have up to ten. */
const MOST_LEVELS = 100;

/** Reads the blocks and attributes of a file. It takes any text, as `tokensOf` does. */
export function readBody(text: string): Body {
  return new Reader(tokensOf(text)).body(0);
}

/** The literal text of a value, where it is one and nothing else. */
export function literalOf(tokens: readonly Token[] | undefined): string | undefined {
  const [token, ...more] = (tokens ?? []).filter(({ kind }) => kind !== 'end');
  if (token === undefined || more.length > 0) {
    return undefined;
  }
  if (token.kind === 'word') {
    return token.text;
  }
  if (token.kind !== 'text' || token.parts.some((part) => typeof part !== 'string')) {
    return undefined;
  }
  return token.parts.join('');
}

/** The attributes of a value that is an object: `{ bucket = "a", key = "b" }`. */
export function objectOf(tokens: readonly Token[] | undefined): ReadonlyMap<string, readonly Token[]> {
  const inner = (tokens ?? []).filter(({ kind }) => kind !== 'end');
  const [open, close] = [inner[0], inner.at(-1)];
  const isObject = open?.kind === 'sign' && open.text === '{' && close?.kind === 'sign' && close.text === '}';
  return isObject ? new Reader((tokens ?? []).slice(1), true).body(0).attributes : new Map();
}

class Reader {
  #at = 0;

  constructor(
    readonly tokens: readonly Token[],
    /** In an object a comma ends a value too, and names may be in quotes or before a colon. */
    readonly inObject = false,
  ) {}

  /** Statements to the end, or to the brace that closes the block. */
  body(level: number): Body {
    const attributes = new Map<string, readonly Token[]>();
    const blocks: Block[] = [];
    while (this.#at < this.tokens.length) {
      const token = this.tokens[this.#at];
      if (token?.kind === 'sign' && token.text === '}') {
        this.#at += 1;
        break;
      }
      const names = this.#names();
      const [name] = names;
      if (name === undefined) {
        this.#at += 1;
      } else if (this.#takes('=') || (this.inObject && this.#takes(':'))) {
        attributes.set(name, this.#value());
      } else if (this.#takes('{')) {
        const [type = '', ...labels] = names;
        blocks.push({ type, labels, body: level < MOST_LEVELS ? this.body(level + 1) : this.#skipped() });
      }
    }
    return { attributes, blocks };
  }

  /** Words and literal texts that follow each other. */
  #names(): string[] {
    const names: string[] = [];
    for (; this.#at < this.tokens.length; this.#at++) {
      const token = this.tokens[this.#at];
      const name = token === undefined || token.kind === 'end' ? undefined : literalOf([token]);
      if (name === undefined) {
        break;
      }
      names.push(name);
    }
    return names;
  }

  #takes(sign: string): boolean {
    const token = this.tokens[this.#at];
    const isThere = token?.kind === 'sign' && token.text === sign;
    this.#at += isThere ? 1 : 0;
    return isThere;
  }

  /** Tokens to the end of the line, outside of brackets. */
  #value(): Token[] {
    const value: Token[] = [];
    let open = 0;
    for (; this.#at < this.tokens.length; this.#at++) {
      const token = this.tokens[this.#at];
      if (token === undefined || (open === 0 && this.#ends(token))) {
        break;
      }
      if (token.kind === 'sign') {
        open += /[([{]/.test(token.text) ? 1 : /[)\]}]/.test(token.text) ? -1 : 0;
      }
      value.push(token);
    }
    return value;
  }

  #ends(token: Token): boolean {
    return (
      token.kind === 'end' || (token.kind === 'sign' && (token.text === '}' || (this.inObject && token.text === ',')))
    );
  }

  #skipped(): Body {
    for (let open = 1; open > 0 && this.#at < this.tokens.length; this.#at++) {
      const token = this.tokens[this.#at];
      open += token?.kind !== 'sign' ? 0 : token.text === '{' ? 1 : token.text === '}' ? -1 : 0;
    }
    return { attributes: new Map(), blocks: [] };
  }
}
