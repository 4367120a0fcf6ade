// Boxes and routes: plain arithmetic.

/** Less than this much, in units of the file, does not show. */
export const TOLERANCE = 1;

/** How wide and high the part is that two boxes share; less than nothing if they are apart. */
export const shared = (a, b) => ({
  width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
  height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
});

export const overlaps = (a, b) => {
  const { width, height } = shared(a, b);
  return width > TOLERANCE && height > TOLERANCE;
};

/** By how much a box leaves another one, on the side where it does most. */
export const sticksOut = (inner, outer) =>
  Math.max(
    outer.x - inner.x,
    outer.y - inner.y,
    inner.x + inner.width - outer.x - outer.width,
    inner.y + inner.height - outer.y - outer.height,
  );

/** The box around boxes. */
export function around(boxes) {
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((b) => b.x + b.width)) - x,
    height: Math.max(...boxes.map((b) => b.y + b.height)) - y,
  };
}

/** The straight pieces of a route. */
export const pieces = (points) => points.slice(1).map((to, i) => [points[i], to]);

/** How long a straight piece runs inside of a box. */
export function inside([from, to], box) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [start, end] = [0, 1];
  const sides = [
    [-dx, from.x - box.x],
    [dx, box.x + box.width - from.x],
    [-dy, from.y - box.y],
    [dy, box.y + box.height - from.y],
  ];
  for (const [step, room] of sides) {
    if (step === 0 && room < 0) return 0;
    if (step < 0) start = Math.max(start, room / step);
    if (step > 0) end = Math.min(end, room / step);
  }
  return Math.max(0, end - start) * Math.hypot(dx, dy);
}

/** Whether two straight pieces cross, each within its own length. */
export function cross([a, b], [c, d]) {
  const side = (p, q, r) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** Lines nearer than this look like one. */
const NEAR = 2;

/** How long two straight pieces run on one line; only those along an axis can. */
export function together([a, b], [c, d]) {
  const level = (p, q, axis) => Math.abs(p[axis] - q[axis]) <= NEAR;
  for (const [along, across] of [
    ['x', 'y'],
    ['y', 'x'],
  ]) {
    if (!level(a, b, across) || !level(c, d, across) || !level(a, c, across)) continue;
    const [low, high] = [
      Math.max(Math.min(a[along], b[along]), Math.min(c[along], d[along])),
      Math.min(Math.max(a[along], b[along]), Math.max(c[along], d[along])),
    ];
    return Math.max(0, high - low);
  }
  return 0;
}
