import * as v from 'valibot';
import { stringify } from 'yaml';
import { yamlDocument, yamlDocuments } from '../../config/yaml-documents.js';
import { yamlProblem } from '../../config/yaml-problem.js';

/**
 * The annotation by which kustomize says where an object comes from.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/buildmetadata/
 */
const ORIGIN = 'config.kubernetes.io/origin';

/** A Kubernetes object in the output of kustomize. */
export interface Resource {
  apiVersion: string;
  kind: string;
  /** Empty where the object has none. */
  namespace: string;
  name: string;
  /** The app that it belongs to; empty where that is not known, or where it does not belong to a single app. */
  app: string;
  /** Normalised YAML with sorted keys. It has the values of Secrets in it: show people `compareResources` instead. */
  text: string;
  /** The whole object. */
  value: Readonly<Record<string, unknown>>;
}

/** Where an object comes from. */
export interface Origin {
  /** URL of the repository, `undefined` for this one. */
  repository: string | undefined;
  /** Path from the root of the repository: of the object's file, or of the kustomization that generates it. */
  path: string;
}

const objectSchema = v.record(v.string(), v.unknown());
const headSchema = v.object({
  apiVersion: v.optional(v.string(), ''),
  kind: v.optional(v.string(), ''),
  metadata: v.nullish(v.object({ name: v.optional(v.string(), ''), namespace: v.optional(v.string(), '') })),
});

/**
 * Parses the output of kustomize, or of helm, which lets charts have a key twice: the last one counts.
 *
 * @param appOf finds the app of an object by its origin, where the build asked for origins; the annotation is then
 *   removed
 * @throws Error where the output is not YAML, or has something else than objects in it
 */
export function readResources(
  output: string,
  appOf?: (origin: Origin) => string,
  program: 'kustomize' | 'helm' = 'kustomize',
): Resource[] {
  const { documents, lines } = yamlDocuments(output, { intAsBigInt: true });
  return documents.flatMap((document): Resource[] => {
    const error = document.errors.find(({ code }) => program !== 'helm' || code !== 'DUPLICATE_KEY');
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new Error(
        `${program} printed something that is no valid YAML, at line ${line}, column ${col}: ${yamlProblem(error.message)}.`,
      );
    }
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [resourceOf(value, appOf, program)];
  });
}

function resourceOf(
  document: unknown,
  appOf: ((origin: Origin) => string) | undefined,
  program: 'kustomize' | 'helm',
): Resource {
  const [object, head] = [v.safeParse(objectSchema, document), v.safeParse(headSchema, document)];
  if (!object.success || !head.success) {
    throw new Error(`${program} printed something that is no Kubernetes object.`);
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

/** Removes the annotation of the origin from an object, and parses it. */
function splitOrigin(value: Resource['value']): { value: Resource['value']; origin: Origin | undefined } {
  const annotated = v.safeParse(annotatedSchema, value);
  if (!annotated.success) {
    return { value, origin: undefined };
  }
  const { annotations, ...metadata } = annotated.output.metadata;
  const { [ORIGIN]: text, ...others } = annotations;
  const origin = v.safeParse(originSchema, yamlDocument(text).document.toJS());
  const path = origin.success ? (origin.output.path ?? origin.output.configuredIn) : undefined;
  return {
    value: {
      ...annotated.output,
      metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, annotations: others },
    },
    origin: origin.success && path !== undefined ? { repository: origin.output.repo, path } : undefined,
  };
}

/** Writes a value as YAML with sorted keys and without folding long lines. */
export function normalised(value: unknown): string {
  return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
