import type { JsonObject } from './json.js';

export interface StepRunOutcome {
  failed: boolean;
  outputs: Record<string, string>;
}

/** One use of an action, before it starts. */
export interface ActionCall {
  title: string;
  /** The action's folder on disk. */
  folder: string;
  inputs: Record<string, string>;
  env: Record<string, string>;
  /** Values of the `github` context inside the action. */
  github: JsonObject;
  /** State that `pre` and `main` save for `main` and `post`. */
  state: Record<string, string>;
}
