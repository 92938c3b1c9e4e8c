import { parsePlan } from '../plan/read-plan.js';

/** One thing that a plan does, with all that is compared of it. */
export interface Deed {
  actions: string;
  /** Values by the name of their attribute, as JSON. */
  before: Map<string, string>;
  after: Map<string, string>;
}

/** What one plan does and another does not, or does otherwise. */
export interface PlanDifference {
  /** An address, or `output.<name>`. */
  at: string;
  what: 'only in the first' | 'only in the second' | 'otherwise';
  /** Where it is otherwise: the actions of both, and names of attributes whose values differ. No values. */
  detail: string;
}

/**
 * Compares what two plans do, by their JSON: addresses, actions, and each attribute before and after. What changes nothing counts
 * nothing, and neither do times, versions and the order.
 *
 * @param first JSON of `show -json`
 * @returns none when both do the same
 * @throws Error when one of them is no plan
 */
export function comparePlans(first: unknown, second: unknown): PlanDifference[] {
  const [one, other] = [deedsOf(first), deedsOf(second)];
  const inFirst = [...one].flatMap<PlanDifference>(([at, deed]) => {
    const same = other.get(at);
    if (same === undefined) {
      return [{ at, what: 'only in the first', detail: deed.actions }];
    }
    const detail = difference(deed, same);
    return detail === '' ? [] : [{ at, what: 'otherwise', detail }];
  });
  const inSecond = [...other].flatMap<PlanDifference>(([at, { actions }]) =>
    one.has(at) ? [] : [{ at, what: 'only in the second', detail: actions }],
  );
  return [...inFirst, ...inSecond];
}

/** Whether a second plan does nothing that the first does not do in the same way. */
export function doesNoMore(differences: readonly PlanDifference[]): boolean {
  return differences.every(({ what }) => what === 'only in the first');
}

/**
 * What a plan does, by address or `output.<name>`.
 *
 * @param json of `show -json`
 * @throws Error when it is no plan
 */
export function deedsOf(json: unknown): Map<string, Deed> {
  const { resource_changes, output_changes } = parsePlan(json);
  const resources = resource_changes.map(({ address, deposed, previous_address, change }) => {
    const from = typeof previous_address === 'string' ? `, moved from ${previous_address}` : '';
    const imported = change.importing == null ? '' : `, import of ${change.importing.id ?? 'what is known later'}`;
    const at = typeof deposed === 'string' ? `${address} (deposed ${deposed})` : address;
    return [at, `${change.actions.join(' and ')}${imported}${from}`, change] as const;
  });
  const outputs = Object.entries(output_changes).map(
    ([name, change]) => [`output.${name}`, change.actions.join(' and '), change] as const,
  );
  return new Map(
    [...resources, ...outputs]
      .filter(([, actions]) => actions !== 'no-op' && actions !== 'read')
      .map(([at, actions, { before, after, after_unknown }]) => [
        at,
        { actions, before: attributes(before), after: new Map([...attributes(after), ...unknowns(after_unknown)]) },
      ]),
  );
}

/** Values by attribute, as JSON in which the order of keys says nothing; a value that is no object is `value`. */
export function attributes(value: unknown): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map(value === undefined || value === null ? [] : [['value', canonical(value)]]);
  }
  // An attribute that is null is one that is not set.
  const set = Object.entries(value).filter(([, each]) => each !== null);
  return new Map(set.map(([name, each]) => [name, canonical(each)]));
}

/** Attributes that are known after the apply, wholly or in part. */
function unknowns(value: unknown): [string, string][] {
  return [...attributes(value)]
    .filter(([, json]) => json.includes('true'))
    .map(([name, json]) => [`${name} (known after apply)`, json]);
}

function difference(one: Deed, other: Deed): string {
  const actions = one.actions === other.actions ? [] : [`${one.actions}, then ${other.actions}`];
  const differing = (side: 'before' | 'after') =>
    [...new Set([...one[side].keys(), ...other[side].keys()])]
      .filter((name) => one[side].get(name) !== other[side].get(name))
      .map((name) => `${name} ${side}`);
  return [...actions, ...differing('before'), ...differing('after')].join(', ');
}

/** JSON in which the order of keys says nothing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );
}
