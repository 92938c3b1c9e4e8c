import * as v from 'valibot';
import { isExplainedRefusal } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import type { ReleaseBranch } from '../../ops/evidence/judge-run.js';
import { readReleaseBranches } from '../../ops/evidence/release-branches.js';
import { appsRepository } from '../../ops/evidence/run-evidence.js';
import type { Policy } from '../../ops/policy/policy.js';
import { type Asking, askIfThere } from './ask.js';
import { asksForEvidence, type EvidenceState, evidenceSources } from './evidence-findings.js';
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
        branches: await branchesOf(asking, repository, branches),
      })),
    ),
  ]);
  const text = file && Buffer.from(file.content, 'base64').toString('utf8');
  return { isAsked: text === undefined ? undefined : asksForEvidence(text), sources };
}

async function branchesOf(
  { github }: Asking,
  repository: string,
  names: readonly string[],
): Promise<ReleaseBranch[] | undefined> {
  const plain = names.filter((name) => !name.includes('*'));
  if (plain.length === 0 && names.length > 0) {
    return undefined;
  }
  try {
    const apps = appsRepository(github, repository);
    return await readReleaseBranches(repositoryReader(github, apps.repository, 'ReleaseBranches'), plain);
  } catch (error) {
    if (isExplainedRefusal(error)) {
      return undefined;
    }
    throw error;
  }
}
