import type { Delivery } from '../../release/delivery.js';
import type { Inputs } from './inputs.js';

/** What became of each release, by its tag: its app's images of that version, and its app's row per environment. */
export function deliveries({
  releases,
  images,
  pullRequests,
}: Pick<Inputs, 'releases' | 'images' | 'pullRequests'>): Map<string, Delivery> {
  return new Map(
    releases.map(({ app, tag }) => [
      tag,
      {
        images: images.filter((image) => image.app === app),
        environments: pullRequests
          .filter((row) => row.app === app)
          .map((row) => ({
            environment: row.environment,
            number: row.number,
            url: row.url ?? '',
            state: stateOf(row),
          })),
      },
    ]),
  );
}

/** Outcomes of a pull request that stays open, and of nothing to do. */
const WORDS: Readonly<Record<string, string>> = {
  created: 'open',
  updated: 'open',
  unchanged: 'up to date',
  skipped: 'left out',
};

/** What became of it, in words that say who acts next: `open: waits for a person`. */
function stateOf({ action, number, reason, mergesByItself }: Inputs['pullRequests'][number]): string {
  const isOpen = number !== null && (action === 'created' || action === 'updated');
  const next = mergesByItself ? 'merges by itself' : 'waits for a person';
  const why = isOpen && (reason ?? '') === '' ? next : (reason ?? '');
  const word = WORDS[action] ?? action;
  return why === '' ? word : why.startsWith(word) ? why : `${word}: ${why}`;
}
