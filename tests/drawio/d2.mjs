// A D2 file: its own compiler lays it out and draws it as SVG, and the browser shows that.

import { D2 } from '@terrastruct/d2';
import { readDrawnSvg, startSvg } from './svg.mjs';

export async function startD2(browser) {
  const d2 = new D2();
  await d2.ready;
  // It would keep this program from ending.
  d2.worker.unref();
  return { d2, svg: await startSvg(browser) };
}

export async function readD2({ d2, svg }, asked) {
  try {
    const { diagram, renderOptions } = await d2.compile(asked.text);
    return await readDrawnSvg(svg, { ...asked, text: await d2.render(diagram, renderOptions) });
  } catch (error) {
    return { pages: [], defects: [{ class: 'parse', what: error.message.slice(0, 300) }] };
  }
}
