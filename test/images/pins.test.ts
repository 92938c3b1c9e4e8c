import { describe, expect, test } from '@jest/globals';
import { imagePlaces } from '../../src/images/dockerfile.js';
import { namedContexts, pinnedDockerfile } from '../../src/images/pins.js';

const A = `sha256:${'a'.repeat(64)}`;

test.each([
  ['node', 'node', 'docker.io/library/node'],
  ['node:latest', 'node', 'docker.io/library/node'],
  ['node:24', 'node:24', 'docker.io/library/node'],
  ['docker.io/library/node:24', 'node:24', 'docker.io/library/node'],
  ['index.docker.io/acme/web', 'acme/web', 'docker.io/acme/web'],
  ['acme/web:1', 'acme/web:1', 'docker.io/acme/web'],
  ['ghcr.io/library/web:latest', 'ghcr.io/library/web', 'ghcr.io/library/web'],
  ['localhost:5000/web:1', 'localhost:5000/web:1', 'localhost:5000/web'],
])('BuildKit finds %s under %s', (name, short, repository) => {
  expect(namedContexts({ [name]: A })).toEqual({ [short]: `docker-image://${repository}@${A}` });
});

test('a name with a digest needs no pin', () => {
  expect(namedContexts({ [`node:24@${A}`]: A })).toEqual({});
});

describe('a Dockerfile with its images pinned', () => {
  const PINNED = `docker.io/library/node@${A}`;

  test.each([
    ['from', 'FROM node:24\n', `FROM ${PINNED}\n`],
    [
      'for a platform',
      'from --platform=$BUILDPLATFORM node:24 as x\r\n',
      `from --platform=$BUILDPLATFORM ${PINNED} as x\r\n`,
    ],
    ['by an argument', `ARG V=24\nFROM node:\${V} AS x\n`, `ARG V=24\nFROM ${PINNED} AS x\n`],
    [
      'copied from',
      'FROM scratch\nCOPY --link --from=node:24 /a /b\n',
      `FROM scratch\nCOPY --link --from=${PINNED} /a /b\n`,
    ],
    [
      'mounted',
      'FROM scratch\nRUN --mount=type=bind,from=node:24,target=/x true\n',
      `FROM scratch\nRUN --mount=type=bind,from=${PINNED},target=/x true\n`,
    ],
    [
      'several in a line',
      'FROM scratch\nRUN --mount=from=node:24 --mount=from=b,type=bind --mount=from=node:24 x\n',
      `FROM scratch\nRUN --mount=from=${PINNED} --mount=from=b,type=bind --mount=from=${PINNED} x\n`,
    ],
    [
      'not what is no image',
      'FROM a AS b\nFROM b\n# node:24\nRUN echo node:24\n',
      'FROM a AS b\nFROM b\n# node:24\nRUN echo node:24\n',
    ],
    ['not what only looks like one of the pins', 'FROM constructor\n', 'FROM constructor\n'],
  ])('%s', (_name, text, expected) => {
    const pinned = pinnedDockerfile(text, {}, { 'node:24': A });
    expect(pinned).toBe(expected);
    expect(imagePlaces(pinned).map(({ name }) => name)).toEqual(
      imagePlaces(text).map(({ name }) => (name === 'node:24' ? PINNED : name)),
    );
  });
});
