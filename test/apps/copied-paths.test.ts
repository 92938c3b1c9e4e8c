import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copiedPaths } from '../../src/apps/copied-paths.js';
import { anyText } from '../support/any-text.js';

describe('what a Dockerfile takes from its context', () => {
  test.each<[string, string[]]>([
    ['COPY package.json ./\nCOPY packages/ui packages/ui', ['package.json', 'packages/ui']],
    ['COPY a b/ ./c/ /d ./', ['a', 'b', 'c', 'd']],
    ['COPY ["a b", "c", "./"]', ['a b', 'c']],
    ['ADD a.tar.gz /', ['a.tar.gz']],
    ['COPY a \\\n  b \\\n  ./', ['a', 'b']],
    ['COPY --chown=1:1 --link a ./', ['a']],
    ['COPY --from=build /out ./\nCOPY a .', ['a']],
    ['ADD https://acme.dev/x.tar git@github.com:acme/x.git ./\nCOPY a .', ['a']],
    ['ADD <<x /a\nCOPY all\nx\nADD a .', ['a']],
    ['COPY package*.json packages/*/package.json ./', ['package*.json', 'packages/*/package.json']],
    ['COPY ../../a ./', ['a']],
    ['COPY /apps/../packages/ui ./x/../y ./', ['packages/ui', 'y']],
    ['COPY libs/$NAME/src libs/$OTHER ./', ['libs']],
    ['COPY <<EOF /x\nCOPY all\nEOF\nCOPY a .', ['a']],
    ['RUN --mount=type=bind,source=tools,target=/t true', ['tools']],
    ['RUN --mount=type=cache,target=/c true\nRUN --mount=from=build,target=/b true\nCOPY a .', ['a']],
    ['copy a .', ['a']],
    ['# COPY b .\nCOPY a .', ['a']],
    // The whole context.
    ['COPY a .\nCOPY . .', ['.']],
    ['COPY ./ /', ['.']],
    ['COPY / /', ['.']],
    ['COPY * ./', ['.']],
    ['COPY $APP .', ['.']],
    ['COPY a-$APP .', ['.']],
    ['RUN --mount=target=/src make', ['.']],
    ['RUN true', ['.']],
    ['', ['.']],
  ])('%j: %j', (lines, expected) => {
    expect(copiedPaths(`FROM scratch\n${lines}\n`)).toEqual(expected);
  });

  test('is told of any text', () => {
    fc.assert(fc.property(anyText({ maxLength: 200 }), (text) => copiedPaths(text).length > 0));
  });
});
