#!/usr/bin/env node
// Opens drawings in the programs that people open them with. See README.md.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Browser } from './browser.mjs';
import { READERS } from './readers.mjs';

const USAGE = `usage: node check.mjs [--png DIR] [--svg DIR] [--scale N] [--dark] [--quick] FILE...`;

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      png: { type: 'string' },
      svg: { type: 'string' },
      scale: { type: 'string', default: '1' },
      dark: { type: 'boolean' },
      quick: { type: 'boolean' },
    },
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 4)) throw new Error('--scale is a number up to 4');
  if (!positionals.length) throw new Error('which files?');
  for (const folder of [values.png, values.svg]) if (folder) fs.mkdirSync(folder, { recursive: true });
  return { ...values, scale, files: positionals };
}

function readerOf(file) {
  const reader = READERS.find(({ ending }) => file.endsWith(ending));
  if (!reader) throw new Error(`${file}: nothing here opens such a file`);
  return reader;
}

async function main() {
  const asked = options();
  const plan = asked.files.map((file) => ({ file, ...readerOf(file) }));
  const browser = new Browser();
  let sound = true;
  try {
    const open = new Map();
    for (const { file, start, read } of plan) {
      if (!open.has(start)) open.set(start, await start(browser, asked));
      const report = await read(open.get(start), {
        file,
        text: fs.readFileSync(file, 'utf8'),
        name: path.basename(file),
        ...asked,
      });
      sound &&= report.defects.length === 0;
      console.log(JSON.stringify({ file, ...report }));
    }
  } finally {
    await browser.close();
  }
  return sound ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(`${error.message}\n${USAGE}`);
    process.exitCode = 2;
  },
);
