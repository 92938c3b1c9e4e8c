import * as v from 'valibot';
import { parseDuration } from '../../runtime/duration.js';
import { durationField } from './rule-fields.js';

/** `verify` of an environment, as it is written. */
export const verifySchema = v.strictObject({
  workflow: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9._-]+\.ya?ml$/, 'expected a file in .github/workflows, such as smoke.yml'),
    v.description('The file of the workflow in .github/workflows, which takes workflow_dispatch: smoke.yml.'),
  ),
  inputs: v.pipe(
    v.optional(v.record(v.string(), v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String))), {}),
    v.description(
      'What it is given. {environment}, {app}, {version}, {commit}, {url} and {change} are filled in; {change} tells its run from others.',
    ),
  ),
  timeout: v.pipe(
    v.optional(durationField, '15m'),
    v.description('How long it may take until it is missed. Default: 15m.'),
  ),
});

/** `probe` of `ready`, as it is written. */
export const probeSchema = v.strictObject({
  path: v.pipe(
    v.optional(v.pipe(v.string(), v.regex(/^\//, 'expected a path such as /healthz')), '/'),
    v.description('What is asked for at the address in url: /healthz. Default: /.'),
  ),
  statuses: v.pipe(
    v.optional(v.pipe(v.array(v.pipe(v.number(), v.integer())), v.minLength(1)), [200]),
    v.description('The HTTP statuses that it may answer with. Default: [200].'),
  ),
  version: v.pipe(
    v.optional(v.string()),
    v.description(
      'Where it shows its version: a header such as x-version, or $.version in a JSON body. Default: nowhere.',
    ),
  ),
});

export const onFailureSchema = v.picklist(['rollback', 'hold', 'tell']);

/** The workflow that verifies what is live. */
export interface VerifyPolicy {
  workflow: string;
  /** With placeholders. */
  inputs: Readonly<Record<string, string>>;
  timeoutMs: number;
}

/** What is done about a version that fails soon after its merge. */
export type OnFailure = v.InferOutput<typeof onFailureSchema>;

/** `verify` with its defaults. */
export function verifyOf({ workflow, inputs, timeout }: v.InferOutput<typeof verifySchema>): VerifyPolicy {
  return { workflow, inputs, timeoutMs: parseDuration(timeout) };
}
