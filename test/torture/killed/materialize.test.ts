import { interrupt } from '../interrupt.js';
import { materializeCommits, materializePulls } from '../verbs/materialize.js';

interrupt(materializeCommits, materializePulls);
