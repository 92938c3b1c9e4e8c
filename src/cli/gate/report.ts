/** What the commands tell, as text and as JSON. Pure. */
import type { Finding, Level } from './findings.js';

const LEVELS: Readonly<Record<Level, string>> = {
  advice: '"advice", of advice, guarded and proven: the policy is told and not enforced',
  guarded:
    '"guarded", of advice, guarded and proven: nobody but an administrator merges what the policy does not permit',
};

/** @returns lines: what is open first, each with what mends it, then what is worth knowing, then the level */
export function reportFindings(found: readonly Finding[], level: Level): string[] {
  const lines: string[] = [];
  for (const weight of ['open', 'note'] as const) {
    for (const { text, mend } of found.filter((each) => each.weight === weight)) {
      lines.push(`${weight === 'open' ? '✗' : '·'} ${text}`);
      if (mend !== undefined && mend !== '') {
        lines.push(`    ${mend}`);
      }
    }
  }
  return [...lines, `Level ${LEVELS[level]}.`];
}
