import type { RollbackReport } from '../../ops/verbs/rollback/rollback.js';
import { plain, table } from '../../report/markdown.js';
import { codeVersion } from '../../report/short-version.js';

/** What goes back to what, whether it is held there, and what is to be done about nothing, for the job summary. */
export function notesOf({ results, there }: RollbackReport, { hold }: { hold: boolean }): string[] {
  const goals = results
    .filter(({ planned }) => planned.state === 'change')
    .flatMap(({ proposal }) => proposal.goals)
    .map(({ app, from, version }) => [`**${plain(app)}**`, codeVersion(from), codeVersion(version)]);
  const held = hold
    ? 'Held there from then on: releases and promotions leave it alone. The workflow "lift hold" ends that.'
    : 'Nothing is held there: the next release or promotion replaces it.';
  return [
    ...(goals.length === 0 ? [] : [table(['app', 'from', 'back to'], goals), held]),
    ...there.map(({ reason }) => plain(reason)),
  ];
}
