import { imageLabel } from '../carriers/named-images.js';
import type { UnprovenImage } from './admit-images.js';

/** The run that built an image: its page, and its commit. */
export interface ProvenBy {
  run: string;
  commit: string;
}

/** An image with the evidence of it. */
export interface ProvenImage {
  image: UnprovenImage;
  by: ProvenBy;
  isKept: boolean;
}

/** Whether an image was built where the policy says. */
export type Proof =
  /** By which run of which commit, and whether the gate had kept that already. */
  | { state: 'proven'; by: ProvenBy; isKept: boolean }
  /** Why it is not, or not known yet: sentences for a person, with what to do. */
  | { state: 'refused' | 'waiting'; reason: string };

/**
 * Looks for evidence of images that come into an environment, one answer for each.
 *
 * @throws what a failed request throws
 */
export type ProofReader = (environment: string, images: readonly UnprovenImage[]) => Promise<readonly Proof[]>;

/** What keeps a change out for want of evidence, and what there is evidence of. */
export interface OpenProofs {
  proven: readonly ProvenImage[];
  refused: readonly string[];
  waiting: readonly string[];
}

/** Asks for the evidence that an environment takes. Nobody to ask is no evidence. */
export async function openProofs(
  environment: string,
  images: readonly UnprovenImage[],
  read: ProofReader | undefined,
): Promise<OpenProofs> {
  if (images.length === 0) {
    return { proven: [], refused: [], waiting: [] };
  }
  const proofs = read === undefined ? images.map(nobodyLooks) : await read(environment, images);
  const reasons = (state: 'refused' | 'waiting') =>
    images.flatMap((image, index) => {
      const proof = proofs[index] ?? nobodyLooks(image);
      return proof.state !== 'proven' && proof.state === state ? [proof.reason] : [];
    });
  const proven = images.flatMap((image, index) => {
    const proof = proofs[index];
    return proof?.state === 'proven' ? [{ image, by: proof.by, isKept: proof.isKept }] : [];
  });
  return { proven, refused: reasons('refused'), waiting: reasons('waiting') };
}

function nobodyLooks(image: UnprovenImage): Exclude<Proof, { state: 'proven' }> {
  const { repository, workflow } = image.builtBy;
  return {
    state: 'waiting',
    reason: `${imageLabel(image)} comes in once the gate has seen that ${workflow} of ${repository} built it.`,
  };
}
