// What is wrong with a drawing, from what the viewer sees of it.

import { TOLERANCE, around, cross, inside, overlaps, pieces, shared, sticksOut, together } from './geometry.mjs';

/** Letters below this size, and letters paler than this against what is behind them, are hard to read. */
const SMALLEST = 8;
const CONTRAST = 3;

/** Lines may share this much when they leave or reach a box side by side. */
const MERGED = 4;

const named = (thing) => (thing.label.trim() ? `"${thing.label.trim().slice(0, 40)}" (${thing.id})` : thing.id);
const much = (n) => Math.round(n);

/** Defects of the file as it is written: ids, links and references. */
export function inFile(pages) {
  const found = [];
  const add = (page, kind, what) => found.push({ class: kind, page, what });
  const ids = new Set();
  pages.forEach((page, i) => {
    if (page.error) add(i, 'parse', page.error);
    if (ids.has(page.id)) add(i, 'duplicate-id', `two pages are ${page.id}`);
    ids.add(page.id);
    const cells = new Set();
    for (const id of page.ids) {
      if (cells.has(id)) add(i, 'duplicate-id', `two cells are ${id}`);
      cells.add(id);
    }
    for (const [id, end, to] of page.references)
      if (!cells.has(to)) add(i, 'parse', `the ${end} of ${id} is ${to}, which is not there`);
  });
  pages.forEach((page, i) => {
    for (const [id, link] of page.links) {
      const broken = link.startsWith('data:page/id,')
        ? !ids.has(link.slice('data:page/id,'.length))
        : !/^(https?:|mailto:|#)/.test(link);
      if (broken) add(i, 'broken-link', `${id} leads to ${link.slice(0, 80)}`);
    }
  });
  return found;
}

/** Defects of a page as it is drawn, and how many lines cross. */
export function onPage({ things }) {
  const page = new Drawn(things);
  const found = [...shapes(page), ...boxes(page), ...texts(page), ...lines(page)];
  const { crossings, merged } = pairsOfLines(page);
  return { defects: [...found, ...merged], crossings };
}

/** The things of a page, sorted by what they are. */
class Drawn {
  constructor(things) {
    this.all = things;
    this.byId = new Map(things.map((thing) => [thing.id, thing]));
    const drawn = things.filter((thing) => thing.drawn);
    this.edges = drawn.filter((thing) => thing.edge);
    this.vertices = drawn.filter((thing) => !thing.edge && !thing.onEdge);
    this.leaves = this.vertices.filter((thing) => !thing.group);
    this.labels = drawn.filter((thing) => thing.lines.length);
  }

  /** Whether `outer` is `thing` or holds it. */
  holds(outer, thing) {
    for (let at = thing; at; at = this.byId.get(at.parent)) if (at === outer) return true;
    return false;
  }

  /** Whether an edge ends at a thing, in it, or at what is around it. */
  touches(edge, thing) {
    const ends = [edge.source, edge.target].map((id) => this.byId.get(id)).filter(Boolean);
    return ends.some((end) => this.holds(end, thing) || this.holds(thing, end));
  }
}

function shapes({ all, edges }) {
  const unresolved = all.flatMap((thing) =>
    thing.unknown.map((part) => ({ class: 'unresolved-shape', what: `${named(thing)}: ${part}` })),
  );
  const dangling = all.filter((thing) => thing.edge && thing.drawn && !(thing.source && thing.target));
  const lost = all.filter((thing) => !thing.drawn && !thing.hidden);
  return [
    ...unresolved,
    ...dangling.map((edge) => ({
      class: 'dangling-edge',
      what: `${named(edge)} has no ${edge.source ? 'target' : 'source'}`,
    })),
    ...lost.map((edge) => ({ class: 'not-drawn', what: named(edge) })),
    ...edges.filter((edge) => edge.points.length < 2).map((edge) => ({ class: 'not-drawn', what: named(edge) })),
  ];
}

function boxes({ vertices, byId }) {
  const found = [];
  vertices.forEach((a, i) => {
    for (const b of vertices.slice(i + 1)) {
      if (a.parent !== b.parent || !overlaps(a.box, b.box)) continue;
      const { width, height } = shared(a.box, b.box);
      found.push({ class: 'overlap', what: `${named(a)} and ${named(b)} share ${much(width)} × ${much(height)}` });
    }
    const outer = byId.get(a.parent);
    const out = outer?.box && !a.relative ? sticksOut(a.box, outer.box) : 0;
    if (out > TOLERANCE)
      found.push({ class: 'outside-parent', what: `${named(a)} leaves ${named(outer)} by ${much(out)}` });
  });
  return found;
}

function texts({ labels, leaves }) {
  const found = [];
  const collide = (a, b, boxes) => {
    if (a.lines.some((line) => boxes.some((box) => overlaps(line, box))))
      found.push({ class: 'label-collision', what: `the text of ${named(a)} is on ${named(b)}` });
  };
  labels.forEach((a, i) => {
    for (const b of labels.slice(i + 1)) collide(a, b, b.lines);
    for (const leaf of leaves) if (leaf !== a) collide(a, leaf, [leaf.box]);
    const out = a.edge || a.onEdge || a.labelOutside ? 0 : sticksOut(around(a.lines), a.box);
    if (out > TOLERANCE)
      found.push({ class: 'label-overflow', what: `the text of ${named(a)} leaves its box by ${much(out)}` });
    if (a.size < SMALLEST) found.push({ class: 'unreadable-label', what: `${named(a)} has letters of ${a.size}` });
    const contrast = contrastOf(a);
    if (contrast < CONTRAST)
      found.push({
        class: 'unreadable-label',
        what: `${named(a)} has letters that stand out by ${contrast.toFixed(1)} only`,
      });
  });
  return found;
}

/** How much the letters stand out against the box that they are in, or else against white. */
function contrastOf(thing) {
  const behind = thing.labelOutside ? null : channels(thing.fill);
  const [light, dark] = [channels(thing.colour) ?? [0, 0, 0], behind ?? [255, 255, 255]]
    .map(brightness)
    .sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function channels(colour) {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour ?? '');
  if (hex) return hex.slice(1).map((part) => Number.parseInt(part, 16));
  return /^rgba?\(([^)]*)\)$/
    .exec(colour ?? '')?.[1]
    .split(',')
    .slice(0, 3)
    .map(Number);
}

function brightness(rgb) {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function lines(page) {
  const found = [];
  const length = (edge, box) => pieces(edge.points).reduce((sum, piece) => sum + inside(piece, box), 0);
  for (const edge of page.edges) {
    for (const leaf of page.leaves) {
      const through = page.touches(edge, leaf) ? 0 : length(edge, smaller(leaf.box, TOLERANCE));
      if (through > TOLERANCE)
        found.push({
          class: 'edge-over-vertex',
          what: `${named(edge)} runs through ${named(leaf)} for ${much(through)}`,
        });
    }
    for (const label of page.labels) {
      if (label === edge || label.parent === edge.id) continue;
      // A line of text is higher than its letters.
      const over = Math.max(...label.lines.map((line) => length(edge, smaller(line, 2))));
      if (over > 2)
        found.push({
          class: 'edge-over-label',
          what: `${named(edge)} runs over the text of ${named(label)} for ${much(over)}`,
        });
    }
  }
  return found;
}

const smaller = (box, by) => ({ x: box.x + by, y: box.y + by, width: box.width - 2 * by, height: box.height - 2 * by });

/** Lines that cross, and lines on one another that share no end: one cannot tell which is which. */
function pairsOfLines({ edges }) {
  let crossings = 0;
  const merged = [];
  const routes = edges.map((edge) => ({ edge, parts: pieces(edge.points) }));
  routes.forEach((a, i) => {
    for (const b of routes.slice(i + 1)) {
      let run = 0;
      for (const p of a.parts)
        for (const q of b.parts) {
          crossings += cross(p, q) ? 1 : 0;
          run += together(p, q);
        }
      const ends = [a.edge.source, a.edge.target];
      if (run > MERGED && !ends.includes(b.edge.source) && !ends.includes(b.edge.target)) {
        merged.push({
          class: 'edge-overlap',
          what: `${named(a.edge)} and ${named(b.edge)} are one line for ${much(run)}`,
        });
      }
    }
  });
  return { crossings, merged };
}
