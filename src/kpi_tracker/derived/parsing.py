"""A formula from its text: a tokenizer and a descent through sums, products and single values.

`+ * × ÷ − ( ) ,` stand anywhere. `-` and `/` may be part of an id or a path, so as operators they stand between blanks;
a `-` before a word is its sign.
"""

import re
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

from kpi_tracker.diagnostics.spelling import nearest
from kpi_tracker.language import N_, Phrase
from kpi_tracker.model.expression import Call, Expression, Negative, Number, Operation, Reference

__all__ = ["FUNCTIONS", "MAX_DEPTH", "MAX_LENGTH", "Misformed", "parse"]

FUNCTIONS = ("min", "max", "sum")
MAX_LENGTH = 500
MAX_DEPTH = 20
SIGNS = {"+": "+", "-": "-", "−": "-", "*": "*", "×": "*", "/": "/", "÷": "/"}
TOKEN = re.compile(r"\s*(?:(?P<sign>[+*×÷−(),（），])|(?P<word>[^\s+*×÷−(),（），]+))")
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
PATH = re.compile(r"[\w.](?:[\w./-]*[\w.])?")
FULL_WIDTH = str.maketrans("（），", "(),")


class Misformed(Exception):  # noqa: N818 - a fault of the formula, reported where its place is known
    """What is wrong with a formula: the code and arguments of the fault, and where in the text it is."""

    def __init__(self, code: str, at: int, length: int = 1, **args: Any) -> None:
        """Keep what the fault is made of."""
        super().__init__(code)
        self.code, self.at, self.length, self.args_of_fault = code, at, max(1, length), args


class Token(NamedTuple):
    """A sign or a word, and where it starts; the last one is empty."""

    text: str
    at: int


def parse(text: str) -> Expression:
    """Return the expression that `text` writes.

    Raises:
        Misformed: it is none; the first place that cannot be is named.
    """
    if len(text) > MAX_LENGTH:
        raise Misformed("KT331", 0, len(text), what=Phrase(N_("characters")), limit=MAX_LENGTH)
    parser = _Parser(_tokens(text))
    found = parser.sum(0)
    if parser.token.text:
        parser.refuse(N_("an operator, or the end of the formula"))
    return found


def _tokens(text: str) -> list[Token]:
    """Return the tokens of `text`; a `-` that starts a word is a sign of its own."""
    tokens: list[Token] = []
    for match in TOKEN.finditer(text):
        word, at = match["sign"] or match["word"], match.end() - len(match["sign"] or match["word"])
        while len(word) > 1 and word[0] == "-":
            tokens.append(Token("-", at))
            word, at = word[1:], at + 1
        tokens.append(Token(word.translate(FULL_WIDTH), at))
    return [*tokens, Token("", len(text.rstrip()))]


class _Parser:
    """The descent; `token` is the one that is looked at."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = iter(tokens)
        self.token = next(self._tokens)

    def refuse(self, expected: str) -> NoReturn:
        """Say that what stands here is not what could."""
        text, at = self.token
        found: object = text or Phrase(N_("the end"))
        raise Misformed("KT330", at, len(text), value=found, expected=Phrase(expected))

    def _next(self) -> Token:
        token, self.token = self.token, next(self._tokens, self.token)
        return token

    def sum(self, depth: int) -> Expression:
        """Read products with + and - between them."""
        found = self._product(depth)
        while SIGNS.get(self.token.text) in ("+", "-"):
            sign, at = self._next()
            found = Operation(SIGNS[sign], found, self._product(depth), at)
        return found

    def _product(self, depth: int) -> Expression:
        found = self._single(depth)
        while SIGNS.get(self.token.text) in ("*", "/"):
            sign, at = self._next()
            found = Operation(SIGNS[sign], found, self._single(depth), at)
        return found

    def _single(self, depth: int) -> Expression:
        text, at = self.token
        if depth > MAX_DEPTH:
            raise Misformed("KT331", at, len(text), what=Phrase(N_("levels of parentheses and signs")), limit=MAX_DEPTH)
        if SIGNS.get(text) == "-":
            self._next()
            return Negative(self._single(depth + 1))
        if text == "(":
            self._next()
            found = self.sum(depth + 1)
            self._close()
            return found
        if NUMBER.fullmatch(text):
            self._next()
            return Number(Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text))
        if not PATH.fullmatch(text):
            self.refuse(N_("a KPI, a number or “(”; “/” and “-” as operators stand between blanks"))
        self._next()
        return self._call(text, at, depth) if self.token.text == "(" else Reference(text, at)

    def _call(self, name: str, at: int, depth: int) -> Expression:
        if name not in FUNCTIONS:
            near = nearest(name, FUNCTIONS)
            raise Misformed("KT332", at, len(name), value=name, expected=FUNCTIONS, nearest=near)
        self._next()
        arguments = [self.sum(depth + 1)]
        while self.token.text == ",":
            self._next()
            arguments.append(self.sum(depth + 1))
        self._close()
        return Call(name, tuple(arguments), at)

    def _close(self) -> None:
        if self.token.text != ")":
            self.refuse(N_("an operator or “)”"))
        self._next()
