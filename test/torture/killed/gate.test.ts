import { interrupt } from '../interrupt.js';
import { gate } from '../verbs/gate.js';

interrupt(gate);
