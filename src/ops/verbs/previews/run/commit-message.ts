import { formatTrailers, trailerLines } from '../../../ledger/trailers.js';
import type { CommitMessage } from '../../../tree/change.js';
import { ASKED_TRAILER } from '../branch/last-record.js';
import type { Decision } from '../plan/decision.js';

/** Which run commits. */
export interface CommitContext {
  /** Name of the action. */
  action: string;
  /** The preview that the run is about, with its apps repository as `owner/name` and the full id of the commit. */
  own: { name: string; repository: string; head: string } | undefined;
  /** Page of the workflow run. */
  runUrl: string;
  /** When somebody gave the command that the run obeys; missing where nobody did. */
  askedAt?: Date | undefined;
}

const CHANGED = new Set(['opened', 'updated', 'prolonged', 'slept', 'queued', 'removed', 'expired']);

/**
 * The message of a commit that brings previews up to date: the run's own preview in the headline, or else the first that
 * changes; a line for each; and the trailers that make the history a ledger.
 */
export function commitMessage(
  { action, own, runUrl, askedAt }: CommitContext,
  decisions: readonly Decision[],
): CommitMessage {
  const changed = decisions.filter((decision) => CHANGED.has(decision.action));
  const ownDecision = changed.find(({ name }) => name === own?.name);
  const first = ownDecision ?? changed[0];
  const others = changed.length - 1;
  const more = others < 1 ? '' : ` and ${others} ${others === 1 ? 'other' : 'others'}`;
  const lines = changed.map((decision) => `- ${decision.name} ${decision.action}: ${oneLine(decision.reason)}`);
  const trailers = formatTrailers({
    action,
    environment: first?.name ?? '',
    app: '',
    version: '',
    images: (ownDecision?.record?.apps ?? []).flatMap(({ images }) =>
      images.map(({ repository, tag, digest }) => `${repository}:${tag}@${digest}`),
    ),
    source: own === undefined ? undefined : `${own.repository}@${own.head}`,
    run: runUrl,
  });
  const asked = own && askedAt ? trailerLines([[ASKED_TRAILER, `${own.name} ${askedAt.toISOString()}`]]) : '';
  return {
    headline: first === undefined ? 'previews: bring up to date' : `preview ${first.name} ${first.action}${more}`,
    body: [lines.join('\n'), [trailers, asked].filter((part) => part !== '').join('\n')]
      .filter((part) => part !== '')
      .join('\n\n'),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
