import { announcePull } from '../events/pull.js';
import { labelView } from '../views/pull.js';
import { userView } from '../views/user.js';
import type { Account, Caller } from './accounts.js';
import type { IssueRecord, LabelEventRecord, LabelRecord, PullRecord } from './records.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/**
 * Permissions of which one lets a token create labels. GitHub documents `pull_requests` too, but refuses it since 2025.
 *
 * @see https://github.com/orgs/community/discussions/156181
 */
export const makesLabels = ['issues'];

/** Adds a label to an issue or pull request that does not have it, and emits `labeled`. */
export async function addLabel(
  world: World,
  repository: Repository,
  caller: Caller,
  issue: IssueRecord,
  label: LabelRecord,
) {
  if (!issue.labels.includes(label)) {
    issue.labels.push(label);
    noteLabel(world, caller, issue, label, 'LabeledEvent');
    issue.updatedAt = world.now();
    await announceAbout(world, repository, caller, issue, 'labeled', { label: labelView(world, repository, label) });
  }
}

/** Removes a label and emits `unlabeled`. */
export async function removeLabel(
  world: World,
  repository: Repository,
  caller: Caller,
  issue: IssueRecord,
  label: LabelRecord,
) {
  issue.labels = issue.labels.filter((present) => present !== label);
  noteLabel(world, caller, issue, label, 'UnlabeledEvent');
  issue.updatedAt = world.now();
  await announceAbout(world, repository, caller, issue, 'unlabeled', { label: labelView(world, repository, label) });
}

function noteLabel(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  label: LabelRecord,
  type: LabelEventRecord['type'],
): void {
  issue.labelEvents.push({ id: world.nextId(), type, label, actor: caller.account, createdAt: world.now() });
}

/** Assigns someone. */
export async function assign(
  world: World,
  repository: Repository,
  caller: Caller,
  issue: IssueRecord,
  account: Account,
) {
  if (!issue.assignees.includes(account)) {
    issue.assignees.push(account);
    issue.updatedAt = world.now();
    await announceAbout(world, repository, caller, issue, 'assigned', { assignee: userView(world, account) });
  }
}

/** Asks people and teams for a review. @throws Refusal 422 when the author is among them */
export async function requestReviews(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  accounts: Account[],
  teams: string[],
): Promise<void> {
  if (accounts.includes(pull.author)) {
    throw new Refusal(422, 'Review cannot be requested from pull request author.');
  }
  for (const account of accounts.filter((candidate) => !pull.requestedReviewers.includes(candidate))) {
    pull.requestedReviewers.push(account);
    const requested = { requested_reviewer: userView(world, account) };
    await announcePull(world, repository, caller, pull, 'review_requested', requested);
  }
  for (const slug of teams.filter((candidate) => !pull.requestedTeams.includes(candidate))) {
    pull.requestedTeams.push(slug);
    await announcePull(world, repository, caller, pull, 'review_requested', { requested_team: { slug, name: slug } });
  }
  pull.updatedAt = world.now();
}

/** Creates a label. @throws Refusal 422 when the name is taken */
export function createLabel(world: World, repository: Repository, input: Omit<LabelRecord, 'id'>): LabelRecord {
  if (repository.labels.has(input.name.toLowerCase())) {
    throw new Refusal(422, 'Validation Failed', {
      graphqlMessage: 'Name has already been taken',
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    });
  }
  const label = { id: world.nextId(), ...input };
  repository.labels.set(input.name.toLowerCase(), label);
  return label;
}

async function announceAbout(
  world: World,
  repository: Repository,
  caller: Caller,
  issue: IssueRecord,
  action: string,
  extra: Record<string, unknown>,
): Promise<void> {
  const pull = repository.pulls.get(issue.number);
  if (pull !== undefined) {
    await announcePull(world, repository, caller, pull, action, extra);
  }
}
