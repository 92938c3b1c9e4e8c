import { sameRepository } from '../carriers/image-reference.js';
import type { HeldOnce } from '../policy/rules.js';
import { environmentsWithEvidence, type UnprovenImage } from './admit-images.js';
import type { ChangeFacts } from './change-facts.js';

/**
 * The images that take evidence still: without those that the history of the default branch has in an environment which asked for
 * the same. So nothing depends on how long artifacts live.
 *
 * @param history what an environment held of an app
 */
export async function withoutAdmitted(
  { held, policy, environments }: Pick<ChangeFacts, 'held' | 'policy' | 'environments'>,
  images: readonly UnprovenImage[],
  history: (environment: string, app: string) => Promise<HeldOnce>,
): Promise<UnprovenImage[]> {
  const open = await Promise.all(
    images.map(async (image) => {
      const isOf = (target: HeldTarget) => isSameDigest(target, image);
      const apps = new Set(held.filter(({ targets }) => targets.some(isOf)).map(({ app }) => app));
      const asked = environmentsWithEvidence(policy, environments, image);
      const found = await Promise.all(
        [...apps].flatMap((app) => asked.map((environment) => history(environment, app))),
      );
      const wasThere = found.some(({ entries }) => entries.some(({ targets }) => targets.some(isOf)));
      return wasThere ? [] : [image];
    }),
  );
  return open.flat();
}

type HeldTarget = HeldOnce['entries'][number]['targets'][number];

function isSameDigest(target: HeldTarget, { repository, digest }: UnprovenImage): boolean {
  return target.kind === 'image' && target.digest === digest && sameRepository(target.repository, repository);
}
