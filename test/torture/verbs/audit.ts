import { auditedStage, runAudit } from '../../actions/audit/support.js';
import { ADA } from '../../actions/gate/support.js';
import { type Verb, worldOf } from '../verb.js';

const POLICY = 'environments:\n  staging: {}\n  production: { after: staging, approvers: [grace] }\n';

/** Two commits past the policy with one between that it permits. */
export const audit: Verb = {
  name: 'audit',
  async world() {
    const audited = await auditedStage(POLICY);
    await runAudit(audited);
    for (const [path, text] of [
      ['overlays/production/shop/a.yaml', 'a: 1\n'],
      ['docs/a.md', 'x\n'],
      ['overlays/production/shop/b.yaml', 'b: 1\n'],
    ] as const) {
      await audited.ops.commit('main', { [path]: text }, path, ADA);
    }
    const held = { stage: audited.stage, [Symbol.asyncDispose]: () => audited.stage.close() };
    return worldOf(held, [audited.ops], (signal) => runAudit(audited, { signal }));
  },
};
