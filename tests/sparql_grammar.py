"""A seeded generator of SPARQL queries: grammatical ones over our terms, and mutilated ones."""

import random
from collections.abc import Callable
from typing import Final

ID: Final = "https://w3id.org/careatlas/id/"
PROLOGUE: Final = (
    "PREFIX : <https://w3id.org/careatlas/def#> PREFIX id: <https://w3id.org/careatlas/id/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
CLASSES = [":NHSTrust", ":Company", ":Deployment", ":StatusReport", ":DisclosureStatement",
           ":RouteStatement", ":ProgrammeAward", ":ClaimConflict", "skos:Concept"]  # fmt: skip
PROPERTIES = ["a", "rdfs:label", "skos:prefLabel", ":about", ":assertedIn", ":locator", ":reportedOn",
              ":status", ":supportedBy", ":memberOrganisation", ":affiliatedWith", ":nameAsPrinted",
              "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", ":noSuchTerm"]  # fmt: skip
GRAPHS = [f"<{ID}graph/derived>", f"<{ID}graph/meta>", "<graph/ontology>", "id:nothing",
          "<http://127.0.0.1:9/x>", "<file:///etc/passwd>", "<urn:x:\u00e9>", "<>"]  # fmt: skip
LITERALS = ["1", "-0.0", "1e999", "9" * 40, "-9223372036854775808", "0.1", "true", "'x'", '"caf\u00e9"',
            "'NHS'@en", "'x'@en-GB-oed", "'2020-02-30'^^xsd:date", "'2025-03-06'^^xsd:date",
            "'P1Y'^^xsd:duration", "'x'^^xsd:integer", "'\\u00e9\\U0001F600'", "'''a\n'b'''",
            "'SERVICE'", "''", "'\u202e\u0000\U0010ffff'"]  # fmt: skip
ONE = ["STR", "LANG", "DATATYPE", "IRI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN", "UCASE", "LCASE",
       "ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS", "TIMEZONE", "TZ", "MD5", "SHA1", "SHA512",
       "isIRI", "isBLANK", "isLITERAL", "isNUMERIC", "xsd:integer", "xsd:double", "xsd:dateTime",
       "xsd:boolean", "BNODE", ":noSuchFunction"]  # fmt: skip
TWO = ["CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRDT", "STRLANG", "sameTerm",
       "LANGMATCHES", "REGEX", "SUBSTR"]  # fmt: skip
THREE = ["IF", "REPLACE", "SUBSTR", "REGEX"]
MANY = ["COALESCE", "CONCAT"]
NONE = ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"]
AGGREGATES = ["COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"]
OPERATORS = ["=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||"]
REGEXES = ["'^N'", "'(a+)+$'", "'['", "'.*.*.*x'", "'\\\\p{L}'", "''", "'(?i)nhs'", "'a{1000}'"]
FLAGS = ["''", "'i'", "'q'", "'nonsense'"]
RUNAWAYS = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(STR(?a) = STRAFTER(STR(?f), 'q')) } LIMIT 1",
    "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?b (!<x:z>)+ ?c }",
    "SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c LIMIT 10",
]


class Grammar:
    """Queries from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311

    def query(self) -> str:
        """One query: mostly grammatical, often mutilated, rarely a runaway."""
        dice = self.chance.random()
        if dice < 0.001:
            return self.chance.choice(RUNAWAYS)
        if dice < 0.003:
            return self.deep()
        text = self.grammatical()
        return (self.mutilated(text) or "x") if dice < 0.4 else text

    def grammatical(self) -> str:
        """A query by the grammar, though not always one that makes sense."""
        group = self.group(2)
        dataset = "".join(
            f" FROM {self.maybe('NAMED ', 0.3)}{self.chance.choice(GRAPHS)}"
            for _ in range(self.chance.choice([0] * 8 + [1, 2]))
        )
        form = self.chance.randrange(10)
        if form < 5:
            body = self.select(group, dataset)
        elif form < 7:
            body = f"ASK{dataset} {group}"
        elif form < 9:
            body = f"CONSTRUCT {{ {self.triple()} }}{dataset} WHERE {group} {self.limit()}"
        else:
            body = f"DESCRIBE {self.term()} {self.var()}{dataset} WHERE {group} {self.limit()}"
        values = f" VALUES {self.var()} {{ {self.literal()} UNDEF }}" if self.often(0.05) else ""
        return self.maybe(f"BASE <{ID}> ", 0.1) + PROLOGUE + body + values

    def select(self, group: str, dataset: str = "") -> str:
        """A SELECT with what may stand behind it."""
        distinct = self.chance.choice(["", "", "DISTINCT ", "REDUCED "])
        if self.often(0.25):
            key = self.var()
            heads = f"{key} ({self.aggregate()} AS ?n)"
            having = self.maybe(f" HAVING ({self.aggregate()} > {self.literal()})", 0.3)
            tail = f" GROUP BY {key}{having} {self.order('?n')}"
        elif self.often(0.3):
            heads = f"{self.var()} ({self.expression(2)} AS ?new)"
            tail = f" {self.order('?new')}"
        else:
            heads, tail = self.chance.choice(["*", self.var(), "?a ?b"]), f" {self.order('?a')}"
        return f"SELECT {distinct}{heads}{dataset} WHERE {group}{tail} {self.limit()}"

    def limit(self) -> str:
        """How much is wanted."""
        offset = self.maybe(f"OFFSET {self.chance.choice([0, 1, 10**6, 10**18, 10**30])}", 0.05)
        return f"LIMIT {self.chance.choice([0, 1, 5, 20])} {offset}"

    def order(self, key: str) -> str:
        """An order, now and then."""
        return self.maybe(f"ORDER BY {self.chance.choice(['', 'DESC', 'ASC'])}({key})", 0.2)

    def group(self, depth: int) -> str:
        """A group of patterns that begins with a selective one."""
        parts = [self.anchor()]
        for _ in range(self.chance.choice([0, 0, 1, 1, 2])):
            parts.append(self.chance.choice(self.patterns(depth))())
        return f"{{ {' '.join(parts)} }}"

    def patterns(self, depth: int) -> list[Callable[[], str]]:
        """What may stand in a group."""
        flat = [
            lambda: f"?a {self.path(2)} {self.var()} .",
            lambda: f"FILTER({self.expression(2)})",
            lambda: f"BIND({self.expression(2)} AS ?v{self.chance.randrange(10**6)})",
            lambda: f"VALUES (?a {self.var()}) {{ ({self.term()} UNDEF) }}",
            lambda: f"VALUES {self.var()} {{ {self.literal()} {self.literal()} }}",
        ]
        if not depth:
            return flat
        return [
            *flat,
            lambda: f"OPTIONAL {self.group(depth - 1)}",
            lambda: f"{self.group(depth - 1)} UNION {self.group(depth - 1)}",
            lambda: f"MINUS {self.group(depth - 1)}",
            lambda: f"FILTER {self.maybe('NOT ', 0.5)}EXISTS {self.group(depth - 1)}",
            lambda: f"GRAPH {self.chance.choice([*GRAPHS, '?g'])} {self.group(depth - 1)}",
            lambda: f"{{ {self.select(self.group(depth - 1))} }}",
        ]

    def anchor(self) -> str:
        """A pattern with few answers."""
        kind = self.chance.choice(CLASSES)
        return self.chance.choice(
            [
                f"?a a {kind} .",
                f"?a a {kind} ; {self.path(1)} {self.var()} .",
                f"{self.term()} {self.path(1)} ?a .",
                f"?a rdfs:label {self.literal()} .",
                "",
            ]
        )

    def triple(self) -> str:
        """A triple of a template."""
        return f"{self.var()} {self.chance.choice(PROPERTIES)} {self.term()} ."

    def path(self, depth: int) -> str:
        """A property path."""
        if not depth or self.often(0.5):
            return self.chance.choice(PROPERTIES)
        one, other = self.path(depth - 1), self.path(depth - 1)
        return self.chance.choice(
            [f"{one}/{other}", f"({one}|{other})", f"^({one})", f"({one})*", f"({one})+",
             f"({one})?", f"!({self.chance.choice(PROPERTIES)}|^:about)"]
        )  # fmt: skip

    def expression(self, depth: int) -> str:
        """An expression, with arguments that fit or do not."""
        if not depth:
            return self.chance.choice([self.var(), self.literal(), self.term()])
        some = [self.expression(depth - 1) for _ in range(3)]
        pick = self.chance.choice
        return pick(
            [
                f"({some[0]} {pick(OPERATORS)} {some[1]})",
                f"{pick(ONE)}({some[0]})",
                f"{pick(TWO)}({some[0]}, {some[1]})",
                f"{pick(THREE)}({some[0]}, {some[1]}, {some[2]})",
                f"{pick(MANY)}({', '.join(some)})",
                f"REGEX(STR({some[0]}), {pick(REGEXES)}, {pick(FLAGS)})",
                f"({some[0]} {self.maybe('NOT ', 0.5)}IN ({some[1]}, {some[2]}))",
                f"BOUND({self.var()})",
                f"!({some[0]})",
                f"-({some[0]})",
                pick(NONE),
            ]
        )

    def aggregate(self) -> str:
        """An aggregate."""
        name = self.chance.choice(AGGREGATES)
        inside = "*" if name == "COUNT" and self.often(0.5) else self.expression(1)
        separator = " ; SEPARATOR='\u00e9'" if name == "GROUP_CONCAT" else ""
        return f"{name}({self.maybe('DISTINCT ', 0.3)}{inside}{separator})"

    def var(self) -> str:
        """A variable."""
        return self.chance.choice(["?a", "?b", "?c", "$d", "?\u00e9"])

    def term(self) -> str:
        """A term of ours, or almost."""
        return self.chance.choice(
            [*CLASSES, *PROPERTIES[1:], ":Claim", f"<{ID}doc/foi-report-2025>"]
        )

    def literal(self) -> str:
        """A literal."""
        return self.chance.choice(LITERALS)

    def deep(self) -> str:
        """Deep nesting, a long list, or a huge text."""
        count = self.chance.choice([50, 200, 1000, 5000])
        return self.chance.choice(
            [
                f"SELECT * {'{' * count}{'}' * count}",
                f"ASK {{ FILTER({'(' * count}1{')' * count}) }}",
                f"ASK {{ FILTER({'!' * count}true) }}",
                f"SELECT * {{ VALUES ?a {{ {'1 ' * count} }} }} LIMIT 1",
                f"ASK {{ FILTER(1 IN ({', '.join(map(str, range(count)))})) }}",
                f"ASK {{ ?a {'/'.join(['<x:y>'] * min(count, 200))} ?b }}",
                f"ASK {{ ?a {'(' * count}<x:y>{')*' * count} ?b }}",
                f"ASK {{ {'OPTIONAL {' * count}{'}' * count} }}",
                f"SELECT ('{'x' * count * 20}' AS ?a) {{ }}",
            ]
        )

    def mutilated(self, text: str) -> str:
        """A text with tokens or letters dropped, doubled, swapped, cut off, or put in."""
        for _ in range(self.chance.randint(1, 3)):
            text = self.other_tokens(text) if self.often(0.5) else self.other_letters(text)
        return text

    def other_tokens(self, text: str) -> str:
        """A text with a token dropped, doubled, swapped or put in."""
        tokens = text.split(" ")
        at, other = (self.chance.randrange(len(tokens)) for _ in range(2))
        match self.chance.randrange(4):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[other])
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case _:
                word = self.chance.choice(["SERVICE", "{", "}", "'", "<", "LIMIT 3", "FROM", "#"])
                tokens.insert(at, word)
        return " ".join(tokens)

    def other_letters(self, text: str) -> str:
        """A text with a letter dropped, doubled or put in, or cut off."""
        at = self.chance.randrange(len(text) + 1)
        match self.chance.randrange(4):
            case 0:
                return text[:at] + text[at + 1 :]
            case 1:
                return text[: at + 1] + text[at:]
            case 2:
                return text[:at]
            case _:
                point = self.chance.choice([*range(128), 0xE9, 0x2028, 0xFFFF, 0x1F600])
                return text[:at] + chr(point) + text[at:]

    def often(self, share: float) -> bool:
        """True in this share of cases."""
        return self.chance.random() < share

    def maybe(self, text: str, share: float) -> str:
        """A text in this share of cases."""
        return text if self.often(share) else ""

    def noise(self) -> bytes:
        """Bytes that are no text, or a query that is none any more."""
        query = bytearray(self.query().encode())
        for _ in range(self.chance.randint(1, 4)):
            query[self.chance.randrange(len(query))] = self.chance.randrange(256)
        return bytes(query)
