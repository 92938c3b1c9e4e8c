import { describe, expect, test } from '@jest/globals';
import { readPreviewsArguments, stepsOf } from '../../src/cli/previews/set-up.js';

const RESULT = {
  ...{ branch: 'ostack/previews', missing: true, file: 'clusters/staging/previews/ostack-previews.yaml', text: '' },
  ...{ there: false, isConfined: false, also: [] },
};

describe('ostack previews setup', () => {
  test.each<[what: string, there: boolean, isConfined: boolean, step: string]>([
    ['makes the file', false, false, `Save this as ${RESULT.file} in acme/ops, and merge it:`],
    [
      'makes it anew where nothing confines previews as the policy says',
      true,
      false,
      `Objects in acme/ops point the cluster to it, and do not confine previews as ostack.yaml says: have this as ${RESULT.file}, and merge it:`,
    ],
    [
      'says that all of it is there',
      true,
      true,
      `Objects in acme/ops point the cluster to it and confine previews already; ${RESULT.file} would be this:`,
    ],
  ])('%s', (_what, there, isConfined, step) => {
    const steps = stepsOf({ ...RESULT, there, isConfined }, 'acme/ops', false);
    expect(steps.slice(0, 2)).toEqual(['The branch ostack/previews of acme/ops is made.', step]);
    expect(steps.join('\n')).toContain('in the namespaces of previews, and nowhere else in this cluster');
  });

  test.each([
    [[], 'Expected "setup" after "previews", found "".'],
    [['setup'], 'Say which the ops repository is: --ops owner/name.'],
  ])('asks for what is missing: %j', (args, message) => {
    expect(() => readPreviewsArguments(args)).toThrow(message);
  });
});
