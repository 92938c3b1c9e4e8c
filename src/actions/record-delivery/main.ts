import * as core from '@actions/core';
import { connect } from '../../github/client.js';
import { readContext } from '../../github/context.js';
import { recordDelivery } from '../../release/record-delivery.js';
import { runEntry } from '../../runtime/entry.js';
import { info } from '../../runtime/log.js';
import { deliveries } from './deliveries.js';
import { readInputs } from './inputs.js';

export const main = () =>
  runEntry(async () => {
    const inputs = readInputs();
    const { repository } = readContext();
    const github = connect({ token: inputs.token });
    const recorded: string[] = [];
    for (const [tag, delivery] of deliveries(inputs)) {
      if (inputs.dryRun) {
        info(`Would record the delivery of ${tag}: ${JSON.stringify(delivery)}`);
      } else if (await recordDelivery(github, { repository, tag, delivery })) {
        info(`Recorded the delivery of ${tag}.`);
        recorded.push(tag);
      }
    }
    core.setOutput('recorded', recorded);
  });
