import { type Guarded, review, runGate, verdictOn } from './guarded.js';
import { propose } from './judged.js';

/** What one of the pull requests of a group changes, and who approves it. */
export interface Queued {
  files: Record<string, string>;
  approvedBy?: string;
}

/** Puts pull requests in a merge queue, one on top of the other, and has them judged. @returns what the gate says of the whole group */
export async function queue(ops: Guarded, name: string, all: readonly Queued[]): Promise<string> {
  let on = (await ops.repository.refs())['refs/heads/main'] ?? '';
  for (const [index, { files, approvedBy }] of all.entries()) {
    const { number } = await propose(ops, files, 'main', `${name}-${index}`);
    if (approvedBy !== undefined) {
      await review(ops, number, approvedBy);
    }
    const building = `${name}-building-${index}`;
    await ops.repository.setRef(`refs/heads/${building}`, on);
    const head = await ops.repository.commit(building, files, `group ${index}`);
    await ops.repository.setRef(`refs/heads/gh-readonly-queue/main/pr-${number}-${on}`, head);
    on = head;
  }
  await runGate(ops);
  return verdictOn(ops, on);
}
