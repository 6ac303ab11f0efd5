// What is shown, as files for other programs.
import { MultiDirectedGraph } from "graphology";
import { write } from "graphology-gexf/browser";
import type { Network, Shown } from "./model";
import { degrees, radius } from "./start";

const COLUMNS = [
  "link",
  "from",
  "from_kind",
  "to",
  "to_kind",
  "status",
  "route_type",
  "detail",
  "product",
  "vendor",
  "region",
  "reported",
  "source",
  "locator",
  "from_page",
  "to_page",
];

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row for each claim; the columns are named as those of the server's answer. */
export function csv(network: Network, shown: Shown): string {
  const rows = shown.links.flatMap((link) => {
    const [from, to] = [network.nodes[link.from], network.nodes[link.to]];
    return link.claims.map((claim) => [
      link.link,
      from?.label,
      from?.kind,
      to?.label,
      to?.kind,
      claim.status,
      claim.route_type,
      claim.detail,
      claim.product,
      claim.vendor,
      claim.region,
      claim.reported,
      claim.source,
      claim.locator,
      from?.id,
      to?.id,
    ]);
  });
  return [COLUMNS, ...rows].map((row) => `${row.map((text) => cell(text ?? "")).join(",")}\n`).join("");
}

// XML 1.0 has no place for these signs, in whatever way they are written.
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

function clean(text: string): string {
  return text.replace(NOT_IN_XML, "\uFFFD");
}

/** A colour in numbers, which more readers know than its hexadecimal form. */
function rgb(colour: string): string {
  return `rgb(${[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)).join(",")})`;
}

/** What is shown as GEXF 1.3, with the places of the picture and the addresses of the pages. */
export function gexf(
  network: Network,
  shown: Shown,
  places: Map<number, [number, number]>,
  colour: (kind: string) => string,
  site: string,
): string {
  const graph = new MultiDirectedGraph();
  const degree = degrees(shown);
  for (const at of shown.nodes) {
    const thing = network.nodes[at];
    if (!thing) continue;
    const [x, y] = places.get(at) ?? [0, 0];
    graph.addNode(thing.id, {
      label: clean(thing.label),
      kind: thing.kind,
      region: thing.region ?? "",
      page: `${site}${thing.id}`,
      x,
      y,
      size: radius(degree.get(at) ?? 0),
      color: rgb(colour(thing.kind)),
    });
  }
  for (const link of shown.links) {
    const [from, to] = [network.nodes[link.from], network.nodes[link.to]];
    if (!from || !to) continue;
    const all = (values: (string | undefined)[]): string => [...new Set(values)].filter(Boolean).sort().join(";");
    graph.addDirectedEdgeWithKey(`${link.link} ${from.id} ${to.id}`, from.id, to.id, {
      weight: link.weight,
      link: link.link,
      status: all(link.claims.map((claim) => claim.status)),
      first_reported: link.first ?? "",
      sources: all(link.claims.map((claim) => claim.source)),
    });
  }
  // The schema of 1.3 has what is for the eye in the one namespace, where the writer has another.
  return write(graph, { version: "1.3" }).replaceAll(/<(\/?)viz:/g, "<$1");
}

/** Have the browser keep a file. */
export function keep(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
