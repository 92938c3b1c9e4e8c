import * as core from '@actions/core';
import * as v from 'valibot';
import { parseDuration } from './duration.js';
import { isPacked, unpacked } from './packed.js';

/** Reads a text input; an empty one is `undefined`, because GitHub passes an input that is not given as an empty string. */
export function textInput(name: string): string | undefined {
  const value = core.getInput(name);
  return value === '' ? undefined : value;
}

/**
 * Reads a text input that must be given.
 *
 * @param hint what to do about a missing value, one sentence
 * @throws Error naming the input when it is empty
 */
export function requiredInput(name: string, hint: string): string {
  const value = textInput(name);
  if (value === undefined) {
    throw new Error(`Input "${name}" is missing. ${hint}`);
  }
  return value;
}

/** Reads a secret input and masks it in every log line from here on. */
export function secretInput(name: string): string | undefined {
  const value = textInput(name);
  if (value !== undefined) {
    core.setSecret(value);
  }
  return value;
}

/**
 * Reads a yes/no input: `true`, `True`, `TRUE`, `false`, `False`, `FALSE` (the YAML 1.2 core schema).
 *
 * @throws Error naming the input and its value when it is neither
 */
export function booleanInput(name: string, fallback: boolean): boolean {
  const value = textInput(name);
  if (value === undefined) {
    return fallback;
  }
  if (/^(true|True|TRUE)$/.test(value)) {
    return true;
  }
  if (/^(false|False|FALSE)$/.test(value)) {
    return false;
  }
  throw new Error(`Input "${name}" is "${value}", expected true or false.`);
}

/**
 * Reads a list given one entry a line, or separated by commas; empty entries are dropped.
 *
 * @param fallback the default of `action.yml`, for a run by hand; an input given as empty is an empty list
 */
export function listInput(name: string, fallback: readonly string[] = []): string[] {
  if (process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] === undefined) {
    return [...fallback];
  }
  return core
    .getInput(name)
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Reads a list given one entry a line, whose entries may have commas in them; empty ones are dropped. */
export function linesInput(name: string): string[] {
  const lines = core.getInput(name).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/**
 * Reads names, as a JSON list (an output of an earlier step), or one a line or separated by commas.
 *
 * @returns `undefined` when the input is empty, which is not the same as a JSON list of none
 * @throws Error naming the input when it begins like a JSON list but is no list of texts
 */
export function namesInput(name: string): string[] | undefined {
  const text = textInput(name);
  if (text !== undefined && (text.startsWith('[') || isPacked(text))) {
    return jsonInput(name, v.array(v.string()));
  }
  const names = listInput(name);
  return names.length === 0 ? undefined : names;
}

/**
 * Reads a whole number.
 *
 * @param least the smallest value allowed
 * @throws Error naming the input and its value when it is not a whole number of at least `least`
 */
export function integerInput(name: string, fallback: number, least = 0): number {
  const value = textInput(name);
  if (value === undefined) {
    return fallback;
  }
  if (!/^\d+$/.test(value) || Number(value) < least) {
    throw new Error(`Input "${name}" is "${value}", expected a whole number of at least ${least}.`);
  }
  return Number(value);
}

/**
 * Reads a length of time, such as `30m`, `2h` or `1d12h`.
 *
 * @returns milliseconds
 * @throws Error naming the input and its value when it is no duration
 */
export function durationInput(name: string, fallback: string): number {
  try {
    return parseDuration(textInput(name) ?? fallback);
  } catch (error) {
    throw new Error(`Input "${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Reads an input that must be one of some values.
 *
 * @throws Error naming the input, its value and the allowed values
 */
export function choiceInput<const T extends string>(name: string, choices: readonly T[], fallback: T): T {
  const value = textInput(name);
  if (value === undefined) {
    return fallback;
  }
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new Error(`Input "${name}" is "${value}", expected one of ${choices.join(', ')}.`);
  }
  return choice;
}

/**
 * Reads a JSON input, usually an output of an earlier step, packed where it is long, and checks its shape.
 *
 * @returns the parsed value, or `undefined` when the input is empty
 * @throws Error naming the input and the path of the wrong value
 */
export function jsonInput<S extends v.GenericSchema>(name: string, schema: S): v.InferOutput<S> | undefined {
  const text = textInput(name);
  if (text === undefined) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(unpacked(text));
  } catch (error) {
    throw new Error(`Input "${name}" is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = v.safeParse(schema, value);
  if (!result.success) {
    const issue = result.issues[0];
    throw new Error(`Input "${name}" does not fit at "${v.getDotPath(issue) ?? '(top)'}": ${issue.message}`);
  }
  return result.output;
}

/**
 * Reads lines of NAME=value.
 *
 * @param key what names may be
 * @throws Error naming the input and the number of a line that is none, which is not shown: it may be part of a secret
 */
export function pairsInput(name: string, key: RegExp): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const line of core.getInput(name, { trimWhitespace: false }).split(/\r?\n/)) {
    const equals = line.indexOf('=');
    const id = line.slice(0, Math.max(0, equals)).trim();
    if (line.trim() !== '' && !key.test(id)) {
      throw new Error(
        `Input "${name}" has a line that is not NAME=value (line ${pairs.length + 1} of those that are).`,
      );
    }
    if (line.trim() !== '') {
      pairs.push([id, line.slice(equals + 1).trimEnd()]);
    }
  }
  return Object.fromEntries(pairs);
}

/** Reads secrets as lines of NAME=value, each masked in the log from here on. @throws as `pairsInput` does */
export function secretPairsInput(name: string): Record<string, string> {
  const secrets = pairsInput(name, /^[A-Za-z0-9_.-]+$/);
  for (const secret of Object.values(secrets).filter((value) => value !== '')) {
    core.setSecret(secret);
  }
  return secrets;
}
