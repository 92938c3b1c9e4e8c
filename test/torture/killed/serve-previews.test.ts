import { interrupt } from '../interrupt.js';
import { servePreview } from '../verbs/previews.js';

interrupt(servePreview);
