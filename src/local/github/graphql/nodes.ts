import type { Account } from '../world/accounts.js';
import type { CommentRecord, DeploymentRecord, LabelRecord, PullRecord, ReviewRecord } from '../world/records.js';
import { notFound } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { canSee } from '../world/world.js';
import type { RepositoryScope, Scope } from './scope.js';
import { actorNode } from './views/actors.js';
import { commentNode, labelNode } from './views/issues.js';
import { objectAt } from './views/objects.js';
import { pullNode } from './views/pulls.js';
import { refAt } from './views/refs.js';
import { releaseNode, repositoryNode } from './views/repository.js';

/** GitHub's error for an id that does not exist, or that the caller may not see. */
function unresolved(id: string) {
  return notFound(`Could not resolve to a node with the global id of '${id}'.`);
}

/** A node of any kind by its global id. @throws Refusal NOT_FOUND */
export async function nodeById(scope: Scope, id: string) {
  const [prefix = '', rest = ''] = split(id);
  if (prefix === 'U' || prefix === 'BOT' || prefix === 'O') {
    return actorNode(scope, accountById(scope, id));
  }
  if (['C', 'B', 'T', 'TA'].includes(prefix)) {
    const [number = '', oid = ''] = rest.split('_');
    return (await objectAt(repositoryById(scope, `R_${number}`), oid)) ?? fail(id);
  }
  switch (prefix) {
    case 'R':
      return repositoryNode(repositoryById(scope, id));
    case 'REF': {
      const ref = refById(scope, id);
      return (await refAt(ref.scope, ref.name)) ?? fail(id);
    }
    case 'PR': {
      const found = pullById(scope, id);
      return pullNode(found.scope, found.pull);
    }
    case 'LA': {
      const found = labelById(scope, id);
      return labelNode(found.scope, found.label);
    }
    case 'IC': {
      const found = commentById(scope, id);
      return commentNode(found.scope, found.comment);
    }
    case 'RE': {
      for (const inside of visible(scope)) {
        const release = inside.repository.releases.get(Number(rest));
        if (release !== undefined) {
          return releaseNode(inside, release);
        }
      }
    }
  }
  throw unresolved(id);
}

/** @throws Refusal NOT_FOUND */
export function repositoryById(scope: Scope, id: string): RepositoryScope {
  return visible(scope).find(({ repository }) => `R_${repository.id}` === id) ?? fail(id);
}

/** Full name of a ref. @throws Refusal NOT_FOUND */
export function refById(scope: Scope, id: string): { scope: RepositoryScope; name: string } {
  const [number = '', encoded = ''] = id.startsWith('REF_') ? splitTwice(id) : [];
  return { scope: repositoryById(scope, `R_${number}`), name: Buffer.from(encoded, 'base64url').toString('utf8') };
}

/** @throws Refusal NOT_FOUND */
export function pullById(scope: Scope, id: string): { scope: RepositoryScope; pull: PullRecord } {
  const found = find(scope, ({ pulls }) => [...pulls.values()].find((pull) => `PR_${pull.id}` === id)) ?? fail(id);
  return { scope: found.scope, pull: found.item };
}

/** @throws Refusal NOT_FOUND */
export function reviewById(scope: Scope, id: string): { pull: PullRecord; review: ReviewRecord } {
  const found = find(scope, ({ pulls }) =>
    [...pulls.values()]
      .flatMap((pull) => pull.reviews.map((review) => ({ pull, review })))
      .find(({ review }) => `PRR_${review.id}` === id),
  );
  return found?.item ?? fail(id);
}

/** @throws Refusal NOT_FOUND */
export function labelById(scope: Scope, id: string): { scope: RepositoryScope; label: LabelRecord } {
  const found = find(scope, ({ labels }) => [...labels.values()].find((label) => `LA_${label.id}` === id)) ?? fail(id);
  return { scope: found.scope, label: found.item };
}

/** @throws Refusal NOT_FOUND */
export function commentById(scope: Scope, id: string): { scope: RepositoryScope; comment: CommentRecord } {
  const found = find(scope, ({ comments }) => comments.get(Number(/^IC_(\d+)$/.exec(id)?.[1]))) ?? fail(id);
  return { scope: found.scope, comment: found.item };
}

/** @throws Refusal NOT_FOUND */
export function deploymentById(scope: Scope, id: string): { scope: RepositoryScope; deployment: DeploymentRecord } {
  const number = Number(/^DE_(\d+)$/.exec(id)?.[1]);
  const found = find(scope, ({ deployments }) => deployments.get(number)) ?? fail(id);
  return { scope: found.scope, deployment: found.item };
}

/** @throws Refusal NOT_FOUND */
export function accountById({ world }: Scope, id: string): Account {
  return world.accounts.byId(Number(/^(?:U|BOT|O)_(\d+)$/.exec(id)?.[1])) ?? fail(id);
}

function find<Item>(scope: Scope, pick: (repository: Repository) => Item | undefined) {
  for (const inside of visible(scope)) {
    const item = pick(inside.repository);
    if (item !== undefined) {
      return { scope: inside, item };
    }
  }
  return undefined;
}

function visible({ world, caller }: Scope): RepositoryScope[] {
  const repositories = [...world.repositories.values()].filter((repository) => canSee(caller, repository));
  return repositories.map((repository) => ({ world, caller, repository }));
}

function split(id: string): [string, string] {
  const underscore = id.indexOf('_');
  return underscore < 0 ? [id, ''] : [id.slice(0, underscore), id.slice(underscore + 1)];
}

function splitTwice(id: string): [string, string] {
  return split(split(id)[1]);
}

function fail(id: string): never {
  throw unresolved(id);
}
