import { HOLDS_FILE, readHolds } from '../../policy/holds.js';
import { POLICY_FILE, readPolicy } from '../../policy/policy.js';
import type { Problem } from '../../tree/problem.js';
import { parseYaml } from '../../yaml/parse.js';
import type { Comparison } from './comparison.js';
import { problemOf } from './problems.js';
import { secretProblems } from './secrets.js';

/** Files larger than this hold no configuration that people write. */
const MOST_CHARACTERS = 1_000_000;

/** What is wrong with the changed files by themselves: broken YAML, rules that cannot be read, secrets in plain text. */
export async function fileProblems({ base, head, changed }: Comparison): Promise<Problem[]> {
  const written = head.paths.filter((path) => changed.has(path));
  const found = await Promise.all(
    written.map(async (path) => {
      const [before, after] = await Promise.all([base.tree.read(path), head.tree.read(path)]);
      return after === undefined || after.length > MOST_CHARACTERS || after.includes('\0')
        ? []
        : [...secretProblems(path, before, after), ...contentProblems(path, after)];
    }),
  );
  return found.flat();
}

function contentProblems(path: string, text: string): Problem[] {
  try {
    if (path === POLICY_FILE) {
      readPolicy(text, path);
    } else if (path === HOLDS_FILE) {
      readHolds(text, path);
    } else if (/\.ya?ml$/.test(path) && !text.includes('{{')) {
      parseYaml(text, path);
    }
    return [];
  } catch (error) {
    return [problemOf(error, path)];
  }
}
