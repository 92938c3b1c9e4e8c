import * as core from '@actions/core';
import { unreportedNote } from '../../ops/live/unreported.js';
import type { Decision } from '../../ops/verbs/promote/decide.js';
import type { PromotionReport as Report } from '../../ops/verbs/promote/promote.js';
import { link, plain, table } from '../../report/markdown.js';
import { codeVersion } from '../../report/short-version.js';

/** The output `promotions`: what became of each app in each environment. */
export function writeOutputs({ results }: Report): void {
  core.setOutput(
    'promotions',
    results.flatMap(({ proposal: { decision }, number, url, action, reason: why }) => {
      const shared = { environment: decision.environment.name, from: decision.source.label };
      // A merge of branches brings all or nothing, so that a hold of one app keeps the others, too.
      const [state, reason] = action === 'held' ? ['held', why] : ['proposed', ''];
      return [
        ...decision.going.map(({ app, moved }) => ({
          ...shared,
          ...{ app, previous: moved.previous, version: moved.version, state, reason, number, url },
        })),
        ...decision.same.map(({ app, version }) => ({
          ...shared,
          ...{ app, previous: version, version, state: 'there', reason: '', number: null, url: '' },
        })),
        ...decision.left.map(({ app, message, held }) => ({
          ...shared,
          ...{ app, previous: null, version: null, state: held ? 'held' : 'refused', reason: message },
          ...{ number: null, url: '' },
        })),
      ];
    }),
  );
}

/** Rows of the job summary: of more apps, the log and the output tell. */
const MOST_ROWS = 500;

/** Apps and versions of each environment, for the job summary; then what was closed. */
export function notesOf({ results, closed }: Report): string[] {
  const tables = results.flatMap(({ proposal: { decision } }) => environmentPart(decision));
  const gone = closed.map(({ number, url, reason }) => `- ${link(`#${number}`, url)}: ${plain(reason)}`);
  const judged = results
    .map(({ proposal }) => proposal.decision)
    .filter(({ going, left }) => going.length + left.length > 0);
  return [
    ...tables,
    ...unreportedNote(judged.flatMap(({ unreported }) => unreported)),
    ...(gone.length === 0 ? [] : [`Closed, since they propose nothing new:\n\n${gone.join('\n')}`]),
  ];
}

function environmentPart({ environment, source, going, same, left }: Decision): string[] {
  const rows = [
    ...going.map(({ app, moved, forced }) => [
      `**${plain(app)}**`,
      moved.isNew ? '_new_' : moved.previous === null ? '' : codeVersion(moved.previous),
      moved.version === null ? '' : codeVersion(moved.version),
      plain(forced.map(({ fact }) => `Goes past the policy: ${fact}`).join(' ')),
    ]),
    ...left.map(({ app, message, held }) => [
      `**${plain(app)}**`,
      '',
      '',
      `**${held ? 'held' : 'stays behind'}**: ${plain(message)}`,
    ]),
  ];
  const names = same.map(({ app, version }) => `${plain(app)}${version === null ? '' : ` ${codeVersion(version)}`}`);
  const parts = [
    rows.length === 0 ? '' : `From **${plain(source.label)}** to **${plain(environment.name)}**:`,
    rows.length === 0 ? '' : table(['app', 'from', 'to', 'note'], rows.slice(0, MOST_ROWS)),
    rows.length > MOST_ROWS ? `… and ${rows.length - MOST_ROWS} more apps.` : '',
    names.length === 0 || rows.length === 0 ? '' : `There already: ${names.slice(0, MOST_ROWS).join(', ')}.`,
  ];
  return parts.filter((part) => part !== '');
}

/** Messages that the table has. */
export function reportedBy({ results }: Report): Set<string> {
  return new Set(results.flatMap(({ proposal }) => proposal.decision.left.map(({ message }) => message)));
}
