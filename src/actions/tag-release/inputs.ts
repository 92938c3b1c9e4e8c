import semver from 'semver';
import { booleanInput, choiceInput, listInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Types of commits that release nothing by themselves. */
const IGNORED_TYPES = ['docs', 'test', 'ci', 'style'];

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  requiredInput(
    'github-token',
    'Pass the token of the job (github.token), with "contents: write" under "permissions:".',
  );
  return {
    token: secretInput('github-token') ?? '',
    workingDirectory: textInput('working-directory') ?? '.',
    apps: listInput('apps'),
    tagFormat: textInput('tag-format'),
    firstVersion: firstVersion(),
    prerelease: prerelease(),
    defaultLevel: choiceInput('default-level', ['patch', 'minor', 'none'], 'patch'),
    ignoredTypes: ignoredTypes(),
    trackDelivery: booleanInput('track-delivery', false),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;

function firstVersion(): string {
  const text = textInput('first-version') ?? '0.1.0';
  const version = semver.parse(text);
  if (version === null || version.version !== text || version.prerelease.length > 0) {
    throw new Error(`Input "first-version" is "${text}", expected a version as 0.1.0: three numbers and nothing else.`);
  }
  return text;
}

function prerelease(): string | undefined {
  const text = textInput('prerelease');
  if (text !== undefined && !/^[A-Za-z][0-9A-Za-z-]*$/.test(text)) {
    throw new Error(`Input "prerelease" is "${text}", expected a word as rc or beta: letters, digits and "-".`);
  }
  return text;
}

/** An empty input counts as not given, so that reusable workflows can pass their own input on; `none` means no types. */
function ignoredTypes(): string[] {
  const types = listInput('ignored-types').map((type) => type.toLowerCase());
  if (types.length === 0) {
    return IGNORED_TYPES;
  }
  return types.length === 1 && types[0] === 'none' ? [] : types;
}
