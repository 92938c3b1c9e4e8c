/** The error messages in the sources, for the page on troubleshooting. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from '@swc/core';
import * as v from 'valibot';
import { workflowMessages } from './workflow-messages.js';

/** Where something in the sources cannot be told, such as a value. */
const VALUE = '…';

/** Names of functions that word what is thrown. */
const WORDING = /(problem|message|refusal|refused|failure|advice|error|reason|why|explain)/i;

/** What reads as a sentence, and not as a part of one. */
const SENTENCE = /^[A-Z"…][^\n]* [^\n]*\.$/;

/** Names of what is thrown. */
const THROWN = /(Error|Failure|Problem|Layout|Overlays|Refusal|Yaml)$/;

/**
 * Sources of what is read when nothing is wrong: pages, summaries, comments, descriptions of keys and inputs, and what the set-up
 * of the gate shows.
 */
const TELLS =
  /(?:^|[/-])(?:body|texts|report|summary|page|comment|message|messages|notes?|schema|config|inputs?|state|findings|perform|manifest|app-roles|release-keys|message-marks|plan-promotion|stop-merging|merge-note)\.ts$/;

/** What people are told to do, or what was expected: by the rule for errors, one ends with that. */
const ADVICE =
  /(?:^|[.:;,?)…] |\bor )(?:[Ee]xpected|[Aa]dd|[Aa]sk|[Aa]llow|[Cc]heck|[Cc]hoose|[Cc]orrect|[Dd]elete|[Gg]ive|[Gg]rant|[Kk]eep|[Ll]eave|[Ll]et|[Mm]ake|[Mm]erge|[Nn]ame|[Pp]ut|[Rr]emove|[Rr]ename|[Rr]un|[Ss]ay|[Ss]et|[Tt]ake|[Uu]se|[Ww]rite) |\b(?:cannot|does not exist|is then set|are then set)\b/;

/** Fewest words of an advice that is a message of its own: shorter ones are parts of others. */
const FEWEST_WORDS = 12;

const record = v.record(v.string(), v.unknown());

/**
 * The messages of all errors that the sources and the YAML of workflows make, as far as they are written where they are made.
 *
 * @param root the project's root folder
 * @returns by the path of the source, each with `…` for what differs
 */
export async function errorMessages(root: string): Promise<Map<string, string[]>> {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('src/local/'));
  const found = new Map<string, string[]>();
  for (const path of paths.sort()) {
    const module = await parse(await readFile(join(root, path), 'utf8'), { syntax: 'typescript', target: 'es2022' });
    const thrown = messagesIn(module.body).filter(hasWords);
    const advice = TELLS.test(path) ? [] : adviceIn(module.body);
    const messages = [...thrown, ...advice.filter((text) => !thrown.some((one) => one.includes(text)))];
    if (messages.length > 0) {
      found.set(path, messages);
    }
  }
  for (const { path, message } of await workflowMessages(root)) {
    found.set(path, [...(found.get(path) ?? []), message]);
  }
  return found;
}

function messagesIn(node: unknown): string[] {
  if (Array.isArray(node)) {
    return node.flatMap(messagesIn);
  }
  if (!v.is(record, node)) {
    return [];
  }
  const message = givenTo(node);
  const inside = childrenOf(node).flatMap(messagesIn);
  const worded = isWording(node) ? returnedIn(node) : [];
  const composed = node.type === 'FunctionDeclaration' && inside.some((text) => !hasWords(text)) ? textsIn(node) : [];
  return [...(message === undefined ? [] : [message]), ...worded, ...composed, ...inside];
}

/**
 * The texts that say what to do, wherever they are made: errors are often worded far from where they are thrown, as a reason or a
 * refusal.
 */
function adviceIn(node: unknown): string[] {
  if (Array.isArray(node)) {
    return node.flatMap(adviceIn);
  }
  if (!v.is(record, node)) {
    return [];
  }
  const text = textOf(node);
  if (text === undefined) {
    return childrenOf(node).flatMap(adviceIn);
  }
  const tells = SENTENCE.test(text) && ADVICE.test(text) && text.split(' ').length >= FEWEST_WORDS;
  return tells ? [text] : childrenOf(node).flatMap(adviceIn);
}

/** What an error is made of, where a node makes one. Of a path and a message, the message is the sentence. */
function givenTo(node: Record<string, unknown>): string | undefined {
  const texts = isError(node) ? argumentsOf(node).map(textOf) : [];
  return texts.find((text) => text?.includes(' ')) ?? texts.find((text) => text?.includes('\n'));
}

/** Whether a message is more than the values in it: what is not, is put together of sentences from elsewhere. */
function hasWords(message: string): boolean {
  return /[A-Za-z]{2}/.test(message);
}

/** All sentences in a function, of which it puts a message together. */
function textsIn(node: unknown): string[] {
  if (Array.isArray(node)) {
    return node.flatMap(textsIn);
  }
  return v.is(record, node) ? [...sentencesOf(node), ...childrenOf(node).flatMap(textsIn)] : [];
}

function childrenOf(node: Record<string, unknown>): unknown[] {
  return Object.entries(node).flatMap(([key, value]) => (key === 'span' ? [] : [value]));
}

/** Whether a node is a function that words a message. */
function isWording(node: Record<string, unknown>): boolean {
  const name = v.is(record, node.identifier) ? node.identifier.value : undefined;
  return node.type === 'FunctionDeclaration' && typeof name === 'string' && WORDING.test(name);
}

/** The sentences that a function may return. */
function returnedIn(node: unknown): string[] {
  if (Array.isArray(node)) {
    return node.flatMap(returnedIn);
  }
  if (!v.is(record, node)) {
    return [];
  }
  return node.type === 'ReturnStatement' ? sentencesOf(node.argument) : childrenOf(node).flatMap(returnedIn);
}

/** The sentences that an expression may come to. */
function sentencesOf(node: unknown): string[] {
  if (!v.is(record, node)) {
    return [];
  }
  if (node.type === 'ConditionalExpression') {
    return [...sentencesOf(node.consequent), ...sentencesOf(node.alternate)];
  }
  const text = textOf(node);
  return text !== undefined && SENTENCE.test(text) ? [text] : [];
}

/** Whether an expression makes an error: `new Error(…)` and its kind, `config.error(…)`, or `wrong(…)`. */
function isError(node: Record<string, unknown>): boolean {
  const callee = v.is(record, node.callee) ? node.callee : {};
  if (node.type === 'NewExpression') {
    return typeof callee.value === 'string' && THROWN.test(callee.value);
  }
  const property = v.is(record, callee.property) ? callee.property : {};
  const called = callee.type === 'MemberExpression' ? property.value : callee.value;
  return node.type === 'CallExpression' && (called === 'wrong' || (called === 'error' && called !== callee.value));
}

function argumentsOf(node: Record<string, unknown>): unknown[] {
  const given: unknown[] = Array.isArray(node.arguments) ? node.arguments : [];
  return given.map((each) => (v.is(record, each) ? each.expression : undefined));
}

/** A text in the sources; `undefined` for what is none. */
function textOf(node: unknown): string | undefined {
  if (!v.is(record, node)) {
    return undefined;
  }
  if (node.type === 'StringLiteral') {
    return String(node.value);
  }
  if (node.type === 'TemplateLiteral') {
    return (Array.isArray(node.quasis) ? node.quasis : []).map((part) => String(Object(part).cooked)).join(VALUE);
  }
  if (node.type === 'BinaryExpression' && node.operator === '+') {
    return `${textOf(node.left) ?? VALUE}${textOf(node.right) ?? VALUE}`;
  }
  return node.type === 'ParenthesisExpression' ? textOf(node.expression) : undefined;
}
