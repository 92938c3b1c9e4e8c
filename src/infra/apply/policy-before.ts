import type { Git } from '../../git/git.js';
import { INFRA_FILE, type InfraConfig, readInfraConfig } from '../config/infra-config.js';
import { fetchCommit } from '../roots/fetch-commit.js';
import { type InfraChange, parentsOf } from '../roots/read-change.js';
import { readTextAt } from '../roots/read-files.js';

/**
 * The policy before the newest commit, by which is judged who may approve, so that no change takes its own approvers away. By hand it is
 * that of the first parent: a person names roots, and what changed is the newest commit all the same.
 *
 * @param ofPush the policy before a push
 * @returns `undefined` where there was none, or it could not be read
 * @throws Error where the commit before cannot be fetched
 */
export async function policyBefore(
  git: Git,
  { commit, change }: Pick<InfraChange, 'commit' | 'change'>,
  ofPush: InfraConfig | undefined,
): Promise<InfraConfig | undefined> {
  const [parent] = change === undefined ? await parentsOf(git, commit) : [];
  if (parent === undefined) {
    return ofPush;
  }
  await fetchCommit(git, parent);
  const text = await readTextAt(git, parent, INFRA_FILE);
  try {
    return readInfraConfig(text);
  } catch {
    // It was broken, which may be what the commit mends.
    return undefined;
  }
}
