import * as v from 'valibot';
import { BRANCH, PERSON, type PreviewStage, type TestPull } from './support.js';

const treeSchema = v.object({ tree: v.array(v.object({ path: v.string(), type: v.string() })) });

/** Gives every pull request the files of the first one's preview, under its own name: as many runs would have made them. */
export async function copyPreview({ ops, rest }: PreviewStage, [first, ...others]: readonly TestPull[]): Promise<void> {
  const { tree } = v.parse(treeSchema, await rest('GET', `/repos/acme/ops/git/trees/${BRANCH}?recursive=1`));
  const files: Record<string, string> = {};
  for (const { path } of tree.filter((entry) => entry.type === 'blob' && /\bpr-1\b/.test(entry.path))) {
    const text = (await ops.read(BRANCH, path)) ?? '';
    for (const { number, head } of others) {
      const own = (part: string) => part.replace(/\bpr-1\b/g, `pr-${number}`).replaceAll(first?.head ?? '', head);
      files[own(path)] = own(text).replace(/^( +number): 1$/m, `$1: ${number}`);
    }
  }
  await ops.commit(BRANCH, files, 'the others', PERSON);
}
