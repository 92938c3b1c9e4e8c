import { named, readIn } from '../checkout.js';
import type { ManifestObject } from '../manifests/objects.js';
import { DEFAULT_NAMESPACE, renderChart } from './render-chart.js';
import type { Rendering } from './source.js';

/**
 * Renders a chart that is the source itself, with the files of values of the repository.
 *
 * @param chart absolute path of its folder or package, what it is called in messages, and the release where nothing names one
 * @throws Error where there is no helm, a file of values is not there, or with what helm said
 */
export async function renderRelease(
  { checkout, tools, options, note }: Rendering,
  chart: { path: string; from: string; name: string },
): Promise<ManifestObject[]> {
  await tools.helm();
  const values = await Promise.all(
    options.values.map(async (path) => {
      const text = await readIn(checkout, path);
      if (text === undefined) {
        throw new Error(`There is no ${named(checkout, path)}. Expected a file of values.`);
      }
      return text;
    }),
  );
  return renderChart(
    {
      valueNames: options.values.map((path) => named(checkout, path)),
      ...{ ...chart, values, name: options.release ?? chart.name },
      namespace: options.namespace ?? DEFAULT_NAMESPACE,
      ...{ withDefinitions: options.withDefinitions, withHooks: options.withChartHooks },
      capabilities: options.capabilities,
    },
    note,
  );
}
