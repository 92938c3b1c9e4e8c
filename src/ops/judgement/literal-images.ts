import type { ImageTarget } from '../carriers/carrier.js';
import { hasRegistry, imageTargetOf } from '../carriers/image-reference.js';

/** An image with a version, wherever a file says it. */
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
 * The images that a text names with a version, in whatever it is: in a template, in a program, under a key that is nobody's. One
 * of Docker Hub is told by its account (`acme/web:1`), or by a word before it that says it is one (`--runner-image=busybox:1`).
 * Comments say nothing.
 */
export function literalImages(text: string, path: string): LiteralImage[] {
  let said = '';
  const found = withoutComments(text)
    .split('\n')
    .flatMap((line, index) => {
      if (!line.includes('/') && !/image/i.test(line) && !SAYS_IMAGE.test(said)) {
        said = '';
        return [];
      }
      const words = line
        .replace(COMMENT, '')
        .split(BETWEEN_WORDS)
        .filter((word) => !NO_WORD.test(word));
      return words.flatMap((word) => {
        const isNamed = SAYS_IMAGE.test(said);
        said = word;
        return literalIn(word.replace(/^docker:\/\//, ''), isNamed, index + 1);
      });
    });
  // What Helm prints to people deploys nothing by itself.
  return NOTES.test(path) ? found.filter(({ target }) => hasRegistry(target.repository)) : found;
}

const NOTES = /(^|\/)templates\/NOTES\.txt$/;

/** A template without its comments, on the same lines. */
function withoutComments(text: string): string {
  const [first = '', ...actions] = text.split('{{');
  const said = actions.map((action) => {
    const end = /^-?\s{0,9}\/\*/.test(action) ? action.indexOf('*/') : -1;
    return end < 0 ? `{{${action}` : action.slice(0, end).replace(/[^\n]/g, '') + action.slice(end + 2);
  });
  return [first, ...said].join('');
}

/** What stands between the name of something and its value. */
const NO_WORD = /^(?:|-|["']?value["']?:)$/;
const SAYS_IMAGE = /image(?:name|ref|reference|url)?:?$/i;

function literalIn(word: string, isNamed: boolean, line: number): LiteralImage[] {
  const isLong = word.length > MOST_CHARACTERS;
  const target = isLong || !(isNamed || word.includes('/')) ? undefined : imageTargetOf(word);
  return target === undefined ? [] : [{ text: word, line, target }];
}

/** Lines that say an image in an encrypted value, which only the cluster reads. */
export function encryptedImages(text: string): number[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      /\b(image|newTag|newName|tag|digest|repository)["']?\s*:\s*["']?ENC\[/.test(line) ? [index + 1] : [],
    );
}
