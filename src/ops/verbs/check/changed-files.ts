import { isUnreadTemplate } from '../../carriers/file-nodes.js';
import { HOLDS_FILE, readHolds } from '../../policy/holds.js';
import { POLICY_FILE, readPolicy } from '../../policy/policy.js';
import { secretProblems } from '../../tree/plain-secrets.js';
import type { Problem } from '../../tree/problem.js';
import { problemOf } from '../../tree/problem-of.js';
import { parseYaml } from '../../yaml/parse.js';
import type { Comparison } from './comparison.js';

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

/** Whether a file is a template, of which nothing is read. Those of a chart are meant to be. */
function isTemplate(path: string, text: string): boolean {
  return /\.ya?ml$/.test(path) && !path.split('/').includes('templates') && isUnreadTemplate(text, path);
}

function unread(path: string): Problem {
  const message =
    'It is a template ({{ }}) that is no YAML before it is rendered, so it was not read: versions in it are not known, and not set.';
  return { level: 'warning', file: path, line: undefined, message };
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
    return isTemplate(path, text) ? [unread(path)] : [];
  } catch (error) {
    return [problemOf(error, path)];
  }
}
