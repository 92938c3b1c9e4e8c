import { activityView } from '../views/activity.js';
import { repositoryView } from '../views/repository.js';
import { userView } from '../views/user.js';
import type { Caller } from '../world/accounts.js';
import type { ActivityRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { roleOf } from '../world/rulesets.js';
import { allows, canSee } from '../world/world.js';
import { paginated, type RepositoryRequest, type RestResponse, type Route, reads } from './router.js';

/** Repositories and accounts. */
export const repositoryRoutes: Route[] = [
  reads('', ['metadata'], async ({ world, repository, caller }) => ({
    status: 200,
    body: {
      ...repositoryView(world, repository),
      ...(caller === undefined ? {} : { permissions: permissionsOf(repository, caller) }),
    },
  })),
  reads('/activity', ['contents'], async (request) => {
    const { world, repository, query } = request;
    const ref = query.get('ref');
    const wanted = ref === null ? undefined : ref.replace(/^(?!refs\/)/, 'refs/heads/');
    const is = (key: string, value: string) => !query.has(key) || query.get(key) === value;
    const since = world.now().getTime() - (periods[query.get('time_period') ?? ''] ?? Number.POSITIVE_INFINITY);
    const found = repository.activities
      .filter((activity) => wanted === undefined || activity.ref === wanted)
      .filter(({ type, actor, at }) => is('activity_type', type) && is('actor', actor.login) && at.getTime() >= since);
    const sorted = query.get('direction') === 'asc' ? found : found.toReversed();
    return activityPage(request, sorted);
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

const DAY = 24 * 3_600_000;
const periods: Record<string, number> = {
  ...{ day: DAY, week: 7 * DAY, month: 30 * DAY, quarter: 90 * DAY, year: 365 * DAY },
};

/** A page of activities. GitHub pages them by a cursor, never by a number. */
function activityPage(request: RepositoryRequest, activities: ActivityRecord[]): RestResponse {
  const { world, query, path } = request;
  const size = Math.min(Number(query.get('per_page') ?? 30), 100);
  if (query.has('before')) {
    throw new Refusal(501, 'Activities before a cursor are not supported by the local GitHub');
  }
  const start = activities.findIndex(({ id }) => String(id) === query.get('after')) + 1;
  const shown = activities.slice(start, start + size);
  const next = new URLSearchParams(query);
  next.set('after', String(shown.at(-1)?.id));
  const link = `<${world.apiUrl}${path}?${next}>; rel="next"`;
  const body = shown.map((activity) => activityView(world, activity));
  return { status: 200, body, ...(activities.length > start + size ? { headers: { link } } : {}) };
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

/** What the caller may, as a repository shows it: a person by role, an App by its permissions. */
function permissionsOf(repository: Repository, caller: Caller) {
  const role = roleOf(repository, caller.account);
  const may = (permission: string) => allows(caller, repository, [permission], 'write');
  const admin = role === undefined ? may('administration') : role === 'admin' && may('administration');
  const push = role === undefined ? may('contents') : !['read', 'triage'].includes(role) && may('contents');
  return { admin, maintain: admin || role === 'maintain', push, triage: push || role === 'triage', pull: true };
}
