import { formatTrailers } from '../../../ledger/trailers.js';
import type { CommitMessage } from '../../../tree/change.js';
import type { Decision } from '../plan/decision.js';

/** Who commits, and for what. */
export interface CommitContext {
  /** Name of the action. */
  action: string;
  /** The preview that the run is about. */
  own: { name: string; repository: string; head: string } | undefined;
  runUrl: string;
}

const CHANGED = new Set(['opened', 'updated', 'queued', 'removed', 'expired']);

/** The words of the one commit that brings previews up to date. */
export function commitMessage({ action, own, runUrl }: CommitContext, decisions: readonly Decision[]): CommitMessage {
  const changed = decisions.filter((decision) => CHANGED.has(decision.action));
  const first = changed.find(({ name }) => name === own?.name) ?? changed[0];
  const others = changed.length - 1;
  const more = others < 1 ? '' : ` and ${others} ${others === 1 ? 'other' : 'others'}`;
  const lines = changed.map((decision) => `- ${decision.name} ${decision.action}: ${oneLine(decision.reason)}`);
  const record = changed.find(({ name }) => name === own?.name)?.record;
  const trailers = formatTrailers({
    action,
    environment: first?.name ?? '',
    app: '',
    version: '',
    images: (record?.apps ?? []).flatMap(({ images }) =>
      images.map(({ repository, tag, digest }) => `${repository}:${tag}@${digest}`),
    ),
    source: own === undefined ? undefined : `${own.repository}@${own.head}`,
    run: runUrl,
  });
  return {
    headline: first === undefined ? 'previews: files put right' : `preview ${first.name} ${first.action}${more}`,
    body: [lines.join('\n'), trailers].filter((part) => part !== '').join('\n\n'),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
