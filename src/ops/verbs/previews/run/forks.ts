import * as v from 'valibot';
import type { Connected } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { operationIn } from '../../../../github/try-operation.js';
import { readPushes } from '../../../ledger/read-pushes.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { mayWrite } from './may-write.js';

const eventSchema = v.object({
  createdAt: v.string(),
  __typename: v.string(),
  label: v.optional(v.nullable(v.object({ name: v.string() }))),
  actor: v.optional(v.nullable(v.object({ __typename: v.string(), login: v.string() }))),
});
const pullSchema = v.object({
  headRefOid: v.string(),
  headRefName: v.string(),
  headRepository: v.nullable(v.object({ owner: v.object({ login: v.string() }), name: v.string() })),
  labels: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ name: v.string() })))) })),
  timelineItems: v.object({ nodes: v.nullable(v.array(v.nullable(eventSchema))) }),
});
const answerSchema = v.object({ repository: v.object({ pullRequest: pullSchema }) });

const DOCUMENT = `query ForkLabel($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid headRefName headRepository { name owner { login } }
      labels(first: 100) { nodes { name } }
      timelineItems(last: 100, itemTypes: [LABELED_EVENT]) {
        nodes { __typename ... on LabeledEvent { createdAt actor { __typename login } label { name } } }
      }
    }
  }
}`;

/**
 * Checks whether a pull request from a fork may have a preview: the policy has to allow it, and somebody with write access
 * has to add a label after its last commit was pushed. The fork chooses the dates in its commits, so the time of the push
 * is taken from the fork's activity, which GitHub records.
 *
 * @param pull its number and the full id of the commit that the preview is for
 * @param label name of the label
 * @returns why it may not, for people: one or more sentences; `undefined` when it may
 * @throws Error for people when labels or pushes cannot be read
 * @see https://docs.github.com/rest/repos/repos#list-repository-activities
 */
export async function forkProblem(
  apps: Connected,
  pull: { number: number; head: string },
  forks: PreviewPolicy['forks'],
  label: string,
): Promise<string | undefined> {
  const { number, head } = pull;
  const subject = `Pull request #${number} comes from a fork`;
  if (forks !== 'labelled') {
    return (
      `${subject}, and the policy gives forks no previews. Its tests run without secrets; ` +
      'set "previews.forks: labelled" in the ops repository to give it a preview when a maintainer labels it.'
    );
  }
  const { owner, name } = apps.repository;
  const operation = operationIn(apps.repository, `read the labels of #${number}`, 'pull-requests: read');
  const answer = await attempt(operation, () => apps.github.query(answerSchema, DOCUMENT, { owner, name, number }));
  const found = answer.repository.pullRequest;
  const again = `Review the commit ${head.slice(0, 7)} and add the label "${label}" (again).`;
  if (found.headRefOid !== head) {
    return `${subject} and is at ${found.headRefOid.slice(0, 7)} now, while this run is for ${head.slice(0, 7)}: the label counts for one commit only.`;
  }
  if (!(found.labels?.nodes ?? []).some((each) => each?.name === label)) {
    return `${subject} and has no label "${label}". ${again}`;
  }
  const event = (found.timelineItems.nodes ?? []).findLast((each) => each?.label?.name === label);
  const labelled = event?.createdAt;
  const pushed = await pushTime(apps, found, head);
  if (pushed === undefined) {
    return `${subject}, and GitHub does not show when ${head.slice(0, 7)} was pushed, so nobody knows whether the label is for it. ${again}`;
  }
  // Both times are whole seconds: in the same second nobody knows which came first.
  if (labelled === undefined || new Date(labelled) <= pushed) {
    return `${subject}, and its label "${label}" is not younger than the commit ${head.slice(0, 7)}: it counts for the commit that it was added to. ${again}`;
  }
  const { __typename: kind, login: who } = event?.actor ?? {};
  // A bot's name is without its "[bot]" here, so it may be that of a person.
  if (who === undefined || kind !== 'User' || !(await mayWrite(apps, who))) {
    return (
      `${subject}, and its label "${label}" was added by ${who ?? 'nobody that GitHub knows'}, who may not write to ` +
      `${owner}/${name}: it counts where a person who may has added it. ${again}`
    );
  }
  return undefined;
}

/** When the commit was pushed to the head's branch; `undefined` where GitHub does not show it. */
async function pushTime(
  { github }: Connected,
  { headRepository, headRefName }: v.InferOutput<typeof pullSchema>,
  head: string,
): Promise<Date | undefined> {
  if (headRepository === null) {
    return undefined;
  }
  const owner = headRepository.owner.login;
  const { name } = headRepository;
  const pushes = await readPushes({ github, repository: { owner, name } }, headRefName, () => false, 1);
  return pushes.find(({ after }) => after === head)?.at;
}
