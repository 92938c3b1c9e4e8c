import { environmentPolicy, type Policy } from '../../ops/policy/policy.js';
import { says } from './gate-caller.js';
import type { EvidenceSourceState, EvidenceState, GateState } from './state.js';

/** The repositories that build images by the policy, and whose runs the ops App reads only where it is installed. */
export function privateSources(evidence: EvidenceState | undefined): string[] {
  const sources = evidence?.sources ?? [];
  return [...new Set(sources.filter(({ isPublic }) => !isPublic).map(({ repository }) => repository))];
}

/** A finding that opens nothing: what lacks evidence stays out. */
interface EvidenceFinding {
  weight: 'note';
  text: string;
  mend: string;
}

/** What builds images by the policy: repositories with the branches that a rule names, none for the default branch. */
export function evidenceSources(policy: Policy): { repository: string; branches: readonly string[] }[] {
  const rules = policy.environments.flatMap(({ name }) => environmentPolicy(policy, name).images ?? []);
  const all = rules.flatMap(({ builtBy }) =>
    builtBy === undefined ? [] : [{ repository: builtBy.repository, branches: builtBy.branches }],
  );
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** Whether a workflow calls that of the gate with `evidence: true`. @returns `undefined` where it calls it in no way that is known */
export function asksForEvidence(workflow: string): boolean | undefined {
  return says(workflow, 'evidence');
}

/** What keeps images out that the policy would let in. @param server `https://github.com` */
export function evidenceFindings(
  { evidence, repository, apps }: Pick<GateState, 'evidence' | 'repository' | 'apps'>,
  server: string,
): EvidenceFinding[] {
  const { isAsked, sources = [] } = evidence ?? {};
  const { owner, name, defaultBranch } = repository;
  const app = apps.ops;
  const found: EvidenceFinding[] = [];
  const names = privateSources(evidence).join(' and ');
  if (names !== '' && isAsked !== true) {
    const lacks = isAsked === false ? 'does not say' : 'does not show whether it says';
    found.push({
      weight: 'note',
      text: `The gate lets no image in that has to be built in ${names}, because ops-gate.yml ${lacks} "evidence: true".`,
      mend: `${server}/${owner}/${name}/edit/${defaultBranch}/.github/workflows/ops-gate.yml`,
    });
  }
  if (names !== '' && app?.installed === 'selected') {
    found.push({
      weight: 'note',
      text: `GitHub tells nobody but ${app.slug} on which repositories it is installed, and it reads runs of ${names} where it is. Look whether that is among them, or let setup ask with a new key (--new-key ops).`,
      mend: `${server}/apps/${app.slug}/installations/new`,
    });
  }
  return [...found, ...sources.flatMap((source) => branchFindings(source, server))];
}

function branchFindings({ repository, branches }: EvidenceSourceState, server: string): EvidenceFinding[] {
  const rules = `${server}/${repository}/settings/rules`;
  if (branches === undefined) {
    return [
      {
        weight: 'note',
        text: `Nothing tells this token whether the release branches of ${repository} take an approval. One that does not proves nothing.`,
        mend: rules,
      },
    ];
  }
  if (branches.length === 0) {
    return [
      {
        weight: 'note',
        text: `Nothing proves an image of ${repository}, because it has no such release branch.`,
        mend: rules,
      },
    ];
  }
  return branches
    .filter(({ isReviewed, isMakeable }) => !isReviewed || isMakeable)
    .map(({ name, isReviewed }) => ({
      weight: 'note' as const,
      text: isReviewed
        ? `Nothing proves an image that is built on ${name} of ${repository}, because whoever may write can make a branch of that name of what nobody approved: restrict creations in a ruleset.`
        : `Nothing proves an image that is built on ${name} of ${repository}, because a change of that branch takes no approval.`,
      mend: rules,
    }));
}
