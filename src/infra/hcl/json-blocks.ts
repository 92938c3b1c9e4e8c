import * as v from 'valibot';
import type { Block, Body } from './blocks.js';
import { type Token, templateOf } from './tokens.js';

/** How many labels blocks of a type have. @see https://opentofu.org/docs/language/syntax/json/ */
const LABELS: Readonly<Record<string, number>> = {
  ...{ terraform: 0, locals: 0, backend: 1, cloud: 0, workspaces: 0, lifecycle: 0 },
  ...{ module: 1, variable: 1, output: 1, provider: 1, resource: 2, data: 2, ephemeral: 2 },
};

const recordSchema = v.record(v.string(), v.unknown());

/** Most levels of values in each other. */
const MOST_LEVELS = 200;

/** Reads the blocks of a file in the language's JSON form; none where it is not JSON, which the tool says. */
export function readJsonBlocks(text: string): Block[] {
  try {
    return bodyOf(JSON.parse(text), 0).blocks.slice();
  } catch {
    return [];
  }
}

function bodyOf(value: unknown, level: number): Body {
  const attributes = new Map<string, readonly Token[]>();
  const blocks: Block[] = [];
  for (const [name, inner] of entriesOf(value)) {
    const labels = LABELS[name];
    if (labels === undefined || level > 4) {
      attributes.set(name, tokensIn(inner, 0));
    } else {
      blocks.push(
        ...labelled(inner, labels).map(([path, body]) => ({ type: name, labels: path, body: bodyOf(body, level + 1) })),
      );
    }
  }
  return { attributes, blocks };
}

function labelled(value: unknown, count: number): [string[], unknown][] {
  if (count === 0) {
    return (Array.isArray(value) ? value : [value]).map((each: unknown) => [[], each]);
  }
  return entriesOf(value).flatMap(([label, inner]) =>
    labelled(inner, count - 1).map(([labels, body]): [string[], unknown] => [[label, ...labels], body]),
  );
}

function entriesOf(value: unknown): [string, unknown][] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.flatMap((each) => {
    const parsed = v.safeParse(recordSchema, each);
    return parsed.success && !Array.isArray(each) ? Object.entries(parsed.output) : [];
  });
}

/** A value as the tokens that would write it. */
function tokensIn(value: unknown, level: number): Token[] {
  if (typeof value === 'string') {
    return [templateOf(value)];
  }
  if (typeof value !== 'object' || value === null || level > MOST_LEVELS) {
    return value === null ? [] : [{ kind: 'word', text: String(value) }];
  }
  const sign = (text: string): Token => ({ kind: 'sign', text });
  if (Array.isArray(value)) {
    return [sign('['), ...value.flatMap((each: unknown) => [...tokensIn(each, level + 1), sign(',')]), sign(']')];
  }
  const pairs = Object.entries(value).flatMap(([name, each]) => [
    ...[{ kind: 'text' as const, parts: [name] }, sign('='), ...tokensIn(each, level + 1), sign(',')],
  ]);
  return [sign('{'), ...pairs, sign('}')];
}
