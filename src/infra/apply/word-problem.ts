import { isAmong } from '../../github/logins.js';
import type { InfraConfig } from '../config/infra-config.js';
import { environmentsOfRoot } from '../config/infra-policy.js';
import type { Root } from '../roots/find-roots.js';
import type { Word } from './decide-apply.js';

/** Who approves something: the policy names them together. */
interface Group {
  who: string;
  approvers: readonly string[];
  approvals: number;
}

/**
 * Why what a person says by hand does not count for a root. It stands for the approval that a pull request of the same plan would
 * take, so it is theirs who may give that: of the root, of its environments, and of losses, which a plan that nobody reviewed may
 * have. One person never stands for two.
 *
 * @param configs policies that count: that of the commit, and the one before it, so that no change takes its own approvers away
 * @param logins of people and of those in teams
 * @returns a sentence; `undefined` where it counts
 */
export async function wordProblem(
  { login, accepts }: Pick<Word, 'login' | 'accepts'>,
  { name }: Pick<Root, 'name'>,
  configs: readonly InfraConfig[],
  logins: (approvers: readonly string[]) => Promise<readonly string[]>,
): Promise<string | undefined> {
  for (const { who, approvers, approvals } of configs.flatMap((config) => groupsOf(name, config))) {
    if (!isAmong(login, await logins(approvers))) {
      return `${login} is none of ${who}, so what they say does not count.`;
    }
    if (accepts !== undefined && approvals > 1) {
      return `It takes ${approvals} of ${who}, so one person cannot accept it: that takes a pull request.`;
    }
  }
  return undefined;
}

function groupsOf(name: string, config: InfraConfig): Group[] {
  const { environments, losses } = config.rules;
  const settings = config.roots.find((root) => root.name === name);
  const own = environmentsOfRoot(settings?.environment, config);
  const groups: Group[] = [
    { who: 'its approvers', approvers: settings?.approvers ?? [], approvals: settings?.approvals ?? 1 },
    ...environments
      .filter((each) => own.includes(each.name))
      .map(({ name: environment, approvers, approvals }) => ({
        who: `the approvers of ${environment}`,
        approvers,
        approvals,
      })),
    ...(losses === undefined || losses === 'nobody' ? [] : [{ who: 'the approvers of losses', ...losses }]),
  ];
  return groups.filter(({ approvers }) => approvers.length > 0);
}
