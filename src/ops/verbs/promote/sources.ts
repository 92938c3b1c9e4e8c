import { utc } from '../../../report/time.js';
import { compareVersions } from '../../carriers/compare-versions.js';
import { deployedAt, type Ledger, type LedgerEntry } from '../../ledger/ledger.js';
import { LOOK_BACK, readLedger } from '../../ledger/read-ledger.js';
import { environmentPolicy } from '../../policy/policy.js';
import type { Snapshot } from '../../repository/snapshot.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { parseOrigin } from './origin.js';

/** The ledgers of one snapshot, each read once. */
export type Ledgers = (environment: string, app: string) => Promise<Ledger>;

/** Reads ledgers at the commit of a snapshot; those asked for in one tick share their requests. */
export function ledgersOf({ ops, repo, layout, reader }: Snapshot): Ledgers {
  const source = { ...ops, reader };
  const known = new Map<string, Promise<Ledger>>();
  return (environment, app) => {
    const key = `${environment}/${app}`;
    const ledger =
      known.get(key) ??
      readLedger(source, { oid: repo.baseOid, branch: repo.base }, layout, environment, app, {
        limit: LOOK_BACK,
      });
    known.set(key, ledger);
    return ledger;
  };
}

/** Where a target takes its versions from. */
export interface Source {
  environment: string;
  /** As people read it: `staging`, `staging at 2026-11-01 12:00 UTC`. */
  label: string;
  /** The commit to read an app's state from. */
  treeFor(app: string): Promise<TreeReader>;
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
  if (origin.kind === 'environment') {
    const { environment, at } = origin;
    return at === undefined
      ? { environment, label: environment, treeFor: async () => snapshot.tree }
      : {
          environment,
          label: `${environment} at ${utc(at)}`,
          treeFor: async (app) => {
            const ledger = await ledgers(environment, app);
            return treeOf(snapshot, deployedAt(ledger, at), ledger, `${environment} at ${utc(at)}`, app);
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
    return { environment: before, label: before, treeFor: async () => snapshot.tree };
  }
  const { version } = origin;
  return {
    environment: before,
    label: `${before} at ${version}`,
    treeFor: async (app) => {
      const ledger = await ledgers(before, app);
      const entry = ledger.entries.find(
        (each) =>
          each.present &&
          each.version !== null &&
          (each.version === version || compareVersions({ tag: each.version }, { tag: version }) === 'same'),
      );
      return treeOf(snapshot, entry, ledger, `${before} at ${version}`, app);
    },
  };
}

function treeOf(
  snapshot: Snapshot,
  entry: LedgerEntry | undefined,
  ledger: Ledger,
  label: string,
  app: string,
): TreeReader {
  if (entry === undefined) {
    const known = [...new Set(ledger.entries.flatMap(({ version }) => version ?? []))].slice(0, 10);
    const list = known.length === 0 ? 'none' : known.join(', ');
    throw new Error(`There is no ${app} of ${label}. Last versions there: ${list}.`);
  }
  return snapshot.treeAt(entry.oid);
}
