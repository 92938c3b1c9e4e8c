import * as v from 'valibot';
import { changedPaths } from '../../apps/affected/changed-paths.js';
import { type Comparison, comparisonOf } from '../../apps/affected/comparison.js';
import type { Git } from '../../git/git.js';
import type { RunEvent } from '../../github/event.js';

/** The pull request of a run. */
export interface InfraPull {
  number: number;
  /** Its head, which check runs are of. */
  head: string;
  /** Whether its branch is in another repository: its code gets no credentials then. */
  isFork: boolean;
}

/** What a run is about. */
export interface InfraChange {
  pull: InfraPull | undefined;
  /** The commit that is planned: what is checked out. */
  commit: string;
  /** The change; without one all roots are meant. */
  change: { base: string; paths: readonly string[] } | undefined;
  /** Why these, one sentence without a full stop. */
  reason: string;
}

const repositorySchema = v.nullish(v.object({ full_name: v.string() }));

const pullSchema = v.object({
  pull_request: v.object({
    number: v.number(),
    base: v.object({ sha: v.string(), ref: v.string(), repo: repositorySchema }),
    head: v.object({ sha: v.string(), repo: repositorySchema }),
  }),
});

/**
 * What a run is to plan. Of a pull request it is the merge result: planned alone, a branch that is behind would take back what
 * its base has got meanwhile.
 *
 * @throws Error where another commit is checked out, or where a pull request's code would get secrets
 */
export async function readChange(git: Git, event: RunEvent): Promise<InfraChange> {
  if (event.name === 'pull_request_target') {
    throw new Error(
      'The event pull_request_target gives secrets to code of a pull request, which a plan runs. Use pull_request: plans of forks are then only checked.',
    );
  }
  const commit = (await git.read(['rev-parse', 'HEAD'])).trim();
  const parsed = v.safeParse(pullSchema, event.payload);
  if (event.name === 'pull_request' && parsed.success) {
    return ofPull(git, commit, parsed.output.pull_request);
  }
  const comparison: Comparison =
    event.name === 'push' || event.name === 'merge_group'
      ? comparisonOf(event, { head: commit, ref: '' })
      : {
          kind: 'everything',
          why: `the event ${event.name === '' ? 'of the run' : event.name} is about no change`,
          expected: true,
        };
  return { pull: undefined, commit, ...(await changeOf(git, comparison)) };
}

type Pull = v.InferOutput<typeof pullSchema>['pull_request'];

async function ofPull(git: Git, commit: string, { number, base, head }: Pull): Promise<InfraChange> {
  const pull = {
    number,
    head: head.sha,
    isFork: head.repo?.full_name === undefined || head.repo.full_name !== base.repo?.full_name,
  };
  const what = `pull request #${number} into ${base.ref}`;
  const [into, merged, ...more] = await parentsOf(git, commit);
  if (into !== undefined && merged === head.sha && more.length === 0) {
    return { pull, commit, ...(await changeOf(git, { kind: 'range', base: into, head: commit, what })) };
  }
  const changed = await changeOf(git, { kind: 'branch', base: base.sha, head: commit, what });
  const holds = await git.run(['merge-base', '--is-ancestor', base.sha, commit]);
  if (!holds.ok) {
    throw new Error(
      `What is checked out (${commit.slice(0, 7)}) does not have the newest commit of ${base.ref} (${base.sha.slice(0, 7)}), so its plan would take back what came there. Check out the merge: leave "ref" of actions/checkout out, or bring the branch up to date.`,
    );
  }
  return { pull, commit, ...changed };
}

/** Parents as the commit itself has them, which a shallow clone does not hide. */
export async function parentsOf(git: Git, commit: string): Promise<string[]> {
  const text = await git.read(['cat-file', 'commit', commit]);
  const [head = ''] = text.split('\n\n', 1);
  return [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id = '']) => id);
}

async function changeOf(git: Git, comparison: Comparison): Promise<Pick<InfraChange, 'change' | 'reason'>> {
  if (comparison.kind === 'everything') {
    return { change: undefined, reason: `all roots: ${comparison.why}` };
  }
  const changed = await changedPaths(git, comparison);
  return 'unknown' in changed
    ? { change: undefined, reason: `all roots: ${changed.unknown}` }
    : { change: { base: comparison.base, paths: changed.paths }, reason: comparison.what };
}
