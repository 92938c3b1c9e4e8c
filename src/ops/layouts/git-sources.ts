import { parseRemote } from '../kustomize/remote.js';
import type { GitSource, Layout } from '../overlays/layout.js';
import { gitRepositoryOf } from '../reconcilers/flux/source.js';
import type { ObjectFiles } from './object-files.js';

/** The layout with the git repositories that objects of Flux name, as far as objects were looked at. */
export function withGitSources(layout: Layout, { files }: ObjectFiles): Layout {
  const found = files.flatMap(({ objects }) =>
    objects.flatMap((object): GitSource[] => {
      const source = gitRepositoryOf(object);
      return source === undefined ? [] : [{ name: source.name, repository: addressOf(source.url) }];
    }),
  );
  return found.length === 0 ? layout : { ...layout, gitSources: found };
}

/** A repository by any spelling of its address: `owner/name` in small letters. */
function addressOf(url: string): string {
  return (parseRemote(url)?.repository ?? url).toLowerCase();
}
