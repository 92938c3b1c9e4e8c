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

  test('a build argument wins over the default in the file', () => {
    expect(baseImages('ARG NODE=22\nFROM node:$NODE\n', { NODE: '24' }).images).toEqual(['node:24']);
  });

  test('an argument without a value is reported as it is written', () => {
    expect(baseImages('ARG TAG\nFROM node:$TAG\n')).toEqual({ images: [], unknown: ['node:$TAG'] });
  });
});
