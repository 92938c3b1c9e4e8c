import { booleanInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  return {
    registry: textInput('registry'),
    previewImages: textInput('preview-images'),
    dryRun: booleanInput('dry-run', false),
    token: secretInput('github-token') ?? requiredInput('github-token', 'Pass `github.token`, with "packages: write".'),
  };
}
