import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { pinWorkflow, publishedIn } from './pin-workflow.js';

export const PIN_USAGE = `  ostack pin [--dry-run] [--from URL]

  pin     writes commits in place of tags in .github/workflows, wherever they take something of ostack/actions.
  --from  the repository whose tags count, where yours is a copy`;

const FOLDER = '.github/workflows';

/**
 * Runs `ostack pin` in a checkout.
 *
 * @param folder of the checkout
 * @returns what was written, a line each
 * @throws Error for people: no workflows there, tags that cannot be listed, a name under which nothing is published
 */
export async function runPin(args: readonly string[], folder: string, server: string): Promise<string[]> {
  const options = {
    'dry-run': { type: 'boolean', default: false },
    from: { type: 'string', default: `${server}/ostack/actions` },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  const published = publishedIn(await tagsOf(values.from));
  const said: string[] = [];
  const unknown: string[] = [];
  for (const path of await workflowsIn(folder)) {
    const before = await readFile(join(folder, path), 'utf8');
    const { text, uses } = pinWorkflow(before, published);
    for (const { line, what, ref, pin } of uses) {
      const place = `${path}:${line}: ${what}@${ref}`;
      if (pin === undefined) {
        unknown.push(
          `${place}: ${values.from} has published no version under that name. Write one that it has, such as @v1.`,
        );
      } else {
        said.push(`${place} is ${pin.version}, ${pin.commit}`);
      }
    }
    if (text !== before && !values['dry-run']) {
      await writeFile(join(folder, path), text);
    }
  }
  if (unknown.length > 0) {
    throw new Error([...said, ...unknown].join('\n'));
  }
  return said.length === 0 ? ['Nothing is left to pin.'] : said;
}

async function workflowsIn(folder: string): Promise<string[]> {
  const found = await readdir(join(folder, FOLDER), { withFileTypes: true }).catch(() => []);
  const files = found.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map(({ name }) => name);
  if (files.length === 0) {
    throw new Error(`There are no workflows in ${FOLDER} of ${folder}: run it at the top of a checkout.`);
  }
  return files.sort().map((name) => `${FOLDER}/${name}`);
}

async function tagsOf(url: string): Promise<string> {
  try {
    return (await promisify(execFile)('git', ['ls-remote', '--tags', '--', url])).stdout;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new Error(`The tags of ${url} cannot be listed: ${reason}`);
  }
}
