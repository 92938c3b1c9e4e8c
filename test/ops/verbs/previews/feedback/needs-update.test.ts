import { describe, expect, test } from '@jest/globals';
import {
  closedMeanwhile,
  needsUpdate,
  type ReportedFeedback,
  wasSeenLive,
} from '../../../../../src/ops/verbs/previews/feedback/needs-update.js';
import type { PreviewResult } from '../../../../../src/ops/verbs/previews/feedback/preview-result.js';
import { type PreviewStage, statusOf } from '../../../../../src/ops/verbs/previews/feedback/status.js';
import type { Decision } from '../../../../../src/ops/verbs/previews/plan/decision.js';
import { decided, sha } from '../support.js';

interface Reported {
  open?: boolean | undefined;
  /** What comment and deployment both report. */
  stage?: PreviewStage | undefined;
  live?: boolean;
}

const feedback = ({ open = true, stage, live = stage === 'live' }: Reported): ReportedFeedback => ({
  isOpen: () => open,
  reportedStage: () => stage,
  commentIsLive: () => live,
});

const by = (reported: Reported | undefined) =>
  new Map<string, ReportedFeedback>(reported === undefined ? [] : [['acme/apps', feedback(reported)]]);

function result(decision: Decision, waits = false): PreviewResult {
  const pages = {
    newerHead: undefined,
    apps: [],
    host: '',
    leftOut: [],
    expiresAt: '',
    keptUntil: '',
    commands: undefined,
    notices: [],
    commitUrl: '',
    filesUrl: '',
    runUrl: '',
  };
  const status = waits
    ? ({ stage: 'rolling out' } as const)
    : statusOf(decision, { limit: 20, sleepAfterMs: undefined });
  return { decision, details: { name: decision.name, head: sha(1), ...pages }, status };
}

describe('what GitHub shows is updated', () => {
  test.each<[string, boolean, Decision, Reported | undefined, boolean]>([
    ['for whatever changes', true, decided('updated'), { stage: 'live' }, false],
    ['for a removal', true, decided('removed'), { open: false, stage: 'live' }, false],
    ['for the queue, whose positions change', true, decided('kept', { state: 'queued' }), { stage: 'queued' }, false],
    ['not for what stays and is reported', false, decided('kept'), { stage: 'deploying' }, false],
    ['not for what stays live', false, decided('unchanged'), { stage: 'live' }, false],
    ['not for what stays failed', false, decided('kept'), { stage: 'failed' }, false],
    ['for what stays and was never reported', true, decided('kept'), {}, false],
    ['for what left the queue unreported', true, decided('kept'), { stage: 'queued' }, false],
    ['for what came back unreported', true, decided('kept'), { stage: 'removed' }, false],
    ['for what a run waits for', true, decided('unchanged'), { stage: 'failed' }, true],
    ['for what had failed and is there now', true, decided('unchanged'), { stage: 'failed' }, false],
    ['not for what a run waits for and is live', false, decided('unchanged'), { stage: 'live' }, true],
    ['not for an outdated request', false, decided('skipped'), { stage: 'live' }, false],
    [
      'for the removal that an outdated request finds',
      true,
      decided('skipped', { state: 'gone' }),
      { open: false },
      false,
    ],
    ['not for one whose pull request is open', false, decided('skipped', { state: 'gone' }), { open: true }, false],
    ['for repositories that this run does not write to, where nobody looks', true, decided('kept'), undefined, false],
  ])('%s: %s', (_rule, expected, decision, reported, waits) => {
    expect(needsUpdate(result(decision, waits), by(reported))).toBe(expected);
  });
});

test.each<[string, boolean, Decision, Reported | undefined]>([
  ['is in its comment alone', true, decided('kept'), { live: true }],
  ['is in both', false, decided('kept'), { stage: 'live' }],
  ['was of another commit', false, decided('kept'), { live: false }],
  ['was before a change', false, decided('updated'), { live: true }],
  ['cannot be read', false, decided('kept'), undefined],
])('that an earlier run saw a preview live %s: %s', (_rule, expected, decision, reported) => {
  expect(wasSeenLive(result(decision), by(reported))).toBe(expected);
});

test.each<[string, boolean, Decision, Reported | undefined]>([
  ['closed', true, decided('opened'), { open: false }],
  ['is open', false, decided('opened'), { open: true }],
  ['closed and its preview is removed', false, decided('removed'), { open: false }],
  ['cannot be read', false, decided('opened'), undefined],
])('a pull request that %s has closed meanwhile: %s', (_rule, expected, decision, reported) => {
  expect(closedMeanwhile(decision, by(reported))).toBe(expected);
});
