import { describe, expect, it, vi } from "vitest";
import golden from "../../tests/golden/network.json";
import { read, write } from "../src/network/address";
import { fill, relations } from "../src/network/facts";
import { csv, gexf } from "../src/network/files";
import { find, matching } from "../src/network/finder";
import { short } from "../src/network/labels";
import { Layout } from "../src/network/layout";
import { KINDS, type Link, LINKS, type Network } from "../src/network/model";
import { select } from "../src/network/select";
import { degrees, radius, scale, start } from "../src/network/start";

const HOSTILE = '"><img src=x onerror=alert(1)>\u202egnp.exe \u{1F469}\u0007';
const REAL = golden.data as unknown as Network;

function link(values: Partial<Link>): Link {
  return { link: "use", from: 0, to: 1, first: null, weight: 1, claims: [{ source: "s", locator: "p. 1" }], ...values };
}

const HARD: Network = {
  release: "0",
  nodes: [
    { id: "/about/a", kind: "trust", label: HOSTILE, region: "London" },
    { id: "/about/b", kind: "product", label: 'Say "x", y', region: null },
    { id: "/about/c", kind: "vendor", label: "Étoile", region: null },
  ],
  links: [
    link({ first: "2024-01-01", weight: 2, claims: [
      { status: "live", reported: "2024-01-01", source: "s", locator: "p. 1" },
      { status: "ended", detail: HOSTILE, source: "t", locator: "a\nb" },
    ] }),
    link({ link: "supply", from: 1, to: 2 }),
  ],
  sources: { s: { title: HOSTILE, page: "/about/doc/s" } },
};
const ALL = select(HARD, read(""));

describe("what is shown", () => {
  it.each(golden.cases.map((one) => [one.query || "everything", one] as const))("is what the server shows: %s", (_, one) => {
    const shown = select(REAL, read(one.query));
    const id = (at: number): string => REAL.nodes[at]?.id ?? "";
    expect(shown.nodes.map(id)).toEqual(one.nodes);
    expect(shown.links.map((of) => [of.link, id(of.from), id(of.to), of.weight, of.first])).toEqual(one.links);
  });

  it("is not changed by being narrowed", () => {
    const before = JSON.stringify(REAL);
    select(REAL, read("status=live&region=North&kind=trust"));
    expect(JSON.stringify(REAL)).toBe(before);
  });
});

describe("an address", () => {
  it.each(golden.cases.map((one) => one.query))("is read and written alike: %s", (query) => {
    const filter = read(query);
    expect(read(write(filter))).toEqual(filter);
  });

  it("says nothing of what is everything, and says that nothing is", () => {
    expect(write(read("kind=none&" + KINDS.map((kind) => `kind=${kind}`).join("&")))).toBe("");
    expect(write(read("link=none&status="))).toBe("?link=none");
    expect(read("kind=none").kinds.size).toBe(0);
    expect(read("").links.size).toBe(LINKS.length);
  });

  it("carries what the picture is not narrowed by, and any text", () => {
    expect(write(read("vendor=A%26B"), [["as_of", "2025-01-01"], ["release", ""]])).toBe("?vendor=A%26B&as_of=2025-01-01");
    expect(read(write({ ...read(""), vendor: HOSTILE })).vendor).toBe(HOSTILE);
  });
});

describe("a layout", () => {
  const places = start(60);
  const links = new Uint32Array(Array.from({ length: 59 }, (_, at) => [0, at + 1]).flat());

  it("is the same for the same things, in whatever slices it is made", () => {
    const [one, other] = [new Layout(places, links), new Layout(places, links)];
    while (!one.run(7));
    while (!other.run(100));
    expect(one.places()).toEqual(other.places());
    expect([...one.places()].every(Number.isFinite)).toBe(true);
    expect(one.places()).not.toEqual(places);
  });

  it("has an end for nothing and for one thing", () => {
    for (const count of [0, 1]) {
      const layout = new Layout(start(count), new Uint32Array());
      while (!layout.run(50));
      expect(layout.places().length).toBe(2 * count);
    }
  });

  it("begins with each thing in a place of its own", () => {
    const seen = new Set(Array.from({ length: 2000 }, (_, at) => start(2000).slice(2 * at, 2 * at + 2).join()));
    expect(seen.size).toBe(2000);
  });

  it("draws what has more links larger, and all of it smaller where there is less room", () => {
    expect(radius(9)).toBeGreaterThan(radius(1));
    expect(scale(300)).toBeLessThan(scale(1200));
    expect(degrees({ nodes: [0, 1], links: [link({ to: 0 }), link({})] })).toEqual(new Map([[0, 2], [1, 1]]));
  });
});

describe("a file", () => {
  it("of rows has one for each claim, and quotes what must be", () => {
    const text = csv(HARD, ALL);
    expect(text.startsWith("link,from,from_kind,to,to_kind,status,")).toBe(true);
    expect(text).toContain('"Say ""x"", y"');
    expect(text).toContain('"a\nb"');
    expect(text.split("\n").length).toBe(1 + 3 + 1 + 1);
    expect(csv(HARD, { nodes: [], links: [] }).split("\n").length).toBe(2);
  });

  it("of GEXF is XML with all attributes, whatever a name holds", () => {
    const text = gexf(HARD, ALL, new Map([[0, [1, 2]]]), () => "#0b62a8", "http://host");
    const page = new DOMParser().parseFromString(text, "application/xml");
    expect(page.querySelector("parsererror")).toBeNull();
    const nodes = [...page.getElementsByTagName("node")];
    expect(nodes.map((node) => node.getAttribute("id"))).toEqual(["/about/a", "/about/b", "/about/c"]);
    expect(nodes[0]?.getAttribute("label")).toBe(HOSTILE.replace("\u0007", "\uFFFD"));
    const titles = [...page.getElementsByTagName("attribute")].map((one) => one.getAttribute("title"));
    expect(titles).toEqual(["kind", "region", "page", "link", "status", "first_reported", "sources"]);
    const edge = page.getElementsByTagName("edge")[0];
    expect([edge?.getAttribute("source"), edge?.getAttribute("target"), edge?.getAttribute("weight")]).toEqual(["/about/a", "/about/b", "2"]);
    const values = [...(edge?.getElementsByTagName("attvalue") ?? [])].map((one) => one.getAttribute("value"));
    expect(values).toEqual(["use", "ended;live", "2024-01-01", "s;t"]);
    const colour = nodes[0]?.getElementsByTagName("color")[0];
    expect(page.documentElement.getAttribute("version")).toBe("1.3");
    expect(["r", "g", "b", "hex"].map((name) => colour?.getAttribute(name))).toEqual(["11", "98", "168", null]);
  });
});

describe("the facts", () => {
  it("tell of both sides of a link", () => {
    expect(relations(ALL, 1).map((one) => [one.title, one.neighbours.map(({ at }) => at)])).toEqual([
      ["Is had by, in any status", [0]],
      ["Is supplied by", [2]],
    ]);
  });

  it("show every claim with its source, as text", () => {
    const panel = document.createElement("aside");
    const choose = vi.fn();
    const close = vi.fn();
    fill(panel, HARD, ALL, 0, { choose, close });
    expect(panel.querySelector("img")).toBeNull();
    expect(panel.querySelector("h2")?.textContent).toBe(HOSTILE);
    expect(panel.textContent).toContain("Trust, London");
    const links = [...panel.querySelectorAll("a")].map((one) => one.getAttribute("href"));
    expect(links).toEqual(["/about/a", "/about/doc/s", "/about/doc/t"]);
    expect(panel.textContent).toContain("live · 2024-01-01");
    panel.querySelector<HTMLButtonElement>("button.thing")?.click();
    expect(choose).toHaveBeenCalledWith(1);
    panel.querySelector<HTMLButtonElement>("button.plain")?.click();
    expect(close).toHaveBeenCalledOnce();
  });
});

describe("finding", () => {
  it("heeds neither accents nor case, and puts the most linked first", () => {
    expect(matching(HARD, ALL, "ETOILE")).toEqual([2]);
    expect(matching(HARD, ALL, "")[0]).toBe(1);
    expect(matching(HARD, ALL, "nothing")).toEqual([]);
  });

  it("works with the keyboard alone", () => {
    const [input, list] = [document.createElement("input"), document.createElement("ul")];
    list.hidden = true;
    document.body.append(input, list);
    const choose = vi.fn();
    find(input, list, HARD, { shown: () => ALL, choose });
    const press = (key: string): void => void input.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
    press("ArrowDown");
    expect(list.hidden).toBe(false);
    expect(list.querySelector("img")).toBeNull();
    expect(input.getAttribute("aria-expanded")).toBe("true");
    press("ArrowDown");
    expect(input.getAttribute("aria-activedescendant")).toBe("found-1");
    press("ArrowUp");
    press("ArrowUp");
    expect(input.getAttribute("aria-activedescendant")).toBe("found-2");
    press("Enter");
    expect(choose).toHaveBeenCalledWith(2);
    expect(list.hidden).toBe(true);
    press("ArrowDown");
    press("Escape");
    expect([list.hidden, input.getAttribute("aria-activedescendant")]).toEqual([true, null]);
  });
});

describe("a name in the picture", () => {
  it("is cut where it is long, between signs", () => {
    expect(short("Short")).toBe("Short");
    expect([...short("\u{1F469}".repeat(60))].length).toBe(42);
  });
});
