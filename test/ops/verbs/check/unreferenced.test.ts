import { describe, expect, test } from '@jest/globals';
import { affectedRoots } from '../../../../src/ops/judgement/roots.js';
import { unreferencedProblems } from '../../../../src/ops/verbs/check/unreferenced.js';
import { comparisonOf } from './support.js';

const LAYOUT = { templates: ['overlays/{environment}/{app}'] };
const AT = 'overlays/staging/shop';
const BASE = {
  'bases/shop/kustomization.yaml': '',
  [`${AT}/kustomization.yaml`]: 'resources: [../../../bases/shop, more]\npatches: [{ path: settings.yaml }]\n',
  [`${AT}/settings.yaml`]: 'a: 1\n',
  [`${AT}/old.yaml`]: 'a: 1\n',
  [`${AT}/more/kustomization.yaml`]: 'resources: [job.yaml]\n',
  [`${AT}/more/job.yaml`]: '',
  'overlays/staging/chart/values.yaml': 'a: 1\n',
};

describe('a file of an overlay that nothing refers to', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['is told when it is added', { [`${AT}/new.yaml`]: '' }, [`${AT}/new.yaml`]],
    ['is told when it is edited', { [`${AT}/old.yaml`]: 'a: 2\n' }, [`${AT}/old.yaml`]],
    [
      'is told when its reference goes',
      { [`${AT}/kustomization.yaml`]: 'resources: [../../../bases/shop]\n' },
      [`${AT}/settings.yaml`],
    ],
    ['is of no concern when nothing of it changes', { [`${AT}/settings.yaml`]: 'a: 2\n' }, []],
    ['may be one that Helm reads', { [`${AT}/values.yaml`]: '', 'overlays/staging/chart/values.yaml': 'a: 2\n' }, []],
    ['may be no manifest', { [`${AT}/README.md`]: '' }, []],
    ['may be in a folder that is referred to', { [`${AT}/more/job.yaml`]: 'a: 1\n' }, []],
  ])('%s', async (_, change, files) => {
    const comparison = comparisonOf(BASE, { ...BASE, ...change });
    const { roots } = await affectedRoots(comparison, LAYOUT);
    const problems = await unreferencedProblems(comparison, LAYOUT, roots);
    expect(problems.map(({ file }) => file)).toEqual(files);
    expect(
      problems.every(({ level, message }) => level === 'warning' && message.includes(`${AT}/kustomization.yaml`)),
    ).toBe(true);
  });
});
