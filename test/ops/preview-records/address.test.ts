import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hostOf, hostPattern } from '../../../src/ops/preview-records/address.js';
import { previewName } from '../../../src/ops/preview-records/name.js';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';

const TEMPLATES = [
  '{app}.{name}',
  '{app}-{name}',
  '{name}-{app}',
  '{app}{name}',
  '{name}{app}',
  'x-{app}-{name}-y',
].map((host) => `https://${host}.acme.dev`);

describe('the host of an app in a preview', () => {
  test.each([
    ['{app}.{name}', 'shop', 'growth-pr-1', 'shop.growth-pr-1'],
    ['{app}-{name}', 'shop', 'pr-1', 'shop-pr-1'],
    ['{app}-{name}', 'shop', 'run-12-2', 'shop-run-12-2'],
    ['{name}-{app}', 'shop', 'pr-1', 'pr-1-shop'],
  ])('is what the address says: %s of %s in %s', (host, app, name, expected) => {
    expect(hostOf(`https://${host}.acme.dev`, app, name)).toBe(`${expected}.acme.dev`);
  });

  test.each([
    ['{app}-{name}', ['a', 'b-pr-1'], ['a-b', 'pr-1']],
    ['{name}-{app}', ['2-x', 'run-1'], ['x', 'run-1-2']],
    ['{name}{app}', ['2x', 'pr-1'], ['x', 'pr-12']],
  ])(
    'is never that of another, where %s could be either',
    (host, [app = '', name = ''], [otherApp = '', other = '']) => {
      const template = `https://${host}.acme.dev`;
      expect(hostOf(template, app, name)).not.toBe(hostOf(template, otherApp, other));
    },
  );

  test('differs wherever apps or previews do, and is at most what DNS allows', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,3}(-[a-z0-9]{1,3}){0,2}$/);
    const long = fc.stringMatching(/^[a-z]{40,80}$/);
    const number = fc.integer({ min: 1, max: 30 });
    const name = fc
      .tuple(fc.option(fc.oneof(word, long), { nil: undefined }), fc.boolean(), number)
      .map(([workspace, isRun, each]) =>
        previewName(workspace, isRun ? { run: `${each}${each % 2 === 0 ? `-${each}` : ''}` } : { pullRequest: each }),
      );
    const pair = fc.tuple(fc.oneof(word, long, number.map(String)), name);
    fc.assert(
      fc.property(fc.constantFrom(...TEMPLATES), pair, pair, (template, [app, one], [otherApp, other]) => {
        const [host, otherHost] = [hostOf(template, app, one), hostOf(template, otherApp, other)];
        expect(host === otherHost).toBe(app === otherApp && one === other);
        const fits = new RegExp(`^${hostPattern(template).replaceAll('{name}', one)}$`);
        expect([fits.test(host), fits.test('shop.acme.dev')]).toEqual([true, false]);
        expect(Math.max(...host.split('.').map((label) => label.length))).toBeLessThanOrEqual(63);
      }),
      { numRuns: 500 },
    );
  });

  test('is refused where it is longer than 253 characters', () => {
    const label = 'a'.repeat(61);
    expect(() => hostOf(`https://{app}.{name}.${[label, label, label, label].join('.')}`, 'shop', 'pr-1')).toThrow(
      '253',
    );
  });
});

describe('the namespaces of previews', () => {
  test.each([
    ['pr-35', true],
    ['run-12', true],
    ['run-12-2', true],
    ['growth-pr-35', true],
    ['pr-0', false],
    ['pr-35-x', false],
    ['search-pr-35', false],
    ['production', false],
    ['flux-system', false],
    ['kube-system', false],
  ])('are told from others: %s', (name, expected) => {
    expect(new RegExp(previewNamespaces(['growth']).pattern).test(name)).toBe(expected);
  });

  test('have the names of previews of all workspaces, and nothing else has', () => {
    const workspace = fc.stringMatching(/^[a-z][a-z0-9-]{0,70}$/);
    fc.assert(
      fc.property(workspace, fc.integer({ min: 1 }), (each, pullRequest) => {
        const { pattern, globs } = previewNamespaces([each]);
        const name = previewName(each, { pullRequest });
        expect(new RegExp(pattern).test(name)).toBe(true);
        expect(new RegExp(pattern).test(previewName(undefined, { pullRequest }))).toBe(true);
        const patterns = globs.map((glob) => new RegExp(`^${glob.replaceAll('*', '.*')}$`));
        expect(patterns.some((glob) => glob.test(name))).toBe(true);
        expect(patterns.some((glob) => glob.test('production'))).toBe(false);
      }),
    );
  });
});
