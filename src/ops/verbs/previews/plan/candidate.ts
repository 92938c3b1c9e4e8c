import type { PreviewRecord } from '../../../preview-records/record.js';

/** A preview that stays or is requested, before slots are assigned. */
export interface Candidate {
  /** As it is to be. */
  record: PreviewRecord;
  /** As the repository has it, `undefined` for a new one. */
  before: PreviewRecord | undefined;
  /** Whether this run requests it. */
  requested: boolean;
  /** Whether the request brings something new: another commit, other images. */
  changed: boolean;
  /** Whether it is rendered even when nothing changes. */
  alwaysRender: boolean;
  /** Whether its bases are others now than those that it was adapted to. */
  isOvertaken: boolean;
  /** What else happens to it, because somebody asked for it, or because it was idle; missing where nothing does. */
  turn?: Turn | undefined;
}

/** What happens to a preview that no push asks for. */
export interface Turn {
  /** It is `kept` longer as it is, goes to `sleep`, or is deployed `anew`. */
  to: 'kept' | 'sleep' | 'anew';
  /** Why, for people: one sentence with a full stop. */
  reason: string;
}

/** Whether it has a slot in the repository as it is. */
export function hasSlot({ before }: Candidate): boolean {
  return before?.state === 'active';
}
