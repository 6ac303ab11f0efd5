// Sorting and filtering of the tables of a page.
import { enhance } from "../tables";

for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]")) {
  enhance(table);
}
