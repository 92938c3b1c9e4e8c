import { guardedStage, overlay, PRODUCTION, propose, runGate, STAGING } from '../../actions/gate/support.js';
import { rest } from '../../local/github/support.js';
import { type Verb, worldOf } from '../verb.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging }\n';

/** One pull request that is refused, one that is allowed, and the verdict of one that is closed. */
export const gate: Verb = {
  name: 'gate',
  async world() {
    const guarded = await guardedStage(POLICY);
    const { stage, ops, name } = guarded;
    const closed = await propose(guarded, 'closed', { [STAGING]: overlay('1.7.0') });
    await runGate(guarded);
    await rest(stage, `PATCH /repos/${name}/pulls/${closed.number}`, { state: 'closed' });
    await propose(guarded, 'refused', { [PRODUCTION]: overlay('9.9.9') });
    await propose(guarded, 'allowed', { [STAGING]: overlay('1.6.0') });
    const held = { stage, [Symbol.asyncDispose]: () => stage.close() };
    return worldOf(held, [ops], (signal) => runGate(guarded, {}, {}, signal));
  },
};
