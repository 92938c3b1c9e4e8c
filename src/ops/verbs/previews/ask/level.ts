import * as v from 'valibot';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { explain } from '../../../../github/errors.js';
import { readFailure } from '../../../../github/failure.js';

const rulesSchema = v.array(v.object({ type: v.string() }));
const A_PAGE = 100;

/**
 * Whether only somebody whom its rules name may move the branch of previews, so that it is asked for instead. Anybody who may read the
 * repository is told these rules, also of a branch that is not there yet.
 *
 * @throws Error for people when they cannot be read
 * @see https://docs.github.com/rest/repos/rules#get-rules-for-a-branch
 */
export async function isGuarded(ops: Connected, branch: string): Promise<boolean> {
  const { owner, name: repo } = ops.repository;
  for (let page = 1; ; page++) {
    try {
      const { data } = await ops.github.octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
        ...{ owner, repo, branch, per_page: A_PAGE, page },
      });
      const rules = v.parse(rulesSchema, data);
      if (rules.some(({ type }) => type === 'update')) {
        return true;
      }
      if (rules.length < A_PAGE) {
        return false;
      }
    } catch (error) {
      // GitHub's words where a private repository has a plan without rulesets: nothing guards it there.
      const failure = readFailure(error);
      if (failure?.status === 403 && /upgrade to github/i.test(failure.message)) {
        return false;
      }
      const operation = { doing: `read the rules of ${branch}`, repository: nameOf(ops), permission: 'metadata: read' };
      throw explain(error, operation);
    }
  }
}
