import type { GitHub } from '../../github/client.js';
import type { AppKey } from './app-key.js';
import { APP_ROLES, type Role } from './app-roles.js';
import type { Asking } from './ask.js';
import type { Page } from './loopback.js';
import type { AppState, GateState } from './state.js';

/** What the steps share. */
export interface Doing {
  github: GitHub;
  apiUrl: string;
  /** `https://github.com` */
  server: string;
  state: GateState;
  /** Apps as they are now: those of the state, and those made since. */
  apps: Record<Role, AppState | undefined>;
  /** Keys that passed through this process. */
  keys: Partial<Record<Role, AppKey>>;
  /** The page, opened when it is first needed. */
  page(): Promise<Page>;
}

export function nameOf({ state }: Doing): string {
  return `${state.repository.owner}/${state.repository.name}`;
}

export function asking(doing: Doing): Asking {
  return { github: doing.github, repository: nameOf(doing) };
}

export function appOf({ apps }: Doing, role: Role): AppState {
  const app = apps[role];
  if (app === undefined) {
    throw new Error(`The ${APP_ROLES[role].title} is not there yet. Run it again.`);
  }
  return app;
}
