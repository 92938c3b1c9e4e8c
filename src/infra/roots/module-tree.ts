import { posix } from 'node:path';
import { readJsonBlocks } from '../hcl/json-blocks.js';
import { type ModuleFile, moduleFile, readModuleFile } from './module-file.js';

/** Files of one commit, as far as they are read for roots. */
export interface InfraFiles {
  /** All paths of the repository. */
  paths: readonly string[];
  /** Contents of those that `isConfiguration` names, through links. */
  texts: ReadonlyMap<string, string>;
  /** Where links of the repository lead, as paths of the repository; those that lead elsewhere are not among them. */
  links: ReadonlyMap<string, string>;
}

/** A folder with files of the language. */
export interface Module {
  folder: string;
  files: readonly ModuleFile[];
  /** Folders of the repository that it calls as modules, by the name of the call. */
  calls: readonly { name: string; folder: string }[];
}

/** All folders with files of the language, by their path; the repository's own is `.`. */
export type ModuleTree = ReadonlyMap<string, Module>;

const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;

/** Whether a file is read for roots: of the language, and in no folder that tools make. */
export function isConfiguration(path: string): boolean {
  return CONFIGURATION.test(path) && !/(?:^|\/)(?:\.[^/]*|node_modules)\//.test(path);
}

/** Reads the modules of a commit. */
export function readModules({ texts, links }: InfraFiles): ModuleTree {
  const files = new Map<string, ModuleFile[]>();
  for (const [path, text] of texts) {
    const folder = posix.dirname(path);
    files.set(folder, [
      ...(files.get(folder) ?? []),
      path.endsWith('.json') ? moduleFile(readJsonBlocks(text)) : readModuleFile(text),
    ]);
  }
  return new Map(
    [...files].map(([folder, own]) => {
      const calls = own
        .flatMap((file) => file.calls)
        .flatMap(({ name, source }) => {
          const called =
            source === undefined || !/^\.{1,2}(?:\/|$)/.test(source) ? undefined : within(folder, source, links);
          return called === undefined ? [] : [{ name, folder: called }];
        });
      return [folder, { folder, files: own, calls }];
    }),
  );
}

/** A relative path as one of the repository, `.` for its root; nothing where it leads out of it. */
export function within(folder: string, path: string, links: ReadonlyMap<string, string>): string | undefined {
  const joined = posix.normalize(posix.join(folder, path)).replace(/\/$/, '');
  if (joined === '..' || joined.startsWith('../')) {
    return undefined;
  }
  return links.get(joined) ?? joined;
}

/** The folders of a root: its own, and those of all modules of the repository that it calls, directly or not. */
export function foldersOf(tree: ModuleTree, root: string): Set<string> {
  const folders = new Set([root]);
  for (const folder of folders) {
    for (const call of tree.get(folder)?.calls ?? []) {
      folders.add(call.folder);
    }
  }
  return folders;
}
