import { MATERIALIZE } from '../../ops/ledger/action-names.js';
import { trailerLines, trailerValues } from '../../ops/ledger/trailers.js';
import type { CommitMessage } from '../../ops/tree/change.js';
import type { FolderChange } from '../write-folder.js';

/** What a commit on a rendered branch says. */
export interface MessageParts {
  environments: readonly string[];
  /** `owner/name@commit` that it is made of. */
  source: string;
  /** Versions of the tools that rendered, by name. */
  tools: Readonly<Record<string, string>>;
  changes: readonly FolderChange[];
  /** What people did by hand, as sentences. */
  edits: readonly string[];
  /** Page of the run; empty outside of one. */
  runUrl: string;
}

/** Most edits that a message names. */
const MOST_EDITS = 20;

/** The message of a commit: what of which commit, and in its trailers what made it. */
export function commitMessage(parts: MessageParts): CommitMessage {
  const { environments, source, tools, edits, runUrl } = parts;
  const [repository = '', commit = ''] = source.split('@');
  const trailers = trailerLines([
    ['Ostack-Action', MATERIALIZE],
    ...environments.map((name): [string, string] => ['Ostack-Environment', name]),
    ['Ostack-Source', source],
    ...Object.entries(tools).map(([name, version]): [string, string] => ['Ostack-Tool', `${name} ${version}`]),
    ['Ostack-Run', runUrl],
  ]);
  const more = edits.length > MOST_EDITS ? [`And ${edits.length - MOST_EDITS} more.`] : [];
  return {
    headline: `materialize(${environments.join(', ')}): ${repository}@${commit.slice(0, 7)}`,
    body: [countsOf(parts.changes), [...edits.slice(0, MOST_EDITS), ...more].join('\n'), trailers]
      .filter((part) => part !== '')
      .join('\n\n'),
  };
}

/** `2 objects added, 1 changed.` */
export function countsOf(changes: readonly FolderChange[]): string {
  const count = (key: 'added' | 'changed' | 'removed') => changes.reduce((sum, change) => sum + change[key].length, 0);
  const parts = (['added', 'changed', 'removed'] as const).flatMap((key) =>
    count(key) === 0 ? [] : [`${count(key)} ${key}`],
  );
  return parts.length === 0
    ? 'No object: what they are made of, or the list of them.'
    : `Objects: ${parts.join(', ')}.`;
}

/** `owner/name@commit` of which a commit on a rendered branch says that it is made; `undefined` where it says none. */
export function sourceOf(message: string): string | undefined {
  return trailerValues(message, 'Ostack-Source')[0];
}
