// The page of the editor: its form becomes an editor that shows the answer below it.
import { element } from "../dom";
import { searchOf } from "../names";
import { type Terms, things, words } from "./complete";
import { downloads, editorWith } from "./links";
import { type Outcome, type Problem, Run } from "./run";
import { amount, shown } from "./show";
import { QueryView } from "./view";

type State = "ready" | "running" | "done" | "failed";

/** The terms that are offered; none where they cannot be had. */
export async function termsFrom(address: string | undefined): Promise<Terms> {
  try {
    const reply = address ? await fetch(address) : null;
    if (reply?.ok) return (await reply.json()) as Terms;
  } catch {
    // The editor works without what it would offer.
  }
  return { prefixes: {}, terms: [] };
}

function button(text: string, values: Record<string, string> = {}): HTMLButtonElement {
  return element("button", { type: "button", ...values }, text);
}

/** How long something took, in words. */
export function took(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(2)} seconds` : `${Math.round(seconds)} seconds`;
}

/** The page while it is open. */
export class EditorPage {
  private readonly textarea: HTMLTextAreaElement;
  private readonly release: string | null;
  private readonly run = button("Run");
  private readonly cancel = button("Cancel", { class: "quiet" });
  private readonly status = element("span", { role: "status" });
  private readonly answer = element("section", { class: "answer", "aria-label": "Answer" });
  private readonly view: QueryView;
  private readonly begun: string;
  private prefixes: Record<string, string> = {};
  private running: Run | null = null;

  constructor(
    private readonly form: HTMLFormElement,
    terms: Promise<Terms>,
  ) {
    void terms.then(({ prefixes }) => {
      this.prefixes = prefixes;
    });
    this.textarea = form.elements.namedItem("query") as HTMLTextAreaElement;
    const release = form.elements.namedItem("release");
    this.release = release instanceof HTMLInputElement ? release.value : null;
    this.begun = this.textarea.value;
    const host = element("div", { class: "code" });
    this.textarea.before(host);
    this.textarea.hidden = true;
    const label = form.querySelector("label");
    label?.addEventListener("click", () => this.view.focus());
    const sources = [things(searchOf("", this.release)), words(terms)];
    const name = label?.textContent ?? "Query";
    this.view = new QueryView(host, name, this.begun, () => void this.ask(), sources);
    this.run.addEventListener("click", () => void this.ask());
    this.cancel.addEventListener("click", () => this.running?.cancel());
    const hint = element("span", { class: "soft" }, "Ctrl+Enter runs, Ctrl+Space completes, Tab leaves. ", "Names of things: < and a name.");
    form.querySelector(".controls")?.replaceChildren(this.run, this.cancel, this.status, hint);
    form.after(this.answer);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask();
    });
    window.addEventListener("popstate", () => {
      this.view.query = new URLSearchParams(location.search).get("query") ?? this.begun;
      this.clear();
    });
    this.become("ready");
  }

  private become(state: State): void {
    const running = state === "running";
    if (!running && this.cancel.matches(":focus")) this.run.focus();
    this.cancel.hidden = !running;
    this.form.dataset["state"] = state;
    this.answer.setAttribute("aria-busy", String(running));
  }

  private clear(): void {
    this.running?.cancel();
    this.answer.replaceChildren();
    this.status.textContent = "";
    this.view.unmark();
    this.become("ready");
  }

  private async ask(): Promise<void> {
    this.running?.cancel();
    const query = this.view.query;
    this.remember(query);
    const run = new Run(query, this.release);
    this.running = run;
    this.view.unmark();
    this.answer.replaceChildren();
    this.status.textContent = "Running …";
    this.become("running");
    const outcome = await run.outcome();
    if (this.running !== run) return;
    this.running = null;
    this.show(query, outcome);
  }

  private remember(query: string): void {
    const address = editorWith(query, this.release);
    const now = new URLSearchParams(location.search).get("query");
    if (address && query !== now) history.pushState(null, "", address);
  }

  private show(query: string, outcome: Outcome): void {
    if (outcome.is === "cancelled") {
      this.status.textContent = "Cancelled.";
      this.become("ready");
    } else if (outcome.is === "problem") {
      this.tell(outcome.problem);
      this.become("failed");
    } else {
      this.status.textContent = `${amount(outcome.answer)} in ${took(outcome.seconds)}.`;
      this.answer.replaceChildren(
        element("h2", {}, "Answer"),
        ...shown(outcome.answer, this.prefixes),
        this.ways(query, outcome.graph),
      );
      this.become("done");
    }
  }

  private tell(problem: Problem): void {
    this.status.textContent = "";
    const { title, detail, line, column = 1 } = problem;
    const told = element("div", { class: "wrong", role: "alert" }, element("p", {}, element("b", {}, `${title}: `), detail));
    this.answer.replaceChildren(element("h2", {}, "No answer"), told);
    if (line === undefined) return;
    this.view.mark(detail, line, column);
    const go = button(`Go to line ${line}`, { class: "quiet" });
    go.addEventListener("click", () => this.view.focus(line, column));
    this.answer.append(element("p", { class: "controls" }, go));
  }

  private ways(query: string, graph: boolean): HTMLElement {
    const files = downloads(query, this.release, graph);
    const link = editorWith(query, this.release);
    if (!link || !files.length) {
      return element("p", { class: "ways" }, "This query is too long for a link or a download.");
    }
    const offered = files.flatMap(({ name, address, file }, at) => [
      at ? " · " : "Download ",
      element("a", { href: address, download: file }, name),
    ]);
    return element("p", { class: "ways" }, ...offered, ". ", element("a", { href: link }, "Link to this query"), ".");
  }
}
