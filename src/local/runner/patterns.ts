/**
 * The two pattern languages of workflows: filters of branches, tags and paths, and the globs of `hashFiles`.
 */

const filterCache = new Map<string, RegExp>();

/**
 * Whether a name passes a list of filter patterns. The last pattern that matches decides; one with `!` excludes.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
 */
export function passesFilter(name: string, patterns: string[]): boolean {
  let passes = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!');
    if (filterPattern(negative ? pattern.slice(1) : pattern).test(name)) {
      passes = !negative;
    }
  }
  return passes;
}

/** `*` stops at a slash, `**` does not, `?` and `+` repeat the character before them, `[]` is a set of characters. */
function filterPattern(pattern: string): RegExp {
  const known = filterCache.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const source = pattern.replace(/\*\*\/|\*\*|\*|\[[^\]]*\]|\\.|[?+]|./gs, (piece, offset: number) => {
    if (piece === '**/') {
      return offset === 0 || pattern[offset - 1] === '/' ? '(?:.*/)?' : '.*/';
    }
    if (piece === '**') {
      return '.*';
    }
    if (piece === '*') {
      return '[^/]*';
    }
    if (piece === '?' || piece === '+' || piece.length > 1) {
      return piece;
    }
    return literal(piece);
  });
  const expression = new RegExp(`^(?:${source})$`, 's');
  filterCache.set(pattern, expression);
  return expression;
}

/** Whether globs select a path (with `/`). The last pattern that matches decides; one with `!` excludes. */
export function selectedByGlobs(path: string, patterns: string[]): boolean {
  let selected = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!');
    const glob = (negative ? pattern.slice(1) : pattern).replace(/^\.\//, '');
    if (globPattern(glob).test(path)) {
      selected = !negative;
    }
  }
  return selected;
}

function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|./gs, (piece) => {
    switch (piece) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return literal(piece);
    }
  });
  // A folder selects everything in it.
  return new RegExp(`^(?:${source})(?:/.*)?$`, 's');
}

function literal(piece: string): string {
  return piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
