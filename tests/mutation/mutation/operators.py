# SPDX-License-Identifier: MIT
"""The slips that are made in C++: all mutants of one file, by clang's AST."""

import pathlib
import re

from clang import cindex

from .mutants import Edit, Mutant, give_keys

K = cindex.CursorKind

COMPARISONS = {"<": ("<=",), "<=": ("<",), ">": (">=",), ">=": (">",),
               "==": ("!=",), "!=": ("==",)}
FUNCTIONS = {K.FUNCTION_DECL, K.CXX_METHOD, K.CONSTRUCTOR, K.DESTRUCTOR,
             K.CONVERSION_FUNCTION, K.FUNCTION_TEMPLATE}
# Without these everything is as before, but for time and memory.
WITHOUT_EFFECT = {"reserve", "shrink_to_fit"}
RESETS = {"reset", "clear"}
# Nobody is wrong by one in a number of milliseconds.
MOST_OFF_BY_ONE = 100
SYMMETRIC = {"min", "max", "swap"}


def unwrapped(node):
    """Without casts and temporaries that are not in the text."""
    while node.kind == K.UNEXPOSED_EXPR:
        inner = list(node.get_children())
        if len(inner) != 1 or inner[0].extent.end != node.extent.end:
            break
        node = inner[0]
    return node


def macros_in(source):
    """Where macros are, by their names: all large. With their arguments."""
    for match in re.finditer(rb"\b[A-Z][A-Z0-9_]{2,}\b\s*(\(?)", source):
        end = match.end()
        depth = len(match[1])
        while depth and end < len(source):
            depth += {b"(": 1, b")": -1}.get(source[end:end + 1], 0)
            end += 1
        yield match.start(), end


class Finder:
    """Of one file, of which these are the declarations."""

    def __init__(self, nodes, path, name):
        with open(name, "rb") as file:
            self.source = file.read()
        self.path = path
        self.name = name
        self.found = {}
        self.function = ""
        self.macros = list(macros_in(self.source))
        for node in nodes:
            self.visit(node)

    @staticmethod
    def range(node):
        return node.extent.start.offset, node.extent.end.offset

    def text(self, start, end=None):
        if end is None:
            start, end = self.range(start)
        return self.source[start:end].decode()

    def add(self, kind, *edits):
        for edit in edits:
            # What is copied must not hide code behind a comment, or be half
            # inside a macro.
            if "//" in edit.text or any(
                    edit.start < end and start < max(edit.end, edit.start + 1)
                    for start, end in self.macros):
                return
        where = tuple((e.start, e.end, e.text) for e in edits)
        self.found.setdefault((kind, where), Mutant(
            kind, self.path, self.function, tuple(edits)))

    def value(self, kind, start, end, text, mode="value"):
        self.add(kind, Edit(start, end, mode, text))

    # -- walking ---------------------------------------------------------------

    def visit(self, node):
        if node.kind in FUNCTIONS:
            self.visit_function(node)
        elif node.kind in (K.NAMESPACE, K.CLASS_DECL, K.STRUCT_DECL,
                           K.CLASS_TEMPLATE, K.LINKAGE_SPEC):
            for inner in node.get_children():
                self.visit(inner)

    def visit_function(self, node):
        head = self.text(node).split("{")[0]
        if not node.is_definition() or re.search(r"\bconst(expr|eval)\b", head):
            return
        owner = node.semantic_parent
        is_member = owner and owner.kind in (
            K.CLASS_DECL, K.STRUCT_DECL, K.CLASS_TEMPLATE)
        self.function = (f"{owner.spelling}::" if is_member else "") \
            + node.spelling
        for inner in node.get_children():
            if inner.kind == K.PARM_DECL:
                continue
            if inner.kind == K.COMPOUND_STMT:
                self.early_return(inner, node.result_type.spelling
                                  if node.kind != K.CONSTRUCTOR else "void")
            self.walk(inner)
        self.function = ""

    def walk(self, node):
        """All that is below, each by its kind."""
        match node.kind:
            case K.STATIC_ASSERT | K.TYPE_REF | K.TEMPLATE_REF:
                return
            case K.VAR_DECL if node.type.kind == cindex.TypeKind.CONSTANTARRAY \
                    or re.search(r"\bconstexpr\b", self.text(
                        *self.range(node)).split("{")[0]):
                return
            case K.IF_STMT if re.match(r"if\s+constexpr", self.text(node)):
                for inner in list(node.get_children())[1:]:
                    self.statement(inner)
                    self.walk(inner)
                return
            case K.CASE_STMT:
                for inner in list(node.get_children())[1:]:
                    self.statement(inner)
                    self.walk(inner)
                return
            case K.COMPOUND_STMT | K.DEFAULT_STMT:
                for inner in node.get_children():
                    self.statement(inner)
            case K.IF_STMT | K.WHILE_STMT | K.FOR_STMT | K.DO_STMT \
                    | K.CXX_FOR_RANGE_STMT:
                self.branches(node)
            case K.CONDITIONAL_OPERATOR:
                self.negated(next(node.get_children()))
            case K.LAMBDA_EXPR:
                for inner in node.get_children():
                    if inner.kind == K.COMPOUND_STMT:
                        text = self.text(inner)
                        if not re.search(r"\breturn\s+[^;]", text):
                            self.early_return(inner, "void")
            case K.BINARY_OPERATOR:
                left, right = node.get_children()
                self.binary(left, right)
            case K.UNARY_OPERATOR:
                self.unary(node)
            case K.CALL_EXPR:
                self.call(node)
            case K.INIT_LIST_EXPR:
                self.swapped(list(node.get_children()))
            case K.INTEGER_LITERAL:
                self.integer(node)
            case K.CXX_BOOL_LITERAL_EXPR:
                other = {"true": "false", "false": "true"}.get(self.text(node))
                if other:
                    self.value("wrong constant", *self.range(node), other)
            case K.DECL_REF_EXPR:
                self.constant(node)
        for inner in node.get_children():
            self.walk(inner)

    # -- operators -------------------------------------------------------------

    def binary(self, left, right):
        between = self.text(left.extent.end.offset, right.extent.start.offset)
        sign = between.strip()
        start, end = left.extent.start.offset, right.extent.end.offset
        if sign in COMPARISONS:
            self.comparison(start, end, self.text(left), sign,
                            self.text(right))
        elif sign in ("&&", "||"):
            self.value("dropped operand", start, end, self.text(left),
                       "condition")
            self.value("dropped operand", start, end, self.text(right),
                       "condition")

    def comparison(self, start, end, left, sign, right):
        for other in COMPARISONS[sign]:
            self.value("comparison", start, end, f"{left} {other} {right}",
                       "condition")

    def call(self, node):
        inner = list(node.get_children())
        signs = [x for x in inner if x.spelling.startswith("operator")
                 and self.text(x) in COMPARISONS]
        if node.spelling.startswith("operator") and signs and len(inner) > 2:
            left, right = inner[0], inner[-1]
            if self.text(left) not in COMPARISONS \
                    and self.text(right) not in COMPARISONS:
                self.comparison(left.extent.start.offset,
                                right.extent.end.offset, self.text(left),
                                self.text(signs[0]), self.text(right))
        elif not node.spelling.startswith("operator") \
                and node.spelling not in SYMMETRIC:
            self.swapped(list(node.get_arguments()))

    def unary(self, node):
        start, end = self.range(node)
        if self.source[start:start + 1] == b"!" \
                and self.source[start + 1:start + 2] != b"=":
            self.value("dropped !", start, end,
                       self.text(start + 1, end).strip(), "condition")

    def integer(self, node):
        text = self.text(node)
        match = re.fullmatch(r"(\d[\d']*)([uUlLzZ]*)", text)
        if not match:
            return
        number = int(match[1].replace("'", ""), 10)
        if number > MOST_OFF_BY_ONE:
            return
        for other in (number + 1, number - 1):
            if other >= 0:
                self.value("off by one", *self.range(node),
                           f"{other}{match[2]}")

    def constant(self, node):
        what = node.referenced
        if not what or what.kind != K.ENUM_CONSTANT_DECL:
            return
        names = [x.spelling for x in what.semantic_parent.get_children()
                 if x.kind == K.ENUM_CONSTANT_DECL]
        text = self.text(node)
        if len(names) < 2 or not text.endswith(what.spelling):
            return
        other = names[(names.index(what.spelling) + 1) % len(names)]
        self.value("wrong constant", *self.range(node),
                   text[:-len(what.spelling)] + other)

    def swapped(self, arguments):
        for one, two in zip(arguments, arguments[1:]):
            if not one or not two or one.extent.end.offset \
                    >= two.extent.start.offset:
                continue
            types = [re.sub(r"\bconst\b|&|\s", "",
                            x.type.get_canonical().spelling)
                     for x in (one, two)]
            texts = [self.text(one), self.text(two)]
            if types[0] == types[1] and types[0] and texts[0] != texts[1] \
                    and not any(x.startswith("{") for x in texts):
                self.add("swapped arguments",
                         Edit(*self.range(one), "value", texts[1]),
                         Edit(*self.range(two), "value", texts[0]))

    # -- statements ------------------------------------------------------------

    def negated(self, condition):
        start, end = self.range(condition)
        text = self.text(condition)
        self.value("negated condition", start, end, f"!({text})", "condition")

    def branches(self, node):
        inner = list(node.get_children())
        for one in inner:
            self.statement(one)
        if any(x.kind in (K.VAR_DECL, K.DECL_STMT) for x in inner) \
                and node.kind != K.FOR_STMT:
            return
        for one in inner:
            after = self.source[one.extent.end.offset:].lstrip()[:1]
            ends = b";" if node.kind == K.FOR_STMT else b")"
            if one.kind.is_expression() and after == ends \
                    and node.kind != K.CXX_FOR_RANGE_STMT:
                self.negated(one)
                return

    def statement(self, node):
        """A call or an assignment that stands alone."""
        start, end = self.range(node)
        rest = self.source[end:]
        gap = len(rest) - len(rest.lstrip())
        if rest[gap:gap + 1] != b";":
            return
        end += gap + 1
        node = unwrapped(node)
        is_assignment = node.kind == K.COMPOUND_ASSIGNMENT_OPERATOR
        if node.kind == K.BINARY_OPERATOR:
            left, right = node.get_children()
            is_assignment = self.text(left.extent.end.offset,
                                      right.extent.start.offset).strip() == "="
        elif node.kind == K.UNARY_OPERATOR:
            is_assignment = self.text(node)[:2] in ("++", "--")
        elif node.kind == K.CALL_EXPR:
            is_assignment = re.fullmatch(r"operator[-+*/|&]?=", node.spelling)
            if not is_assignment and node.spelling not in WITHOUT_EFFECT:
                kind = "reset" if node.spelling in RESETS else "call"
                self.value(f"dropped {kind}", start, end, "", "statement")
        if is_assignment:
            self.value("dropped assignment", start, end, "", "statement")

    def early_return(self, body, result):
        results = {"void": ("return;",),
                   "bool": ("return false;", "return true;")}.get(result, ())
        inner = list(body.get_children())
        for at, one in enumerate(inner):
            if result == "bool" and at > 0 or one.kind == K.RETURN_STMT:
                break
            # Names must not be jumped over, and without anything before it a
            # function does nothing: that is a dropped call where it is called.
            for text in results:
                if at > 0 or result == "bool":
                    self.value("early return", *[one.extent.start.offset] * 2,
                               text, "insert")


def same_twice(mutant, found):
    """A condition that is one equality, or begins with `!`, is negated by the
    operator for that."""
    edit = mutant.edits[0]
    return mutant.kind == "negated condition" and any(
        other.kind == "dropped !" or other.kind == "comparison"
        and re.search("[!=]=", other.edits[0].text)
        for other in found
        if (other.edits[0].start, other.edits[0].end) == (edit.start, edit.end))


def mutants_of(root, paths, arguments, scratch):
    """All mutants of these files, with their keys, in their order: {path:
    (mutants, source)}. The files are read as one, in the folder `scratch`, since
    most of the time goes into headers."""
    together = pathlib.Path(scratch, "together.cpp")
    names = {str(pathlib.Path(root, path)): path for path in paths}
    together.write_text("".join(f'#include "{x}"\n' for x in names))
    unit = cindex.Index.create().parse(str(together), args=[
        *arguments, "-w", "-ferror-limit=0"])
    # What clang 14 does not know yet of C++20 costs the statement that it is in.
    fatal = [x for x in unit.diagnostics if x.severity >= 4]
    if fatal:
        raise ValueError(f"clang does not understand {paths}: {fatal[0]}")
    nodes = {name: [] for name in names}
    for node in unit.cursor.get_children():
        name = node.location.file and node.location.file.name
        if name in nodes:
            nodes[name].append(node)
    result = {}
    for name, path in names.items():
        finder = Finder(nodes[name], path, name)
        found = finder.found.values()
        mutants = sorted(
            (x for x in found if not same_twice(x, found)),
            key=lambda m: (m.edits[0].start, m.kind, m.edits[0].text))
        give_keys(mutants, finder.source)
        result[path] = mutants, finder.source
    return result
