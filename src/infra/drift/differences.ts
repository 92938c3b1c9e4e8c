import { attributes, canonical } from '../history/compare-plans.js';
import { type LossRules, lossesOf } from '../plan/losses.js';
import type { PlanJson, ResourceChangeJson } from '../plan/plan-schema.js';
import { isNothing, type PlannedChange, parsePlan, plannedChange, type ResourceAction } from '../plan/read-plan.js';
import { HIDDEN, type Redactor } from '../redact/redactor.js';
import { sha256 } from '../space/signature.js';

/** One thing that is not as the default branch says. All texts are without secrets. */
export interface Difference {
  /** An address, or `output.<name>`. */
  address: string;
  /** Whether somebody changed it outside of the code, or the code says what is not applied. */
  of: 'outside' | 'code';
  /** What became of it outside, or what an apply would do to it; of an output, `change`. */
  action: ResourceAction;
  /** Names of what is otherwise, of a thing that is changed. */
  attributes: string[];
  /** What else there is to say of it: where it is moved from, and the like. */
  notes: string[];
  /** Why it is lost for good, where it is. */
  loss: 'stateful' | 'unprotected' | undefined;
  /** Stands for all of it that may be shown, so that somebody can expect just this. */
  hash: string;
}

type ChangeJson = ResourceChangeJson['change'];

/** How a thing was before somebody changed it outside of the code, and what became of it. */
interface Outside {
  action: ResourceAction;
  before: ReadonlyMap<string, string>;
}

/**
 * What is not as the default branch says. What the next apply only takes back is no difference of its own: it is told with what
 * was changed outside.
 *
 * @param refreshed `show -json` of a refresh-only plan, whose `resource_drift` says what was changed outside
 * @param plan `show -json` of a plan; `undefined` where there is none
 * @throws Error where one of them is no plan
 * @see https://opentofu.org/docs/internals/json-format/#plan-representation
 */
export function differencesOf(refreshed: unknown, plan: unknown, redactor: Redactor, rules: LossRules): Difference[] {
  const code = plan === undefined ? undefined : parsePlan(plan);
  const planned = new Map(code?.resource_changes.map((each) => [keyOf(each), each]));
  const outside = new Map<string, Outside>();
  const found = parsePlan(refreshed).resource_drift.flatMap((resource): Difference[] => {
    const [change] = plannedChange(resource, redactor.redact);
    if (change === undefined || change.action === 'none') {
      // It was moved in the code, and is as it was.
      return [];
    }
    const was: Outside = { action: change.action, before: attributes(resource.change.before) };
    outside.set(keyOf(resource), was);
    const next = planned.get(keyOf(resource));
    const notes = next !== undefined && takesBack(next, was) ? ['the next apply takes it back'] : [];
    return [differenceOf('outside', resource, change, { redactor, rules, notes })];
  });
  return [...found, ...(code === undefined ? [] : notApplied(code, outside, redactor, rules))].sort(lossesFirst);
}

function notApplied(
  { resource_changes: resources, output_changes: outputs }: PlanJson,
  outside: ReadonlyMap<string, Outside>,
  redactor: Redactor,
  rules: LossRules,
): Difference[] {
  const things = resources.flatMap((resource): Difference[] => {
    const [change] = plannedChange(resource, redactor.redact);
    if (change === undefined || takesBack(resource, outside.get(keyOf(resource)))) {
      return [];
    }
    return [differenceOf('code', resource, change, { redactor, rules, notes: [] })];
  });
  const values = Object.entries(outputs).flatMap(([name, change]): Difference[] =>
    isNothing(change.actions)
      ? []
      : [
          {
            ...{ address: redactor.redact(`output.${name}`), of: 'code', action: 'change', attributes: [], notes: [] },
            ...{ loss: undefined, hash: hashOf(['output', name, ...shownChange(change)], redactor) },
          },
        ],
  );
  return [...things, ...values];
}

/** Whether a planned change does no more than make a thing again as it was before somebody changed it. */
function takesBack({ deposed, previous_address: from, change }: ResourceChangeJson, was: Outside | undefined): boolean {
  if (was === undefined || typeof deposed === 'string' || typeof from === 'string' || change.importing != null) {
    return false;
  }
  const after = attributes(change.after);
  return (
    change.actions.join() === (was.action === 'destroy' ? 'create' : 'update') &&
    differing(change).every((name) => after.get(name) === was.before.get(name))
  );
}

function differenceOf(
  of: Difference['of'],
  resource: ResourceChangeJson,
  planned: PlannedChange,
  { redactor, rules, notes }: { redactor: Redactor; rules: LossRules; notes: string[] },
): Difference {
  const { address, action, from, imports, deposed } = planned;
  const [loss] = lossesOf([planned], rules);
  return {
    ...{ address, of, action, loss: loss?.why },
    attributes: action === 'change' ? differing(resource.change).map(redactor.redact) : [],
    notes: [
      ...(from === undefined ? [] : [`moved from ${from}`]),
      ...(imports === undefined ? [] : [`imported as ${imports}`]),
      ...(deposed === undefined ? [] : [`left behind by an earlier apply (${deposed})`]),
      ...notes,
    ],
    hash: hashOf([of, address, action, from, imports, deposed, ...shownChange(resource.change)], redactor),
  };
}

/** Attributes whose values differ; what is known after an apply only, does not. */
function differing({ before, after, after_unknown: unknown }: ChangeJson): string[] {
  const [one, other, later] = [attributes(before), attributes(after), attributes(unknown)];
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names.filter((name) => one.get(name) !== other.get(name) && later.get(name)?.includes('true') !== true);
}

/** What may be shown of the values of a change: of each attribute that differs, what it was and what it is. */
function shownChange(change: ChangeJson): unknown[] {
  const [before, after] = [
    attributes(shown(change.before, change.before_sensitive)),
    attributes(shown(change.after, change.after_sensitive)),
  ];
  return differing(change)
    .sort()
    .map((name) => [name, before.get(name) ?? null, after.get(name) ?? null]);
}

/** A value without the leaves that are marked as sensitive. */
function shown(value: unknown, marks: unknown): unknown {
  if (marks === true) {
    return HIDDEN;
  }
  if (typeof value !== 'object' || value === null || typeof marks !== 'object' || marks === null) {
    return value;
  }
  const own = new Map<string, unknown>(Object.entries(marks));
  return Array.isArray(value)
    ? value.map((each, index) => shown(each, own.get(String(index))))
    : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each, own.get(name))]));
}

/** So many digits that nobody finds another difference with them. */
const DIGITS = 24;

function hashOf(parts: readonly unknown[], { redact }: Redactor): string {
  return sha256(Buffer.from(redact(canonical(parts)))).slice(0, DIGITS);
}

function keyOf({ address, deposed }: ResourceChangeJson): string {
  return JSON.stringify([address, deposed ?? null]);
}

function lossesFirst(one: Difference, other: Difference): number {
  return Number(other.loss !== undefined) - Number(one.loss !== undefined);
}
