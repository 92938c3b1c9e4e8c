import { describe, expect, test } from '@jest/globals';
import { at, graphql, rest, stageWith } from './support.js';

const app = '/repos/acme/app';
const seen = `{ repository(owner: "acme", name: "app") { pullRequest(number: 1) {
  latestOpinionatedReviews(first: 9) { nodes { state author { __typename login } commit { oid } } }
  writers: latestOpinionatedReviews(first: 9, writersOnly: true) { nodes { author { login } } }
  reviews(first: 9) { nodes { state } } } } }`;

/** A pull request of ada's, and people who review it. */
async function opened() {
  const { stage, repository } = await stageWith({ a: 'a\n' });
  const first = await repository.commit('topic', { b: 'b\n' }, 'feat: b');
  const as = (login: string) => stage.github.issueToken({ actor: login });
  await rest(stage, `POST ${app}/pulls`, { title: 'B', head: 'topic', base: 'main' }, as('ada'));
  const review = async (login: string, body: object) => {
    const answer = await rest(stage, `POST ${app}/pulls/1/reviews`, body, as(login));
    return { status: answer.status, body: answer.body, error: at(answer.body, 'errors', 0) };
  };
  const look = async (login = 'octocat') =>
    at({ text: JSON.stringify((await graphql(stage, seen, {}, as(login))).data) }, 'text');
  return { stage, repository, first, as, review, look };
}

describe('reviews', () => {
  test('are known by state, author, kind of author and commit, the newest that says something of each', async () => {
    const { stage, repository, first, review, look } = await opened();
    await using _stage = stage;
    await review('bob', { event: 'APPROVE' });
    const head = await repository.commit('topic', { c: 'c\n' }, 'feat: c');
    await review('bob', { event: 'COMMENT', body: 'Hm' });
    await review('robot[bot]', { event: 'APPROVE', commit_id: head });
    await review('carol', { event: 'REQUEST_CHANGES', body: 'No', commit_id: first });
    const opinions = [
      `{"state":"APPROVED","author":{"__typename":"User","login":"bob"},"commit":{"oid":"${first}"}}`,
      `{"state":"APPROVED","author":{"__typename":"Bot","login":"robot"},"commit":{"oid":"${head}"}}`,
      `{"state":"CHANGES_REQUESTED","author":{"__typename":"User","login":"carol"},"commit":{"oid":"${first}"}}`,
    ];
    expect(await look()).toContain(`"latestOpinionatedReviews":{"nodes":[${opinions.join(',')}]}`);
  });

  test('that are dismissed stay, and permit nothing any more', async () => {
    const { stage, repository, review, look } = await opened();
    await using _stage = stage;
    repository.ruleset('guard', { target: 'branch', include: ['~DEFAULT_BRANCH'], rules: { requiredApprovals: 1 } });
    const { body } = await review('bob', { event: 'APPROVE' });
    const dismissed = await rest(stage, `PUT ${app}/pulls/1/reviews/${at(body, 'id')}/dismissals`, { message: 'Old' });
    expect(dismissed.body).toMatchObject({ state: 'DISMISSED' });
    expect(await look()).toContain('"latestOpinionatedReviews":{"nodes":[{"state":"DISMISSED"');
    expect((await rest(stage, `PUT ${app}/pulls/1/merge`)).status).toBe(405);
    const again = await rest(stage, `PUT ${app}/pulls/1/reviews/${at(body, 'id')}/dismissals`, { message: 'Old' });
    expect([again.status, at(again.body, 'errors', 0)]).toEqual([
      422,
      'Can not dismiss a dismissed pull request review',
    ]);
  });

  test('of those who may not write do not count', async () => {
    const { stage, repository, review, look } = await opened();
    await using _stage = stage;
    repository.ruleset('guard', { target: 'branch', include: ['~DEFAULT_BRANCH'], rules: { requiredApprovals: 1 } });
    repository.role('guest', 'read');
    await review('guest', { event: 'APPROVE' });
    expect(await look()).toContain('"writers":{"nodes":[]}');
    expect((await rest(stage, `PUT ${app}/pulls/1/merge`)).status).toBe(405);
    await review('bob', { event: 'APPROVE' });
    expect((await rest(stage, `PUT ${app}/pulls/1/merge`)).status).toBe(200);
  });

  test('that are pending are seen by their author alone until they are submitted', async () => {
    const { stage, as, review, look } = await opened();
    await using _stage = stage;
    const { body } = await review('bob', { body: 'So far' });
    expect(body).toMatchObject({ state: 'PENDING' });
    expect([await look('bob'), await look('carol')]).toEqual([
      expect.stringContaining('"reviews":{"nodes":[{"state":"PENDING"}]}'),
      expect.stringContaining('"reviews":{"nodes":[]}'),
    ]);
    const submit = (login: string) =>
      rest(stage, `POST ${app}/pulls/1/reviews/${at(body, 'id')}/events`, { event: 'APPROVE' }, as(login));
    expect((await submit('carol')).status).toBe(404);
    expect((await submit('bob')).body).toMatchObject({ state: 'APPROVED', body: 'So far' });
    expect((await submit('bob')).status).toBe(422);
  });

  test.each([
    ['the author', 'ada', { event: 'APPROVE' }, 'Can not approve your own pull request'],
    ['the author', 'ada', { event: 'REQUEST_CHANGES' }, 'Can not request changes on your own pull request'],
    [
      'a workflow',
      'github-actions[bot]',
      { event: 'APPROVE' },
      'GitHub Actions is not permitted to approve pull requests.',
    ],
    [
      'anybody, of another commit',
      'bob',
      { event: 'APPROVE', commit_id: 'a'.repeat(40) },
      'Commit is not part of the pull request',
    ],
  ])('are refused from %s (%s)', async (_name, login, body, error) => {
    const { stage, review } = await opened();
    await using _stage = stage;
    expect(await review(login, body)).toMatchObject({ status: 422, error });
  });
});

describe('the activity of a branch', () => {
  test('tells who pushed, forced, merged and by which way, page by page', async () => {
    const { stage, repository, first, as } = await opened();
    await using _stage = stage;
    const main = (await repository.refs())['refs/heads/main'];
    await rest(stage, `PATCH ${app}/git/refs/heads/topic`, { sha: main, force: true }, as('eve'));
    await rest(stage, `PATCH ${app}/git/refs/heads/topic`, { sha: first }, as('bob'));
    await rest(stage, `POST ${app}/pulls`, { title: 'B', head: 'topic', base: 'main' }, as('ada'));
    expect((await rest(stage, `PUT ${app}/pulls/2/merge`, {}, as('carol'))).status).toBe(200);
    const list = async (query: string) => {
      const { body, headers } = await rest(stage, `GET ${app}/activity?${query}`);
      const lines = Array.isArray(body)
        ? body.map((each: unknown) => `${at(each, 'activity_type')} ${at(each, 'actor', 'login')}`)
        : [];
      return { lines, next: /after=(\d+)/.exec(headers.get('link') ?? '')?.[1] };
    };
    expect((await list('ref=refs/heads/topic')).lines).toEqual([
      'push bob',
      'force_push eve',
      'branch_creation octocat',
    ]);
    expect((await list('ref=main')).lines).toEqual(['pr_merge carol']);
    expect((await list('ref=main&time_period=day&actor=carol')).lines).toEqual(['pr_merge carol']);
    const page = await list('ref=topic&per_page=2');
    expect(page.lines).toEqual(['push bob', 'force_push eve']);
    expect(await list(`ref=topic&per_page=2&after=${page.next}`)).toEqual({
      lines: ['branch_creation octocat'],
      next: undefined,
    });
  });

  test('tells a merge of the queue from one by hand', async () => {
    const { stage, repository, as } = await opened();
    await using _stage = stage;
    repository.ruleset('queue', {
      target: 'branch',
      include: ['~DEFAULT_BRANCH'],
      rules: { mergeQueue: { method: 'squash' } },
    });
    const { body } = await rest(stage, `GET ${app}/pulls/1`);
    const enqueue = 'mutation($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { clientMutationId } }';
    await graphql(stage, enqueue, { id: at(body, 'node_id') }, as('ada'));
    for (let count = 0; count < 4; count++) {
      await rest(stage, `GET ${app}`);
    }
    expect((await rest(stage, `GET ${app}/activity?ref=main`)).body).toMatchObject([
      { activity_type: 'merge_queue_merge', actor: { login: 'github-merge-queue[bot]' } },
    ]);
  });
});

test.each(['merge', 'squash', 'rebase'])(
  'every commit that a %s brings to its base is of the pull request',
  async (merge_method) => {
    const { stage, repository, as } = await opened();
    await using _stage = stage;
    await repository.commit('topic', { c: 'c\n' }, 'feat: c');
    await repository.commit('main', { d: 'd\n' }, 'feat: d');
    expect((await rest(stage, `PUT ${app}/pulls/1/merge`, { merge_method }, as('carol'))).status).toBe(200);
    const commits = await repository.log('main');
    const numbers = await Promise.all(
      commits.map(async ({ sha }) => {
        const { body } = await rest(stage, `GET ${app}/commits/${sha}/pulls`);
        return Array.isArray(body) ? body.map((each: unknown) => at(each, 'number')) : [];
      }),
    );
    const brought = merge_method === 'rebase' ? 2 : 1;
    expect(numbers).toEqual([...Array.from({ length: brought }, () => ['1']), [], []]);
  },
);

describe('people', () => {
  test('have a role in a repository, and members of a team are shown to those who may read them', async () => {
    const { stage, repository, as } = await opened();
    await using _stage = stage;
    repository.role('guest', 'triage');
    const role = async (login: string) =>
      at((await rest(stage, `GET ${app}/collaborators/${login}/permission`)).body, 'role_name');
    expect([await role('guest'), await role('ada'), await role('octocat')]).toEqual(['triage', 'write', 'admin']);
    stage.github.setTeam('acme/leads', ['bob']);
    const members = async (token: string) =>
      (await rest(stage, 'GET /orgs/acme/teams/leads/members', undefined, token)).status;
    const app1 = stage.github.issueToken({ actor: 'gate[bot]', permissions: { contents: 'read' } });
    const app2 = stage.github.issueToken({ actor: 'gate[bot]', permissions: { members: 'read' } });
    expect([await members(app1), await members(app2), await members(as('ada'))]).toEqual([403, 200, 200]);
    expect((await rest(stage, 'GET /orgs/acme/teams/leads/memberships/ada')).status).toBe(404);
  });
});
