import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hostOf, urlOf, urlProblem } from '../../../src/ops/preview-records/address.js';
import {
  PREVIEW_NAME,
  type PreviewSubject,
  previewName,
  pullRequestOfName,
} from '../../../src/ops/preview-records/name.js';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const subject: fc.Arbitrary<PreviewSubject> = fc.oneof(
  fc.record({ pullRequest: fc.integer({ min: 1 }) }),
  fc.record({
    run: fc.tuple(fc.integer({ min: 1 }), fc.integer({ min: 1, max: 9 })).map(([id, attempt]) => `${id}-${attempt}`),
  }),
);
const workspace = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', 'b', '-', '_', 'A', '1', 'pr', 'run'), maxLength: 90 }),
);

describe('the name of a preview', () => {
  test.each([
    [undefined, { pullRequest: 35 }, 'pr-35'],
    ['', { pullRequest: 35 }, 'pr-35'],
    ['growth', { pullRequest: 35 }, 'growth-pr-35'],
    ['growth', { run: '1234' }, 'growth-run-1234'],
    ['growth', { run: '1234-2' }, 'growth-run-1234-2'],
    ['Growth', { pullRequest: 35 }, 'growth-hfb0b7e05-pr-35'],
    ['../x', { pullRequest: 1 }, 'x-h3fd6d4c6-pr-1'],
    ['a'.repeat(70), { pullRequest: 1 }, `${'a'.repeat(48)}-h6dc9a2a3-pr-1`],
  ])('of workspace %j for %j is %s', (space, of, name) => {
    expect(previewName(space, of).replace(/-h[0-9a-f]{8}-/, '-h-')).toBe(name.replace(/-h[0-9a-f]{8}-/, '-h-'));
  });

  test.each([
    [{ pullRequest: 0 }, 'Expected the number of a pull request, found 0.'],
    [{ pullRequest: 1.5 }, 'Expected the number of a pull request, found 1.5.'],
    [{ run: '../1' }, 'Expected the id of a workflow run such as 1234 or 1234-2 (with its attempt), found "../1".'],
  ])('of %j is refused', (of, message) => {
    expect(() => previewName('growth', of)).toThrow(message);
  });

  test('is a DNS label that says what it is for, whatever the workspace is called', () => {
    fc.assert(
      fc.property(workspace, subject, (space, of) => {
        const name = previewName(space, of);
        expect(name).toMatch(LABEL);
        expect(name).toMatch(PREVIEW_NAME);
        expect(name.endsWith('run' in of ? `run-${of.run}` : `pr-${of.pullRequest}`)).toBe(true);
      }),
    );
  });

  test('is no other workspace’s or pull request’s', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(workspace, subject), { selector: (each) => JSON.stringify(each) }), (all) => {
        expect(new Set(all.map(([space, of]) => previewName(space, of))).size).toBe(all.length);
      }),
    );
  });

  test.each([
    'kube-system',
    'staging',
    'kustomization',
    'pr-0',
    'pr-1-',
    'a/pr-1',
    '../pr-1',
    '-pr-1',
    'Pr-1',
    'pr-1\n',
    'pr-01',
    'run-1-0',
    'x-pr-1-x',
    `${'a'.repeat(59)}-pr-1`,
    `pr-${'1'.repeat(61)}`,
  ])('is never %j', (name) => {
    expect(PREVIEW_NAME.test(name)).toBe(false);
  });

  test.each([
    ['pr-35', 35],
    ['growth-pr-35', 35],
    ['pr-1-pr-2', 2],
    ['run-35', undefined],
    ['staging', undefined],
    ['pr-0', undefined],
  ])('%s is of pull request %s', (name, number) => {
    expect(pullRequestOfName(name)).toBe(number);
  });

  test.each(['pr-1', 'growth-pr-35', 'run-1234-2', `${'a'.repeat(58)}-pr-1`])('may be %j', (name) => {
    expect(PREVIEW_NAME.test(name)).toBe(true);
  });
});

describe('the address of an app in a preview', () => {
  const template = 'https://{app}.{name}.preview.acme.dev/start';

  test('is made of both names', () => {
    const host = hostOf(template, 'shop', 'pr-35');
    expect(host).toBe('shop.pr-35.preview.acme.dev');
    expect(urlOf(template, host)).toBe('https://shop.pr-35.preview.acme.dev/start');
    expect(urlOf('http://{app}-{name}.localhost:8080', hostOf('http://{app}-{name}.localhost:8080', 'a', 'pr-1'))).toBe(
      'http://a-pr-1.localhost:8080',
    );
  });

  test('has no label that is too long, and no two apps have one', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 5 }), subject, (apps, of) => {
        const hosts = apps.map((app) => hostOf('https://{app}-{name}.acme.dev', app, previewName('growth', of)));
        expect(new Set(hosts).size).toBe(apps.length);
        for (const host of hosts) {
          expect(host.split('.').every((label) => LABEL.test(label))).toBe(true);
        }
      }),
    );
  });

  test('longer than a host may be is refused', () => {
    const long = `https://{app}.{name}.${`${'a'.repeat(60)}.`.repeat(4)}dev`;
    expect(() => hostOf(long, 'shop', 'pr-1')).toThrow('The host of shop in pr-1 would have 257 characters');
  });

  test.each([
    ['https://{name}.acme.dev', undefined],
    ['http://{app}-{name}.localhost:8080/x', undefined],
    ['https://{App}.{name}.dev', 'unknown placeholder "{App}". Did you mean "{app}"?'],
    ['{app}.{name}.acme.dev', 'expected an address'],
    ['ftp://{app}.{name}.dev', 'expected an address'],
    ['https://user@{name}.dev', 'expected an address'],
    ['https://{name}_x.dev', 'expected a host of small letters'],
    ['https://acme.dev/{name}', 'expected an address'],
    ['https://{app}.acme.dev', 'expected {name} in its host'],
  ])('with the template %s: %s', (text, problem) => {
    expect(urlProblem(text) ?? 'fine').toContain(problem?.replace('"{app}"', '"app"') ?? 'fine');
  });
});
