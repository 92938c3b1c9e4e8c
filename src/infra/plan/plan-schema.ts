import * as v from 'valibot';

const change = v.object({
  actions: v.array(v.string()),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
  after_unknown: v.optional(v.unknown()),
  before_sensitive: v.optional(v.unknown()),
  after_sensitive: v.optional(v.unknown()),
  importing: v.nullish(v.object({ id: v.nullish(v.string()) })),
});

const resourceChange = v.object({
  address: v.string(),
  previous_address: v.nullish(v.string()),
  mode: v.nullish(v.string()),
  type: v.string(),
  deposed: v.nullish(v.string()),
  action_reason: v.nullish(v.string()),
  change,
});

/** An action of Terraform 1.14, which an apply invokes beside what it changes. */
const invocation = v.object({
  ...{ address: v.string(), type: v.string(), config_values: v.optional(v.unknown()) },
  lifecycle_action_trigger: v.nullish(
    v.looseObject({
      triggering_resource_address: v.optional(v.string()),
      action_trigger_event: v.optional(v.string()),
    }),
  ),
});

/**
 * As much of `show -json` of a saved plan as is told or compared. What is new in a minor version of the format is let in.
 *
 * @see https://opentofu.org/docs/internals/json-format/#plan-representation
 */
export const planSchema = v.object({
  format_version: v.pipe(v.string(), v.regex(/^1\./)),
  terraform_version: v.optional(v.string(), ''),
  resource_changes: v.optional(v.array(resourceChange), []),
  /** What was found otherwise than the state has it. */
  resource_drift: v.optional(v.array(resourceChange), []),
  action_invocations: v.optional(v.array(invocation), []),
  output_changes: v.optional(v.record(v.string(), change), {}),
  errored: v.optional(v.boolean(), false),
  applyable: v.nullish(v.boolean()),
});

/** A plan as the tool gives it. */
export type PlanJson = v.InferOutput<typeof planSchema>;

/** One action that is invoked as the tool gives it. */
export type InvocationJson = v.InferOutput<typeof invocation>;

/** One change of a resource as the tool gives it. */
export type ResourceChangeJson = v.InferOutput<typeof resourceChange>;
