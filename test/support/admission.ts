import { type CelInput, CelScalar, celEnv, celFunc, celMethod, parse, plan } from '@bufbuild/cel';
import { parseAllDocuments } from 'yaml';

/** What a cluster is asked to write. */
export interface AdmissionRequest {
  /** API group; empty for the core group. */
  group?: string;
  /** In the plural: `services`. */
  resource: string;
  name?: string;
  namespace?: string;
  operation?: 'CREATE' | 'UPDATE' | 'DELETE';
  /** Who asks. */
  username?: string;
  object?: object | null;
  oldObject?: object | null;
  /** The namespace that it is in; one that goes has a `deletionTimestamp`. */
  namespaceObject?: object;
  /** Objects of its namespace that policies ask for, by their kind; `undefined` for one that is not there. */
  params?: Readonly<Record<string, object | undefined>>;
}

/** The policies that a cluster has. */
export interface Policy {
  kind: string;
  metadata: { name: string };
  spec: {
    matchConstraints: { resourceRules: { apiGroups: string[]; operations: string[]; resources: string[] }[] };
    paramKind?: { kind: string };
    matchConditions: { expression: string }[];
    validations: { expression: string; message: string }[];
  };
}

/** The ValidatingAdmissionPolicies of a text, YAML of objects of all kinds. */
export function policiesIn(text: string): Policy[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((each: Policy) => each.kind === 'ValidatingAdmissionPolicy');
}

/**
 * What a cluster says that has such policies, as it evaluates them; none where it lets the request in.
 *
 * @throws where an expression cannot be evaluated: a cluster refuses then, too
 */
export function refusals(policies: readonly Policy[], request: AdmissionRequest): string[] {
  const { group = '', resource, name = 'web', namespace = '', operation = 'CREATE', username = 'somebody' } = request;
  const { object = null, oldObject = null, namespaceObject = { metadata: {} }, params = {} } = request;
  const asked = { ...{ name, namespace, operation, userInfo: { username } }, resource: { group, resource } };
  // Of what JSON has: a cluster knows neither undefined nor prototypes.
  const given = JSON.parse(JSON.stringify({ request: asked, object, oldObject, namespaceObject }));
  return policies
    .filter(({ spec }) =>
      spec.matchConstraints.resourceRules.some(
        (rule) =>
          fits(rule.apiGroups, group) &&
          fits(rule.operations, operation) &&
          (fits(rule.resources, resource) || fits(rule.resources, '*/*')),
      ),
    )
    .filter(({ spec }) => spec.matchConditions.every(({ expression }) => holds(expression, given)))
    .flatMap(({ spec }): { message: string }[] => {
      const kind = spec.paramKind?.kind;
      if (kind !== undefined && params[kind] === undefined) {
        return [{ message: `there is no ${kind}` }];
      }
      const all = kind === undefined ? given : { ...given, params: JSON.parse(JSON.stringify(params[kind])) };
      return spec.validations.filter(({ expression }) => !holds(expression, all));
    })
    .map(({ message }) => message);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, m: 1e-3, k: 1e3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** What Kubernetes adds to CEL, as far as it is needed: a quantity is a number here. */
const FUNCTIONS = [
  celFunc('quantity', [CelScalar.STRING], CelScalar.DOUBLE, (text) => {
    const [, digits, unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(text) ?? [];
    return Number(digits) * (UNITS[unit] ?? Number.NaN);
  }),
  celMethod('compareTo', CelScalar.DOUBLE, [CelScalar.DOUBLE], CelScalar.INT, function (other) {
    return BigInt(Math.sign(this - other));
  }),
];

function fits(listed: readonly string[], value: string): boolean {
  return listed.includes('*') || listed.includes(value);
}

const planned = new Map<string, ReturnType<typeof planOf>>();

function planOf(expression: string) {
  return plan(celEnv({ funcs: FUNCTIONS }), parse(expression));
}

function holds(expression: string, given: Record<string, CelInput>): boolean {
  const known = planned.get(expression) ?? planOf(expression);
  planned.set(expression, known);
  const result = known(given);
  if (typeof result !== 'boolean') {
    throw new Error(`Expected true or false of ${expression}, got ${String(result)}`);
  }
  return result;
}
