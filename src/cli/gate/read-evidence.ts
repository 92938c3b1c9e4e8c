import * as v from 'valibot';
import { isBranchPattern } from '../../git/branch-pattern.js';
import { isExplainedRefusal } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { readBranchesBy, readReleaseBranches } from '../../ops/evidence/release-branches.js';
import { appsRepository } from '../../ops/evidence/run-evidence.js';
import type { Policy } from '../../ops/policy/policy.js';
import { type Asking, askIfThere } from './ask.js';
import { asksForEvidence, type EvidenceSourceState, type EvidenceState, evidenceSources } from './evidence-findings.js';
import type { OpsState } from './state.js';

const GATE_WORKFLOW = '.github/workflows/ops-gate.yml';

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
  const patterns = names.filter(isBranchPattern);
  const plain = names.filter((name) => !isBranchPattern(name)).map((name) => ({ name, isFound: false }));
  try {
    const reader = repositoryReader(github, appsRepository(github, repository).repository, 'ReleaseBranches');
    const [named, found, isPrivate] = await Promise.all([
      plain.length === 0 && patterns.length > 0 ? [] : readReleaseBranches(reader, plain),
      patterns.length === 0 ? [] : readBranchesBy(reader, patterns),
      reader.load({ text: () => 'isPrivate', schema: v.boolean() }),
    ]);
    const branches = [...named, ...found.filter(({ name }) => !named.some((each) => each.name === name))];
    return { branches, isPublic: !isPrivate };
  } catch (error) {
    if (isExplainedRefusal(error)) {
      return { branches: undefined, isPublic: false };
    }
    throw error;
  }
}
