"""Pages a minute of reading and extracting a long report, beside pdfium's bare text, on one core.

Run `python benchmarks/documents.py [--pages 300]`; it fails below 100 pages a minute for any kind
of file, or where the memory of a report of all pages is more than 1.5 times that of a tenth of them.
Each file is read in a process of its own; the peer takes the text of the same PDF in the same run.
"""

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

WANTED, FLAT = 100.0, 1.5
WORDS_OF_A_PAGE = 380
KINDS = ("pdf", "docx", "html")
VERBS = ("uses", "is piloting", "is evaluating", "has paused", "no longer uses", "is rolling out")
FILLER = (
    "The committee heard how the service had changed since the last report and asked for figures "
    "by site. Staff spoke of shorter lists, of training that had been put off, and of a network "
    "that was slow on Mondays. Nobody expected the work to be done before the winter."
)


def trust(number: int) -> str:
    """A made-up trust."""
    return f"Vale{number:03} Hospitals NHS Foundation Trust"


def paragraphs(page: int) -> Iterator[tuple[str, str]]:
    """The heading and the paragraphs of a page: some statements among much that says nothing."""
    yield "heading", f"Part {page + 1}: what the trusts of area {page + 1} said"
    words = 0
    at = 0
    while words < WORDS_OF_A_PAGE:
        verb = VERBS[(page + at) % len(VERBS)]
        text = (
            f"{trust((page * 7 + at) % 200)} {verb} Tool{(page + at) % 40:02} from "
            f"Maker{(page + at) % 40:02} on chest X-rays. It had {1000 + page * 3 + at:,} uses "
            f"between March and August 2024. {FILLER}"
        )
        yield "text", text
        words += len(text.split())
        at += 1


def make(kind: str, pages: int, path: Path) -> None:
    """Write a report of so many pages."""
    {"pdf": _pdf, "docx": _docx, "html": _html}[kind](pages, path)


def _pdf(pages: int, path: Path) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    flow: list[Flowable] = []
    for page in range(pages):
        for kind, text in paragraphs(page):
            flow.append(Paragraph(text, styles["Heading2" if kind == "heading" else "BodyText"]))
        flow.append(PageBreak())
    SimpleDocTemplate(str(path)).build(flow)


def _docx(pages: int, path: Path) -> None:
    import docx

    document = docx.Document()
    for page in range(pages):
        for kind, text in paragraphs(page):
            document.add_paragraph(text, style="Heading 2" if kind == "heading" else None)
    document.save(str(path))


def _html(pages: int, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("<!doctype html><html><head><title>Report</title></head><body><main><article>")
        for page in range(pages):
            for kind, text in paragraphs(page):
                name = "h2" if kind == "heading" else "p"
                file.write(f"<{name}>{text}</{name}>\n")
        file.write("</article></main></body></html>")


def ours(path: Path) -> int:
    """Read a report and extract from it; how many candidates it gives."""
    from careatlas.loaders.extraction import Gazetteer, extract
    from careatlas.loaders.extraction.gazetteer import Entity
    from careatlas.loaders.reading import read

    site = "https://example.org"
    names = [
        (trust(number), Entity("trust", f"{site}/trust/{number}", trust(number)))
        for number in range(200)
    ]
    for number in range(40):
        maker, tool = f"Maker{number:02}", f"Tool{number:02}"
        names.append((maker, Entity("vendor", f"{site}/{maker}", maker)))
        names.append((tool, Entity("product", f"{site}/{tool}", tool, "", f"{site}/{maker}")))
    found = extract(read(path), Gazetteer(names), "report")
    return len(found.rows("deployments")) + len(found.rows("usage"))


def theirs(path: Path) -> int:
    """What pdfium alone takes for the text of a PDF; how many characters it gives."""
    import pypdfium2  # type: ignore[import-untyped]  # the library ships no types

    document = pypdfium2.PdfDocument(path)
    return sum(len(page.get_textpage().get_text_bounded()) for page in document)


RUNS: dict[str, Callable[[Path], int]] = {"ours": ours, "theirs": theirs}


def run(which: str, path: Path) -> None:
    """Run one side in this process, on one core, and print what it gave, seconds and megabytes."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    gc.collect()
    started = perf_counter()
    given = RUNS[which](path)
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{given} {seconds} {peak}\n")


def measured(which: str, path: Path) -> tuple[int, float, float]:
    """What a side gave, its seconds and its peak of memory in megabytes, in a process of its own."""
    command = [sys.executable, __file__, "--run", which, "--file", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    given, seconds, peak = done.stdout.split()
    return int(given), float(seconds), float(peak)


def main() -> int:
    """Measure each kind of file, and the peer; 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--run", choices=sorted(RUNS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.run, options.file)
        return 0
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            few, many = (Path(folder) / f"{name}.{kind}" for name in ("few", "many"))
            make(kind, options.pages // 10, few)
            make(kind, options.pages, many)
            _, _, least = measured("ours", few)
            given, seconds, most = measured("ours", many)
            rate = options.pages * 60 / seconds
            kept &= rate >= WANTED and most <= FLAT * least and given > 0
            sys.stdout.write(
                f"{kind}: {rate:,.0f} pages a minute, {given:,} candidates, "
                f"{most:.0f} MB at most ({least:.0f} MB for a tenth of the pages)\n"
            )
            if kind == "pdf":
                _, seconds, most = measured("theirs", many)
                rate = options.pages * 60 / seconds
                sys.stdout.write(f"pdfium's text alone: {rate:,.0f}, {most:.0f} MB\n")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
