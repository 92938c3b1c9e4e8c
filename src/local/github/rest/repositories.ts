import { activityView } from '../views/activity.js';
import { repositoryView } from '../views/repository.js';
import { userView } from '../views/user.js';
import type { Caller } from '../world/accounts.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { allows, canSee } from '../world/world.js';
import { paginated, type Route, reads } from './router.js';

/** Repositories and accounts. */
export const repositoryRoutes: Route[] = [
  reads('', ['metadata'], async ({ world, repository, caller }) => ({
    status: 200,
    body: {
      ...repositoryView(world, repository),
      ...(caller === undefined ? {} : { permissions: rightsOf(caller, repository) }),
    },
  })),
  reads('/activity', ['contents'], async (request) => {
    const { world, repository, query } = request;
    const ref = query.get('ref');
    const wanted = ref === null ? undefined : ref.replace(/^(?!refs\/)/, 'refs/heads/');
    const type = query.get('activity_type');
    const found = repository.activities.filter(
      (activity) => (wanted === undefined || activity.ref === wanted) && (type === null || activity.type === type),
    );
    const sorted = query.get('direction') === 'asc' ? found : found.toReversed();
    return paginated(request, sorted, (activity) => activityView(world, activity));
  }),
  {
    method: 'GET',
    template: '/users/{username}',
    async handle({ world, params }) {
      const account = world.accounts.find(params.username ?? '');
      if (account === undefined) {
        throw notFound();
      }
      return { status: 200, body: { ...userView(world, account), ...profile } };
    },
  },
  {
    method: 'GET',
    template: '/rate_limit',
    async handle({ world }) {
      const limit = { limit: 5000, remaining: 4999, used: 1, reset: Math.floor(world.now().getTime() / 1000) + 3600 };
      return { status: 200, body: { resources: { core: limit, search: limit, graphql: limit }, rate: limit } };
    },
  },
  {
    method: 'GET',
    template: '/user',
    async handle({ world, caller }) {
      if (caller === undefined) {
        throw new Refusal(401, 'Requires authentication');
      }
      if (caller.account.type === 'Bot') {
        throw new Refusal(403, 'Resource not accessible by integration');
      }
      return { status: 200, body: { ...userView(world, caller.account), ...profile } };
    },
  },
  {
    method: 'GET',
    template: '/installation/repositories',
    async handle(request) {
      const { world, caller } = request;
      const all = [...world.repositories.values()].filter((repository) => canSee(caller, repository));
      const wrap = (repositories: unknown[]) => ({ total_count: all.length, repositories });
      return paginated(request, all, (repository) => repositoryView(world, repository), wrap);
    },
  },
];

/** What the token may do with the repository; a token that nothing restricts is an administrator's. */
function rightsOf(caller: Caller, repository: Repository) {
  const may = (permission: string) => allows(caller, repository, [permission], 'write');
  const [admin, push, triage] = [may('administration'), may('contents'), may('issues')];
  return { admin, maintain: admin, push, triage, pull: true };
}

const profile = {
  name: null,
  company: null,
  blog: '',
  location: null,
  email: null,
  hireable: null,
  bio: null,
  public_repos: 0,
  public_gists: 0,
  followers: 0,
  following: 0,
  created_at: '2020-01-01T00:00:00Z',
  updated_at: '2020-01-01T00:00:00Z',
};
