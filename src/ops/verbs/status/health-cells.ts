import type { Ledger } from '../../ledger/ledger.js';
import { healthReader } from '../../live/environment-health.js';
import { nextAct } from '../../live/next-act.js';
import { type Failure, type Health, severity } from '../../policy/health.js';
import { environmentPolicy, type Policy } from '../../policy/policy.js';
import type { Snapshot } from '../../repository/snapshot.js';
import type { EnvironmentStatus } from './status.js';

/** An app in an environment, where that lives, and what it held there. */
interface HeldCell {
  seat: { snapshot: Snapshot };
  environment: string;
  app: string;
  inBase: boolean;
  ledger: Ledger;
}

/** What is reported of an app's version and of its environment. */
export interface CellHealth {
  own: Health;
  environment: Health;
  lastFailure: Failure | undefined;
}

/**
 * Reads what is reported of all that environments hold, of those whose policy says that something reports. All that live on one branch
 * share their requests.
 *
 * @throws what is no failed request: what cannot be read is unknown, and says so
 */
export async function readHealths<T extends HeldCell>(held: readonly T[], now: Date): Promise<Map<T, CellHealth>> {
  const found = held.map(async (each) => {
    const { snapshot } = each.seat;
    const { ops, reader, repo, layout, policy } = snapshot;
    const healthOf = healthReader({ ops, reader, head: repo.baseOid }, () => now);
    const { health } = await healthOf(layout, environmentPolicy(policy, each.environment), each.ledger);
    const oid = each.inBase ? undefined : each.ledger.entries[0]?.oid;
    if (health === undefined) {
      return [];
    }
    const own = oid === undefined ? health.now : health.of(each.app, oid, undefined);
    return [[each, { own, environment: health.now, lastFailure: health.lastFailure }] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

/** What the status says of an environment: what is reported of it, and who acts next. */
export function environmentHealth<T extends HeldCell>(
  policy: Policy,
  name: string,
  healths: ReadonlyMap<T, CellHealth>,
): Pick<EnvironmentStatus, 'health'> {
  const { ready } = environmentPolicy(policy, name);
  // Each app of an environment may live in a repository of its own: what is worst is said.
  const own = [...healths].filter(([cell]) => cell.environment === name).map(([, health]) => health);
  const [worst] = own.sort((one, other) => severity(one.environment) - severity(other.environment));
  if (ready === undefined || worst === undefined) {
    return {};
  }
  const { environment, lastFailure } = worst;
  return { health: { ...environment, next: nextAct(environment, ready), lastFailure } };
}
