import * as v from 'valibot';
import { fitsBranch } from '../../git/branch-pattern.js';
import type { Bind, RepositoryReader } from '../../github/repository-reader.js';
import type { AskedBranch, ReleaseBranch } from './judge-run.js';

const branchSchema = v.object({
  name: v.string(),
  target: v.nullable(v.object({ oid: v.string() })),
  refUpdateRule: v.nullable(
    v.object({
      allowsDeletions: v.boolean(),
      blocksCreations: v.boolean(),
      requiredApprovingReviewCount: v.nullable(v.number()),
      requiresApprovingReviews: v.optional(v.boolean(), true),
    }),
  ),
  rules: v.nullable(
    v.object({
      nodes: v.nullable(
        v.array(
          v.nullable(
            v.object({
              type: v.string(),
              parameters: v.nullish(v.object({ requiredApprovingReviewCount: v.optional(v.number()) })),
            }),
          ),
        ),
      ),
    }),
  ),
});

type Branch = v.InferOutput<typeof branchSchema>;

/** GitHub shows what an older protection comes to to those that it binds, which administrators are not: they read it itself. */
export type Viewer = 'bound' | 'administrator';

const CLASSIC: Record<Viewer, string> = {
  bound: 'refUpdateRule { allowsDeletions blocksCreations requiredApprovingReviewCount }',
  administrator:
    'refUpdateRule: branchProtectionRule { allowsDeletions blocksCreations requiredApprovingReviewCount requiresApprovingReviews }',
};

const selection = (viewer: Viewer) => `name target { oid } ${CLASSIC[viewer]}
  rules(first: 100) { nodes { type parameters { ... on PullRequestParameters { requiredApprovingReviewCount } } } }`;

const defaultBranch = (viewer: Viewer) => ({
  text: () => `defaultBranchRef { ${selection(viewer)} }`,
  schema: v.nullable(branchSchema),
});

const listSchema = v.nullable(v.object({ nodes: v.array(v.nullable(branchSchema)) }));

/** Most branches of a pattern that are listed. */
const MOST = 100;

/**
 * Reads branches with what keeps people from pushing to them; those that are not there are left out.
 *
 * @param asked without `refs/heads/`; the default branch where there is none
 * @param viewer who the token is, to its repository
 * @throws what a failed request throws
 */
export async function readReleaseBranches(
  reader: RepositoryReader,
  asked: readonly AskedBranch[],
  viewer: Viewer = 'bound',
): Promise<ReleaseBranch[]> {
  const [main, ...found] = await Promise.all([
    reader.load(defaultBranch(viewer)),
    ...asked.map(async ({ name, isFound }) => {
      const text = (bind: Bind) =>
        `ref(qualifiedName: ${bind('String!', `refs/heads/${name}`)}) { ${selection(viewer)} }`;
      return { branch: await reader.load({ text, schema: v.nullable(branchSchema) }), isFound };
    }),
  ]);
  const all = asked.length === 0 ? [{ branch: main, isFound: false }] : found;
  return all.flatMap(({ branch, isFound }) =>
    branch === null ? [] : releaseBranch(branch, isFound, branch.name === main?.name),
  );
}

/** Reads the branches that fit patterns: at most a hundred that are called alike for each. @throws what a failed request throws */
export async function readBranchesBy(
  reader: RepositoryReader,
  patterns: readonly string[],
  viewer: Viewer = 'bound',
): Promise<ReleaseBranch[]> {
  const [main, ...lists] = await Promise.all([
    reader.load(defaultBranch(viewer)),
    ...patterns.map(async (pattern) => {
      const [longest = ''] = pattern.split(/[^\w/.-]+/).sort((one, other) => other.length - one.length);
      const text = (bind: Bind) =>
        `refs(refPrefix: "refs/heads/", first: ${MOST}, query: ${bind('String!', longest)}) { nodes { ${selection(viewer)} } }`;
      const list = await reader.load({ text, schema: listSchema });
      return (list?.nodes ?? []).flatMap((branch) =>
        branch !== null && fitsBranch(pattern, branch.name) ? [branch] : [],
      );
    }),
  ]);
  const byName = new Map(lists.flat().map((branch) => [branch.name, branch]));
  return [...byName.values()].flatMap((branch) => releaseBranch(branch, true, branch.name === main?.name));
}

/**
 * What a branch is worth. Rules that ask for approvals do not keep anybody from making a branch that they hold for: that takes one
 * that restricts creations. A branch that was named before it was there is as good where nobody deletes it, and nobody deletes the
 * default branch.
 */
function releaseBranch(branch: Branch, isFound: boolean, isDefault: boolean): ReleaseBranch[] {
  const { refUpdateRule: classic, rules } = branch;
  const has = (type: string) => rules?.nodes?.some((node) => node?.type === type) === true;
  const noCreation = has('CREATION') || classic?.blocksCreations === true;
  const noDeletion = isDefault || has('DELETION') || classic?.allowsDeletions === false;
  const isMakeable = !noCreation && !(noDeletion && (isDefault || !isFound));
  return branch.target === null
    ? []
    : [{ name: branch.name, oid: branch.target.oid, isReviewed: approvalsOf(branch) > 0, isMakeable }];
}

/** How many approvals a change of a branch takes, by a ruleset or by an older protection. */
function approvalsOf({ refUpdateRule, rules }: Branch): number {
  const ofRulesets = (rules?.nodes ?? []).map((node) => node?.parameters?.requiredApprovingReviewCount ?? 0);
  const classic = refUpdateRule?.requiresApprovingReviews === true ? refUpdateRule.requiredApprovingReviewCount : 0;
  return Math.max(0, classic ?? 0, ...ofRulesets);
}
