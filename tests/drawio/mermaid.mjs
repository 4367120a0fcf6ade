// A Mermaid file: its own library parses and draws it, as strictly as code hosts do.

import path from 'node:path';
import { HOST } from './browser.mjs';
import { modules } from './programs.mjs';

export async function startMermaid(browser) {
  const page = await browser.page({ mermaid: path.join(modules, 'mermaid/dist') });
  await page.open(`${HOST}/blank`);
  await page.call(libraryInPage, `${HOST}/mermaid/mermaid.min.js`);
  return page;
}

function libraryInPage(src) {
  return new Promise((ok, no) => {
    const onload = () => {
      window.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
      ok(true);
    };
    document.head.append(
      Object.assign(document.createElement('script'), {
        src,
        onload,
        onerror: () => no(new Error(`cannot load ${src}`)),
      }),
    );
  });
}

export async function readMermaid(page, { text }) {
  const { error, texts } = await page.call(drawInPage, text);
  const noticed = await page.settled();
  return error
    ? { pages: [], defects: [{ class: 'parse', what: error.slice(0, 300) }, ...noticed] }
    : { pages: [{ texts }], defects: noticed };
}

async function drawInPage(text) {
  try {
    await window.mermaid.parse(text);
    const { svg } = await window.mermaid.render('drawing', text);
    document.body.innerHTML = svg;
    const shown = document.body.querySelectorAll('.nodeLabel, .edgeLabel, .cluster-label, .messageText, text, title');
    return { texts: [...shown].map((element) => element.textContent) };
  } catch (error) {
    return { error: String(error.message ?? error) };
  } finally {
    document.body.replaceChildren();
  }
}
