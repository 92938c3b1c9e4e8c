import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeGroup } from '../../../src/ops/render/change-groups.js';
import type { ResourceChange } from '../../../src/ops/render/compare-resources.js';
import { resourcesMarkdown } from '../../../src/ops/render/resources-markdown.js';

function change(name: string, given: Partial<ResourceChange> = {}): ResourceChange {
  return {
    ...{ action: 'changed', apiVersion: 'apps/v1', kind: 'Deployment', namespace: '', name, app: '' },
    ...{ previousName: undefined, diff: '@@ -1 +1 @@\n-replicas: 2\n+replicas: 3\n', flag: undefined },
    ...given,
  };
}

function group(environment: string, app: string, ...changes: ResourceChange[]): ChangeGroup {
  return { environment, app, changes };
}

describe('what changes in the clusters, as people read it', () => {
  test('a difference that several places share is shown once, the others apart', () => {
    const gone = change('data', {
      ...{ action: 'removed', kind: 'PersistentVolumeClaim', namespace: 'shop', diff: '@@ -1 +0,0 @@\n-kind: x\n' },
      flag: 'PersistentVolumeClaim data is deleted: its data may go too.',
    });
    const groups = [
      group('staging', 'shop', change('web', { namespace: 'staging' })),
      group('staging', 'mail'),
      group('production', 'shop', change('web', { namespace: 'production' })),
      group('production', 'apps (shared)', gone),
    ];
    expect(resourcesMarkdown(groups, 60_000)).toMatchSnapshot();
  });

  test('many places are counted and folded, and one long difference leaves room for others', () => {
    const long = change('settings', { diff: `@@ -1 +1 @@\n${'+a: line\n'.repeat(4000)}` });
    const places = Array.from({ length: 30 }, (_, at) => group('staging', `app-${at}`, change('web')));
    const text = resourcesMarkdown([group('staging', 'long', long), ...places], 20_000);
    expect(text.replace(/(\+a: line\n)+/, '…\n').replace(/(\| staging \| app\\-\d+ .*\n)+/, '…\n')).toMatchSnapshot();
  });

  test('it stays within its limit and closes all that it opens, whatever there is', () => {
    const word = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' });
    const changes = fc.array(
      fc
        .record({
          name: word,
          namespace: word,
          diff: fc.string({ maxLength: 3000 }),
          flag: fc.option(word, { nil: undefined }),
        })
        .map(({ name, ...given }) => change(name, given)),
      { maxLength: 5 },
    );
    const groups = fc.array(fc.record({ environment: word, app: word, changes }), { maxLength: 60 });
    fc.assert(
      fc.property(groups, fc.integer({ min: 1000, max: 60_000 }), (given, limit) => {
        const text = resourcesMarkdown(given, limit);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        const outside = text.replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '');
        expect(outside.match(/<details>/g)?.length ?? 0).toBe(outside.match(/<\/details>/g)?.length ?? 0);
      }),
      { numRuns: 60 },
    );
  });
});
