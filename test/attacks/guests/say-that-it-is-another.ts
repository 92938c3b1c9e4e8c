import { settingsOf } from '../../../src/apps/settings.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { namesInOps } from '../../../src/ops/releases/apps-facts.js';
import { sharingOf } from '../../../src/ops/repository/workspaces.js';
import { SHARED } from '../support/guests.js';
import { type PlainDeed, saidBy } from '../support/plain-deeds.js';

/** What ops calls the app "shop" of a repository whose own file says that it is of the workspace growth. */
const called = (name: string) =>
  saidBy(() => {
    const said = settingsOf('workspace: growth\n', { owner: 'acme', name });
    const sharing = sharingOf(readPolicy(SHARED), { owner: 'acme', name: 'ops' });
    return namesInOps(undefined, said, sharing, `acme/${name}`)('shop');
  });

/** An apps repository says in its own file that it is a guest that another repository is. */
export const deed: PlainDeed = {
  attack: () => called('apps'),
  refused:
    /^acme\/apps says that it is of the workspace growth, whose apps in acme\/ops are those of acme\/growth-apps/,
  honest: () => called('growth-apps'),
  allowed: /^growth-shop$/,
};
