import * as core from '@actions/core';
import semver from 'semver';
import type { GitHub } from '../../github/client.js';
import { withPendingDelivery } from '../../release/delivery.js';
import { type AppFacts, type Plan, relevantTags } from '../../release/plan.js';
import { makeReleasePage, type ReleasePage } from '../../release/publish.js';
import { cutMarkdown } from '../../report/cut.js';
import type { Inputs } from './inputs.js';
import type { Repository } from './repository.js';

/** One round of work: what is known, and what is planned on the strength of it. */
export interface Round {
  github: GitHub;
  repository: Repository;
  inputs: Inputs;
  facts: readonly AppFacts[];
  plans: readonly Plan[];
}

/** What the notes lack is worth a notice where they are written. */
export function tellerOf({ dryRun }: Inputs): (message: string) => void {
  return dryRun ? core.debug : core.notice;
}

/** A release page to make. */
export interface PageToMake {
  app: string;
  version: string;
  tag: string;
  notes: string;
  latest: boolean;
}

/** GitHub refuses the body of a release over 125,000 characters; what is delivered is told there as well. */
const NOTES_LIMIT = 100_000;

/** Makes a release's page, marked as on its way where deliveries are tracked. */
export async function makePage({ github, repository, inputs }: Round, page: PageToMake): Promise<ReleasePage> {
  const notes = cutMarkdown(page.notes, NOTES_LIMIT);
  return makeReleasePage(github, {
    repository: repository.name,
    tag: page.tag,
    title: repository.single ? page.tag : `${page.app} ${page.version}`,
    body: inputs.trackDelivery ? withPendingDelivery(notes) : notes,
    prerelease: semver.prerelease(page.version) !== null,
    latest: page.latest,
  });
}

/**
 * The one release of this round that the repository's page should show as the latest: a stable one, the highest of its
 * app (a patch of an older line is not), and of several apps released together the one with the highest version.
 *
 * @returns its tag; `undefined` where no release of this round qualifies
 */
export function latestOf({ facts, plans }: Pick<Round, 'facts' | 'plans'>): string | undefined {
  const highest = new Map(facts.map(({ app, tags }) => [app.name, relevantTags(tags, undefined)[0]?.version]));
  const candidates = plans
    .filter((plan) => plan.kind === 'release')
    .filter(({ app, version }) => {
      const before = highest.get(app.name);
      return semver.prerelease(version) === null && (before === undefined || semver.gt(version, before));
    })
    .sort((a, b) => semver.rcompare(a.version, b.version));
  return candidates[0]?.tag;
}
