import { imageLabel } from '../carriers/named-images.js';
import { ruleFor } from '../policy/image-rules.js';
import { environmentPolicy, type Policy } from '../policy/policy.js';
import { guestOf } from '../repository/workspaces.js';
import type { Problem } from '../tree/problem.js';
import type { HeldVersion } from './held-versions.js';

/**
 * The images that move for an app of another workspace than that of the repository in which they have to be built: a guest's apps
 * take its own images, and others take none of it. Whose an app is, its name and the policy say; what an apps repository says of
 * itself decides nothing.
 */
export function fenceProblems(policy: Policy, held: readonly HeldVersion[], environment: string): Problem[] {
  const { guestRepositories: repositories = new Map<string, string>(), guests } = policy;
  const rules = environmentPolicy(policy, environment).images ?? [];
  if (repositories.size === 0) {
    return [];
  }
  const moved = held.filter((each) => each.environment === environment && each.moves);
  return moved.flatMap(({ app, targets }) => {
    const guest = guestOf(app, guests);
    const own = guest === undefined ? undefined : repositories.get(guest);
    return targets.flatMap((target): Problem[] => {
      const from = target.kind === 'image' ? ruleFor(rules, target.repository)?.builtBy?.repository : undefined;
      const owner = [...repositories].find(([, name]) => name.toLowerCase() === from?.toLowerCase())?.[0];
      const isOwn = own === undefined ? owner === undefined : from?.toLowerCase() === own.toLowerCase();
      if (target.kind !== 'image' || from === undefined || isOwn) {
        return [];
      }
      const label = imageLabel({ ...target, digest: target.digest });
      const whose = guest === undefined ? 'of no guest' : `of the guest ${guest}, whose apps ${own ?? 'nobody'} builds`;
      const message = `${label} is built by ${from}, and ${app} in ${environment} is ${whose} ("guests" of ostack.yaml): take an image of its own, or say there whose it is, in a pull request of its own.`;
      return [{ level: 'error', file: '', line: undefined, message }];
    });
  });
}
