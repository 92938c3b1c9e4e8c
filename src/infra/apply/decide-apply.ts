/** What was reviewed of a root, next to what its plan does now. */
export interface Reviewed {
  pull: number;
  /** What the plan is called that was reviewed. */
  structure: string;
  /** What the plan of the merged commit does and the reviewed one does not, or does otherwise: lines. */
  beyond: readonly string[];
  /** Whether it does all that the reviewed one does. */
  isWhole: boolean;
  /** What else is not as it was then: parts of a sentence. */
  moved: readonly string[];
  /** Whether the reviewed plan itself is there to be applied. */
  isThere: boolean;
  /** Why it lacks an approval, a sentence. */
  lacking: string | undefined;
}

/** An apply that was started, and of whose end nobody knows. */
export interface OpenStart {
  /** By this a person names it. */
  name: string;
  /** When, by whom, in which run: a part of a sentence. */
  told: string;
}

/** What a person said who started the run. */
export interface Word {
  login: string;
  /** The plan that they accept, as it is called. */
  accepts: string | undefined;
  /** The start that they looked after. */
  start: string | undefined;
  /** Why their word does not count for this root, a sentence. */
  problem: string | undefined;
}

/** What there is to decide by. */
export interface ApplyFacts {
  /** The plan of the merged commit. */
  fresh: { isChange: boolean; structure: string };
  /** Roots that come before it and are not applied. */
  unapplied: readonly string[];
  open: OpenStart | undefined;
  /** A newer commit of the branch that changes the root too. */
  overtakenBy: string | undefined;
  /** Why nothing of it is applied although it is merged: a hold, a sentence. */
  held: string | undefined;
  /** Why nobody would know what an apply has made, sentences. */
  lost?: string | undefined;
  /** `undefined` where nobody started the run by hand. */
  word: Word | undefined;
  /** Or why there is none, a sentence. */
  reviewed: Reviewed | { none: string };
  /** What to do where each of its plans is another one, sentences. */
  varies?: string;
}

/** What becomes of a root. */
export type ApplyDecision =
  | { do: 'apply'; which: 'reviewed' | 'fresh'; why: string }
  | { do: 'nothing'; why: string }
  | { do: 'wait'; why: string }
  /** Nothing is applied before a person says so. */
  | { do: 'ask'; why: string; beyond: readonly string[] };

/**
 * Decides what is applied of a root: the plan that was reviewed, where nothing it rests on has moved; the plan of the merged commit,
 * where it does the same or less; nothing else, unless a person names that very plan. After a start whose end nobody knows nothing
 * is applied before a person names that start: what it made may be in no state, and would be made twice.
 */
export function decideApply(facts: ApplyFacts): ApplyDecision {
  const { fresh, unapplied, open, overtakenBy, held, lost, word, reviewed } = facts;
  const varies = facts.varies === undefined || facts.varies === '' ? '' : ` ${facts.varies}`;
  const counts = word?.problem === undefined ? word : undefined;
  if (unapplied.length > 0) {
    return { do: 'wait', why: `It comes after ${unapplied.join(' and ')}, and waits until that is applied.` };
  }
  if (overtakenBy !== undefined) {
    return { do: 'wait', why: `The newer commit ${overtakenBy.slice(0, 7)} changes it too, and its run applies both.` };
  }
  if (held !== undefined) {
    return { do: 'wait', why: held };
  }
  if (open !== undefined && counts?.start !== open.name) {
    return {
      ...{ do: 'ask', beyond: [] },
      why: `An apply of it was started ${open.told}, and has not ended. Either it still runs, or it was killed: then what it made may be missing from the state, and its lock may still be held.${wordProblem(word)}`,
    };
  }
  if (!fresh.isChange) {
    return { do: 'nothing', why: 'Nothing is left to apply.' };
  }
  if (lost !== undefined) {
    return { do: 'wait', why: lost };
  }
  if (counts?.accepts !== undefined) {
    return counts.accepts === fresh.structure
      ? { do: 'apply', which: 'fresh', why: `${counts.login} accepted this very plan.` }
      : {
          do: 'ask',
          beyond: [],
          why: `${counts.login} accepted the plan ${counts.accepts}, and it is another one now.${varies}`,
        };
  }
  const refuse = (why: string, beyond: readonly string[] = []): ApplyDecision => ({
    ...{ do: 'ask', beyond },
    why: `${why}${wordProblem(word)}`,
  });
  if ('none' in reviewed) {
    return refuse(reviewed.none);
  }
  if (reviewed.lacking !== undefined) {
    return refuse(reviewed.lacking);
  }
  if (reviewed.beyond.length > 0) {
    return refuse(`It would do now what the plan of #${reviewed.pull} did not show.${varies}`, reviewed.beyond);
  }
  if (open === undefined && reviewed.isThere && reviewed.isWhole && reviewed.moved.length === 0) {
    return { do: 'apply', which: 'reviewed', why: `It is the plan of #${reviewed.pull}, and nothing has moved since.` };
  }
  const moved = reviewed.moved.length === 0 ? '' : ` Moved since: ${reviewed.moved.join(', ')}.`;
  const much = reviewed.isWhole ? 'the same as' : 'a part of';
  return { do: 'apply', which: 'fresh', why: `It does ${much} what the plan of #${reviewed.pull} showed.${moved}` };
}

function wordProblem(word: Word | undefined): string {
  return word?.problem === undefined ? '' : ` ${word.problem}`;
}
