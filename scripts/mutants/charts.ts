import type { Mutation } from './mutation.js';

const PLACES = ['test/ops/carriers/kinds/charts.test.ts'];
const SHAPES = ['test/shapes/charts.test.ts'];

/** Versions of charts, and the locks that are made from them. */
export const CHARTS: readonly Mutation[] = [
  {
    name: 'A range of a chart is asked about and not replaced',
    file: 'src/ops/carriers/refuse-unclear.ts',
    text: 'refused.length > 0',
    replacement: 'refused.length > 1000',
    tests: PLACES,
  },
  {
    name: 'A chart of another address is another chart',
    file: 'src/ops/carriers/kinds/chart-place.ts',
    text: 'otherSource && isAddress(here) && isAddress(there)',
    replacement: 'otherSource && isAddress(here) && here === there',
    tests: PLACES,
  },
  {
    name: 'In a file of several apps only an own chart moves',
    file: 'src/ops/carriers/find-carriers.ts',
    text: "target.kind !== 'chart' || target.app === undefined",
    replacement: "target.kind !== 'chart' || target.app !== undefined",
    tests: PLACES,
  },
  {
    name: 'A wrapper chart never changes without its lock',
    file: 'src/ops/carriers/chart-lock.ts',
    text: 'lock === undefined && !isVendored',
    replacement: '!isVendored',
    tests: SHAPES,
  },
  {
    name: 'A lock is taken only from a chart with the same dependencies',
    file: 'src/ops/carriers/chart-lock.ts',
    text: 'print(one) === print(other)',
    replacement: 'print(one) !== undefined',
    tests: SHAPES,
  },
  {
    name: 'A chart that is not at hand is not asked for',
    file: 'src/ops/render/template-chart.ts',
    text: "cache !== '' && (await exists(path))",
    replacement: "cache !== '' || (await exists(path))",
    tests: ['test/ops/verbs/check/render-charts.test.ts'],
  },
];
