import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import { operationIn } from '../../github/try-operation.js';
import { commitTree, makeTree, pauseBefore } from '../../ops/tree/tree-commit.js';
import {
  type HashLedger,
  type KeptHash,
  LEDGER_BRANCH,
  ledgerFile,
  readHashLedger,
  withDeleted,
  withHashes,
} from './hash-ledger.js';

/** An attempt fails only when another run has written, so all runs together always get on. */
const ATTEMPTS = 40;

const TEXT = '... on Blob { text isTruncated }';
const fileSchema = v.nullable(v.object({ text: v.nullish(v.string()), isTruncated: v.optional(v.boolean()) }));

/**
 * Writes the hashes of what is kept in the space into git, on a branch of its own: whoever has the space then cannot change what
 * is in it unseen. The branch only grows, which a ruleset against force pushes holds it to.
 *
 * It takes `contents: write`, so it is for jobs that run no code of a pull request.
 *
 * @returns whether something was written; not where all was there
 * @throws Error where git has another hash of one of them, or GitHub refuses
 */
export function recordHashes(to: Connected, kept: readonly KeptHash[]): Promise<boolean> {
  const files = new Map<string, KeptHash[]>();
  for (const each of kept) {
    const file = ledgerFile(each.key.slice(0, each.key.lastIndexOf('/')));
    files.set(file, [...(files.get(file) ?? []), each]);
  }
  return writeFiles(to, [...files.keys()], (file, text) => withHashes(text, files.get(file) ?? []), {
    headline: kept.length === 1 ? `Keep ${kept[0]?.key}` : `Keep ${kept.length} objects`,
    body: '',
  });
}

/** Writes down that plans are kept no longer, before they are deleted. @throws Error where GitHub refuses */
export function recordDeletions(to: Connected, prefixes: readonly string[]): Promise<boolean> {
  const files = new Map<string, string[]>();
  for (const prefix of prefixes) {
    files.set(ledgerFile(prefix), [...(files.get(ledgerFile(prefix)) ?? []), prefix]);
  }
  return writeFiles(to, [...files.keys()], (file, text) => withDeleted(text, files.get(file) ?? []), {
    headline: prefixes.length === 1 ? `Keep ${prefixes[0]} no longer` : `Keep ${prefixes.length} plans no longer`,
    body: '',
  });
}

const treeSchema = v.object({
  truncated: v.boolean(),
  tree: v.array(v.object({ path: v.string(), type: v.string() })),
});

/**
 * All that git says of plans.
 *
 * @returns empty where nobody has written any hashes yet
 */
export function readHashes(from: Connected): Promise<HashLedger> {
  const read = operationIn(from.repository, `read the branch ${LEDGER_BRANCH}`, 'contents: read');
  return attempt(read, async () => {
    const reader = repositoryReader(from.github, from.repository, 'ReadHashes');
    const { head, tree } = await readFiles(reader, []);
    const files = tree === undefined ? [] : await filesIn(from, tree);
    const texts = await Promise.all(files.map((file) => textOf(reader, `${head}:${file}`)));
    const ledgers = texts.map(readHashLedger);
    return {
      hashes: new Map(ledgers.flatMap(({ hashes }) => [...hashes])),
      deleted: new Set(ledgers.flatMap(({ deleted }) => [...deleted])),
    };
  });
}

async function filesIn({ github, repository }: Connected, tree: string): Promise<string[]> {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    ...{ owner: repository.owner, repo: repository.name, tree_sha: tree, recursive: '1' },
  });
  const found = v.parse(treeSchema, data);
  if (found.truncated) {
    throw new Error(`GitHub gives no whole list of the branch ${LEDGER_BRANCH}, which has the hashes of plans.`);
  }
  return found.tree.filter(({ path, type }) => type === 'blob' && path.endsWith('.sha256')).map(({ path }) => path);
}

async function writeFiles(
  to: Connected,
  files: readonly string[],
  change: (file: string, text: string) => string | undefined,
  message: { headline: string; body: string },
): Promise<boolean> {
  const read = operationIn(to.repository, `read the branch ${LEDGER_BRANCH}`, 'contents: read');
  let reason = '';
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const reader = repositoryReader(to.github, to.repository, 'RecordHashes');
    const { id, head, tree, texts } = await attempt(read, () => readFiles(reader, files));
    const changed = files.flatMap((path) => {
      const content = change(path, texts.get(path) ?? '');
      return content === undefined ? [] : [{ path, mode: '100644' as const, type: 'blob' as const, content }];
    });
    if (changed.length === 0) {
      return false;
    }
    const tip = { repositoryId: id, branch: LEDGER_BRANCH, head, operation: 'RecordHashes' };
    const done = await commitTree(to, tip, () => makeTree(to, changed, tree), message);
    if ('oid' in done) {
      return true;
    }
    if ('refused' in done) {
      throw new Error(
        `The rules of ${nameOf(to)} refuse a commit on ${LEDGER_BRANCH}, where the hashes of plans are kept: ${done.refused}. Let whoever applies write that branch.`,
      );
    }
    reason = done.reason;
    await pauseBefore(attempts);
  }
  throw new Error(`The branch ${LEDGER_BRANCH} of ${nameOf(to)} kept changing (${reason}). Run it again.`);
}

const targetSchema = v.objectWithRest(
  { oid: v.string(), tree: v.object({ oid: v.string() }) },
  v.nullable(v.object({ object: fileSchema })),
);
const tipSchema = v.nullable(v.object({ target: targetSchema }));

interface LedgerFiles {
  /** Of the repository. */
  id: string;
  head: string | undefined;
  tree: string | undefined;
  texts: ReadonlyMap<string, string>;
}

/** One request, of one commit: a text of a newer one, written on an older, would take back what came between. */
async function readFiles(reader: RepositoryReader, files: readonly string[]): Promise<LedgerFiles> {
  const ref = `refs/heads/${LEDGER_BRANCH}`;
  const [id, tip] = await Promise.all([
    reader.load({ text: () => 'id', schema: v.string() }),
    reader.load({
      text: (bind) => {
        const texts = files.map((file, at) => `f${at}: file(path: ${bind('String!', file)}) { object { ${TEXT} } }`);
        return `ref(qualifiedName: ${bind('String!', ref)}) { target { oid ... on Commit { tree { oid } ${texts.join(' ')} } } }`;
      },
      schema: tipSchema,
    }),
  ]);
  if (tip === null) {
    return { id, head: undefined, tree: undefined, texts: new Map() };
  }
  const { oid, tree, ...found } = tip.target;
  const texts = files.map((file, at) => [file, wholeText(found[`f${at}`]?.object ?? null, file)] as const);
  return { id, head: oid, tree: tree.oid, texts: new Map(texts) };
}

async function textOf(reader: RepositoryReader, expression: string): Promise<string> {
  const found = await reader.load({
    text: (bind) => `object(expression: ${bind('String!', expression)}) { ${TEXT} }`,
    schema: fileSchema,
  });
  return wholeText(found, expression);
}

/** @param what the file, for people; empty where there is none */
function wholeText(found: v.InferOutput<typeof fileSchema>, what: string): string {
  if (found !== null && (found.isTruncated === true || typeof found.text !== 'string')) {
    throw new Error(`GitHub gives no whole text of ${what}, which has hashes of plans.`);
  }
  return found?.text ?? '';
}
