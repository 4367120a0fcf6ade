#!/usr/bin/env node
// Opens a drawing in draw.io's editor, does what a person might do there, and prints the file as the editor saves it.
// The steps are JSON: a list of objects, each with what to `do`. See README.md.

import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { Browser } from './browser.mjs';
import { edited } from './editor.mjs';

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { compressed: { type: 'boolean' } } });
  if (positionals.length !== 2) throw new Error('usage: node edit.mjs [--compressed] FILE STEPS');
  const [text, steps] = positionals.map((file) => fs.readFileSync(file, 'utf8'));
  const browser = new Browser();
  try {
    process.stdout.write(await edited(browser, text, JSON.parse(steps), values));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 2;
});
