import { parseRepository, type RunContext } from '../../github/context.js';
import { booleanInput, listInput, secretInput, textInput } from '../../runtime/inputs.js';
import { mergeInput, readProposeInputs } from '../propose-inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs(context: RunContext) {
  const shared = readProposeInputs(context);
  const apps = [...new Set(listInput('apps', ['*']))];
  if (apps.includes('*') && apps.length > 1) {
    throw new Error(`Input "apps" is "${apps.join(', ')}": name apps, or "*" for all of them, not both.`);
  }
  const to = [...new Set(listInput('to'))];
  if (to.length === 0) {
    throw new Error('Input "to" is missing. Name the environment to promote to, or several separated by commas.');
  }
  return {
    ...shared,
    apps: apps.length === 0 || apps[0] === '*' ? ('all' as const) : apps,
    from: textInput('from') ?? '',
    to,
    includeNew: booleanInput('include-new', false),
    force: booleanInput('force', false),
    reason: textInput('reason'),
    merge: mergeInput(),
    appsRepositories: readAppsRepositories(),
    appsToken: secretInput('apps-token'),
    reportsToken: secretInput('reports-token'),
  };
}

/** Several, and one that is named by the app; `undefined` where none is said. */
function readAppsRepositories(): string[] | undefined {
  const names = listInput('apps-repository');
  for (const name of names) {
    parseRepository(name.replaceAll('{app}', 'app'), 'Input "apps-repository"');
  }
  return names.length === 0 ? undefined : names;
}
