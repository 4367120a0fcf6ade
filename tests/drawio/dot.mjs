// A DOT file: Graphviz draws it as SVG, and the browser shows that.

import { spawnSync } from 'node:child_process';
import { readDrawnSvg, startSvg } from './svg.mjs';

export { startSvg as startDot };

export async function readDot(started, asked) {
  const { error, status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], {
    input: asked.text,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  });
  if (error) throw new Error(`Graphviz cannot be started: ${error.message}`);
  const said = stderr.trim() ? [{ class: status === 0 ? 'warning' : 'parse', what: stderr.trim().slice(0, 300) }] : [];
  if (status !== 0) return { pages: [], defects: said };
  const report = await readDrawnSvg(started, { ...asked, text: stdout });
  return { ...report, defects: [...said, ...report.defects] };
}
