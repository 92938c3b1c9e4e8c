import type { Choices } from './choices.js';
import { anySpelling, escaped, type Part } from './parts.js';
import type { Text } from './tree.js';

export type Context = 'block' | 'flow' | 'line';

/** A scalar on one line, in a style that says what it is to say; the token of a scalar that is to change is a hole. */
export function scalar(tree: Text, context: Context, choices: Choices): Part[] {
  if (tree.empty === true) {
    throw new Error('An empty value has no token.');
  }
  const tag = choices.once(30) && !tree.bare ? choices.of('!!str ', '! ') : '';
  const [before, after] = styled(tree, context, choices);
  return [tag, ...(tree.after === undefined ? [before] : [{ before, after: kept(tree, before, after) }])];
}

/** A value that is there already keeps its spelling. */
function kept(tree: Text, before: string, after: string): string {
  return tree.value === tree.after ? `(?:${escaped(before)}|${after})` : after;
}

function styled({ value, after = '', bare }: Text, context: Context, choices: Choices): [string, string] {
  const plain = bare === true || isPlain(value, context !== 'block');
  // A file inside a quoted scalar keeps to characters that its quotes leave alone.
  const style = choices.of('plain', 'double', 'single', ...(context === 'line' ? [] : (['escaped'] as const)));
  if (plain && (style === 'plain' || bare === true)) {
    return [value, isPlain(after, true) ? escaped(after) : anySpelling(after)];
  }
  if (style === 'single' && !/[\n\t\u0085]/.test(value)) {
    return [`'${value.replaceAll("'", "''")}'`, `'${escaped(after)}'`];
  }
  const double = JSON.stringify(value);
  return [style === 'escaped' ? double.replace(/[.ae]/, hex) : double, escaped(JSON.stringify(after))];
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}

/** Surely a text for every reader. What is in doubt gets quotes, in what we generate as in what we expect. */
export function isPlain(value: string, flow: boolean): boolean {
  const usual = flow ? /^[a-zA-Z][\w./@+-]*(:[\w./@+-]+)*$/ : /^[a-zA-Z.][\w./:@+=?&-]*[\w/]$/;
  return (
    (usual.test(value) && !/^(y|n|yes|no|on|off|true|false|null|infinity|nan)$/i.test(value)) ||
    /^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/.test(value)
  );
}

/** A scalar that may be spelled without quotes where nobody minds what type it gets. */
export function isBare(value: string): boolean {
  return /^[\w.][\w.-]*$/.test(value);
}
