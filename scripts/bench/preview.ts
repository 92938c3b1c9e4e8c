/**
 * A preview of one app with three others beside it, in ops repositories of 100 and of 10,000 apps: from its first commit to the sweep,
 * where ops alone writes it, and with others beside it when a base changes. Requests and seconds side by side, with the same latency
 * on one stage each.
 */
import { askedSteps } from './preview-asked.js';
import { basesSteps, ownSteps } from './preview-own.js';
import { type Measure, previewWorld } from './preview-world.js';

const SIZES = [100, 10_000];

/** What happened to previews in this order, by what is said of it. */
export type Steps = [step: string, measure: Measure][];

/**
 * The table, Markdown.
 *
 * @param latencyMs of each request
 */
export async function previewReport(latencyMs: number): Promise<string> {
  const measured: Steps[] = [];
  for (const apps of SIZES) {
    process.stderr.write(`Previews in an ops repository of ${apps} apps …\n`);
    await using world = await previewWorld(apps, latencyMs);
    const [first, other] = [await world.open('one'), await world.open('other')];
    const own = await ownSteps(world, first);
    const asked = await askedSteps(world, other);
    measured.push([...own, ...asked, ...(await basesSteps(world, [first, other]))]);
  }
  const sizes = SIZES.map((apps) => apps.toLocaleString('en'));
  const head = [
    'a preview',
    ...sizes.map((size) => `requests, ${size} apps`),
    ...sizes.map((size) => `seconds, ${size} apps`),
  ];
  const rows = (measured[0] ?? []).map(([step], index) => {
    const each = measured.map((steps) => steps[index]?.[1] ?? { requests: 0, seconds: 0 });
    return [step, ...each.map(({ requests }) => requests), ...each.map(({ seconds }) => seconds.toFixed(2))];
  });
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows];
  const notes =
    `One run each, ${latencyMs} ms latency for every request, on the local stage; the comment and the deployment are in it. ` +
    'Where ops writes it, the start of its machine is not in the seconds, and the run that asks looks each second.';
  return [...lines.map((cells) => `| ${cells.join(' | ')} |`), '', notes].join('\n');
}
