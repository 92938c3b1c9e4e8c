import { interrupt } from '../interrupt.js';
import { directRollback, proposedRollback } from '../verbs/rollback.js';

interrupt(directRollback, proposedRollback);
