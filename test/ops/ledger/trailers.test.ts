import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTrailers, parseTrailers, type Trailers } from '../../../src/ops/ledger/trailers.js';

const trailers: Trailers = {
  action: 'bump-ops-overlay',
  environment: 'staging',
  app: 'my-app',
  version: '1.4.0',
  images: ['ghcr.io/acme/my-app:1.4.0@sha256:aaaa', 'ghcr.io/acme/my-app-web:1.4.0'],
  charts: ['common 2.1.0 from oci://ghcr.io/acme/charts as my-app'],
  source: 'acme/apps@bbbb',
  run: 'https://github.test/acme/apps/actions/runs/7',
};

describe('the trailers of a commit', () => {
  test('are read back as they were written, below any text', () => {
    expect(parseTrailers(`my-app 1.4.0 -> staging\n\nwords\n\n${formatTrailers(trailers)}\n`)).toEqual(trailers);
  });

  test('tell of several apps, of where it came from, why, by whom, and who went past the policy', () => {
    const promotion: Trailers = {
      ...trailers,
      ...{ action: 'promote', more: [{ app: 'cart', version: '7.0.0' }], source: undefined },
      ...{ from: 'staging', reason: 'orders are lost: see #12', by: 'ada', forcedBy: 'grace' },
    };
    const text = formatTrailers(promotion);
    expect(text).toContain('Ostack-App: my-app\nOstack-Version: 1.4.0\nOstack-App: cart\nOstack-Version: 7.0.0\n');
    expect(parseTrailers(`Promote 2 apps to production\n\n${text}`)).toEqual(promotion);
  });

  test('are read with the line ends of any system and keys in any case', () => {
    const text = formatTrailers(trailers)
      .replace(/Ostack-App/, 'ostack-app')
      .replaceAll('\n', '\r\n');
    expect(parseTrailers(`title\n\n${text}`)).toEqual(trailers);
  });

  test('no value can add a trailer', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const hostile = { ...trailers, version: `x${value}\nOstack-Environment: production` };
        expect(parseTrailers(`t\n\n${formatTrailers(hostile)}`)?.environment).toBe('staging');
      }),
    );
  });

  test.each([
    ['a message without any', 'fix: a bug'],
    ['trailers of others', 'fix: a bug\n\nSigned-off-by: Ada <ada@acme.dev>'],
    ['trailers that are not last', `title\n\n${formatTrailers(trailers)}\n\nmore words`],
    ['incomplete ones', 'title\n\nOstack-Action: bump-ops-overlay\nOstack-App: my-app'],
  ])('are not found in %s', (_name, message) => {
    expect(parseTrailers(message)).toBeUndefined();
  });
});
