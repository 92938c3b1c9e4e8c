import * as v from 'valibot';
import type { Redactor } from '../redact/redactor.js';
import { type InvocationJson, type PlanJson, planSchema, type ResourceChangeJson } from './plan-schema.js';

/** What becomes of a resource. A move or an import alone changes nothing of it. */
export type ResourceAction = 'add' | 'change' | 'replace' | 'destroy' | 'forget' | 'none';

/** What a plan does to one resource. All texts are without secrets. */
export interface PlannedChange {
  address: string;
  /** Its type, such as `aws_db_instance`. */
  type: string;
  action: ResourceAction;
  /** Its address before, where it moves. */
  from?: string;
  /** Its id at the provider, where it is imported. */
  imports?: string;
  /** The key of an object that an earlier apply has left behind. */
  deposed?: string;
}

/** How many things a plan does of each kind. */
export interface PlanCounts {
  add: number;
  change: number;
  replace: number;
  destroy: number;
  forget: number;
  move: number;
  import: number;
  outputs: number;
  deposed: number;
}

/** What a plan does. */
export interface PlanSummary {
  counts: PlanCounts;
  /** What changes, in the order of the plan. */
  changes: readonly PlannedChange[];
  /** Names of outputs that change. */
  outputs: readonly string[];
  /** Whether anything changes, outputs, moves and imports among it. */
  isChange: boolean;
}

/**
 * Reads what a plan does.
 *
 * @param json parsed `show -json` of a saved plan
 * @param redactor takes secrets out of addresses and ids, where keys of `for_each` could be copies of them
 * @throws Error naming the place that is not as expected
 */
export function readPlan(json: unknown, { redact }: Redactor): PlanSummary {
  const { resource_changes: resources, output_changes: outputChanges } = parsePlan(json);
  const changes = resources.flatMap((each) => plannedChange(each, redact));
  const outputs = Object.entries(outputChanges).flatMap(([name, { actions }]) =>
    isNothing(actions) ? [] : [redact(name)],
  );
  const count = (action: ResourceAction) =>
    changes.filter((each) => each.action === action && each.deposed === undefined).length;
  const counts: PlanCounts = {
    ...{ add: count('add'), change: count('change'), replace: count('replace'), destroy: count('destroy') },
    forget: count('forget'),
    move: changes.filter(({ from }) => from !== undefined).length,
    import: changes.filter(({ imports }) => imports !== undefined).length,
    outputs: outputs.length,
    deposed: changes.filter(({ deposed }) => deposed !== undefined).length,
  };
  return { counts, changes, outputs, isChange: changes.length + outputs.length > 0 };
}

/**
 * Reads the JSON of a plan. Where a value says the time of the plan itself, something else stands for that: plans that do the same say
 * another time each.
 *
 * @throws Error naming the place that is not as expected, and what is expected there. What is there instead may be a secret, and its
 *   marks may be what cannot be read, so nothing of it is told.
 */
export function parsePlan(json: unknown): PlanJson {
  const parsed = v.safeParse(planSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(
      `The plan cannot be read at "${v.getDotPath(issue) ?? '(top)'}", expected ${issue.expected ?? 'something else'}. What is there is not shown, for it may be a secret. Is the tool newer than this action?`,
    );
  }
  const { resource_changes, action_invocations } = parsed.output;
  const plan = { ...parsed.output, resource_changes: [...resource_changes, ...action_invocations.map(asChange)] };
  return withoutPlanTime(plan, planTime(json));
}

/** An action that the apply invokes, as a change of a thing: it does something, and no resource says so. */
function asChange({
  address,
  type,
  config_values,
  lifecycle_action_trigger: trigger,
}: InvocationJson): ResourceChangeJson {
  const { triggering_resource_address: resource, action_trigger_event: event, ...place } = trigger ?? {};
  const when = resource === undefined ? '' : ` (${[event, resource, ...Object.values(place)].join(' ')})`;
  return { address: `${address}${when}`, type, change: { actions: ['invoke'], after: config_values } };
}

/** Stands for the time of a plan: half a character, which is in no text that a tool gives. */
const PLAN_TIME = '\ud800';

const timedSchema = v.object({ timestamp: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)) });

/** The time of a plan, as its JSON says it and `plantimestamp()` gives it: of OpenTofu, and of Terraform since 1.5. */
function planTime(json: unknown): string | undefined {
  const parsed = v.safeParse(timedSchema, json);
  return parsed.success ? parsed.output.timestamp : undefined;
}

function withoutPlanTime(plan: PlanJson, time: string | undefined): PlanJson {
  const { resource_changes, output_changes } = plan;
  if (time === undefined) {
    return plan;
  }
  const settled = <T extends { after?: unknown }>(change: T) => ({ ...change, after: withoutTime(change.after, time) });
  return {
    ...plan,
    resource_changes: resource_changes.map((each) => ({ ...each, change: settled(each.change) })),
    output_changes: Object.fromEntries(Object.entries(output_changes).map(([name, change]) => [name, settled(change)])),
  };
}

function withoutTime(value: unknown, time: string): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(time, PLAN_TIME);
  }
  if (Array.isArray(value)) {
    return value.map((each) => withoutTime(each, time));
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutTime(each, time)]))
    : value;
}

/** What becomes of a resource; empty where nothing does. */
export function plannedChange(
  { address, previous_address: previous, mode, type, deposed, change }: ResourceChangeJson,
  redact: (text: string) => string,
): PlannedChange[] {
  if (mode !== undefined && mode !== null && mode !== 'managed') {
    return [];
  }
  const action = actionOf(change.actions);
  const isMadeAgain = action === 'forget' && change.actions.includes('create');
  const moves = typeof previous === 'string' && previous !== address;
  const { importing } = change;
  if (action === 'none' && !moves && (importing === undefined || importing === null)) {
    return [];
  }
  return [
    {
      ...{ address: redact(address), type: redact(type), action },
      ...(moves && { from: redact(previous) }),
      ...(importing && { imports: redact(importing.id ?? '') }),
      ...(typeof deposed === 'string' && deposed !== '' && { deposed: redact(deposed) }),
    },
    // What was there stays, and nobody manages it.
    ...(isMadeAgain ? [{ address: redact(address), type: redact(type), action: 'add' as const }] : []),
  ];
}

/** @see https://opentofu.org/docs/internals/json-format/#change-representation */
function actionOf(actions: readonly string[]): ResourceAction {
  const has = (action: string) => actions.includes(action);
  if (has('delete')) {
    return has('create') ? 'replace' : 'destroy';
  }
  if (has('forget')) {
    return 'forget';
  }
  if (has('create')) {
    return 'add';
  }
  if (isNothing(actions)) {
    return 'none';
  }
  // What is not known is a change.
  return 'change';
}

/** Whether actions leave a thing as it is. */
export function isNothing(actions: readonly string[]): boolean {
  return actions.every((action) => action === 'no-op' || action === 'read' || action === 'open');
}
