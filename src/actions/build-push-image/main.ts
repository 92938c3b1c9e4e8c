import * as core from '@actions/core';
import { listArchive } from '../../images/archive.js';
import { deliverySummary } from '../../images/summary.js';
import { writeSummary } from '../../report/summary.js';
import { runEntry } from '../../runtime/entry.js';
import { logError } from '../../runtime/log.js';
import { readInputs } from './inputs.js';
import { imagesOf, setOutputs, setReleases } from './outputs.js';
import { run } from './run.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const delivery = await run(inputs);
    const images = imagesOf(delivery.delivered);
    setOutputs(images);
    core.setOutput('record', delivery.record ?? '');
    if (inputs.archive !== undefined && !inputs.dryRun) {
      await listArchive(inputs.archive, images);
    }
    setReleases(inputs.releases ?? [], delivery.failed);
    await writeSummary(deliverySummary(delivery, inputs));
    for (const { planned, line, message } of delivery.failed) {
      logError(message, { title: `Image ${planned.image}`, file: planned.file, ...(line && { startLine: line }) });
    }
    if (delivery.failed.length > 0) {
      const apps = [...new Set(delivery.failed.map(({ planned }) => planned.app))].join(', ');
      throw new Error(`No image of ${apps} is usable. ${delivery.failed.map(({ message }) => message).join(' ')}`);
    }
  });
