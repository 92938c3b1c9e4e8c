import { interrupt } from '../interrupt.js';
import { createPreview } from '../verbs/previews.js';

interrupt(createPreview);
