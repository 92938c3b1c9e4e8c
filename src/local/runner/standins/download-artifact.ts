/**
 * The stand-in for `actions/download-artifact`: artifacts of this run, or of another one with a token that may read it.
 *
 * @see https://github.com/actions/download-artifact
 */
import { join, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { ArtifactRecord } from '../../github/world/records.js';
import type { StandIn, StandInCall, StandInResult } from './stand-in.js';

export const downloadArtifact: StandIn = {
  inputs: new Map(
    [
      'name',
      'artifact-ids',
      'path',
      'pattern',
      'merge-multiple',
      'github-token',
      'repository',
      'run-id',
      'digest-mismatch',
      'skip-decompress',
    ].map((name) => [name, undefined]),
  ),
  refused: { 'skip-decompress': 'false' },
  async run(call: StandInCall): Promise<StandInResult> {
    const { job, inputs } = call;
    const { artifacts } = job.plan.run.services;
    const folder = resolve(job.folders.workspace, (inputs.path ?? '').replace(/^~/, job.folders.home));
    const all = listed(call);
    const chosen = choose(all, inputs);
    const alone = (inputs.name ?? '') !== '' || inputs['merge-multiple'] === 'true';
    for (const artifact of chosen) {
      await artifacts.extract(artifact, alone ? folder : join(folder, artifact.name));
      job.log(`Downloaded ${artifact.name} (${artifact.files.length} files, SHA256 ${artifact.digest})`);
    }
    job.log(`Total of ${chosen.length} artifact(s) downloaded`);
    return { outputs: { 'download-path': folder } };
  },
};

/** The artifacts of the run that the step names. Without a token only this run's can be seen, as in the real action. */
function listed({ job, inputs }: StandInCall): ArtifactRecord[] {
  const { info, services } = job.plan.run;
  const token = inputs['github-token'] ?? '';
  if (token === '') {
    return services.artifacts.of(info.repository, info.id);
  }
  const repository = inputs.repository || info.repository;
  const runId = Number(inputs['run-id'] || info.id);
  if (!/^[^/\s]+\/[^/\s]+$/.test(repository)) {
    throw new Error(`Invalid repository: '${repository}'. Must be in format owner/repo`);
  }
  if (!Number.isInteger(runId)) {
    throw new Error(`Input "run-id" is "${inputs['run-id']}", expected a whole number.`);
  }
  if (!services.sources.has(repository) || !services.host.tokenMay(token, repository, 'actions')) {
    throw new Error(
      `Unable to download artifact(s): Resource not accessible by integration: the token may not read the artifacts of ${repository} (actions: read).`,
    );
  }
  return services.artifacts.of(repository, runId);
}

function choose(all: ArtifactRecord[], inputs: Record<string, string>): ArtifactRecord[] {
  const names = () => all.map(({ name }) => name).join(', ') || 'none';
  const ids = (inputs['artifact-ids'] ?? '').split(',').filter((id) => id.trim() !== '');
  if (inputs.name) {
    if (ids.length > 0) {
      throw new Error("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.");
    }
    const found = all.find(({ name }) => name === inputs.name);
    if (found === undefined) {
      throw new Error(
        `Unable to download artifact(s): Artifact not found for name: ${inputs.name}. The run has: ${names()}.`,
      );
    }
    return [found];
  }
  if (ids.length > 0) {
    const chosen = all.filter(({ id }) => ids.some((requested) => Number(requested) === id));
    if (chosen.length !== ids.length) {
      throw new Error(`Unable to download artifact(s): no artifacts with the ids ${ids.join(', ')}.`);
    }
    return chosen;
  }
  return inputs.pattern ? all.filter(({ name }) => picomatch.isMatch(name, inputs.pattern ?? '')) : all;
}
