import * as core from '@actions/core';
import type { Affected } from '../../apps/affected/affected.js';
import { info } from '../../runtime/log.js';

/** Sets the outputs and says why these apps are affected; a notice where that is not what one would expect. */
export function report({ apps, reason, notice }: Affected): void {
  const names = apps.map(({ name }) => name);
  core.setOutput('affected', JSON.stringify(names));
  core.setOutput('count', names.length);
  core.setOutput('reason', reason);
  const sentence = `Affected: ${names.length === 0 ? 'no app' : names.join(', ')} (${reason}).`;
  if (notice) {
    core.notice(sentence, { title: 'All apps count as affected' });
  } else {
    info(sentence);
  }
}
