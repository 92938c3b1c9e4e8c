import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { type GraphqlError, GraphqlErrors } from '../../github/graphql-error.js';
import { binder } from '../../github/repository-reader.js';
import { NEAR_HOMES } from '../layouts/object-files.js';
import { gateCheckOf } from '../policy/gate-check.js';
import type { FolderContent, FolderEntry } from '../tree/cached-tree.js';
import { folderSchema, textOf, toEntries } from '../tree/github-tree.js';
import type { Entry } from '../tree/tree-reader.js';

/** What one first request tells of an ops repository. */
export interface RepositoryState {
  repositoryId: string;
  /** The branch that is deployed from: the default branch, or the one that environments live on. */
  base: string;
  baseOid: string;
  /** Texts of `ostack.yaml` and `.ostack/holds.yaml`, `undefined` where there is none. */
  policyText: string | undefined;
  holdsText: string | undefined;
  root: Entry[];
  /** Folders under `overlays/`. */
  overlays: string[];
  /** What is in the folders at the root that hold objects of reconcilers, two levels deep. */
  homes: FolderContent[];
  autoMergeAllowed: boolean;
  mergeMethods: MergeMethod[];
  /** Whether rules of the base hold a merge back: required checks, reviews, deployments, a merge queue. */
  guarded: boolean;
  /** Whether the gate is one of them: nothing comes to the base but what it has let in. */
  gated: boolean;
  /** Whether a merge queue merges into the base, and nobody else. */
  mergeQueue: boolean;
  /** Ids of the people and teams that exist, by login and slug. */
  users: ReadonlyMap<string, string>;
  teams: ReadonlyMap<string, string>;
  /** What is left of the token's points of GraphQL in this hour; `undefined` where GitHub has no such limit. */
  points?: { remaining: number; resetAt: Date } | undefined;
}

export type MergeMethod = 'SQUASH' | 'MERGE' | 'REBASE';

/** A person or team asked to review. */
export interface Reviewer {
  kind: 'user' | 'team';
  /** Login, or the slug of a team of the ops repository's owner. */
  name: string;
}

/** Who is asked to look at new pull requests. */
export interface People {
  reviewers: readonly Reviewer[];
  assignees: readonly string[];
}

/** Where nobody is asked. */
export const NOBODY: People = { reviewers: [], assignees: [] };

/** Rules of a ruleset that can keep a merge waiting. */
const WAITING_RULES = new Set([
  'CODE_SCANNING',
  'MERGE_QUEUE',
  'PULL_REQUEST',
  'REQUIRED_DEPLOYMENTS',
  'REQUIRED_REVIEW_THREAD_RESOLUTION',
  'REQUIRED_STATUS_CHECKS',
  'REQUIRED_WORKFLOW_STATUS_CHECKS',
  'WORKFLOWS',
]);

/** The selection on a `TreeEntry` that gives a file, with which mode and links are told from text. */
export const PLAIN_FILE = 'mode object { __typename ... on Blob { oid text isBinary isTruncated } }';

/** What `PLAIN_FILE` gives. */
export const plainFileSchema = v.nullable(v.object({ mode: v.number(), object: folderSchema }));
const entriesSchema = v.nullable(v.array(v.object({ name: v.string(), type: v.string() })));
const homeSchema = v.nullable(
  v.object({
    object: v.nullable(
      v.object({
        entries: v.optional(
          v.nullable(
            v.array(
              v.object({
                name: v.string(),
                type: v.string(),
                object: v.nullable(v.object({ entries: v.optional(entriesSchema) })),
              }),
            ),
          ),
        ),
      }),
    ),
  }),
);
const idSchema = v.nullable(v.object({ id: v.string() }));

const ruleSchema = v.object({
  type: v.string(),
  parameters: v.optional(
    v.nullable(v.object({ requiredStatusChecks: v.optional(v.array(v.object({ context: v.string() }))) })),
  ),
});

const repositorySchema = v.object({
  id: v.string(),
  isArchived: v.boolean(),
  autoMergeAllowed: v.boolean(),
  squashMergeAllowed: v.boolean(),
  mergeCommitAllowed: v.boolean(),
  rebaseMergeAllowed: v.boolean(),
  defaultBranchRef: v.nullable(
    v.object({
      name: v.string(),
      refUpdateRule: v.nullable(
        v.object({
          requiredApprovingReviewCount: v.nullable(v.number()),
          requiredStatusCheckContexts: v.nullable(v.array(v.nullable(v.string()))),
          requiresCodeOwnerReviews: v.boolean(),
          requiresConversationResolution: v.boolean(),
        }),
      ),
      rules: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(ruleSchema))) })),
      target: v.looseObject({
        oid: v.string(),
        policy: plainFileSchema,
        holds: plainFileSchema,
        overlays: v.nullable(v.object({ object: v.nullable(v.object({ entries: v.optional(entriesSchema) })) })),
        tree: v.object({ entries: entriesSchema }),
      }),
    }),
  ),
});

type RepositoryAnswer = v.InferOutput<typeof repositorySchema>;

const rateLimitSchema = v.nullish(v.object({ remaining: v.number(), resetAt: v.string() }));

const answerSchema = v.looseObject({ repository: v.nullable(repositorySchema), rateLimit: rateLimitSchema });

/**
 * Reads what every later step needs of an ops repository: one request, and everything of one commit.
 *
 * @param wanted the branch that is meant instead of the default branch
 * @throws GraphqlErrors when the repository cannot be read; Error when it is archived or empty
 */
export async function readRepositoryState(
  github: GitHub,
  { owner, name }: RepositoryName,
  people: People,
  wanted?: string,
): Promise<RepositoryState> {
  const { bind, declarations, variables } = binder({ owner, name });
  const ref = wanted === undefined ? '' : `: ref(qualifiedName: ${bind('String!', `refs/heads/${wanted}`)})`;
  const users = [...new Set([...people.assignees, ...logins(people.reviewers, 'user')])];
  const teams = logins(people.reviewers, 'team');
  const userFields = users.map((login, index) => `u${index}: user(login: ${bind('String!', login)}) { id }`);
  const teamFields = teams.map((slug, index) => `t${index}: team(slug: ${bind('String!', slug)}) { id }`);
  const homeFields = NEAR_HOMES.map(
    (home, index) =>
      `h${index}: file(path: ${JSON.stringify(home)}) { object { ... on Tree { entries { name type object { ... on Tree { entries { name type } } } } } } }`,
  );
  const document = `query OpenOps($owner: String!, $name: String!${declarations()}) {
  repository(owner: $owner, name: $name) {
    id isArchived autoMergeAllowed squashMergeAllowed mergeCommitAllowed rebaseMergeAllowed
    defaultBranchRef${ref} {
      name
      refUpdateRule { requiredApprovingReviewCount requiredStatusCheckContexts requiresCodeOwnerReviews requiresConversationResolution }
      rules(first: 100) { nodes { type parameters { ... on RequiredStatusChecksParameters { requiredStatusChecks { context } } } } }
      target { oid ... on Commit {
        policy: file(path: "ostack.yaml") { ${PLAIN_FILE} }
        holds: file(path: ".ostack/holds.yaml") { ${PLAIN_FILE} }
        overlays: file(path: "overlays") { object { ... on Tree { entries { name type } } } }
        tree { entries { name type } }
        ${homeFields.join('\n        ')}
      } }
    }
  }
  rateLimit { remaining resetAt }
  ${userFields.join(' ')}
  ${teamFields.length === 0 ? '' : `organization(login: $owner) { ${teamFields.join(' ')} }`}
}`;
  const { data, errors } = await github.queryParts(answerSchema, document, variables);
  if (data.repository === null || errors.some(isAboutRepository)) {
    throw new GraphqlErrors(errors);
  }
  const organization = v.is(v.record(v.string(), v.unknown()), data.organization) ? data.organization : {};
  return {
    ...describe(data.repository, `${owner}/${name}`, wanted),
    users: idsByName(users, data, 'u'),
    teams: idsByName(teams, organization, 't'),
    points: data.rateLimit ? { ...data.rateLimit, resetAt: new Date(data.rateLimit.resetAt) } : undefined,
  };
}

/** An error of a person or team leaves that one out; any other makes the whole answer worthless. */
function isAboutRepository({ path }: GraphqlError): boolean {
  return path.length === 0 || path[0] === 'repository';
}

function describe(
  repository: RepositoryAnswer,
  name: string,
  wanted: string | undefined,
): Omit<RepositoryState, 'users' | 'teams' | 'points'> {
  const { defaultBranchRef: branch } = repository;
  if (repository.isArchived) {
    throw new Error(`${name} is archived, so nothing can be changed in it. Unarchive it or name another repository.`);
  }
  if (branch === null && wanted !== undefined) {
    throw new Error(
      `${name} has no branch ${wanted}, where ostack.yaml says that an environment lives. Push it, let materialize write it, or correct "branch" there.`,
    );
  }
  if (branch === null) {
    throw new Error(`${name} is empty. Push a first commit with overlays/<environment>/<app>/kustomization.yaml.`);
  }
  const { target } = branch;
  return {
    repositoryId: repository.id,
    base: branch.name,
    baseOid: target.oid,
    policyText: wholeText(target.policy, 'ostack.yaml'),
    holdsText: wholeText(target.holds, '.ostack/holds.yaml'),
    root: toEntries(target.tree.entries ?? []),
    overlays: toEntries(target.overlays?.object?.entries ?? [])
      .filter(({ type }) => type === 'folder')
      .map((entry) => entry.name),
    homes: homesOf(target),
    autoMergeAllowed: repository.autoMergeAllowed,
    mergeMethods: mergeMethods(repository),
    guarded: isGuarded(branch),
    gated: isGated(branch, gateCheckOf(wanted)),
    mergeQueue: ruleTypes(branch).includes('MERGE_QUEUE'),
  };
}

function homesOf(target: Readonly<Record<string, unknown>>): FolderContent[] {
  return NEAR_HOMES.flatMap((path, index): FolderContent[] => {
    const found = v.parse(homeSchema, target[`h${index}`] ?? null);
    const entries = found?.object?.entries ?? undefined;
    return entries === undefined
      ? []
      : [
          {
            path,
            entries: entries.flatMap(({ name, type, object }): FolderEntry[] =>
              type === 'tree'
                ? [{ name, type: 'folder', entries: toEntries(object?.entries ?? []).map(unread) }]
                : type === 'blob'
                  ? [{ name, type: 'file', text: undefined }]
                  : [],
            ),
          },
        ];
  });
}

function unread({ name, type }: Entry): FolderEntry {
  return type === 'folder' ? { name, type, entries: undefined } : { name, type, text: undefined };
}

/** @throws Error where a file is no plain text that was read whole */
export function wholeText(file: v.InferOutput<typeof plainFileSchema>, path: string): string | undefined {
  if (file === null) {
    return undefined;
  }
  const text = textOf(file.mode, file.object);
  if (text === undefined) {
    throw new Error(`${path} is no plain text file of less than 512 KB, so it cannot be trusted to be read whole.`);
  }
  return text;
}

function isGuarded(branch: NonNullable<RepositoryAnswer['defaultBranchRef']>): boolean {
  const rule = branch.refUpdateRule;
  const classic =
    rule !== null &&
    ((rule.requiredApprovingReviewCount ?? 0) > 0 ||
      (rule.requiredStatusCheckContexts ?? []).length > 0 ||
      rule.requiresCodeOwnerReviews ||
      rule.requiresConversationResolution);
  return classic || ruleTypes(branch).some((type) => WAITING_RULES.has(type));
}

function isGated(
  { rules, refUpdateRule: rule }: NonNullable<RepositoryAnswer['defaultBranchRef']>,
  check: string,
): boolean {
  const ofRulesets = (rules?.nodes ?? []).flatMap((node) => node?.parameters?.requiredStatusChecks ?? []);
  const contexts = [...(rule?.requiredStatusCheckContexts ?? []), ...ofRulesets.map(({ context }) => context)];
  return contexts.includes(check);
}

function ruleTypes({ rules }: NonNullable<RepositoryAnswer['defaultBranchRef']>): string[] {
  return (rules?.nodes ?? []).flatMap((node) => node?.type ?? []);
}

/** Squash first: one commit a deployment is the plainest ledger. */
function mergeMethods(repository: RepositoryAnswer): MergeMethod[] {
  const allowed: [MergeMethod, boolean][] = [
    ['SQUASH', repository.squashMergeAllowed],
    ['MERGE', repository.mergeCommitAllowed],
    ['REBASE', repository.rebaseMergeAllowed],
  ];
  return allowed.filter(([, isAllowed]) => isAllowed).map(([method]) => method);
}

/** People and teams that were named and are not there. */
export function unknownReviewers(
  { users, teams }: RepositoryState,
  { reviewers, assignees }: People,
  repository: string,
): string[] {
  const people = [...assignees, ...reviewers.filter(({ kind }) => kind === 'user').map((reviewer) => reviewer.name)];
  const groups = reviewers.filter(({ kind }) => kind === 'team').map((reviewer) => reviewer.name);
  return [
    ...people.filter((login) => !users.has(login)).map((login) => `There is no user "${login}" to ask.`),
    ...groups
      .filter((slug) => !teams.has(slug))
      .map(
        (slug) => `The owner of ${repository} has no team "${slug}", or the token may not see it ("members: read").`,
      ),
  ];
}

function logins(reviewers: readonly Reviewer[], kind: Reviewer['kind']): string[] {
  return reviewers.filter((reviewer) => reviewer.kind === kind).map((reviewer) => reviewer.name);
}

function idsByName(
  names: readonly string[],
  answer: Readonly<Record<string, unknown>>,
  prefix: string,
): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const found = v.safeParse(idSchema, answer[`${prefix}${index}`]);
    if (found.success && found.output !== null) {
      ids.set(name, found.output.id);
    }
  }
  return ids;
}
