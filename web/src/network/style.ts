// How kinds look: the colours stand in network.css, so that the legend and the picture agree.
import { KINDS, LINKS, type Kind, type LinkKind } from "./model";

export interface Look {
  kinds: Record<Kind, string>;
  links: Record<LinkKind, string>;
  paper: string;
  ink: string;
  faint: string;
}

/** The shape of each kind, so that colour is not all that tells them apart. */
export const SHAPES: Record<Kind, "circle" | "square" | "ring"> = {
  trust: "circle",
  product: "square",
  vendor: "square",
  network: "circle",
  icb: "ring",
  programme: "circle",
  organisation: "ring",
  unresolved: "ring",
};

export const LINES: Record<LinkKind, { type: string; size: number; over: number }> = {
  use: { type: "line", size: 1.6, over: 3 },
  supply: { type: "arrow", size: 1.4, over: 2 },
  member: { type: "line", size: 0.6, over: 0 },
  route: { type: "curved", size: 1.3, over: 1 },
};

/** The colours in force, light or dark. */
export function look(): Look {
  const style = getComputedStyle(document.documentElement);
  const named = (name: string): string => style.getPropertyValue(`--${name}`).trim() || "#777777";
  return {
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, named(`kind-${kind}`)])) as Look["kinds"],
    links: Object.fromEntries(LINKS.map((link) => [link, named(`link-${link}`)])) as Look["links"],
    paper: named("paper"),
    ink: named("ink"),
    faint: named("line"),
  };
}
