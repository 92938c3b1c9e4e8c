/** Stand-ins for actions that would have to be fetched from github.com. The log names each use of one. */
import type { Frame, JobRun } from '../job-run.js';
import type { ActionCall, StepRunOutcome } from '../step-outcome.js';
import { appToken } from './app-token.js';
import { checkout } from './checkout.js';
import { downloadArtifact } from './download-artifact.js';
import { setupTool } from './setup-tool.js';
import type { StandIn } from './stand-in.js';
import { uploadArtifact } from './upload-artifact.js';

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
