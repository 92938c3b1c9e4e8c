import { describe, expect, test } from '@jest/globals';
import { isPendingDelivery, withDelivery, withPendingDelivery } from '../../src/release/delivery.js';

const delivery = {
  images: [{ repository: 'ghcr.io/acme/shop-web', tag: '1.4.0', digest: `sha256:${'a'.repeat(64)}` }],
  environments: [
    { environment: 'staging', url: 'https://git.example/acme/ops/pull/7', number: 7, state: 'merged' },
    { environment: 'production', url: '', number: null, state: 'held: held by ada | since Monday' },
  ],
};

describe('The delivery of a release on its page', () => {
  test('is pending from the start, and marking it twice changes nothing', () => {
    const body = withPendingDelivery('## Features\n- cards\n');
    expect(isPendingDelivery(body)).toBe(true);
    expect(withPendingDelivery(body)).toBe(body);
    expect(body.startsWith('## Features\n- cards\n')).toBe(true);
  });

  test('is told in place, keeping what people wrote around it', () => {
    const body = `${withPendingDelivery('Notes')}\nA line by a person.\n`;
    const done = withDelivery(body, delivery);
    expect(isPendingDelivery(done)).toBe(false);
    expect(done).toMatchSnapshot();
    expect(withDelivery(done, delivery)).toBe(done);
  });

  test('is not pending on a page that this project did not write', () => {
    expect(isPendingDelivery('Released by hand.')).toBe(false);
  });
});
