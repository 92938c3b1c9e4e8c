import { type Connected, nameOf } from '../../github/connected.js';
import type { JudgedPlace } from '../judgement/judged-place.js';
import { gateCheckOf } from '../policy/gate-check.js';
import { HOME, placeName } from '../policy/places.js';

/** The default branch and its newest commit. */
export interface Main {
  branch: string;
  oid: string;
}

/** A branch whose changes are judged, and its newest commit. */
export interface Ground extends Main {
  /** The repository of which it is a branch. Whatever is asked of its pull requests and commits is asked there. */
  at: Connected;
  /** What judges it, where it is not the default branch. */
  judged?: JudgedPlace;
  /** Why nothing may come in whatever it is, a sentence; missing where that is judged. */
  refused?: string;
}

/** The check run that a ruleset requires of a branch. The default branch of another repository is one like any other. */
export function checkOf({ judged, branch }: Pick<Ground, 'judged' | 'branch'>): string {
  return gateCheckOf(judged === undefined ? undefined : branch);
}

/** The default branch, at the commit whose policy judges what goes into a branch. */
export function homeOf(ground: Ground): Main {
  return ground.judged?.home ?? ground;
}

/** A branch for people: `the default branch`, `the branch prod of acme/shop`. */
export function groundName({ judged }: Pick<Ground, 'judged'>): string {
  return placeName(judged?.place ?? HOME);
}

/** `owner/name` of the repository of a branch, where that is another one than the policy's. */
export function otherRepository({ at, judged }: Pick<Ground, 'at' | 'judged'>): string | undefined {
  return judged?.place.repository === undefined ? undefined : nameOf(at);
}

/** A connection of another token to the repository of a branch. */
export function there(connected: Connected, { at }: Pick<Ground, 'at'>): Connected {
  return { ...connected, repository: at.repository };
}

/** The repository of a change, and the branch of it that is judged, whose name no source has to pin. */
export function ownOf(ground: Ground): { repository: string; branch: string } {
  const isHome = otherRepository(ground) === undefined;
  return { repository: nameOf(ground.at), branch: isHome ? homeOf(ground).branch : ground.branch };
}
