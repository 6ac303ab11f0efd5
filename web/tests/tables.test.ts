import { beforeEach, describe, expect, it } from "vitest";
import { enhance, holds, left, next, numberIn, plain, sorted } from "../src/tables";

describe("sorting", () => {
  it("reads numbers as people write them", () => {
    expect(["1,204", "62%", "−3", "about 0.5", "none", ""].map(numberIn)).toEqual([
      1204, 62, -3, 0.5, null, null,
    ]);
  });

  it("puts numbers by size, texts by their words, dates by their figures, empty cells last", () => {
    expect(sorted(["10", "", "9"], "number", "ascending")).toEqual([2, 0, 1]);
    expect(sorted(["10", "", "9"], "number", "descending")).toEqual([0, 2, 1]);
    expect(sorted(["item 10", "Item 9", "élan"], "text", "ascending")).toEqual([2, 1, 0]);
    expect(sorted(["2024-02", "2023/24", "2024"], "date", "ascending")).toEqual([1, 2, 0]);
  });

  it("keeps equal rows in their order, and goes back to it", () => {
    expect(sorted(["b", "a", "b", "a"], "text", "ascending")).toEqual([1, 3, 0, 2]);
    expect(sorted(["b", "a", "b", "a"], "text", "descending")).toEqual([0, 2, 1, 3]);
    expect(sorted(["b", "a"], "text", null)).toEqual([0, 1]);
    expect([next(null), next("ascending"), next("descending")]).toEqual(["ascending", "descending", null]);
  });
});

it("looks for every word, without capitals and accents", () => {
  const row = plain("Bâle Hospital\nRapidAI");
  expect([holds(row, "bale rapid"), holds(row, "bale brainomix"), holds(row, "")]).toEqual([true, false, true]);
});

it("never promises rows that the page does not show", () => {
  expect(left(1, 200, 200)).toBe("1 of the 200 rows shown");
  expect(left(12, 200, 1506)).toBe("12 of the 200 rows shown; the whole answer has 1,506 rows");
});

describe("a table", () => {
  const first = (): string[] =>
    [...document.querySelectorAll<HTMLElement>("tbody > tr")]
      .filter((row) => !row.hidden)
      .map((row) => row.children[1]?.firstChild?.textContent ?? "");

  function begin(count: number, total = count): HTMLTableElement {
    const rows = Array.from(
      { length: count },
      (_, at) => `<tr><th scope="row">name ${at}</th><td class="number">${(at * 7) % count}<small>${99 - at}</small></td></tr>`,
    );
    document.body.innerHTML = `<div class="scroll"><table data-total="${total}"><caption id="rows-caption">Rows</caption>
      <thead><tr><th scope="col">Name</th><th scope="col" class="number">Count</th></tr></thead>
      <tbody>${rows.join("")}</tbody></table></div>`;
    const table = document.querySelector("table") as HTMLTableElement;
    enhance(table);
    return table;
  }

  beforeEach(() => {
    document.body.innerHTML = "";
  });

  it("is sorted by its buttons and, with the third click, as it was", () => {
    const table = begin(5);
    const before = first();
    const heading = table.querySelectorAll("thead th")[1] as HTMLElement;
    const button = heading.querySelector("button") as HTMLButtonElement;
    expect(button.textContent).toBe("Count");
    button.click();
    expect([heading.getAttribute("aria-sort"), first()]).toEqual(["ascending", ["0", "1", "2", "3", "4"]]);
    button.click();
    expect([heading.getAttribute("aria-sort"), first()]).toEqual(["descending", ["4", "3", "2", "1", "0"]]);
    button.click();
    expect([heading.hasAttribute("aria-sort"), first()]).toEqual([false, before]);
  });

  it("says of one column alone that it is sorted", () => {
    const table = begin(5);
    for (const button of table.querySelectorAll<HTMLButtonElement>("thead button")) button.click();
    expect(table.querySelectorAll("[aria-sort]").length).toBe(1);
  });

  it("shows the rows that hold what is typed, with their count", () => {
    begin(12, 40);
    const input = document.querySelector("input") as HTMLInputElement;
    expect(document.querySelector(`label[for="${input.id}"]`)?.textContent).toBe("Filter these rows");
    input.value = "NAME 88";
    input.dispatchEvent(new Event("input"));
    expect(first()).toEqual(["5"]);
    expect(document.querySelector("[role=status]")?.textContent).toBe(
      "1 of the 12 rows shown; the whole answer has 40 rows",
    );
    input.value = "";
    input.dispatchEvent(new Event("input"));
    expect([first().length, document.querySelector("[role=status]")?.textContent]).toEqual([12, ""]);
  });

  it("is sorted by the value of what a cell says in words", () => {
    const table = begin(4);
    for (const [at, row] of [...table.querySelectorAll("tbody tr")].entries()) {
      const data = document.createElement("data");
      data.setAttribute("value", String([0.5, 10, 9, 1][at]));
      data.textContent = ["half", "all", "most", "one"][at] ?? "";
      row.children[1]?.replaceChildren(data);
    }
    table.querySelectorAll<HTMLElement>("thead button")[1]?.click();
    expect(first()).toEqual(["half", "one", "most", "all"]);
  });

  it("of few rows stays as it is", () => {
    begin(3);
    expect(document.querySelector("button, input")).toBeNull();
    begin(5);
    expect(document.querySelector("input")).toBeNull();
  });
});
