"""The order of the rooms, and the limits that keep each of them readable."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PACKAGE = "kpi_tracker"

# The order of the rooms: a module imports from rooms with a lower number, and from its own. Rooms of one number do not
# know each other.
LEVEL = {
    "language": 1, "record": 1, "workers": 1, "disk": 1,
    "secret": 1.2,
    "diagnostics": 1.5,
    "model": 2,
    "notation": 3, "calendar": 3, "scoring": 3, "rollup": 3, "status": 3.1,
    "baseyear": 3.2, "derived": 3.2,  "nodes": 3.4, "schedule": 3.4, "breakdown": 3.5, "assessment": 3.6,
    "loading": 4, "sources": 4, "explanation": 4, "course": 4, "cut": 4, "completion": 4, "changes": 4, "revision": 4,
    "flags": 4.1,
    "outcome": 4.2, "history": 4.2,
    "frames": 4.25,
    "audit": 4.3,
    "league": 4.45,
    "reporting": 4.5,
    "intake": 4.6,
    "documents": 4.7, "forms": 4.7,
    "notify": 4.8,
    "kept": 4.9,
    "pipeline": 5, "nightly": 5, "many": 5, "writing": 5.1,
    "cli": 6,
}  # fmt: skip
# Analysts expect `plan.to_frame()`: a method that hands itself to the room that can do it, loaded when it is called.
AS_FRAMES = dict.fromkeys(("model.goal", "model.observation", "model.scorecard"), "frames.conversion")
REPORTING_NEVER = ("loading", "sources", "pipeline", "assessment", "nodes", "rollup", "status", "scoring", "calendar")
FORBIDDEN = ("utils", "util", "helpers", "helper", "common", "manager", "handler", "misc")
LIGHT = {
    "kpi_tracker",  # nothing else: no attr, yaml, click, rich, pendulum, json, typing
}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its name within it ("" is the package)."""
    found = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE / PACKAGE).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


@cache
def imports(name: str) -> frozenset[str]:
    """Return the modules of the package that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}".removeprefix(f"{PACKAGE}.")
                found.add(f"{PACKAGE}.{inner}" if module.startswith(PACKAGE) and inner in modules() else module)
    ours = {one.removeprefix(PACKAGE).removeprefix(".") for one in found if one.split(".", 1)[0] == PACKAGE}
    up = AS_FRAMES.get(name)
    return frozenset(one for one in ours if one and one != up)


def room(name: str) -> str:
    """Return the room of a module."""
    return name.partition(".")[0]


def inner() -> list[str]:
    """Return the modules that stand in a room: all but the package and its `__main__`."""
    return [name for name in modules() if name not in ("", "__main__")]


def test_every_module_stands_in_a_known_room() -> None:
    """A new room has to be given its place in the order."""
    assert {room(name) for name in inner()} == set(LEVEL)


@pytest.mark.parametrize("name", inner())
def test_imports_point_down(name: str) -> None:
    """A module imports from lower rooms and from its own only."""
    wrong = [
        other for other in imports(name)
        if room(other) != room(name) and LEVEL[room(other)] >= LEVEL[room(name)]
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in inner() if room(name) in ("reporting", "documents")])
def test_reports_and_documents_see_the_scorecard_and_nothing_behind_it(name: str) -> None:
    """Reports can be tested from a scorecard made by hand."""
    assert {room(other) for other in imports(name)} & set(REPORTING_NEVER) == set()


def test_only_the_known_imports_cross_between_loading_and_sources() -> None:
    """The ways in share the collector of faults, and nothing else."""
    across = {(room(name), other) for name in inner() for other in imports(name)
              if {room(name), room(other)} == {"loading", "sources"}}  # fmt: skip
    assert across == set()


def test_pitfall_of_cycles_no_module_imports_itself_by_a_detour() -> None:
    """Imports inside functions count too."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above[above.index(name) :], name))
        if name in done:
            return
        for other in sorted(imports(name)):
            if other in modules() and other != name:
                visit(other, (*above, name))
        done.add(name)

    for name in inner():
        visit(name, ())
    assert done >= set(inner())


@pytest.mark.parametrize("name", list(modules()))
def test_modules_stay_short(name: str) -> None:
    """No module is longer than 400 lines."""
    assert len(modules()[name].read_text(encoding="utf-8").splitlines()) <= 400


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function of a module."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("name", list(modules()))
def test_functions_stay_short(name: str) -> None:
    """No function is longer than 60 lines."""
    long = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions(name)}
    assert {function: lines for function, lines in long.items() if lines > 60} == {}


def test_names_of_modules_say_what_they_hold() -> None:
    """There is no drawer for what has no place."""
    assert [name for name in modules() if name.split(".")[-1] in FORBIDDEN] == []


@pytest.mark.parametrize("name", list(modules()))
def test_everything_public_says_what_it_is(name: str) -> None:
    """Every module, and every public class, function and method has a docstring."""
    missing = [] if ast.get_docstring(tree(name)) else ["the module"]

    def look(body: list[ast.stmt], above: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                public = not node.name.startswith("_")
                if public and not ast.get_docstring(node):
                    missing.append(f"{above}{node.name}")
                if isinstance(node, ast.ClassDef) and public:
                    look(node.body, f"{above}{node.name}.")

    look(tree(name).body, "")
    assert missing == []


def loaded(code: str) -> set[str]:
    """Return the names of the modules that Python holds after running `code`, beyond those that it starts with."""
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint('\\n'.join(sorted(set(sys.modules) - before)), file=sys.stderr)"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {[str(SOURCE), *sys.path]!r}\n{program}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True, timeout=60)
    return set(done.stderr.split())


def test_pitfall_d15_importing_the_package_loads_nothing_else() -> None:
    """D15: `import kpi_tracker` costs next to nothing and works in a bare installation."""
    assert loaded("import kpi_tracker") <= LIGHT


def test_json_check_loads_neither_rich_nor_pendulum() -> None:
    """A nightly check by machine does not pay for tables and clocks."""
    check = "['check', 'tests/plans/showcase', '--as-of', '2021-09-30', '--format', 'json']"
    code = f"from kpi_tracker.cli import main\ntry:\n    main({check})\nexcept SystemExit:\n    pass"
    found = {name.split(".")[0] for name in loaded(code)}
    assert found & {"rich", "pendulum", "jsonschema", "babel", "attr"} == set()
    assert {"click", "yaml"} <= found


def test_a_plan_without_dimensions_loads_nothing_of_them() -> None:
    """Whoever takes no figure apart does not pay for it."""
    check = "['check', 'tests/plans/showcase', '--as-of', '2021-09-30']"
    code = f"from kpi_tracker.cli import main\ntry:\n    main({check})\nexcept SystemExit:\n    pass"
    apart = ("breakdown", "model.breakdown", "model.part", "loading.breakdowns", "cut", "sources.partcolumns")
    assert loaded(code) & {f"{PACKAGE}.{name}" for name in apart} == set()


def test_help_loads_no_plan_and_no_report() -> None:
    """`--help` answers at once."""
    code = "from kpi_tracker.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    found = {name.split(".")[0] for name in loaded(code)}
    assert found & {"rich", "pendulum", "yaml"} == set()
    assert "click" in found
