/** A published version: the commit of its tag, and the full version that this commit is. */
export interface Published {
  commit: string;
  /** `v1.4.0` */
  version: string;
}

/** What a workflow takes of this project. */
export interface Use {
  line: number;
  /** `ostack/actions/.github/workflows/release.yml` */
  what: string;
  /** What stands after the `@`. */
  ref: string;
  /** What stands there now; `undefined` where nothing is published under that name. */
  pin: Published | undefined;
}

/** The line in our starters that says how to pin what is below it: it goes with the pin. */
export const PIN_HINT = '# By commit instead of a tag that moves: npx --yes github:ostack/actions#v1 pin';

const USE = /^(\s*(?:-\s+)?uses:\s*)(["']?)(ostack\/actions(?:\/[\w./-]+)?)@([\w./-]+)\2(\s*(?:#.*)?)$/;

/**
 * Writes commits in place of tags wherever a workflow takes something of this project, with the version as a comment, as Dependabot
 * and Renovate read it. Everything else stays byte for byte.
 *
 * @param published what stands under the name of a tag
 * @returns the text, and what it takes that was no commit yet
 */
export function pinWorkflow(
  text: string,
  published: (tag: string) => Published | undefined,
): { text: string; uses: Use[] } {
  const uses: Use[] = [];
  const lines = text.split('\n').map((line, index) => {
    const end = line.endsWith('\r') ? '\r' : '';
    const [, start = '', , what = '', ref = '', rest = ''] = USE.exec(line.slice(0, line.length - end.length)) ?? [];
    if (what === '' || /^[0-9a-f]{40}$/.test(ref)) {
      return line;
    }
    const pin = published(ref);
    uses.push({ line: index + 1, what, ref, pin });
    const said = rest.trim() === '' ? '' : ` ${rest.trim()}`;
    return pin === undefined ? line : `${start}${what}@${pin.commit} # ${pin.version}${said}${end}`;
  });
  const isHint = (line: string | undefined) => line?.trim() === PIN_HINT;
  const kept = lines.filter((line, index) => !(isHint(line) && / # v\d/.test(lines[index + 1] ?? '')));
  return { text: kept.join('\n'), uses };
}

const LINE = /^([0-9a-f]{40})\trefs\/tags\/(v[\w.-]+?)(\^\{\})?$/;

/** Reads what `git ls-remote --tags` prints. @returns what stands under the name of a tag */
export function publishedIn(listing: string): (tag: string) => Published | undefined {
  const commits = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const [, commit, tag, isPeeled] = LINE.exec(line) ?? [];
    if (commit !== undefined && tag !== undefined && (isPeeled !== undefined || !commits.has(tag))) {
      commits.set(tag, commit);
    }
  }
  const versions = new Map(
    [...commits].flatMap(([tag, commit]) => (/^v\d+\.\d+\.\d+$/.test(tag) ? [[commit, tag]] : [])),
  );
  return (tag) => {
    const commit = commits.get(tag);
    const version = commit === undefined ? undefined : versions.get(commit);
    return commit === undefined || version === undefined ? undefined : { commit, version };
  };
}
