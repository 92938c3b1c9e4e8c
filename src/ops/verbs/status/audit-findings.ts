import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { operationIn, tryOperation } from '../../../github/try-operation.js';
import { AUDIT_LABEL } from '../../policy/audit-label.js';
import type { OpenFinding } from './status.js';

/** Issues that are read, in one request. */
const MOST = 100;

const answerSchema = v.object({
  repository: v.object({
    issues: v.object({
      nodes: v.nullable(v.array(v.nullable(v.object({ number: v.number(), title: v.string(), url: v.string() })))),
    }),
  }),
});

/**
 * REST has one list for issues and pull requests, and leaves issues out of it without a word where a token may read pull requests
 * alone: https://docs.github.com/rest/authentication/permissions-required-for-github-apps
 */
const DOCUMENT = `query AuditFindings($owner: String!, $name: String!, $label: String!) {
  repository(owner: $owner, name: $name) {
    issues(first: ${MOST}, labels: [$label], states: OPEN, orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes { number title url }
    }
  }
}`;

/**
 * Reads the open issues of the audit, oldest first: what reached the default branch past the policy and is not settled. Where
 * issues are disabled there are none.
 *
 * @param warnings takes a sentence where they cannot be read, which takes `issues: read`
 * @throws what a failed request throws
 */
export async function openFindings({ github, repository }: Connected, warnings: string[]): Promise<OpenFinding[]> {
  const { owner, name } = repository;
  const answer = await tryOperation(
    operationIn(repository, 'read what the audit found', 'issues: read'),
    () => github.query(answerSchema, DOCUMENT, { owner, name, label: AUDIT_LABEL }),
    (message) => warnings.push(message),
  );
  return (answer?.repository.issues.nodes ?? []).flatMap((issue) => issue ?? []);
}
