import { userView } from '../views/user.js';
import type { Account, Team } from '../world/accounts.js';
import { notFound, Refusal } from '../world/refusal.js';
import { roleOf } from '../world/rulesets.js';
import { inaccessible } from '../world/world.js';
import { paginated, type RestRequest, type RestResponse, type Route, reads } from './router.js';

/** What a role comes to in GitHub's older words. */
const permissions = { admin: 'admin', maintain: 'write', write: 'write', triage: 'read', read: 'read' } as const;

/** Who may what: roles in a repository, and members of teams. */
export const peopleRoutes: Route[] = [
  reads('/collaborators/{username}/permission', ['metadata'], async ({ world, repository, params }) => {
    const account = demandAccount(world.accounts.find(params.username ?? ''));
    const role = roleOf(repository, account);
    const user = { ...userView(world, account), role_name: role ?? 'none' };
    const permission = role === undefined ? 'none' : permissions[role];
    return { status: 200, body: { permission, role_name: role ?? 'none', user } };
  }),
  ofTeam('/members', async (request, team) =>
    paginated(request, team.members, (member) => userView(request.world, member)),
  ),
  ofTeam('/memberships/{username}', async ({ world, params }, team) => {
    const account = demandAccount(world.accounts.find(params.username ?? ''));
    if (!team.members.includes(account)) {
      throw notFound();
    }
    const url = `${world.apiUrl}/orgs/${params.org}/teams/${params.team_slug}/memberships/${account.login}`;
    return { status: 200, body: { url, role: 'member', state: 'active' } };
  }),
];

/** A route of a team, which a token reads with `members: read`. */
function ofTeam(template: string, handle: (request: RestRequest, team: Team) => Promise<RestResponse>): Route {
  return {
    method: 'GET',
    template: `/orgs/{org}/teams/{team_slug}${template}`,
    async handle(request) {
      const { world, caller, params } = request;
      if (caller === undefined) {
        throw new Refusal(401, 'Requires authentication');
      }
      if (caller.permissions !== undefined && caller.permissions.members === undefined) {
        throw inaccessible(caller);
      }
      const team = world.accounts.teamNamed(`${params.org}/${params.team_slug}`);
      if (team === undefined) {
        throw notFound();
      }
      return handle(request, team);
    },
  };
}

function demandAccount(account: Account | undefined): Account {
  if (account === undefined) {
    throw notFound();
  }
  return account;
}
