import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { inParallel } from '../../runtime/parallel.js';
import { sameRepository } from '../carriers/image-reference.js';
import { imageLabel } from '../carriers/named-images.js';
import type { UnprovenImage } from '../judgement/admit-images.js';
import type { Proof, ProofReader } from '../judgement/proof.js';
import type { BuiltBy } from '../policy/image-rules.js';
import { isNoEvidence } from './judge-run.js';
import { namedRuns } from './named-runs.js';
import { appsRepository, type RunEvidence, readRunEvidence } from './run-evidence.js';

/** Runs that are asked for at once. */
const AT_ONCE = 4;

/** Where evidence of a change is looked for. */
export interface Claim {
  /** The repository of the change: what another one keeps of the same commit is none of its evidence. */
  repository: RepositoryName;
  /** The commit that brings the images in. */
  head: string;
  /** Of a pull request: they say where to look, and permit nothing. */
  texts: readonly string[];
}

/** A kind of evidence. Records of runs are one, what was proven before is another; attestations may become one. */
export interface EvidenceKind {
  /** Says of each image whether it is proven; `undefined` where this kind has nothing to say of it. */
  proofs(images: readonly UnprovenImage[], claim: Claim): Promise<readonly (Proof | undefined)[]>;
}

/** Where evidence is looked for. What was read once is not read again. */
export interface EvidenceSource {
  readerFor(claim: Claim): ProofReader;
}

/** Evidence by kinds: an image is proven where one of them proves it, and the next is not asked; else the first says why not. */
export function evidenceOf(kinds: readonly EvidenceKind[]): EvidenceSource {
  return {
    readerFor: (claim) => async (_environment, images) => {
      const said = new Map<UnprovenImage, Proof[]>(images.map((image) => [image, []]));
      const isProven = (image: UnprovenImage) => said.get(image)?.some(({ state }) => state === 'proven') === true;
      for (const kind of kinds) {
        const open = images.filter((image) => !isProven(image));
        const proofs = open.length === 0 ? [] : await kind.proofs(open, claim);
        for (const [index, image] of open.entries()) {
          said.get(image)?.push(...[proofs[index] ?? []].flat());
        }
      }
      return images.map((image) => bestOf(said.get(image) ?? []));
    },
  };
}

function bestOf(proofs: readonly Proof[]): Proof {
  return (
    proofs.find(({ state }) => state === 'proven') ??
    proofs.find(({ state }) => state === 'waiting') ??
    proofs[0] ?? { state: 'refused', reason: 'There is no kind of evidence.' }
  );
}

/**
 * Evidence from the runs that pull requests name: their records of what they built.
 *
 * @param github with a token that reads the runs and branches of the apps repositories
 */
export function runRecords(github: GitHub, serverUrl: string): EvidenceKind {
  const known = new Map<string, Promise<RunEvidence>>();
  const read = (builtBy: BuiltBy, id: number) => {
    const key = JSON.stringify([builtBy, id]);
    const reading =
      known.get(key) ?? readRunEvidence(appsRepository(github, builtBy.repository), id, builtBy, serverUrl);
    known.set(key, reading);
    return reading;
  };
  return {
    async proofs(images, { texts }) {
      const wanted = new Map(images.map(({ builtBy }) => [JSON.stringify(builtBy), builtBy]));
      const asked = [...wanted.values()].flatMap((builtBy) =>
        namedRuns(texts, builtBy.repository).map((id) => ({ builtBy, id })),
      );
      const found = await inParallel(asked, AT_ONCE, async ({ builtBy, id }) => ({
        ...{ builtBy, id },
        evidence: await read(builtBy, id),
      }));
      return images.map((image) =>
        proofOf(
          image,
          found.filter(({ builtBy }) => JSON.stringify(builtBy) === JSON.stringify(image.builtBy)),
          serverUrl,
        ),
      );
    },
  };
}

/** What runs prove of one image. */
export function proofOf(
  image: UnprovenImage,
  runs: readonly { id: number; evidence: RunEvidence }[],
  serverUrl: string,
): Proof {
  const { repository, workflow } = image.builtBy;
  const what = imageLabel(image);
  if (runs.length === 0) {
    return {
      state: 'refused',
      reason: `${what} has to be built by ${workflow} of ${repository}, and nothing names the run that did: write its address into the text of the pull request, as in "Ostack-Run: ${serverUrl}/${repository}/actions/runs/123".`,
    };
  }
  const lists = ({ evidence }: { evidence: RunEvidence }) =>
    !isNoEvidence(evidence) &&
    evidence.images.some((each) => each.digest === image.digest && sameRepository(each.repository, image.repository));
  for (const run of runs) {
    if (!isNoEvidence(run.evidence) && lists(run)) {
      const page = `${serverUrl}/${repository}/actions/runs/${run.id}`;
      return { state: 'proven', by: { run: page, commit: run.evidence.commit }, isKept: false };
    }
  }
  const why = runs.map(({ id, evidence }) => {
    const reason = isNoEvidence(evidence) ? evidence.reason : `did not build ${what}`;
    return `run ${id} of ${repository} ${reason}`;
  });
  const isWaiting = runs.some(({ evidence }) => isNoEvidence(evidence) && evidence.isWaiting);
  return {
    state: isWaiting ? 'waiting' : 'refused',
    reason: `Nothing proves where ${what} was built: ${why.join('; ')}.`,
  };
}
