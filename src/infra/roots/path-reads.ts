import type { Block } from '../hcl/blocks.js';
import type { TextToken, Token } from '../hcl/tokens.js';

/** A path that a module names: a file, or a folder of which everything counts. */
export interface PathRead {
  /** What the path is relative to: the folder of the module, or that of the root in which the tool runs. */
  from: 'module' | 'root';
  /** As it is written, up to where it depends on something; empty for the folder itself. */
  path: string;
  /** Whether something is put behind it that may lead up again: `../other/file`. */
  isOpen?: boolean;
}

/** Functions that read files, by their first argument. @see https://opentofu.org/docs/language/functions/file/ */
const FILE_FUNCTIONS =
  /^(?:file|templatefile|fileexists|fileset|filebase64|filebase64gzip|file(?:base64)?(?:md5|sha1|sha256|sha512))$/;

/** A path that nobody can tell before it runs: everything counts. */
const ANYTHING: PathRead = { from: 'root', path: '\0' };

/** What looks like a path of the repository; texts for people count where a module names them. */
const LIKE_A_PATH = /^\.{1,2}\/|^\.\.$|\.(?:md|markdown|rst|adoc)$/;

/** Whether a read is of any file, for what it reads depends on values. */
export function isOfAnything({ path }: PathRead): boolean {
  return path === ANYTHING.path;
}

/**
 * The paths in blocks: what functions read, and every text that looks like a path of the repository, since a provider may read
 * it (`source_dir = "${path.module}/lambda"`, `chart = "./charts/web"`). Sources of modules are not among them.
 */
export function readsIn(blocks: readonly Block[]): PathRead[] {
  const locals = localTexts(blocks);
  const found = new Map<string, PathRead>();
  for (const block of blocks) {
    for (const read of ofBlock(block, locals)) {
      found.set(`${read.from} ${read.path} ${read.isOpen === true}`, read);
    }
  }
  return [...found.values()];
}

type Locals = ReadonlyMap<string, TextToken>;

function* ofBlock({ type, body }: Block, locals: Locals): Generator<PathRead> {
  for (const [name, tokens] of body.attributes) {
    if (type !== 'module' || name !== 'source') {
      yield* ofTokens(tokens, locals);
    }
  }
  for (const block of body.blocks) {
    yield* ofBlock(block, locals);
  }
}

function* ofTokens(tokens: readonly Token[], locals: Locals): Generator<PathRead> {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'text') {
      const read = readOf(token, locals, false);
      yield* read === undefined ? [] : [read];
      for (const part of token.parts) {
        yield* typeof part === 'string' ? [] : ofTokens(part, locals);
      }
    }
    if (token.kind === 'word' && FILE_FUNCTIONS.test(token.text) && isSign(tokens[index + 1], '(')) {
      yield argumentRead(tokens.slice(index + 2, index + 8), locals);
    }
  }
}

/** The path of a call, from the tokens behind its bracket. */
function argumentRead(tokens: readonly Token[], locals: Locals): PathRead {
  const [first, second, third, fourth] = tokens.filter(({ kind }) => kind !== 'end');
  if (first?.kind === 'text') {
    return readOf(first, locals, true) ?? ANYTHING;
  }
  if (first?.kind === 'word' && first.text === 'path' && isSign(second, '.') && third?.kind === 'word') {
    return { from: third.text === 'module' ? 'module' : 'root', path: '/' };
  }
  const isLocal = first?.kind === 'word' && first.text === 'local' && isSign(second, '.') && third?.kind === 'word';
  const text = isLocal && (isSign(fourth, ')') || isSign(fourth, ',')) ? locals.get(third.text) : undefined;
  return (text === undefined ? undefined : readOf(text, new Map(), true)) ?? ANYTHING;
}

/**
 * The path that a text is.
 *
 * @param isPath whether it is one whatever it looks like
 * @returns `undefined` where it is none, or where already its beginning depends on something
 */
function readOf({ parts }: TextToken, locals: Locals, isPath: boolean): PathRead | undefined {
  const [first] = parts;
  const place = first === undefined || typeof first === 'string' ? undefined : folderOf(first);
  if (place === undefined && typeof first !== 'string') {
    const local = first === undefined ? undefined : localOf(first, locals);
    const [start = '', ...others] = local?.parts ?? [];
    return local === undefined || others.length > 0 || typeof start !== 'string'
      ? undefined
      : readOf(
          { kind: 'text', parts: [start + (typeof parts[1] === 'string' ? parts[1] : ''), ...parts.slice(2)] },
          new Map(),
          isPath,
        );
  }
  const rest = place === undefined ? parts : parts.slice(1);
  const path = typeof rest[0] === 'string' ? rest[0] : '';
  if (place === undefined && !isPath && !LIKE_A_PATH.test(path)) {
    return undefined;
  }
  if (path.startsWith('/') && place === undefined) {
    // A file of the machine.
    return { from: 'root', path: '' };
  }
  const from = place ?? 'root';
  return rest.length <= 1 ? { from, path } : { from, path: path.slice(0, path.lastIndexOf('/') + 1), isOpen: true };
}

/**
 * Where the source of a module begins that is no literal, as OpenTofu reads it of variables and local values.
 *
 * @returns a folder, relative to that of the module; empty where nobody can tell it
 */
export function beginningOf(source: readonly Token[], blocks: readonly Block[]): string {
  const locals = localTexts(blocks);
  const tokens = source.filter(({ kind }) => kind !== 'end');
  const [only, ...more] = tokens;
  const text = only?.kind === 'text' && more.length === 0 ? only : localOf(tokens, locals);
  const read = text === undefined ? undefined : readOf(text, locals, true);
  return read === undefined ? '' : read.from === 'module' ? `.${read.path}` : read.path;
}

/** The folder of `path.module` and the like. */
function folderOf(tokens: readonly Token[]): PathRead['from'] | undefined {
  const [first, dot, name, ...more] = tokens.filter(({ kind }) => kind !== 'end');
  const isPath = first?.kind === 'word' && first.text === 'path' && isSign(dot, '.') && more.length === 0;
  const folder = isPath && name?.kind === 'word' ? name.text : undefined;
  return folder === 'module' ? 'module' : folder === 'root' || folder === 'cwd' ? 'root' : undefined;
}

function localOf(tokens: readonly Token[], locals: Locals): TextToken | undefined {
  const [first, dot, name, ...more] = tokens;
  const isLocal = first?.kind === 'word' && first.text === 'local' && isSign(dot, '.') && more.length === 0;
  return isLocal && name?.kind === 'word' ? locals.get(name.text) : undefined;
}

/** Local values that are one text. */
function localTexts(blocks: readonly Block[]): Locals {
  const values = blocks.filter(({ type }) => type === 'locals').flatMap(({ body }) => [...body.attributes]);
  return new Map(
    values.flatMap(([name, tokens]): [string, TextToken][] => {
      const [token, ...more] = tokens;
      return token?.kind === 'text' && more.length === 0 ? [[name, token]] : [];
    }),
  );
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign;
}
