import * as v from 'valibot';
import { parseAllDocuments, stringify } from 'yaml';

/** A Kubernetes object as kustomize renders it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  /** Empty where it says none. */
  namespace: string;
  name: string;
  /** Normalised YAML: keys sorted, one style. Holds the values of Secrets: show `compareResources`, not this. */
  text: string;
  /** The whole object. */
  value: Readonly<Record<string, unknown>>;
}

const headSchema = v.looseObject({
  apiVersion: v.optional(v.string(), ''),
  kind: v.optional(v.string(), ''),
  metadata: v.optional(
    v.nullable(v.looseObject({ name: v.optional(v.string(), ''), namespace: v.optional(v.string(), '') })),
  ),
});

/** Reads the documents that kustomize prints. @throws Error where they are no YAML or no objects */
export function readResources(output: string): Resource[] {
  const documents = parseAllDocuments(output, { prettyErrors: true, intAsBigInt: true });
  if ('empty' in documents) {
    return [];
  }
  return documents.flatMap((document): Resource[] => {
    if (document.errors[0] !== undefined) {
      throw new Error(`kustomize printed something that is no valid YAML: ${document.errors[0].message}`);
    }
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [resourceOf(value)];
  });
}

function resourceOf(document: unknown): Resource {
  const parsed = v.safeParse(headSchema, document);
  if (!parsed.success) {
    throw new Error('kustomize printed something that is no Kubernetes object.');
  }
  const { apiVersion, kind, metadata } = parsed.output;
  return {
    ...{ apiVersion, kind, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' },
    text: normalised(parsed.output),
    value: parsed.output,
  };
}

/** A value as YAML: keys sorted, long lines whole. */
export function normalised(value: unknown): string {
  return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
