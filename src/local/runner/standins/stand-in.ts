import type { Frame, JobRun } from '../job-run.js';

export interface StandIn {
  /** All inputs of the real action. */
  inputs: Map<string, unknown>;
  /** Inputs without support, with their defaults; any other value is an error. */
  refused: Record<string, string>;
  run(call: StandInCall): Promise<StandInResult>;
}

export interface StandInCall {
  job: JobRun;
  frame: Frame;
  inputs: Record<string, string>;
  signal: AbortSignal;
}

export interface StandInResult {
  outputs: Record<string, string>;
  /** Runs when the job ends. */
  post?: () => Promise<void>;
}
