import { type Admission, admissionPolicy } from './admission-policy.js';

/** What ValidatingAdmissionPolicies of previews look at: group and resources. */
export type Resources = readonly (readonly [group: string, resources: readonly string[]])[];

/** What a request has to fulfil, in CEL, and what the cluster says where it does not. */
export interface Validation {
  expression: string;
  message: string;
}

/** What a rule asks of the objects of previews. */
interface Rule {
  resources: Resources;
  /** In CEL, whether a request is about a preview. */
  match: string;
  validations: readonly Validation[];
  /** Creating and updating, where nothing is said. */
  operations?: readonly string[];
  param?: Admission['param'];
}

/** What the names of all rules of previews begin with. */
export const PREVIEW_RULES = 'ostack-previews-';

/** The policy `ostack-previews-<name>`, and what puts it into force. */
export function previewRule(
  name: string,
  { resources, match, validations, operations = ['CREATE', 'UPDATE'], param }: Rule,
): Record<string, unknown>[] {
  return admissionPolicy(`${PREVIEW_RULES}${name}`, {
    matchConstraints: {
      resourceRules: resources.map(([group, names]) => {
        return { apiGroups: [group], apiVersions: ['*'], operations, resources: names };
      }),
    },
    ...{ match, validations, param },
  });
}

/** In CEL, that something was so before: what is there already, and stays as it is, goes on. */
export function hadIt(rule: string): string {
  return `(oldObject != null && ${rule})`;
}

/** In CEL, that an object had a label or an annotation with the value that it has now. @param key in CEL */
export function hadMark(field: string, key: string): string {
  const [now, before] = [`object.metadata.${field}`, `oldObject.metadata.${field}`];
  return hadIt(`has(${before}) && ${key} in ${before} && ${before}[${key}] == ${now}[${key}]`);
}

/** A list of texts, in CEL. */
export function listOf(texts: readonly string[]): string {
  return `[${texts.map((each) => `'${each}'`).join(', ')}]`;
}

/** In CEL, that an object has none of some fields. */
export function hasNone(of: string, fields: readonly string[]): string {
  return fields.map((field) => `!has(${of}.${field})`).join(' && ');
}

/** A field that may be missing, in CEL, with what stands for it then. */
export function orElse(of: string, field: string, otherwise: string): string {
  return `(has(${of}.${field}) ? ${of}.${field} : ${otherwise})`;
}
