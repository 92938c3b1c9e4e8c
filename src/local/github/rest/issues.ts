import * as v from 'valibot';
import { commentView, issueView } from '../views/issue.js';
import { labelView } from '../views/pull.js';
import { addComment, deleteComment, editComment } from '../world/conversation.js';
import { changeIssue, openIssue } from '../world/issues.js';
import type { CommentRecord, IssueRecord, LabelRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import { addLabel, assign, createLabel, makesLabels, removeLabel } from '../world/triage.js';
import { allows } from '../world/world.js';
import {
  type ChangeRequest,
  changes,
  paginated,
  type RepositoryRequest,
  type Route,
  readBody,
  reads,
} from './router.js';

const either = ['issues', 'pull_requests'];
const commentBody = v.object({ body: v.string() });
const labelsBody = v.union([v.object({ labels: v.array(v.string()) }), v.array(v.string())]);
const newLabel = v.object({
  name: v.string(),
  color: v.optional(v.string(), 'ededed'),
  description: v.nullish(v.string()),
});

const newIssue = v.object({
  title: v.string(),
  body: v.nullish(v.string()),
  labels: v.optional(v.array(v.string()), []),
  assignees: v.optional(v.array(v.string()), []),
});
const changedIssue = v.object({
  title: v.optional(v.string()),
  body: v.nullish(v.string()),
  state: v.optional(v.picklist(['open', 'closed'])),
  state_reason: v.nullish(v.string()),
  labels: v.optional(v.array(v.string())),
});

/** Issues, and the comments, labels and assignees of issues and pull requests. */
export const issueRoutes: Route[] = [
  reads('/issues/{issue_number}', either, async (request) => ({
    status: 200,
    body: issueView(request.world, request.repository, issueOf(request)),
  })),
  ...openAndChange(),
  ...commentRoutes(),
  ...labelRoutes(),
  changes('POST', '/issues/{issue_number}/assignees', either, async (request) => {
    const { world, repository, caller } = request;
    const { assignees } = readBody(v.object({ assignees: v.optional(v.array(v.string()), []) }), request.body);
    const issue = issueOf(request);
    for (const login of assignees) {
      // GitHub silently leaves out who cannot be assigned.
      const account = world.accounts.find(login);
      await (account === undefined ? undefined : assign(world, repository, caller, issue, account));
    }
    return { status: 201, body: issueView(world, repository, issue) };
  }),
];

function openAndChange(): Route[] {
  return [
    reads('/issues', either, async (request) => {
      const { world, repository } = request;
      return paginated(request, listed(request), (issue) => issueView(world, repository, issue));
    }),
    changes('POST', '/issues', ['issues'], async (request) => {
      const { world, repository, caller } = request;
      const { title, body, labels, assignees } = readBody(newIssue, request.body);
      const issue = await openIssue(world, repository, caller, {
        title,
        body: body ?? null,
        labels: labels.map((name) => labelNamed(request, name)),
        assignees: assignees.flatMap((login) => world.accounts.find(login) ?? []),
      });
      const view = issueView(world, repository, issue);
      return { status: 201, body: view, headers: { location: view.url } };
    }),
    changes('PATCH', '/issues/{issue_number}', ['issues'], async (request) => {
      const { world, repository, caller, params } = request;
      const issue = repository.issues.get(Number(params.issue_number));
      if (issue === undefined) {
        throw new Refusal(501, 'A pull request is changed as a pull request on the local GitHub');
      }
      const { labels, ...change } = readBody(changedIssue, request.body);
      const named = labels?.map((name) => labelNamed(request, name));
      await changeIssue(world, repository, caller, issue, { ...change, labels: named });
      return { status: 200, body: issueView(world, repository, issue) };
    }),
  ];
}

/**
 * Filters and order of the list: https://docs.github.com/rest/issues/issues#list-repository-issues
 *
 * Of issues and pull requests, a token sees those that it may read, and is not told of the others:
 * https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
function listed({ repository, caller, query }: RepositoryRequest): IssueRecord[] {
  const state = query.get('state') ?? 'open';
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const creator = query.get('creator');
  const since = new Date(query.get('since') ?? 0);
  const unknown = ['milestone', 'assignee', 'type', 'mentioned', 'issue_field_values'].find((key) => query.has(key));
  if (unknown !== undefined) {
    throw new Refusal(501, `Issues by "${unknown}" are not supported by the local GitHub`);
  }
  const readable = (permission: string, all: ReadonlyMap<number, IssueRecord>) =>
    allows(caller, repository, [permission], 'read') ? [...all.values()] : [];
  const found = [...readable('issues', repository.issues), ...readable('pull_requests', repository.pulls)]
    .filter((issue) => (state === 'all' || issue.state === state) && issue.updatedAt >= since)
    .filter((issue) => labels.every((wanted) => issue.labels.some(({ name }) => name === wanted)))
    .filter((issue) => creator === null || issue.author.login === creator);
  const time = ({ updatedAt, number }: IssueRecord) => (query.get('sort') === 'updated' ? updatedAt.getTime() : number);
  found.sort((a, b) => time(a) - time(b) || a.number - b.number);
  return query.get('direction') === 'asc' ? found : found.reverse();
}

function commentRoutes(): Route[] {
  const show = ({ world, repository }: RepositoryRequest, comment: CommentRecord) =>
    commentView(world, repository, comment);
  return [
    reads('/issues/{issue_number}/comments', either, async (request) => {
      const { number } = issueOf(request);
      const comments = [...request.repository.comments.values()].filter(({ issue }) => issue === number);
      return paginated(request, comments, (comment) => show(request, comment));
    }),
    changes('POST', '/issues/{issue_number}/comments', either, async (request) => {
      const { world, repository, caller } = request;
      const { body } = readBody(commentBody, request.body);
      const comment = await addComment(world, repository, caller, issueOf(request).number, body);
      const view = show(request, comment);
      return { status: 201, body: view, headers: { location: view.url } };
    }),
    reads('/issues/comments/{comment_id}', either, async (request) => ({
      status: 200,
      body: show(request, commentOf(request)),
    })),
    changes('PATCH', '/issues/comments/{comment_id}', either, async (request) => {
      const { world, repository, caller } = request;
      const comment = commentOf(request);
      await editComment(world, repository, caller, comment, readBody(commentBody, request.body).body);
      return { status: 200, body: show(request, comment) };
    }),
    changes('DELETE', '/issues/comments/{comment_id}', either, async (request) => {
      await deleteComment(request.world, request.repository, request.caller, commentOf(request));
      return { status: 204 };
    }),
  ];
}

function labelRoutes(): Route[] {
  const show = ({ world, repository }: RepositoryRequest) => {
    return (label: LabelRecord) => labelView(world, repository, label);
  };
  return [
    reads('/labels', either, async (request) =>
      paginated(request, [...request.repository.labels.values()], show(request)),
    ),
    changes('POST', '/labels', makesLabels, async (request) => {
      const { name, color, description } = readBody(newLabel, request.body);
      const label = createLabel(request.world, request.repository, { name, color, description: description ?? null });
      const view = show(request)(label);
      return { status: 201, body: view, headers: { location: view.url } };
    }),
    reads('/labels/{name}', either, async (request) => {
      const label = request.repository.labels.get((request.params.name ?? '').toLowerCase());
      if (label === undefined) {
        throw notFound();
      }
      return { status: 200, body: show(request)(label) };
    }),
    reads('/issues/{issue_number}/labels', either, async (request) =>
      paginated(request, issueOf(request).labels, show(request)),
    ),
    changes('POST', '/issues/{issue_number}/labels', either, async (request) => {
      const input = readBody(labelsBody, request.body);
      const issue = issueOf(request);
      for (const name of Array.isArray(input) ? input : input.labels) {
        await addLabel(request.world, request.repository, request.caller, issue, labelNamed(request, name));
      }
      return { status: 200, body: issue.labels.map(show(request)) };
    }),
    changes('DELETE', '/issues/{issue_number}/labels/{name}', either, async (request) => {
      const issue = issueOf(request);
      const label = issue.labels.find(({ name }) => name === request.params.name);
      if (label === undefined) {
        throw notFound('Label does not exist');
      }
      await removeLabel(request.world, request.repository, request.caller, issue, label);
      return { status: 200, body: issue.labels.map(show(request)) };
    }),
  ];
}

/** A label by its name; REST makes one that is missing, as GitHub does, where the token may. */
function labelNamed({ world, repository, caller }: ChangeRequest, name: string): LabelRecord {
  const present = repository.labels.get(name.toLowerCase());
  if (present === undefined && !allows(caller, repository, makesLabels, 'write')) {
    throw new Refusal(422, 'You do not have permission to create labels on this repository.', {
      errors: [{ resource: 'Repository', field: 'label', code: 'unauthorized' }],
    });
  }
  return present ?? createLabel(world, repository, { name, color: 'ededed', description: null });
}

function issueOf({ repository, params }: RepositoryRequest): IssueRecord {
  const issue = repository.issue(Number(params.issue_number));
  if (issue === undefined) {
    throw notFound();
  }
  return issue;
}

function commentOf({ repository, params }: RepositoryRequest): CommentRecord {
  const comment = repository.comments.get(Number(params.comment_id));
  if (comment === undefined) {
    throw notFound();
  }
  return comment;
}
