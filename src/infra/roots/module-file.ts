import { type Block, literalOf, objectOf, readBody } from '../hcl/blocks.js';
import type { TextToken, Token } from '../hcl/tokens.js';
import { beginningOf, type PathRead, readsIn } from './path-reads.js';

/** A place of state: a backend, or what a `terraform_remote_state` reads. */
export interface StatePlace {
  /** `s3`, `local`, `remote`, …; of a `cloud` block `cloud`. */
  type: string;
  /** Literal settings by name, of an object `endpoints.s3`; what is no literal is not among them. */
  settings: Readonly<Record<string, string>>;
  /** Names of settings that are no literals; `key` where a file that gives some cannot be read. */
  unclear: readonly string[];
}

/** Settings that say where a state is, or at which server; all others say how it is reached. */
export function isOfPlace(name: string): boolean {
  return PLACES.includes(name) || /^(?:endpoint|region)/.test(name);
}

/** Settings of backends that say where a state is. */
export const PLACES: readonly string[] = [
  ...['bucket', 'key', 'prefix', 'path', 'workspace_dir', 'workspace_key_prefix', 'address', 'schema_name'],
  ...['container_name', 'storage_account_name', 'secret_suffix', 'namespace', 'hostname', 'organization', 'name'],
  ...['tags', 'project', 'table', 'tablestore_table', 'conn_str'],
];

/** What a file of a module says, as far as roots and what changes them is concerned. */
export interface ModuleFile {
  /** The backend or cloud block. */
  state: StatePlace | undefined;
  /** Sources of the modules that it calls, by the name of the call; of what is no literal where it begins. */
  calls: readonly { name: string; source: string | undefined; beginning?: string }[];
  /** Paths of the repository that its functions and arguments name. */
  reads: readonly PathRead[];
  /** States of others that it reads. */
  remoteStates: readonly StatePlace[];
  /** Addresses in the module of resources that must not be destroyed: `aws_db_instance.main`. */
  protects: readonly string[];
  /** Variables that are declared sensitive or ephemeral, with their defaults where these are literal. */
  sensitive: readonly { name: string; value: string | undefined }[];
  /** Names of outputs that are declared sensitive. */
  secretOutputs: readonly string[];
  /** Whether it reads what nobody writes down: ephemeral resources, whose values are in no plan and no state. */
  isEphemeral: boolean;
}

/** Reads a file in the language itself. */
export function readModuleFile(text: string): ModuleFile {
  return moduleFile(readBody(text).blocks);
}

/** The same of blocks, from whichever form of the language. */
export function moduleFile(blocks: readonly Block[]): ModuleFile {
  const of = (type: string) => blocks.filter((block) => block.type === type);
  const settings = of('terraform').flatMap(({ body }) => body.blocks);
  const backend = settings.find(({ type }) => type === 'backend');
  const cloud = settings.find(({ type }) => type === 'cloud');
  return {
    state: backend !== undefined ? placeOf(backend.labels[0] ?? '', backend) : cloud && placeOf('cloud', cloud),
    calls: of('module').map(({ labels, body }) => {
      const tokens = body.attributes.get('source');
      const source = literalOf(tokens);
      const isOpen = tokens !== undefined && source === undefined;
      return { name: labels[0] ?? '', source, ...(isOpen && { beginning: beginningOf(tokens, blocks) }) };
    }),
    reads: readsIn(blocks),
    remoteStates: [...of('data'), ...of('check').flatMap(({ body }) => body.blocks)]
      .filter(({ labels }) => labels[0] === 'terraform_remote_state')
      .map(remoteState),
    protects: of('resource')
      .filter(isProtected)
      .map(({ labels }) => labels.join('.')),
    secretOutputs: of('output')
      .filter((block) => says(block, 'sensitive'))
      .map(({ labels }) => labels[0] ?? ''),
    isEphemeral: of('ephemeral').length > 0,
    sensitive: of('variable')
      .filter((block) => says(block, 'sensitive') || says(block, 'ephemeral'))
      .map(({ labels, body }) => ({ name: labels[0] ?? '', value: textOf(body.attributes.get('default')) })),
  };
}

function says({ body }: Block, name: string): boolean {
  return literalOf(body.attributes.get(name)) === 'true';
}

function placeOf(type: string, { body }: Block): StatePlace {
  const workspaces = body.blocks
    .filter((block) => block.type === 'workspaces')
    .flatMap((block) => [...block.body.attributes]);
  return { type, ...settingsOf([...body.attributes, ...workspaces]) };
}

function remoteState({ body }: Block): StatePlace {
  const config = objectOf(body.attributes.get('config'));
  const workspace = literalOf(body.attributes.get('workspace'));
  const { settings, unclear } = settingsOf([...config, ...objectOf(config.get('workspaces'))]);
  return {
    ...{ type: literalOf(body.attributes.get('backend')) ?? '', unclear },
    settings: workspace === undefined ? settings : { ...settings, workspace },
  };
}

type Attributes = readonly (readonly [string, readonly Token[]])[];

/** The settings of a place, with what files or further settings give of it. */
export function givenPlace(place: StatePlace, given: readonly (string | undefined)[]): StatePlace {
  const more = given.map((text): Omit<StatePlace, 'type'> => {
    return text === undefined ? { settings: {}, unclear: ['key'] } : settingsOf([...readBody(text).attributes]);
  });
  return {
    type: place.type,
    settings: Object.assign({}, place.settings, ...more.map(({ settings }) => settings)),
    unclear: [place, ...more].flatMap(({ unclear }) => unclear),
  };
}

function settingsOf(attributes: Attributes): Omit<StatePlace, 'type'> {
  const all = attributes.flatMap(([name, tokens]): (readonly [string, string | undefined])[] => {
    const inner = [...objectOf(tokens)];
    return inner.length > 0
      ? inner.map(([key, each]) => [`${name}.${key}`, literalOf(each)] as const)
      : [[name, literalOf(tokens)]];
  });
  return {
    settings: Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    unclear: all.flatMap(([name, value]) => (value === undefined ? [name] : [])),
  };
}

function isProtected({ body }: Block): boolean {
  // OpenTofu takes variables there, too: what may be protected is.
  return body.blocks.some(
    ({ type, body: { attributes } }) =>
      type === 'lifecycle' &&
      attributes.has('prevent_destroy') &&
      literalOf(attributes.get('prevent_destroy')) !== 'false',
  );
}

/** A literal text, not a number or a word of the language. */
function textOf(tokens: readonly Token[] | undefined): string | undefined {
  return tokens?.some((token): token is TextToken => token.kind === 'text') === true ? literalOf(tokens) : undefined;
}
