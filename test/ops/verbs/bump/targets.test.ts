import { describe, expect, test } from '@jest/globals';
import type { AppTarget } from '../../../../src/ops/verbs/bump/request.js';
import { targetsOf } from '../../../../src/ops/verbs/bump/targets.js';

describe('what is set for an app', () => {
  const app = {
    app: 'my-app',
    version: '1.4.0',
    images: [],
    release: undefined,
    source: { repository: 'acme/apps', sha: 'b'.repeat(40) },
  };
  /** As a guest's app, which its own repository knows by its first name. */
  const unit = (target: AppTarget) => ({ target: { ...target, app: `growth-${target.app}` }, nameInApps: target.app });

  test.each([
    ['my-app-v1.4.0', 'apps/my-app'],
    ['v1.4.0', '.'],
  ])('has the base of the release %s in %s', (tag, appPath) => {
    const target = { kind: 'base', repository: 'acme/apps', appPath, gitTag: tag };
    expect(targetsOf(unit({ ...app, release: { tag, notes: '', url: '' } }), undefined)).toEqual([target]);
    expect(targetsOf(unit(app), [{ tag, url: '', notes: '' }])).toEqual([target]);
  });

  test('has no base whose tag would be made up', () => {
    expect(targetsOf(unit(app), [{ tag: 'my-app-v1.3.0', url: '', notes: '' }])).toEqual([]);
    expect(targetsOf(unit(app), undefined)).toEqual([]);
  });
});
