/** Stand-ins for actions that would have to be fetched from github.com. The log names each use of one. */
import type { Frame, JobRun } from '../job-run.js';
import type { ActionCall, StepRunOutcome } from '../steps.js';
import { appToken } from './app-token.js';
import { checkout } from './checkout.js';
import { downloadArtifact } from './download-artifact.js';
import { setupTool } from './setup-tool.js';
import { uploadArtifact } from './upload-artifact.js';

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

/** Repository of the real action, lower case, to its stand-in. */
export const standIns: Record<string, StandIn> = {
  'actions/checkout': checkout,
  'actions/create-github-app-token': appToken,
  'actions/download-artifact': downloadArtifact,
  'actions/upload-artifact': uploadArtifact,
  'hashicorp/setup-terraform': setupTool('terraform', []),
  'opentofu/setup-opentofu': setupTool('tofu', [
    ...['tofu_version_file', 'cache', 'github_token', 'provider_acceptance_tests', 'checksums'],
  ]),
};

/** Runs a stand-in as a step. */
export async function runStandIn(
  job: JobRun,
  frame: Frame,
  standIn: StandIn,
  call: ActionCall,
  signal: AbortSignal,
): Promise<StepRunOutcome> {
  const name = call.title.replace(/^Run /, '');
  job.log(`A stand-in of the local runner does the work of ${name}.`);
  for (const [input, value] of Object.entries(call.inputs)) {
    const usual = standIn.refused[input];
    if (usual !== undefined && value !== '' && value !== usual) {
      throw new Error(`The stand-in for ${name} does not support "${input}: ${value}".`);
    }
  }
  const { outputs, post } = await standIn.run({ job, frame, inputs: call.inputs, signal });
  if (post !== undefined) {
    job.posts.push({
      name: `Post ${call.title}`,
      shouldRun: () => true,
      async run() {
        await post();
        return 'success';
      },
    });
  }
  return { failed: false, outputs };
}
