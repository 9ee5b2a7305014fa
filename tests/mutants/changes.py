"""What a mutant is: a module changed in one place of its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any, NamedTuple

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""To the neighbour at the boundary, and to the opposite."""
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_NAMES = {
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "any": "all",
    "all": "any",
}
"""Functions that a slip of the mind takes for each other."""
_ONE_NEGATION = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
"""A condition that is one of these alone is negated by its own change already."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change."""

    line: int
    within: str
    """Qualified name of the function or class; empty for the module itself."""
    before: str
    after: str
    code: CodeType


class _Slot(NamedTuple):
    """A place in the tree that a node stands in."""

    parent: ast.AST
    name: str
    place: int | None
    within: str

    def put(self, node: ast.AST) -> None:
        if self.place is None:
            setattr(self.parent, self.name, node)
        else:
            getattr(self.parent, self.name)[self.place] = node

    def shown(self, node: ast.AST) -> str:
        """What stands here; a constant with what it is part of, since alone it says nothing."""
        is_part = isinstance(node, ast.Constant | ast.Name)
        is_part &= isinstance(self.parent, ast.expr | ast.keyword | ast.Assign)
        return ast.unparse(self.parent if is_part else node)


def mutants(source: str, path: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its lines.

    Annotations, decorators and strings stay: they say what a module is, not what it does.
    """
    tree = ast.parse(source, path)
    for slot, node in list(_slots(tree, "")):
        before = slot.shown(node)
        for variant in _variants(node, slot):
            slot.put(ast.fix_missing_locations(ast.copy_location(variant, node)))
            code = compile(tree, path, "exec")
            line: int = getattr(node, "lineno", 0)
            yield Mutant(line, slot.within, before, slot.shown(variant), code)
            slot.put(node)


def _slots(parent: ast.AST, within: str) -> Iterator[tuple[_Slot, ast.AST]]:
    """Every place whose node may change, outermost first."""
    for name, value in ast.iter_fields(parent):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        nodes = value if isinstance(value, list) else [value]
        for place, node in enumerate(nodes):
            if not isinstance(node, ast.AST) or _is_docstring(node):
                continue
            slot = _Slot(parent, name, place if isinstance(value, list) else None, within)
            yield slot, node
            inside = within
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                inside = f"{within}.{node.name}".lstrip(".")
            yield from _slots(node, inside)


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _variants(node: ast.AST, slot: _Slot) -> Iterator[ast.AST]:
    if slot.name in ("test", "ifs") and not _has_own_negation(node):
        yield ast.UnaryOp(ast.Not(), node)  # type: ignore[arg-type] # conditions are expressions
    match node:
        case ast.stmt():
            yield from _other_statements(node)
        case ast.Compare() | ast.BinOp() | ast.BoolOp() | ast.UnaryOp():
            yield from _other_operators(node)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.Name(id=name) if name in _NAMES:
            yield ast.Name(_NAMES[name], node.ctx)
        case ast.Attribute(attr=name) if name in _NAMES:
            yield ast.Attribute(node.value, _NAMES[name], node.ctx)


def _other_statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.AugAssign(op=op):
            yield ast.AugAssign(node.target, _OPERATORS[type(op)](), node.value)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()


def _other_operators(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                for other in _COMPARISONS[type(op)]:
                    changed = [*ops[:place], other(), *ops[place + 1 :]]
                    yield ast.Compare(node.left, changed, node.comparators)
        case ast.BinOp(op=op) if type(op) in _OPERATORS:
            yield ast.BinOp(node.left, _OPERATORS[type(op)](), node.right)
        case ast.BoolOp(op=op):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield node.operand


def _has_own_negation(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and isinstance(node.ops[0], _ONE_NEGATION)
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _is_none(node: Any) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
