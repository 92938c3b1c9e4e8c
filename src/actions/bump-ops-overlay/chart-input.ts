import * as v from 'valibot';
import { isChartVersion } from '../../ops/carriers/chart-reference.js';
import { isDigest } from '../../ops/carriers/image-reference.js';
import { jsonInput, textInput } from '../../runtime/inputs.js';

const chartSchema = v.strictObject({
  name: v.string(),
  version: v.optional(v.string()),
  repository: v.optional(v.string()),
  digest: v.optional(v.string()),
  release: v.optional(v.string()),
  app: v.optional(v.string()),
});

/** A chart given by hand: its name and version, and what tells it from others of that name. */
export type ChartInput = v.InferOutput<typeof chartSchema>;

const KEYS = ['name', 'version', 'repository', 'digest', 'release', 'app'] as const;
const EXPECTED =
  'expected `ingress-nginx@4.10.1`, `oci://ghcr.io/acme/charts/podinfo:6.5.0`, lines such as `name: ingress-nginx` and ' +
  '`version: 4.10.1`, or the same as a JSON object';

/**
 * Reads the input `chart`: JSON, `key: value` pairs on lines or between commas, or name and version in one word.
 *
 * @throws Error where it is none of these, or its version or digest is none
 */
export function readChart(): ChartInput | undefined {
  const text = textInput('chart')?.trim();
  if (text === undefined || text === '') {
    return undefined;
  }
  const chart = text.startsWith('{') ? jsonInput('chart', chartSchema) : (fromPairs(text) ?? fromWord(text));
  if (chart === undefined) {
    throw new Error(`Input "chart" is ${JSON.stringify(text)}, ${EXPECTED}.`);
  }
  const { name, version, digest } = chart;
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new Error(`Input "chart" names ${JSON.stringify(name)}, which cannot be a chart: ${EXPECTED}.`);
  }
  if (version !== undefined && !isChartVersion(version)) {
    throw new Error(
      `Input "chart" has the version ${JSON.stringify(version)} of ${name}, expected one version such as 4.10.1, no range.`,
    );
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw new Error(`Input "chart" has the digest "${digest}" of ${name}, expected "sha256:" and 64 hex digits.`);
  }
  if (version === undefined && digest === undefined) {
    throw new Error(`Input "chart" names ${name} without a version, ${EXPECTED}.`);
  }
  return chart;
}

/** `name: ingress-nginx` and so on; `undefined` where the text is no such list. */
function fromPairs(text: string): ChartInput | undefined {
  const pairs = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => /^([a-z]+)\s*[:=]\s*(.+)$/.exec(line));
  const values = new Map(pairs.map((match) => [match?.[1] ?? '', (match?.[2] ?? '').replace(/^(["'])(.*)\1$/, '$2')]));
  const known = [...values.keys()].every((key) => KEYS.some((each) => each === key));
  const parsed = v.safeParse(chartSchema, Object.fromEntries(values));
  return known && parsed.success ? parsed.output : undefined;
}

/** `ingress-nginx@4.10.1`, `ingress-nginx 4.10.1`, `oci://ghcr.io/acme/charts/podinfo:6.5.0@sha256:…`. */
function fromWord(text: string): ChartInput | undefined {
  const match = /^(?:(oci:\/\/[^\s@]+)\/)?([A-Za-z0-9][\w.-]*)(?:[:@\s]\s*([^\s@:/]+))?(?:@(sha256:\S+))?$/.exec(text);
  const [, repository, name, version, digest] = match ?? [];
  return name === undefined
    ? undefined
    : {
        name,
        ...(version === undefined ? {} : { version }),
        ...(repository === undefined ? {} : { repository }),
        ...(digest === undefined ? {} : { digest }),
      };
}
