import type { Connected } from '../../github/connected.js';
import { EVERY } from '../policy/holds.js';
import { HOME, isOfEachApp, type Lodging, type Place, placeKey, placeOf } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import { connectedAt } from '../repository/connected-at.js';
import { openPlaces, type TakeSnapshot } from '../repository/snapshot.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { ProposeOptions } from './options.js';
import type { Proposal, ProposalReport } from './proposal.js';
import { type Prepare, propose } from './propose.js';
import { onceInto } from './warnings.js';

/**
 * What a verb is about, by the policy: apps in environments, `*` for every environment. An app may be empty where all of an
 * environment are meant.
 */
export type Scope = (policy: Policy) => readonly AppEnvironment[] | Promise<readonly AppEnvironment[]>;

/** How a verb proposes across places. */
export interface PlaceOptions extends ProposeOptions {
  /** See `openPlaces`. */
  isAnyway?: boolean;
}

/**
 * Proposes what a verb wants of environments that may live on different branches and in different repositories: place by place,
 * as `propose` does it at one. Where the policy names no branches, that is once, and no request more. A place that cannot be
 * opened fails for itself, and the others are done.
 *
 * @param prepare makes the proposals of what is here (`snapshot.isHere`), and of nothing else
 * @throws Error when the ops repository cannot be read, its policy or holds are broken, or `scope` throws; and what `propose`
 *   throws where all is at one place
 */
export async function proposeByPlace<P extends Proposal>(
  ops: Connected,
  scope: Scope,
  prepare: Prepare<P>,
  { isAnyway = false, ...options }: PlaceOptions,
): Promise<ProposalReport<P>> {
  const report = emptyReport<P>();
  const warn = onceInto(report.warnings);
  const opening = { isAnyway, isSource: true };
  const first = await openPlaces(ops, options, warn, opening);
  const places = placesOf(first.policy, await scope(first.policy));
  let isFirst = true;
  for (const place of places) {
    const take: TakeSnapshot = async (_, people, warned) => {
      // The first place takes what was opened to know the places; whatever is planned again asks the policy again.
      const opened = isFirst ? first : await openPlaces(ops, people, warned, opening);
      isFirst = false;
      return opened.at(place);
    };
    try {
      join(report, warn, await propose(connectedAt(ops, place), prepare, options, take));
    } catch (error) {
      if (places.length === 1 || !(error instanceof Error)) {
        throw error;
      }
      report.failures.push(error);
    }
  }
  return report;
}

/** Each place once, in the order of the policy's environments; the default branch of the ops repository where nothing is asked for. */
function placesOf(policy: Policy, asked: readonly AppEnvironment[]): Place[] {
  const { environments } = policy;
  const all = asked.flatMap(({ environment, app }) =>
    environment === EVERY
      ? environments.flatMap((each) => placesFor(policy, each, app))
      : placesFor(
          policy,
          environments.find(({ name }) => name === environment),
          app,
        ),
  );
  const known = new Map([...(all.length === 0 ? [HOME] : all)].map((place) => [placeKey(place), place]));
  return [...known.values()];
}

/** Where an app in an environment lives, or every app that the policy names where each has a repository of its own. */
function placesFor({ apps }: Policy, environment: Lodging | undefined, app: string): Place[] {
  const isAll = app === EVERY || app === '';
  const names = isAll && isOfEachApp(environment?.repository) && apps.size > 0 ? [...apps.keys()] : [isAll ? '' : app];
  return names.map((name) => placeOf(environment, name));
}

function emptyReport<P extends Proposal>(): ProposalReport<P> {
  return {
    ...{ results: [], failures: [], warnings: [], mayBeMerged: new Set() },
    ...{ diffs: new Map(), texts: new Map() },
  };
}

function join<P extends Proposal>(
  all: ProposalReport<P>,
  warn: (message: string) => void,
  more: ProposalReport<P>,
): void {
  all.results.push(...more.results);
  all.failures.push(...more.failures);
  more.warnings.forEach(warn);
  for (const subject of more.mayBeMerged) {
    all.mayBeMerged.add(subject);
  }
  for (const [subject, diff] of more.diffs) {
    all.diffs.set(subject, diff);
  }
  for (const [subject, text] of more.texts) {
    all.texts.set(subject, text);
  }
}
