// What the endpoint answers, read: rows in columns of a kind, a yes or no, or a text.
import type { Kind } from "../tables";

export interface Term {
  type: "uri" | "literal" | "bnode" | "triple";
  value: unknown;
  datatype?: string;
  "xml:lang"?: string;
}

export type Row = Record<string, Term | undefined>;

export interface Rows {
  vars: string[];
  rows: Row[];
}

export type Answer =
  | { is: "rows"; rows: Rows }
  | { is: "boolean"; boolean: boolean }
  | { is: "text"; text: string };

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map(
    (name) => XSD + name,
  ),
);
const DATES = new Set(
  ["date", "dateTime", "gYear", "gYearMonth"].map((name) => XSD + name),
);

interface Results {
  head?: { vars?: string[] };
  boolean?: boolean;
  results?: { bindings: Row[] };
}

/** The answer in a body of this media type. */
export function read(body: string, media: string): Answer {
  if (!media.includes("sparql-results+json")) return { is: "text", text: body };
  const found = JSON.parse(body) as Results;
  if (typeof found.boolean === "boolean") return { is: "boolean", boolean: found.boolean };
  return { is: "rows", rows: { vars: found.head?.vars ?? [], rows: found.results?.bindings ?? [] } };
}

/** What all cells of a column are, so that it sorts as people expect. */
export function kindOf(name: string, rows: readonly Row[]): Kind {
  const terms = rows.flatMap((row) => row[name] ?? []);
  const all = (types: Set<string>): boolean =>
    terms.length > 0 && terms.every((term) => term.datatype && types.has(term.datatype));
  if (all(NUMBERS)) return "number";
  return all(DATES) ? "date" : "text";
}

/** A term as text. */
export function textOf(term: Term): string {
  if (typeof term.value === "string") return term.type === "bnode" ? `_:${term.value}` : term.value;
  return JSON.stringify(term.value);
}

/** An IRI in as few characters as tell it: behind a prefix, or without the root of our things. */
export function short(iri: string, prefixes: Readonly<Record<string, string>>): string {
  const things = "https://w3id.org/careatlas/id/";
  if (iri.startsWith(things) && iri.length > things.length) return iri.slice(things.length);
  for (const [prefix, space] of Object.entries(prefixes)) {
    const local = iri.startsWith(space) ? iri.slice(space.length) : "";
    if (/^[\w-]+$/.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}
