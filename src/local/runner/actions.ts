/** Finds the action that a step uses: in the workspace, in the repository of its file, or in another repository. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActionFile, readAction } from './action.js';
import { type Place, RunError, Unsupported } from './errors.js';
import type { Frame, JobRun } from './job-run.js';
import type { Origin } from './load.js';
import { standIns } from './standins/index.js';
import type { StandIn } from './standins/stand-in.js';
import { parseUses, type Reference } from './uses.js';

export type FoundAction =
  | { kind: 'stand-in'; standIn: StandIn; repository: string; ref: string }
  | { kind: 'action'; file: ActionFile; folder: string; origin: Origin; repository: string; ref: string };

/**
 * Finds an action and reads its `action.yml`.
 *
 * @throws RunError when the repository, the ref or the `action.yml` does not exist
 * @throws InvalidFile or Unsupported for an `action.yml` that cannot run
 */
export async function findAction(job: JobRun, frame: Frame, uses: string, place: Place): Promise<FoundAction> {
  const reference = parseUses(uses, place);
  if (reference.kind === 'remote') {
    const standIn = standIns[reference.repository.toLowerCase()];
    if (standIn !== undefined && reference.path === '') {
      return { kind: 'stand-in', standIn, repository: reference.repository, ref: reference.ref };
    }
    const origin = await resolveRemote(job, reference, place);
    const root = await job.plan.run.services.sources.export(origin.repository, origin.sha);
    const { repository, ref } = reference;
    return { ...(await readFrom(root, reference.path, origin, uses, place)), repository, ref };
  }
  if (reference.kind === 'self') {
    const root = await job.plan.run.services.sources.export(frame.origin.repository, frame.origin.sha);
    return { ...(await readFrom(root, reference.path, frame.origin, uses, place)), repository: '', ref: '' };
  }
  const { event } = job.plan.run;
  const origin = { repository: event.repository, ref: event.ref, sha: event.sha };
  return { ...(await readFrom(job.folders.workspace, reference.path, origin, uses, place)), repository: '', ref: '' };
}

async function resolveRemote(job: JobRun, reference: Reference & { kind: 'remote' }, place: Place): Promise<Origin> {
  const { sources } = job.plan.run.services;
  const { repository, ref } = reference;
  if (!sources.has(repository)) {
    throw new RunError(
      `Unable to resolve action \`${repository}@${ref}\`: the local stage has no repository "${repository}". Serve it with --repo ${repository}=FOLDER.`,
      place,
    );
  }
  const sha = await sources.resolve(repository, ref);
  if (sha === undefined) {
    throw new RunError(`Unable to resolve action \`${repository}@${ref}\`, unable to find version \`${ref}\``, place);
  }
  return { repository, ref, sha };
}

async function readFrom(root: string, path: string, origin: Origin, uses: string, place: Place) {
  const folder = join(root, path);
  for (const name of ['action.yml', 'action.yaml']) {
    const source = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (source !== undefined) {
      const file = readAction(source, [path, name].filter((part) => part !== '').join('/'));
      return { kind: 'action' as const, file, folder, origin };
    }
  }
  if ((await readFile(join(folder, 'Dockerfile'), 'utf8').catch(() => undefined)) !== undefined) {
    throw new Unsupported(`"uses: ${uses}" (an action that is a Dockerfile)`, place);
  }
  const hint = uses.startsWith('./')
    ? ' Did you forget to run actions/checkout before running your local action?'
    : ` ${origin.repository} has none there at ${origin.ref} (${origin.sha.slice(0, 7)}).`;
  throw new RunError(`Can't find 'action.yml', 'action.yaml' or 'Dockerfile' for "uses: ${uses}".${hint}`, place);
}
