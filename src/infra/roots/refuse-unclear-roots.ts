import { didYouMean } from '../../config/nearest.js';
import { firstFew } from '../../report/first-few.js';
import { INFRA_FILE, type InfraConfig } from '../config/infra-config.js';
import { ROOT_NAME } from '../config/infra-schema.js';
import type { Root, Roots } from './find-roots.js';

/** Files of Terragrunt, which makes roots of modules when it runs. @see https://terragrunt.gruntwork.io/docs/reference/hcl/ */
const TERRAGRUNT = /(?:^|\/)terragrunt(?:\.stack)?\.hcl(?:\.json)?$/;

/** Most roots that are written down to paste. */
const MOST_LINES = 50;

/**
 * Refuses what nobody could tell the roots of: a root would be missing, and nothing would say so.
 *
 * @param before the roots of the commit that the change is compared with; `undefined` without one
 * @throws Error with the file, what is there, and the lines to paste
 */
export function refuseUnclearRoots(config: InfraConfig, roots: Roots, before: Roots | undefined): void {
  const { tree, files } = roots;
  for (const { name, path } of config.roots) {
    // What goes with this change is told as deleted.
    if (!tree.has(path) && before?.tree.has(path) !== true) {
      throw new Error(
        `${INFRA_FILE}: roots.${name}: expected a folder with files *.tf, *.tofu, *.tf.json or *.tofu.json, found none in "${path}".${didYouMean(path, [...tree.keys()])} Say where it is by "path", or take it out.`,
      );
    }
  }
  if (config.roots.length > 0) {
    return;
  }
  const units = files.paths.filter((path) => TERRAGRUNT.test(path));
  if (units.length > 0) {
    throw new Error(
      `Terragrunt makes roots here (${firstFew(units, 3)}), and nothing of these is planned or applied by this action, which runs OpenTofu or Terraform alone. ${waysOut(roots)}`,
    );
  }
  const odd = roots.roots.find(({ name }) => !(name === '.' || ROOT_NAME.test(name.replace(/^\./, ''))));
  if (odd !== undefined) {
    throw new Error(
      `The root in ${JSON.stringify(odd.folder)} cannot be called like its folder: expected letters, digits, ".", "/", "_" and "-", for its name is in names of checks, branches and issues. Name the roots in ${INFRA_FILE}:\n\n${linesOf(roots.roots)}`,
    );
  }
}

function waysOut({ roots }: Roots): string {
  const own = roots.filter(({ state }) => state !== undefined);
  return own.length === 0
    ? `No folder has a backend or cloud block of its own, so there is nothing that could be planned without Terragrunt. Take this step out, or give a root a backend and name it in ${INFRA_FILE}.`
    : `Name the roots that are to be, and they alone are planned. Those with a backend or cloud block are, for ${INFRA_FILE}:\n\n${linesOf(own)}`;
}

/** The roots as `ostack.yaml` names them. */
function linesOf(roots: readonly Root[]): string {
  const lines = roots.slice(0, MOST_LINES).map(({ folder }, index) => {
    const name = folder.replace(/[^\w/-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
    return ROOT_NAME.test(folder)
      ? `  ${folder}: {}`
      : `  ${ROOT_NAME.test(name) ? name : `root-${index + 1}`}: { path: ${JSON.stringify(folder)} }`;
  });
  return `roots:\n${lines.join('\n')}`;
}
