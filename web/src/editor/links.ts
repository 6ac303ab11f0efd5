// Addresses that give the same query again: the editor with it, and its answer as a file.

const LONGEST = 30_000; // characters of an address that the service takes
const ROWS = ["csv", "json", "tsv"] as const;
const GRAPH = ["turtle", "ntriples", "jsonld"] as const;
const NAMES: Record<string, string> = { turtle: "Turtle", ntriples: "N-Triples", jsonld: "JSON-LD" };
const ENDS: Record<string, string> = { turtle: "ttl", ntriples: "nt" };

function address(path: string, query: string, release: string | null, format?: string): string | null {
  const given = new URLSearchParams({ query });
  if (release) given.set("release", release);
  if (format) given.set("format", format);
  const made = `${path}?${given}`;
  return made.length > LONGEST ? null : made;
}

/** The editor with this query; nothing for one that no address can hold. */
export function editorWith(query: string, release: string | null): string | null {
  return address("/editor", query, release);
}

export interface Download {
  name: string;
  address: string;
  file: string;
}

/** The answer of a query in the formats that it comes in. */
export function downloads(query: string, release: string | null, graph: boolean): Download[] {
  return (graph ? GRAPH : ROWS).flatMap((format) => {
    const found = address("/sparql", query, release, format);
    const name = NAMES[format] ?? format.toUpperCase();
    return found ? [{ name, address: found, file: `careatlas.${ENDS[format] ?? format}` }] : [];
  });
}
