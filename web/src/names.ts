// Completion of names: an editable combobox with a list (ARIA 1.2) on an input that works without.
import { page } from "./addresses";
import { counted, element } from "./dom";

export interface Named {
  id: string;
  label: string;
  kind: string;
  matched: string;
}

export type Search = (typed: string, signal: AbortSignal) => Promise<Named[]>;

const PAUSE = 120; // milliseconds without a key before the service is asked
const MOST = 10;
const KINDS: Record<string, string> = { vendor: "supplier", icb: "integrated care board", source: "document" };

/** A kind of thing in words. */
export function kindInWords(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll("-", " ");
}

/** What an offer says beside its label: the kind where several are offered, and a name that is unlike the label. */
export function noteOf(one: Named, ofAll: boolean): string {
  const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const alias = letters(one.matched) === letters(one.label) ? "" : `also called ${one.matched}`;
  return [ofAll ? kindInWords(one.kind) : "", alias].filter(Boolean).join(", ");
}

/** What to type to mean this one of those found: its label, if no other is called so. */
export function typedFor(chosen: Named, found: readonly Named[]): string {
  const namesakes = found.filter((one) => one.label === chosen.label);
  return namesakes.length > 1 ? chosen.id : chosen.label;
}

/** The option that a key leads to among so many; -1 is the input itself. */
export function moved(key: string, active: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return active + 1 < count ? active + 1 : -1;
    case "ArrowUp":
      return active < 0 ? count - 1 : active - 1;
    case "Home":
      return active < 0 ? null : 0;
    case "End":
      return active < 0 ? null : count - 1;
    default:
      return null;
  }
}

/** The search of the service, for things of this kind or, with an empty one, of all. */
export function searchOf(kind: string, release: string | null): Search {
  return async (typed, signal) => {
    const asked = new URLSearchParams({ q: typed, limit: String(MOST) });
    if (kind) asked.set("kind", kind);
    if (release) asked.set("release", release);
    const answer = await fetch(`/api/search?${asked}`, { signal });
    if (!answer.ok) return [];
    return ((await answer.json()) as { results: Named[] }).results;
  };
}

/** An input that offers names as one types, and never stands in the way of typing. */
export class Combobox {
  readonly list: HTMLUListElement;
  private readonly said: HTMLElement;
  private found: Named[] = [];
  private active = -1;
  private timer = 0;
  private asking: AbortController | null = null;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly search: Search,
    private readonly chosen: (one: Named, found: readonly Named[]) => void,
    private readonly goes: boolean,
  ) {
    const id = `${input.id}-list`;
    this.list = element("ul", { id, role: "listbox", class: "offered", "aria-label": "Names" });
    this.list.hidden = true;
    this.said = element("span", { role: "status", class: "hidden" });
    input.removeAttribute("list");
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-controls": id,
      "aria-expanded": "false",
    })) {
      input.setAttribute(name, value);
    }
    input.parentElement?.classList.add("offers");
    input.after(this.list, this.said);
    input.addEventListener("input", () => this.ask(PAUSE));
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  private ask(pause: number): void {
    window.clearTimeout(this.timer);
    this.asking?.abort();
    const typed = this.input.value.trim();
    if (!typed) {
      this.close();
      return;
    }
    const asking = new AbortController();
    this.asking = asking;
    this.timer = window.setTimeout(async () => {
      let found: Named[] = [];
      try {
        found = await this.search(typed, asking.signal);
      } catch {
        // No answer is no offer: what is typed can be sent all the same.
      }
      if (!asking.signal.aborted) this.show(found);
    }, pause);
  }

  private show(found: Named[]): void {
    this.found = found;
    this.list.replaceChildren(...found.map((one, at) => this.option(one, at)));
    this.open(found.length > 0);
    this.activate(-1);
    this.said.textContent = found.length
      ? `${counted(found.length, "name")} found. Up and down arrows to choose.`
      : "No name like this found.";
  }

  private option(one: Named, at: number): HTMLLIElement {
    const id = `${this.list.id}-${at}`;
    const name = element("bdi", {}, one.label);
    const note = noteOf(one, this.goes);
    const beside = note ? [" ", element("small", {}, note)] : [];
    return element("li", { id, role: "option", "aria-selected": "false" }, name, ...beside);
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.asking?.abort();
    this.open(false);
    this.activate(-1);
    this.said.textContent = "";
  }

  private activate(at: number): void {
    this.active = at;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === at));
    }
    const option = this.list.children[at];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  private pressed(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && this.input.value.trim()) {
        event.preventDefault();
        this.ask(0);
      }
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Tab" && this.active >= 0 && !this.goes) {
      this.choose(this.active);
    } else {
      const next = moved(event.key, this.active, this.found.length);
      if (next === null) return;
      event.preventDefault();
      this.activate(next);
    }
  }

  private clicked(event: MouseEvent): void {
    const option = (event.target as Element).closest("[role=option]");
    if (option) this.choose([...this.list.children].indexOf(option));
  }

  private choose(at: number): void {
    const one = this.found[at];
    if (!one) return;
    this.close();
    this.chosen(one, this.found);
  }
}

/** Let an input offer names: of the kind that it says, or of all, to go to the page of one. */
export function offerNames(input: HTMLInputElement, go: (address: string) => void): void {
  const kind = input.dataset["names"] ?? "";
  const release = input.form?.elements.namedItem("release");
  const pinned = release instanceof HTMLInputElement ? release.value : null;
  const fill = (one: Named, found: readonly Named[]): void => {
    input.value = typedFor(one, found);
  };
  const visit = (one: Named): void => {
    input.value = one.label;
    go(page(one.id) ?? one.id);
  };
  new Combobox(input, searchOf(kind, pinned), kind ? fill : visit, !kind);
}
