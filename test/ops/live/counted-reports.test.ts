import { describe, expect, test } from '@jest/globals';
import { countedReports, type Posted } from '../../../src/ops/live/counted-reports.js';

const WEB = 'kustomization/web/1';
const API = 'kustomization/api/1';
const posted = (by: string, state: Posted['state'], context = WEB): Posted => ({
  ...{ by, state, context, description: by, at: new Date(0), url: '' },
});
const counts = ({ by }: Posted) => by === 'flux';
const said = (reports: ReturnType<typeof countedReports>) =>
  reports.map(({ context, state, description }) => `${context.split('/')[1]} ${state} by ${description}`).sort();
const UNKNOWN = 'web pending by others have set so much over it that what it says is not known';

describe('what counts of a commit', () => {
  test.each<[string, Posted[], Posted[] | undefined, boolean, string[]]>([
    ['is what the cluster says', [posted('flux', 'success')], undefined, true, ['web success by flux']],
    [
      'is what it said below what others say',
      [posted('mallory', 'success')],
      [posted('mallory', 'success'), posted('flux', 'failure'), posted('flux', 'success')],
      true,
      ['web failure by flux'],
    ],
    [
      'is nothing where only others say something',
      [posted('mallory', 'success')],
      [posted('mallory', 'success')],
      true,
      [],
    ],
    [
      'is not known where more lies over it than is read',
      [posted('mallory', 'success')],
      [posted('mallory', 'success')],
      false,
      [UNKNOWN],
    ],
    ['is not known where nothing was listed', [posted('mallory', 'success')], undefined, true, [UNKNOWN]],
    [
      'is what was found of it, however much there is',
      [posted('mallory', 'success'), posted('flux', 'success', API)],
      [posted('mallory', 'success'), posted('flux', 'failure')],
      false,
      ['api success by flux', 'web failure by flux'],
    ],
    [
      'is of each context for itself',
      [posted('mallory', 'success'), posted('flux', 'success', API)],
      undefined,
      true,
      ['api success by flux', UNKNOWN],
    ],
  ])('%s', (_, shown, all, isWhole, expected) => {
    const ours = new Set([WEB, API]);
    expect(said(countedReports(shown, counts, all && { all, isWhole }, ours))).toEqual(expected);
  });

  test('is nothing of a context in which nobody who counts has ever reported: another cluster has it', () => {
    expect(countedReports([posted('other', 'failure')], counts, undefined, new Set([API]))).toEqual([]);
  });
});
