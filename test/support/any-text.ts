import fc from 'fast-check';

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Text of any characters that Unicode has a number for. fast-check has the same (`unit: 'binary'`), and first makes a
 * table of them all, which takes half a second of each test file.
 */
export function anyText(constraints: { maxLength?: number } = {}): fc.Arbitrary<string> {
  const { first, count } = SURROGATES;
  const unit = fc.nat(0x10ffff - count).map((at) => String.fromCodePoint(at < first ? at : at + count));
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ ...constraints, unit }) },
    // Of all characters few are those that mean something to anyone.
    { weight: 1, arbitrary: fc.string({ ...constraints, unit: 'binary-ascii' }) },
  );
}
