// Finding a thing in the picture with the keyboard: a box, and a list that arrow keys go through.
import { element } from "../dom";
import { ONE } from "./facts";
import type { Network, Shown } from "./model";
import { degrees } from "./start";

const MOST = 12;

/** A text in one form, without accents and case. */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The things shown whose name holds all that was typed, the most linked first. */
export function matching(network: Network, shown: Shown, typed: string): number[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  const degree = degrees(shown);
  return shown.nodes
    .filter((at) => {
      const name = plain(network.nodes[at]?.label ?? "");
      return words.every((word) => name.includes(word));
    })
    .sort((a, b) => (degree.get(b) ?? 0) - (degree.get(a) ?? 0) || a - b)
    .slice(0, MOST);
}

/** Make a box and its list offer things; what is shown is asked for each time. */
export function find(
  input: HTMLInputElement,
  list: HTMLElement,
  network: Network,
  act: { shown: () => Shown; choose: (at: number) => void },
): void {
  let offered: number[] = [];
  let active = -1;

  const mark = (at: number): void => {
    active = at;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    const option = list.children[at];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = (): void => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const choose = (index: number): void => {
    const at = offered[index];
    close();
    if (at === undefined) return;
    input.value = network.nodes[at]?.label ?? "";
    act.choose(at);
  };
  const open = (): void => {
    offered = matching(network, act.shown(), input.value);
    list.replaceChildren(
      ...offered.map((at, index) => {
        const thing = network.nodes[at];
        const option = element("li", { role: "option", id: `found-${index}`, "aria-selected": "false" }, thing?.label ?? "");
        if (thing) option.append(element("small", {}, ONE[thing.kind]));
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(index));
        return option;
      }),
    );
    list.hidden = offered.length === 0;
    input.setAttribute("aria-expanded", String(offered.length > 0));
    mark(-1);
  };

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      const count = offered.length;
      if (count) mark(event.key === "ArrowDown" ? (active + 1) % count : (active <= 0 ? count : active) - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      choose(Math.max(active, 0));
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
}
