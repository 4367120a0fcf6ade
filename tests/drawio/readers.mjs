// Which program reads which file. A reader starts once and reads many files; of each it tells the texts that a person
// would read there, page by page, and the defects. To add a format, add a line to READERS.

import { readD2, startD2 } from './d2.mjs';
import { readDot, startDot } from './dot.mjs';
import { readDrawio, readDrawioSvg, startDrawio, startDrawioSvg } from './drawio.mjs';
import { readMermaid, startMermaid } from './mermaid.mjs';
import { readSvg, startSvg } from './svg.mjs';

export const READERS = [
  { ending: '.d2', start: startD2, read: readD2 },
  { ending: '.dot', start: startDot, read: readDot },
  { ending: '.drawio', start: startDrawio, read: readDrawio },
  { ending: '.drawio.svg', start: startDrawioSvg, read: readDrawioSvg },
  { ending: '.mmd', start: startMermaid, read: readMermaid },
  { ending: '.svg', start: startSvg, read: readSvg },
];
