import { imageLabel } from '../carriers/named-images.js';
import type { UnprovenImage } from './admit-images.js';

/** Whether an image was built where the policy says. */
export type Proof =
  | { state: 'proven' }
  /** Why it is not, or not known yet: sentences for a person, with what to do. */
  | { state: 'refused' | 'waiting'; reason: string };

/**
 * Looks for evidence of images that come into an environment, one answer for each.
 *
 * @throws what a failed request throws
 */
export type ProofReader = (environment: string, images: readonly UnprovenImage[]) => Promise<readonly Proof[]>;

/** What keeps a change out for want of evidence. */
export interface OpenProofs {
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
    return { refused: [], waiting: [] };
  }
  const proofs = read === undefined ? images.map(nobodyLooks) : await read(environment, images);
  const reasons = (state: 'refused' | 'waiting') =>
    images.flatMap((image, index) => {
      const proof = proofs[index] ?? nobodyLooks(image);
      return proof.state === state ? [proof.reason] : [];
    });
  return { refused: reasons('refused'), waiting: reasons('waiting') };
}

function nobodyLooks(image: UnprovenImage): Proof {
  const { repository, workflow } = image.builtBy;
  return {
    state: 'waiting',
    reason: `${imageLabel(image)} comes in once the gate has seen that ${workflow} of ${repository} built it.`,
  };
}
