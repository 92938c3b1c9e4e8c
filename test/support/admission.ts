import { type CelInput, celEnv, parse, plan } from '@bufbuild/cel';
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
}

/** The policies that a cluster has. */
export interface Policy {
  kind: string;
  metadata: { name: string };
  spec: {
    matchConstraints: { resourceRules: { apiGroups: string[]; operations: string[]; resources: string[] }[] };
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
  const { object = null, oldObject = null } = request;
  const asked = { ...{ name, namespace, operation, userInfo: { username } }, resource: { group, resource } };
  // Of what JSON has: a cluster knows neither undefined nor prototypes.
  const given = JSON.parse(JSON.stringify({ request: asked, object, oldObject }));
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
    .flatMap(({ spec }) => spec.validations.filter(({ expression }) => !holds(expression, given)))
    .map(({ message }) => message);
}

function fits(listed: readonly string[], value: string): boolean {
  return listed.includes('*') || listed.includes(value);
}

const planned = new Map<string, ReturnType<typeof planOf>>();

function planOf(expression: string) {
  return plan(celEnv(), parse(expression));
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
