import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import { checksAt } from '../judgement/known-checks.js';
import {
  isSameProof,
  type KeptProof,
  keptProofOf,
  PROOFS_CHECK,
  readKeptProofs,
  writeKeptProofs,
} from './kept-proofs.js';
import type { EvidenceKind } from './proof-reader.js';

/** A check run as REST shows it. @see https://docs.github.com/rest/checks/runs#get-a-check-run */
const checkRunSchema = v.object({
  name: v.string(),
  head_sha: v.string(),
  conclusion: v.nullish(v.string()),
  app: v.nullish(v.object({ slug: v.nullish(v.string()) })),
  output: v.object({ text: v.nullish(v.string()) }),
});

/**
 * What the gate has proven of the same commit before. Nobody but the ops App keeps it: a check run of that name by anybody else,
 * or one that is no success, is none.
 *
 * @param ops whose token reads the repository that is asked for, too
 * @param app slug of the ops App
 */
export function keptProofs(ops: Connected, app: string): EvidenceKind {
  const known = new Map<string, Promise<readonly KeptProof[]>>();
  return {
    async proofs(images, { repository, head }) {
      const at = { ...ops, repository };
      const key = `${nameOf(at)}@${head}`;
      const reading = known.get(key) ?? readKept(at, app, head).then(({ proofs }) => proofs);
      known.set(key, reading);
      const kept = await reading;
      return images.map((image) => {
        const found = keptProofOf(image, kept);
        return found && { state: 'proven', by: found, isKept: true };
      });
    },
  };
}

/**
 * Keeps what was proven of a commit, beside what is kept of it already.
 *
 * @param ops with a token that writes check runs
 * @returns the number of check runs that were written
 * @throws Error naming the permission that the token lacks
 */
export async function keepProofs(
  ops: Connected,
  app: string,
  head: string,
  proofs: readonly KeptProof[],
  detailsUrl: string,
): Promise<number> {
  const { id, proofs: kept } = await readKept(ops, app, head);
  const fresh = proofs.filter((proof) => !kept.some((each) => isSameProof(each, proof)));
  const text = writeKeptProofs([...fresh, ...kept]);
  if (fresh.length === 0 || text === '') {
    return 0;
  }
  const { owner, name: repo } = ops.repository;
  const count = readKeptProofs(text).length;
  const title = count === 1 ? '1 image is proven.' : `${count} images are proven.`;
  const summary = 'What the gate has seen evidence of: the image, the run that built it, its commit, and the rule.';
  const request = {
    ...{ owner, repo, output: { title, summary, text }, request: { repeatable: true } },
    ...{ status: 'completed' as const, conclusion: 'success' as const },
    ...(detailsUrl === '' ? {} : { details_url: detailsUrl }),
  };
  const { octokit } = ops.github;
  await attempt(operationIn(ops.repository, 'write check runs', 'checks: write'), async () => {
    if (id === undefined) {
      const fresh = { ...request, name: PROOFS_CHECK, head_sha: head };
      await octokit.request('POST /repos/{owner}/{repo}/check-runs', fresh);
    } else {
      await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...request, check_run_id: id });
    }
  });
  return 1;
}

/** The check run of a commit that keeps what was proven, and what it keeps: nothing where there is none. */
async function readKept(
  ops: Connected,
  app: string,
  head: string,
): Promise<{ id: number | undefined; proofs: KeptProof[] }> {
  const operation = operationIn(ops.repository, 'read check runs', 'checks: read" and "statuses: read');
  return attempt(operation, async () => {
    const reader = repositoryReader(ops.github, ops.repository, 'KeptProofs');
    const id = (await checksAt(reader, head, app)).get(PROOFS_CHECK)?.id;
    if (id === undefined) {
      return { id, proofs: [] };
    }
    const { owner, name: repo } = ops.repository;
    const { data } = await ops.github.octokit.request('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...{ owner, repo, check_run_id: id },
    });
    return { id, proofs: keptIn(v.parse(checkRunSchema, data), app, head) };
  });
}

/**
 * What a check run keeps of a commit: nothing, unless the App made it, of this commit, under this name, and as a success.
 *
 * @param app slug of the ops App
 */
export function keptIn(run: v.InferOutput<typeof checkRunSchema>, app: string, head: string): KeptProof[] {
  const isOwn = run.app?.slug === app && run.name === PROOFS_CHECK && run.head_sha === head;
  return isOwn && run.conclusion === 'success' ? readKeptProofs(run.output.text ?? '') : [];
}
