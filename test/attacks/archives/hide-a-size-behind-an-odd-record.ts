import { files, packed, TAKEN } from '../support/archives.js';
import type { PlainDeed } from '../support/plain-deeds.js';

const HONEST = `42 comment=${'x'.repeat(30)}\n`;
const ODD = `28 a=${'x'.repeat(22)}\n\n 12 size=99\n`;

/** A layer with an extended header that says this, among other things. */
async function extended(said: string): Promise<string> {
  const layer = await files({ header: { name: 'a', pax: { comment: 'x'.repeat(30) } }, content: 'b' });
  layer.write(said, layer.indexOf(HONEST), 'latin1');
  return packed(layer);
}

/** One program stops at a record that is written oddly, and another one finds a size behind it. */
export const deed: PlainDeed = {
  attack: () => extended(ODD),
  refused: /refused: one of its layers has an entry of which more is said in ways that programs read differently/,
  honest: () => extended(HONEST),
  allowed: TAKEN,
};
