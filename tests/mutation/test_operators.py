# SPDX-License-Identifier: MIT
"""What the operators make of a snippet."""

import pytest

from mutation import drawing, mutants, operators

HEAD = """
enum class colour { red, green, blue };
struct limit {
  int most = 3;
  int used = 0;
  bool full() const;
  void take(int a, int b);
  void reset();
};
void call(int, int);
bool is(colour);
"""


@pytest.fixture
def found(tmp_path):
    """All mutants of a function with this body, and the file."""
    def find(body, head=HEAD, function="int f(limit& x, int a, int b)"):
        name = tmp_path / "snippet.cpp"
        name.write_text(f"{head}{function} {{\n{body}\n}}\n")
        return operators.mutants_of(
            tmp_path, ["snippet.cpp"], ["-std=c++20"], tmp_path)["snippet.cpp"]
    return find


@pytest.fixture
def made(found):
    """What becomes of lines of the function, as (kind, line)."""
    def make(*arguments, **more):
        mutants_there, source = found(*arguments, **more)
        before = source.decode().splitlines()
        return {(mutant.kind, new.strip())
                for mutant in mutants_there
                for old, new in zip(
                    before, mutant.mutated(source).decode().splitlines())
                if old != new}
    return make


def test_a_comparison_is_off_at_its_edge(made):
    assert ("comparison", "return a <= b;") in made("return a < b;")
    assert ("comparison", "return a > b;") in made("return a >= b;")
    assert ("comparison", "return a != b;") in made("return a == b;")


def test_operators_of_classes_are_compared_too(made):
    head = HEAD + "bool operator<(const limit&, const limit&);\n"
    assert ("comparison", "return x <= x;") in made("return x < x;", head)


def test_what_is_compared_by_a_spaceship_is_compared_too(made):
    head = "#include <compare>\n" + HEAD + """
struct time { int at; auto operator<=>(const time&) const = default; };
"""
    slips = made("time t{1}, u{2}; return t >= u && t != u;", head)
    assert ("comparison", "time t{1}, u{2}; return t > u && t != u;") in slips
    assert ("comparison", "time t{1}, u{2}; return t >= u && t == u;") in slips


def test_a_number_is_off_by_one(made):
    assert made("return a + 1;") == {
        ("off by one", "return a + 0;"), ("off by one", "return a + 2;")}
    assert made("return 0;") == {("off by one", "return 1;")}
    assert made("return 1000;") == set()


def test_a_call_is_forgotten(made):
    assert ("dropped call", "") in made("call(a, a);\nreturn a;")


def test_an_assignment_and_a_reset_are_forgotten(made):
    assert ("dropped assignment", "") in made("x.used = a;\nreturn a;")
    assert ("dropped assignment", "") in made("++x.used;\nreturn a;")
    assert ("dropped assignment", "") in made("x.used += a;\nreturn a;")
    assert ("dropped reset", "") in made("x.reset();\nreturn a;")


def test_arguments_of_one_type_are_swapped(made):
    assert ("swapped arguments", "call(b, a);") in made(
        "call(a, b);\nreturn a;")
    assert "swapped arguments" not in {kind for kind, _ in made(
        "call(a, a);\nreturn a;")}


def test_a_constant_becomes_the_next_one(made):
    assert ("wrong constant", "return is(colour::red);") in made(
        "return is(colour::blue);")
    assert ("wrong constant", "bool y = false; return y;") in made(
        "bool y = true; return y;")


def test_a_condition_is_negated_and_its_parts_are_forgotten(made):
    slips = made("if (a > 0 && x.full()) return b;\nreturn a;")
    for kind, condition in [("negated condition", "!(a > 0 && x.full())"),
                            ("dropped operand", "a > 0"),
                            ("dropped operand", "x.full()"),
                            ("comparison", "a >= 0 && x.full()")]:
        assert (kind, f"if ({condition}) return b;") in slips


def test_a_negation_is_forgotten(made):
    assert ("dropped !", "return x.full();") in made("return !x.full();")


def test_a_function_returns_early(made):
    assert ("early return", "return; ++x.used;") in made(
        "++a;\n++x.used;", function="void f(limit& x, int a)")
    assert ("early return", "return true; ++x.used;") in made(
        "++x.used;\nreturn false;", function="bool f(limit& x)")


def test_a_lambda_is_walked_into(made):
    assert ("dropped call", "auto g = [&] {  }; g();") in made(
        "auto g = [&] { call(a, a); }; g();\nreturn a;")


def test_what_is_decided_by_the_compiler_is_left_alone(made):
    for body in ("static_assert(1 < 2);", "constexpr int y = 1;",
                 "if constexpr (sizeof(int) > 4) {}", "int y[2];",
                 "switch (a) { case 1: ; }"):
        assert made(body, function="void f(int a)") == set(), body
    head = HEAD + "#define TWICE(x) ((x) + (x) + 1)\n"
    assert made("return TWICE(a);", head) == set()


def test_all_of_them_are_in_one_file_and_the_lines_stay(found):
    all_of_them, source = found(
        "if (!x.full() &&\n    a < 1) {\n  call(a, b);\n  x.used = 0;\n}\n"
        "return a == 2;")
    for number, mutant in enumerate(all_of_them):
        mutant.number = number
    text = mutants.instrumented(
        source, drawing.drawn(all_of_them, 100, drawing.rng_of(1)))
    assert text.count(b"\n") == source.count(b"\n") + 2
    assert text.count(b"parlor_mutant(") >= 10


def test_a_key_does_not_depend_on_the_line(found):
    before = [x.key for x in found("x.used = 1;\nreturn a;")[0]]
    assert [x.key for x in found("\n\nx.used = 1;\nreturn a;")[0]] == before
    assert before == [
        "snippet.cpp: f: dropped assignment: x.used = 1; ->",
        "snippet.cpp: f: off by one: 1 -> 0",
        "snippet.cpp: f: off by one: 1 -> 2"]


def test_a_seed_draws_the_same_again(found):
    all_of_them, _ = found("if (a < b) call(a, b);\nx.used = 1;\nreturn a == 2;")
    draws = [[x.key for x in drawing.drawn(all_of_them, 3, drawing.rng_of(seed))]
             for seed in (1, 1, 2, 3, 4)]
    assert draws[0] == draws[1]
    assert any(x != draws[0] for x in draws[2:])
