// Where this service tells of a thing, as service/explorer/links.py has it.

const ROOT = "https://w3id.org/careatlas/";

/** The page about a thing of ours; nothing for an IRI of others. */
export function page(iri: string): string | null {
  if (iri.startsWith(`${ROOT}id/graph/`)) return `/graphs?graph=${encodeURIComponent(iri)}`;
  if (iri.startsWith(`${ROOT}id/`)) return `/about/${iri.slice(`${ROOT}id/`.length)}`;
  if (iri.startsWith(`${ROOT}scheme/`)) return `/about/${iri.slice(ROOT.length)}`;
  if (iri.startsWith(`${ROOT}def#`)) return `/def.html#${iri.slice(`${ROOT}def#`.length)}`;
  return null;
}
