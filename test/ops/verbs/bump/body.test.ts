import { describe, expect, test } from '@jest/globals';
import type { PublishedRelease } from '../../../../src/ops/releases/releases-between.js';
import type { AppBump } from '../../../../src/ops/verbs/bump/app-bump.js';
import { type BodyContext, bodyOf } from '../../../../src/ops/verbs/bump/body.js';
import type { Plan } from '../../../../src/ops/verbs/bump/plan.js';

const bump: AppBump = {
  environment: 'staging',
  nameInApps: 'my-app',
  branch: 'ostack/staging/my-app',
  target: {
    app: 'my-app',
    version: '1.4.0',
    images: [],
    release: undefined,
    source: { repository: 'acme/apps', sha: 'b'.repeat(40) },
  },
};
const plan: Plan = {
  state: 'change',
  previous: '1.2.0',
  change: { files: new Map() },
  before: new Map(),
  missing: [],
  carriesBase: false,
};
const release = (version: string, notes = ''): PublishedRelease => {
  const tag = `my-app-v${version}`;
  return { tag, url: `https://github.test/acme/apps/releases/tag/${tag}`, notes };
};

describe("the text of a bump's pull request", () => {
  const textOf = (context: Partial<BodyContext>) => {
    const request = { runUrl: '', serverUrl: 'https://github.test' };
    const all = { request, releases: [release('1.4.0', 'new')], stages: [], merges: false };
    return bodyOf(bump, plan, { ...all, ...context }, 60_000);
  };

  test('says what is set, from what to what, and where it comes from', () => {
    expect(textOf({})).toContain('Sets **my\\-app** in **staging** from `1.2.0` to `1.4.0`.');
    expect(textOf({})).toContain(`[acme/apps@bbbbbbb](https://github.test/acme/apps/commit/${'b'.repeat(40)})`);
  });

  test('has the notes of the releases in between, and says no more where they are all', () => {
    expect(textOf({})).toContain('> new');
    expect(textOf({})).not.toContain('More releases');
  });

  test('says where to find releases that are too far back', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ ...release('1.4.0'), tag: `other-v1.0.${index}` }));
    expect(textOf({ releases: many })).toContain(
      '_More releases may lie in between: [all releases](https://github.test/acme/apps/releases)._',
    );
  });

  test('says that releases are missing only where they could not be read', () => {
    expect(textOf({ releases: undefined })).toContain('could not be read');
    expect(textOf({ releases: [] })).not.toContain('could not be read');
  });

  test.each<[string, Partial<BodyContext>, string]>([
    ['by itself', { merges: true }, 'It merges by itself once its checks and the policy allow.'],
    ['by a person', { merges: false }, 'A person merges it.'],
  ])('says that it is merged %s', (_name, context, sentence) => {
    expect(textOf(context)).toContain(`<sub>${sentence} Closing it keeps 1.4.0 out`);
  });

  test('begins with all environments in their order, what each has and what waits there', () => {
    const stages = [
      { environment: 'staging', version: '1.2.0', waiting: '[#3](https://github.test/pull/3)' },
      { environment: 'production', version: 'a'.repeat(40), waiting: '[#4](https://github.test/pull/4)' },
      { environment: 'edge', version: null, waiting: '' },
    ];
    expect(textOf({ stages }).split('\n')[0]).toBe(
      '**staging** `1.2.0` → production `aaaaaaa` (then [#4](https://github.test/pull/4)) → edge',
    );
    expect(textOf({ stages: stages.slice(0, 1) })).toMatch(/^Sets/);
  });
});
