const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM = 6;

/**
 * Reads a text in Bech32, as age writes its keys. Age sets no limit to its length.
 *
 * @returns the lower-case prefix and the bytes; `undefined` when it is none: a wrong character, checksum or padding, or both
 *   cases in one text
 * @see https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki
 */
export function decodeBech32(text: string): { prefix: string; bytes: Buffer } | undefined {
  const lower = text.toLowerCase();
  const end = lower.lastIndexOf('1');
  if ((text !== lower && text !== text.toUpperCase()) || end < 1 || lower.length - end - 1 < CHECKSUM) {
    return undefined;
  }
  const prefix = lower.slice(0, end);
  const values = [...lower.slice(end + 1)].map((character) => ALPHABET.indexOf(character));
  if (values.includes(-1) || polymod([...expanded(prefix), ...values]) !== 1) {
    return undefined;
  }
  const bytes = regrouped(values.slice(0, -CHECKSUM), 5, 8);
  return bytes && { prefix, bytes: Buffer.from(bytes) };
}

/** Writes bytes in Bech32, in lower case. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const values = regrouped([...bytes], 8, 5) ?? [];
  const rest = polymod([...expanded(prefix), ...values, ...Array<number>(CHECKSUM).fill(0)]) ^ 1;
  const checksum = Array.from({ length: CHECKSUM }, (_, at) => (rest >>> (5 * (CHECKSUM - 1 - at))) & 31);
  return `${prefix}1${[...values, ...checksum].map((value) => ALPHABET[value]).join('')}`;
}

function expanded(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((each, bit) => {
      sum ^= (top >>> bit) & 1 ? each : 0;
    });
  }
  return sum >>> 0;
}

/** Groups of bits as groups of another size. Padded when they get smaller; else the padding has to be short and zero. */
function regrouped(values: readonly number[], from: number, to: number): number[] | undefined {
  const groups: number[] = [];
  let bits = 0;
  let held = 0;
  for (const value of values) {
    held = (held << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      groups.push((held >>> bits) & ((1 << to) - 1));
    }
    held &= (1 << bits) - 1;
  }
  if (from > to && bits > 0) {
    groups.push((held << (to - bits)) & ((1 << to) - 1));
  }
  return from < to && (bits >= from || held !== 0) ? undefined : groups;
}
