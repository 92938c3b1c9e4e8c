import * as v from 'valibot';
import { parse, parseAllDocuments, stringify } from 'yaml';

/** The annotation in which kustomize says where an object comes from. */
const ORIGIN = 'config.kubernetes.io/origin';

/** A Kubernetes object as kustomize renders it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  /** Empty where it says none. */
  namespace: string;
  name: string;
  /** The app that it belongs to; empty where that is not known, or it is no single app's. */
  app: string;
  /** Normalised YAML: keys sorted, one style. Holds the values of Secrets: show `compareResources`, not this. */
  text: string;
  /** The whole object. */
  value: Readonly<Record<string, unknown>>;
}

/** Where kustomize has an object from. */
export interface Origin {
  /** Address of the repository, `undefined` for this one. */
  repository: string | undefined;
  /** File, from the root of the repository: the object's own, or that of the kustomization that generates it. */
  path: string;
}

const objectSchema = v.record(v.string(), v.unknown());
const headSchema = v.object({
  apiVersion: v.optional(v.string(), ''),
  kind: v.optional(v.string(), ''),
  metadata: v.nullish(v.object({ name: v.optional(v.string(), ''), namespace: v.optional(v.string(), '') })),
});

/**
 * Reads the documents that kustomize prints.
 *
 * @param appOf tells the app of an object whose origin kustomize was asked for; the origin is then no part of the object
 * @throws Error where they are no YAML or no objects
 */
export function readResources(output: string, appOf?: (origin: Origin) => string): Resource[] {
  const documents = parseAllDocuments(output, { prettyErrors: true, intAsBigInt: true });
  if ('empty' in documents) {
    return [];
  }
  return documents.flatMap((document): Resource[] => {
    if (document.errors[0] !== undefined) {
      throw new Error(`kustomize printed something that is no valid YAML: ${document.errors[0].message}`);
    }
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [resourceOf(value, appOf)];
  });
}

function resourceOf(document: unknown, appOf: ((origin: Origin) => string) | undefined): Resource {
  const [object, head] = [v.safeParse(objectSchema, document), v.safeParse(headSchema, document)];
  if (!object.success || !head.success) {
    throw new Error('kustomize printed something that is no Kubernetes object.');
  }
  const { apiVersion, kind, metadata } = head.output;
  const { value, origin } =
    appOf === undefined ? { value: object.output, origin: undefined } : splitOrigin(object.output);
  return {
    ...{ apiVersion, kind, namespace: metadata?.namespace ?? '', name: metadata?.name ?? '' },
    app: origin === undefined ? '' : (appOf?.(origin) ?? ''),
    text: normalised(value),
    value,
  };
}

const annotatedSchema = v.looseObject({
  metadata: v.looseObject({ annotations: v.looseObject({ [ORIGIN]: v.string() }) }),
});
const originSchema = v.object({
  repo: v.optional(v.string()),
  path: v.optional(v.string()),
  configuredIn: v.optional(v.string()),
});

/** An object without the annotation of its origin, and what that says. */
function splitOrigin(value: Resource['value']): { value: Resource['value']; origin: Origin | undefined } {
  const annotated = v.safeParse(annotatedSchema, value);
  if (!annotated.success) {
    return { value, origin: undefined };
  }
  const { annotations, ...metadata } = annotated.output.metadata;
  const { [ORIGIN]: text, ...others } = annotations;
  const origin = v.safeParse(originSchema, parse(text));
  const path = origin.success ? (origin.output.path ?? origin.output.configuredIn) : undefined;
  return {
    value: {
      ...annotated.output,
      metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others },
    },
    origin: origin.success && path !== undefined ? { repository: origin.output.repo, path } : undefined,
  };
}

/** A value as YAML: keys sorted, long lines whole. */
export function normalised(value: unknown): string {
  return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
