import { interrupt } from '../interrupt.js';
import { previewCommands } from '../verbs/preview-commands.js';

interrupt(...previewCommands);
