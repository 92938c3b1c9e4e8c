import { didYouMean } from '../../../config/nearest.js';
import type { GitHub } from '../../../github/client.js';
import type { RepositoryName } from '../../../github/context.js';
import { attempt, isRequestFailure } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import { type Deployed, deployedIn } from '../../carriers/deployed.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { withAllApps } from '../../layouts/named-apps.js';
import { holdViolation } from '../../ledger/hold-violation.js';
import { deployedSince, knowsDeployedSince, type Ledger, type LedgerEntry } from '../../ledger/ledger.js';
import { placeLedgers } from '../../ledger/place-ledgers.js';
import { readLedger } from '../../ledger/read-ledger.js';
import { unreportedBefore } from '../../live/unreported.js';
import { deployedWith, effectiveVersions } from '../../overlays/effective-versions.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import { layeredOverlaysOf } from '../../overlays/layered-overlay.js';
import { misnamedFolders } from '../../overlays/misnamed-folders.js';
import { readOverlay } from '../../overlays/overlay.js';
import { doubtfulVersion } from '../../overlays/unproven-version.js';
import { differingPlaces, type PlaceOfVersion } from '../../overlays/version-places.js';
import { frozenUntil } from '../../policy/freeze.js';
import type { Health } from '../../policy/health.js';
import { activeHold, type Hold } from '../../policy/holds.js';
import { HOME, isAway, livesAt, type Place, placeKey, placesOf } from '../../policy/places.js';
import { environmentPolicy, type Policy } from '../../policy/policy.js';
import { NOBODY } from '../../repository/repository-state.js';
import { openPlaces, type Places, type Snapshot } from '../../repository/snapshot.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import { openFindings } from './audit-findings.js';
import { environmentHealth, readHealths } from './health-cells.js';
import { lagBehind, lagWithoutHistory, reachesBack } from './lag.js';
import { isAbout, openProposals } from './proposals.js';
import type { Cell, Lag, OpenFinding, OpenProposal, Status } from './status.js';

/** Versions of an app in an environment that are read from its history at most. */
const MOST_VERSIONS = 20;

/** What the status is made from: of each place where environments live, one commit. */
interface View {
  policy: Policy;
  /** Where environments live: of most repositories, one. */
  seats: readonly Seat[];
  /** The time that freezes and holds are judged at. */
  now: Date;
  findings: OpenFinding[];
  warnings: string[];
}

/** A place where environments live. */
interface Seat {
  snapshot: Snapshot;
  proposals: OpenProposal[];
}

/**
 * Reads the status of every app in every environment, wherever that lives: version, how far behind, hold, open pull requests.
 * Requests are few and joined; their number grows with the apps and not with the history.
 *
 * @param apps names of the apps to report; empty for all
 * @param now the time that freezes and holds are judged at
 * @throws ConfigError where the policy or the holds cannot be read; Error naming the permission that the token lacks, or
 *   another request that failed
 */
export async function readStatus(
  github: GitHub,
  repository: RepositoryName,
  apps: readonly string[],
  now: Date,
): Promise<Status> {
  const operation = operationIn(repository, 'read the status', 'contents: read and pull-requests: read');
  return attempt(operation, async () => {
    // Nobody is asked to review, so nothing can be wrong with who is.
    const places = await openPlaces({ github, repository }, NOBODY, () => {});
    const { policy } = places;
    const warnings: string[] = [];
    const unread: string[] = [];
    const [seats, findings] = await Promise.all([
      seatsOf(places, warnings),
      openFindings({ github, repository }, unread),
    ]);
    const status = await statusOf({ policy, seats, now, findings, warnings }, apps);
    return { ...status, warnings: [...status.warnings, ...unread] };
  });
}

/** Opens where environments live. One that cannot be read, of several, is a warning. */
async function seatsOf(places: Places, warnings: string[]): Promise<Seat[]> {
  const { environments } = places.policy;
  if (!environments.some(isAway)) {
    return [await seatAt(places, HOME)];
  }
  const all = new Map<string, Place>();
  for (const environment of environments) {
    const own = placesOf(environment, places.policy);
    if (own.length === 0) {
      warnings.push(
        `Every app of ${environment.name} has a repository of its own, and nothing says which apps there are: name them under "apps" in ostack.yaml.`,
      );
    }
    for (const place of own) {
      all.set(placeKey(place), place);
    }
  }
  const seats = await Promise.all(
    [...all.values()].map((place) => unlessBroken(warnings, () => seatAt(places, place))),
  );
  const read = seats.filter((seat) => seat !== undefined);
  // What is proposed to what is rendered is proposed to its source.
  const isRendered = read.some(({ snapshot }) => snapshot.layout.isRendered === true);
  return isRendered && !all.has(placeKey(HOME)) ? [...read, await seatAt(places, HOME)] : read;
}

async function seatAt(places: Places, place: Place): Promise<Seat> {
  const snapshot = await places.at(place);
  return { snapshot, proposals: await openProposals(snapshot.reader, snapshot.repo.base) };
}

async function statusOf(view: View, only: readonly string[]): Promise<Status> {
  const { policy, now, seats } = view;
  const parts = await Promise.all(seats.map((seat) => readSeat(seat, only)));
  const declared = policy.environments.map(({ name }) => name);
  const found = parts.flatMap(({ environments }) => environments);
  const names = [...new Set(parts.flatMap((part) => part.names))].sort();
  const warnings = [
    ...view.warnings,
    ...(only.length === 0 ? [] : unknownApps(only, names)),
    ...parts.flatMap((part) => part.warnings),
  ];
  const held = parts.flatMap((part) => part.held);
  const byApp = groupedByApp(held);
  const lags = await lagsOf(view, byApp);
  const healths = await readHealths(held, now);
  const used = new Set<OpenProposal>();
  return {
    environments: (declared.length > 0 ? declared : found).map((name) => {
      const { after, freeze } = environmentPolicy(policy, name);
      return { name, after, frozenUntil: frozenUntil(freeze, now), ...environmentHealth(policy, name, healths) };
    }),
    apps: [...byApp].map(([app, own]) => ({
      app,
      environments: new Map(
        own.map((each) => [each.environment, cellOf(view, each, lags, used, healths.get(each)?.own)]),
      ),
    })),
    pullRequests: seats.flatMap(({ proposals }) => proposals).filter((proposal) => !used.has(proposal)),
    findings: view.findings,
    unreported: unreportedBefore(policy, declared),
    warnings: [...new Set(warnings)],
  };
}

/** What a place has. */
interface SeatPart {
  environments: string[];
  /** The apps of its environments. */
  names: string[];
  held: HeldApp[];
  warnings: string[];
}

async function readSeat(seat: Seat, only: readonly string[]): Promise<SeatPart> {
  const { snapshot } = seat;
  const { tree, policy, layout } = snapshot;
  const declared = new Set(policy.environments.map(({ name }) => name));
  const all = await allEnvironments(tree, layout, policy);
  const here = all.filter((name) => declared.size === 0 || livesHere(snapshot, name));
  const known = await Promise.all(
    here.map(async (name) => ({ name, apps: await environmentApps(tree, layout, name) })),
  );
  // Folders without an app, next to those of environments, are no environments unless the policy names them.
  const environments = known.filter(({ name, apps }) => declared.has(name) || apps.length > 0);
  const selected = environments.flatMap(({ name, apps }) =>
    apps.filter((app) => only.length === 0 || only.includes(app)).map((app) => ({ environment: name, app })),
  );
  const warnings = only.length === 0 ? await misnamedFolders(tree, layout) : [];
  await snapshot.readOverlays(selected);
  const named = await withAllApps(tree, layout, policy);
  if (named !== layout) {
    return readSeat({ ...seat, snapshot: { ...snapshot, layout: named } }, only);
  }
  const held = await Promise.all(selected.map((each) => readHeld(seat, each, warnings)));
  return {
    environments: environments.map(({ name }) => name),
    names: environments.flatMap(({ apps }) => apps),
    held,
    warnings,
  };
}

/** Whether an environment, or an app of it, lives in what was opened. */
function livesHere({ policy, place }: Snapshot, environment: string): boolean {
  const said = policy.environments.find(({ name }) => name === environment);
  return said === undefined || livesAt(said, place);
}

/** Sentences about apps that are asked for and that no environment has. */
function unknownApps(only: readonly string[], known: readonly string[]): string[] {
  const list = known.length === 0 ? 'none' : known.join(', ');
  return only
    .filter((app) => !known.includes(app))
    .map((app) => `No environment has an app "${app}".${didYouMean(app, known)} Known apps: ${list}.`);
}

interface HeldApp extends AppEnvironment {
  /** Where it lives. */
  seat: Seat;
  /** `null` where neither the overlay nor the base names one, or they cannot be read. */
  version: string | null;
  /** Whether something that the overlay takes in decides it, such as its base. */
  inBase: boolean;
  /** What the overlay holds; `undefined` where it cannot be read. */
  deployed: Deployed | undefined;
  /** Its places with their versions, where these differ. */
  places: readonly PlaceOfVersion[];
  /** As far back as the version is held without a break. */
  ledger: Ledger;
}

/** @param warnings takes what could not be read, sentences */
async function readHeld(seat: Seat, { environment, app }: AppEnvironment, warnings: string[]): Promise<HeldApp> {
  const { snapshot } = seat;
  const { tree, layout } = snapshot;
  const files = await unlessBroken(warnings, async () => (await readOverlay(tree, layout, environment, app))?.files);
  const elsewhere = files?.find(({ isElsewhere }) => isElsewhere)?.untouchable;
  if (elsewhere !== undefined) {
    warnings.push(`Which version of ${app} ${environment} has is not known here: ${elsewhere}`);
  }
  const known = elsewhere === undefined ? (files ?? []) : [];
  const carried = await unlessBroken(warnings, async () => deployedIn(known, app));
  const own = carried?.version ?? null;
  const [ledger, effective] = await Promise.all([
    ledgerOf(snapshot, { environment, app }, (entries) => knowsSince(entries, own)),
    files === undefined || carried === undefined || elsewhere !== undefined
      ? carried && { deployed: carried, places: [] }
      : unlessBroken(warnings, () => effectiveIn(snapshot, { environment, app }, files, warnings)),
  ]);
  const { deployed = carried, places = [] } = effective ?? {};
  const version = effective === undefined ? own : effective.deployed.version;
  return { seat, environment, app, version, inBase: version !== own, deployed, places, ledger };
}

/** What runs of an app, through all layers of kustomize, with a warning where that is not known. */
async function effectiveIn(
  { tree, layout }: Snapshot,
  { environment, app }: AppEnvironment,
  files: readonly OverlayFile[],
  warnings: string[],
): Promise<Pick<HeldApp, 'places'> & { deployed: Deployed }> {
  const overlays = await layeredOverlaysOf(tree, layout, environment, app);
  const deployed = deployedWith(
    files,
    app,
    overlays.map((overlay) => effectiveVersions(overlay)),
  );
  const images = deployed.targets.filter((target) => target.kind === 'image');
  const doubts = images.flatMap((target) => doubtfulVersion(overlays, files, target) ?? []);
  warnings.push(...doubts.slice(0, 1).map((doubt) => `What ${environment} runs of ${app} is not known. ${doubt}`));
  return { deployed, places: differingPlaces(files, app, overlays) };
}

/** `undefined` for what cannot be read, with a warning; a request that fails is no broken file. */
async function unlessBroken<T>(warnings: string[], reading: () => Promise<T>): Promise<T | undefined> {
  try {
    return await reading();
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    warnings.push(error.message);
    return undefined;
  }
}

function ledgerOf(
  { ops, repo, reader, tree, layout }: Snapshot,
  { environment, app }: AppEnvironment,
  enough: (entries: readonly LedgerEntry[]) => boolean,
): Promise<Ledger> {
  const head = { oid: repo.baseOid, branch: repo.base };
  return readLedger({ ...ops, reader, base: tree }, head, layout, environment, app, {
    limit: MOST_VERSIONS,
    enough,
  });
}

type Lags = ReadonlyMap<HeldApp, Lag | undefined>;

/**
 * How far each app is behind the first environment of its `after` chain. The history of that environment is read further
 * back only where what is read already is not enough.
 */
async function lagsOf(view: View, byApp: ReadonlyMap<string, readonly HeldApp[]>): Promise<Lags> {
  const found = [...byApp.values()].map(async (own) => {
    const followers = new Map<HeldApp, HeldApp[]>();
    for (const each of own) {
      const first = own.find(({ environment }) => environment === firstOf(view.policy, each.environment, own));
      if (first !== undefined && first !== each) {
        followers.set(first, [...(followers.get(first) ?? []), each]);
      }
    }
    const lags = [...followers].map(async ([first, all]) => {
      const isOfBase = ({ inBase }: HeldApp) => inBase || first.inBase;
      const held = all.filter((each) => !isOfBase(each));
      const ofBase = all
        .filter(isOfBase)
        .map((each) => [each, lagWithoutHistory(each.version, first.version)] as const);
      if (held.length === 0) {
        return ofBase;
      }
      const enough = (entries: readonly LedgerEntry[]) => held.every(({ version }) => reachesBack(entries, version));
      const known = enough(first.ledger.entries);
      const ledger = known ? first.ledger : await ledgerOf(first.seat.snapshot, first, enough);
      return [...ofBase, ...held.map((each) => [each, lagBehind(each.version, ledger)] as const)];
    });
    return (await Promise.all(lags)).flat();
  });
  return new Map((await Promise.all(found)).flat());
}

function groupedByApp(held: readonly HeldApp[]): Map<string, HeldApp[]> {
  const byApp = new Map<string, HeldApp[]>();
  for (const each of [...held].sort((one, other) => (one.app < other.app ? -1 : Number(one.app > other.app)))) {
    const own = byApp.get(each.app) ?? [];
    own.push(each);
    byApp.set(each.app, own);
  }
  return byApp;
}

function cellOf(view: View, each: HeldApp, lags: Lags, used: Set<OpenProposal>, health: Health | undefined): Cell {
  const { seat, environment, app, version, inBase, deployed, places, ledger } = each;
  // What is rendered is proposed where it is rendered from.
  const isOfSource = ({ snapshot: { place } }: Seat) => seat.snapshot.layout.isRendered === true && !isAway(place);
  const proposals = view.seats
    .filter((other) => other === seat || isOfSource(other))
    .flatMap((other) => other.proposals);
  const pullRequests = proposals.filter((proposal) => isAbout(proposal, environment, app));
  for (const proposal of pullRequests) {
    used.add(proposal);
  }
  const hold = activeHold(seat.snapshot.holds, environment, app, view.now);
  return {
    version,
    inBase,
    ...(places.length === 0 ? {} : { places }),
    charts: (deployed?.targets ?? []).filter((target) => target.kind === 'chart'),
    chart: deployed?.chart,
    following: deployed?.following ?? [],
    since: inBase ? undefined : deployedSince(ledger, version),
    behind: lags.get(each),
    hold,
    ...(health === undefined ? {} : { health }),
    violatesHold: hold !== undefined && violates(hold, each),
    pullRequests,
  };
}

/** Whether entries tell since when a version is deployed, and since when each place, such as a cluster, has its own. */
function knowsSince(entries: readonly LedgerEntry[], version: string | null): boolean {
  const places = placeLedgers({ entries: [...entries], complete: false });
  return (
    knowsDeployedSince(entries, version) &&
    places.every((own) => knowsDeployedSince(own.entries, own.entries[0]?.version ?? null))
  );
}

/** Nobody can tell since when the base names a version, so that only a hold that names another one tells. */
function violates(hold: Hold, { inBase, version, places, ledger }: HeldApp): boolean {
  const versions = places.length === 0 ? [version] : places.map((each) => each.version);
  return inBase
    ? hold.version !== undefined && versions.some((each) => each !== hold.version)
    : holdViolation(hold, ledger) !== undefined;
}

/** The environment at the beginning of the `after` chain, as far as the environments of it have the app. */
function firstOf(policy: Policy, environment: string, own: readonly HeldApp[]): string {
  const before = environmentPolicy(policy, environment).after.find((name) =>
    own.some((each) => each.environment === name),
  );
  return before === undefined ? environment : firstOf(policy, before, own);
}
