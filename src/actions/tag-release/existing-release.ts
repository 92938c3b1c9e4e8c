import semver from 'semver';
import { readAttributions } from '../../release/attributions.js';
import { summarize } from '../../release/changes.js';
import { isPendingDelivery, withoutDelivery } from '../../release/delivery.js';
import { changesBetween } from '../../release/facts.js';
import { isNoteworthy } from '../../release/level.js';
import { releaseNotes } from '../../release/notes.js';
import { type Plan, previousRelease, relevantTags } from '../../release/plan.js';
import type { Release } from '../../release/release.js';
import type { TagPage } from '../../release/release-pages.js';
import { isReleaseTag } from '../../release/tag-message.js';
import type { AppTag } from '../../release/tags.js';
import { withoutReverted } from '../../release/without-reverted.js';
import { makePage, noticeFor, type Round } from './round.js';

/** A plan that makes no new tag. */
type OldPlan = Exclude<Plan, { kind: 'release' }>;

/** The existing release of a plan: that of HEAD, or the last one, whose delivery may be pending. */
export function tagOf(plan: Plan): AppTag | undefined {
  return plan.kind === 'released' ? plan.tag : 'last' in plan ? plan.last : undefined;
}

/**
 * The existing release of an app without a new one. Creates its page if a run was stopped between the tag and the page.
 *
 * @returns `undefined` when this run has nothing to deliver: the last release counts only while its delivery is pending
 */
export async function existingRelease(
  round: Round,
  plan: OldPlan,
  found: TagPage | undefined,
): Promise<Release | undefined> {
  const tag = tagOf(plan);
  if (tag === undefined || found === undefined) {
    return undefined;
  }
  if (found.page !== undefined) {
    const needed = plan.kind === 'released' || isPendingDelivery(found.page.body);
    const { url, body } = found.page;
    return needed ? describe(round, plan, tag, { url, notes: withoutDelivery(body) }) : undefined;
  }
  // Tags from before this action have no page either; only one on HEAD gets one.
  if (plan.kind !== 'released' && !isReleaseTag(found.message)) {
    return undefined;
  }
  return repair(round, plan, tag);
}

async function repair(round: Round, plan: OldPlan, tag: AppTag): Promise<Release> {
  const { github, repository, inputs, facts } = round;
  const own = facts.find(({ app }) => app === plan.app);
  const previous = own === undefined ? undefined : previousRelease(tag, own);
  const all = await changesBetween(repository.git, { app: plan.app, tag, previous });
  const changes = summarize(withoutReverted(all)).filter((change) => isNoteworthy(change, repository.rules));
  const notes = releaseNotes({
    tag: tag.name,
    previous: previous?.name,
    repositoryUrl: repository.url,
    changes,
    attributions: await readAttributions(
      github,
      repository.name,
      changes.map(({ sha }) => sha),
      noticeFor(inputs),
    ),
  });
  if (inputs.dryRun) {
    return describe(round, plan, tag, { url: '', notes });
  }
  const [highest] = relevantTags(own?.tags ?? [], undefined);
  const latest = highest?.name === tag.name && !round.plans.some(({ kind }) => kind === 'release');
  const page = await makePage(round, { app: plan.app.name, version: tag.version, tag: tag.name, notes, latest });
  return describe(round, plan, tag, { url: page.url, notes });
}

function describe(
  { facts }: Round,
  { app }: OldPlan,
  { name, version, commit }: AppTag,
  { url, notes }: { url: string; notes: string },
): Release {
  const own = facts.find((one) => one.app === app);
  const previous = own === undefined ? undefined : previousRelease({ name, version, commit }, own);
  return {
    app: app.name,
    version: semver.clean(version) ?? version,
    tag: name,
    previous: previous?.name ?? null,
    level: null,
    sha: commit,
    notes,
    url,
    created: false,
  };
}
