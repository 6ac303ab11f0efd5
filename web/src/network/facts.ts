// The facts about a thing that is chosen: what it is linked to, how far along, and who says so.
import { element } from "../dom";
import type { Claim, Kind, LinkKind, Network, Shown } from "./model";

export const SAYS: Record<LinkKind, readonly [out: string, back: string]> = {
  use: ["Has, in any status", "Is had by, in any status"],
  supply: ["Is supplied by", "Supplies"],
  member: ["Belongs to", "Has as members"],
  route: ["Got something through", "Something was got through it by"],
};
export const ONE: Record<Kind, string> = {
  trust: "Trust",
  product: "Product",
  vendor: "Vendor",
  network: "Network or group",
  icb: "Integrated care board",
  programme: "Programme, study or framework",
  organisation: "Organisation",
  unresolved: "A name that nothing resolves",
};
/** So many neighbours of one relation are listed. */
const MOST = 60;

export interface Relation {
  title: string;
  neighbours: { at: number; claims: Claim[] }[];
}

/** What a thing is linked to in what is shown: its own links first, then those to it. */
export function relations(shown: Shown, at: number): Relation[] {
  const found = new Map<string, Relation>();
  for (const kind of Object.keys(SAYS) as LinkKind[]) {
    for (const [side, title] of SAYS[kind].entries()) found.set(`${kind} ${side}`, { title, neighbours: [] });
  }
  for (const { link, from, to, claims } of shown.links) {
    if (from === at) found.get(`${link} 0`)?.neighbours.push({ at: to, claims });
    if (to === at) found.get(`${link} 1`)?.neighbours.push({ at: from, claims });
  }
  return [...found.values()].filter((one) => one.neighbours.length);
}

function claimed(network: Network, claim: Claim): HTMLElement {
  const about = [claim.status, claim.route_type, claim.detail, claim.reported].filter(Boolean).join(" · ");
  const source = network.sources[claim.source];
  return element(
    "li",
    {},
    about ? `${about} ` : "",
    element(
      "small",
      {},
      element("a", { href: source?.page ?? `/about/doc/${claim.source}` }, source?.title ?? claim.source),
      `, ${claim.locator}`,
    ),
  );
}

/** Fill the panel with a thing's facts; its neighbours can be chosen in turn. */
export function fill(
  panel: HTMLElement,
  network: Network,
  shown: Shown,
  at: number,
  act: { choose: (at: number) => void; close: () => void },
): void {
  const thing = network.nodes[at];
  if (!thing) return;
  const close = element("button", { type: "button", class: "plain" }, "Close");
  close.addEventListener("click", act.close);
  const about = [ONE[thing.kind], thing.region].filter(Boolean).join(", ");
  panel.replaceChildren(
    close,
    element("h2", {}, thing.label),
    element("p", {}, about, element("br"), element("a", { href: thing.id }, "All that is known of it")),
    ...relations(shown, at).flatMap(({ title, neighbours }) => [
      element("h3", {}, `${title} (${neighbours.length})`),
      element("ul", {}, ...neighbours.slice(0, MOST).map((one) => neighbour(network, one, act.choose))),
      ...(neighbours.length > MOST ? [element("p", {}, `The first ${MOST}. The list below the picture has all.`)] : []),
    ]),
  );
  panel.hidden = false;
  panel.scrollTop = 0;
}

function neighbour(
  network: Network,
  { at, claims }: Relation["neighbours"][number],
  choose: (at: number) => void,
): HTMLElement {
  const name = element("button", { type: "button", class: "thing" }, network.nodes[at]?.label ?? "");
  name.addEventListener("click", () => choose(at));
  return element("li", {}, name, element("ul", {}, ...claims.map((claim) => claimed(network, claim))));
}
