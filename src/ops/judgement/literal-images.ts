import type { ImageTarget } from '../carriers/carrier.js';
import { hasRegistry, imageTargetOf } from '../carriers/image-reference.js';

/** An image with a registry and a version, wherever a file says it. */
export interface LiteralImage {
  /** As written. */
  text: string;
  line: number;
  target: ImageTarget;
}

const BETWEEN_WORDS = /[\s"'`,;|=\\{}[\]()<>]+/;
const COMMENT = /(^|\s)#.*$/;
/** No reference is longer. */
const MOST_CHARACTERS = 400;

/**
 * The images that a text names with registry and version, in whatever it is: in a template, in a program, under a key that is
 * nobody's. Comments say nothing.
 */
export function literalImages(text: string): LiteralImage[] {
  return text.split('\n').flatMap((line, index) =>
    line.includes('/')
      ? line
          .replace(COMMENT, '')
          .split(BETWEEN_WORDS)
          .flatMap((word) => literalIn(word.replace(/^docker:\/\//, ''), index + 1))
      : [],
  );
}

function literalIn(word: string, line: number): LiteralImage[] {
  const target = word.length > MOST_CHARACTERS || !word.includes('/') ? undefined : imageTargetOf(word);
  return target === undefined || !hasRegistry(target.repository) ? [] : [{ text: word, line, target }];
}

/** Lines that say an image in an encrypted value, which only the cluster reads. */
export function encryptedImages(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      /\b(image|newTag|newName|tag|digest|repository)["']?\s*:\s*["']?ENC\[/.test(line) ? [index + 1] : [],
    );
}
