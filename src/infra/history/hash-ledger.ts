/** The branch of the infra repository that has the hashes of what is kept in the space. */
export const LEDGER_BRANCH = 'ostack-plans';

/** An object that is kept, and its hash. */
export interface KeptHash {
  /** Its key: `plans/<root>/<time>-<commit>/record.json`. */
  key: string;
  /** In hexadecimal. */
  sha256: string;
}

/** What a file of the ledger says. */
export interface HashLedger {
  /** Hashes by key. */
  hashes: ReadonlyMap<string, string>;
  /** Prefixes of plans that retention has deleted, or was about to. */
  deleted: ReadonlySet<string>;
}

/** Begins the line of a plan that is kept no longer: a comment for `sha256sum`. */
const DELETED = '# kept no longer: ';

/**
 * The file of the ledger that has the hashes of a plan: one a root and month, so that none grows without an end.
 *
 * @param prefix `plans/<root>/<time>-<commit>`
 */
export function ledgerFile(prefix: string): string {
  const end = prefix.lastIndexOf('/');
  const stamp = prefix.slice(end + 1);
  return `${prefix.slice(0, end)}/${stamp.slice(0, 4)}-${stamp.slice(4, 6)}.sha256`;
}

/** Reads a file of the ledger, which `sha256sum --check` reads too. Other lines say nothing. */
export function readHashLedger(text: string): HashLedger {
  const hashes = new Map<string, string>();
  const deleted = new Set<string>();
  for (const line of text.split('\n')) {
    const [, sha256 = '', key = ''] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
    // The first one counts: what comes after may be of whoever changed the space.
    if (key !== '' && !hashes.has(key)) {
      hashes.set(key, sha256);
    }
    if (line.startsWith(DELETED)) {
      deleted.add(line.slice(DELETED.length));
    }
  }
  return { hashes, deleted };
}

/**
 * A file of the ledger with more hashes.
 *
 * @returns `undefined` where it has all of them
 * @throws Error where it has another hash of one: what is kept is written once
 */
export function withHashes(text: string, added: readonly KeptHash[]): string | undefined {
  const { hashes } = readHashLedger(text);
  const other = added.find(({ key, sha256 }) => hashes.has(key) && hashes.get(key) !== sha256);
  if (other !== undefined) {
    throw new Error(
      `The branch ${LEDGER_BRANCH} has another hash of ${other.key} (${hashes.get(other.key)}) than is to be written (${other.sha256}): what is kept is written once, so one of them was changed.`,
    );
  }
  const fresh = added.filter(({ key }) => !hashes.has(key)).map(({ key, sha256 }) => `${sha256}  ${key}`);
  return appended(text, fresh);
}

/** A file of the ledger that says of plans that they are kept no longer. @returns `undefined` where it says so of all */
export function withDeleted(text: string, prefixes: readonly string[]): string | undefined {
  const { deleted } = readHashLedger(text);
  return appended(
    text,
    prefixes.filter((prefix) => !deleted.has(prefix)).map((prefix) => `${DELETED}${prefix}`),
  );
}

function appended(text: string, lines: readonly string[]): string | undefined {
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return lines.length === 0 ? undefined : `${before}${[...new Set(lines)].join('\n')}\n`;
}
