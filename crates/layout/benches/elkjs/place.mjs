// Lays out the graph on standard input with elkjs and prints where everything is, in the numbers that elkjs gives.
// The input is a `LayoutGraph` of the crate `layout` as JSON; the settings are those of ELK that serve such graphs best.
import ELK from "elkjs";
import { readFileSync } from "node:fs";

const graph = JSON.parse(readFileSync(0, "utf8"));

const SPACING = {
  "elk.spacing.nodeNode": 36,
  "elk.spacing.edgeNode": 20,
  "elk.spacing.edgeEdge": 14,
  "elk.spacing.edgeLabel": 3,
  "elk.spacing.labelNode": 4,
  "elk.spacing.labelLabel": 6,
  "elk.spacing.componentComponent": 40,
  "elk.layered.spacing.nodeNodeBetweenLayers": 48,
  "elk.layered.spacing.edgeNodeBetweenLayers": 22,
  "elk.layered.spacing.edgeEdgeBetweenLayers": 14,
};

const PAGE = {
  ...SPACING,
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.mergeHierarchyEdges": false,
  "elk.layered.thoroughness": graph.boxes.length > 300 ? 7 : 20,
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.aspectRatio": 1.6,
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
};

function children(group) {
  const inside = (each) => (each.group ?? each.parent ?? null) === group;
  const frames = graph.groups.flatMap((spec, i) => inside({ parent: spec.parent }) ? [{
    id: `g${i}`,
    layoutOptions: {
      ...SPACING,
      "elk.padding": `[top=${spec.title.height + 18},left=26,bottom=26,right=26]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${spec.title.width + 16},${spec.title.height + 44})`,
    },
    children: children(i),
  }] : []);
  const boxes = graph.boxes.flatMap((spec, i) => inside({ group: spec.group }) ? [{
    id: `b${i}`,
    ...spec.size,
    labels: spec.caption.width > 0 ? [{ text: "c", ...spec.caption }] : [],
    layoutOptions: { "elk.nodeLabels.placement": "[H_CENTER, V_BOTTOM, OUTSIDE]" },
  }] : []);
  return [...frames, ...boxes];
}

const input = {
  id: "page",
  layoutOptions: PAGE,
  children: children(null),
  edges: graph.edges.map((edge, i) => ({
    id: `e${i}`,
    sources: [`b${edge.from}`],
    targets: [`b${edge.to}`],
    labels: edge.label.width > 0
      ? [{ text: "l", ...edge.label, layoutOptions: { "elk.edgeLabels.placement": "CENTER" } }]
      : [],
  })),
};

const elk = new ELK();
// The first run of any program in this language is slow; that is not what is measured.
await elk.layout({ id: "warm", children: [{ id: "a", width: 9, height: 9 }], layoutOptions: PAGE });
const start = performance.now();
const placed = await elk.layout(input, { layoutOptions: { "elk.json.edgeCoords": "ROOT", "elk.json.shapeCoords": "ROOT" } });
const milliseconds = performance.now() - start;

const result = { milliseconds, width: placed.width, height: placed.height, groups: [], boxes: [], edges: [] };
function read(node) {
  for (const child of node.children ?? []) {
    const { x, y, width, height } = child;
    const place = { x, y, width, height };
    (child.id[0] === "g" ? result.groups : result.boxes)[Number(child.id.slice(1))] = place;
    read(child);
  }
  for (const edge of node.edges ?? []) {
    const [section] = edge.sections;
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    const label = edge.labels?.[0];
    result.edges[Number(edge.id.slice(1))] = { points, label: label ? { x: label.x, y: label.y } : null };
  }
}
read(placed);
console.log(JSON.stringify(result));
