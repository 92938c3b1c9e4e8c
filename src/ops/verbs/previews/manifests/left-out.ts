/** What a preview goes without, and why: people read it in the comment on the pull request. */
export interface LeftOut {
  /** The app that it belongs to. */
  app: string;
  /** Kind and name of the object, as `ClusterRole shop`; `undefined` where the whole app is left out. */
  object: string | undefined;
  /** Why, and what to do about it where something can be done: a part of a sentence, without a full stop. */
  reason: string;
}
