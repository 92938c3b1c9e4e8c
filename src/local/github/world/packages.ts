/** A package in GitHub's registry for containers. */
export interface KeptPackage {
  /** Login of whom it belongs to. */
  owner: string;
  /** `previews/web` */
  name: string;
  /** What the jobs of repositories may do with it, by their full names. */
  roles: Map<string, 'read' | 'write' | 'admin'>;
  versions: Map<number, { id: number; digest: string; tags: string[] }>;
}
