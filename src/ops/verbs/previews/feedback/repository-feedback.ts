import { setTimeout as sleep } from 'node:timers/promises';
import { type CommentTarget, commentMutation, findComment, writtenComment } from '../../../../github/comments.js';
import type { Connected } from '../../../../github/connected.js';
import {
  type Deployment,
  deploymentsAtHead,
  isActive,
  readDeployments,
  type StatusToSet,
  setStatuses,
} from '../../../../github/deployments.js';
import { isRefusal } from '../../../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../../../github/failure.js';
import { GraphqlErrors } from '../../../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../../../github/mutations.js';
import { type RepositoryReader, repositoryReader } from '../../../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../../../github/try-operation.js';
import { chunks } from '../../../../runtime/chunks.js';
import {
  commentMarker,
  type ReportedState,
  renderComment,
  reportedState,
  withNewerHead,
  withUntil,
} from './comment.js';
import { deploymentState, dueStatuses } from './deployment-status.js';
import type { PreviewDetails } from './details.js';
import type { PreviewStage, PreviewStatus } from './status.js';

/** What GitHub shows of one preview. */
interface ReportedPreview {
  /** The comment on its pull request, `undefined` where the pull request cannot be read. */
  comment: CommentTarget | undefined;
  /** Newest first; `undefined` where they cannot be read. */
  deployments: Deployment[] | undefined;
}

/** A preview of a pull request. */
export interface PullRequestPreview {
  name: string;
  pullRequest: number;
}

export interface FeedbackUpdate {
  preview: PreviewDetails;
  pullRequest: number;
  /** `undefined` where only the note about a newer commit, and the time that it is there, may change. */
  status: PreviewStatus | undefined;
}

/** How often an update is tried, and half of the first pause in between, in milliseconds. */
const ATTEMPTS = 3;
const PAUSE_MS = 250;

/** Comments and statuses written with one request. */
const COMMENTS_A_REQUEST = 20;
const STATUSES_A_REQUEST = 25;

/**
 * Comments and deployments of previews in one apps repository. A request that fails does not stop the others: what the
 * token may not do is in `warnings`, and every other failure in `failures`, one or more sentences each.
 */
export class RepositoryFeedback {
  readonly warnings = new Set<string>();
  readonly failures = new Set<string>();
  readonly #previews = new Map<string, ReportedPreview>();
  #active: string[] = [];
  /** Whether passing failures are tried again, and whether there was one. */
  #retries = false;
  #failed = false;

  /** @param apps the repository, with a token that may comment and deploy there */
  constructor(readonly apps: Connected) {}

  /** Reads what GitHub shows of previews: one request for all, more where there are many comments. */
  async load(previews: readonly PullRequestPreview[]): Promise<void> {
    const { github, repository } = this.apps;
    const reader = repositoryReader(github, repository, 'PreviewFeedback');
    const readPulls = <T>(work: () => Promise<T>) => this.#try('read pull requests', 'pull-requests: read', work);
    const readDeployed = <T>(work: () => Promise<T>) => this.#try('read deployments', 'deployments: read', work);
    const reading = readDeployed(() => readDeployments(reader));
    await Promise.all(
      previews.map(async ({ name, pullRequest }) => {
        const [comment, deployments] = await Promise.all([
          readPulls(() => findComment(reader, pullRequest, commentMarker(name))),
          readDeployed(async () => {
            // Newer deployments of many other previews may hide those of a quiet one.
            const [recent, atHead] = await Promise.all([reading, atHeadOrNone(reader, name, pullRequest)]);
            return recent && together(recent.get(name) ?? [], atHead);
          }),
        ]);
        this.#previews.set(name, { comment, deployments });
      }),
    );
    const recent = [...((await reading) ?? [])];
    this.#active = recent.filter(([, deployments]) => deployments.some(isActive)).map(([name]) => name);
  }

  /** Names of previews that GitHub shows as active and that were not loaded. */
  get notLoaded(): string[] {
    return this.#active.filter((name) => !this.#previews.has(name));
  }

  /** Full id of the last commit that was reported for a preview; `undefined` where it has no comment or no deployment. */
  reportedHead(name: string): string | undefined {
    const preview = this.#previews.get(name);
    return preview?.comment?.comment === undefined ? undefined : preview.deployments?.[0]?.sha;
  }

  /** Whether a preview's pull request was open when it was last read or written; `undefined` where nobody knows. */
  isOpen(name: string): boolean | undefined {
    return this.#previews.get(name)?.comment?.open;
  }

  /** Whether there is a comment about a preview. */
  hasComment(name: string): boolean {
    return this.#previews.get(name)?.comment?.comment !== undefined;
  }

  /** Full id of the commit at which GitHub shows a preview as if it were there; `undefined` where it does not. */
  shownHead(name: string): string | undefined {
    const { comment, deployments = [] } = this.#previews.get(name) ?? {};
    return tellsRemoval(comment) && !deployments.some(isActive) ? undefined : this.#commentState(name)?.head;
  }

  /**
   * The stage of a preview that both its comment and its deployment report for a commit. The comment alone counts where
   * deployments cannot be read.
   *
   * @param head full id of the commit
   * @returns `undefined` where they report nothing for this commit, or contradict each other
   */
  reportedStage(name: string, head: string): PreviewStage | undefined {
    const state = this.#commentState(name);
    const deployments = this.#previews.get(name)?.deployments;
    if (state === undefined || state.head !== head) {
      return undefined;
    }
    const deployed = deployments?.find(({ sha }) => sha === head)?.status?.state;
    return deployments === undefined || deployed === deploymentState(state.stage) ? state.stage : undefined;
  }

  /** Whether the comment reports a preview as live at a commit, whatever its deployment reports. */
  commentIsLive(name: string, head: string): boolean {
    const state = this.#commentState(name);
    return state?.stage === 'live' && state.head === head;
  }

  #commentState(name: string): ReportedState | undefined {
    return reportedState(this.#previews.get(name)?.comment?.comment?.body ?? '');
  }

  /**
   * Brings comments and deployments up to date; what is so already is not written again. After a failure that may pass,
   * nobody knows whether the request took effect: everything is read again, and what is still missing is written again.
   */
  async update(updates: readonly FeedbackUpdate[]): Promise<void> {
    for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
      this.#failed = false;
      this.#retries = true;
      await this.#updateOnce(updates);
      this.#retries = false;
      if (!this.#failed) {
        return;
      }
      await sleep(PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
      await this.load(updates.map(({ preview, pullRequest }) => ({ name: preview.name, pullRequest })));
    }
    await this.#updateOnce(updates);
  }

  async #updateOnce(updates: readonly FeedbackUpdate[]): Promise<void> {
    for (const some of chunks(updates, COMMENTS_A_REQUEST)) {
      await this.#writeComments(some);
    }
    await this.#writeDeployments(updates);
  }

  async #writeComments(updates: readonly FeedbackUpdate[]): Promise<void> {
    const mutations = updates.flatMap((update, index): Mutation[] => {
      const place = this.#previews.get(update.preview.name)?.comment;
      const text = place && commentText(update, place);
      const mutation = place && text !== undefined ? commentMutation(`c${index}`, place, text) : undefined;
      return mutation === undefined ? [] : [mutation];
    });
    if (mutations.length === 0) {
      return;
    }
    await this.#try('comment on pull requests', 'pull-requests: write', async () => {
      const results = await runMutations(this.apps.github, 'CommentPreviews', mutations);
      for (const [index, { preview }] of updates.entries()) {
        const written = results.payload(`c${index}`, writtenComment);
        const place = this.#previews.get(preview.name)?.comment;
        if (written !== undefined && place !== undefined) {
          Object.assign(place, written);
        }
      }
      if (results.errors.length > 0) {
        throw new GraphqlErrors([...results.errors]);
      }
    });
  }

  async #writeDeployments(updates: readonly FeedbackUpdate[]): Promise<void> {
    const due: StatusToSet[] = [];
    for (const { preview, status } of updates) {
      const { deployments, comment } = this.#previews.get(preview.name) ?? {};
      const isClosed = comment?.open === false && status?.stage !== 'removed';
      // As long as a deployment is active, a later run sees that a removal is still to be told.
      const isUntold = status?.stage === 'removed' && !tellsRemoval(comment);
      if (deployments !== undefined && status !== undefined && !isClosed && !isUntold) {
        const own = await this.#try(`record the deployment of ${preview.name}`, 'deployments: write', () =>
          dueStatuses(this.apps, deployments, preview, status),
        );
        due.push(...(own ?? []));
      }
    }
    for (const some of chunks(due, STATUSES_A_REQUEST)) {
      await this.#try('record deployments', 'deployments: write', () => setStatuses(this.apps.github, some));
    }
  }

  async #try<T>(doing: string, permission: string, work: () => Promise<T>): Promise<T | undefined> {
    return tryOperation(operationIn(this.apps.repository, doing, permission), work, (message, error) => {
      if (this.#retries && mayPass(error)) {
        this.#failed = true;
        return;
      }
      // A team may have chosen not to give the token a permission, so a refusal does not fail the run.
      (isRefusal(error) ? this.warnings : this.failures).add(message);
    });
  }
}

/** Without the permission to read pull requests there are none: that is told where comments are read. */
async function atHeadOrNone(reader: RepositoryReader, name: string, pullRequest: number): Promise<Deployment[]> {
  try {
    return await deploymentsAtHead(reader, name, pullRequest);
  } catch (error) {
    if (isRefusal(error)) {
      return [];
    }
    throw error;
  }
}

/** Each once, newest first: those that only the last commit tells of are older than the others. */
function together(recent: readonly Deployment[], atHead: readonly Deployment[]): Deployment[] {
  return [...recent, ...atHead.filter(({ id }) => recent.every((each) => each.id !== id))];
}

/** Whether the connection failed, or GitHub itself. */
function mayPass(error: unknown): boolean {
  const failure = readFailure(error);
  return failure !== undefined && mayHaveTakenEffect(failure);
}

/** Whether the comment of a removed preview says so; also where there is none. */
function tellsRemoval(place: CommentTarget | undefined): boolean {
  return place?.comment === undefined || reportedState(place.comment.body)?.stage === 'removed';
}

/** The text that a comment is to have, `undefined` where none is written. */
function commentText({ preview, status }: FeedbackUpdate, { comment }: CommentTarget): string | undefined {
  if (status === undefined) {
    return comment && withUntil(withNewerHead(comment.body, preview.newerHead), preview);
  }
  // A removal is reported once, with its first reason, and only where there is a comment.
  const isReported = comment === undefined || reportedState(comment.body)?.stage === 'removed';
  return status.stage === 'removed' && isReported ? undefined : renderComment(preview, status);
}
