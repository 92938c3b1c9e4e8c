import { History } from '../git/history.js';
import type { ObjectStore } from '../git/objects.js';
import type { RefStore } from '../git/refs.js';
import type { Created } from '../git/seed.js';
import type { Account } from './accounts.js';
import type {
  ActivityRecord,
  ArtifactRecord,
  CheckRunRecord,
  CommentRecord,
  DeploymentRecord,
  EnvironmentRecord,
  IssueRecord,
  KeptRuleset,
  LabelRecord,
  MergeMethod,
  NamedValue,
  Protection,
  PullRecord,
  ReleaseRecord,
  Role,
  RunRecord,
  StatusRecord,
} from './records.js';
import { takeSnapshot } from './snapshot.js';
import type { World } from './world.js';

export interface RepositorySettings {
  private: boolean;
  archived: boolean;
  allowAutoMerge: boolean;
  mergeMethods: ReadonlySet<MergeMethod>;
  deleteBranchOnMerge: boolean;
  /** What the token of a workflow may when its file does not say, and whether it may approve pull requests. */
  workflowToken: { writes: boolean; approves: boolean };
  /** The plan of its owner: on `free` a private repository has no rulesets. */
  plan: 'free' | 'paid';
}

/** One repository: a bare git repository, and its pull requests, releases, checks and so on. */
export class Repository {
  readonly defaultBranch: string;
  readonly objects: ObjectStore;
  readonly refs: RefStore;
  readonly history: History;

  readonly labels = new Map<string, LabelRecord>();
  readonly issues = new Map<number, IssueRecord>();
  readonly pulls = new Map<number, PullRecord>();
  readonly comments = new Map<number, CommentRecord>();
  readonly releases = new Map<number, ReleaseRecord>();
  /** Oldest first. */
  readonly activities: ActivityRecord[] = [];
  readonly statuses: StatusRecord[] = [];
  readonly checkRuns: CheckRunRecord[] = [];
  /** Ids of check suites, by what they are of. */
  readonly checkSuites = new Map<string, number>();
  readonly deployments = new Map<number, DeploymentRecord>();
  readonly environments = new Map<string, EnvironmentRecord>();
  /** Of Actions, by their names in capitals. */
  readonly secrets = new Map<string, NamedValue>();
  readonly variables = new Map<string, NamedValue>();
  readonly protections = new Map<string, Protection>();
  /** By name. */
  readonly rulesets = new Map<string, KeptRuleset>();
  /** Roles of people, by account id; everybody else has `write`. */
  readonly roles = new Map<number, Role>();
  /** Runs of workflows, by id: the last attempt of each. The runner tells of them. */
  readonly runs = new Map<number, RunRecord>();
  /** Attempts before the last. */
  readonly earlierRuns: RunRecord[] = [];
  readonly artifacts = new Map<number, ArtifactRecord>();
  /** By path of the file. */
  readonly workflowIds = new Map<string, number>();
  /** Since when they are known, by path. */
  readonly workflowsSince = new Map<string, Date>();
  /** Workflows that no event starts and why, by path of the file: `disabled_manually`, `disabled_inactivity`. */
  readonly disabledWorkflows = new Map<string, string>();
  readonly createdAt: Date;

  #lastNumber = 0;

  constructor(
    readonly id: number,
    readonly owner: Account,
    readonly name: string,
    { defaultBranch, objects, refs }: Created,
    readonly settings: RepositorySettings,
    createdAt: Date,
    /** The accounts and Apps of its GitHub. */
    readonly people: Pick<World, 'accounts' | 'apps'>,
    /** What this is a fork of. */
    readonly parent?: Repository,
  ) {
    this.defaultBranch = defaultBranch;
    this.objects = objects;
    this.refs = refs;
    this.history = new History(objects);
    this.createdAt = createdAt;
  }

  /** Folder of the bare repository. */
  get gitDir(): string {
    return this.objects.gitDir;
  }

  get fullName(): string {
    return `${this.owner.login}/${this.name}`;
  }

  /** The next number; issues and pull requests share one series. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  /** An issue or a pull request by its number. */
  issue(number: number): IssueRecord | undefined {
    return this.issues.get(number) ?? this.pulls.get(number);
  }

  branch(name: string): Promise<string | undefined> {
    return this.refs.get(`refs/heads/${name}`);
  }

  /**
   * Takes a snapshot of its refs and of everything that GitHub keeps besides git. Git's objects are not part of it: those
   * that were added since can no longer be reached from a ref.
   *
   * @returns a function that restores the snapshot, any number of times; no other change may run meanwhile
   */
  async checkpoint(): Promise<() => Promise<void>> {
    const [refs, number] = [await this.refs.list(), this.#lastNumber];
    const restore = takeSnapshot(Object.values(this));
    return async () => {
      restore();
      this.#lastNumber = number;
      await this.#restoreRefs(refs);
    };
  }

  /** Deletes new refs before it moves others: the folder of a new one may be where another ref's file was. */
  async #restoreRefs(refs: ReadonlyMap<string, string>): Promise<void> {
    const now = await this.refs.list();
    const surplus = [...now.keys()].filter((name) => !refs.has(name)).map((name) => ({ name, to: null }));
    const moved = [...refs].filter(([name, oid]) => now.get(name) !== oid).map(([name, to]) => ({ name, to }));
    for (const updates of [surplus, moved].filter(({ length }) => length > 0)) {
      await this.refs.update(updates);
    }
  }

  close(): Promise<void> {
    return this.objects.close();
  }
}
