import * as v from 'valibot';
import type { RepositoryReader } from '../../../../../src/github/repository-reader.js';
import { PREVIEW_NAME } from '../../../../../src/ops/preview-records/name.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import type { TreeItem } from '../../../../../src/ops/tree/tree-commit.js';
import type { PreviewsState, TreeEntry } from '../../../../../src/ops/verbs/previews/branch/read-state.js';
import type { Files } from '../support.js';

/** Both branches as objects of texts; an id is all that it stands for, so that a tree made of ids can be read again. */
export function stateOf(deployed: Files, branch: Files | undefined): PreviewsState {
  const there = branch ?? {};
  const objects = entriesIn(deployed, 'clusters/staging/previews').map(({ name }) => name);
  const isObject = (name: string) => PREVIEW_NAME.test(name.replace('.yaml', ''));
  return {
    branch: {
      ...{ name: 'ostack/previews', head: branch === undefined ? undefined : 'b'.repeat(40) },
      root: entriesIn(there, ''),
      previews: entriesIn(there, 'previews'),
      records: entriesIn(there, 'previews/records'),
      clusters: new Map(
        entriesIn(there, 'previews/clusters').map(({ name }) => [name, entriesIn(there, `previews/clusters/${name}`)]),
      ),
      ...{ tree: objectTree(there), cached: undefined },
    },
    deployed: {
      ...{ name: 'main', oid: 'd'.repeat(40), tree: objectTree(deployed) },
      root: entriesIn(deployed, ''),
      previews: entriesIn(deployed, 'previews'),
      records: entriesIn(deployed, '.ostack/previews'),
      objects: new Map([
        [
          'staging',
          {
            names: objects.filter(isObject).map((name) => name.replace('.yaml', '')),
            others: objects.filter((name) => !isObject(name)),
          },
        ],
      ]),
    },
  };
}

function entriesIn(files: Files, folder: string): TreeEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = Object.entries(files).filter(([path]) => path.startsWith(prefix));
  const names = [...new Set(inside.map(([path]) => path.slice(prefix.length).split('/')[0] ?? ''))];
  return names.map((name) => {
    const text = files[prefix + name];
    return text === undefined
      ? { name, type: 'tree', mode: '040000', oid: idOf(files, prefix + name) }
      : { name, type: 'blob', mode: '100644', oid: text };
  });
}

/** The id of a folder: the texts in it by path. */
export function idOf(files: Files, folder: string): string {
  const inside = Object.entries(files).filter(([path]) => path.startsWith(`${folder}/`));
  return JSON.stringify(Object.fromEntries(inside.map(([path, text]) => [path.slice(folder.length + 1), text])));
}

/** The files of a tree made of items. */
export function filesOf(items: readonly TreeItem[]): Files {
  return Object.fromEntries(
    items.flatMap((item) => {
      if (!('sha' in item)) {
        return [[item.path, item.content]];
      }
      return item.type === 'tree'
        ? Object.entries(JSON.parse(item.sha)).map(([path, text]) => [`${item.path}/${path}`, String(text)])
        : [[item.path, item.sha]];
    }),
  );
}

/** Reads ids of what is at a path of either branch. @param asked grows by the paths */
export function readerOf(deployed: Files, branch: Files, asked: string[]): RepositoryReader {
  return {
    async load({ text, schema }) {
      let expression = '';
      text((_type, value) => {
        expression = String(value);
        return '$v';
      });
      const [commit = '', path = ''] = expression.split(':');
      asked.push(path);
      const id = idOf(commit === 'd'.repeat(40) ? deployed : branch, path);
      return v.parse(schema, id === '{}' ? null : { oid: id });
    },
  };
}
