// An SVG in the browser, as a page of its own: the way in which scripts would run and links would lead somewhere.

import fs from 'node:fs';
import path from 'node:path';
import { HOST } from './browser.mjs';

export async function startSvg(browser) {
  const folders = {};
  return { folders, page: await browser.page(folders) };
}

export async function readSvg({ folders, page }, { text, name, png, scale }) {
  folders.file = () => Buffer.from(text);
  await page.open(`${HOST}/file/drawing.svg`);
  const { texts, defects, width, height } = await page.call(lookInPage);
  if (png && width) fs.writeFileSync(path.join(png, `${name}.png`), await page.picture(width, height, scale));
  return { pages: [{ texts, width, height }], defects: [...defects, ...(await page.settled())] };
}

/** The same for an SVG that another program drew: what is only untidy there is not ours. */
export async function readDrawnSvg(started, asked) {
  const { pages, defects } = await readSvg(started, asked);
  return { pages, defects: defects.filter(({ class: kind }) => !['duplicate-id', 'broken-reference'].includes(kind)) };
}

/** What the browser makes of it. */
function lookInPage() {
  const root = document.documentElement;
  const refused = document.querySelector('parsererror');
  if (refused || root.nodeName !== 'svg')
    return { texts: [], defects: [{ class: 'parse', what: (refused ?? root).textContent.slice(0, 300) }] };
  const defects = [];
  const add = (kind, what) => defects.push({ class: kind, what: what.slice(0, 200) });
  const ids = new Set();
  for (const element of root.querySelectorAll('*')) {
    if (element.id && ids.has(element.id)) add('duplicate-id', element.id);
    ids.add(element.id);
    if (element.nodeName === 'script') add('script', element.textContent);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) add('script', `${name}=${value}`);
      if (/(^|:)(href|src)$/.test(name) && /^\s*(javascript|vbscript):/i.test(value)) add('script', value);
    }
  }
  const known = (value) =>
    [...value.matchAll(/url\(["']?#([^)"']*)/g)].filter(([, id]) => !ids.has(id)).map(([part]) => part);
  for (const element of root.querySelectorAll('*')) {
    for (const { name, value } of element.attributes)
      for (const part of known(value)) add('broken-reference', `${name}=${part}`);
    const href =
      element.nodeName === 'use' ? (element.getAttribute('href') ?? element.getAttribute('xlink:href')) : null;
    if (href?.startsWith('#') && !ids.has(href.slice(1))) add('broken-reference', href);
  }
  const { width, height } = root.getBoundingClientRect();
  const shown = [...root.querySelectorAll('text')];
  if (!(width > 0 && height > 0)) add('not-drawn', `${width} × ${height}`);
  if (shown.some((text) => text.textContent.trim() && !text.getBoundingClientRect().width))
    add('not-drawn', 'a text takes no room');
  const titles = [...root.querySelectorAll('title, desc')];
  return {
    texts: [...shown, ...titles].map((element) => element.textContent),
    defects,
    width: Math.ceil(width),
    height: Math.ceil(height),
  };
}
