import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import { isRequestFailure } from '../../github/errors.js';
import { Cursor, pageOf } from '../../github/page.js';
import type { PolicyEnvironment } from '../policy/policy.js';
import type { ApproverLogins } from './approvals.js';
import type { Approvals } from './judge.js';

const membersSchema = v.object({
  organization: v.nullable(
    v.object({
      team: v.nullable(
        v.object({
          members: pageOf(v.object({ login: v.string() })),
        }),
      ),
    }),
  ),
});

const DOCUMENT = `query TeamMembers($login: String!, $slug: String!, $after: String) {
  organization(login: $login) { team(slug: $slug) { members(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { login } } } }
}`;

/** Logins of the members of a team; `undefined` where the token cannot see it. */
export type TeamReader = (team: string) => Promise<readonly string[] | undefined>;

/**
 * Reads the members of teams, `owner/team`, each team once.
 *
 * @param github with a token that may read members
 */
export function teamReader(github: GitHub): TeamReader {
  const known = new Map<string, Promise<readonly string[] | undefined>>();
  return (team) => {
    const reading = known.get(team) ?? readMembers(github, team);
    known.set(team, reading);
    return reading;
  };
}

async function readMembers(github: GitHub, team: string): Promise<readonly string[] | undefined> {
  const [login = '', slug = ''] = team.split('/');
  const members: string[] = [];
  const cursor = new Cursor(`the members of ${team}`);
  try {
    for (;;) {
      const variables = { login, slug, after: cursor.after };
      const { organization }: v.InferOutput<typeof membersSchema> = await github.query(
        membersSchema,
        DOCUMENT,
        variables,
      );
      const page = organization?.team?.members;
      if (page === undefined) {
        return undefined;
      }
      members.push(...(page.nodes ?? []).flatMap((node) => (node === null ? [] : [node.login])));
      if (!cursor.goOn(page.pageInfo)) {
        return members;
      }
    }
  } catch (error) {
    if (isRequestFailure(error)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * The approvers among those who approved a change, or who requested changes. Teams are read only where somebody did.
 *
 * @param approvers logins, or teams as `owner/team`
 * @param opinions logins of all who approved or requested changes
 */
export async function approvalsOf(
  approvers: readonly string[],
  { approvedBy, refusedBy }: { approvedBy: readonly string[]; refusedBy: readonly string[] },
  members: TeamReader,
): Promise<Approvals> {
  const known = new Set<string>();
  const unseen: string[] = [];
  const someoneSpoke = approvedBy.length + refusedBy.length > 0;
  for (const approver of someoneSpoke ? approvers : []) {
    const logins = approver.includes('/') ? await members(approver) : [approver];
    if (logins === undefined) {
      unseen.push(approver);
    }
    for (const login of logins ?? []) {
      known.add(login.toLowerCase());
    }
  }
  const problem =
    unseen.length === 0
      ? undefined
      : `This token cannot see who is in ${unseen.join(', ')}: give "members-token" a GitHub App's with "members: read".`;
  const isApprover = (login: string) => known.has(login.toLowerCase());
  return { given: approvedBy.filter(isApprover), refused: refusedBy.filter(isApprover), problem };
}

/** Who the approvers of an environment are now: logins, and those in its teams. */
export async function approverLogins(members: TeamReader, { approvers }: PolicyEnvironment): Promise<ApproverLogins> {
  const known = await Promise.all(
    approvers.map(async (approver) => ({
      approver,
      logins: approver.includes('/') ? await members(approver) : [approver],
    })),
  );
  return {
    logins: known.flatMap(({ logins }) => logins ?? []),
    unseen: known.filter(({ logins }) => logins === undefined).map(({ approver }) => approver),
  };
}
