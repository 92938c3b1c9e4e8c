import { booleanInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs of `serve-previews`. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  return {
    token:
      secretInput('token') ??
      requiredInput('token', 'Pass a token of the ops App, which may write the branch of previews.'),
    appsToken:
      secretInput('apps-token') ??
      requiredInput('apps-token', 'Pass a token of the ops App that reads the apps repositories.'),
    forkLabel: textInput('fork-label') ?? 'preview',
    dryRun: booleanInput('dry-run', false),
  };
}

export type Inputs = ReturnType<typeof readInputs>;
