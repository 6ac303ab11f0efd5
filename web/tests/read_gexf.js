// Reads GEXF on stdin as Gephi Lite does, and prints what it finds as JSON; tests/test_exports_read.py calls it.
import { readFileSync } from "node:fs";
import Graph from "graphology";
import gexf from "graphology-gexf";

const graph = gexf.parse(Graph, readFileSync(0, "utf8"));
process.stdout.write(
  JSON.stringify({
    type: graph.type,
    nodes: graph.mapNodes((key, of) => [key, of]),
    edges: graph.mapEdges((key, of, source, target) => [key, source, target, of]),
  }),
);
