import { connect } from '../../github/client.js';
import type { Connected } from '../../github/connected.js';
import { parseRepository, type RepositoryName, type RunContext } from '../../github/context.js';
import { checkedOut } from '../../materialize/branch/checked-out.js';
import { hasNewerDefinition } from '../../materialize/branch/newer-definition.js';
import { withPolicyBranches } from '../../materialize/branch/policy-branches.js';
import { type BranchPatterns, branchTargets, type Definition } from '../../materialize/branch/targets.js';
import type { Checkout } from '../../materialize/checkout.js';
import type { Locks } from '../../materialize/lock/locks.js';
import { NOT_PROPOSED, type ProposedLocks, proposeLocks } from '../../materialize/lock/propose-locks.js';
import {
  type MaterializedEnvironment,
  outputFolders,
  type RenderedEnvironment,
  renderEnvironments,
  sourcePaths,
  writeToBranches,
  writeToFolders,
} from '../../materialize/materialize.js';
import type { Tools } from '../../materialize/sources/tools.js';
import type { Lodging } from '../../ops/policy/places.js';
import type { Destination, Inputs } from './inputs.js';

/** What a run works with. */
export interface MaterializeRun {
  context: RunContext;
  checkout: Checkout;
  inputs: Inputs;
  tools: Tools;
  locks: Locks;
}

/** What a run came to. */
export interface Materialized extends ProposedLocks {
  environments: MaterializedEnvironment[];
  /** Versions of the tools that rendered, by name. */
  tools: Record<string, string>;
}

/**
 * Renders all environments, then writes them: to folders of the workspace, or to branches. What remote parts are resolved to anew
 * is proposed before it is rendered to a branch.
 *
 * @throws Error for people: see `renderEnvironments`, `writeToFolders` and `writeToBranches`
 */
export async function runMaterialize(run: MaterializeRun): Promise<Materialized> {
  const { inputs, checkout, tools, locks } = run;
  const { destination, request, dryRun } = inputs;
  if (destination.output === undefined) {
    return toBranches(run, destination);
  }
  const folders = outputFolders(request, destination.output);
  const beside = { ...request, outputs: [...folders.values()] };
  const rendered = await renderEnvironments(checkout, beside, locks.sourcesOf, tools);
  const environments = await writeToFolders(checkout, rendered, folders, dryRun);
  const lockFiles = await locks.save(dryRun);
  return { environments, lockFiles, ...NOT_PROPOSED, tools: await tools.versions() };
}

async function toBranches(
  { context, checkout, inputs, tools, locks }: MaterializeRun,
  destination: Extract<Destination, { output: undefined }>,
): Promise<Materialized> {
  const { request, dryRun, update } = inputs;
  const paths = sourcePaths(request);
  const from = await checkedOut(checkout.root, paths);
  const definition = { repository: context.repository, branch: from.branch || branchOf(context) };
  refusePullRequests(dryRun);
  const targets = branchTargets(
    request.environments,
    destination,
    definition,
    await lodgingsFor(inputs, destination, definition),
  );
  const rendered = await renderEnvironments(checkout, request, locks.sourcesOf, tools);
  const source = connectTo(parseRepository(context.repository, 'GITHUB_REPOSITORY'), inputs.githubToken);
  const versions = await tools.versions();
  if (update) {
    const to = connectTo(source.repository, inputs.token);
    const merge = { choice: inputs.merge, environments: request.environments };
    const base = { ...from, ...definition, runUrl: context.runUrl, dryRun, merge };
    const proposed = await proposeLocks(to, await locks.changes(), base);
    return { environments: rendered.map(asRendered), ...proposed, tools: versions };
  }
  const { mode, edits, force } = destination;
  // A commit that a workflow chose itself has no other run that would take its place.
  const branch = from.commit === context.sha ? branchOf(context) : '';
  let asked: Promise<boolean> | undefined;
  const hasNewer = () => {
    asked ??= branch === '' ? Promise.resolve(false) : hasNewerDefinition(source, from.commit, branch, paths);
    return asked;
  };
  const options = { source, commit: from.commit, mode, edits, force, dryRun, hasNewer, tools: versions };
  const environments = await writeToBranches(rendered, targets, ({ repository }) => ({
    ...{ ...options, runUrl: context.runUrl },
    to: connectTo(repository, inputs.token),
  }));
  return { environments, lockFiles: [], ...NOT_PROPOSED, tools: versions };
}

/** Where the environments live that are rendered; nobody has to be asked where inputs say where they go, or none is written. */
async function lodgingsFor(
  { lodgings, request, update, token }: Inputs,
  { branch, repository }: BranchPatterns,
  definition: Definition,
): Promise<Lodging[]> {
  const asked = lodgings.filter(({ name }) => request.environments.includes(name));
  const isSaid = branch !== undefined || repository !== undefined || update;
  return isSaid
    ? asked
    : withPolicyBranches(asked, definition.repository, (name) =>
        connectTo(parseRepository(name, '"repository" of ostack.yaml'), token),
      );
}

function connectTo(repository: RepositoryName, token: string | undefined): Connected {
  if (token === undefined) {
    throw new Error('Input "token" is missing. Pass a token that may write the branches.');
  }
  return { github: connect({ token }), repository };
}

/** The branch of the run; empty where it is one of a tag or of a pull request. */
function branchOf({ ref }: RunContext): string {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : '';
}

/** What a pull request comes to is in no history, so what is merged would never come after it. */
function refusePullRequests(dryRun: boolean): void {
  const event = process.env.GITHUB_EVENT_NAME ?? '';
  if (!dryRun && /^pull_request/.test(event)) {
    throw new Error(
      `The event ${event} is of a pull request, which is not merged yet. Say \`dry-run: true\` to see what it comes to, and materialize on push.`,
    );
  }
}

function asRendered({ environment, files, notes }: RenderedEnvironment): MaterializedEnvironment {
  const change = { added: [], changed: [], removed: [], edited: [] };
  return { environment, folder: '', objects: files.size, change, notes };
}
