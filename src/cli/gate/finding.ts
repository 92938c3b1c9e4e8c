import type { GateState } from './state.js';

/** What somebody could do today, or what the gate lacks. */
export interface Finding {
  /** `open`: somebody gets past the gate, or it does not work. `note`: worth knowing, and nothing is open. */
  weight: 'open' | 'note';
  /** Who could do what, because which setting. */
  text: string;
  /** A command or the address of a page. */
  mend: string | undefined;
}

/** How far the policy is enforced. */
export type Level = 'advice' | 'guarded';

/** Addresses and commands of the repository that is looked at. */
export interface Mends {
  /** `https://github.com` */
  server: string;
  /** The command that does what is missing: `ostack gate setup --ops acme/ops`. */
  setup: string;
}

/** Whom most of what is open is open to. */
export const WRITER = 'Anyone with write access';

export const open = (text: string, mend: string | undefined): Finding => ({ weight: 'open', text, mend });
export const note = (text: string, mend?: string): Finding => ({ weight: 'note', text, mend });

/** A page of the repository that is looked at. */
export function pageOf({ repository }: GateState, { server }: Mends, path: string): string {
  return `${server}/${repository.owner}/${repository.name}/${path}`;
}
