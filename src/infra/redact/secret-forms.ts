import { isSecretName, type SecretValue } from './sensitive-values.js';

/** Shortest value that is hidden wherever it stands; a shorter one is where it stands alone, or no text could be read. */
export const SHORTEST = 4;

/** Shortest part of a value that is hidden on its own: a line of it, a leaf of JSON in it. */
const SHORTEST_PART = 8;

/** Shortest part of base64 by which a value in the middle of it is recognised: that of five bytes. */
const SHORTEST_CORE = 6;

/** Most levels of what is packed in each other: a kubeconfig in JSON in base64. */
const MOST_LEVELS = 4;

/** Most characters of a value that are looked into for parts. */
const MOST_CHARACTERS = 1_000_000;

/**
 * The texts by which a secret can be recognised: itself, its parts that are secrets of their own (lines, leaves of JSON, the
 * password of an address, what base64 has in it), and each of these as other formats write it.
 */
export function secretForms(secrets: Iterable<SecretValue>): Set<string> {
  const values = new Set<string>();
  for (const { text, name } of secrets) {
    addWithParts(text, name, values, 0);
  }
  return new Set([...values].flatMap((value) => [...written(value)]));
}

function addWithParts(text: string, name: string, values: Set<string>, level: number): void {
  const trimmed = text.trim();
  if (trimmed === '') {
    return;
  }
  values.add(text).add(trimmed);
  if (level >= MOST_LEVELS || text.length > MOST_CHARACTERS) {
    return;
  }
  for (const part of partsOf(trimmed, name)) {
    const isSecret = part.name === ALL ? isSecretLine(part.text) : isSecretPart(part);
    if (isSecret && !values.has(part.text)) {
      addWithParts(part.text, part.name, values, level + 1);
    }
  }
}

/** The name of a part that is as secret as the whole. */
const ALL = '\0';

function* partsOf(text: string, name: string): Generator<SecretValue> {
  const lines = text.split(/\r?\n/);
  if (lines.length > 1) {
    for (const line of lines) {
      // Of PEM and the like each line is secret, of settings only what their names say.
      const [, key = '', value = ''] = /^\s*(?:- )?["']?([\w.-]{1,80})["']?\s*[:=]\s*(\S.*)$/.exec(line) ?? [];
      yield key === '' ? { text: line.trim(), name: ALL } : { text: unquoted(value), name: key };
    }
  } else {
    yield* assignmentsIn(text);
  }
  yield* jsonLeaves(text);
  const unpacked = fromBase64(text);
  if (unpacked !== undefined) {
    yield { text: unpacked, name: name === '' ? ALL : name };
  }
  for (const [, password = ''] of text.matchAll(/:\/\/[^/\s:@]*:([^/\s@]+)@/g)) {
    yield { text: password, name: 'password' };
    yield { text: decoded(password), name: 'password' };
  }
}

/** Of `Endpoint=…;SharedAccessKey=…`, `host=… password=…`. By hand, for an expression takes the square of the text's length. */
function* assignmentsIn(text: string): Generator<SecretValue> {
  for (const piece of text.split(/[;&,]/)) {
    const closed = piece
      .split('=')
      .map((side) => side.trim())
      .join('=');
    let before = '';
    for (const word of closed.split(/\s/)) {
      const end = word.indexOf('=');
      if (end < 0) {
        before += `${word} `;
      } else {
        yield { text: unquoted(word.slice(end + 1)), name: before + word.slice(0, end) };
        before = '';
      }
    }
  }
}

/** A line of a secret: a long one, or one with letters and digits in it, which is no word that texts have. */
function isSecretLine(line: string): boolean {
  return line.length >= SHORTEST_PART || (line.length >= SHORTEST && /\p{L}/u.test(line) && /\p{N}/u.test(line));
}

/** Whether a part is a secret of its own: by its name, or because it looks like nothing that people write. */
function isSecretPart({ text, name }: SecretValue): boolean {
  if (isSecretName(name)) {
    return text.length >= SHORTEST;
  }
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);
  return !/\s/.test(text) && ((text.length >= 16 && isMixed) || (text.length >= 24 && /^[0-9a-f-]+$/i.test(text)));
}

function* jsonLeaves(text: string): Generator<SecretValue> {
  if (!/^[[{]/.test(text)) {
    return;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  const open: [string, unknown][] = [['', value]];
  for (const [name, each] of open) {
    if (typeof each === 'string') {
      yield { text: each, name };
    } else if (typeof each === 'object' && each !== null) {
      open.push(
        ...Object.entries(each).map(([key, inner]): [string, unknown] => [Array.isArray(each) ? name : key, inner]),
      );
    }
  }
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1[,;]?$/, '$2');
}

function fromBase64(text: string): string | undefined {
  if (text.length < SHORTEST_PART || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64');
  const found = bytes.toString('utf8');
  return Buffer.from(found).equals(bytes) && !/[^\P{Cc}\t\r\n]/u.test(found) ? found : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A value as other formats write it. */
function written(value: string): Set<string> {
  const bytes = Buffer.from(value);
  const json = inJson(value);
  const forms = new Set([value, ...packedJson(value), hcl(json), value.replace(/\n/g, '\r\n'), asNumber(value)]);
  forms
    .add(value.replace(/'/g, "''"))
    .add(value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;'));
  if (value.length >= SHORTEST) {
    for (const form of [...encoded(value), bytes.toString('hex'), ...base64Forms(bytes)]) {
      forms.add(form);
    }
  }
  return forms;
}

/** A number as the tool writes it: `04711.50` is `4711.5`. */
function asNumber(value: string): string {
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(value)) {
    return value;
  }
  const [whole = '', part = ''] = value.replace(/^\+|^(-?)0+(?=\d)/g, '$1').split('.');
  let end = part.length;
  while (part[end - 1] === '0') {
    end--;
  }
  return end === 0 ? whole : `${whole}.${part.slice(0, end)}`;
}

/** A value in JSON, that in a text of JSON, and so on: tools put whole documents into attributes. */
function* packedJson(value: string): Generator<string> {
  let [one, ofGo] = [value, value];
  for (let level = 0; level < MOST_LEVELS; level++) {
    [one, ofGo] = [inJson(one), goJson(inJson(ofGo))];
    yield one;
    yield ofGo;
  }
}

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** As Go writes JSON, and the tool's function `jsonencode`. */
function goJson(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As the tool writes a text between quotes. */
function hcl(json: string): string {
  return json.replace(/[$%](?=\{)/g, '$&$&');
}

function* encoded(value: string): Generator<string> {
  const url = encodeURIComponent(value.toWellFormed());
  const strict = url.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  for (const form of [url, strict, encodeURI(value.toWellFormed())]) {
    yield form;
    yield form.replaceAll('%20', '+');
  }
}

/**
 * What base64 of the value, or of a text that it is in, has of it: it depends on how many bytes are before it. Letters that
 * depend on its neighbours are left out.
 */
function* base64Forms(bytes: Buffer): Generator<string> {
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/={1,2}$/, '');
    const isWhole = (before + bytes.length) % 3 === 0;
    const core = text.slice([0, 2, 3][before], isWhole ? undefined : -1);
    if (core.length >= SHORTEST_CORE) {
      yield core;
      yield core.replaceAll('+', '-').replaceAll('/', '_');
    }
  }
  yield bytes.toString('base64');
  yield bytes.toString('base64url');
}
