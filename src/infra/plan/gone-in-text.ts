import { typeOfAddress } from './losses.js';
import type { PlannedChange } from './read-plan.js';

/**
 * How a line says that a thing is destroyed, or destroyed and made again. What is forgotten, or was deleted by somebody else, has other
 * words behind it.
 *
 * @see https://github.com/opentofu/opentofu/blob/v1.12.6/internal/command/jsonformat/plan.go `resourceChangeComment`
 */
const GONE =
  /^ {2}# (.+?) (?:will be (destroyed)|(?:must be|is tainted, so (?:it )?must be) replaced|will be replaced, as requested|will be replaced due to changes in replace_triggered_by)$/;
const MOVED = /^ {2}# \(moved from (.+)\)$/;
const DEPOSED = /^(.+) \(deposed object (\w+)\)$/;

/**
 * What a run elsewhere destroys or replaces, by the text that people are shown of it, which takes no more than to read the run. A text
 * may show more lines like these in a value, and never fewer: so they are believed where they are as many as the run counts.
 *
 * @param count how many things the run says that it destroys, those that are replaced among them
 * @returns `undefined` where they are not as many
 */
export function goneInText(text: string, count: number): PlannedChange[] | undefined {
  const lines = text.split('\n');
  const gone = lines.flatMap((line, index): PlannedChange[] => {
    const [, named, destroyed] = GONE.exec(line) ?? [];
    if (named === undefined) {
      return [];
    }
    const [, address = named, deposed] = DEPOSED.exec(named) ?? [];
    const from = movedFrom(lines, index + 1);
    return [
      {
        ...{ address, type: typeOfAddress(address), action: destroyed === undefined ? 'replace' : 'destroy' },
        ...(deposed !== undefined && { deposed }),
        ...(from !== undefined && { from }),
      },
    ];
  });
  return gone.length === count ? gone : undefined;
}

/** Where a thing was before, which one of the remarks below its line says. */
function movedFrom(lines: readonly string[], start: number): string | undefined {
  for (let index = start; lines[index]?.startsWith('  # (') === true; index++) {
    const [, from] = MOVED.exec(lines[index] ?? '') ?? [];
    if (from !== undefined) {
      return from;
    }
  }
  return undefined;
}
