// An answer as elements of the page.
import { page } from "../addresses";
import { counted, element } from "../dom";
import { enhance } from "../tables";
import { type Answer, kindOf, type Row, type Rows, short, type Term, textOf } from "./answer";

type Prefixes = Readonly<Record<string, string>>;

export const MOST_ROWS = 1000;
const MOST_TEXT = 200_000;

/** How much an answer holds, in words. */
export function amount(answer: Answer): string {
  if (answer.is === "rows") return counted(answer.rows.rows.length, "row");
  if (answer.is === "boolean") return answer.boolean ? "Yes" : "No";
  return counted(answer.text.split("\n").filter((line) => line.trim()).length, "line");
}

/** An answer as people read it. */
export function shown(answer: Answer, prefixes: Prefixes): HTMLElement[] {
  if (answer.is === "rows") return table(answer.rows, prefixes);
  if (answer.is === "boolean") return [];
  const cut = answer.text.length > MOST_TEXT;
  const text = element("pre", { tabindex: "0" }, element("code", {}, answer.text.slice(0, MOST_TEXT)));
  return cut ? [element("p", {}, "Only the beginning is shown; the download has all."), text] : [text];
}

function table({ vars, rows }: Rows, prefixes: Prefixes): HTMLElement[] {
  if (!rows.length) {
    const says = "No row: nothing in this release matches, which is not a no.";
    return [element("p", { class: "empty" }, says)];
  }
  const first = rows.slice(0, MOST_ROWS);
  const kinds = vars.map((name) => kindOf(name, first));
  const heads = vars.map((name, at) => element("th", { scope: "col", ...classOf(kinds[at]) }, name));
  const body = first.map((row) =>
    element("tr", {}, ...vars.map((name, at) => cell(row, name, classOf(kinds[at]), prefixes))),
  );
  const made = element(
    "table",
    { "data-total": String(rows.length) },
    element("caption", { id: "answer-caption" }, "Answer of the query"),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...body),
  );
  const region = { class: "scroll", role: "region", "aria-labelledby": "answer-caption", tabindex: "0" };
  const whole = element("div", {}, element("div", region, made));
  enhance(made);
  if (rows.length === first.length) return [whole];
  const says = `The first ${counted(first.length, "row")} of ${rows.length.toLocaleString("en-GB")} are shown; the download has all.`;
  return [element("p", {}, says), whole];
}

function classOf(kind: string | undefined): Record<string, string> {
  return kind && kind !== "text" ? { class: kind } : {};
}

function cell(row: Row, name: string, values: Record<string, string>, prefixes: Prefixes): HTMLElement {
  const term = row[name];
  return element("td", values, ...(term ? content(term, prefixes) : []));
}

function content(term: Term, prefixes: Prefixes): (Node | string)[] {
  const text = textOf(term);
  if (term.type === "uri") {
    const address = page(text) ?? (/^https?:\/\//.test(text) ? text : null);
    const label = short(text, prefixes);
    return [address ? element("a", { href: address }, label) : label];
  }
  const language = term["xml:lang"];
  const said = element("bdi", {}, text);
  return language && language !== "en" ? [said, element("small", {}, language)] : [said];
}
