import { randomBytes } from 'node:crypto';
import type { Commit } from './git/commit.js';
import { runPayload } from './views/run.js';
import { githubActionsId } from './world/apps.js';
import { createCheckRun, updateCheckRun } from './world/checks.js';
import { writeFiles } from './world/commit-files.js';
import { type EnteredEnvironment, type EnvironmentEntry, enterEnvironment } from './world/enter-environment.js';
import { keepRuleset } from './world/keep-ruleset.js';
import { queuePull } from './world/merge-group.js';
import { pullByNumber } from './world/pulls.js';
import type { ArtifactRecord, Protection, Role, Ruleset } from './world/records.js';
import type { Actor } from './world/ref-change.js';
import { followRefChanges, updateRefs } from './world/ref-changes.js';
import type { Repository } from './world/repository.js';
import { keepRun, type RunReport } from './world/runs.js';
import { plainValues } from './world/secrets.js';
import type { World } from './world/world.js';

export interface CommitAuthor {
  name: string;
  email: string;
}

/** A commit as `log` lists it; the message without a newline at its end. */
export type LoggedCommit = Omit<Commit, 'oid'> & { sha: string };

/** One repository of the local GitHub for tests and the demo, without permissions and branch protection. */
export class LocalRepository {
  readonly #world: World;
  readonly #repository: Repository;
  readonly #actor: Actor;

  constructor(world: World, repository: Repository, actor: Actor) {
    this.#world = world;
    this.#repository = repository;
    this.#actor = actor;
  }

  /** Full name, `owner/name`. */
  get name(): string {
    return this.#repository.fullName;
  }

  get disabledWorkflows(): ReadonlyMap<string, string> {
    return this.#repository.disabledWorkflows;
  }

  get gitDir(): string {
    return this.#repository.gitDir;
  }

  get defaultBranch(): string {
    return this.#repository.defaultBranch;
  }

  /** Its objects, refs and history. */
  get git(): Pick<Repository, 'objects' | 'refs' | 'history'> {
    return this.#repository;
  }

  /**
   * Commits on a branch, with the events of a push.
   *
   * @param files new text by path; `null` deletes
   * @returns id of the commit
   */
  commit(
    branch: string,
    files: Record<string, string | null>,
    message: string,
    author?: CommitAuthor,
  ): Promise<string> {
    return this.#world.exclusive(async () => {
      const repository = this.#repository;
      const tip = await repository.branch(branch);
      const person = author ?? {
        name: this.#actor.account.login,
        email: `${this.#actor.account.login}@users.noreply.github.com`,
      };
      const signature = { ...person, date: this.#world.now(), offset: 0 };
      const contents = Object.entries(files).map(
        ([path, text]) => [path, text === null ? null : Buffer.from(text)] as const,
      );
      const to = await writeFiles(repository, {
        parent: tip ?? (await repository.branch(repository.defaultBranch)),
        files: new Map(contents),
        message,
        author: signature,
        committer: signature,
      });
      await updateRefs(this.#world, repository, this.#actor, [{ name: `refs/heads/${branch}`, from: tip ?? null, to }]);
      return to;
    });
  }

  /** Text of a file at a branch, tag or commit; `undefined` when it is not there. */
  async read(ref: string, path: string): Promise<string | undefined> {
    const object = await this.#repository.objects.read(`${ref}:${path}`);
    return object?.type === 'blob' ? object.content.toString('utf8') : undefined;
  }

  /** Commits of a branch, tag or commit along first parents, newest first. */
  async log(ref: string): Promise<LoggedCommit[]> {
    const commits: LoggedCommit[] = [];
    const tip = await this.#repository.history.commit(ref);
    for (const oid of await this.#repository.history.list(['--first-parent', tip?.oid ?? ref])) {
      const commit = await this.#repository.history.commit(oid);
      commits.push(...(commit === undefined ? [] : [logged(commit)]));
    }
    return commits;
  }

  /** All refs with the object each points at. */
  async refs(): Promise<Record<string, string>> {
    return Object.fromEntries(await this.#repository.refs.list());
  }

  /** Sets a ref (`null` deletes it), with the events of a push and without any rules. */
  setRef(name: string, oid: string | null): Promise<void> {
    return this.#world.exclusive(() => updateRefs(this.#world, this.#repository, this.#actor, [{ name, to: oid }]));
  }

  /** Puts an open pull request into the merge queue (see `queuePull`). @returns full name of the queue's branch */
  queue(number: number): Promise<string> {
    const [world, repository, actor] = [this.#world, this.#repository, this.#actor];
    return world.exclusive(() => queuePull(world, repository, actor, pullByNumber(repository, number)));
  }

  /** Protects a branch. */
  protect(branch: string, rule: Protection): void {
    this.#repository.protections.set(branch, rule);
  }

  /** Adds a ruleset, or replaces the one of that name; `undefined` removes it. */
  ruleset(name: string, ruleset: Ruleset | undefined): void {
    if (ruleset === undefined) {
      this.#repository.rulesets.delete(name);
    } else {
      keepRuleset(this.#world, this.#repository, name, ruleset);
    }
  }

  /** Says what somebody is here: `read`, `triage`, `write`, `maintain` or `admin`. */
  role(login: string, role: Role): void {
    this.#repository.roles.set(this.#world.accounts.get(login).id, role);
  }

  /** Deletes all check runs, as GitHub does with those that are older than the repository keeps them. */
  forgetChecks(): void {
    this.#repository.checkRuns.splice(0);
  }

  /** Says since when GitHub knows a workflow. @param path of its file */
  workflowKnown(path: string, since: Date): void {
    this.#repository.workflowsSince.set(path, since);
  }

  /** Removes the protection of a branch. */
  unprotect(branch: string): void {
    this.#repository.protections.delete(branch);
  }

  /**
   * Reports a job of a workflow as a check run on a commit; the same key changes the same check run.
   *
   * @param job without a conclusion while it runs
   */
  async reportJob(job: { sha: string; name: string; key: string; runId: number; conclusion?: string }): Promise<void> {
    await this.#world.exclusive(async () => {
      const world = this.#world;
      const repository = this.#repository;
      const caller = world.accounts.caller({ startsWorkflows: false }, 'github-actions[bot]');
      const known = repository.checkRuns.find((run) => run.externalId === job.key && run.appId === githubActionsId);
      const state =
        job.conclusion === undefined
          ? ({ status: 'in_progress', conclusion: null, completedAt: undefined } as const)
          : ({ status: 'completed', conclusion: job.conclusion, completedAt: world.now() } as const);
      if (known !== undefined) {
        await updateCheckRun(world, repository, caller, known, state);
        return;
      }
      const started = {
        sha: job.sha,
        name: job.name,
        externalId: job.key,
        detailsUrl: `${world.serverUrl}/${repository.fullName}/actions/runs/${job.runId}`,
        startedAt: world.now(),
        output: { title: null, summary: null, text: null },
        annotations: [],
        ...state,
      };
      await createCheckRun(world, repository, caller, started, `run ${job.runId}`);
    });
  }

  /** Its secrets and variables of Actions. */
  get values(): { secrets: Record<string, string>; vars: Record<string, string> } {
    const { secrets, variables } = this.#repository;
    return { secrets: plainValues(secrets), vars: plainValues(variables) };
  }

  /**
   * Lets a job of a workflow into an environment, as a deployment; the environment is made where it is new.
   *
   * @returns what the environment gives, or why the run's ref is not admitted
   */
  enterEnvironment(job: EnvironmentEntry): Promise<EnteredEnvironment> {
    return this.#world.exclusive(() => enterEnvironment(this.#world, this.#repository, job));
  }

  /** Keeps what is known of a run of a workflow by now. @returns the webhook about it, without its `action` */
  async reportRun(report: RunReport): Promise<object> {
    const run = keepRun(this.#world, this.#repository, report);
    const sender = this.#world.accounts.get(report.triggeringActor);
    return runPayload(this.#world, this.#repository, run, sender);
  }

  /** The artifacts of a run, in the order of their upload. */
  artifacts(runId: number): ArtifactRecord[] {
    return [...this.#repository.artifacts.values()].filter((artifact) => artifact.runId === runId);
  }

  /** Keeps an artifact whose files are in a folder; the one that it takes the place of goes. */
  addArtifact(
    input: Omit<ArtifactRecord, 'id' | 'createdAt' | 'key'>,
    instead: ArtifactRecord | undefined,
  ): ArtifactRecord {
    if (instead !== undefined) {
      this.#repository.artifacts.delete(instead.id);
    }
    const key = randomBytes(16).toString('hex');
    const artifact = { ...input, id: this.#world.nextId(), createdAt: this.#world.now(), key };
    this.#repository.artifacts.set(artifact.id, artifact);
    return artifact;
  }

  /** Runs the effects of a ref change that was made with git on `gitDir`. */
  announce(name: string, before: string | undefined, after: string | undefined): Promise<void> {
    const change = { name, before, after };
    return this.#world.exclusive(() => followRefChanges(this.#world, this.#repository, this.#actor, [change]));
  }
}

function logged({ oid, ...commit }: Commit): LoggedCommit {
  return { ...commit, sha: oid, message: commit.message.replace(/\n$/, '') };
}
