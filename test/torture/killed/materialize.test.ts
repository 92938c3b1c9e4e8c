import { interrupt } from '../interrupt.js';
import {
  materializeCommits,
  materializeCommitsElsewhere,
  materializePulls,
  materializePullsElsewhere,
} from '../verbs/materialize.js';

interrupt(materializeCommits, materializePulls, materializeCommitsElsewhere, materializePullsElsewhere);
