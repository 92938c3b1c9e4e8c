import { expect, test } from '@jest/globals';
import { type RenderRequest, renderEnvironments } from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { configMap, Folder, NOTHING_REMOTE, REQUEST } from './support.js';

const NAMES = Array.from({ length: 12 }, (_, index) => `env-${index}`);
const MANY: RenderRequest = { ...REQUEST, source: 'overlays/{environment}', environments: NAMES };

/** The first has most to read, so that it is done last. */
const filesOf = (name: string, index: number) =>
  Array.from({ length: 1 + (NAMES.length - index) * 3 }, (_, file) => [
    `overlays/${name}/${file}.yaml`,
    configMap(`${name}-${file}`),
  ]);
const FILES: Record<string, string> = Object.fromEntries(NAMES.flatMap(filesOf));

test('environments that are rendered at once come in the order in which they were named, as one after the other', async () => {
  await using folder = await Folder.of(FILES);
  const opened: string[] = [];
  const remoteOf = async (source: string) => {
    opened.push(source);
    return NOTHING_REMOTE;
  };
  const together = await renderEnvironments(folder.checkout, MANY, remoteOf, new Tools());
  expect(opened).toEqual(NAMES.map((name) => `overlays/${name}`));
  const apart = await Promise.all(
    NAMES.map((name) => renderEnvironments(folder.checkout, { ...MANY, environments: [name] }, remoteOf, new Tools())),
  );
  expect(together.map(({ environment, files }) => [environment, [...files]])).toEqual(
    apart.flat().map(({ environment, files }) => [environment, [...files]]),
  );
});

test('of several environments that cannot be rendered, the first is told, whichever fails first', async () => {
  await using folder = await Folder.of({
    ...FILES,
    'overlays/env-0/z.yaml': 'kind: ConfigMap\n',
    'overlays/env-1/a.yaml': 'no object\n',
  });
  const rendering = renderEnvironments(folder.checkout, MANY, async () => NOTHING_REMOTE, new Tools());
  await expect(rendering).rejects.toThrow(/env-0\/z\.yaml/);
});
