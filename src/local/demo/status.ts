import * as v from 'valibot';
import { parse } from 'yaml';
import { parseTrailers } from '../../ops/ledger/trailers.js';
import { POLICY_FILE, readPolicy } from '../../ops/policy/policy.js';
import type { LocalRepository } from '../stage.js';
import type { Pull } from './people.js';

/** The version of one app in one environment, read from git. */
export interface Row {
  environment: string;
  app: string;
  version: string;
  digests: string[];
  /** Time of the commit that set this version; `undefined` for a version from before oStack. */
  since: Date | undefined;
  /** The pull request that set this version, `#12`; empty when its commit names none. */
  through: string;
  /** An open pull request that would change it. */
  waiting: Pull | undefined;
}

const kustomizationSchema = v.object({
  images: v.array(v.object({ newTag: v.string(), digest: v.optional(v.string(), '') })),
});

/** Reads the versions of all apps in all environments: versions from the overlays, times from commit trailers. */
export async function readStatus(
  ops: LocalRepository,
  apps: readonly string[],
  open: ReadonlyMap<string, Pull>,
): Promise<Row[]> {
  const policy = readPolicy(await ops.read(ops.defaultBranch, POLICY_FILE));
  const ledger = (await ops.log(ops.defaultBranch)).map((commit) => ({
    commit,
    trailers: parseTrailers(commit.message),
  }));
  const rows: Row[] = [];
  for (const { name: environment } of policy.environments) {
    for (const app of apps) {
      const text = await ops.read(ops.defaultBranch, `overlays/${environment}/${app}/kustomization.yaml`);
      const { images } = v.parse(kustomizationSchema, parse(text ?? ''));
      const entry = ledger.find(({ trailers }) => trailers?.environment === environment && trailers.app === app);
      rows.push({
        environment,
        app,
        version: [...new Set(images.map((image) => image.newTag))].join(', '),
        digests: images.map((image) => image.digest),
        since: entry?.commit.committer.date,
        through: /\(#\d+\)|#\d+/.exec(entry?.commit.message ?? '')?.[0].replace(/[()]/g, '') ?? '',
        waiting: open.get(`ostack/${environment}/${app}`),
      });
    }
  }
  return rows;
}
