import { openPreviewsNote } from '../../../judgement/open-previews.js';
import type { Decision } from '../plan/decision.js';

/**
 * Which previews of a run the cluster does not confine to their namespaces, a sentence each.
 *
 * @param host the environment whose cluster they are in
 * @param repository `owner/name` of the ops repository
 */
export function openWarnings(decisions: readonly Decision[], host: string, repository: string): string[] {
  const named = (closedIn: string) =>
    decisions.filter(({ preview }) => preview?.closedIn === closedIn).map(({ name }) => name);
  const before = named('not this one');
  const open = named('no').length === 0 ? undefined : { host, differing: [] };
  const other = decisions.map(({ preview }) => preview?.open).find((each) => each && each.differing.length > 0);
  return [
    ...[open, other].flatMap((each) => (each === undefined ? [] : [openPreviewsNote(each, repository)])),
    ...(before.length === 0
      ? []
      : [
          `${before.join(', ')} ${before.length === 1 ? 'was' : 'were'} opened before previews were confined to their ` +
            'namespaces, and the rest of the cluster stays open to what runs there until that is over.',
        ]),
  ];
}
