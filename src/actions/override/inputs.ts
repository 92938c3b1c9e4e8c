import { requiredInput } from '../../runtime/inputs.js';

const INTENT = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  return {
    app: requiredInput('app', 'Name the app.'),
    environment: requiredInput('environment', 'Name the environment, for example staging.'),
    intent: readIntent(requiredInput('intent', 'Say what the patch is about, for example replicas.')),
    patch: requiredInput('patch', 'Pass the strategic merge patch, YAML.'),
  };
}

/** The intent `replicas`, which may also be given as the name of its file, `_replicas.yaml`. */
function readIntent(text: string): string {
  const intent = text.replace(/^_/, '').replace(/\.ya?ml$/, '');
  if (!INTENT.test(intent)) {
    throw new Error(`Input "intent" is "${text}", expected letters, digits and "-", for example replicas.`);
  }
  return intent;
}
