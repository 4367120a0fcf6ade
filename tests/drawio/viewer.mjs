// What draw.io's viewer makes of a file. The functions named `…InPage` run inside of it, so each stands by itself.

import path from 'node:path';
import { HOST } from './browser.mjs';
import { programs } from './programs.mjs';

/** A page of the browser with the viewer in it. */
export async function openViewer(browser, dark = false) {
  const { viewer, editor } = programs();
  const page = await browser.page({ viewer, editor });
  if (dark)
    await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: 'dark' }] });
  await page.open(`${HOST}/blank`);
  await page.call(settingsInPage, `${HOST}/editor`);
  for (const script of ['viewer-static', 'shapes', 'stencils'])
    await page.call(scriptInPage, `${HOST}/viewer/${script}.min.js`);
  page.take();
  return page;
}

/** Everything that the viewer sees in one page of a file, as plain data. */
export async function seen(page, xml, index, dark = false) {
  await page.front();
  await page.call(showInPage, xml, index, dark ? 'dark' : 'light');
  return page.call(measureInPage);
}

/** The viewer looks for pictures and the like on its makers' server, unless told where they are. */
function settingsInPage(base) {
  Object.assign(window, {
    DRAWIO_BASE_URL: base,
    DRAWIO_SERVER_URL: `${base}/`,
    DRAW_MATH_URL: `${base}/math`,
    GRAPH_IMAGE_PATH: `${base}/img`,
    IMAGE_PATH: `${base}/images`,
    RESOURCES_PATH: `${base}/resources`,
    RESOURCE_BASE: `${base}/resources/dia`,
    SHAPES_PATH: `${base}/shapes`,
    STENCIL_PATH: `${base}/stencils`,
    STYLE_PATH: `${base}/styles`,
    mxBasePath: `${base}/mxgraph`,
    mxImageBasePath: `${base}/mxgraph/images`,
    mxLoadStylesheets: false,
    onDrawioViewerLoad() {},
  });
}

function scriptInPage(src) {
  return new Promise((ok, no) => {
    const script = Object.assign(document.createElement('script'), {
      src,
      onload: () => ok(true),
      onerror: () => no(new Error(`cannot load ${src}`)),
    });
    document.head.append(script);
  });
}

/**
 * The file as draw.io takes it apart: per page its id and name, the ids of its cells, the links, and the references
 * to other cells. What it refuses is said in `error`.
 */
export function readInPage(xml) {
  const document = mxUtils.parseXml(xml);
  const refused = document.getElementsByTagName('parsererror')[0];
  if (refused) return { error: refused.textContent.slice(0, 300), pages: [] };
  if (document.documentElement.nodeName !== 'mxfile')
    return { error: `not an mxfile but <${document.documentElement.nodeName}>`, pages: [] };
  const read = (diagram) => {
    const page = {
      id: diagram.getAttribute('id'),
      name: diagram.getAttribute('name'),
      ids: [],
      links: [],
      references: [],
    };
    const model = Editor.parseDiagramNode(diagram);
    if (model?.nodeName !== 'mxGraphModel') return { ...page, error: 'draw.io finds no cells in it' };
    for (const cell of model.getElementsByTagName('mxCell')) {
      const outer = ['object', 'UserObject'].includes(cell.parentNode.nodeName) ? cell.parentNode : cell;
      const id = outer.getAttribute('id');
      page.ids.push(id);
      for (const end of ['parent', 'source', 'target'])
        if (cell.hasAttribute(end)) page.references.push([id, end, cell.getAttribute(end)]);
      const texts = ['label', 'value'].map((name) => outer.getAttribute(name) ?? '');
      const inside = texts.flatMap((text) => [...text.matchAll(/href="([^"]*)"/g)].map((match) => match[1]));
      page.links.push(...[outer.getAttribute('link'), ...inside].filter(Boolean).map((link) => [id, link]));
    }
    return page;
  };
  return { pages: [...document.getElementsByTagName('diagram')].map(read) };
}

/** Draws a page of a file, and waits until it stands. */
async function showInPage(xml, index, mode) {
  document.body.replaceChildren();
  const box = Object.assign(document.createElement('div'), { style: 'position:absolute;left:0;top:0;width:20000px' });
  document.body.append(box);
  document.body.style.background = mode === 'dark' ? '#121212' : '#ffffff';
  window.viewer = new GraphViewer(box, mxUtils.parseXml(xml).documentElement, {
    page: index,
    nav: false,
    lightbox: false,
    toolbar: null,
    resize: true,
    border: 20,
    'auto-fit': false,
    'dark-mode': mode,
    'check-visible-state': false,
  });
  await document.fonts.ready;
  const pictures = [...box.querySelectorAll('image, img')].map(
    (picture) => picture.getAttribute('src') ?? picture.href?.baseVal,
  );
  await Promise.all(
    pictures.filter(Boolean).map((src) =>
      Object.assign(new Image(), { src })
        .decode()
        .catch(() => {}),
    ),
  );
  await new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok)));
}

/**
 * What stands on the page, in the units of the file: boxes of vertices, routes of edges, and where texts are in truth.
 */
function measureInPage() {
  const { graph } = window.viewer;
  const { model, view } = graph;
  const { scale, translate } = view;
  const units = ({ x, y, width, height }) => ({
    x: x / scale - translate.x,
    y: y / scale - translate.y,
    width: width / scale,
    height: height / scale,
  });

  /** The lines of a text, as rectangles; one for all of them is too much for a text of a long and a short line. */
  const textLines = (state) => {
    const node = state.text?.node;
    if (!node?.isConnected) return [];
    const screen = view.getDrawPane().getScreenCTM();
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    const lines = [];
    while (walker.nextNode()) {
      if (!walker.currentNode.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      for (const r of range.getClientRects()) {
        if (r.width >= 0.5)
          lines.push(
            units({
              x: (r.left - screen.e) / screen.a,
              y: (r.top - screen.f) / screen.d,
              width: r.width / screen.a,
              height: r.height / screen.d,
            }),
          );
      }
    }
    return lines;
  };
  const plain = (html) => Object.assign(document.createElement('template'), { innerHTML: html }).content.textContent;
  const colours = (state) => {
    const node = state.text?.node;
    const element = node && document.createTreeWalker(node, NodeFilter.SHOW_TEXT).nextNode()?.parentElement;
    if (!element) return null;
    const style = getComputedStyle(element);
    return {
      colour: element.closest('svg text') ? style.fill : style.color,
      size: Number.parseFloat(style.fontSize) / scale,
    };
  };
  const known = (shape) =>
    Boolean(mxCellRenderer.defaultShapes[shape] || shape.startsWith('stencil(') || mxStencilRegistry.getStencil(shape));
  /** Names in a style that mean nothing to draw.io. */
  const unknown = (cell, style) => {
    const parts = String(model.getStyle(cell) ?? '')
      .split(';')
      .filter(Boolean)
      .map((part) => part.split('='));
    const icons = parts.filter(([key]) => ['resIcon', 'grIcon', 'prIcon'].includes(key));
    const names = parts.filter(
      (part) => part.length === 1 && !graph.getStylesheet().styles[part[0]] && !known(part[0]),
    );
    const bare = style.shape === 'mxgraph.aws4.resourceIcon' && !style.resIcon ? ['resIcon is missing'] : [];
    return [
      ...(style.shape && !known(style.shape) ? [`shape=${style.shape}`] : []),
      ...icons.filter(([, icon]) => !mxStencilRegistry.getStencil(icon)).map(([key, icon]) => `${key}=${icon}`),
      ...names.map(([name]) => name),
      ...bare,
    ];
  };

  /** What stands for a cell where it is in collapsed groups: the outermost of them, or the cell itself. */
  const standIn = (cell) => {
    let shown = cell;
    for (let at = cell.parent; at; at = at.parent) if (at.collapsed) shown = at;
    return shown;
  };
  /** Whether something is hidden on purpose: it or what holds it, or both ends of an edge are in one collapsed group. */
  const hidden = (cell) => {
    for (let at = cell; at; at = at.parent) if (at.visible === false) return true;
    const ends = [true, false].map((source) => model.getTerminal(cell, source)).filter(Boolean);
    const [from, to] = ends.map(standIn);
    return standIn(cell) !== cell || ends.some(hidden) || (ends.length === 2 && from === to && from !== ends[0]);
  };

  const things = [];
  for (const cell of Object.values(model.cells)) {
    if (!cell.vertex && !cell.edge) continue;
    const state = view.getState(cell);
    const style = graph.getCellStyle(cell);
    const thing = {
      id: cell.id,
      parent: cell.parent?.id,
      edge: Boolean(cell.edge),
      label: plain(graph.getLabel(cell) ?? ''),
      unknown: unknown(cell, style),
      drawn: Boolean(state),
      hidden: hidden(cell),
      tip: plain(graph.getTooltipForCell(cell) ?? ''),
    };
    things.push(thing);
    if (!state) continue;
    Object.assign(thing, { lines: textLines(state), ...colours(state) });
    if (cell.edge) {
      const points = state.absolutePoints
        .filter(Boolean)
        .map((p) => ({ x: p.x / scale - translate.x, y: p.y / scale - translate.y }));
      Object.assign(thing, {
        source: model.getTerminal(cell, true)?.id,
        target: model.getTerminal(cell, false)?.id,
        points,
      });
    } else {
      Object.assign(thing, {
        box: units(style.rotation ? mxUtils.getBoundingBox(state, Number(style.rotation)) : state),
        fill: style.fillColor ?? null,
        group: Boolean(cell.children?.some((child) => child.vertex)) || Number(style.container) === 1,
        onEdge: Boolean(cell.parent?.edge),
        relative: Boolean(cell.geometry?.relative),
        labelOutside:
          !['middle', undefined].includes(style.verticalLabelPosition) ||
          !['center', undefined].includes(style.labelPosition),
      });
    }
  }
  const bounds = graph.getGraphBounds();
  return { things, width: Math.ceil(bounds.x + bounds.width + 20), height: Math.ceil(bounds.y + bounds.height + 20) };
}

/** The page that is shown as SVG. */
export function svgInPage(mode) {
  return mxUtils.getXml(window.viewer.graph.getSvg(null, 1, 10, false, null, true, null, null, null, null, null, mode));
}

/** Where picture number `index` of a file belongs. */
export const pictureName = (file, index, ending) =>
  `${path.basename(file).replace(/\.drawio(\.svg)?$/, '')}-${index + 1}.${ending}`;
