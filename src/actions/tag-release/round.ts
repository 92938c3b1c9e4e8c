import * as core from '@actions/core';
import semver from 'semver';
import type { GitHub } from '../../github/client.js';
import { withPendingDelivery } from '../../release/delivery.js';
import { type AppFacts, type Plan, relevantTags } from '../../release/plan.js';
import { makeReleasePage, type ReleasePage } from '../../release/publish.js';
import { cutMarkdown } from '../../report/cut.js';
import { logNotice } from '../../runtime/log.js';
import type { Inputs } from './inputs.js';
import type { Repository } from './repository.js';

/** One round of planning and releasing: the facts that were read and the plans made from them. */
export interface Round {
  github: GitHub;
  repository: Repository;
  inputs: Inputs;
  facts: readonly AppFacts[];
  plans: readonly Plan[];
}

/** Where missing parts of notes are reported: as notices, in a dry run as debug messages. */
export function noticeFor({ dryRun }: Inputs): (message: string) => void {
  return dryRun ? core.debug : logNotice;
}

/** A release page to create. */
export interface PageToMake {
  app: string;
  version: string;
  tag: string;
  notes: string;
  latest: boolean;
}

/** Most bytes of notes: GitHub refuses a body over 125,000 characters, and the delivery is added to it. */
const NOTES_LIMIT = 100_000;

/** Creates a release page, marked as pending when deliveries are tracked. */
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
 * @returns its tag; `undefined` when no release of this round qualifies
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
