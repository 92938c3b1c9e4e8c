import type { Guarded } from './guarded.js';
import { review } from './guarded.js';
import type { Opened } from './proposals.js';

/** Somebody approves what was proposed. */
export const approvedBy =
  (login: string) =>
  async (ops: Guarded, { number }: Opened) => {
    await review(ops, number, login);
  };
