import { appendHold, HOLDS_FILE, type Hold, holdSentence, isHoldOf, isOver, readHolds } from '../../policy/holds.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/**
 * Adds a hold to the file, beside those that are there: none of them is lifted by it. One of the same app and environment that
 * lasts as long is enough.
 *
 * @throws ConfigError where the file is broken; what a failed request throws
 */
export async function planHold(tree: TreeReader, hold: Hold, now: Date): Promise<Planned> {
  const text = await tree.read(HOLDS_FILE);
  const there = readHolds(text)
    .filter(isHoldOf(hold.environment, hold.app))
    .find((each) => !isOver(each, now) && lastsAsLong(each, hold));
  if (there !== undefined) {
    return { state: 'nothing', reason: `there is a hold already: ${holdSentence(there)}` };
  }
  return {
    state: 'change',
    change: { files: new Map([[HOLDS_FILE, appendHold(text, hold)]]) },
    before: text === undefined ? new Map() : new Map([[HOLDS_FILE, text]]),
  };
}

/**
 * Whether a hold that is there ends no sooner than the one that is asked for. One that a person asked for by the same words is
 * that one: a run that is started again counts its time anew.
 */
function lastsAsLong(there: Hold, asked: Hold): boolean {
  if (there.until === undefined) {
    return true;
  }
  const isSame = there.by === asked.by && there.reason === asked.reason && lengthOf(there) === lengthOf(asked);
  return isSame || (asked.until !== undefined && Date.parse(there.until) >= Date.parse(asked.until));
}

/** Milliseconds; `NaN`, which equals nothing, where it has no end. */
function lengthOf({ since, until = '' }: Hold): number {
  return Date.parse(until) - Date.parse(since);
}
