import { code, link, plain, table } from '../report/markdown.js';

/**
 * A release page says whether its release has been delivered: images pushed and the ops repository updated. It is pending
 * from the creation of the release, so that the next run finds and finishes it when a run was cancelled or failed after
 * tagging. The state is one block of the release's body between two comments.
 */
const BLOCK = /<!-- ostack:delivery (pending|done) -->[\s\S]*?<!-- \/ostack:delivery -->/;

/** The delivery of one release, as its page shows it. */
export interface Delivery {
  images: { repository: string; tag: string; digest: string }[];
  environments: { environment: string; url: string; number: number | null /** For people. */; state: string }[];
}

/** Adds the pending block to the notes of a new release. A body that has a block is returned as it is. */
export function withPendingDelivery(body: string): string {
  if (BLOCK.test(body)) {
    return body;
  }
  return `${body.trimEnd()}\n\n${block('pending', '_On its way: images are being built._')}\n`;
}

/** Whether a release page says that its delivery is pending. A page without a block is not a release of ours. */
export function isPendingDelivery(body: string): boolean {
  return BLOCK.exec(body)?.[1] === 'pending';
}

/** The notes alone: the body without its block. */
export function withoutDelivery(body: string): string {
  return body.replace(BLOCK, '').trimEnd();
}

/** The body with its block updated to the delivery; a block is added if there is none. */
export function withDelivery(body: string, delivery: Delivery): string {
  const text = block('done', deliveryMarkdown(delivery));
  return BLOCK.test(body) ? body.replace(BLOCK, () => text) : `${body.trimEnd()}\n\n${text}\n`;
}

function deliveryMarkdown({ images, environments }: Delivery): string {
  const parts = ['### Delivered'];
  if (images.length > 0) {
    parts.push(
      table(
        ['image', 'digest'],
        images.map((image) => [code(`${image.repository}:${image.tag}`), code(image.digest)]),
      ),
    );
  }
  if (environments.length > 0) {
    parts.push(
      table(
        ['environment', 'pull request', 'state'],
        environments.map((row) => [
          plain(row.environment),
          row.number === null ? '' : link(`#${row.number}`, row.url),
          plain(row.state),
        ]),
      ),
    );
  }
  return parts.join('\n\n');
}

function block(state: 'pending' | 'done', content: string): string {
  return `<!-- ostack:delivery ${state} -->\n${content}\n<!-- /ostack:delivery -->`;
}
