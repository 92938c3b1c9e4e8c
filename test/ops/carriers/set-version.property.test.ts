import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ImageTarget } from '../../../src/ops/carriers/carrier.js';
import { setVersion } from '../../../src/ops/carriers/set-version.js';

const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join('.'));
const quote = fc.constantFrom('', "'", '"');
const remark = fc.constantFrom('', ' # bump me', '   #');

/** An overlay in which several places carry the version of one image, among places of other images. */
const overlay = fc
  .record({
    entries: fc.array(fc.record({ ours: fc.boolean(), quote, remark, flow: fc.boolean(), tagFirst: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
    containers: fc.array(fc.record({ ours: fc.boolean(), quote, remark }), { maxLength: 3 }),
    eol: fc.constantFrom('\n', '\r\n'),
    version,
    digest,
  })
  .filter(({ entries, containers }) => [...entries, ...containers].some(({ ours }) => ours))
  .map(({ entries, containers, eol, version: tag, digest: pin }) => {
    const lines = ['# overlay', 'images:'];
    for (const { ours, quote: q, remark: r, flow, tagFirst } of entries) {
      const name = ours ? 'ghcr.io/acme/my-app' : 'ghcr.io/acme/my-app-worker';
      const fields = [`name: ${q}${name}${q}`, `newTag: ${q}${tag}${q}`, `digest: ${q}${pin}${q}`];
      const ordered = tagFirst ? fields.reverse() : fields;
      lines.push(
        ...(flow
          ? [`  - { ${ordered.join(', ')} }${r}`]
          : ordered.map((field, i) => `  ${i === 0 ? '-' : ' '} ${field}${r}`)),
      );
    }
    lines.push('', 'patches:', '  - patch: |-', '      spec:', '        containers:');
    for (const { ours, quote: q, remark: r } of containers) {
      const name = ours ? 'ghcr.io/acme/my-app' : 'acme/my-app';
      lines.push('', `          - image: ${q}${name}:${tag}@${pin}${q}${r}`);
    }
    return { text: `${lines.join(eol)}${eol}`, tag, digest: pin };
  });

function target(tag: string, pin: string): ImageTarget {
  return { kind: 'image', repository: 'ghcr.io/acme/my-app', image: 'my-app', tag, digest: pin };
}

test('whatever the overlay, our image and no other changes, twice is once, and back again is the file as it was', () => {
  fc.assert(
    fc.property(overlay, version, digest, ({ text, tag, digest: pin }, newTag, newPin) => {
      const there = setVersion(text, 'k.yaml', target(newTag, newPin)).text;
      const lines = text.split('\n');
      const changed = there.split('\n').flatMap((line, index) => (line === lines[index] ? [] : [lines[index] ?? '']));
      expect(there.split('\n')).toHaveLength(lines.length);
      expect(changed.every((line) => line.includes(tag) || line.includes(pin))).toBe(true);
      const workers = (content: string) =>
        content.split('\n').filter((line) => /my-app-worker|[ '"]acme\/my-app:/.test(line));
      expect(workers(there)).toEqual(workers(text));
      expect(setVersion(there, 'k.yaml', target(newTag, newPin))).toEqual({ text: there, changes: [] });
      expect(setVersion(there, 'k.yaml', target(tag, pin)).text).toBe(text);
    }),
    { numRuns: 150 },
  );
});
