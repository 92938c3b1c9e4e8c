/**
 * Whether an ignore file surely keeps a `.git` out of a build. Where it is not sure, the answer is no.
 *
 * @param text of `.dockerignore`
 * @param path of the `.git`, relative to the context
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function keepsOut(text: string, path: string): boolean {
  let out = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const pattern = line.trim();
    if (pattern === '' || line.startsWith('#')) {
      continue;
    }
    if (pattern.startsWith('!')) {
      out &&= !mayReach(clean(pattern.slice(1)), path);
    } else {
      out ||= covers(clean(pattern), path);
    }
  }
  return out;
}

function clean(pattern: string): string[] {
  return pattern
    .trim()
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}

/** Whether a pattern is the path or a folder above it: names, `*`, `.*`, and `**` at its start or end. */
function covers(pattern: readonly string[], path: string): boolean {
  const parts = path.split('/');
  const [first, ...rest] = pattern;
  if (first === '**' && rest.length > 0) {
    return parts.some((_part, index) => covers(rest, parts.slice(index).join('/')));
  }
  const own = pattern.at(-1) === '**' && pattern.length > 1 ? pattern.slice(0, -1) : pattern;
  return own.length > 0 && own.length <= parts.length && own.every((part, index) => fits(part, parts[index] ?? ''));
}

/** Whether a part of a pattern is a name: `*` and `?` are understood, sets of characters are not. */
function fits(pattern: string, name: string): boolean {
  if (/[[\]\\]/.test(pattern)) {
    return false;
  }
  const source = pattern.replace(/\*+|[?.+^${}()|]/g, (part) =>
    part.startsWith('*') ? '.*' : part === '?' ? '.' : `\\${part}`,
  );
  return new RegExp(`^${source}$`, 's').test(name);
}

/** Whether an exception may let the path back in, or something in it. */
function mayReach(pattern: readonly string[], path: string): boolean {
  if (pattern.includes('..')) {
    return true;
  }
  const parts = path.split('/');
  for (const [index, part] of pattern.entries()) {
    const name = parts[index];
    if (name === undefined || /[*?[\]\\]/.test(part)) {
      return true;
    }
    if (part !== name) {
      return false;
    }
  }
  return true;
}
