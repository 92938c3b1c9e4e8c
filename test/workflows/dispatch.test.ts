import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';

const callerSchema = v.object({
  jobs: v.record(v.string(), v.object({ with: v.record(v.string(), v.unknown()) })),
});

/** Evidence of a run that a person started is as good as of a push, because the person chose nothing that is in the image. */
test('inputs of a release that a person starts choose its version, and nothing that is built', async () => {
  const text = await readFile('workflows/apps/release.yml', 'utf8');
  const { jobs } = v.parse(callerSchema, parse(text));
  const chosen = Object.values(jobs).flatMap((job) =>
    Object.entries(job.with).flatMap(([key, value]) =>
      /\b(?:inputs|github\.event)\b/.test(String(value)) ? [key] : [],
    ),
  );
  expect(chosen).toEqual(['release-as']);
  expect(text.match(/inputs\./g)).toHaveLength(1);
});
