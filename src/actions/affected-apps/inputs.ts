import { listInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs. */
export function readInputs() {
  return {
    token: secretInput('github-token'),
    apps: listInput('apps'),
    base: textInput('base'),
    workingDirectory: textInput('working-directory') ?? '.',
  };
}
