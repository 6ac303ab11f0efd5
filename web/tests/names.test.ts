import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page } from "../src/addresses";
import { kindInWords, moved, type Named, noteOf, offerNames, typedFor } from "../src/names";

const HOSTILE = '"><script>alert(1)</script>\u202egnp.exe 👩‍⚕️';

function named(label: string, id = label, kind = "trust"): Named {
  return { id: `https://w3id.org/careatlas/id/org/${id}`, label, kind, matched: label };
}

function press(input: HTMLElement, key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, bubbles: true });
  input.dispatchEvent(event);
  return event;
}

describe("the option that a key leads to", () => {
  it("goes round by way of the input", () => {
    expect([moved("ArrowDown", -1, 2), moved("ArrowDown", 1, 2)]).toEqual([0, -1]);
    expect([moved("ArrowUp", -1, 2), moved("ArrowUp", 0, 2)]).toEqual([1, -1]);
  });

  it("leaves Home and End to the text until an option is chosen", () => {
    expect([moved("Home", -1, 3), moved("End", -1, 3)]).toEqual([null, null]);
    expect([moved("Home", 2, 3), moved("End", 0, 3)]).toEqual([0, 2]);
    expect(moved("x", 1, 3)).toBeNull();
  });
});

it("types the IRI where two things have one label", () => {
  const [one, two] = [named("North", "a"), named("North", "b")];
  expect(typedFor(one, [one, two])).toBe(one.id);
  expect(typedFor(one, [one])).toBe("North");
});

it("says kinds in words", () => {
  expect(["vendor", "trust", "governance-instrument"].map(kindInWords)).toEqual([
    "supplier",
    "trust",
    "governance instrument",
  ]);
});

it("notes the kind where there are several, and a name that is unlike the label", () => {
  const one = { ...named("RapidAI"), kind: "product", matched: "rapid ai" };
  expect([noteOf(one, true), noteOf(one, false)]).toEqual(["product", ""]);
  const other = { ...one, matched: "rapid ctp" };
  expect([noteOf(other, true), noteOf(other, false)]).toEqual([
    "product, also called rapid ctp",
    "also called rapid ctp",
  ]);
});

it("knows the pages of our things and of no others", () => {
  const root = "https://w3id.org/careatlas/";
  expect(page(`${root}id/org/ods/RRV`)).toBe("/about/org/ods/RRV");
  expect(page(`${root}scheme/status/live`)).toBe("/about/scheme/status/live");
  expect(page(`${root}def#uses`)).toBe("/def.html#uses");
  expect(page(`${root}id/graph/meta`)).toBe(`/graphs?graph=${encodeURIComponent(`${root}id/graph/meta`)}`);
  expect(page("https://example.org/")).toBeNull();
  expect(page("javascript:alert(1)")).toBeNull();
});

describe("a field that offers names", () => {
  let input: HTMLInputElement;
  let asked: URL[];
  let signals: AbortSignal[];
  let found: Named[];
  const gone = vi.fn();

  function begin(kind: string): void {
    document.body.innerHTML =
      `<form><input id="field" data-names="${kind}" list="some"><input type="hidden" name="release" value="0123456789abcdef"></form>`;
    input = document.querySelector("input") as HTMLInputElement;
    offerNames(input, gone);
  }

  async function type(text: string): Promise<void> {
    input.value = text;
    input.dispatchEvent(new Event("input"));
    await vi.advanceTimersByTimeAsync(200);
  }

  const list = (): HTMLElement => document.getElementById("field-list") as HTMLElement;
  const said = (): string | null | undefined => document.querySelector("[role=status]")?.textContent;

  beforeEach(() => {
    vi.useFakeTimers();
    gone.mockReset();
    [asked, signals] = [[], []];
    found = [named("North Bristol"), named("North London")];
    vi.stubGlobal("fetch", async (address: string, { signal }: { signal: AbortSignal }) => {
      asked.push(new URL(address, "http://localhost"));
      signals.push(signal);
      return new Response(JSON.stringify({ results: found }));
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("asks once when typing pauses, for its kind and release", async () => {
    begin("trust");
    input.value = "n";
    input.dispatchEvent(new Event("input"));
    await type("north");
    expect(asked.map((one) => Object.fromEntries(one.searchParams))).toEqual([
      { q: "north", limit: "10", kind: "trust", release: "0123456789abcdef" },
    ]);
    expect(input.hasAttribute("list")).toBe(false);
    expect(list().hidden).toBe(false);
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(said()).toContain("2 names found");
    await type("north b");
    expect(signals[0]?.aborted).toBe(true);
  });

  it("fills in what the keys choose, and closes", async () => {
    begin("trust");
    await type("north");
    press(input, "ArrowDown");
    press(input, "ArrowDown");
    expect(input.getAttribute("aria-activedescendant")).toBe("field-list-1");
    expect(list().children[1]?.getAttribute("aria-selected")).toBe("true");
    expect(press(input, "Enter").defaultPrevented).toBe(true);
    expect(input.value).toBe("North London");
    expect(list().hidden).toBe(true);
    expect(input.hasAttribute("aria-activedescendant")).toBe(false);
    expect(gone).not.toHaveBeenCalled();
  });

  it("lets Enter and Tab be while nothing is chosen", async () => {
    begin("trust");
    await type("north");
    expect(press(input, "Enter").defaultPrevented).toBe(false);
    expect(press(input, "Tab").defaultPrevented).toBe(false);
    expect(input.value).toBe("north");
  });

  it("takes the chosen one along with Tab, and nothing with Escape", async () => {
    begin("trust");
    await type("north");
    press(input, "ArrowDown");
    expect(press(input, "Escape").defaultPrevented).toBe(true);
    expect([list().hidden, input.value]).toEqual([true, "north"]);
    await type("north");
    press(input, "ArrowDown");
    expect(press(input, "Tab").defaultPrevented).toBe(false);
    expect(input.value).toBe("North Bristol");
  });

  it("goes to the page of what is clicked in the search of all kinds", async () => {
    begin("");
    await type("north");
    expect(asked[0]?.searchParams.has("kind")).toBe(false);
    (list().children[1]?.firstElementChild as HTMLElement).click();
    expect(gone).toHaveBeenCalledWith("/about/org/North London");
  });

  it("shows labels as text", async () => {
    begin("trust");
    found = [named(HOSTILE)];
    await type("x");
    expect(list().querySelector("bdi")?.textContent).toBe(HOSTILE);
    expect(list().querySelector("script")).toBeNull();
  });

  it("offers nothing where nothing is found or no answer comes, and typing goes on", async () => {
    begin("trust");
    found = [];
    await type("zzz");
    expect([list().hidden, said()]).toEqual([true, "No name like this found."]);
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("no network");
    });
    await type("zzzz");
    expect([list().hidden, input.value]).toEqual([true, "zzzz"]);
    expect(press(input, "a").defaultPrevented).toBe(false);
  });

  it("closes when the field is left or emptied", async () => {
    begin("trust");
    await type("north");
    input.dispatchEvent(new Event("blur"));
    expect(list().hidden).toBe(true);
    await type("north");
    await type(" ");
    expect([list().hidden, said()]).toEqual([true, ""]);
  });
});
