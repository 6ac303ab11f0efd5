import { Text } from "@codemirror/state";
import { afterEach, describe, expect, it, vi } from "vitest";
import { kindOf, read, type Row, short } from "../src/editor/answer";
import { missing, variables } from "../src/editor/complete";
import { downloads, editorWith } from "../src/editor/links";
import { termsFrom, took } from "../src/editor/page";
import { problemIn, queryId, Run } from "../src/editor/run";
import { amount, MOST_ROWS, shown } from "../src/editor/show";
import { place } from "../src/editor/view";

const JSON_RESULTS = "application/sparql-results+json; charset=utf-8";
const HOSTILE = '"><img src=x onerror=alert(1)>\u202egnp.exe';
const XSD = "http://www.w3.org/2001/XMLSchema#";
const PREFIXES = { atlas: "https://w3id.org/careatlas/def#", status: "https://w3id.org/careatlas/scheme/status/" };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("an answer", () => {
  it("is read by its media type", () => {
    const rows = read('{"head":{"vars":["a"]},"results":{"bindings":[{}]}}', JSON_RESULTS);
    expect(rows).toEqual({ is: "rows", rows: { vars: ["a"], rows: [{}] } });
    expect(amount(rows)).toBe("1 row");
    expect(amount(read('{"head":{},"boolean":false}', JSON_RESULTS))).toBe("No");
    expect(amount(read("<a> <b> <c> .\n\n<d> <e> <f> .\n", "text/turtle"))).toBe("2 lines");
  });

  it("has columns of a kind where all cells are of it", () => {
    const rows: Row[] = [
      { n: { type: "literal", value: "1", datatype: `${XSD}integer` }, d: { type: "literal", value: "2024-01-01", datatype: `${XSD}date` } },
      { n: { type: "literal", value: "2", datatype: `${XSD}integer` }, d: { type: "literal", value: "soon" } },
    ];
    expect([kindOf("n", rows), kindOf("d", rows), kindOf("none", rows)]).toEqual(["number", "text", "text"]);
  });

  it("shortens IRIs without a change of what they name", () => {
    expect(short("https://w3id.org/careatlas/def#uses", PREFIXES)).toBe("atlas:uses");
    expect(short("https://w3id.org/careatlas/scheme/status/live", PREFIXES)).toBe("status:live");
    expect(short("https://w3id.org/careatlas/id/org/ods/RRV", PREFIXES)).toBe("org/ods/RRV");
    expect(short("https://w3id.org/careatlas/def#a/b", PREFIXES)).toBe("https://w3id.org/careatlas/def#a/b");
  });

  it("is shown as text, with links to our pages and to addresses of the web alone", () => {
    const terms = [
      { type: "literal" as const, value: HOSTILE, "xml:lang": "cy" },
      { type: "uri" as const, value: "https://w3id.org/careatlas/id/org/ods/RRV" },
      { type: "uri" as const, value: "https://example.org/x" },
      { type: "uri" as const, value: "javascript:alert(1)" },
      { type: "bnode" as const, value: "b0" },
    ];
    const rows = terms.map((term) => ({ [HOSTILE]: term }));
    const made = document.createElement("div");
    made.append(...shown({ is: "rows", rows: { vars: [HOSTILE], rows } }, PREFIXES));
    expect(made.querySelector("img, script")).toBeNull();
    expect(made.querySelector("th")?.textContent).toBe(HOSTILE);
    expect(made.querySelector("td bdi")?.textContent).toBe(HOSTILE);
    expect(made.querySelector("td small")?.textContent).toBe("cy");
    const links = [...made.querySelectorAll("td a")].map((one) => one.getAttribute("href"));
    expect(links).toEqual(["/about/org/ods/RRV", "https://example.org/x"]);
    expect(made.textContent).toContain("_:b0");
  });

  it("says when it shows a part", () => {
    const rows = Array.from({ length: MOST_ROWS + 5 }, () => ({}));
    const made = shown({ is: "rows", rows: { vars: ["a"], rows } }, {});
    expect(made[0]?.textContent).toBe("The first 1,000 rows of 1,005 are shown; the download has all.");
    expect(made[1]?.querySelectorAll("tbody tr").length).toBe(MOST_ROWS);
    const none = shown({ is: "rows", rows: { vars: ["a"], rows: [] } }, {});
    expect(none[0]?.textContent).toContain("which is not a no");
  });
});

describe("what is offered", () => {
  it("has the variables of the query but the one being typed", () => {
    const query = "SELECT ?a $b WHERE { ?a ?p ?c . ?pro";
    expect(variables(query, query.length)).toEqual(["?a", "?b", "?c", "?p"]);
  });

  it("declares a prefix once", () => {
    expect(missing("SELECT * {}", "atlas:uses", PREFIXES)).toBe("PREFIX atlas: <https://w3id.org/careatlas/def#>\n");
    expect(missing("prefix atlas: <x> SELECT * {}", "atlas:uses", PREFIXES)).toBe("");
    expect(missing("", "SELECT", PREFIXES)).toBe("");
    expect(missing("", "other:name", PREFIXES)).toBe("");
  });

  it("is nothing where the terms cannot be had", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("no network");
    });
    expect(await termsFrom("/editor/terms.json")).toEqual({ prefixes: {}, terms: [] });
    expect(await termsFrom(undefined)).toEqual({ prefixes: {}, terms: [] });
  });
});

it("finds the place of an error, wherever it is said to be", () => {
  const doc = Text.of(["SELECT", "WHERE {"]);
  expect([place(doc, 1, 1), place(doc, 2, 7), place(doc, 2, 99), place(doc, 9, 1), place(doc, 0, 0)]).toEqual([
    0, 13, 14, 14, 0,
  ]);
});

it("makes addresses that hold the query, until it is too long for one", () => {
  const query = "SELECT * { ?s ?p 'a&b' }";
  const link = new URL(editorWith(query, "0123456789abcdef") ?? "", "http://localhost");
  expect([link.pathname, link.searchParams.get("query"), link.searchParams.get("release")]).toEqual([
    "/editor",
    query,
    "0123456789abcdef",
  ]);
  expect(downloads(query, null, false).map((one) => one.file)).toEqual(["careatlas.csv", "careatlas.json", "careatlas.tsv"]);
  expect(downloads(query, null, true).map((one) => one.file)).toEqual(["careatlas.ttl", "careatlas.nt", "careatlas.jsonld"]);
  expect([editorWith("#".repeat(30_000), null), downloads("#".repeat(30_000), null, false)]).toEqual([null, []]);
});

it("says times in words", () => {
  expect([took(0.126), took(12.4)]).toEqual(["0.13 seconds", "12 seconds"]);
});

describe("a query on its way", () => {
  it("goes out under a name of its own, and brings its answer", async () => {
    const sent: Request[] = [];
    vi.stubGlobal("fetch", async (address: string, options: RequestInit) => {
      sent.push(new Request(`http://localhost${address}`, options));
      return new Response('{"head":{},"boolean":true}', { headers: { "content-type": JSON_RESULTS } });
    });
    const outcome = await new Run("ASK {}", "0123456789abcdef").outcome();
    expect(outcome).toMatchObject({ is: "answer", answer: { is: "boolean", boolean: true }, graph: false });
    expect(sent[0]?.headers.get("query-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(queryId()).not.toBe(queryId());
  });

  it("tells of a refusal with its place, in the words of the service", async () => {
    const body = JSON.stringify({ title: "Syntax", detail: "not SPARQL", line: 2, column: 5 });
    vi.stubGlobal("fetch", async () => new Response(body, { status: 400 }));
    const outcome = await new Run("x", null).outcome();
    expect(outcome).toMatchObject({ is: "problem", problem: { detail: "not SPARQL", line: 2, column: 5 } });
    expect(problemIn("<html>", 502).detail).toBe("The service answered with status 502.");
    expect(problemIn("null", 502).detail).toBe("The service answered with status 502.");
  });

  it("tells when nothing comes, and when it was cancelled", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("no network");
    });
    expect(await new Run("x", null).outcome()).toMatchObject({ is: "problem" });
    vi.stubGlobal(
      "fetch",
      (_: string, { signal }: RequestInit = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    );
    const run = new Run("x", null);
    const outcome = run.outcome();
    run.cancel();
    expect(await outcome).toEqual({ is: "cancelled" });
  });
});
