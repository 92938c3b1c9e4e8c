import { utc } from '../../../report/time.js';
import { compareVersions } from '../../carriers/compare-versions.js';
import { deployedAt, type Ledger, type LedgerEntry } from '../../ledger/ledger.js';
import { LOOK_BACK, readLedger } from '../../ledger/read-ledger.js';
import type { Layout } from '../../overlays/layout.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { snapshotAt } from '../../repository/snapshot-at.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { parseOrigin } from './origin.js';

/** The ledgers of one snapshot, each read once. */
export type Ledgers = (environment: string, app: string) => Promise<Ledger>;

/** Reads ledgers at the commit of a snapshot, or where else an environment lives; those asked for in one tick share their requests. */
export function ledgersOf(snapshot: Snapshot): Ledgers {
  const known = new Map<string, Promise<Ledger>>();
  const read = async (environment: string, app: string) => {
    const { ops, repo, layout, reader } = await snapshotAt(snapshot, environment, app);
    const head = { oid: repo.baseOid, branch: repo.base };
    return readLedger({ ...ops, reader }, head, layout, environment, app, { limit: LOOK_BACK });
  };
  return (environment, app) => {
    const key = `${environment}/${app}`;
    const ledger = known.get(key) ?? read(environment, app);
    known.set(key, ledger);
    return ledger;
  };
}

/** The commit that an app's state is read from, and where overlays are in it. */
export interface Side {
  tree: TreeReader;
  layout: Layout;
}

/** Where a target takes its versions from. */
export interface Source {
  environment: string;
  /** As people read it: `staging`, `staging at 2026-11-01 12:00 UTC`. */
  label: string;
  sideFor(app: string): Promise<Side>;
}

/**
 * Finds where a target environment takes its versions from.
 *
 * @param environments those there are
 * @throws Error where `from` is none of the possible, or the policy does not say what comes before the target
 */
export function sourceOf(
  snapshot: Snapshot,
  ledgers: Ledgers,
  from: string,
  target: string,
  environments: readonly string[],
): Source {
  const origin = parseOrigin(from, environments, snapshot.now);
  const now = (environment: string) => async (app: string) => snapshotAt(snapshot, environment, app);
  if (origin.kind === 'environment') {
    const { environment, at } = origin;
    return at === undefined
      ? { environment, label: environment, sideFor: now(environment) }
      : {
          environment,
          label: `${environment} at ${utc(at)}`,
          sideFor: async (app) => {
            const [there, ledger] = await Promise.all([now(environment)(app), ledgers(environment, app)]);
            return sideOf(there, deployedAt(ledger, at), ledger, `${environment} at ${utc(at)}`, app);
          },
        };
  }
  const [before] = environmentPolicy(snapshot.policy, target).after;
  if (before === undefined) {
    throw new Error(
      `The policy does not say what comes before ${target}. Say where to take versions from with "from" ` +
        `(${environments.filter((name) => name !== target).join(', ')}), or add "after" to ${target} in ostack.yaml.`,
    );
  }
  if (origin.kind === 'previous') {
    return { environment: before, label: before, sideFor: now(before) };
  }
  const { version } = origin;
  return {
    environment: before,
    label: `${before} at ${version}`,
    sideFor: async (app) => {
      const [there, ledger] = await Promise.all([now(before)(app), ledgers(before, app)]);
      const entry = ledger.entries.find(
        (each) =>
          each.present &&
          each.version !== null &&
          (each.version === version || compareVersions({ tag: each.version }, { tag: version }) === 'same'),
      );
      return sideOf(there, entry, ledger, `${before} at ${version}`, app);
    },
  };
}

function sideOf(snapshot: Snapshot, entry: LedgerEntry | undefined, ledger: Ledger, label: string, app: string): Side {
  if (entry === undefined) {
    const known = [...new Set(ledger.entries.flatMap(({ version }) => version ?? []))].slice(0, 10);
    const list = known.length === 0 ? 'none' : known.join(', ');
    throw new Error(`There is no ${app} of ${label}. Last versions there: ${list}.`);
  }
  return { tree: snapshot.treeAt(entry.oid), layout: snapshot.layout };
}
