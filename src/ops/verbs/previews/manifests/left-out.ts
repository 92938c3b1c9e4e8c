/** An object of an app that a preview does not have. */
export interface LeftOut {
  app: string;
  kind: string;
  /** Its name; `undefined` where every object of the kind is meant, because the files are not in this repository. */
  name: string | undefined;
  /** Why, a clause without a full stop that follows a colon: `it belongs to the whole cluster`. */
  reason: string;
}

/** The object that is left out, and why, in a sentence. */
export function leftOutSentence({ app, kind, name, reason }: LeftOut): string {
  return name === undefined
    ? `Whatever is ${kind} of ${app} is left out: ${reason}.`
    : `${kind} ${name} of ${app} is left out: ${reason}.`;
}
