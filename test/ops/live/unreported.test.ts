import { describe, expect, test } from '@jest/globals';
import { evaluateChange } from '../../../src/ops/judgement/evaluate-change.js';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { unreportedBefore, unreportedNote } from '../../../src/ops/live/unreported.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { gateSummary, verdictMarkdown } from '../../../src/ops/verbs/gate/report.js';
import { NOW, nobody, ops, PRODUCTION, web } from '../judgement/production.js';
import { changeOf } from '../judgement/support.js';

const READY = 'ready: { creators: [flux] }';

describe('whose healthy time would count, and nothing reports it', () => {
  test.each<[string, string, string[], string[]]>([
    ['that of who comes before', 'staging: {}, production: { after: staging }', ['production'], ['staging']],
    ['nobody’s, where that reports', `staging: { ${READY} }, production: { after: staging }`, ['production'], []],
    ['nobody’s, where nobody comes before', 'staging: {}, production: { after: staging }', ['staging'], []],
    [
      'of several the one that does not report, once',
      `eu: {}, us: { ${READY} }, a: { after: [eu, us] }, b: { after: [eu] }`,
      ['a', 'b'],
      ['eu'],
    ],
    ['nobody’s, in an environment that the policy does not name', 'staging: {}', ['other'], []],
  ])('%s', (_, environments, targets, expected) => {
    expect(unreportedBefore(readPolicy(`environments: { ${environments} }`), targets)).toEqual(expected);
  });

  test('it is one sentence for all of them, and none where all report', () => {
    expect(unreportedNote(['staging', 'eu', 'staging'])).toEqual([
      expect.stringMatching(/^Nothing says whether staging, eu is live: a version counts there once it is merged\. \[/),
    ]);
    expect(unreportedNote([])).toEqual([]);
  });
});

describe('the gate', () => {
  const verdictsOn = async (policy: string, edits: Record<string, string>) => {
    const facts = await inspectChange(changeOf(ops(policy), edits), 'acme/ops');
    return evaluateChange(facts, {
      ...{ people: nobody, messages: [], autoMerge: false, now: NOW, allowedSince: undefined },
      approvers: async ({ approvers }) => ({ logins: approvers, unseen: [] }),
      history: async () => ({ entries: [], complete: true }),
    });
  };
  const regions = (ready: string) =>
    `environments:\n  staging: { ${ready} }\n  production: { after: staging }\n  eu: { after: staging }\n`;
  const said = (text: string) => text.split('Nothing says whether staging is live').length - 1;
  const heads = async (policy: string, edits: Record<string, string>) => {
    const verdicts = await verdictsOn(policy, edits);
    const pull = (number: number) => ({ number, head: `h${number}`, verdicts, problem: undefined });
    return [1, 2].map((number) => ({
      head: `h${number}`,
      isAllowed: false,
      title: 'No',
      pulls: [pull(number)],
      repository: undefined,
    }));
  };
  const both = { [PRODUCTION]: web('1.6.0'), 'overlays/eu/web/kustomization.yaml': web('1.6.0') };

  test.each<[string, string, Record<string, string>, number]>([
    ['says it once for two environments of a pull request', regions(''), both, 1],
    ['says it no more once it is reported', regions(READY), both, 0],
    ['says nothing of it where no version goes on', regions(''), { 'README.md': 'read me' }, 0],
    [
      'says nothing of it where only the first changes',
      regions(''),
      { 'overlays/staging/web/kustomization.yaml': web('1.7.0') },
      0,
    ],
  ])('%s, and once in the summary of all', async (_, policy, edits, times) => {
    const all = await heads(policy, edits);
    expect(all.map((each) => said(verdictMarkdown(each)))).toEqual([times, times]);
    expect(said(gateSummary({ verdicts: all, notes: [], unproven: [] }, String, 60_000))).toBe(times);
  });
});
