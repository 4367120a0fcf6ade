// A draw.io file: each page in the viewer, the whole in the editor. One that is an SVG, too, is both.

import fs from 'node:fs';
import path from 'node:path';
import { inFile, onPage } from './defects.mjs';
import { contentInPage, edited, losses } from './editor.mjs';
import { readSvg, startSvg } from './svg.mjs';
import { openViewer, pictureName, readInPage, seen, svgInPage } from './viewer.mjs';

export async function startDrawio(browser, { dark }) {
  return { browser, viewer: await openViewer(browser, dark) };
}

export async function readDrawio({ browser, viewer }, { text, name, png, svg, scale, dark, quick }) {
  const file = await viewer.call(readInPage, text);
  if (file.error) return { pages: [], defects: [{ class: 'parse', what: file.error }] };
  const report = { pages: [], defects: inFile(file.pages) };
  for (const [page, { name: title, error }] of file.pages.entries()) {
    if (error) continue;
    const drawn = await seen(viewer, text, page, dark).catch((problem) => {
      report.defects.push({ page, class: 'parse', what: `draw.io cannot show it: ${problem.message.slice(0, 100)}` });
    });
    if (!drawn) continue;
    const { defects, crossings } = onPage(drawn);
    report.defects.push(...[...defects, ...(await viewer.settled())].map((defect) => ({ page, ...defect })));
    report.pages.push({ title, crossings, width: drawn.width, height: drawn.height, texts: texts(drawn.things) });
    if (png)
      fs.writeFileSync(
        path.join(png, pictureName(name, page, 'png')),
        await viewer.picture(drawn.width, drawn.height, scale),
      );
    if (svg)
      fs.writeFileSync(
        path.join(svg, pictureName(name, page, 'svg')),
        await viewer.call(svgInPage, dark ? 'dark' : 'light'),
      );
  }
  if (!quick && !report.defects.some((defect) => defect.class === 'parse')) {
    const saved = await edited(browser, text, []);
    report.defects.push(...losses(await viewer.call(contentInPage, text), await viewer.call(contentInPage, saved)));
  }
  return report;
}

export async function startDrawioSvg(browser, asked) {
  return { svg: await startSvg(browser), drawio: await startDrawio(browser, asked) };
}

export async function readDrawioSvg({ svg, drawio }, asked) {
  const shown = await readSvg(svg, asked);
  const text = await svg.page.call(() => document.documentElement.getAttribute('content'));
  if (!text)
    return {
      pages: shown.pages,
      defects: [...shown.defects, { class: 'parse', what: 'there is nothing in it that draw.io could edit' }],
    };
  const { pages, defects } = await readDrawio(drawio, { ...asked, text });
  return { pages: [...shown.pages, ...pages], defects: [...shown.defects, ...defects] };
}

/** What is written on a page, and what appears when one points at it. */
function texts(things) {
  return things.flatMap((thing) => [thing.label, thing.tip].filter(Boolean));
}
