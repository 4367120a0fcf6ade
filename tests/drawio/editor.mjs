// draw.io's editor: a file is opened, worked on as a person would, and saved.

import fs from 'node:fs';
import path from 'node:path';
import { HOST } from './browser.mjs';
import { programs } from './programs.mjs';

/** The editor as another program embeds it: it gets a file and gives it back. */
const ADDRESS = `${HOST}/editor/index.html?embed=1&proto=json&offline=1&stealth=1&local=1&libraries=0&lang=en&spin=0`;

/** Opens a file, takes the steps (see `README.md`), and returns the file as it is saved then. */
export async function edited(browser, xml, steps, options = {}) {
  const { editor } = programs();
  const start = (file) => {
    const found = path.join(editor, file);
    const text = fs.existsSync(found) && fs.statSync(found).isFile() ? fs.readFileSync(found) : null;
    // The editor gives itself to whoever starts it, and its page starts it for nobody.
    return text && file === 'index.html'
      ? Buffer.from(text.toString().replace('App.main();', 'App.main((ui) => { window.editorUi = ui; });'))
      : text;
  };
  const page = await browser.page({ editor: start });
  try {
    await page.open(`${HOST}/blank`);
    await page.call(openInPage, ADDRESS, xml);
    for (const step of steps) await page.call(stepInPage, step);
    return await page.call(saveInPage, Boolean(options.compressed));
  } finally {
    await page.close();
  }
}

function openInPage(address, xml) {
  return new Promise((ok, no) => {
    const frame = Object.assign(document.createElement('iframe'), {
      src: address,
      style: 'width:1400px;height:900px;border:0',
    });
    window.editorWindow = () => frame.contentWindow;
    window.addEventListener('message', ({ source, data }) => {
      if (source !== frame.contentWindow || typeof data !== 'string' || !data.startsWith('{')) return;
      const message = JSON.parse(data);
      if (message.event === 'init') source.postMessage(JSON.stringify({ action: 'load', xml, autosave: 0 }), '*');
      if (message.event === 'load') ok(true);
      if (message.error) no(new Error(String(message.error)));
      window.lastMessage?.(message);
    });
    document.body.append(frame);
  });
}

/** One thing that a person does. */
async function stepInPage(step) {
  const inside = window.editorWindow();
  const { editorUi: ui } = inside;
  const { graph } = ui.editor;
  const cell = (id) => {
    const found = graph.model.getCell(id);
    if (!found) throw new Error(`there is no cell ${id} on the page ${ui.currentPage.getName()}`);
    return found;
  };
  const page = (id) => {
    const found = ui.pages.find((p) => p.getId() === id);
    if (!found) throw new Error(`there is no page ${id}`);
    return found;
  };
  const layer = step.layer ? cell(step.layer) : graph.getDefaultParent();
  const own = (added) => {
    // Steps that follow can name what was added.
    if (step.as) {
      graph.model.cellRemoved(added);
      added.setId(step.as);
      graph.model.cellAdded(added);
    }
  };
  const steps = {
    page: () => ui.selectPage(page(step.page)),
    move: () => graph.moveCells([cell(step.cell)], step.dx, step.dy),
    resize: () => graph.resizeCell(cell(step.cell), new inside.mxRectangle(...step.box)),
    style: () => graph.setCellStyles(step.key, step.value, [cell(step.cell)]),
    text: () => graph.cellLabelChanged(cell(step.cell), step.text, false),
    into: () => graph.moveCells([cell(step.cell)], 0, 0, false, cell(step.group)),
    bend: () => {
      const geometry = cell(step.cell).geometry.clone();
      geometry.points = step.points.map(([x, y]) => new inside.mxPoint(x, y));
      graph.model.setGeometry(cell(step.cell), geometry);
    },
    add: () =>
      own(
        graph.insertVertex(
          step.group ? cell(step.group) : layer,
          null,
          step.text,
          ...step.box,
          step.style ?? 'rounded=1;whiteSpace=wrap;html=1;',
        ),
      ),
    connect: () =>
      own(graph.insertEdge(layer, null, step.text ?? '', cell(step.from), cell(step.to), 'endArrow=classic;html=1;')),
    reconnect: () => graph.connectCell(cell(step.cell), cell(step.to), step.end === 'source'),
    delete: () => graph.removeCells([cell(step.cell)], true),
    collapse: () => {
      if (!graph.isCellFoldable(cell(step.cell), true)) throw new Error(`${step.cell} cannot be collapsed`);
      graph.foldCells(true, false, [cell(step.cell)]);
    },
    copy: () => {
      // The editor copies what is selected, whatever it is asked for.
      graph.setSelectionCell(cell(step.cell));
      inside.mxClipboard.copy(graph);
      inside.mxClipboard.paste(graph);
    },
    addLayer: () => graph.addCell(new inside.mxCell(step.name), graph.model.root),
    renamePage: () => graph.model.execute(new inside.RenamePage(ui, page(step.page), step.name)),
    movePage: () => ui.movePage(ui.pages.indexOf(page(step.page)), step.to),
    addPage: () => ui.insertPage(),
    deletePage: () => ui.removePage(page(step.page)),
  };
  if (!Object.hasOwn(steps, step.do)) throw new Error(`a step cannot be ${step.do}`);
  await steps[step.do]();
}

/** Saves by the editor's own command. */
function saveInPage(compressed) {
  const inside = window.editorWindow();
  const { editorUi: ui } = inside;
  const { graph } = ui.editor;
  inside.Editor.defaultCompressed = compressed;
  // A file that nobody changed is not written anew, so a change is made and taken back.
  graph.removeCells([graph.insertVertex(graph.getDefaultParent(), 'for-a-moment', '', 0, 0, 1, 1)]);
  return new Promise((ok) => {
    window.lastMessage = (message) => {
      if (message.event === 'save') ok(message.xml);
    };
    ui.actions.get('save').funct();
  });
}

/** What a file holds, to be compared with another one: runs in the viewer, which reads compressed pages too. */
export function contentInPage(xml) {
  const attributes = (node, skipped) =>
    Object.fromEntries([...node.attributes].filter((a) => !skipped.includes(a.name)).map((a) => [a.name, a.value]));
  const number = (text) => (text === '' || Number.isNaN(Number(text)) ? text : String(Number(text)));
  const points = (node) =>
    (node.nodeName === 'mxPoint' ? [node] : [...node.children])
      .map((p) => `${Number(p.getAttribute('x') ?? 0)},${Number(p.getAttribute('y') ?? 0)}`)
      .join(' ');
  const geometryOf = (cell) => {
    const geometry = [...cell.children].find((child) => child.nodeName === 'mxGeometry');
    if (!geometry) return {};
    const all = Object.entries(attributes(geometry, ['as'])).map(([name, value]) => [
      `geometry ${name}`,
      number(value),
    ]);
    const inner = [...geometry.children].map((child) => [`geometry ${child.getAttribute('as')}`, points(child)]);
    // Zero is what a missing one means.
    return Object.fromEntries(
      [...all, ...inner].filter(([name, value]) => !(value === '0' && /^geometry [xy]$/.test(name))),
    );
  };
  const cellsOf = (diagram) => {
    const model = Editor.parseDiagramNode(diagram);
    return Object.fromEntries(
      [...model.getElementsByTagName('mxCell')].map((cell) => {
        const outer = ['object', 'UserObject'].includes(cell.parentNode.nodeName) ? cell.parentNode : null;
        const content = {
          ...attributes(cell, ['id']),
          ...(outer ? attributes(outer, ['id']) : {}),
          ...geometryOf(cell),
        };
        if (content.value === '') delete content.value;
        return [(outer ?? cell).getAttribute('id'), content];
      }),
    );
  };
  const diagrams = [...mxUtils.parseXml(xml).getElementsByTagName('diagram')];
  return diagrams.map((diagram) => ({ ...attributes(diagram, []), cells: cellsOf(diagram) }));
}

/** What of a file is lost or altered in another one. */
export function losses(before, after) {
  const found = [];
  const add = (page, what) => found.push({ class: 'save-loss', page, what });
  if (before.length !== after.length) add(0, `${before.length} pages became ${after.length}`);
  before.forEach((page, i) => {
    const now = after[i] ?? { cells: {} };
    for (const key of ['id', 'name'])
      if (page[key] !== now[key]) add(i, `the ${key} of the page was ${page[key]} and is ${now[key]}`);
    for (const [id, cell] of Object.entries(page.cells)) {
      if (!now.cells[id]) {
        add(i, `${id} is gone`);
        continue;
      }
      const keys = new Set([...Object.keys(cell), ...Object.keys(now.cells[id])]);
      for (const key of keys)
        if (cell[key] !== now.cells[id][key])
          add(i, `${key} of ${id} was ${cell[key]} and is ${now.cells[id][key]}`.slice(0, 300));
    }
    for (const id of Object.keys(now.cells)) if (!page.cells[id]) add(i, `${id} is new`);
  });
  return found;
}
