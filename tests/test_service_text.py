"""The lexer of queries: what calls out is refused, and nothing else is."""

import random
import socket
import threading
from collections.abc import Iterator

import pytest
from pyoxigraph import QueryBoolean, Store

from careatlas.graph.terms import ID
from careatlas.service.problems import Problem
from careatlas.service.text import Query, read

MUTANTS = 6000
ADDRESS = "@address@"
"""Stands in the texts for the address of a listener."""

LEGAL = [
    "SELECT * { ?s ?p 'SERVICE <x:y> { }' }",
    'SELECT * { ?s ?p "SERVICE <x:y> { }" }',
    "SELECT * { ?s ?p '''SERVICE\n<x:y> { } 'INSERT' ''' }",
    'SELECT * { ?s ?p """it\'s a "SERVICE <x:y> {" here""" }',
    "SELECT * { ?s ?p '''a''SERVICE ?u {''' , ''' ' SERVICE ?u {''' }",
    "SELECT * { ?s ?p 'it\\'s SERVICE ?u {', \"a \\\" SERVICE ?u {\" }",
    "SELECT * { ?s ?p 'a\\\\' } # SERVICE ?u {",
    "SELECT * { ?s ?p '\\u0027 SERVICE ?u { \\u0027' }",
    "SELECT * { ?s ?p '' , \"\" , '''''' , 'SERVICE ?u {' }",
    "# SERVICE <x:y> { }\nSELECT * { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o # a quote ' and \" too\n }",
    "SELECT * { ?s <x:y#> ?o . # SERVICE <x:y> {\r ?o ?p ?s }",
    "SELECT * { ?s <http://example.org/SERVICE> ?o }",
    "SELECT * { ?s <http://example.org/service#a> ?o { ?o ?p ?s } }",
    "PREFIX s: <http://example.org/service#>\nSELECT ?x { ?x a s:Thing }",
    "PREFIX s: <http://example.org/service#> # SERVICE\nASK { }",
    "SELECT * { ?s <x:it's> 'SERVICE ?u' ; <x:y'> 'a' }",
    "SELECT * { ?s <http://example.org/?service=a&b=(c)> ?o { } }",
    "PREFIX service: <http://example.org/> SELECT * { ?s a service:Thing }",
    "PREFIX service: <http://example.org/> SELECT * { ?s a service:Thing. { } }",
    "PREFIX service: <http://example.org/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://example.org/> SELECT * FROM service:g { ?s ?p ?o }",
    "PREFIX service: <http://example.org/> SELECT * FROM NAMED service:g { ?s ?p ?o }",
    "PREFIX service: <http://example.org/> DESCRIBE service:a service:b { }",
    "PREFIX service: <http://example.org/> SELECT * { ?s service:service service:service }",
    "PREFIX ex: <http://example.org/> SELECT * { ex:SERVICE ex:service ex:Service . { } }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service/ex:service* ?o }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:services ?o { } }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:it\\'s ?o } # SERVICE ?u {",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:a\\#SERVICE ?o }",
    "PREFIX insert: <http://example.org/> SELECT * { ?s insert:delete insert:load }",
    "SELECT * { ?SERVICE ?service $service { } }",
    "SELECT ?from ?insert ?load { ?from ?insert ?load }",
    "SELECT * { ?s ?p 'x'@service { } }",
    "SELECT * { ?s ?p 'x'@en-service { } }",
    "SELECT * { _:service ?p _:SERVICE { } }",
    "SELECT (1<2 AS ?service) { FILTER(?a<?b && ?b>'SERVICE ?u {') }",
    "SELECT * { ?s ?p ?o FILTER(?o<'a' || ?o > 'SERVICE ?u {') }",
    "SELECT * { ?s ?p 'INSERT DATA { }' , 'DELETE' , 'LOAD <x:y>' }",
    "SELECT * { ?s ?p 'FROM <x:y>' } # FROM <x:z>",
]
HOSTILE = [
    "SELECT * { SERVICE <@address@> { ?s ?p ?o } }",
    "SELECT * { service <@address@> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE<@address@>{?s ?p ?o}}",
    "SELECT*{SERVICE<@address@>{}}",
    "SELECT * { SERVICE SILENT <@address@> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<@address@>{ ?s ?p ?o } }",
    "SELECT * { SERVICE# a comment {\n<@address@># }\n{ ?s ?p ?o } }",
    "SELECT * { SERVICE#'\rSILENT#\"\r\n<@address@> { ?s ?p ?o } }",
    "SELECT * { SERVICE\t\n\r <@address@> { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <@address@> } SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <@address@> } SERVICE$u{ ?s ?p ?o } }",
    "SELECT * { BIND(<@address@> AS ?u) SERVICE?u{ ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <@address@> } ?a ?b trueSERVICE?u{ } }",
    "SELECT * { VALUES (?u ?v) { (<@address@> 1) } ?a ?b 1SERVICE?u{ } }",
    "SELECT * { ?a ?b 1e5SERVICE<@address@>{ } }",
    "SELECT * { ?a ?b 'x'SERVICE<@address@>{ } }",
    "SELECT * { ?a ?b 'x'@en SERVICE<@address@>{ } }",
    "SELECT * { ?a ?b ?c.SERVICE<@address@>{ } }",
    "SELECT * { ?a ?b []SERVICE<@address@>{ } }",
    "SELECT * { { SELECT * { SERVICE <@address@> { ?s ?p ?o } } } }",
    "SELECT * { FILTER EXISTS { FILTER NOT EXISTS { SERVICE <@address@> { ?s ?p ?o } } } }",
    "SELECT * { OPTIONAL { GRAPH ?g { SERVICE <@address@> { ?s ?p ?o } } } }",
    "SELECT * { { } UNION { } MINUS { SERVICE <@address@> { ?s ?p ?o } } }",
    "ASK { SERVICE <@address@> { } }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <@address@> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <@address@> { ?s ?p ?o } }",
    "PREFIX ex: <@address@> SELECT * { SERVICEex:x{ ?s ?p ?o } }",
    "PREFIX ex: <@address@> SELECT * { SERVICE SILENTex:x{ ?s ?p ?o } }",
    "PREFIX ex: <@address@> SELECT * { SERVICESILENTex:x#{\n{ ?s ?p ?o } }",
    "PREFIX : <@address@> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "PREFIX : <@address@> SELECT * { SERVICE:{ ?s ?p ?o } }",
    "PREFIX service: <@address@> SELECT * { SERVICE service:x { ?s ?p ?o } }",
    "PREFIX service: <@address@> SELECT * { SERVICEservice:x { ?s ?p ?o } }",
    "PREFIX ex: <@address@> SELECT * { SERVICE ex:a\\{ { } } SERVICE ex:\\. { ?s ?p ?o } }",
    "PREFIX \u00e9\u00b7: <@address@> SELECT * { SERVICE \u00e9\u00b7:\u0301x { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?a<'x>')SERVICE <@address@> { } } #'",
    "SELECT * { ?s ?p ?o FILTER(?a<?b#>\n)SERVICE <@address@> { } }",
    "SELECT * { ?s <x:#y> '''a''' SERVICE <@address@> { } } # '''",
    "SELECT * { ?s <x:#y>'''\n'''SERVICE <@address@> { } }",
    "SELECT * { ?s <x:y'> ?o SERVICE <@address@> { } } #'",
    # One IRI with a quote, and one "less than" before a quote: no single reading sees both.
    "SELECT * { OPTIONAL { ?s <x:y'> ?o FILTER(1<'x>') }SERVICE <@address@> { } } #'",
    "SELECT * { OPTIONAL { ?s <x:#'> ?o FILTER(1<'#>') }SERVICE <@address@> { } } #'",
    # An IRI with an escape and a quote.
    "SELECT * { OPTIONAL { ?s <x:\\u0041'> ?o }SERVICE <@address@> { } } #'",
    "SELECT * { OPTIONAL { ?s <x:\\U00000041'> ?o }SERVICE <@address@> { } } #'",
    # A long string that is none: the engine falls back to an empty one.
    "SELECT * { VALUES ?x { '''a' } SERVICE <@address@> { ?s ?p ?o } }",
    "SELECT * { VALUES ?x { '''a' } SERVICE <@address@> { ?s ?p ?o } } # \\q'''",
    "SELECT * { VALUES ?x { '''a' } SERVICE <@address@> { ?s ?p ?o } } # \\uD800'''",
    'SELECT * { VALUES ?x { """a" } SERVICE <@address@> { ?s ?p ?o } } # \\UFFFFFFFF"""',
    # A name that ends sooner than it looks.
    "PREFIX ex: <x:> SELECT * { OPTIONAL { ?s ?p ex:.SERVICE <@address@> { } } }",
    "PREFIX ex: <x:> SELECT * { OPTIONAL { ?s ?p ex:a.b.SERVICE <@address@> { } } }",
    "PREFIX ex: <http://a:80> SELECT * { OPTIONAL { ?s ?p ex:SERVICE <@address@> { } } }",
    "PREFIX ex: <http://a:80> SELECT * { OPTIONAL { ?s ?p 'x'^^ex:SERVICE <@address@> { } } }",
]
UPDATES = [
    "INSERT DATA { <x:a> <x:b> <x:c> }",
    "insert { ?s ?p ?o } where { ?s ?p ?o }",
    "PREFIX select: <x:> DELETE WHERE { ?s ?p ?o }",
    "# SELECT\nDELETE DATA { <x:a> <x:b> <x:c> }",
    "BASE <x:SELECT> LOAD <http://example.org/>",
    "CLEAR ALL",
    "CREATE GRAPH <x:g>",
    "DROP SILENT DEFAULT",
    "COPY <x:a> TO <x:b>",
    "MOVE <x:a> TO <x:b>",
    "ADD <x:a> TO <x:b>",
    "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
]


class Listener:
    """Counts those who come."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.count = 0
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            caller.close()

    def close(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.close()


def refusal(text: str) -> tuple[int, str] | None:
    try:
        read(text)
    except Problem as problem:
        return problem.status, problem.kind
    return None


def run(store: Store, text: str) -> None:
    try:
        found = store.query(text, base_iri=ID)
        if not isinstance(found, QueryBoolean):
            list(found)
    except (SyntaxError, OSError, ValueError, RuntimeError):
        return


@pytest.mark.parametrize("text", LEGAL)
def test_a_word_that_calls_nobody_passes(text: str) -> None:
    assert read(text).text == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_call_is_refused(text: str) -> None:
    assert refusal(text) == (400, "service-refused")


@pytest.mark.parametrize("text", UPDATES)
def test_an_update_is_refused(text: str) -> None:
    assert refusal(text) == (403, "read-only")


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0"])
def test_an_empty_query_is_refused(text: str) -> None:
    assert refusal(text) == (400, "no-query")


@pytest.mark.parametrize(
    ("text", "form", "kind"),
    [
        ("SELECT * { }", "SELECT", "rows"),
        ("ask { }", "ASK", "rows"),
        ("PREFIX ask: <x:>#CONSTRUCT\nDESCRIBE<x:a>", "DESCRIBE", "graph"),
        ("BASE <x:y> PREFIX insert: <a> CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", "graph"),
        ("SELECT(1 AS ?x){}", "SELECT", "rows"),
        ("nonsense", None, "rows"),
    ],
)
def test_the_form(text: str, form: str | None, kind: str) -> None:
    query = read(text)
    assert (query.form, query.kind) == (form, kind)


@pytest.mark.parametrize(
    ("text", "graphs"),
    [
        ("SELECT * { ?s ?p ?o }", []),
        ("SELECT * FROM <http://example.org/g> { }", ["http://example.org/g"]),
        ("SELECT * FROM<x:a>FROM NAMED<x:b>FROM named <x:c> { }", ["x:a", "x:b", "x:c"]),
        ("SELECT * FROM <graph/derived> { }", [f"{ID}graph/derived"]),
        ("BASE <http://example.org/a/> SELECT * FROM <b> FROM </c> { }",
         ["http://example.org/a/b", "http://example.org/c"]),
        ("BASE <http://example.org/a/> BASE <b/> ASK FROM <c> { }",
         ["http://example.org/a/b/c"]),
        ("PREFIX ex: <http://example.org/> ASK FROM ex:g FROM NAMED ex:h { }",
         ["http://example.org/g", "http://example.org/h"]),
        ("PREFIX ex: <http://example.org/g#> ASK FROM ex:a FROM ex: { }",
         ["http://example.org/g#a", "http://example.org/g#"]),
        ("BASE <http://example.org/> PREFIX : <a/> PREFIX ex: <x:> ASK FROM :g { }",
         ["http://example.org/a/g"]),
        ("PREFIX ex: <x:> PREFIX ex: <y:> ASK FROM ex:a\\#b\\'c FROM ex:%41.b { }",
         ["y:a#b'c", "y:%41.b"]),
        ("ASK FROM # <x:no>\n <x:yes> { ?s ?p 'FROM <x:no>' }", ["x:yes"]),
        ("SELECT ?from { ?from ?named <x:y> }", []),
        ("SELECT * FROM", []),
        ("SELECT * FROM NAMED", []),
        ("PREFIX", []),
    ],
)  # fmt: skip
def test_graphs_of_the_dataset(text: str, graphs: list[str]) -> None:
    assert list(read(text).graphs) == graphs


@pytest.mark.parametrize(
    ("text", "volatile"),
    [
        ("SELECT (NOW() AS ?now) { }", True),
        ("SELECT * { FILTER(rand()<0.5) }", True),
        ("SELECT * { BIND(1-RAND() AS ?x) }", True),
        ("SELECT * { BIND(UUID() AS ?x) }", True),
        ("SELECT * { BIND(StrUUID() AS ?x) }", True),
        ("SELECT * { BIND(BNODE() AS ?x) }", True),
        ("SELECT ?now ?rand { ?now ?rand 'UUID()' }", False),
        ("PREFIX now: <x:> SELECT * { ?s now:rand now:uuid } # NOW()", False),
        ("SELECT * { ?s ?p ?o FILTER(isBlank(?o)) }", False),
    ],
)
def test_volatile_functions(text: str, volatile: bool) -> None:
    assert read(text).volatile is volatile


PATTERNS = [
    "a.", "a.b:", "a-", ":", "#", "#\n", "<", "<#>", "<x'>", "<'''>", "<'>\"", "<'''#>", "'",
    "'''", "'''\\q", "'''\\u0041", "\"\"\"a'''", "'\\q", "\\", "{", "service", "service<",
    "service ?x ", "service:x ", "graph service:x {", "@en-", "?x",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_long_repetitions_are_read(pattern: str) -> None:
    text = f"service {pattern * (100_000 // len(pattern))}"
    assert refusal(text) in {None, (400, "service-refused")}


def mutant(chance: random.Random, address: str) -> str:
    text = chance.choice(HOSTILE)
    if chance.random() < 0.3:
        text = splice(chance, text, chance.choice(LEGAL + HOSTILE))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(5):
            case 0:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 3) :]
            case 2:
                blanks = [place for place, letter in enumerate(text) if letter == " "] or [0]
                place = chance.choice(blanks)
                text = text[:place] + chance.choice(BLANKS) + text[place + 1 :]
            case 3:
                place = text.lower().find("service")
                text = text[: max(place, 0)] + chance.choice(PIECES) + text[max(place, 0) :]
            case _:
                other = chance.randrange(len(text) + 1)
                low, high = min(at, other), max(at, other)
                text = f"{text[:low]}{chance.choice(QUOTES)}{text[low:high]}{chance.choice(QUOTES)}{text[high:]}"
    return text.replace(ADDRESS, address)


def splice(chance: random.Random, one: str, other: str) -> str:
    """The pattern of one query within the group of another."""
    inner = one[one.find("{") :]
    places = [place + 1 for place, letter in enumerate(other) if letter in "{}."]
    at = chance.choice(places or [len(other)])
    prologue = one[: one.find("SELECT")] if "PREFIX" in one else ""
    return f"{prologue}{other[:at]} {inner} {other[at:]}"


PIECES = [
    "'", '"', "'''", '"""', "\\", "\\'", "\\u0041", "\\uD800", "#", "#\n", "#'\n", "\n", "\r", "<",
    ">", "<'", "<#", "?", "?a<'x>'", "1<'x>'", "<x:y'>", "<x:#y>", "<x:\\u0041'>", ".", "..", ":",
    "ex:", "ex:.", "ex:a.b.", "@en", "^^ex:", "true", "1", "1.", "-", "\u00b7", "\u00e9", "\x0c",
    "\u2028", "(", ")", "{", "}", "{ }", "[", "]", "''", '""', "OPTIONAL", "FILTER(1<'a')", "SILENT",
]  # fmt: skip
BLANKS = ["", "\t", "\n", "\r\n", "#\n", "#'\n", '#"""\n', "#>\r", "  ", "\x0b", "\u00a0"]
QUOTES = ["'", '"', "'''", '"""', "<", ">", "#", "\n", "", "{", "}"]


def facts() -> Store:
    """An empty store, but for what a pattern before a call may want to find."""
    store = Store()
    store.update(
        "INSERT DATA { <x:s> <x:y'> <x:> , <x:a.b> , <http://a:80> , true , 1 , 1e5 , 'x' ,"
        " 'x'@en , 'x'^^<http://a:80> . <x:s> <x:A'> 'a' . <x:s> <x:#y> 'a' . <x:s> <x:#'> 'a' }"
    )
    return store


def test_every_hostile_text_that_is_sparql_does_call(listener: Listener) -> None:
    """The table holds real calls: most of them reach the listener where nothing stops them."""
    store = facts()
    called = []
    for text in HOSTILE:
        before = listener.count
        run(store, text.replace(ADDRESS, listener.address))
        called.append(listener.count > before)
    assert sum(called) >= 29


def test_what_is_let_through_calls_nobody(listener: Listener) -> None:
    chance = random.Random(20)  # noqa: S311
    store = facts()
    passed = 0
    for _ in range(MUTANTS):
        text = mutant(chance, listener.address)
        if refusal(text) is None:
            passed += 1
            run(store, text)
            assert listener.count == 0, text
    assert passed > MUTANTS / 50


def test_what_is_read_is_a_query() -> None:
    assert read("ASK { }") == Query("ASK { }", "ASK", (), volatile=False)
