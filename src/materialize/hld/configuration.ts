import * as v from 'valibot';
import { readConfigFile } from '../../config/read-config.js';
import { type MapValue, readValues, type Value, valueAt } from '../values.js';
import { mergeValues } from './merge-values.js';

/** What configures a component and those below it, on one level or merged of several. */
export interface Configuration {
  values: MapValue;
  /** `undefined` where no level names one. */
  namespace: { name: string; inject: boolean } | undefined;
  /** `undefined` where no level says. */
  disabled: boolean | undefined;
  subcomponents: ReadonlyMap<string, Configuration>;
}

/** Nothing configured. */
export const NO_CONFIGURATION: Configuration = {
  values: { kind: 'map', at: '', entries: new Map(), quoted: new Set() },
  namespace: undefined,
  disabled: undefined,
  subcomponents: new Map(),
};

const schema: v.GenericSchema<unknown, Shape> = v.strictObject({
  config: v.nullish(v.record(v.string(), v.unknown())),
  namespace: v.nullish(v.string()),
  injectNamespace: v.nullish(v.boolean()),
  disabled: v.nullish(v.boolean()),
  subcomponents: v.nullish(v.record(v.string(), v.nullish(v.lazy(() => schema)))),
});

interface Shape {
  namespace?: string | null | undefined;
  injectNamespace?: boolean | null | undefined;
  disabled?: boolean | null | undefined;
  subcomponents?: Record<string, Shape | null | undefined> | null | undefined;
}

/**
 * Reads a file of `config/`.
 *
 * @throws ConfigError with file and line of each mistake
 */
export function readConfiguration(text: string, file: string): Configuration {
  return configurationOf(readConfigFile(schema, text, file).value, readValues(text, file)[0]);
}

/** @param written the same mapping with its scalars as written */
function configurationOf(shape: Shape, written: Value | undefined): Configuration {
  const { namespace, injectNamespace, disabled, subcomponents } = shape;
  const below = valueAt(written, 'subcomponents');
  const values = valueAt(written, 'config');
  return {
    values: values?.kind === 'map' ? values : NO_CONFIGURATION.values,
    namespace: namespace ? { name: namespace, inject: injectNamespace ?? false } : undefined,
    disabled: disabled ?? undefined,
    subcomponents: new Map(
      Object.entries(subcomponents ?? {}).map(([name, each]) => [
        name,
        configurationOf(each ?? {}, valueAt(below, name)),
      ]),
    ),
  };
}

/**
 * Merges levels of configuration. The namespace is taken with its `injectNamespace` from the first that names one. What a
 * level leaves open is what the next one says, also whether a component is disabled.
 *
 * @param levels the strongest first
 * @param note is told where Fabrikate does otherwise
 * @throws Error naming two places that cannot be merged
 */
export function mergeConfigurations(levels: readonly Configuration[], note: (text: string) => void): Configuration {
  return levels.reduce((strong, weak) => mergeTwo(strong, weak, note), NO_CONFIGURATION);
}

function mergeTwo(strong: Configuration, weak: Configuration, note: (text: string) => void): Configuration {
  const { value, notes } = mergeValues(strong.values, weak.values);
  notes.forEach(note);
  const names = [...new Set([...strong.subcomponents.keys(), ...weak.subcomponents.keys()])];
  return {
    values: value,
    namespace: strong.namespace ?? weak.namespace,
    disabled: strong.disabled ?? weak.disabled,
    subcomponents: new Map(
      names.map((name) => {
        const [one, other] = [strong.subcomponents.get(name), weak.subcomponents.get(name)];
        return [name, mergeTwo(one ?? NO_CONFIGURATION, other ?? NO_CONFIGURATION, note)];
      }),
    ),
  };
}
