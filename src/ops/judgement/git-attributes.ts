import { posix } from 'node:path';
import type { Problem } from '../tree/problem.js';
import type { Sides } from './new-in.js';

/**
 * Attributes that change no text by which a cluster is judged: how lines end and are shown, what a server takes for which
 * language. A pointer of Git LFS is judged where it stands.
 *
 * @see https://git-scm.com/docs/gitattributes
 */
const HARMLESS =
  /^[-!]?(?:text(?:=auto)?|eol=(?:lf|crlf)|crlf(?:=input)?|binary|diff(?:=.*)?|merge(?:=.*)?|whitespace(?:=.*)?|filter=lfs|lockable|delta|conflict-marker-size=\d+|encoding=.*|export-ignore|(?:linguist|gitlab)-[\w-]+(?:=.*)?)$/;

/**
 * What comes into `.gitattributes` by which a file is another one once it is checked out: another encoding, a filter, words
 * that git puts in. Nobody judges that one. What was there before is left alone.
 */
export async function attributeProblems({ environment, before, after, fresh, known }: Sides): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const path of fresh.filter((each) => posix.basename(each) === '.gitattributes')) {
    const old = known.includes(path) ? ((await before.files.text(path)) ?? '').split('\n') : [];
    const lines = ((await after.files.text(path)) ?? '').split('\n');
    for (const [index, text] of lines.entries()) {
      const found = old.includes(text) ? [] : changingIn(text);
      if (found.length > 0) {
        const what = `${path}, line ${index + 1}: with ${found.join(' and ')}, what is checked out for ${environment} may be something else than what stands in the files`;
        problems.push({ level: 'error', file: path, line: index + 1, message: `${what}: take it out.` });
      }
    }
  }
  return problems;
}

/** The attributes of a line that change a text. The name of a macro is one itself: what it stands for is on its line. */
function changingIn(line: string): string[] {
  const text = line.trim();
  const [, ...attributes] = /^#|^$/.test(text) ? [] : text.replace(/^"(?:[^"\\]|\\.)*"/, '*').split(/\s+/);
  return attributes.filter((attribute) => !HARMLESS.test(attribute));
}
