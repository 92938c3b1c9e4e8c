/**
 * The stand-in for `actions/upload-artifact`: stores files of the workspace in the runner's folder.
 *
 * @see https://github.com/actions/upload-artifact
 */
import type { StandIn, StandInCall, StandInResult } from './stand-in.js';
import { findUpload } from './upload-search.js';

export const uploadArtifact: StandIn = {
  inputs: new Map(
    [
      'name',
      'path',
      'if-no-files-found',
      'retention-days',
      'compression-level',
      'overwrite',
      'include-hidden-files',
      'archive',
    ].map((name) => [name, undefined]),
  ),
  refused: { archive: 'true' },
  async run({ job, inputs }: StandInCall): Promise<StandInResult> {
    const { info, services } = job.plan.run;
    const name = inputs.name || 'artifact';
    checkName(name);
    const path = inputs.path ?? '';
    if (path === '') {
      throw new Error('Input required and not supplied: path');
    }
    const files = await findUpload(path, job.folders.workspace, inputs['include-hidden-files'] === 'true');
    if (files.length === 0) {
      reportMissing(job, inputs['if-no-files-found'] || 'warn', path);
      return { outputs: {} };
    }
    const about = { name, repository: info.repository, runId: info.id };
    const artifact = await services.artifacts.add(about, files, inputs.overwrite === 'true');
    const url = `${services.host.serverUrl}/${info.repository}/actions/runs/${info.id}/artifacts/${artifact.id}`;
    job.log(`Artifact ${name} has been successfully uploaded! ${files.length} files, ${artifact.size} bytes.`);
    return { outputs: { 'artifact-id': String(artifact.id), 'artifact-url': url, 'artifact-digest': artifact.digest } };
  },
};

/** Checks the name by the rules of https://github.com/actions/toolkit/tree/main/packages/artifact */
function checkName(name: string): void {
  const bad = /[":<>|*?\r\n\\/]/.exec(name)?.[0];
  if (bad !== undefined) {
    throw new Error(`The artifact name is not valid: ${name}. Contains the following character: ${bad}`);
  }
}

function reportMissing(job: StandInCall['job'], policy: string, path: string): void {
  const message = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`;
  switch (policy) {
    case 'error':
      throw new Error(message);
    case 'warn':
      job.annotate({ level: 'warning', message });
      return;
    case 'ignore':
      job.log(message);
      return;
    default:
      throw new Error(
        `Unrecognized if-no-files-found input. Provided: ${policy}. Available options: warn, error, ignore`,
      );
  }
}
