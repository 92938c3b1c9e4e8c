import { formatPath, type YamlPath } from '../yaml/path.js';
import type { Carrier, ImageTarget } from './carrier.js';
import { pathBelow, type ValueLayer, type ValueStack, type ValueText } from './value-stack.js';
import { versionText } from './version-text.js';

/**
 * What overrides a carrier in the values of a chart: the strongest layer that says the same value, or a digest beside it.
 *
 * @param carriers all that are known: one of them, where it is that value
 * @returns a carrier of the same image, `blocked` where nothing may be set there; `undefined` where nothing overrides it, or
 *   not everywhere where its values are taken
 */
export function overriderInValues(
  stacks: readonly ValueStack[],
  carriers: readonly Carrier[],
  carrier: Carrier,
): Carrier | undefined {
  const { target } = carrier;
  const found = stacks.flatMap((stack) => {
    const own = stack.findIndex((layer) => relative(layer, carrier).length > 0);
    const layer = stack[own];
    if (layer === undefined) {
      return [];
    }
    const paths = relative(layer, carrier);
    const isOpen = layer.isFilled === true && (carrier.current.tag ?? carrier.current.digest) === undefined;
    const weaker = isOpen ? stack.slice(0, own) : [];
    return [{ layer, values: strongest(stack.slice(own + 1), paths) ?? strongest(weaker, paths) }];
  });
  const [first] = found;
  if (target.kind !== 'image' || first === undefined) {
    return undefined;
  }
  const ignored = found.every(({ layer }) => layer.ignored !== undefined) ? first.layer.ignored : undefined;
  const [value, ...more] = first.values ?? [];
  if (value === undefined || found.some(({ values }) => values === undefined)) {
    return ignored === undefined ? undefined : ignoredCarrier(carrier, ignored);
  }
  const known = carriers.find((other) => other.target.kind === 'image' && isAt(other, value));
  return known ?? carrierOf(target, [value, ...more]);
}

/** What stands for a value that nobody takes. */
function ignoredCarrier(carrier: Carrier, why: string): Carrier {
  const { file, line, target } = carrier;
  const repository = target.kind === 'image' ? target.repository : '';
  const blocked = `${file}:${line} has the version of ${repository}: ${why}`;
  return { ...carrier, kind: 'ignored-value', current: { repository }, edits: [], blocked };
}

/** The paths in the values of a layer at which a carrier is written. */
function relative(layer: ValueLayer | undefined, { file, document, edits }: Carrier): YamlPath[] {
  if (layer === undefined || layer.file !== file || layer.document !== document) {
    return [];
  }
  const { root, texts } = layer;
  if (root !== undefined) {
    return edits.flatMap(({ path }) => {
      const below = pathBelow(root, path);
      return below === undefined ? [] : [below];
    });
  }
  return [...texts].flatMap(([rel, { path }]): YamlPath[] =>
    edits.some((edit) => JSON.stringify(edit.path) === JSON.stringify(path)) ? [JSON.parse(rel)] : [],
  );
}

/** What the strongest of the layers says at these paths, the tag first, or as the digest beside them; `undefined` for nothing. */
function strongest(layers: readonly ValueLayer[], paths: readonly YamlPath[]): ValueText[] | undefined {
  const digests = paths.flatMap((path) => (path.length === 0 ? [] : [[...path.slice(0, -1), 'digest']]));
  const keys = [...new Set([...paths, ...digests].map((path) => JSON.stringify(path)))];
  return layers
    .toReversed()
    .map(({ texts }) => keys.flatMap((key) => texts.get(key) ?? []))
    .find((found) => found.length > 0);
}

function isAt({ file, document, edits }: Carrier, value: ValueText): boolean {
  return (
    file === value.file &&
    document === value.document &&
    edits.some(({ path }) => JSON.stringify(path) === JSON.stringify(value.path))
  );
}

/** @param values what overrides, the tag before the digest beside it */
function carrierOf(target: ImageTarget, values: readonly [ValueText, ...ValueText[]]): Carrier {
  const [{ file, document, path, line }] = values;
  const read = values.map((value) => ({ value, said: versionText(value.text) }));
  const unread = read.find(({ said }) => said === undefined)?.value;
  const blocked =
    unread === undefined
      ? undefined
      : `${file}:${unread.line} has ${JSON.stringify(unread.text)} at ${formatPath(unread.path)}, which overrides the version ` +
        `of ${target.repository} and is none that can be read. ${adviceFor(unread)}`;
  return {
    ...{ kind: 'overriding-value', file, document, path, line, target, certain: true, blocked },
    current: { repository: target.repository, ...Object.assign({}, ...read.map(({ said }) => said?.current)) },
    needsTag: values.every((value) => !isDigestKey(value)),
    edits: read.map(({ value, said }) => ({
      ...{ path: value.path, document },
      value: (isDigestKey(value) ? target.digest : said?.write(target)) ?? '',
    })),
  };
}

/** What to do with a value that is no version. In the template of an ApplicationSet, it is one for all Applications. */
function adviceFor({ path: [spec, template], text }: ValueText): string {
  return spec === 'spec' && template === 'template' && text.includes('{{')
    ? 'A generator fills it in. Remove that value, so that the files of each environment say their own version.'
    : 'Write the version itself there, or remove that value.';
}

function isDigestKey({ path }: ValueText): boolean {
  return path.at(-1) === 'digest';
}
