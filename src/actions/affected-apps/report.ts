import * as core from '@actions/core';
import type { Affected } from '../../apps/affected/affected.js';
import { info, logNotice } from '../../runtime/log.js';

/** Apps that the sentence names before it only counts them; the output has all. */
const MOST_NAMES = 50;

/** Sets the outputs and says why these apps are affected; a notice where that is not what one would expect. */
export function report({ apps, reason, notice }: Affected): void {
  const names = apps.map(({ name }) => name);
  core.setOutput('affected', JSON.stringify(names));
  core.setOutput('count', names.length);
  core.setOutput('reason', reason);
  const sentence = sentenceOf(names, reason);
  if (notice) {
    logNotice(sentence, { title: 'All apps count as affected' });
  } else {
    info(sentence);
  }
}

/** One sentence: which apps, and why these. */
export function sentenceOf(names: readonly string[], reason: string): string {
  const more = names.length - MOST_NAMES;
  const shown = [...names.slice(0, MOST_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  return `Affected: ${names.length === 0 ? 'no app' : shown} (${reason}).`;
}
