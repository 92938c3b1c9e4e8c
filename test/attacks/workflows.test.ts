import { starter } from '../../src/local/starter.js';
import { FILES } from './support/plain.js';
import { runAll } from './support/workflows.js';
import { deed as approveWhatTheyStarted } from './workflows/approve-what-they-started.js';
import { deed as cancelTheGate } from './workflows/cancel-the-gate.js';
import { deed as editTheCheck } from './workflows/edit-the-check.js';
import { deed as promotePastTheSoakTime } from './workflows/promote-past-the-soak-time.js';
import { deed as runTheGateOfYesterdayAgain } from './workflows/run-the-gate-of-yesterday-again.js';
import { deed as takeTheKeyByADispatch } from './workflows/take-the-key-by-a-dispatch.js';
import { deed as takeTheKeyInAPullRequest } from './workflows/take-the-key-in-a-pull-request.js';
import { deed as takeTheKeyOnABranch } from './workflows/take-the-key-on-a-branch.js';
import { deed as takeTheKeyOnATag } from './workflows/take-the-key-on-a-tag.js';

const STARTERS = { '.github/workflows/promote.yml': await starter('ops/promote') };

runAll(
  'workflows',
  { ...FILES, ...STARTERS },
  {
    'approve-what-they-started': approveWhatTheyStarted,
    'cancel-the-gate': cancelTheGate,
    'edit-the-check': editTheCheck,
    'promote-past-the-soak-time': promotePastTheSoakTime,
    'run-the-gate-of-yesterday-again': runTheGateOfYesterdayAgain,
    'take-the-key-by-a-dispatch': takeTheKeyByADispatch,
    'take-the-key-in-a-pull-request': takeTheKeyInAPullRequest,
    'take-the-key-on-a-branch': takeTheKeyOnABranch,
    'take-the-key-on-a-tag': takeTheKeyOnATag,
  },
);
