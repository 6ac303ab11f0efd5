// Tables that sort by a click on a heading, and show only the rows that hold some words.
import { counted, element } from "./dom";

export type Kind = "number" | "date" | "text";
export type Order = "ascending" | "descending" | null;

export const FEWEST_TO_SORT = 4;
export const FEWEST_TO_FILTER = 11;
const WORDS = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });

/** The order after a click: ascending, descending, then as it was. */
export function next(order: Order): Order {
  return order === null ? "ascending" : order === "ascending" ? "descending" : null;
}

/** The number that a cell begins with, as people write it: 1,204 or 62%. */
export function numberIn(text: string): number | null {
  const found = /[-−]?\d[\d,]*(\.\d+)?/.exec(text);
  return found ? Number(found[0].replaceAll(",", "").replace("−", "-")) : null;
}

/** The places of these texts in this order; equal ones stay as they are, empty ones come last. */
export function sorted(texts: readonly string[], kind: Kind, order: Order): number[] {
  const places = texts.map((_, at) => at);
  if (order === null) return places;
  const sign = order === "ascending" ? 1 : -1;
  const keys = texts.map((text) => (kind === "number" ? numberIn(text) : text.trim() || null));
  return places.sort((a, b) => {
    const [one, other] = [keys[a] ?? null, keys[b] ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * compared(one, other, kind);
  });
}

function compared(one: string | number, other: string | number, kind: Kind): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  const [a, b] = [String(one), String(other)];
  if (kind === "date") return a < b ? -1 : Number(a > b);
  return WORDS.compare(a, b);
}

/** A text without capitals and accents, as words are looked for in it. */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether a row holds every word that was typed. */
export function holds(row: string, typed: string): boolean {
  return plain(typed).split(/\s+/).every((word) => row.includes(word));
}

/** How many rows are left, and of how many: never more than the page shows. */
export function left(matching: number, shown: number, total: number): string {
  const here = `${matching.toLocaleString("en-GB")} of the ${counted(shown, "row")} shown`;
  return total > shown ? `${here}; the whole answer has ${counted(total, "row")}` : here;
}

function kindOf(heading: Element): Kind {
  if (heading.classList.contains("number")) return "number";
  return heading.classList.contains("date") ? "date" : "text";
}

/** What a cell says, without the note below it, or the value of which it says so. */
function said(row: Element, column: number): string {
  const value = row.children[column]?.querySelector("data")?.getAttribute("value");
  if (value) return value;
  const copy = row.children[column]?.cloneNode(true) as Element | undefined;
  for (const note of copy?.querySelectorAll("small") ?? []) note.remove();
  return copy?.textContent ?? "";
}

/** Give a table its sort buttons and, if it is long, its filter. */
export function enhance(table: HTMLTableElement): void {
  const body = table.querySelector("tbody");
  const rows = [...table.querySelectorAll<HTMLElement>("tbody > tr")];
  const headings = [...table.querySelectorAll<HTMLElement>("thead > tr > th")];
  if (!body || rows.length < FEWEST_TO_SORT) return;
  const sort = (heading: HTMLElement, column: number): void => {
    const order = next(heading.getAttribute("aria-sort") as Order);
    for (const one of headings) one.removeAttribute("aria-sort");
    if (order) heading.setAttribute("aria-sort", order);
    const texts = rows.map((row) => said(row, column));
    body.append(...sorted(texts, kindOf(heading), order).map((at) => rows[at] as Node));
  };
  for (const [column, heading] of headings.entries()) {
    if (!heading.textContent?.trim()) continue;
    const button = element("button", { type: "button", class: "sort" }, ...heading.childNodes);
    heading.replaceChildren(button);
    button.addEventListener("click", () => sort(heading, column));
  }
  if (rows.length >= FEWEST_TO_FILTER) addFilter(table, rows);
}

function addFilter(table: HTMLTableElement, rows: HTMLElement[]): void {
  const id = `${table.querySelector("caption")?.id || "rows"}-filter`;
  const input = element("input", { id, type: "search", autocomplete: "off" });
  const count = element("span", { role: "status" });
  const texts = rows.map((row) => plain([...row.children].map((one) => one.textContent).join("\n")));
  const total = Number(table.dataset["total"] ?? rows.length);
  input.addEventListener("input", () => {
    let matching = 0;
    for (const [at, row] of rows.entries()) {
      row.hidden = !holds(texts[at] ?? "", input.value.trim());
      matching += Number(!row.hidden);
    }
    count.textContent = input.value.trim() ? left(matching, rows.length, total) : "";
  });
  const label = element("label", { for: id }, "Filter these rows");
  const place = table.closest(".scroll") ?? table;
  place.before(element("div", { class: "filter" }, label, input, count));
}
