/** The error messages that the YAML of workflows and actions gives by itself. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDERS = ['.github/workflows', 'actions'];
const ERROR = /::error(?: [^:]*)?::(.*)"$/gm;
const HELP = /%0AHelp: \S+$/;

/** One message, where it stands. */
export interface WorkflowMessage {
  path: string;
  /** With `…` for what differs, and without its link. */
  message: string;
  /** The link that it ends with, empty where it has none. */
  help: string;
}

/** @param root the project's root folder */
export async function workflowMessages(root: string): Promise<WorkflowMessage[]> {
  const names = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => `${folder}/${name}`),
    ),
  );
  const paths = names.flat().filter((path) => path.endsWith('.yml'));
  const found = await Promise.all(
    paths.sort().map(async (path) => {
      const text = await readFile(join(root, path), 'utf8');
      return [...text.matchAll(ERROR)].map(([, said = '']) => ({
        path,
        message: said.replace(HELP, '').replaceAll('\\"', '"').replace(/\$\w+/g, '…'),
        help: HELP.exec(said)?.[0].slice('%0AHelp: '.length) ?? '',
      }));
    }),
  );
  return found.flat();
}
