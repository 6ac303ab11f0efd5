// CodeMirror in a shadow root, where its styles obey the content policy of the page.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type CompletionSource,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, type Text, type Transaction } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--seen)" },
  { tag: [tags.string, tags.number, tags.bool, tags.literal], color: "var(--leaf)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--soft)", fontStyle: "italic" },
]);
const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "0.9rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, 'DejaVu Sans Mono', Menlo, monospace", maxHeight: "34rem", overflow: "auto" },
  ".cm-content": { minHeight: "18em", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--tint)", color: "var(--soft)", borderColor: "var(--line)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--edge)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.3rem 0.5rem", lineHeight: "1.35", whiteSpace: "normal" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxWidth: "min(90vw, 40rem)", maxHeight: "none", overflow: "hidden" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--on-deep)", backgroundColor: "var(--deep)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-completionInfo": { padding: "0.4rem 0.6rem", maxWidth: "22rem", fontFamily: "system-ui, sans-serif" },
  "@media (max-width: 40rem)": { ".cm-completionInfo": { display: "none" } },
  ".cm-completionMatchedText": { fontWeight: "700" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--edge)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--wrong)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--wrong)", backgroundColor: "var(--wrong-tint)" },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--wrong)" },
});

// Where a browser itself replaces lines by what is typed, it puts styles into the text, which the
// content policy refuses with a complaint.
const TYPING_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || !event.data || empty || view.composing) return false;
    const insert = event.data;
    const put = (): Transaction =>
      view.state.update({ ...view.state.replaceSelection(insert), userEvent: "input.type" });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handler) => handler(view, from, to, insert, put))) view.dispatch(put());
    event.preventDefault();
    return true;
  },
});

/** The place of a line and a column, counted from one; what lies beyond is taken to the end. */
export function place(doc: Text, line: number, column: number): number {
  if (line < 1) return 0;
  if (line > doc.lines) return doc.length;
  const found = doc.line(line);
  return Math.min(found.from + Math.max(column, 1) - 1, found.to);
}

/** The editor of a query. */
export class QueryView {
  private readonly view: EditorView;

  constructor(parent: HTMLElement, label: string, query: string, run: () => void, sources: CompletionSource[]) {
    const root = parent.attachShadow({ mode: "open" });
    const key = (): boolean => {
      run();
      return true;
    };
    this.view = new EditorView({
      root,
      parent: root,
      doc: query,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: key }]),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        lineNumbers(),
        highlightSpecialChars(),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ override: sources, icons: false, maxRenderedOptions: 8 }),
        sparql(),
        syntaxHighlighting(COLOURS),
        LOOK,
        TYPING_OVER,
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({
          tabindex: "0",
          "aria-label": label,
          "aria-description": "Control and Enter run it",
        }),
      ],
    });
  }

  /** The query as it stands. */
  get query(): string {
    return this.view.state.doc.toString();
  }

  set query(text: string) {
    const { state } = this.view;
    this.view.dispatch({ changes: { from: 0, to: state.doc.length, insert: text } });
  }

  /** Put the cursor into it, at a place if one is given. */
  focus(line?: number, column = 1): void {
    if (line !== undefined) {
      const anchor = place(this.view.state.doc, line, column);
      this.view.dispatch({ selection: { anchor }, scrollIntoView: true });
    }
    this.view.focus();
  }

  /** Mark the place at which something is wrong. */
  mark(message: string, line: number, column: number): void {
    const { doc } = this.view.state;
    const at = place(doc, line, column);
    const word = /^[\w:?$-]+/.exec(doc.sliceString(at, doc.line(doc.lineAt(at).number).to));
    const to = Math.min(at + Math.max(word?.[0].length ?? 1, 1), doc.length);
    const from = at < to ? at : Math.max(to - 1, 0);
    this.view.dispatch(setDiagnostics(this.view.state, [{ from, to, severity: "error", message }]));
  }

  /** Take the marks away. */
  unmark(): void {
    this.view.dispatch(setDiagnostics(this.view.state, []));
  }
}
