import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pullRequestBody } from '../../src/ops/pull-requests/body.js';
import type { ChangeGroup } from '../../src/ops/render/change-groups.js';
import { COMMENT_BYTES } from '../../src/ops/verbs/check/publish.js';
import { type CheckReport, reportMarkdown } from '../../src/ops/verbs/check/report.js';
import { renderComment, reportedState } from '../../src/ops/verbs/previews/feedback/comment.js';
import type { AppDetails } from '../../src/ops/verbs/previews/feedback/details.js';
import { table } from '../../src/report/markdown.js';
import { leftOpen } from './left-open.js';

/** GitHub counts characters; we keep below it in bytes. */
const BODY = 65_536;

/** Names as long as folders may be, with what Markdown makes longer. */
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.constant('a-`|'.repeat(60)),
  fc.constant('🦜'.repeat(60)),
);
const names = fc.array(name, { minLength: 1, maxLength: 5 });
/** So many of them, in turn. */
const many = <T>(few: readonly string[], count: number, make: (name: string, index: number) => T): T[] =>
  Array.from({ length: count }, (_none, index) => make(few[index % few.length] ?? '', index));

const changesOf = (few: readonly string[]): ChangeGroup[] =>
  many(few, 2000, (app) => ({
    ...{ environment: 'production', app },
    changes: [
      {
        action: 'changed',
        ...{ apiVersion: 'apps/v1', kind: 'Deployment', app },
        namespace: app,
        name: app,
        previousName: undefined,
        flag: app,
        diff: `+${app}`,
      },
    ],
  }));

const HEAD = 'a'.repeat(40);

test('the comment of a preview of 2,000 apps shows the changed ones, and counts the rest', () => {
  fc.assert(
    fc.property(names, (few) => {
      const apps = many(few, 2000, (app, index): AppDetails => {
        const url = `https://${'host-'.repeat(40)}${index}.test/`;
        return { app, images: [{ image: '', version: '1.0.0', digest: '' }], url, changed: index === 1999 };
      });
      const preview = {
        name: 'pr-1',
        head: HEAD,
        apps,
        host: 'staging',
        leftOut: apps.map(({ app }) => ({ app, kind: 'ClusterRole', name: app, reason: 'it is too much' })),
        expiresAt: '',
        keptUntil: '',
        commands: undefined,
        notices: [],
        commitUrl: '',
        filesUrl: '',
        runUrl: '',
        newerHead: undefined,
      };
      const comment = renderComment(preview, { stage: 'live' });
      expect(Buffer.byteLength(comment)).toBeLessThan(BODY);
      expect(reportedState(comment)).toEqual({ stage: 'live', head: HEAD });
      expect(comment).toContain('1999.test');
      expect(comment).toContain('And 1940 more apps');
    }),
    { numRuns: 5 },
  );
});

test('a pull request about 2,000 apps fits, and leaves nothing open', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 2000, max: 60_000 }), (few, limit) => {
      const text = pullRequestBody(
        {
          head: [
            'Brings **2000 apps**.',
            table(
              ['app'],
              many(few, 200, (app) => [app.replace(/[`|~<]/g, '')]),
            ),
          ],
          clusters: { groups: changesOf(few), problems: [] },
          diff: many(few, 2000, (app) => `+${app}`).join('\n'),
          next: 'It waits.',
        },
        limit,
      );
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
      expect(leftOpen(text)).toEqual({ fence: '', details: 0 });
    }),
    { numRuns: 5 },
  );
});

test('the check of a change of 2,000 apps fits into a comment, and leaves nothing open', () => {
  fc.assert(
    fc.property(names, (few) => {
      const report: CheckReport = {
        verdicts: many(few, 200, (environment) => ({
          environment,
          state: 'pending',
          touched: true,
          reason: environment,
          line: '',
        })),
        problems: many(few, 2000, (app) => ({ level: 'error', file: app, line: 1, message: app })),
        known: few.map((environment) => ({ environment, apps: few })),
        notRendered: few,
        rendered: [
          { root: { folder: 'x', overlay: undefined, before: undefined, after: undefined }, groups: changesOf(few) },
        ],
        page: 'https://x.test/blob',
        runUrl: '',
        notes: [],
      };
      const comment = reportMarkdown(report, COMMENT_BYTES - 100);
      expect(Buffer.byteLength(comment)).toBeLessThan(COMMENT_BYTES);
      expect(leftOpen(comment)).toEqual({ fence: '', details: 0 });
    }),
    { numRuns: 5 },
  );
});
