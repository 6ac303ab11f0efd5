// The network as a picture, in step with the form beside it, the address and the lists below.
import { counted } from "../dom";
import { read, write } from "../network/address";
import { fill } from "../network/facts";
import { csv, gexf, keep } from "../network/files";
import { find } from "../network/finder";
import type { Filter, Kind, Network, Shown } from "../network/model";
import { drawable, Picture } from "../network/picture";
import { select } from "../network/select";
import { look } from "../network/style";
import { enhance } from "../tables";

function part<Type extends HTMLElement>(id: string): Type {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as Type;
}

const frame = part("picture");
const says = part("picture-says");
const form = part<HTMLFormElement>("narrow");
/** Milliseconds from a choice to the asking for the lists that go with it. */
const WAIT = 250;

/** What the form says; its names are those of the server's answer, whatever was typed. */
function chosen(): Filter {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") query.append(name, value);
  return read(query.toString());
}

/** What the form says that the picture is not narrowed by here. */
function besides(): [string, string][] {
  const values = new FormData(form);
  return ["as_of", "known_by", "release"].map((name) => [name, String(values.get(name) ?? "")]);
}

/** Set the form to what an address asks for. */
function show(filter: Filter): void {
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
    box.checked = (box.name === "kind" ? filter.kinds : filter.links).has(box.value);
  }
  for (const field of form.querySelectorAll("select")) {
    field.value = filter[field.name as "status" | "region" | "vendor" | "product"];
  }
}

function begin(network: Network): void {
  let shown: Shown = { nodes: [], links: [] };
  let back: HTMLElement | null = null;
  const panel = part("facts");
  const picture = new Picture(network, part("canvas"), (at) => (at === null ? close() : open(at)), (state) => {
    frame.dataset["state"] = state;
  });

  const close = (): void => {
    if (panel.hidden) return;
    panel.hidden = true;
    picture.select(null);
    back?.focus();
    back = null;
  };
  const open = (at: number, go = false): void => {
    if (panel.hidden) back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    fill(panel, network, shown, at, { choose: (next) => open(next, true), close });
    picture.select(at, go);
    panel.focus({ preventScroll: true });
  };
  const draw = (): void => {
    shown = select(network, chosen());
    panel.hidden = true;
    frame.dataset["nodes"] = String(shown.nodes.length);
    frame.dataset["links"] = String(shown.links.length);
    says.textContent = `${counted(shown.nodes.length, "thing")} and ${counted(shown.links.length, "link")} shown.`;
    part("canvas").setAttribute("aria-label", `The network as a picture: ${says.textContent} The lists below hold the same.`);
    picture.select(null);
    picture.draw(shown);
  };

  find(part<HTMLInputElement>("find"), part("found"), network, {
    shown: () => shown,
    choose: (at) => open(at, true),
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  buttons(picture);
  downloads(network, picture, () => shown);
  follow(draw);
  draw();
}

function buttons(picture: Picture): void {
  part("closer").addEventListener("click", () => picture.closer());
  part("farther").addEventListener("click", () => picture.farther());
  part("whole").addEventListener("click", () => picture.whole());
  const steps: Record<string, [number, number]> = {
    ArrowLeft: [-0.1, 0],
    ArrowRight: [0.1, 0],
    ArrowUp: [0, -0.1],
    ArrowDown: [0, 0.1],
  };
  part("closer").parentElement?.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    picture.move(...step);
  });
}

function downloads(network: Network, picture: Picture, shown: () => Shown): void {
  const name = `careatlas-network-${network.release}`;
  part("get-csv").addEventListener("click", () => {
    keep(`${name}.csv`, new Blob([csv(network, shown())], { type: "text/csv" }));
  });
  part("get-gexf").addEventListener("click", () => {
    const colours = look().kinds;
    const text = gexf(network, shown(), picture.places(), (kind) => colours[kind as Kind], location.origin);
    keep(`${name}.gexf`, new Blob([text], { type: "application/xml" }));
  });
  part("get-png").addEventListener("click", async () => {
    keep(`${name}.png`, await picture.png());
  });
}

/** Have the picture, the address and the lists follow the form, and all of them the back button. */
function follow(draw: () => void): void {
  const address = (): string => location.pathname + write(chosen(), besides());
  history.replaceState({ query: write(chosen()) }, "");
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === "date") return;
    history.pushState({ query: write(chosen()) }, "", address());
    draw();
    relist();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.assign(address());
  });
  addEventListener("popstate", ({ state }: PopStateEvent) => {
    show(read((state as { query?: string } | null)?.query ?? location.search));
    draw();
    relist();
  });
}

let asking: AbortController | null = null;

/** Ask the server for the lists of what is shown now. */
function relist(): void {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const old = part("listed");
  old.setAttribute("aria-busy", "true");
  setTimeout(async () => {
    if (mine.signal.aborted) return;
    try {
      const answer = await fetch(location.href, { signal: mine.signal, headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const made = page.getElementById("listed");
      if (!answer.ok || !made) throw new Error(answer.statusText);
      old.replaceWith(document.adoptNode(made));
      for (const table of made.querySelectorAll<HTMLTableElement>("table[data-sortable]")) enhance(table);
    } catch (error) {
      if (mine.signal.aborted) return;
      old.removeAttribute("aria-busy");
      says.textContent += " The lists below could not be renewed: reload the page.";
      console.warn(error);
    }
  }, WAIT);
}

async function load(): Promise<void> {
  const unavailable = (text: string): void => {
    says.textContent = text;
    frame.dataset["state"] = "unavailable";
  };
  if (!drawable()) {
    unavailable("This browser draws no WebGL, so there is no picture. The lists below hold the same.");
    return;
  }
  frame.dataset["state"] = "loading";
  const answer = await fetch(frame.dataset["source"] ?? "");
  if (!answer.ok) {
    unavailable("The picture could not be loaded. The lists below hold the same.");
    return;
  }
  const network = (await answer.json()) as Network;
  part("picture-parts").hidden = false;
  const narrow = form.querySelector("details");
  if (narrow && !matchMedia("(min-width: 56rem)").matches) narrow.open = false;
  begin(network);
}

void load();
