// Chromium without a window, spoken to in its own protocol through a pipe. Whatever a page asks for is answered from
// folders; the rest of the world is refused and noted.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where files are served: a host that does not exist. */
export const HOST = 'http://drawings.invalid';

/** How long a page may take for one thing, in milliseconds. */
const PATIENCE = 60_000;

const TYPES = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.xml': 'text/xml',
};

/** Chromium's program: what `CHROMIUM` names, or the first one on the `PATH`. */
export function chromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const candidates = process.env.CHROMIUM
    ? [process.env.CHROMIUM]
    : names.flatMap((n) => folders.map((f) => path.join(f, n)));
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found) throw new Error('Chromium is missing: install it, or name its program in CHROMIUM');
  return found;
}

/** A running Chromium. */
export class Browser {
  #process;
  #profile;
  #said = '';
  #next = 1;
  #waiting = new Map();
  #listeners = new Map();

  constructor() {
    this.#profile = fs.mkdtempSync(path.join(os.tmpdir(), 'drawings-'));
    this.#process = spawn(
      chromium(),
      [
        '--headless',
        '--remote-debugging-pipe',
        `--user-data-dir=${this.#profile}`,
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-extensions',
        '--hide-scrollbars',
        '--font-render-hinting=none',
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
    );
    this.#process.stderr.on('data', (text) => {
      this.#said = (this.#said + text).slice(-2000);
    });
    this.#process.on('error', (error) => this.#end(`Chromium cannot be started: ${error.message}`));
    this.#process.on('exit', () => this.#end(`Chromium has ended: ${this.#said}`));
    this.#process.stdio[3].on('error', () => {});
    let rest = '';
    this.#process.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop();
      messages.forEach((message) => this.#receive(JSON.parse(message)));
    });
  }

  #end(why) {
    for (const { no } of this.#waiting.values()) no(new Error(why));
    this.#waiting.clear();
  }

  #receive(message) {
    if (!message.id) return this.#listeners.get(message.sessionId)?.(message.method, message.params);
    const { ok, no, method } = this.#waiting.get(message.id) ?? {};
    this.#waiting.delete(message.id);
    return message.error ? no?.(new Error(`${method}: ${message.error.message}`)) : ok?.(message.result);
  }

  /** Asks Chromium, or one of its pages, for something. */
  send(method, params = {}, sessionId = undefined) {
    return new Promise((ok, no) => {
      const id = this.#next++;
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        no(new Error(`no answer to ${method}`));
      }, PATIENCE);
      const settled = (then) => (value) => {
        clearTimeout(timer);
        then(value);
      };
      this.#waiting.set(id, { ok: settled(ok), no: settled(no), method });
      this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** A new page. `folders` says which folder answers for which first part of a path. */
  async page(folders) {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page((method, params) => this.send(method, params, sessionId), folders);
    page.close = async () => {
      this.#listeners.delete(sessionId);
      await this.send('Target.closeTarget', { targetId });
    };
    this.#listeners.set(sessionId, (method, params) => page.heard(method, params));
    await Promise.all([
      page.send('Page.enable'),
      page.send('Runtime.enable'),
      page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
    ]);
    return page;
  }

  async close() {
    const gone = new Promise((ok) => this.#process.once('exit', ok));
    await this.send('Browser.close').catch(() => this.#process.kill());
    await gone;
    fs.rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A page of the browser. */
class Page {
  #folders;
  #loaded = () => {};
  /** Defects that the browser tells of by itself; whoever reads them empties it. */
  noticed = [];

  constructor(send, folders) {
    this.send = send;
    this.#folders = folders;
  }

  heard(method, params) {
    if (method === 'Fetch.requestPaused') this.#answer(params).catch(() => {});
    if (method === 'Page.loadEventFired') this.#loaded();
    if (method === 'Page.javascriptDialogOpening') {
      this.noticed.push({ class: 'script-ran', what: params.message.slice(0, 200) });
      this.send('Page.handleJavaScriptDialog', { accept: true }).catch(() => {});
    }
  }

  async #answer({ requestId, request }) {
    const url = new URL(request.url);
    if (['data:', 'blob:', 'about:'].includes(url.protocol)) return this.send('Fetch.continueRequest', { requestId });
    if (url.origin !== HOST) {
      this.noticed.push({ class: 'external-request', what: request.url.slice(0, 200) });
      return this.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    }
    const [, first, rest] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(url.pathname));
    const body =
      first === 'blank'
        ? Buffer.from('<!doctype html><meta charset="utf-8"><body style="margin:0">')
        : this.#file(first, rest);
    if (!body && first !== 'favicon.ico')
      this.noticed.push({ class: 'missing-file', what: url.pathname.slice(0, 200) });
    const type = first === 'blank' ? TYPES['.html'] : (TYPES[path.extname(rest)] ?? 'application/octet-stream');
    return this.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: body ? 200 : 404,
      responseHeaders: [{ name: 'content-type', value: type }],
      body: (body ?? Buffer.alloc(0)).toString('base64'),
    });
  }

  #file(first, rest) {
    const folder = this.#folders[first];
    if (typeof folder === 'function') return folder(rest);
    const file = folder && path.join(folder, rest);
    return file && file.startsWith(folder + path.sep) && fs.existsSync(file) && fs.statSync(file).isFile()
      ? fs.readFileSync(file)
      : null;
  }

  async open(url) {
    await this.front();
    const loaded = new Promise((ok) => {
      this.#loaded = ok;
    });
    const { errorText } = await this.send('Page.navigate', { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await within(loaded, `${url} does not load`);
  }

  /** Shows this page of all that are open: one in the background draws no frames, and waiting for one takes for ever. */
  async front() {
    await this.send('Page.bringToFront');
  }

  /** Calls a function in the page. It must need nothing from around it; arguments and result are JSON. */
  async call(inPage, ...values) {
    const expression = `(${inPage})(...${JSON.stringify(values)})`;
    const { result, exceptionDetails: thrown } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (thrown) throw new Error((thrown.exception?.description ?? thrown.text).split('\n').slice(0, 3).join(' '));
    return result.value;
  }

  /** The upper left part of the page as a PNG. */
  async picture(width, height, scale) {
    const clip = { x: 0, y: 0, width, height, scale };
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true });
    return Buffer.from(data, 'base64');
  }

  /** What the browser noticed since it was asked last, and what is still under way. */
  async settled() {
    await this.call(() => new Promise((ok) => setTimeout(ok, 50)));
    return this.take();
  }

  take() {
    const seen = new Map(this.noticed.map((defect) => [JSON.stringify(defect), defect]));
    this.noticed = [];
    return [...seen.values()];
  }
}

async function within(promise, otherwise) {
  let timer;
  const late = new Promise((_, no) => {
    timer = setTimeout(() => no(new Error(otherwise)), PATIENCE);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
