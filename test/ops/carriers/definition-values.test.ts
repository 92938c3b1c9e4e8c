/** The values of a definition, of which those of the environment are over those of all: where a version is set. */
import { expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import type { OverlayFile } from '../../../src/ops/carriers/overlay-file.js';
import { setVersions } from '../../../src/ops/carriers/set-version.js';

const [COMMON, OWN] = ['hld/config/common.yaml', 'hld/config/dev.yaml'];
const values = (...lines: string[]) => ['config:', '  image:', ...lines.map((line) => `    ${line}`), ''].join('\n');
const [REPOSITORY, TAG] = ['repository: r/cat', 'tag: 1.0.0'];

/** The files in which 1.1.0 is set, by their names. */
function setIn(common: string, own: string): string[] {
  const files: OverlayFile[] = [
    { path: COMMON, text: common, app: 'cat', environment: 'dev', deploys: [COMMON, OWN] },
    { path: OWN, text: own, app: 'cat', environment: 'dev' },
  ];
  const { files: changed } = setVersions(files, [imageTarget('r/cat', '1.1.0')], COMMON);
  return changed.filter(({ text }) => text.includes('tag: 1.1.0')).map(({ path }) => path);
}

test.each([
  ['where both say it', values(REPOSITORY, TAG), values(TAG), [COMMON, OWN]],
  ['where the environment alone does, whose repository is of all', values(REPOSITORY), values(TAG), [OWN]],
  ['where all have it, and the environment has the repository', values(TAG), values(REPOSITORY), [COMMON]],
  [
    'where all have it, and the environment its own repository, too',
    values(REPOSITORY, TAG),
    values(REPOSITORY),
    [COMMON],
  ],
  [
    'where all have it, and the environment something else',
    values(REPOSITORY, TAG),
    values('pullPolicy: Always'),
    [COMMON],
  ],
])('A version is set %s', (_what, common, own, expected) => {
  expect(setIn(common, own)).toEqual(expected);
});
