import { posix } from 'node:path';
import { readJsonBlocks } from '../hcl/json-blocks.js';
import { type ModuleFile, moduleFile, readModuleFile } from './module-file.js';

/** Files of one commit, as far as they are read for roots. */
export interface InfraFiles {
  /** All paths of the repository. */
  paths: readonly string[];
  /** Contents of those that `isConfiguration` names, through links, and of files that give settings of backends. */
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

/** The tool passes over names that begin with a dot. */
const CONFIGURATION = /(?:^|\/)[^./][^/]*\.(?:tf|tofu)(?:\.json)?$/;

/** Folders in which tools keep copies of modules. */
const MADE = /(?:^|\/)(?:\.git|\.terraform|\.terragrunt-(?:cache|stack)|\.external_modules|node_modules)\//;

/** Whether a file is read for roots: of the language, and in no folder that tools make. */
export function isConfiguration(path: string): boolean {
  return CONFIGURATION.test(path) && !MADE.test(path);
}

/** Files whose blocks take the place of those of others. @see https://opentofu.org/docs/language/files/override/ */
const OVERRIDES = /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/;

/** What wins comes first: of files that override the last one by name, and of others `*.tofu`, which stands for a `*.tf` beside it. */
function strongestFirst([one]: readonly [string, string], [other]: readonly [string, string]): number {
  const rank = (path: string) => (OVERRIDES.test(path) ? 0 : /\.tofu(?:\.json)?$/.test(path) ? 1 : 2);
  return rank(one) - rank(other) || (one < other ? -1 : 1) * (rank(one) === 0 ? -1 : 1);
}

/** Reads the modules of a commit. */
export function readModules({ texts, links }: InfraFiles): ModuleTree {
  const files = new Map<string, ModuleFile[]>();
  for (const [path, text] of [...texts].filter(([each]) => isConfiguration(each)).sort(strongestFirst)) {
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
        .flatMap(({ name, source, beginning = '' }) => {
          const path = source ?? beginning;
          const called = /^\.{1,2}(?:\/|$)/.test(path) ? within(folder, path, links) : undefined;
          const isCalled = (other: string) =>
            other !== folder && (called === '.' || `${other}/`.startsWith(`${called}/`));
          const folders = source === undefined ? [...files.keys()].filter(isCalled) : [called ?? []].flat();
          return called === undefined ? [] : folders.map((each) => ({ name, folder: each }));
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
  return throughLinks(joined, links);
}

/** Most links in a row on the way to a file. */
const MOST_LINKS = 10;

/** A path without links on the way to it. */
function throughLinks(path: string, links: ReadonlyMap<string, string>): string {
  let found = path;
  for (let count = 0; count < MOST_LINKS; count++) {
    const parts = found.split('/');
    const length = parts.findIndex((_, index) => links.has(parts.slice(0, index + 1).join('/'))) + 1;
    if (length === 0) {
      break;
    }
    found = posix.join(links.get(parts.slice(0, length).join('/')) ?? '', ...parts.slice(length));
  }
  return found;
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
