import { expect, test } from '@jest/globals';
import { sourceFiles } from '../support/sources.js';

/** A line at a module's top level that makes what a run may change, or keeps what this run alone was given. */
const CHANGING = [
  /^(?:export )?(?:let|var) \w+/,
  /^(?:export )?const \w+(?:: (?!Readonly)[^=]+)? = new (?:Map|Set)(?:<[^=]*>)?\(\)/,
  /^(?:export )?const .*\bprocess\.(?:env|argv|cwd)\b/,
  // One for the process, and it keeps the file of its first call.
  /\bcore\.summary\b/,
];

/** Each run says it anew, or it is the same for each run. */
const HARMLESS = ['runtime/help.ts: let running', 'ops/yaml/parse.ts: const recent'];

test('no module of an action keeps what a run changes, for tests run many on one', async () => {
  const sources = await sourceFiles(/^local\/|^cli\//);
  const found = sources.flatMap(({ file, text }) =>
    text
      .split('\n')
      .filter((line) => CHANGING.some((kind) => kind.test(line)))
      .map((line) => `${file}: ${/(?:let|var|const) \w+/.exec(line)?.[0] ?? line.trim()}`),
  );
  expect(sources.length).toBeGreaterThan(500);
  expect(found.sort()).toEqual(HARMLESS.sort());
});
