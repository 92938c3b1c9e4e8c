// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows are spelled like that.
import { OPS, rest } from './guarded.js';
import { push } from './push.js';
import { type Running, saidBy } from './workflows.js';

/** A workflow that wants the key of the ops App, and says how much of it it got. */
export const steal = (on: string) => `name: Steal
on: ${on}
permissions: {}
jobs:
  steal:
    runs-on: ubuntu-latest
    environment: ostack-gate
    outputs: { key: "\${{ steps.key.outputs.key }}" }
    steps:
      - id: key
        env: { KEY: "\${{ secrets.OSTACK_GATE_PRIVATE_KEY }}" }
        run: echo "key=\${#KEY} characters" >>"$GITHUB_OUTPUT"
`;

/** Mallory pushes it to a ref. @returns what its runs came to */
export async function stealFrom(ops: Running, ref: string, on = 'push', name = 'steal'): Promise<string> {
  const token = ops.person('mallory');
  const files = { [`.github/workflows/${name}.yml`]: steal(on) };
  const { refusal } = await push(ops, { token, to: ref, files });
  await ops.runner.idle();
  return `${refusal ?? ''}${saidBy(ops, 'Steal')}`;
}

/** The gate, started on the default branch by anybody who may write: it judges, and does so by its own files. */
export async function startGate(ops: Running): Promise<string> {
  const path = `/repos/${OPS}/actions/workflows/ops-gate.yml/dispatches`;
  const { status } = await rest(ops.stage, `POST ${path}`, { ref: 'main' }, ops.person('mallory'));
  await ops.runner.idle();
  return `${status} ${saidBy(ops, 'Ops gate')}`;
}
