import semver from 'semver';
import type { ChartTarget } from './carrier.js';

/**
 * Where a chart comes from, in one spelling: `https://charts.bitnami.com/bitnami`, `oci://ghcr.io/acme/charts` without the
 * chart's own name at its end, or the bare name of a source (`bitnami`).
 *
 * @param text an address with or without `oci://` (Argo CD writes registries without), or a name
 * @param chart the chart's name, which an OCI address may end with
 * @returns `undefined` for an empty text
 */
export function normalRepository(text: string | undefined, chart?: string): string | undefined {
  const trimmed = withoutLastSlashes((text ?? '').trim());
  if (trimmed === '') {
    return undefined;
  }
  const [, scheme = '', rest = trimmed] = /^([a-z][a-z+.-]*):\/\/(.*)$/i.exec(trimmed) ?? [];
  if (scheme === '' && !rest.includes('/')) {
    return rest;
  }
  const [host = '', ...path] = rest.split('/');
  const isOci = scheme === '' || scheme.toLowerCase() === 'oci';
  if (isOci && path.at(-1) === chart) {
    path.pop();
  }
  return `${isOci ? 'oci' : scheme.toLowerCase()}://${[host.toLowerCase(), ...path].join('/')}`;
}

function withoutLastSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') {
    end -= 1;
  }
  return text.slice(0, end);
}

/** Whether a repository is an address, and not the name of a source. */
export function isAddress(repository: string): boolean {
  return repository.includes('://');
}

/** The name and repository in the address of one chart: `oci://ghcr.io/acme/charts/podinfo`. */
export function chartOfAddress(address: string): { name: string; repository: string | undefined } | undefined {
  const name = withoutLastSlashes(address).split('/').at(-1);
  return name === undefined || name === '' || !isAddress(address)
    ? undefined
    : { name, repository: normalRepository(address, name) };
}

/**
 * Whether a text is one version of a chart and not a range: `4.10.1`, `v1.2.0-rc.1`. Helm takes `1.2` for a range.
 *
 * @see https://helm.sh/docs/topics/charts/#charts-and-versioning
 */
export function isChartVersion(text: string): boolean {
  return /^v?\d/.test(text) && text.length <= 128 && semver.valid(text) !== null;
}

/** Whether a text is filled in by something else: a template of Helm, Flux, Argo CD or a Makefile. */
export function isTemplate(text: string): boolean {
  return /\{\{|<<|\$\{|\$\(/.test(text);
}

/** A chart with its version, for people: `ingress-nginx 4.10.1`. */
export function chartLabel({ name, version, digest }: Pick<ChartTarget, 'name' | 'version' | 'digest'>): string {
  return `${name} ${version ?? digest?.slice(0, 19) ?? ''}`.trim();
}

/** All that is known of a chart, as commits name it: `podinfo 6.5.0 from oci://ghcr.io/acme/charts as web`. */
export function chartReference({ name, version, digest, repository, release }: ChartTarget): string {
  const parts = [name, version, digest, repository && `from ${repository}`, release && `as ${release}`];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** The chart that `chartReference` names; `undefined` where the text is something else. */
export function chartTargetOf(text: string): ChartTarget | undefined {
  const match = /^([\w.-]+)(?: (v?\d[\w.+-]*))?(?: (sha256:[0-9a-f]{64}))?(?: from (\S+))?(?: as (\S+))?$/.exec(text);
  const [, name, version, digest, repository, release] = match ?? [];
  return name === undefined || (version ?? digest) === undefined
    ? undefined
    : { kind: 'chart', name, version, digest, repository, release };
}

/**
 * Whether two charts are the same one, at any versions: by name, and by what both say of repository and release. One that
 * is known from a patch is called as its release, and comes from nowhere.
 */
export function sameChart(one: ChartTarget, other: ChartTarget): boolean {
  const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  const sameRelease = one.release !== undefined && one.release === other.release;
  const isPatch = ({ name, release, repository }: ChartTarget) => repository === undefined && name === release;
  return (
    (one.name === other.name || (sameRelease && (isPatch(one) || isPatch(other)))) &&
    agree(one.repository, other.repository) &&
    agree(one.release, other.release)
  );
}
