/**
 * GitHub's expressions, parsed and evaluated by GitHub's own `@actions/expressions`. Added here is what that package
 * leaves to its caller: finding `${{ }}` in text, status functions, `hashFiles`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
import { data, Evaluator, type Expr, Lexer, Parser } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { TokenType } from '@actions/expressions/lexer';
import { messageOf, type Place, RunError } from './errors.js';
import { hashFiles } from './hash-files.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { Node } from './tree.js';

/** What an expression can refer to. */
export interface Scope {
  /** `github`, `env`, `needs`…: the contexts that GitHub has in this part of a workflow. */
  contexts: JsonObject;
  /** Results of `success()`, `failure()` and `cancelled()`; absent where they are not allowed. */
  status?: Status;
  /** The workspace that `hashFiles` searches; absent where it is not allowed. */
  workspace?: string;
}

export interface Status {
  success: boolean;
  failure: boolean;
  cancelled: boolean;
}

const statusFunctions = ['success', 'failure', 'cancelled', 'always'];

/**
 * Evaluates a node and all nodes inside it.
 *
 * @throws RunError with the position of an invalid expression
 */
export function evaluate(node: Node, scope: Scope): Json {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' ? evaluateText(node.value, scope, node.place) : node.value;
    case 'list':
      return node.items.map((item) => evaluate(item, scope));
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, evaluate(value, scope)]));
  }
}

/** Evaluates a node and turns the result into text, as GitHub does for `env`, `with` and names. */
export function evaluateToText(node: Node, scope: Scope): string {
  return coerceText(evaluate(node, scope));
}

/**
 * Evaluates a map of texts (`env`, `with`, `outputs`); the whole map may be one expression.
 *
 * @throws RunError when the expression is no object
 */
export function evaluateMap(node: Node | undefined, scope: Scope): Record<string, string> {
  if (node === undefined) {
    return {};
  }
  const value = evaluate(node, scope);
  if (value === null) {
    return {};
  }
  if (!isObject(value)) {
    throw new RunError('Expected a mapping here.', node.place);
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, coerceText(entry)]));
}

/**
 * Evaluates text: one expression alone keeps its type, expressions inside other text become text.
 */
export function evaluateText(source: string, scope: Scope, place?: Place): Json {
  const parts = split(source, place);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    return only.expression ? evaluateExpression(only.text, scope, place) : only.text;
  }
  return parts
    .map((part) => (part.expression ? coerceText(evaluateExpression(part.text, scope, place)) : part.text))
    .join('');
}

/**
 * Evaluates an `if:`. Without a status function in it, `success()` must hold too; `${{ }}` around it may be left out.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 */
export function evaluateCondition(node: Node | undefined, scope: Scope): boolean {
  const source = node?.kind === 'scalar' && node.value !== null ? String(node.value).trim() : '';
  if (source === '') {
    return scope.status?.success ?? true;
  }
  const place = node?.place;
  const parts = split(source, place);
  const expressions = parts.filter((part) => part.expression).map((part) => part.text);
  const bare = expressions.length === 0 ? [source] : expressions;
  if (!bare.some((expression) => usesStatus(expression, scope, place)) && scope.status?.success === false) {
    return false;
  }
  const value =
    expressions.length === 0 ? evaluateExpression(source, scope, place) : evaluateText(source, scope, place);
  return truthy(value);
}

/** Whether a value counts as true in a condition. */
export function truthy(value: Json): boolean {
  return !(value === null || value === false || value === 0 || value === '' || Number.isNaN(value));
}

/** A value as text by GitHub's coercion: null is empty, an object is `Object`, a list is `Array`. */
export function coerceText(value: Json): string {
  return toData(value).coerceString();
}

/** Evaluates one expression, given without `${{ }}`. */
export function evaluateExpression(source: string, scope: Scope, place?: Place): Json {
  const functions = functionsOf(scope);
  const contexts = new data.Dictionary();
  for (const [name, value] of Object.entries(scope.contexts)) {
    contexts.add(name, toData(value));
  }
  try {
    return fromData(new Evaluator(parse(source, scope), contexts, functions).evaluate());
  } catch (error) {
    throw new RunError(`The expression "${source.trim()}" is wrong: ${messageOf(error)}`, place);
  }
}

function parse(source: string, scope: Scope): Expr {
  const { tokens } = new Lexer(source.trim()).lex();
  for (const token of tokens) {
    // The lexer un-escapes only the first '' of a string.
    if (token.type === TokenType.STRING) {
      token.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
    }
  }
  return new Parser(tokens, Object.keys(scope.contexts), [...functionsOf(scope).values()]).parse();
}

function usesStatus(source: string, scope: Scope, place: Place | undefined): boolean {
  try {
    const { tokens } = new Lexer(source.trim()).lex();
    return tokens.some(
      (token, index) =>
        token.type === TokenType.IDENTIFIER &&
        statusFunctions.includes(token.lexeme.toLowerCase()) &&
        tokens[index + 1]?.type === TokenType.LEFT_PAREN &&
        scope.status !== undefined,
    );
  } catch (error) {
    throw new RunError(`The expression "${source.trim()}" is wrong: ${messageOf(error)}`, place);
  }
}

function functionsOf(scope: Scope): Map<string, FunctionDefinition> {
  const functions = new Map<string, FunctionDefinition>();
  const { status, workspace } = scope;
  if (status !== undefined) {
    const answers: Record<string, boolean> = { ...status, always: true };
    for (const [name, answer] of Object.entries(answers)) {
      functions.set(name, { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer) });
    }
  }
  if (workspace !== undefined) {
    functions.set('hashfiles', {
      name: 'hashFiles',
      minArgs: 1,
      maxArgs: 255,
      call: (...patterns) =>
        new data.StringData(
          hashFiles(
            workspace,
            patterns.map((pattern) => pattern.coerceString()),
          ),
        ),
    });
  }
  return functions;
}

interface Part {
  text: string;
  expression: boolean;
}

/** Splits text at `${{` and the first `}}` outside of quotes. */
function split(source: string, place: Place | undefined): Part[] {
  const parts: Part[] = [];
  let rest = 0;
  for (let start = source.indexOf('${{'); start !== -1; start = source.indexOf('${{', rest)) {
    if (start > rest) {
      parts.push({ text: source.slice(rest, start), expression: false });
    }
    const end = expressionEnd(source, start + 3);
    if (end === undefined) {
      throw new RunError(`The expression is not closed: "$\{{" without "}}".`, place);
    }
    parts.push({ text: source.slice(start + 3, end), expression: true });
    rest = end + 2;
  }
  if (rest < source.length || parts.length === 0) {
    parts.push({ text: source.slice(rest), expression: false });
  }
  return parts;
}

function expressionEnd(source: string, from: number): number | undefined {
  let quoted = false;
  for (let index = from; index < source.length; index += 1) {
    if (source[index] === "'") {
      quoted = !quoted;
    } else if (!quoted && source.startsWith('}}', index)) {
      return index;
    }
  }
  return undefined;
}

function toData(value: Json): data.ExpressionData {
  if (value === null) {
    return new data.Null();
  }
  if (typeof value === 'string') {
    return new data.StringData(value);
  }
  if (typeof value === 'number') {
    return new data.NumberData(value);
  }
  if (typeof value === 'boolean') {
    return new data.BooleanData(value);
  }
  if (Array.isArray(value)) {
    return new data.Array(...value.map(toData));
  }
  const dictionary = new data.Dictionary();
  for (const [key, entry] of Object.entries(value)) {
    dictionary.add(key, toData(entry));
  }
  return dictionary;
}

function fromData(value: data.ExpressionData): Json {
  switch (value.kind) {
    case data.Kind.Null:
      return null;
    case data.Kind.String:
      return value.coerceString();
    case data.Kind.Number:
      return value.number();
    case data.Kind.Boolean:
      return value.coerceString() === 'true';
    case data.Kind.Array:
      return value.values().map(fromData);
    case data.Kind.Dictionary:
      return Object.fromEntries(value.pairs().map((pair) => [pair.key, fromData(pair.value)]));
  }
}
