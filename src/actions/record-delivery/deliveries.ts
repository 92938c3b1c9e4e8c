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
          .map(({ environment, action, url, number, reason }) => ({
            environment,
            action,
            number,
            url: url ?? '',
            reason: reason ?? '',
          })),
      },
    ]),
  );
}
