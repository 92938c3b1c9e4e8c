import { describe, expect, test } from '@jest/globals';
import { frontendOf } from '../../src/images/frontend.js';
import { whyUnforeseeable } from '../../src/images/unforeseeable.js';

describe('what a Dockerfile builds cannot be told for', () => {
  test.each([
    [
      'a remote ADD',
      'FROM node:24\nADD https://x.test/a.tgz /\n',
      'Dockerfile:2 adds "https://x.test/a.tgz", which may be another one each time',
    ],
    ['a remote ADD in a list', 'FROM node:24\nADD ["a", "HTTPS://x.test/a", "/"]\n', 'adds "HTTPS://x.test/a"'],
    ['a repository', 'FROM node:24\nADD git@github.com:a/b.git#main /\n', 'adds "git@github.com:a/b.git#main"'],
    [
      'a repository at a commit, whose modules are not told',
      `FROM node:24\nADD --checksum=sha256:${'a'.repeat(64)} git://x.test/a.git /\n`,
      'adds "git://x.test/a.git"',
    ],
    ['an ADD of an argument', 'FROM node:24\nARG U=https://x.test\nADD $U/a /\n', 'adds "$U/a"'],
    ['an ADD for later', 'FROM node:24 AS a\nONBUILD ADD https://x.test/a /\nFROM a\n', 'adds "https://x.test/a"'],
    ['another language', '# syntax=acme/lang:1\nFROM node:24\n', 'is read by acme/lang:1, which may take anything'],
    ['no FROM', 'COPY . /\n', 'has no FROM'],
    ['an unknown instruction', 'FROM node:24\nFETCH x\n', 'Dockerfile:2 holds what may be an instruction of its own'],
    [
      'an instruction that may be swallowed',
      'FROM node:24\nRUN cat x <<EOF>y\nz\nEOF\nFROM nginx\n',
      'Dockerfile:2 holds what may be an instruction of its own',
    ],
    [
      'a comment that asks for another language',
      '# x=y\n# Syntax = acme/lang\nFROM node:24\n',
      'is read by acme/lang,',
    ],
    ['a script in another language', '#!/usr/bin/x\n# syntax=acme/lang\nFROM node:24\n', 'is read by acme/lang,'],
  ])('%s', (_name, dockerfile, reason) => {
    expect(whyUnforeseeable(dockerfile, 'Dockerfile', frontendOf(dockerfile))).toContain(reason);
  });

  test('a Dockerfile that an argument has read by something else', () => {
    const frontend = frontendOf('FROM node:24\n', { BUILDKIT_SYNTAX: 'docker.io/docker/dockerfiles:1' });
    expect(whyUnforeseeable('FROM node:24\n', 'Dockerfile', frontend)).toContain('is read by docker.io/docker/');
  });
});

test.each([
  ['an ADD of a file', 'FROM node:24\nADD lib /\n'],
  ['an ADD with a checksum', `FROM node:24\nADD --checksum=sha256:${'a'.repeat(64)} https://x.test/a /\n`],
  ['a text in a command', 'FROM node:24\nRUN <<EOF\ncurl https://x.test\nEOF\n'],
  ["one of docker's own languages", '# syntax=docker/dockerfile-upstream:master\nFROM node:24\n'],
  ['a comment that is no directive any more', '# a comment\n# syntax=acme/lang\nFROM node:24\n'],
  ['a directive after the first instruction', 'FROM node:24\n# syntax=acme/lang\n'],
])('what a Dockerfile builds can be told for %s', (_name, dockerfile) => {
  expect(whyUnforeseeable(dockerfile, 'Dockerfile', frontendOf(dockerfile))).toBeUndefined();
});
