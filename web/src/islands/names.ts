// Completion of names, on the search box of each page and on the fields of questions.
import { offerNames } from "../names";

for (const input of document.querySelectorAll<HTMLInputElement>("input[data-names]")) {
  offerNames(input, (address) => location.assign(address));
}
