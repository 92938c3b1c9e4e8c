import { openTestArchive } from '../../images/quarantine/support.js';
import { judged, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

async function listed(image: { app: string; image: string }): Promise<string> {
  await using made = await openTestArchive();
  const { digest } = await made.image(image.image);
  await made.list({ ...image, digest });
  return await judged(made);
}

/** An image that the default branch does not have, or has for another app. */
export const deed: PlainDeed = {
  attack: () => listed({ app: 'mailer', image: 'shop-web' }),
  refused: /refused: it has the image "shop-web" of the app "mailer", which the default branch does not have/,
  honest: () => listed({ app: 'shop', image: 'shop-web' }),
  allowed: TAKEN,
};
