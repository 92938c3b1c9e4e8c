import * as v from 'valibot';
import { isBranchPattern } from '../../git/branch-pattern.js';
import { isExplainedRefusal } from '../../github/errors.js';
import { type RepositoryReader, repositoryReader } from '../../github/repository-reader.js';
import type { ReleaseBranch } from '../../ops/evidence/judge-run.js';
import { readBranchesBy, readReleaseBranches, type Viewer } from '../../ops/evidence/release-branches.js';
import { appsRepository } from '../../ops/evidence/run-evidence.js';
import type { Policy } from '../../ops/policy/policy.js';
import { type Asking, askIfThere } from './ask.js';
import { asksForEvidence, evidenceSources } from './evidence-findings.js';
import { GATE_WORKFLOW } from './gate-caller.js';
import type { EvidenceSourceState, EvidenceState, OpsState } from './state.js';

/** Reads what evidence needs, where the policy asks for some: a request, and one for each repository that it names. */
export async function readEvidence(asking: Asking, { head }: OpsState, policy: Policy): Promise<EvidenceState> {
  const wanted = evidenceSources(policy);
  if (wanted.length === 0 || head === undefined) {
    return { isAsked: undefined, sources: [] };
  }
  const how = { doing: 'read the workflow of the gate', permission: 'contents: read' };
  const route = `GET /repos/${asking.repository}/contents/${GATE_WORKFLOW}?ref=${head}` as const;
  const [file, sources] = await Promise.all([
    askIfThere(asking, route, v.object({ content: v.string() }), how),
    Promise.all(
      wanted.map(async ({ repository, branches }) => ({
        repository,
        ...(await readSource(asking, repository, branches)),
      })),
    ),
  ]);
  const text = file && Buffer.from(file.content, 'base64').toString('utf8');
  return { isAsked: text === undefined ? undefined : asksForEvidence(text), sources };
}

async function readSource(
  { github }: Asking,
  repository: string,
  names: readonly string[],
): Promise<Omit<EvidenceSourceState, 'repository'>> {
  try {
    const reader = repositoryReader(github, appsRepository(github, repository).repository, 'ReleaseBranches');
    const [branches, isPrivate, administers] = await Promise.all([
      readBranches(reader, names, 'bound'),
      reader.load({ text: () => 'isPrivate', schema: v.boolean() }),
      reader.load({ text: () => 'viewerCanAdminister', schema: v.boolean() }),
    ]);
    const isOpen = branches.some(({ isReviewed, isMakeable }) => !isReviewed || isMakeable);
    const isPublic = !isPrivate;
    return {
      branches: administers && isOpen ? await readBranches(reader, names, 'administrator') : branches,
      isPublic,
    };
  } catch (error) {
    if (isExplainedRefusal(error)) {
      return { branches: undefined, isPublic: false };
    }
    throw error;
  }
}

/** The branches of names and patterns. */
async function readBranches(
  reader: RepositoryReader,
  names: readonly string[],
  viewer: Viewer,
): Promise<ReleaseBranch[]> {
  const patterns = names.filter(isBranchPattern);
  const plain = names.filter((name) => !isBranchPattern(name)).map((name) => ({ name, isFound: false }));
  const [named, found] = await Promise.all([
    plain.length === 0 && patterns.length > 0 ? [] : readReleaseBranches(reader, plain, viewer),
    patterns.length === 0 ? [] : readBranchesBy(reader, patterns, viewer),
  ]);
  return [...named, ...found.filter(({ name }) => !named.some((each) => each.name === name))];
}
