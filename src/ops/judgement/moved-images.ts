import type { HeldVersion } from './held-versions.js';
import type { TakenImage } from './taken-images.js';

/** The images of the versions that move in an environment. Which file says them, the versions do not tell. */
export function movedImages(held: readonly HeldVersion[], environment: string): TakenImage[] {
  const moved = held.filter((each) => each.environment === environment && each.moves);
  return moved.flatMap(({ targets }) =>
    targets.flatMap((target) =>
      target.kind === 'image' ? [{ ...target, digest: target.digest, file: '', line: 1, unclear: undefined }] : [],
    ),
  );
}
