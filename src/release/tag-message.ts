/** Content of the message of a release tag. */
export interface TagMessage {
  app: string;
  version: string;
  /** Tag of the release before. */
  previous: string | undefined;
  /** Git's id of the app's folder at the released commit: equal ids, equal sources. */
  tree: string;
}

/**
 * The message of a release tag: a title, and git trailers.
 *
 * @see https://git-scm.com/docs/git-interpret-trailers
 */
export function tagMessage({ app, version, previous, tree }: TagMessage): string {
  const trailers = [
    `Ostack-App: ${app}`,
    `Ostack-Version: ${version}`,
    ...(previous === undefined ? [] : [`Ostack-Previous: ${previous}`]),
    `Ostack-Tree: ${tree}`,
  ];
  return `${app} ${version}\n\n${trailers.join('\n')}\n`;
}

/** Whether the message of a tag is one of `tagMessage`: a release made by this project, not one from before. */
export function isReleaseTag(message: string): boolean {
  return /^Ostack-Version: \S+$/m.test(message);
}
