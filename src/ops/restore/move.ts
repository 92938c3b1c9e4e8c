import type { AppState } from '../overlays/app-state.js';

/** An app with what its source says of it and what the target does. */
export interface Move {
  app: string;
  source: AppState;
  target: AppState;
}
