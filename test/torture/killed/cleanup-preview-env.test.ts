import { interrupt } from '../interrupt.js';
import { cleanUpPreview, sweepPreviews } from '../verbs/previews.js';

interrupt(cleanUpPreview, sweepPreviews);
