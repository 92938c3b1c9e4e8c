import type { GitHub } from '../../github/client.js';
import { gatherFacts } from '../../release/facts.js';
import { type Plan, planRelease } from '../../release/plan.js';
import type { Release } from '../../release/release.js';
import { readReleasePages } from '../../release/release-pages.js';
import { info, logWarning } from '../../runtime/log.js';
import { existingRelease, tagOf } from './existing-release.js';
import type { Inputs } from './inputs.js';
import { makeRelease, readMaterial, type Taken } from './new-release.js';
import type { Repository } from './repository.js';
import { latestOf, type Round } from './round.js';

/** How often other runs may take a tag first before this run fails. */
const MOST_RACES = 5;
/** Characters of a footer that a message shows. */
const MOST_SHOWN = 100;

/** The plan for an app, and the release that has to be delivered, if any. */
export interface Outcome {
  plan: Plan;
  release: Release | undefined;
  /** Why a later run makes the release that was planned; `undefined` where it is made or none was planned. */
  overtaken?: string;
}

/**
 * Releases every app that needs a release. When another run takes a tag first, everything is read and planned again; the
 * releases that this run has made stay.
 *
 * @param done filled with each outcome as soon as it is final, so that it is known even when a later one fails
 * @throws Error when a request fails, or when other runs keep taking the tags
 */
export async function releaseApps(
  github: GitHub,
  { repository, inputs, done }: { repository: Repository; inputs: Inputs; done: Map<string, Outcome> },
): Promise<void> {
  const selected = inputs.apps.length > 0 ? inputs.apps : repository.apps.map(({ name }) => name);
  for (let race = 1; race <= MOST_RACES; race++) {
    const facts = await gatherFacts(repository.git, {
      head: repository.head,
      apps: repository.apps,
      selected: new Set(selected.filter((name) => !done.has(name))),
      format: repository.rules.format,
      prerelease: repository.rules.prerelease,
      unheard: race === 1 ? warnOfUnheard : undefined,
    });
    const plans = facts.map((one) => planRelease(one, repository.rules));
    const taken = await carryOut({ github, repository, inputs, facts, plans }, done);
    if (taken === undefined) {
      return;
    }
    info(`Another run made the tag ${taken.tag} first, on the commit ${taken.commit}: planning again.`);
  }
  throw new Error(
    `Other runs took the next tag ${MOST_RACES} times in a row while this one was planning. Run it again, and give the ` +
      'workflow a "concurrency" group with "queue: max", so that releases come one after the other.',
  );
}

function warnOfUnheard(commit: string, footer: string): void {
  logWarning(
    `The commit ${commit.slice(0, 12)} changes nothing and says "${footer.slice(0, MOST_SHOWN)}", which no app hears. Where it ` +
      'was meant for one, write its name in the footer of a new commit, as in "Release-As: shop=1.0.0", or use the input "release-as".',
  );
}

/** Carries plans out one by one. @returns the tag that another run took first; the remaining plans are outdated then */
async function carryOut(round: Round, done: Map<string, Outcome>): Promise<Taken | undefined> {
  const { github, repository, plans } = round;
  const tags = plans.map((plan) => tagOf(plan)?.name).filter((tag) => tag !== undefined);
  const pages = await readReleasePages(github, repository.name, tags);
  const fresh = plans.filter((plan) => plan.kind === 'release');
  const material = { ...(await readMaterial(round, fresh)), latest: latestOf(round) };
  let overtaken: string | undefined;
  for (const plan of plans) {
    if (plan.kind === 'release' && overtaken !== undefined) {
      done.set(plan.app.name, { plan, release: undefined, overtaken });
    } else if (plan.kind === 'release') {
      const made = await makeRelease(round, plan, material);
      if ('commit' in made) {
        return made;
      }
      overtaken = 'overtaken' in made ? made.overtaken : undefined;
      done.set(plan.app.name, 'overtaken' in made ? { plan, release: undefined, ...made } : { plan, release: made });
    } else {
      const release = await existingRelease(round, plan, pages.get(tagOf(plan)?.name ?? ''));
      done.set(plan.app.name, { plan, release });
    }
  }
  return undefined;
}
