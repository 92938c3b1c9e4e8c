import * as v from 'valibot';
import type { ConfigError } from '../../config/config-error.js';
import { readConfigFile } from '../../config/read-config.js';

/** Files that say that a folder is a definition. */
export const DEFINITION_NAMES = ['component.yaml', 'component.json'];

/** Where the files of a component are. */
export type Method = (typeof METHODS)[number];

const TYPES = ['component', 'static', 'helm'] as const;
const METHODS = ['local', 'git', 'helm', 'http'] as const;

/** A component as its file, or the one that it is declared in, says it. */
export interface Component {
  name: string;
  /** `component` holds others and has no manifests of its own. */
  type: (typeof TYPES)[number];
  method: Method;
  source: string | undefined;
  path: string | undefined;
  version: string | undefined;
  branch: string | undefined;
  /** Names of hooks with commands. */
  hooks: readonly string[];
  /** Names of repositories that Fabrikate added to helm once; charts name theirs by themselves. */
  repositories: readonly string[];
  subcomponents: readonly Component[];
  /** An error at a key of it. */
  error(key: string, message: string): ConfigError;
}

const text = v.nullish(v.string('expected a text, in quotes where it looks like a number'));

const schema: v.GenericSchema<unknown, Shape> = v.strictObject({
  name: v.string(),
  type: v.nullish(v.picklist(TYPES, 'expected component, static or helm')),
  generator: v.nullish(v.picklist(TYPES, 'expected component, static or helm')),
  method: v.nullish(v.picklist(METHODS, 'expected local, git, helm or http')),
  source: text,
  path: text,
  version: text,
  branch: text,
  hooks: v.nullish(v.record(v.string(), v.nullish(v.array(v.string())))),
  repositories: v.nullish(v.record(v.string(), v.string())),
  subcomponents: v.nullish(v.array(v.lazy(() => schema))),
});

interface Shape {
  name: string;
  type?: Component['type'] | null | undefined;
  generator?: Component['type'] | null | undefined;
  method?: Method | null | undefined;
  source?: string | null | undefined;
  path?: string | null | undefined;
  version?: string | null | undefined;
  branch?: string | null | undefined;
  hooks?: Record<string, string[] | null | undefined> | null | undefined;
  repositories?: Record<string, string> | null | undefined;
  subcomponents?: Shape[] | null | undefined;
}

/** A name becomes a key of configurations and the name of a release. */
const NAME = /^[A-Za-z0-9][\w.-]*$/;

/**
 * Reads a `component.yaml` or `component.json`. The older word `generator` wins over `type`, as in Fabrikate.
 *
 * @throws ConfigError with file and line of each mistake: unknown keys and types, a name that is none, two parts of one name
 */
export function readComponent(content: string, file: string): Component {
  const { value, error } = readConfigFile(schema, content, file);
  return componentOf(value, [], error);
}

type Path = readonly (string | number)[];

function componentOf(shape: Shape, path: Path, error: (path: Path, message: string) => ConfigError): Component {
  if (!NAME.test(shape.name)) {
    throw error([...path, 'name'], `expected letters, digits, ".", "_" and "-", found ${JSON.stringify(shape.name)}.`);
  }
  const below = shape.subcomponents ?? [];
  const twice = below.findIndex(({ name }, index) => below.findIndex((other) => other.name === name) !== index);
  if (twice >= 0) {
    const place = [...path, 'subcomponents', twice, 'name'];
    throw error(place, `there is a part ${below[twice]?.name} already, and configuration goes by names.`);
  }
  return {
    name: shape.name,
    type: shape.generator ?? shape.type ?? 'component',
    method: shape.method ?? 'local',
    source: shape.source ?? undefined,
    path: shape.path ?? undefined,
    version: shape.version ?? undefined,
    branch: shape.branch ?? undefined,
    hooks: Object.entries(shape.hooks ?? {}).flatMap(([name, commands]) => (commands?.length ? [name] : [])),
    repositories: Object.keys(shape.repositories ?? {}),
    subcomponents: below.map((each, index) => componentOf(each, [...path, 'subcomponents', index], error)),
    error: (key, message) => error([...path, key], message),
  };
}
