import * as v from 'valibot';
import type { RepositoryReader } from '../../github/repository-reader.js';
import type { ReleaseBranch } from './judge-run.js';

const branchSchema = v.nullable(
  v.object({
    name: v.string(),
    target: v.nullable(v.object({ oid: v.string() })),
    refUpdateRule: v.nullable(v.object({ requiredApprovingReviewCount: v.nullable(v.number()) })),
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
  }),
);

const SELECTION = `name target { oid } refUpdateRule { requiredApprovingReviewCount }
  rules(first: 100) { nodes { type parameters { ... on PullRequestParameters { requiredApprovingReviewCount } } } }`;

/**
 * Reads branches with what keeps people from pushing to them; those that are not there are left out.
 *
 * @param names without `refs/heads/`; the default branch where there is none
 * @throws what a failed request throws
 */
export async function readReleaseBranches(
  reader: RepositoryReader,
  names: readonly string[],
): Promise<ReleaseBranch[]> {
  const found = await Promise.all(
    names.length === 0
      ? [reader.load({ text: () => `defaultBranchRef { ${SELECTION} }`, schema: branchSchema })]
      : names.map((name) =>
          reader.load({
            text: (bind) => `ref(qualifiedName: ${bind('String!', `refs/heads/${name}`)}) { ${SELECTION} }`,
            schema: branchSchema,
          }),
        ),
  );
  return found.flatMap((branch) =>
    branch === null || branch.target === null
      ? []
      : [{ name: branch.name, oid: branch.target.oid, isReviewed: approvalsOf(branch) > 0 }],
  );
}

/** How many approvals a change of a branch takes, by a ruleset or by an older protection. */
function approvalsOf({ refUpdateRule, rules }: NonNullable<v.InferOutput<typeof branchSchema>>): number {
  const ofRulesets = (rules?.nodes ?? []).map((node) => node?.parameters?.requiredApprovingReviewCount ?? 0);
  return Math.max(0, refUpdateRule?.requiredApprovingReviewCount ?? 0, ...ofRulesets);
}

/** Whether a branch fits a pattern, in which `*` stands for any text without a slash. */
export function fitsBranch(pattern: string, branch: string): boolean {
  const [parts, names] = [pattern.split('/'), branch.split('/')];
  return (
    parts.length === names.length &&
    parts.every((part, index) => part.split('*').length - 1 <= 1 && fitsPart(part, names[index] ?? ''))
  );
}

function fitsPart(part: string, name: string): boolean {
  const [start = '', end] = part.split('*');
  return end === undefined
    ? part === name
    : name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
