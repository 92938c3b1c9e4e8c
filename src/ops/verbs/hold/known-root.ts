import { didYouMean } from '../../../config/nearest.js';
import type { InfraConfig } from '../../../infra/config/infra-config.js';
import { environmentsOf, environmentsOfRoot } from '../../../infra/config/infra-policy.js';
import { isConfiguration } from '../../../infra/roots/module-tree.js';
import { EVERY, type Scope } from '../../policy/holds.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/**
 * Why a hold would hold nothing in an infra repository: there is no such environment, no such root, or that is in another one.
 *
 * @returns a message for people, `undefined` where all is well
 * @throws what a failed request throws
 */
export async function rootProblem(
  tree: TreeReader,
  config: InfraConfig,
  { environment, app }: Scope,
): Promise<string | undefined> {
  const environments = environmentsOf(config);
  if (environment !== EVERY && !environments.includes(environment)) {
    const known = environments.length === 0 ? 'ostack.yaml names none' : `Known: ${environments.join(', ')}`;
    return `There is no environment "${environment}".${didYouMean(environment, environments)} ${known}; "*" is for all of them.`;
  }
  if (app === EVERY) {
    return undefined;
  }
  const root = config.roots.find(({ name }) => name === app);
  if (root === undefined && !(await isFound(tree, config, app))) {
    const names = config.roots.map(({ name }) => name);
    const known =
      names.length === 0
        ? 'A root is called like its folder, which has files *.tf or *.tofu'
        : `Known: ${names.join(', ')}`;
    return `There is no root "${app}".${didYouMean(app, names)} ${known}; "*" is for all of them.`;
  }
  const own = environmentsOfRoot(root?.environment, config);
  return environment === EVERY || own.includes(environment)
    ? undefined
    : `The root "${app}" is in ${own.join(', ')}, and not in ${environment}.`;
}

/** Whether there is a folder that may be a root, where `ostack.yaml` names none. */
async function isFound(tree: TreeReader, { roots }: InfraConfig, folder: string): Promise<boolean> {
  const entries = roots.length > 0 ? [] : await tree.list(folder === '.' ? '' : folder);
  return (entries ?? []).some(({ name, type }) => type === 'file' && isConfiguration(name));
}
