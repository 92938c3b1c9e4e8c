import { describe, expect, test } from '@jest/globals';
import { readBuildahFailure, readBuildFailure } from '../../src/images/build-failure.js';

const web = { name: 'web', file: 'apps/web/Dockerfile', dockerfile: 'FROM scratch\n\nCOPY nope /x\n' };
const api = { name: 'api', file: 'apps/api/Dockerfile', dockerfile: 'FROM scratch\nCOPY . /\nCOPPY a /\n' };

function excerpt(file: string, line: number, text: string): string {
  return `${file}:${line}\n--------------------\n   1 |     FROM scratch\n   ${line} | >>> ${text}\n--------------------\n`;
}

describe("what BuildKit's output says about a failed build", () => {
  test.each([
    [
      'the failed step names its target',
      `#10 [web 1/1] COPY nope /x\n------\n > [web 1/1] COPY nope /x:\n------\n${excerpt('Dockerfile', 3, 'COPY nope /x')}ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref abc::def: "/nope": not found\n`,
      { target: 'web', line: 3, instruction: 'COPY nope /x', reason: '"/nope": not found' },
    ],
    [
      'a Dockerfile that cannot be parsed is found by its line, although another step was cut short',
      `------\n > [web internal] load build context:\n------\n${excerpt('Dockerfile', 3, 'COPPY a /')}ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: COPPY\n`,
      {
        target: 'api',
        line: 3,
        instruction: 'COPPY a /',
        reason: 'dockerfile parse error on line 3: unknown instruction: COPPY',
      },
    ],
    [
      'newer versions name the target in the error',
      'ERROR: target api: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1\n',
      {
        target: 'api',
        line: undefined,
        instruction: undefined,
        reason: 'process "/bin/sh -c false" did not complete successfully: exit code: 1',
      },
    ],
    [
      'a push that fails has no line',
      ' > [web] exporting to image:\nERROR: failed to solve: failed to push x: 401 Unauthorized\n',
      { target: 'web', line: undefined, instruction: undefined, reason: 'failed to push x: 401 Unauthorized' },
    ],
    [
      'an output that names nothing',
      'error: could not connect\n',
      { target: undefined, line: undefined, instruction: undefined, reason: 'error: could not connect' },
    ],
  ])('%s', (_name, output, expected) => {
    expect(readBuildFailure(output, [web, api])).toEqual(expected);
  });

  test('the only target needs no name', () => {
    const output = ` > [1/1] COPY nope /x:\n${excerpt('Dockerfile', 3, 'COPY nope /x')}ERROR: failed to solve: no\r\n`;
    expect(readBuildFailure(output, [web])).toMatchObject({ target: 'web', line: 3, reason: 'no' });
  });

  test('an error that has a known cause says what to do', () => {
    const output = `ERROR: failed to solve: failed to push x: content digest sha256:${'a'.repeat(64)}: not found\n`;
    expect(readBuildFailure(output, [web]).reason).toMatch(
      /not found\. BuildKit before 0\.14 says this of an image that adds no file/,
    );
  });
});

describe("what buildah's output says about a failed build", () => {
  test('the last step begun is found in the Dockerfile, over several lines', () => {
    const dockerfile = 'FROM scratch\n\nRUN foo bar && \\\n  baz\n';
    const output =
      'STEP 1/2: FROM scratch\nSTEP 2/2: RUN foo bar &&   baz\nError: building at STEP "RUN foo bar &&   baz": exit status 1\n';
    expect(readBuildahFailure(output, { ...web, dockerfile })).toEqual({
      target: 'web',
      line: 3,
      instruction: 'RUN foo bar && baz',
      reason: 'exit status 1',
    });
  });
});
