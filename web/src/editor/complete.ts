// What the editor offers: the words of SPARQL, our terms, the query's variables, names of things.
import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { kindInWords, type Search } from "../names";

export interface Term {
  name: string;
  kind: string;
  label: string;
  says: string;
}

export interface Terms {
  prefixes: Record<string, string>;
  terms: Term[];
}

const KEYWORDS =
  "SELECT DISTINCT REDUCED WHERE CONSTRUCT DESCRIBE ASK FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER " +
  "EXISTS BIND VALUES UNDEF ORDER BY ASC DESC GROUP HAVING LIMIT OFFSET PREFIX BASE AS IN NOT " +
  "COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI " +
  "STRLEN SUBSTR UCASE LCASE STRSTARTS STRENDS CONTAINS STRBEFORE STRAFTER ENCODE_FOR_URI CONCAT " +
  "REGEX REPLACE ABS ROUND CEIL FLOOR NOW YEAR MONTH DAY COALESCE IF STRLANG STRDT SAMETERM ISIRI " +
  "ISBLANK ISLITERAL ISNUMERIC";

/** The variables of a query but the one at this place, each once. */
export function variables(query: string, at: number): string[] {
  const found = new Set<string>();
  for (const match of query.matchAll(/[?$]([A-Za-z_]\w*)/g)) {
    if (match.index + match[0].length !== at) found.add(`?${match[1]}`);
  }
  return [...found].sort();
}

/** The line that declares the prefix of a name, if the query has none yet. */
export function missing(query: string, name: string, prefixes: Readonly<Record<string, string>>): string {
  const prefix = /^([\w-]+):/.exec(name)?.[1];
  const space = prefix && prefixes[prefix];
  if (!space) return "";
  const declared = new RegExp(`\\bprefix\\s+${prefix}:`, "i").test(query);
  return declared ? "" : `PREFIX ${prefix}: <${space}>\n`;
}

/** The words that a query is made of. */
function offered(terms: Terms): Completion[] {
  const keywords = KEYWORDS.split(" ").map((label) => ({ label, type: "keyword", boost: -1 }));
  const put = (view: EditorView, one: Completion, from: number, to: number): void => {
    const before = missing(view.state.doc.toString(), one.label, terms.prefixes);
    view.dispatch({
      changes: [{ from: 0, insert: before }, { from, to, insert: one.label }],
      selection: { anchor: before.length + from + one.label.length },
      userEvent: "input.complete",
    });
  };
  const named = terms.terms.map(
    ({ name, kind, label, says }): Completion => ({
      label: name,
      detail: label === name.split(":")[1] ? kind : `${label}, ${kind}`,
      type: kind === "concept" ? "constant" : kind,
      apply: put,
      ...(says ? { info: says } : {}),
    }),
  );
  const spaces = Object.keys(terms.prefixes).map(
    (prefix): Completion => ({ label: `${prefix}:`, type: "namespace", apply: put, boost: -2 }),
  );
  return [...keywords, ...spaces, ...named];
}

/** What completes words: keywords, prefixes, terms, variables. */
export function words(terms: Promise<Terms>): CompletionSource {
  const ready = terms.then(offered);
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const found = variables(context.state.doc.toString(), context.pos);
      return { from: variable.from, options: found.map((label) => ({ label, type: "variable" })) };
    }
    const word = context.matchBefore(/[\w:-]+/);
    if (!word && !context.explicit) return null;
    return { from: word?.from ?? context.pos, options: await ready, validFor: /^[\w:-]*$/ };
  };
}

/** What completes `<gst`: the IRIs of things by their names. */
export function things(search: Search): CompletionSource {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const typed = context.matchBefore(/<[^<>"{}|\\^`\s=?$]{2,60}/);
    if (!typed || typed.text.includes(":")) return null;
    const stopped = new AbortController();
    context.addEventListener("abort", () => stopped.abort());
    let found: Awaited<ReturnType<Search>> = [];
    try {
      found = await search(typed.text.slice(1).replaceAll("-", " "), stopped.signal);
    } catch {
      return null; // no names are no offer
    }
    const closed = context.state.sliceDoc(context.pos, context.pos + 1) === ">";
    const options = found.map((one) => ({
      label: one.label,
      detail: kindInWords(one.kind),
      type: "thing",
      apply: closed ? `<${one.id}` : `<${one.id}>`,
    }));
    return { from: typed.from, options, filter: false };
  };
}
