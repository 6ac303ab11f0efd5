// The SPARQL editor, in the place of the form of its page.
import { EditorPage, termsFrom } from "../editor/page";

const form = document.querySelector<HTMLFormElement>("form#editor");
if (form) new EditorPage(form, termsFrom(form.dataset["terms"]));
