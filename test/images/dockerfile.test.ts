import { describe, expect, test } from '@jest/globals';
import { baseImages } from '../../src/images/dockerfile.js';

describe('the base images of a Dockerfile', () => {
  test.each([
    ['one image', 'FROM node:24\n', ['node:24']],
    ['scratch is none', 'FROM scratch\n', []],
    ['a stage is none', 'FROM golang:1.26 AS Build\nFROM build\nCOPY --from=build /a /a\n', ['golang:1.26']],
    ['a stage by its number is none', 'FROM a:1\nFROM scratch\nCOPY --from=0 /a /a\n', ['a:1']],
    ['a platform is no image', 'FROM --platform=$BUILDPLATFORM node:24 AS build\n', ['node:24']],
    ['copied from', 'FROM scratch\nCOPY --link --from=nginx:1.29 /a /a\n', ['nginx:1.29']],
    ['mounted', 'FROM scratch\nRUN --mount=type=bind,from=alpine:3,target=/x true\n', ['alpine:3']],
    ['a default argument', `ARG NODE=24\nARG BASE=node:$NODE\nFROM \${BASE}\n`, ['node:24']],
    ['a fallback', `ARG TAG\nFROM node:\${TAG:-22}\n`, ['node:22']],
    ['a digest', `FROM node:24@sha256:${'a'.repeat(64)}\n`, [`node:24@sha256:${'a'.repeat(64)}`]],
    ['each once', 'FROM b\nFROM a\nFROM b\n', ['a', 'b']],
    ['text that looks like a flag', 'FROM scratch\nRUN echo --from=x\nENV A=--from=y\n', []],
    ['lower case and continued lines', 'from \\\n  node:24 \\\n  as x\n', ['node:24']],
  ])('%s', (_name, text, images) => {
    expect(baseImages(text)).toEqual({ images, unknown: [] });
  });

  test.each([
    ['an argument without a value', 'ARG TAG\nFROM node:$TAG\n', 'node:$TAG'],
    ['an argument that the builder sets', 'ARG TARGETARCH=amd64\nFROM node:$TARGETARCH\n', 'node:$TARGETARCH'],
    ['one made of it', `ARG A=x-\${TARGETARCH:-amd64}\nFROM $A\n`, '$A'],
    ['an argument that is declared again without one', 'ARG T=1\nARG T\nFROM node:$T\n', 'node:$T'],
    ['an argument of the stage', 'FROM scratch\nARG A=b\nCOPY --from=$A /a /b\n', '$A'],
    ['a form that is not known', `ARG A=b\nFROM \${A#x}\n`, `\${A#x}`],
    ['an escape', 'ARG A=b\\\\c\nFROM $A\n', '$A'],
    ['quotes that keep a dollar', "ARG B=c\nARG A='$B'\nFROM $A\n", '$A'],
    ['an image that is also a stage', 'FROM node AS node\n', 'node'],
    ['an image that a later stage is called', 'FROM nginx\nFROM node AS nginx\n', 'nginx'],
    ['a mount in quotes', 'FROM scratch\nRUN --mount=type=bind,"from=a" x\n', 'type=bind,"from=a"'],
  ])('%s does not tell which image it is', (_name, text, written) => {
    expect(baseImages(text).unknown).toContain(written);
  });

  test.each([
    ['several arguments in one line', 'ARG A=1 B=node:24\nFROM $B\n', ['node:24']],
    ['the last of two defaults', 'ARG B=a\nARG C=1 B=b\nFROM $B\n', ['b']],
    ['a mount in capitals', 'FROM scratch\nRUN --mount=TYPE=bind,FROM=a x\n', ['a']],
    ['several mounts', 'FROM scratch\nRUN --mount=from=a --mount=type=cache,target=/x,from=b x\n', ['a', 'b']],
    ['a trigger', 'FROM scratch AS x\nONBUILD COPY --from=a /a /a\nFROM x\n', ['a']],
    ['a number, which only COPY takes for a stage', 'FROM 1\nCOPY --from=0 /a /a\n', ['1']],
    ['a stage that comes later', 'FROM scratch\nCOPY --from=later /a /a\nFROM a AS later\n', ['a']],
    ['a byte order mark', '\uFEFFFROM a\n', ['a']],
    ['another escape', '# escape=`\nFROM a\nRUN dir c:\\\nFROM b\n', ['a', 'b']],
    [
      'a text in a command',
      'FROM a\nRUN <<EOF\nFROM x\nEOF\nCOPY <<-"E" <<F /d/\nFROM y\n\tE\nFROM z\nF\nFROM b\n',
      ['a', 'b'],
    ],
  ])('%s', (_name, text, images) => {
    expect(baseImages(text)).toEqual({ images, unknown: [] });
  });

  test('a build argument wins over the default in the file', () => {
    expect(baseImages('ARG NODE=22\nFROM node:$NODE\n', { NODE: '24' }).images).toEqual(['node:24']);
  });

  test('an argument without a value is reported as it is written', () => {
    expect(baseImages('ARG TAG\nFROM node:$TAG\n')).toEqual({ images: [], unknown: ['node:$TAG'] });
  });
});
