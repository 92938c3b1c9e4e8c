import { announce } from '../events/simple.js';
import { issueView } from '../views/issue.js';
import type { Caller } from './accounts.js';
import type { IssueRecord, LabelRecord } from './records.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/** Opens an issue. */
export async function openIssue(
  world: World,
  repository: Repository,
  caller: Caller,
  input: Pick<IssueRecord, 'title' | 'body' | 'labels' | 'assignees'>,
): Promise<IssueRecord> {
  world.usage.create(caller);
  const now = world.now();
  const issue: IssueRecord = {
    id: world.nextId(),
    number: repository.nextNumber(),
    ...input,
    author: caller.account,
    state: 'open',
    labelEvents: [],
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    closedBy: undefined,
    locked: false,
  };
  repository.issues.set(issue.number, issue);
  await announceIssue(world, repository, caller, issue, 'opened');
  return issue;
}

export interface IssueChange {
  title?: string | undefined;
  body?: string | null | undefined;
  state?: 'open' | 'closed' | undefined;
  labels?: LabelRecord[] | undefined;
}

/** Changes an issue. */
export async function changeIssue(
  world: World,
  repository: Repository,
  caller: Caller,
  issue: IssueRecord,
  { title, body, state, labels }: IssueChange,
): Promise<void> {
  const isEdited = (title ?? issue.title) !== issue.title || (body !== undefined && body !== issue.body);
  const isMoved = state !== undefined && state !== issue.state;
  issue.title = title ?? issue.title;
  issue.body = body === undefined ? issue.body : body;
  issue.labels = labels ?? issue.labels;
  issue.updatedAt = world.now();
  if (isEdited) {
    await announceIssue(world, repository, caller, issue, 'edited');
  }
  if (isMoved) {
    issue.state = state;
    issue.closedAt = state === 'closed' ? world.now() : undefined;
    issue.closedBy = state === 'closed' ? caller.account : undefined;
    await announceIssue(world, repository, caller, issue, state === 'closed' ? 'closed' : 'reopened');
  }
}

function announceIssue(world: World, repository: Repository, caller: Caller, issue: IssueRecord, action: string) {
  const payload = { issue: issueView(world, repository, issue) };
  return announce(world, repository, caller, { name: 'issues', action, payload });
}
