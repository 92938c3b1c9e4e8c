import { isKustomization } from '../kustomize/kustomization.js';
import type { ChartTarget } from './carrier.js';
import { CARRIER_KINDS } from './carrier-kinds.js';
import type { OverlayFile } from './overlay-file.js';
import { yamlNodes } from './yaml-nodes.js';

/**
 * What to do where nothing in an overlay carries the version of a chart: the charts that are there, or a patch to add where
 * only a base installs it.
 */
export function chartAdvice(files: readonly OverlayFile[], chart: ChartTarget, where: string): string {
  const known = [...new Set(files.flatMap(chartsIn))].filter((name) => name !== chart.name);
  const kustomization = files.find(({ path }) => isKustomization(path));
  const named = known.length === 0 ? '' : `It has: ${known.slice(0, 5).join(', ')}. `;
  if (kustomization === undefined) {
    return `${named}Name a chart that ${where} installs, or pin it there: \`version: ${chart.version ?? '1.2.3'}\` beside its name.`;
  }
  const called = chart.release ?? chart.app ?? chart.name;
  const lines = [
    `- target: {kind: HelmRelease, name: ${called}}`,
    '  patch: |-',
    '    - op: add',
    '      path: /spec/chart/spec/version',
    `      value: ${chart.version ?? '1.2.3'}`,
  ].join('\n');
  const list = /^patches:/m.test(kustomization.text);
  return `${named}Where a base installs it as the HelmRelease ${called}, ${list ? `add to the list "patches" in ${kustomization.path}:\n` : `add to ${kustomization.path}:\n\npatches:`}\n${lines}\n`;
}

/** The names of the charts in a file; none where it is no YAML. */
function chartsIn({ path, text }: OverlayFile): string[] {
  try {
    const candidates = yamlNodes(text, path).flatMap((node) => CARRIER_KINDS.flatMap((kind) => kind.candidates(node)));
    return candidates.flatMap((candidate) => (candidate.kind === 'chart' ? [candidate.name] : []));
  } catch {
    return [];
  }
}
