import { readBody } from '../hcl/blocks.js';
import type { Token } from '../hcl/tokens.js';
import type { SecretValue } from './sensitive-values.js';

/** Values that variables are given before the tool says them: all that is known where it fails early. */
export interface VariableSources {
  /** Names of the variables that are declared sensitive, with literal defaults. */
  sensitive: readonly { name: string; value: string | undefined }[];
  /** Texts of the files of values, JSON ones among them. */
  files: readonly string[];
  /** The tool's environment, with `TF_VAR_<name>`. */
  env: Readonly<Record<string, string>>;
}

/** The values of sensitive variables from where they are given: the environment, files of values, defaults. */
export function variableValues({ sensitive, files, env }: VariableSources): SecretValue[] {
  const names = new Set(sensitive.map(({ name }) => name));
  const found = sensitive.flatMap(({ name, value }) => (value === undefined ? [] : [{ text: value, name }]));
  for (const name of names) {
    const given = env[`TF_VAR_${name}`];
    found.push(
      ...(given === undefined
        ? []
        : [{ text: given, name }, ...(/^\s*["[{<]/.test(given) ? inExpression(given, name) : [])]),
    );
  }
  for (const file of files) {
    found.push(...ofFile(file, names));
  }
  return found;
}

/** Of a variable that is no text, its value is written in the language. */
function inExpression(text: string, name: string): SecretValue[] {
  return textsIn(readBody(`x = ${text}`).attributes.get('x') ?? [], name);
}

function ofFile(text: string, names: ReadonlySet<string>): SecretValue[] {
  if (/^\s*\{/.test(text)) {
    return ofJson(text, names);
  }
  return [...readBody(text).attributes].flatMap(([name, tokens]) => (names.has(name) ? textsIn(tokens, name) : []));
}

function ofJson(text: string, names: ReadonlySet<string>): SecretValue[] {
  const found: SecretValue[] = [];
  try {
    const value: unknown = JSON.parse(text);
    const open =
      typeof value === 'object' && value !== null ? Object.entries(value).filter(([name]) => names.has(name)) : [];
    for (const [name, each] of open) {
      if (typeof each === 'string' || typeof each === 'number') {
        found.push({ text: String(each), name });
      } else if (typeof each === 'object' && each !== null) {
        open.push(...Object.entries(each));
      }
    }
  } catch {
    // The tool says that it is no JSON.
  }
  return found;
}

/** Literal texts and numbers among tokens. */
function textsIn(tokens: readonly Token[], name: string): SecretValue[] {
  return tokens.flatMap((token): SecretValue[] => {
    if (token.kind === 'text') {
      return [{ text: token.parts.filter((part) => typeof part === 'string').join(''), name }];
    }
    return token.kind === 'word' ? [{ text: token.text, name }] : [];
  });
}
