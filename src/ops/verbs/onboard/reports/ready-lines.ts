import { POLICY_FILE, readPolicy } from '../../../policy/policy.js';
import { valueAt } from '../../../reconcilers/fields.js';
import { editYaml } from '../../../yaml/edit.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import { readValues } from '../../../yaml/values.js';
import { contextFor } from './flux-reports.js';
import { nothing, type Reporting, type Written } from './reporting.js';

/**
 * `ready` of the environment in `ostack.yaml`, with who posts, and with contexts where names of objects do not tell environments apart.
 * A policy that says it already stays as it is, and one that names no environments gets none: those that it names would be all.
 *
 * @throws what a failed request throws
 */
export async function readyLines({ tree, environment, login, objects, alike }: Reporting): Promise<Written> {
  const written = nothing();
  const names = [...new Set(objects.map(({ name }) => name))];
  const contexts = names.some((name) => alike.has(name)) ? names.map((name) => contextFor(name, environment)) : [];
  const ready = { creators: [login], ...(contexts.length === 0 ? {} : { contexts }) };
  const lines = toYaml({ environments: { [environment]: { ready } } });
  const text = await tree.read(POLICY_FILE);
  // Of the commit that is planned on: a branch may have it already.
  const declared = readPolicy(text).environments.find(({ name }) => name === environment);
  if (declared?.ready !== undefined) {
    if (!declared.ready.creators.includes(login.toLowerCase())) {
      const what = `"ready" of ${environment} in ostack.yaml counts what ${declared.ready.creators.join(' and ')} posts. Where ${login} posts, write:`;
      written.open.push({ what, lines });
    }
    return written;
  }
  if (text === undefined || declared === undefined) {
    const what = `ostack.yaml does not name ${environment}, and those that it names are all that there are. Add it with the others:`;
    written.open.push({ what, lines });
    return written;
  }
  try {
    const at = ['environments', environment];
    const [root] = readValues(text, POLICY_FILE);
    const settings = root?.kind === 'map' ? valueAt(root, at) : undefined;
    const edit = settings?.kind === 'map' ? { path: [...at, 'ready'], add: ready } : { path: at, add: { ready } };
    written.files.set(POLICY_FILE, editYaml(text, [edit], POLICY_FILE));
    written.before.set(POLICY_FILE, text);
  } catch {
    written.open.push({ what: `Add to ${environment} in ostack.yaml:`, lines });
  }
  return written;
}
