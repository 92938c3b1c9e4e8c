import { currentId, type LayerObject } from '../kustomize/layers/layer-object.js';

/** An object of an app, or a part of one, that a preview does not have. */
export interface LeftOut {
  app: string;
  kind: string;
  /** Its name; `undefined` where every object of the kind, or of the kinds that it tells in words, is meant, because the files are not in this repository. */
  name: string | undefined;
  /** What of the object is missing, where the rest of it is there: `the host network`. */
  part?: string;
  /** Why, a clause without a full stop that follows a colon: `it belongs to the whole cluster`. */
  reason: string;
}

/** An object of an app as one that is left out. */
export function leftOut(app: string, object: LayerObject, reason: string, part?: string): LeftOut {
  const { kind } = object;
  return { app, kind, name: currentId(object).name, reason, ...(part === undefined ? {} : { part }) };
}

/** The object that is left out, and why, in a sentence. */
export function leftOutSentence({ app, kind, name, part, reason }: LeftOut): string {
  const object = name === undefined ? `Every ${kind} of ${app}` : `${kind} ${name} of ${app}`;
  return part === undefined ? `${object} is left out: ${reason}.` : `${object} is without ${part}: ${reason}.`;
}
