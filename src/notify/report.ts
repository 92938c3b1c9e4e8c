import { code, plain, table } from '../report/markdown.js';
import { sentence } from './event.js';
import type { Told } from './tell.js';

/** What became of each event and receiver, for programs. */
export function toldOutput(told: readonly Told[]): Record<string, string>[] {
  return told.map(({ receiver, event: { type, environment, app, version, commit }, state, detail }) => ({
    ...{ receiver, type, environment, app, version, commit, state, detail },
  }));
}

/** Sentences about receivers that were not told. */
export function toldWarnings(told: readonly Told[]): string[] {
  return [...new Set(told.filter(({ state }) => state === 'failed' || state === 'unclear').map(warningOf))];
}

function warningOf({ receiver, event, detail }: Told): string {
  return detail.startsWith(receiver) || detail.startsWith('The secret')
    ? detail
    : `${receiver}, ${sentence(event)}: ${detail}`;
}

const WORDS: Readonly<Record<Told['state'], string>> = {
  told: 'told',
  before: 'told before',
  failed: 'not told, the next run tries again',
  'given-up': 'not told, and not tried again',
  unclear: 'told, or not',
  would: 'would be told',
};

/** What became of each event and receiver, Markdown. @param receivers how many there are */
export function toldSummary(told: readonly Told[], receivers: number): string {
  if (receivers === 0) {
    return 'Nobody is told: `ostack.yaml` has no `notify`.';
  }
  if (told.length === 0) {
    return 'Nothing happened that anybody is told of.';
  }
  const rows = told.map(({ receiver, event, state, detail }) => [
    code(receiver),
    plain(sentence(event)),
    `${WORDS[state]}${state === 'told' || state === 'before' || detail === '' ? '' : `: ${plain(detail)}`}`,
  ]);
  return `## Told\n\n${table(['Receiver', 'Event', 'State'], rows)}\n`;
}
