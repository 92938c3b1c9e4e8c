/**
 * All open pull requests of one apps repository. A list that could not be read whole is left out: it is never an empty one.
 */
export interface OpenPullRequests {
  /** `owner/name`. */
  repository: string;
  /** When the list was requested. It changes nothing that a record says of a later time. */
  listedAt: Date;
  /** Whether the repository has a workflow that listens to commands. */
  commands?: boolean | undefined;
  /** Name of its default branch, where that is known. */
  defaultBranch?: string | undefined;
  /** `head` is the full id of a pull request's last commit; `fork` is set where its branch is in another repository. */
  open: readonly { number: number; head: string; fork?: true }[];
}

/** Whether two `owner/name` mean one repository: GitHub ignores case. */
export function sameRepositoryName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The list of one repository, `undefined` where it was not read. */
export function listOf(lists: readonly OpenPullRequests[], repository: string): OpenPullRequests | undefined {
  return lists.find((list) => sameRepositoryName(list.repository, repository));
}
