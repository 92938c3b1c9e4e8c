import * as v from 'valibot';
import type { RepositoryReader } from '../../../../github/repository-reader.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { PreviewsState } from './read-state.js';
import { LEFT_OUT } from './tree-items.js';

/** What a preview is built from, paths from the root of the repository; `undefined` where nobody knows. */
type Uses = readonly string[] | undefined;

/**
 * Tells whether something that previews are built from differs between the branch of previews and the deployed branch. Nothing does
 * before there is a branch of previews: all move over as they are.
 */
export type IsOvertaken = (uses: readonly Uses[]) => Promise<boolean>;

const objectSchema = v.nullable(v.object({ oid: v.string() }));

/**
 * Compares what previews are built from on both branches by git's ids. Of what is at the root these are known; what is deeper is
 * asked for where the folder at the root that it is in differs, in one request for all that is asked in one tick.
 */
export function comparison({ branch, deployed }: PreviewsState, reader: RepositoryReader): IsOvertaken {
  const { head } = branch;
  if (head === undefined) {
    return async () => false;
  }
  const before = new Map(branch.root.map(({ name, oid }) => [name, oid]));
  const now = new Map(deployed.root.map(({ name, oid }) => [name, oid]));
  const isMoved = (name: string) => !LEFT_OUT.has(name) && before.get(name) !== now.get(name);
  const known = new Map<string, Promise<boolean>>();
  const isOtherwise = async (path: string) => {
    const ids = [head, deployed.oid].map((commit) =>
      reader.load({
        text: (bind) => `object(expression: ${bind('String!', `${commit}:${path}`)}) { oid }`,
        schema: objectSchema,
      }),
    );
    const [one, other] = await Promise.all(ids);
    return one?.oid !== other?.oid;
  };
  const differs = (path: string) => {
    const [root = '', ...deeper] = path.split('/');
    if (deeper.length === 0 || !isMoved(root)) {
      return isMoved(root);
    }
    const answer = known.get(path) ?? isOtherwise(path);
    known.set(path, answer);
    return answer;
  };
  return async (uses) => {
    const paths = uses.some((each) => each === undefined)
      ? [...before.keys(), ...now.keys()]
      : uses.flatMap((each) => each ?? []);
    return (await Promise.all([...new Set(paths)].map(differs))).includes(true);
  };
}

/** Names of the previews that run and are built from something that the deployed branch has otherwise now. */
export async function overtakenPreviews(
  records: readonly PreviewRecord[],
  isOvertaken: IsOvertaken,
): Promise<Set<string>> {
  const running = records.filter((record) => record.state === 'active');
  const found = await Promise.all(running.map(async ({ name, uses }) => ((await isOvertaken([uses])) ? [name] : [])));
  return new Set(found.flat());
}
