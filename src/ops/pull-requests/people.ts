import type { Mutation } from '../../github/mutations.js';
import type { Label } from '../repository/labels.js';
import type { People, RepositoryState } from '../repository/repository-state.js';
import { type Finishing, mutation } from './merge-mutations.js';

/**
 * Labels, reviewers and assignees that a pull request still lacks. People who took a label or a reviewer away are not
 * contradicted: reviewers and assignees are set only where there are none yet.
 */
export function peopleMutations(
  id: string,
  { pullRequest, known, labels: wanted, losesLabel }: Finishing,
  people: People,
  repo: RepositoryState,
  labelIds: ReadonlyMap<string, string>,
): Mutation[] {
  const labels = wanted.filter((label) => known?.labels.includes(label) !== true);
  const [users, teams] = [idsOf(people, 'user', repo.users), idsOf(people, 'team', repo.teams)];
  const assignees = present(people.assignees, repo.users);
  const mutations: Mutation[] = [];
  const labelIdList = present(labels, labelIds);
  if (labelIdList.length > 0) {
    mutations.push(
      mutation(`${id}_labels`, 'addLabelsToLabelable', { labelableId: pullRequest.id, labelIds: labelIdList }),
    );
  }
  if (losesLabel === true && typeof known?.mergeLabel === 'object') {
    const input = { labelableId: pullRequest.id, labelIds: [known.mergeLabel.id] };
    mutations.push(mutation(`${id}_unlabel`, 'removeLabelsFromLabelable', input));
  }
  if (users.length + teams.length > 0 && known?.hasReviewers !== true) {
    const input = { pullRequestId: pullRequest.id, userIds: users, teamIds: teams, union: true };
    mutations.push(mutation(`${id}_reviewers`, 'requestReviews', input));
  }
  if (assignees.length > 0 && known?.hasAssignees !== true) {
    const input = { assignableId: pullRequest.id, assigneeIds: assignees };
    mutations.push(mutation(`${id}_assignees`, 'addAssigneesToAssignable', input));
  }
  return mutations;
}

/** Labels that the repository does not have yet. */
export function labelMutations(labels: readonly Label[], repo: RepositoryState): Mutation[] {
  const missing = labels.filter(({ id }) => id === undefined).map(({ name }) => name);
  return [...new Set(missing)].map((label, index) => ({
    alias: `label${index}`,
    name: 'createLabel',
    input: { repositoryId: repo.repositoryId, name: label, color: '1d76db', description: 'Set by oStack' },
    select: 'label { id name }',
  }));
}

function idsOf(people: People, kind: 'user' | 'team', ids: ReadonlyMap<string, string>): string[] {
  return present(
    people.reviewers.filter((reviewer) => reviewer.kind === kind).map((reviewer) => reviewer.name),
    ids,
  );
}

function present(names: readonly string[], ids: ReadonlyMap<string, string>): string[] {
  return names.flatMap((name) => ids.get(name) ?? []);
}
