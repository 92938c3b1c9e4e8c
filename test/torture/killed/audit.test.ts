import { interrupt } from '../interrupt.js';
import { audit } from '../verbs/audit.js';

interrupt(audit);
