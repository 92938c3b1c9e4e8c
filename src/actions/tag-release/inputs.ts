import { DEFAULT_LEVELS, isPlainVersion, isPrereleaseWord, LEVELS_BEFORE_ONE } from '../../apps/release-keys.js';
import { type AskedVersion, readAskedVersion } from '../../release/release-as.js';
import { booleanInput, choiceInput, listInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/**
 * Reads the inputs. What `ostack.yaml` says too is `undefined` where the input is empty, as a reusable workflow passes it on.
 *
 * @throws Error naming the input that is missing or malformed
 */
export function readInputs() {
  requiredInput(
    'github-token',
    'Pass the token of the job (github.token), with "contents: write" under "permissions:".',
  );
  const branches = listInput('release-branches');
  return {
    token: secretInput('github-token') ?? '',
    workingDirectory: textInput('working-directory') ?? '.',
    apps: listInput('apps'),
    releaseBranches: branches.length === 0 ? undefined : branches,
    tagFormat: textInput('tag-format'),
    firstVersion: firstVersion(),
    beforeOne: optionalChoice('before-1-0', LEVELS_BEFORE_ONE),
    releaseAs: releaseAs(),
    prerelease: prerelease(),
    defaultLevel: optionalChoice('default-level', DEFAULT_LEVELS),
    ignoredTypes: ignoredTypes(),
    trackDelivery: booleanInput('track-delivery', false),
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;

function optionalChoice<const T extends string>(name: string, choices: readonly [T, ...T[]]): T | undefined {
  return textInput(name) === undefined ? undefined : choiceInput(name, choices, choices[0]);
}

function firstVersion(): string | undefined {
  const text = textInput('first-version');
  if (text !== undefined && !isPlainVersion(text)) {
    throw new Error(`Input "first-version" is "${text}", expected a version as 0.1.0: three numbers and nothing else.`);
  }
  return text;
}

function releaseAs(): AskedVersion[] {
  return listInput('release-as').map((text) => {
    const asked = readAskedVersion(text);
    if (asked === undefined) {
      throw new Error(
        `Input "release-as" has "${text}", expected a version as 2.0.0, or <app>=<version> as web=2.0.0.`,
      );
    }
    return asked;
  });
}

/** @returns `none` for releases where `ostack.yaml` says otherwise */
function prerelease(): string | undefined {
  const text = textInput('prerelease');
  if (text !== undefined && !isPrereleaseWord(text)) {
    throw new Error(`Input "prerelease" is "${text}", expected a word as rc or beta: letters, digits and "-".`);
  }
  return text;
}

/** `none` means no types. */
function ignoredTypes(): string[] | undefined {
  const types = listInput('ignored-types').map((type) => type.toLowerCase());
  if (types.length === 0) {
    return undefined;
  }
  return types.length === 1 && types[0] === 'none' ? [] : types;
}
