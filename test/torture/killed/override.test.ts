import { interrupt } from '../interrupt.js';
import { override } from '../verbs/single-proposals.js';

interrupt(override);
