import { InvalidYaml } from '../yaml/parse.js';
import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';
import type { Problem } from './problem.js';

/** How well-known secrets begin. A match is named by its kind, never shown. */
const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9_]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a Google API key', /\bAIza[\w-]{35}\b/],
  ['a Slack token', /\bxox[abprs]-[\w-]{10,}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['an age key', /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/],
];

/**
 * Secrets in plain text that a change adds to a file: values of a `Secret` (or of a `secretGenerator`) that are neither
 * encrypted (SOPS) nor left to be filled in (`${NAME}`), and lines that hold something that looks like a well-known token.
 * What was there before is not reported. Sealed and external secrets are kinds of their own.
 *
 * @param before the file's text, `undefined` where it is new
 * @see https://fluxcd.io/flux/guides/mozilla-sops/
 */
export function secretProblems(file: string, before: string | undefined, after: string): Problem[] {
  const known = new Set(before?.split('\n').map((line) => line.trim()));
  const lines = after.split('\n').flatMap((line, index): Problem[] => {
    const kind = known.has(line.trim()) ? undefined : PATTERNS.find(([, pattern]) => pattern.test(line))?.[0];
    return kind === undefined ? [] : [problemAt(file, index + 1, `this looks like ${kind}`)];
  });
  const old = new Set(before === undefined ? [] : valuesIn(file, before).map(({ key, text }) => `${key}\0${text}`));
  const values = valuesIn(file, after)
    .filter(({ key, text }) => !old.has(`${key}\0${text}`))
    .map(({ key, line }) => problemAt(file, line, `the value of "${key}" is a secret in plain text`));
  const reported = new Set(lines.map(({ line }) => line));
  return [...lines, ...values.filter(({ line }) => !reported.has(line))];
}

function problemAt(file: string, line: number, what: string): Problem {
  const message =
    `${file}:${line}: ${what}. Everyone who can read this repository can read it, and it stays in the history: replace the secret ` +
    'itself, and keep only an encrypted one (SOPS, a SealedSecret) or a reference (an ExternalSecret) here.';
  return { level: 'error', file, line, message };
}

interface SecretValue {
  /** `metadata.name/key`. */
  key: string;
  text: string;
  line: number;
}

/** Values of all Secrets of a file that are in plain text; none in a file that is no YAML. */
function valuesIn(file: string, text: string): SecretValue[] {
  if (!/\.ya?ml$|(^|\/)Kustomization$/.test(file)) {
    return [];
  }
  try {
    return readValues(text, file).flatMap((value) => (value.kind === 'map' ? secretsOf(value) : []));
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return [];
    }
    throw error;
  }
}

/** What kubectl keeps of an object, secrets included. @see https://kubernetes.io/docs/reference/labels-annotations-taints */
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function secretsOf(document: MapValue): SecretValue[] {
  const list = document.entries.get('items');
  const items = list?.kind === 'list' ? list.items.filter((item) => item.kind === 'map') : [];
  const annotations = mapAt(mapAt(document, 'metadata'), 'annotations');
  const applied = annotations?.entries.get(APPLIED);
  return [
    ...(textAt(document, 'kind') === 'Secret' ? leftPlain(document, dataOf(document)) : []),
    ...generated(document.entries.get('secretGenerator')),
    ...items.flatMap(secretsOf),
    ...(applied?.kind === 'text'
      ? valuesIn('.yaml', applied.text).map((each) => ({ ...each, line: applied.line }))
      : []),
  ].filter(({ text }) => isPlain(text));
}

function mapAt(map: MapValue | undefined, key: string): MapValue | undefined {
  const value = map?.entries.get(key);
  return value?.kind === 'map' ? value : undefined;
}

/**
 * Values that SOPS should have encrypted and did not, as where somebody adds one by hand. Where it encrypts chosen keys alone, the
 * others are as they are meant.
 *
 * @see https://github.com/getsops/sops#encrypting-only-parts-of-a-file
 */
function leftPlain(document: MapValue, values: readonly SecretValue[]): SecretValue[] {
  const sops = mapAt(document, 'sops');
  const setting = (name: string) => (sops === undefined ? undefined : textAt(sops, name));
  const chosen = setting('encrypted_regex');
  const isWhole = chosen === undefined || /\bdata\b.*\bstringData\b|\bstringData\b.*\bdata\b/.test(chosen);
  const isChosen = !isWhole || (setting('encrypted_suffix') ?? setting('unencrypted_regex')) !== undefined;
  if (isChosen && values.some(({ text }) => text.startsWith(ENCRYPTED))) {
    return [];
  }
  const suffix = setting('unencrypted_suffix');
  return values.filter(({ key }) => suffix === undefined || !key.endsWith(suffix));
}

const ENCRYPTED = 'ENC[';

/** A file that SOPS encrypted, as a value: Flux decrypts it in the cluster. */
const ENCRYPTED_FILE = /^[ \t]*"?(?:sops_)?mac"?[ \t]*[:=][ \t]*"?ENC\[/m;

function dataOf(document: MapValue): SecretValue[] {
  const metadata = mapAt(document, 'metadata');
  const name = (metadata && textAt(metadata, 'name')) ?? '';
  return [
    ...valuesBelow(document.entries.get('data'), name).filter(
      ({ text }) => !ENCRYPTED_FILE.test(Buffer.from(text, 'base64').toString('utf8')),
    ),
    ...valuesBelow(document.entries.get('stringData'), name),
  ];
}

/** All texts of a value, by their way of keys. */
function valuesBelow(value: YamlValue | undefined, key: string): SecretValue[] {
  switch (value?.kind) {
    case 'text':
      return [{ key, text: value.text, line: value.line }];
    case 'list':
      return value.items.flatMap((item) => valuesBelow(item, key));
    case 'map':
      return [...value.entries].flatMap(([name, each]) => valuesBelow(each, `${key}/${name}`));
    default:
      return [];
  }
}

function generated(list: YamlValue | undefined): SecretValue[] {
  const generators = list?.kind === 'list' ? list.items.filter((item) => item.kind === 'map') : [];
  return generators.flatMap((generator) => {
    const literals = generator.entries.get('literals');
    return literals?.kind === 'list'
      ? literals.items.flatMap((item): SecretValue[] => {
          const at = item.kind === 'text' ? item.text.indexOf('=') : -1;
          return item.kind === 'text' && at > 0
            ? [
                {
                  key: `${textAt(generator, 'name') ?? ''}/${item.text.slice(0, at)}`,
                  text: item.text.slice(at + 1),
                  line: item.line,
                },
              ]
            : [];
        })
      : [];
  });
}

/** Neither empty, nor encrypted by SOPS, nor left to Flux's substitution. */
function isPlain(text: string): boolean {
  const value = text.trim();
  return value !== '' && !value.startsWith(ENCRYPTED) && !/^["']?\$\{[^}]+\}["']?$/.test(value);
}
