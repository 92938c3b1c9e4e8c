import { addComment, addReaction, deleteComment, editComment } from '../../world/conversation.js';
import { addLabel, assign, createLabel, makesLabels, removeLabel } from '../../world/triage.js';
import { demandWrite } from '../../world/world.js';
import { accountById, commentById, labelById, pullById, repositoryById } from '../nodes.js';
import type { RepositoryScope, Scope } from '../scope.js';
import { commentNode, labelNode, reactionNode } from '../views/issues.js';
import { pullNode } from '../views/pulls.js';

const either = ['issues', 'pull_requests'];

/** Labels, assignees and comments. Each demands `issues: write` or `pull_requests: write`, a new label the former. */
export function issueMutations(scope: Scope) {
  return { ...labelMutations(scope), ...commentMutations(scope) };
}

function labelMutations(scope: Scope) {
  return {
    addLabelsToLabelable: async ({ labelableId, labelIds }: { labelableId: string; labelIds: string[] }) => {
      const { inside, pull } = subject(scope, labelableId);
      for (const id of labelIds) {
        await addLabel(inside.world, inside.repository, inside.caller, pull, labelById(scope, id).label);
      }
      return { labelable: () => pullNode(inside, pull) };
    },
    removeLabelsFromLabelable: async ({ labelableId, labelIds }: { labelableId: string; labelIds: string[] }) => {
      const { inside, pull } = subject(scope, labelableId);
      for (const id of labelIds) {
        await removeLabel(inside.world, inside.repository, inside.caller, pull, labelById(scope, id).label);
      }
      return { labelable: () => pullNode(inside, pull) };
    },
    createLabel: async (input: { repositoryId: string; name: string; color: string; description?: string | null }) => {
      const inside = repositoryById(scope, input.repositoryId);
      demandWrite(inside.caller, inside.repository, makesLabels);
      const { name, color, description } = input;
      const label = createLabel(inside.world, inside.repository, { name, color, description: description ?? null });
      return { label: () => labelNode(inside, label) };
    },
    addAssigneesToAssignable: async ({
      assignableId,
      assigneeIds,
    }: {
      assignableId: string;
      assigneeIds: string[];
    }) => {
      const { inside, pull } = subject(scope, assignableId);
      for (const id of assigneeIds) {
        await assign(inside.world, inside.repository, inside.caller, pull, accountById(scope, id));
      }
      return { assignable: () => pullNode(inside, pull) };
    },
  };
}

function commentMutations(scope: Scope) {
  return {
    addComment: async ({ subjectId, body }: { subjectId: string; body: string }) => {
      const { inside, pull } = subject(scope, subjectId);
      const comment = await addComment(inside.world, inside.repository, inside.caller, pull.number, body);
      return {
        subject: () => pullNode(inside, pull),
        commentEdge: () => ({ cursor: String(comment.id), node: () => commentNode(inside, comment) }),
      };
    },
    updateIssueComment: async ({ id, body }: { id: string; body: string }) => {
      const { scope: found, comment } = commentById(scope, id);
      const inside = writable(found);
      await editComment(inside.world, inside.repository, inside.caller, comment, body);
      return { issueComment: () => commentNode(inside, comment) };
    },
    addReaction: async ({ subjectId, content }: { subjectId: string; content: string }) => {
      const { scope: found, comment } = commentById(scope, subjectId);
      const inside = writable(found);
      const reaction = addReaction(inside.world, inside.caller, comment, content);
      return { reaction: () => reactionNode(inside, reaction), subject: () => commentNode(inside, comment) };
    },
    deleteIssueComment: async ({ id }: { id: string }) => {
      const { scope: found, comment } = commentById(scope, id);
      const inside = writable(found);
      await deleteComment(inside.world, inside.repository, inside.caller, comment);
      return {};
    },
  };
}

/** The pull request a mutation is about. Plain issues cannot be reached by id here. */
function subject(scope: Scope, id: string) {
  const { scope: found, pull } = pullById(scope, id);
  return { inside: writable(found), pull };
}

function writable(scope: RepositoryScope): RepositoryScope {
  demandWrite(scope.caller, scope.repository, either);
  return scope;
}
