import { parseRemote } from '../kustomize/remote.js';
import type { GitSource, Layout } from '../overlays/layout.js';
import { mapAt, nameOf } from '../reconcilers/fields.js';
import { textAt } from '../yaml/values.js';
import type { ObjectFiles } from './object-files.js';

/** The layout with the git repositories that objects of Flux name, as far as objects were looked at. */
export function withGitSources(layout: Layout, { files }: ObjectFiles): Layout {
  const found = files.flatMap(({ objects }) =>
    objects.flatMap((object): GitSource[] => {
      const spec = textAt(object, 'kind') === 'GitRepository' ? mapAt(object, 'spec') : undefined;
      const url = (spec && textAt(spec, 'url')) ?? '';
      return url === '' ? [] : [{ name: nameOf(object) ?? '', repository: addressOf(url) }];
    }),
  );
  return found.length === 0 ? layout : { ...layout, gitSources: found };
}

/** A repository by any spelling of its address: `owner/name` in small letters. */
function addressOf(url: string): string {
  return (parseRemote(url)?.repository ?? url).toLowerCase();
}
