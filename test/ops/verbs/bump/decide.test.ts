import { describe, expect, test } from '@jest/globals';
import type { Hold } from '../../../../src/ops/policy/holds.js';
import type { AppBump } from '../../../../src/ops/verbs/bump/app-bump.js';
import { decide, plannedOf } from '../../../../src/ops/verbs/bump/decide.js';
import type { OverlayPlan } from '../../../../src/ops/verbs/bump/overlay-plan.js';
import type { Plan } from '../../../../src/ops/verbs/bump/plan.js';

const bump: AppBump = {
  environment: 'staging',
  nameInApps: 'shop',
  branch: 'ostack/staging/shop',
  target: { app: 'shop', version: '1.4.0', images: [], release: undefined, source: { repository: 'a/b', sha: '' } },
};
const hold: Hold = { environment: 'staging', app: 'shop', version: '1.3.0', since: '2026-11-01T12:00:00Z', by: 'ann' };
const plan = (state: Plan['state']): OverlayPlan => ({
  plan: { state, previous: '1.3.0', change: { files: new Map() }, before: new Map(), missing: [], carriesBase: false },
});
const problem = (kind: 'no-app' | 'nothing-carries' | 'broken'): OverlayPlan => ({
  problem: { kind, message: 'There is none.\nAdd it.' },
});

describe('whether an environment takes a version', () => {
  test.each<[string, OverlayPlan, Hold | undefined, boolean, string]>([
    ['a change is made', plan('change'), undefined, false, 'change'],
    ['nothing is done where it is there already', plan('nothing'), undefined, false, 'nothing'],
    ['a newer version stays', plan('newer'), undefined, false, 'newer'],
    ['a held app is left as it is', plan('change'), hold, false, 'left held'],
    ['a held app with a newer version is left as it is', plan('newer'), hold, false, 'left held'],
    ['a held app that has the version has nothing left to do', plan('nothing'), hold, false, 'nothing'],
    ['an environment without the app is left out', problem('no-app'), undefined, false, 'left skipped'],
    ['one that must have the app is a failure', problem('no-app'), undefined, true, 'refused'],
    ['one where nothing carries the version is left out', problem('nothing-carries'), undefined, false, 'left skipped'],
    ['one that must carry the version is a failure', problem('nothing-carries'), undefined, true, 'refused'],
    ['a broken overlay is a failure in any case', problem('broken'), undefined, false, 'refused'],
    ['a broken overlay is a failure although the app is held', problem('broken'), hold, false, 'refused'],
  ])('%s', (_name, overlay, on, mustHave, expected) => {
    const planned = decide(bump, overlay, { hold: on, mustHave });
    expect(planned.state === 'left' ? `left ${planned.action}` : planned.state).toBe(expected);
  });

  test('on a branch of ours no hold is asked for', () => {
    expect(plannedOf(bump, plan('change')).state).toBe('change');
    expect(plannedOf(bump, problem('broken'))).toEqual({ state: 'left', action: 'skipped', reason: 'There is none.' });
  });
});
