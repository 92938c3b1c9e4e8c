import type { Caller } from '../world/accounts.js';
import type { Repository } from '../world/repository.js';
import { demandRead, type World } from '../world/world.js';

/** The caller and the state of GitHub for one request. */
export interface Scope {
  world: World;
  caller: Caller;
}

/** The same inside one repository. */
export interface RepositoryScope extends Scope {
  repository: Repository;
}

/** @throws Refusal FORBIDDEN when the token may not read this */
export function demand(scope: RepositoryScope, ...permissions: string[]): void {
  demandRead(scope.caller, scope.repository, permissions);
}
