/** A value that nobody may see, and what it is called where that is known. */
export interface SecretValue {
  text: string;
  /** The name of the attribute or variable; empty where it has none. */
  name: string;
}

/** Most levels of values in each other; what is deeper is secret as a whole. */
const MOST_LEVELS = 500;

/** Pairs of a value and of what says which of its leaves are sensitive, as plans and states have them. */
const MARKED: readonly (readonly [string, string])[] = [
  ['before', 'before_sensitive'],
  ['after', 'after_sensitive'],
  ['values', 'sensitive_values'],
  ['config_values', 'config_sensitive'],
];

/**
 * The sensitive values in a plan or a state as the tool's `show -json` gives it: leaves that it marks, outputs and variables that
 * are declared sensitive, and literals that a configuration gives to such a variable of a module or to a provider. What is read of the
 * state of another root comes without marks: of its outputs those are secret that are declared so, or are called like a secret.
 *
 * It looks for the marks wherever they are, so that a part of the format that is new hides nothing from it.
 *
 * @param json parsed JSON
 * @param secretOutputs names of outputs that roots of the repository declare sensitive
 */
export function sensitiveValues(json: unknown, secretOutputs: ReadonlySet<string> = new Set()): SecretValue[] {
  const found: SecretValue[] = [];
  walk(json, 0, found);
  ofVariables(json, found);
  ofOtherStates(json, secretOutputs, found);
  return found;
}

/** The data source whose values have lost their marks. */
const OTHER_STATE = 'terraform_remote_state';

function ofOtherStates(json: unknown, secretOutputs: ReadonlySet<string>, found: SecretValue[]): void {
  const open: { value: unknown; level: number }[] = [{ value: json, level: 0 }];
  for (const { value, level } of open) {
    if (typeof value !== 'object' || value === null || level > MOST_LEVELS) {
      continue;
    }
    if (field(value, 'type') === OTHER_STATE) {
      const change = field(value, 'change');
      for (const each of [field(value, 'values'), field(change, 'before'), field(change, 'after')]) {
        namedSecrets(field(each, 'outputs'), (name) => isSecretName(name) || secretOutputs.has(name), found);
      }
    }
    open.push(...Object.values(value).map((each: unknown) => ({ value: each, level: level + 1 })));
  }
}

/** Leaves below a name that tells of a secret. */
function namedSecrets(value: unknown, isSecret: (name: string) => boolean, found: SecretValue[], level = 0): void {
  for (const name of level > MOST_LEVELS ? [] : keysOf(value)) {
    if (isSecret(name) && !Array.isArray(value)) {
      leaves(field(value, name), name, level, found);
    } else {
      namedSecrets(field(value, name), isSecretName, found, level + 1);
    }
  }
}

function walk(value: unknown, level: number, found: SecretValue[]): void {
  if (typeof value !== 'object' || value === null || level > MOST_LEVELS) {
    return;
  }
  if (Array.isArray(value)) {
    for (const each of value) {
      walk(each, level + 1, found);
    }
    return;
  }
  for (const [name, marks] of MARKED) {
    collect(field(value, name), field(value, marks), '', level, found);
  }
  if (field(value, 'sensitive') === true) {
    leaves(field(value, 'value'), '', level, found);
  }
  for (const [name, each] of Object.entries(value)) {
    if (name === 'provider_config') {
      providerLiterals(each, '', level, found);
    }
    if (name === 'module_calls') {
      moduleLiterals(each, found);
    }
    walk(each, level + 1, found);
  }
}

/** Leaves of a value whose mark, or that of something around them, is `true`. */
function collect(value: unknown, marks: unknown, name: string, level: number, found: SecretValue[]): void {
  if (marks === true || (level > MOST_LEVELS && typeof marks === 'object')) {
    leaves(value, name, level, found);
  } else if (Array.isArray(marks)) {
    for (const [index, mark] of marks.entries()) {
      collect(Array.isArray(value) ? value[index] : undefined, mark, name, level + 1, found);
    }
  } else if (typeof marks === 'object' && marks !== null) {
    for (const [key, mark] of Object.entries(marks)) {
      collect(field(value, key), mark, key, level + 1, found);
    }
  }
}

/** All texts and numbers in a value. Keys are none: nobody can tell those of a mapping from names of attributes. */
function leaves(value: unknown, name: string, level: number, found: SecretValue[]): void {
  if (typeof value === 'string' || typeof value === 'number') {
    found.push({ text: String(value), name });
  } else if (level > 2 * MOST_LEVELS) {
    found.push({ text: JSON.stringify(value) ?? '', name });
  } else if (Array.isArray(value)) {
    for (const each of value) {
      leaves(each, name, level + 1, found);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      leaves(each, key, level + 1, found);
    }
  }
}

function ofVariables(json: unknown, found: SecretValue[]): void {
  const declared = field(field(field(json, 'configuration'), 'root_module'), 'variables');
  const given = field(json, 'variables');
  for (const name of keysOf(declared).filter((each) => isSecretVariable(field(declared, each)))) {
    leaves(field(field(given, name), 'value'), name, 0, found);
    leaves(field(field(declared, name), 'default'), name, 0, found);
  }
}

function isSecretVariable(declared: unknown): boolean {
  return field(declared, 'sensitive') === true || field(declared, 'ephemeral') === true;
}

/** Literals that calls give to sensitive variables of their modules. */
function moduleLiterals(calls: unknown, found: SecretValue[]): void {
  for (const call of keysOf(calls).map((name) => field(calls, name))) {
    const variables = field(field(call, 'module'), 'variables');
    for (const name of keysOf(variables).filter((each) => isSecretVariable(field(variables, each)))) {
      leaves(field(field(field(call, 'expressions'), name), 'constant_value'), name, 0, found);
      leaves(field(field(variables, name), 'default'), name, 0, found);
    }
  }
}

/** Names under which a secret is kept. */
const SECRET_NAME =
  /pass|secret|(?:^|[^a-z])pwd?(?:$|[^a-z])|token|credential|private|(?:^|[^a-z])(?:api|access|auth|encryption|signing)?_?key(?:$|[^a-z])|(?:^|_)auth(?:$|_)|kubeconfig|cert/i;

/** Whether a name is one under which a secret is kept: `api_token`, `SharedAccessKey`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_'));
}

/** Literals of a provider's configuration whose names are those of secrets. */
function providerLiterals(value: unknown, name: string, level: number, found: SecretValue[]): void {
  if (typeof value !== 'object' || value === null || level > MOST_LEVELS) {
    return;
  }
  const literal = field(value, 'constant_value');
  if (literal !== undefined && isSecretName(name)) {
    leaves(literal, name, level, found);
  }
  for (const [key, each] of Object.entries(value)) {
    providerLiterals(each, Array.isArray(value) ? name : key, level + 1, found);
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
