import * as v from 'valibot';

/** What was written of a file, as records of it say it. */
export const writtenSchema = v.object({
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Of what is in the space, in hexadecimal. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type Written = v.InferOutput<typeof writtenSchema>;
