import { connect } from '../github/client.js';
import type { RunContext } from '../github/context.js';
import type { SingleProposalSettings } from '../ops/pull-requests/single-proposal.js';
import { textInput } from '../runtime/inputs.js';
import { mergeInput, readProposeInputs } from './propose-inputs.js';

/**
 * Reads the inputs that every process of the ops repository has.
 *
 * @throws Error naming the input that is missing or malformed
 */
export function readProcessSettings(context: RunContext): SingleProposalSettings & { token: string } {
  const { token, opsRepository, labels, ...options } = readProposeInputs(context);
  return {
    token,
    ops: { github: connect({ token }), repository: opsRepository },
    reason: textInput('reason'),
    by: context.actor,
    runUrl: context.runUrl,
    labels,
    merge: mergeInput(),
    options: { ...options, direct: false },
  };
}
