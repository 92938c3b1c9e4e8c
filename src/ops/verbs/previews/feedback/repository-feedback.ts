import { setTimeout as sleep } from 'node:timers/promises';
import { type CommentPlace, commentMutation, findComment, writtenComment } from '../../../../github/comments.js';
import type { Connected } from '../../../../github/connected.js';
import {
  type Deployment,
  readDeployments,
  type StatusToSet,
  setStatuses,
  standingEnvironments,
} from '../../../../github/deployments.js';
import { isRefusal } from '../../../../github/errors.js';
import { readFailure } from '../../../../github/failure.js';
import { GraphqlErrors } from '../../../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../../../github/mutations.js';
import { repositoryReader } from '../../../../github/repository-reader.js';
import { operationIn, tryOperation } from '../../../../github/try-operation.js';
import { chunks } from '../../../../runtime/chunks.js';
import {
  commentMarker,
  keyOf,
  type PreviewDetails,
  type PreviewStatus,
  renderComment,
  withNewerHead,
} from './comment.js';
import { type DeploymentTarget, dueStatuses, stateOf } from './deployment-status.js';

/** What GitHub shows of one preview. */
export interface ReportedPreview {
  name: string;
  pullRequest: number;
  /** `undefined` where the pull request cannot be read. */
  comment: CommentPlace | undefined;
  /** Newest first; `undefined` where they cannot be read. */
  deployments: Deployment[] | undefined;
}

export interface FeedbackUpdate {
  preview: PreviewDetails;
  pullRequest: number;
  /** `undefined` where it is what was told: only whether it is outdated is news. */
  status: PreviewStatus | undefined;
}

/** How often the same is said at most, and the first pause in between, in milliseconds. */
const ROUNDS = 3;
const PAUSE_MS = 250;

/** Comments and statuses written in one document. */
const COMMENTS_A_DOCUMENT = 20;
const STATUSES_A_DOCUMENT = 25;

/**
 * Comments and deployments of previews in one apps repository. What a token may not do is left out and said once, in
 * `warnings`; what fails otherwise is in `failures`, after all else is done.
 */
export class RepositoryFeedback {
  readonly warnings = new Set<string>();
  readonly failures = new Set<string>();
  readonly #previews = new Map<string, ReportedPreview>();
  #active: string[] = [];
  /** Whether what fails in a way that passes will be tried again, and whether something did. */
  #patient = false;
  #lost = false;
  readonly #deploying: DeploymentTarget;

  constructor(readonly apps: Connected) {
    this.#deploying = { apps, keepsEnvironments: false };
  }

  /** Looks up what is shown of previews: one request for all. */
  async open(previews: readonly { name: string; pullRequest: number }[]): Promise<void> {
    const { github, repository } = this.apps;
    const reader = repositoryReader(github, repository, 'PreviewFeedback');
    const readPulls = <T>(work: () => Promise<T>) => this.#try('read pull requests', 'pull-requests: read', work);
    const readDeployed = <T>(work: () => Promise<T>) => this.#try('read deployments', 'deployments: read', work);
    const status = readDeployed(() => standingEnvironments(reader));
    await Promise.all(
      previews.map(async ({ name, pullRequest }) => {
        const [comment, deployments] = await Promise.all([
          readPulls(() => findComment(reader, pullRequest, commentMarker(name))),
          readDeployed(() => readDeployments(reader, name)),
        ]);
        this.#previews.set(name, { name, pullRequest, comment, deployments });
      }),
    );
    this.#active = (await status) ?? [];
  }

  /** Previews that GitHub shows as running or on their way, and that nobody looked up. */
  get others(): string[] {
    return this.#active.filter((name) => !this.#previews.has(name));
  }

  /** The newest commit that a preview of ours is shown at; `undefined` where it has no comment of ours. */
  shownAt(name: string): string | undefined {
    const place = this.#previews.get(name);
    return place?.comment?.comment === undefined ? undefined : place.deployments?.[0]?.sha;
  }

  /** Whether the pull request of a preview was open when it was looked up or told last; `undefined` where nobody knows. */
  isOpen(name: string): boolean | undefined {
    return this.#previews.get(name)?.comment?.open;
  }

  /** Whether a comment on its pull request tells of a preview. */
  hasComment(name: string): boolean {
    return this.#previews.get(name)?.comment?.comment !== undefined;
  }

  /** The stage that both comment and deployment tell for this commit; `undefined` where they do not, or not the same. */
  told(name: string, head: string): string | undefined {
    const place = this.#previews.get(name);
    const key = keyOf(place?.comment?.comment?.body ?? '');
    if (key === undefined || key.head !== head) {
      return undefined;
    }
    const deployment = place?.deployments?.find(({ sha }) => sha === head);
    return place?.deployments === undefined || deployment?.status?.state === stateOf(key.stage) ? key.stage : undefined;
  }

  /** Whether a preview had been seen live at this commit, even if not all of it was told. */
  wasLive(name: string, head: string): boolean {
    const key = keyOf(this.#previews.get(name)?.comment?.comment?.body ?? '');
    return key?.stage === 'live' && key.head === head;
  }

  /**
   * Brings comments and deployments up to date; what says so already stays. Where a request failed in a way that passes,
   * nobody knows whether it took effect: all is looked up again, and what is not said by then is.
   */
  async say(all: readonly FeedbackUpdate[]): Promise<void> {
    for (let round = 1; round < ROUNDS; round++) {
      this.#lost = false;
      this.#patient = true;
      await this.#sayOnce(all);
      this.#patient = false;
      if (!this.#lost) {
        return;
      }
      await sleep(PAUSE_MS * 2 ** round * (0.5 + Math.random()));
      await this.open(all.map(({ preview, pullRequest }) => ({ name: preview.name, pullRequest })));
    }
    await this.#sayOnce(all);
  }

  async #sayOnce(all: readonly FeedbackUpdate[]): Promise<void> {
    for (const some of chunks(all, COMMENTS_A_DOCUMENT)) {
      await this.#comment(some);
    }
    await this.#deploy(all);
  }

  async #comment(all: readonly FeedbackUpdate[]): Promise<void> {
    const mutations = all.flatMap((said, index): Mutation[] => {
      const place = this.#previews.get(said.preview.name)?.comment;
      const text = place && textFor(said, place);
      const mutation = place && text !== undefined ? commentMutation(`c${index}`, place, text) : undefined;
      return mutation === undefined ? [] : [mutation];
    });
    if (mutations.length === 0) {
      return;
    }
    await this.#try('comment on pull requests', 'pull-requests: write', async () => {
      const results = await runMutations(this.apps.github, 'CommentPreviews', mutations);
      for (const [index, { preview }] of all.entries()) {
        const written = results.payload(`c${index}`, writtenComment);
        const place = this.#previews.get(preview.name);
        if (written !== undefined && place?.comment !== undefined) {
          Object.assign(place.comment, written);
        }
      }
      if (results.errors.length > 0) {
        throw new GraphqlErrors([...results.errors]);
      }
    });
  }

  async #deploy(all: readonly FeedbackUpdate[]): Promise<void> {
    const due: StatusToSet[] = [];
    for (const { preview, status } of all) {
      const { deployments, comment } = this.#previews.get(preview.name) ?? {};
      const isOver = comment?.open === false && status?.stage !== 'removed';
      if (deployments !== undefined && status !== undefined && !isOver) {
        const own = await this.#try(`record the deployment of ${preview.name}`, 'deployments: write', () =>
          dueStatuses(this.#deploying, deployments, preview, status),
        );
        due.push(...(own ?? []));
      }
    }
    for (const some of chunks(due, STATUSES_A_DOCUMENT)) {
      await this.#try('record deployments', 'deployments: write', () => setStatuses(this.apps.github, some));
    }
  }

  async #try<T>(doing: string, permission: string, work: () => Promise<T>): Promise<T | undefined> {
    return tryOperation(operationIn(this.apps.repository, doing, permission), work, (words, error) => {
      if (this.#patient && passes(error)) {
        this.#lost = true;
        return;
      }
      // What the token may not do is how the team set it up, and no accident.
      (isRefusal(error) ? this.warnings : this.failures).add(words);
    });
  }
}

/** Whether the connection failed, or GitHub itself. */
function passes(error: unknown): boolean {
  const failure = readFailure(error);
  return failure !== undefined && (failure.unanswered || (failure.status ?? 0) >= 500);
}

/** What a comment is to say, `undefined` where none is to be written. */
function textFor({ preview, status }: FeedbackUpdate, { comment }: CommentPlace): string | undefined {
  if (status === undefined) {
    return comment && withNewerHead(comment.body, preview.newerHead);
  }
  // What never had a comment needs none to say that it is gone, and what says so keeps its reason.
  const isTold = comment === undefined || keyOf(comment.body)?.stage === 'removed';
  return status.stage === 'removed' && isTold ? undefined : renderComment(preview, status);
}
