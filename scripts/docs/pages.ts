import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isReusable, SECOND_NAMES } from '../../src/local/published-tree.js';
import { checkExample } from './example.js';
import { readAction, readWorkflow } from './metadata.js';
import { type ActionPage, actionPage, indexPage, type WorkflowPage, workflowPage } from './render.js';

/** Where the pages are. */
export const FOLDER = 'action-docs';

/**
 * Makes every reference page.
 *
 * @param root the project's root folder
 * @returns file name in `action-docs` to content
 * @throws Error naming the file and what its page needs, or the example that no longer fits its action
 */
export async function referencePages(root: string): Promise<Map<string, string>> {
  const actions = await readActions(root);
  const workflows = await readWorkflows(root);
  return new Map([
    ['README.md', indexPage(actions, workflows)],
    ...actions.map((action) => [`${action.name}.md`, actionPage(action)] as const),
    ...workflows.map((workflow) => [`workflow-${workflow.name}.md`, workflowPage(workflow)] as const),
  ]);
}

async function readActions(root: string): Promise<ActionPage[]> {
  const pages: ActionPage[] = [];
  for (const name of await list(join(root, 'actions'))) {
    const file = `actions/${name}/action.yml`;
    const metadata = readAction(await readFile(join(root, file), 'utf8'), file);
    const otherNames = SECOND_NAMES[name] ?? [];
    const examplePath = `${FOLDER}/examples/${name}.yml`;
    const example = await readOptional(join(root, examplePath));
    pages.push({ name, otherNames, metadata, example });
  }
  const known = new Map(pages.flatMap((page) => [page.name, ...page.otherNames].map((name) => [name, page.metadata])));
  for (const { name, example } of pages) {
    checkExample(example ?? '', `${FOLDER}/examples/${name}.yml`, known);
  }
  return pages;
}

async function readWorkflows(root: string): Promise<WorkflowPage[]> {
  const pages: WorkflowPage[] = [];
  for (const entry of await list(join(root, '.github', 'workflows'))) {
    const file = `.github/workflows/${entry}`;
    const source = await readFile(join(root, file), 'utf8');
    if (isReusable(source)) {
      const starter = await findStarter(root, entry);
      pages.push({ name: basename(entry, '.yml'), metadata: readWorkflow(source, file), starter });
    }
  }
  return pages;
}

/** The starter of the same file name, in the folder of whichever repository role it is for. */
async function findStarter(root: string, entry: string): Promise<WorkflowPage['starter']> {
  for (const role of await list(join(root, 'workflows'))) {
    const path = `workflows/${role}/${entry}`;
    const text = await readOptional(join(root, path));
    if (text !== undefined) {
      return { path, text };
    }
  }
  return undefined;
}

async function list(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
